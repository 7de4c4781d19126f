// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is the longest word in bytes; what is over it is cut off, in texts as
// in queries.
const maxWord = 64

// joints stand inside words: E-Akte, Node.js, Bürger:innen. A word with joints
// is found by its parts and by all of it written together.
const joints = "-\u2010\u2011'’_.:*"

// nextWord finds the first word of a text with the joints in it; start is
// negative where there is none.
func nextWord(text string) (start, end int) {
	start = -1
	for i := 0; i < len(text); {
		size, is := 1, false
		if c := text[i]; c < utf8.RuneSelf {
			is = asciiWord[c]
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			is = inWord(r)
		}
		switch {
		case is && start < 0:
			start = i
		case !is && start >= 0 && !joined(text[i:]):
			return start, i
		}
		i += size
	}
	return start, len(text)
}

// asciiWord says which ASCII characters are letters or digits.
var asciiWord = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return is
}()

// split yields the words of a text as the parts between their joints, folded.
// Text of letters and digits alone makes one part.
func split(text string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for {
			start, end := nextWord(text)
			if start < 0 {
				return
			}
			if parts := partsOf(text[start:end]); len(parts) > 0 && !yield(parts) {
				return
			}
			text = text[end:]
		}
	}
}

// partsOf are the parts of a word between its joints, folded.
func partsOf(word string) []string {
	if isPlain(word) {
		return []string{fold(word)}
	}
	var parts []string
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return !inWord(r) }) {
		if part = fold(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// isPlain reports a word of ASCII letters and digits alone.
func isPlain(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf || !asciiWord[word[i]] {
			return false
		}
	}
	return word != ""
}

// inWord takes in combining marks, and the soft hyphen that fold takes away.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\u00ad'
}

// joined reports whether text begins with a joint and goes on with a word.
func joined(text string) bool {
	if text[0] == ' ' {
		return false
	}
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
	if isASCII(word) {
		return cut(strings.ToLower(word), maxWord)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(letters.Replace(strings.ToLower(norm.NFC.String(word)))) {
		if !unicode.IsMark(r) && r != utf8.RuneError {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return cut(strings.ReplaceAll(b.String(), "ß", "ss"), maxWord)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
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

// plain is the spelling that all of a folded word have in common: umlauts and
// their like written as two letters lose the second, so that "Antraege" meets
// "Anträge", "Koebenhavn" "København" and "Aarhus" "Århus", and "Abenteuer"
// stays what it is: no umlaut follows a vowel or a q.
func plain(word string) string {
	var b []byte
	for i := range len(word) {
		if i > 0 && (i == 1 || !isOneOf(word[i-2], "aeiouyq")) &&
			(word[i] == 'e' && isOneOf(word[i-1], "aou") || i == 1 && word[:2] == "aa") {
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
		return word
	}
	return string(b)
}

func isOneOf(c byte, set string) bool { return strings.IndexByte(set, c) >= 0 }

// stopWords are left out of a query that has other words: they say nothing of
// a software, and a text without them must not be lost for that.
var stopWords = wordSet(`
	der die das den dem des ein eine einer eines einem einen und oder fur von vom mit zu zum zur im in am an auf bei beim aus nach uber
	ist sind war wird werden werde kann konnen muss mussen soll sollen mochte will wollen habe haben hat gibt
	ich wir man sie er es du mich uns mein meine meinen unser unsere ihr ihre sich wie wo was wer wann warum welche welcher welches
	als auch dass durch gegen zwischen wegen unter vor seit um wenn ob nicht nur so sowie bzw etwa etwas alle alles jede jeder schon noch
	the a an of for and or to in on with by from at as is are be can do does how what where which who why i my we our us you your
	there this that need want would should have has`)

// fillers need not be found where a query has other words, because a catalogue
// of software for administrations hardly ever says of an entry that it is one.
// Where they are found they count a little.
var fillers = wordSet(`
	software programm programme anwendung anwendungen losung losungen tool tools werkzeug app apps system systeme systems
	solution solutions application program programs product produkt produkte
	online digital digitale digitaler digitales digitalen elektronisch elektronische elektronischer elektronisches elektronischen electronic
	verwaltung verwaltungen behorde behorden kommune kommunen kommunal kommunale kommunaler kommunales kommunalen
	open source opensource frei freie freier freies kostenlos kostenlose free
	burger burgerin burgerinnen burgern citizen citizens suche finde finden brauche gesucht find looking`)

// generic are parts that say little of what a compound is about.
var generic = wordSet(`
	software programm anwendung fachanwendung verfahren fachverfahren losung tool werkzeug app system modul
	verwaltung management portal plattform dienst service server online digital web
	suche darstellung anzeige ubersicht erfassung bearbeitung abwicklung auskunft unterstutzung organisation steuerung assistent finder`)

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}
