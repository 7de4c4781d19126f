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

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

func open(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	registrytest.TestStore(t, func(t *testing.T) registry.Store {
		return open(t, filepath.Join(t.TempDir(), "allmende.db"))
	})
}

func TestDocuments(t *testing.T) {
	registrytest.TestDocuments(t, func(t *testing.T) registry.Documents {
		return open(t, filepath.Join(t.TempDir(), "allmende.db"))
	})
}

func TestDurable(t *testing.T) {
	registrytest.TestDurable(t, func(t *testing.T, dir string) registry.Store {
		return open(t, filepath.Join(dir, "allmende.db"))
	})
}

func TestLock(t *testing.T) {
	registrytest.TestLock(t, func(t *testing.T, dir string) registry.Store {
		return open(t, filepath.Join(dir, "allmende.db"))
	})
}

func TestQueue(t *testing.T) {
	registrytest.TestQueue(t, func(t *testing.T, dir string) registrytest.Queue {
		return open(t, filepath.Join(dir, "allmende.db"))
	})
}

func TestQueueCrash(t *testing.T) {
	registrytest.TestQueueCrash(t, func(t *testing.T, dir string) registrytest.Queue { return open(t, filepath.Join(dir, "allmende.db")) })
}

func TestCrash(t *testing.T) {
	registrytest.TestCrash(t, func(t *testing.T, dir string) registry.Store {
		path := filepath.Join(dir, "allmende.db")
		if _, err := os.Stat(path); err == nil {
			intact(t, path)
		}
		return open(t, path)
	})
}

// intact fails the test where SQLite finds the file damaged.
func intact(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read from
	for _, check := range []string{"PRAGMA integrity_check", "SELECT coalesce(group_concat(\"table\"), 'ok') FROM pragma_foreign_key_check"} {
		var found string
		if err := db.QueryRow(check).Scan(&found); err != nil || found != "ok" {
			t.Fatalf("%s: %s, %v", check, found, err)
		}
	}
}

// Two processes may open one file; what one writes the other reads.
func TestTwoStoresOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	a, b := open(t, path), open(t, path)
	for i, s := range []*sqlite.Store{a, b, a, b} {
		software := registrytest.Software("forge.example/a/b", "1")
		software.Repository.Stars = 100 + i
		if c, err := s.Put(t.Context(), software); err != nil || c.Rev != registry.Rev(i+1) {
			t.Fatalf("Put %d: %+v, %v", i, c, err)
		}
	}
	got, err := a.Get(t.Context(), "forge.example/a/b")
	if err != nil || got.Repository.Stars != 103 {
		t.Errorf("Get: %+v, %v", got, err)
	}
}

func TestOpenMakesFolderAndFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "100% #1?mode=ro", "allmende.db")
	s := open(t, path)
	if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1")); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("mode of allmende.db%s is %o, want 600", suffix, mode)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("the write-ahead log has %d bytes after Close", info.Size())
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := s.Rev(t.Context()); err == nil {
		t.Error("Rev works on a closed store")
	}
}

func TestOpenRefuses(t *testing.T) {
	prepare := func(t *testing.T, statement string) string {
		path := filepath.Join(t.TempDir(), "x.db")
		if err := open(t, path).Close(); err != nil {
			t.Fatal(err)
		}
		execute(t, path, statement)
		return path
	}
	for _, test := range []struct {
		name, want string
		path       func(t *testing.T) string
		invalid    bool
	}{
		{"newer schema", "newer version", func(t *testing.T) string {
			return prepare(t, "PRAGMA user_version = 999")
		}, true},
		{"another program's", "another program", func(t *testing.T) string {
			return prepare(t, "PRAGMA application_id = 7")
		}, true},
		{"unmarked with tables", "another program", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "x.db")
			execute(t, path, "CREATE TABLE t (x)")
			return path
		}, true},
		{"no database", "x.db", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "x.db")
			if err := os.WriteFile(path, []byte(strings.Repeat("This is a letter. ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, false},
		{"a folder", "directory", func(t *testing.T) string { return t.TempDir() }, false},
		{"empty path", "empty path", func(*testing.T) string { return "" }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := sqlite.Open(t.Context(), test.path(t))
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q does not say %q", err, test.want)
			}
			if got := errors.Is(err, registry.ErrInvalid); got != test.invalid {
				t.Errorf("error is ErrInvalid: %v, want %v: %v", got, test.invalid, err)
			}
		})
	}
}

