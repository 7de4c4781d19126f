// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/allmende-registry/allmende/registry"
)

// doc is an entry as results are ordered by it.
type doc struct {
	id       registry.ID
	name     string // folded, its words with one space between
	pushed   int64  // in Unix milliseconds, as the next two
	first    int64
	changed  int64
	released int32 // in days since 1970; 0 for none
	stars    int32
	used     int32
	quality  int16 // see qualityOf
	archived bool
	// confirmed is until when each of those who confirm that they use it does, in
	// days since 1970, the longest first.
	confirmed []int32
}

// segment is an index of some entries that does not change any more.
type segment struct {
	docs   []doc
	number map[string]uint32 // by ID.Key
	byName []uint32          // in order of name, then ID
	rank   []uint32          // of each in byName
	stream []byte            // see draft
	starts []uint32
	values [facets]column

	publishers map[string]string // their names by their key
	worth      atomic.Pointer[worths]
	*vocabulary
	postings
}

// seal makes a segment of a draft, which is not to be used any more.
func (d *draft) seal() *segment {
	d.widen()
	s := &segment{docs: slices.Clip(d.docs), stream: slices.Clip(d.stream), starts: slices.Clip(d.starts), publishers: d.names}
	var wg sync.WaitGroup
	var order []uint32
	wg.Go(func() { order = inOrder(d.words, d.spoken) })
	sizes := measure(len(d.words), d.stream, d.starts)
	wg.Wait()
	wg.Go(func() { s.vocabulary = newVocabulary(d.words, d.spoken, d.shown, order) })
	s.postings = newPostings(sizes, order, d.stream, d.starts)
	s.number = make(map[string]uint32, len(s.docs))
	s.byName, s.rank = make([]uint32, len(s.docs)), make([]uint32, len(s.docs))
	for n := range s.docs {
		key := s.docs[n].id.Key()
		if id := string(s.docs[n].id); id == key {
			key = id
		}
		s.number[key] = uint32(n)
		s.byName[n] = uint32(n)
	}
	slices.SortFunc(s.byName, func(a, b uint32) int { return byName(&s.docs[a], &s.docs[b]) })
	for i, n := range s.byName {
		s.rank[n] = uint32(i)
	}
	for f := range d.values {
		s.values[f] = d.values[f].seal()
	}
	wg.Wait()
	return s
}

func byName(a, b *doc) int {
	return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
}

// behind is how many entries stand in order of name up to one, itself among
// them if it is there.
func (s *segment) behind(name string, id registry.ID) uint32 {
	at := doc{name: name, id: id}
	return uint32(sort.Search(len(s.byName), func(i int) bool { return byName(&s.docs[s.byName[i]], &at) > 0 }))
}

func (s *segment) texts(dead bitset) texts {
	return texts{
		len(s.wordOf), func(t uint32) (string, language) { return s.word(s.wordOf[t]), s.spoken[t] },
		func(t uint32) written { return written{as: s.shown.of(s.wordOf[t])} },
		s.docs, s.stream, s.starts, &s.values, s.publishers, dead,
	}
}

// room is what the list of a term takes.
type room struct{ count, size, last, to uint32 } // to: where to write next

// measure is the first of two passes that turn streams round.
func measure(terms int, stream []byte, starts []uint32) []room {
	all := make([]room, terms)
	eachMet(terms, stream, starts, func(doc uint32, met []uint32, _ []where) {
		for _, term := range met {
			t := &all[term]
			t.count++
			t.size += sizeOfUvarint(doc-t.last) + 1
			t.last = doc
		}
	})
	return all
}

// newPostings is the second pass. Lists lie in the order of words: those that
// begin alike are read one after the other.
func newPostings(all []room, order []uint32, stream []byte, starts []uint32) postings {
	p := postings{starts: make([]uint32, len(all))}
	total := uint32(0)
	for _, term := range order {
		p.starts[term] = total
		total += sizeOfUvarint(all[term].count) + all[term].size
	}
	p.bytes = make([]byte, total)
	for i := range all {
		t := &all[i]
		t.to = p.starts[i] + uint32(binary.PutUvarint(p.bytes[p.starts[i]:], uint64(t.count)))
		t.last = 0
	}
	eachMet(len(all), stream, starts, func(doc uint32, met []uint32, at []where) {
		for _, term := range met {
			t := &all[term]
			n := uint32(binary.PutUvarint(p.bytes[t.to:], uint64(doc-t.last)))
			p.bytes[t.to+n] = byte(at[term])
			t.to += n + 1
			t.last = doc
		}
	})
	return p
}

// eachMet calls do for each entry with its terms and, by term, where they stand.
func eachMet(terms int, stream []byte, starts []uint32, do func(doc uint32, met []uint32, at []where)) {
	at := make([]where, terms)
	var met []uint32
	for doc := range uint32(len(starts) - 1) {
		var f field
		for b := stream[starts[doc]:starts[doc+1]]; len(b) > 0; {
			c, size := uvarint(b)
			b = b[size:]
			if c < uint32(fields) {
				f = field(c)
				continue
			}
			t, _ := decode(c)
			if at[t] == 0 {
				met = append(met, t)
			}
			at[t] |= 1 << f
		}
		do(doc, met, at)
		for _, t := range met {
			at[t] = 0
		}
		met = met[:0]
	}
}
