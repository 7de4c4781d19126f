// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
)

// api serves lists by path, page by page: links.next is made by next of the
// number of the page to come.
type api struct {
	lists map[string][]any // by path
	key   string           // data or items
	size  int
	next  func(path string, page int) string

	mu       sync.Mutex
	requests []string
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.requests = append(a.requests, r.URL.RequestURI())
	a.mu.Unlock()
	list, ok := a.lists[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	q := r.URL.Query()
	no, _ := strconv.Atoi(strings.TrimPrefix(q.Get("page[after]")+q.Get("after"), "p"))
	from, to := min(no*a.size, len(list)), min((no+1)*a.size, len(list))
	var next any
	if to < len(list) {
		next = a.next(r.URL.Path, no+1)
	}
	w.Header().Set("Content-Type", "application/json")
	body, _ := json.Marshal(map[string]any{a.key: list[from:to], "links": map[string]any{"next": next}, "total": len(list)})
	tag := fmt.Sprintf("%q", fmt.Sprint(len(body), to))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body)
}

func raw(s string) any { return json.RawMessage(s) }

func italy() *api {
	return &api{
		key: "data", size: 2,
		next: func(_ string, page int) string { return fmt.Sprintf("?page[after]=p%d&page[size]=100", page) },
		lists: map[string][]any{
			"/v1/publishers": {
				raw(`{"id": "2ded32eb", "alternativeId": "c_x1", "description": "Comune Uno", "codeHosting": [
					{"url": "https://github.com/uno/", "group": true}, {"url": "https://codeberg.org/uno/solo", "group": false}, null]}`),
				raw(`{"id": "3ded32eb", "description": "Comune Due", "active": false, "codeHosting": [{"url": "https://github.com/due"}]}`),
				raw(`{"id": "4ded32eb", "description": "Comune Tre", "codeHosting": [{"url": "https://gitlab.example/tre"}, {"url": "https://gitlab.example"}]}`),
				raw(`{"id": "5ded32eb", "description": "Senza", "codeHosting": null}`),
			},
			"/v1/software": {
				raw(`{"id": "a", "url": "https://github.com/uno/a", "aliases": ["https://github.com/uno/vecchio"], "active": true, "publiccodeYml": "name: a"}`),
				raw(`{"id": "b", "url": "https://github.com/altri/b"}`),
				raw(`{"id": "c", "url": "https://github.com/altri/c", "active": false}`),
				raw(`{"id": "d", "url": "https://github.com/UNO/A.git"}`),
				raw(`{"id": "e", "url": "javascript:alert(1)"}`),
				raw(`null`), raw(`"x"`),
				raw(`{"id": "f", "url": "https://gitlab.example/tre/sotto/f"}`),
			},
		},
	}
}

func TestDevelopersItalia(t *testing.T) {
	publishers := []string{
		"page 1, data[0].codeHosting[0]: group https://github.com/uno (c-x1: Comune Uno)",
		"page 1, data[0].codeHosting[1]: https://codeberg.org/uno/solo (c-x1: Comune Uno)",
		"page 1, data[0].codeHosting[2]: null REFUSED",
		"page 2, data[0].codeHosting[0]: group https://gitlab.example/tre (4ded32eb: Comune Tre)",
		"page 2, data[0].codeHosting[1]: https://gitlab.example REFUSED",
	}
	software := func(uno, tre string) []string {
		return []string{
			"page 1, data[0]: https://github.com/uno/a" + uno,
			"page 1, data[1]: https://github.com/altri/b",
			"page 3, data[0]: javascript:alert(1) REFUSED",
			"page 3, data[1]: null REFUSED",
			`page 4, data[0]: "x" REFUSED`,
			"page 4, data[1]: https://gitlab.example/tre/sotto/f" + tre,
		}
	}
	for path, want := range map[string][]string{
		"":               append(publishers, software(" (c-x1: Comune Uno)", " (4ded32eb: Comune Tre)")...),
		"/v1/":           append(publishers, software(" (c-x1: Comune Uno)", " (4ded32eb: Comune Tre)")...),
		"/v1/publishers": publishers,
		"/v1/software":   software("", ""),
	} {
		for _, kind := range []Kind{DevelopersItalia, ""} {
			server := httptest.NewServer(italy())
			c, entries, err := read(t, server.URL+path, Options{Kind: kind})
			server.Close()
			if err != nil || c.Kind() != DevelopersItalia {
				t.Fatalf("%q: %v, %s", path, err, c.Kind())
			}
			if diff := cmp.Diff(want, lines(entries)); diff != "" {
				t.Errorf("%q: %s", path, diff)
			}
		}
	}
}

