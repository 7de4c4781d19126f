// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/postgres/postgrestest"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// A start reads the index that was saved, and what changed since.
func TestSnapshot(t *testing.T) {
	t.Run("beside a file", func(t *testing.T) {
		testSnapshot(t, &config{Store: "sqlite:" + filepath.Join(t.TempDir(), "allmende.db")})
	})
	t.Run("of a database", func(t *testing.T) {
		t.Setenv("CACHE_DIRECTORY", filepath.Join(t.TempDir(), "new", "folder")+string(filepath.ListSeparator)+"/other")
		testSnapshot(t, &config{Store: postgrestest.Address(t)})
	})
}

func TestSnapshotPath(t *testing.T) {
	t.Setenv("CACHE_DIRECTORY", "/var/cache/allmende")
	one, two := snapshotPath("postgres://db.example/one"), snapshotPath("postgres://db.example/two")
	if one == two || filepath.Dir(one) != filepath.FromSlash("/var/cache/allmende") {
		t.Errorf("the indexes of two databases are kept in %s and %s", one, two)
	}
	t.Setenv("CACHE_DIRECTORY", "")
	if path := snapshotPath("postgres://db.example/one"); path != "" && !filepath.IsAbs(path) {
		t.Errorf("without a folder of its own it is %s", path)
	}
	if path := snapshotPath("sqlite:data/allmende.db"); path != filepath.FromSlash("data/allmende.db.index") {
		t.Errorf("the index of a file is kept in %s", path)
	}
}

// A crawl leaves the index for the serve that comes next.
func TestKeepIndex(t *testing.T) {
	cfg := &config{Store: "sqlite:" + filepath.Join(t.TempDir(), "allmende.db")}
	log := slog.New(slog.DiscardHandler)
	c, err := openCatalogue(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	for n, id := range []registry.ID{"forge.example/a/b", "forge.example/a/c"} {
		if _, err := c.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
		keepIndex(t.Context(), c.store, cfg.Store, log)
		next, err := openCatalogue(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		next.loaded(t.Context(), log, false)
		if rev := next.index.Rev(); rev != registry.Rev(n+1) {
			t.Errorf("the next start begins at revision %d, want %d", rev, n+1)
		}
		if err := next.Close(); err != nil {
			t.Error(err)
		}
	}
}

func testSnapshot(t *testing.T, cfg *config) {
	log := slog.New(slog.DiscardHandler)
	start := func(anew bool) (*catalogue, func()) {
		c, err := openCatalogue(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		save := c.loaded(t.Context(), log, anew)
		return c, func() {
			c.refresh(t.Context(), log)
			save(t.Context())
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	put := func(c *catalogue, id registry.ID) {
		if _, err := c.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
	}
	for n, id := range []registry.ID{"forge.example/a/b", "forge.example/a/c", "forge.example/a/d"} {
		c, end := start(false)
		if rev := c.index.Rev(); rev != registry.Rev(n) {
			t.Errorf("start %d: the index is at revision %d, want %d", n+1, rev, n)
		}
		put(c, id)
		page, err := c.Search(t.Context(), registry.Query{})
		if err != nil || page.Total != n+1 {
			t.Errorf("start %d: found %d entries, %v", n+1, page.Total, err)
		}
		end()
	}
	c, end := start(true)
	if rev := c.index.Rev(); rev != 0 {
		t.Errorf("an index that is to be made anew is at revision %d", rev)
	}
	end()
}
