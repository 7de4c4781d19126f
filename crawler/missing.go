// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"

	"github.com/allmende-registry/allmende/registry"
)

// missing looks after what the source listed in former crawls and does not list
// any more.
func (s *sweep) missing(ctx context.Context, c *crawl) error {
	var lost []*registry.Visit
	for v, err := range s.Store.Visits(ctx, c.URL) {
		if err != nil {
			return err
		}
		known := v.Outcome == registry.Moved || v.Outcome == registry.Missing && v.Misses >= missesUntilGone
		counted := v.Outcome == registry.Missing && !v.Time.Before(c.state.Started) // before this crawl was cut off
		if v.Seen.Before(c.state.Started) && !known && !counted && !s.claimedElsewhere(&c.Source, v.Repo) {
			lost = append(lost, v)
		}
	}
	for _, v := range lost {
		if err := s.lose(ctx, c, v); err != nil {
			return err
		}
	}
	return nil
}

// lose counts that a source does not list a repository.
func (s *sweep) lose(ctx context.Context, c *crawl, v *registry.Visit) error {
	movedTo, err := s.miss(ctx, v, registry.RepositoryGone)
	if err != nil {
		return err
	}
	if movedTo != "" || v.Misses >= missesUntilGone {
		if err := s.forget(ctx, v.Repo); err != nil {
			return err
		}
	}
	s.affect(v.Of)
	v.Outcome, v.Version, v.Time, v.Of = registry.Missing, "", s.Now().UTC(), ""
	v.Detail = fmt.Sprintf("%s does not list it any more (%d of %d sweeps until it is removed)", c.URL, min(v.Misses, missesUntilGone), missesUntilGone)
	if movedTo != "" {
		v.Outcome, v.Detail = registry.Moved, "renamed to "+string(movedTo)
	}
	return s.Store.PutVisit(ctx, v)
}

// miss counts that a repository or its file was not found, and removes its
// entries when that happened often enough. movedTo is set where the entry was
// renamed and is not missing at all.
func (s *sweep) miss(ctx context.Context, v *registry.Visit, why registry.Reason) (movedTo registry.ID, err error) {
	v.Misses = min(v.Misses+1, missesUntilGone)
	for _, id := range append([]registry.ID{v.Repo}, v.Parts...) {
		var moved *registry.MovedError
		entry, err := s.Store.Get(ctx, id)
		switch {
		case errors.As(err, &moved):
			movedTo = moved.To.Repository()
		case err != nil && !registry.Absent(err):
			return "", err
		case entry != nil && v.Misses >= missesUntilGone:
			if err := s.remove(ctx, id, why); err != nil {
				return "", err
			}
		}
	}
	return movedTo, nil
}

// remove takes an entry out of the catalogue and counts it.
func (s *sweep) remove(ctx context.Context, id registry.ID, why registry.Reason) error {
	change, err := s.Store.Remove(ctx, id, why)
	if err == nil && change.Rev != 0 {
		s.tell(func(sum *Summary) { sum.Gone++ })
	}
	return err
}

// notAbsent is err, unless that says that there is no entry.
func notAbsent(err error) error {
	if registry.Absent(err) {
		return nil
	}
	return err
}
