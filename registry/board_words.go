// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/allmende-registry/allmende/adoption"
)

// needWord is a word of a need that tells what is wanted.
type needWord struct {
	text  string // as it is written
	stem  string // for words of needs to be compared by
	title bool   // it is in the title
}

// maxNeedWords is how many words of a need are looked at, those of the title first:
// as many as a search does.
const maxNeedWords = 16

// tellingWords are the words that tell what a need is after. In a description in
// German they are the nouns, which have a capital; a verb that begins a sentence
// seldom does harm.
func tellingWords(n adoption.Need) []needWord {
	var words []needWord
	add := func(text string, title, nouns bool) {
		for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' }) {
			w = strings.Trim(w, "-")
			first, _ := utf8.DecodeRuneInString(w)
			folded := foldNeed(w)
			short := utf8.RuneCountInString(w) < 4 && !isShortForm(w) || !strings.ContainsFunc(w, unicode.IsLetter)
			if len(words) == maxNeedWords || len(w) > 64 || short || nouns && !unicode.IsUpper(first) || askingWords[folded] {
				continue
			}
			stem := stemNeed(folded)
			if !slices.ContainsFunc(words, func(k needWord) bool { return k.stem == stem }) {
				words = append(words, needWord{w, stem, title})
			}
		}
	}
	add(n.Title, true, false)
	add(n.Description, false, n.Language == "" || n.Language == "de")
	return words
}

// isShortForm reports whether a word is written in capitals and digits, such as DMS.
func isShortForm(w string) bool {
	return len(w) > 1 && w == strings.ToUpper(w) && strings.ContainsFunc(w, unicode.IsLetter)
}

// foldNeed makes words comparable that differ in case and accents.
func foldNeed(w string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ReplaceAll(strings.ToLower(w), "ß", "ss")) {
		if !unicode.IsMark(r) && r != '-' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// stemNeed takes the ending off a folded word.
func stemNeed(w string) string {
	for _, end := range []string{"ern", "en", "er", "es", "em", "e", "n", "s"} {
		if s, ok := strings.CutSuffix(w, end); ok && len(s) >= 4 {
			return s
		}
	}
	return w
}

// askingWords say that something is wanted, or for whom, but not what, in German and
// English; shorter ones are not looked at anyhow.
var askingWords = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		aber alle allen aller alles also andere anderen auch bereits bisher bislang dabei damit dann darf daher davon dazu denn derzeit dies diese diesem
		diesen dieser dieses doch dort durch eine einem einen einer eines etwa etwas fuer fur gegen haben hier ihre ihrem ihren ihrer insbesondere jede jeden
		jeder jedes jetzt kann kein keine keinen konnen mehr mehrere mochte mochten muss mussen nach nicht noch oder ohne sein seine seit sich sind sollen
		soll sollte sollten sowie uber unser unsere unserem unseren unserer unter viele wahrend weil welche wenn werden wird wurde wurden zwischen zusammen
		bedarf bedarfe benotigen benotigt bieten brauchen braucht einfach einfache einfachen einfuhren einfuhrung einsatz ersetzen ersatz gemeinsam
		gemeinsame gemeinsamen gesucht geeignete geplant moglich moglichkeit moglichst nutzen nutzung suche suchen sucht wollen wunsch wunschen ziel
		losung losungen software programm anwendung anwendungen werkzeug system systeme systems produkt fachverfahren verfahren modul plattform portal
		dienst service online digital digitale digitalen digitaler digitales elektronisch elektronische elektronischen elektronischer
		verwaltung verwaltungen verwalten behorde behorden kommune kommunen kommunal kommunale kommunalen stadt stadte gemeinde gemeinden kreis kreise
		landkreis landkreise land lander landern bund amt amter stelle stellen mitarbeiter mitarbeitende mitarbeitenden beschaftigte burger burgern
		burgerin burgerinnen menschen personen offen offene offenen offener source opensource quelloffen quelloffene quelloffenen frei freie freien
		management daten funktion funktionen unterstutzung erfassung bearbeitung anforderung anforderungen jahr jahre euro
		about also been cannot could does each everything find from have into looking made make more must need needed needs only other ours that
		their them then there these they this those through want wanted wants when where which while will wish with without would your
		application applications platform portal program solution solutions system systems tool tools free public administration administrations
		authority authorities citizen citizens city municipality municipalities state states office offices staff people data`) {
		m[w] = true
	}
	return m
}()

// alikeWords knows which needs have words that are alike.
type alikeWords struct {
	words [][]needWord
	of    map[string][]string    // words like a word, by their stems, itself among them
	where map[string][]needPlace // needs with a stem
}

type needPlace struct{ need, word int }

// metWords are the numbers of words of two needs that are alike.
type metWords struct{ mine, theirs []int }

// leastStem is how many letters a word has that is looked for at the beginning and the
// end of compounds.
const leastStem = 5

func newAlikeWords(words [][]needWord) *alikeWords {
	a := &alikeWords{words: words, of: map[string][]string{}, where: map[string][]needPlace{}}
	var forward, backward []string
	for i, list := range words {
		for j, w := range list {
			if a.where[w.stem] == nil {
				forward, backward = append(forward, w.stem), append(backward, reversed(w.stem))
			}
			a.where[w.stem] = append(a.where[w.stem], needPlace{i, j})
		}
	}
	slices.Sort(forward)
	slices.Sort(backward)
	relate := func(short, long string) {
		a.of[short] = append(a.of[short], long)
		a.of[long] = append(a.of[long], short)
	}
	for _, w := range forward {
		a.of[w] = append(a.of[w], w)
		if utf8.RuneCountInString(w) < leastStem {
			continue
		}
		for long := range beginningWith(forward, w) {
			relate(w, long)
		}
		for long := range beginningWith(backward, reversed(w)) {
			relate(w, reversed(long))
		}
	}
	return a
}

// beginningWith yields the words of a sorted list that are longer than one and begin
// with it.
func beginningWith(sorted []string, w string) iter.Seq[string] {
	return func(yield func(string) bool) {
		from, found := slices.BinarySearch(sorted, w)
		if found {
			from++
		}
		for _, long := range sorted[from:] {
			if !strings.HasPrefix(long, w) || !yield(long) {
				return
			}
		}
	}
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}

// to yields the needs with words like those of one, in order.
func (a *alikeWords) to(need int) iter.Seq2[int, metWords] {
	found := map[int]*metWords{}
	for i, w := range a.words[need] {
		for _, other := range a.of[w.stem] {
			for _, p := range a.where[other] {
				if p.need == need {
					continue
				}
				m := found[p.need]
				if m == nil {
					m = &metWords{}
					found[p.need] = m
				}
				if !slices.Contains(m.mine, i) {
					m.mine = append(m.mine, i)
				}
				if !slices.Contains(m.theirs, p.word) {
					m.theirs = append(m.theirs, p.word)
				}
			}
		}
	}
	numbers := make([]int, 0, len(found))
	for n := range found {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return func(yield func(int, metWords) bool) {
		for _, n := range numbers {
			if !yield(n, *found[n]) {
				return
			}
		}
	}
}
