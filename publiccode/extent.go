// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// layout tells where the nodes of a tree stand in its text. The YAML reader
// tells only where they begin.
type layout struct {
	*lines
	root     *yaml.Node // nil where places and nodes cannot be related
	parent   map[*yaml.Node]*yaml.Node
	keys     map[position]*yaml.Node // keys of mappings
	scalars  map[position]*yaml.Node // values that are text, number or truth value
	entries  map[position]*yaml.Node // entries of lists that say nothing, or are texts
	sections map[position]*yaml.Node // sections in brackets
	anchored map[*yaml.Node]bool     // nodes that an alias repeats elsewhere

	eol   string
	step  int  // by how many blanks a section is indented
	dash  int  // by how many blanks the dashes of a list are
	quote byte // the quotation mark that the file prefers
}

func newLayout(r *Result) *layout {
	l := &layout{
		lines: newLines(r.source), eol: lineEnd(r.source), step: 2, dash: 2, quote: '"',
		parent: map[*yaml.Node]*yaml.Node{}, keys: map[position]*yaml.Node{},
		scalars: map[position]*yaml.Node{}, entries: map[position]*yaml.Node{}, sections: map[position]*yaml.Node{},
		anchored: map[*yaml.Node]bool{},
	}
	// The YAML reader also ends lines at characters that end none elsewhere.
	if r.root == nil || oddLineEnds(r.source) {
		return l
	}
	l.root = r.root
	single, double := 0, 0
	var steps, dashes []int
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		switch {
		case n.Kind == yaml.AliasNode:
			l.share(n.Alias)
		case n.Style&yaml.SingleQuotedStyle != 0:
			single++
		case n.Style&yaml.DoubleQuotedStyle != 0:
			double++
		}
		for i, c := range n.Content {
			l.parent[c] = n
			isKey := n.Kind == yaml.MappingNode && i%2 == 0
			switch {
			case isKey:
				l.keys[nodePosition(c)] = c
			case c.Kind == yaml.ScalarNode && c.Value != "":
				l.scalars[nodePosition(c)] = c
			case c.Kind == yaml.MappingNode && c.Style&yaml.FlowStyle != 0:
				l.sections[nodePosition(c)] = c
			}
			if n.Kind == yaml.SequenceNode && c.Kind == yaml.ScalarNode {
				l.entries[nodePosition(c)] = c
			}
			if n.Kind == yaml.MappingNode && !isKey && len(c.Content) > 0 && c.Style&yaml.FlowStyle == 0 && c.Anchor == "" {
				by := c.Column - n.Content[i-1].Column
				if c.Kind == yaml.MappingNode && by > 0 {
					steps = append(steps, by)
				} else if c.Kind == yaml.SequenceNode && by >= 0 {
					dashes = append(dashes, by)
				}
			}
			walk(c)
		}
	}
	walk(r.root)
	if single > double {
		l.quote = '\''
	}
	l.step, l.dash = mostCommon(steps, l.step), mostCommon(dashes, l.dash)
	return l
}

// share marks what stands under an anchor that is referred to.
func (l *layout) share(n *yaml.Node) {
	if n == nil || l.anchored[n] {
		return
	}
	l.anchored[n] = true
	for _, c := range n.Content {
		l.share(c)
	}
}

// holdsShared reports whether a node is, or holds, what an alias repeats.
func (l *layout) holdsShared(n *yaml.Node) bool {
	return len(l.anchored) > 0 && (l.anchored[n] || slices.ContainsFunc(n.Content, l.holdsShared))
}

func mostCommon(numbers []int, otherwise int) int {
	count := map[int]int{}
	for _, n := range numbers {
		if count[n]++; count[n] > count[otherwise] && n < 10 {
			otherwise = n
		}
	}
	return otherwise
}

