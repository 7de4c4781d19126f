// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package search answers questions about the catalogue from an index in memory
// that follows the change log. It understands the words of German
// administration: umlauts in every spelling, inflected words in seven
// languages, the parts of compounds, other words for the same, typing errors.
package search

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

// Source is what the index follows; a registry.Store is one.
type Source interface {
	Rev(ctx context.Context) (registry.Rev, error)
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
}

// entry is one entry that is still to be decoded.
type entry = func() (*registry.Software, error)

// searched is a source that reads its entries for an index: in no order, as far
// as an index looks at them, to be decoded on as many processors as there are.
type searched interface {
	Searched(ctx context.Context) iter.Seq2[func() (*registry.Software, error), error]
}

func all(ctx context.Context, source Source) iter.Seq2[entry, error] {
	if s, ok := source.(searched); ok {
		return s.Searched(ctx)
	}
	return func(yield func(entry, error) bool) {
		for s, err := range source.All(ctx) {
			if !yield(func() (*registry.Software, error) { return s, nil }, err) {
				return
			}
		}
	}
}

// Index is the search index. It is safe for concurrent use.
type Index struct {
	source    Source
	now       func() time.Time
	catalogue atomic.Pointer[catalogue] // nil before the first Refresh
	turn      chan struct{}             // held by the one that writes catalogue; a channel, to give up when a context ends
	merging   []*layer                  // those that are being merged aside; for the holder of the turn
	aside     sync.WaitGroup
}

// New makes an index of a source. It is filled by the first Refresh or Search.
func New(source Source) *Index {
	return &Index{source: source, now: time.Now, turn: make(chan struct{}, 1)}
}

// Refresh catches up with the source. The first call reads all entries, later
// ones what changed since. Search does it by itself; calling it at the start
// spares the first reader the wait.
func (x *Index) Refresh(ctx context.Context) error {
	if fresh, err := x.fresh(ctx); fresh || err != nil {
		return err
	}
	select {
	case x.turn <- struct{}{}:
		defer func() { <-x.turn }()
	case <-ctx.Done():
		return fmt.Errorf("refresh the search index: %w", ctx.Err())
	}
	if fresh, err := x.fresh(ctx); fresh || err != nil {
		return err
	}
	if err := x.catchUp(ctx); err != nil {
		return fmt.Errorf("refresh the search index: %w", err)
	}
	return nil
}

// Rev is the revision that the index is at, 0 before the first Refresh.
func (x *Index) Rev() registry.Rev {
	if c := x.catalogue.Load(); c != nil {
		return c.rev
	}
	return 0
}

// fresh reports whether the index is at the source's revision.
func (x *Index) fresh(ctx context.Context) (bool, error) {
	rev, err := x.source.Rev(ctx)
	if err != nil {
		return false, fmt.Errorf("refresh the search index: %w", err)
	}
	c := x.catalogue.Load()
	return c != nil && c.rev == rev, nil
}

