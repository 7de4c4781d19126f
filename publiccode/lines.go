// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// lines converts between places and bytes of a text.
type lines struct {
	src    []byte
	starts []int // where each line begins
	// last is the place asked for last, so that a line of a megabyte is walked
	// once and not once a place.
	last       position
	lastOffset int
}

func newLines(src []byte) *lines {
	l := &lines{src: src, starts: make([]int, 1, 1+bytes.Count(src, []byte("\n")))}
	for i := range src {
		if endsLine(src, i) {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// endsLine reports whether a line ends with a byte: a line feed, or a carriage
// return that none follows, as for the YAML reader.
func endsLine(src []byte, i int) bool {
	return src[i] == '\n' || src[i] == '\r' && (i+1 == len(src) || src[i+1] != '\n')
}

// bounds are the first byte of a line, which counts from 1, and the one after
// its text.
func (l *lines) bounds(line int) (start, end int) {
	start, end = l.starts[line-1], len(l.src)
	if line < len(l.starts) {
		end = l.starts[line] - 1
		if l.src[end] == '\n' && end > start && l.src[end-1] == '\r' {
			end--
		}
	}
	return start, end
}

// line is a line without its end.
func (l *lines) line(line int) []byte {
	start, end := l.bounds(line)
	return l.src[start:end]
}

func (l *lines) offset(at position) int {
	switch {
	case at.line < 1:
		return 0
	case at.line > len(l.starts):
		return len(l.src)
	}
	i, end := l.bounds(at.line)
	column := 1
	if l.last.line == at.line && l.last.column <= at.column {
		column, i = l.last.column, l.lastOffset
	}
	for ; column < at.column && i < end; column++ {
		_, n := utf8.DecodeRune(l.src[i:end])
		i += n
	}
	l.last, l.lastOffset = position{at.line, column}, i
	return i
}

// place is the position of a byte.
func (l *lines) place(offset int) position {
	line, found := slices.BinarySearch(l.starts, offset)
	if found {
		line++
	}
	from, column := l.starts[line-1], 1
	if l.last.line == line && l.lastOffset <= offset {
		from, column = l.lastOffset, l.last.column
	}
	column += utf8.RuneCount(l.src[from:offset])
	l.last, l.lastOffset = position{line, column}, offset
	return l.last
}

// lineEnd is what ends the lines of a text: "\r\n" where its first line does.
func lineEnd(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// indentation counts the blanks before the text of a line.
func indentation(line []byte) int {
	return len(line) - len(bytes.TrimLeft(line, " "))
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// commentStart is where the comment of a line, or of the rest of one, begins; -1
// where there is none. The line holds no quotation marks before it.
func commentStart(text []byte) int {
	for i, c := range text {
		if c == '#' && (i == 0 || isBlank(text[i-1])) {
			return i
		}
	}
	return -1
}

func isComment(text []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(text), []byte("#")) }
