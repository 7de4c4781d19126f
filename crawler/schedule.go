// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// DefaultInterval is how often a source is crawled where nothing else is
	// said.
	DefaultInterval = 6 * time.Hour
	// A source that changes is crawled sooner, one that does not later, but
	// never by more than this factor.
	maxAdaption = 4
	// maxBackoff is how long a source that fails again and again is left alone.
	maxBackoff = 24 * time.Hour
	// jitter is the share of an interval by which the crawls of a host are
	// spread.
	jitter = 0.1
	// In so many slots an interval is divided: what is due in one is crawled at
	// its end together, as sources of a forge share requests.
	slots = 24
	// maxPushes is how many pushed repositories wait for their visit.
	maxPushes = 1000
	// pushesAtOnce is how many are visited beside the sweeps.
	pushesAtOnce = 4
)

// Scheduler crawls sources when they are due, and single repositories at once
// when their forge says that somebody pushed. When a source is due is kept in
// the store: a restart crawls nothing that is not.
type Scheduler struct {
	Crawler  *Crawler
	Interval time.Duration // 0 is DefaultInterval
	// Sources are all there are, asked for before each sweep; nil are those of
	// the Crawler.
	Sources func(context.Context) []Source
	// Swept is called after each sweep; may be nil.
	Swept func(Summary, error)

	// Wait ends at a time, or before it with the context's error; nil waits by
	// the clock. Random is between 0 and 1; nil is random.
	Wait   func(ctx context.Context, until time.Time) error
	Random func() float64

	once   sync.Once
	mu     sync.Mutex
	latest Crawler         // with the sources there are now
	claims Claims          // of those
	pushed map[string]bool // keys of repositories that wait in pushes
	pushes chan registry.ID
}

func (s *Scheduler) start() {
	s.once.Do(func() {
		s.latest, s.claims = *s.Crawler, NewClaims(s.Crawler.Sources)
		s.latest.turns = newTurns()
		s.pushed, s.pushes = map[string]bool{}, make(chan registry.ID, maxPushes)
	})
}

// Pushed asks for a visit of a repository. It is registry.ErrNotFound where no
// configured source claims it, registry.ErrTooLarge where too many wait already.
func (s *Scheduler) Pushed(repository string) error {
	s.start()
	id, err := registry.ParseID(repository)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.claims.Closest(id); !ok {
		return fmt.Errorf("%w: no configured source has the repository %s", registry.ErrNotFound, id)
	}
	if s.pushed[id.Key()] {
		return nil
	}
	select {
	case s.pushes <- id:
		s.pushed[id.Key()] = true
		return nil
	default:
		return fmt.Errorf("%w: %d pushed repositories wait for their visit", registry.ErrTooLarge, maxPushes)
	}
}

// Run crawls until the context ends, whose error it then returns, or the store
// fails. Where another process crawls already it is registry.ErrLocked.
func (s *Scheduler) Run(ctx context.Context) error {
	s.start()
	unlock, err := s.Crawler.Store.Lock(ctx, lockName)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.latest.newSweep(nil).reread(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	swept := make(chan struct{}, 1)
	group.Go(func() error { return s.sweeps(ctx, swept) })
	group.Go(func() error { return s.exports(ctx, swept) })
	for range pushesAtOnce {
		group.Go(func() error { return s.visits(ctx, swept) })
	}
	return group.Wait()
}

func (s *Scheduler) now() time.Time {
	if s.Crawler.Now == nil {
		return time.Now()
	}
	return s.Crawler.Now()
}

// refresh takes up the sources there are now.
func (s *Scheduler) refresh(ctx context.Context) Crawler {
	var sources []Source
	if s.Sources != nil {
		sources = s.Sources(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Sources != nil {
		s.latest.Sources, s.claims = sources, NewClaims(sources)
	}
	return s.latest
}

// sweeps crawls what is due, host by host together.
func (s *Scheduler) sweeps(ctx context.Context, swept chan<- struct{}) error {
	for {
		crawler := s.refresh(ctx)
		due, next, err := s.due(ctx, crawler.Sources)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			if err := s.wait(ctx, next); err != nil {
				return err
			}
			continue
		}
		sweep := crawler.newSweep(due)
		err = sweep.run(ctx)
		if s.Swept != nil {
			s.Swept(sweep.summary(), err)
		}
		if err != nil {
			return err
		}
		select {
		case swept <- struct{}{}:
		default: // it is known already
		}
		spread := map[string]float64{} // the same for all sources of a host
		for _, src := range due {
			if spread[src.Host] == 0 {
				spread[src.Host] = 1 + jitter*(2*s.random()-1)
			}
			if err := s.plan(ctx, src, spread[src.Host]); err != nil {
				return err
			}
		}
	}
}

// exports reads after each sweep what SBOMs the forges make of the entries,
// however long the forges have it wait, and beside the next sweeps.
func (s *Scheduler) exports(ctx context.Context, swept <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-swept:
		}
		s.mu.Lock()
		crawler := s.latest
		s.mu.Unlock()
		if err := crawler.newSweep(nil).exports(ctx, time.Hour); err != nil {
			return err
		}
	}
}

