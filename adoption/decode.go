// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/publiccode"
)

// decoder walks the tree of one file: it fills the model and reports.
type decoder struct {
	*publiccode.Document
	options Options
	keys    []key // of the format
	// restricted are the values that say Restricted. discreet makes all entries so:
	// who may see them is said in a place where it does not belong.
	restricted []*yaml.Node
	discreet   bool
	doubts     int  // how often it was not clear who may see something
	hides      bool // something is Restricted
	guesses    int
}

// maxGuesses is for how many unknown keys of a file it is looked what may be meant.
const maxGuesses = 500

// read reads a file of one of the formats: fill gets its root and returns the version
// that it declares. Discreet is as that of a Result.
func read(src []byte, opt Options, format *publiccode.Format, keys []key, version string, fill func(*decoder, *section) string) (r *publiccode.Result, discreet bool) {
	d := &decoder{Document: publiccode.ReadDocument(src, format), options: opt, keys: keys}
	root := d.Root()
	if root == nil {
		return d.Result("", version), true
	}
	s := d.section(value{node: root}, keys)
	declared := fill(d, s)
	if v, ok := s.values[keys[0].name]; ok && declared != version {
		d.report("AD0301", v, declared, version)
		declared = ""
	}
	if len(d.restricted) > 0 {
		d.Report("AD0405", d.restricted[0], "", strconv.Itoa(len(d.restricted)))
	}
	return d.Result(declared, version), d.hides || d.doubts > 0
}

// value is what stands behind a key or in a list.
type value struct {
	key     *yaml.Node // of it; nil for the file and for entries of a list
	node    *yaml.Node // never an alias
	written *yaml.Node // node, or the alias in its place; nil for the file
	path    string
}

func newValue(n *yaml.Node, path string) value {
	v := value{node: n, written: n, path: path}
	for v.node.Kind == yaml.AliasNode && v.node.Alias != nil {
		v.node = v.node.Alias
	}
	return v
}

// report adds a finding about a value.
func (d *decoder) report(code string, v value, args ...string) {
	d.Report(code, v.written, v.path, args...)
}

// section is a mapping whose keys have been checked.
type section struct {
	d       *decoder
	keys    []key
	ok      bool             // it is a mapping
	present map[string]bool  // the keys that are there
	values  map[string]value // of those that say something
	empty   map[string]value // of the others
}

// section checks the keys of a mapping. Missing ones are reported where it begins.
func (d *decoder) section(v value, keys []key) *section {
	s := &section{d: d, keys: keys, present: map[string]bool{}, values: map[string]value{}, empty: map[string]value{}}
	if v.node.Kind != yaml.MappingNode {
		de, en := kindWords(v.node)
		d.report("AD0203", v, de, en)
		return s
	}
	s.ok = true
	first := map[string]int{} // lines of the keys
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		written := v.node.Content[i]
		name := newValue(written, "").node
		if name.Kind != yaml.ScalarNode || name.ShortTag() == "!!merge" {
			d.Report("AD0106", written, v.path)
			d.doubt("visibility") // it may be in there
			continue
		}
		found := clean(name.Value)
		at := newValue(v.node.Content[i+1], join(v.path, found))
		at.key = written
		if line, ok := first[found]; ok {
			d.Report("AD0105", written, at.path, strconv.Itoa(line))
			d.doubt(found)
		} else {
			first[found] = written.Line
		}
		s.take(found, at)
	}
	for _, k := range keys {
		at, empty := s.empty[k.name]
		switch required := k.required && !s.says(k.unless); {
		case required && !s.present[k.name]:
			d.missing(v, join(v.path, k.name))
		case required && empty:
			d.Report("AD0102", at.key, at.path)
		case empty:
			d.Report("AD0108", at.key, at.path)
		}
	}
	return s
}

// says reports whether a key has a value.
func (s *section) says(name string) bool {
	_, ok := s.values[name]
	return ok
}

// doubt notes that a key is there twice, or misspelt: who wants few to see something
// may have meant it.
func (d *decoder) doubt(name string) {
	if name == "visibility" {
		d.doubts++
	}
}

// missing reports a required key where its section begins.
func (d *decoder) missing(v value, path string) {
	at := v.key
	if at == nil {
		at = v.written
	}
	d.Report("AD0101", at, path)
}

