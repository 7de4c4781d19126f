// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// named opens a store whose connections terminate finds.
func named(t *testing.T, address, name string) *postgres.Store {
	t.Helper()
	return open(t, postgrestest.With(t, address, "application_name", name))
}

// terminate breaks the connections of a store, or those of them whose last
// statement begins so, and waits until the server has ended them.
func terminate(t *testing.T, address, name, statement string) {
	t.Helper()
	postgrestest.Execute(t, address, fmt.Sprintf(
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '%s' AND query LIKE '%s%%'", name, statement))
}

// until asks the server again and again until the answer is t.
func until(t *testing.T, address, condition string) {
	t.Helper()
	for postgrestest.Query(t, address, "SELECT "+condition) != "t" {
		continue
	}
}

// waiting says that somebody waits for an advisory lock.
const waiting = "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"

// follow reads the log as it grows, up to a revision, and fails the test where
// one is missing or comes late.
func follow(t *testing.T, s *postgres.Store, ends <-chan registry.Rev) {
	t.Helper()
	told, err := s.Listen(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	last, end := registry.Rev(0), registry.Rev(-1)
	for last != end {
		for c, err := range s.Changes(t.Context(), last) {
			if err != nil || c.Rev != last+1 {
				t.Errorf("after revision %d comes %d, %v", last, c.Rev, err)
				return
			}
			last = c.Rev
		}
		if last == end {
			return
		}
		select {
		case <-told:
		case end = <-ends:
		}
	}
}

// Whoever follows the log sees every revision in its turn, whatever process
// wrote it, and however the database is set.
func TestSeveralWriteAndFollow(t *testing.T) {
	for _, level := range []string{"read committed", "repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			const stores, writers, each = 3, 3, 10
			address := postgrestest.With(t, postgrestest.Address(t), "default_transaction_isolation", level)
			ends := make(chan registry.Rev)
			var followers, all sync.WaitGroup
			for range 2 {
				s := open(t, address)
				followers.Go(func() { follow(t, s, ends) })
			}
			var changes atomic.Int64
			for i := range stores {
				s := open(t, address)
				for w := range writers {
					all.Go(func() {
						for n := range each {
							// One of its own, and one that all move about and remove.
							for _, software := range []*registry.Software{
								registrytest.Software(registry.ID(fmt.Sprintf("forge.example/%d/%d-%d", i, w, n)), fmt.Sprint(i, w, n)),
								registrytest.Software(registry.ID(fmt.Sprintf("forge.example/all/%d", (i+w+n)%4)), "all"),
							} {
								software.Repository.Stars = n
								c, err := s.Put(t.Context(), software)
								if err != nil {
									t.Errorf("Put: %v", err)
								}
								if c.Rev > 0 {
									changes.Add(1)
								}
							}
							c, err := s.Remove(t.Context(), registry.ID(fmt.Sprintf("forge.example/all/%d", n%4)), registry.FileGone)
							var moved *registry.MovedError
							if err != nil && !errors.Is(err, registry.ErrNotFound) && !errors.As(err, &moved) {
								t.Errorf("Remove: %v", err)
							}
							if c.Rev > 0 {
								changes.Add(1)
							}
							page := []*registry.Visit{
								{Repo: registry.ID(fmt.Sprint("forge.example/visit/", n)), Outcome: registry.Entry, Source: "s"},
								{Repo: registry.ID(fmt.Sprint("forge.example/visit/", each-n)), Outcome: registry.NoFile, Source: "s"},
							}
							if err := s.PutVisits(t.Context(), page); err != nil {
								t.Errorf("PutVisits: %v", err)
							}
							state := &registry.SourceState{Source: "s", Repositories: n}
							if err := s.Checkpoint(t.Context(), state, []registry.ID{page[1].Repo, page[0].Repo}); err != nil {
								t.Errorf("Checkpoint: %v", err)
							}
						}
					})
				}
			}
			all.Wait()
			s := open(t, address)
			rev, err := s.Rev(t.Context())
			if err != nil || int64(rev) < changes.Load() {
				t.Errorf("Rev is %d after %d changes, %v", rev, changes.Load(), err)
			}
			for range 2 {
				ends <- rev
			}
			followers.Wait()
			agrees(t, s)
		})
	}
}

// agrees checks that all that a store holds fits together.
func agrees(t *testing.T, s registry.Store) {
	t.Helper()
	for _, err := range registry.CheckDump(s.Dump(t.Context())) {
		if err != nil {
			t.Errorf("Dump: %v", err)
		}
	}
}

// What was said to be written is there, whenever connections break.
func TestConnectionsBreak(t *testing.T) {
	address := postgrestest.Address(t)
	const writers, each = 4, 30
	s, intact := named(t, address, "breaks"), open(t, address)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				software := registrytest.Software(registry.ID(fmt.Sprintf("forge.example/%d/%d", w, n)), "")
				if n%6 == w {
					terminate(t, address, "breaks", "") // at whatever point the others are
				}
				c, err := s.Put(t.Context(), software)
				if postgres.IsUnknown(err) {
					continue
				}
				if err != nil {
					t.Errorf("Put: %v", err)
					continue
				}
				if got, err := intact.Get(t.Context(), software.ID); err != nil || got.Rev != c.Rev {
					t.Errorf("Get by another of what was put: %+v, %v", got, err)
				}
			}
		})
	}
	all.Wait()
	terminate(t, address, "breaks", "")
	if _, err := s.Rev(t.Context()); err != nil {
		t.Errorf("Rev after the connections broke: %v", err)
	}
	agrees(t, intact)
}

