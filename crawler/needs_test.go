// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// needing is a needs.yml of an organisation at https://NAME.example/.
func needing(name string, needs ...string) string {
	return fmt.Sprintf("needsYmlVersion: \"1.0\"\norganisation:\n  uri: https://%s.example/\n  name: %[1]s\nneeds:\n", name) + strings.Join(needs, "")
}

func need(id, title string, more ...string) string {
	return "  - id: " + id + "\n    title: " + title + "\n    " + strings.Join(more, "\n    ") + "\n"
}

// withNeeds adds a needs.yml to files.
func withNeeds(files fstest.MapFS, src string) fstest.MapFS {
	files = maps.Clone(files)
	if files == nil {
		files = fstest.MapFS{}
	}
	files[adoption.NeedsFileName] = &fstest.MapFile{Data: []byte(src)}
	return files
}

func (r *rig) needs(path string) *registry.Needs {
	r.t.Helper()
	d, err := r.store.Document(r.t.Context(), registry.NeedsDocument, "git.example/"+path)
	if errors.Is(err, registry.ErrNotFound) {
		return nil
	}
	if err != nil {
		r.t.Fatal(err)
	}
	n, err := registry.ReadDocument[registry.Needs](d)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// TestNeedsOfAFileThatBreaksAndGoes: a needs.yml lives as an adoptions.yml does, and
// beside it.
func TestNeedsOfAFileThatBreaksAndGoes(t *testing.T) {
	towns := &fakeRepo{path: "stadt/allmende"}
	r := newRig(t, towns)
	src := r.publishing("stadt", "stadt")
	change := func(files fstest.MapFS) *registry.Needs {
		towns.files = files
		towns.version++
		r.sweep(src)
		return r.needs("stadt/allmende")
	}
	both := with(withNeeds(nil, needing("stadt", need("kita", "Plätze in Kitas"), need("still", "geheim", "visibility: restricted"))), saying("stadt", uses(at+"o/home")))
	first := change(both)
	if first == nil || len(first.Needs) != 2 || first.Organisation.Name != "stadt" || first.Proof() != registry.ProvenSource || r.said("stadt/allmende") == nil {
		t.Fatalf("first: %+v", first)
	}
	v := r.visit("stadt/allmende")
	if !strings.Contains(v.Detail, "adoptions.yml of stadt with 1 public statements was read; needs.yml of stadt with 1 public needs was read") || strings.Contains(fmt.Sprint(v), "geheim") {
		t.Errorf("the visit says %q", v.Detail)
	}
	broken := change(withNeeds(both, "needs: [\n"))
	if broken == nil || broken.Unread != "cannot be read" || !broken.Time.Equal(first.Time) || len(broken.Needs) != 2 {
		t.Fatalf("of a broken file is kept: %+v", broken)
	}
	alone := change(with(nil, saying("stadt", uses(at+"o/home"))))
	if alone == nil || alone.Missed.IsZero() || !r.said("stadt/allmende").Missed.IsZero() {
		t.Fatalf("after one miss: %+v", alone)
	}
	if back := change(both); back == nil || !back.Missed.IsZero() || !back.Time.Equal(first.Time) {
		t.Fatalf("back again: %+v", back)
	}
	change(with(nil, saying("stadt", uses(at+"o/home"))))
	r.sweep(src)
	if gone := r.needs("stadt/allmende"); gone != nil || r.said("stadt/allmende") == nil {
		t.Fatalf("after two misses: %+v", gone)
	}
}

func TestWhoseNeedsCount(t *testing.T) {
	abroad := strings.Replace(needing("stadt", need("kita", "Kita")), "  name:", "  region: DE-BY\n  name:", 1)
	tests := map[string]struct {
		change func(*crawler.Source, *fakeRepo)
		want   bool
	}{
		"the publisher itself":    {func(*crawler.Source, *fakeRepo) {}, true},
		"found by a search":       {func(s *crawler.Source, _ *fakeRepo) { s.Configured = false }, false},
		"a fork":                  {func(_ *crawler.Source, r *fakeRepo) { r.fork = true }, false},
		"of another region":       {func(_ *crawler.Source, r *fakeRepo) { r.files = withNeeds(nil, abroad) }, false},
		"of a part of the region": {func(s *crawler.Source, r *fakeRepo) { s.Publisher.Region = "DE"; r.files = withNeeds(nil, abroad) }, true},
		"no word of who speaks": {func(_ *crawler.Source, r *fakeRepo) {
			r.files = withNeeds(nil, "needsYmlVersion: \"1.0\"\nneeds:\n"+need("a", "b"))
		}, false},
		"larger than can be kept": {func(_ *crawler.Source, r *fakeRepo) {
			r.files = withNeeds(nil, needing("stadt", need("a", strings.Repeat("x", 2<<20))))
		}, false},
		"larger than forges serve": {func(_ *crawler.Source, r *fakeRepo) {
			r.files = withNeeds(nil, strings.Repeat("#", crawler.MaxFileSize+1))
		}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			towns := &fakeRepo{path: "stadt/allmende", files: withNeeds(nil, needing("stadt", need("kita", "Kita")))}
			r := newRig(t, towns)
			src := r.publishing("stadt", "stadt")
			tt.change(&src, towns)
			r.sweep(src)
			if n := r.needs("stadt/allmende"); (n != nil) != tt.want {
				t.Errorf("needs %+v, want some %t", n, tt.want)
			}
		})
	}
}

