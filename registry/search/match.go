// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
)

// The bounds of a query's text. What is over them is not looked at.
const (
	maxText  = 4096 // bytes
	maxWords = 16
)

// kind is how a word of a query meets a word of a text, the worst first.
type kind uint8

const (
	none     kind = iota
	typo          // with typing errors
	parts         // the query's word is a compound, the text has its parts
	compound      // the text's word is a compound, the query's is in it
	prefix        // the text's word begins with it
	stem          // another form of the same word
	exact
	kinds
)

// points are what a meeting counts, to be multiplied by the field's weight.
var points = [kinds]int{typo: 2, parts: 3, compound: 4, prefix: 6, stem: 9, exact: 10}

// sameName is added where the entry's name is the whole query.
const sameName = 1000

// meeting is one term that met a word of the query.
type meeting struct {
	*posting
	kind
}

// match is what one word of a query found.
type match struct {
	docs *roaring.Bitmap // alive
	how  [kinds]posting  // which entries met it how and where; it may tell of others too
}

var nothing = match{docs: roaring.New()}

// words are a query's words, each as its parts between joints.
func words(text string) [][]string {
	var all, telling [][]string
	for w := range split(cut(text, maxText)) {
		if len(all) == maxWords {
			break
		}
		all = append(all, w)
		if len(w) > 1 || !stopWords[w[0]] {
			telling = append(telling, w)
		}
	}
	if len(telling) > 0 {
		return telling
	}
	return all
}

// matches finds what each word finds; they end early where one finds nothing.
func (c *catalogue) matches(ctx context.Context, words [][]string) ([]match, error) {
	var all []match
	for i, parts := range words {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m := c.word(parts, i == len(words)-1)
		all = append(all, m)
		if m.docs.IsEmpty() {
			break
		}
	}
	return all, nil
}

// word looks a word up: written together or, where it has joints, all its
// parts.
func (c *catalogue) word(parts []string, last bool) match {
	whole := strings.Join(parts, "")
	if len(parts) == 1 {
		m := c.lookup(whole, last)
		if m.docs.IsEmpty() {
			m = c.split(whole)
		}
		if m.docs.IsEmpty() {
			m = c.near(whole)
		}
		return m
	}
	m := c.lookup(cut(whole, maxWord), last)
	var each []match
	for i, part := range parts[:min(len(parts), maxWords)] {
		each = append(each, c.lookup(part, last && i == len(parts)-1))
	}
	m = either(m, every(each))
	if m.docs.IsEmpty() {
		m = c.near(cut(whole, maxWord))
	}
	return m
}

// lookup finds the word in every form but split or misspelled.
func (c *catalogue) lookup(word string, last bool) match {
	var met []meeting
	forms := spellings(word)
	for _, s := range forms {
		if p := c.terms.words[s]; p != nil {
			met = append(met, meeting{p, exact})
		}
	}
	for _, s := range slices.Clone(forms) {
		for _, st := range stems(s, anyLanguage) {
			if p := c.terms.stems[st]; p != nil {
				met = append(met, meeting{p, stem})
			}
			if !slices.Contains(forms, st) && utf8.RuneCountInString(st) >= 3 {
				forms = append(forms, st)
			}
		}
	}
	least := 3 // letters from which a word is looked for as a beginning
	if last {
		least = 2
	}
	for _, s := range forms {
		switch n := utf8.RuneCountInString(s); {
		case n >= 4:
			for t, begins := range c.terms.containing(s) {
				k := compound
				if begins {
					k = prefix
				}
				met = append(met, meeting{t.posting, k})
			}
		case n >= least:
			for t := range c.terms.beginning(s) {
				met = append(met, meeting{t.posting, prefix})
			}
		}
	}
	return c.found(met)
}

// links are the letters that German puts between the parts of a compound.
var links = []string{"", "s", "es", "n", "en", "er", "e"}

// split takes the word for a compound of two that the catalogue knows and
// finds the entries with both. The longest first part that finds any wins.
func (c *catalogue) split(word string) match {
	for _, s := range spellings(word) {
		for i := len(s) - 4; i >= 4; i-- {
			if !utf8.RuneStart(s[i]) {
				continue
			}
			second := c.known(s[i:])
			if second.docs.IsEmpty() {
				continue
			}
			for _, link := range links {
				first, ok := strings.CutSuffix(s[:i], link)
				if !ok || len(first) < 4 {
					continue
				}
				if m := every([]match{c.known(first), second}); !m.docs.IsEmpty() {
					return m
				}
			}
		}
	}
	return nothing
}

// known finds a part of a compound, as it is or in another form.
func (c *catalogue) known(part string) match {
	var met []meeting
	if p := c.terms.words[part]; p != nil {
		met = append(met, meeting{p, parts})
	}
	for _, st := range stems(part, germanText) {
		if p := c.terms.stems[st]; p != nil {
			met = append(met, meeting{p, parts})
		}
	}
	return c.found(met)
}

// near takes the word for misspelled: one error from four letters on, two from
// eight.
func (c *catalogue) near(word string) match {
	limit := 0
	switch n := utf8.RuneCountInString(word); {
	case n >= 8:
		limit = 2
	case n >= 4:
		limit = 1
	default:
		return nothing
	}
	var met []meeting
	for _, t := range c.terms.near(spellings(word), limit) {
		met = append(met, meeting{t.posting, typo})
	}
	return c.found(met)
}

// found is the match of terms that met.
func (c *catalogue) found(met []meeting) match {
	var lists [kinds][fields][]*roaring.Bitmap
	for _, m := range met {
		for f, docs := range m.posting {
			if docs != nil {
				lists[m.kind][f] = append(lists[m.kind][f], docs)
			}
		}
	}
	var m match
	var all []*roaring.Bitmap
	for k := range lists {
		for f, list := range lists[k] {
			if len(list) > 0 {
				m.how[k][f] = roaring.FastOr(list...)
				all = append(all, m.how[k][f])
			}
		}
	}
	m.docs = roaring.FastOr(all...)
	m.docs.And(c.alive)
	return m
}

func either(a, b match) match {
	a.docs = roaring.Or(a.docs, b.docs)
	a.learn(b)
	return a
}

func every(all []match) match {
	m := all[0]
	for _, a := range all[1:] {
		m.docs = roaring.And(m.docs, a.docs)
		m.learn(a)
	}
	return m
}

// learn adds how another match came about.
func (m *match) learn(other match) {
	for k := range m.how {
		for f, docs := range other.how[k] {
			switch {
			case docs == nil:
			case m.how[k][f] == nil:
				m.how[k][f] = docs
			default:
				m.how[k][f] = roaring.Or(m.how[k][f], docs)
			}
		}
	}
}

// scores rates docs, which all matched: by word and field the best meeting
// counts.
func (c *catalogue) scores(docs *roaring.Bitmap, matches []match, name string) []int {
	scores := make([]int, len(c.docs))
	for _, m := range matches {
		for f := range fields {
			rest := docs.Clone()
			for k := kinds - 1; k > none; k-- {
				if has := m.how[k][f]; has != nil {
					for n := range roaring.Values(roaring.And(rest, has)) {
						scores[n] += weight[f] * points[k]
					}
					rest.AndNot(has)
				}
			}
		}
	}
	for n := range roaring.Values(docs) {
		if c.docs[n].name == name {
			scores[n] += sameName
		}
	}
	return scores
}
