// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

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
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// repo is a repository of a world with one file.
func repo(path string) forgetest.Repo {
	return forgetest.Repo{Forge: crawler.Forgejo, Path: path, Files: map[string][]byte{"publiccode.yml": []byte("name: x\n")}}
}

// world serves a world and notes what it is asked.
func world(t *testing.T, repos ...forgetest.Repo) (*forgejo.Forge, *conformance.Recorder) {
	t.Helper()
	a := &conformance.Recorder{}
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		a.Next = forgetest.Forgejo(w, base)
		return a
	}, forgetest.New(repos...))
	return newForge(t, s.Client(), s.URL, forgejo.Options{Now: conformance.Now}), a
}

// answering serves every request alike.
func answering(t *testing.T, handler http.HandlerFunc) *forgejo.Forge {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return newForge(t, s.Client(), s.URL, forgejo.Options{Now: conformance.Now})
}

func TestRequestsForLists(t *testing.T) {
	person := repo("erika/werkzeug")
	person.User = true
	repos := []forgetest.Repo{repo("land/wald"), person}
	for i := range 98 {
		repos = append(repos, repo(fmt.Sprintf("viele/r%03d", i)))
	}
	f, asked := world(t, repos...)
	for _, tt := range []struct {
		path           string
		want, requests int
	}{
		{"", 100, 2},
		{"viele", 98, 2},
		{"land", 1, 1},
		{"erika", 1, 1},
		{"viele/r007", 1, 1},
		{"viele/r007/x", 0, 0},
		{"../viele", 0, 0},
	} {
		paths, _, err := conformance.List(t.Context(), f, tt.path)
		if len(paths) != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("Repos(%q): %d repositories, %v, want %d", tt.path, len(paths), err, tt.want)
		}
		if urls := asked.Take(); len(urls) != tt.requests {
			t.Errorf("Repos(%q): %d requests, want %d: %q", tt.path, len(urls), tt.requests, urls)
		}
	}
}

// Instances cut pages to a size of their own, leave out what may not be seen,
// and tell more or less of what is to come.
func TestPages(t *testing.T) {
	const all = 20
	for _, tt := range []struct {
		name           string
		size           int
		link, total    bool
		hide, requests int // hide leaves every so many out
	}{
		{"all on one page", 50, true, true, 0, 1},
		{"pages of 7", 7, true, true, 0, 3},
		{"pages of 7, counted", 7, false, true, 0, 3},
		{"pages of 7, linked", 7, true, false, 0, 3},
		{"pages of 7, silent", 7, false, false, 0, 4},
		{"pages of 10, to the full, counted", 10, false, true, 0, 2},
		{"short pages", 7, true, true, 3, 3},
		{"empty pages", 1, true, true, 2, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			requests := 0
			f := answering(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				page, _ := strconv.Atoi(r.URL.Query().Get("page"))
				if r.URL.Query().Get("limit") != "50" {
					t.Errorf("asked %s", r.URL)
				}
				var items []string
				for i := (page - 1) * tt.size; i < min(page*tt.size, all); i++ {
					if tt.hide == 0 || i%tt.hide != 0 {
						items = append(items, fmt.Sprintf(`{"id":%d,"full_name":"viele/r%d"}`, i+1, i))
					}
				}
				if tt.total {
					w.Header().Set("X-Total-Count", strconv.Itoa(all))
				}
				if tt.link && all > tt.size {
					link := `<http://elsewhere.example/?page=1>; rel="first"`
					if page*tt.size < all {
						link = fmt.Sprintf(`<http://elsewhere.example/?page=%d>; rel="next",`, page+1) + link
					}
					w.Header().Set("Link", link)
				}
				conformance.Reply(http.StatusOK, "application/json", "["+strings.Join(items, ",")+"]")(w, r)
			})
			want := all
			if tt.hide > 0 {
				want -= (all + tt.hide - 1) / tt.hide
			}
			paths, _, err := conformance.List(t.Context(), f, "viele")
			if err != nil || len(paths) != want || requests != tt.requests {
				t.Errorf("%d repositories by %d requests, %v, want %d by %d", len(paths), requests, err, want, tt.requests)
			}
		})
	}
}

