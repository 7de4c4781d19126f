// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Has reports whether the file holds a key, by its path, with a value that says
// something. A "*" stands for any one key or entry: description.*.documentation.
func (r *Result) Has(path string) bool {
	return r.root != nil && slices.ContainsFunc(find(r.root, splitPath(path)), func(n *yaml.Node) bool { return !isEmpty(n) })
}

// Scalars returns the single values of the file by their paths, as they are
// written there, right or wrong; nil where the file is unreadable.
func (r *Result) Scalars() map[string]string {
	if r.root == nil {
		return nil
	}
	all := map[string]string{}
	scalars(all, r.root, "")
	return all
}

func scalars(into map[string]string, n *yaml.Node, path string) {
	switch n = resolve(n); n.Kind {
	case yaml.ScalarNode:
		if !isNull(n) {
			into[path] = strings.TrimSpace(n.Value)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			scalars(into, n.Content[i+1], join(path, resolve(n.Content[i]).Value))
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			scalars(into, c, path+"["+strconv.Itoa(i)+"]")
		}
	}
}

// Add adds a finding of the message table that Parse itself cannot make, such
// as that an address is not reachable. It stands at the value with the path, or
// where the nearest section around it begins.
func (r *Result) Add(code, path string, args ...string) {
	r.add(Finding{Code: code, Severity: messages[code].severity, Key: path, Args: args})
}

func (r *Result) add(f Finding) {
	at, end := position{1, 1}, position{1, 1}
	if n := r.nodeAt(f.Key); n != nil {
		at = nodePosition(n)
		l := newLines(r.source)
		known := false
		if end, known = l.endPlace(n); !known {
			end = l.wordEnd(at)
		}
	}
	f.Line, f.Column = at.line, at.column
	f.endAt(end)
	for i, a := range f.Args {
		f.Args[i] = shorten(a)
	}
	r.Findings = append(r.Findings, f)
	sortFindings(r.Findings)
}

// nodeAt finds what is in the file at a path, or else the nearest section around
// it, an alias as such; nil where there is neither.
func (r *Result) nodeAt(path string) *yaml.Node {
	if r.root == nil {
		return nil
	}
	for steps := splitPath(path); len(steps) > 0; steps = steps[:len(steps)-1] {
		if found := written(r.root, steps); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

// splitPath turns legal.license and supports[0].id into their steps.
func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' })
}

// find returns the values at a path, in the order of the file.
func find(n *yaml.Node, steps []string) []*yaml.Node {
	out := written(n, steps)
	for i, n := range out {
		out[i] = resolve(n)
	}
	return out
}

// written is find without following the aliases that stand at the path itself.
func written(n *yaml.Node, steps []string) []*yaml.Node {
	if len(steps) == 0 {
		return []*yaml.Node{n}
	}
	n = resolve(n)
	var out []*yaml.Node
	step, rest := steps[0], steps[1:]
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := resolve(n.Content[i]); step == "*" || key.Value == step {
				out = append(out, written(n.Content[i+1], rest)...)
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return written(n.Content[i], rest)
		}
		if step == "*" {
			for _, c := range n.Content {
				out = append(out, written(c, rest)...)
			}
		}
	}
	return out
}
