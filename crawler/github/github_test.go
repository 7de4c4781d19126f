// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/github"
	"github.com/allmende-registry/allmende/registry"
)

func TestForge(t *testing.T) {
	for name, tt := range map[string]struct {
		token bool
		suite func(*testing.T, func(*testing.T, *forgetest.World) crawler.Forge, string)
	}{
		"with token":    {true, conformance.TestForge},
		"without token": {false, conformance.TestUndescribed},
	} {
		t.Run(name, func(t *testing.T) {
			tt.suite(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
				return newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, &wire{token: tt.token})
			}, "github")
		})
	}
}

func TestHostile(t *testing.T) {
	for name, tokens := range map[string][]string{"with token": {"Bearer ghp_test"}, "without token": nil} {
		t.Run(name, func(t *testing.T) {
			conformance.TestHostile(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
				s := conformance.NewServer(t, forgetest.GitHub, w)
				return newForge(t, s.URL, &wire{token: tokens != nil, next: conformance.Guarded(t, s.URL, tokens...).HTTP().Transport})
			}, crawler.GitHub)
		})
	}
}

// wire is the HTTP client of a test: it sends a token, notes what is asked for
// and may answer itself.
type wire struct {
	token  bool
	answer func(r *http.Request, body []byte) *http.Response // nil leaves it to the server
	next   http.RoundTripper                                 // nil is http.DefaultTransport
	fail   func(r *http.Request) (*http.Response, error)     // the same

	mu    sync.Mutex
	asked []string // method and path of each request
	sizes []int    // of the pages asked for over GraphQL
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if w.token {
		r.Header.Set("Authorization", "Bearer ghp_test")
	}
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.mu.Lock()
	w.asked = append(w.asked, r.Method+" "+r.URL.EscapedPath())
	if size := pageAsked(body); size > 0 {
		w.sizes = append(w.sizes, size)
	}
	w.mu.Unlock()
	if w.answer != nil {
		if resp := w.answer(r, body); resp != nil {
			resp.Request = r
			return resp, nil
		}
	}
	if w.fail != nil {
		if resp, err := w.fail(r); resp != nil || err != nil {
			if resp != nil {
				resp.Request = r
			}
			return resp, err
		}
	}
	if w.next != nil {
		return w.next.RoundTrip(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

var asksFor = regexp.MustCompile(`repositories\(first: (\d+)|: (repository)\(|(R_)\d+\\"`)

// pageAsked is how many repositories a GraphQL query asks for.
func pageAsked(body []byte) int {
	sum := 0
	for _, found := range asksFor.FindAllStringSubmatch(string(body), -1) {
		n, err := strconv.Atoi(found[1])
		if err != nil {
			n = 1
		}
		sum += n
	}
	return sum
}

func newForge(t *testing.T, address string, w *wire) *github.Forge {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := github.New(base, &http.Client{Transport: w}, github.Options{Token: w.token, Now: conformance.Now})
	if err != nil {
		t.Fatal(err)
	}
	f.WithoutPause()
	return f
}

func response(status int, body string) *http.Response {
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	rec.WriteHeader(status)
	_, _ = rec.WriteString(body)
	return rec.Result()
}

// list takes a listing by the names of the repositories. The error is the
// iterator's or that of the path.
func list(t *testing.T, f crawler.Forge, path string) (repos map[string]crawler.Repo, last error) {
	t.Helper()
	repos, progress, err := listFrom(t, f, crawler.Listing{Path: path})
	switch {
	case err != nil:
		return repos, err
	case !progress[path].Done:
		t.Errorf("Repos(%q) does not end with Done", path)
	}
	return repos, progress[path].Err
}

// listFrom takes listings by the names of the repositories, with the last
// progress of each path.
func listFrom(t *testing.T, f crawler.Forge, listings ...crawler.Listing) (repos map[string]crawler.Repo, progress map[string]crawler.Progress, last error) {
	t.Helper()
	repos, progress = make(map[string]crawler.Repo), make(map[string]crawler.Progress)
	for page, err := range f.Repos(t.Context(), listings) {
		if last != nil {
			t.Errorf("Repos(%v) goes on after %v", listings, last)
		}
		if last = err; err != nil {
			continue
		}
		for _, r := range page.Repos {
			name := r.URL[strings.LastIndexByte(r.URL, '/')+1:]
			if _, twice := repos[name]; twice {
				t.Errorf("Repos(%v) has %s twice", listings, name)
			}
			repos[name] = r
		}
		for _, p := range page.Progress {
			if progress[p.Path].Done {
				t.Errorf("Repos(%v) goes on with %q when it is done", listings, p.Path)
			}
			progress[p.Path] = p
		}
	}
	return repos, progress, last
}

// many is a world with so many repositories in one organisation, numbered
// from 0 in order of creation.
func many(n int) *forgetest.World {
	w := forgetest.New()
	for i := range n {
		w.Put(forgetest.Repo{
			Forge: "github", Path: fmt.Sprintf("viel/r%d", i), ID: int64(i + 1),
			Created: time.Date(2020, 1, 1, 0, i, 0, 0, time.UTC),
			Files:   map[string][]byte{"publiccode.yml": fmt.Appendf(nil, "name: r%d\n", i), "LICENSE": []byte("text")},
		})
	}
	return w
}

// A page brings the files of its repositories along; all else is read from the
// raw address of the head commit.
func TestRequests(t *testing.T) {
	w := many(230)
	wire := &wire{token: true}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	repos, err := list(t, f, "viel")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range repos {
		tree, err := f.Files(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || string(text) != "name: "+name+"\n" {
			t.Fatalf("%s: %q, %v", name, text, err)
		}
		if _, err := tree.Open("publiccode.yaml"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := tree.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Repeat([]string{"POST /api/graphql"}, 3)
	if !slices.Equal(wire.asked, want) {
		t.Errorf("asked %q, want %q", wire.asked, want)
	}

	wire.asked = nil
	tree, err := f.Files(t.Context(), repos["r0"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(tree, "LICENSE"); err != nil {
		t.Fatal(err)
	}
	r, _, _ := w.Find("github", "viel/r0")
	if want := []string{"GET /raw/viel/r0/" + r.Commit() + "/LICENSE"}; !slices.Equal(wire.asked, want) {
		t.Errorf("asked %q, want %q", wire.asked, want)
	}
}

// Without a token the budget is small: a hundred repositories a request, files
// for free, and the commit only where it is asked for.
func TestRequestsWithoutToken(t *testing.T) {
	w := many(130)
	for _, r := range w.Repos("github") {
		r.Files["large"] = make([]byte, 2048)
		w.Put(r)
	}
	wire := &wire{}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	repos, err := list(t, f, "viel")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := f.Files(t.Context(), repos["r7"])
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := fs.ReadFile(tree, "publiccode.yml"); err != nil {
			t.Fatal(err)
		}
		if _, err := tree.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	r, _, _ := w.Find("github", "viel/r7")
	want := []string{
		"GET /api/v3/users/viel/repos", "GET /api/v3/users/viel/repos",
		"GET /raw/viel/r7/HEAD/publiccode.yml",
		"GET /api/v3/repos/viel/r7/commits/HEAD",
		"GET /raw/viel/r7/" + r.Commit() + "/publiccode.yml",
	}
	if !slices.Equal(wire.asked, want) {
		t.Errorf("asked %q, want %q", wire.asked, want)
	}
}

// What the forge tells must arrive, with a token and without.
func TestMetadata(t *testing.T) {
	w := forgetest.New(forgetest.Repo{
		Forge: "github", Path: "stadt/wahl", Licence: "EUPL-1.2", Language: "Go", Topics: []string{"wahl"},
		Files: map[string][]byte{"x": make([]byte, 4096)},
	})
	for _, token := range []bool{true, false} {
		f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, &wire{token: token})
		for _, path := range []string{"", "stadt", "stadt/wahl", "stadt/wahl.git", "STADT/Wahl/"} {
			repos, err := list(t, f, path)
			if err != nil {
				t.Fatal(err)
			}
			if r := repos["wahl"]; r.Licence != "EUPL-1.2" || r.Language != "Go" || len(r.Topics) != 1 || r.Version == "" {
				t.Errorf("token %t, Repos(%q): %+v", token, path, r)
			}
		}
	}
}

func TestBlocked(t *testing.T) {
	w := forgetest.New(forgetest.Repo{Forge: "github", Path: "stadt/wahl", Blocked: true, Files: map[string][]byte{"x": make([]byte, 4096)}})
	for _, token := range []bool{true, false} {
		f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, &wire{token: token})
		for _, path := range []string{"", "stadt"} {
			if repos, err := list(t, f, path); err != nil || repos["wahl"].State != crawler.Blocked {
				t.Errorf("token %t, Repos(%q): %+v, %v", token, path, repos["wahl"], err)
			}
		}
		if _, err := list(t, f, "stadt/wahl"); !errors.Is(err, registry.ErrForbidden) {
			t.Errorf("token %t: %v, want ErrForbidden", token, err)
		}
	}
}

// A page that GitHub cannot answer is asked for in halves.
func TestSmallerPages(t *testing.T) {
	timeout := func() *http.Response { return response(http.StatusBadGateway, `{"message":"Bad Gateway"}`) }
	inBody := func() *http.Response {
		return response(http.StatusOK, `{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}`)
	}
	half := func() *http.Response {
		return response(http.StatusOK, `{"data":{"p0":{"repositories":null},"n0":null},"errors":[{"path":["p0","repositories"],"message":"timeout"},{"path":["n0"],"message":"timeout"}]}`)
	}
	null := func() *http.Response {
		return response(http.StatusOK, `{"data":{"p0":{"repositories":{"pageInfo":{"hasNextPage":false},"nodes":[null]}}},
			"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED","path":["p0","repositories","nodes",0],"message":"Resource limits for this query exceeded."}]}`)
	}
	for name, tt := range map[string]struct {
		path   string
		answer func() *http.Response
		sizes  []int
	}{
		"bad gateway":         {"viel", timeout, []int{100, 50, 25, 35, 17, 18}},
		"error in the body":   {"viel", inBody, []int{100, 50, 25, 35, 17, 18}},
		"no list":             {"viel", half, []int{100, 50, 25, 35, 17, 18}},
		"node over the limit": {"viel", null, []int{100, 50, 25, 35, 17, 18}},
		"instance":            {"", timeout, []int{60, 30, 30}},
		"instance, no list":   {"", half, []int{60, 30, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true, answer: func(_ *http.Request, body []byte) *http.Response {
				if pageAsked(body) > 30 {
					return tt.answer()
				}
				return nil
			}}
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, many(60)).URL, wire)
			repos, err := list(t, f, tt.path)
			if err != nil || len(repos) != 60 {
				t.Errorf("%d repositories, %v", len(repos), err)
			}
			if !slices.Equal(wire.sizes, tt.sizes) {
				t.Errorf("pages of %d, want %d", wire.sizes, tt.sizes)
			}
		})
	}
}

// Where even one repository is too much, or a smaller page is no remedy, the
// listing fails.
func TestNoSmallerPage(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		sizes  []int
		want   error
	}{
		"down":        {http.StatusServiceUnavailable, `{}`, []int{100, 50, 25, 12, 6, 3, 1}, nil},
		"bad token":   {http.StatusUnauthorized, `{"message":"Bad credentials"}`, []int{100}, registry.ErrForbidden},
		"refused":     {http.StatusForbidden, `{"message":"No"}`, []int{100}, registry.ErrForbidden},
		"forbidden":   {http.StatusOK, `{"data":{"p0":null},"errors":[{"type":"FORBIDDEN","message":"SSO"}]}`, []int{100}, registry.ErrForbidden},
		"no such one": {http.StatusOK, `{"data":{"p0":null}}`, []int{100}, registry.ErrNotFound},
		"bad query":   {http.StatusOK, `{"errors":[{"message":"no field","extensions":{"code":"undefinedField"}}]}`, []int{100}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true, answer: func(*http.Request, []byte) *http.Response { return response(tt.status, tt.body) }}
			repos, err := list(t, newForge(t, "http://forge.invalid", wire), "viel")
			if err == nil || len(repos) != 0 {
				t.Fatalf("%d repositories, %v", len(repos), err)
			}
			for _, sentinel := range []error{registry.ErrForbidden, registry.ErrNotFound} {
				if errors.Is(err, sentinel) != (sentinel == tt.want) {
					t.Errorf("%v: is %v: %t", err, sentinel, errors.Is(err, sentinel))
				}
			}
			if !strings.Contains(err.Error(), "repositories of viel on forge.invalid") {
				t.Errorf("%q does not say what was asked for", err)
			}
			if !slices.Equal(wire.sizes, tt.sizes) {
				t.Errorf("pages of %d, want %d", wire.sizes, tt.sizes)
			}
		})
	}
}

