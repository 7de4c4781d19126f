// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func testLock(t *testing.T, s registry.Store) {
	unlock, err := s.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Lock(t.Context(), "crawl")
	wantErr(t, "Lock of what is locked", err, registry.ErrLocked)
	other, err := s.Lock(t.Context(), "webhook-2")
	if err != nil {
		t.Fatalf("Lock by another name: %v", err)
	}
	defer other()
	put(t, s, Software("forge.example/a/b", "1")) // a lock hinders nothing else

	unlock()
	again, err := s.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	unlock()
	_, err = s.Lock(t.Context(), "crawl")
	wantErr(t, "Lock after the former holder unlocked again", err, registry.ErrLocked)
	again()

	var holders atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Lock(t.Context(), "crawl"); err == nil {
				holders.Add(1)
			} else {
				wantErr(t, "Lock by several at once", err, registry.ErrLocked)
			}
		})
	}
	wg.Wait()
	if n := holders.Load(); n != 1 {
		t.Errorf("%d hold the lock at once, want 1", n)
	}
	for range 10 {
		runtime.GC()
		_, err := s.Lock(t.Context(), "crawl")
		wantErr(t, "Lock of what nobody can unlock any more", err, registry.ErrLocked)
	}
}

// holdLock names the environment variable that makes a process of TestLock hold
// the lock of the store in a folder until it is killed.
const holdLock = "REGISTRYTEST_HOLD_LOCK"

// TestLock checks that a lock keeps other processes out and ends with its own,
// however that ends. It runs the test binary again with the name of its own
// test, which must call nothing else. Calls of open with the same folder open
// the same store.
func TestLock(t *testing.T, open func(t *testing.T, dir string) registry.Store) {
	if dir := os.Getenv(holdLock); dir != "" {
		if _, err := open(t, dir).Lock(t.Context(), "crawl"); err != nil {
			t.Fatal(err)
		}
		fmt.Println("locked")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends, if it does not kill
		return
	}
	dir := t.TempDir()
	s := open(t, dir)
	holder := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v=false", "-test.count=1")
	holder.Env = append(os.Environ(), holdLock+"="+dir)
	holder.Stderr = os.Stderr
	stdin, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close() //nolint:errcheck // ends the process where the test failed
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() || strings.TrimSpace(lines.Text()) != "locked" {
		t.Fatalf("the other process does not lock: %q, %v, %v", lines.Text(), lines.Err(), holder.Wait())
	}
	_, err = s.Lock(t.Context(), "crawl")
	wantErr(t, "Lock beside another process", err, registry.ErrLocked)

	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Wait(); err == nil {
		t.Fatal("the other process ended by itself")
	}
	unlock, err := s.Lock(t.Context(), "crawl")
	if err != nil {
		t.Fatalf("Lock after the other process was killed: %v", err)
	}
	unlock()
}
