// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

// repo is a project of a world with one file.
func repo(path string) forgetest.Repo {
	return forgetest.Repo{Forge: crawler.GitLab, Path: path, Files: map[string][]byte{"publiccode.yml": []byte("name: x\n")}}
}

// world serves a world over GraphQL and REST, and notes what it is asked.
func world(t *testing.T, repos ...forgetest.Repo) (*gitlab.Forge, *conformance.Recorder) {
	t.Helper()
	return served(t, forgetest.GitLab, repos...)
}

func served(t *testing.T, standIn func(*forgetest.World, string) http.Handler, repos ...forgetest.Repo) (*gitlab.Forge, *conformance.Recorder) {
	t.Helper()
	a := &conformance.Recorder{}
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		a.Next = standIn(w, base)
		return a
	}, forgetest.New(repos...))
	return newForge(t, s.Client(), s.URL, gitlab.Options{}), a
}

// restOnly answers GraphQL with 404 and all else alike.
func restOnly(t *testing.T, handler http.HandlerFunc) *gitlab.Forge {
	t.Helper()
	return answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/graphql" {
			http.NotFound(w, r)
			return
		}
		handler(w, r)
	})
}

// answering serves every request alike.
func answering(t *testing.T, handler http.HandlerFunc) *gitlab.Forge {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return newForge(t, s.Client(), s.URL, gitlab.Options{})
}

func TestRequestsForLists(t *testing.T) {
	repos := []forgetest.Repo{
		repo("land/wald"), repo("land/amt/forst/karte"), repo("land/amt/akte"), repo("landkreis/bus"),
	}
	person := repo("erika/werkzeug")
	person.User = true
	repos = append(repos, person)
	for i := range 195 {
		repos = append(repos, repo(fmt.Sprintf("viele/r%03d", i)))
	}
	type requests struct{ first, again, known int } // known: nothing has changed
	for _, tt := range []struct {
		path          string
		want          int
		graphQL, rest requests
	}{
		{"", 200, requests{2, 2, 2}, requests{2, 2, 2}},
		{"viele", 195, requests{4, 4, 2}, requests{2, 2, 2}},
		{"land", 3, requests{2, 2, 1}, requests{1, 1, 1}},
		{"land/amt", 2, requests{3, 2, 1}, requests{2, 1, 1}}, // not a project
		{"LAND/Amt", 2, requests{2, 2, 1}, requests{1, 1, 1}}, // known by now
		{"land/amt/forst/karte", 1, requests{2, 2, 1}, requests{1, 1, 1}},
		{"erika", 1, requests{3, 2, 2}, requests{2, 1, 1}}, // not a group
	} {
		t.Run(tt.path, func(t *testing.T) {
			for name, standIn := range map[string]func(*forgetest.World, string) http.Handler{"GraphQL": forgetest.GitLab, "REST": forgetest.GitLabREST} {
				f, asked := served(t, standIn, repos...)
				want := tt.graphQL
				if name == "REST" {
					want = tt.rest
					_, _, _ = conformance.List(t.Context(), f, "niemand") // finds out
				}
				if tt.path == "LAND/Amt" {
					_, _, _ = conformance.List(t.Context(), f, "land/amt")
				}
				asked.Take()
				versions := make(map[string]string)
				for i, n := range []int{want.first, want.again, want.known} {
					listing := crawler.Listing{Path: tt.path}
					if i == 2 {
						listing.Known = func(r crawler.Repo) bool { return versions[r.URL] == r.Version }
					}
					repos := 0
					for page, err := range f.Repos(t.Context(), []crawler.Listing{listing}) {
						if err != nil {
							t.Fatal(err)
						}
						for _, r := range page.Repos {
							versions[r.URL] = r.Version
							repos++
						}
					}
					if repos != tt.want {
						t.Errorf("%s, time %d: %d projects, want %d", name, i+1, repos, tt.want)
					}
					if urls := asked.Take(); len(urls) != n {
						t.Errorf("%s, time %d: %d requests, want %d: %q", name, i+1, len(urls), n, urls)
					}
				}
			}
		})
	}
}

