// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A text is compared as its words. What tells no licence from another is left out:
// case, punctuation, line breaks, comment signs, addresses, copyright lines,
// single letters and small numbers (which count clauses). So are Latin letters
// beyond ASCII, which wrong encodings spoil; other alphabets stay.

// word is a word by its hash, with where it stands.
type word struct {
	hash
	from, to int32 // byte offsets
}

// hash stands for a word. Its lowest bit says that the word is telling.
type hash uint32

func (h hash) telling() bool { return h&1 == 1 }

// hashes are those of words.
func hashes(words []word) []hash {
	out := make([]hash, len(words))
	for i, w := range words {
		out[i] = w.hash
	}
	return out
}

const (
	hashStart = 2166136261 // FNV-1a
	hashPrime = 16777619
)

func hashOf(s string) uint32 {
	h := uint32(hashStart)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * hashPrime
	}
	return h
}

// sense is what a word is besides its letters.
type sense struct {
	same    uint32 // the word that it is taken for, where it means the same
	telling bool   // one cannot add it to a licence or leave it out without changing what it says
	counts  bool   // it counts clauses
}

// tellingWords are as wordsOf spells them.
const tellingWords = "not no never only solely except unless without exclusively " +
	"commercial commercially noncommercial prohibited forbidden restricted military evil " +
	"sell sublicense fee fees royalty royalties charge permission consent approval noninfringement " +
	"nicht nur kein keine kommerziell kommerzielle kommerziellen nichtkommerziell nichtkommerzielle " +
	"nichtkommerziellen ausschlielich untersagt verboten ausgenommen zustimmung " +
	"solo esclusivamente commerciale commerciali vietato vietata divieto " +
	"pas uniquement exclusivement interdit interdite sauf commerciales " + //nolint:misspell // French
	"niet geen alleen uitsluitend commercile verboden"

// sameWords are pairs of words of which the second is taken for the first: the
// equivalent words of the SPDX licence list (SPDX 2.3, annex B, varietal word
// spelling). Licence and license, sub-license and sublicense, and non-commercial
// and noncommercial are one without it; "per" of "per cent" is too little to matter.
//
//nolint:misspell // that is what it is about
const sameWords = "acknowledgement acknowledgment analog analogue analyze analyse artifact artefact " +
	"authorization authorisation authorized authorised caliber calibre canceled cancelled " +
	"capitalizations capitalisations catalog catalogue categorize categorise center centre " +
	"emphasized emphasised favor favour favorite favourite fulfill fulfil fulfillment fulfilment " +
	"initialize initialise judgement judgment labeling labelling labor labour maximize maximise " +
	"modeled modelled modeling modelling offense offence optimize optimise organization organisation " +
	"organize organise percent cent practice practise program programme realize realise recognize recognise " +
	"signaling signalling utilization utilisation while whilst wilful willful wilful wilfull " +
	"holder owner holders owners"

// senses are those of words that have any.
var senses = func() map[uint32]sense {
	m := map[uint32]sense{}
	for w := range strings.FieldsSeq(tellingWords) {
		m[hashOf(w)] = sense{telling: true}
	}
	for w := range strings.FieldsSeq("ii iii iv vi vii viii ix xi xii") {
		m[hashOf(w)] = sense{counts: true}
	}
	pair := strings.Fields(sameWords)
	for i := 0; i < len(pair); i += 2 {
		m[hashOf(pair[i+1])] = sense{same: hashOf(pair[i])}
	}
	return m
}()

// copyrightLine is a line that says whose a work is, and since when.
var copyrightLine = pattern(`(?i)^[^\pL\pN<(\[©]{0,20}(?:portions\s+|SPDX-FileCopyrightText:\s*)?` +
	`(?:(?:copyright|copr\.?)[\s:*_]*(?:\(c\)|©|&copy;|(?:by\s+)?[<\[{]|\d{4})|(?:\(c\)|©)\s*(?:copyright\b|[<\[{]|\d{4})|all rights reserved\W*$)`)

// longLine is from how many bytes on a copyright line is taken to go on with
// something else behind its first sentence.
const longLine = 240

// wordsOf splits a text, at most limit words. Words that a line break or a hyphen
// parts are put together where v, which may be nil, has what they make.
func wordsOf(s string, limit int, v *vocabulary) []word {
	t := tokenizer{out: make([]word, 0, min(limit, len(s)/6+8)), limit: limit, words: v}
	for at := 0; at < len(s) && len(t.out) < limit; {
		end := at
		for end < len(s) && s[end] != '\n' && s[end] != '\v' {
			end++
		}
		if from := at + asideOf(s[at:end]); from < end {
			t.split(s, from, end)
		}
		at = end + 1
	}
	return t.out
}

// asideOf returns how much of a line is no text of a licence.
func asideOf(line string) int {
	head := line[:min(len(line), 200)]
	if !mayBeCopyright(head) || !copyrightLine().MatchString(head) {
		return 0
	}
	if len(line) <= longLine {
		return len(line)
	}
	for i := 20; i < longLine; i++ {
		if line[i] == '.' && line[i+1] == ' ' && line[i-1] >= 'a' {
			return i
		}
	}
	return 0
}

