// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v4"
)

// layout tells how a file is laid out: what stands where and around what, and
// how its author writes.
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

// oddLineEnds reports a carriage return alone, which few other programs take for
// the end of a line.
func oddLineEnds(src []byte) bool {
	for i, c := range src {
		if c == '\r' && endsLine(src, i) {
			return true
		}
	}
	return false
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
