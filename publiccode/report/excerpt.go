// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/allmende-registry/allmende/publiccode"
)

// window is how much of a line is shown, in cells of a terminal; no more than
// crowd characters, for those that take up no cell.
const (
	window = 96
	crowd  = 4 * window
)

// tab is what a tab is shown as.
const tab = "    "

// source shows the lines that findings speak of.
type source struct {
	lines [][]byte

	// The last line looked up: many findings may stand in a line of a megabyte.
	number int
	runes  []rune
}

func newSource(src []byte) *source { return &source{lines: bytes.Split(src, []byte("\n"))} }

func (s *source) line(number int) []rune {
	if s.number != number {
		s.number, s.runes = number, []rune(string(bytes.TrimSuffix(s.lines[number-1], []byte("\r"))))
	}
	return s.runes
}

// excerpt returns the line in which a finding begins, cut to the window around
// it, and the marks to stand below it. Both are "" where there is no such line.
func (s *source) excerpt(f publiccode.Finding) (line, marks string) {
	if f.Line < 1 || f.Line > len(s.lines) || f.EndLine == 1 && f.EndColumn == 1 {
		return "", "" // no place, or the whole file
	}
	runes := s.line(f.Line)
	from, to := min(f.Column-1, len(runes)), f.EndColumn-1
	if f.EndLine > f.Line {
		to = len(runes)
	}
	to = max(to, from+1) // the end of a line is a place too
	var text, below strings.Builder
	start := begin(runes, from)
	if start > 0 {
		text.WriteString("…")
		below.WriteString(" ")
	}
	used := 0
	i := start
	for ; i < len(runes); i++ {
		shown, cells := cell(runes[i])
		if used += cells; used > window || i-start >= crowd {
			text.WriteString("…")
			break
		}
		text.WriteString(shown)
		mark := " "
		if from <= i && i < to {
			mark = "^"
		}
		below.WriteString(strings.Repeat(mark, cells))
	}
	if from == len(runes) {
		below.WriteString("^")
	}
	return strings.TrimRight(text.String(), " "), strings.TrimRight(below.String(), " ")
}

// begin is the first character to show of a line: the line's first wherever a
// finding is then seen in full context, else some before the finding.
func begin(line []rune, from int) int {
	used := 0
	for i, c := range line {
		_, cells := cell(c)
		if used += cells; used > window || i >= crowd {
			if from >= i*2/3 {
				return max(from-window/3, 0)
			}
			break
		}
	}
	return 0
}

// cell is how a character is shown in a terminal, and on how many cells.
func cell(c rune) (string, int) {
	switch {
	case c == '\t':
		return tab, len(tab)
	case hidden(c):
		return "\ufffd", 1
	case unicode.In(c, unicode.Mn, unicode.Me):
		return string(c), 0
	}
	switch width.LookupRune(c).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return string(c), 2
	}
	return string(c), 1
}
