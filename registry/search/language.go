// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/swedish"
)

// language is the tongue that a text is stemmed in.
type language uint8

const (
	anyLanguage language = iota // names: German and English
	germanText
	englishText
	frenchText
	italianText
	dutchText
	danishText
	swedishText
	otherText // not stemmed
	languages
)

// tongues are the languages that are stemmed, by their BCP 47 tags.
var tongues = map[string]language{
	"de": germanText, "en": englishText, "fr": frenchText, "it": italianText,
	"nl": dutchText, "da": danishText, "sv": swedishText,
}

// languageOf reads a BCP 47 tag.
func languageOf(tag string) language {
	primary, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if l, ok := tongues[primary]; ok {
		return l
	}
	return otherText
}

// stemmers are Snowball's. They see folded words, in texts as in queries, so
// that what they make of a missing accent is the same in both.
var stemmers = [languages]func(*snowballstem.Env) bool{
	germanText: german.Stem, englishText: english.Stem, frenchText: french.Stem, italianText: italian.Stem,
	dutchText: dutch.Stem, danishText: danish.Stem, swedishText: swedish.Stem,
}

// stem is the stem of a folded word in a language.
func stem(word string, in language) string {
	if stemmers[in] == nil {
		return word
	}
	env := snowballstem.NewEnv(word)
	stemmers[in](env)
	return env.Current()
}

// stemmedIn are the languages whose stems a word of a text in a language has.
func stemmedIn(in language) []language {
	switch in {
	case anyLanguage:
		return nameLanguages
	case otherText:
		return nil
	}
	return eachLanguage[in-germanText : in-germanText+1]
}

var (
	nameLanguages = []language{germanText, englishText}
	eachLanguage  = []language{germanText, englishText, frenchText, italianText, dutchText, danishText, swedishText}
)
