// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

// asking is a query with what a stand-in answers to it.
type asking struct {
	query, answer string
	variables     map[string]any
}

// between serves a world and lets spoil change its answers to queries: it returns
// whether it answered itself.
func between(t *testing.T, spoil func(w http.ResponseWriter, a asking) bool, repos ...forgetest.Repo) (*gitlab.Forge, *conformance.Recorder) {
	t.Helper()
	return served(t, func(w *forgetest.World, base string) http.Handler {
		return spoiled(t, forgetest.GitLab(w, base), spoil)
	}, repos...)
}

func spoiled(t *testing.T, standIn http.Handler, spoil func(w http.ResponseWriter, a asking) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/graphql" {
			standIn.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var asked struct {
			Query     string
			Variables map[string]any
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		standIn.ServeHTTP(answer, r)
		if !spoil(w, asking{asked.Query, answer.Body.String(), asked.Variables}) {
			conformance.Reply(answer.Code, "application/json", answer.Body.String())(w, r)
		}
	}
}

// What a listing and a description bring along is not asked for again.
func TestBroughtAlong(t *testing.T) {
	r := repo("stadt/wahl")
	for _, name := range []string{"LICENSES/MIT.txt", "docs/a.md", "src/main.c", "README.md"} {
		r.Files[name] = []byte(name)
	}
	r.Pushed = time.Now().AddDate(-3, 0, 0)
	f, asked := world(t, r)
	_, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil || len(repos) != 1 {
		t.Fatalf("%v, %v", repos, err)
	}
	asked.Take()
	look := func(when string, r crawler.Repo, folders map[string]int) {
		tree, err := f.Files(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]error{"publiccode.yml": nil, "publiccode.yaml": fs.ErrNotExist, "LICENSE": fs.ErrNotExist, "none/x": fs.ErrNotExist} {
			if _, err := tree.Open(name); !errors.Is(err, want) {
				t.Errorf("%s, %s: %v, want %v", when, name, err, want)
			}
		}
		if _, err := tree.Commit(); err != nil {
			t.Error(err)
		}
		if urls := asked.Take(); len(urls) > 0 {
			t.Errorf("%s: asked %q", when, urls)
		}
		for name, n := range folders {
			if entries, err := tree.ReadDir(name); err != nil || len(entries) == 0 {
				t.Errorf("%s, %s: %v, %v", when, name, entries, err)
			}
			if urls := asked.Take(); len(urls) != n {
				t.Errorf("%s, %s: asked %q, want %d requests", when, name, urls, n)
			}
		}
	}
	look("listed", repos[0], map[string]int{".": 0})
	described, err := f.Describe(t.Context(), repos)
	if err != nil || described[0].Err != nil {
		t.Fatalf("%+v, %v", described, err)
	}
	// Facts and folders by one query each. Nothing was committed in the last
	// year, and there is no release: tags alone are left.
	if urls := asked.Take(); len(urls) != 3 || !strings.HasSuffix(urls[2], "/tags?order_by=updated&per_page=100&sort=desc") {
		t.Errorf("a description asked %q", urls)
	}
	look("described", described[0].Repo, map[string]int{"LICENSES": 0, "docs": 0, "src": 1})
}

// A repository that breaks each query it is in keeps no other from being listed.
func TestBrokenRepository(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 130 {
		repos = append(repos, repo(fmt.Sprintf("stadt/r%03d", i)))
	}
	for name, spoil := range map[string]func(w http.ResponseWriter, a asking){
		"500": func(w http.ResponseWriter, _ asking) { w.WriteHeader(http.StatusInternalServerError) },
		"partial": func(w http.ResponseWriter, a asking) {
			_, _ = io.WriteString(w, `{"errors":[{"message":"Timeout"}],`+a.answer[1:])
		},
	} {
		for _, path := range []string{"", "stadt", "stadt/r077"} {
			f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
				broken := strings.Contains(a.query, "repository {") && strings.Contains(a.answer, `"stadt/r077"`)
				if broken {
					spoil(w, a)
				}
				return broken
			}, repos...)
			_, listed, err := conformance.List(t.Context(), f, path)
			if want := map[string]int{"": 130, "stadt": 130, "stadt/r077": 1}[path]; err != nil || len(listed) != want {
				t.Errorf("%s, Repos(%q): %d projects, %v, want %d", name, path, len(listed), err, want)
			}
			for _, r := range listed {
				tree, err := f.Files(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := tree.Open("publiccode.yml"); err != nil {
					t.Error(err)
				}
				if known := r.Version != ""; known == strings.HasSuffix(r.URL, "r077") {
					t.Errorf("%s: Version = %q", r.URL, r.Version)
				}
			}
		}
	}
}

