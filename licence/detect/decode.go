// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"bytes"
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decode returns a file as text: UTF-8, without the marks of HTML and RTF. Its
// line breaks are those of the file; breaks that marks stand for are '\v'.
func decode(src []byte) string {
	src = src[:min(len(src), MaxText)]
	switch {
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		src = src[3:]
	case bytes.HasPrefix(src, []byte("\xff\xfe")):
		src = from(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), src)
	case bytes.HasPrefix(src, []byte("\xfe\xff")):
		src = from(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), src)
	case len(src) > 8 && src[1] == 0 && src[3] == 0 && src[5] == 0 && src[0] != 0:
		src = from(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), src)
	case len(src) > 8 && src[0] == 0 && src[2] == 0 && src[4] == 0 && src[1] != 0:
		src = from(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), src)
	}
	if bytes.HasPrefix(src, []byte(`{\rtf`)) {
		return plainRTF(src)
	}
	s := string(src)
	if !utf8.ValidString(s) && strings.Count(strings.ToValidUTF8(s, "\uFFFD"), "\uFFFD") > 1 {
		s = string(from(charmap.Windows1252, src))
	}
	s = returns.Replace(s)
	if htmlTag().MatchString(s[:min(len(s), 4<<10)]) {
		s = plainHTML(s)
	}
	return s
}

// returns makes one kind of line break.
var returns = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\u2028", "\n", "\u0085", "\n", "\x00", " ")

func from(e encoding.Encoding, src []byte) []byte {
	if out, err := e.NewDecoder().Bytes(src); err == nil {
		return out
	}
	return src
}

var (
	// htmlTag are elements that a text has only where it is HTML, or Markdown with some in it.
	htmlTag = pattern(`(?i)<(?:!doctype html|html|head|body|div|p|br|h[1-6]|pre|center|table|ul|ol|a href)\b`)
	hidden  = pattern(`(?is)<(?:script\b.*?</script|style\b.*?</style|title\b.*?</title)\s*>`)
	element = pattern(`(?i)</?(a|abbr|article|b|blockquote|body|br|center|code|dd|div|dl|dt|em|font|footer|h[1-6]|head|header|hr|html|i|img|kbd|li|link|main|meta|nav|ol|p|pre|q|s|section|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?/?>|<!doctype[^<>]*>`)
	inline  = pattern(`(?i)^</?(?:a|abbr|b|code|em|font|i|kbd|q|s|small|span|strong|sub|sup|tt|u)\b`)
)

// plainHTML takes the elements out, and leaves what only looks like one, as
// <year> does. What it takes out leaves its line breaks.
func plainHTML(s string) string {
	breaks := func(mark string) string { return " " + strings.Repeat("\n", strings.Count(mark, "\n")) }
	s = hidden().ReplaceAllStringFunc(s, breaks)
	s = element().ReplaceAllStringFunc(s, func(mark string) string {
		switch {
		case !inline().MatchString(mark):
			return "\v" + breaks(mark)
		case strings.Contains(mark, "\n"):
			return breaks(mark)
		}
		return ""
	})
	return html.UnescapeString(s)
}

// plainRTF takes the control words out (RTF 1.9.1), as far as licences have them.
func plainRTF(src []byte) string {
	var out strings.Builder
	depth, skip := 0, 0 // skip is the depth from which a group is not text
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth < skip {
				skip = 0
			}
		case c == '\n':
			out.WriteByte('\n')
		case c == '\\' && i+1 < len(src):
			i += control(src[i+1:], depth, &skip, &out)
		case c != '\r' && skip == 0:
			out.WriteByte(c)
		}
	}
	return out.String()
}

// destinations are groups that are no text.
var destinations = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true,
	"listtable": true, "listoverridetable": true, "header": true, "footer": true, "generator": true,
}

// control reads what follows a backslash and returns its length.
func control(src []byte, depth int, skip *int, out *strings.Builder) int {
	write := func(s string) {
		if *skip == 0 {
			out.WriteString(s)
		}
	}
	switch src[0] {
	case '\'':
		var b [1]byte
		if len(src) >= 3 {
			if _, err := hex.Decode(b[:], src[1:3]); err == nil {
				write(string(from(charmap.Windows1252, b[:])))
			}
		}
		return min(3, len(src))
	case '*':
		if *skip == 0 {
			*skip = depth
		}
		return 1
	case '\\', '{', '}':
		write(string(src[:1]))
		return 1
	case '~':
		write(" ")
		return 1
	}
	n := 0
	for n < len(src) && n < 32 && src[n] >= 'a' && src[n] <= 'z' {
		n++
	}
	name := string(src[:n])
	number := n
	for n < len(src) && n < 48 && (src[n] >= '0' && src[n] <= '9' || src[n] == '-' && n == number) {
		n++
	}
	value, _ := strconv.Atoi(string(src[number:n]))
	if n < len(src) && src[n] == ' ' {
		n++
	}
	switch {
	case n == 0:
		return 1
	case destinations[name] && *skip == 0:
		*skip = depth
	case name == "par" || name == "line" || name == "sect" || name == "page" || name == "row":
		write("\v")
	case name == "tab" || name == "cell" || name == "emdash" || name == "endash" || name == "bullet":
		write(" ")
	case name == "u":
		write(string(rune(uint16(value)))) //nolint:gosec // RTF has 16 bits with a sign
		if n < len(src) && src[n] == '?' {
			n++
		}
	}
	return n
}