func TestFormsOfNext(t *testing.T) {
	for name, next := range map[string]func(path string, page int) string{
		"query":         func(_ string, page int) string { return fmt.Sprintf("?page%%5Bafter%%5D=p%d", page) },
		"bare cursor":   func(_ string, page int) string { return fmt.Sprintf("p%d", page) },
		"absolute path": func(path string, page int) string { return fmt.Sprintf("%s?page[after]=p%d", path, page) },
	} {
		a := italy()
		a.next = next
		server := httptest.NewServer(a)
		_, entries, err := read(t, server.URL, Options{Kind: DevelopersItalia})
		server.Close()
		if err != nil || len(entries) != 11 {
			t.Errorf("%s: %v, %d entries", name, err, len(entries))
		}
	}
}

// Where a server leads to is where the operator sent us, and each page is
// another.
func TestHostileNext(t *testing.T) {
	for name, tt := range map[string]struct{ next, want string }{
		"other host":     {"https://evil.example/v1/software?page[after]=p1", "leads away"},
		"other host, //": {"//evil.example/v1/software?page[after]=p1", "leads away"},
		"other path":     {"/admin?page[after]=p1", "leads away"},
		"other list":     {"publishers?page[after]=p1", "leads away"},
		"other scheme":   {"file:///etc/passwd?x", "leads away"},
		"the same page":  {"?page[size]=100", "leads back"},
		"no address":     {"%zz?", "no address"},
		"long":           {strings.Repeat("x", 20<<10), "bytes"},
	} {
		a := italy()
		a.next = func(string, int) string { return tt.next }
		server := httptest.NewServer(a)
		_, entries, err := read(t, server.URL+"/v1/software", Options{Kind: DevelopersItalia})
		server.Close()
		if !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 600 {
			t.Errorf("%s: %v", name, err)
		}
		if len(entries) != 2 || len(a.requests) != 1 {
			t.Errorf("%s: %d entries of %q", name, len(entries), a.requests)
		}
	}
}

func TestLoopOfPages(t *testing.T) {
	a := italy()
	a.next = func(_ string, page int) string { return fmt.Sprintf("?page[after]=p%d", page%3) }
	server := httptest.NewServer(a)
	defer server.Close()
	_, _, err := read(t, server.URL+"/v1/software", Options{Kind: DevelopersItalia})
	if !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "leads back") || len(a.requests) > 4 {
		t.Errorf("%v after %q", err, a.requests)
	}
}

// answers makes a transport of a function, where a server would take its time.
type answers func() string

func (f answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(f())), Request: r}, nil
}

// A list that never ends is ended.
func TestEndlessPages(t *testing.T) {
	asked := 0
	client := &http.Client{Transport: answers(func() string {
		asked++
		return fmt.Sprintf(`{"data": [{"url": "https://a.example/%d"}, {"url": "x"}], "links": {"next": "p%d"}}`, asked, asked)
	})}
	_, _, err := read(t, "https://a.example/v1/software", Options{Kind: DevelopersItalia, Client: client})
	if !errors.Is(err, registry.ErrTooLarge) || asked != maxPages {
		t.Errorf("%v after %d pages", err, asked)
	}
}

// A catalogue that is compatible but for its publishers has none.
func TestWithoutPublishers(t *testing.T) {
	a := italy()
	delete(a.lists, "/v1/publishers")
	server := httptest.NewServer(a)
	defer server.Close()
	if _, entries, err := read(t, server.URL, Options{Kind: DevelopersItalia}); err != nil || len(entries) != 6 {
		t.Errorf("%v, %d entries", err, len(entries))
	}
	if _, _, err := read(t, server.URL+"/v1/publishers", Options{Kind: DevelopersItalia}); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("asked for publishers alone: %v", err)
	}
}

func TestBrokenPages(t *testing.T) {
	for body, want := range map[string]string{
		"":                              "page 1: ",
		"[]":                            "page 1: ",
		"{}":                            "page 1, data is missing",
		`{"data": null}`:                "page 1, data: ",
		`{"data": {}}`:                  "page 1, data: ",
		`{"data": [], "links": 3}`:      "page 1: ",
		`{"data": [{"url":"https://a`:   "page 1: ",
		`{"items": [], "links": {}}`:    "page 1, data is missing",
		`<html><body>Anmeldung</body>`:  "page 1: ",
		strings.Repeat(`{"data":`, 1e5): "page 1: ",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		_, entries, err := read(t, server.URL+"/v1/software", Options{Kind: DevelopersItalia})
		server.Close()
		if !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), want) || len(entries) > 0 {
			t.Errorf("%.40s: %v", body, err)
		}
	}
}

func node() *api {
	return &api{
		key: "items", size: 2,
		next: func(path string, page int) string {
			return fmt.Sprintf("%s?after=p%d&perPage=100&sort=new", path, page)
		},
		lists: map[string][]any{"/v1/software": {
			raw(`{"id": "github.com/o/a", "name": "A", "publisher": {"id": "sh", "name": "Land Schleswig-Holstein", "region": "DE-SH", "uri": "https://www.schleswig-holstein.de/"}, "repository": {"url": "https://github.com/o/a", "archived": false}}`),
			raw(`{"id": "github.com/o/b", "name": "B", "publisher": {"id": "../x", "name": "B\u202ese\n  Absicht", "region": "XX-99", "uri": "javascript:alert(1)"}, "repository": {"url": "https://github.com/o/b"}}`),
			raw(`{"id": "github.com/o/c", "name": "C", "repository": {}}`),
		}},
	}
}

