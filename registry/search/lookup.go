// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// kind is how a word of a query meets a word of a text, the worst first.
type kind uint8

const (
	none         kind = iota
	typo              // with typing errors
	inside            // it has the query's word somewhere in it
	prefix            // the text's word begins with it
	parts             // the query's word is a compound, the text has its parts close together
	synonymPart       // the text's word is a compound with a synonym
	related           // the same stem, but much more or less behind it: access, accessibility
	compoundPart      // the text's word is a compound, the query's is in it
	compound          // the same, at its end, where German says what a thing is
	synonym           // another word for the same
	foreignStem       // another form of the same word, in another language than the reader's
	stemmed           // another form of the same word
	exact
	phrase // word for word, in a row
	kinds
)

// points are what a meeting counts, to be multiplied by the weights of where.
var points = [kinds]uint16{
	typo: 4, inside: 5, prefix: 7, parts: 8, synonymPart: 8, related: 9, compoundPart: 12, compound: 13,
	synonym: 14, foreignStem: 16, stemmed: 18, exact: 20, phrase: 22,
}

// maxPoints is what a word counts at most.
const maxPoints = 22 * 128

// seen are the fields that each kind looks at. The names of organisations are
// not taken apart: not every Landratsamt is about an Amt.
var seen = func() (all [kinds]where) {
	for k := range all {
		switch all[k] = 1<<fields - 1; kind(k) {
		case inside, parts, synonymPart, compoundPart, compound:
			all[k] &^= 1 << publisherField
		}
	}
	return all
}()

