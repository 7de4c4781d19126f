// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func TestWriteAheadLogIsCutOff(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	put := func(i int) int64 {
		t.Helper()
		id := registry.ID(fmt.Sprint("forge.example/a/", i))
		if _, err := s.Put(t.Context(), registrytest.Software(id, "")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(s.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	const limit = 200 << 10
	s.write.maxWAL = limit
	cuts := 0
	for i, last := 0, int64(0); i < 40; i++ {
		size := put(i)
		if size >= limit {
			t.Fatalf("the log has %d bytes after write %d, limit %d", size, i, limit)
		}
		if size < last {
			cuts++
		}
		last = size
	}
	if cuts == 0 {
		t.Error("the log never grew to its limit; the test is too small")
	}

	// A reader in the way: the writes go on.
	rows, err := s.read.rows(t.Context(), "SELECT id FROM entry")
	if err != nil || !rows.Next() {
		t.Fatal("no rows: ", err)
	}
	if _, err := s.write.conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		put(100 + i)
	}
	if s.write.maxWAL <= limit {
		t.Error("a log that cannot be cut off is tried at every write")
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
}
