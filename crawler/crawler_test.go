// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// A small forge in memory: the sweep's behaviour does not depend on a protocol.
type fakeForge struct {
	mu      sync.Mutex
	repos   []*fakeRepo
	listErr error // ends the listing
	reads   int   // repositories whose files were asked for
	listed  []string
}

type fakeRepo struct {
	path    string // owner/name
	forgeID string
	fork    bool
	state   crawler.State
	files   fstest.MapFS
	err     error // of Files
	open    error // of Open
	panics  bool
	parent  string
	breaks  string // the file, the folder or, by HEAD, the commit that cannot be read
	// described is why the repository cannot be described.
	described error
	stars     int
	version   int
	branch    string
	pushed    time.Time
	untold    bool     // each file in the root costs a request
	opened    []string // where untold
}

// pageSize of the fake forge is small, so that a listing has several.
const pageSize = 2

func (f *fakeForge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		for _, l := range listings {
			if !f.list(l, yield) {
				return
			}
		}
	}
}

func (f *fakeForge) list(l crawler.Listing, yield func(crawler.Page, error) bool) bool {
	f.mu.Lock()
	repos := slices.Clone(f.repos)
	listErr := f.listErr
	f.listed = append(f.listed, l.Path+"@"+l.After)
	f.mu.Unlock()
	repos = slices.DeleteFunc(repos, func(r *fakeRepo) bool {
		return l.Path != "" && r.path != l.Path && !strings.HasPrefix(r.path, l.Path+"/")
	})
	start, _ := strconv.Atoi(l.After)
	for i := start; ; i += pageSize {
		var page crawler.Page
		for _, r := range repos[min(i, len(repos)):min(i+pageSize, len(repos))] {
			page.Repos = append(page.Repos, crawler.Repo{
				Repository: registry.Repository{URL: "https://git.example/" + r.path, Forge: "forgejo", ForgeID: r.forgeID, Fork: r.fork, Stars: r.stars, Parent: r.parent, DefaultBranch: r.branch, Pushed: r.pushed},
				Path:       l.Path, State: r.state, Version: fmt.Sprint(r.version), Native: r,
			})
		}
		done := i+pageSize >= len(repos)
		p := crawler.Progress{Path: l.Path, After: strconv.Itoa(i + pageSize), Done: done}
		if done {
			p.Err = listErr
		}
		page.Progress = []crawler.Progress{p}
		if !yield(page, nil) {
			return false
		}
		if done {
			return true
		}
	}
}

func (f *fakeForge) Describe(_ context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	list := make([]crawler.Description, len(repos))
	for i, r := range repos {
		list[i] = crawler.Description{Repo: r, Activity: &registry.Activity{}, Err: r.Native.(*fakeRepo).described}
	}
	return list, nil
}

func (f *fakeForge) Files(_ context.Context, repo crawler.Repo) (crawler.Tree, error) {
	r, listed := repo.Native.(*fakeRepo)
	f.mu.Lock()
	if !listed {
		r = f.repos[slices.IndexFunc(f.repos, func(r *fakeRepo) bool { return "https://git.example/"+r.path == repo.URL })]
	}
	f.reads++
	f.mu.Unlock()
	if r.panics {
		panic("a bug in an adapter")
	}
	if r.untold {
		return untoldTree{fakeTree{r}}, r.err
	}
	return fakeTree{r}, r.err
}

// untoldTree is that of a forge which does not tell what the root has.
type untoldTree struct{ fakeTree }

func (untoldTree) Tells(string) bool { return false }

func (t untoldTree) Open(name string) (fs.File, error) {
	t.opened = append(t.opened, name)
	return t.fakeTree.Open(name)
}

type fakeTree struct{ *fakeRepo }

func (t fakeTree) Open(name string) (fs.File, error) {
	if t.open != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: t.open}
	}
	if name == t.breaks {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("502 Bad Gateway")}
	}
	return t.files.Open(name)
}

func (t fakeTree) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == t.breaks {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("502 Bad Gateway")}
	}
	return t.files.ReadDir(name)
}

func (t fakeTree) Commit() (string, error) {
	if t.breaks == "HEAD" {
		return "", errors.New("502 Bad Gateway")
	}
	return strings.Repeat("a", 40), nil
}

