// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func TestDurable(t *testing.T) {
	registrytest.TestDurable(t, func(t *testing.T, dir string) registry.Store {
		return open(t, filepath.Join(dir, "allmende.db"))
	})
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
		software.Files = []registry.File{{Path: "publiccode.yml", Bytes: []byte(content), Commit: commit}}
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

	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read from
	var got string
	err = db.QueryRow(`SELECT group_concat(rev || ' ' || commit_hash, ', ') FROM (
		SELECT f.rev, commit_hash FROM entry_file f JOIN entry e ON e.n = f.entry WHERE e.id = 'forge.example/a/c' ORDER BY f.rev)`).Scan(&got)
	if want := "1 c1, 3 c2, 5 c3"; err != nil || got != want {
		t.Errorf("history is %q, %v; want %q", got, err, want)
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
