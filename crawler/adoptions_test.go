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
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// saying is an adoptions.yml of an organisation at https://NAME.example/ about
// softwares that it uses.
func saying(name string, statements ...string) string {
	return fmt.Sprintf("adoptionsYmlVersion: \"1.0\"\norganisation:\n  uri: https://%s.example/\n  name: %[1]s\nadoptions:\n", name) + strings.Join(statements, "")
}

func uses(address string, more ...string) string {
	return "  - software: " + address + "\n    role: uses\n    " + strings.Join(more, "\n    ") + "\n"
}

// with adds an adoptions.yml to files.
func with(files fstest.MapFS, src string) fstest.MapFS {
	files = maps.Clone(files)
	if files == nil {
		files = fstest.MapFS{}
	}
	files[adoption.FileName] = &fstest.MapFile{Data: []byte(src)}
	return files
}

// publishing is a source that the operator named for a publisher with an address at
// NAME.example.
func (r *rig) publishing(path, name string) crawler.Source {
	src := r.source(path, name)
	src.Publisher.URI, src.Publisher.Region, src.Configured = "https://"+name+".example", "DE-SH", true
	return src
}

func (r *rig) said(path string) *registry.Adoptions {
	r.t.Helper()
	d, err := r.store.Document(r.t.Context(), registry.AdoptionsDocument, "git.example/"+path)
	if errors.Is(err, registry.ErrNotFound) {
		return nil
	}
	if err != nil {
		r.t.Fatal(err)
	}
	a, err := registry.ReadDocument[registry.Adoptions](d)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r *rig) entry(path string) *registry.Software {
	r.t.Helper()
	s, err := r.get(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func TestAdoptionsReachEntries(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
	towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"O/Home.git", "version: 2.1.0", "since: 2024-05-01"), uses(at+"o/home", "version: secret", "visibility: restricted")))}
	r := newRig(t, home, towns)
	sources := []crawler.Source{r.publishing("o", "land"), r.publishing("stadt", "stadt")}
	r.sweep(sources...)
	want := []registry.Adoption{{
		Organisation: adoption.Organisation{URI: "https://stadt.example/", Name: "stadt"},
		Publisher:    registry.Publisher{ID: "stadt", Name: "Land stadt", Region: "DE-SH", URI: "https://stadt.example"},
		Role:         adoption.Uses, Version: "2.1.0", Since: "2024-05-01", ConfirmedUntil: "2027-03-02",
		Repository: "git.example/stadt/adoptions", URL: at + "stadt/adoptions",
	}}
	if diff := cmp.Diff(want, r.entry("o/home").Adoptions); diff != "" {
		t.Fatalf("want (-), have (+):\n%s", diff)
	}
	if n := r.entry("o/home").ConfirmedBy(r.now); n != 1 {
		t.Errorf("%d confirm it, want 1", n)
	}
	v := r.visit("stadt/adoptions")
	if v.Outcome != registry.NoFile || !strings.Contains(v.Detail, "adoptions.yml of stadt with 1 public statements was read") || strings.Contains(fmt.Sprint(v), "secret") {
		t.Errorf("the visit says %s: %s", v.Outcome, v.Detail)
	}

	// What has not changed is not read, and the entry keeps what is said of it when
	// it changes itself.
	reads := r.forge.reads
	rev, _ := r.store.Rev(t.Context())
	r.sweep(sources...)
	if now, _ := r.store.Rev(t.Context()); r.forge.reads != reads || now != rev {
		t.Errorf("an unchanged sweep read %d repositories and made %d changes", r.forge.reads-reads, now-rev)
	}
	home.files, home.version = file(named("Sielbuch", at+"o/home")), 1
	r.sweep(sources...)
	if s := r.entry("o/home"); s.PublicCode.Name != "Sielbuch" || len(s.Adoptions) != 1 {
		t.Errorf("after a change %s has %d adoptions", s.PublicCode.Name, len(s.Adoptions))
	}

	// A file that says the same in other words was said anew.
	towns.files, towns.version = with(nil, saying("stadt", uses(at+"o/home", "version: 2.2.0"))), 1
	r.sweep(sources...)
	if a := r.entry("o/home").Adoptions; len(a) != 1 || a[0].Version != "2.2.0" || a[0].ConfirmedUntil != "2027-03-05" {
		t.Errorf("after a change of the file: %+v", a)
	}
}

