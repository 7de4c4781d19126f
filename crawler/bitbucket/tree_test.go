// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/bitbucket"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

func one(t *testing.T, f crawler.Forge, path string) crawler.Repo {
	t.Helper()
	_, repos, err := conformance.List(t.Context(), f, path)
	if err != nil || len(repos) != 1 {
		t.Fatalf("Repos(%q): %d repositories, %v", path, len(repos), err)
	}
	return repos[0]
}

func tree(t *testing.T, f crawler.Forge, r crawler.Repo) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestRequestsForFiles(t *testing.T) {
	r := repo("stadt/wahl")
	r.Files["LICENSES/MIT.txt"], r.Files["docs/a/b.json"], r.Files["listing.json"] = []byte("x"), []byte("{"), []byte(`{"values":[],"pagelen":10}`)
	r.Files["x/listing.json"] = r.Files["listing.json"]
	r.Files["large"] = make([]byte, crawler.MaxFileSize+1)
	f, asked := serve(t, forgetest.New(r), bitbucket.Options{})
	tr := tree(t, f, one(t, f, "stadt/wahl"))
	asked.Take()
	for _, step := range []struct {
		name     string
		requests int
		do       func() error
		want     error
	}{
		{"not there", 1, func() error { _, err := tr.Open("publiccode.yaml"); return err }, fs.ErrNotExist},
		{"not there either", 0, func() error { _, err := tr.Open("README.md"); return err }, fs.ErrNotExist},
		{"commit", 0, func() error { _, err := tr.Commit(); return err }, nil},
		{"there", 1, func() error { _, err := tr.Open("publiccode.yml"); return err }, nil},
		{"too large", 0, func() error { _, err := tr.Open("large"); return err }, registry.ErrTooLarge},
		{"root", 0, func() error { _, err := tr.ReadDir("."); return err }, nil},
		{"a folder as file", 0, func() error { _, err := tr.Open("docs"); return err }, fs.ErrNotExist},
		{"a file as folder", 0, func() error { _, err := tr.ReadDir("publiccode.yml"); return err }, fs.ErrNotExist},
		{"below a file", 0, func() error { _, err := tr.Open("publiccode.yml/x/y"); return err }, fs.ErrNotExist},
		{"no folder", 0, func() error { _, err := tr.ReadDir("none"); return err }, fs.ErrNotExist},
		{"folder", 1, func() error { _, err := tr.ReadDir("LICENSES"); return err }, nil},
		{"folder again", 0, func() error { _, err := tr.ReadDir("LICENSES"); return err }, nil},
		{"file in it", 1, func() error { _, err := tr.Open("LICENSES/MIT.txt"); return err }, nil},
		{"none in it", 0, func() error { _, err := tr.Open("LICENSES/EUPL-1.2.txt"); return err }, fs.ErrNotExist},
		{"deep", 1, func() error { _, err := tr.Open("docs/a/b.json"); return err }, nil},
		{"deep folder as file", 1, func() error { _, err := tr.Open("docs/a"); return err }, fs.ErrNotExist},
		{"deep, none", 1, func() error { _, err := tr.Open("docs/a/c"); return err }, fs.ErrNotExist},
		{"deep file as folder", 1, func() error { _, err := tr.ReadDir("docs/a/b.json"); return err }, fs.ErrNotExist},
		{"a file like a listing", 1, func() error { _, err := tr.Open("listing.json"); return err }, nil},
		{"a deep file like a listing", 1, func() error { _, err := tr.Open("x/listing.json"); return err }, nil},
	} {
		if err := step.do(); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
		if urls := asked.Take(); len(urls) != step.requests {
			t.Errorf("%s: %d requests, want %d: %q", step.name, len(urls), step.requests, urls)
		}
	}
}

