// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math"
	"math/bits"

	"github.com/allmende-registry/allmende/registry"
)

// rarity is how much a word counts that n of total entries have. It goes in
// steps, so that a write between two pages hardly ever moves an entry.
func rarity(n, total int) uint32 {
	return uint32(4 + bits.Len(uint(total/max(n, 1))))
}

// factor is how much what a clause met counts, that n of total entries met.
func (c *clause) factor(n, total int) uint32 {
	if c.filler {
		return 1
	}
	return rarity(n, total)
}

// ordinary is the quality of an entry of which nothing is known; qualities are
// in its parts.
const ordinary = 256

// ranker orders the entries of one layer.
type ranker struct {
	*view
	by       func(clock, *doc) int64 // nil for relevance
	docs     []doc
	points   [][]uint16 // by clause
	worth    []int16    // what an entry is worth besides its text, in parts of ordinary
	rank     []uint32
	from, to uint32 // the entries that are called like the query, in order of name
	most     int64  // what the text of an entry counts at most
}

func (v *view) ranker(layer int) *ranker {
	l := v.layers[layer]
	r := &ranker{view: v, by: orders[v.order], docs: l.docs, rank: l.rank, worth: l.worthAt(v.clock)}
	if v.name != "" {
		r.from, r.to = l.behind(v.name, ""), l.behind(v.name, "\U0010ffff")
	}
	for _, found := range v.clauses {
		r.points = append(r.points, found[layer].points)
	}
	for _, f := range v.factors {
		r.most += maxPoints * int64(f)
	}
	return r
}

// text is what the text of an entry counts.
func (r *ranker) text(n uint32) int64 {
	rank := int64(0)
	for i, points := range r.points {
		rank += int64(points[n]) * int64(r.factors[i])
	}
	if at := r.rank[n]; at >= r.from && at < r.to {
		rank += r.most
	}
	return rank
}

// orders are what entries are ordered by, the greater first, where that is not
// their relevance.
var orders = map[registry.Sort]func(clock, *doc) int64{
	registry.ByName:     func(clock, *doc) int64 { return 0 },
	registry.ByUpdated:  func(_ clock, d *doc) int64 { return d.pushed },
	registry.ByNew:      func(_ clock, d *doc) int64 { return d.first },
	registry.ByChanged:  func(_ clock, d *doc) int64 { return d.changed },
	registry.ByReleased: func(_ clock, d *doc) int64 { return int64(d.released) },
	registry.ByStars:    func(_ clock, d *doc) int64 { return int64(d.stars) },
	registry.ByUsed:     func(_ clock, d *doc) int64 { return int64(d.used) },
	registry.ByAdopted:  func(c clock, d *doc) int64 { return int64(c.confirmed(d)) },
}

// of is what an entry is ordered by, the greater first.
func (r *ranker) of(n uint32) int64 {
	switch {
	case r.by != nil:
		return r.by(r.clock, &r.docs[n])
	case len(r.clauses) == 0:
		return int64(r.worth[n])
	}
	return r.text(n) * int64(r.worth[n]) / ordinary
}

// promising leaves of 64 entries, from first on, those that may rank as high as
// least, whatever they are called: a glance that spares most of them the rest.
func (r *ranker) promising(first int, hits uint64, least int64) uint64 {
	if r.by != nil || len(r.points) == 0 || least <= 0 {
		return hits
	}
	left := uint64(0)
	least *= ordinary
	for all := hits; all != 0; all &= all - 1 {
		n := first + bits.TrailingZeros64(all)
		text := int64(0)
		for i, points := range r.points {
			text += int64(points[n]) * int64(r.factors[i])
		}
		if text*int64(r.worth[n]) >= least {
			left |= all & -all
		}
	}
	return left
}

// worths are what entries are worth on a day.
type worths struct {
	clock clock
	of    []int16
}

// worthAt is what the entries are worth besides their text, reckoned once a day.
func (s *segment) worthAt(c clock) []int16 {
	w := s.worth.Load()
	if w == nil || w.clock != c {
		w = &worths{c, make([]int16, len(s.docs))}
		for n := range s.docs {
			d := &s.docs[n]
			w.of[n] = ordinary + d.quality + int16(livelyBy[c.activity(d)]+confirmed(c.confirmed(d)))
		}
		s.worth.Store(w)
	}
	return w.of
}

// candidate is an entry that may come on the page.
type candidate struct {
	rank int64
	name uint32 // its place in order of name
	doc  uint32
}

func (a candidate) before(b candidate) bool {
	return a.rank > b.rank || a.rank == b.rank && a.name < b.name
}

// top keeps the first candidates of those added to it.
type top struct {
	most int
	heap []candidate // the last of them first
}

func (t *top) add(c candidate) {
	switch {
	case len(t.heap) < t.most:
		t.heap = append(t.heap, c)
		for i := len(t.heap) - 1; i > 0 && t.heap[(i-1)/2].before(t.heap[i]); i = (i - 1) / 2 {
			t.heap[i], t.heap[(i-1)/2] = t.heap[(i-1)/2], t.heap[i]
		}
	case t.most > 0 && c.before(t.heap[0]):
		t.heap[0] = c
		t.sink()
	}
}

// least is the rank below which nothing is kept any more.
func (t *top) least() int64 {
	if len(t.heap) < t.most || t.most == 0 {
		return math.MinInt64
	}
	return t.heap[0].rank
}

// sink moves the first of the heap to where it belongs.
func (t *top) sink() {
	for i := 0; ; {
		next := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(t.heap) && t.heap[next].before(t.heap[child]) {
				next = child
			}
		}
		if next == i {
			return
		}
		t.heap[i], t.heap[next] = t.heap[next], t.heap[i]
		i = next
	}
}

// placed adds what is kept to places.
func (t *top) placed(places []place, l *layer) []place {
	for _, c := range t.heap {
		d := &l.docs[c.doc]
		places = append(places, place{Rank: c.rank, Name: d.name, ID: d.id})
	}
	return places
}

// first adds to places the first of a layer's hits that come after a place, as
// many as a page can have and one more.
func (v *view) first(places []place, layer int, l *layer, hits bitset, after *place) []place {
	behind := uint32(0)
	if after != nil {
		behind = l.behind(after.Name, after.ID)
	}
	most := min(v.q.Limit, len(l.docs)) + 1
	if v.order == registry.ByName && hits.count() > 16*most {
		for _, n := range l.byName[behind:] {
			if hits.has(n) {
				if most--; most < 0 {
					break
				}
				places = append(places, place{Name: l.docs[n].name, ID: l.docs[n].id})
			}
		}
		return places
	}
	ranked := v.ranker(layer)
	best := top{most: most}
	add := func(n uint32) {
		c := candidate{ranked.of(n), l.rank[n], n}
		if after == nil || c.rank < after.Rank || c.rank == after.Rank && c.name >= behind {
			best.add(c)
		}
	}
	for _, n := range l.byName[ranked.from:ranked.to] {
		if hits.has(n) {
			add(n)
		}
	}
	for i, w := range hits {
		for w = ranked.promising(i<<6, w, best.least()); w != 0; w &= w - 1 {
			n := uint32(i<<6 | bits.TrailingZeros64(w))
			if at := l.rank[n]; at < ranked.from || at >= ranked.to {
				add(n)
			}
		}
	}
	return best.placed(places, l)
}