func TestListen(t *testing.T) {
	address := postgrestest.Address(t)
	writes, listens := open(t, address), named(t, address, "listens")
	told, err := listens.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other, err := listens.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	put := func(id registry.ID) {
		t.Helper()
		if _, err := writes.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
	}
	put("forge.example/a/a")
	<-told
	<-other
	terminate(t, address, "listens", "LISTEN")
	put("forge.example/a/b")
	<-told // of what came meanwhile, or of the new connection
	if err := listens.Close(); err != nil {
		t.Fatal(err)
	}
	for range told { // is closed
		continue
	}
}

func TestLockIsTakenAgain(t *testing.T) {
	address := postgrestest.Address(t)
	holds, other := named(t, address, "holds"), open(t, address)
	unlock, err := holds.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatal(err)
	}
	terminate(t, address, "holds", "SELECT pg_advisory_lock")
	if _, err := holds.Put(t.Context(), registrytest.Software("forge.example/a/a", "")); err != nil {
		t.Errorf("Put after the connection of the lock broke: %v", err)
	}
	until(t, address, "EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE application_name = 'holds' AND locktype = 'advisory' AND granted)")
	if _, err := other.Lock(t.Context(), "crawl"); !errors.Is(err, registry.ErrLocked) {
		t.Errorf("Lock by another one: %v, want ErrLocked", err)
	}
	unlock()
	unlock, err = other.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	unlock()
}

// Who lost a lock to another process writes nothing more.
func TestLockIsLost(t *testing.T) {
	address := postgrestest.Address(t)
	loses, takes := named(t, address, "loses"), open(t, address)
	unlock, err := loses.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatal(err)
	}
	taken := make(chan func())
	go func() {
		free, err := takes.Lock(t.Context(), "crawl")
		if err != nil {
			t.Errorf("Lock: %v", err)
		}
		taken <- free
	}()
	until(t, address, waiting)
	terminate(t, address, "loses", "SELECT pg_advisory_lock")
	free := <-taken
	if t.Failed() {
		return
	}
	defer free()
	for n := 0; err == nil; n++ { // until it notices
		_, err = loses.Put(t.Context(), registrytest.Software(registry.ID(fmt.Sprint("forge.example/a/", n)), ""))
	}
	if !errors.Is(err, registry.ErrLocked) {
		t.Errorf("Put by who lost the lock: %v, want ErrLocked", err)
	}
	if err := loses.PutVisit(t.Context(), &registry.Visit{Repo: "forge.example/a/b", Outcome: registry.Empty}); !errors.Is(err, registry.ErrLocked) {
		t.Errorf("PutVisit by who lost the lock: %v, want ErrLocked", err)
	}
	if _, err := loses.Rev(t.Context()); err != nil {
		t.Errorf("Rev: %v", err)
	}
	unlock()
	if _, err := loses.Put(t.Context(), registrytest.Software("forge.example/a/after", "")); err != nil {
		t.Errorf("Put after unlock: %v", err)
	}
}

// One that waits for its turn can be called off, and leaves nothing.
func TestWaiting(t *testing.T) {
	address := postgrestest.Address(t)
	s, hasty := open(t, address), open(t, postgrestest.With(t, address, "statement_timeout", "100ms"))
	release := postgrestest.Hold(t, address, postgres.LockLog)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := s.Put(ctx, registrytest.Software("forge.example/a/a", ""))
		ended <- err
	}()
	until(t, address, waiting)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Put that was called off: %v", err)
	}
	if _, err := hasty.Put(t.Context(), registrytest.Software("forge.example/a/b", "")); err == nil || !errorSays(err, "statement_timeout") {
		t.Errorf("Put that waits too long: %v", err)
	}
	release()
	if c, err := s.Put(t.Context(), registrytest.Software("forge.example/a/c", "")); err != nil || c.Rev != 1 {
		t.Errorf("Put afterwards: %+v, %v", c, err)
	}
	agrees(t, s)
}
