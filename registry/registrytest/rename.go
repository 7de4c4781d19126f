// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"errors"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func testRename(t *testing.T, s registry.Store) {
	old := Software("forge.example/a/old", "1")
	put(t, s, old)
	moved := get(t, s, old.ID)
	moved.ID = "forge.example/b/new"
	c := put(t, s, moved)
	same(t, "change", registry.Change{Rev: 2, ID: moved.ID, Kind: registry.Renamed, From: old.ID, Time: c.Time}, c)
	if !moved.FirstSeen.Equal(old.FirstSeen) {
		t.Errorf("FirstSeen is %v after the rename, want %v", moved.FirstSeen, old.FirstSeen)
	}
	same(t, "entry", moved, get(t, s, moved.ID))
	wantMoved(t, s, old.ID, moved.ID)
	wantMoved(t, s, "forge.example/A/OLD", moved.ID)
	wantAliases(t, s, map[registry.ID]registry.ID{old.ID: moved.ID})
	same(t, "All", []registry.ID{moved.ID}, ids(t, s))

	_, err := s.Remove(t.Context(), old.ID, registry.FileGone)
	var to *registry.MovedError
	if !errors.As(err, &to) || to.To != moved.ID {
		t.Errorf("Remove of the former ID: %v, want moved", err)
	}
	if c := put(t, s, moved); c.Rev != 0 {
		t.Errorf("Put after the rename logged %+v", c)
	}
}

// One change says both: whoever follows the log reads the entry anew for it.
func testRenameUpdated(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/old", "1"))
	moved := Software("forge.example/a/new", "1")
	moved.PublicCode.Name = "Sielbuch"
	put(t, s, moved)
	wantLog(t, s, 1, registry.Change{ID: moved.ID, Kind: registry.Renamed, From: "forge.example/a/old"})
	if got := get(t, s, moved.ID).PublicCode.Name; got != "Sielbuch" {
		t.Errorf("name is %q after the rename", got)
	}
}

func testRenameChain(t *testing.T, s registry.Store) {
	for _, id := range []registry.ID{"forge.example/a/a", "forge.example/a/b", "forge.example/a/c"} {
		put(t, s, Software(id, "1"))
	}
	wantMoved(t, s, "forge.example/a/a", "forge.example/a/c")
	wantMoved(t, s, "forge.example/a/b", "forge.example/a/c")
	wantAliases(t, s, map[registry.ID]registry.ID{
		"forge.example/a/a": "forge.example/a/c",
		"forge.example/a/b": "forge.example/a/c",
	})
	remove(t, s, "forge.example/a/c")
	wantMoved(t, s, "forge.example/a/a", "forge.example/a/c")
	_, err := s.Get(t.Context(), "forge.example/a/c")
	wantErr(t, "Get of the removed entry", err, registry.ErrGone)
}

func testRenameBack(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	put(t, s, Software("forge.example/a/b", "1"))
	c := put(t, s, Software("forge.example/a/a", "1"))
	if c.Kind != registry.Renamed || c.From != "forge.example/a/b" {
		t.Errorf("going back logged %+v", c)
	}
	wantAliases(t, s, map[registry.ID]registry.ID{"forge.example/a/b": "forge.example/a/a"})
	get(t, s, "forge.example/a/a")
	wantMoved(t, s, "forge.example/a/b", "forge.example/a/a")
}

func testRenameHost(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	put(t, s, Software("forge.example:8443/a/b", "1"))
	put(t, s, Software("other.example/a/a", "1"))
	put(t, s, Software("forge.example/a/c", ""))
	put(t, s, Software("forge.example/a/d", ""))
	if got := ids(t, s); len(got) != 5 {
		t.Errorf("All yields %v, want five entries", got)
	}
	wantAliases(t, s, nil)
}

func testRenameOccupied(t *testing.T, s registry.Store) {
	first := Software("forge.example/a/taken", "2")
	put(t, s, first)
	put(t, s, Software("forge.example/a/former", "2")) // so that it has an alias
	put(t, s, Software("forge.example/a/taken", "2"))
	put(t, s, Software("forge.example/a/a", "1"))

	put(t, s, Software("forge.example/a/taken", "1"))
	wantLog(t, s, 4,
		registry.Change{ID: "forge.example/a/taken", Kind: registry.Removed, Reason: registry.RepositoryGone},
		registry.Change{ID: "forge.example/a/taken", Kind: registry.Renamed, From: "forge.example/a/a"})
	same(t, "All", []registry.ID{"forge.example/a/taken"}, ids(t, s))
	_, err := s.Get(t.Context(), "forge.example/a/former")
	wantErr(t, "alias of the entry without an address", err, registry.ErrGone)
	wantAliases(t, s, map[registry.ID]registry.ID{"forge.example/a/a": "forge.example/a/taken"})

	// The one that lost its address turns up again.
	found := Software("forge.example/a/elsewhere", "2")
	put(t, s, found)
	wantLog(t, s, 6, registry.Change{ID: found.ID, Kind: registry.Restored})
	if !found.FirstSeen.Equal(first.FirstSeen) {
		t.Errorf("FirstSeen is %v, want %v", found.FirstSeen, first.FirstSeen)
	}
	wantAliases(t, s, map[registry.ID]registry.ID{
		"forge.example/a/a":      "forge.example/a/taken",
		"forge.example/a/former": "forge.example/a/elsewhere",
	})
}

func testRenameSwap(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	put(t, s, Software("forge.example/a/b", "2"))
	put(t, s, Software("forge.example/a/b", "1"))
	put(t, s, Software("forge.example/a/a", "2"))
	if a, b := get(t, s, "forge.example/a/a"), get(t, s, "forge.example/a/b"); a.Repository.ForgeID != "2" || b.Repository.ForgeID != "1" {
		t.Errorf("forge IDs after the swap are %s and %s", a.Repository.ForgeID, b.Repository.ForgeID)
	}
	wantAliases(t, s, nil)
}

func testAliasTakenBack(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	put(t, s, Software("forge.example/a/b", "1"))
	c := put(t, s, Software("forge.example/a/a", "2"))
	if c.Kind != registry.Added || c.From != "" {
		t.Errorf("a new repository at a former address logged %+v, want added", c)
	}
	wantAliases(t, s, nil)
	if got := get(t, s, "forge.example/a/a").Repository.ForgeID; got != "2" {
		t.Errorf("forge ID at the former address is %s", got)
	}
	same(t, "All", []registry.ID{"forge.example/a/a", "forge.example/a/b"}, ids(t, s))
}

// The address is the identity: made anew on the forge, the entry goes on.
func testNewForgeID(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	c := put(t, s, Software("forge.example/a/a", "2"))
	if c.Kind != registry.Updated {
		t.Errorf("a new forge ID logged %+v, want updated", c)
	}
	if c := put(t, s, Software("forge.example/a/b", "1")); c.Kind != registry.Added {
		t.Errorf("the former forge ID elsewhere logged %+v, want added", c)
	}
}
