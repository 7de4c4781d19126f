// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import "slices"

// maxRead bounds the entries whose texts are read to see whether words stand
// close together; of more it is enough that they are in one field of short texts.
const maxRead = 400

// maxTogether bounds the words that are looked for together: a bit each.
const maxTogether = 8

// together finds the entries in which several words, each in any of the terms
// that its function meets, stand within so many words of one text, or where that
// is 0 anywhere. Where it is not needed, it finds nothing if that were much work.
func (s *search) together(words []func(l *layer, met func(uint32)), within int, as kind, needed bool) results {
	words = words[:min(len(words), maxTogether)]
	r := make(results, len(s.layers))
	terms := make([][][]uint32, len(s.layers)) // by layer, of each word
	best := make([][]uint32, len(s.layers))    // by layer, of the rarest word
	n := 0
	for i, l := range s.layers {
		r[i] = s.borrow(l)
		if terms[i] = s.termsOf(l, words); terms[i] != nil {
			places := 0
			best[i], places = rarest(l, terms[i])
			n += places
		}
	}
	if !needed && n > maxRead/4 {
		return r
	}
	n = 0
	for i, l := range s.layers {
		for _, t := range best[i] {
			l.each(t, func(doc uint32, _ where) { r[i].docs.add(doc) })
		}
		r[i].docs.andNot(l.dead)
		n += r[i].docs.count()
	}
	counts := s.counts(as)
	for i, l := range s.layers {
		switch {
		case terms[i] == nil:
			continue
		case n <= maxRead:
			s.readFor(l, r[i], terms[i], within, as)
		default:
			s.lookFor(l, r[i], terms[i], within, as)
		}
		for doc := range r[i].docs.all {
			at := where(r[i].points[doc])
			if at == 0 {
				r[i].docs[doc>>6] &^= 1 << (doc & 63)
			}
			r[i].points[doc] = counts * weights[at]
		}
		for _, t := range terms[i][0] {
			s.note(i, t, as, counts, r[i])
		}
	}
	return r
}

// termsOf are the terms of each word; nil where a word has none.
func (s *search) termsOf(l *layer, words []func(l *layer, met func(uint32))) [][]uint32 {
	all := make([][]uint32, len(words))
	for j, meet := range words {
		meet(l, func(t uint32) { all[j] = append(all[j], t) })
		if all[j] == nil {
			return nil
		}
		slices.Sort(all[j])
		all[j] = slices.Compact(all[j])
	}
	return all
}

// rarest are the terms of the word that the fewest entries have, and at most how
// many those are.
func rarest(l *layer, terms [][]uint32) (best []uint32, least int) {
	for _, all := range terms {
		n := 0
		for _, t := range all {
			n += l.count(t)
		}
		if best == nil || n < least {
			best, least = all, n
		}
	}
	return best, least
}

// readFor reads the texts of entries, and puts where they have all terms close
// enough instead of points.
func (s *search) readFor(l *layer, r *found, terms [][]uint32, within int, as kind) {
	if len(s.marks) < len(l.wordOf) {
		s.marks = make([]uint8, len(l.wordOf))
	}
	for j, all := range terms {
		for _, t := range all {
			s.marks[t] |= 1 << j
		}
	}
	for doc := range r.docs.all {
		r.points[doc] = uint16(l.holding(doc, s.marks, len(terms), within, seen[as]))
	}
	for _, all := range terms {
		for _, t := range all {
			s.marks[t] = 0
		}
	}
}

// holding says where in an entry words stand within so many words of a text;
// marks has by term a bit for each of the words that it is. Where within is 0
// they may stand anywhere, and it is where the least of them stands.
func (l *layer) holding(doc uint32, marks []uint8, words, within int, looked where) where {
	var at where
	var f field
	var last [maxTogether]int     // by word: its place in the text, from 1 on; 0 for none yet
	var stands [maxTogether]where // by word
	place := 0
	for b := l.stream[l.segment.starts[doc]:l.segment.starts[doc+1]]; len(b) > 0; {
		c, n := uvarint(b)
		b = b[n:]
		if c < uint32(fields) {
			f, place, last = field(c), 0, [maxTogether]int{}
			continue
		}
		t, joined := decode(c)
		if !joined {
			place++
		}
		if marks[t] == 0 || looked>>f&1 == 0 {
			continue
		}
		first := place
		for j := range words {
			if marks[t]>>j&1 != 0 {
				last[j] = place
				stands[j] |= 1 << f
			}
			first = min(first, last[j])
		}
		if first > 0 && place-first < within {
			at |= 1 << f
		}
	}
	if within > 0 {
		return at
	}
	return slices.MinFunc(stands[:words], func(a, b where) int { return int(weights[a]) - int(weights[b]) })
}

// lookFor does as readFor without reading: from the places of the terms alone.
func (s *search) lookFor(l *layer, r *found, terms [][]uint32, within int, as kind) {
	for doc := range r.docs.all {
		r.points[doc] = uint16(seen[as])
	}
	for _, all := range terms {
		one := s.borrow(l)
		for _, t := range all {
			l.each(t, func(doc uint32, at where) {
				if !one.docs.has(doc) {
					one.docs.add(doc)
					one.points[doc] = 0
				}
				one.points[doc] |= uint16(at & seen[as])
			})
		}
		r.docs.and(one.docs)
		for doc := range r.docs.all {
			switch so, at := where(r.points[doc]), where(one.points[doc]); {
			case within > 0:
				r.points[doc] = uint16(so & at &^ (1 << longField))
			case weights[at] < weights[so]:
				r.points[doc] = uint16(at)
			}
		}
	}
}
