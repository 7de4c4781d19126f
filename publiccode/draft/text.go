// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanRune replaces what a one-line text of a YAML file had better not hold:
// control characters, what shows nothing, what changes the direction of reading.
func cleanRune(c rune) rune {
	switch {
	case unicode.IsSpace(c), c == '\u2028', c == '\u2029':
		return ' '
	case unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs), c == utf8.RuneError, c&0xfffe == 0xfffe, c >= 0xfdd0 && c <= 0xfdef:
		return -1
	}
	return c
}

// cleanLine makes one line of a text.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(cleanRune, s)), " ")
}

// cleanProse keeps the paragraphs of a text, and the lines of lists in them.
func cleanProse(s string) string {
	var out []string
	blank := true // so that none comes first
	for line := range strings.Lines(strings.ReplaceAll(s, "\r\n", "\n")) {
		line = cleanLine(line)
		if line != "" || !blank {
			out = append(out, line)
		}
		blank = line == ""
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// shorten cuts a line to at most limit characters: at the end of a sentence that
// leaves a third of it, else at a word, with "…".
func shorten(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	for i := limit - 1; i > limit/3; i-- {
		// A shorter word before the full stop is likely to be an abbreviation.
		if strings.ContainsRune(".!?", r[i]) && r[i+1] == ' ' && unicode.IsLetter(r[i-1]) && unicode.IsLetter(r[i-2]) && unicode.IsLetter(r[i-3]) {
			return string(r[:i+1])
		}
	}
	cut := limit - 1
	for i := cut; i > limit/2; i-- {
		if r[i] == ' ' {
			cut = i
			break
		}
	}
	return strings.TrimRight(string(r[:cut]), " ,;:–-") + "…"
}
