// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// kind is how a word of a query meets a word of a text, the worst first.
type kind uint8

const (
	none        kind = iota
	typo             // with typing errors
	inside           // it has the query's word somewhere in it
	parts            // the query's word is a compound, the text has its parts
	synonymPart      // the text's word begins with a synonym
	compound         // the text's word is a compound, the query's is in it
	prefix           // the text's word begins with it
	synonym          // another word for the same
	foreignStem      // another form of the same word, in another language than the reader's
	stemmed          // another form of the same word
	exact
	phrase // word for word, in a row
	kinds
)

// points are what a meeting counts, to be multiplied by the weights of where.
var points = [kinds]uint16{
	typo: 4, inside: 5, parts: 7, synonymPart: 8, compound: 9, prefix: 12, synonym: 14, foreignStem: 16, stemmed: 18,
	exact: 20, phrase: 22,
}

// maxPoints is what a word counts at most.
const maxPoints = 22 * 128

var rankCodes = [kinds]registry.RankCode{
	typo: registry.RankTypo, inside: registry.RankCompound, parts: registry.RankParts,
	synonymPart: registry.RankSynonym, compound: registry.RankCompound, prefix: registry.RankPrefix,
	synonym: registry.RankSynonym, foreignStem: registry.RankStem, stemmed: registry.RankStem,
	exact: registry.RankExact, phrase: registry.RankPhrase,
}

// found is what a word of a query found in one layer: entries, dead ones among
// them, and how much the best meeting counts in each.
type found struct {
	docs   bitset
	points []uint16 // of those in docs
}

// pool keeps what queries count in.
var pool = sync.Pool{New: func() any { return new(found) }}

func borrow(l *layer) *found {
	f := pool.Get().(*found)
	n := len(l.docs)
	if cap(f.points) < n {
		f.docs, f.points = newBitset(n), make([]uint16, n)
	}
	f.docs, f.points = f.docs[:(n+63)/64], f.points[:n]
	clear(f.docs)
	return f
}

func (f *found) meet(doc uint32, points uint16) {
	bit := uint64(1) << (doc & 63)
	if f.docs[doc>>6]&bit == 0 {
		f.docs[doc>>6] |= bit
		f.points[doc] = points
	} else if points > f.points[doc] {
		f.points[doc] = points
	}
}

// meetAll adds the entries of a term. Most of a search's time is spent here.
func (f *found) meetAll(p *postings, term uint32, counts uint16) {
	b := p.bytes[p.starts[term]:p.starts[term+1]]
	_, n := uvarint(b)
	doc, docs, points := uint32(0), f.docs, f.points
	for b = b[n:]; len(b) > 1; {
		gap, n := uint32(b[0]), 1
		if gap >= 0x80 {
			if b[1] < 0x80 { // as uvarint, without the call
				gap, n = gap&0x7f|uint32(b[1])<<7, 2
			} else {
				gap, n = uvarint(b)
			}
		}
		doc += gap
		c := counts * weights[b[n]]
		b = b[n+1:]
		if w, bit := docs[doc>>6], uint64(1)<<(doc&63); w&bit == 0 {
			docs[doc>>6] = w | bit
			points[doc] = c
		} else if c > points[doc] {
			points[doc] = c
		}
	}
}

// join adds what another found.
func (f *found) join(other *found) {
	for doc := range other.docs.all {
		f.meet(doc, other.points[doc])
	}
}

// meet leaves the entries that another found too; the lesser meeting counts.
func (f *found) both(other *found) {
	f.docs.and(other.docs)
	for doc := range f.docs.all {
		f.points[doc] = min(f.points[doc], other.points[doc])
	}
}

// meeting is a term that met a word of the query.
type meeting struct {
	term uint32
	kind kind
}

// search is one query under way.
type search struct {
	*catalogue
	reader  language
	explain bool
	met     [][][]meeting   // by word of the query and layer, for explanations
	clause  int             // the word that is looked up
	isPart  map[string]bool // what partOf found out
	inUse   []*found
	*counter
}

// counter is what terms are counted in.
type counter struct {
	best  []kind // by term; none between two uses
	terms []uint32
	hits  [][]uint32 // by layer
}

var counters = sync.Pool{New: func() any { return new(counter) }}

func newSearch(c *catalogue, reader language) search {
	return search{catalogue: c, reader: reader, counter: counters.Get().(*counter)}
}

func (s *search) borrow(l *layer) *found {
	f := borrow(l)
	s.inUse = append(s.inUse, f)
	return f
}

func (s *search) release() {
	for _, f := range s.inUse {
		pool.Put(f)
	}
	s.inUse = nil
	counters.Put(s.counter)
	s.counter = nil
}

// results are what was found, by layer.
type results []*found

// any reports whether something alive was found.
func (s *search) any(r results) bool {
	for i, l := range s.layers {
		for w, docs := range r[i].docs {
			if docs&^l.dead[w] != 0 {
				return true
			}
		}
	}
	return false
}

