// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func revisions(t *testing.T, s *sqlite.Store, id registry.ID) []*registry.Revision {
	t.Helper()
	var all []*registry.Revision
	for r, err := range s.History(t.Context(), id) {
		if err != nil {
			t.Fatalf("History of %s: %v", id, err)
		}
		all = append(all, r)
	}
	return all
}

// steps writes entries that are changed, renamed, removed, restored, and one that
// loses its address, and returns the IDs that have a history.
func steps(t *testing.T, s *sqlite.Store) []registry.ID {
	t.Helper()
	put := func(id registry.ID, forgeID, name string) {
		software := registrytest.Software(id, forgeID)
		software.PublicCode.Name = name
		if _, err := s.Put(t.Context(), software); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(id registry.ID) {
		if _, err := s.Remove(t.Context(), id, registry.FileGone); err != nil {
			t.Fatal(err)
		}
	}
	put("forge.example/a/live", "1", "one")
	put("forge.example/a/live", "1", "two")
	put("forge.example/a/old", "2", "one")
	put("forge.example/a/new", "2", "two")
	put("forge.example/a/gone", "3", "one")
	put("forge.example/a/gone", "3", "two")
	remove("forge.example/a/gone")
	put("forge.example/a/gone", "3", "three")
	remove("forge.example/a/gone")
	put("forge.example/a/back", "4", "one")
	remove("forge.example/a/back")
	put("forge.example/a/back", "4", "one")
	// 5 loses its address to 6, which is removed there too.
	put("forge.example/a/taken", "5", "five")
	put("forge.example/a/six", "6", "six")
	put("forge.example/a/taken", "6", "six")
	remove("forge.example/a/taken")
	return []registry.ID{"forge.example/a/live", "forge.example/a/new", "forge.example/a/gone", "forge.example/a/back", "forge.example/a/taken"}
}

// A file of the schema before history was kept has the last state of each entry,
// and of the removed ones both that and the removal.
func TestHistoryBegins(t *testing.T) {
	dir := t.TempDir()
	now, before := filepath.Join(dir, "now.db"), filepath.Join(dir, "before.db")
	s := open(t, now)
	want := map[registry.ID][]*registry.Revision{}
	for _, id := range steps(t, s) {
		all := revisions(t, s, id)
		if want[id] = all[:1]; all[0].Software == nil {
			want[id] = all[:2]
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	var script strings.Builder
	for _, name := range []string{"0001_start.sql", "0002_crawl.sql", "0003_licences.sql"} {
		b, err := os.ReadFile(filepath.Join("migrations", name))
		if err != nil {
			t.Fatal(err)
		}
		script.Write(b)
	}
	fmt.Fprintf(&script, "PRAGMA application_id = 1097624685; PRAGMA user_version = 3; ATTACH '%s' AS now;", now)
	for table, columns := range map[string]string{
		"change": "rev, id, kind, former, reason, time",
		"entry":  "n, key, id, host, forge_id, folder, removed, document, first_seen, changed, rev",
		"alias":  "key, id, entry",
		"file":   "hash, size, zlib, content",
	} {
		fmt.Fprintf(&script, "INSERT INTO %s (%s) SELECT %[2]s FROM now.%[1]s;", table, columns)
	}
	execute(t, before, script.String())

	s = open(t, before)
	check := func() {
		t.Helper()
		for id, want := range want {
			got := revisions(t, s, id)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("history of %s (-want +got):\n%s", id, diff)
			}
			first := got[len(got)-1]
			if _, err := s.At(t.Context(), id, first.Time.Add(-time.Millisecond)); !errors.Is(err, registry.ErrNotFound) {
				t.Errorf("%s before what is kept: %v", id, err)
			}
			if at, err := s.At(t.Context(), id, first.Time); err == nil {
				if diff := cmp.Diff(first.Software, at); diff != "" {
					t.Errorf("%s at its first revision (-want +got):\n%s", id, diff)
				}
			} else if len(got) > 1 && !got[len(got)-2].Time.Equal(first.Time) {
				t.Errorf("%s at its first revision: %v", id, err)
			}
		}
	}
	check()

	// What is there is kept with the next changes, also of the one that lost its
	// address.
	for id := range want {
		software := registrytest.Software(id, "")
		software.PublicCode.Name = "next"
		software.Repository.ForgeID = ""
		c, err := s.Put(t.Context(), software)
		if err != nil {
			t.Fatal(err)
		}
		want[id] = append([]*registry.Revision{{Change: c, Software: revisions(t, s, id)[0].Software}}, want[id]...)
	}
	check()
	if _, err := s.Put(t.Context(), registrytest.Software("forge.example/z/five", "5")); err != nil {
		t.Fatal(err)
	}
	five := revisions(t, s, "forge.example/z/five")
	var kinds []registry.Kind
	for _, r := range five {
		kinds = append(kinds, r.Kind)
	}
	if diff := cmp.Diff([]registry.Kind{registry.Restored, registry.Removed, registry.Added}, kinds); diff != "" {
		t.Fatalf("history of the one that lost its address (-want +got):\n%s", diff)
	}
	if name := five[2].Software.PublicCode.Name; name != "five" {
		t.Errorf("its last state is %q", name)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	intact(t, before)
}

// Only what changes takes room: the newest state is in the entry alone.
func TestHistoryRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	steps(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read from
	for query, want := range map[string]int{
		"SELECT count(*) - (SELECT count(*) FROM change) + (SELECT count(*) FROM entry) FROM revision":                0,
		"SELECT count(*) FROM revision JOIN entry USING (rev)":                                                        0,
		"SELECT count(*) FROM revision JOIN change USING (rev) WHERE (kind = 'removed') <> (content IS NULL)":         0,
		"SELECT count(*) FROM revision WHERE content IS NOT NULL AND (zlib <> 1 OR length(content) * 2 > size)":       0,
		"SELECT count(*) FROM revision JOIN entry ON n = entry WHERE revision.rev > entry.rev":                        0,
		"SELECT count(*) FROM pragma_index_list('revision') WHERE name = 'revision_entry'":                            1,
		"SELECT count(*) FROM sqlite_schema WHERE name = 'change_id'":                                                 0,
		"SELECT count(DISTINCT entry) FROM revision WHERE entry NOT IN (SELECT n FROM entry) OR rev IS NULL OR rev=0": 0,
	} {
		var got int
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", query, got, err, want)
		}
	}
}

func TestDamagedRevision(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	ids := steps(t, s)
	execute(t, path, "UPDATE revision SET content = x'00' WHERE rev = 1")
	var last error
	n := 0
	for _, err := range s.History(t.Context(), ids[0]) {
		last = err
		n++
	}
	if n != 1 || last == nil || !strings.Contains(last.Error(), "revision 1") {
		t.Errorf("%d revisions, %v", n, last)
	}
	if _, err := s.At(t.Context(), ids[1], time.Now()); err != nil {
		t.Errorf("another entry: %v", err)
	}
}
