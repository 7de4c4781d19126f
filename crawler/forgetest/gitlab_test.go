// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest_test

import (
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
	s := conformance.NewServer(t, forgetest.GitLab, small(crawler.GitLab))
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
		{path: "/api/v4/projects/7/repository/commits/none", status: 404},
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
