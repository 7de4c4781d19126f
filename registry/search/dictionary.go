// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"iter"
	"math/bits"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// field is a group of an entry's texts that count the same.
type field int

const (
	nameField field = iota // name, localisedName
	shortField
	longField
	aboutField // publisher, topics, suite, dependencies, users
	fields
)

// weight is how much a word in the field counts.
var weight = [fields]int{8, 4, 2, 1}

// posting lists by field the entries that have a term there.
type posting [fields]*roaring.Bitmap

func (p *posting) add(f field, n uint32) {
	if p[f] == nil {
		p[f] = roaring.New()
	}
	p[f].Add(n)
}

// term is a word of the catalogue as spelled, folded.
type term struct {
	word string
	*posting
	shape
}

// dictionary holds the terms of the catalogue. They are never taken out;
// entries that are no longer alive are masked where it is asked.
type dictionary struct {
	words map[string]*posting // as spelled, folded
	stems map[string]*posting

	fresh  []term // those of words since the last seal
	sorted []term // those up to it, in order
	text   string // the words of sorted, each with a newline before it, and one at the end
	starts []int  // where each of sorted starts in text
}

// shape tells most words apart at a glance: their length in letters, and a bit
// for each letter in them (some share one).
type shape struct {
	length  int32
	letters uint32
}

func shapeOf(word string) shape {
	var s shape
	for _, r := range word {
		s.length++
		s.letters |= 1 << (r & 31)
	}
	return s
}

// apart reports whether more than limit typing errors lie between two words for
// sure: one error changes the length by one at most, and takes one letter away
// and brings one at most.
func (s shape) apart(other shape, limit int) bool {
	return max(s.length-other.length, other.length-s.length) > int32(limit) ||
		bits.OnesCount32(s.letters^other.letters) > 2*limit
}

func newDictionary() *dictionary {
	return &dictionary{words: map[string]*posting{}, stems: map[string]*posting{}, text: "\n"}
}

// add enters the words of a text of entry n.
func (d *dictionary) add(n uint32, f field, text string, in language) {
	for parts := range split(text) {
		for _, part := range parts {
			d.addWord(n, f, part, in)
		}
		if whole := strings.Join(parts, ""); len(parts) > 1 && len(whole) <= maxWord {
			d.addWord(n, f, whole, in)
		}
	}
}

func (d *dictionary) addWord(n uint32, f field, word string, in language) {
	for _, s := range spellings(word) {
		p := d.words[s]
		if p == nil {
			// Its own copy: a word must not keep a whole text in memory.
			s = strings.Clone(s)
			p = new(posting)
			d.words[s] = p
			d.fresh = append(d.fresh, term{s, p, shapeOf(s)})
		}
		p.add(f, n)
		for _, stem := range stems(s, in) {
			p := d.stems[stem]
			if p == nil {
				p = new(posting)
				d.stems[strings.Clone(stem)] = p
			}
			p.add(f, n)
		}
	}
}

// seal makes the words added findable by their parts.
func (d *dictionary) seal() {
	if len(d.fresh) == 0 {
		return
	}
	slices.SortFunc(d.fresh, func(a, b term) int { return strings.Compare(a.word, b.word) })
	d.sorted = merge(d.sorted, d.fresh)
	d.fresh = nil
	size := 1
	for _, t := range d.sorted {
		size += len(t.word) + 1
	}
	var b strings.Builder
	b.Grow(size)
	d.starts = make([]int, len(d.sorted))
	b.WriteByte('\n')
	for i, t := range d.sorted {
		d.starts[i] = b.Len()
		b.WriteString(t.word)
		b.WriteByte('\n')
	}
	d.text = b.String()
}

// merge makes one ordered list of two.
func merge(a, b []term) []term {
	all := make([]term, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].word < b[0].word {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// beginning yields the terms that begin with prefix.
func (d *dictionary) beginning(prefix string) iter.Seq[term] {
	return func(yield func(term) bool) {
		i, _ := slices.BinarySearchFunc(d.sorted, prefix, func(t term, p string) int { return strings.Compare(t.word, p) })
		for ; i < len(d.sorted) && strings.HasPrefix(d.sorted[i].word, prefix); i++ {
			if !yield(d.sorted[i]) {
				return
			}
		}
	}
}

// containing yields the terms that have part in them, and whether they begin
// with it. One search through one string is an order of magnitude quicker than
// one per word.
func (d *dictionary) containing(part string) iter.Seq2[term, bool] {
	return func(yield func(term, bool) bool) {
		for from, i := 0, 0; ; {
			at := strings.Index(d.text[from:], part)
			if at < 0 {
				return
			}
			at += from
			n, begins := slices.BinarySearch(d.starts[i:], at)
			if i += n; !begins {
				i--
			}
			if !yield(d.sorted[i], begins) {
				return
			}
			from = d.starts[i] + len(d.sorted[i].word)
			i++
		}
	}
}

// near returns the terms at the least distance from any of the spellings, at
// most limit typing errors away.
func (d *dictionary) near(spellings []string, limit int) []term {
	var found []term
	for _, s := range spellings {
		shape := shapeOf(s)
		for _, t := range d.sorted {
			if t.apart(shape, limit) {
				continue
			}
			n := distance(s, t.word, limit)
			if n > limit {
				continue
			}
			if n < limit {
				limit, found = n, nil
			}
			found = append(found, t)
		}
	}
	return found
}

// distance counts the letters left out, put in, taken for another or swapped
// with their neighbour (optimal string alignment) between two words of at most
// maxWord bytes. Over limit it may be any number over limit.
func distance(a, b string, limit int) int {
	var bufA, bufB [maxWord]rune
	x, y := runes(bufA[:0], a), runes(bufB[:0], b)
	var rows [3][maxWord + 1]int
	before, above, row := rows[0][:], rows[1][:], rows[2][:]
	for j := range len(y) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}

func runes(buf []rune, s string) []rune {
	for _, r := range s {
		buf = append(buf, r)
	}
	return buf
}
