// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func testRemove(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	c, err := s.Remove(t.Context(), "forge.example/a/a", registry.RepositoryGone)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "change", registry.Change{
		Rev: 2, ID: "forge.example/a/a", Kind: registry.Removed, Reason: registry.RepositoryGone, Time: c.Time,
	}, c)
	_, err = s.Get(t.Context(), "forge.example/a/a")
	wantErr(t, "Get", err, registry.ErrGone)
	if got := ids(t, s); len(got) != 0 {
		t.Errorf("All yields %v", got)
	}
	if c := remove(t, s, "forge.example/a/a"); c.Rev != 0 {
		t.Errorf("removing it again logged %+v", c)
	}
	wantLog(t, s, 2)
	_, err = s.Remove(t.Context(), "forge.example/a/a", "")
	wantErr(t, "Remove without a reason", err, registry.ErrInvalid)
}

func testRestore(t *testing.T, s registry.Store) {
	first := Software("forge.example/a/a", "1")
	put(t, s, first)
	remove(t, s, first.ID)
	again := Software(first.ID, "1")
	put(t, s, again)
	wantLog(t, s, 2, registry.Change{ID: first.ID, Kind: registry.Restored})
	if !again.FirstSeen.Equal(first.FirstSeen) || again.Rev != 3 {
		t.Errorf("FirstSeen %v, Rev %d; want %v, 3", again.FirstSeen, again.Rev, first.FirstSeen)
	}
	same(t, "entry", again, get(t, s, first.ID))
	if c := remove(t, s, first.ID); c.Rev != 4 {
		t.Errorf("removing it again logged %+v", c)
	}
}

func testRestoreRenamed(t *testing.T, s registry.Store) {
	put(t, s, Software("forge.example/a/a", "1"))
	remove(t, s, "forge.example/a/a")
	put(t, s, Software("forge.example/a/b", "1"))
	wantLog(t, s, 2, registry.Change{ID: "forge.example/a/b", Kind: registry.Restored, From: "forge.example/a/a"})
	wantMoved(t, s, "forge.example/a/a", "forge.example/a/b")
}

func testReasons(t *testing.T, s registry.Store) {
	const id = registry.ID("forge.example/a/a")
	first := Software(id, "1")
	put(t, s, first)
	rev := registry.Rev(1)
	for _, why := range []registry.Reason{
		registry.RepositoryGone, registry.FileGone, registry.NotCatalogued, registry.Merged, registry.Declined, registry.LeftOut,
	} {
		if _, err := s.Remove(t.Context(), id, why); err != nil {
			t.Fatal(err)
		}
		again := Software(id, "1")
		put(t, s, again)
		wantLog(t, s, rev,
			registry.Change{ID: id, Kind: registry.Removed, Reason: why},
			registry.Change{ID: id, Kind: registry.Restored})
		rev += 2
		if !again.FirstSeen.Equal(first.FirstSeen) || again.Rev != rev {
			t.Errorf("after %s: FirstSeen %v, Rev %d; want %v, %d", why, again.FirstSeen, again.Rev, first.FirstSeen, rev)
		}
		same(t, "entry", again, get(t, s, id))
	}
}
