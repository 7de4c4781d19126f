// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	_ "embed" // compounds.txt
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// A compound is taken apart with the words of the catalogue itself, and with a
// list of our own: words that compounds of administrations are made of, short
// ones above all, which a catalogue alone would not vouch for.

//go:embed compounds.txt
var compoundsFile string

var heads = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(compoundsFile) {
		if !strings.HasPrefix(line, "#") {
			for w := range strings.FieldsSeq(line) {
				m[fold(w)] = true
			}
		}
	}
	return m
}()

// links are the letters that German puts between the parts of a compound, and
// endings those that may come behind the last.
var (
	links   = []string{"", "s", "es", "n", "en", "er", "e", "ns"}
	endings = map[string]bool{"": true, "e": true, "n": true, "s": true, "en": true, "er": true, "es": true, "ern": true, "em": true, "innen": true, "in": true, "ien": true}
)

var longestEnding = func() (longest int) {
	for e := range endings {
		longest = max(longest, len(e))
	}
	return longest
}()

// cut finds where all words can be cut. Those that vouch know the words that
// compounds are made of.
func (v *vocabulary) cut(vouch []*known) {
	v.cuts = make([]cuts, len(v.shapes))
	var wg sync.WaitGroup
	const some = 10_000
	for from := 0; from < len(v.cuts); from += some {
		wg.Go(func() {
			for w := from; w < min(from+some, len(v.cuts)); w++ {
				v.cuts[w] = cutsOf(v.word(uint32(w)), vouch)
			}
		})
	}
	wg.Wait()
}

// cutAnew cuts the words again that have part in them. Searches may go on.
func (v *vocabulary) cutAnew(part string, vouch []*known) {
	again := func(w uint32) {
		c := cutsOf(v.word(w), vouch)
		atomic.StoreUint64(&v.cuts[w].lead, c.lead)
		atomic.StoreUint64(&v.cuts[w].follow, c.follow)
	}
	from, to := v.beginning(part)
	for w := from; w < to; w++ {
		again(w)
	}
	for w := range v.containing(part) {
		again(w)
	}
}

// between reports whether a word is a compound with what is between two places
// in it.
func (v *vocabulary) between(w uint32, from, to int) bool {
	return to < 64 && atomic.LoadUint64(&v.cuts[w].lead)>>from&1 != 0 && atomic.LoadUint64(&v.cuts[w].follow)>>to&1 != 0
}

// goesOn reports whether a word goes on behind a place as a compound does, or
// just ends.
func (v *vocabulary) goesOn(w uint32, to int) bool {
	return to < 64 && atomic.LoadUint64(&v.cuts[w].follow)>>to&1 != 0
}

// cuts are the places, a bit for each byte, where a word of the vocabulary can
// be cut: lead where what is before is a row of words and their links, follow
// where what is behind is an ending, or a row of words and an ending.
type cuts struct{ lead, follow uint64 }

// known tells words that compounds are made of: those of the catalogue from four
// letters on, and those of the list. It holds their hashes, because it is nearly
// always asked for what is no word; is confirms a yes.
type known struct {
	bits  []uint64
	shift int
	is    func(word string) bool
	begun []uint64 // by the hash of how words of firstLetters or more begin
}

// firstLetters is how many bytes say that nothing known begins so.
const firstLetters = 6

func newKnown(words int, is func(word string) bool) known {
	size := bits.Len(uint(words) * 24) // two bits a word
	size = max(size, 8)
	return known{make([]uint64, 1<<(size-6)), 64 - size, is, make([]uint64, 1<<(size-8))}
}

// The hash of a word goes letter by letter, so that those of all beginnings
// come one by one.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashOf(word string) uint64 {
	h := uint64(hashStart)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * hashPrime
	}
	return h
}

func (k *known) places(hash uint64) (a, b uint64) {
	return hash * 0x9e3779b97f4a7c15 >> k.shift, (hash ^ hash>>31) * 0xbf58476d1ce4e5b9 >> k.shift
}

func (k *known) add(word string) {
	a, b := k.places(hashOf(word))
	k.bits[a>>6] |= 1 << (a & 63)
	k.bits[b>>6] |= 1 << (b & 63)
	if len(word) >= firstLetters {
		at := k.begunAt(hashOf(word[:firstLetters]))
		k.begun[at>>6] |= 1 << (at & 63)
	}
}

// begins reports whether a known word may begin so.
func (k *known) begins(hash uint64) bool {
	at := k.begunAt(hash)
	return k.begun[at>>6]&(1<<(at&63)) != 0
}

// begunAt is the place of a beginning: there are a quarter as many as of words.
func (k *known) begunAt(hash uint64) uint64 {
	a, _ := k.places(hash)
	return a >> 2
}

