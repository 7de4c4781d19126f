// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"regexp"
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

// telling are words that one cannot add to a licence or leave out of it without
// changing what it says, as wordsOf spells them.
var telling = func(words ...string) map[uint32]bool {
	m := map[uint32]bool{}
	for _, w := range words {
		m[hashOf(w)] = true
	}
	return m
}(
	"not", "no", "never", "only", "solely", "except", "unless", "without", "exclusively",
	"commercial", "commercially", "noncommercial", "prohibited", "forbidden", "restricted", "military", "evil",
	"sell", "sublicense", "fee", "fees", "royalty", "royalties", "charge", "permission", "consent", "approval",
	"nicht", "nur", "kein", "keine", "kommerziell", "kommerzielle", "kommerziellen", "nichtkommerziell", "nichtkommerzielle",
	"nichtkommerziellen", "ausschlielich", "untersagt", "verboten", "ausgenommen", "zustimmung",
	"solo", "esclusivamente", "commerciale", "commerciali", "vietato", "vietata", "divieto",
	"pas", "uniquement", "exclusivement", "interdit", "interdite", "sauf", "commerciales", //nolint:misspell // French
	"niet", "geen", "alleen", "uitsluitend", "commercile", "verboden",
)

// copyrightLine is a line that says whose a work is, and since when.
var copyrightLine = regexp.MustCompile(`(?i)^[^\pL\pN<(\[©]{0,20}(?:portions\s+|SPDX-FileCopyrightText:\s*)?` +
	`(?:(?:copyright|copr\.?)[\s:*_]*(?:\(c\)|©|&copy;|(?:by\s+)?[<\[{]|\d{4})|(?:\(c\)|©)\s*(?:copyright\b|[<\[{]|\d{4})|all rights reserved\W*$)`)

// longLine is from how many bytes on a copyright line is taken to go on with
// something else behind its first sentence.
const longLine = 240

// wordsOf splits a text, at most limit words.
func wordsOf(s string, limit int) []word {
	t := tokenizer{out: make([]word, 0, min(limit, len(s)/6+8)), limit: limit}
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
	if !mayBeCopyright(head) || !copyrightLine.MatchString(head) {
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
	// not is where "non" stood, which belongs to the next word, behind a hyphen or
	// not; 1 more than the offset.
	not int
}

// split adds the words of s[from:end].
func (t *tokenizer) split(s string, from, end int) {
	for i := from; i < end && len(t.out) < t.limit; {
		if !letterAt(s, i) {
			i++
			continue
		}
		start, length, digits := i, 0, 0
		h := uint32(hashStart)
		negated := t.not > 0 // begins with "non"
		if negated {
			h = non
		}
	letters:
		for i < end {
			c := s[i]
			switch {
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
				c |= 0x20
				if c == 'c' && length == 5 && h == licen {
					c = 's'
				}
			case c >= '0' && c <= '9':
				digits++
			case c >= utf8.RuneSelf:
				r, size := utf8.DecodeRuneInString(s[i:end])
				switch {
				case r == utf8.RuneError, r == 0xAD, unicode.Is(unicode.Mn, r), r >= 0xAA && r < 0x250 && unicode.IsLetter(r):
					i += size
					continue // spoilt by encodings
				case unicode.IsLetter(r):
					for _, b := range []byte(string(unicode.ToLower(r))) {
						h = (h ^ uint32(b)) * hashPrime
					}
					length += 2
					i += size
					continue
				}
				break letters
			default:
				break letters
			}
			h = (h ^ uint32(c)) * hashPrime
			length++
			i++
			negated = negated || length == 3 && h == non
		}
		if i == start { // a sign that letterAt took for a letter
			_, size := utf8.DecodeRuneInString(s[i:end])
			i += size
			continue
		}
		if s[start] == 'h' && i < end && s[i] == ':' && i-start <= 5 && i+2 < end && s[i+1] == '/' && s[i+2] == '/' {
			for i < end && s[i] > ' ' && s[i] != '>' && s[i] != ')' && s[i] != ']' && s[i] != '"' {
				i++
			}
			continue
		}
		if length < 2 || digits == length && length < 3 || numerals[h] {
			continue
		}
		if h == non && t.not == 0 {
			t.not = start + 1
			continue
		}
		w := word{hash(h &^ 1), int32(start), int32(i)} //nolint:gosec // texts are far shorter
		if negated || telling[h] {
			w.hash |= 1
		}
		if t.not > 0 {
			w.from = int32(t.not - 1) //nolint:gosec // as above
			t.not = 0
		}
		t.out = append(t.out, w)
	}
}

var (
	licen = hashOf("licen") // what licence and license share
	non   = hashOf("non")
)

// numerals count clauses.
var numerals = map[uint32]bool{
	hashOf("ii"): true, hashOf("iii"): true, hashOf("iv"): true, hashOf("vi"): true,
	hashOf("vii"): true, hashOf("viii"): true, hashOf("ix"): true, hashOf("xi"): true, hashOf("xii"): true,
}

func letterAt(s string, i int) bool {
	c := s[i]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}
