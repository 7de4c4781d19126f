// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func testParallel(t *testing.T, s registry.Store) {
	const writers, each = 6, 8
	var mu sync.Mutex
	var revs []registry.Rev
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				software := Software(registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, i)), "")
				c, err := s.Put(t.Context(), software)
				if err != nil {
					t.Errorf("Put: %v", err)
					return
				}
				if got, err := s.Get(t.Context(), software.ID); err != nil || got.Rev != c.Rev {
					t.Errorf("Get after Put: %v, %v", got, err)
				}
				if rev, err := s.Rev(t.Context()); err != nil || rev < c.Rev {
					t.Errorf("Rev is %d after revision %d, %v", rev, c.Rev, err)
				}
				shared := Software("forge.example/all/shared", "s")
				shared.Repository.Stars = w*each + i + 1000
				c2, err := s.Put(t.Context(), shared)
				if err != nil {
					t.Errorf("Put: %v", err)
				}
				mu.Lock()
				revs = append(revs, c.Rev, c2.Rev)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(revs)
	for i, rev := range revs {
		if rev != registry.Rev(i+1) {
			t.Fatalf("revision %d stands at place %d: a gap or a double", rev, i+1)
		}
	}
	if got := changes(t, s, 0); len(got) != 2*writers*each || got[len(got)-1].Rev != revOf(t, s) {
		t.Errorf("the log has %d changes, want %d", len(got), 2*writers*each)
	}
	if got := history(t, s, "forge.example/all/shared"); len(got) != writers*each {
		t.Errorf("the entry that all write has %d revisions, want %d", len(got), writers*each)
	}
	if got := ids(t, s); len(got) != writers*each+1 {
		t.Errorf("%d entries, want %d", len(got), writers*each+1)
	}
}

// What one writer does wrong, or its context, is no concern of the others.
func testParallelFailures(t *testing.T, s registry.Store) {
	const writers, each = 9, 12
	var wg sync.WaitGroup
	var written atomic.Int32
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				id := registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, i))
				switch w % 3 {
				case 0:
					_, err := s.Put(t.Context(), Software(id, ""))
					wantErr(t, "Put", err, nil)
					written.Add(1)
				case 1:
					_, err := s.Remove(t.Context(), id, registry.FileGone)
					wantErr(t, "Remove of no entry", err, registry.ErrNotFound)
				case 2:
					ctx, cancel := context.WithCancel(t.Context())
					go cancel()
					_, err := s.Put(ctx, Software(id, ""))
					_, getErr := s.Get(t.Context(), id)
					if err == nil {
						written.Add(1)
						wantErr(t, "Get of what was written", getErr, nil)
						continue
					}
					wantErr(t, "Put that is cancelled", err, context.Canceled)
					wantErr(t, "Get of what was cancelled", getErr, registry.ErrNotFound)
				}
			}
		})
	}
	wg.Wait()
	if rev, log := revOf(t, s), changes(t, s, 0); rev != registry.Rev(written.Load()) || len(log) != int(rev) {
		t.Errorf("revision %d and %d changes after %d writes", rev, len(log), written.Load())
	}
}

// A reader sees whole entries: one put with name and file together is never
// seen half.
func testReaders(t *testing.T, s registry.Store) {
	version := func(i int) *registry.Software {
		x := Software("forge.example/a/b", "1")
		x.PublicCode.Name = fmt.Sprint("v", i)
		x.Files[0].Bytes = []byte(x.PublicCode.Name)
		return x
	}
	put(t, s, version(0))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				got, err := s.Get(t.Context(), "forge.example/a/b")
				if err != nil {
					t.Errorf("Get: %v", err)
					return
				}
				b, err := s.File(t.Context(), got.Files[0].Hash)
				if err != nil || string(b) != got.PublicCode.Name {
					t.Errorf("file of %s is %q, %v", got.PublicCode.Name, b, err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 15 {
		put(t, s, version(i+1))
	}
	close(done)
	wg.Wait()
}

func testContext(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	put(t, s, Software("forge.example/a/b", "2"))
	put(t, s, Software("forge.example/a/x", "3"))
	v := &registry.Visit{Repo: "forge.example/a/a", Outcome: registry.Entry}
	for _, repo := range []registry.ID{"forge.example/a/a", "forge.example/a/b"} {
		v.Repo = repo
		if err := s.PutVisit(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	state := &registry.SourceState{Source: "https://forge.example"}
	checkpoint(t, s, state)
	for name, call := range map[string]func(context.Context) error{
		"Put": func(ctx context.Context) error { _, err := s.Put(ctx, Software("forge.example/a/c", "")); return err },
		"Get": func(ctx context.Context) error { _, err := s.Get(ctx, "forge.example/a/a"); return err },
		"All": func(ctx context.Context) error { return drain(s.All(ctx)) },
		"Remove": func(ctx context.Context) error {
			_, err := s.Remove(ctx, "forge.example/a/x", registry.FileGone)
			return err
		},
		"Changes":            func(ctx context.Context) error { return drain(s.Changes(ctx, 0)) },
		"Rev":                func(ctx context.Context) error { _, err := s.Rev(ctx); return err },
		"File":               func(ctx context.Context) error { _, err := s.File(ctx, hash([]byte("name: Deichbuch\n"))); return err },
		"Aliases":            func(ctx context.Context) error { _, err := s.Aliases(ctx); return err },
		"Visit":              func(ctx context.Context) error { _, err := s.Visit(ctx, "forge.example/a/a"); return err },
		"PutVisit":           func(ctx context.Context) error { return s.PutVisit(ctx, v) },
		"PutVisits":          func(ctx context.Context) error { return s.PutVisits(ctx, []*registry.Visit{v, v}) },
		"Visits":             func(ctx context.Context) error { return drain(s.Visits(ctx, "")) },
		"Visits of outcomes": func(ctx context.Context) error { return drain(s.Visits(ctx, "", registry.NoFile, registry.Entry)) },
		"SourceState":        func(ctx context.Context) error { _, err := s.SourceState(ctx, state.Source); return err },
		"SourceStates":       func(ctx context.Context) error { return drain(s.SourceStates(ctx)) },
		"Checkpoint":         func(ctx context.Context) error { return s.Checkpoint(ctx, state, []registry.ID{v.Repo}) },
		"History":            func(ctx context.Context) error { return drain(s.History(ctx, "forge.example/a/a")) },
		"At":                 func(ctx context.Context) error { _, err := s.At(ctx, "forge.example/a/a", time.Now()); return err },
		"PutDay":             func(ctx context.Context) error { return s.PutDay(ctx, &registry.Day{Date: "2026-11-22"}) },
		"Days":               func(ctx context.Context) error { return drain(s.Days(ctx, "", "")) },
		"Lock": func(ctx context.Context) error {
			unlock, err := s.Lock(ctx, "crawl")
			if err == nil {
				unlock()
			}
			return err
		},
	} {
		wantErr(t, name+" with a cancelled context", call(cancelled(t)), context.Canceled)
		if err := call(t.Context()); err != nil {
			t.Errorf("%s afterwards: %v", name, err)
		}
	}

	// Cancelled within the loop, an iterator ends with the context's error.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range s.All(ctx) {
		last = err
		n++
		cancel()
	}
	if n != 2 {
		t.Errorf("All yielded %d times after its context ended within the first, want an entry and an error", n)
	}
	wantErr(t, "All cancelled within the loop", last, context.Canceled)
}

func drain[T any](seq func(func(T, error) bool)) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}
