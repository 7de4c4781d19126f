// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// lists are words to hold others against.
type lists struct {
	all    map[string]bool // false for those that never stand alone
	words  []string        // the others from four letters on
	shapes []shape
}

// dictionary are the words of our own lists: what was meant may stand in texts
// only within compounds, or by another word for it.
var dictionary = func() lists {
	d := lists{all: maps.Clone(heads)}
	for _, group := range synonymData.groups {
		for _, one := range group {
			for _, w := range one.words {
				d.all[w] = d.all[w] || len(one.words) == 1
			}
		}
	}
	for _, w := range slices.Sorted(maps.Keys(d.all)) {
		if d.all[w] && len(w) >= 4 {
			d.words, d.shapes = append(d.words, w), append(d.shapes, shapeOf(w))
		}
	}
	return d
}()

// isListed reports whether a word is one of our own lists, and so as it should be.
func isListed(word string) bool {
	_, ok := dictionary.all[word]
	return ok || synonymData.of([]string{word}) != nil
}

// errorsIn is how many typing errors are forgiven in a word.
func errorsIn(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n >= 20:
		return 3
	case n >= 8:
		return 2
	case n >= 4:
		return 1
	}
	return 0
}

// maxNear bounds the words that one may have been meant for.
const maxNear = 6

// near are the words that a misspelled one was probably meant for: those in
// entries that are alive at the least distance, as many typing errors away as
// are forgiven at most, the most frequent first; and those of the dictionary
// that are as near.
func (s *search) near(word string) []string {
	found, ok := s.nearTo[word]
	if !ok {
		found = s.findNear(word)
		if s.nearTo == nil {
			s.nearTo = map[string][]string{}
		}
		s.nearTo[word] = found
	}
	return found
}

func (s *search) findNear(word string) []string {
	limit := errorsIn(word)
	if limit == 0 || isListed(word) {
		return nil
	}
	forms := []string{word}
	if p := plain(word); p != word {
		forms = append(forms, p)
	}
	var found []string
	for _, form := range forms {
		shape := shapeOf(form)
		for _, l := range s.layers {
			for w := range uint32(len(l.shapes)) {
				// Most words are out at a glance.
				over := int(l.shapes[w].length) - int(shape.length)
				if over < -limit || over > limit+2 || bits.OnesCount32(l.shapes[w].letters^shape.letters) > 2*limit+2 {
					continue
				}
				n := limit + 1
				if !l.shapes[w].apart(shape, limit) {
					n = misspelled(form, l.word(w), limit)
				}
				// "Formlar" is near to "Formularen": without its ending.
				if n > limit && over > 0 && len(form) >= 5 {
					if base := unended(l.word(w)); !shapeOf(base).apart(shape, limit) {
						n = misspelled(form, base, limit)
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
	found = slices.Compact(found)
	spread := make(map[string]int, len(found))
	for _, w := range found {
		spread[w] = s.spread(w)
	}
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(spread[b], spread[a]) })
	found = found[:min(len(found), maxNear)]
	for _, form := range forms {
		found = append(found, listed(form, limit)...)
	}
	return found
}

// listed are the words of the dictionary at the least distance from one, within
// a limit.
func listed(form string, limit int) []string {
	var found []string
	shape := shapeOf(form)
	for i, w := range dictionary.words {
		if dictionary.shapes[i].apart(shape, limit) {
			continue
		}
		n := misspelled(form, w, limit)
		if n > limit {
			continue
		}
		if n < limit {
			limit, found = n, nil
		}
		found = append(found, w)
	}
	return found[:min(len(found), maxNear)]
}

// mended are ways in which a compound was probably meant that has a typing error
// in one of its two parts, while the other is as it should be.
func (s *search) mended(word string) [][]string {
	var all [][]string
	const least = 6 // letters of the part with the error
	for i := len(word) - 4; i >= 4 && len(all) < maxSplits; i-- {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		rest := word[i:]
		for _, link := range links {
			first, ok := strings.CutSuffix(word[:i], link)
			if !ok || len(first) < 4 {
				continue
			}
			switch {
			case len(rest) >= least && s.partOf(first) && !s.partOf(rest):
				for _, w := range listed(rest, errorsIn(rest)) {
					all = append(all, []string{first, w})
				}
			case len(first) >= least && s.partOf(rest) && !s.partOf(first):
				for _, w := range listed(first, errorsIn(first)) {
					all = append(all, []string{w, rest})
				}
			}
		}
	}
	return all[:min(len(all), maxSplits)]
}

// misspelled is the distance between what is typed and a word. The first letter
// of a short one is hardly ever wrong, nor one of three, unless it is swapped
// with the next.
func misspelled(typed, word string, limit int) int {
	n := limit + 1
	if word == "" {
		return n
	}
	if swapped := len(word) > 1 && typed[:2] == word[1:2]+word[:1]; len(typed) > 5 || swapped || typed[0] == word[0] {
		if n = distance(typed, word, limit); n > 2 && typed[0] != word[0] && !swapped {
			n = limit + 1
		}
	}
	return n
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
