// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"index/suffixarray"
	"iter"
	"slices"
	"sort"
	"strings"
	"sync"
)

// vocabulary holds the words of a segment, folded, and the ways to find them. A
// term is a word in the texts of one language. Words are numbered in order,
// terms as they came.
type vocabulary struct {
	text   string   // the words in order, each with a newline before it, and one at the end
	starts []uint32 // of each word in text; one more behind the last
	blocks []uint32 // the word that the text is in, at the start of each block
	number map[string]uint32
	shapes []shape // of each word
	cuts   []cuts  // of each word
	known  known
	first  []uint32 // of each word in sorted; one more at the end
	sorted []uint32 // the terms in order of their words
	wordOf []uint32 // the word of each term
	spoken []language
	inside *suffixarray.Index // of text
	plain  map[string][]uint32
	stems  [languages]stems
	shown  spellings
}

// stems are the terms by their stem in one language.
type stems struct {
	number map[string]uint32
	starts []uint32
	terms  []uint32
}

// spellings are how the words are written mostly, where that is not folded.
type spellings struct {
	text   string
	starts []uint32 // of each word in text; the same as the next for none
}

// inOrder are terms, given by word and language, in order.
func inOrder(words []string, spoken []language) []uint32 {
	order := make([]uint32, len(words))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(strings.Compare(words[a], words[b]), cmp.Compare(spoken[a], spoken[b]))
	})
	return order
}

// newVocabulary is made of terms, given by word, language and spelling, and in
// order.
func newVocabulary(words []string, spoken []language, spellings []written, order []uint32) *vocabulary {
	v := &vocabulary{number: make(map[string]uint32), plain: map[string][]uint32{}, spoken: spoken, sorted: order}
	size := 1
	for i, t := range v.sorted {
		if i == 0 || words[t] != words[v.sorted[i-1]] {
			size += len(words[t]) + 1
		}
	}
	var b strings.Builder
	b.Grow(size)
	b.WriteByte('\n')
	v.wordOf = make([]uint32, len(words))
	for i, t := range v.sorted {
		if i == 0 || words[t] != words[v.sorted[i-1]] {
			v.first = append(v.first, uint32(i))
			v.starts = append(v.starts, uint32(b.Len()))
			b.WriteString(words[t])
			b.WriteByte('\n')
		}
		v.wordOf[t] = uint32(len(v.first) - 1)
	}
	v.text = b.String()
	n := len(v.first)
	v.first = append(v.first, uint32(len(words)))
	v.starts = append(v.starts, uint32(len(v.text)))
	v.blocks = make([]uint32, len(v.text)/block+1)
	for i, w := 0, uint32(0); i < len(v.blocks) && n > 0; i++ {
		for int(v.starts[w+1]) <= i*block && int(w) < n-1 {
			w++
		}
		v.blocks[i] = w
	}
	var wg sync.WaitGroup
	wg.Go(func() { v.inside = suffixarray.New([]byte(v.text)) })
	wg.Go(v.stem)
	v.number = make(map[string]uint32, n)
	v.shapes = make([]shape, n)
	var shown strings.Builder
	v.shown.starts = make([]uint32, n+1)
	for w := range uint32(n) {
		word := v.word(w)
		v.number[word] = w
		v.shapes[w] = shapeOf(word)
		if p := plain(word); p != word {
			v.plain[p] = append(v.plain[p], w)
		}
		var as written
		for _, t := range v.terms(w) {
			as = as.or(spellings[t])
		}
		if as.as != word {
			shown.WriteString(as.as)
		}
		v.shown.starts[w+1] = uint32(shown.Len())
	}
	v.shown.text = shown.String()
	v.known = newKnown(n, func(word string) bool { _, ok := v.number[word]; return ok && !stopWords[word] })
	for w := range uint32(n) {
		if word := v.word(w); len(word) >= 4 && !stopWords[word] {
			v.known.add(word)
		}
	}
	wg.Wait()
	return v
}

