// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package detect tells which licence a text is, or which it names.
//
// A text is compared word by word with the texts of the SPDX licence list
// (npm package spdx-license-list 6.12.0) and those in the folder texts: EUPL-1.2
// in the other 22 languages in which it was published, and frequent exceptions.
// Headings, copyright lines, what stands behind the terms ("How to apply") and the
// decoration of Markdown, HTML and RTF do not count; nor do British and American
// spelling, words that a hyphen parts, and single letters mistyped.
//
// Not recognised as a text is what no collection had when this was made: EUPL-1.1
// in any language but English; of these it is the line "EUPL © …" that is
// recognised, as a Notice. Neither are licences that have no SPDX identifier, and
// translations without official standing. A text of which only the beginning is
// there is Modified, from about a fifth of it on, and one of another version in
// some clauses, such as CDDL-1.0 with a paragraph of CDDL-1.1, too. A notice is not
// weighed: "MIT, but not for sale" may be read as MIT. What may not be told from a
// text is whether later versions are allowed: GPL-3.0-only and GPL-3.0-or-later
// have the same; then the family is given, "GPL-3.0".
package detect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// MaxText is how much of a text is read, in bytes.
const MaxText = 256 << 10

// maxWords is how many words a text of MaxText bytes can have.
const maxWords = MaxText/3 + 1

// maxMatches is how many matches are returned.
const maxMatches = 40

// Kind is how a text speaks of a licence.
type Kind string

// The kinds.
const (
	FullText Kind = "text"     // the licence itself
	Modified Kind = "modified" // the licence with changes that may alter what it says
	Notice   Kind = "notice"   // a sentence, a header or an SPDX-License-Identifier line that names it
	Pointer  Kind = "pointer"  // the text leads to LICENSES/ or another file
)

// Match is one licence found in a text.
type Match struct {
	// SPDX is the identifier; the family ("GPL-3.0") where the text leaves open
	// whether later versions are meant; an expression where a notice has one; the
	// exception's identifier for its text. A Pointer may have none.
	SPDX string
	// Confidence is the share of words that agree for a text, and how plain the
	// statement is for the others; from 0 to 1.
	Confidence float64
	Kind       Kind
	// Line and EndLine are the first and last line, from 1.
	Line, EndLine int
}

// Text recognises the licences of a text: full texts first, the longest before
// the others, then modified ones, notices and pointers. It returns nil where it
// recognises none. Of src only the first MaxText bytes are read.
func Text(src []byte) []Match {
	s := decode(src)
	l := known()
	words := wordsOf(s, maxWords, &l.words)
	found := l.find(s, words)
	lines := newlines(s)
	var out []Match
	at := 0
	var open []span // what is no licence's text
	for i, p := range found {
		from, to := int(words[p.from()].from), int(words[p.to()-1].to)
		open = append(open, span{at, from})
		at = to
		next := len(s)
		if i+1 < len(found) {
			next = int(words[found[i+1].from()].from)
		}
		m := Match{SPDX: p.text.id, Confidence: p.share(), Kind: FullText, Line: lines.at(from), EndLine: lines.at(to)}
		before, behind := s[max(open[i].from, from-nearBefore):from], s[to:min(next, to+nearBehind)]
		if m.Confidence < certain || p.changed(s, words) || restricts(before) || restricts(behind) {
			m.Kind = Modified
		}
		out = append(out, m)
	}
	open = append(open, span{at, len(s)})
	out = append(out, notices(s, open, lines, out)...)
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(
			cmp.Compare(rank[a.Kind], rank[b.Kind]),
			cmp.Compare(b.length(), a.length()),
			cmp.Compare(b.Confidence, a.Confidence),
		)
	})
	return out[:min(len(out), maxMatches)]
}

var rank = map[Kind]int{FullText: 0, Modified: 1, Notice: 2, Pointer: 3}

// length is the length of a licence's text in lines, 0 for others.
func (m Match) length() int {
	if m.Kind == Notice || m.Kind == Pointer {
		return 0
	}
	return m.EndLine - m.Line + 1
}

// find returns the passages of known texts in the order of the file s.
func (l *library) find(s string, words []word) []passage {
	file := hashes(words)
	of := grams(file, aligned)
	var all []passage
	for _, t := range l.likely(file) {
		all = append(all, passages(t, of)...)
	}
	for i := range all {
		p := &all[i]
		at := int(words[p.from()].from)
		p.score = p.matched - p.missing - p.extra
		if otherVersion(p.text.id, s[max(0, at-heading/2):min(len(s), at+heading)]) {
			p.score -= p.matched / 10
		}
	}
	slices.SortStableFunc(all, func(a, b passage) int {
		return cmp.Or(
			cmp.Compare(b.score, a.score),
			cmp.Compare(len(a.text.id), len(b.text.id)),
			strings.Compare(a.text.id, b.text.id),
		)
	})
	var out []passage
	for _, p := range all {
		free := func(o passage) bool { return p.to() <= o.from() || p.from() >= o.to() }
		if !slices.ContainsFunc(out, func(o passage) bool { return !free(o) }) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b passage) int { return a.from() - b.from() })
	return out
}

// heading is about how long the beginning of a licence is that says its version,
// in bytes.
const heading = 300

var (
	versionOf   = pattern(`-(\d+(?:\.\d+)*)`)
	versionSaid = pattern(`(?i)\bv(?:ersion|ersione|ersie)?\.?\s*(\d+(?:\.\d+)*)`)
)

// otherVersion reports a beginning that names versions, but not the one of the
// identifier. Texts of two versions may differ in little besides.
func otherVersion(id, beginning string) bool {
	own := versionOf().FindStringSubmatch(id)
	said := versionSaid().FindAllStringSubmatch(beginning, -1)
	return own != nil && said != nil && !slices.ContainsFunc(said, func(m []string) bool {
		return strings.TrimSuffix(m[1], ".0") == strings.TrimSuffix(own[1], ".0")
	})
}

// span is a part of a text, in bytes.
type span struct{ from, to int }

// lineEnds are the offsets of line breaks.
type lineEnds []int

func newlines(s string) (out lineEnds) {
	for i := range len(s) {
		if s[i] == '\n' {
			out = append(out, i)
		}
	}
	return out
}

// at returns the line of an offset, from 1.
func (l lineEnds) at(offset int) int {
	n, _ := slices.BinarySearch(l, offset)
	return n + 1
}

// family is what identifiers have in common, also of an expression's only one.
func family(id string) string { return spdx.Family(strings.TrimSuffix(id, "+")) }
