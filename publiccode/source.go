// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// MaxSize is the largest file that Parse reads, in bytes.
const MaxSize = 1 << 20

// cleanSource turns src into text that a YAML reader accepts: UTF-8 without a
// byte order mark, without control characters. What had to be repaired is a
// finding. Characters are replaced one for one, so that positions stay true.
func cleanSource(src []byte, r *report) []byte {
	if bom := utf16Order(src); bom != nil {
		r.add("PC0002", position{1, 1}, "", "UTF-16")
		src = fromUTF16(src[2:], bom)
	}
	src = hideDirectives(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")))
	// The YAML reader takes them for line ends, which they were in YAML 1.1.
	for _, c := range []string{"\u2028", "\u2029", "\u0085"} {
		if bytes.Contains(src, []byte(c)) {
			src = bytes.ReplaceAll(src, []byte(c), []byte(" "))
		}
	}
	if !needsCleaning(src) {
		return src
	}

	out := make([]byte, 0, len(src)+len(src)/8)
	at := position{1, 1}
	var firstInvalid, firstControl position
	var invalid, control int
	var controlRune rune
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRune(src[i:])
		if c == utf8.RuneError && n == 1 {
			// Invalid bytes are nearly always the German or Italian letters of
			// an editor that saved Windows-1252.
			c = charmap.Windows1252.DecodeByte(src[i])
			if invalid == 0 {
				firstInvalid = at
			}
			invalid++
		}
		if !printable(c) {
			if control == 0 {
				firstControl, controlRune = at, c
			}
			control++
			c = utf8.RuneError
		}
		out = utf8.AppendRune(out, c)
		i += n
		if endsLine(src, i-n) {
			at = position{at.line + 1, 1}
		} else {
			at.column++
		}
	}
	if invalid > 0 {
		r.add("PC0002", firstInvalid, "", "Windows-1252")
	}
	if control > 0 {
		r.add("PC0003", firstControl, "", fmt.Sprintf("U+%04X", controlRune), strconv.Itoa(control))
	}
	return out
}

// hideDirectives makes comments of the directives before a document, except those
// for tags: the YAML reader knows only those of YAML 1.1, and refuses a file
// that says that it is YAML 1.2.
func hideDirectives(src []byte) []byte {
	for at := 0; at < len(src); {
		line := src[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		switch text := bytes.TrimSpace(line); {
		case line[0] == '%' && !bytes.HasPrefix(line, []byte("%TAG")):
			src = bytes.Clone(src)
			src[at] = '#'
		case len(text) > 0 && line[0] != '%' && text[0] != '#':
			return src
		}
		at += len(line)
	}
	return src
}

func needsCleaning(src []byte) bool {
	for _, b := range src {
		// 0xC2 begins U+0080 to U+00BF, 0xEF begins U+FFFE: look closer.
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7f || b == 0xc2 || b == 0xef {
			return true
		}
	}
	return !utf8.Valid(src)
}

// printable reports whether YAML 1.2 allows the character (production c-printable).
func printable(c rune) bool {
	switch {
	case c == '\t', c == '\n', c == '\r', c == 0x85:
		return true
	case c < ' ', c >= 0x7f && c < 0xa0, c == 0xfffe, c == 0xffff:
		return false
	}
	return true
}

func utf16Order(src []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	return nil
}

func fromUTF16(src []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(src)/2)
	for ; len(src) >= 2; src = src[2:] {
		units = append(units, order.Uint16(src))
	}
	return []byte(string(utf16.Decode(units)))
}

// invisible reports characters that show nothing and are never meant in keys,
// codes and addresses: soft hyphen, zero-width characters, a stray byte order
// mark. Prose may hold them.
func invisible(c rune) bool {
	switch c {
	case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2060, 0xfeff:
		return true
	}
	return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 // the direction of writing
}

func stripInvisible(s string) string {
	if strings.IndexFunc(s, invisible) < 0 {
		return s
	}
	return strings.Map(func(c rune) rune {
		if invisible(c) {
			return -1
		}
		return c
	}, s)
}

// stripControls removes what escapes such as "\0" and "\e" can smuggle into a
// text; line ends and tabs stay.
func stripControls(s string) string {
	harmful := func(c rune) bool {
		return c < ' ' && c != '\n' && c != '\t' && c != '\r' || c >= 0x7f && c < 0xa0 && c != 0x85
	}
	if strings.IndexFunc(s, harmful) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(c rune) rune {
		if harmful(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, ""))
}
