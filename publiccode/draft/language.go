// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// frequent are words that hardly any text of a language does without, and that
// the others do not have.
var frequent = map[string][]string{
	"de": {"und", "der", "die", "das", "ist", "für", "mit", "von", "eine", "einer", "werden", "nicht", "zur", "zum", "auf"},
	"en": {"the", "and", "of", "to", "is", "for", "with", "this", "that", "are", "by", "from", "an", "which"},
	"fr": {"le", "les", "des", "et", "est", "pour", "une", "dans", "aux", "du", "avec", "sur"},
	"it": {"il", "di", "che", "per", "della", "una", "gli", "dei", "delle", "nel", "sono", "alla"},
	"nl": {"het", "een", "van", "voor", "met", "zijn", "niet", "aan", "wordt", "deze", "en"},
	"pt": {"os", "uma", "não", "são", "dos", "pelo", "pela", "ao", "com", "para", "do"},
	"sv": {"och", "att", "det", "är", "för", "som", "av", "ett", "inte", "med", "en"},
	"pl": {"i", "w", "na", "jest", "dla", "do", "się", "oraz", "nie", "które"},
	"es": {"el", "los", "las", "para", "una", "del", "por", "con", "que", "y"},
}

// languageOf tells the language of a text by its most frequent words, "" where
// they leave doubt.
func languageOf(text string) string {
	counts := map[string]int{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) }) {
		for lang, words := range frequent {
			if slices.Contains(words, word) {
				counts[lang]++
			}
		}
	}
	best, most, second := "", 0, 0
	for lang, n := range counts {
		switch {
		case n > most:
			best, most, second = lang, n, most
		case n > second:
			second = n
		}
	}
	if most < 2 || most == second {
		return ""
	}
	return best
}

// translations are the places where the texts of a user interface lie, one file
// or folder a language.
var translations = []string{
	"locales/*.json", "src/locales/*.json", "public/locales/*/*.json", "locales/*/*.json", "src/locales/*/*.json",
	"i18n/*.json", "src/i18n/*.json", "src/assets/i18n/*.json", "public/i18n/*.json", "lang/*.json", "src/lang/*.json",
	"locales/*.yml", "config/locales/*.yml", "locales/*.yaml", "i18n/*.yaml", "i18n/*.toml", "translations/*.yml", "translations/*.yaml", "translations/*.xlf",
	"po/*.po", "locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po", "translations/*.po", "translations/*.ts",
	"src/main/resources/messages_*.properties", "src/main/resources/i18n/messages_*.properties", "lib/l10n/*.arb",
	"lang/*/*.php", "resources/lang/*/*.php", "src/locale/messages.*.xlf",
}

var tagPart = regexp.MustCompile(`^[a-z]{2}([-_][A-Z][a-z]{3})?([-_][A-Z]{2})?$`)

// guessLanguages guesses the languages of the user interface from the files that
// hold its translations.
func (d *Draft) guessLanguages(r *repository) {
	for _, pattern := range translations {
		var tags []string
		names := r.all(pattern)
		for _, name := range names {
			if tag := tagIn(name); tag != "" && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
		if len(tags) == 0 || len(tags) > 100 {
			continue
		}
		slices.Sort(tags)
		folder := path.Dir(names[0]) + "/"
		d.guess("localisation.availableLanguages", folder, tags...)
		d.guess("localisation.localisationReady", folder, "true")
		return
	}
}

// tagIn finds a language tag in the last parts of a path: locales/de/app.json,
// messages_de.properties, messages.de.xlf, app_de.arb.
func tagIn(name string) string {
	stem, _, _ := strings.Cut(path.Base(name), ".")
	candidates := []string{stem}
	if i := strings.IndexByte(stem, '_'); i >= 0 {
		candidates = append(candidates, stem[i+1:])
	}
	candidates = append(candidates, strings.Split(path.Base(name), ".")[1:]...)
	folders := strings.Split(path.Dir(name), "/")
	slices.Reverse(folders)
	for _, c := range append(candidates, folders[:min(2, len(folders))]...) {
		if !tagPart.MatchString(c) {
			continue
		}
		if tag, err := language.Parse(strings.ReplaceAll(c, "_", "-")); err == nil {
			if base, confidence := tag.Base(); confidence == language.Exact && c != "ts" && c != "po" && base.String() != "und" {
				return tag.String()
			}
		}
	}
	return ""
}