var rankCodes = [kinds]registry.RankCode{
	typo: registry.RankTypo, inside: registry.RankCompound, parts: registry.RankParts,
	synonymPart: registry.RankSynonym, compoundPart: registry.RankCompound, compound: registry.RankCompound, prefix: registry.RankPrefix,
	synonym: registry.RankSynonym, related: registry.RankStem, foreignStem: registry.RankStem, stemmed: registry.RankStem,
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

// meetAll adds the entries that have a term in one of the fields looked at. Most
// of a search's time is spent here.
func (f *found) meetAll(p *postings, term uint32, counts uint16, looked where) {
	count, b := p.list(term)
	doc, docs, points, i := uint32(0), f.docs, f.points, 0
	for range count {
		gap, n := uint32(b[i]), 1
		if gap >= 0x80 {
			if b[i+1] < 0x80 { // as uvarint, without the call
				gap, n = gap&0x7f|uint32(b[i+1])<<7, 2
			} else {
				gap, n = uvarint(b[i:])
			}
		}
		doc += gap
		at := where(b[i+n]) & looked
		i += n + 1
		if at == 0 {
			continue
		}
		c := counts * weights[at]
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
	term   uint32
	kind   kind
	counts uint16
	only   *found // the entries that it counts in; nil for all that have the term
}

// search is one query under way.
type search struct {
	*catalogue
	reader   language
	explain  bool
	met      [][][]meeting   // by word of the query and layer, for explanations
	clause   int             // the word that is looked up
	mistyped bool            // it is looked up as it was meant, and counts less
	isPart   map[string]bool // what partOf found out
	nearTo   map[string][]string
	inUse    []*found
	*counter
}

// counter is what terms are counted in.
type counter struct {
	best  []kind  // by term; none between two uses
	marks []uint8 // by term; see together; 0 between two uses
	terms []uint32

	touched uint32 // see postings.touch
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

// sizeOf is how many entries that are alive were found.
func (s *search) sizeOf(r results) int {
	n := 0
	for i, l := range s.layers {
		for w, docs := range r[i].docs {
			n += bits.OnesCount64(docs &^ l.dead[w])
		}
	}
	return n
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
		for n, t := range s.terms {
			if n%ahead == 0 {
				s.touched += l.touch(s.terms[n:min(n+ahead, len(s.terms))])
			}
			k := s.best[t]
			s.best[t] = none
			if s.mistyped && k <= related && k != prefix {
				continue
			}
			counts := s.counts(k)
			r[i].meetAll(&l.postings, t, counts, seen[k])
			s.note(i, t, k, counts, nil)
		}
	}
	return r
}

// counts is what a meeting of a kind counts for the word that is looked up.
func (s *search) counts(k kind) uint16 {
	if s.mistyped {
		return max(points[k]*points[typo]/points[exact], 1)
	}
	return points[k]
}

// note keeps a meeting for explanations.
func (s *search) note(layer int, term uint32, k kind, counts uint16, only *found) {
	if !s.explain {
		return
	}
	if s.mistyped {
		k = typo
	}
	for len(s.met) <= s.clause {
		s.met = append(s.met, make([][]meeting, len(s.layers)))
	}
	s.met[s.clause][layer] = append(s.met[s.clause][layer], meeting{term, k, counts, only})
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

// every is what all results have; where there are several, none of them changes.
func (s *search) every(all ...results) results {
	if len(all) == 1 {
		return all[0]
	}
	r := make(results, len(s.layers))
	for i, l := range s.layers {
		r[i] = s.borrow(l)
		r[i].join(all[0][i])
		for _, other := range all[1:] {
			r[i].both(other[i])
		}
	}
	return r
}

// forms are those of a word of a query.
type forms struct {
	word  string
	stems [languages]string
	bases []string // what longer words and compounds are made with, the word in both spellings first
	typed int      // how many of bases are the word

	verb string // the German stem of the verb that the word may be a participle of
}

func (c *catalogue) formsOf(word string) forms {
	f := forms{word: word, bases: []string{word}}
	if p := plain(word); p != word {
		f.bases = append(f.bases, p)
	}
	f.typed = len(f.bases)
	for _, l := range eachLanguage {
		if c.speaks(l) {
			f.stems[l] = stem(word, l)
		}
	}
	// "Anträge" is in "Antragsverfahren", but "Steuer" is no form of "Steu".
	for _, base := range f.bases[:f.typed] {
		for _, ending := range inflections {
			if b, ok := strings.CutSuffix(base, ending); ok && len(b) >= 3 && !slices.Contains(f.bases, b) && (heads[b] || len(b) >= 4 && c.hasWord(b)) {
				f.bases = append(f.bases, b)
			}
		}
	}
	// "planen" is in "Ressourcenplanung".
	for _, ending := range [...]string{"en", "n"} {
		if b, ok := strings.CutSuffix(word, ending); ok && len(b) >= 3 && (heads[b+"ung"] || c.hasWord(b+"ung")) {
			f.bases = append(f.bases, b+"ung")
		}
	}
	f.verb, f.bases = c.verbOf(word, f.bases)
	return f
}

// speaks reports whether there are words of a language.
func (c *catalogue) speaks(in language) bool {
	return slices.ContainsFunc(c.layers, func(l *layer) bool { return len(l.stems[in].number) > 0 })
}

// verbOf is the German stem of the verb that a word may be a participle of, and
// what compounds are made of with it beside bases: "genehmigte" is a form of
// "genehmigen", "gestreut" of "streuen", which is in "Streuwagen".
func (c *catalogue) verbOf(word string, bases []string) (string, []string) {
	base, ok := strings.CutSuffix(unended(word), "t")
	if !ok || len(base) < 5 {
		return "", bases
	}
	verb := stem(base+"en", germanText)
	simple, ok := strings.CutPrefix(base, "ge")
	if !ok || len(simple) < 4 || c.hasStem(verb) {
		return verb, bases
	}
	if !heads[simple] && !c.hasWord(simple) {
		bases = append(bases, simple)
	}
	return stem(simple+"en", germanText), bases
}

// inflections are what German and English words end with.
var inflections = []string{"ern", "en", "er", "es", "em", "e", "n", "s"}

// itself meets the word as it is and in other forms.
func (s *search) itself(l *layer, f *forms, as, formAs kind, met func(uint32, kind)) {
	for w := range l.spelled(f.word) {
		for _, t := range l.terms(w) {
			met(t, as)
		}
	}
	for _, in := range eachLanguage {
		if in != s.reader && in != germanText && in != englishText && len(f.stems[in]) < 4 {
			continue // "Kita" is no form of "Kit", as it would be in Italian
		}
		for _, t := range l.stems[in].find(f.stems[in]) {
			if stopWords[l.word(l.wordOf[t])] {
				continue
			}
			k := formAs
			switch more := len(l.word(l.wordOf[t])) - len(f.word); {
			case more > 4 || more < -4:
				k = min(k, related)
			case in != s.reader && k == stemmed:
				k = foreignStem
			}
			met(t, k)
		}
	}
	if f.verb != "" {
		for _, t := range l.stems[germanText].find(f.verb) {
			met(t, min(formAs, foreignStem))
		}
	}
}

// longer meets words that begin with the word: from so many letters on any, and
// compounds from three.
func (s *search) longer(l *layer, f *forms, least int, begun, composed kind, met func(uint32, kind)) {
	for i, base := range f.bases {
		n := utf8.RuneCountInString(base)
		as := none
		if n >= least && (i < f.typed || n >= 6) {
			as = begun
		}
		if n < 3 && as == none {
			continue
		}
		from, to := l.beginning(base)
		for w := from; w < to; w++ {
			k := as
			if n >= 3 && l.goesOn(w, len(base)) {
				k = max(k, composed)
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

// within meets the compounds that have the word in them other than at their
// beginning, with words before and behind it that the catalogue or the list of
// our own knows. From six letters on it is enough for being loosely in it that
// what is before could be a word.
func (s *search) within(l *layer, f *forms, composed, ended, loosely kind, met func(uint32, kind)) {
	for i, base := range f.bases {
		if utf8.RuneCountInString(base) < 4 || begun(f.bases, i) {
			continue
		}
		for w, at := range l.containing(base) {
			word := l.word(w)
			k := none
			for j, longer := range f.bases {
				if !strings.HasPrefix(longer, base) || !strings.HasPrefix(word[at:], longer) {
					continue
				}
				switch end := at + len(longer); {
				case l.between(w, at, end) && endings[word[end:]]:
					k = max(k, ended)
				case l.between(w, at, end):
					k = max(k, composed)
				case (j < f.typed || strings.HasSuffix(longer, "ung")) && len(longer) >= 6 && likeWord(word[:at]) && l.goesOn(w, end):
					k = max(k, loosely)
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

// likeWord reports whether something before a word could be one: three letters
// with a vowel, and no prefix as in "Verfahren".
func likeWord(s string) bool {
	for _, prefix := range [...]string{"ver", "be", "ge", "ent", "zer"} {
		if strings.HasSuffix(s, prefix) {
			return false
		}
	}
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