func TestGroupWithSubgroups(t *testing.T) {
	for _, standIn := range []func(*forgetest.World, string) http.Handler{forgetest.GitLab, forgetest.GitLabREST} {
		f, asked := served(t, standIn, repo("land/wald"), repo("land/amt/forst/karte"), repo("landkreis/bus"))
		paths, _, err := conformance.List(t.Context(), f, "land")
		if want := []string{"land/amt/forst/karte", "land/wald"}; err != nil || !slices.Equal(paths, want) {
			t.Errorf("listed %q, %v, want %q", paths, err, want)
		}
		for _, url := range asked.Take() {
			for _, want := range []string{"with_shared=false", "visibility=public", "include_subgroups=true", "per_page=100"} {
				if strings.HasPrefix(url, "/api/v4") && !strings.Contains(url, want) {
					t.Errorf("asked %q, want %s in it", url, want)
				}
			}
		}
	}
}

// A path of digits is a number to GitLab, and may be somebody else's.
func TestNumericPath(t *testing.T) {
	f := restOnly(t, func(w http.ResponseWriter, r *http.Request) {
		conformance.Reply(http.StatusOK, "application/json", `[{"id":1,"path_with_namespace":"stadt/wahl","default_branch":"main"}]`)(w, r)
	})
	if _, repos, err := conformance.List(t.Context(), f, "4711"); !errors.Is(err, registry.ErrNotFound) || len(repos) != 0 {
		t.Errorf("%v, %v, want ErrNotFound", repos, err)
	}
}

