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

// value is what stands behind a key or in a list.
type value struct {
	node  *yaml.Node // never an alias
	alias *yaml.Node // what stands in the place of node; nil as a rule
	at    position   // of the key; of the entry itself in a list
	path  string
	// single says that the standard takes one value for a list here, old that it
	// has deprecated what is around the value.
	single, old bool
}

// newValue is what a node of the tree stands for.
func newValue(n *yaml.Node, at position, path string) value {
	v := value{node: resolve(n), at: at, path: path}
	if v.node != n {
		v.alias = n
	}
	return v
}

// position is where the value itself begins, or the alias for it.
func (v value) position() position {
	if v.alias != nil {
		return nodePosition(v.alias)
	}
	return nodePosition(v.node)
}

// resolve follows aliases; the tree is known to be finite.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	return n
}

// join makes the path of a key: "legal" and "license" make "legal.license".
// Keys of hostile length are cut, so that paths below them stay cheap.
func join(path, key string) string {
	if len(key) > maxArg {
		key = shorten(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// isEmpty reports a value that says nothing: null, "", [] or {}.
func isEmpty(n *yaml.Node) bool {
	switch n.Kind {
	case yaml.ScalarNode:
		return isNull(n) || strings.TrimSpace(n.Value) == ""
	case yaml.MappingNode, yaml.SequenceNode:
		return len(n.Content) == 0
	}
	return true
}

// saysNothing is isEmpty, and a list of nothing but such entries.
func saysNothing(n *yaml.Node) bool {
	return isEmpty(n) || n.Kind == yaml.SequenceNode &&
		!slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return !isEmpty(resolve(c)) })
}

// kindWords names what a node is, in German and English.
func kindWords(n *yaml.Node) (de, en string) {
	switch n.Kind {
	case yaml.MappingNode:
		return "ein Abschnitt", "a section"
	case yaml.SequenceNode:
		return "eine Liste", "a list"
	}
	return "ein einzelner Wert", "a single value"
}

// pair is one key with its value.
type pair struct {
	key   *yaml.Node // may be an alias
	name  string     // of the key, without invisible characters
	value value
}

// pairs returns the keys of a mapping in their order. Of a key that stands
// there more than once the last counts, as with most YAML readers.
func (d *decoder) pairs(v value) []pair {
	n := v.node
	out := make([]pair, 0, len(n.Content)/2)
	index := make(map[string]int, len(n.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolve(n.Content[i])
		at := nodePosition(n.Content[i])
		if key.Kind != yaml.ScalarNode {
			d.add("PC0211", at, v.path)
			continue
		}
		if key.Value == "<<" && key.ShortTag() == "!!merge" {
			from := newValue(n.Content[i+1], at, join(v.path, "<<"))
			if !mergeable(from.node) {
				de, en := kindWords(from.node)
				d.add("PC0016", at, from.path, de, en)
				continue
			}
			d.add("PC0015", at, from.path)
			merged = append(merged, from.node)
			continue
		}
		name := key.Value
		if clean := strings.TrimSpace(stripInvisible(name)); clean != name {
			d.add("PC0013", at, join(v.path, clean))
			name = clean
		}
		p := pair{key: n.Content[i], name: name, value: newValue(n.Content[i+1], at, join(v.path, name))}
		if first, ok := index[name]; ok {
			d.add("PC0010", at, p.value.path, strconv.Itoa(out[first].value.at.line))
			out[first] = p
			continue
		}
		index[name] = len(out)
		out = append(out, p)
	}
	for _, m := range merged {
		for _, p := range d.mergedPairs(m, v.path) {
			if _, ok := index[p.name]; !ok {
				index[p.name] = len(out)
				out = append(out, p)
			}
		}
	}
	return out
}

// mergeable reports what a merge key can add: a mapping, or a list of them.
func mergeable(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode &&
		!slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return resolve(c).Kind != yaml.MappingNode })
}

// mergedPairs returns what a merge key adds.
func (d *decoder) mergedPairs(n *yaml.Node, path string) []pair {
	switch n.Kind {
	case yaml.MappingNode:
		return d.pairs(value{node: n, at: nodePosition(n), path: path})
	case yaml.SequenceNode:
		var out []pair
		for _, c := range n.Content {
			out = append(out, d.mergedPairs(resolve(c), path)...)
		}
		return out
	}
	return nil
}
