// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// find finds what a clause asks for. Looser ways of meeting a word are tried
// only where stricter ones find nothing.
func (s *search) find(c *clause) results {
	if c.phrase {
		return s.phrase(c)
	}
	each := make([]results, len(c.words))
	for i, w := range c.words {
		each[i] = s.word(w, c.last && i == len(c.words)-1)
	}
	r := s.every(each...)
	for _, words := range c.synonyms {
		r = unite(r, s.synonym(words))
	}
	if s.any(r) {
		return r
	}
	var telling []results
	for i, w := range c.words {
		if each[i] = s.loosely(w, each[i]); c.filler || len(w) > 1 || !fillers[w[0]] {
			telling = append(telling, each[i])
		}
	}
	if r := s.every(each...); s.any(r) || len(telling) == 0 {
		return r
	}
	return s.every(telling...)
}

// enough are so many entries with a compound that those which only have its parts
// are not looked for.
const enough = 20

// word looks a word up: written together or, where it has joints, all its
// parts.
func (s *search) word(joined []string, last bool) results {
	whole := cut(strings.Join(joined, ""), maxWord)
	r := s.lookup(whole, last)
	if len(joined) > 1 {
		return unite(r, s.joined(joined[:min(len(joined), maxWords)], last))
	}
	if s.sizeOf(r) >= enough {
		return r
	}
	for _, split := range s.splits(whole, 3) {
		if all := s.parts(split, closeBy, !s.any(r)); s.any(all) {
			return unite(r, all)
		}
	}
	return r
}

// farParts finds the entries with the parts of a compound anywhere, or where
// there are none, with those that are not generic: "Friedhofsverwaltung" may be
// called "Friedhof" alone.
func (s *search) farParts(word string) results {
	splits := s.splits(word, 3)
	for _, split := range splits {
		within := 0
		if slices.ContainsFunc(split, func(w string) bool { return len(w) < 4 }) {
			within = 6 * closeBy // short ones are everywhere
		}
		if all := s.parts(split, within, true); s.any(all) {
			return all
		}
	}
	for _, split := range splits {
		if some := ungeneric(split); len(some) > 0 && len(some) < len(split) {
			if all := s.parts(some, closeBy, true); s.any(all) {
				return all
			}
		}
	}
	return nil
}

// joined finds the entries with all parts of a word with joints, but for those
// that are generic. With a single letter they must stand in a row.
func (s *search) joined(words []string, last bool) results {
	if slices.ContainsFunc(words, func(w string) bool { return len(w) == 1 }) {
		return s.row(words, len(words), exact)
	}
	if some := ungeneric(words); len(some) > 0 {
		return s.allOf(some, last)
	}
	return s.allOf(words, last)
}

func (s *search) allOf(words []string, last bool) results {
	each := make([]results, len(words))
	for i, w := range words {
		each[i] = s.lookup(w, last && i == len(words)-1)
		for _, other := range synonymData.of([]string{w}) {
			each[i] = unite(each[i], s.synonym(other))
		}
	}
	return s.every(each...)
}

// ungeneric are the parts of a compound that say what it is about.
func ungeneric(words []string) []string {
	var left []string
	for _, w := range words {
		if !generic[w] {
			left = append(left, w)
		}
	}
	return left
}

// surely is how many letters a word must have that was misspelled, so that it is
// looked for in longer words, too.
const surely = 6

// lookup finds the word in every form but split or misspelled.
func (s *search) lookup(word string, last bool) results {
	f := s.formsOf(word)
	least := 3 // letters from which a word is looked for as a beginning
	switch {
	case s.mistyped:
		least = surely
	case last:
		least = 2
	}
	return s.each(func(l *layer, met func(uint32, kind)) {
		s.itself(l, &f, exact, stemmed, met)
		s.longer(l, &f, least, prefix, compoundPart, met)
		if !s.mistyped || len(word) >= surely {
			s.within(l, &f, compoundPart, compound, inside, met)
		}
	})
}

// closeBy is in how many words of a text the parts of a compound must stand to be
// taken for it.
const closeBy = 5

// parts finds the entries with all parts of a compound, within so many words of
// one text or where that is 0 anywhere.
func (s *search) parts(words []string, within int, needed bool) results {
	all := make([]func(*layer, func(uint32)), len(words))
	for i, w := range words {
		forms := []forms{s.formsOf(w)}
		for _, other := range synonymData.of([]string{w}) {
			if len(other) == 1 {
				forms = append(forms, s.formsOf(other[0]))
			}
		}
		all[i] = func(l *layer, met func(uint32)) {
			for j := range forms {
				as := func(t uint32, k kind) {
					if k > related {
						met(t)
					}
				}
				s.itself(l, &forms[j], exact, stemmed, as)
				s.longer(l, &forms[j], 4, none, compound, as)
				s.within(l, &forms[j], compound, compound, compound, as)
			}
		}
	}
	return s.together(all, within, parts, needed)
}

// synonym finds another word for what is asked: abbreviations as they are,
// longer words in every form and in compounds, several words in a row.
func (s *search) synonym(words []string) results {
	if len(words) > 1 {
		return s.row(words, len(words)+1, synonym)
	}
	f := s.formsOf(words[0])
	return s.each(func(l *layer, met func(uint32, kind)) {
		if len(words[0]) <= 3 {
			if w, ok := l.vocabulary.number[f.word]; ok {
				for _, t := range l.terms(w) {
					met(t, synonym)
				}
			}
			return
		}
		s.itself(l, &f, synonym, synonym, func(t uint32, k kind) {
			if inflected(f.word, l.word(l.wordOf[t])) {
				met(t, k)
			}
		})
		s.longer(l, &f, 8, synonymPart, synonymPart, met)
		s.within(l, &f, synonymPart, synonymPart, none, met)
	})
}