func TestProject(t *testing.T) {
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	const member = `"id":7,"path_with_namespace":"stadt/wahl","web_url":"https://elsewhere.example/stadt/wahl","default_branch":"main",
		"created_at":"2020-01-02T03:04:05.678+02:00","last_activity_at":"2025-06-01T10:00:00.000Z","visibility":"public"`
	for _, tt := range []struct {
		name, json string
		want       func(crawler.Repo) bool
	}{
		{"address is the instance's own", member, func(r crawler.Repo) bool {
			return strings.HasSuffix(r.URL, "/stadt/wahl") && !strings.Contains(r.URL, "elsewhere")
		}},
		{"times", member, func(r crawler.Repo) bool {
			return r.Created.Equal(time.Date(2020, 1, 2, 1, 4, 5, 678e6, time.UTC)) && r.Pushed.Equal(time.Date(2025, 6, 1, 10, 0, 0, 0, time.UTC))
		}},
		{"to a stranger", `"id":7,"path_with_namespace":"stadt/wahl","default_branch":"main"`, func(r crawler.Repo) bool {
			return r.State == crawler.Readable && !r.Fork && !r.Archived && r.Version == "" && r.ForgeID == "7" && r.Pushed.IsZero()
		}},
		{"no default branch", `"id":7,"path_with_namespace":"stadt/wahl","default_branch":null`, func(r crawler.Repo) bool { return r.State == crawler.Empty }},
		{"empty", member + `,"empty_repo":true`, func(r crawler.Repo) bool { return r.State == crawler.Empty }},
		{"repository switched off", member + `,"repository_access_level":"disabled"`, func(r crawler.Repo) bool { return r.State == crawler.Blocked }},
		{"repository for members", member + `,"repository_access_level":"private"`, func(r crawler.Repo) bool { return r.State == crawler.Blocked }},
		{"fork", member + `,"forked_from_project":{"id":3,"path_with_namespace":"land/amt/wahl"}`, func(r crawler.Repo) bool {
			return r.Fork && strings.HasSuffix(r.Parent, "/land/amt/wahl")
		}},
		{"old topics", member + `,"tag_list":["karte"]`, func(r crawler.Repo) bool { return slices.Equal(r.Topics, []string{"karte"}) }},
		{"odd path", `"id":7,"path_with_namespace":"stadt/wahl kreis?#","default_branch":"main"`, func(r crawler.Repo) bool {
			return strings.HasSuffix(r.URL, "/stadt/wahl%20kreis%3F%23")
		}},
		{"activity long ago", member, func(r crawler.Repo) bool { return r.Version != "" }},
		{"mirror", member + `,"mirror":true`, func(r crawler.Repo) bool { return r.Version == "" }},
		{"activity just now", strings.Replace(member, "T10:00:00", "T10:31:00", 1), func(r crawler.Repo) bool { return r.Version == "" }},
		{"activity ahead of our clock", strings.Replace(member, "T10:00:00", "T14:00:00", 1), func(r crawler.Repo) bool { return r.Version == "" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(conformance.Reply(http.StatusOK, "application/json", "{"+tt.json+"}")) // no GraphQL either
			defer s.Close()
			f := newForge(t, s.Client(), s.URL, gitlab.Options{Now: func() time.Time { return now }})
			_, repos, err := conformance.List(t.Context(), f, "stadt/wahl")
			if err != nil || len(repos) != 1 || !tt.want(repos[0]) {
				t.Errorf("%+v, %v", repos, err)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	const before = `{"id":7,"path_with_namespace":"a/b","default_branch":"main","last_activity_at":"2024-01-01T00:00:00Z","star_count":1,"description":"x","archived":false}`
	body := before
	f := restOnly(t, func(w http.ResponseWriter, r *http.Request) {
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	look := func() string {
		_, repos, err := conformance.List(t.Context(), f, "a/b")
		if err != nil || len(repos) != 1 || repos[0].Version == "" {
			t.Fatalf("%+v, %v", repos, err)
		}
		return repos[0].Version
	}
	first := look()
	for _, tt := range []struct {
		name, from, to string
		same           bool
	}{
		{"nothing", "", "", true},
		{"a star more", `"star_count":1`, `"star_count":2`, true},
		{"activity", "2024-01-01", "2024-01-02", false},
		{"another default branch", "main", "trunk", false},
		{"archived", `"archived":false`, `"archived":true`, false},
		{"another description", `"x"`, `"y"`, false},
	} {
		body = strings.Replace(before, tt.from, tt.to, 1)
		if got := look(); (got == first) != tt.same {
			t.Errorf("%s: version %q after %q", tt.name, got, first)
		}
	}
}

func TestNotPublic(t *testing.T) {
	const private = `{"id":7,"path_with_namespace":"stadt/geheim","default_branch":"main","visibility":"private"}`
	f := restOnly(t, func(w http.ResponseWriter, r *http.Request) {
		body := "[" + private + `,{"id":8,"path_with_namespace":"stadt/offen","default_branch":"main","visibility":"public"}]`
		if strings.HasPrefix(r.URL.EscapedPath(), "/api/v4/projects/") {
			body = private
		}
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	for _, path := range []string{"", "stadt"} {
		if paths, _, err := conformance.List(t.Context(), f, path); err != nil || !slices.Equal(paths, []string{"stadt/offen"}) {
			t.Errorf("Repos(%q): %q, %v", path, paths, err)
		}
	}
	if _, _, err := conformance.List(t.Context(), f, "stadt/geheim"); !errors.Is(err, registry.ErrForbidden) {
		t.Errorf("alone: %v, want ErrForbidden", err)
	}
}

func TestRefusals(t *testing.T) {
	for status, want := range map[int]error{
		http.StatusUnauthorized:               registry.ErrForbidden,
		http.StatusForbidden:                  registry.ErrForbidden,
		http.StatusUnavailableForLegalReasons: registry.ErrForbidden,
		http.StatusNotFound:                   registry.ErrNotFound,
		http.StatusGone:                       registry.ErrGone,
		http.StatusInternalServerError:        nil,
		http.StatusTooManyRequests:            nil,
	} {
		requests := 0
		f := restOnly(t, func(w http.ResponseWriter, r *http.Request) {
			requests++
			conformance.Reply(status, "application/json", fmt.Sprintf(`{"message":"%d says the forge"}`, status))(w, r)
		})
		_, _, err := conformance.List(t.Context(), f, "stadt")
		known := errors.Is(err, registry.ErrForbidden) || errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone)
		if err == nil || want != nil && !errors.Is(err, want) || want == nil && known {
			t.Errorf("%d: %v, want %v", status, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), "/stadt") {
			t.Errorf("%d: %q does not name what was asked for", status, err)
		}
		want := map[int]int{
			http.StatusNotFound:            2, // as a group and as a user
			http.StatusInternalServerError: 7, // smaller pages are tried
		}
		if requests != max(1, want[status]) {
			t.Errorf("%d: %d requests, want %d", status, requests, max(1, want[status]))
		}
	}
}

// A project over which GitLab fails spoils no others, and the listing does not
// claim to be complete.
func TestBrokenEntry(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 230 {
		repos = append(repos, repo(fmt.Sprintf("viele/r%03d", i)))
	}
	f, asked := served(t, forgetest.GitLabREST, repos...)
	standIn := asked.Next
	asked.Next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		if (page-1)*size < 177 && page*size >= 177 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		standIn.ServeHTTP(w, r)
	})
	_, listed, err := conformance.List(t.Context(), f, "viele")
	if err == nil || !strings.Contains(err.Error(), "cannot be listed") || errors.Is(err, registry.ErrNotFound) || len(listed) != 229 {
		t.Errorf("%d projects, %v", len(listed), err)
	}
}

// Nothing that an instance answers may bring the crawler down or keep it busy
// for ever.
func TestHostileLists(t *testing.T) {
	const one = `[{"id":1,"path_with_namespace":"stadt/wahl","default_branch":"main"}]`
	for _, tt := range []struct{ name, body, link, next string }{
		{name: "null", body: `null`},
		{name: "nulls", body: `[null,null]`},
		{name: "an object", body: `{}`},
		{name: "a text", body: `"x"`},
		{name: "broken", body: `[{"id":1`},
		{name: "impossible paths", body: `[{"id":1,"path_with_namespace":"../../x"},{"id":2,"path_with_namespace":"x"},{"id":3},{"id":4,"path_with_namespace":"/etc"}]`},
		{name: "the same page for ever", body: one, link: `<http://x/?id_after=1>; rel="next"`},
		{name: "the same page number for ever", body: one, next: "1"},
		{name: "empty pages for ever", body: `[]`, next: "2", link: `<http://x/?id_after=1>; rel="next"`},
		{name: "a link without relation", body: one, link: `<http://x/>; rel`},
		{name: "a link of nothing", body: one, link: `;;;,;`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := answering(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Link", tt.link)
				w.Header().Set("X-Next-Page", tt.next)
				conformance.Reply(http.StatusOK, "application/json", tt.body)(w, r)
			})
			for _, path := range []string{"", "stadt", "stadt/wahl"} {
				_, repos, _ := conformance.List(t.Context(), f, path)
				for _, r := range repos {
					if !strings.HasSuffix(r.URL, "/stadt/wahl") {
						t.Errorf("Repos(%q): listed %s", path, r.URL)
					}
				}
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func FuzzAnswers(f *testing.F) {
	f.Add(200, `[{"id":1,"path_with_namespace":"a/b"}]`, `<http://x/?page=2>; rel="next"`, "2")
	f.Add(200, `{"id":1,"path_with_namespace":"a/b","forked_from_project":{}}`, `;`, "x")
	f.Add(404, `{"message":"404 File Not Found"}`, "", "")
	f.Add(403, `{"message":{"a":["b"]},"error":null}`, "", "")
	f.Add(200, `{"data":{"projects":{"nodes":[null,{"id":"gid://gitlab/Project/1","fullPath":"a/b","isForked":true,"topics":[null],
		"languages":[null,{"name":"Go","share":-1}],"openIssuesCount":-1,"issues":{"nodes":[null,{"iid":"x","labels":{"nodes":[null,{}]}}]},
		"repository":{"rootRef":"x","tree":{"lastCommit":{"sha":"x"},"blobs":{"nodes":[null,{"name":"../x"}]},"trees":{"nodes":null}},
		"blobs":{"nodes":[null,{"path":"publiccode.yml","oid":"x","rawTextBlob":"x"}]}}}],"pageInfo":null},
		"g0":{"projects":{"nodes":[{"id":"gid://gitlab/Project/2","fullPath":"../b"}],"pageInfo":{"hasNextPage":true,"endCursor":"x"}}},"p0":null}}`, "", "")
	f.Add(200, `{"errors":[null],"data":{}}`, "", "")
	f.Add(200, `{"errors":[{"message":"Query has complexity of 0, which exceeds max complexity of 0"}]}`, "", "")
	f.Fuzz(func(t *testing.T, status int, body, link, next string) {
		if status < 200 || status > 599 {
			return
		}
		forge := newForge(t, &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.Header().Set("Link", link)
			w.Header().Set("X-Next-Page", next)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			resp := w.Result()
			resp.Request = r
			return resp, nil
		})}, "http://gitlab.example", gitlab.Options{})
		for _, path := range []string{"", "a", "a/b"} {
			_, repos, _ := conformance.List(t.Context(), forge, path)
			for _, r := range repos {
				if id, err := registry.ParseID(r.URL); err != nil || id.Host() != "gitlab.example" {
					t.Errorf("listed %q: %v", r.URL, err)
				}
			}
			described, err := forge.Describe(t.Context(), repos)
			if err == nil && len(described) != len(repos) {
				t.Errorf("%d descriptions of %d projects", len(described), len(repos))
			}
		}
		tree, err := forge.Files(t.Context(), crawler.Repo{Repository: registry.Repository{ForgeID: "1"}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = tree.Open("publiccode.yml")
		if commit, err := tree.Commit(); err == nil && len(commit) != 40 && len(commit) != 64 {
			t.Errorf("commit %q", commit)
		}
	})
}