// A project that cannot be asked about at all fails alone, when it is read.
func TestHopelessRepository(t *testing.T) {
	f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
		ids, byID := a.variables["ids"].([]any)
		broken := byID && slices.Contains(ids, any("gid://gitlab/Project/7"))
		if broken {
			w.WriteHeader(http.StatusBadGateway)
		}
		return broken
	}, withID(repo("stadt/a"), 7), withID(repo("stadt/b"), 8))
	paths, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil || !slices.Equal(paths, []string{"stadt/a", "stadt/b"}) {
		t.Fatalf("%q, %v", paths, err)
	}
	for _, r := range repos {
		_, err := f.Files(t.Context(), r)
		if failed := err != nil; failed != (r.ForgeID == "7") || failed && r.Version != "" {
			t.Errorf("%s: Version = %q, %v", r.URL, r.Version, err)
		}
	}
}

func withID(r forgetest.Repo, id int64) forgetest.Repo {
	r.ID = id
	return r
}

// Where GraphQL is refused, at once or later, REST takes over, for good and
// without listing anything twice.
func TestGraphQLRefused(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 250 {
		repos = append(repos, repo(fmt.Sprintf("stadt/r%03d", i)))
	}
	for name, refusal := range map[string]http.HandlerFunc{
		"not there":   http.NotFound,
		"forbidden":   conformance.Reply(http.StatusForbidden, "application/json", `{"message":"403 Forbidden"}`),
		"another one": conformance.Reply(http.StatusOK, "application/json", `{"errors":[{"message":"Field 'topics' doesn't exist on type 'Project'"}]}`),
		"no JSON":     conformance.Reply(http.StatusOK, "text/html", `<h1>Welcome</h1>`),
		"no data":     conformance.Reply(http.StatusOK, "application/json", `{"data":null}`),
		"an odd type": conformance.Reply(http.StatusOK, "application/json", `{"data":{"projects":7,"g0":"x"}}`),
		"too little":  conformance.Reply(http.StatusOK, "application/json", `{"errors":[{"message":"Query has complexity of 9, which exceeds max complexity of 3"}]}`),
	} {
		for after := range 3 {
			for _, path := range []string{"", "stadt"} {
				asked := 0
				f, recorder := between(t, func(w http.ResponseWriter, _ asking) bool {
					refused := asked >= after
					asked++
					if refused {
						refusal(w, httptest.NewRequest(http.MethodGet, "/", nil))
					}
					return refused
				}, repos...)
				paths, _, err := conformance.List(t.Context(), f, path)
				if distinct := slices.Compact(slices.Clone(paths)); err != nil || len(paths) != 250 || len(distinct) != 250 {
					t.Errorf("%s after %d answers, Repos(%q): %d projects, %d of them distinct, %v", name, after, path, len(paths), len(distinct), err)
				}
				recorder.Take()
				if _, _, err := conformance.List(t.Context(), f, path); err != nil {
					t.Error(err)
				}
				if urls := recorder.Take(); slices.Contains(urls, "/api/graphql") {
					t.Errorf("%s after %d answers, Repos(%q): asked %q again", name, after, path, urls)
				}
			}
		}
	}
}

// A server that is broken for a while is no server without GraphQL.
func TestGraphQLBroken(t *testing.T) {
	broken := true
	f, recorder := between(t, func(w http.ResponseWriter, _ asking) bool {
		if broken {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return broken
	}, repo("stadt/wahl"), repo("land/wald"))
	for _, path := range []string{"", "stadt", "land/wald"} {
		if _, repos, err := conformance.List(t.Context(), f, path); err == nil || errors.Is(err, registry.ErrNotFound) || len(repos) > 0 {
			t.Errorf("Repos(%q): %d projects, %v", path, len(repos), err)
		}
	}
	broken = false
	recorder.Take()
	if _, repos, err := conformance.List(t.Context(), f, ""); err != nil || len(repos) != 2 {
		t.Errorf("%d projects, %v", len(repos), err)
	}
	if urls := recorder.Take(); slices.ContainsFunc(urls, func(u string) bool { return u != "/api/graphql" }) {
		t.Errorf("asked %q", urls)
	}
}

// Those with a token see more than the public does.
func TestNotPublicOverGraphQL(t *testing.T) {
	f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
		return hidden(t, w, a, map[string]string{"stadt/geheim": "private", "stadt/intern": "internal"})
	}, repo("stadt/geheim"), repo("stadt/intern"), repo("stadt/offen"))
	for _, path := range []string{"", "stadt"} {
		if paths, _, err := conformance.List(t.Context(), f, path); err != nil || !slices.Equal(paths, []string{"stadt/offen"}) {
			t.Errorf("Repos(%q): %q, %v", path, paths, err)
		}
	}
	for _, path := range []string{"stadt/geheim", "stadt/intern"} {
		if _, repos, err := conformance.List(t.Context(), f, path); !errors.Is(err, registry.ErrForbidden) || len(repos) > 0 {
			t.Errorf("Repos(%q): %v, %v, want ErrForbidden", path, repos, err)
		}
	}
}

