// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// filled is the bytes of a database file with something of everything in it.
func filled(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	registrytest.Fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// problems are the errors of opening a database file and reading all of it in
// every way there is, and what is found wrong with it.
func problems(t *testing.T, content []byte) []error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "allmende.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		return []error{err}
	}
	defer s.Close()
	var found []error
	note := func(err error) {
		var moved *registry.MovedError
		if err != nil && !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, registry.ErrGone) && !errors.As(err, &moved) {
			found = append(found, err)
		}
	}
	ctx := t.Context()
	lines, err := s.Damage(ctx)
	note(err)
	for _, line := range lines {
		found = append(found, fmt.Errorf("%w: %s", registry.ErrDamaged, line))
	}
	var check registry.DumpCheck
	for r, err := range s.Dump(ctx) {
		note(err)
		if err == nil {
			found = append(found, check.Next(&r)...)
		}
	}
	note(check.End())
	readAll(ctx, s, note)
	_, err = s.Put(ctx, registrytest.Software("forge.example/new/entry", "99"))
	note(err)
	return found
}

func readAll(ctx context.Context, s *sqlite.Store, note func(error)) {
	for software, err := range s.All(ctx) {
		if note(err); err != nil {
			continue
		}
		_, err := s.Get(ctx, software.ID)
		note(err)
		for _, f := range software.Files {
			_, err := s.File(ctx, f.Hash)
			note(err)
		}
		for _, err := range s.History(ctx, software.ID) {
			note(err)
		}
		for d, err := range s.Dossiers(ctx, software.ID) {
			if note(err); err == nil {
				_, err = s.Dossier(ctx, d.Hash)
				note(err)
			}
		}
	}
	for _, err := range s.Changes(ctx, 0) {
		note(err)
	}
	for _, err := range s.Visits(ctx, "") {
		note(err)
	}
	for _, err := range s.SourceStates(ctx) {
		note(err)
	}
	for _, err := range s.Days(ctx, "", "") {
		note(err)
	}
	for d, err := range s.ListDocuments(ctx, registry.DocumentList{Kind: "note"}) {
		if note(err); err == nil {
			_, err = s.Document(ctx, "note", d.Key)
			note(err)
		}
	}
	_, err := s.Aliases(ctx)
	note(err)
}

// Wherever a file is damaged nothing panics, and what is said is that it is
// damaged or is none of ours.
func TestDamagedAnywhere(t *testing.T) {
	content := filled(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	const times = 150
	for range times {
		b := bytes.Clone(content)
		at := rnd.IntN(len(b))
		for b[at] == 0 { // most of a small file is empty
			at = rnd.IntN(len(b))
		}
		for i := range 1 + rnd.IntN(64) {
			if at+i < len(b) {
				b[at+i] ^= byte(1 + rnd.IntN(255))
			}
		}
		found := problems(t, b)
		if len(found) > 0 {
			noticed++
		}
		for _, err := range found {
			if !errors.Is(err, registry.ErrDamaged) && !errors.Is(err, registry.ErrInvalid) {
				t.Errorf("damaged at byte %d: %v", at, err)
			}
		}
	}
	t.Logf("%d of %d were noticed", noticed, times)
	if noticed == 0 {
		t.Error("no damage was noticed")
	}
}

// What must be noticed, and is damage.
func TestDamagedSomewhere(t *testing.T) {
	content := filled(t)
	if found := problems(t, content); len(found) > 0 {
		t.Fatalf("the file as it was: %v", found)
	}
	for name, damage := range map[string]func(b []byte) []byte{
		"cut":        func(b []byte) []byte { return b[:len(b)/2] },
		"cut by one": func(b []byte) []byte { return b[:len(b)-1] },
		"header":     func(b []byte) []byte { b[0] = 'x'; return b },
		"a page of zeros": func(b []byte) []byte {
			clear(b[4*4096 : 5*4096])
			return b
		},
		"a document": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"publiccode":{`), []byte(`"publiccode":[`)) },
		"a letter": func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte(`"name":"Deichbuch"`), []byte(`"name":"Deichbach"`))
		},
		"a file": func(b []byte) []byte {
			return bytes.Replace(b, []byte("name: <Deichbuch>"), []byte("name: <Deichbruch"), 1)
		},
	} {
		found := problems(t, damage(bytes.Clone(content)))
		if len(found) == 0 {
			t.Errorf("%s: not noticed", name)
		}
		for _, err := range found {
			if errors.Is(err, registry.ErrDamaged) {
				found = nil
				break
			}
		}
		if found != nil {
			t.Errorf("%s: nothing says that it is damaged: %v", name, found)
		}
	}
}

// A file that is taken away from under an open store is not written to any more.
func TestFileTakenAway(t *testing.T) {
	for name, take := range map[string]func(path string) error{
		"deleted":  os.Remove,
		"moved":    func(path string) error { return os.Rename(path, path+".old") },
		"replaced": func(path string) error { return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600)) },
	} {
		path := filepath.Join(t.TempDir(), "allmende.db")
		s := open(t, path)
		if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1")); err != nil {
			t.Fatal(err)
		}
		if err := take(path); err != nil {
			t.Fatal(err)
		}
		_, err := s.Put(t.Context(), registrytest.Software("forge.example/a/c", "2"))
		if err == nil || !strings.Contains(err.Error(), "taken away") {
			t.Errorf("Put after the file was %s: %v", name, err)
		}
	}
}

// A file that another program keeps locked is waited for, and then named.
func TestFileLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("INSERT INTO source VALUES ('x', '{}')"); err != nil {
		t.Fatal(err)
	}
	sqlite.WaitNoLonger(t, s)
	_, err = s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1"))
	if err == nil || !strings.Contains(err.Error(), "another process is writing") {
		t.Errorf("Put beside another that writes: %v", err)
	}
	if _, err := s.Rev(t.Context()); err != nil {
		t.Errorf("Rev beside another that writes: %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err = s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1")); err != nil {
		t.Errorf("Put after it: %v", err)
	}
}
