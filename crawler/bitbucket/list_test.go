// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/bitbucket"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// repo is a repository of a world with one file.
func repo(path string) forgetest.Repo {
	return forgetest.Repo{Forge: crawler.Bitbucket, Path: path, Files: map[string][]byte{"publiccode.yml": []byte("name: x\n")}}
}

// serve serves a world and notes what it is asked.
func serve(t *testing.T, w *forgetest.World, opt bitbucket.Options) (*bitbucket.Forge, *conformance.Recorder) {
	t.Helper()
	a := &conformance.Recorder{}
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		a.Next = forgetest.Bitbucket(w, base)
		return a
	}, w)
	return newForge(t, s.Client(), s.URL, opt), a
}

// answering serves every request alike.
func answering(t *testing.T, handler http.HandlerFunc) *bitbucket.Forge {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return newForge(t, s.Client(), s.URL, bitbucket.Options{})
}

func TestNew(t *testing.T) {
	for _, address := range []string{"ssh://bitbucket.org", "bitbucket.org", "https://", ""} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bitbucket.New(u, nil, bitbucket.Options{}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("New(%q): %v", address, err)
		}
	}
}

// wire notes the addresses asked for and answers as if nothing were there.
type wire struct{ asked []string }

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, req.URL.Scheme+"://"+req.URL.Host+req.URL.Path)
	rec := httptest.NewRecorder()
	rec.WriteHeader(http.StatusNotFound)
	return rec.Result(), nil
}

func TestAddressOfTheAPI(t *testing.T) {
	for base, want := range map[string]string{
		"https://bitbucket.org":         "https://api.bitbucket.org/2.0/repositories/amt/wahl",
		"http://www.Bitbucket.org/":     "https://api.bitbucket.org/2.0/repositories/amt/wahl",
		"https://stand-in.example/git/": "https://stand-in.example/git/2.0/repositories/amt/wahl",
	} {
		w := &wire{}
		f := newForge(t, &http.Client{Transport: w}, base, bitbucket.Options{})
		if _, _, err := conformance.List(t.Context(), f, "amt/wahl"); err == nil || errors.Is(err, registry.ErrNotFound) {
			t.Errorf("a 404 that is not Bitbucket's own: %v", err)
		}
		if !slices.Equal(w.asked, []string{want}) {
			t.Errorf("%s: asked %q, want %s", base, w.asked, want)
		}
	}
}

func TestRequestsForLists(t *testing.T) {
	repos := []forgetest.Repo{repo("land/wald")}
	for i := range 230 {
		repos = append(repos, repo(fmt.Sprintf("viele/r%03d", i)))
	}
	f, asked := serve(t, forgetest.New(repos...), bitbucket.Options{})
	for _, tt := range []struct {
		path           string
		want, requests int
	}{
		{"viele", 230, 3},
		{"/viele/", 230, 3},
		{"viele/workspace/projects/MAIN", 230, 3},
		{"viele/workspace/projects/OTHER", 0, 1},
		{"land", 1, 1},
		{"land/wald", 1, 1},
		{"land/wald.git", 1, 1},
	} {
		paths, repos, err := conformance.List(t.Context(), f, tt.path)
		if len(paths) != tt.want || err != nil {
			t.Errorf("Repos(%q): %d repositories, %v, want %d", tt.path, len(paths), err, tt.want)
		}
		for _, r := range repos {
			if r.Path != tt.path {
				t.Errorf("Path = %q, want %q", r.Path, tt.path)
			}
		}
		urls := asked.Take()
		if len(urls) != tt.requests {
			t.Errorf("Repos(%q): %d requests, want %d: %q", tt.path, len(urls), tt.requests, urls)
		}
		for _, u := range urls {
			if !strings.Contains(u, "/land/wald") && (!strings.Contains(u, "pagelen=100") || !strings.Contains(u, "is_private%3Dfalse")) {
				t.Errorf("asked %s", u)
			}
		}
	}
	for _, path := range []string{"", "/", "viele/r001/x", "../viele", "viele/workspace/projects/A B", `viele/workspace/projects/A" OR "`, "viele/.."} {
		if _, _, err := conformance.List(t.Context(), f, path); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("Repos(%q): %v, want ErrInvalid", path, err)
		}
	}
	if urls := asked.Take(); len(urls) != 0 {
		t.Errorf("paths that cannot be were asked for: %q", urls)
	}
}

