// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// text is a source with its lines, to find a place in it. It is made only when
// there is something to report.
type text struct {
	lines [][]byte // without line ends

	// The last place looked up: places come in order, so that a line of a
	// megabyte is walked once and not once a finding.
	last   position
	offset int
}

func newText(src []byte) *text {
	t := &text{}
	for len(src) > 0 {
		line, rest, _ := bytes.Cut(src, []byte("\n"))
		t.lines = append(t.lines, bytes.TrimSuffix(line, []byte("\r")))
		src = rest
	}
	return t
}

// split cuts a line at a place.
func (t *text) split(at position) (before, after []byte) {
	line := t.lines[at.line-1]
	column, i := 1, 0
	if t.last.line == at.line && t.last.column <= at.column {
		column, i = t.last.column, t.offset
	}
	for ; column < at.column && i < len(line); column++ {
		_, n := utf8.DecodeRune(line[i:])
		i += n
	}
	t.last, t.offset = position{at.line, column}, i
	return line[:i], line[i:]
}

// end finds where the key or value that begins at a place ends. The YAML reader
// tells only where things begin.
func (t *text) end(at position) position {
	if at.line > len(t.lines) {
		return at
	}
	before, rest := t.split(at)
	if len(rest) == 0 {
		return at
	}
	switch rest[0] {
	case '"', '\'':
		if end, ok := t.quoted(at, rest[0]); ok {
			return end
		}
	case '|', '>':
		if header := strings.TrimSpace(strings.SplitN(string(rest[1:]), "#", 2)[0]); strings.Trim(header, "+-0123456789") == "" {
			return t.block(at)
		}
	case '[', '{':
		if end, ok := t.flow(at); ok {
			return end
		}
	case '&', '!':
		// The value proper follows its anchor or tag.
		if i := bytes.IndexByte(rest, ' '); i > 0 {
			skip := i
			for skip < len(rest) && rest[skip] == ' ' {
				skip++
			}
			if skip < len(rest) {
				return t.end(position{at.line, at.column + utf8.RuneCount(rest[:skip])})
			}
		}
	}
	n := plainLength(rest, bytes.ContainsAny(before, "[{"))
	return position{at.line, at.column + utf8.RuneCount(rest[:n])}
}

// plainLength is the length of a scalar without quotation marks on its line.
func plainLength(line []byte, inFlow bool) int {
	n := len(line)
scan:
	for i, c := range line {
		switch {
		case c == '#' && i > 0 && (line[i-1] == ' ' || line[i-1] == '\t'),
			c == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t'),
			inFlow && (c == ',' || c == ']' || c == '}'):
			n = i
			break scan
		}
	}
	if n = len(bytes.TrimRight(line[:n], " \t")); n == 0 {
		_, n = utf8.DecodeRune(line) // of a colon or comment at least one character
	}
	return n
}

// quoted finds the end of a scalar in quotation marks.
func (t *text) quoted(at position, mark byte) (position, bool) {
	_, rest := t.split(at)
	rest = rest[1:]
	column := at.column + 1
	for line := at.line; ; {
		for i := 0; i < len(rest); {
			c, n := utf8.DecodeRune(rest[i:])
			switch {
			case c == '\\' && mark == '"':
				i, column = i+n, column+1
				if i < len(rest) {
					_, n = utf8.DecodeRune(rest[i:])
				} else {
					n = 0
					column--
				}
			case c == '\'' && mark == '\'' && i+1 < len(rest) && rest[i+1] == '\'':
				i, column = i+n, column+1
			case c == rune(mark):
				return position{line, column + 1}, true
			}
			i, column = i+n, column+1
		}
		if line >= len(t.lines) {
			return at, false
		}
		rest, column = t.lines[line], 1
		line++
	}
}

// block finds the end of a block scalar: the last line that is indented deeper
// than the key, or the dash, that it belongs to.
func (t *text) block(at position) position {
	line := t.lines[at.line-1]
	indent := indentation(line)
	for owner := indent; bytes.HasPrefix(line[owner:], []byte("- ")); {
		owner += 1 + indentation(line[owner+1:])
		if owner >= at.column-1 {
			break
		}
		indent = owner
	}
	last := at.line
	for n := at.line; n < len(t.lines); n++ {
		if len(bytes.TrimSpace(t.lines[n])) == 0 {
			continue
		}
		if indentation(t.lines[n]) <= indent {
			break
		}
		last = n + 1
	}
	return position{last, 1 + utf8.RuneCount(bytes.TrimRight(t.lines[last-1], " \t"))}
}

// flow finds the bracket that closes the one at a place.
func (t *text) flow(at position) (position, bool) {
	depth := 0
	_, rest := t.split(at)
	column := at.column
	for line := at.line; ; {
		for i := 0; i < len(rest); {
			c, n := utf8.DecodeRune(rest[i:])
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				if depth--; depth == 0 {
					return position{line, column + 1}, true
				}
			case '"', '\'':
				if i > 0 && rest[i-1] != ' ' && !bytes.ContainsRune([]byte("[{,:"), rune(rest[i-1])) {
					break // inside a word
				}
				if end, ok := t.quoted(position{line, column}, byte(c)); ok {
					line, column = end.line, end.column
					_, rest = t.split(end)
					i = 0
					continue
				}
			case '#':
				if i == 0 || rest[i-1] == ' ' {
					n = len(rest) - i
				}
			}
			i, column = i+n, column+1
		}
		if line >= len(t.lines) {
			return at, false
		}
		rest, column = t.lines[line], 1
		line++
	}
}

// indentation counts the blanks before the text of a line.
func indentation(line []byte) int {
	return len(line) - len(bytes.TrimLeft(line, " "))
}
