// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package registrytest holds the conformance suite of registry.Store.
package registrytest

import (
	"errors"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// TestStore checks a store against every sentence of [registry.Store]. open
// returns an empty store of its own for each call and arranges for it to be
// closed at the end of the test.
func TestStore(t *testing.T, open func(t *testing.T) registry.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, registry.Store)
	}{
		{"empty", testEmpty},
		{"put and get", testPutGet},
		{"any ID", testAnyID},
		{"invalid entries", testInvalid},
		{"same again writes nothing", testUnchanged},
		{"update", testUpdate},
		{"conflict", testConflict},
		{"files", testFiles},
		{"large file", testLargeFile},
		{"files by hash", testFilesByHash},
		{"files and their origins", testFileOrigins},
		{"bills of materials", testSBOMs},
		{"dossiers", testDossiers},
		{"case of IDs", testCase},
		{"rename", testRename},
		{"rename with new content", testRenameUpdated},
		{"rename chain", testRenameChain},
		{"rename and back", testRenameBack},
		{"rename needs the same host", testRenameHost},
		{"rename onto another entry", testRenameOccupied},
		{"two swap names", testRenameSwap},
		{"alias taken back", testAliasTakenBack},
		{"new forge ID at the same address", testNewForgeID},
		{"parts", testParts},
		{"parts follow a rename", testPartsRenamed},
		{"part becomes the whole", testPartAndWhole},
		{"remove", testRemove},
		{"remove for every reason", testReasons},
		{"restore", testRestore},
		{"restore under another ID", testRestoreRenamed},
		{"all in order", testAll},
		{"all for a search index", testSearched},
		{"changes", testChanges},
		{"write while iterating", testWriteWhileIterating},
		{"history", testHistory},
		{"history of renamed entries", testHistoryRenamed},
		{"history of parts", testHistoryParts},
		{"long history", testHistoryLong},
		{"prune history", testPruneHistory},
		{"prune files", testPruneFiles},
		{"prune removed entries", testPruneRemoved},
		{"prune visits", testPruneVisits},
		{"prune nothing", testPruneNothing},
		{"prune while others write", testPruneWhileWriting},
		{"days", testDays},
		{"invalid days", testInvalidDays},
		{"counted days", testCountDay},
		{"visits", testVisits},
		{"visits by outcome", testVisitsByOutcome},
		{"visits by the page", testPutVisits},
		{"checkpoint", testCheckpoint},
		{"seen", testSeen},
		{"states in order", testSourceStates},
		{"lock", testLock},
		{"parallel writers", testParallel},
		{"parallel writers that fail", testParallelFailures},
		{"parallel readers", testReaders},
		{"context", testContext},
		{"failed put leaves nothing", testAtomic},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
	t.Run("dump", func(t *testing.T) { testDump(t, open) })
}

// TestDurable checks that what was written is there after the store was closed
// and opened again. Calls of open with the same folder open the same store.
func TestDurable(t *testing.T, open func(t *testing.T, dir string) registry.Store) {
	dir := t.TempDir()
	reopen := func(s registry.Store) registry.Store {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
		}
		return open(t, dir)
	}
	s := reopen(nil)
	want := Software("forge.example/a/b", "1")
	put(t, s, want)
	want.ID = "forge.example/a/c"
	put(t, s, want)
	put(t, s, Software("forge.example/a/gone", "2"))
	remove(t, s, "forge.example/a/gone")
	visit := &registry.Visit{Repo: "forge.example/a/c", Source: "https://forge.example/a", Outcome: registry.Entry, Time: time.Unix(1e9, 0)}
	if err := s.PutVisit(t.Context(), visit); err != nil {
		t.Fatal(err)
	}
	state := &registry.SourceState{Source: visit.Source, Started: time.Unix(1e9, 1), After: "page 2"}
	checkpoint(t, s, state, visit.Repo)
	visit.Seen = state.Started
	past := history(t, s, want.ID)
	day := &registry.Day{Date: "2026-11-22", Rev: 4, Entries: 1, Regions: map[string]int{"DE-SH": 1}}
	putDay(t, s, day)
	log := changes(t, s, 0)
	kept, former := newDocument("kept", "1"), newDocument("former", "1")
	putDocuments(t, documents(s), kept, former)
	putDocuments(t, documents(s), &registry.Document{Kind: note, Key: "former"})

	s = reopen(s)
	wantDocument(t, documents(s), kept)
	next := newDocument("former", "2")
	if putDocuments(t, documents(s), next); next.Version <= former.Version {
		t.Errorf("after reopening the version %d is given after %d", next.Version, former.Version)
	}
	same(t, "entry", want, get(t, s, want.ID))
	same(t, "log", log, changes(t, s, 0))
	same(t, "history", past, history(t, s, want.ID))
	same(t, "days", []*registry.Day{day}, days(t, s, "", ""))
	if _, err := s.File(t.Context(), want.Files[0].Hash); err != nil {
		t.Errorf("File: %v", err)
	}
	if _, err := s.Get(t.Context(), "forge.example/a/gone"); !errors.Is(err, registry.ErrGone) {
		t.Errorf("removed entry: %v, want ErrGone", err)
	}
	wantMoved(t, s, "forge.example/a/b", want.ID)
	v, err := s.Visit(t.Context(), visit.Repo)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "visit", visit, v)
	same(t, "states", []*registry.SourceState{state}, states(t, s))
	if c := put(t, s, Software("forge.example/a/d", "")); c.Rev != log[len(log)-1].Rev+1 {
		t.Errorf("first revision after reopening is %d, want %d", c.Rev, log[len(log)-1].Rev+1)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func wantMoved(t *testing.T, s registry.Store, from, to registry.ID) {
	t.Helper()
	_, err := s.Get(t.Context(), from)
	var moved *registry.MovedError
	if !errors.As(err, &moved) || moved.To != to {
		t.Errorf("Get %s: %v, want moved to %s", from, err, to)
	}
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func wantAliases(t *testing.T, s registry.Store, want map[registry.ID]registry.ID) {
	t.Helper()
	got, err := s.Aliases(t.Context())
	if err != nil {
		t.Fatalf("Aliases: %v", err)
	}
	same(t, "aliases", want, got)
}

// wantLog compares the kinds, IDs, former IDs and reasons of the log after a
// revision, and that its revisions follow on without a gap.
func wantLog(t *testing.T, s registry.Store, after registry.Rev, want ...registry.Change) {
	t.Helper()
	got := changes(t, s, after)
	for i := range got {
		if got[i].Rev != after+registry.Rev(i)+1 {
			t.Errorf("change %d has revision %d, want %d", i, got[i].Rev, after+registry.Rev(i)+1)
		}
		if got[i].Time.IsZero() {
			t.Errorf("change %d has no time", i)
		}
		got[i].Rev, got[i].Time = 0, time.Time{}
	}
	same(t, "log", want, got)
}
