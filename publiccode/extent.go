// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"cmp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The YAML reader tells where the nodes of a tree begin, and what they hold. From
// both together follows where they end.

// setEnds completes findings, which are in the order of their places, with the
// places where the keys and values that they stand at end. The tree is nil where
// there is none.
func (l *lines) setEnds(findings []Finding, root *yaml.Node) {
	next := 0
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		for next < len(findings) && comparePlaces(findings[next].position(), nodePosition(n)) < 0 {
			next++ // nothing begins there
		}
		for i := next; i < len(findings) && findings[i].position() == nodePosition(n); i++ {
			if end, ok := l.endPlace(n); ok {
				findings[i].endAt(end)
			}
		}
		for i := 0; i < len(n.Content) && next < len(findings); i++ {
			walk(n.Content[i])
		}
	}
	if root != nil {
		walk(root)
	}
	for i := range findings {
		switch f := &findings[i]; {
		case f.Code == "PC0101" && f.position() == position{1, 1}:
			// What is missing at the margin is missing in the file, not in its
			// first words.
			f.endAt(f.position())
		case f.EndLine == 0:
			f.endAt(l.wordEnd(f.position()))
		}
	}
}

func comparePlaces(a, b position) int {
	return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
}

func (f *Finding) position() position { return position{f.Line, f.Column} }

func (f *Finding) endAt(at position) { f.EndLine, f.EndColumn = at.line, at.column }

// endPlace is where what is shown of a node ends: the whole of it, but of a
// section without brackets the first key, since it begins there. It leaves the
// place asked for last at the start of the node: what is asked for next may lie
// within it.
func (l *lines) endPlace(n *yaml.Node) (position, bool) {
	for n.Kind == yaml.MappingNode && len(n.Content) > 0 && nodePosition(n.Content[0]) == nodePosition(n) {
		n = n.Content[0]
	}
	start := l.start(n)
	last, lastOffset := l.last, l.lastOffset
	defer func() { l.last, l.lastOffset = last, lastOffset }()
	end, ok := l.end(n)
	if !ok || end < start {
		return position{}, false
	}
	return l.place(end), true
}

// wordEnd is where the text at a place ends, at the latest at the end of its
// line. It is for places where no node begins, such as those in broken YAML.
func (l *lines) wordEnd(at position) position {
	if at.line > len(l.starts) {
		return at
	}
	i := l.offset(at)
	start, end := l.bounds(at.line)
	if i >= end {
		return at
	}
	rest, n := l.src[i:end], end-i
	inFlow := bytes.ContainsAny(l.src[start:i], "[{")
scan:
	for k, c := range rest {
		switch {
		case c == '#' && k > 0 && isBlank(rest[k-1]),
			c == ':' && (k+1 == len(rest) || isBlank(rest[k+1])),
			inFlow && (c == ',' || c == ']' || c == '}'):
			n = k
			break scan
		}
	}
	if n = len(bytes.TrimRight(rest[:n], " \t")); n == 0 {
		_, n = utf8.DecodeRune(rest) // of a colon or comment at least one character
	}
	return position{at.line, at.column + utf8.RuneCount(rest[:n])}
}

func (l *lines) start(n *yaml.Node) int { return l.offset(nodePosition(n)) }

// body is where a scalar, or a section or list in brackets, begins, after its
// anchor and tag; of a scalar without text it is where these end.
func (l *lines) body(n *yaml.Node) int {
	i := l.start(n)
	if n.Kind == yaml.AliasNode {
		return i
	}
	anchor, tag := n.Anchor != "", n.Style&yaml.TaggedStyle != 0
	for next := i; next < len(l.src); next = l.skip(i) {
		switch c := l.src[next]; {
		case anchor && c == '&':
			anchor, i = false, next+1+len(n.Anchor)
		case tag && c == '!':
			tag = false
			for i = next; i < len(l.src) && !isBlank(l.src[i]); {
				i++
			}
		case n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0:
			return i // what follows is another
		default:
			return next
		}
	}
	return i
}

