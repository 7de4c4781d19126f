// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"path/filepath"
	"testing"

	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// Numbers of entries that died are given up at some point: an index that
// follows one entry for long does not grow without end.
func TestIndexDoesNotGrow(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := registrytest.Software("forge.example/a/b", "1")
	x := New(store)
	for range 50 {
		s.Repository.Stars++
		if _, err := store.Put(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if err := x.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	docs := 0
	for _, l := range x.catalogue.Load().layers {
		docs += len(l.docs)
	}
	if docs > 4 {
		t.Errorf("the index has %d numbers for one entry", docs)
	}
}
