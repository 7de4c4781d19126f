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
	s := &segment{docs: slices.Clip(d.docs), stream: slices.Clip(d.stream), starts: slices.Clip(d.starts), publishers: d.names}
	var wg sync.WaitGroup
	wg.Go(func() { s.vocabulary = newVocabulary(d.words, d.spoken, d.written) })
	s.postings = newPostings(len(d.words), d.stream, d.starts)
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
		s.docs, s.stream, s.starts, &s.values, s.publishers, dead,
	}
}

// newPostings turns streams round: two passes, one to know how much room each
// term takes, one to write.
func newPostings(terms int, stream []byte, starts []uint32) postings {
	p := postings{starts: make([]uint32, terms+1)}
	counts := make([]uint32, terms)
	sizes := make([]uint32, terms)
	last := make([]uint32, terms)
	eachPosting(terms, stream, starts, func(doc, term uint32, _ where) {
		counts[term]++
		sizes[term] += sizeOfUvarint(doc-last[term]) + 1
		last[term] = doc
	})
	total := uint32(0)
	for t := range sizes {
		p.starts[t] = total
		total += sizeOfUvarint(counts[t]) + sizes[t]
	}
	p.starts[terms] = total
	p.bytes = make([]byte, total)
	to := sizes // where to write next
	for t := range to {
		to[t] = p.starts[t] + uint32(binary.PutUvarint(p.bytes[p.starts[t]:], uint64(counts[t])))
	}
	clear(last)
	eachPosting(terms, stream, starts, func(doc, term uint32, at where) {
		n := binary.PutUvarint(p.bytes[to[term]:], uint64(doc-last[term]))
		p.bytes[to[term]+uint32(n)] = byte(at)
		to[term] += uint32(n) + 1
		last[term] = doc
	})
	return p
}

func eachPosting(terms int, stream []byte, starts []uint32, do func(doc, term uint32, at where)) {
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
		for _, t := range met {
			do(doc, t, at[t])
			at[t] = 0
		}
		met = met[:0]
	}
}