// Many owners are found in the instance's list, where that is shorter.
func TestRequestsForManyOwners(t *testing.T) {
	var repos []forgetest.Repo
	var owners []crawler.Listing
	for i := range 12 {
		owners = append(owners, crawler.Listing{Path: fmt.Sprintf("dorf%d", i)})
		for j := range 14 { // 168 in all, 4 pages
			repos = append(repos, repo(fmt.Sprintf("dorf%d/r%d", i, j)))
		}
	}
	f, asked := world(t, repos...)
	absent := append(slices.Clone(owners), crawler.Listing{Path: "niemand"}, crawler.Listing{Path: "dorf1/r1"}, crawler.Listing{Path: "dorf1/nichts"})
	for _, tt := range []struct {
		name               string
		listings           []crawler.Listing
		repos, errors, max int
	}{
		{"one", owners[:1], 14, 0, 1},
		{"three", owners[:3], 3 * 14, 0, 3},
		{"not worth it", owners[:3:3], 3 * 14, 0, 3},
		{"hardly worth it", owners[:4], 4 * 14, 0, 4},
		{"all", owners, 168, 0, 4},
		{"with absent ones", absent, 168 + 1, 2, 4 + 2},
		{"with the instance", append(slices.Clone(owners), crawler.Listing{}), 2 * 168, 0, 4},
	} {
		got, failed := 0, 0
		for page, err := range f.Repos(t.Context(), tt.listings) {
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			got += len(page.Repos)
			for _, p := range page.Progress {
				if p.Err != nil {
					failed++
				}
			}
		}
		if urls := asked.Take(); got != tt.repos || failed != tt.errors || len(urls) > tt.max {
			t.Errorf("%s: %d repositories, %d errors, %d requests, want %d, %d and at most %d: %q", tt.name, got, failed, len(urls), tt.repos, tt.errors, tt.max, urls)
		}
	}
}

// A large instance is not gone through for a few owners, nor is one that does
// not let its list be seen.
func TestOwnersOfALargeInstance(t *testing.T) {
	for name, search := range map[string]http.HandlerFunc{
		"large": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Total-Count", "100000")
			w.Header().Set("Link", `<http://x/?page=2>; rel="next"`)
			conformance.Reply(http.StatusOK, "application/json", `{"data":[{"id":1,"full_name":"x/y"}]}`)(w, r)
		},
		"closed": conformance.Reply(http.StatusForbidden, "application/json", `{"message":"no"}`),
	} {
		searches := 0
		f := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/search") {
				searches++
				search(w, r)
				return
			}
			owner := strings.Split(r.URL.Path, "/")[4]
			w.Header().Set("X-Total-Count", "1")
			conformance.Reply(http.StatusOK, "application/json", fmt.Sprintf(`[{"id":7,"full_name":"%s/r"}]`, owner))(w, r)
		})
		var listings []crawler.Listing
		for i := range 9 {
			listings = append(listings, crawler.Listing{Path: fmt.Sprintf("dorf%d", i)})
		}
		got := 0
		for page, err := range f.Repos(t.Context(), listings) {
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Progress {
				if p.Err != nil {
					t.Error(p.Err)
				}
			}
			got += len(page.Repos)
		}
		if got != 9 || searches != 1 {
			t.Errorf("%s: %d repositories, %d searches, want 9 and 1", name, got, searches)
		}
	}
}

