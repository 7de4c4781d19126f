// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"maps"
	"slices"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// catalogue is the index at one revision: layers of segments, an entry alive in
// one of them at most. It does not change: searches read the one they began
// with, while the next is made.
type catalogue struct {
	rev    registry.Rev
	layers []*layer // roughly each half as large as the one before, or smaller
	whole  [facets + 1]struct {
		once   sync.Once
		counts []registry.Count
	}
}

// layer is a segment with those of its entries marked that are removed or were
// put anew.
type layer struct {
	*segment
	dead  bitset
	alive int
}

// newCatalogue has one layer.
func newCatalogue(rev registry.Rev, s *segment) *catalogue {
	c := &catalogue{rev: rev}
	if len(s.docs) > 0 {
		c.layers = []*layer{newLayer(s)}
		c.learn(c.layers[0])
	}
	return c
}

func newLayer(s *segment) *layer {
	return &layer{s, newBitset(len(s.docs)), len(s.docs)}
}

// learn finds out where the words of a new layer can be cut, with what all
// layers know; and the words of the others that have one in them which is new to
// them are cut anew. So it does not matter in which layers words are, but that
// those of removed entries are known until their layer is merged.
func (c *catalogue) learn(l *layer) {
	vouch := []*known{&l.known}
	for _, other := range c.layers {
		if other.segment != l.segment {
			vouch = append(vouch, &other.known)
		}
	}
	l.cut(vouch)
	if len(vouch) == 1 {
		return
	}
	for w := range uint32(len(l.shapes)) {
		word := l.word(w)
		if len(word) < 4 || stopWords[word] || slices.ContainsFunc(vouch[1:], func(k *known) bool { return k.has(hashOf(word)) }) {
			continue
		}
		for _, other := range c.layers {
			if other.segment != l.segment {
				other.cutAnew(word, vouch)
			}
		}
	}
}

// living are the entries that are alive.
func (l *layer) living() bitset {
	b := newBitset(len(l.docs))
	b.fill(len(l.docs))
	b.andNot(l.dead)
	return b
}

// spread is how many entries that are alive have a term.
func (l *layer) spread(term uint32) int {
	if l.alive == len(l.docs) {
		return l.count(term)
	}
	n := 0
	l.each(term, func(doc uint32, _ where) {
		if !l.dead.has(doc) {
			n++
		}
	})
	return n
}

func (c *catalogue) size() int {
	n := 0
	for _, l := range c.layers {
		n += l.alive
	}
	return n
}

// find says where an entry is; nil where it is not.
func (c *catalogue) find(id registry.ID) (*layer, uint32) {
	key := id.Key()
	for _, l := range c.layers {
		if n, ok := l.number[key]; ok && !l.dead.has(n) {
			return l, n
		}
	}
	return nil, 0
}

// next is the catalogue at a later revision: without the entries touched, but
// with those put.
func (c *catalogue) next(rev registry.Rev, touched map[string]registry.ID, put *segment) *catalogue {
	n := &catalogue{rev: rev}
	for _, l := range c.layers {
		var dying []uint32
		for key := range touched {
			if at, ok := l.number[key]; ok && !l.dead.has(at) {
				dying = append(dying, at)
			}
		}
		if len(dying) > 0 {
			l = &layer{l.segment, slices.Clone(l.dead), l.alive - len(dying)}
			for _, at := range dying {
				l.dead.add(at)
			}
		}
		if l.alive > 0 {
			n.layers = append(n.layers, l)
		}
	}
	if len(put.docs) > 0 {
		l := newLayer(put)
		n.layers = append(n.layers, l)
		n.learn(l)
	}
	return n
}

// due are the layers from which on all are to be merged into one: those that
// are not much larger than all behind them, and a last one that is mostly dead.
// It is the number of layers where there is nothing to do.
func (c *catalogue) due(from int) int {
	last := len(c.layers) - 1
	if last < from {
		return len(c.layers)
	}
	i, size := last, c.layers[last].alive
	for i > from && c.layers[i-1].alive <= 2*size {
		i--
		size += c.layers[i].alive
	}
	for n := from; n < i; n++ {
		if l := c.layers[n]; len(l.docs) > 2*l.alive+1000 {
			return n
		}
	}
	if l := c.layers[last]; i == last && len(l.docs) <= 2*l.alive+1000 {
		return len(c.layers)
	}
	return i
}

// merge makes one segment of layers, the largest as it is as far as it can be.
func merge(layers []*layer) *segment {
	d := newDraft()
	for _, l := range layers {
		d.take(l.texts(l.dead))
	}
	return d.seal()
}

// replaced is the catalogue with merged in place of the layers it was made of.
// Those may have lost entries since.
func (c *catalogue) replaced(old []*layer, merged *segment) *catalogue {
	n := &catalogue{rev: c.rev}
	into := newLayer(merged)
	for _, l := range c.layers {
		at := slices.IndexFunc(old, func(o *layer) bool { return o.segment == l.segment })
		if at < 0 {
			continue
		}
		died := slices.Clone(l.dead)
		died.andNot(old[at].dead)
		for doc := range died.all {
			into.dead.add(merged.number[l.docs[doc].id.Key()])
			into.alive--
		}
	}
	// A layer of old may be gone altogether.
	gone := maps.Collect(func(yield func(*segment, *layer) bool) {
		for _, o := range old {
			if !yield(o.segment, o) {
				return
			}
		}
	})
	placed := false
	for _, l := range c.layers {
		if _, ok := gone[l.segment]; ok {
			delete(gone, l.segment)
			if !placed {
				n.layers, placed = append(n.layers, into), true
			}
			continue
		}
		n.layers = append(n.layers, l)
	}
	for _, o := range gone {
		for doc := range o.living().all {
			into.dead.add(merged.number[o.docs[doc].id.Key()])
			into.alive--
		}
	}
	if !placed && into.alive > 0 {
		n.layers = append(n.layers, into)
	}
	n.learn(into)
	return n
}
