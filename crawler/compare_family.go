// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"slices"

	"github.com/allmende-registry/allmende/registry"
)

// maxAncestors is how far a fork of a fork is followed.
const maxAncestors = 5

// forked is what the crawl log keeps of a fork, nil where the repository is none or
// is not shown.
func (v *visit) forked(outcome registry.Outcome) *registry.Forked {
	shown := []registry.Outcome{registry.Entry, registry.TechnicalFork, registry.NoFile, registry.Unreadable}
	if !v.repo.Fork || !slices.Contains(shown, outcome) {
		return nil
	}
	parent, err := registry.ParseID(v.repo.Parent)
	if err != nil {
		parent = ""
	}
	fork := registry.Forked{Parent: parent, Branch: v.repo.DefaultBranch, Pushed: v.repo.Pushed.UTC()}
	if v.prev != nil && v.prev.Fork != nil {
		before := v.prev.Fork
		fork.Mark, fork.Unlisted, fork.Comparison = before.Mark, before.Unlisted, before.Comparison
	}
	v.forks.Store(true)
	return &fork
}

// families are the forks that the crawl log has, by the entry that they are forks
// of: those of each that were pushed to last, at most registry.MaxForks.
func (s *sweep) families(ctx context.Context) (map[registry.ID][]*registry.Visit, error) {
	var all []*registry.Visit
	for v, err := range s.Store.Visits(ctx, "", registry.Entry, registry.TechnicalFork, registry.NoFile, registry.Unreadable, registry.Failed) {
		if err != nil {
			return nil, err
		}
		if v.Fork != nil {
			all = append(all, v)
		}
	}
	families := map[registry.ID][]*registry.Visit{}
	for _, v := range all {
		base, err := s.original(ctx, v)
		if err != nil {
			return nil, err
		}
		if base != nil {
			families[base.ID] = append(families[base.ID], v)
		}
	}
	for id, forks := range families {
		slices.SortFunc(forks, func(v, w *registry.Visit) int {
			return cmp.Or(w.Fork.Pushed.Compare(v.Fork.Pushed), cmp.Compare(v.Repo, w.Repo))
		})
		families[id] = forks[:min(len(forks), registry.MaxForks)]
	}
	return families, nil
}

// original is the entry that a fork, or a fork of that, was made of: by its forge,
// else by the url of its file; nil where none is known.
func (s *sweep) original(ctx context.Context, fork *registry.Visit) (*registry.Software, error) {
	v := fork
	for range maxAncestors {
		var of []registry.ID
		if v.Fork != nil && v.Fork.Parent != "" {
			of = append(of, v.Fork.Parent)
		}
		if v.Outcome == registry.TechnicalFork || v.Outcome == registry.AtOther {
			of = append(of, v.Of)
		}
		for _, id := range of {
			entry, err := s.live(ctx, id)
			if err != nil || entry != nil && !entry.ID.Repository().Same(fork.Repo) {
				return entry, err
			}
		}
		if len(of) == 0 {
			break
		}
		var err error
		if v, err = s.Store.Visit(ctx, of[0].Repository()); err != nil {
			return nil, notAbsent(err)
		}
	}
	return nil, nil
}

// forksOf are a family as its entry shows it: without those that do not want to be
// listed, or of which nobody has found that out.
func (s *sweep) forksOf(family []*registry.Visit) []registry.Fork {
	var forks []registry.Fork
	for _, v := range family {
		if v.Fork.Unlisted || v.Fork.Comparison == nil && v.Outcome != registry.Entry {
			continue
		}
		src, _ := s.claims.Closest(v.Repo)
		f := registry.Fork{
			ID: v.Repo, URL: v.URL, Publisher: src.Publisher, Entry: v.Outcome == registry.Entry, Pushed: v.Fork.Pushed, Unknown: registry.NotAskedYet,
		}
		if c := v.Fork.Comparison; c != nil {
			f.Ahead, f.Behind, f.Unknown, f.Commits, f.Compared = c.Ahead, c.Behind, c.Unknown, c.Commits, c.Compared
		}
		forks = append(forks, f)
	}
	return registry.SortForks(forks)
}