func TestAdoptionsOfAFileThatBreaksAndGoes(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
	towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"o/home")))}
	r := newRig(t, home, towns)
	sources := []crawler.Source{r.publishing("o", "land"), r.publishing("stadt", "stadt")}
	change := func(files fstest.MapFS) *registry.Adoptions {
		towns.files = files
		towns.version++
		r.sweep(sources...)
		if here, said := len(r.entry("o/home").Adoptions), r.said("stadt/adoptions"); (said == nil) != (here == 0) {
			t.Fatalf("the entry has %d adoptions, the document is %v", here, said)
		}
		return r.said("stadt/adoptions")
	}
	first := change(towns.files)
	broken := change(with(nil, "adoptions: [\n"))
	if broken == nil || broken.Unread != "cannot be read" || !broken.Time.Equal(first.Time) || len(broken.Statements) != 1 {
		t.Fatalf("of a broken file is kept: %+v", broken)
	}
	if v := r.visit("stadt/adoptions"); len(v.Findings) == 0 || !strings.Contains(v.Detail, "adoptions.yml cannot be read; what it said before still holds") {
		t.Errorf("the visit of a broken file: %q with %d findings", v.Detail, len(v.Findings))
	}
	if nameless := change(with(nil, "adoptionsYmlVersion: \"1.0\"\nadoptions: []\n")); nameless == nil || !strings.Contains(nameless.Unread, "who speaks") {
		t.Fatalf("of a file without an organisation is kept: %+v", nameless)
	}
	if again := change(with(nil, saying("stadt", uses(at+"o/home")))); again.Unread != "" || !again.Time.Equal(first.Time) {
		t.Fatalf("the file as it was says: %+v, first %v", again, first.Time)
	}
	if missed := change(fstest.MapFS{"README.md": {}}); missed == nil || missed.Missed.IsZero() {
		t.Fatalf("after one miss: %+v", missed)
	}
	if back := change(with(nil, saying("stadt", uses(at+"o/home")))); back == nil || !back.Missed.IsZero() {
		t.Fatalf("back again: %+v", back)
	}
	change(fstest.MapFS{"README.md": {}})
	r.sweep(sources...) // nothing changed, and it is looked at all the same
	if gone := r.said("stadt/adoptions"); gone != nil || len(r.entry("o/home").Adoptions) != 0 {
		t.Fatalf("after two misses: %+v", gone)
	}
}

func TestAdoptionsOfARepositoryThatGoes(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
	towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"o/home")))}
	r := newRig(t, home, towns)
	sources := []crawler.Source{r.publishing("o", "land"), r.publishing("stadt", "stadt")}
	r.sweep(sources...)
	r.forge.repos = r.forge.repos[:1]
	r.sweep(sources...)
	if r.said("stadt/adoptions") == nil {
		t.Error("gone after one miss")
	}
	r.sweep(sources...)
	if r.said("stadt/adoptions") != nil || len(r.entry("o/home").Adoptions) != 0 {
		t.Error("there after two misses")
	}
}

