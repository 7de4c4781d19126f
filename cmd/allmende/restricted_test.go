// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/api/apitest"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// secret is a text of a restricted statement or need, which tells in whose document it
// stands.
var secret = regexp.MustCompile(`geheim(\d+)q`)

// vault is a catalogue with random statements in it, some of them restricted.
type vault struct {
	*catalogue
	http.Handler
	rnd   *rand.Rand
	ids   []registry.ID
	said  []*registry.Adoptions // by the number in secret
	needs []*registry.Needs     // the same way
	log   bytes.Buffer
}

func newVault(t *testing.T, seed uint64) *vault {
	t.Helper()
	none := 0
	cfg, err := parseConfig(fmt.Appendf(nil, "store: %q\npublishers:\n  - {id: nord, name: Nord, region: DE-SH, sources: [\"https://git.example/nord\"]}\n", "sqlite:"+filepath.Join(t.TempDir(), "a.db")))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Limits = limitsConfig{Work: &none, Logins: &none}
	v := &vault{rnd: rand.New(rand.NewPCG(seed, 0))}
	if v.catalogue, err = openCatalogue(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	if v.Handler, err = v.handler(siteOptions(cfg, slog.New(slog.NewTextHandler(&v.log, nil)))); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		id := registry.ID(fmt.Sprintf("git.example/nord/teil%d", i))
		v.ids = append(v.ids, id)
		src := []byte("name: Teil " + fmt.Sprint(i) + "\n")
		_, err := v.Put(t.Context(), &registry.Software{
			ID: id, PublicCode: *publiccode.Parse(src, publiccode.Options{}).PublicCode, Publisher: registry.Publisher{ID: "nord", Name: "Nord", Region: "DE-SH"},
			Repository: registry.Repository{URL: "https://" + string(id), Forge: "git"},
			Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: src}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func anyOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// statements are random ones of the document with a number.
func (v *vault) statements(n int) (list []adoption.Statement) {
	for range 1 + v.rnd.IntN(6) {
		s := adoption.Statement{
			Software: "https://" + string(anyOf(v.rnd, v.ids...)), Role: anyOf(v.rnd, adoption.Roles()...),
			Visibility: anyOf(v.rnd, "", adoption.Public, adoption.Restricted),
			Version:    anyOf(v.rnd, "", "1.0"), Purpose: anyOf(v.rnd, "", "offen"), ConfirmedUntil: anyOf(v.rnd, "", "2020-01-01", "2999-12-31"),
		}
		if s.Visibility == adoption.Restricted {
			mark := fmt.Sprintf("geheim%dq", n)
			s.Version, s.Purpose, s.Contact = mark, "Für "+mark, mark+"@stadt.example"
			if v.rnd.IntN(3) == 0 { // of what nobody else speaks of
				s.Software = "https://git.example/" + mark + "/werk"
			}
		}
		list = append(list, s)
	}
	return list
}

// say has the organisation with a number say something else.
func (v *vault) say(t *testing.T, n int, token string) {
	t.Helper()
	was := v.said[n]
	next := *was
	next.Statements, next.Time = v.statements(n), time.Now().UTC()
	v.said[n] = &next
	if next.Repository == "" {
		body, err := json.Marshal(adoption.File{Version: adoption.Version, Organisation: next.Organisation, Adoptions: next.Statements})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := v.fetch(http.MethodPut, "/v1/adoptions", token, string(body)); status != http.StatusOK {
			t.Fatalf("%d: %s", status, answer)
		}
		return
	}
	version := int64(0)
	if d, err := v.Document(t.Context(), registry.AdoptionsDocument, next.Key()); err == nil {
		version = d.Version
	}
	if err := v.PutDocuments(t.Context(), next.Document(version)); err != nil {
		t.Fatal(err)
	}
	if err := registry.Amend(t.Context(), v.store, v.ids...); err != nil {
		t.Fatal(err)
	}
}

func (v *vault) fetch(method, target, token, body string) (int, string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	v.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (v *vault) token(t *testing.T, g registry.Grant) string {
	t.Helper()
	token, value, err := registry.NewToken(time.Now(), "cli", "Prüfung", g, time.Time{})
	if err == nil {
		err = v.PutDocuments(t.Context(), token.Document())
	}
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// leaks reports the secrets in a text that a grant does not let see.
func (v *vault) leaks(text string, g registry.Grant) (found []string) {
	for _, m := range secret.FindAllStringSubmatch(text, -1) {
		var n int
		_, _ = fmt.Sscan(m[1], &n)
		if !g.Sees(v.said[n]) {
			found = append(found, m[0])
		}
	}
	return found
}

// TestRestrictedStatementsAreNotTold: whatever organisations say and need and whoever asks
// for whatever, nothing of what is restricted comes out for those who may not see it.
func TestRestrictedStatementsAreNotTold(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { keepsQuiet(t, seed) })
	}
}

func keepsQuiet(t *testing.T, seed uint64) {
	v := newVault(t, seed)
	writer := v.token(t, registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}})
	for n := range 8 {
		a := &registry.Adoptions{Word: registry.Word{
			Organisation: adoption.Organisation{URI: fmt.Sprintf("https://stadt%d.example/", n), Name: fmt.Sprint("Stadt ", n), Region: anyOf(v.rnd, "DE-SH", "DE-BY", "DE", "")},
			Publisher:    registry.Publisher{ID: "nord", Name: "Nord", Region: anyOf(v.rnd, "DE-SH", "DE", "")},
			Repository:   anyOf(v.rnd, "", registry.ID(fmt.Sprintf("git.example/stadt%d/adoptions", n))),
		}}
		if a.Repository == "" {
			a.Publisher = registry.Publisher{}
		}
		v.said = append(v.said, a)
	}
	for range 3 {
		for n := range v.said {
			v.say(t, n, writer)
			v.want(t, n)
		}
	}
	if err := v.index.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	grants := []registry.Grant{
		{Scopes: []registry.Scope{registry.ScopeAdoptions}},
		{Scopes: registry.Scopes()[:4], Regions: []string{"DE-SH"}},
		{Scopes: []registry.Scope{registry.ScopeCrawl}, Regions: []string{"DE-BY"}},
		{Scopes: []registry.Scope{registry.ScopeAudit}, Regions: []string{"AT"}},
		{Scopes: []registry.Scope{registry.ScopeAdoptions}, Organisation: "http://stadt3.example"},
		{Scopes: []registry.Scope{registry.ScopeSecurity}, Regions: []string{"AT"}},
	}
	tokens := []string{""}
	for _, g := range grants {
		tokens = append(tokens, v.token(t, g))
	}
	grants = slices.Insert(grants, 0, registry.Grant{})

	seen := make([]int, len(grants)) // secrets that were rightly told
	ask := func(who int, target string) {
		t.Helper()
		_, answer := v.fetch(http.MethodGet, target, tokens[who], "")
		answer = withoutEcho(answer, target)
		if leaked := v.leaks(answer, grants[who]); len(leaked) > 0 {
			t.Errorf("%+v gets %v of %s", grants[who], leaked, target)
		}
		seen[who] += len(secret.FindAllString(answer, -1))
	}
	for who := range grants {
		for _, id := range v.ids {
			for _, path := range []string{"/v1/software/", "/v1/history/", "/v1/similar/", "/v1/variants/", "/v1/badges/", "/software/", "/en/software/", "/history/"} {
				ask(who, path+string(id))
				ask(who, path+string(id)+"/")
			}
		}
		for n := range v.said {
			mark := fmt.Sprintf("geheim%dq", n)
			for _, target := range []string{
				"/v1/software?q=" + mark, "/v1/software?explain=true&q=" + mark[:6], "/v1/suggestions?q=" + mark[:5], "/software/?q=" + mark,
				"/v1/adoptions?perPage=100&organisation=" + url.QueryEscape(v.said[n].Organisation.URI), "/v1/adoptions?software=git.example/" + mark + "/werk",
			} {
				ask(who, target)
			}
		}
		for _, target := range []string{
			"/v1/adoptions?perPage=100", "/v1/adoptions?perPage=2", "/v1/organisations?perPage=100", "/v1/changes?perPage=100", "/v1/audit-log?perPage=100",
			"/v1/publishers", "/v1/statistics", "/v1/feeds/changes.atom", "/v1/feeds/new.atom", "/", "/en/", "/software/",
			"/v1/reuse", "/v1/reuse.csv", "/regions/", "/en/regions/", "/regions/DE-SH/", "/regions/DE-BY/", "/regions/DE/", "/publishers/nord/", "/join/",
		} {
			ask(who, target)
		}
		for _, target := range v.needTargets() {
			ask(who, target)
		}
		v.wander(t, who, tokens[who], grants[who])
		v.asksAssistant(t, tokens[who])
		if n := v.tellsNeeds(t, tokens[who], grants[who]); who == len(grants)-1 && n == 0 {
			t.Error("no restricted need was told to those who may see all")
		}
	}
	if seen[0] > 0 || seen[len(seen)-1] == 0 || seen[2] == 0 {
		t.Errorf("secrets told by grant: %v", seen)
	}

	v.countsWhatIsPublic(t)
	v.keepsNeeds(t)

	var kept bytes.Buffer
	enc := json.NewEncoder(&kept)
	for s, err := range v.All(t.Context()) {
		if err != nil || enc.Encode(s) != nil {
			t.Fatal(err)
		}
		for r, err := range v.History(t.Context(), s.ID) {
			if err != nil || enc.Encode(r) != nil {
				t.Fatal(err)
			}
		}
	}
	for c, err := range v.Changes(t.Context(), 0) {
		if err != nil || enc.Encode(c) != nil {
			t.Fatal(err)
		}
	}
	for d, err := range v.ListDocuments(t.Context(), registry.DocumentList{Kind: registry.AuditDocument}) {
		if err != nil || enc.Encode(d) != nil {
			t.Fatal(err)
		}
	}
	if found := secret.FindString(kept.String()); found != "" {
		t.Errorf("%s is in an entry, its history, the log of changes or the audit log", found)
	}
	if found := secret.FindString(v.log.String()); found != "" {
		t.Errorf("%s is in the log", found)
	}
}

// countsWhatIsPublic holds the numbers of reuse against the public statements: what
// is restricted neither shows in them nor counts.
func (v *vault) countsWhatIsPublic(t *testing.T) {
	t.Helper()
	counted, err := registry.CountReuse(t.Context(), v.store, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]map[registry.ID]bool{} // entries by the place that uses them
	for _, said := range v.said {
		for s, id := range said.Public() {
			// A publisher that speaks for others is that of the entries here.
			if said.Repository != "" || !s.Role.Confirms() || said.Until(s) < counted.Day {
				continue
			}
			place := registry.PlaceOf(said.Organisation.Region)
			if used[place] == nil {
				used[place] = map[registry.ID]bool{}
			}
			used[place][id] = true
		}
	}
	for _, place := range registry.Places() {
		if got, want := counted.Between("DE-SH", place), len(used[place]); got != want {
			t.Errorf("%d entries are used in %s by what is counted, %d by what is public", got, place, want)
		}
	}
	var out bytes.Buffer
	if err := errors.Join(printReuse(&out, counted, "de"), registry.WriteReuseCSV(&out, counted.Numbers()), json.NewEncoder(&out).Encode(counted.Numbers()), json.NewEncoder(&out).Encode(counted.Reused)); err != nil {
		t.Fatal(err)
	}
	if found := secret.FindString(out.String()); found != "" {
		t.Errorf("%s is in the numbers of reuse", found)
	}
	_, answer := v.fetch(http.MethodGet, "/v1/reuse", "", "")
	var told registry.ReuseNumbers
	if err := json.Unmarshal([]byte(answer), &told); err != nil || !slices.Equal(told.Pairs, counted.Numbers().Pairs) {
		t.Errorf("%v: the API tells %+v, counted are %+v", err, told.Pairs, counted.Numbers().Pairs)
	}
}

// withoutEcho is an answer without what the request said itself.
func withoutEcho(answer, target string) string {
	for _, m := range secret.FindAllString(target, -1) {
		path, _ := url.PathUnescape(strings.TrimSuffix(target, "/"))
		answer = strings.ReplaceAll(answer, (&url.URL{Path: path}).EscapedPath(), "")
		for _, echo := range []string{"q=" + m, "software=git.example%2F" + m, "software=git.example/" + m, "„" + m, "“" + m, `value="` + m, `"` + m + `"`} {
			answer = strings.ReplaceAll(answer, echo, "")
		}
	}
	return answer
}

// wander asks at random for what the OpenAPI document has to read.
func (v *vault) wander(t *testing.T, who int, token string, g registry.Grant) {
	t.Helper()
	_, document := v.fetch(http.MethodGet, "/openapi.json", "", "")
	gen, err := apitest.New([]byte(document), uint64(who))
	if err != nil {
		t.Fatal(err)
	}
	gen.Samples = map[string][]string{}
	for _, id := range v.ids {
		gen.Samples["id"] = append(gen.Samples["id"], string(id))
	}
	for range 300 {
		r, operation := gen.Next("http://catalogue.example")
		if r.Method != http.MethodGet || operation == "streamChanges" || r.URL.Query().Has("wait") {
			continue
		}
		r.Header.Del("Accept-Encoding")
		r.Header.Del("Authorization")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		v.ServeHTTP(w, r.WithContext(t.Context()))
		answer, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Fatal(err)
		}
		if leaked := v.leaks(string(answer), g); len(leaked) > 0 {
			t.Errorf("%+v gets %v of %s", g, leaked, r.URL)
		}
	}
}
