// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
	"golang.org/x/text/unicode/norm"
)

// maxWord is the longest word in bytes; what is over it is cut off, in texts as
// in queries.
const maxWord = 64

// joints stand inside words: E-Akte, Node.js, Bürger:innen. A word with joints
// is found by its parts and by all of it written together.
const joints = "-\u2010\u2011'’_.:*"

// split yields the words of a text as the parts between their joints, folded.
// Text of letters and digits alone makes one part.
func split(text string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		var parts []string
		for text != "" {
			start := strings.IndexFunc(text, inWord)
			if start < 0 {
				break
			}
			text = text[start:]
			end := strings.IndexFunc(text, func(r rune) bool { return !inWord(r) })
			if end < 0 {
				end = len(text)
			}
			if part := fold(text[:end]); part != "" {
				parts = append(parts, part)
			}
			text = text[end:]
			if joined(text) {
				continue
			}
			if len(parts) > 0 && !yield(parts) {
				return
			}
			parts = nil
		}
		if len(parts) > 0 {
			yield(parts)
		}
	}
}

// inWord takes in combining marks, and the soft hyphen that fold takes away.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\u00ad'
}

// joined reports whether text begins with a joint and goes on with a word.
func joined(text string) bool {
	joint, n := utf8.DecodeRuneInString(text)
	if !strings.ContainsRune(joints, joint) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[n:])
	return inWord(next) && next != utf8.RuneError
}

var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ł", "l", "ı", "i", "\u00ad", "")

// fold makes upper and lower case, composed and decomposed letters, and letters
// with and without diacritics the same: Ä and a, ß and ss.
func fold(word string) string {
	if len(word) > 8*maxWord { // bound the work before the exact cut
		word = cut(word, 8*maxWord)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(letters.Replace(strings.ToLower(norm.NFC.String(word)))) {
		if !unicode.IsMark(r) && r != utf8.RuneError {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return cut(strings.ReplaceAll(b.String(), "ß", "ss"), maxWord)
}

// cut shortens s to at most n bytes, between two letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// spellings are the forms of a folded word that texts and queries meet in: the
// word as it is and, where it may hold umlauts written as two letters, without
// their e. So "Antraege" meets "Anträge" and "Antrage", and "Abenteuer" stays
// what it is: no umlaut follows a vowel or a q.
func spellings(word string) []string {
	var b []byte
	for i := range len(word) {
		if word[i] == 'e' && i > 0 && isOneOf(word[i-1], "aou") && (i == 1 || !isOneOf(word[i-2], "aeiouyq")) {
			if b == nil {
				b = append(make([]byte, 0, len(word)), word[:i]...)
			}
			continue
		}
		if b != nil {
			b = append(b, word[i])
		}
	}
	if b == nil {
		return []string{word}
	}
	return []string{word, string(b)}
}

func isOneOf(c byte, set string) bool { return strings.IndexByte(set, c) >= 0 }

// language is the tongue that a text is stemmed in.
type language int

const (
	anyLanguage language = iota // names and queries: both
	germanText
	englishText
	otherText // not stemmed
)

// languageOf reads a BCP 47 tag.
func languageOf(tag string) language {
	primary, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch primary {
	case "de":
		return germanText
	case "en":
		return englishText
	}
	return otherText
}

// stems are the stems of a folded word.
func stems(word string, in language) []string {
	var all []string
	if in == germanText || in == anyLanguage {
		env := snowballstem.NewEnv(word)
		german.Stem(env)
		all = append(all, env.Current())
	}
	if in == englishText || in == anyLanguage {
		env := snowballstem.NewEnv(word)
		english.Stem(env)
		if s := env.Current(); len(all) == 0 || all[0] != s {
			all = append(all, s)
		}
	}
	return all
}

// stopWords are left out of a query that has other words: they say nothing of
// a software, and a text without them must not be lost for that.
var stopWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		der die das den dem des ein eine einer eines einem einen und oder fur von vom mit zu zum zur im am an auf bei aus nach uber
		the a an of for and or to in on with by from`) {
		m[w] = true
	}
	return m
}()