func TestWhoCanConfirm(t *testing.T) {
	tests := map[string]struct {
		change func(*crawler.Source, *fakeRepo)
		want   int // who confirm it
		proof  registry.Proof
	}{
		"the publisher itself":        {func(*crawler.Source, *fakeRepo) {}, 1, registry.ProvenSource},
		"for another organisation":    {func(s *crawler.Source, _ *fakeRepo) { s.Publisher.URI = "https://verbund.example/" }, 1, registry.ProvenPublisher},
		"a publisher without address": {func(s *crawler.Source, _ *fakeRepo) { s.Publisher.URI = "" }, 1, registry.ProvenPublisher},
		"found by a search":           {func(s *crawler.Source, _ *fakeRepo) { s.Configured = false }, 0, ""},
		"a fork":                      {func(_ *crawler.Source, r *fakeRepo) { r.fork = true }, 0, ""},
		"its own region": {func(_ *crawler.Source, r *fakeRepo) {
			r.files[adoption.FileName].Data = []byte(strings.Replace(string(r.files[adoption.FileName].Data), "  name:", "  region: DE-SH\n  name:", 1))
		}, 1, registry.ProvenSource},
		"another region": {func(_ *crawler.Source, r *fakeRepo) {
			r.files[adoption.FileName].Data = []byte(strings.Replace(string(r.files[adoption.FileName].Data), "  name:", "  region: DE-BY\n  name:", 1))
		}, 0, ""},
		"a part of its region": {func(s *crawler.Source, r *fakeRepo) {
			s.Publisher.Region = "DE"
			r.files[adoption.FileName].Data = []byte(strings.Replace(string(r.files[adoption.FileName].Data), "  name:", "  region: DE-BY\n  name:", 1))
		}, 1, registry.ProvenSource},
		"opted out": {func(_ *crawler.Source, r *fakeRepo) {
			r.files["publiccode.yml"] = &fstest.MapFile{Data: []byte(named("Other", at+"stadt/adoptions"))}
			r.files[".allmende-ignore"] = &fstest.MapFile{}
		}, 0, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
			towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"o/home")))}
			r := newRig(t, home, towns)
			src := r.publishing("stadt", "stadt")
			tt.change(&src, towns)
			r.sweep(r.publishing("o", "land"), src)
			s := r.entry("o/home")
			if n := s.ConfirmedBy(r.now); n != tt.want {
				t.Fatalf("%d confirm it, want %d", n, tt.want)
			}
			if tt.want > 0 && s.Adoptions[0].Proof() != tt.proof {
				t.Errorf("proven by %s, want %s", s.Adoptions[0].Proof(), tt.proof)
			}
			if name == "another region" {
				if v := r.visit("stadt/adoptions"); len(v.Findings) == 0 || !strings.Contains(v.Detail, "it is not counted") {
					t.Errorf("the visit says %q with %d findings", v.Detail, len(v.Findings))
				}
			}
		})
	}
}

func TestAdoptionsByOtherAddresses(t *testing.T) {
	home := &fakeRepo{path: "o/home", forgeID: "1", files: file(named("Deichbuch", at+"o/home"))}
	mirror := &fakeRepo{path: "o/mirror", files: file(named("Deichbuch", at+"o/home"))}
	one := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"o/mirror")))}
	two := &fakeRepo{path: "kreis/adoptions", files: with(nil, saying("kreis", uses(at+"o/home")))}
	r := newRig(t, home, mirror, one, two)
	sources := []crawler.Source{r.publishing("o", "land"), r.publishing("stadt", "stadt"), r.publishing("kreis", "kreis")}
	r.sweep(sources...)
	if n := r.entry("o/home").ConfirmedBy(r.now); n != 2 {
		t.Errorf("%d confirm it by its own address and that of its mirror, want 2", n)
	}
	home.path, home.files = "o/new", file(named("Deichbuch", at+"o/new"))
	mirror.files = file(named("Deichbuch", at+"o/new"))
	home.version, mirror.version = 1, 1
	r.sweep(sources...)
	if n := r.entry("o/new").ConfirmedBy(r.now); n != 2 {
		t.Errorf("%d confirm it after a rename, want 2", n)
	}
}

func TestSourceThatIsConfiguredNoMore(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
	towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, saying("stadt", uses(at+"o/home")))}
	r := newRig(t, home, towns)
	r.sweep(r.publishing("o", "land"), r.publishing("stadt", "stadt"))
	r.sweep(r.publishing("o", "land"))
	if n := len(r.entry("o/home").Adoptions); n != 0 {
		t.Errorf("%d adoptions without a source, want none", n)
	}
	r.sweep(r.publishing("o", "land"), r.publishing("stadt", "stadt"))
	if n := len(r.entry("o/home").Adoptions); n != 1 {
		t.Errorf("%d adoptions when the source is back, want 1", n)
	}
}

