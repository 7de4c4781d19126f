// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func openHere(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// waiting returns when n wait for their turn.
func (w *writer) waiting(n int) {
	for got := -1; got != n; runtime.Gosched() {
		w.mu.Lock()
		got = len(w.queue)
		w.mu.Unlock()
	}
}

// line is several who write at once, in a certain order.
type line struct {
	t     *testing.T
	w     *writer
	wg    sync.WaitGroup
	users int
	errs  []error
	in    []*batch
}

// newLine holds the turn until go is called.
func newLine(t *testing.T, s *Store) *line {
	t.Helper()
	if err := s.write.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &line{t: t, w: s.write, errs: make([]error, 10), in: make([]*batch, 10)}
}

// add puts one at the end of the line, who writes a row and then does f.
func (l *line) add(ctx context.Context, f func(context.Context) error) {
	i := l.users
	l.users++
	l.wg.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				l.errs[i] = fmt.Errorf("panic: %v", p)
			}
		}()
		l.errs[i] = l.w.update(ctx, func(ctx context.Context) error {
			l.in[i] = l.w.open
			if _, err := l.w.exec(ctx, "INSERT INTO source (name, document) VALUES (?, '{}')", fmt.Sprint(i)); err != nil {
				return err
			}
			return f(ctx)
		})
	})
	l.w.waiting(l.users)
}

// run lets them write, and returns the numbers of those whose rows are there.
func (l *line) run(s *Store) (written string) {
	l.t.Helper()
	l.w.pass()
	l.wg.Wait()
	err := s.read.row(l.t.Context(), "SELECT coalesce(group_concat(name, ''), '') FROM (SELECT name FROM source ORDER BY name)").Scan(&written)
	if err != nil {
		l.t.Fatal(err)
	}
	return written
}

func (l *line) failed() (failed string) {
	for i, err := range l.errs {
		if err != nil {
			failed += fmt.Sprint(i)
		}
	}
	return failed
}

func TestWritersShareATransaction(t *testing.T) {
	errOwn := errors.New("its own")
	good := func(context.Context) error { return nil }
	bad := func(context.Context) error { return errOwn }
	for _, test := range []struct {
		name            string
		users           func(t *testing.T, l *line)
		written, failed string
		batches         int
	}{
		{"all good", func(t *testing.T, l *line) {
			for range 4 {
				l.add(t.Context(), good)
			}
		}, "0123", "", 1},
		{"one fails", func(t *testing.T, l *line) {
			l.add(t.Context(), good)
			l.add(t.Context(), bad)
			l.add(t.Context(), good)
			l.add(t.Context(), bad)
		}, "02", "13", 1},
		{"the first fails", func(t *testing.T, l *line) {
			l.add(t.Context(), bad)
			l.add(t.Context(), good)
			l.add(t.Context(), good)
		}, "12", "0", 2},
		{"a constraint fails", func(t *testing.T, l *line) {
			l.add(t.Context(), good)
			l.add(t.Context(), func(ctx context.Context) error {
				_, err := l.w.exec(ctx, "INSERT INTO source (name, document) VALUES ('0', '{}')")
				return err
			})
			l.add(t.Context(), good)
		}, "02", "1", 1},
		{"one panics", func(t *testing.T, l *line) {
			l.add(t.Context(), good)
			l.add(t.Context(), func(context.Context) error { panic("on purpose") })
			l.add(t.Context(), good)
		}, "02", "1", 1},
		{"the first panics", func(t *testing.T, l *line) {
			l.add(t.Context(), func(context.Context) error { panic("on purpose") })
			l.add(t.Context(), good)
		}, "1", "0", 2},
		{"cancelled in the line", func(t *testing.T, l *line) {
			ctx, cancel := context.WithCancel(t.Context())
			l.add(t.Context(), good)
			l.add(ctx, good)
			l.add(t.Context(), good)
			cancel()
			l.w.waiting(2)
		}, "02", "1", 1},
		{"cancelled in its turn", func(t *testing.T, l *line) {
			ctx, cancel := context.WithCancel(t.Context())
			l.add(t.Context(), good)
			l.add(ctx, func(ctx context.Context) error {
				cancel()
				_, err := l.w.exec(ctx, "UPDATE source SET document = '[]'")
				return err
			})
			l.add(t.Context(), good)
		}, "012", "", 1},
		{"SQLite undoes all", func(t *testing.T, l *line) {
			l.add(t.Context(), good)
			l.add(t.Context(), good)
			l.add(t.Context(), func(ctx context.Context) error {
				if _, err := l.w.exec(ctx, "ROLLBACK"); err != nil { // as it does for a full disk
					return err
				}
				return errOwn
			})
			l.add(t.Context(), good)
		}, "3", "012", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openHere(t)
			l := newLine(t, s)
			test.users(t, l)
			if got := l.run(s); got != test.written {
				t.Errorf("written by %q, want %q", got, test.written)
			}
			if got := l.failed(); got != test.failed {
				t.Errorf("errors of %q, want %q: %v", got, test.failed, l.errs)
			}
			for i, err := range l.errs {
				if errors.Is(err, errOwn) != (test.name == "SQLite undoes all" && i == 2 || err == errOwn) {
					t.Errorf("error of %d is that of another: %v", i, err)
				}
			}
			in := slices.DeleteFunc(l.in, func(b *batch) bool { return b == nil })
			if got := len(slices.Compact(in)); got != test.batches {
				t.Errorf("%d transactions, want %d", got, test.batches)
			}
			if err := s.PutVisit(t.Context(), &registry.Visit{Repo: "forge.example/a/b", Outcome: registry.Empty}); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// The one who would commit what others wrote is cancelled just then.
func TestLastInLineIsCancelled(t *testing.T) {
	s := openHere(t)
	for range 200 {
		l := newLine(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := s.write.exec(t.Context(), "DELETE FROM source"); err != nil {
			t.Fatal(err)
		}
		l.add(t.Context(), func(context.Context) error {
			go cancel()
			return nil
		})
		l.add(ctx, func(context.Context) error { return nil })
		written := l.run(s)
		if l.errs[0] != nil || !strings.HasPrefix(written, "0") {
			t.Fatalf("the first: %v; written by %q", l.errs[0], written)
		}
		if late := l.errs[1]; (late == nil) != (written == "01") || late != nil && !errors.Is(late, context.Canceled) {
			t.Fatalf("the cancelled one: %v; written by %q", late, written)
		}
	}
}

// A power cut must not take back what was committed: see address.
func TestWriterWaitsForTheDisk(t *testing.T) {
	s := openHere(t)
	var full int
	if err := s.write.conn.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&full); err != nil || full != 2 {
		t.Errorf("synchronous is %d, %v; want 2, which is FULL", full, err)
	}
}

func TestCloseWaitsForTheLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "allmende.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.write.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Put(t.Context(), registrytest.Software("forge.example/a/b", "1")); err != nil {
			t.Errorf("Put before Close: %v", err)
		}
	})
	s.write.waiting(1)
	wg.Go(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	s.write.waiting(2)
	s.write.pass()
	wg.Wait()
	if err := s.PutVisit(t.Context(), &registry.Visit{Repo: "forge.example/a/b", Outcome: registry.Empty}); err == nil {
		t.Error("PutVisit works on a closed store")
	}
	again, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Get(t.Context(), "forge.example/a/b"); err != nil {
		t.Errorf("Get of what was written last: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