// An instance's list that breaks off is made up for, from where it broke off.
func TestInstanceBreaksOff(t *testing.T) {
	var repos []forgetest.Repo
	var listings []crawler.Listing
	for i := range 12 {
		listings = append(listings, crawler.Listing{Path: fmt.Sprintf("dorf%d", i)})
		for j := range 14 {
			repos = append(repos, repo(fmt.Sprintf("dorf%d/r%d", i, j)))
		}
	}
	f, asked := world(t, repos...)
	standIn := asked.Next
	asked.Next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if first, last := asksFor(r); r.URL.Query().Get("sort") == "id" && first < 150 && last > 100 {
			conformance.Reply(http.StatusInternalServerError, "application/json", `{"message":"timeout"}`)(w, r)
			return
		}
		standIn.ServeHTTP(w, r)
	})
	seen := map[string]int{}
	for page, err := range f.Repos(t.Context(), append(listings, crawler.Listing{})) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Repos {
			seen[r.Path+" "+r.URL]++
		}
		for _, p := range page.Progress {
			if (p.Err != nil) != (p.Path == "" && p.Done) {
				t.Errorf("%q: %v", p.Path, p.Err)
			}
			if p.Err != nil && !strings.HasPrefix(p.After, "all.2.") {
				t.Errorf("goes on after %q", p.After)
			}
		}
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("%s is listed %d times", what, n)
		}
	}
	if len(seen) != 168+100 {
		t.Errorf("%d repositories, want 268", len(seen))
	}
}

// asksFor are the places in a list that a page is of: after first, up to last.
func asksFor(r *http.Request) (first, last int) {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	return (page - 1) * size, page * size
}

// A repository over which the instance fails spoils no others, and the listing
// does not claim to be complete.
func TestBrokenEntry(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 120 {
		repos = append(repos, repo(fmt.Sprintf("viel/r%03d", i)))
	}
	f, asked := world(t, repos...)
	standIn := asked.Next
	asked.Next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if first, last := asksFor(r); first < 77 && last >= 77 {
			conformance.Reply(http.StatusInternalServerError, "application/json", `{"message":"broken"}`)(w, r)
			return
		}
		standIn.ServeHTTP(w, r)
	})
	for _, path := range []string{"", "viel"} {
		_, listed, err := conformance.List(t.Context(), f, path)
		if err == nil || !strings.Contains(err.Error(), "broken") || errors.Is(err, registry.ErrNotFound) || len(listed) != 119 {
			t.Errorf("%q: %d repositories, %v", path, len(listed), err)
		}
	}
}

// What goes away while a list is gone through leaves nothing out.
func TestRepositoriesGoAway(t *testing.T) {
	for _, path := range []string{"", "viel"} {
		w := forgetest.New()
		for i := range 230 {
			r := repo(fmt.Sprintf("viel/r%03d", i))
			r.ID = int64(i + 1)
			w.Put(r)
		}
		s := conformance.NewServer(t, forgetest.Forgejo, w)
		f := newForge(t, s.Client(), s.URL, forgejo.Options{Now: conformance.Now})
		seen := map[string]bool{}
		next := 0
		for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: path}}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Repos {
				if seen[r.URL] {
					t.Errorf("%q: %s is listed twice", path, r.URL)
				}
				seen[r.URL] = true
			}
			for range 15 { // some that were listed
				w.Remove(crawler.Forgejo, fmt.Sprintf("viel/r%03d", next))
				next++
			}
		}
		for i := range 230 {
			if url := fmt.Sprintf("%s/viel/r%03d", s.URL, i); !seen[url] {
				t.Errorf("%q: %s is left out", path, url)
			}
		}
	}
}

// A place in a list that is far beyond its end, or that is none, is no obstacle.
func TestOddPositions(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 120 {
		r := repo(fmt.Sprintf("viel/r%03d", i))
		r.ID = int64(i + 1)
		repos = append(repos, r)
	}
	f, asked := world(t, repos...)
	for _, tt := range []struct {
		path, after    string
		want, requests int
	}{
		{"viel", "", 120, 3},
		{"viel", "own.2.100", 20, 2},
		{"viel", "own.3.100", 20, 3},
		{"viel", "own.900.100", 20, 4},
		{"viel", "all.2.100", 20, 3},
		{"viel", "own.3.120", 0, 1},
		{"", "all.2.100", 20, 2},
		{"", "own.2.100", 20, 3},
		{"viel", "own.-1.5", 120, 3},
		{"viel", "own.x.5", 120, 3},
		{"viel", "https://elsewhere.example", 120, 3},
		{"viel/r007", "own.1.8", 0, 1},
		{"viel/r007", "own.1.7", 1, 1},
	} {
		got := 0
		for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: tt.path, After: tt.after}}) {
			if err != nil {
				t.Fatalf("%q after %q: %v", tt.path, tt.after, err)
			}
			got += len(page.Repos)
		}
		if urls := asked.Take(); got != tt.want || len(urls) > tt.requests {
			t.Errorf("%q after %q: %d repositories by %d requests, want %d by %d: %q", tt.path, tt.after, got, len(urls), tt.want, tt.requests, urls)
		}
	}
}