func TestOverridesStay(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("Deichbuch", at+"o/home"))}
	r := newRig(t, home)
	source := r.publishing("o", "land")
	r.sweep(source)
	put := func(field registry.OverrideField, value string) {
		o := registry.Override{Field: field, Value: []byte(value), Reason: "r", By: "b", Time: time.Unix(1, 0)}
		if err := r.store.PutDocuments(t.Context(), o.Document("git.example/o/home", 0)); err != nil {
			t.Fatal(err)
		}
	}
	put(registry.OverrideStatus, `"obsolete"`)
	put(registry.OverridePublisher, `{"id":"neu","name":"Neu"}`)
	if err := registry.Amend(t.Context(), r.store, "git.example/o/home"); err != nil {
		t.Fatal(err)
	}
	home.files, home.version = file(named("Sielbuch", at+"o/home")), 1
	r.sweep(source)
	s := r.entry("o/home")
	if s.PublicCode.Name != "Sielbuch" || s.PublicCode.DevelopmentStatus != "obsolete" || s.Publisher.ID != "neu" || len(s.Overrides) != 2 {
		t.Fatalf("after a visit: %s %q %v %v", s.PublicCode.Name, s.PublicCode.DevelopmentStatus, s.Publisher, s.Overrides)
	}
	for _, field := range registry.OverrideFields() {
		_ = r.store.PutDocuments(t.Context(), &registry.Document{Kind: registry.OverrideDocument, Key: "git.example/o/home " + string(field)})
	}
	r.sweep(source)
	if s = r.entry("o/home"); s.PublicCode.DevelopmentStatus != "" || s.Publisher.ID != "land" || s.Overrides != nil {
		t.Errorf("taken back: %q %v %v", s.PublicCode.DevelopmentStatus, s.Publisher, s.Overrides)
	}
}

// TestFindingsOfRestrictedStatements: what a finding quotes may be what only some may
// see.
func TestFindingsOfRestrictedStatements(t *testing.T) {
	open := uses(at+"o/home", "version: 4711", "contact: Erika Muster")
	tests := map[string]struct {
		src    string
		quotes bool
	}{
		"public alone":      {saying("stadt", open), true},
		"restricted, too":   {saying("stadt", open, uses(at+"o/home", "version: 4712", "visibility: restricted")), false},
		"not clear":         {saying("stadt", open, uses(at+"o/home", "version: 4712", "visibilty: restricted")), false},
		"no YAML":           {"adoptions: [version: 4711, {]", false},
		"nobody who speaks": {"adoptions:\n" + open, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			towns := &fakeRepo{path: "stadt/adoptions", files: with(nil, tt.src)}
			r := newRig(t, towns)
			r.sweep(r.publishing("stadt", "stadt"))
			v := r.visit("stadt/adoptions")
			quoted := false
			for _, f := range v.Findings {
				quoted = quoted || len(f.Args) > 0
			}
			if len(v.Findings) == 0 || quoted != tt.quotes {
				t.Errorf("%d findings, which quote %t, want %t: %v", len(v.Findings), quoted, tt.quotes, v.Findings)
			}
		})
	}
}

// TestAdoptionsThatCostARequest: where a forge does not tell what the root has, few
// repositories are asked for the file.
func TestAdoptionsThatCostARequest(t *testing.T) {
	tests := map[string]struct {
		repo fakeRepo
		want bool
	}{
		"any":                   {fakeRepo{path: "stadt/werkzeug"}, false},
		"with a publiccode.yml": {fakeRepo{path: "stadt/wahl", files: file(named("Wahl", at+"stadt/wahl"))}, true},
		"with a broken one":     {fakeRepo{path: "stadt/wahl", files: file("name:\n")}, true},
		"named for it":          {fakeRepo{path: "stadt/Allmende"}, true},
		"a source of its own":   {fakeRepo{path: "stadt/eigen"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			repo := &tt.repo
			repo.untold, repo.files = true, with(repo.files, saying("stadt", uses(at+"o/home")))
			r := newRig(t, repo)
			sources := []crawler.Source{r.publishing("stadt", "stadt"), r.publishing("stadt/eigen", "stadt")}
			r.sweep(sources...)
			asked := slices.Contains(repo.opened, adoption.FileName)
			if said := r.said(strings.ToLower(repo.path)) != nil; asked != tt.want || said != tt.want {
				t.Errorf("asked %t, said something %t, want %t", asked, said, tt.want)
			}
		})
	}
}
