// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package preview

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// maxText is how many bytes of a text are read: more than any picture holds.
const maxText = 1000

const ellipsis = "…"

// clean leaves of a text what the face can show: composed characters that it
// has glyphs for, and single spaces.
func (f *face) clean(buf *sfnt.Buffer, text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text[:min(len(text), maxText)], ""))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case f.glyph(buf, r) == nil:
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// fit is how many bytes of a text are no wider than a number of pixels.
func (f *face) fit(buf *sfnt.Buffer, text string, width int) int {
	var pen fixed.Int26_6
	var last *glyph
	for i, r := range text {
		g := f.glyph(buf, r)
		if g == nil {
			continue
		}
		pen += f.kern(buf, last, g) + g.advance
		if pen > fixed.I(width) {
			return i
		}
		last = g
	}
	return len(text)
}

// wrap breaks a text into at most n lines, at spaces and after hyphens and
// slashes where there are some; whole is false where it had to be shortened.
func (f *face) wrap(buf *sfnt.Buffer, text string, width, n int) (lines []string, whole bool) {
	for text != "" {
		end := f.fit(buf, text, width)
		if end < len(text) && len(lines) == n-1 {
			end = f.fit(buf, text, width-f.width(buf, ellipsis))
			return append(lines, strings.TrimRight(text[:end], " ")+ellipsis), false
		}
		if end < len(text) && text[end] != ' ' {
			if i := strings.LastIndexAny(text[:end], " -/_"); i >= 0 {
				end = i + 1
			}
		}
		if end == 0 {
			_, end = utf8.DecodeRuneInString(text) // wider than a line by itself
		}
		lines = append(lines, strings.TrimRight(text[:end], " "))
		text = strings.TrimLeft(text[end:], " ")
	}
	return lines, true
}

// width is how many pixels a text takes.
func (f *face) width(buf *sfnt.Buffer, text string) int {
	var pen fixed.Int26_6
	for _, r := range text {
		if g := f.glyph(buf, r); g != nil {
			pen += g.advance
		}
	}
	return pen.Ceil()
}