// row finds words in any form within so many words of a text.
func (s *search) row(words []string, within int, as kind) results {
	all := make([]func(*layer, func(uint32)), len(words))
	for i, w := range words {
		f := s.formsOf(w)
		all[i] = func(l *layer, met func(uint32)) {
			s.itself(l, &f, exact, stemmed, func(t uint32, k kind) {
				if k > related && inflected(w, l.word(l.wordOf[t])) {
					met(t)
				}
			})
		}
	}
	return s.together(all, within, as, true)
}

// inflected reports whether two words of one stem differ in their last letters
// only: zahlung and zahlungen, but not zahl.
func inflected(a, b string) bool {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return max(len(a), len(b))-same <= 3 && len(a)-same <= 1
}

// loosely tries what is left for a word that was not found with the others: its
// parts may stand far apart, or it inside of words, or it may be misspelled.
func (s *search) loosely(joined []string, strictly results) results {
	if s.any(strictly) {
		return strictly
	}
	word := cut(strings.Join(joined, ""), maxWord)
	listed := isListed(word)
	if !listed && len(joined) == 1 {
		if r := s.farParts(word); r != nil {
			return r
		}
	}
	f := s.formsOf(word)
	r := s.each(func(l *layer, met func(uint32, kind)) { s.anywhere(l, &f, met) })
	if listed || s.any(r) {
		return r
	}
	s.mistyped = true
	defer func() { s.mistyped = false }()
	for _, w := range s.near(word) {
		r = unite(r, s.meaning(w))
	}
	if s.any(r) {
		return r
	}
	for _, within := range [...]int{closeBy, 0} {
		for _, parts := range s.mended(word) {
			if r = unite(r, s.parts(parts, within, true)); s.any(r) {
				return r
			}
		}
	}
	s.mistyped = false
	if topic := s.topic(word); topic != "" {
		r = unite(r, s.parts([]string{topic}, closeBy, true))
	}
	return r
}

// topic is the longest word of nine letters and more that a compound begins with:
// who asks for a "Bibliotheksausweis" may like to see libraries. It is "" where
// there is none.
func (s *search) topic(word string) string {
	for i := len(word) - 4; i >= 9; i-- {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		for _, link := range links {
			if w, ok := strings.CutSuffix(word[:i], link); ok && len(w) >= 9 && (dictionary.all[w] || s.hasWord(w)) {
				return w
			}
		}
	}
	return ""
}

// meaning finds a word, or where it is nowhere, another word for it.
func (s *search) meaning(word string) results {
	r := s.word([]string{word}, false)
	if s.any(r) {
		return r
	}
	for _, other := range synonymData.of([]string{word}) {
		r = unite(r, s.synonym(other))
	}
	return r
}

// phrase finds the entries in which words follow one another.
func (s *search) phrase(c *clause) results {
	var words []string
	for _, w := range c.words {
		words = append(words, w...)
	}
	words = words[:min(len(words), 64)]
	r := make(results, len(s.layers))
	for i, l := range s.layers {
		r[i] = s.borrow(l)
		terms := make([][]uint32, len(words))
		var in *found // the entries that have all words, and where: in one field
		for j, w := range words {
			one := s.borrow(l)
			for w := range l.spelled(w) {
				terms[j] = append(terms[j], l.terms(w)...)
			}
			for _, t := range terms[j] {
				l.each(t, func(doc uint32, at where) {
					if !one.docs.has(doc) {
						one.points[doc] = 0
					}
					one.docs.add(doc)
					one.points[doc] |= uint16(at)
				})
			}
			if j == 0 {
				in = one
				continue
			}
			in.docs.and(one.docs)
			for doc := range in.docs.all {
				in.points[doc] &= one.points[doc]
			}
		}
		for doc := range in.docs.all {
			if in.points[doc] == 0 || l.dead.has(doc) {
				continue
			}
			if at := l.follow(doc, terms); at != 0 {
				r[i].meet(doc, points[phrase]*weights[at])
				for _, t := range terms[0] {
					s.note(i, t, phrase, points[phrase], r[i])
				}
			}
		}
	}
	return r
}

// follow reports where in an entry terms follow one another; terms has for each
// place those that may stand there, at most 64 places.
func (l *layer) follow(doc uint32, terms [][]uint32) where {
	var at where
	var f field
	begun := uint64(0) // bit i: the last i+1 words are the first i+1 wanted
	for b := l.stream[l.segment.starts[doc]:l.segment.starts[doc+1]]; len(b) > 0; {
		c, n := uvarint(b)
		b = b[n:]
		if c < uint32(fields) {
			f, begun = field(c), 0
			continue
		}
		t, joined := decode(c)
		if joined {
			continue
		}
		next := begun<<1 | 1
		begun = 0
		for ; next != 0; next &= next - 1 {
			if i := bits.TrailingZeros64(next); i < len(terms) && slices.Contains(terms[i], t) {
				begun |= 1 << i
			}
		}
		if begun>>(len(terms)-1)&1 != 0 {
			at |= 1 << f
		}
	}
	return at
}

// without are the entries that a clause forbids: those with the word in any
// form.
func (s *search) without(c *clause) results {
	if c.phrase {
		return s.phrase(c)
	}
	var each []results
	for _, part := range c.words[0][:min(len(c.words[0]), maxWords)] {
		f := s.formsOf(part)
		each = append(each, s.each(func(l *layer, met func(uint32, kind)) { s.itself(l, &f, exact, stemmed, met) }))
	}
	return s.every(each...)
}
