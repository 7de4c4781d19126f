// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// Edit replaces a part of a text. Places count as those of findings do: from 1,
// columns in code points, the end exclusive. The first place of the line after
// the last is the end of the text.
type Edit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

// Apply makes edits in the text that their places refer to, which is
// Result.Source for those of Result.Remedy. An edit that reaches into one that
// begins before it is left out, and places outside the text count as the
// nearest one inside.
func Apply(src []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn))
	})
	l := newLines(src)
	out := make([]byte, 0, len(src)+64)
	done := 0
	for _, e := range edits {
		from, to := l.offset(position{e.Line, e.Column}), l.offset(position{e.EndLine, e.EndColumn})
		if from < done || to < from {
			continue
		}
		out = append(out, src[done:from]...)
		out = append(out, e.Text...)
		done = to
	}
	return append(out, src[done:]...)
}

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
	l := &lines{src: src, starts: []int{0}}
	for i, c := range src {
		if c == '\n' {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// bounds are the first byte of a line, which counts from 1, and the one after
// its text.
func (l *lines) bounds(line int) (start, end int) {
	start, end = l.starts[line-1], len(l.src)
	if line < len(l.starts) {
		end = l.starts[line] - 1
	}
	if end > start && l.src[end-1] == '\r' {
		end--
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
