// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math/bits"
	"slices"
	"strings"
)

// column has the values of each entry of a segment in one facet. Value 0 is
// none.
type column struct {
	keys      []string // of the values, as they are compared
	spellings []string // capitals first: EUPL-1.2 before eupl-1.2
	number    map[string]uint32
	ids       []uint32 // of the values of all entries
	starts    []uint32 // of each entry in ids, one more at the end; nil where each has just one id
	common    []bitset // of each value that many entries have: those entries
	docs      []uint32 // the entries of the other values but none, value by value
	ends      []uint32 // of each value in docs
	sets      int      // how many of common there are
}

// isCommon is how many entries have a value for which a set of bits is quicker
// than a list: where it has one of 64, the two are alike.
func isCommon(n uint32, docs int) bool { return int(n)*64 > docs }

// filterKey is how values are compared.
func filterKey(value string) string { return strings.ToLower(strings.TrimSpace(value)) }

func (c *column) put(values []string) {
	if c.number == nil {
		c.number, c.keys, c.spellings, c.starts = map[string]uint32{}, []string{""}, []string{""}, []uint32{0}
	}
	from := len(c.ids)
	for _, v := range values {
		if id := c.value(v); id != 0 && !slices.Contains(c.ids[from:], id) {
			c.ids = append(c.ids, id)
		}
	}
	c.starts = append(c.starts, uint32(len(c.ids)))
}

func (c *column) value(spelling string) uint32 {
	key := filterKey(spelling)
	if key == "" {
		return 0
	}
	spelling = strings.TrimSpace(spelling)
	id, ok := c.number[key]
	if !ok {
		id = uint32(len(c.keys))
		key = strings.Clone(key)
		c.number[key] = id
		c.keys, c.spellings = append(c.keys, key), append(c.spellings, strings.Clone(spelling))
	}
	if spelling < c.spellings[id] {
		c.spellings[id] = strings.Clone(spelling)
	}
	return id
}

// of are the values of an entry; 0 may be among them.
func (c *column) of(n uint32) []uint32 {
	if c.starts == nil {
		return c.ids[n : n+1]
	}
	return c.ids[c.starts[n]:c.starts[n+1]]
}

// take puts the values of an entry of another column.
func (c *column) take(from *column, n uint32) {
	var values []string
	for _, id := range from.of(n) {
		values = append(values, from.spellings[id])
	}
	c.put(values)
}

// join puts the values of all entries of another column behind its own.
func (c *column) join(from *column) {
	if from.number == nil {
		return
	}
	if c.number == nil {
		*c = *from
		return
	}
	as := make([]uint32, len(from.keys))
	for id, spelling := range from.spellings {
		as[id] = c.value(spelling)
	}
	at := uint32(len(c.ids))
	for _, id := range from.ids {
		c.ids = append(c.ids, as[id])
	}
	for _, start := range from.starts[1:] {
		c.starts = append(c.starts, at+start)
	}
}

// seal orders the values by their spelling, and leaves out starts where it can.
func (c *column) seal() column {
	if c.number == nil {
		c.put(nil)
		c.starts = c.starts[:1]
	}
	order := make([]uint32, len(c.keys))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(c.spellings[a], c.spellings[b]) })
	s := column{number: c.number, keys: make([]string, len(order)), spellings: make([]string, len(order))}
	as := make([]uint32, len(order))
	for to, from := range order { // "" stays first
		as[from] = uint32(to)
		s.keys[to], s.spellings[to] = c.keys[from], c.spellings[from]
		if c.keys[from] != "" {
			s.number[c.keys[from]] = uint32(to)
		}
	}
	docs := len(c.starts) - 1
	single := true
	for n := range docs {
		single = single && c.starts[n+1]-c.starts[n] <= 1
	}
	if single {
		s.ids = make([]uint32, docs)
		for n := range docs {
			if at := c.starts[n]; at < c.starts[n+1] {
				s.ids[n] = as[c.ids[at]]
			}
		}
	} else {
		s.starts = slices.Clip(c.starts)
		s.ids = make([]uint32, len(c.ids))
		for i, id := range c.ids {
			s.ids[i] = as[id]
		}
	}
	s.invert(docs)
	return s
}

// invert gathers the entries of each value.
func (c *column) invert(docs int) {
	c.ends = make([]uint32, len(c.keys))
	for _, id := range c.ids {
		c.ends[id]++
	}
	c.ends[0] = 0
	c.common = make([]bitset, len(c.keys))
	for id := 1; id < len(c.ends); id++ {
		if isCommon(c.ends[id], docs) {
			c.common[id], c.ends[id] = newBitset(docs), 0
			c.sets++
		}
		c.ends[id] += c.ends[id-1]
	}
	c.docs = make([]uint32, c.ends[len(c.ends)-1])
	to := slices.Concat([]uint32{0}, c.ends) // where the next of each value goes
	for n := range uint32(docs) {
		for _, id := range c.of(n) {
			switch {
			case id == 0:
			case c.common[id] != nil:
				c.common[id].add(n)
			default:
				c.docs[to[id]] = n
				to[id]++
			}
		}
	}
}

// addTo adds the entries of a value to a set.
func (c *column) addTo(set bitset, id uint32) {
	switch {
	case id == 0:
	case c.common[id] != nil:
		set.or(c.common[id])
	default:
		for _, n := range c.docs[c.ends[id-1]:c.ends[id]] {
			set.add(n)
		}
	}
}

// count counts by value a set of entries: the values of each entry or, where
// that takes longer, the entries of each value, which is half the work for each.
func (c *column) count(in bitset) []uint32 {
	counts := make([]uint32, len(c.keys))
	if 2*in.count()*len(c.ids)/(64*len(in)+1) > c.sets*len(in)+len(c.docs) {
		for id, set := range c.common {
			if set != nil {
				counts[id] = uint32(set.shared(in))
			} else if id > 0 {
				counts[id] = in.amongst(c.docs[c.ends[id-1]:c.ends[id]])
			}
		}
		return counts
	}
	for i, w := range in {
		for ; w != 0; w &= w - 1 {
			n := i<<6 | bits.TrailingZeros64(w)
			if c.starts == nil {
				counts[c.ids[n]]++
				continue
			}
			for _, id := range c.ids[c.starts[n]:c.starts[n+1]] {
				counts[id]++
			}
		}
	}
	return counts
}
