// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// prune prunes, after a dry run that says the same and changes nothing, and checks
// what is left.
func prune(t *testing.T, s registry.Store, keep registry.Retention) registry.Pruned {
	t.Helper()
	_, before := dump(t, s)
	log := changes(t, s, 0)
	aliases, err := s.Aliases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keep.DryRun = true
	dry, err := s.Prune(t.Context(), keep)
	if err != nil {
		t.Fatalf("dry run of Prune: %v", err)
	}
	_, after := dump(t, s)
	same(t, "registry after a dry run", before, after)

	keep.DryRun = false
	done, err := s.Prune(t.Context(), keep)
	if err != nil {
		t.Fatalf("Prune: %v", err)
	}
	same(t, "pruned, after what the dry run said", dry, done)
	dump(t, s)
	same(t, "log", log, changes(t, s, 0))
	wantAliases(t, s, aliases)
	again, err := s.Prune(t.Context(), keep)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "pruned again", registry.Pruned{}, again)
	return done
}

func wantNoFile(t *testing.T, s registry.Store, b []byte) {
	t.Helper()
	_, err := s.File(t.Context(), hash(b))
	wantErr(t, fmt.Sprintf("File %q", b), err, registry.ErrNotFound)
}

// file is one of an entry, known by its content.
func file(path, content string) registry.File {
	return registry.File{Path: path, Bytes: []byte(content), Commit: "1"}
}

func testPruneHistory(t *testing.T, s registry.Store) {
	const id = registry.ID("forge.example/a/b")
	other := Software("forge.example/a/other", "2")
	other.Files = []registry.File{file("x", "shared")}
	put(t, s, other)

	// The files of each state, each known by its content.
	states := [][]registry.File{
		{file("a", "one"), file("b", "only at first"), file("e", "shared")},
		{file("a", "two"), file("b", "only at first"), file("c", "comes and goes")},
		{file("a", "two"), file("d", "in the middle"), file("d", "in the middle, from elsewhere")},
		{file("a", "one"), file("c", "comes and goes")},
		{file("a", "three")},
		nil, // removed
		{file("a", "three"), file("c", "comes and goes"), file("b", "later")},
	}
	states[2][2].Origin = "https://forge.example/d"
	var p past
	software := Software(id, "1")
	for _, files := range states {
		software.Rev = 0
		software.Files = files
		if files == nil {
			nextMillisecond()
			p.remove(t, s, id)
			continue
		}
		p.put(t, s, software)
	}

	wantKept := func(from int) {
		t.Helper()
		p[from:].want(t, s, id)
		kept := map[string]bool{"shared": true, "cited": true}
		for i, files := range states {
			for _, f := range files {
				if i >= from {
					kept[string(f.Bytes)] = true
					wantFile(t, s, f.Bytes)
				}
			}
		}
		for _, files := range states {
			for _, f := range files {
				if !kept[string(f.Bytes)] {
					wantNoFile(t, s, f.Bytes)
				}
			}
		}
	}
	same(t, "pruned before the first state", registry.Pruned{}, prune(t, s, registry.Retention{History: p[0].Time.Add(-1)}))
	wantKept(0)
	same(t, "pruned at the first state", registry.Pruned{}, prune(t, s, registry.Retention{History: p[0].Time}))
	for i := 1; i < len(p); i++ {
		got := prune(t, s, registry.Retention{History: p[i].Time.Add(-1)})
		same(t, fmt.Sprint("pruned right before state ", i), registry.Pruned{}, got)
		got = prune(t, s, registry.Retention{History: p[i].Time})
		got.Files = 0 // as the files say
		same(t, fmt.Sprint("pruned at state ", i), registry.Pruned{Revisions: 1}, got)
		wantKept(i)
	}
	wantFile(t, s, []byte("shared"))

	// What was dropped can come again.
	if c := put(t, s, get(t, s, id)); c.Rev != 0 {
		t.Errorf("Put of what is there logged %+v", c)
	}
	software.Files = []registry.File{file("a", "one"), file("d", "in the middle")}
	put(t, s, software)
	wantFile(t, s, []byte("one"))
	wantFile(t, s, []byte("in the middle"))
	software.Rev, software.Files = 0, []registry.File{{Path: "b", Hash: hash([]byte("only at first"))}}
	_, err := s.Put(t.Context(), software)
	wantErr(t, "Put of a file that was dropped, by its hash", err, registry.ErrInvalid)
	dump(t, s)
}

