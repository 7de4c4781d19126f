// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const at = "https://git.example/"

// wantLocations holds an entry's other locations against their IDs.
func (r *rig) wantLocations(path string, want ...registry.ID) {
	r.t.Helper()
	var got []registry.ID
	for _, l := range r.must(path).Locations {
		got = append(got, l.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("locations of %s: %s", path, diff)
	}
}

func TestLocations(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))}
	// Both sides of the home in the listing.
	first := &fakeRepo{path: "a/mirror", files: file(named("A", at+"o/home"))}
	last := &fakeRepo{path: "z/mirror", files: file(named("A", at+"o/home.git"))}
	r := newRig(t, first, home, last)
	if sum := r.sweep(); sum.Entries != 1 || sum.New != 1 || sum.Gone != 0 || sum.Locations != 2 {
		t.Errorf("%+v", sum)
	}
	r.wantLocations("o/home", "git.example/a/mirror", "git.example/z/mirror")
	for _, path := range []string{"a/mirror", "z/mirror"} {
		if _, err := r.get(path); !errors.Is(err, registry.ErrGone) && !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("%s is still an entry: %v", path, err)
		}
		if v := r.visit(path); v.Outcome != registry.AtOther || !strings.Contains(v.Detail, "git.example/o/home") {
			t.Errorf("%s: %+v", path, v)
		}
	}
	if sum := r.sweep(); sum.New+sum.Changed+sum.Gone != 0 || sum.Entries != 1 || sum.Locations != 2 {
		t.Errorf("again: %+v", sum)
	}

	// A location that speaks for itself becomes an entry.
	last.files, last.version = file(named("A", at+"z/mirror")), 1
	if sum := r.sweep(); sum.New != 1 {
		t.Errorf("%+v", sum)
	}
	r.wantLocations("o/home", "git.example/a/mirror")

	// Once the home is gone, what is left is an entry again.
	r.forge.repos = []*fakeRepo{first, last}
	for range 3 {
		r.sweep()
	}
	r.must("a/mirror")
}

func TestURLOfARepositoryThatIsNotThere(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file(named("A", "https://elsewhere.example/o/a"))})
	if sum := r.sweep(); sum.Entries != 1 {
		t.Fatalf("%+v", sum)
	}
	if v := r.visit("o/a"); v.Of != "elsewhere.example/o/a" {
		t.Errorf("visit %+v", v)
	}
	found := false
	for _, f := range r.must("o/a").Findings {
		found = found || f.Code == "PC0506"
	}
	if !found {
		t.Error("no finding says that url names another repository")
	}
}

func TestTwoThatNameEachOther(t *testing.T) {
	r := newRig(t,
		&fakeRepo{path: "o/a", files: file(named("A", at+"o/b"))},
		&fakeRepo{path: "o/b", files: file(named("A", at+"o/a"))})
	for range 3 {
		sum := r.sweep()
		if sum.Entries-sum.Gone != 1 {
			t.Errorf("%+v", sum)
		}
	}
}

func TestTechnicalForksAreCounted(t *testing.T) {
	fork := &fakeRepo{path: "x/fork", fork: true, files: file(named("A", at+"o/home"))}
	r := newRig(t, fork, &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))})
	if sum := r.sweep(); sum.Forks != 1 || sum.Entries != 1 {
		t.Errorf("%+v", sum)
	}
	if n := r.must("o/home").TechnicalForks; n != 1 {
		t.Errorf("%d forks", n)
	}
	r.forge.repos = r.forge.repos[1:]
	r.sweep()
	if n := r.must("o/home").TechnicalForks; n != 0 {
		t.Errorf("%d forks after it went", n)
	}
}

func TestVariants(t *testing.T) {
	r := newRig(t, &fakeRepo{
		path: "o/variant", fork: true, parent: at + "o/origin",
		files: file(named("A", at+"o/variant") + "isBasedOn: [\"https://git.example/o/other\", \"https://git.example/o/variant\"]\n"),
	})
	r.sweep()
	want := []registry.ID{"git.example/o/other", "git.example/o/origin"}
	if diff := cmp.Diff(want, r.must("o/variant").BasedOn); diff != "" {
		t.Error(diff)
	}
}

