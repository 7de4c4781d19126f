// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// crawler makes one over the rig's store, an hour after the last.
func (r *rig) crawler() *crawler.Crawler {
	r.now = r.now.Add(time.Hour)
	return &crawler.Crawler{Store: r.store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return r.now }}
}

func TestGoesOnWhereItWasCutOff(t *testing.T) {
	var repos []*fakeRepo
	for i := range 40 {
		repos = append(repos, &fakeRepo{path: fmt.Sprintf("o/r%02d", i), files: file("name: A\n")})
	}
	r := newRig(t, repos...)
	ctx, cancel := context.WithCancel(t.Context())
	c := r.crawler()
	c.Progress = func(sum crawler.Summary) {
		if sum.Repositories == 25 {
			cancel()
		}
	}
	if _, err := c.Sweep(ctx, []crawler.Source{r.source("", "sh")}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	state, err := r.store.SourceState(t.Context(), "https://git.example")
	if err != nil || state.After == "" || !state.Started.After(state.Finished) {
		t.Fatalf("state %+v, %v", state, err)
	}
	r.forge.listed, r.forge.reads = nil, 0
	sum, err := r.crawler().Sweep(t.Context(), []crawler.Source{r.source("", "sh")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"@" + state.After}, r.forge.listed); diff != "" {
		t.Error("listed:", diff)
	}
	if sum.Gone != 0 || r.forge.reads > 15+2*6 { // what was not visited, and the pages under way
		t.Errorf("%d reads, %+v", r.forge.reads, sum)
	}
	for _, repo := range repos {
		r.must(repo.path)
	}
	// The next one starts at the beginning and misses nothing.
	for range 3 {
		sum, err := r.crawler().Sweep(t.Context(), []crawler.Source{r.source("", "sh")})
		if err != nil || sum.Repositories != 40 || sum.Unchanged != 40 || sum.Gone != 0 {
			t.Errorf("%+v, %v", sum, err)
		}
	}
}

func TestOldCutsAreNotGoneOnWith(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")})
	old := &registry.SourceState{Source: "https://git.example", Started: r.now, After: "2"}
	if err := r.store.Checkpoint(t.Context(), old, nil); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(48 * time.Hour)
	if sum := r.sweep(); sum.Entries != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestOneSweepAtATime(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "o/a", files: file("name: A\n")})
	unlock, err := r.store.Lock(t.Context(), registry.HostLock("git.example:443"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.crawler().Sweep(t.Context(), []crawler.Source{r.source("", "sh")}); !errors.Is(err, registry.ErrLocked) {
		t.Errorf("got %v", err)
	}
	unlock()
	if sum := r.sweep(); sum.Entries != 1 {
		t.Errorf("%+v", sum)
	}
}

// A wide source that is crawled alone leaves to the narrower ones what is theirs.
func TestWideSourceAlone(t *testing.T) {
	r := newRig(t, &fakeRepo{path: "kiel/a", files: file("name: A\n")}, &fakeRepo{path: "rostock/c", files: file("name: C\n")})
	wide, narrow := r.source("", "bund"), r.source("kiel", "sh")
	for range 3 {
		for _, src := range []crawler.Source{narrow, wide} {
			c := r.crawler()
			c.Sources = []crawler.Source{wide, narrow}
			if sum, err := c.Sweep(t.Context(), []crawler.Source{src}); err != nil || sum.Gone != 0 || sum.Entries != 1 {
				t.Fatalf("%s: %+v, %v", src.URL, sum, err)
			}
		}
		if got := r.must("kiel/a").Publisher.ID; got != "sh" {
			t.Errorf("kiel/a belongs to %s", got)
		}
	}
}
