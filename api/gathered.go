// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// gatherShare is how much of the time something is gathered at most, where the
// catalogue changes all the time: one part in so many.
const gatherShare = 20

// gathered keeps what is made of many entries: for a revision, a day, and a state of
// the documents that it is made of, too.
type gathered[T any] struct {
	mu        sync.Mutex
	what      T
	made      bool
	rev       registry.Rev
	day       string // 2026-01-31
	documents string
	since     time.Time
	expense   time.Duration
}

// get makes it anew where the catalogue, the day or the documents have changed; not
// all the time where the catalogue alone has.
func (g *gathered[T]) get(ctx context.Context, c Catalogue, now time.Time, documents string, make func(context.Context) (T, error)) (T, error) {
	var none T
	rev, err := c.Rev(ctx)
	if err != nil {
		return none, err
	}
	day := now.UTC().Format(time.DateOnly)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.made && g.documents == documents {
		current := g.rev == rev && g.day == day
		if current || time.Since(g.since) < gatherShare*g.expense {
			return g.what, nil
		}
	}
	begin := time.Now()
	what, err := make(ctx)
	if err != nil {
		return none, err
	}
	g.what, g.made, g.rev, g.day, g.documents, g.since = what, true, rev, day, documents, time.Now()
	g.expense = g.since.Sub(begin)
	return what, nil
}

// documentsMark tells two states of the documents of a kind apart: versions only
// grow, and what is removed is one less.
func documentsMark(ctx context.Context, documents registry.Documents, kind registry.DocumentKind) (string, error) {
	n, newest := 0, int64(0)
	for d, err := range documents.ListDocuments(ctx, registry.DocumentList{Kind: kind}) {
		if err != nil {
			return "", err
		}
		n, newest = n+1, max(newest, d.Version)
	}
	return fmt.Sprint(n, " ", newest), nil
}