// TestDeletedWhileListing: what goes meanwhile moves nothing else out of sight.
func TestDeletedWhileListing(t *testing.T) {
	w := forgetest.New()
	for i := range 250 {
		r := repo(fmt.Sprintf("viele/r%03d", i))
		r.Created = time.Date(2020, 1, 1, i, 0, 0, 0, time.UTC)
		w.Put(r)
	}
	f, _ := serve(t, w, bitbucket.Options{})
	n := 0
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele"}}) {
		if err != nil || page.Progress[0].Err != nil {
			t.Fatal(err, page.Progress[0].Err)
		}
		n += len(page.Repos)
		for i := range 60 {
			w.Remove(crawler.Bitbucket, fmt.Sprintf("viele/r%03d", i))
		}
	}
	if n != 250 {
		t.Errorf("%d repositories, want 250", n)
	}
}

// TestMadeAtOnce: an import makes many in the same moment.
func TestMadeAtOnce(t *testing.T) {
	w := forgetest.New()
	for i := range 350 {
		r := repo(fmt.Sprintf("viele/r%03d", i))
		r.Created = time.Date(2020, 1, 1+i/250, 0, 0, 0, 0, time.UTC)
		w.Put(r)
	}
	f, _ := serve(t, w, bitbucket.Options{})
	if paths, _, err := conformance.List(t.Context(), f, "viele"); err != nil || len(paths) != 350 {
		t.Errorf("%d repositories, %v", len(paths), err)
	}
}

func TestResume(t *testing.T) {
	w := forgetest.New()
	for i := range 230 {
		w.Put(repo(fmt.Sprintf("viele/r%03d", i)))
	}
	f, asked := serve(t, w, bitbucket.Options{})
	all := map[string]bool{}
	var after []string
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele"}}) {
		if err != nil {
			t.Fatal(err)
		}
		after = append(after, page.Progress[0].After)
		if len(after) == 1 {
			for _, r := range page.Repos {
				all[r.URL] = true
			}
		}
	}
	asked.Take()
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele", After: after[0]}}) {
		if err != nil || page.Progress[0].Err != nil {
			t.Fatal(err, page.Progress[0].Err)
		}
		for _, r := range page.Repos {
			all[r.URL] = true
		}
	}
	if n := len(asked.Take()); len(all) != 230 || n != 2 {
		t.Errorf("%d repositories, the rest by %d requests", len(all), n)
	}
	paths, _, err := conformance.List(t.Context(), f, "viele")
	if err != nil || len(paths) != 230 {
		t.Fatal(len(paths), err)
	}
	// A cursor that is none is that of the beginning.
	n := 0
	for page := range f.Repos(t.Context(), []crawler.Listing{{Path: "viele", After: "x OR is_private=true"}}) {
		n += len(page.Repos)
	}
	if n != 230 {
		t.Errorf("%d repositories after a broken cursor", n)
	}
}