func file(src string) fstest.MapFS {
	return fstest.MapFS{"publiccode.yml": &fstest.MapFile{Data: []byte(src)}}
}

// named is a file that has a name and breaks the standard in other ways.
func named(name, url string) string {
	return fmt.Sprintf("publiccodeYmlVersion: \"0.5\"\nname: %s\nurl: %s\n", name, url)
}

type rig struct {
	t     *testing.T
	forge *fakeForge
	store *sqlite.Store
	now   time.Time
	// opened is what sources open in place of forge; nil is forge.
	opened crawler.Forge
}

func newRig(t *testing.T, repos ...*fakeRepo) *rig {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &rig{t: t, forge: &fakeForge{repos: repos}, store: store, now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
}

func (r *rig) source(path, publisher string) crawler.Source {
	return crawler.Source{
		URL: strings.TrimSuffix("https://git.example/"+path, "/"), Host: "git.example:443", Path: path,
		Publisher: registry.Publisher{ID: publisher, Name: "Land " + publisher},
		Open: func(context.Context) (crawler.Forge, error) {
			if r.opened != nil {
				return r.opened, nil
			}
			return r.forge, nil
		},
	}
}

func (r *rig) sweep(sources ...crawler.Source) crawler.Summary {
	r.t.Helper()
	if len(sources) == 0 {
		sources = []crawler.Source{r.source("", "sh")}
	}
	r.now = r.now.Add(24 * time.Hour)
	c := &crawler.Crawler{Store: r.store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return r.now }}
	sum, err := c.Sweep(r.t.Context(), sources)
	if err != nil {
		r.t.Fatal(err)
	}
	return sum
}

func (r *rig) visit(path string) *registry.Visit {
	r.t.Helper()
	v, err := r.store.Visit(r.t.Context(), registry.ID("git.example/"+path))
	if err != nil {
		r.t.Fatal(err)
	}
	return v
}

func (r *rig) get(path string) (*registry.Software, error) {
	return r.store.Get(r.t.Context(), registry.ID("git.example/"+path))
}

func (r *rig) must(path string) *registry.Software {
	r.t.Helper()
	s, err := r.get(path)
	if err != nil {
		r.t.Fatalf("%s: %v", path, err)
	}
	return s
}