// take files a value under the key that it is for.
func (s *section) take(name string, v value) {
	k := findKey(s.keys, name)
	if k == nil {
		s.unknown(name, v)
		return
	}
	if name != k.name {
		s.d.Report("AD0109", v.key, v.path, k.name)
		s.d.doubt(k.name)
		if s.present[k.name] {
			return
		}
		v.path = strings.TrimSuffix(v.path, name) + k.name
	}
	s.present[k.name] = true
	delete(s.values, k.name)
	delete(s.empty, k.name)
	if isEmpty(v.node) && (v.node.Kind != yaml.SequenceNode || k.kind != list || !k.required) {
		s.empty[k.name] = v
		return
	}
	s.values[k.name] = v
}

// unknown reports a key that the format does not have. Names that begin with x- are
// for private use.
func (s *section) unknown(name string, v value) {
	if strings.HasPrefix(strings.ToLower(name), "x-") {
		return
	}
	if s.d.guesses++; s.d.guesses > maxGuesses {
		s.d.doubt("visibility")
		s.d.Report("AD0103", v.key, v.path)
		return
	}
	meant, at := s.meant(name)
	s.d.doubt(meant)
	if meant == "" {
		s.d.Report("AD0103", v.key, v.path)
		return
	}
	s.d.Report("AD0104", v.key, v.path, at)
}

// meant is the key that was most likely meant, and its path from the section on; ""
// for none.
func (s *section) meant(name string) (meant, at string) {
	for _, keys := range [][]key{s.keys, s.d.keys} {
		if path := belongsTo(keys, name); path != "" {
			return name, path
		}
	}
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	if meant = publiccode.Nearest(name, names); meant != "" {
		return meant, meant
	}
	if publiccode.Nearest(name, discretion) == "" {
		return "", ""
	}
	if findKey(s.keys, "visibility") != nil {
		return "visibility", "visibility"
	}
	return "visibility", belongsTo(s.d.keys, "visibility")
}

// discretion are names under which people look for visibility.
var discretion = []string{
	"visibility", "restricted", "private", "privat", "confidential", "vertraulich", "internal", "intern", "secret", "geheim",
	"nonpublic", "public", "sichtbarkeit",
}

// checked returns a text as check returns it: repaired, or "" to leave it out.
func (s *section) checked(name string, check func(value, string) string) string {
	if t := s.text(name); t != "" {
		return check(s.values[name], t)
	}
	return ""
}

// text returns what a key holds as one line, "" where it is absent or no text.
func (s *section) text(name string) string {
	v, ok := s.values[name]
	if !ok {
		return ""
	}
	return s.d.text(v, findKey(s.keys, name).most)
}

func (d *decoder) text(v value, most int) string {
	if v.node.Kind != yaml.ScalarNode {
		de, en := kindWords(v.node)
		d.report("AD0201", v, de, en)
		return ""
	}
	if isPlain(v.node) {
		switch v.node.ShortTag() {
		case "!!int", "!!float", "!!bool":
			d.report("AD0204", v, v.node.Value)
		}
	}
	t := clean(v.node.Value)
	if t != oneLine(v.node.Value) {
		d.report("AD0206", v)
	}
	if n := characters(t); n > most {
		d.report("AD0207", v, strconv.Itoa(n), strconv.Itoa(most))
		t = string([]rune(t)[:most])
	}
	return t
}

// entries are those of a list, as many as may be.
func (s *section) entries(name string) iter.Seq[value] {
	return func(yield func(value) bool) {
		v, ok := s.values[name]
		if !ok {
			return
		}
		k := findKey(s.keys, name)
		switch {
		case v.node.Kind != yaml.SequenceNode:
			de, en := kindWords(v.node)
			s.d.report("AD0202", v, de, en)
			return
		case len(v.node.Content) == 0 && !s.says(k.unless):
			s.d.report("AD0407", v)
		}
		for i, n := range v.node.Content {
			entry := newValue(n, fmt.Sprintf("%s[%d]", v.path, i))
			if i == k.most {
				s.d.report("AD0205", entry, strconv.Itoa(k.most), strconv.Itoa(len(v.node.Content)))
				return
			}
			if !yield(entry) {
				return
			}
		}
	}
}

// words are the texts of a list as check returns them, each once.
func (s *section) words(name string, check func(value, string) string) []string {
	var out []string
	for v := range s.entries(name) {
		if isEmpty(v.node) {
			s.d.report("AD0108", v)
		} else if t := s.d.text(v, maxName); t != "" {
			if t = check(v, t); t != "" && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}