func TestSeveralListings(t *testing.T) {
	f, _ := serve(t, forgetest.New(repo("a/x"), repo("b/y")), bitbucket.Options{})
	var got []string
	for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: "a"}, {Path: "niemand"}, {Path: "b/y"}}) {
		if err != nil {
			t.Fatal(err)
		}
		p := page.Progress[0]
		got = append(got, fmt.Sprintf("%s %d %t %t", p.Path, len(page.Repos), p.Done, errors.Is(p.Err, registry.ErrNotFound)))
	}
	if want := []string{"a 1 true false", "niemand 0 true true", "b/y 1 true false"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRepository(t *testing.T) {
	const plain = `"uuid":"{12ab}","full_name":"stadt/wahl","created_on":"2020-01-02T03:04:05.678901+02:00","updated_on":"2025-06-01T11:00:00+00:00"`
	const head = `,"mainbranch":{"name":"main","target":{"hash":"0123456789abcdef0123456789abcdef01234567","date":"2025-05-01T11:00:00+00:00"}}`
	for _, tt := range []struct {
		name, json string
		want       func(crawler.Repo) bool
	}{
		{"address is made", plain + `,"links":{"html":{"href":"https://anderswo.example/x"}}`, func(r crawler.Repo) bool {
			return strings.HasSuffix(r.URL, "/stadt/wahl") && strings.HasPrefix(r.URL, "http://127.0.0.1")
		}},
		{"id", plain, func(r crawler.Repo) bool { return r.ForgeID == "12ab" }},
		{"times", plain + head, func(r crawler.Repo) bool {
			return r.Created.Equal(time.Date(2020, 1, 2, 1, 4, 5, 678901000, time.UTC)) && r.Pushed.Equal(time.Date(2025, 5, 1, 11, 0, 0, 0, time.UTC))
		}},
		{"empty", plain + `,"mainbranch":null`, func(r crawler.Repo) bool { return r.State == crawler.Empty && r.Version == "" }},
		{"version", plain + head, func(r crawler.Repo) bool {
			return r.State == crawler.Readable && r.Version != "" && r.DefaultBranch == "main"
		}},
		{"without a commit", plain + `,"mainbranch":{"name":"main"}`, func(r crawler.Repo) bool { return r.State == crawler.Readable && r.Version == "" }},
		{"with half a commit", plain + `,"mainbranch":{"name":"main","target":{"hash":"0123/../x"}}`, func(r crawler.Repo) bool { return r.Version == "" }},
		{"fork", plain + `,"parent":{"full_name":"land/wahl"}`, func(r crawler.Repo) bool { return r.Fork && strings.HasSuffix(r.Parent, "/land/wahl") }},
		{"fork of a secret", plain + `,"parent":{}`, func(r crawler.Repo) bool { return r.Fork && r.Parent == "" }},
		{"no fork", plain + `,"parent":null`, func(r crawler.Repo) bool { return !r.Fork }},
		{"language", plain + `,"language":"html/css"`, func(r crawler.Repo) bool { return r.Language == "HTML" }},
		{"odd language", plain + `,"language":"brainfuck"`, func(r crawler.Repo) bool { return r.Language == "brainfuck" }},
		{"a date far off", strings.Replace(plain, "2020-", "9999-", 1), func(r crawler.Repo) bool { return r.Created.IsZero() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, list := range []bool{false, true} {
				body, path := "{"+tt.json+"}", "stadt/wahl"
				if list {
					body, path = `{"values":[null,`+body+`,`+body+`,{"uuid":"{p}","is_private":true,"full_name":"stadt/geheim"}]}`, "stadt"
				}
				f := answering(t, conformance.Reply(http.StatusOK, "application/json", body))
				_, repos, err := conformance.List(t.Context(), f, path)
				if err != nil || len(repos) != 1 || !tt.want(repos[0]) {
					t.Errorf("list %t: %+v, %v", list, repos, err)
				}
			}
		})
	}
}

func TestStrangeAnswers(t *testing.T) {
	anyError := errors.New("any")
	own := func(status int) http.HandlerFunc {
		return conformance.Reply(status, "application/json", `{"type":"error","error":{"message":"no"}}`)
	}
	json := func(body string) http.HandlerFunc { return conformance.Reply(http.StatusOK, "application/json", body) }
	odd := `{"values":[{"uuid":"{1}","full_name":"stadt/../geheim"},{"uuid":"{2}","full_name":"stadt/wahl"}]}`
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"404":                {own(404), registry.ErrNotFound},
		"410":                {own(410), registry.ErrGone},
		"401":                {own(401), registry.ErrForbidden},
		"403":                {own(403), registry.ErrForbidden},
		"451":                {own(451), registry.ErrForbidden},
		"500":                {own(500), anyError},
		"404 of a proxy":     {conformance.Reply(404, "text/html", "<h1>404</h1>"), anyError},
		"204":                {own(204), anyError},
		"HTML":               {conformance.Reply(200, "text/html", "<h1>Anmelden</h1>"), anyError},
		"broken JSON":        {json(`{"values":[`), anyError},
		"list as object":     {json(`{"values":{}}`), anyError},
		"odd name":           {json(odd), anyError},
		"broken next":        {json(`{"values":[],"next":"http://%zz"}`), anyError},
		"itself as the next": {json(`{"values":[{"uuid":"{2}","full_name":"stadt/wahl"}],"next":"/2.0/repositories/stadt?page=2"}`), anyError},
		"null":               {json(`null`), anyError},
		"null as values":     {json(`{"values":null}`), anyError},
		"empty list":         {json(`{"values":[]}`), nil},
		"too large":          {json(`"` + strings.Repeat("x", 5<<20) + `"`), registry.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			f := answering(t, tt.answer)
			_, repos, err := conformance.List(fetch.WithAttempts(t.Context(), 1), f, "stadt")
			if tt.want == nil && err != nil || tt.want != nil && (err == nil || tt.want != anyError && !errors.Is(err, tt.want)) {
				t.Errorf("%d repositories, %v, want %v", len(repos), err, tt.want)
			}
			if tt.want == anyError && errors.Is(err, registry.ErrNotFound) {
				t.Errorf("%v: nobody said that it is not there", err)
			}
			for _, r := range repos {
				if !strings.HasSuffix(r.URL, "/stadt/wahl") {
					t.Errorf("listed %s", r.URL)
				}
			}
		})
	}
	for name, body := range map[string]string{"nothing": "null", "private": `{"full_name":"stadt/wahl","is_private":true}`, "no name": `{}`} {
		f := answering(t, json(body))
		if _, repos, err := conformance.List(t.Context(), f, "stadt/wahl"); err == nil || len(repos) != 0 {
			t.Errorf("%s: %+v, %v", name, repos, err)
		}
	}
}

