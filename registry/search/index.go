// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package search answers questions about the catalogue from an index in memory
// that follows the change log. It understands German and English: umlauts in
// every spelling, inflected words, the parts of compounds, typing errors.
package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// Source is what the index follows; a registry.Store is one.
type Source interface {
	Rev(ctx context.Context) (registry.Rev, error)
	Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error]
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
}

// Index is the search index. It is safe for concurrent use.
type Index struct {
	source Source
	turn   chan struct{} // held by the one that refreshes; a channel, to give up when a context ends

	mu        sync.RWMutex
	catalogue *catalogue // nil before the first Refresh
}

// New makes an index of a source. It is filled by the first Refresh or Search.
func New(source Source) *Index {
	return &Index{source: source, turn: make(chan struct{}, 1)}
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

// fresh reports whether the index is at the source's revision.
func (x *Index) fresh(ctx context.Context) (bool, error) {
	rev, err := x.source.Rev(ctx)
	if err != nil {
		return false, fmt.Errorf("refresh the search index: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.catalogue != nil && x.catalogue.rev == rev, nil
}

// catchUp is called by the holder of the turn, who alone writes x.catalogue.
func (x *Index) catchUp(ctx context.Context) error {
	if c := x.catalogue; c == nil || c.wasteful() {
		c, err := x.build(ctx)
		if err != nil {
			return err
		}
		x.swap(c)
	}
	c := x.catalogue
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
		x.swap(c)
		return nil
	}

	// Read first, so that searches wait for memory alone.
	var put []*registry.Software
	for _, id := range touched {
		s, err := x.source.Get(ctx, id)
		switch {
		case err == nil:
			put = append(put, s)
		case !absent(err):
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, id := range touched {
		c.remove(id)
	}
	for _, s := range put {
		c.put(s)
	}
	c.seal()
	c.rev = rev
	return nil
}

func (x *Index) swap(c *catalogue) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.catalogue = c
}

// build reads all entries. Its revision is the one before the first was read;
// what changed meanwhile is read again.
func (x *Index) build(ctx context.Context) (*catalogue, error) {
	c := newCatalogue()
	rev, err := x.source.Rev(ctx)
	if err != nil {
		return nil, err
	}
	c.rev = rev
	for s, err := range x.source.All(ctx) {
		if err != nil {
			return nil, err
		}
		c.put(s)
	}
	c.seal()
	return c, nil
}

// absent reports an entry that is not, or no longer, under its ID.
func absent(err error) bool {
	var moved *registry.MovedError
	return errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) || errors.As(err, &moved)
}
