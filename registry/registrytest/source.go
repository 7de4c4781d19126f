// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func states(t *testing.T, s registry.Store) []*registry.SourceState {
	t.Helper()
	var all []*registry.SourceState
	for state, err := range s.SourceStates(t.Context()) {
		if err != nil {
			t.Fatalf("SourceStates: %v", err)
		}
		all = append(all, state)
	}
	return all
}

func testCheckpoint(t *testing.T, s registry.Store) {
	want := &registry.SourceState{
		Source:  "https://forge.example/küste?x=%2F",
		Started: time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.FixedZone("", 3600)), Finished: time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC),
		After: "küste\x00\"2\"", Next: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC), Interval: 90*time.Minute + 1,
		Error: "the forge is <away> & silent", Failures: 2, Repositories: 100_000, Changes: 3,
	}
	checkpoint(t, s, want)
	got, err := s.SourceState(t.Context(), want.Source)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "state", want, got)
	_, err = s.SourceState(t.Context(), "https://forge.example/Küste?x=%2F")
	wantErr(t, "SourceState of another source", err, registry.ErrNotFound)

	want = &registry.SourceState{Source: want.Source}
	checkpoint(t, s, want)
	same(t, "states after it was written anew", []*registry.SourceState{want}, states(t, s))
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("checkpoints made revision %d; they are no changes", rev)
	}
}

func testSeen(t *testing.T, s registry.Store) {
	a := &registry.Visit{Repo: "forge.example/A/a", Source: "https://forge.example/a", Outcome: registry.NoFile}
	b := &registry.Visit{Repo: "forge.example/a/b", Source: "https://forge.example", Outcome: registry.NoFile}
	part := &registry.Visit{Repo: "forge.example/a/b/~/c", Source: "https://forge.example", Outcome: registry.Entry}
	a.Seen = time.Now() // not for PutVisit to set
	putVisits(t, s, a, b, part)
	wantSeen := func(when string, want map[registry.ID]time.Time) {
		t.Helper()
		got := map[registry.ID]time.Time{}
		for v, err := range s.Visits(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			got[v.Repo] = v.Seen
			same(t, "visit "+when, v, visit(t, s, v.Repo))
		}
		same(t, "seen "+when, want, got)
	}
	never := time.Time{}
	wantSeen("before the first checkpoint", map[registry.ID]time.Time{a.Repo: never, b.Repo: never, part.Repo: never})

	first := time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.FixedZone("", 3600))
	checkpoint(t, s, &registry.SourceState{Source: b.Source, Started: first}, "forge.example/a/A", part.Repo, "forge.example/a/never-visited")
	wantSeen("after a checkpoint", map[registry.ID]time.Time{a.Repo: first, b.Repo: never, part.Repo: first})

	a.Outcome, a.Seen = registry.Missing, never
	b.Seen = first
	putVisits(t, s, a)
	if err := s.PutVisit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	wantSeen("after another visit", map[registry.ID]time.Time{a.Repo: first, b.Repo: never, part.Repo: first})

	second := first.Add(time.Nanosecond)
	state := &registry.SourceState{Source: b.Source, Started: second}
	checkpoint(t, s, state, b.Repo, b.Repo)
	checkpoint(t, s, state)
	wantSeen("after the next checkpoint", map[registry.ID]time.Time{a.Repo: first, b.Repo: second, part.Repo: first})

	// All or nothing.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantErr(t, "Checkpoint", s.Checkpoint(ctx, &registry.SourceState{Source: b.Source}, []registry.ID{a.Repo}), context.Canceled)
	wantErr(t, "Checkpoint", s.Checkpoint(t.Context(), &registry.SourceState{}, []registry.ID{a.Repo}), registry.ErrInvalid)
	wantSeen("after checkpoints that failed", map[registry.ID]time.Time{a.Repo: first, b.Repo: second, part.Repo: first})
	same(t, "states", []*registry.SourceState{state}, states(t, s))
}

func testSourceStates(t *testing.T, s registry.Store) {
	want := []string{"https://forge.example/Z", "https://forge.example/ä", "https://forge.example/z/"}
	for i := range many {
		want = append(want, fmt.Sprint("https://forge.example/", (i*37)%many))
	}
	for _, source := range want {
		checkpoint(t, s, &registry.SourceState{Source: source})
	}
	slices.Sort(want)
	var got []string
	for state, err := range s.SourceStates(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		state.Failures++
		checkpoint(t, s, state) // its consumer may write
		got = append(got, state.Source)
	}
	same(t, "names", want, got)
}