func TestAllmende(t *testing.T) {
	a := node()
	server := httptest.NewServer(a)
	defer server.Close()
	for _, kind := range []Kind{Allmende, ""} {
		c, entries, err := read(t, server.URL, Options{Kind: kind})
		if err != nil || c.Kind() != Allmende || c.Tag() == "" {
			t.Fatalf("%v, %s, tag %s", err, c.Kind(), c.Tag())
		}
		want := []Entry{
			{URL: "https://github.com/o/a", Where: "page 1, items[0]", Publisher: registry.Publisher{ID: "sh", Name: "Land Schleswig-Holstein", Region: "DE-SH", URI: "https://www.schleswig-holstein.de/"}},
			{URL: "https://github.com/o/b", Where: "page 1, items[1]", Publisher: registry.Publisher{ID: "x", Name: "B se Absicht"}},
			{Where: "page 2, items[0]", Err: entries[2].Err},
		}
		if diff := cmp.Diff(want, entries, cmp.Comparer(errors.Is)); diff != "" || entries[2].Err == nil {
			t.Error(diff)
		}
	}
}

// The parts of a repository are told apart by their folders, whose names are
// none that could be taken for a pattern.
func TestPartsOfANode(t *testing.T) {
	a := node()
	a.size = 100
	a.lists["/v1/software"] = nil
	for _, id := range []string{"git.example/o/m", "git.example/o/m/~/apps/a", "git.example/o/m/~/Apps/A", "git.example/o/m/~/apps/[a", "git.example/o/m/~/..", "\u0000", "git.example/o/m/~/apps/a"} {
		a.lists["/v1/software"] = append(a.lists["/v1/software"], map[string]any{"id": id, "repository": map[string]any{"url": "https://git.example/o/m"}})
	}
	server := httptest.NewServer(a)
	defer server.Close()
	_, entries, err := read(t, server.URL, Options{Kind: Allmende})
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.URL != "https://git.example/o/m" || e.Err != nil {
			t.Errorf("%+v", e)
		}
		folders = append(folders, e.Folder)
	}
	if diff := cmp.Diff([]string{"", "apps/a", "Apps/A"}, folders); diff != "" {
		t.Error(diff)
	}
}

// An unchanged node costs one request; a change on a later page shows by the
// total on the first.
func TestUnchangedNode(t *testing.T) {
	a := node()
	server := httptest.NewServer(a)
	defer server.Close()
	c, _, err := read(t, server.URL+"/v1?region=DE-SH", Options{Kind: Allmende})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.requests[0]; !strings.Contains(got, "region=DE-SH") || !strings.Contains(got, "sort=new") || !strings.Contains(got, "perPage=100") {
		t.Errorf("asked for %s", got)
	}
	a.requests = nil
	again, entries, err := read(t, server.URL+"/v1?region=DE-SH", Options{Kind: Allmende, Tag: c.Tag()})
	if !errors.Is(err, ErrUnchanged) || len(entries) > 0 || len(a.requests) != 1 || again.Tag() != "" {
		t.Errorf("%v, %d entries, %q", err, len(entries), a.requests)
	}
	a.lists["/v1/software"] = append(a.lists["/v1/software"], make([]any, 10)...)
	if _, entries, err = read(t, server.URL+"/v1?region=DE-SH", Options{Kind: Allmende, Tag: c.Tag()}); err != nil || len(entries) < 4 {
		t.Errorf("after a change: %v, %d entries", err, len(entries))
	}
}

func TestProbe(t *testing.T) {
	documents := map[string]string{
		"/code.json": inventory200, "/list.txt": plainList, "/list": jsonList, "/publishers.yml": publisherList,
		"/": "<!DOCTYPE html><title>Startseite</title>", "/other.json": `{"a": [1]}`, "/binary.bin": "\x00\x01\x02", "/empty.txt": "# leer",
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := documents[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	for path, want := range map[string]Kind{
		"/code.json": CodeJSON, "/list.txt": List, "/list": List, "/publishers.yml": Publishers,
		"/": "", "": "", "/other.json": "", "/binary.bin": "", "/empty.txt": "", "/missing": "",
	} {
		kind, err := Probe(t.Context(), http.DefaultClient, server.URL+path)
		if kind != want || (err == nil) != (want != "") {
			t.Errorf("%s is %q: %v", path, kind, err)
		}
		if want == "" && (!errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "code-json")) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// What cannot be reached is not said to be of an unknown kind, and is asked for
// once.
func TestProbeOfWhatCannotBeReached(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, where := range []string{server.URL, server.URL + "/list.txt", "/does/not/exist"} {
		kind, err := Probe(t.Context(), http.DefaultClient, where)
		if err == nil || kind != "" || strings.Contains(err.Error(), "code-json") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s is %q: %v", where, kind, err)
		}
	}
}
