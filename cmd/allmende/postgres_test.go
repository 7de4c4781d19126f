// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
)

func postgresNode(t *testing.T) node {
	t.Helper()
	n := node{address: postgrestest.Address(t)}
	n.config = write(t, "allmende.yml", "store: "+n.address+"\npublishers: []\n")
	return n
}

// A registry moves from a file to PostgreSQL, is backed up there, and comes back.
func TestPostgres(t *testing.T) {
	old, shared, back := filledNode(t), postgresNode(t), newNode(t)
	want := must(t, "verify", "--config", old.config)
	file := filepath.Join(t.TempDir(), "backup.zst")
	for _, args := range [][]string{
		{"copy", "--from", old.address, "--to", shared.address},
		{"verify", "--config", shared.config},
		{"backup", "--config", shared.config, "--out", file},
		{"restore", file, "--config", postgresNode(t).config},
		{"copy", "--from", shared.address, "--to", back.address},
	} {
		if got := must(t, args...); got != want {
			t.Errorf("%v: the hash is %s, not %s", args, got, want)
		}
	}
	mustFail(t, 2, registry.ErrNotEmpty.Error(), "copy", "--from", old.address, "--to", shared.address)
	mustFail(t, 0, "up to date", "migrate", "--config", shared.config)

	postgrestest.Execute(t, shared.address, "UPDATE file SET zlib = false, content = 'x'")
	mustFail(t, 1, "another hash", "verify", "--config", shared.config)
}

func TestPostgresPassword(t *testing.T) {
	const address = "postgres://allmende:hunter77@db.example/allmende"
	config := write(t, "allmende.yml", "store: "+address+"\npublishers: []\n")
	for _, args := range [][]string{
		{"verify", "--config", config},
		{"copy", "--from", address, "--to", "sqlite:a.db"},
		{"copy", "--from", "sqlite:a.db", "--to", address},
	} {
		out, errs, code := command(t, args...)
		if code != 2 || !strings.Contains(errs, "PGPASSWORD") || strings.Contains(out+errs, "hunter77") {
			t.Errorf("%v: exit code %d, %s%s", args, code, out, errs)
		}
	}
}

// reporting tells which entries are read.
type reporting struct {
	registry.Store
	read chan<- registry.ID
}

func (r reporting) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	select {
	case r.read <- id:
	default:
	}
	return r.Store.Get(ctx, id)
}

// The index follows what another process writes, without a search.
func TestFollow(t *testing.T) {
	address := postgrestest.Address(t)
	var stores [2]*postgres.Store
	for i := range stores {
		s, err := postgres.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		stores[i] = s
	}
	read := make(chan registry.ID, 1)
	c := &catalogue{store: stores[0], index: search.New(reporting{stores[0], read})}
	if err := c.index.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	go c.follow(t.Context(), slog.New(slog.DiscardHandler))
	// It may begin to listen only now: until then it is told nothing.
	for n := 0; ; n++ {
		software := registrytest.Software("forge.example/a/b", "")
		software.Repository.Stars = n
		if _, err := stores[1].Put(t.Context(), software); err != nil {
			t.Fatal(err)
		}
		select {
		case id := <-read:
			if id != software.ID {
				t.Errorf("the index reads %s", id)
			}
			return
		default:
		}
	}
}