// SBOMs go with the files that they were read from; what a dossier names stays.
func testPruneFiles(t *testing.T, s registry.Store) {
	const id = registry.ID("forge.example/a/b")
	gone, cited := []byte(`{"sbom":1}`), []byte(`{"sbom":2}`)
	var p past
	software := Software(id, "1")
	for i, b := range [][]byte{gone, cited} {
		software.Files = []registry.File{{Path: "sbom.json", Bytes: b, Role: registry.RoleSBOM}}
		software.SBOMs = []registry.SBOM{bill("sbom.json", hash(b), document(fmt.Sprint(i)))}
		p.put(t, s, software)
	}
	d := dossier(id, time.Unix(1e9, 0).UTC(), `{"files":[{"hash":"`+hash(cited)+`"}]}`)
	if err := s.PutDossier(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	software.Files, software.SBOMs = []registry.File{file("a", "now")}, nil
	p.put(t, s, software)

	same(t, "pruned", registry.Pruned{Revisions: 2, Files: 1}, prune(t, s, registry.Retention{History: p[2].Time}))
	wantNoFile(t, s, gone)
	wantFile(t, s, cited)
	_, err := s.SBOM(t.Context(), hash(gone))
	wantErr(t, "SBOM of a file that was dropped", err, registry.ErrNotFound)
	if _, err := s.SBOM(t.Context(), hash(cited)); err != nil {
		t.Errorf("SBOM of a file that a dossier names: %v", err)
	}
	remove(t, s, id)
	same(t, "pruned when it is removed", registry.Pruned{Revisions: 1, Entries: 1, Files: 1}, prune(t, s, registry.Retention{Removed: time.Now().Add(time.Hour)}))
	if got, err := s.Dossier(t.Context(), d.Hash); err != nil || string(got.Bytes) != string(d.Bytes) {
		t.Errorf("Dossier: %+v, %v", got, err)
	}
	wantFile(t, s, cited)
}

func testPruneRemoved(t *testing.T, s registry.Store) {
	const former, id, lost, stays = registry.ID("forge.example/a/former"), registry.ID("forge.example/a/b"),
		registry.ID("forge.example/a/lost"), registry.ID("forge.example/a/stays")
	files := func(s *registry.Software, content string) *registry.Software {
		s.Files = []registry.File{file("publiccode.yml", content)}
		return s
	}
	first := put(t, s, files(Software(former, "1"), "first"))
	put(t, s, files(Software(id, "1"), "second"))
	put(t, s, files(Software(stays, "3"), "stays"))
	put(t, s, files(Software(lost, "4"), "lost"))
	taker := files(Software("forge.example/a/taker", "5"), "stays")
	put(t, s, taker)
	taker.ID = lost
	taken := put(t, s, taker) // the one with the ID 4 loses its address and is removed
	gone := remove(t, s, id)

	same(t, "pruned before", registry.Pruned{}, prune(t, s, registry.Retention{Removed: first.Time.Add(-time.Hour)}))
	wantFile(t, s, []byte("first"))
	same(t, "pruned", registry.Pruned{Entries: 2, Revisions: 3, Files: 3}, prune(t, s, registry.Retention{Removed: gone.Time.Add(1), History: first.Time}))
	for _, content := range []string{"first", "second", "lost"} {
		wantNoFile(t, s, []byte(content))
	}
	wantFile(t, s, []byte("stays"))
	same(t, "entries", []registry.ID{lost, stays}, ids(t, s))
	_, err := s.Get(t.Context(), id)
	wantErr(t, "Get", err, registry.ErrGone)
	wantMoved(t, s, former, id)
	same(t, "history", []*registry.Revision{{Change: gone}}, history(t, s, id))
	_, err = s.At(t.Context(), id, gone.Time.Add(time.Second))
	wantErr(t, "At after it was removed", err, registry.ErrGone)
	_, err = s.At(t.Context(), id, first.Time.Add(-1))
	wantErr(t, "At before it was there", err, registry.ErrNotFound)
	if c := remove(t, s, id); c.Rev != 0 {
		t.Errorf("Remove again logged %+v", c)
	}

	// Both come back, known by what their forge calls them.
	c := put(t, s, files(Software("forge.example/z/back", "1"), "second"))
	same(t, "change", registry.Change{Rev: taken.Rev + 2, ID: "forge.example/z/back", Kind: registry.Restored, From: id, Time: c.Time}, c)
	wantMoved(t, s, former, "forge.example/z/back")
	if got := get(t, s, "forge.example/z/back"); !got.FirstSeen.Equal(first.Time) || got.PublicCode.Name == "" {
		t.Errorf("restored it is %+v", got)
	}
	wantFile(t, s, []byte("second"))
	if c := put(t, s, Software("forge.example/z/found", "4")); c.Kind != registry.Restored {
		t.Errorf("what had lost its address logged %+v", c)
	}
	if got := len(history(t, s, "forge.example/z/found")); got != 2 {
		t.Errorf("its history has %d revisions, want the removal and the state", got)
	}
	dump(t, s)
}

func testPruneVisits(t *testing.T, s registry.Store) {
	cut := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, id := range []registry.ID{"forge.example/a/entry", "forge.example/a/parts/~/apps/form", "forge.example/a/removed"} {
		put(t, s, Software(id, string(id)))
	}
	remove(t, s, "forge.example/a/removed")
	type line struct {
		repo       registry.ID
		made, seen time.Duration // after cut; seen never where 0
		stays      bool
	}
	lines := []line{
		{"forge.example/a/entry", -time.Hour, -time.Hour, true},
		{"forge.example/a/parts", -time.Hour, -time.Hour, true},
		{"forge.example/a/parts-of", -time.Hour, -time.Hour, false},
		{"forge.example/a/removed", -time.Hour, -time.Hour, false},
		{"forge.example/a/Old", -time.Hour, -1, false},
		{"forge.example/a/never-listed", -time.Hour, 0, false},
		{"forge.example/a/listed", -time.Hour, 1, true},
		{"forge.example/a/listed-that-day", -time.Hour, 20 * time.Hour, true},
		{"forge.example/a/made", 1, -time.Hour, true},
		{"forge.example/a/made-never-listed", time.Hour, 0, true},
	}
	for i := range many { // more than one page of either
		stays := i%3 == 0
		seen := -time.Hour
		if stays {
			seen = time.Hour
		}
		lines = append(lines, line{registry.ID(fmt.Sprint("forge.example/many/", i)), -time.Hour, seen, stays})
	}
	want := map[registry.ID]bool{}
	gone := 0
	for _, l := range lines {
		want[l.repo] = l.stays
		if !l.stays {
			gone++
		}
		putVisits(t, s, &registry.Visit{Repo: l.repo, Source: "https://forge.example", Outcome: registry.NoFile, Time: cut.Add(l.made).In(time.FixedZone("", 7200))})
		if l.seen != 0 {
			checkpoint(t, s, &registry.SourceState{Source: "https://forge.example", Started: cut.Add(l.seen)}, l.repo)
		}
	}
	same(t, "pruned", registry.Pruned{Visits: gone}, prune(t, s, registry.Retention{Visits: cut}))
	for repo, stays := range want {
		_, err := s.Visit(t.Context(), repo)
		if got := !errors.Is(err, registry.ErrNotFound); got != stays {
			t.Errorf("visit of %s: %v, want it kept: %t", repo, err, stays)
		}
	}
}

func testPruneNothing(t *testing.T, s registry.Store) {
	Fill(t, s)
	_, before := dump(t, s)
	caesar := time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC)
	for name, keep := range map[string]registry.Retention{
		"all":            {},
		"since long ago": {History: time.Unix(0, 0), Removed: time.Unix(0, 0)},
		"since ever":     {History: caesar, Removed: caesar, Visits: caesar},
	} {
		same(t, "kept "+name, registry.Pruned{}, prune(t, s, keep))
	}
	_, after := dump(t, s)
	same(t, "registry", before, after)
	_, err := s.Prune(cancelled(t), registry.Retention{History: time.Now()})
	wantErr(t, "Prune with a cancelled context", err, context.Canceled)
}