// An instance without GraphQL, or one that never answers it usefully, is listed
// over REST; what its address says of itself is said of no repository.
func TestNoGraphQL(t *testing.T) {
	query := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/graphql") }
	for name, answer := range map[string]func(*http.Request) (*http.Response, error){
		"not found": func(*http.Request) (*http.Response, error) {
			return response(http.StatusNotFound, `{"message":"Not Found"}`), nil
		},
		"led astray":  func(*http.Request) (*http.Response, error) { return nil, fetch.ErrAstray },
		"guarded":     func(*http.Request) (*http.Response, error) { return nil, fetch.ErrGuarded },
		"without end": func(*http.Request) (*http.Response, error) { return nil, registry.ErrTooLarge },
	} {
		t.Run(name, func(t *testing.T) {
			w, listings, n := villages(10)
			server := conformance.NewServer(t, forgetest.GitHub, w).URL
			wire := &wire{token: true, fail: func(r *http.Request) (*http.Response, error) {
				if query(r) {
					return answer(r)
				}
				return nil, nil
			}}
			for _, listings := range [][]crawler.Listing{listings, {{}}} {
				repos, progress, err := listFrom(t, newForge(t, server, wire), listings...)
				if err != nil || len(repos) != n {
					t.Errorf("%d repositories of %d, %v", len(repos), n, err)
				}
				for path, p := range progress {
					if !p.Done || p.Err != nil && !errors.Is(p.Err, registry.ErrNotFound) {
						t.Errorf("%q: %+v", path, p)
					}
				}
			}
			f := newForge(t, server, wire)
			list, err := f.Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: server + "/dorf4/r4-0", ForgeID: "1"}}})
			if err == nil {
				err = list[0].Err
			}
			if err == nil || errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrForbidden) {
				t.Errorf("described: %v", err)
			}
		})
	}
}