func (k *known) has(hash uint64) bool {
	a, b := k.places(hash)
	return k.bits[a>>6]&(1<<(a&63)) != 0 && k.bits[b>>6]&(1<<(b&63)) != 0
}

// knownHeads are the words of the list.
var knownHeads = func() known {
	k := newKnown(len(heads)*8, func(word string) bool { return heads[word] })
	for w := range heads {
		k.add(w)
	}
	return k
}()

// cutsOf finds where a word can be cut.
func cutsOf(word string, vouch []*known) cuts {
	n := len(word)
	if n < 6 || n > 63 {
		return cuts{}
	}
	// ends[i] are the ends of known words that begin at i.
	var ends [64]uint64
	for i := range n {
		h := uint64(hashStart)
		for j := i; j < n; j++ {
			h = (h ^ uint64(word[j])) * hashPrime
			if j-i < 2 {
				continue
			}
			if j-i == firstLetters-1 && !knownHeads.begins(h) && !slices.ContainsFunc(vouch, func(k *known) bool { return k.begins(h) }) {
				break
			}
			part := word[i : j+1]
			is := knownHeads.has(h) && knownHeads.is(part)
			for k := 0; !is && j-i >= 3 && k < len(vouch); k++ {
				is = vouch[k].has(h) && vouch[k].is(part)
			}
			if is && j-i < n-1 {
				ends[i] |= 1 << (j + 1)
			}
		}
	}
	var c cuts
	whole := uint64(1) // where a row of words ends
	for i := range n {
		if whole>>i&1 == 0 && c.lead>>i&1 == 0 {
			continue
		}
		for at := ends[i] &^ whole; at != 0; at &= at - 1 {
			end := bits.TrailingZeros64(at)
			whole |= 1 << end
			for _, link := range links {
				if strings.HasPrefix(word[end:], link) {
					c.lead |= 1 << (end + len(link))
				}
			}
		}
	}
	tail := uint64(0) // where a row of words begins that goes on to an ending
	for i := n; i > 0; i-- {
		ok := n-i <= longestEnding && endings[word[i:]]
		if i < n && ends[i]&c.follow != 0 {
			tail |= 1 << i
		}
		for _, link := range links {
			if strings.HasPrefix(word[i:], link) && tail>>(i+len(link))&1 != 0 {
				ok = true
			}
		}
		if ok {
			c.follow |= 1 << i
		}
	}
	return c
}

// hasWord reports whether the word stands in a text of an entry that is alive.
func (c *catalogue) hasWord(word string) bool {
	for _, l := range c.layers {
		if w, ok := l.vocabulary.number[word]; ok {
			for _, t := range l.terms(w) {
				if l.any(t, l.dead) {
					return true
				}
			}
		}
	}
	return false
}

// maxSplits bounds the ways in which a compound is tried to be taken apart.
const maxSplits = 3

// splits are the ways to take a word of a query apart into words that may be
// found: into as few as possible, those with the longest first part first.
func (s *search) splits(word string, most int) [][]string {
	for n := 2; n <= most; n++ {
		if all := s.splitsInto(word, n); len(all) > 0 {
			return all[:min(len(all), maxSplits)]
		}
	}
	return nil
}

func (s *search) splitsInto(word string, n int) [][]string {
	if n == 1 {
		if s.partOf(word) {
			return [][]string{{word}}
		}
		return nil
	}
	var all [][]string
	for i := len(word) - 3; i >= 3 && len(all) < maxSplits; i-- {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		for _, link := range links {
			first, ok := strings.CutSuffix(word[:i], link)
			if !ok || !s.partOf(first) {
				continue
			}
			for _, rest := range s.splitsInto(word[i:], n-1) {
				all = append(all, append([]string{first}, rest...))
			}
		}
	}
	return all
}

// partOf reports whether a word may be a part of a query's compound: one of the
// list, or one that is found in some form.
func (s *search) partOf(word string) bool {
	switch {
	case stopWords[word]: // "Unterschrift" is no compound
		return false
	case heads[word] || generic[word]:
		return true
	case len(word) < 4:
		return false
	}
	is, ok := s.isPart[word]
	if !ok {
		st := stem(word, germanText)
		is = s.hasWord(word) || len(st) >= 4 && s.hasStem(st)
		for _, other := range synonymData.of([]string{word}) {
			is = is || len(other) == 1 && s.hasStem(stem(other[0], germanText))
		}
		if s.isPart == nil {
			s.isPart = map[string]bool{}
		}
		s.isPart[word] = is
	}
	return is
}

// hasStem reports whether a German word with the stem stands in a text of an
// entry that is alive.
func (c *catalogue) hasStem(stem string) bool {
	for _, l := range c.layers {
		for _, t := range l.stems[germanText].find(stem) {
			if l.any(t, l.dead) {
				return true
			}
		}
	}
	return false
}