func TestOutcomes(t *testing.T) {
	const own = "https://git.example/kiel/"
	for name, tt := range map[string]struct {
		repo    fakeRepo
		outcome registry.Outcome
		detail  string // part of the reason in the crawl log
	}{
		"with errors":        {fakeRepo{files: file(named("A", own+"r"))}, registry.Entry, ""},
		"without url":        {fakeRepo{files: file("name: A\n")}, registry.Entry, ""},
		"other name of file": {fakeRepo{files: fstest.MapFS{"publiccode.yaml": {Data: []byte("name: A\n")}}}, registry.Entry, ""},
		"symbolic link": {fakeRepo{files: fstest.MapFS{
			"publiccode.yml":     {Data: []byte("doc/publiccode.yml")},
			"doc/publiccode.yml": {Data: []byte("name: A\n")},
		}}, registry.Entry, ""},
		"link to nowhere":           {fakeRepo{files: file("../../etc/publiccode.yml")}, registry.Unreadable, "cannot be read"},
		"url of another repository": {fakeRepo{files: file(named("A", own+"other"))}, registry.Entry, ""},
		"technical fork":            {fakeRepo{fork: true, files: file(named("A", own+"other"))}, registry.TechnicalFork, "git.example/kiel/other"},
		"variant":                   {fakeRepo{fork: true, files: file(named("A", "http://GIT.example/kiel/R.git"))}, registry.Entry, ""},
		"fork without url":          {fakeRepo{fork: true, files: file("name: A\n")}, registry.Entry, ""},
		"no file":                   {fakeRepo{files: fstest.MapFS{"README.md": {}}}, registry.NoFile, "no publiccode.yml"},
		"no commits":                {fakeRepo{state: crawler.Empty}, registry.Empty, "no commits"},
		"taken down":                {fakeRepo{state: crawler.Blocked}, registry.Blocked, "blocked"},
		"forbidden":                 {fakeRepo{open: registry.ErrForbidden}, registry.Blocked, "refuses"},
		"listed but not there":      {fakeRepo{err: registry.ErrNotFound}, registry.Missing, "not found"},
		"not YAML":                  {fakeRepo{files: file("name: [A\nurl: }")}, registry.Unreadable, "line "},
		"no mapping":                {fakeRepo{files: file("- name\n")}, registry.Unreadable, "cannot be read"},
		"empty file":                {fakeRepo{files: file("")}, registry.Unreadable, "cannot be read"},
		"no name":                   {fakeRepo{files: file("name: \" \"\nurl: " + own + "r\n")}, registry.Unreadable, "no name"},
		"too large":                 {fakeRepo{files: file("name: A\n#" + strings.Repeat("x", publiccode.MaxSize))}, registry.Unreadable, "over 1048576 bytes"},
		"too large for the forge":   {fakeRepo{open: registry.ErrTooLarge}, registry.Unreadable, "over 1048576 bytes"},
		"forge fails":               {fakeRepo{open: errors.New("connection reset")}, registry.Failed, "connection reset"},
		"panic":                     {fakeRepo{panics: true}, registry.Failed, "internal error"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := tt.repo
			repo.path = "kiel/r"
			healthy := &fakeRepo{path: "kiel/healthy", files: file(named("B", own+"healthy"))}
			r := newRig(t, &repo, healthy)
			sum := r.sweep()
			v := r.visit("kiel/r")
			if v.Outcome != tt.outcome || !strings.Contains(v.Detail, tt.detail) {
				t.Errorf("outcome %s (%s), want %s (…%s…)", v.Outcome, v.Detail, tt.outcome, tt.detail)
			}
			entries := 1
			if tt.outcome == registry.Entry {
				entries++
			}
			if sum.Entries != entries || sum.New != entries || sum.Repositories != 2 {
				t.Errorf("summary %+v", sum)
			}
			if want := tt.outcome == registry.Failed; want != (len(sum.Failures) == 1) {
				t.Errorf("failures %v", sum.Failures)
			}
			if want := tt.outcome == registry.Unreadable; want != (sum.Unreadable == 1) {
				t.Errorf("%d unreadable", sum.Unreadable)
			}
			r.must("kiel/healthy")

			// What was found once is the same the second time, and adds nothing.
			rev, _ := r.store.Rev(t.Context())
			again := r.sweep()
			if again.New != 0 || again.Changed != 0 || again.Unchanged != entries || again.Entries != entries {
				t.Errorf("second sweep %+v", again)
			}
			if diff := cmp.Diff(sum.Findings, again.Findings); diff != "" {
				t.Error("findings of the second sweep:", diff)
			}
			if now, _ := r.store.Rev(t.Context()); now != rev {
				t.Errorf("second sweep went from revision %d to %d", rev, now)
			}
		})
	}
}

func TestWritesWhatItRead(t *testing.T) {
	src := named("Kitaplatz", "https://git.example/kiel/kita")
	r := newRig(t, &fakeRepo{path: "kiel/kita", forgeID: "7", stars: 3, files: file(src)})
	sum := r.sweep()
	s := r.must("kiel/kita")
	if s.PublicCode.Name != "Kitaplatz" || s.Publisher.Name != "Land sh" || s.Repository.Stars != 3 || s.Repository.ForgeID != "7" {
		t.Errorf("entry %+v", s)
	}
	if !s.Incomplete() || sum.Incomplete != 1 || sum.Findings.Error == 0 {
		t.Errorf("a file without required keys is not incomplete: %+v", sum)
	}
	if len(s.Files) != 1 || s.Files[0].Path != "publiccode.yml" || s.Files[0].Commit != strings.Repeat("a", 40) {
		t.Fatalf("files %+v", s.Files)
	}
	if raw, err := r.store.File(t.Context(), s.Files[0].Hash); err != nil || string(raw) != src {
		t.Errorf("raw file %q, %v", raw, err)
	}
}