// TestNextStaysHere: of the address of the next page only the query counts.
func TestNextStaysHere(t *testing.T) {
	requests := 0
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		if r.URL.Path != "/2.0/repositories/stadt" {
			t.Errorf("asked %s", r.URL)
		}
		body := `{"values":[{"uuid":"{1}","full_name":"stadt/a"}],"next":"http://169.254.169.254/latest?page=2"}`
		if r.URL.Query().Get("page") == "2" {
			body = `{"values":[{"uuid":"{2}","full_name":"stadt/b"}]}`
		}
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	paths, _, err := conformance.List(t.Context(), f, "stadt")
	if err != nil || !slices.Equal(paths, []string{"stadt/a", "stadt/b"}) || requests != 2 {
		t.Errorf("%q, %v by %d requests", paths, err, requests)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(`{"values":[{"uuid":"{1}","full_name":"stadt/a","mainbranch":{"name":"main","target":{"hash":"0123456789abcdef0123456789abcdef01234567"}}}]}`)
	f.Add(`{"values":[null],"next":"?page=2"}`)
	f.Add(`{"full_name":"a/b","parent":{"full_name":"c/d"},"created_on":"2020-01-02T03:04:05Z"}`)
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	}))
	f.Cleanup(s.Close)
	base, err := url.Parse(s.URL)
	if err != nil {
		f.Fatal(err)
	}
	forge, err := bitbucket.New(base, s.Client(), bitbucket.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		body = answer
		for _, path := range []string{"stadt", "stadt/wahl"} {
			_, repos, _ := conformance.List(t.Context(), forge, path)
			for _, r := range repos {
				if _, err := registry.ParseID(r.URL); err != nil {
					t.Errorf("%+v: %v", r, err)
				}
			}
			if _, err := forge.Describe(t.Context(), repos); err != nil {
				t.Error(err)
			}
		}
	})
}
