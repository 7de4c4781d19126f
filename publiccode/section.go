// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// section is a mapping whose keys have been checked against the standard.
type section struct {
	at      position
	old     bool // deprecated as a whole
	d       *decoder
	path    string
	present map[string]bool // keys that are there, by the names of the standard
	values  map[string]value
}

// section checks the keys of a mapping. It returns nil, and reports, where v
// is no mapping. Missing keys are reported where the section begins.
func (d *decoder) section(v value, keys []keySpec) *section {
	if v.node.Kind != yaml.MappingNode {
		de, en := kindWords(v.node)
		d.add("PC0203", v.position(), v.path, de, en)
		return nil
	}
	s := &section{d: d, at: v.at, old: v.old, path: v.path, values: make(map[string]value, len(keys))}
	all := d.pairs(v)
	s.present = make(map[string]bool, len(all))
	for _, p := range all {
		s.present[p.name] = true
	}
	for _, p := range all {
		s.take(p, keys)
	}
	for i := range keys {
		k := &keys[i]
		if k.required >= d.version && !s.present[k.name] {
			d.add("PC0101", v.at, join(v.path, k.name))
		}
	}
	return s
}

// take files one pair under the key of the standard that it is.
func (s *section) take(p pair, keys []keySpec) {
	d, v := s.d, p.value
	k, how := findKey(keys, p.name)
	if k == nil {
		if s.path == "" && d.rootException(p) {
			return
		}
		d.unknownKey(v, p.name, s.path, keys)
		return
	}
	required := k.required >= d.version
	if how != asNamed {
		if s.present[k.name] {
			d.unknownKey(v, p.name, s.path, keys)
			return
		}
		s.present[k.name] = true
		switch {
		case how == asFormerly && d.version == draft:
			// That was its name.
		case required:
			d.add("PC0103", v.at, v.path, k.name)
		case how == asFormerly:
			d.add("PC0409", v.at, v.path, k.name)
		default:
			d.add("PC0209", v.at, v.path, k.name)
		}
		v.path = join(s.path, k.name)
	}
	v.single, v.old = k.singleIn(d.version), s.old
	if !s.old {
		d.checkAge(k, v)
	}
	switch {
	case !saysNothing(v.node):
		s.values[k.name] = v
	case required && k.kind == KindSection:
		// Its keys are what is missing.
		for _, sub := range k.keys {
			if sub.required >= d.version {
				d.add("PC0101", v.at, join(v.path, sub.name))
			}
		}
	case required:
		d.add("PC0102", v.at, v.path)
	default:
		d.emptyOptional(k, v)
	}
}

// emptyOptional reports a key that need not be there and says nothing.
func (d *decoder) emptyOptional(k *keySpec, v value) {
	de, en := kindWords(v.node)
	switch {
	case v.node.Kind == yaml.ScalarNode || k.kind == KindAny:
		d.add("PC0502", v.at, v.path)
	case k.list && v.node.Kind == yaml.MappingNode:
		d.add("PC0202", v.position(), v.path, de, en)
	case k.list:
		d.entries(v) // a list without entries says that there are none
	case k.kind == KindSection || k.kind == KindByLanguage:
		if v.node.Kind != yaml.MappingNode {
			d.add("PC0203", v.position(), v.path, de, en)
		}
	default:
		d.add("PC0201", v.position(), v.path, de, en)
	}
}

// checkAge reports a key that the declared version does not have yet, or has
// given up.
func (d *decoder) checkAge(k *keySpec, v value) {
	switch {
	case k.since > d.version:
		d.add("PC0405", v.at, v.path, k.since.String(), d.version.String())
	case k.deprecated == 0 || k.deprecated > d.version:
	case d.version == preview && k.instead == "":
		d.add("PC0418", v.at, v.path, d.version.String())
	case d.version == preview:
		d.add("PC0419", v.at, v.path, d.version.String(), k.instead)
	case k.instead == "":
		d.add("PC0403", v.at, v.path, k.deprecated.String())
	default:
		d.add("PC0404", v.at, v.path, k.deprecated.String(), k.instead)
	}
}

func (d *decoder) unknownKey(v value, name, path string, keys []keySpec) {
	// Names that begin with x- are for private use by convention.
	if strings.HasPrefix(name, "x-") || strings.HasPrefix(name, "X-") {
		return
	}
	suggestion := misplaced(path, name, keys)
	if suggestion == "" && !d.report.full {
		names := make([]string, len(keys))
		for i, k := range keys {
			names[i] = k.name
		}
		suggestion = nearest(name, names)
	}
	if suggestion == "" || suggestion == name {
		d.add("PC0207", v.at, v.path)
	} else {
		d.add("PC0208", v.at, v.path, suggestion)
	}
}

// misplaced returns where a key belongs that stands one section too high.
func misplaced(path, name string, keys []keySpec) string {
	if path == "" {
		return paths[name]
	}
	for _, k := range keys {
		if inside, _ := exactKey(k.keys, name); inside != nil && !k.list {
			return k.name + "." + name
		}
	}
	return ""
}

// spelling says how a key of the file matched a key of the standard.
type spelling int

const (
	asNamed spelling = iota
	asFormerly
	asMisspelled
)

func findKey(keys []keySpec, name string) (*keySpec, spelling) {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i], asNamed
		}
	}
	for i := range keys {
		for _, f := range keys[i].formerly {
			if f == name {
				return &keys[i], asFormerly
			}
		}
		if strings.EqualFold(keys[i].name, name) {
			return &keys[i], asMisspelled
		}
		for _, other := range keys[i].spelledAs {
			if strings.EqualFold(other, name) {
				return &keys[i], asMisspelled
			}
		}
	}
	return nil, asNamed
}

