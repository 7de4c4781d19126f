// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func TestPeriod(t *testing.T) {
	leap := time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC)
	for p, want := range map[period]string{
		"5y": "2023-03-01", "18m": "2026-08-29", "90d": "2027-12-01", "30d": "2028-01-30", "1m": "2028-01-29", "100y": "1928-02-29",
		"": "0001-01-01",
	} {
		if got := p.before(leap).Format(time.DateOnly); got != want {
			t.Errorf("%q before %s is %s, want %s", p, leap, got, want)
		}
	}
	for _, p := range []period{"5", "y", "5 years", "-5y", "1.5y", "5Y", "29d", "0d", "101y", "99999y", "99999999999999999999d", "1y6m", "720h", "10w", "５y", "5y\n"} {
		if _, _, _, err := p.parts(); err == nil {
			t.Errorf("%q is taken", p)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"5y", "18m", "90d", "", "x", "00030d"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		at := period(s).before(now)
		if _, _, _, err := period(s).parts(); err != nil != at.IsZero() {
			t.Errorf("%q is %v before, and %v", s, at, err)
		} else if err == nil && (at.After(now.AddDate(0, 0, -28)) || at.Year() < 1900) {
			t.Errorf("%q is %v before", s, at)
		}
	})
}

func TestPruneCommand(t *testing.T) {
	n := filledNode(t)
	mustFail(t, 2, "retention", "prune", "--config", n.config)
	config := write(t, "allmende.yml", "store: "+n.address+"\npublishers: []\nretention: {history: 5y, visits: 30d}\n")
	execute(t, n.database, "UPDATE change SET time = '2001-01-01T00:00:00.000Z'; UPDATE entry SET changed = '2001-01-01T00:00:00.000Z'")
	before := must(t, "verify", "--config", config)
	mustFail(t, 0, "would drop 10 former states of entries, the content of 0 removed entries, 1 visits, ", "prune", "--config", config, "--dry-run")
	if got := must(t, "verify", "--config", config); got != before {
		t.Error("a dry run changed the registry")
	}
	s := openFile(t, n.database)
	unlock, err := s.Lock(t.Context(), pruneLock)
	if err != nil {
		t.Fatal(err)
	}
	mustFail(t, 4, registry.ErrLocked.Error(), "prune", "--config", config)
	unlock()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mustFail(t, 0, "dropped 10 former states of entries", "prune", "--config", config)
	if got := must(t, "verify", "--config", config); got == before {
		t.Error("nothing was dropped")
	}
	mustFail(t, 0, "dropped 0 former states of entries, the content of 0 removed entries, 0 visits, 0 files", "prune", "--config", config)

	// It is backed up, restored and copied like any other.
	want := must(t, "verify", "--config", config)
	file, restored, copied := t.TempDir()+"/backup.zst", newNode(t), newNode(t)
	for _, args := range [][]string{
		{"backup", "--config", config, "--out", file},
		{"restore", file, "--config", restored.config},
		{"copy", "--from", restored.address, "--to", copied.address},
		{"verify", "--config", copied.config},
	} {
		if got := must(t, args...); got != want {
			t.Errorf("%v: the hash is %s, not %s", args, got, want)
		}
	}
	mustFail(t, 2, "no registry", "prune", "--config", newNode(t).config)
}

// prunes is a store that only prunes.
type prunes struct {
	registry.Store
	at     []time.Time
	errs   []error // of the first calls
	locked error
	states []*registry.SourceState
}

func (p *prunes) SourceStates(context.Context) iter.Seq2[*registry.SourceState, error] {
	return func(yield func(*registry.SourceState, error) bool) {
		for _, s := range p.states {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (p *prunes) Lock(context.Context, string) (func(), error) { return func() {}, p.locked }

func (p *prunes) Prune(_ context.Context, keep registry.Retention) (registry.Pruned, error) {
	p.at = append(p.at, keep.History)
	if len(p.errs) < len(p.at) {
		return registry.Pruned{Files: 1}, nil
	}
	return registry.Pruned{}, p.errs[len(p.at)-1]
}

func TestPruneDaily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var log strings.Builder
		logger := slog.New(slog.NewTextHandler(&log, nil))
		began := time.Now()
		crawled := []*registry.SourceState{{Started: began.AddDate(-1, 0, 0)}, {Started: began.AddDate(0, 0, -20)}}
		busy := &prunes{states: crawled, errs: []error{nil, errors.New("the disk is full")}}
		idle, locked := &prunes{states: crawled}, &prunes{states: crawled, locked: registry.ErrLocked}
		ahead, fresh := &prunes{states: crawled[:1]}, &prunes{}
		keep := retentionConfig{History: "30d"}
		go pruneDaily(ctx, busy, keep, logger)
		go pruneDaily(ctx, locked, keep, logger)
		go pruneDaily(ctx, ahead, keep, logger)
		go pruneDaily(ctx, fresh, keep, slog.New(slog.DiscardHandler))
		go pruneDaily(ctx, idle, retentionConfig{}, logger)
		time.Sleep(60 * time.Hour)
		cancel()
		synctest.Wait()
		if len(busy.at) != 3 || len(idle.at) != 0 || len(locked.at) != 0 || len(ahead.at) != 0 || len(fresh.at) != 3 {
			t.Fatalf("in 60 hours it pruned %d times, %d without anything to prune, %d where another one does, %d with a clock that is ahead, %d what is new",
				len(busy.at), len(idle.at), len(locked.at), len(ahead.at), len(fresh.at))
		}
		for i, at := range busy.at {
			if want := began.Add(time.Duration(i)*24*time.Hour).AddDate(0, 0, -30); !at.Equal(want) {
				t.Errorf("time %d is for %s, want %s", i, at, want)
			}
		}
		for _, want := range []string{"the disk is full", "files=1"} {
			if got := strings.Count(log.String(), want); got != 1 {
				t.Errorf("%q is logged %d times:\n%s", want, got, log.String())
			}
		}
	})
}
