// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func crawl(host string) registry.Task { return registry.Task{Kind: registry.CrawlTask, Host: host} }

// work starts a worker, and returns what ends it and waits for it.
func work(t *testing.T, s *postgres.Store, do func(context.Context, registry.Task) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Work(ctx, registry.Worker{Hosts: 3, Do: do}) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Work: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func add(t *testing.T, s *postgres.Store, tasks ...registry.Task) {
	t.Helper()
	if err := s.Add(t.Context(), tasks...); err != nil {
		t.Fatal(err)
	}
}

// waits is what waits, as the server answers until.
const waits = "EXISTS (SELECT FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded'))"

// The queue needs no connection while it has one.
func TestQueueSmallPool(t *testing.T) {
	address := postgrestest.Address(t)
	s := open(t, postgrestest.With(t, address, "pool_max_conns", "1"))
	for n := range 5 {
		add(t, s, crawl(fmt.Sprintf("forge%d.example", n)))
	}
	work(t, s, func(ctx context.Context, task registry.Task) error {
		id := registry.ID(task.Host + "/a/b")
		if _, err := s.Put(ctx, registrytest.Software(id, "")); err != nil || task.Kind == registry.VisitTask {
			return err
		}
		return s.Add(ctx, registry.Task{Kind: registry.VisitTask, Host: task.Host, Repo: id})
	})
	until(t, address, "(SELECT count(*) FROM entry) = 5 AND NOT "+waits)
}

// Who loses a host to another one ends with it, and what comes of it then does not
// count.
func TestWorkLosesHost(t *testing.T) {
	address := postgrestest.Address(t)
	loses, takes := named(t, address, "loses"), open(t, address)
	add(t, takes, crawl("forge.example"))
	begun, ended, end := make(chan struct{}), make(chan struct{}), make(chan struct{})
	stop := work(t, loses, func(ctx context.Context, _ registry.Task) error {
		close(begun)
		<-ctx.Done()
		close(ended)
		<-end
		return nil
	})
	<-begun
	taken := make(chan func())
	go func() {
		unlock, err := takes.Lock(t.Context(), registry.HostLock("forge.example"))
		if err != nil {
			t.Errorf("Lock: %v", err)
			unlock = func() {}
		}
		taken <- unlock
	}()
	until(t, address, waiting)
	terminate(t, address, "loses", "SELECT pg_advisory_lock")
	unlock := <-taken
	<-ended
	unlock()
	begun2, end2 := make(chan struct{}), make(chan struct{})
	work(t, takes, func(context.Context, registry.Task) error {
		close(begun2)
		<-end2
		return nil
	})
	<-begun2
	close(end)
	stop()
	if postgrestest.Query(t, address, "SELECT "+waits) != "t" {
		t.Error("what came of the task at who lost the host counts")
	}
	close(end2)
	until(t, address, "NOT "+waits)
}

// Whatever connections break meanwhile, all is done.
func TestWorkConnectionsBreak(t *testing.T) {
	address := postgrestest.Address(t)
	const hosts, each = 3, 10
	s := named(t, address, "breaks")
	want := map[registry.ID]bool{}
	for n := range hosts * each {
		host := fmt.Sprintf("forge%d.example", n%hosts)
		id := registry.ID(fmt.Sprint(host, "/a/", n))
		want[id] = true
		add(t, s, registry.Task{Kind: registry.VisitTask, Host: host, Repo: id})
	}
	var mu sync.Mutex
	done := map[registry.ID]bool{}
	work(t, s, func(_ context.Context, task registry.Task) error {
		mu.Lock()
		defer mu.Unlock()
		done[task.Repo] = true
		if len(done)%7 == 0 {
			terminate(t, address, "breaks", "")
		}
		return nil
	})
	until(t, address, "NOT "+waits)
	mu.Lock()
	defer mu.Unlock()
	if len(done) != len(want) {
		t.Errorf("%d tasks were done, want %d", len(done), len(want))
	}
}

// A schema of every version that was published is brought up to date, with what is
// in it.
func TestMigrate(t *testing.T) {
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for published := 1; published < 3; published++ { // what comes then has River's tables, too
		t.Run(fmt.Sprint(published), func(t *testing.T) {
			address := postgrestest.Address(t)
			script := []string{"CREATE TABLE allmende_migration (number int PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())"}
			for n, file := range files[:published] {
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				script = append(script, string(b), fmt.Sprintf("INSERT INTO allmende_migration (number, name) VALUES (%d, '%s')", n+1, filepath.Base(file)))
			}
			script = append(script, `INSERT INTO change (rev, id, kind, time) VALUES (1, 'forge.example/a/b', 'added', now());
				INSERT INTO entry (n, key, id, host, forge_id, folder, document, first_seen, changed, rev) VALUES (1, 'forge.example/a/b',
				'forge.example/a/b', 'forge.example', '', '', '{"id":"forge.example/a/b","publiccode":{"name":"Deichbuch"},"files":[]}', now(), now(), 1)`)
			postgrestest.Execute(t, address, strings.Join(script, ";\n"))
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					s, err := postgres.Open(t.Context(), address)
					if err != nil {
						t.Errorf("Open: %v", err)
						return
					}
					_ = s.Close()
				})
			}
			all.Wait()
			s := open(t, address)
			if from, to := s.Schema(); from != len(files) || to != len(files) {
				t.Errorf("then its schema is %d, to be brought to %d, want %d", from, to, len(files))
			}
			if got, err := s.Get(t.Context(), "forge.example/a/b"); err != nil || got.PublicCode.Name != "Deichbuch" {
				t.Errorf("Get: %+v, %v", got, err)
			}
			add(t, s, crawl("forge.example"))
			work(t, s, func(context.Context, registry.Task) error { return nil })
			until(t, address, "NOT "+waits)
			putDocument(t, s)
		})
	}
	t.Run("before documents", func(t *testing.T) {
		address := postgrestest.Address(t)
		if err := open(t, address).Close(); err != nil {
			t.Fatal(err)
		}
		postgrestest.Execute(t, address, "DROP TABLE document, document_version; DELETE FROM allmende_migration WHERE number > 4")
		s := open(t, address)
		if from, to := s.Schema(); from != 4 || to != len(files) {
			t.Errorf("schema %d was brought to %d, want 4 to %d", from, to, len(files))
		}
		putDocument(t, s)
	})
}

