// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// clean makes one line of a text of strangers, and bounds it: without control
// characters and without those that nobody sees.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, bound(s, 8*n))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// bound cuts a text to n bytes at the end of a character.
func bound(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func cleanAll(list []string, most, n int) []string {
	out := []string{}
	for _, s := range list[:min(len(list), most)] {
		if s = clean(s, n); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// moment is a time to the second, in UTC; "" for none.
func moment(t time.Time) string {
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// day is a text that is a date, else "".
func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// lines puts together the text of an answer.
type lines struct{ strings.Builder }

// say adds a line of ours, unless what it tells is empty.
func (l *lines) say(label, value string) {
	switch {
	case value == "":
	case label == "":
		l.WriteString(value + "\n")
	default:
		l.WriteString(label + ": " + value + "\n")
	}
}

// quote adds a line of what a stranger wrote.
func (l *lines) quote(label, value string) {
	if value == "" {
		return
	}
	l.WriteString("> ")
	l.say(label, clean(value, maxLong))
}