func TestLargeFolder(t *testing.T) {
	r := repo("stadt/wahl")
	for i := range crawler.MaxDirEntries + 200 {
		r.Files[fmt.Sprintf("a/%05d", i)] = nil
	}
	f, asked := serve(t, forgetest.New(r), bitbucket.Options{})
	tr := tree(t, f, one(t, f, "stadt/wahl"))
	asked.Take()
	entries, err := tr.ReadDir("a")
	if n := len(asked.Take()); err != nil || len(entries) != crawler.MaxDirEntries || n != 10 {
		t.Errorf("%d entries, %v by %d requests", len(entries), err, n)
	}
	// What lies behind the end of the listing can still be opened.
	if _, err := tr.Open("a/01150"); err != nil {
		t.Error(err)
	}
}

// TestOddFolders: nothing but what lies in the folder is in its listing.
func TestOddFolders(t *testing.T) {
	const hash = "0123456789abcdef0123456789abcdef01234567"
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body := `{"pagelen":100,"values":[null,{"path":"a","type":"commit_file","size":1},{"path":"b","type":"commit_directory"},{"path":"lib","type":"commit_file","attributes":["subrepository"]},
			{"path":"../x","type":"commit_file"},{"path":"b/c","type":"commit_file"},{"path":""},{"path":"link","type":"commit_file","attributes":["link"],"size":-5}],"next":"?page=2"}`
		switch {
		case strings.HasSuffix(r.URL.Path, "/stadt/wahl"):
			body = `{"uuid":"{1}","full_name":"stadt/wahl","mainbranch":{"name":"main","target":{"hash":"` + hash + `"}}}`
		case r.URL.Query().Get("page") == "2":
			body = `{"pagelen":100,"values":[],"next":"?page=3"}`
		case !strings.HasSuffix(r.URL.Path, "/stadt/wahl/src/"+hash+"/"):
			t.Errorf("asked %s", r.URL)
		}
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	entries, err := tree(t, f, one(t, f, "stadt/wahl")).ReadDir(".")
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.Name(), e.IsDir()))
	}
	if want := []string{"afalse", "btrue", "linkfalse"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestWithoutTheCommit: a list that does not bring the newest commit along costs
// one request more.
func TestWithoutTheCommit(t *testing.T) {
	w := forgetest.New()
	r := repo("stadt/wahl")
	r.Branch = "feature/ä"
	w.Put(r)
	asked := &conformance.Recorder{}
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		next := forgetest.Bitbucket(w, base)
		asked.Next = http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			q := req.URL.Query()
			if q.Has("q") {
				q.Set("fields", "next,values.uuid,values.full_name,values.mainbranch.name")
				req.URL.RawQuery = q.Encode()
			}
			next.ServeHTTP(rw, req)
		})
		return asked
	}, w)
	f := newForge(t, s.Client(), s.URL, bitbucket.Options{})
	listed := one(t, f, "stadt")
	if listed.Version != "" {
		t.Errorf("Version = %q of an unknown commit", listed.Version)
	}
	asked.Take()
	tr := tree(t, f, listed)
	want, _, _ := w.Find(crawler.Bitbucket, "stadt/wahl")
	commit, err := tr.Commit()
	if err != nil || commit != want.Commit() {
		t.Errorf("Commit() = %q, %v, want %q", commit, err, want.Commit())
	}
	if _, err := tr.Open("publiccode.yml"); err != nil {
		t.Error(err)
	}
	if urls := asked.Take(); len(urls) != 3 {
		t.Errorf("asked %q", urls)
	}
	// As after a restart.
	listed.Native = nil
	if _, err := tree(t, f, listed).Open("publiccode.yml"); err != nil {
		t.Error(err)
	}
	listed.URL = "https://anderswo.example/stadt/wahl"
	if _, err := f.Files(t.Context(), listed); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("a repository of another host: %v", err)
	}
}