// get returns the value of a key that says something. It is safe on nil.
func (s *section) get(key string) (value, bool) {
	if s == nil {
		return value{}, false
	}
	v, ok := s.values[key]
	return v, ok
}

// token returns a name, code or address: without invisible characters.
func (s *section) token(key string) string {
	if v, ok := s.get(key); ok {
		t, _ := s.d.token(v)
		return t
	}
	return ""
}

// checked returns a token as check returns it: repaired, or "" to leave it out
// of the model.
func (s *section) checked(key string, check func(value, string) string) string {
	v, ok := s.get(key)
	if !ok {
		return ""
	}
	t, ok := s.d.token(v)
	if !ok {
		return ""
	}
	return check(v, t)
}

// tokens returns a list of tokens, each checked, without repetitions.
func (s *section) tokens(key string, check func(value, string) string) []string {
	v, ok := s.get(key)
	if !ok {
		return nil
	}
	var items []value
	if v.single {
		items = s.d.entries(v)
	} else {
		items = s.d.items(v, yaml.ScalarNode)
	}
	var out []string
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		t, ok := s.d.token(item)
		if !ok {
			continue
		}
		if t = check(item, t); t == "" {
			continue
		}
		if seen[t] {
			s.d.add("PC0508", item.position(), item.path, t)
			continue
		}
		seen[t] = true
		out = append(out, t)
	}
	return out
}

// texts returns a list of prose.
func (s *section) texts(key string) []string {
	v, ok := s.get(key)
	if !ok {
		return nil
	}
	var out []string
	for _, item := range s.d.items(v, yaml.ScalarNode) {
		if t, ok := s.d.text(item); ok {
			out = append(out, t)
		}
	}
	return out
}

func (d *decoder) text(v value) (string, bool) {
	if n := v.node; n.Kind != yaml.ScalarNode {
		de, en := kindWords(n)
		d.add("PC0201", v.position(), v.path, de, en)
		if n.Kind != yaml.SequenceNode || len(n.Content) != 1 {
			return "", false
		}
		// A list of one can only mean its entry.
		if v = newValue(n.Content[0], v.at, v.path); v.node.Kind != yaml.ScalarNode || isNull(v.node) {
			return "", false
		}
	}
	if plain(v.node) {
		switch v.node.ShortTag() {
		case "!!int", "!!float", "!!bool":
			d.add("PC0205", v.position(), v.path, v.node.Value)
		}
	}
	t := v.node.Value
	if clean := stripControls(t); clean != t {
		d.add("PC0013", v.position(), v.path)
		t = clean
	}
	return strings.TrimSpace(t), true
}

func (d *decoder) token(v value) (string, bool) {
	t, ok := d.text(v)
	if !ok {
		return "", false
	}
	if v.node.Kind == yaml.ScalarNode && strings.Trim(v.node.Value, " \t") != v.node.Value {
		d.add("PC0323", v.position(), v.path)
	}
	if clean := strings.TrimSpace(stripInvisible(t)); clean != t {
		d.add("PC0013", v.position(), v.path)
		t = clean
	}
	if len(t) > maxToken {
		d.add("PC0326", v.position(), v.path, strconv.Itoa(maxToken))
		t = strings.ToValidUTF8(t[:maxToken], "")
	}
	return t, t != ""
}

// maxToken bounds names, codes and addresses, in bytes.
const maxToken = 2000

// plain reports a scalar without quotation marks or block indicator.
func plain(n *yaml.Node) bool {
	return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0
}

// boolean returns true or false; the second result is false where the value
// is neither.
func (d *decoder) boolean(v value) (value, ok bool) {
	n := v.node
	wrong := func(de, en string) { d.add("PC0204", v.position(), v.path, de, en) }
	if n.Kind != yaml.ScalarNode {
		wrong(kindWords(n))
		return false, false
	}
	shown := n.Value
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		shown = "\"" + shown + "\""
	}
	word := strings.ToLower(strings.TrimSpace(n.Value))
	switch word {
	case "true", "false":
		if n.ShortTag() != "!!bool" {
			wrong(shown, shown)
		}
	case "yes", "no", "on", "off", "y", "n":
		truth := strconv.FormatBool(word == "yes" || word == "on" || word == "y")
		if plain(n) && d.version != preview {
			d.add("PC0012", v.position(), v.path, n.Value, truth)
		} else {
			wrong(shown, shown)
		}
		word = truth
	default:
		wrong(shown, shown)
		return false, false
	}
	return word == "true", true
}

// items returns the entries of a list that say something. A single value of
// the kind of an entry counts as the only one, with an error.
func (d *decoder) items(v value, entry yaml.Kind) []value {
	n := v.node
	switch n.Kind {
	case yaml.SequenceNode:
		return d.entries(v)
	case entry:
		d.add("PC0206", v.position(), v.path)
		return []value{v}
	}
	de, en := kindWords(n)
	d.add("PC0202", v.position(), v.path, de, en)
	return nil
}

// entries returns the entries of a sequence that say something; a value that
// is no sequence is its own only entry.
func (d *decoder) entries(v value) []value {
	n := v.node
	if n.Kind != yaml.SequenceNode {
		return []value{v}
	}
	out := make([]value, 0, len(n.Content))
	for i, c := range n.Content {
		item := newValue(c, nodePosition(c), fmt.Sprintf("%s[%d]", v.path, i))
		if isEmpty(item.node) {
			d.add("PC0210", item.at, item.path)
			continue
		}
		out = append(out, item)
	}
	return out
}