// A 404 that is not GitHub's own word, such as a proxy's, says of no owner that
// it is gone.
func TestForeignNotFound(t *testing.T) {
	for body, gone := range map[string]bool{`{"message":"Not Found"}`: true, `{}`: false, `404 page not found`: false, ``: false} {
		wire := &wire{answer: func(*http.Request, []byte) *http.Response { return response(http.StatusNotFound, body) }}
		for _, path := range []string{"stadt", "stadt/wahl"} {
			if _, err := list(t, newForge(t, "http://forge.invalid", wire), path); err == nil || errors.Is(err, registry.ErrNotFound) != gone {
				t.Errorf("%s, 404 with %q: %v", path, body, err)
			}
		}
	}
}

// A repository over which GitHub fails spoils no others of its owner, and the
// listing does not claim to be complete.
func TestBrokenEntry(t *testing.T) {
	wire := &wire{answer: func(r *http.Request, _ []byte) *http.Response {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		if (page-1)*size < 177 && page*size >= 177 {
			return response(http.StatusInternalServerError, `{}`)
		}
		return nil
	}}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, many(230)).URL, wire)
	for _, path := range []string{"viel", ""} {
		repos, err := list(t, f, path)
		if err == nil || errors.Is(err, registry.ErrNotFound) || len(repos) != 229 {
			t.Errorf("%q: %d repositories, %v", path, len(repos), err)
		}
	}
}

