// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/allmende-registry/allmende/registry"
)

// defaultLimit is the number of entries on a page where the query names none.
const defaultLimit = 20

// Search answers a query from the state of the source at its call. It sees
// every write that returned before.
//
// All words of Text must be found in an entry. A word is found as it is, in
// another form, as the beginning of a word (the last word of the query from
// two letters on, the others from three), as a part of a compound (from four
// letters), and where none of that finds anything, as a compound of words
// found, or with one typing error (from four letters) or two (from eight). The
// better a word is met, and the more telling the field, the higher stands the
// entry. The first 16 words in the first 4096 bytes count, of each word its
// first 64 bytes; articles and the like only where there is nothing else. Text
// without a letter or digit finds nothing, unless it is blank.
//
// Results of equal rank stand in order of name, then ID. An entry that is
// removed while its page is put together is missing in Items, not in Total. A
// Limit below 1 is 20. An unknown Sort and a cursor of another query are
// registry.ErrInvalid.
func (x *Index) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	blank := strings.TrimSpace(q.Text) == ""
	order := q.Sort
	switch order {
	case "":
		order = registry.ByRelevance
		if blank {
			order = registry.ByName
		}
	case registry.ByRelevance, registry.ByName, registry.ByUpdated, registry.ByNew:
	default:
		return registry.Page{}, fmt.Errorf("%w: no order %q; there are %s, %s, %s and %s", registry.ErrInvalid, order,
			registry.ByRelevance, registry.ByName, registry.ByUpdated, registry.ByNew)
	}
	question := fingerprint(&q, order)
	after, err := parseCursor(q.After, question)
	if err != nil {
		return registry.Page{}, err
	}
	if q.Limit < 1 {
		q.Limit = defaultLimit
	}
	if err := x.Refresh(ctx); err != nil {
		return registry.Page{}, err
	}

	page, places, err := x.look(ctx, &q, order, after)
	if err != nil {
		return registry.Page{}, fmt.Errorf("search: %w", err)
	}
	if len(places) > q.Limit {
		places = places[:q.Limit]
		last := places[q.Limit-1]
		last.Query = question
		if page.Next, err = last.cursor(); err != nil {
			return registry.Page{}, fmt.Errorf("search: %w", err)
		}
	}
	page.Items = make([]*registry.Software, 0, len(places))
	for _, p := range places {
		s, err := x.source.Get(ctx, p.ID)
		switch {
		case err == nil:
			page.Items = append(page.Items, s)
		case !absent(err):
			return registry.Page{}, fmt.Errorf("search: %w", err)
		}
	}
	return page, nil
}

// look finds the places of a page, one more where there is a page after it, and
// all of the page but its items.
func (x *Index) look(ctx context.Context, q *registry.Query, order registry.Sort, after *place) (registry.Page, []place, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	c := x.catalogue

	found := c.alive
	var matches []match
	if strings.TrimSpace(q.Text) != "" {
		words := words(q.Text)
		var err error
		if matches, err = c.matches(ctx, words); err != nil {
			return registry.Page{}, nil, err
		}
		if len(words) == 0 {
			found = roaring.New()
		}
		for _, m := range matches {
			found = roaring.And(found, m.docs)
		}
	}
	hits, base := c.filter(found, q)
	page := registry.Page{Total: int(hits.GetCardinality()), Facets: c.facets(base)}

	var scores []int
	if order == registry.ByRelevance && len(matches) > 0 {
		scores = c.scores(hits, matches, nameKey(q.Text))
	}
	first := first{n: min(q.Limit, page.Total) + 1}
	for n := range roaring.Values(hits) {
		d := &c.docs[n]
		p := place{Name: d.name, ID: d.id}
		switch order {
		case registry.ByRelevance:
			if scores != nil {
				p.Rank = int64(scores[n])
			}
		case registry.ByUpdated:
			p.Rank = d.pushed
		case registry.ByNew:
			p.Rank = d.first
		}
		if after == nil || compare(p, *after) > 0 {
			first.add(p)
		}
	}
	return page, first.sorted(), ctx.Err()
}

// first keeps the first n of the places added to it.
type first struct {
	n    int
	all  []place
	last *place // once n are known, what stands behind it is not kept
}

func (f *first) add(p place) {
	if f.last != nil && compare(p, *f.last) > 0 {
		return
	}
	f.all = append(f.all, p)
	if len(f.all) >= 2*f.n+64 {
		f.all = f.sorted()
		last := f.all[f.n-1]
		f.last = &last
	}
}

func (f *first) sorted() []place {
	slices.SortFunc(f.all, compare)
	return f.all[:min(len(f.all), f.n)]
}