func TestReadsOnlyWhatChanged(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	b := &fakeRepo{path: "o/b", files: file("name: B\n")}
	r := newRig(t, a, b)
	r.sweep()
	r.forge.reads = 0
	b.version, b.files = 1, file("name: B2\n")
	sum := r.sweep()
	if r.forge.reads != 1 || sum.Changed != 1 || sum.Unchanged != 1 || sum.Entries != 2 {
		t.Errorf("%d reads, %+v", r.forge.reads, sum)
	}
	if got := r.must("o/b").PublicCode.Name; got != "B2" {
		t.Errorf("name is %s", got)
	}
	// Another publisher's word changes the entry without a change of the file.
	r.forge.reads = 0
	src := r.source("", "sh")
	src.Publisher.Name = "Schleswig-Holstein"
	if sum := r.sweep(src); sum.Changed != 2 || r.must("o/a").Publisher.Name != "Schleswig-Holstein" {
		t.Errorf("%+v", sum)
	}
}

func TestGoesAtTheSecondMiss(t *testing.T) {
	a, b := &fakeRepo{path: "o/a", files: file("name: A\n")}, &fakeRepo{path: "o/b", files: file("name: B\n")}
	r := newRig(t, a, b)
	r.sweep()
	r.forge.repos = []*fakeRepo{b}
	if sum := r.sweep(); sum.Gone != 0 {
		t.Fatalf("removed at the first miss: %+v", sum)
	}
	r.must("o/a")
	if v := r.visit("o/a"); v.Outcome != registry.Missing || v.Misses != 1 {
		t.Errorf("visit %+v", v)
	}
	if sum := r.sweep(); sum.Gone != 1 {
		t.Fatalf("not removed at the second: %+v", sum)
	}
	if _, err := r.get("o/a"); !errors.Is(err, registry.ErrGone) {
		t.Errorf("got %v", err)
	}
	if sum := r.sweep(); sum.Gone != 0 {
		t.Errorf("gone twice: %+v", sum)
	}
	r.forge.repos = []*fakeRepo{a, b}
	if sum := r.sweep(); sum.New != 1 || sum.Unchanged != 1 {
		t.Errorf("came back: %+v", sum)
	}
	r.must("o/a")
}

func TestOneMissIsForgotten(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	for range 3 {
		r.forge.repos = []*fakeRepo{a}
		r.sweep()
		r.forge.repos = nil
		if sum := r.sweep(); sum.Gone != 0 {
			t.Fatal("misses that are not in a row added up")
		}
	}
}

func TestFileThatWentAway(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	r.sweep()
	a.files, a.version = fstest.MapFS{}, 1
	if sum := r.sweep(); sum.Gone != 0 || sum.Entries != 1 {
		t.Fatalf("first sweep without the file: %+v", sum)
	}
	if sum := r.sweep(); sum.Gone != 1 || sum.Entries != 0 {
		t.Fatalf("second sweep without the file: %+v", sum)
	}
	a.files, a.version = file("name: A\n"), 2
	if sum := r.sweep(); sum.New != 1 {
		t.Errorf("file is back: %+v", sum)
	}
}

func TestKeepsTheLastGoodVersion(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	r.sweep()
	a.files, a.version = file("name: [\n"), 1
	sum := r.sweep()
	s := r.must("o/a")
	if s.PublicCode.Name != "A" || s.Stale == "" || !s.Incomplete() || sum.Changed != 1 || sum.Unreadable != 1 {
		t.Errorf("entry %+v, summary %+v", s, sum)
	}
	if again := r.sweep(); again.Changed != 0 || again.Entries != 1 {
		t.Errorf("again: %+v", again)
	}
	a.files, a.version = file("name: A3\n"), 2
	r.sweep()
	if s := r.must("o/a"); s.Stale != "" || s.PublicCode.Name != "A3" {
		t.Errorf("not recovered: %+v", s)
	}
}

func TestFailureKeepsTheEntry(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	r.sweep()
	a.open, a.version = errors.New("502 Bad Gateway"), 1
	for range 3 {
		if sum := r.sweep(); len(sum.Failures) != 1 || sum.Failures[0].Source != "https://git.example/o/a" || sum.Gone != 0 {
			t.Fatalf("%+v", sum)
		}
	}
	r.must("o/a")
}