// A page that leads to a private address is read in parts: it says nothing of
// the forge as a whole.
func TestPageLedAstray(t *testing.T) {
	s := conformance.NewServer(t, forgetest.GitHub, many(230))
	wire := &wire{next: conformance.Guarded(t, s.URL).HTTP().Transport, answer: func(r *http.Request, _ []byte) *http.Response {
		if q := r.URL.Query(); q.Get("page") != "2" || q.Get("per_page") != "100" {
			return nil
		}
		astray := response(http.StatusFound, "")
		astray.Header.Set("Location", "http://127.0.0.1:1/latest/meta-data")
		return astray
	}}
	if repos, err := list(t, newForge(t, s.URL, wire), "viel"); err != nil || len(repos) != 230 {
		t.Errorf("%d repositories, %v", len(repos), err)
	}
}

// A raw file without end is no large file where GitHub has told its size.
func TestEndlessFile(t *testing.T) {
	w := forgetest.New(forgetest.Repo{Forge: "github", Path: "stadt/wahl", Files: map[string][]byte{"publiccode.yml": []byte("name: \xff\n")}})
	wire := &wire{token: true, answer: func(r *http.Request, _ []byte) *http.Response {
		if strings.HasPrefix(r.URL.Path, "/raw/") {
			return response(http.StatusOK, strings.Repeat("x", crawler.MaxFileSize+1))
		}
		return nil
	}}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	repos, err := list(t, f, "stadt")
	if err != nil || len(repos) != 1 {
		t.Fatalf("%d repositories, %v", len(repos), err)
	}
	for _, r := range repos {
		tree, err := f.Files(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tree.Open("publiccode.yml"); err == nil || errors.Is(err, registry.ErrTooLarge) || !strings.Contains(err.Error(), "8 bytes") {
			t.Error(err)
		}
		if _, err := tree.Open("other"); !errors.Is(err, registry.ErrTooLarge) {
			t.Error(err)
		}
	}
}

// damage changes the answer of the stand-in to a query.
func damage(t *testing.T, change func(answer map[string]any, nodes []any) []any) func(*http.Request, []byte) *http.Response {
	return between(t, func(answer map[string]any, _ []byte) { //nolint:bodyclose // hands the answers on
		list := answer["data"].(map[string]any)["p0"].(map[string]any)["repositories"].(map[string]any)
		list["nodes"] = change(answer, list["nodes"].([]any))
	})
}

// between changes the answers to queries.
func between(t *testing.T, change func(answer map[string]any, query []byte)) func(*http.Request, []byte) *http.Response {
	return func(r *http.Request, body []byte) *http.Response {
		if !strings.HasSuffix(r.URL.Path, "/graphql") {
			return nil
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Error(err)
			return nil
		}
		defer resp.Body.Close()
		var answer map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			t.Error(err)
		}
		change(answer, body)
		text, err := json.Marshal(answer)
		if err != nil {
			t.Error(err)
		}
		return response(http.StatusOK, string(text))
	}
}

