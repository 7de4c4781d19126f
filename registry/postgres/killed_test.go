// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// A server that crashes in the middle of writes and starts again has all that it
// said was written, and those who write go on by themselves.
func TestServerKilled(t *testing.T) {
	const crashes, writers, between = 3, 4, 25
	// The machine goes on, so that what is written need not reach its disk.
	server := postgrestest.Own(t, postgrestest.Settings{Conf: "fsync = off"})
	s := open(t, server.Address)
	unlock, err := s.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatal(err)
	}
	told, err := s.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex
	written, visited := map[registry.ID]registry.Change{}, map[registry.ID]bool{}
	var unknown, again int
	step := make(chan struct{}) // one for each write that was acknowledged
	stop := make(chan struct{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := 0; ; n++ {
				id := registry.ID(fmt.Sprintf("forge.example/%d/%d", w, n))
				c, err := s.Put(t.Context(), registrytest.Software(id, ""))
				visit := s.PutVisit(t.Context(), &registry.Visit{Repo: id, Outcome: registry.Entry})
				mu.Lock()
				visited[id] = visit == nil
				switch {
				case err == nil:
					written[id] = c
				case postgres.IsUnknown(err):
					unknown++
				default: // the server took longer than is waited for
					n--
					again++
				}
				mu.Unlock()
				select {
				case step <- struct{}{}:
				case <-stop:
					return
				}
			}
		})
	}
	for range crashes {
		for range between {
			<-step
		}
		server.Stop(t)
		server.Start(t)
	}
	for range between {
		<-step
	}
	close(stop)
	all.Wait()
	t.Logf("%d written, %d that nobody knows of, %d tried again by the writers", len(written), unknown, again)

	for name, reader := range map[string]*postgres.Store{"the same store": s, "another one": open(t, server.Address)} {
		agrees(t, reader)
		for id, c := range written {
			got, err := reader.Get(t.Context(), id)
			if err != nil || got.Rev != c.Rev || !got.Changed.Equal(c.Time) {
				t.Errorf("%s has not what %s was when it was written, %+v: %v", name, id, c, err)
			}
			if _, err := reader.Visit(t.Context(), id); err != nil && visited[id] {
				t.Errorf("%s has of the visit of %s: %v", name, id, err)
			}
		}
	}
	if newest, err := s.Rev(t.Context()); err != nil || int(newest) < len(written) || int(newest) > len(written)+unknown {
		t.Errorf("the newest revision is %d after %d writes and %d unknown, %v", newest, len(written), unknown, err)
	}

	// The lock is held, and changes are told of, by connections made anew.
	if _, err := open(t, server.Address).Lock(t.Context(), "crawl"); err == nil {
		t.Error("another one has the lock too")
	}
	unlock()
	for drained := false; !drained; {
		select {
		case <-told:
		default:
			drained = true
		}
	}
	if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/last", "")); err != nil {
		t.Error(err)
	}
	<-told
}
