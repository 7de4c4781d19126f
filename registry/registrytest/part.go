// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// in puts the whole repository and two parts of it, all of one forge ID.
func in(t *testing.T, s registry.Store, repo registry.ID, forgeID string) []registry.Change {
	t.Helper()
	var all []registry.Change
	for _, folder := range []string{"", "apps/form", "apps/Küste"} {
		id, err := repo.In(folder)
		if err != nil {
			t.Fatal(err)
		}
		software := Software(id, forgeID)
		software.PublicCode.Name = "Deichbuch " + folder
		all = append(all, put(t, s, software))
	}
	return all
}

func testParts(t *testing.T, s registry.Store) {
	const repo = registry.ID("forge.example/a/b")
	for i, c := range in(t, s, repo, "1") {
		if c.Kind != registry.Added || c.Rev != registry.Rev(i+1) {
			t.Errorf("entry %d logged %+v, want added", i, c)
		}
	}
	for _, c := range in(t, s, repo, "1") {
		if c.Rev != 0 {
			t.Errorf("Put of the same part logged %+v", c)
		}
	}
	same(t, "All", []registry.ID{repo, repo + "/~/apps/Küste", repo + "/~/apps/form"}, ids(t, s))
	if got := get(t, s, "forge.example/A/B/~/APPS/küste"); got.PublicCode.Name != "Deichbuch apps/Küste" {
		t.Errorf("Get of a part returned %s, %q", got.ID, got.PublicCode.Name)
	}
	_, err := s.Get(t.Context(), repo+"/~/apps")
	wantErr(t, "Get of a folder between", err, registry.ErrNotFound)
	// A change of case is no rename, and a repository made anew goes on.
	if c := put(t, s, Software(repo+"/~/apps/küste", "1")); c.Kind != registry.Updated || c.From != "" {
		t.Errorf("another spelling of a folder logged %+v, want updated", c)
	}
	if c := put(t, s, Software(repo+"/~/apps/form", "2")); c.Kind != registry.Updated {
		t.Errorf("a new forge ID at a part logged %+v, want updated", c)
	}

	remove(t, s, repo)
	get(t, s, repo+"/~/apps/form")
	remove(t, s, repo+"/~/apps/form")
	_, err = s.Get(t.Context(), repo+"/~/apps/form")
	wantErr(t, "Get of a removed part", err, registry.ErrGone)
	wantAliases(t, s, nil)
}

func testPartsRenamed(t *testing.T, s registry.Store) {
	const a, b, c = registry.ID("forge.example/a/old"), registry.ID("forge.example/b/new"), registry.ID("forge.example/c/newest")
	in(t, s, a, "1")
	in(t, s, "forge.example/z/other", "2")
	first := get(t, s, a+"/~/apps/form").FirstSeen
	for _, change := range in(t, s, b, "1") {
		folder := change.ID.Folder()
		from, err := a.In(folder)
		if err != nil || change.Kind != registry.Renamed || change.From != from {
			t.Errorf("rename of %q logged %+v, want renamed from %s", folder, change, from)
		}
	}
	in(t, s, c, "1")
	for _, folder := range []string{"", "/~/apps/form", "/~/apps/Küste"} {
		wantMoved(t, s, a+registry.ID(folder), c+registry.ID(folder))
		wantMoved(t, s, b+registry.ID(folder), c+registry.ID(folder))
	}
	put(t, s, Software(c+"/~/Apps/FORM", "1"))
	moved := put(t, s, Software("forge.example/d/d/~/apps/form", "1"))
	if moved.Kind != registry.Renamed || moved.From != c+"/~/Apps/FORM" {
		t.Errorf("rename with another spelling of the folder logged %+v", moved)
	}
	put(t, s, Software(c+"/~/apps/form", "1"))
	if got := get(t, s, c+"/~/apps/form").FirstSeen; !got.Equal(first) {
		t.Errorf("FirstSeen of a part is %v after the renames, want %v", got, first)
	}
	if got := ids(t, s); len(got) != 6 {
		t.Errorf("All yields %v, want two repositories with two parts each", got)
	}

	// Another repository takes the former address; the aliases of its parts end.
	in(t, s, a, "3")
	wantAliases(t, s, map[registry.ID]registry.ID{
		"forge.example/d/d/~/apps/form": c + "/~/apps/form",
		b:                               c, b + "/~/apps/form": c + "/~/apps/form", b + "/~/apps/Küste": c + "/~/apps/Küste",
	})
}

// Folders are no former addresses of each other.
func testPartAndWhole(t *testing.T, s registry.Store) {
	const repo = registry.ID("forge.example/a/b")
	put(t, s, Software(repo+"/~/one", "1"))
	for _, id := range []registry.ID{repo, repo + "/~/two", "forge.example/a/c"} {
		want := registry.Added
		if id == "forge.example/a/c" {
			want = registry.Renamed // of the whole
		}
		if c := put(t, s, Software(id, "1")); c.Kind != want {
			t.Errorf("Put of %s logged %+v, want %s", id, c, want)
		}
	}
	same(t, "All", []registry.ID{repo + "/~/one", repo + "/~/two", "forge.example/a/c"}, ids(t, s))
	wantAliases(t, s, map[registry.ID]registry.ID{repo: "forge.example/a/c"})
}