// oddLineEnds reports characters that YAML 1.1 ended lines at, and a carriage
// return alone.
func oddLineEnds(src []byte) bool {
	for i := bytes.IndexByte(src, '\r'); i >= 0; {
		if i+1 == len(src) || src[i+1] != '\n' {
			return true
		}
		next := bytes.IndexByte(src[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return bytes.ContainsAny(src, "\u0085\u2028\u2029")
}

// value is what stands behind a key.
func (l *layout) value(key *yaml.Node) *yaml.Node {
	p := l.parent[key]
	return p.Content[slices.Index(p.Content, key)+1]
}

// inFlow reports whether a node stands within brackets.
func (l *layout) inFlow(n *yaml.Node) bool {
	for p := l.parent[n]; p != nil; p = l.parent[p] {
		if p.Style&yaml.FlowStyle != 0 {
			return true
		}
	}
	return false
}

func (l *layout) start(n *yaml.Node) int { return l.offset(nodePosition(n)) }

// body is where a scalar or alias begins, after its anchor and tag.
func (l *layout) body(n *yaml.Node) int {
	i := l.start(n)
	for n.Kind != yaml.AliasNode && i < len(l.src) && (l.src[i] == '&' && n.Anchor != "" || l.src[i] == '!' && n.Style&yaml.TaggedStyle != 0) {
		for i < len(l.src) && !isBlank(l.src[i]) {
			i++
		}
		for i < len(l.src) && (l.src[i] == ' ' || l.src[i] == '\t') {
			i++
		}
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// end is where the text of a node ends; false where it cannot be told.
func (l *layout) end(n *yaml.Node) (int, bool) {
	switch n.Kind {
	case yaml.AliasNode:
		i := l.start(n) + 1 + len(n.Value)
		return i, i <= len(l.src)
	case yaml.ScalarNode:
		return l.scalarEnd(n)
	case yaml.MappingNode, yaml.SequenceNode:
		i := l.body(n) + 1
		if len(n.Content) > 0 {
			var ok bool
			if i, ok = l.end(n.Content[len(n.Content)-1]); !ok {
				return 0, false
			}
		}
		if n.Style&yaml.FlowStyle == 0 {
			return i, len(n.Content) > 0
		}
		return l.bracket(i)
	}
	return 0, false
}

// bracket is the place after the closing bracket that follows.
func (l *layout) bracket(i int) (int, bool) {
	for ; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == ']' || c == '}':
			return i + 1, true
		case c == '#':
			if next := bytes.IndexByte(l.src[i:], '\n'); next > 0 {
				i += next
			}
		case c != ',' && c != ':' && !isBlank(c):
			return 0, false
		}
	}
	return 0, false
}

func (l *layout) scalarEnd(n *yaml.Node) (int, bool) {
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
		return l.blockEnd(n, i)
	}
	return l.plainEnd(i, n.Value)
}

// plainEnd follows the value of a scalar without quotation marks through the
// text, where a line end stands for a blank and a further one for itself.
func (l *layout) plainEnd(i int, value string) (int, bool) {
	for value != "" {
		if i >= len(l.src) {
			return 0, false
		}
		if run := i; isBlank(l.src[i]) {
			ends := 0
			for run < len(l.src) && isBlank(l.src[run]) {
				if l.src[run] == '\n' {
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

// blockEnd is the end of the last line that is indented deeper than what a
// block scalar belongs to.
func (l *layout) blockEnd(n *yaml.Node, i int) (int, bool) {
	indent, ok := l.indent(n)
	if !ok {
		return 0, false
	}
	last := l.place(i).line
	for line := last + 1; line <= len(l.starts); line++ {
		text := l.line(line)
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if indentation(text) <= indent {
			break
		}
		last = line
	}
	_, end := l.bounds(last)
	return end, true
}

// indent counts the blanks before the key or dash that a value belongs to.
func (l *layout) indent(n *yaml.Node) (int, bool) {
	p := l.parent[n]
	switch {
	case p == nil:
		return 0, false
	case p.Kind == yaml.MappingNode:
		return p.Content[0].Column - 1, true
	}
	i, ok := l.dashOf(n)
	return l.place(i).column - 1, ok
}

// dashOf is where the dash of an entry stands.
func (l *layout) dashOf(entry *yaml.Node) (int, bool) {
	at := l.start(entry)
	for line := entry.Line; line >= 1; line-- {
		start, end := l.bounds(line)
		if line == entry.Line {
			end = at
		}
		text := l.src[start:end]
		if i := commentStart(text); i >= 0 {
			text = text[:i]
		}
		if text = bytes.TrimRight(text, " \t"); len(text) > 0 {
			return start + len(text) - 1, text[len(text)-1] == '-'
		}
	}
	return 0, false
}

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