// skip is the first byte from a place on that is neither blank nor in a comment.
func (l *lines) skip(i int) int {
	for comment := false; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == '#':
			comment = true
		case comment && endsLine(l.src, i):
			comment = false
		case !comment && !isBlank(c):
			return i
		}
	}
	return i
}

// end is where the text of a node ends; false where it cannot be told.
func (l *lines) end(n *yaml.Node) (int, bool) {
	switch n.Kind {
	case yaml.AliasNode:
		i := l.start(n) + 1 + len(n.Value)
		return i, i <= len(l.src)
	case yaml.ScalarNode:
		return l.scalarEnd(n)
	case yaml.MappingNode, yaml.SequenceNode:
		open := l.body(n)
		if n.Style&yaml.FlowStyle == 0 || open < len(l.src) && l.src[open] != '[' && l.src[open] != '{' { // such as the entry of [a: b]
			if len(n.Content) == 0 {
				return 0, false
			}
			return l.end(n.Content[len(n.Content)-1])
		}
		after := open + 1
		if len(n.Content) > 0 {
			var ok bool
			if after, ok = l.end(n.Content[len(n.Content)-1]); !ok {
				return 0, false
			}
		}
		return l.bracket(after)
	}
	return 0, false
}

// bracket is the place after the closing bracket that follows.
func (l *lines) bracket(i int) (int, bool) {
	for i = l.skip(i); i < len(l.src); i = l.skip(i + 1) {
		switch l.src[i] {
		case ']', '}':
			return i + 1, true
		case ',', ':':
		default:
			return 0, false
		}
	}
	return 0, false
}

func (l *lines) scalarEnd(n *yaml.Node) (int, bool) {
	i := l.body(n)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i++; i < len(l.src); i++ {
			switch l.src[i] {
			case '\\':
				i++
			case '"':
				return i + 1, true
			}
		}
		return 0, false
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i++; i < len(l.src); i++ {
			if l.src[i] == '\'' {
				if i+1 == len(l.src) || l.src[i+1] != '\'' {
					return i + 1, true
				}
				i++
			}
		}
		return 0, false
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return l.blockEnd(i, n.Value)
	}
	return l.plainEnd(i, n.Value)
}

// plainEnd follows the value of a scalar without quotation marks through the
// text, where a line end stands for a blank and a further one for itself.
func (l *lines) plainEnd(i int, value string) (int, bool) {
	for value != "" {
		if i >= len(l.src) {
			return 0, false
		}
		if run := i; isBlank(l.src[i]) {
			ends := 0
			for run < len(l.src) && isBlank(l.src[run]) {
				if endsLine(l.src, run) {
					ends++
				}
				run++
			}
			if ends > 0 {
				folded := " "
				if ends > 1 {
					folded = strings.Repeat("\n", ends-1)
				}
				rest, ok := strings.CutPrefix(value, folded)
				if !ok {
					return 0, false
				}
				i, value = run, rest
				continue
			}
		}
		if l.src[i] != value[0] {
			return 0, false
		}
		i, value = i+1, value[1:]
	}
	return i, true
}

// blockEnd is where the last line of a block scalar ends whose header stands at
// a byte. Its lines are indented as the first of them that is not blank, less
// the blanks that are a part of the value. Where there is none, the header is all
// there is to show.
func (l *lines) blockEnd(i int, value string) (int, bool) {
	extra := -1 // the value is blank
	for line := range strings.SplitSeq(value, "\n") {
		if by := indentation([]byte(line)); by < len(line) {
			extra = by
			break
		}
	}
	header, end := l.place(i).line, i
	for end < len(l.src) && !isBlank(l.src[end]) {
		end++
	}
	indent := -1
	for line := header + 1; extra >= 0 && line <= len(l.starts); line++ {
		from, to := l.bounds(line)
		by := indentation(l.src[from:to])
		if by == to-from { // no more than blanks
			continue
		}
		if indent < 0 {
			indent = by - extra
		}
		if by < indent {
			break
		}
		end = to
	}
	return end, true
}
