// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hidden reports characters that show nothing, or change how others show: line
// ends, the escape sequences of terminals, the direction of writing.
func hidden(c rune) bool {
	return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co)
}

// clean makes text of one line from any bytes: what is hidden, and what is no
// UTF-8, is written as in a Go string.
func clean(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var out strings.Builder
	for len(s) > 0 {
		c, n := utf8.DecodeRuneInString(s)
		switch {
		case c == utf8.RuneError && n == 1:
			fmt.Fprintf(&out, `\x%02x`, s[0])
		case hidden(c):
			out.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
		default:
			out.WriteString(s[:n])
		}
		s = s[n:]
	}
	return out.String()
}