// mayBeCopyright is a quick look before the regular expression.
func mayBeCopyright(head string) bool {
	for i := 0; i+1 < min(len(head), 60); i++ {
		switch head[i] {
		case 'c', 'C', 'a', 'A', 'p', 'P', 's', 'S', '(', 0xC2, '&':
			return true
		}
		if head[i] >= 'a' && head[i] <= 'z' || head[i] >= 'A' && head[i] <= 'Z' {
			return false
		}
	}
	return false
}

// tokenizer collects words.
type tokenizer struct {
	out   []word
	limit int
	words *vocabulary
	// begun is a word of which only the beginning was read, "non" or "sub", which
	// belong to the next word, behind a hyphen or not.
	begun start
	// parted is the last word where a hyphen and a space or a line break follow.
	parted start
}

// start is the beginning of a word; none where letters is 0.
type start struct {
	spelling
	from int
}

// split adds the words of s[from:end].
func (t *tokenizer) split(s string, from, end int) {
	for i := from; i < end && len(t.out) < t.limit; {
		if !letterAt(s, i) {
			i++
			continue
		}
		at := i
		begun := t.begun
		w := spelling{hash: hashStart}
		if begun.letters > 0 {
			w.hash, w.negated = begun.hash, begun.negated
		}
		w, i = spell(w, s, i, end)
		if i == at { // a sign that letterAt took for a letter
			_, size := utf8.DecodeRuneInString(s[i:end])
			i += size
			continue
		}
		if isAddress(s[at:end], i-at) {
			for i < end && s[i] > ' ' && s[i] != '>' && s[i] != ')' && s[i] != ']' && s[i] != '"' {
				i++
			}
			continue
		}
		means := senses[w.hash]
		if w.letters < 2 || w.digits == w.letters && w.letters < 3 || means.counts {
			continue
		}
		if begun.letters == 0 && (w.hash == non || w.hash == sub) {
			t.begun = start{w, at}
			continue
		}
		parted := t.parted
		t.begun, t.parted = start{}, start{}
		if begun.letters > 0 {
			at = begun.from
		} else if parted.letters > 0 && len(t.out) > 0 {
			if whole, _ := spell(parted.spelling, s, at, end); t.words.has(whole.hash) {
				w, means, at = whole, senses[whole.hash], parted.from
				t.out = t.out[:len(t.out)-1]
			}
		}
		if t.words != nil && i+1 < len(s) && s[i] == '-' && (s[i+1] == '\n' || s[i+1] == ' ') {
			t.parted = start{w, at}
		}
		if means.same != 0 {
			w.hash = means.same
		}
		out := word{hash(w.hash &^ 1), int32(at), int32(i)} //nolint:gosec // texts are far shorter
		if w.negated || means.telling {
			out.hash |= 1
		}
		t.out = append(t.out, out)
	}
}

// spelling is what has been read of a word.
type spelling struct {
	hash            uint32
	letters, digits int
	negated         bool // begins with "non"
}

// spell goes on with a word at s[i], up to end, and returns where it ends.
func spell(w spelling, s string, i, end int) (spelling, int) {
	for i < end {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			c |= 0x20
			if c == 'c' && (w.hash == licen || w.hash == sublicen) {
				c = 's'
			}
		case c >= '0' && c <= '9':
			w.digits++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:end])
			switch {
			case r == utf8.RuneError, r == 0xAD, unicode.Is(unicode.Mn, r), r >= 0xAA && r < 0x250 && unicode.IsLetter(r):
				i += size
				continue // spoilt by encodings
			case unicode.IsLetter(r):
				for _, b := range []byte(string(unicode.ToLower(r))) {
					w.hash = (w.hash ^ uint32(b)) * hashPrime
				}
				w.letters += 2
				i += size
				continue
			}
			return w, i
		default:
			return w, i
		}
		w.hash = (w.hash ^ uint32(c)) * hashPrime
		w.letters++
		i++
		w.negated = w.negated || w.letters == 3 && w.hash == non
	}
	return w, i
}

// isAddress reports an address whose scheme has n letters.
func isAddress(s string, n int) bool {
	return s[0] == 'h' && n <= 5 && n+2 < len(s) && s[n] == ':' && s[n+1] == '/' && s[n+2] == '/'
}

var (
	licen, sublicen = hashOf("licen"), hashOf("sublicen") // what licence and license share
	non, sub        = hashOf("non"), hashOf("sub")
)

// vocabulary is the words of the known texts, with some others by chance.
type vocabulary [1 << 13]uint64

const vocabularyBits = 13 + 6

func (v *vocabulary) add(h uint32) {
	h = (h &^ 1) * 2654435761 >> (32 - vocabularyBits)
	v[h>>6] |= 1 << (h & 63)
}

func (v *vocabulary) has(h uint32) bool {
	if v == nil {
		return false
	}
	if s := senses[h].same; s != 0 {
		h = s
	}
	h = (h &^ 1) * 2654435761 >> (32 - vocabularyBits)
	return v[h>>6]&(1<<(h&63)) != 0
}

func letterAt(s string, i int) bool {
	c := s[i]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}