// hidden answers with projects that have another visibility.
func hidden(t *testing.T, w io.Writer, a asking, visibility map[string]string) bool {
	var v any
	if err := json.Unmarshal([]byte(a.answer), &v); err != nil {
		t.Error(err)
	}
	for path, visibility := range visibility {
		hide(v, path, visibility)
	}
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Error(err)
	}
	return true
}

// hide sets the visibility of a project wherever an answer has it.
func hide(v any, path, visibility string) {
	switch v := v.(type) {
	case map[string]any:
		if v["fullPath"] == path {
			v["visibility"] = visibility
		}
		for _, below := range v {
			hide(below, path, visibility)
		}
	case []any:
		for _, below := range v {
			hide(below, path, visibility)
		}
	}
}

// A few projects that changed do not hold up the many that did not.
func TestKnownDoNotWait(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 1300 {
		repos = append(repos, repo(fmt.Sprintf("stadt/r%04d", i)))
	}
	f, asked := world(t, repos...)
	first := true
	known := func(crawler.Repo) bool { was := first; first = false; return !was }
	pages, listed := 0, 0
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "stadt", Known: known}}) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
		listed += len(page.Repos)
		if pages == 1 && len(page.Repos) > 1100 {
			t.Errorf("the first page has %d projects", len(page.Repos))
		}
	}
	if urls := asked.Take(); listed != 1300 || len(urls) != 13+1 {
		t.Errorf("%d projects by %d requests", listed, len(urls))
	}
}

// A list that never ends is no list.
func TestEndlessLists(t *testing.T) {
	for name, page := range map[string]string{
		"the same page":  `{"nodes":[{"id":"gid://gitlab/Project/1","fullPath":"a/b"}],"pageInfo":{"endCursor":"x","hasNextPage":true}}`,
		"no cursor":      `{"nodes":[{"id":"gid://gitlab/Project/1","fullPath":"a/b"}],"pageInfo":{"endCursor":null,"hasNextPage":true}}`,
		"empty pages":    `{"nodes":[],"pageInfo":{"endCursor":"NEW","hasNextPage":true}}`,
		"pages of nulls": `{"nodes":[null,null,{}],"pageInfo":{"endCursor":"NEW","hasNextPage":true}}`,
	} {
		asked := 0
		f := answering(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			list := strings.ReplaceAll(page, "NEW", fmt.Sprint("x", asked))
			conformance.Reply(http.StatusOK, "application/json", `{"data":{"projects":`+list+`,"g0":{"projects":`+list+`}}}`)(w, r)
		})
		for _, path := range []string{"", "a"} {
			if _, _, err := conformance.List(t.Context(), f, path); err == nil {
				t.Errorf("%s, Repos(%q): no error", name, path)
			}
		}
	}
}

// A text counts only with its own hash, and a file only where a folder may have
// it.
func TestTextOfAnother(t *testing.T) {
	f, asked := between(t, func(w http.ResponseWriter, a asking) bool {
		_, _ = io.WriteString(w, strings.ReplaceAll(a.answer, `"rawTextBlob":"name: x\n"`, `"rawTextBlob":"name: y\n"`))
		return true
	}, repo("stadt/wahl"))
	_, repos, err := conformance.List(t.Context(), f, "stadt/wahl")
	if err != nil || len(repos) != 1 {
		t.Fatalf("%v, %v", repos, err)
	}
	asked.Take()
	tree, err := f.Files(t.Context(), repos[0])
	if err != nil {
		t.Fatal(err)
	}
	if content, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || string(content) != "name: x\n" {
		t.Errorf("read %q, %v", content, err)
	}
	if urls := asked.Take(); len(urls) != 1 || !strings.Contains(urls[0], "/raw") {
		t.Errorf("asked %q", urls)
	}
}