func failure(kind string, path ...any) map[string]any {
	return map[string]any{"type": kind, "message": "damaged", "path": append([]any{"p0", "repositories", "nodes"}, path...)}
}

// A refusal ends the listing of an instance at once.
func TestInstanceRefused(t *testing.T) {
	wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
		if pageAsked(body) > 0 {
			return response(http.StatusUnauthorized, `{"message":"Bad credentials"}`)
		}
		return nil
	}}
	repos, err := list(t, newForge(t, conformance.NewServer(t, forgetest.GitHub, many(130)).URL, wire), "")
	if !errors.Is(err, registry.ErrForbidden) || len(repos) != 0 || !slices.Equal(wire.sizes, []int{100}) {
		t.Errorf("%d repositories, %v, pages of %d", len(repos), err, wire.sizes)
	}
}

// One repository that cannot be had alone is left out of an instance.
func TestInstanceWithBrokenRepository(t *testing.T) {
	wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
		if bytes.Contains(body, []byte(`\"R_7\"`)) {
			return response(http.StatusBadGateway, `{}`)
		}
		return nil
	}}
	repos, err := list(t, newForge(t, conformance.NewServer(t, forgetest.GitHub, many(20)).URL, wire), "")
	if err == nil || !strings.Contains(err.Error(), "1 repositories") || len(repos) != 19 {
		t.Errorf("%d repositories, %v", len(repos), err)
	}
}