func putDocument(t *testing.T, s registry.Documents) {
	t.Helper()
	d := &registry.Document{Kind: "note", Key: "a", Body: []byte("1")}
	if err := s.PutDocuments(t.Context(), d); err != nil || d.Version != 1 {
		t.Errorf("PutDocuments: version %d, %v", d.Version, err)
	}
}

// Work goes on where the server crashes and starts again.
func TestWorkServerKilled(t *testing.T) {
	const hosts, each, crashes = 3, 20, 3
	server := postgrestest.Own(t, postgrestest.Settings{Conf: "fsync = off"})
	stores := []*postgres.Store{open(t, server.Address), open(t, server.Address)}
	want := map[registry.ID]bool{}
	for n := range hosts * each {
		host := fmt.Sprintf("forge%d.example", n%hosts)
		id := registry.ID(fmt.Sprint(host, "/a/", n))
		want[id] = true
		add(t, stores[0], registry.Task{Kind: registry.VisitTask, Host: host, Repo: id})
	}
	step := make(chan registry.ID)
	for _, s := range stores {
		work(t, s, func(ctx context.Context, task registry.Task) error {
			select {
			case step <- task.Repo:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}
	done := map[registry.ID]int{}
	for crash := range crashes + 1 {
		for len(done) < (crash+1)*len(want)/(crashes+1) {
			done[<-step]++
		}
		if crash < crashes {
			server.Stop(t)
			server.Start(t)
		}
	}
	ended := make(chan struct{})
	var rest sync.WaitGroup
	rest.Go(func() {
		for {
			select {
			case id := <-step:
				done[id]++
			case <-ended:
				return
			}
		}
	})
	until(t, server.Address, "NOT "+waits)
	close(ended)
	rest.Wait()
	if len(done) != len(want) {
		t.Errorf("%d tasks were done, want %d", len(done), len(want))
	}
	again := -len(done)
	for _, times := range done {
		again += times
	}
	t.Logf("%d were done again", again)
}
