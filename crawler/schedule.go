// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// DefaultInterval is how often a source is crawled where nothing else is
	// said.
	DefaultInterval = 6 * time.Hour
	// DefaultHosts is how many hosts one process crawls at a time where nothing
	// else is said.
	DefaultHosts = 32
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
	// elsewhere is how often to look whether another process has crawled what is
	// due.
	elsewhere = 10 * time.Second
)

// Scheduler asks for crawls when sources are due, and for visits of single
// repositories at once when their forge says that somebody pushed; and does what
// is asked for. There may be several, in one process or many, over one store:
// when a source is due is kept in the store, what is to be done in the queue.
type Scheduler struct {
	Crawler  *Crawler
	Queue    registry.Queue
	Interval time.Duration // 0 is DefaultInterval
	Hosts    int           // crawled at a time; 0 is DefaultHosts
	// Sources are all there are, asked for before each crawl; nil are those of
	// the Crawler.
	Sources func(context.Context) []Source
	// Swept is called after each crawl of a host and each visit, from several
	// goroutines, Settled when the entries have been related to each other; both
	// may be nil.
	Swept   func(Summary, error)
	Settled func()

	// Wait ends at a time, or before it with the context's error; nil waits by
	// the clock. Random is between 0 and 1; nil is random.
	Wait   func(ctx context.Context, until time.Time) error
	Random func() float64

	once     sync.Once
	mu       sync.Mutex
	latest   Crawler         // with the sources there are now
	claims   Claims          // of those
	crawling map[string]bool // hosts
	crawled  chan struct{}   // has one where a crawl ended
	reread   bool            // what older code made is made anew
}

func (s *Scheduler) start() {
	s.once.Do(func() {
		s.latest, s.claims = *s.Crawler, NewClaims(s.Crawler.Sources)
		s.latest.turns = newTurns()
		s.crawling, s.crawled = map[string]bool{}, make(chan struct{}, 1)
	})
}

// Pushed asks for a visit of a repository. It is registry.ErrNotFound where no
// configured source claims it, registry.ErrTooLarge where too many wait already.
func (s *Scheduler) Pushed(ctx context.Context, repository string) error {
	s.start()
	id, err := registry.ParseID(repository)
	if err != nil {
		return err
	}
	s.mu.Lock()
	src, ok := s.claims.Closest(id)
	s.mu.Unlock()
	if !ok {
		return fmt.Errorf("%w: no configured source has the repository %s", registry.ErrNotFound, id)
	}
	return s.Queue.Add(ctx, registry.Task{Kind: registry.VisitTask, Host: src.Host, Repo: id})
}

// Run crawls until the context ends, whose error it then returns, or the store
// fails.
func (s *Scheduler) Run(ctx context.Context) error {
	s.start()
	s.refresh(ctx)
	if err := s.Queue.Add(ctx, registry.Task{Kind: registry.SettleTask}); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.ask(ctx) })
	group.Go(func() error {
		return s.Queue.Work(ctx, registry.Worker{Hosts: cmp.Or(s.Hosts, DefaultHosts), Takes: s.takes, Do: s.do})
	})
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

// takes reports whether a host's tasks can be done: the sources have it.
func (s *Scheduler) takes(host string) bool {
	if host == "" {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.latest.Sources, func(src Source) bool { return src.Host == host })
}