// each looks something up in all layers: meetings lists the terms met in one.
func (s *search) each(meetings func(l *layer, met func(term uint32, k kind))) results {
	r := make(results, len(s.layers))
	for i, l := range s.layers {
		r[i] = s.borrow(l)
		if len(s.best) < len(l.wordOf) {
			s.best = make([]kind, len(l.wordOf))
		}
		s.terms = s.terms[:0]
		meetings(l, func(t uint32, k kind) {
			if s.best[t] == none {
				s.terms = append(s.terms, t)
			}
			s.best[t] = max(s.best[t], k)
		})
		for _, t := range s.terms {
			k := s.best[t]
			s.best[t] = none
			r[i].meetAll(&l.postings, t, points[k])
			s.note(i, t, k)
		}
	}
	return r
}

// note keeps a meeting for explanations.
func (s *search) note(layer int, term uint32, k kind) {
	if !s.explain {
		return
	}
	for len(s.met) <= s.clause {
		s.met = append(s.met, make([][]meeting, len(s.layers)))
	}
	s.met[s.clause][layer] = append(s.met[s.clause][layer], meeting{term, k})
}

// unite joins results into the first of them.
func unite(all ...results) results {
	for _, r := range all[1:] {
		for i := range r {
			all[0][i].join(r[i])
		}
	}
	return all[0]
}

// every leaves in the first results what all have.
func every(all ...results) results {
	for _, r := range all[1:] {
		for i := range r {
			all[0][i].both(r[i])
		}
	}
	return all[0]
}

// forms are those of a word of a query.
type forms struct {
	word  string
	stems [languages]string
	bases []string // what compounds and longer words are made with
}

func formsOf(word string, reader language) forms {
	f := forms{word: word, bases: []string{word}}
	if p := plain(word); p != word {
		f.bases = append(f.bases, p)
	}
	for _, l := range eachLanguage {
		f.stems[l] = stem(word, l)
		if l != reader && l != germanText && l != englishText {
			continue
		}
		if s := f.stems[l]; !slices.Contains(f.bases, s) && utf8.RuneCountInString(s) >= 3 {
			f.bases = append(f.bases, s)
		}
	}
	return f
}

// itself meets the word as it is and in other forms.
func (s *search) itself(l *layer, f *forms, as, formAs kind, met func(uint32, kind)) {
	for w := range l.spelled(f.word) {
		for _, t := range l.terms(w) {
			met(t, as)
		}
	}
	for _, in := range eachLanguage {
		k := formAs
		if in != s.reader && k == stemmed {
			k = foreignStem
		}
		for _, t := range l.stems[in].find(f.stems[in]) {
			met(t, k)
		}
	}
}

// longer meets words that begin with the word, from so many letters on.
func (s *search) longer(l *layer, f *forms, least int, as kind, met func(uint32, kind)) {
	for _, base := range f.bases {
		if utf8.RuneCountInString(base) < least {
			continue
		}
		from, to := l.beginning(base)
		for _, t := range l.sorted[l.first[from]:l.first[to]] {
			met(t, as)
		}
	}
}

// within meets the compounds that have the word in them: other than at their
// beginning, with words before and behind it that the catalogue or the list of
// our own knows. From loose letters on it is enough that what is before and
// behind could be words.
func (s *search) within(l *layer, f *forms, met func(uint32, kind)) {
	for i, base := range f.bases {
		if utf8.RuneCountInString(base) < 4 || begun(f.bases, i) {
			continue
		}
		for w, at := range l.containing(base) {
			word := l.word(w)
			k := none
			for _, longer := range f.bases {
				if strings.HasPrefix(longer, base) && strings.HasPrefix(word[at:], longer) {
					if l.between(w, at, at+len(longer)) {
						k = compound
						break
					}
					if len(longer) >= 6 && likeWord(word[:at]) {
						k = inside
					}
				}
			}
			if k == none {
				continue
			}
			for _, t := range l.terms(w) {
				met(t, k)
			}
		}
	}
}

// begun reports whether a base begins with another, and is looked for with it.
func begun(bases []string, i int) bool {
	for j, other := range bases {
		if j != i && len(other) < len(bases[i]) && utf8.RuneCountInString(other) >= 4 && strings.HasPrefix(bases[i], other) {
			return true
		}
	}
	return false
}

// likeWord reports whether something could be a word: three letters with a
// vowel.
func likeWord(s string) bool {
	return len(s) >= 3 && slices.ContainsFunc([]byte(s), func(c byte) bool { return isOneOf(c, "aeiouy") })
}

// anywhere meets all words that have the word in them behind what could be
// another.
func (s *search) anywhere(l *layer, f *forms, met func(uint32, kind)) {
	for _, base := range f.bases {
		if utf8.RuneCountInString(base) < 4 {
			continue
		}
		for w, at := range l.containing(base) {
			if !likeWord(l.word(w)[:at]) {
				continue // "Reise" is not in "Kreise"
			}
			for _, t := range l.terms(w) {
				met(t, inside)
			}
		}
	}
}