// stem groups the terms by their stems.
func (v *vocabulary) stem() {
	type member struct{ group, term uint32 }
	var members [languages][]member
	for _, t := range v.sorted {
		word := v.word(v.wordOf[t])
		p := plain(word)
		for _, l := range stemmedIn(v.spoken[t]) {
			g := &v.stems[l]
			if g.number == nil {
				g.number = map[string]uint32{}
			}
			s := stem(word, l)
			members[l] = append(members[l], member{g.of(s, word), t})
			if p != word {
				if other := stem(p, l); other != s {
					members[l] = append(members[l], member{g.of(other, word), t})
				}
			}
		}
	}
	for l := range members {
		g := &v.stems[l]
		slices.SortStableFunc(members[l], func(a, b member) int { return cmp.Compare(a.group, b.group) })
		g.starts = make([]uint32, len(g.number)+1)
		g.terms = make([]uint32, len(members[l]))
		for i, m := range members[l] {
			g.starts[m.group+1] = uint32(i + 1)
			g.terms[i] = m.term
		}
	}
}

// of is the number of a stem. Most stems are the beginning of their word, whose
// memory they share.
func (g *stems) of(stem, word string) uint32 {
	n, ok := g.number[stem]
	if !ok {
		if strings.HasPrefix(word, stem) {
			stem = word[:len(stem)]
		}
		n = uint32(len(g.number))
		g.number[stem] = n
	}
	return n
}

func (g *stems) find(stem string) []uint32 {
	n, ok := g.number[stem]
	if !ok {
		return nil
	}
	return g.terms[g.starts[n]:g.starts[n+1]]
}

func (v *vocabulary) word(w uint32) string { return v.text[v.starts[w] : v.starts[w+1]-1] }

// of is how a word is written mostly, "" where that is folded.
func (s *spellings) of(w uint32) string { return s.text[s.starts[w]:s.starts[w+1]] }

// written is a word the way it is written mostly.
func (v *vocabulary) written(w uint32) string {
	if as := v.shown.of(w); as != "" {
		return as
	}
	return v.word(w)
}

// terms are those of a word.
func (v *vocabulary) terms(w uint32) []uint32 { return v.sorted[v.first[w]:v.first[w+1]] }

// spelled yields the words that are the same but for how umlauts are written.
func (v *vocabulary) spelled(word string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if w, ok := v.number[word]; ok && !yield(w) {
			return
		}
		p := plain(word)
		if p != word {
			if w, ok := v.number[p]; ok && !yield(w) {
				return
			}
		}
		for _, w := range v.plain[p] {
			if v.word(w) != word && !yield(w) {
				return
			}
		}
	}
}

// beginning are the words that begin with a prefix: from the first on, up to
// the second.
func (v *vocabulary) beginning(prefix string) (from, to uint32) {
	n := len(v.shapes)
	a := sort.Search(n, func(i int) bool { return v.word(uint32(i)) >= prefix })
	b := a + sort.Search(n-a, func(i int) bool { return !strings.HasPrefix(v.word(uint32(a+i)), prefix) })
	return uint32(a), uint32(b)
}

// block is how many bytes of text have one place in blocks.
const block = 16

// containing yields the words with part in them but not at their beginning, and
// where in the word. They come in no order, and a word may come more than once.
func (v *vocabulary) containing(part string) iter.Seq2[uint32, int] {
	return func(yield func(uint32, int) bool) {
		for _, at := range v.inside.Lookup([]byte(part), -1) {
			w := v.blocks[at/block]
			for int(v.starts[w+1]) <= at {
				w++
			}
			if in := at - int(v.starts[w]); in > 0 && !yield(w, in) {
				return
			}
		}
	}
}

// shape tells most words apart at a glance: their length in letters, and a bit
// for each letter in them (some share one).
type shape struct {
	letters uint32
	length  uint8
}

func shapeOf(word string) shape {
	var s shape
	for _, r := range word {
		s.length++
		s.letters |= 1 << (r & 31)
	}
	return s
}
