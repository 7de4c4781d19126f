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
	if _, err := store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	x := New(store)
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2000 { // read anew, as after so many changes
		x.catalogue.put(s)
	}
	if got := x.catalogue.alive.GetCardinality(); got != 1 {
		t.Errorf("%d entries are alive, want 1", got)
	}
	s.Repository.Stars++
	if _, err := store.Put(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := len(x.catalogue.docs); got > 2 {
		t.Errorf("the index has %d numbers for one entry", got)
	}
}
