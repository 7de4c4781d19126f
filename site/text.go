// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// texts of the pages by language and key. A key with the suffix .one is the
// singular of the key without it.
var texts = map[string]map[string]string{"de": german, "en": english}

// translate returns the text for a key with its verbs filled in. A key that is
// not there is an error, so that a page is never shown with a blank.
func translate(lang, key string, args ...any) (string, error) {
	t, ok := texts[lang][key]
	if !ok {
		return "", fmt.Errorf("no text %q in language %q", key, lang)
	}
	if len(args) == 0 {
		return t, nil
	}
	return fmt.Sprintf(t, args...), nil
}

// plural is translate for a number of things, which the text may name by %s.
func plural(lang, key string, n int) (string, error) {
	if n == 1 {
		key += ".one"
	}
	t, err := translate(lang, key)
	if err != nil {
		return "", err
	}
	return strings.ReplaceAll(t, "%s", formatNumber(lang, n)), nil
}

// formatNumber groups the digits: 12.345 in German, 12,345 in English.
func formatNumber(lang string, n int) string {
	digits := strconv.Itoa(n)
	separator := ","
	if lang == "de" {
		separator = "."
	}
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}

// formatPercent writes a share: 98 % in German, 98% in English.
func formatPercent(lang string, n int) string {
	if lang == "de" {
		return formatNumber(lang, n) + "\u00a0%"
	}
	return formatNumber(lang, n) + "%"
}

var germanMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// formatDate writes the day in words: 3. Mai 2026, 3 May 2026.
func formatDate(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	if lang == "de" {
		return fmt.Sprintf("%d. %s %d", t.Day(), germanMonths[t.Month()-1], t.Year())
	}
	return t.Format("2 January 2006")
}

// formatMoment writes the day in words and the time of day in UTC: 3. Mai 2026,
// 14:05 Uhr.
func formatMoment(lang string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := t.UTC().Format("15:04")
	if lang == "de" {
		clock += " Uhr"
	}
	return formatDate(lang, t) + ", " + clock
}
