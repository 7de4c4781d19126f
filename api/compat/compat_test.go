// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// node is an API over a store of its own, asked as over HTTP.
type node struct {
	store *sqlite.Store
	api   *compat.API
	by    compat.Caller
}

var north = registry.Publisher{ID: "nord", Name: "Nordland", Region: "DE-SH", URI: "https://nord.example/"}

func newNode(t testing.TB) *node {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "registry.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	n := &node{store: store, by: compat.Caller{Actor: "token:probe", Need: func(string) error { return nil }}}
	n.api = compat.New(compat.Options{
		Store: store, Documents: store, Name: "Probekatalog",
		Publishers: []compat.Publisher{{Publisher: north, Sources: []string{"https://github.com/nordland", "https://git.example/amt/einzeln"}}},
	})
	return n
}

// file is a publiccode.yml.
func file(name, address string) string {
	return fmt.Sprintf("publiccodeYmlVersion: \"0.4\"\nname: %s\nurl: %s\n", name, address)
}

// put writes an entry as a visit of the node does.
func (n *node) put(t testing.TB, id registry.ID, change ...func(*registry.Software)) {
	t.Helper()
	src := file("Akte "+string(id), "https://"+string(id))
	doc := publiccode.Parse([]byte(src), publiccode.Options{})
	s := &registry.Software{
		ID: id, Publisher: north, PublicCode: *doc.PublicCode, Findings: doc.Findings,
		Repository: registry.Repository{URL: "https://" + string(id), Forge: "git"},
		Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: []byte(src)}},
	}
	for _, c := range change {
		c(s)
	}
	if _, err := n.store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

// ask gives status and body.
func (n *node) ask(t testing.TB, method, target string, body string, headers ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader(body))
	path, query, _ := strings.Cut(target, "?")
	r.URL = &url.URL{Path: path, RawQuery: query}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for _, o := range compat.Operations() {
		form := regexp.MustCompile("^" + strings.ReplaceAll(o.Path, "{id}", "([^/]+)") + "$")
		m := form.FindStringSubmatch(path)
		if m == nil || o.Method != method {
			continue
		}
		a := n.api.Serve(o, r, strings.Join(m[1:], ""), n.by)
		if a.Status >= 500 && !errors.Is(a.Err, t.Context().Err()) {
			t.Errorf("%s %s: %d: %v", method, target, a.Status, a.Err)
		}
		if want := "application/problem+json"; a.Status >= 400 && a.Type != want || a.Status == 200 && a.Type != "application/json" {
			t.Errorf("%s %s: %d is %s", method, target, a.Status, a.Type)
		}
		return a.Status, string(a.Body)
	}
	t.Fatalf("no operation %s %s", method, target)
	return 0, ""
}

func (n *node) get(t testing.TB, target string) (int, string) {
	t.Helper()
	return n.ask(t, http.MethodGet, target, "")
}

type item struct {
	ID, URL, PubliccodeYml, Message, Entity, Description, AlternativeID, Email string
	Aliases                                                                    []string
	Active                                                                     bool
	CreatedAt, UpdatedAt                                                       time.Time
	CodeHosting                                                                []struct {
		URL   string
		Group bool
	}
}

type listing struct {
	Data  []item
	Links struct{ Prev, Next *string }
}

