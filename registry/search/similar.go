// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"

	"github.com/allmende-registry/allmende/registry"
)

// maxSimilar bounds what Similar gives.
const maxSimilar = 100

// telltales is how many words of an entry are looked for in others.
const telltales = 24

// Similar are the entries most like one, see SimilarIDs.
func (x *Index) Similar(ctx context.Context, id registry.ID, n int) ([]*registry.Software, error) {
	ids, err := x.SimilarIDs(ctx, id, n)
	if err != nil {
		return nil, err
	}
	var all []*registry.Software
	for _, id := range ids {
		s, err := x.source.Get(ctx, id)
		switch {
		case err == nil:
			all = append(all, s)
		case !registry.Absent(err):
			return nil, fmt.Errorf("similar: %w", err)
		}
	}
	return all, nil
}

// SimilarIDs are the entries most like one, the likest first, at most n and 100:
// those that share its rare words, where it has them counting as in a search. An
// ID that is no entry's is registry.ErrNotFound.
func (x *Index) SimilarIDs(ctx context.Context, id registry.ID, n int) ([]registry.ID, error) {
	if err := x.Refresh(ctx); err != nil {
		return nil, err
	}
	c := x.catalogue.Load()
	home, doc := c.find(id)
	if home == nil {
		return nil, fmt.Errorf("%s: %w", id, registry.ErrNotFound)
	}
	n = max(0, min(n, maxSimilar))
	var best []place
	words := c.telling(home, doc)
	for _, l := range c.layers {
		points := make([]uint32, len(l.docs))
		for _, w := range words {
			for _, t := range l.stems[w.in].find(w.stem) {
				l.each(t, func(d uint32, at where) { points[d] += w.counts * uint32(weights[at]) })
			}
		}
		likest := top{most: n}
		for d, p := range points {
			if p > 0 && !l.dead.has(uint32(d)) && (l != home || uint32(d) != doc) {
				likest.add(candidate{int64(p), l.rank[d], uint32(d)})
			}
		}
		best = likest.placed(best, l)
	}
	slices.SortFunc(best, compare)
	ids := make([]registry.ID, 0, n)
	for _, p := range best[:min(len(best), n)] {
		ids = append(ids, p.ID)
	}
	return ids, nil
}

// telltale is a word that tells what an entry is about, in all its forms.
type telltale struct {
	stem   string
	in     language
	counts uint32
}

// telling are the words of an entry that tell most: rare ones in telling
// fields, but none that no other entry has.
func (c *catalogue) telling(l *layer, doc uint32) []telltale {
	at := map[telltale]where{}
	var f field
	for b := l.stream[l.segment.starts[doc]:l.segment.starts[doc+1]]; len(b) > 0; {
		code, n := uvarint(b)
		b = b[n:]
		if code < uint32(fields) {
			f = field(code)
			continue
		}
		t, _ := decode(code)
		word := l.word(l.wordOf[t])
		if f == publisherField || stopWords[word] || len(word) < 3 {
			continue
		}
		for _, in := range stemmedIn(l.spoken[t]) {
			at[telltale{stem: stem(word, in), in: in}] |= 1 << f
		}
	}
	total := c.size()
	var all []telltale
	for w, in := range at {
		n := 0
		for _, l := range c.layers {
			for _, t := range l.stems[w.in].find(w.stem) {
				n += l.spread(t)
			}
		}
		if rare := uint32(bits.Len(uint(total / max(n, 1)))); n >= 2 && rare >= 2 {
			w.counts = rare * rare * uint32(weights[in])
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b telltale) int {
		return cmp.Or(cmp.Compare(b.counts, a.counts), cmp.Compare(a.stem, b.stem), cmp.Compare(a.in, b.in))
	})
	all = all[:min(len(all), telltales)]
	for i := range all {
		all[i].counts = all[i].counts>>4 + 1
	}
	return all
}
