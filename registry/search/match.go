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
	r := every(each...)
	for _, words := range c.synonyms {
		r = unite(r, s.synonym(words))
	}
	if s.any(r) {
		return r
	}
	for i, w := range c.words {
		each[i] = s.loosely(w, each[i])
	}
	return every(each...)
}

// word looks a word up: written together or, where it has joints, all its
// parts.
func (s *search) word(joined []string, last bool) results {
	whole := cut(strings.Join(joined, ""), maxWord)
	r := s.lookup(whole, last)
	if len(joined) > 1 {
		var each []results
		for i, part := range joined[:min(len(joined), maxWords)] {
			each = append(each, s.lookup(part, last && i == len(joined)-1))
		}
		return unite(r, every(each...))
	}
	for _, split := range s.splits(whole, 3) {
		if both := s.parts(split); s.any(both) {
			return unite(r, both)
		}
	}
	return r
}

// lookup finds the word in every form but split or misspelled.
func (s *search) lookup(word string, last bool) results {
	f := formsOf(word, s.reader)
	least := 3 // letters from which a word is looked for as a beginning
	if last {
		least = 2
	}
	return s.each(func(l *layer, met func(uint32, kind)) {
		s.itself(l, &f, exact, stemmed, met)
		s.longer(l, &f, least, prefix, met)
		s.within(l, &f, met)
	})
}

// parts finds the entries with all parts of a compound.
func (s *search) parts(words []string) results {
	var each []results
	for _, w := range words {
		f := formsOf(w, s.reader)
		r := s.each(func(l *layer, met func(uint32, kind)) { s.itself(l, &f, parts, parts, met) })
		for _, other := range synonymData.of([]string{w}) {
			if len(other) == 1 {
				f := formsOf(other[0], s.reader)
				r = unite(r, s.each(func(l *layer, met func(uint32, kind)) { s.itself(l, &f, parts, parts, met) }))
			}
		}
		each = append(each, r)
	}
	return every(each...)
}

// synonym finds another word for what is asked: abbreviations as they are,
// longer words in every form.
func (s *search) synonym(words []string) results {
	var each []results
	for _, w := range words {
		f := formsOf(w, s.reader)
		each = append(each, s.each(func(l *layer, met func(uint32, kind)) {
			if len(w) <= 3 {
				for w := range l.spelled(f.word) {
					for _, t := range l.terms(w) {
						met(t, synonym)
					}
				}
				return
			}
			s.itself(l, &f, synonym, synonym, met)
			s.longer(l, &f, 6, synonymPart, met)
		}))
	}
	return every(each...)
}

// loosely tries what is left for a word that was not found with the others: it
// may stand inside of words, and where it does nowhere, be misspelled.
func (s *search) loosely(joined []string, strictly results) results {
	if s.any(strictly) {
		return strictly
	}
	word := cut(strings.Join(joined, ""), maxWord)
	f := formsOf(word, s.reader)
	r := s.each(func(l *layer, met func(uint32, kind)) { s.anywhere(l, &f, met) })
	if s.any(r) {
		return r
	}
	near := s.near(word)
	return s.each(func(l *layer, met func(uint32, kind)) {
		for _, n := range near {
			for w := range l.spelled(n) {
				for _, t := range l.terms(w) {
					met(t, typo)
				}
			}
		}
	})
}

// errorsIn is how many typing errors are forgiven in a word.
func errorsIn(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n >= 8:
		return 2
	case n >= 4:
		return 1
	}
	return 0
}

// near are the words in entries that are alive at the least distance from a
// word, as many typing errors away as are forgiven at most.
func (s *search) near(word string) []string {
	limit := errorsIn(word)
	if limit == 0 {
		return nil
	}
	var found []string
	forms := []string{word}
	if p := plain(word); p != word {
		forms = append(forms, p)
	}
	for _, form := range forms {
		shape := shapeOf(form)
		for _, l := range s.layers {
			for w := range uint32(len(l.shapes)) {
				n := limit + 1
				if !l.shapes[w].apart(shape, limit) {
					n = distance(form, l.word(w), limit)
				}
				// "Formlar" is near to "Formularen": without its ending.
				over := int(l.shapes[w].length) - int(shape.length)
				if n > limit && over > 0 && over <= limit+2 && len(form) >= 5 &&
					bits.OnesCount32(l.shapes[w].letters^shape.letters) <= 2*limit+2 {
					if base := unended(l.word(w)); !shapeOf(base).apart(shape, limit) {
						n = distance(form, base, limit)
					}
				}
				if n > limit || !slices.ContainsFunc(l.terms(w), func(t uint32) bool { return l.any(t, l.dead) }) {
					continue
				}
				if n < limit {
					limit, found = n, nil
				}
				found = append(found, l.word(w))
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// unended is a word without the ending that German words are inflected with.
func unended(word string) string {
	for _, ending := range [...]string{"en", "es", "er", "em", "e", "n", "s"} {
		if base, ok := strings.CutSuffix(word, ending); ok {
			return base
		}
	}
	return word
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
					s.note(i, t, phrase)
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
		f := formsOf(part, s.reader)
		each = append(each, s.each(func(l *layer, met func(uint32, kind)) { s.itself(l, &f, exact, stemmed, met) }))
	}
	return every(each...)
}
