// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

// pagesAtOnce is how many pages of a listing are worked on at the same time:
// the next one is asked for while the visits of the last are under way.
const pagesAtOnce = 6

// So many repositories of a page are described together, and so many such
// batches are under way at once: a crash costs no more than these.
const (
	batchSize     = 10
	batchesAtOnce = 2
)

// crawl takes a batch of sources of one host from their listings to the
// registry. Its error is one that ends the sweep.
func (s *sweep) crawl(ctx context.Context, sources []Source) error {
	byForge := map[Forge][]*crawl{}
	var forges []Forge // in order of the sources
	for _, src := range sources {
		forge, err := src.Open(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			s.fail(src.URL, err)
			if err := s.unopened(ctx, src, err); err != nil {
				return err
			}
			continue
		}
		c, err := s.begin(ctx, src)
		if err != nil {
			return err
		}
		if byForge[forge] == nil {
			forges = append(forges, forge)
		}
		byForge[forge] = append(byForge[forge], c)
	}
	for _, forge := range forges {
		if err := s.list(ctx, forge, byForge[forge]); err != nil {
			return err
		}
	}
	return nil
}

// crawl is one source on its way through a sweep.
type crawl struct {
	Source
	state registry.SourceState
	done  bool
}

// begin takes up the crawl of a source that was cut off, or starts a new one.
func (s *sweep) begin(ctx context.Context, src Source) (*crawl, error) {
	state, err := s.Store.SourceState(ctx, src.URL)
	switch {
	case errors.Is(err, registry.ErrNotFound):
		state = &registry.SourceState{Source: src.URL}
	case err != nil:
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Millisecond) // as stores keep it
	cutOff := state.Started.After(state.Finished) && state.Error == "" && now.Sub(state.Started) < resumable
	if !cutOff {
		state.Started, state.After, state.Repositories, state.Changes = now, "", 0, 0
	}
	s.Log.Info("crawling", "source", src.URL, "resumed", cutOff)
	return &crawl{Source: src, state: *state}, nil
}

// unopened notes that the forge of a source could not be reached.
func (s *sweep) unopened(ctx context.Context, src Source, why error) error {
	c, err := s.begin(ctx, src)
	if err != nil {
		return err
	}
	c.state.Error = why.Error()
	c.state.Failures++
	return s.Store.Checkpoint(ctx, &c.state, nil)
}