// A repository that fails does not take the others along.
func TestBrokenNodes(t *testing.T) {
	name := func(node any) string {
		return node.(map[string]any)["nameWithOwner"].(string)
	}
	for title, tt := range map[string]struct {
		change  func(answer map[string]any, nodes []any) []any
		repos   int
		wantErr string
		raw     bool // publiccode.yml of r3 has to be read from its raw address
	}{
		"refused": {change: func(answer map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i] = nil
					answer["errors"] = []any{failure("FORBIDDEN", i)}
				}
			}
			return nodes
		}, repos: 9},
		"lost": {change: func(answer map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i] = nil
					answer["errors"] = []any{failure("INTERNAL", i)}
				}
			}
			return nodes
		}, repos: 9, wantErr: "1 repositories"},
		"file failed": {change: func(answer map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i].(map[string]any)["yml"] = nil
					answer["errors"] = []any{failure("", i, "yml")}
				}
			}
			return nodes
		}, repos: 10, raw: true},
		"file altered": {change: func(_ map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i].(map[string]any)["yml"].(map[string]any)["text"] = "name: rX\n"
				}
			}
			return nodes
		}, repos: 10, raw: true},
		"name from elsewhere": {change: func(_ map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i].(map[string]any)["nameWithOwner"] = "../../r3"
				}
			}
			return nodes
		}, repos: 9, wantErr: "no name"},
		"private": {change: func(_ map[string]any, nodes []any) []any {
			for i := range nodes {
				if name(nodes[i]) == "viel/r3" {
					nodes[i].(map[string]any)["isPrivate"] = true
				}
			}
			return nodes
		}, repos: 9},
	} {
		t.Run(title, func(t *testing.T) {
			wire := &wire{token: true, answer: damage(t, tt.change)} //nolint:bodyclose // damage closes what it reads; its answer is in memory
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, many(10)).URL, wire)
			repos, err := list(t, f, "viel")
			if len(repos) != tt.repos {
				t.Errorf("%d repositories, want %d", len(repos), tt.repos)
			}
			if (err != nil) != (tt.wantErr != "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
			if r, ok := repos["r3"]; ok {
				wire.asked = nil
				tree, err := f.Files(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				if text, err := fs.ReadFile(tree, "publiccode.yml"); err != nil || string(text) != "name: r3\n" {
					t.Errorf("read %q, %v", text, err)
				}
				if raw := len(wire.asked) == 1; raw != tt.raw {
					t.Errorf("asked %q", wire.asked)
				}
			}
		})
	}
}