// Who writes does not notice, whatever is dropped meanwhile.
func testPruneWhileWriting(t *testing.T, s registry.Store) {
	const writers, rounds = 4, 60
	stop := make(chan struct{})
	var pruners, all sync.WaitGroup
	for range 2 {
		pruners.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				at := time.Now().Add(time.Hour)
				if _, err := s.Prune(t.Context(), registry.Retention{History: at, Removed: at, Visits: at}); err != nil {
					t.Errorf("Prune beside writers: %v", err)
					return
				}
			}
		})
	}
	for w := range writers {
		all.Go(func() {
			id := registry.ID(fmt.Sprint("forge.example/a/", w))
			for n := range rounds {
				software := Software(id, fmt.Sprint(w))
				software.Repository.Stars = n
				// All of them have the same few files, again and again.
				software.Files = []registry.File{file("a", fmt.Sprint("content ", n%3)), file(fmt.Sprint("b", n%2), fmt.Sprint("content ", n%5))}
				if _, err := s.Put(t.Context(), software); err != nil {
					t.Errorf("Put beside Prune: %v", err)
					return
				}
				if n%7 == 0 {
					if _, err := s.Remove(t.Context(), id, registry.FileGone); err != nil {
						t.Errorf("Remove beside Prune: %v", err)
					}
					continue
				}
				for _, f := range software.Files {
					if _, err := s.File(t.Context(), f.Hash); err != nil {
						t.Errorf("File beside Prune: %v", err)
					}
				}
			}
		})
	}
	all.Wait()
	close(stop)
	pruners.Wait()
	prune(t, s, registry.Retention{History: time.Now().Add(time.Hour)})
	for software, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if got := len(history(t, s, software.ID)); got != 1 {
			t.Errorf("%s has a history of %d states, want 1", software.ID, got)
		}
	}
}

// A pruned store is dumped and loaded like any other.
func testPruneDump(t *testing.T, open func(t *testing.T) registry.Store) {
	from, to := open(t), open(t)
	Fill(t, from)
	now := time.Now().Add(time.Hour)
	same(t, "pruned", registry.Pruned{Revisions: 10, Entries: 2, Visits: 1, Files: 3},
		prune(t, from, registry.Retention{History: now, Visits: now, Removed: now}))
	_, lines := dump(t, from)
	if err := to.Load(t.Context(), from.Dump(t.Context())); err != nil {
		t.Fatal(err)
	}
	_, loaded := dump(t, to)
	same(t, "what was loaded", lines, loaded)
	for _, s := range []registry.Store{from, to} {
		put(t, s, Software("forge.example/a/gone", "5"))
		put(t, s, Software("forge.example/c/back", "3"))
		remove(t, s, "forge.example/a/changed")
	}
	one, two := read(t, from), read(t, to)
	one.forgetTimes()
	two.forgetTimes()
	same(t, "what was written after", one, two)
}