// A list in another order than that of the numbers is listed in full, and taken
// up from its beginning.
func TestUnorderedList(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var items []string
		for i := (page - 1) * 10; i < min(page*10, 35); i++ {
			items = append(items, fmt.Sprintf(`{"id":%d,"full_name":"viele/r%d"}`, i*17%35+1, i))
		}
		w.Header().Set("X-Total-Count", "35")
		conformance.Reply(http.StatusOK, "application/json", "["+strings.Join(items, ",")+"]")(w, r)
	})
	got := 0
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele"}}) {
		if err != nil {
			t.Fatal(err)
		}
		got += len(page.Repos)
		for _, p := range page.Progress {
			if !p.Done {
				rest := 0
				for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele", After: p.After}}) {
					if err != nil {
						t.Fatal(err)
					}
					rest += len(page.Repos)
				}
				if rest != 35 {
					t.Errorf("after %q: %d repositories", p.After, rest)
				}
			}
		}
	}
	if got != 35 {
		t.Errorf("%d repositories, want 35", got)
	}
}

func TestInstanceListsEverything(t *testing.T) {
	f, asked := world(t, repo("land/wald"))
	if _, _, err := conformance.List(t.Context(), f, ""); err != nil {
		t.Fatal(err)
	}
	query := asked.Take()[0]
	for _, leavesOut := range []string{"archived=", "mode=", "template=", "q=", "uid="} {
		if strings.Contains(query, "&"+leavesOut) || strings.Contains(query, "?"+leavesOut) {
			t.Errorf("asked %s, which leaves some out", query)
		}
	}
	if !strings.Contains(query, "is_private=false") {
		t.Errorf("asked %s, which may take in private ones", query)
	}
}