// A forge that pages in circles is left.
func TestEndlessListing(t *testing.T) {
	for name, tt := range map[string]struct {
		token  bool
		path   string
		answer func(n int) (body, link string)
		fails  bool
	}{
		"cursors": {token: true, path: "viel", fails: true, answer: func(n int) (string, string) {
			return fmt.Sprintf(`{"data":{"p0":{"repositories":{"pageInfo":{"hasNextPage":true,"endCursor":"%d"},
				"nodes":[{"databaseId":1,"nameWithOwner":"viel/r1"}]}}}}`, n%3), ""
		}},
		"no cursor": {token: true, path: "viel", fails: true, answer: func(int) (string, string) {
			return `{"data":{"p0":{"repositories":{"pageInfo":{"hasNextPage":true},
				"nodes":[{"databaseId":1,"nameWithOwner":"viel/r1"}]}}}}`, ""
		}},
		"same page":     {path: "viel", answer: func(int) (string, string) { return restPage, "?page=1" }},
		"same content":  {path: "viel", fails: true, answer: func(n int) (string, string) { return restPage, fmt.Sprintf("?page=%d", n+1) }},
		"same instance": {path: "", fails: true, answer: func(n int) (string, string) { return restPage, "?since=1" }},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			wire := &wire{token: tt.token, answer: func(r *http.Request, _ []byte) *http.Response {
				if n++; n > 10 {
					t.Fatalf("%s is asked for again and again", r.URL)
				}
				body, link := tt.answer(n)
				resp := response(http.StatusOK, body)
				if link != "" {
					resp.Header.Set("Link", "<http://forge.invalid/"+link+`>; rel="next"`)
				}
				return resp
			}}
			repos, err := list(t, newForge(t, "http://forge.invalid", wire), tt.path)
			if (err != nil) != tt.fails || len(repos) != 1 {
				t.Errorf("%d repositories, %v", len(repos), err)
			}
		})
	}
}

const restPage = `[{"id":1,"size":9,"full_name":"viel/r1","owner":{"login":"viel"}}]`

// The library would refuse further requests by itself; waiting is the HTTP
// client's.
func TestRateLimitIsLeftToTheClient(t *testing.T) {
	for _, token := range []bool{true, false} {
		n := 0
		wire := &wire{token: token, answer: func(*http.Request, []byte) *http.Response {
			n++
			resp := response(http.StatusForbidden, `{"message":"limit","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`)
			resp.Header.Set("X-RateLimit-Limit", "60")
			resp.Header.Set("X-RateLimit-Remaining", "0")
			resp.Header.Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10))
			resp.Header.Set("Retry-After", "3600")
			return resp
		}}
		f := newForge(t, "http://forge.invalid", wire)
		for range 3 {
			if _, err := list(t, f, "viel/r"); err == nil || errors.Is(err, registry.ErrForbidden) {
				t.Errorf("token %t: %v, want an error that is not ErrForbidden", token, err)
			}
		}
		if n != 3 {
			t.Errorf("token %t: %d requests, want 3", token, n)
		}
	}
}

func TestErrors(t *testing.T) {
	for status, want := range map[int]error{
		http.StatusNotFound:                   registry.ErrNotFound,
		http.StatusUnauthorized:               registry.ErrForbidden,
		http.StatusForbidden:                  registry.ErrForbidden,
		http.StatusUnavailableForLegalReasons: registry.ErrForbidden,
		http.StatusInternalServerError:        nil,
	} {
		wire := &wire{answer: func(r *http.Request, _ []byte) *http.Response { return response(status, `{"message":"no"}`) }}
		f := newForge(t, "http://forge.invalid", wire)
		for _, path := range []string{"", "stadt", "stadt/wahl"} {
			_, err := list(t, f, path)
			if err == nil {
				t.Fatalf("%d for %q: no error", status, path)
			}
			for _, sentinel := range []error{registry.ErrNotFound, registry.ErrForbidden} {
				if errors.Is(err, sentinel) != (sentinel == want) {
					t.Errorf("%d for %q: %v", status, path, err)
				}
			}
		}
		tree, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: "http://forge.invalid/stadt/wahl"}})
		if err != nil {
			t.Fatal(err)
		}
		if want == registry.ErrNotFound {
			want = fs.ErrNotExist
		}
		_, err = tree.Open("x")
		for _, sentinel := range []error{fs.ErrNotExist, registry.ErrForbidden} {
			if err == nil || errors.Is(err, sentinel) != (sentinel == want) {
				t.Errorf("%d for a file: %v", status, err)
			}
		}
	}
}