// catchUp is called by the holder of the turn.
func (x *Index) catchUp(ctx context.Context) error {
	c := x.catalogue.Load()
	if c == nil {
		var err error
		if c, err = x.build(ctx); err != nil {
			return err
		}
		x.catalogue.Store(c)
	}
	rev := c.rev
	touched := map[string]registry.ID{}
	for change, err := range x.source.Changes(ctx, rev) {
		if err != nil {
			return err
		}
		touched[change.ID.Key()] = change.ID
		if change.From != "" {
			touched[change.From.Key()] = change.From
		}
		rev = change.Rev
	}
	if rev == c.rev {
		at, err := x.source.Rev(ctx)
		if err != nil || at >= rev {
			return err
		}
		// The log is behind the index: the source was put back to a copy.
		c, err := x.build(ctx)
		if err != nil {
			return err
		}
		x.catalogue.Store(c)
		return nil
	}
	put, err := read(ctx, len(touched), func(yield func(entry, error) bool) {
		for _, id := range touched {
			s, err := x.source.Get(ctx, id)
			if err != nil && registry.Absent(err) {
				continue
			}
			if !yield(func() (*registry.Software, error) { return s, nil }, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	x.catalogue.Store(x.tidied(c.next(rev, touched, put)))
	return nil
}

// mergedAtOnce is how many entries a search may have to wait for being merged:
// a few hundredths of a second.
const mergedAtOnce = 1000

// tidied merges small layers, and has large ones merged aside.
func (x *Index) tidied(c *catalogue) *catalogue {
	from := 0
	if x.merging != nil {
		for i, l := range c.layers {
			for _, m := range x.merging {
				if l.segment == m.segment {
					from = i + 1
				}
			}
		}
	}
	due := c.due(from)
	if due == len(c.layers) {
		return c
	}
	size := 0
	for _, l := range c.layers[due:] {
		size += len(l.docs)
	}
	if size <= mergedAtOnce {
		old := c.layers[due:]
		return c.replaced(old, merge(old))
	}
	if x.merging == nil {
		old := c.layers[due:]
		x.merging = old
		x.aside.Go(func() { x.mergeAside(old) })
	}
	return c
}

// mergeAside merges layers while searches and updates go on.
func (x *Index) mergeAside(old []*layer) {
	merged := merge(old)
	x.turn <- struct{}{}
	defer func() { <-x.turn }()
	x.merging = nil
	c := x.catalogue.Load()
	for _, l := range old {
		if c.has(l.segment) {
			x.catalogue.Store(c.replaced(old, merged))
			return
		}
	}
	// All of them are gone: the index was built anew meanwhile, or emptied.
}

func (c *catalogue) has(s *segment) bool {
	for _, l := range c.layers {
		if l.segment == s {
			return true
		}
	}
	return false
}

// build reads all entries. Its revision is the one before the first was read;
// what changed meanwhile is read again.
func (x *Index) build(ctx context.Context) (*catalogue, error) {
	rev, err := x.source.Rev(ctx)
	if err != nil {
		return nil, err
	}
	s, err := read(ctx, 1<<30, all(ctx, x.source))
	if err != nil {
		return nil, err
	}
	return newCatalogue(rev, s), nil
}

// read makes a segment of entries. Where there are many, all processors decode
// them, which takes about as long as to enter them: half as many do that, for words
// that are known to one are new to the other.
func read(ctx context.Context, about int, entries iter.Seq2[entry, error]) (*segment, error) {
	const batch = 64
	decoders, drafts := 1, make([]*draft, 1)
	if about > 4*batch {
		decoders = min(runtime.GOMAXPROCS(0), 8)
		drafts = make([]*draft, max(1, decoders/2))
	}
	coded, decoded := make(chan []entry, 4*decoders), make(chan []*registry.Software, 4*decoders)
	reading, ctx := errgroup.WithContext(ctx)
	reading.Go(func() error {
		defer close(coded)
		var next []entry
		for e, err := range entries {
			if err != nil {
				return err
			}
			if next = append(next, e); len(next) == batch {
				if err := send(ctx, coded, next); err != nil {
					return err
				}
				next = make([]entry, 0, batch)
			}
		}
		return send(ctx, coded, next)
	})
	for range decoders {
		reading.Go(func() error {
			for some := range coded {
				all := make([]*registry.Software, 0, len(some))
				for _, e := range some {
					s, err := e()
					if err != nil {
						return err
					}
					all = append(all, s)
				}
				if err := send(ctx, decoded, all); err != nil {
					return err
				}
			}
			return nil
		})
	}
	var entering, settling sync.WaitGroup
	words := new(terms)
	for i := range drafts {
		drafts[i] = newDraftOf(words)
		entering.Go(func() {
			for some := range decoded {
				for _, s := range some {
					drafts[i].put(s)
				}
			}
		})
	}
	err := reading.Wait()
	close(decoded)
	entering.Wait()
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		settling.Go(d.settle)
	}
	settling.Wait()
	return join(drafts).seal(), nil
}

func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