func TestExcluded(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")}, &fakeRepo{path: "o/b", files: file("name: B\n")})
	r.sweep()
	src := r.source("", "sh")
	src.Excluded = func(id registry.ID) (string, bool) { return "o/b*", id == "git.example/o/b" }
	if sum := r.sweep(src); sum.Gone != 1 || sum.Entries != 1 {
		t.Errorf("%+v", sum)
	}
	if v := r.visit("o/b"); v.Outcome != registry.Excluded || !strings.Contains(v.Detail, "o/b*") {
		t.Errorf("%+v", v)
	}
	if sum := r.sweep(); sum.New != 1 {
		t.Errorf("no longer excluded: %+v", sum)
	}
}

func TestSubFolders(t *testing.T) {
	repo := &fakeRepo{path: "o/mono", files: fstest.MapFS{
		"apps/a/publiccode.yml":  {Data: []byte("name: A\n")},
		"apps/b/publiccode.yaml": {Data: []byte("name: B\n")},
		"apps/c/README.md":       {},
		"apps/d/publiccode.yml":  {Data: []byte("name: [\n")},
		"other/publiccode.yml":   {Data: []byte("name: O\n")},
	}}
	r := newRig(t, repo)
	src := r.source("", "sh")
	src.Folders = []string{"apps/*"}
	if sum := r.sweep(src); sum.Entries != 2 || sum.New != 2 || sum.Repositories != 1 {
		t.Fatalf("%+v", sum)
	}
	b := r.must("o/mono/~/apps/b")
	if b.PublicCode.Name != "B" || b.Files[0].Path != "apps/b/publiccode.yaml" || b.Repository.URL != at+"o/mono" {
		t.Errorf("%+v", b)
	}
	if v := r.visit("o/mono"); len(v.Parts) != 2 || !strings.Contains(v.Detail, "apps/d/publiccode.yml") {
		t.Errorf("%+v", v)
	}
	if sum := r.sweep(src); sum.Unchanged != 2 || sum.Entries != 2 {
		t.Errorf("again: %+v", sum)
	}
	// The root gets a file of its own, and one part goes.
	delete(repo.files, "apps/a/publiccode.yml")
	repo.files["publiccode.yml"] = &fstest.MapFile{Data: []byte("name: Root\n")}
	repo.version = 1
	if sum := r.sweep(src); sum.New != 1 || sum.Gone != 0 {
		t.Errorf("%+v", sum)
	}
	if sum := r.sweep(src); sum.Gone != 1 || sum.Entries != 2 {
		t.Errorf("%+v", sum)
	}
	r.must("o/mono")
	// A part that breaks keeps its last good version.
	repo.files["apps/b/publiccode.yaml"] = &fstest.MapFile{Data: []byte("name: [\n")}
	repo.version = 2
	r.sweep(src)
	if b := r.must("o/mono/~/apps/b"); b.Stale == "" || b.PublicCode.Name != "B" {
		t.Errorf("%+v", b)
	}
	// The repository goes, and with it all its entries.
	r.forge.repos = nil
	r.sweep(src)
	if sum := r.sweep(src); sum.Gone != 2 {
		t.Errorf("%+v", sum)
	}
}

func TestWhatCannotBeDescribedIsReadAgain(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n"), described: errors.New("504")}
	r := newRig(t, a)
	r.sweep()
	if v := r.visit("o/a"); v.Outcome != registry.Entry || v.Version != "" || !strings.Contains(v.Detail, "504") {
		t.Errorf("%+v", v)
	}
	a.described = nil
	r.forge.reads = 0
	r.sweep()
	if r.forge.reads != 1 {
		t.Error("not read again")
	}
	if r.must("o/a").Activity == nil {
		t.Error("nothing is known of its life")
	}
	r.forge.reads = 0
	r.sweep()
	if r.forge.reads != 0 {
		t.Error("read although nothing changed")
	}
}

func TestOptOut(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a)
	r.sweep()
	a.files[".allmende-ignore"], a.version = &fstest.MapFile{}, 1
	if sum := r.sweep(); sum.Gone != 1 || sum.Entries != 0 {
		t.Errorf("%+v", sum)
	}
	if v := r.visit("o/a"); v.Outcome != registry.OptedOut || !strings.Contains(v.Detail, ".allmende-ignore") {
		t.Errorf("%+v", v)
	}
}