// The history says which file an entry rested on, from which revision on.
func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	software := registrytest.Software("forge.example/a/b", "1")
	step := func(id registry.ID, content, commit string, stars int) {
		software.ID = id
		software.Repository.Stars = stars
		software.Files = []registry.File{
			{Path: "publiccode.yml", Bytes: []byte(content), Commit: commit},
			{Path: "publiccode.yml", Bytes: []byte("elsewhere"), Origin: "https://forge.example/export"},
		}
		if _, err := s.Put(t.Context(), software); err != nil {
			t.Fatal(err)
		}
	}
	step("forge.example/a/b", "one", "c1", 1)
	step("forge.example/a/b", "one", "c1", 2) // the same file
	step("forge.example/a/b", "two", "c2", 2)
	step("forge.example/a/c", "two", "c2", 2) // renamed
	step("forge.example/a/c", "one", "c3", 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	if got, want := history(t, path), "1 file c1, 1 export , 3 file c2, 5 file c3"; got != want {
		t.Errorf("history is %q, want %q", got, want)
	}
}

// history lists the files that the only entry rested on.
func history(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read from
	var got string
	err = db.QueryRow(`SELECT group_concat(rev || ' ' || iif(origin = '', 'file', 'export') || ' ' || commit_hash, ', ')
		FROM (SELECT * FROM entry_file ORDER BY rev, origin)`).Scan(&got)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A file of the first schema, as it was published.
func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	script, err := os.ReadFile("migrations/0001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	const id, source = registry.ID("forge.example/a/b"), "https://forge.example"
	hash := strings.Repeat("0", 64)
	execute(t, path, string(script)+`
		PRAGMA application_id = 1097624685; PRAGMA user_version = 1;
		INSERT INTO change (rev, id, kind, time) VALUES (1, 'forge.example/a/b', 'added', '2026-01-01T00:00:00.000Z');
		INSERT INTO entry (key, id, host, forge_id, document, first_seen, changed, rev)
			VALUES ('forge.example/a/b', 'forge.example/a/b', 'forge.example', '1',
				'{"id":"forge.example/a/b","repository":{"forgeId":"1"},"files":[]}', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 1);
		INSERT INTO file VALUES ('`+hash+`', 0, 0, x'');
		INSERT INTO entry_file (entry, path, rev, hash, commit_hash) VALUES (1, 'publiccode.yml', 1, '`+hash+`', 'c1');
		INSERT INTO visit VALUES ('forge.example/a/b', 'https://forge.example', '{"repo":"forge.example/a/b","outcome":"entry"}'),
			('forge.example/a/c', 'https://forge.example', '{"repo":"forge.example/a/c","outcome":"no-file"}');`)

	s := open(t, path)
	var entries []registry.ID
	for v, err := range s.Visits(t.Context(), source, registry.Entry) {
		if err != nil || !v.Seen.IsZero() {
			t.Fatalf("Visits of entries yields %+v, %v", v, err)
		}
		entries = append(entries, v.Repo)
	}
	if len(entries) != 1 || entries[0] != id {
		t.Errorf("Visits of entries yields %v", entries)
	}
	if err := s.Checkpoint(t.Context(), &registry.SourceState{Source: source, Started: time.Unix(1, 2)}, []registry.ID{id}); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Visit(t.Context(), id); err != nil || !v.Seen.Equal(time.Unix(1, 2)) {
		t.Errorf("Visit after a checkpoint: %+v, %v", v, err)
	}
	software := registrytest.Software("forge.example/a/new", "1")
	if c, err := s.Put(t.Context(), software); err != nil || c.Kind != registry.Renamed || c.From != id {
		t.Errorf("Put under another ID: %+v, %v", c, err)
	}
	if got := history(t, path); got != "1 file c1, 2 file 0123abcd" {
		t.Errorf("history is %q", got)
	}
}

// A file of every schema is brought up to date.
func TestMigrateFromEach(t *testing.T) {
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for n := 1; n <= len(files); n++ {
		path := filepath.Join(t.TempDir(), "allmende.db")
		for _, file := range files[:n] {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			execute(t, path, string(script))
		}
		execute(t, path, fmt.Sprintf("PRAGMA application_id = 1097624685; PRAGMA user_version = %d", n))
		s := open(t, path)
		if from, to := s.Schema(); from != n || to != len(files) {
			t.Errorf("schema %d was brought to %d, want %d to %d", from, to, n, len(files))
		}
		if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1")); err != nil {
			t.Errorf("Put after schema %d: %v", n, err)
		}
		if err := s.Add(t.Context(), registry.Task{Kind: registry.CrawlTask, Host: "forge.example"}); err != nil {
			t.Errorf("Add after schema %d: %v", n, err)
		}
		d := &registry.Document{Kind: "note", Key: "a", Body: []byte("1")}
		if err := s.PutDocuments(t.Context(), d); err != nil || d.Version != 1 {
			t.Errorf("PutDocuments after schema %d: version %d, %v", n, d.Version, err)
		}
	}
}

func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	software := registrytest.Software("forge.example/a/b", "1")
	if _, err := s.Put(t.Context(), software); err != nil {
		t.Fatal(err)
	}
	execute(t, path, "UPDATE file SET zlib = 0, content = x'00'")
	if b, err := s.File(t.Context(), software.Files[0].Hash); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("File returned %q, %v; want an error that says damaged", b, err)
	}
}

func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