// due are the sources whose time has come, and when the next one's comes.
func (s *Scheduler) due(ctx context.Context, sources []Source) (due []Source, next time.Time, err error) {
	now := s.now()
	next = now.Add(maxBackoff)
	at := map[string]time.Time{}
	for state, err := range s.Crawler.Store.SourceStates(ctx) {
		if err != nil {
			return nil, next, err
		}
		// Planned further ahead than plan does, it was with another clock.
		if state.Next.Sub(now) <= 2*state.Interval+maxBackoff {
			at[state.Source] = state.Next
		}
	}
	for _, src := range sources {
		switch when := at[src.URL]; {
		case !when.After(now):
			due = append(due, src)
		case when.Before(next):
			next = when
		}
	}
	return due, next, nil
}

// plan says when a source that was crawled just now is due again.
func (s *Scheduler) plan(ctx context.Context, src Source, spread float64) error {
	state, err := s.Crawler.Store.SourceState(ctx, src.URL)
	if err != nil {
		return err
	}
	base := cmp.Or(src.Interval, s.Interval, DefaultInterval)
	state.Interval = adapt(base, state)
	slot := max(cmp.Or(s.Interval, DefaultInterval)/slots, time.Second)
	next := s.now().Add(time.Duration(float64(state.Interval) * spread))
	state.Next = next.Add(slot - 1).Truncate(slot).UTC()
	return s.Crawler.Store.Checkpoint(ctx, state, nil)
}

// adapt is the time until the next crawl: half of the last one where something
// changed, half as much again where nothing did; twice the base for each failure
// in a row.
func adapt(base time.Duration, state *registry.SourceState) time.Duration {
	if state.Failures > 0 {
		return min(base<<min(state.Failures, 8), max(maxBackoff, base))
	}
	interval := cmp.Or(state.Interval, base)
	if state.Changes > 0 {
		interval /= 2
	} else {
		interval += interval / 2
	}
	return min(max(interval, base/maxAdaption), base*maxAdaption)
}

func (s *Scheduler) random() float64 {
	if s.Random != nil {
		return s.Random()
	}
	return rand.Float64() //nolint:gosec // spreads crawls, guards nothing
}

func (s *Scheduler) wait(ctx context.Context, until time.Time) error {
	if s.Wait != nil {
		return s.Wait(ctx, until)
	}
	t := time.NewTimer(until.Sub(s.now()))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// visits reads repositories that were pushed to.
func (s *Scheduler) visits(ctx context.Context, swept chan<- struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case id := <-s.pushes:
			s.mu.Lock()
			delete(s.pushed, id.Key())
			crawler := s.latest
			s.mu.Unlock()
			sum, err := crawler.visit(ctx, id)
			if s.Swept != nil {
				s.Swept(sum, err)
			}
			if err != nil {
				return err
			}
			select {
			case swept <- struct{}{}:
			default:
			}
		}
	}
}

// visit reads one repository anew, whatever its forge's marks say.
func (c *Crawler) visit(ctx context.Context, id registry.ID) (Summary, error) {
	s := c.newSweep(nil)
	s.anew = true
	src, ok := s.claims.Closest(id)
	if !ok {
		return s.sum, nil // no longer configured
	}
	forge, err := src.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return s.sum, ctx.Err()
		}
		s.fail(string(id), err)
		return s.sum, nil
	}
	path, _ := s.claims.path(src, id)
	byPath := map[string]*crawl{path: {Source: src}}
	err = nil
	listErr := s.pages(ctx, forge, []Listing{{Path: path}}, func(page Page) {
		for _, p := range page.Progress {
			if p.Err != nil {
				s.fail(string(id), p.Err)
			}
		}
		if err == nil {
			err = s.page(ctx, forge, byPath, page)
		}
	})
	switch {
	case err != nil:
		return s.sum, err
	case ctx.Err() != nil:
		return s.sum, ctx.Err()
	case listErr != nil:
		s.fail(string(id), listErr)
	}
	return s.sum, s.settle(ctx)
}
