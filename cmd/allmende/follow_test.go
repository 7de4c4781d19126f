// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// A start reads the index that was saved beside the database, and what changed
// since.
func TestSnapshotBesideStore(t *testing.T) {
	cfg := &config{Store: "sqlite:" + filepath.Join(t.TempDir(), "allmende.db")}
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