// TestNeedsThatCostARequest: where a forge does not tell what the root has, a needs.yml
// is looked for in repositories for it, and beside an adoptions.yml.
func TestNeedsThatCostARequest(t *testing.T) {
	entry := file(named("Wahl", at+"stadt/wahl"))
	tests := map[string]struct {
		repo fakeRepo
		want bool
	}{
		"any":                   {fakeRepo{path: "stadt/werkzeug"}, false},
		"with a publiccode.yml": {fakeRepo{path: "stadt/wahl", files: entry}, false},
		"with an adoptions.yml": {fakeRepo{path: "stadt/wahl", files: with(entry, saying("stadt", uses(at+"o/home")))}, true},
		"named for it":          {fakeRepo{path: "stadt/Allmende"}, true},
		"a source of its own":   {fakeRepo{path: "stadt/eigen"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			repo := &tt.repo
			repo.untold, repo.files = true, withNeeds(repo.files, needing("stadt", need("kita", "Kita")))
			r := newRig(t, repo)
			r.sweep(r.publishing("stadt", "stadt"), r.publishing("stadt/eigen", "stadt"))
			asked := slices.Contains(repo.opened, adoption.NeedsFileName)
			if said := r.needs(strings.ToLower(repo.path)) != nil; asked != tt.want || said != tt.want {
				t.Errorf("asked %t, said something %t, want %t", asked, said, tt.want)
			}
		})
	}
}

func TestNeedsOfASourceThatIsConfiguredNoMore(t *testing.T) {
	towns := &fakeRepo{path: "stadt/allmende", files: withNeeds(nil, needing("stadt", need("kita", "Kita")))}
	r := newRig(t, towns)
	src := r.publishing("stadt", "stadt")
	r.sweep(src)
	if r.needs("stadt/allmende") == nil {
		t.Fatal("not read")
	}
	r.sweep(r.source("o", "land"))
	if r.needs("stadt/allmende") != nil {
		t.Error("it is there still")
	}
	r.sweep(src)
	if r.needs("stadt/allmende") == nil {
		t.Error("the source is back, and it is not read again")
	}
}

func TestComaintenanceReachesEntries(t *testing.T) {
	together := func(name, software string, more ...string) string {
		return saying(name) + "  []\ncomaintenance:\n  - software: " + software + "\n    " + strings.Join(more, "\n    ") + "\n"
	}
	home := &fakeRepo{path: "o/home", files: with(file(named("Deichbuch", at+"o/home")), together("werk", at+"o/home", "seeks: coMaintainers", "steering: Der Beirat."))}
	towns := &fakeRepo{path: "stadt/allmende", files: with(nil, together("stadt", at+"O/Home.git", "seeks: newMaintainer", "confirmedUntil: 2026-03-04"))}
	r := newRig(t, home, towns)
	sources := []crawler.Source{r.publishing("o", "land"), r.publishing("stadt", "stadt")}
	r.sweep(sources...)
	s := r.entry("o/home")
	if len(s.Comaintenance) != 2 || s.Comaintenance[0].Organisation.Name != "werk" || s.Comaintenance[0].Steering != "Der Beirat." || s.Comaintenance[1].Organisation.Name != "stadt" {
		t.Fatalf("comaintenance: %+v", s.Comaintenance)
	}
	// What stands in its own repository is the word of its publisher; what others say
	// is not.
	if !s.SaidByPublisher(s.Comaintenance[0]) || s.SaidByPublisher(s.Comaintenance[1]) || s.Seeks(r.now) != adoption.CoMaintainers {
		t.Errorf("it seeks %q", s.Seeks(r.now))
	}
	rev, _ := r.store.Rev(t.Context())
	r.sweep(sources...)
	if now, _ := r.store.Rev(t.Context()); now != rev {
		t.Errorf("an unchanged sweep made %d changes", now-rev)
	}
	// Its own file changes and says nothing of it any more; the word of the town is out
	// of date, and stays to be seen.
	home.files, home.version = file(named("Sielbuch", at+"o/home")), 1
	r.sweep(sources...)
	r.sweep(sources...)
	s = r.entry("o/home")
	if len(s.Comaintenance) != 1 || s.Comaintenance[0].Organisation.Name != "stadt" || s.Comaintenance[0].Current(r.now) || s.Seeks(r.now) != "" {
		t.Errorf("after the change: %+v", s.Comaintenance)
	}
}
