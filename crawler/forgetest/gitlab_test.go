// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// exchange is a request to a stand-in and what its answer must have.
type exchange struct {
	path     string
	status   int
	location string // suffix
	body     string // part
}

func (e exchange) check(t *testing.T, s *httptest.Server) {
	t.Helper()
	client := s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Get(s.URL + e.path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != e.status || !strings.Contains(string(body), e.body) {
		t.Errorf("%s: %d %.200s, want %d and %q", e.path, resp.StatusCode, body, e.status, e.body)
	}
	if location := resp.Header.Get("Location"); e.location != "" && location != s.URL+e.location || e.location == "" && location != "" {
		t.Errorf("%s: leads to %q, want %q", e.path, location, e.location)
	}
}

// small is a world with one repository of each sort.
func small(forge string) *forgetest.World {
	file := map[string][]byte{"publiccode.yml": []byte("name: Wahl\n"), "docs/a.md": []byte("a")}
	return forgetest.New(
		forgetest.Repo{Forge: forge, Path: "stadt/wahl", ID: 7, Branch: "feature/x", Description: "Wahlhelfer <verwalten>", FormerPaths: []string{"stadt/alt"}, Files: file},
		forgetest.Repo{Forge: forge, Path: "stadt/gesperrt", ID: 8, Blocked: true, Files: file},
		forgetest.Repo{Forge: forge, Path: "stadt/leer", ID: 9},
		forgetest.Repo{Forge: forge, Path: "erika/werkzeug", ID: 10, User: true, Files: file},
	)
}

func TestGitLab(t *testing.T) {
	w := small(crawler.GitLab)
	lively, _, _ := w.Find(crawler.GitLab, "stadt/wahl")
	lively.Languages = map[string]int{"Go": 2, "Shell": 1}
	lively.Tags = []forgetest.Tag{{Name: "v1"}}
	lively.Releases = []forgetest.Release{{Tag: "v2", Assets: map[string][]byte{"a b.txt": []byte("asset")}}, {Tag: "v3", Draft: true}}
	lively.Issues = []forgetest.Issue{{Title: "Eins", Labels: []string{"bug"}}, {Title: "Zwei", Closed: true}}
	w.Put(lively)
	s := conformance.NewServer(t, forgetest.GitLab, w)
	for _, e := range []exchange{
		{path: "/api/v4/version", status: 401, body: "401 Unauthorized"},
		{path: "/api/v4/nothing", status: 404, body: "404 Not Found"},
		{path: "/api/v4/projects", status: 200, body: `"path_with_namespace":"stadt/wahl"`},
		{path: "/api/v4/projects?pagination=keyset&order_by=name", status: 405},
		{path: "/api/v4/projects/7", status: 200, body: `"default_branch":"feature/x"`},
		{path: "/api/v4/projects/9", status: 200, body: `"default_branch":null`},
		{path: "/api/v4/projects/stadt%2Falt", status: 301, location: "/api/v4/projects/7"},
		{path: "/api/v4/projects/stadt%2Falt/repository/tree?ref=HEAD", status: 301, location: "/api/v4/projects/7/repository/tree?ref=HEAD"},
		{path: "/api/v4/projects/stadt%2Fnichts", status: 404, body: "404 Project Not Found"},
		{path: "/api/v4/groups/erika/projects", status: 404, body: "404 Group Not Found"},
		{path: "/api/v4/users/erika/projects", status: 200, body: "erika/werkzeug"},
		{path: "/api/v4/users/stadt/projects", status: 404},
		{path: "/api/v4/projects/7/repository/tree?path=docs", status: 200, body: `"path":"docs/a.md"`},
		{path: "/api/v4/projects/7/repository/tree?path=none", status: 404},
		{path: "/api/v4/projects/7/repository/tree?ref=none", status: 404, body: "404 Tree Not Found"},
		{path: "/api/v4/projects/8/repository/tree", status: 403},
		{path: "/api/v4/projects/9/repository/tree", status: 404, body: "404 Tree Not Found"},
		{path: "/api/v4/projects/7/repository/tree?per_page=1", status: 200, body: `"path":"docs"`},
		{path: "/api/v4/projects/7/repository/tree?per_page=1&page_token=docs", status: 200, body: `"path":"publiccode.yml"`},
		{path: "/api/v4/projects/7/repository/commits/none", status: 404},
		{path: "/api/v4/projects/7/repository/commits", status: 200, body: "erika@example.org"},
		{path: "/api/v4/projects/7/repository/commits?since=2900-01-01T00:00:00Z", status: 200, body: "[]"},
		{path: "/api/v4/projects/7/repository/commits?ref_name=none", status: 404, body: "404 Commit Not Found"},
		{path: "/api/v4/projects/8/repository/commits", status: 403},
		{path: "/api/v4/projects/7/repository/tags", status: 200, body: `"name":"v1","release":null`},
		{path: "/api/v4/projects/7/repository/tags", status: 200, body: `"release":{"tag_name":"v2"}`},
		{path: "/api/v4/projects/7/releases", status: 200, body: "/stadt/wahl/-/releases/v2/downloads/a%20b.txt"},
		{path: "/api/v4/projects/7/languages", status: 200, body: `{"Go":66.67,"Shell":33.33}`},
		{path: "/api/v4/projects/7/issues?state=opened", status: 200, body: `"iid":2,"labels":["bug"]`},
		{path: "/api/v4/projects/7/issues?labels=other", status: 200, body: "[]"},
		{path: "/stadt/wahl/-/releases/v2/downloads/a%20b.txt", status: 200, body: "asset"},
		{path: "/stadt/wahl/-/releases/v3/downloads/a", status: 404},
		{path: "/api/v4/projects/7/repository/files/docs%2Fa.md/raw?ref=feature%2Fx", status: 200, body: "a"},
		{path: "/api/v4/projects/7/repository/files/docs%2Fb.md/raw", status: 404, body: "404 File Not Found"},
		{path: "/api/v4/projects/7/repository/files/docs%2Fa.md/raw?ref=none", status: 404, body: "404 Commit Not Found"},
		{path: "/stadt/wahl", status: 200, body: "Wahlhelfer &lt;verwalten&gt;"},
		{path: "/stadt/wahl.git", status: 200, body: "publiccode.yml"},
		{path: "/stadt/alt", status: 301, location: "/stadt/wahl"},
		{path: "/stadt/alt/-/raw/main/x", status: 301, location: "/stadt/wahl/-/raw/main/x"},
		{path: "/stadt/wahl/-/raw/feature/x/docs/a.md", status: 200, body: "a"},
		{path: "/stadt/wahl/-/raw/feature/x/none", status: 404},
		{path: "/stadt/gesperrt/-/raw/main/publiccode.yml", status: 404},
		{path: "/stadt/nichts", status: 302, location: "/users/sign_in"},
		{path: "/users/sign_in", status: 200, body: "Sign in"},
	} {
		e.check(t, s)
	}
	probe(t, s, crawler.GitLab)
}

func TestGitLabGraphQL(t *testing.T) {
	standIn := forgetest.GitLab(small(crawler.GitLab), "http://gitlab.example")
	many := strings.Repeat(`"x/y", `, 51)
	costly := func(groups int) string {
		var q strings.Builder
		for i := range groups {
			fmt.Fprintf(&q, `g%d: group(fullPath: "stadt") { projects { nodes { id } } } `, i)
		}
		return "{ " + q.String() + "}"
	}
	for _, tt := range []struct{ query, want string }{
		{`{ projects(first: 1) { nodes { fullPath } pageInfo { hasNextPage } } }`, `{"data":{"projects":{"nodes":[{"fullPath":"erika/werkzeug"}],"pageInfo":{"hasNextPage":true}}}}`},
		{`{ projects(sort: "id_asc", first: 1) { nodes { id } pageInfo { endCursor } } }`, `{"data":{"projects":{"nodes":[{"id":"gid://gitlab/Project/7"}],"pageInfo":{"endCursor":"eyJpZCI6IjcifQ"}}}}`},
		{`{ projects(sort: "id_asc", first: 1, after: "eyJpZCI6IjcifQ") { nodes { id } } }`, `{"data":{"projects":{"nodes":[{"id":"gid://gitlab/Project/8"}]}}}`},
		{`{ projects(ids: ["gid://gitlab/Project/8"]) { nodes { fullPath repository { rootRef } } } }`, `{"data":{"projects":{"nodes":[{"fullPath":"stadt/gesperrt","repository":null}]}}}`},
		{
			`{ projects(fullPaths: ["STADT/leer", "stadt/alt"]) { nodes { fullPath repository { rootRef tree { lastCommit { sha } } } } } }`,
			`{"data":{"projects":{"nodes":[{"fullPath":"stadt/leer","repository":{"rootRef":null,"tree":null}}]}}}`,
		},
		{`{ projects(fullPaths: [` + many + `]) { nodes { id } } }`, `{"data":{"projects":null},"errors":[{"message":"You cannot provide more than 50 full_paths","path":["projects"]}]}`},
		{`{ a: group(fullPath: "stadt") { fullPath } b: group(fullPath: "erika") { fullPath } }`, `{"data":{"a":{"fullPath":"stadt"},"b":null}}`},
		{
			`{ projects(ids: ["gid://gitlab/Project/7"]) { nodes { repository { tree(path: "none") { lastCommit { sha } } } } } }`,
			`{"data":{"projects":{"nodes":[{"repository":{"tree":null}}]}},"errors":[{"message":"invalid revision or path","path":["projects","nodes",0,"repository","tree"]}]}`,
		},
		{`{ projects { nodes { nothing } } }`, `{"errors":[{"message":"Field 'nothing' doesn't exist on type 'Project'","extensions":{"code":"undefinedField"}}]}`},
		{costly(8), `{"errors":[{"message":"Query has complexity of 216, which exceeds max complexity of 200"}]}`},
		{`{ projects(first: 1) { nodes { id } } }` + strings.Repeat(" ", 10_000), `{"errors":[{"message":"Query too large"}]}`},
	} {
		body, err := json.Marshal(map[string]string{"query": tt.query})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/api/graphql", bytes.NewReader(body))
		w := httptest.NewRecorder()
		standIn.ServeHTTP(w, r)
		if got := strings.TrimSpace(w.Body.String()); got != tt.want {
			t.Errorf("%.200s\n got %.300s\nwant %s", tt.query, got, tt.want)
		}
	}
	// With a token one may ask for more.
	body, err := json.Marshal(map[string]string{"query": costly(8)})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/graphql", bytes.NewReader(body))
	r.Header.Set("PRIVATE-TOKEN", "x")
	w := httptest.NewRecorder()
	if standIn.ServeHTTP(w, r); strings.Contains(w.Body.String(), "errors") {
		t.Errorf("with a token: %s", w.Body)
	}
	w = httptest.NewRecorder()
	if forgetest.GitLabREST(small(crawler.GitLab), "http://gitlab.example").ServeHTTP(w, r); w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
		t.Errorf("an instance without GraphQL: %d", w.Code)
	}
}

// probe wants a stand-in to be known for what it is.
func probe(t *testing.T, s *httptest.Server, want string) {
	t.Helper()
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if kind, err := crawler.Probe(t.Context(), s.Client(), base); err != nil || kind != want {
		t.Errorf("Probe: %q, %v, want %q", kind, err, want)
	}
}
