// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

//go:build unix

package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// limitFiles lets no file of this process grow beyond a size, as a full disk
// would, until the function that it returns is called.
func limitFiles(t *testing.T, size uint64) (lift func()) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := before
	limit.Cur = size
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(lift)
	return lift
}

// A write that finds no room says so and writes nothing; what is there can be
// read, and once there is room again everything goes on.
func TestNoRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s := open(t, path)
	registrytest.Fill(t, s)
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	lift := limitFiles(t, uint64(info.Size())+64<<10)
	entry := func(i int) *registry.Software {
		software := registrytest.Software(registry.ID(fmt.Sprint("forge.example/many/", i)), "")
		software.PublicCode.Name = strings.Repeat("Deich und Siel ", 500)
		return software
	}
	stored := 0
	for err == nil && stored < 1000 {
		if _, err = s.Put(t.Context(), entry(stored)); err == nil {
			stored++
		}
	}
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("after %d entries Put returns %v; want an error that says full", stored, err)
	}
	if stored == 0 {
		t.Fatal("there was no room for any entry")
	}
	rev, err := s.Rev(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), entry(stored-1).ID); err != nil {
		t.Errorf("Get of the last one that was stored: %v", err)
	}
	if _, err := s.Get(t.Context(), entry(stored).ID); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("Get of the one there was no room for: %v", err)
	}
	later := time.Now().Add(time.Hour)
	everything := registry.Retention{History: later, Visits: later, Removed: later}
	if _, err := s.Prune(t.Context(), everything); err != nil && !strings.Contains(err.Error(), "full") {
		t.Errorf("Prune without room: %v", err)
	}
	lift()
	if _, err := s.Prune(t.Context(), everything); err != nil {
		t.Errorf("Prune when there is room again: %v", err)
	}
	noRoomToLoad(t, s)

	c, err := s.Put(t.Context(), entry(stored))
	if err != nil || c.Rev != rev+1 {
		t.Errorf("Put when there is room again: %+v, %v; want revision %d", c, err, rev+1)
	}
	if lines, err := s.Damage(t.Context()); err != nil || len(lines) > 0 {
		t.Errorf("damage: %v, %v", lines, err)
	}
	for _, err := range registry.CheckDump(s.Dump(t.Context())) {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func noRoomToLoad(t *testing.T, from registry.Store) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	s := open(t, path)
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	lift := limitFiles(t, uint64(info.Size())+16<<10)
	if err := s.Load(t.Context(), from.Dump(t.Context())); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("Load without room: %v", err)
	}
	lift()
	if err := s.Load(t.Context(), from.Dump(t.Context())); err != nil {
		t.Errorf("Load when there is room again: %v", err)
	}
}

// A folder or file that may only be read.
func TestNotWritable(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "allmende.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for name, modes := range map[string][2]os.FileMode{"folder": {0o500, 0o600}, "file": {0o700, 0o400}} {
		if err := errors.Join(os.Chmod(path, modes[1]), os.Chmod(dir, modes[0])); err != nil {
			t.Fatal(err)
		}
		s, err := sqlite.Open(t.Context(), path)
		if err == nil {
			_ = s.Close()
			t.Errorf("opened with a %s that may only be read", name)
		} else if !strings.Contains(err.Error(), path) || !errors.Is(err, os.ErrPermission) && !strings.Contains(err.Error(), "right") && !strings.Contains(err.Error(), "may be read and written") {
			t.Errorf("a %s that may only be read: %v", name, err)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