// list goes through the pages of a forge's sources. What is visited of a page is
// written down with the place where the listing goes on, page after page, so
// that a sweep that is cut off loses no more than the pages in flight.
func (s *sweep) list(ctx context.Context, forge Forge, crawls []*crawl) error {
	byPath := make(map[string]*crawl, len(crawls))
	listings := make([]Listing, len(crawls))
	for i, c := range crawls {
		byPath[c.Path] = c
		listings[i] = Listing{Path: c.Path, After: c.state.After, Known: s.knownTo(ctx, c)}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(pagesAtOnce)
	before := make(chan struct{}) // closed when the page before is written down
	close(before)
	listErr := s.pages(gctx, forge, listings, func(page Page) {
		former, written := before, make(chan struct{})
		before = written
		group.Go(func() error {
			if err := s.page(gctx, forge, byPath, page); err != nil {
				return err
			}
			select {
			case <-former:
			case <-gctx.Done():
				return gctx.Err()
			}
			defer close(written)
			return s.progress(gctx, byPath, page)
		})
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, c := range crawls {
		if c.done {
			continue
		}
		if listErr == nil {
			listErr = errors.New("the forge's adapter forgot it")
		}
		if err := s.finish(ctx, c, listErr); err != nil {
			return err
		}
	}
	return nil
}

// pages hands over each page of the listings. A panic in an adapter is an error
// of the listing.
func (s *sweep) pages(ctx context.Context, forge Forge, listings []Listing, do func(Page)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic in a listing", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	for page, err := range bounded(forge.Repos(ctx, listings), maxListed) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		do(page)
	}
	return nil
}

// knownTo answers for Listing.Known.
func (s *sweep) knownTo(ctx context.Context, c *crawl) func(Repo) bool {
	return func(repo Repo) bool {
		id, err := registry.ParseID(repo.URL)
		if err != nil {
			return false
		}
		prev, err := s.Store.Visit(ctx, id)
		return err == nil && (&visit{sweep: s, source: &c.Source, id: id, repo: repo, prev: prev}).known()
	}
}

// page visits what a page lists.
func (s *sweep) page(ctx context.Context, forge Forge, byPath map[string]*crawl, page Page) error {
	var visits []*visit
	for _, repo := range page.Repos {
		c := byPath[repo.Path]
		if c == nil {
			s.fail(repo.URL, fmt.Errorf("listed for %q, which was not asked for", repo.Path))
			continue
		}
		id, err := registry.ParseID(repo.URL)
		if err = cmp.Or(repo.Err, err); err != nil {
			s.fail(repo.URL, err)
			continue
		}
		if s.claimedElsewhere(&c.Source, id) || !s.first(id) {
			continue
		}
		visits = append(visits, &visit{sweep: s, source: &c.Source, since: c.state.Started, forge: forge, id: id, repo: repo})
	}
	var log log
	for _, v := range visits {
		v.ends = &log
	}
	err := s.each(ctx, visits, func(v *visit) error { return v.look(ctx) })
	if err != nil {
		return err
	}
	if err := s.Store.PutVisits(ctx, log.visits); err != nil {
		return err
	}
	for _, v := range visits {
		v.ends = nil
	}
	visits = slices.DeleteFunc(visits, func(v *visit) bool { return len(v.parts) == 0 })
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(batchesAtOnce)
	for batch := range slices.Chunk(visits, batchSize) {
		group.Go(func() error {
			if err := s.describe(ctx, forge, batch); err != nil {
				return err
			}
			return s.each(ctx, batch, func(v *visit) error { return v.enter(ctx) })
		})
	}
	if err := group.Wait(); err != nil || len(visits) == 0 {
		return err
	}
	select {
	case s.entered <- struct{}{}:
	default: // it is known already
	}
	return nil
}

// log collects what visits of a page came to, to be written in one transaction.
type log struct {
	mu     sync.Mutex
	visits []*registry.Visit
}

func (l *log) add(v *registry.Visit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.visits = append(l.visits, v)
}

// each runs a step of visits, some at a time.
func (s *sweep) each(ctx context.Context, visits []*visit, step func(*visit) error) error {
	group, gctx := errgroup.WithContext(ctx)
	for _, v := range visits {
		free, err := s.slot(gctx, v.source.Host)
		if err != nil {
			break // the step that failed says why
		}
		group.Go(func() error {
			defer free()
			return v.contained(gctx, step)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// describe completes the repositories of visits that come to entries.
func (s *sweep) describe(ctx context.Context, forge Forge, visits []*visit) (err error) {
	if len(visits) == 0 {
		return nil
	}
	repos := make([]Repo, len(visits))
	for i, v := range visits {
		repos[i] = v.repo
	}
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic in a description", "panic", p, "stack", string(debug.Stack()))
			undescribed(visits, fmt.Errorf("internal error: %v", p))
			err = nil
		}
	}()
	list, err := forge.Describe(ctx, repos)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && len(list) != len(visits) {
		err = fmt.Errorf("%d repositories were asked for, %d described", len(visits), len(list))
	}
	if err != nil {
		undescribed(visits, err)
		return nil
	}
	for i, v := range visits {
		v.description = list[i]
	}
	return nil
}

func undescribed(visits []*visit, why error) {
	for _, v := range visits {
		v.description = Description{Repo: v.repo, Err: why}
	}
}

// progress writes down how far the sources of a page have come, and with it
// what the page has seen.
func (s *sweep) progress(ctx context.Context, byPath map[string]*crawl, page Page) error {
	seen := map[string][]registry.ID{}
	for _, repo := range page.Repos {
		c := byPath[repo.Path]
		id, err := registry.ParseID(repo.URL)
		if err != nil || c == nil || s.claimedElsewhere(&c.Source, id) {
			continue
		}
		seen[repo.Path] = append(seen[repo.Path], id)
		c.state.Repositories++
	}
	for _, p := range page.Progress {
		c := byPath[p.Path]
		if c == nil || c.done {
			continue
		}
		if p.After != "" || !p.Done {
			c.state.After = p.After
		}
		if err := s.Store.Checkpoint(ctx, &c.state, seen[p.Path]); err != nil {
			return err
		}
		delete(seen, p.Path)
		if p.Done {
			c.done = true
			if err := s.finish(ctx, c, p.Err); err != nil {
				return err
			}
		}
	}
	for path, ids := range seen {
		if err := s.Store.Checkpoint(ctx, &byPath[path].state, ids); err != nil {
			return err
		}
	}
	return nil
}

// finish ends the crawl of a source whose listing ended, with an error or
// without.
func (s *sweep) finish(ctx context.Context, c *crawl, listErr error) error {
	s.mu.Lock()
	c.state.Changes += s.changes[c.URL]
	s.mu.Unlock()
	c.state.Error = ""
	if listErr != nil {
		s.fail(c.URL, fmt.Errorf("listing: %w", listErr))
		c.state.Error = listErr.Error()
		c.state.Failures++
	}
	// A source that is gone itself misses, sweep by sweep, what it held.
	if listErr == nil || c.state.Repositories == 0 && errors.Is(listErr, registry.ErrNotFound) {
		if err := s.missing(ctx, c); err != nil {
			return err
		}
	}
	if listErr == nil {
		c.state.Failures = 0
		c.state.Finished = s.Now().UTC()
		c.state.After = ""
	}
	return s.Store.Checkpoint(ctx, &c.state, nil)
}