// read decodes an answer of 200.
func read[T any](t testing.TB, status int, body string) (v T) {
	t.Helper()
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func (n *node) list(t testing.TB, target string) listing {
	t.Helper()
	status, body := n.get(t, target)
	return read[listing](t, status, body)
}

func urls(l listing) (list []string) {
	for _, s := range l.Data {
		list = append(list, strings.TrimPrefix(s.URL, "https://"))
	}
	return list
}

// times hides what differs from run to run.
var times = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z`)

// Answers have the fields of the original, in its types and its order.
func TestGoldenAnswers(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/akte", func(s *registry.Software) {
		s.Locations = []registry.Location{{ID: "git.example/nordland/akte", URL: "https://git.example/nordland/akte"}}
	})
	for _, tt := range []struct{ target, want string }{
		{
			"/software/7d234944-789a-5116-aaee-e90a755bb560",
			`{"id":"7d234944-789a-5116-aaee-e90a755bb560","catalogId":"88cd619c-27b5-58bd-b5c4-dfbab8461dd3","url":"https://github.com/nordland/akte",` +
				`"aliases":["https://git.example/nordland/akte"],"publiccodeYml":"publiccodeYmlVersion: \"0.4\"\nname: Akte github.com/nordland/akte\nurl: https://github.com/nordland/akte\n",` +
				`"active":true,"vitality":null,"createdAt":"TIME","updatedAt":"TIME"}`,
		},
		{"/software?url=https://git.example/nichts", `{"data":[],"links":{"prev":null,"next":null}}`},
		{
			"/publishers/nord",
			`{"id":"278e2416-8e2b-53ae-a93c-71ff748e5a2b","catalogId":"88cd619c-27b5-58bd-b5c4-dfbab8461dd3","alternativeId":"nord","description":"Nordland",` +
				`"codeHosting":[{"url":"https://github.com/nordland","group":true,"createdAt":"TIME","updatedAt":"TIME"},` +
				`{"url":"https://git.example/amt/einzeln","group":true,"createdAt":"TIME","updatedAt":"TIME"}],"active":true,"createdAt":"TIME","updatedAt":"TIME"}`,
		},
		{
			"/catalogs",
			`{"data":[{"id":"88cd619c-27b5-58bd-b5c4-dfbab8461dd3","name":"Probekatalog","alternativeId":"allmende","active":true,` +
				`"sources":[{"url":"https://github.com/nordland"},{"url":"https://git.example/amt/einzeln"}],"createdAt":"TIME","updatedAt":"TIME"}],"links":{"prev":null,"next":null}}`,
		},
	} {
		status, body := n.get(t, tt.target)
		if got := times.ReplaceAllString(body, "TIME"); status != http.StatusOK || got != tt.want {
			t.Errorf("%s: %d\n%s\nwant\n%s", tt.target, status, got, tt.want)
		}
	}
	if status, body := n.get(t, "/status"); status != http.StatusNoContent || body != "" {
		t.Errorf("status: %d %q", status, body)
	}
}

// What is wrong is told in the form of the original.
func TestGoldenProblems(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/akte")
	for _, tt := range []struct {
		method, target, body string
		status               int
		want                 string
	}{
		{"GET", "/software/eea19c82-0449-11ed-bd84-d8bbc146d165", "", 404, `{"title":"can't get Software","detail":"Software was not found","status":404}`},
		{"GET", "/software/kein-uuid/logs", "", 404, `{"title":"can't get Software","detail":"Software was not found","status":404}`},
		{"GET", "/publishers/niemand", "", 404, `{"title":"can't get Publisher","detail":"Publisher was not found","status":404}`},
		{"GET", "/catalogs/andere", "", 404, `{"title":"can't get Catalog","detail":"Catalog was not found","status":404}`},
		{"GET", "/logs/eea19c82-0449-11ed-bd84-d8bbc146d165", "", 404, `{"title":"can't get Log","detail":"Log was not found","status":404}`},
		{"GET", "/software?page[size]=viele", "", 422, `{"title":"can't get Software","detail":"page[size] must be an integer","status":422}`},
		{"GET", "/software?page[size]=101", "", 422, `{"title":"can't get Software","detail":"page[size] must be between 1 and 100","status":422}`},
		{"GET", "/publishers?page[after]=unsinn", "", 422, `{"title":"can't get Publishers","detail":"wrong cursor format in page[after] or page[before]","status":422}`},
		{"GET", "/logs?from=gestern", "", 422, `{"title":"can't get Logs","detail":"invalid date time format (RFC 3339 needed)","status":422}`},
		{"POST", "/software", "kein JSON", 400, `{"title":"can't create Software","detail":"invalid or malformed JSON","status":400}`},
		{"POST", "/software", "", 400, `{"title":"can't create Software","detail":"invalid or malformed JSON","status":400}`},
		{"POST", "/software", `{"publiccodeYml":"-","mehr":1}`, 422, `{"title":"can't create Software","detail":"unknown field in JSON input","status":422}`},
		{
			"POST", "/software", `{"publiccodeYml":"-"}`, 422,
			`{"title":"can't create Software","detail":"invalid format: url is required","status":422,"validationErrors":[{"field":"url","rule":"required","value":""}]}`,
		},
		{
			"POST", "/software", `{"publiccodeYml":"name: A","url":"git@github.com:a/b","aliases":["x"]}`, 422,
			`{"title":"can't create Software","detail":"invalid format: url is invalid, aliases is invalid","status":422,"validationErrors":[{"field":"url","rule":"url","value":"git@github.com:a/b"},{"field":"aliases","rule":"url","value":"x"}]}`,
		},
		{"POST", "/software", `{"publiccodeYml":"name: A","url":"https://GitHub.com/nordland/akte.git"}`, 409, `{"title":"can't create Software","detail":"url already exists","status":409}`},
		{
			"POST", "/logs", `{"message":""}`, 422,
			`{"title":"can't create Log","detail":"invalid format: message is required","status":422,"validationErrors":[{"field":"message","rule":"required","value":""}]}`,
		},
		{"PATCH", "/publishers/nord", `{"description":"B"}`, 409, `{"title":"can't update Publisher","detail":"this publisher is of the node's configuration, or was made elsewhere in its API, and is changed there","status":409}`},
	} {
		status, body := n.ask(t, tt.method, tt.target, tt.body)
		if status != tt.status || body != tt.want {
			t.Errorf("%s %s %s: %d\n%s\nwant %d\n%s", tt.method, tt.target, tt.body, status, body, tt.status, tt.want)
		}
	}
	n.by = compat.Caller{}
	if status, body := n.ask(t, "POST", "/software", "{}"); status != 401 || body != `{"title":"token authentication failed","status":401}` {
		t.Errorf("without token: %d %s", status, body)
	}
	n.by = compat.Caller{Actor: "token:nord", Need: func(region string) error {
		if region == "DE-SH" {
			return nil
		}
		return &compat.Problem{Title: "nicht hier", Status: 403}
	}}
	for address, want := range map[string]int{"https://github.com/nordland/neu": 200, "https://git.example/fremd/neu": 403} {
		if status, body := n.ask(t, "POST", "/software", created(address)); status != want {
			t.Errorf("%s with a token for DE-SH: %d %s", address, status, body)
		}
	}
}

func created(address string, more ...string) string {
	b, err := json.Marshal(map[string]any{"url": address, "aliases": slices.Clip(more), "publiccodeYml": file("Gebracht", address)})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// Pages follow one another in both directions and never lose or repeat what was
// there all the time, whatever is written meanwhile.
func TestPagingUnderChanges(t *testing.T) {
	n := newNode(t)
	id := func(i int) registry.ID { return registry.ID(fmt.Sprintf("github.com/nordland/teil-%02d", i)) }
	for i := range 23 {
		n.put(t, id(i))
	}
	for step, change := range map[string]func(i int){
		"nothing":  func(int) {},
		"added":    func(i int) { n.put(t, registry.ID(fmt.Sprintf("git.example/neu/%d", i))) },
		"changed":  func(i int) { n.put(t, id(i*4), func(s *registry.Software) { s.Repository.Stars = i + 1 }) },
		"restored": func(i int) { n.remove(t, id(i), registry.FileGone); n.put(t, id(i)) },
	} {
		seen := map[string]int{}
		var pages []listing
		for target, i := "/software?page[size]=4", 0; ; i++ {
			l := n.list(t, target)
			pages = append(pages, l)
			for _, u := range urls(l) {
				seen[u]++
			}
			if l.Links.Next == nil || i > 20 {
				break
			}
			change(i)
			target = "/software" + *l.Links.Next + "&page[size]=4"
		}
		for i := range 23 {
			if seen[string(id(i))] != 1 {
				t.Errorf("%s: %s came %d times", step, id(i), seen[string(id(i))])
			}
		}
		if pages[0].Links.Prev != nil {
			t.Errorf("%s: the first page has one before", step)
		}
		if step != "nothing" {
			continue
		}
		for i := len(pages) - 1; i > 0; i-- {
			back := n.list(t, "/software"+*pages[i].Links.Prev+"&page[size]=4")
			if !slices.Equal(urls(back), urls(pages[i-1])) {
				t.Errorf("before page %d is %v, want %v", i, urls(back), urls(pages[i-1]))
			}
			if first := i == 1; (back.Links.Prev == nil) != first || back.Links.Next == nil {
				t.Errorf("links of page %d from behind: %v", i-1, back.Links)
			}
		}
	}
}

func (n *node) remove(t testing.TB, id registry.ID, why registry.Reason) {
	t.Helper()
	if _, err := n.store.Remove(t.Context(), id, why); err != nil {
		t.Fatal(err)
	}
}

// An id stays with its entry through renames, removals and other processes.
func TestIDs(t *testing.T) {
	n := newNode(t)
	forged := func(s *registry.Software) { s.Repository.ForgeID = "7" }
	n.put(t, "github.com/nordland/alt", forged)
	was := n.list(t, "/software").Data[0]
	n.put(t, "github.com/nordland/neu", forged)
	is := n.list(t, "/software").Data[0]
	if is.ID != was.ID || is.URL != "https://github.com/nordland/neu" || !slices.Equal(is.Aliases, []string{"https://github.com/nordland/alt"}) {
		t.Errorf("renamed: %+v", is)
	}
	if !is.CreatedAt.Equal(was.CreatedAt) || !is.UpdatedAt.After(was.UpdatedAt) {
		t.Errorf("times %v %v, before %v %v", is.CreatedAt, is.UpdatedAt, was.CreatedAt, was.UpdatedAt)
	}
	for _, address := range []string{"https://github.com/nordland/alt", "http://www.github.com/Nordland/Neu.git/"} {
		if l := n.list(t, "/software?url="+address); len(l.Data) != 1 || l.Data[0].ID != was.ID {
			t.Errorf("%s: %+v", address, l)
		}
	}
	n.put(t, "github.com/nordland/alt") // another one at the former address
	l := n.list(t, "/software")
	if len(l.Data) != 2 || l.Data[0].ID != was.ID || len(l.Data[0].Aliases) > 0 || l.Data[1].ID == was.ID {
		t.Errorf("taken: %+v", l)
	}
	second := compat.New(compat.Options{Store: n.store, Documents: n.store})
	n.api, second = second, n.api
	if again := n.list(t, "/software"); fmt.Sprint(again.Data) != fmt.Sprint(l.Data) {
		t.Errorf("another process has %+v, this one %+v", again, l)
	}
	n.api = second

	n.remove(t, "github.com/nordland/neu", registry.RepositoryGone)
	if l := n.list(t, "/software"); len(l.Data) != 1 {
		t.Errorf("removed, and listed: %+v", l)
	}
	all := n.list(t, "/software?all=true")
	if len(all.Data) != 2 || all.Data[0].Active || all.Data[0].ID != was.ID || all.Data[0].PubliccodeYml == "" {
		t.Errorf("all: %+v", all)
	}
	if status, body := n.get(t, "/software/"+strings.ToUpper(was.ID)); read[item](t, status, body).Active {
		t.Error("removed, and active")
	}
	n.remove(t, "github.com/nordland/alt", registry.Declined)
	if l := n.list(t, "/software?all=1"); len(l.Data) != 1 {
		t.Errorf("declined, and listed: %+v", l)
	}
}

// Many read while others write.
func TestReadWhileWritten(t *testing.T) {
	n := newNode(t)
	forged := func(s *registry.Software) { s.Repository.ForgeID = "7" }
	n.put(t, "github.com/nordland/wandert-0", forged)
	id := n.list(t, "/software").Data[0].ID
	var group sync.WaitGroup
	for _, target := range []string{"/software?all=true", "/software/" + id, "/software?url=https://github.com/nordland/wandert-0", "/publishers", "/logs", "/catalogs"} {
		group.Go(func() {
			for range 30 {
				if status, body := n.get(t, target); status != http.StatusOK {
					t.Errorf("%s: %d %s", target, status, body)
				}
			}
		})
	}
	for i := range 10 {
		n.put(t, registry.ID(fmt.Sprintf("github.com/nordland/wandert-%d", i%3)), forged)
		status, body := n.ask(t, "POST", "/logs", `{"message":"hallo"}`)
		read[item](t, status, body)
	}
	group.Wait()
	if l := n.list(t, "/software"); len(l.Data) != 1 || l.Data[0].ID != id {
		t.Errorf("in the end: %+v", l)
	}
}

// The times of a list leave out both ends.
func TestFromAndTo(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/a")
	n.put(t, "github.com/nordland/b")
	at := n.list(t, "/software").Data[0].CreatedAt.Format(time.RFC3339Nano)
	for query, want := range map[string]int{"from=" + at: 1, "to=" + at: 0, "from=2020-01-01T00:00:00Z": 2, "to=2020-01-01T00:00:00Z": 0} {
		if l := n.list(t, "/software?"+query); len(l.Data) != want {
			t.Errorf("%s: %d, want %d", query, len(l.Data), want)
		}
	}
}

// A page of large files ends early, and loses none.
func TestLargePages(t *testing.T) {
	n := newNode(t)
	for i := range 9 {
		n.put(t, registry.ID(fmt.Sprintf("github.com/nordland/gross-%d", i)), func(s *registry.Software) {
			s.Files[0].Bytes = append(s.Files[0].Bytes, "# "+strings.Repeat("x", 1<<20-200)+fmt.Sprint(i)...)
		})
	}
	seen := map[string]int{}
	pages := 0
	for target := "/software"; target != ""; pages++ {
		l := n.list(t, target)
		for _, u := range urls(l) {
			seen[u]++
		}
		if target = ""; l.Links.Next != nil {
			target = "/software" + *l.Links.Next
		}
	}
	if len(seen) != 9 || pages != 2 {
		t.Errorf("%d pages with %v", pages, seen)
	}
}

// A crawler of the original brings an entry in, changes it, and takes it away.
func TestBringing(t *testing.T) {
	n := newNode(t)
	const at = "https://github.com/nordland/gebracht"
	status, body := n.ask(t, "POST", "/software", created(at+".git", "https://git.example/spiegel/gebracht"))
	brought := read[item](t, status, body)
	if brought.URL != at || !brought.Active || !slices.Equal(brought.Aliases, []string{"https://git.example/spiegel/gebracht"}) {
		t.Errorf("brought: %s", body)
	}
	s, err := n.store.Get(t.Context(), "github.com/nordland/gebracht")
	if err != nil || s.Publisher != north || s.PublicCode.Name != "Gebracht" || s.Repository.Forge != "" || len(s.Findings) == 0 {
		t.Errorf("the entry is %+v, %v", s, err)
	}
	for _, address := range []string{at, "https://git.example/spiegel/gebracht"} {
		if l := n.list(t, "/software?url="+address); len(l.Data) != 1 || l.Data[0].ID != brought.ID {
			t.Errorf("%s: %+v", address, l)
		}
		if status, body := n.ask(t, "POST", "/software", created(address)); status != http.StatusConflict {
			t.Errorf("%s again: %d %s", address, status, body)
		}
	}

	changed := `{"publiccodeYml":"name: Anders\nurl: ` + at + `\n","url":"` + at + `","aliases":["https://git.example/spiegel/gebracht"]}`
	status, body = n.ask(t, "PATCH", "/software/"+brought.ID, changed, "Content-Type", "application/merge-patch+json")
	if is := read[item](t, status, body); is.ID != brought.ID || !strings.Contains(is.PubliccodeYml, "Anders") || !is.UpdatedAt.After(is.CreatedAt) {
		t.Errorf("changed: %s", body)
	}
	status, body = n.ask(t, "PATCH", "/software/"+brought.ID, `{"url":"`+at+`-neu","aliases":[]}`)
	if is := read[item](t, status, body); is.ID != brought.ID || is.URL != at+"-neu" || !slices.Equal(is.Aliases, []string{at}) {
		t.Errorf("renamed: %s", body)
	}
	if l := n.list(t, "/software?url=https://git.example/spiegel/gebracht"); len(l.Data) != 0 {
		t.Errorf("the alias was taken away: %+v", l)
	}
	status, body = n.ask(t, "PATCH", "/software/"+brought.ID, `{"active":false}`)
	if is := read[item](t, status, body); is.Active || is.UpdatedAt.Equal(is.CreatedAt) {
		t.Errorf("made inactive: %s", body)
	}
	status, body = n.ask(t, "PATCH", "/software/"+brought.ID, `{"active":true}`)
	if is := read[item](t, status, body); !is.Active || is.ID != brought.ID {
		t.Errorf("made active: %s", body)
	}
	if status, body := n.ask(t, "PATCH", "/software/"+brought.ID, `[]`, "Content-Type", "application/json-patch+json"); status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON Patch: %d %s", status, body)
	}
	if status, body := n.ask(t, "DELETE", "/software/"+brought.ID, ""); status != http.StatusNoContent || body != "" {
		t.Errorf("deleted: %d %s", status, body)
	}
	for _, method := range []string{"GET", "DELETE"} {
		if status, _ := n.ask(t, method, "/software/"+brought.ID, ""); status != http.StatusNotFound {
			t.Errorf("%s after that: %d", method, status)
		}
	}
	status, body = n.ask(t, "POST", "/software", created(at+"-neu"))
	if again := read[item](t, status, body); again.ID != brought.ID || !again.Active {
		t.Errorf("brought again: %s", body)
	}
	var actions []string
	for d, err := range n.store.ListDocuments(t.Context(), registry.DocumentList{Kind: registry.AuditDocument}) {
		if err != nil {
			t.Fatal(err)
		}
		line, err := registry.ReadDocument[registry.AuditLine](d)
		if err != nil {
			t.Fatal(err)
		}
		if line.Actor != "token:probe" || line.Object == "" {
			t.Errorf("audit line %+v", line)
		}
		actions = append(actions, strings.TrimPrefix(line.Action, "developers-italia.software."))
	}
	slices.Sort(actions)
	if got := strings.Join(actions, " "); got != "create create delete update update update update" {
		t.Errorf("audit log: %s", got)
	}
}

// What a crawler finds wrong it brings in as inactive: the entry is known, and not
// taken for one that somebody made inactive later.
func TestBroughtInactive(t *testing.T) {
	n := newNode(t)
	const at = "https://github.com/nordland/kaputt"
	status, body := n.ask(t, "POST", "/software", `{"url":"`+at+`","publiccodeYml":"name: Kaputt","active":false}`)
	is := read[item](t, status, body)
	if is.Active || !is.CreatedAt.Equal(is.UpdatedAt) {
		t.Errorf("brought: %s", body)
	}
	if l := n.list(t, "/software?url="+at); len(l.Data) != 0 {
		t.Errorf("shown: %+v", l)
	}
	if l := n.list(t, "/software?all=true&url="+at); len(l.Data) != 1 {
		t.Errorf("not known: %+v", l)
	}
	if status, _ := n.ask(t, "DELETE", "/software/"+is.ID, ""); status != http.StatusNoContent {
		t.Errorf("deleted: %d", status)
	}
	if l := n.list(t, "/software?all=true&url="+at); len(l.Data) != 0 {
		t.Errorf("still there: %+v", l)
	}
}

// What is not to be listed nobody brings in.
func TestUnwanted(t *testing.T) {
	n := newNode(t)
	for _, outcome := range []registry.Outcome{registry.OptedOut, registry.Excluded, registry.NoFile} {
		id := registry.ID("github.com/nordland/" + string(outcome))
		if err := n.store.PutVisit(t.Context(), &registry.Visit{Repo: id, Outcome: outcome, Time: time.Now()}); err != nil {
			t.Fatal(err)
		}
		want := http.StatusConflict
		if outcome == registry.NoFile {
			want = http.StatusOK
		}
		if status, body := n.ask(t, "POST", "/software", created("https://"+string(id))); status != want {
			t.Errorf("%s: %d %s", outcome, status, body)
		}
	}
}

// A visit of this node outweighs what another crawler brings.
func TestOwnVisitWins(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/akte")
	is := n.list(t, "/software").Data[0]
	patch := `{"publiccodeYml":"name: Fremd","url":"` + is.URL + `","aliases":["https://git.example/a/b"]}`
	status, body := n.ask(t, "PATCH", "/software/"+is.ID, patch)
	if now := read[item](t, status, body); now.PubliccodeYml != is.PubliccodeYml || len(now.Aliases) > 0 {
		t.Errorf("changed: %s", body)
	}
	for method, send := range map[string]string{"PATCH": `{"active":false}`, "DELETE": ""} {
		if status, body := n.ask(t, method, "/software/"+is.ID, send); status != http.StatusConflict {
			t.Errorf("%s: %d %s", method, status, body)
		}
	}
	status, body = n.ask(t, "POST", "/software", created("https://github.com/nordland/erst-gebracht"))
	brought := read[item](t, status, body)
	n.put(t, "github.com/nordland/erst-gebracht", func(s *registry.Software) { s.Repository.ForgeID = "99" })
	status, body = n.get(t, "/software/"+brought.ID)
	if now := read[item](t, status, body); !strings.Contains(now.PubliccodeYml, "name: Akte") {
		t.Errorf("after a visit: %s", body)
	}
}

func TestPublishers(t *testing.T) {
	n := newNode(t)
	send := `{"description":"Südland","email":"Amt@Sued.example","alternativeId":"sued-1","codeHosting":[{"url":"https://gitlab.example/sued/"},{"url":"https://git.example/sued/eins","group":false}]}`
	status, body := n.ask(t, "POST", "/publishers", send)
	p := read[item](t, status, body)
	if p.Email != "amt@sued.example" || p.AlternativeID != "sued-1" || !p.Active || len(p.CodeHosting) != 2 || p.CodeHosting[0].Group || p.CodeHosting[1].URL != "https://gitlab.example/sued" {
		t.Errorf("created: %s", body)
	}
	managed := func() string {
		var list []string
		for d, err := range n.store.ListDocuments(t.Context(), registry.DocumentList{Kind: registry.PublisherDocument}) {
			if err != nil {
				t.Fatal(err)
			}
			m, err := registry.ReadDocument[registry.ManagedPublisher](d)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range m.Sources {
				list = append(list, m.ID+" "+s.URL)
			}
		}
		return strings.Join(list, ", ")
	}
	if got := managed(); got != "sued-1 https://git.example/sued/eins, sued-1 https://gitlab.example/sued" {
		t.Errorf("crawled: %s", got)
	}
	for _, again := range []string{send, strings.Replace(send, "sued-1", "sued-2", 1), `{"description":"C","codeHosting":[{"url":"http://gitlab.example/Sued"}]}`} {
		if status, body := n.ask(t, "POST", "/publishers", again); status != http.StatusConflict {
			t.Errorf("%s: %d %s", again, status, body)
		}
	}
	for _, bad := range []string{`{}`, `{"description":"D"}`, `{"description":"D","codeHosting":[]}`, `{"description":"D","codeHosting":[{"url":"ftp://x/y"}]}`, `{"description":"D","email":"niemand","codeHosting":[{"url":"https://x.example/y"}]}`} {
		if status, body := n.ask(t, "POST", "/publishers", bad); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"validationErrors":[{"field":`) {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	status, body = n.ask(t, "POST", "/software", created("https://gitlab.example/sued/tief/werkzeug"))
	read[item](t, status, body)
	if s, err := n.store.Get(t.Context(), "gitlab.example/sued/tief/werkzeug"); err != nil || s.Publisher.Name != "Südland" {
		t.Errorf("its publisher is %+v, %v", s.Publisher, err)
	}
	status, body = n.ask(t, "PATCH", "/publishers/sued-1", `{"active":false,"description":"Süd"}`)
	if now := read[item](t, status, body); now.ID != p.ID || now.Active || now.Description != "Süd" || len(now.CodeHosting) != 2 {
		t.Errorf("changed: %s", body)
	}
	if got := managed(); got != "" {
		t.Errorf("inactive, and crawled: %s", got)
	}
	if l := n.list(t, "/publishers"); len(l.Data) != 1 {
		t.Errorf("active: %+v", l)
	}
	other := `{"description":"Westland","codeHosting":[{"url":"https://git.example/west"}]}`
	for range 2 {
		status, body = n.ask(t, "POST", "/publishers", other)
		read[item](t, status, body)
		if err := n.store.PutDocuments(t.Context(), &registry.Document{Kind: registry.PublisherDocument, Key: "westland"}); err != nil {
			t.Fatal(err) // as the other API does
		}
	}
	if l := n.list(t, "/catalogs/allmende/publishers?all=true"); len(l.Data) != 2 {
		t.Errorf("all: %+v", l)
	}
	status, body = n.ask(t, "POST", "/publishers/sued-1/logs", `{"message":"hallo"}`)
	if l := read[item](t, status, body); l.Entity != "/publishers/"+p.ID {
		t.Errorf("log: %s", body)
	}
	if l := n.list(t, "/publishers/"+p.ID+"/logs"); len(l.Data) != 1 {
		t.Errorf("logs: %+v", l)
	}
	if status, _ := n.ask(t, "DELETE", "/publishers/"+p.ID, ""); status != http.StatusNoContent {
		t.Errorf("deleted: %d", status)
	}
	if status, _ := n.get(t, "/publishers/sued-1"); status != http.StatusNotFound {
		t.Errorf("after that: %d", status)
	}
}

