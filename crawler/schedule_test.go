// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// timetable runs a scheduler on a clock that goes forward only when it waits,
// until a time, and returns when each sweep began.
type timetable struct {
	*rig
	mu      sync.Mutex
	clock   time.Time
	sources []crawler.Source
	change  func(sweeps int)
}

func (tt *timetable) now() time.Time {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return tt.clock
}

func (tt *timetable) run(d time.Duration) (sweeps []string) {
	tt.t.Helper()
	ctx, cancel := context.WithCancel(tt.t.Context())
	defer cancel()
	start := tt.now()
	end := start.Add(d)
	listed := len(tt.forge.listed)
	s := &crawler.Scheduler{
		Crawler:  &crawler.Crawler{Store: tt.store, Sources: tt.sources, Log: slog.New(slog.DiscardHandler), Now: tt.now},
		Queue:    tt.store,
		Interval: 4 * time.Hour,
		Random:   func() float64 { return 0.5 },
		Swept: func(crawler.Summary, error) {
			tt.forge.mu.Lock()
			paths := strings.Join(tt.forge.listed[listed:], "+")
			listed = len(tt.forge.listed)
			tt.forge.mu.Unlock()
			sweeps = append(sweeps, fmt.Sprintf("%s %s", tt.now().Sub(start), paths))
			if tt.change != nil {
				tt.change(len(sweeps))
			}
		},
		Wait: func(ctx context.Context, until time.Time) error {
			tt.mu.Lock()
			tt.clock = until
			tt.mu.Unlock()
			if until.After(end) {
				cancel()
			}
			return ctx.Err()
		},
	}
	if err := s.Run(ctx); !errors.Is(err, context.Canceled) {
		tt.t.Errorf("got %v", err)
	}
	return sweeps
}

func newTimetable(t *testing.T, paths ...string) *timetable {
	tt := &timetable{rig: newRig(t, &fakeRepo{path: "a/x", files: file("name: A\n")}, &fakeRepo{path: "b/y", files: file("name: B\n")})}
	tt.clock = tt.rig.now
	for _, path := range paths {
		tt.sources = append(tt.sources, tt.source(path, "sh"))
	}
	return tt
}

func TestScheduleAdapts(t *testing.T) {
	tt := newTimetable(t, "a")
	version := 0
	tt.change = func(sweeps int) {
		if sweeps < 5 { // it changes each time, for a while
			version++
			tt.forge.mu.Lock()
			tt.forge.repos[0] = &fakeRepo{path: "a/x", version: version, files: file(fmt.Sprintf("name: A%d\n", version))}
			tt.forge.mu.Unlock()
		}
	}
	// Every hour at the most, then later and later, every 16 hours at the least.
	want := []string{"0s a@", "2h0m0s a@", "3h0m0s a@", "4h0m0s a@", "5h0m0s a@", "6h0m0s a@", "7h30m0s a@", "9h50m0s a@", "13h20m0s a@", "18h30m0s a@", "26h10m0s a@", "37h40m0s a@", "53h40m0s a@", "69h40m0s a@"}
	if diff := cmp.Diff(want, tt.run(80*time.Hour)); diff != "" {
		t.Error(diff)
	}
}

func TestScheduleIsKept(t *testing.T) {
	tt := newTimetable(t, "a", "b")
	tt.sources[1].Interval = 40 * time.Hour
	if diff := cmp.Diff([]string{"0s a@+b@"}, tt.run(time.Hour)); diff != "" {
		t.Error(diff)
	}
	// Whoever starts again waits for what is due; the clock stands at the next.
	got := tt.run(time.Hour)
	if len(got) == 0 || got[0] != "0s a@" {
		t.Errorf("after a restart %q", got)
	}
}

// A clock that was set back leaves no source alone for as long as it was ahead.
func TestScheduleClockSetBack(t *testing.T) {
	tt := newTimetable(t, "a")
	set := tt.clock
	tt.clock = set.AddDate(1, 0, 0)
	tt.run(time.Minute)
	tt.clock = set
	want := []string{"0s a@"}
	if diff := cmp.Diff(want, tt.run(time.Minute)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestScheduleLeavesAloneWhatFails(t *testing.T) {
	tt := newTimetable(t, "a")
	tt.forge.listErr = errors.New("502")
	want := []string{"0s a@", "8h0m0s a@", "24h0m0s a@", "48h0m0s a@", "72h0m0s a@"}
	if diff := cmp.Diff(want, tt.run(80*time.Hour)); diff != "" {
		t.Error(diff)
	}
}

func TestPushIsVisitedAtOnce(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "kiel/a", files: file("name: A\n")}, &fakeRepo{path: "kiel/b", files: file("name: B\n")})
	sources := []crawler.Source{r.source("kiel", "sh")}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	swept := make(chan crawler.Summary, 10)
	s := &crawler.Scheduler{
		Crawler: &crawler.Crawler{Store: r.store, Sources: sources, Log: slog.New(slog.DiscardHandler)},
		Queue:   r.store,
		Swept:   func(sum crawler.Summary, _ error) { swept <- sum },
		Wait:    func(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() },
	}
	if err := s.Pushed(t.Context(), "https://git.example/elsewhere/a"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("push to a repository that no source has: %v", err)
	}
	if err := s.Pushed(t.Context(), "no address"); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	if sum := <-swept; sum.New != 2 {
		t.Fatalf("first sweep %+v", sum)
	}
	// The forge's mark is late: the visit reads nevertheless.
	r.forge.mu.Lock()
	r.forge.repos[0] = &fakeRepo{path: "kiel/a", files: file("name: A2\n")}
	r.forge.mu.Unlock()
	if err := s.Pushed(t.Context(), "https://git.example/kiel/a.git"); err != nil {
		t.Fatal(err)
	}
	if sum := <-swept; sum.Changed != 1 || sum.Repositories != 1 || len(sum.Failures) != 0 {
		t.Errorf("%+v", sum)
	}
	if got := r.must("kiel/a").PublicCode.Name; got != "A2" {
		t.Errorf("name is %s", got)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPushesAreBounded(t *testing.T) {
	r := newRig(t)
	s := &crawler.Scheduler{
		Crawler: &crawler.Crawler{Store: r.store, Sources: []crawler.Source{r.source("", "sh")}, Log: slog.New(slog.DiscardHandler)},
		Queue:   r.store,
	}
	var err error
	for i := 0; err == nil && i < 5000; i++ {
		for range 2 { // one waits once
			err = s.Pushed(t.Context(), fmt.Sprintf("https://git.example/o/r%d", i))
		}
	}
	if !errors.Is(err, registry.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}