// ask asks for crawls of the hosts of what is due.
func (s *Scheduler) ask(ctx context.Context) error {
	for {
		crawler := s.refresh(ctx)
		due, next, err := s.due(ctx, crawler.Sources)
		if err != nil {
			return err
		}
		if len(due) == 0 {
			latest := s.now().Add(cmp.Or(s.Interval, DefaultInterval)) // another process may have planned sooner
			if latest.Before(next) {
				next = latest
			}
			if err := s.wait(ctx, next); err != nil {
				return err
			}
			continue
		}
		var tasks []registry.Task
		for _, src := range due {
			task := registry.Task{Kind: registry.CrawlTask, Host: src.Host}
			if !slices.Contains(tasks, task) && !s.isCrawling(src.Host) {
				tasks = append(tasks, task)
			}
		}
		if err := s.Queue.Add(ctx, tasks...); err != nil {
			return err
		}
		again := time.NewTimer(elsewhere)
		select {
		case <-s.crawled:
		case <-again.C:
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (s *Scheduler) isCrawling(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crawling[host]
}

// do does one task. Its error is one after which it is to be done again.
func (s *Scheduler) do(ctx context.Context, t registry.Task) error {
	err := contained(func() error {
		switch t.Kind {
		case registry.CrawlTask:
			return s.crawl(ctx, t.Host)
		case registry.VisitTask:
			return s.visit(ctx, t.Repo)
		case registry.ExportTask:
			return s.export(ctx, t)
		case registry.SettleTask:
			return s.settle(ctx)
		}
		return fmt.Errorf("%w: a task of the kind %q is for another version", registry.ErrInvalid, t.Kind)
	})
	if err != nil && ctx.Err() == nil {
		s.Crawler.Log.Error("to be done again later", "task", t.Kind, "host", t.Host, "repository", t.Repo, "error", err)
	}
	return err
}

// crawl crawls those sources of a host that are due.
func (s *Scheduler) crawl(ctx context.Context, host string) error {
	s.mu.Lock()
	s.crawling[host] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.crawling, host)
		s.mu.Unlock()
		select {
		case s.crawled <- struct{}{}:
		default: // it is known already
		}
	}()
	crawler := s.refresh(ctx)
	due, _, err := s.due(ctx, slices.DeleteFunc(slices.Clone(crawler.Sources), func(src Source) bool { return src.Host != host }))
	if err != nil || len(due) == 0 {
		return err
	}
	sweep := crawler.newSweep(due)
	err = sweep.run(ctx)
	if s.Swept != nil {
		s.Swept(sweep.summary(), err)
	}
	if err != nil {
		return err
	}
	spread := 1 + jitter*(2*s.random()-1) // the same for all sources of a host
	for _, src := range due {
		if err := s.plan(ctx, src, spread); err != nil {
			return err
		}
	}
	return s.Queue.Add(ctx, registry.Task{Kind: registry.SettleTask}, registry.Task{Kind: registry.ExportTask, Host: host})
}

// export reads what SBOMs the forges of a host make of the entries, and how far
// these are from their forks, however long they have it wait, and beside crawls.
func (s *Scheduler) export(ctx context.Context, t registry.Task) error {
	crawler := s.refresh(ctx)
	sweep := crawler.newSweep(nil)
	if err := sweep.exports(ctx, t.Host, time.Hour); err != nil {
		return err
	}
	news, err := sweep.compare(ctx, t.Host, time.Hour)
	if err == nil && news {
		err = s.Queue.Add(ctx, registry.Task{Kind: registry.SettleTask})
	}
	if err != nil {
		return err
	}
	if sweep.limited.Load() {
		return s.Queue.Add(ctx, t)
	}
	return nil
}

// settle relates the entries to each other, and once in a process makes anew
// what older code made of them.
func (s *Scheduler) settle(ctx context.Context) error {
	crawler := s.refresh(ctx)
	sweep := crawler.newSweep(nil)
	s.mu.Lock()
	reread := !s.reread
	s.mu.Unlock()
	if reread {
		if err := sweep.reread(ctx); err != nil {
			return err
		}
		s.mu.Lock()
		s.reread = true
		s.mu.Unlock()
	}
	if err := sweep.settle(ctx); err != nil {
		return err
	}
	if s.Settled != nil {
		s.Settled()
	}
	return nil
}

// visit reads a repository that was pushed to.
func (s *Scheduler) visit(ctx context.Context, id registry.ID) error {
	crawler := s.refresh(ctx)
	sweep := crawler.newSweep(nil)
	sweep.anew = true
	err := sweep.visit(ctx, id)
	if s.Swept != nil {
		s.Swept(sweep.summary(), err)
	}
	if err != nil {
		return err
	}
	var tasks []registry.Task
	if src, ok := sweep.claims.Closest(id); ok && (len(sweep.waiting) > 0 || sweep.forks.Load()) {
		tasks = append(tasks, registry.Task{Kind: registry.ExportTask, Host: src.Host})
	}
	if len(sweep.affected) > 0 {
		tasks = append(tasks, registry.Task{Kind: registry.SettleTask})
	}
	return s.Queue.Add(ctx, tasks...)
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

// visit reads one repository anew, whatever its forge's marks say. Its error is
// one that ends the sweep.
func (s *sweep) visit(ctx context.Context, id registry.ID) error {
	src, ok := s.claims.Closest(id)
	if !ok {
		return nil // no longer configured
	}
	forge, err := src.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.fail(string(id), err)
		return nil
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
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case listErr != nil:
		s.fail(string(id), listErr)
	}
	return nil
}