func TestLogs(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/akte")
	software := n.list(t, "/software").Data[0].ID
	visit := &registry.Visit{
		Repo: "github.com/nordland/akte", Source: "https://github.com/nordland", Outcome: registry.Entry, Time: time.Now().Add(-time.Hour),
		Findings: []publiccode.Finding{{Code: "PC0101", Severity: publiccode.Error, Line: 3, Key: "url", Args: []string{"x"}}},
	}
	nothing := &registry.Visit{Repo: "github.com/nordland/leer", Source: visit.Source, Outcome: registry.NoFile, Time: time.Now()}
	if err := n.store.PutVisits(t.Context(), []*registry.Visit{visit, nothing}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 5 {
		target := "/logs"
		if i%2 == 0 {
			target = "/software/" + software + "/logs"
		}
		status, body := n.ask(t, "POST", target, fmt.Sprintf(`{"message":"Zeile %d"}`, i))
		ids = append(ids, read[item](t, status, body).ID)
	}
	l := n.list(t, "/logs?page[size]=4")
	if len(l.Data) != 4 || l.Data[0].ID != ids[4] || l.Data[3].ID != ids[1] || l.Links.Next == nil || l.Links.Prev != nil {
		t.Fatalf("first page: %+v", l)
	}
	rest := n.list(t, "/logs"+*l.Links.Next+"&page[size]=4")
	if len(rest.Data) != 2 || rest.Data[0].ID != ids[0] || rest.Links.Next != nil {
		t.Fatalf("second page: %+v", rest)
	}
	own := rest.Data[1]
	if own.Entity != "/software/"+software || !strings.Contains(own.Message, "PC0101") || !strings.Contains(own.Message, "line 3") {
		t.Errorf("of the visit: %+v", own)
	}
	back := n.list(t, "/logs"+*rest.Links.Prev+"&page[size]=4")
	if fmt.Sprint(back.Data) != fmt.Sprint(l.Data) {
		t.Errorf("back: %+v, want %+v", back, l)
	}
	status, body := n.get(t, "/logs/"+own.ID)
	if got := read[item](t, status, body); got.Message != own.Message {
		t.Errorf("the log is %s", body)
	}
	if of := n.list(t, "/software/"+software+"/logs"); len(of.Data) != 4 || of.Data[0].ID != ids[4] || of.Data[3].ID != own.ID {
		t.Errorf("of the software: %+v", of)
	}
	for query, want := range map[string]int{"search=ZEILE": 5, "search=pc0101": 1, "filter=Zeile 3": 1, "filter=Zeile": 0} {
		if l := n.list(t, "/logs?"+url.PathEscape(query)); len(l.Data) != want {
			t.Errorf("%s: %d, want %d", query, len(l.Data), want)
		}
	}
	status, body = n.ask(t, "PATCH", "/logs/"+ids[1], `{"message":"anders"}`)
	if got := read[item](t, status, body); got.Message != "anders" || got.UpdatedAt.Before(got.CreatedAt) {
		t.Errorf("changed: %s", body)
	}
	for _, id := range []string{ids[1], ids[0]} {
		if status, _ := n.ask(t, "DELETE", "/logs/"+id, ""); status != http.StatusNoContent {
			t.Errorf("deleted: %d", status)
		}
	}
	if status, _ := n.ask(t, "DELETE", "/logs/"+own.ID, ""); status != http.StatusNotFound {
		t.Error("the line of a visit was deleted")
	}
	if l := n.list(t, "/logs"); len(l.Data) != 4 {
		t.Errorf("in the end: %+v", l)
	}
	for range 30 {
		n.ask(t, "POST", "/software/"+software+"/logs", `{"message":"`+strings.Repeat("lang ", 1000)+`"}`)
	}
	if l := n.list(t, "/software/"+software+"/logs?page[size]=100"); len(l.Data) != 21 || len(l.Data[0].Message) != 2048 {
		t.Errorf("kept: %d, of %d bytes", len(l.Data), len(l.Data[0].Message))
	}
}

// Without documents all can be read and nothing written.
func TestReadOnly(t *testing.T) {
	n := newNode(t)
	n.put(t, "github.com/nordland/akte")
	n.api = compat.New(compat.Options{Store: n.store})
	for _, o := range compat.Operations() {
		target := strings.Replace(o.Path, "{id}", "allmende", 1)
		status, _ := n.ask(t, o.Method, target, "{}")
		if o.Writes() && status != http.StatusNotFound {
			t.Errorf("%s %s: %d", o.Method, target, status)
		}
	}
	if l := n.list(t, "/logs"); len(l.Data) != 0 {
		t.Errorf("logs: %+v", l)
	}
}

// No query makes it fail.
func FuzzQuery(f *testing.F) {
	n := newNode(f)
	for i := range 3 {
		n.put(f, registry.ID(fmt.Sprintf("github.com/nordland/teil-%d", i)))
	}
	l := n.list(f, "/software?page[size]=1")
	for _, seed := range []string{
		"", "page[size]=2" + "&" + (*l.Links.Next)[1:], "page[before]=WyIiLCIiXQ", "all=true&from=2020-01-01T00:00:00Z", "url=https://github.com/nordland/teil-1",
		"url=%00", "page[after]=" + strings.Repeat("A", 600), "search=%ff&filter='", "page[size]=1&page[size]=x", "url=//;&all=&to=x",
	} {
		f.Add(seed)
	}
	lists := maps.Collect(func(yield func(string, bool) bool) {
		for _, o := range compat.Operations() {
			if o.Method == http.MethodGet && !yield(strings.Replace(o.Path, "{id}", "allmende", 1), true) {
				return
			}
		}
	})
	f.Fuzz(func(t *testing.T, query string) {
		for target := range lists {
			status, body := n.get(t, target+"?"+query)
			if !slices.Contains([]int{200, 204, 404, 422}, status) || body != "" && !json.Valid([]byte(body)) {
				t.Errorf("%s?%s: %d %s", target, query, status, body)
			}
		}
	})
}

// No body makes it fail.
func FuzzBody(f *testing.F) {
	n := newNode(f)
	n.put(f, "github.com/nordland/akte")
	id := n.list(f, "/software").Data[0].ID
	for _, seed := range []string{
		`{"url":"https://git.example/a/b","publiccodeYml":"name: A","aliases":null,"active":null,"vitality":"1"}`, `null`, `[]`, `{"message":"\u0000"}`,
		`{"codeHosting":[null,{"url":"https://git.example"}],"description":"ä","active":false}`, `{"description":null}`, `{"url":1}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, o := range compat.Operations() {
			if o.Method != http.MethodPost && o.Method != http.MethodPatch {
				continue
			}
			status, answer := n.ask(t, o.Method, strings.Replace(o.Path, "{id}", id, 1), body)
			if !slices.Contains([]int{200, 400, 404, 409, 422}, status) || !json.Valid([]byte(answer)) {
				t.Errorf("%s %s: %d %s", o.Method, o.Path, status, answer)
			}
		}
	})
}