func TestCollected(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	a.files["LICENSE"] = &fstest.MapFile{Data: []byte("free")}
	r := newRig(t, a)
	r.sweep()
	files := r.must("o/a").Files
	if len(files) != 2 || files[0].Role != registry.RolePublicCode || files[1].Path != "LICENSE" || files[1].Commit == "" {
		t.Fatalf("%+v", files)
	}
	// What cannot be read for now stays as it was, and is tried again.
	a.breaks, a.version = "LICENSE", 1
	r.sweep()
	if v := r.visit("o/a"); v.Version != "" || !strings.Contains(v.Detail, "LICENSE") {
		t.Errorf("%+v", v)
	}
	if got := r.must("o/a").Files; len(got) != 2 || got[1].Hash != files[1].Hash {
		t.Errorf("%+v", got)
	}
	a.breaks, a.files["LICENSE"] = "", &fstest.MapFile{Data: []byte("freer")}
	r.sweep()
	if got := r.must("o/a").Files; len(got) != 2 || got[1].Hash == files[1].Hash {
		t.Errorf("%+v", got)
	}
	// Where even the list of files is out of reach, the entry stays.
	a.breaks, a.version = ".", 2
	if sum := r.sweep(); len(sum.Failures) != 1 || sum.Gone != 0 {
		t.Errorf("%+v", sum)
	}
	r.must("o/a")
}

// TestPartFails: a publiccode.yml that can be read makes an entry, whatever else
// of the repository cannot; the next sweep reads that.
func TestPartFails(t *testing.T) {
	for _, breaks := range []string{".", "HEAD"} {
		t.Run(breaks, func(t *testing.T) {
			a := &fakeRepo{path: "o/a", breaks: breaks, files: file("name: A\n")}
			a.files["LICENSE"] = &fstest.MapFile{Data: []byte("free")}
			b := &fakeRepo{path: "o/b", breaks: breaks, files: file("name: B\n")}
			b.files[".allmende-ignore"] = &fstest.MapFile{}
			r := newRig(t, a, b)
			if sum := r.sweep(); sum.New != 1 || len(sum.Failures) != 0 {
				t.Errorf("%+v", sum)
			}
			if v := r.visit("o/a"); v.Outcome != registry.Entry || v.Version != "" || !strings.Contains(v.Detail, "502") {
				t.Errorf("%+v", v)
			}
			if v := r.visit("o/b"); v.Outcome != registry.OptedOut {
				t.Errorf("%+v", v)
			}
			if sum := r.sweep(); sum.New+sum.Changed+sum.Gone != 0 {
				t.Errorf("again: %+v", sum)
			}
			r.must("o/a")
			a.breaks = ""
			r.sweep()
			if files := r.must("o/a").Files; len(files) != 2 || files[0].Commit == "" {
				t.Errorf("%+v", files)
			}
			if v := r.visit("o/a"); v.Version == "" || v.Detail != "" {
				t.Errorf("%+v", v)
			}
		})
	}
}

// exporting is the fake forge with SBOMs of its own.
type exporting struct {
	*fakeForge
	asked int
	err   error
	sbom  *crawler.Export
}

func (f *exporting) Export(context.Context, crawler.Repo) (*crawler.Export, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if errors.Is(f.err, fetch.ErrLimited) {
		return nil, f.err // nothing is sent
	}
	f.asked++
	return f.sbom, f.err
}

func TestExports(t *testing.T) {
	a := &fakeRepo{path: "o/a", files: file("name: A\n")}
	r := newRig(t, a, &fakeRepo{path: "o/none", files: fstest.MapFS{}})
	forge := &exporting{fakeForge: r.forge, sbom: &crawler.Export{URL: "https://api.git.example/sbom", Bytes: []byte("{}")}}
	src := r.source("", "sh")
	src.Open = func(context.Context) (crawler.Forge, error) { return forge, nil }
	want := func(asked, files int, pending bool) {
		t.Helper()
		if forge.asked != asked || len(r.must("o/a").Files) != files || r.visit("o/a").Pending != pending {
			t.Errorf("asked %d times, files %+v, visit %+v", forge.asked, r.must("o/a").Files, r.visit("o/a"))
		}
	}
	r.sweep(src)
	want(1, 2, false)
	r.sweep(src)
	want(1, 2, false) // nothing changed
	// While the forge allows no more, the one from before stays, and is asked for
	// again without reading the repository.
	a.version, forge.err = 1, fetch.ErrLimited
	r.sweep(src)
	want(1, 2, true)
	r.forge.reads = 0
	forge.err, forge.sbom = nil, nil
	r.sweep(src)
	want(2, 1, false)
	if r.forge.reads != 0 {
		t.Error("the repository was read again")
	}
	forge.err = errors.New("500")
	a.version = 2
	if sum := r.sweep(src); len(sum.Failures) != 0 {
		t.Errorf("%+v", sum)
	}
	want(3, 1, true)
}
