// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of a query's text. What is over them is not looked at.
const (
	maxText  = 4096 // bytes
	maxWords = 16
)

// question is a query's text, taken apart.
type question struct {
	wanted, unwanted []clause
	filters          []textFilter
}

// clause is something that must be found, or must not.
type clause struct {
	written  string     // as it stands in the query
	words    [][]string // each as its parts between joints, folded
	phrase   bool       // the words must follow one another
	last     bool       // the word may still be in the making
	filler   bool       // it need not be found
	synonyms [][]string // other words for it, each folded
}

// textFilter is a filter within the text: lizenz:MIT.
type textFilter struct {
	facet registry.Facet
	value string
	not   bool
}

// filterNames are the names of the filters in a text, folded.
var filterNames = map[string]registry.Facet{
	"lizenz": registry.FacetLicence, "licence": registry.FacetLicence, "license": registry.FacetLicence,
	"lizenzart": registry.FacetLicenceCategory, "licencecategory": registry.FacetLicenceCategory, "licensecategory": registry.FacetLicenceCategory,
	"kategorie": registry.FacetCategory, "category": registry.FacetCategory,
	"land": registry.FacetRegion, "bundesland": registry.FacetRegion, "region": registry.FacetRegion, "state": registry.FacetRegion, "country": registry.FacetRegion,
	"ebene": registry.FacetRegionKind, "level": registry.FacetRegionKind,
	"status": registry.FacetStatus, "reife": registry.FacetStatus,
	"herausgeber": registry.FacetPublisher, "publisher": registry.FacetPublisher, "organisation": registry.FacetPublisher, "organization": registry.FacetPublisher,
	"urteil": registry.FacetVerdict, "verdict": registry.FacetVerdict,
	"bereich": registry.FacetScope, "scope": registry.FacetScope,
	"art": registry.FacetSoftwareType, "typ": registry.FacetSoftwareType, "type": registry.FacetSoftwareType,
	"plattform": registry.FacetPlatform, "platform": registry.FacetPlatform,
	"sprache": registry.FacetLanguage, "language": registry.FacetLanguage, "lang": registry.FacetLanguage,
	"pflege": registry.FacetMaintenance, "wartung": registry.FacetMaintenance, "maintenance": registry.FacetMaintenance,
	"standard": registry.FacetSupports, "supports": registry.FacetSupports,
	"sbom": registry.FacetSBOM, "stuckliste": registry.FacetSBOM, "stueckliste": registry.FacetSBOM,
	"aktivitat": registry.FacetActivity, "aktivitaet": registry.FacetActivity, "activity": registry.FacetActivity,
	"forge": registry.FacetForge, "codeplattform": registry.FacetForge,
	"variantevon": registry.FacetBasedOn, "basedon": registry.FacetBasedOn,
}

// quotes open and close a phrase.
var quotes = map[rune]string{'"': `"`, '„': "“”\"", '“': "”“", '”': "”", '«': "»", '»': "«"}

// parse takes the text of a query apart. What it does not understand are words.
func parse(text string) question {
	var q question
	text = cut(text, maxText)
	n := 0 // words so far
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" || n >= maxWords {
			break
		}
		start := text
		not := false
		if rest, ok := strings.CutPrefix(text, "-"); ok && startsTerm(rest) {
			text, not = rest, true
		}
		if f, rest, ok := cutFilter(text); ok {
			value, rest := cutValue(rest)
			text = rest
			n++
			q.filters = append(q.filters, textFilter{f, value, not})
			continue
		}
		written, rest, phrase := cutPhrase(text)
		if !phrase {
			end := strings.IndexFunc(text, endsTerm)
			if end < 0 {
				end = len(text)
			}
			if end == 0 { // a quotation mark that nothing closes
				_, end = utf8.DecodeRuneInString(text)
				text = text[end:]
				continue
			}
			written, rest = text[:end], text[end:]
		}
		text = rest
		var words [][]string
		for w := range split(written) {
			if n++; n > maxWords {
				break
			}
			words = append(words, w)
		}
		into := &q.wanted
		if not {
			into = &q.unwanted
			written = start[:len(start)-len(text)]
		}
		switch {
		case len(words) == 0:
		case phrase && (len(words) > 1 || len(words[0]) > 1):
			*into = append(*into, clause{written: strings.TrimSpace(written), words: words, phrase: true})
		default:
			for _, w := range words {
				as := written
				if len(words) > 1 {
					as = strings.Join(w, "")
				}
				*into = append(*into, clause{written: as, words: [][]string{w}, phrase: phrase, last: text == "" && !phrase})
			}
		}
	}
	for i := range q.wanted { // only one word is the last
		q.wanted[i].last = q.wanted[i].last && i == len(q.wanted)-1
	}
	q.wanted = withSynonyms(telling(q.wanted))
	if slices.ContainsFunc(q.wanted, func(c clause) bool { return !c.isFiller() }) {
		for i := range q.wanted {
			q.wanted[i].filler = q.wanted[i].isFiller()
		}
	}
	return q
}

func endsTerm(r rune) bool {
	_, quote := quotes[r]
	return quote || unicode.IsSpace(r)
}

// startsTerm reports whether something to be left out begins here.
func startsTerm(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	_, quote := quotes[r]
	return quote || inWord(r) && r != utf8.RuneError
}

// cutFilter reads the name of a filter and its colon.
func cutFilter(s string) (f registry.Facet, rest string, ok bool) {
	name, rest, ok := strings.Cut(s, ":")
	if !ok || len(name) > maxWord || rest == "" || endsTermButQuote(rest) {
		return "", s, false
	}
	f, ok = filterNames[strings.ReplaceAll(fold(name), "-", "")]
	if !ok {
		return "", s, false
	}
	return f, rest, true
}

func endsTermButQuote(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}

// cutValue reads the value of a filter: up to a blank, or what quotation marks
// hold.
func cutValue(s string) (value, rest string) {
	if value, rest, ok := cutPhrase(s); ok {
		return value, rest
	}
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// cutPhrase reads what quotation marks hold.
func cutPhrase(s string) (held, rest string, ok bool) {
	open, size := utf8.DecodeRuneInString(s)
	closing, ok := quotes[open]
	if !ok {
		return "", s, false
	}
	end := strings.IndexAny(s[size:], closing)
	if end < 0 {
		return "", s, false
	}
	held, rest = s[size:size+end], s[size+end:]
	_, size = utf8.DecodeRuneInString(rest)
	return held, rest[size:], true
}

// telling leaves out words that say nothing of a software, unless there are
// only such.
func telling(all []clause) []clause {
	var left []clause
	for _, c := range all {
		if c.phrase || len(c.words[0]) > 1 || !stopWords[c.words[0][0]] {
			left = append(left, c)
		}
	}
	if len(left) == 0 {
		return all
	}
	return left
}

// isFiller reports whether all words of a clause are fillers.
func (c *clause) isFiller() bool {
	return !c.phrase && !slices.ContainsFunc(c.words, func(w []string) bool { return len(w) > 1 || !fillers[w[0]] })
}

// plainText reports whether the question is words and nothing else.
func (q *question) plainText() bool {
	return len(q.unwanted) == 0 && len(q.filters) == 0 &&
		!slices.ContainsFunc(q.wanted, func(c clause) bool { return c.phrase })
}