// An owner that cannot be listed does not keep the rest of an instance away.
func TestInstanceWithBrokenOwner(t *testing.T) {
	w := many(3)
	w.Put(forgetest.Repo{Forge: "github", Path: "kaputt/r", ID: 2_000})
	wire := &wire{answer: func(r *http.Request, _ []byte) *http.Response {
		if strings.Contains(r.URL.Path, "/users/kaputt/") {
			return response(http.StatusTeapot, `{}`)
		}
		return nil
	}}
	repos, err := list(t, newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire), "")
	if err == nil || !strings.Contains(err.Error(), "kaputt") || len(repos) != 3 {
		t.Errorf("%d repositories, %v", len(repos), err)
	}
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct {
		base  string
		token bool
		path  string
		want  []string
	}{
		{"https://github.com", true, "stadt", []string{"https://api.github.com/graphql"}},
		{"https://www.github.com/", true, "stadt/wahl", []string{"https://api.github.com/graphql"}},
		{"http://GitHub.com", false, "stadt/wahl", []string{"https://api.github.com/repos/stadt/wahl"}},
		{"https://ghe.example", true, "stadt", []string{"https://ghe.example/api/graphql"}},
		{"https://GHE.example:8443/", false, "stadt/wahl", []string{"https://ghe.example:8443/api/v3/repos/stadt/wahl"}},
		{"https://host.example/github", true, "", []string{"https://host.example/github/api/v3/repositories"}},
	} {
		var got []string
		wire := &wire{token: tt.token, answer: func(r *http.Request, _ []byte) *http.Response {
			got = append(got, r.URL.String())
			if strings.HasSuffix(r.URL.Path, "/graphql") {
				return response(http.StatusOK, `{"data":{"p0":null}}`)
			}
			return response(http.StatusNotFound, `{"message":"Not Found"}`)
		}}
		if _, err := list(t, newForge(t, tt.base, wire), tt.path); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("%s: %v", tt.base, err)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: asked %q, want %q", tt.base, got, tt.want)
		}
	}
	t.Run("raw", func(t *testing.T) {
		for base, want := range map[string]string{
			"https://github.com":          "https://raw.githubusercontent.com/stadt/wahl/HEAD/a%20b%23c.txt",
			"https://ghe.example":         "https://ghe.example/raw/stadt/wahl/HEAD/a%20b%23c.txt",
			"https://host.example/github": "https://host.example/github/raw/stadt/wahl/HEAD/a%20b%23c.txt",
		} {
			var got string
			wire := &wire{answer: func(r *http.Request, _ []byte) *http.Response {
				got = r.URL.String()
				return response(http.StatusOK, "text")
			}}
			tree, err := newForge(t, base, wire).Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: base + "/stadt/wahl"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tree.Open("a b#c.txt"); err != nil || got != want {
				t.Errorf("asked %s, %v, want %s", got, err, want)
			}
		}
	})
	t.Run("another host's repository", func(t *testing.T) {
		f := newForge(t, "https://ghe.example", &wire{})
		for _, address := range []string{"https://github.com/stadt/wahl", "https://ghe.example", "https://ghe.example/stadt", "https://ghe.example/stadt/wahl/x", "https://ghe.example/../x", ""} {
			if _, err := f.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: address}}); !errors.Is(err, registry.ErrInvalid) {
				t.Errorf("Files of %q: %v", address, err)
			}
		}
	})
	t.Run("no address", func(t *testing.T) {
		for _, base := range []string{"", "github.com", "ftp://github.com", "https://"} {
			u, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := github.New(u, nil, github.Options{}); !errors.Is(err, registry.ErrInvalid) {
				t.Errorf("New(%q): %v", base, err)
			}
		}
		if _, err := github.New(nil, nil, github.Options{}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("New(nil): %v", err)
		}
	})
	t.Run("all of github.com", func(t *testing.T) {
		wire := &wire{token: true}
		if _, err := list(t, newForge(t, "https://github.com", wire), ""); !errors.Is(err, registry.ErrInvalid) || len(wire.asked) != 0 {
			t.Errorf("%v after %q", err, wire.asked)
		}
	})
}

// TestSchema holds the queries against GitHub's published schema, where it is
// at hand.
func TestSchema(t *testing.T) {
	const file = "../../../shared/contracts/github.graphql"
	schema, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the schema is not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range github.CheckQueries(string(schema)) {
		t.Error(problem)
	}
}
