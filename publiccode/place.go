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
	at, found := r.place(f.Key)
	f.Line, f.Column = at.line, at.column
	if !found {
		f.EndLine, f.EndColumn = at.line, at.column
	}
	for i, a := range f.Args {
		f.Args[i] = shorten(a)
	}
	findings := []Finding{f}
	setEnds(findings, newText(r.source))
	r.Findings = append(r.Findings, findings[0])
	sortFindings(r.Findings)
}

// place finds where a path is in the file, or the nearest section around it;
// else its beginning.
func (r *Result) place(path string) (at position, found bool) {
	if r.root == nil {
		return position{1, 1}, false
	}
	for parts := splitPath(path); len(parts) > 0; parts = parts[:len(parts)-1] {
		if found := find(r.root, parts); len(found) > 0 {
			return nodePosition(found[0]), true
		}
	}
	return position{1, 1}, false
}

// splitPath turns legal.license and supports[0].id into their steps.
func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' })
}

// find returns the values at a path, in the order of the file.
func find(n *yaml.Node, steps []string) []*yaml.Node {
	n = resolve(n)
	if len(steps) == 0 {
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	step, rest := steps[0], steps[1:]
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := resolve(n.Content[i]); step == "*" || key.Value == step {
				out = append(out, find(n.Content[i+1], rest)...)
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return find(n.Content[i], rest)
		}
		if step == "*" {
			for _, c := range n.Content {
				out = append(out, find(c, rest)...)
			}
		}
	}
	return out
}