func TestListingThatBreaksOffRemovesNothing(t *testing.T) {
	a, b := &fakeRepo{path: "o/a", files: file("name: A\n")}, &fakeRepo{path: "o/b", files: file("name: B\n")}
	r := newRig(t, a, b)
	r.sweep()
	r.forge.repos, r.forge.listErr = []*fakeRepo{a}, errors.New("unexpected EOF")
	for range 3 {
		sum := r.sweep()
		if len(sum.Failures) != 1 || sum.Failures[0].Source != "https://git.example" || sum.Gone != 0 || sum.Entries != 1 {
			t.Fatalf("%+v", sum)
		}
	}
	r.must("o/b")
}

func TestSourceThatIsGone(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	src := r.source("o/a", "sh")
	r.sweep(src)
	r.forge.repos, r.forge.listErr = nil, fmt.Errorf("%w: o/a", registry.ErrNotFound)
	r.sweep(src)
	if sum := r.sweep(src); sum.Gone != 1 || len(sum.Failures) != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestRename(t *testing.T) {
	a := &fakeRepo{path: "o/old", forgeID: "1", files: file("name: A\n")}
	r := newRig(t, a)
	r.sweep()
	a.path = "o/new"
	sum := r.sweep()
	if sum.Changed != 1 || sum.New != 0 || sum.Gone != 0 {
		t.Errorf("%+v", sum)
	}
	var moved *registry.MovedError
	if _, err := r.get("o/old"); !errors.As(err, &moved) || moved.To != "git.example/o/new" {
		t.Errorf("got %v", err)
	}
	if v := r.visit("o/old"); v.Outcome != registry.Moved {
		t.Errorf("visit %+v", v)
	}
	for range 3 {
		if sum := r.sweep(); sum.Gone != 0 || sum.Unchanged != 1 {
			t.Errorf("later: %+v", sum)
		}
	}
}

func TestTurnsIntoATechnicalFork(t *testing.T) {
	a := &fakeRepo{path: "o/a", fork: true, files: file(named("A", "https://git.example/o/a"))}
	r := newRig(t, a)
	r.sweep()
	a.files, a.version = file(named("A", "https://git.example/other/a")), 1
	if sum := r.sweep(); sum.Gone != 1 || sum.Entries != 0 {
		t.Errorf("%+v", sum)
	}
}

func TestNarrowSourceHasTheWord(t *testing.T) {
	r := newRig(t,
		&fakeRepo{path: "kiel/a", files: file("name: A\n")},
		&fakeRepo{path: "kiel/b", files: file("name: B\n")},
		&fakeRepo{path: "rostock/c", files: file("name: C\n")})
	sum := r.sweep(r.source("", "bund"), r.source("kiel/a", "stadt"), r.source("kiel", "sh"))
	if sum.Repositories != 3 || sum.New != 3 {
		t.Errorf("%+v", sum)
	}
	for path, want := range map[string]string{"kiel/a": "stadt", "kiel/b": "sh", "rostock/c": "bund"} {
		if got := r.must(path).Publisher.ID; got != want {
			t.Errorf("%s belongs to %s, want %s", path, got, want)
		}
	}
	// A repository that only the wider source lists from now on is not missed.
	for range 3 {
		if sum := r.sweep(r.source("", "bund"), r.source("kiel", "sh")); sum.Gone != 0 || sum.Entries != 3 {
			t.Errorf("%+v", sum)
		}
	}
}

func TestOneBrokenSourceStopsNoOther(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")})
	broken := r.source("x", "mv")
	broken.Open = func(context.Context) (crawler.Forge, error) { return nil, errors.New("no such host") }
	sum := r.sweep(broken, r.source("o", "sh"))
	want := []crawler.Failure{{Source: "https://git.example/x", Error: "no such host"}}
	if diff := cmp.Diff(want, sum.Failures); diff != "" || sum.Entries != 1 {
		t.Errorf("entries %d, failures %s", sum.Entries, diff)
	}
}

func TestPanicInAListing(t *testing.T) {
	// The second page makes the forge panic.
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")}, &fakeRepo{path: "o/b"}, nil)
	sum := r.sweep()
	if len(sum.Failures) != 1 || sum.Entries != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestEndsWithItsContext(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &crawler.Crawler{Store: r.store, Log: slog.New(slog.DiscardHandler)}
	if _, err := c.Sweep(ctx, []crawler.Source{r.source("", "sh")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