func TestDescribe(t *testing.T) {
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 10, 0, 0, 0, time.UTC)
	}
	full, bare, busy := repo("stadt/voll"), repo("stadt/karg"), repo("stadt/fleissig")
	full.Tags = []forgetest.Tag{{Name: "v2", Date: day(2026, 1, 1)}, {Name: "v1", Date: day(2024, 1, 1)}}
	full.Commits = []forgetest.Commit{
		{Time: day(2026, 6, 1), Name: "Max", Email: "max@example.org"},
		{Time: day(2026, 5, 2), Name: "Erika", Email: "erika@example.org"},
		{Time: day(2026, 5, 1), Name: "E. M.", Email: "Erika@example.org"},
		{Time: day(2025, 7, 1), Name: "Max", Email: "max@example.org"},
		{Time: day(2025, 6, 30), Name: "Max", Email: "max@example.org"},
	}
	full.Issues = []forgetest.Issue{{Title: "a"}, {Title: "b", Closed: true}, {Title: "c"}}
	bare.Pushed = day(2021, 1, 1)
	for i := range 1500 {
		busy.Commits = append(busy.Commits, forgetest.Commit{Time: now.Add(-time.Duration(i) * time.Hour), Name: "Erika", Email: "erika@example.org"})
	}
	f, asked := serve(t, forgetest.New(full, bare, busy, forgetest.Repo{Forge: crawler.Bitbucket, Path: "stadt/leer"}), bitbucket.Options{Now: func() time.Time { return now }})
	_, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil {
		t.Fatal(err)
	}
	asked.Take()
	list, err := f.Describe(t.Context(), repos)
	if err != nil || len(list) != len(repos) {
		t.Fatalf("%d descriptions, %v", len(list), err)
	}
	if n := len(asked.Take()); n != 3+2+11 {
		t.Errorf("%d requests", n)
	}
	by := map[string]crawler.Description{}
	for i, d := range list {
		if d.Err != nil || d.Repo.URL != repos[i].URL {
			t.Errorf("%s: %s, %v", repos[i].URL, d.Repo.URL, d.Err)
		}
		by[d.Repo.URL[strings.LastIndexByte(d.Repo.URL, '/')+1:]] = d
	}
	two := 2
	months := make([]registry.Month, 12)
	for i := range months {
		months[i].Month = time.Date(2025, time.July+time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	}
	none := slices.Clone(months)
	months[0].Commits, months[0].Authors, months[10].Commits, months[10].Authors, months[11].Commits, months[11].Authors = 1, 1, 2, 1, 1, 1
	head, _ := tree(t, f, by["voll"].Repo).Commit()
	for name, want := range map[string]*registry.Activity{
		"voll": {
			Tags:       []registry.Tag{{Name: "v2", Commit: head, Date: day(2026, 1, 1)}, {Name: "v1", Commit: head, Date: day(2024, 1, 1)}},
			Commits:    &registry.Commits{Total: 4, Authors: 2, ByMonth: months},
			OpenIssues: &two,
		},
		"karg": {Commits: &registry.Commits{ByMonth: none}},
		"leer": nil,
	} {
		if diff := cmp.Diff(want, by[name].Activity); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if c := by["fleissig"].Activity.Commits; c.Total != 1000 || !c.Partial || c.Authors != 1 {
		t.Errorf("more commits than are read: %+v", c)
	}
}

func TestDescribeFailures(t *testing.T) {
	w := forgetest.New(repo("stadt/wahl"))
	status := map[string]int{}
	s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
		next := forgetest.Bitbucket(w, base)
		return http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
			for part, code := range status {
				if strings.Contains(req.URL.Path, part) {
					conformance.Reply(code, "application/json", `{"type":"error","error":{"message":"no"}}`)(rw, req)
					return
				}
			}
			next.ServeHTTP(rw, req)
		})
	}, w)
	r := repo("stadt/wahl")
	r.Issues = []forgetest.Issue{{Title: "a"}}
	w.Put(r)
	f := newForge(t, s.Client(), s.URL, bitbucket.Options{})
	listed := one(t, f, "stadt")
	for part, want := range map[string]error{"/tags": registry.ErrForbidden, "/commits": registry.ErrForbidden, "/issues": nil} {
		status = map[string]int{part: http.StatusForbidden}
		list, err := f.Describe(t.Context(), []crawler.Repo{listed})
		if err != nil || len(list) != 1 || !errors.Is(list[0].Err, want) {
			t.Errorf("%s: %+v, %v, want %v", part, list, err, want)
		}
		if want == nil && (list[0].Activity == nil || list[0].Activity.OpenIssues != nil) {
			t.Errorf("%s: %+v", part, list[0])
		}
	}
}