func TestRepository(t *testing.T) {
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	const plain = `"id":7,"full_name":"stadt/wahl","html_url":"https://elsewhere.example/stadt/wahl","default_branch":"main",
		"created_at":"2020-01-02T03:04:05+02:00","updated_at":"2025-06-01T11:00:00Z"`
	for _, tt := range []struct {
		name, json string
		want       func(crawler.Repo) bool
	}{
		{"address is the instance's own", plain, func(r crawler.Repo) bool {
			return strings.HasSuffix(r.URL, "/stadt/wahl") && !strings.Contains(r.URL, "elsewhere")
		}},
		{"times", plain, func(r crawler.Repo) bool {
			return r.Created.Equal(time.Date(2020, 1, 2, 1, 4, 5, 0, time.UTC)) && r.Pushed.Equal(time.Date(2025, 6, 1, 11, 0, 0, 0, time.UTC))
		}},
		{"without times", `"id":7,"full_name":"stadt/wahl","created_at":"1970-01-01T00:00:00Z"`, func(r crawler.Repo) bool {
			return r.Created.IsZero() && r.Pushed.IsZero() && r.Version == ""
		}},
		{"empty", plain + `,"empty":true`, func(r crawler.Repo) bool { return r.State == crawler.Empty }},
		{"fork", plain + `,"fork":true,"parent":{"full_name":"land/wahl","html_url":"https://elsewhere.example/x/y"}`, func(r crawler.Repo) bool {
			return r.Fork && strings.HasSuffix(r.Parent, "/land/wahl") && !strings.Contains(r.Parent, "elsewhere")
		}},
		{"fork of nobody", plain + `,"fork":true,"parent":null`, func(r crawler.Repo) bool { return r.Fork && r.Parent == "" }},
		{"one licence", plain + `,"licenses":["EUPL-1.2"]`, func(r crawler.Repo) bool { return r.Licence == "EUPL-1.2" }},
		{"two licences", plain + `,"licenses":["EUPL-1.2","MIT"]`, func(r crawler.Repo) bool { return r.Licence == "" }},
		{"updated long ago", plain, func(r crawler.Repo) bool { return r.Version != "" }},
		{"updated just now", strings.Replace(plain, "T11:00:00", "T11:50:01", 1), func(r crawler.Repo) bool { return r.Version == "" }},
		{"updated ahead of our clock", strings.Replace(plain, "T11:00:00", "T13:00:00", 1), func(r crawler.Repo) bool { return r.Version == "" }},
		{"mirror", plain + `,"mirror":true,"mirror_updated":"2025-05-01T00:00:00Z"`, func(r crawler.Repo) bool { return r.Version != "" }},
		{"mirror of unknown age", plain + `,"mirror":true`, func(r crawler.Repo) bool { return r.Version == "" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := httptest.NewServer(conformance.Reply(http.StatusOK, "application/json", "{"+tt.json+"}"))
			defer s.Close()
			f := newForge(t, s.Client(), s.URL, forgejo.Options{Now: func() time.Time { return now }})
			_, repos, err := conformance.List(t.Context(), f, "stadt/wahl")
			if err != nil || len(repos) != 1 || !tt.want(repos[0]) {
				t.Errorf("%+v, %v", repos, err)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	const before = `{"id":7,"full_name":"a/b","default_branch":"main","updated_at":"2024-01-01T00:00:00Z","stars_count":1,"description":"x",
		"archived":false,"mirror":true,"mirror_updated":"2024-02-02T00:00:00Z"}`
	body := before
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
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
		{"a star more", `"stars_count":1`, `"stars_count":2`, true},
		{"a push", "2024-01-01", "2024-01-02", false},
		{"another default branch", "main", "trunk", false},
		{"archived", `"archived":false`, `"archived":true`, false},
		{"another description", `"x"`, `"y"`, false},
		{"a synchronisation", "2024-02-02", "2024-02-03", false},
		{"no mirror any more", `"mirror":true`, `"mirror":false`, false},
	} {
		body = strings.Replace(before, tt.from, tt.to, 1)
		if got := look(); (got == first) != tt.same {
			t.Errorf("%s: version %q after %q", tt.name, got, first)
		}
	}
}

func TestNotPublic(t *testing.T) {
	const private, internal = `{"id":7,"full_name":"stadt/geheim","private":true}`, `{"id":9,"full_name":"stadt/intern","internal":true}`
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body := "[" + private + "," + internal + `,{"id":8,"full_name":"stadt/offen"}]`
		switch {
		case strings.HasSuffix(r.URL.Path, "/search"):
			body = `{"ok":true,"data":` + body + "}"
		case strings.HasSuffix(r.URL.Path, "/geheim"):
			body = private
		case strings.HasSuffix(r.URL.Path, "/intern"):
			body = internal
		}
		w.Header().Set("X-Total-Count", "3")
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	for _, path := range []string{"", "stadt"} {
		if paths, _, err := conformance.List(t.Context(), f, path); err != nil || !slices.Equal(paths, []string{"stadt/offen"}) {
			t.Errorf("Repos(%q): %q, %v", path, paths, err)
		}
	}
	for _, path := range []string{"stadt/geheim", "stadt/intern"} {
		if _, _, err := conformance.List(t.Context(), f, path); !errors.Is(err, registry.ErrForbidden) {
			t.Errorf("%s: %v, want ErrForbidden", path, err)
		}
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
		for _, path := range []string{"", "stadt", "stadt/wahl"} {
			requests := 0
			f := answering(t, func(w http.ResponseWriter, r *http.Request) {
				requests++
				conformance.Reply(status, "application/json", fmt.Sprintf(`{"message":"%d says the forge"}`, status))(w, r)
			})
			_, _, err := conformance.List(t.Context(), f, path)
			known := errors.Is(err, registry.ErrForbidden) || errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone)
			if err == nil || want != nil && !errors.Is(err, want) || want == nil && known {
				t.Errorf("%q, %d: %v, want %v", path, status, err, want)
			}
			if err != nil && !strings.Contains(err.Error(), "http://127.0.0.1") || !strings.Contains(err.Error(), path) {
				t.Errorf("%q, %d: %q does not name what was asked for", path, status, err)
			}
			want := 1
			if status == http.StatusInternalServerError && path != "stadt/wahl" {
				want = 6 // smaller pages are tried
			}
			if requests != want {
				t.Errorf("%q, %d: %d requests, want %d", path, status, requests, want)
			}
		}
	}
}

// Nothing that an instance answers may bring the crawler down or keep it busy
// for ever.
func TestHostileLists(t *testing.T) {
	const one = `[{"id":1,"full_name":"stadt/wahl"}]`
	for _, tt := range []struct{ name, body, link, total string }{
		{name: "null", body: `null`},
		{name: "nulls", body: `[null,null]`},
		{name: "an object", body: `{}`},
		{name: "no data", body: `{"data":null}`},
		{name: "a text", body: `"x"`},
		{name: "broken", body: `[{"id":1`},
		{name: "impossible paths", body: `[{"id":1,"full_name":"../../x"},{"id":2,"full_name":"x"},{"id":3},{"id":4,"full_name":"a/b/c"}]`},
		{name: "the same page for ever", body: one},
		{name: "the same page for ever, linked", body: one, link: `<http://x/?page=1000000>; rel="next"`},
		{name: "the same page for ever, counted", body: one, total: "1000000"},
		{name: "empty pages for ever", body: `[]`, link: `<http://x/?page=1000000>; rel="next"`},
		{name: "odd headers", body: one, link: `;;;,;`, total: "-1"},
	} {
		for _, wrap := range []string{"%s", `{"data":%s}`} {
			t.Run(tt.name, func(t *testing.T) {
				f := answering(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Link", tt.link)
					if tt.total != "" {
						w.Header().Set("X-Total-Count", tt.total)
					}
					conformance.Reply(http.StatusOK, "application/json", fmt.Sprintf(wrap, tt.body))(w, r)
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
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func FuzzAnswers(f *testing.F) {
	f.Add(200, `[{"id":1,"full_name":"a/b"}]`, `<http://x/?page=2>; rel="next"`, "2")
	f.Add(200, `{"data":[{"id":1,"full_name":"a/b","parent":{}}]}`, `;`, "x")
	f.Add(200, `[{"sha":"x"}]`, "", "")
	f.Add(404, `{"message":"The target couldn't be found."}`, "", "")
	f.Add(403, `{"message":{"a":["b"]}}`, "", "")
	f.Fuzz(func(t *testing.T, status int, body, link, total string) {
		if n, err := strconv.Atoi(total); status < 200 || status > 599 || err == nil && n > 100 {
			return
		}
		forge := newForge(t, &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.Header().Set("Link", link)
			w.Header().Set("X-Total-Count", total)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			resp := w.Result()
			resp.Request = r
			return resp, nil
		})}, "http://forgejo.example", forgejo.Options{Now: conformance.Now})
		for _, path := range []string{"", "a", "a/b"} {
			_, repos, _ := conformance.List(t.Context(), forge, path)
			for _, r := range repos {
				if id, err := registry.ParseID(r.URL); err != nil || id.Host() != "forgejo.example" {
					t.Errorf("listed %q: %v", r.URL, err)
				}
			}
		}
		tree, err := forge.Files(t.Context(), crawler.Repo{Repository: registry.Repository{URL: "http://forgejo.example/a/b"}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = tree.Open("publiccode.yml")
		_, _ = tree.ReadDir("docs")
		out, err := forge.Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: "http://forgejo.example/a/b"}}})
		if err != nil || len(out) != 1 || (out[0].Activity == nil) != (out[0].Err != nil) {
			t.Errorf("described as %+v, %v", out, err)
		}
		if commit, err := tree.Commit(); err == nil && len(commit) != 40 && len(commit) != 64 {
			t.Errorf("commit %q", commit)
		}
	})
}
