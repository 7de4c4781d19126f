// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"context"
	"errors"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// states are an entry as a change left it, and as it was before; nil where it was
// not there.
type states struct {
	before, after *registry.Software
	known         bool // whether its history still tells
}

// judge tells which changes a subscription is about. It remembers the states of
// entries, as several subscriptions ask for the same.
type judge struct {
	store Store
	known map[registry.Rev]states
}

// maxKnown bounds what a judge remembers.
const maxKnown = batch

// about reports whether a change is to be sent. Filters take it where the entry
// was what they ask for before it or is so after it: who follows some entries is
// told when one leaves them. What cannot be judged any more, because its history
// was pruned or belongs to another entry now, is sent: it is not lost in silence.
func (j *judge) about(ctx context.Context, s *registry.Subscription, c registry.Change) (bool, error) {
	if !s.Wants(c.Kind) {
		return false, nil
	}
	if len(s.Filters) == 0 {
		return true, nil
	}
	of, ok := j.known[c.Rev]
	if !ok {
		var err error
		if of, err = j.look(ctx, c); err != nil {
			return false, err
		}
		if len(j.known) >= maxKnown || j.known == nil {
			j.known = map[registry.Rev]states{}
		}
		j.known[c.Rev] = of
	}
	if !of.known {
		return true, nil
	}
	for _, e := range []*registry.Software{of.after, of.before} {
		if e != nil && search.Matches(e, s.Filters, time.Now()) {
			return true, nil
		}
	}
	return false, nil
}

func (j *judge) look(ctx context.Context, c registry.Change) (states, error) {
	of, err := j.lookAt(ctx, c.ID, c.Rev)
	var moved *registry.MovedError
	if errors.As(err, &moved) {
		of, err = j.lookAt(ctx, moved.To, c.Rev)
	}
	if errors.Is(err, registry.ErrNotFound) || errors.As(err, &moved) {
		return states{}, nil
	}
	return of, err
}

func (j *judge) lookAt(ctx context.Context, id registry.ID, rev registry.Rev) (of states, err error) {
	for r, err := range j.store.History(ctx, id) {
		switch {
		case err != nil:
			return states{}, err
		case r.Rev > rev:
		case r.Rev == rev:
			of.after, of.known = r.Software, true
		case of.known:
			of.before = r.Software
			return of, nil
		default: // it is not in this history
			return states{}, nil
		}
	}
	if of.known && of.after == nil { // removed, and what it was before is pruned
		of.known = false
	}
	return of, nil
}
