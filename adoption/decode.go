// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/publiccode"
)

// MaxStatements is the most statements that are read of a file.
const MaxStatements = 5000

// decoder walks the tree of one file: it fills the model and reports.
type decoder struct {
	*publiccode.Document
	options Options
	// restricted are the values that say Restricted. discreet makes all statements so:
	// who may see them is said in a place where it does not belong.
	restricted []*yaml.Node
	discreet   bool
	guesses    int
}

// maxGuesses is for how many unknown keys of a file it is looked what may be meant.
const maxGuesses = 500

// file reads the whole. The version is "" where it is not known.
func (d *decoder) file(root *yaml.Node) (f *File, version string) {
	s := d.section(value{node: root}, rootKeys)
	f = &File{Version: s.text("adoptionsYmlVersion")}
	if v, ok := s.values["adoptionsYmlVersion"]; ok && f.Version == Version {
		version = Version
	} else if ok {
		d.report("AD0301", v, f.Version, Version)
	}
	if v, ok := s.values["organisation"]; ok {
		f.Organisation = d.organisation(v)
	}
	if v, ok := s.values["adoptions"]; ok {
		f.Adoptions = d.statements(v)
	}
	if d.discreet || s.doubtful["visibility"] {
		for i := range f.Adoptions {
			f.Adoptions[i].Visibility = Restricted
		}
	}
	if len(d.restricted) > 0 {
		d.Report("AD0405", d.restricted[0], "", strconv.Itoa(len(d.restricted)))
	}
	return f, version
}

func (d *decoder) organisation(v value) Organisation {
	s := d.section(v, organisationKeys)
	d.discreet = s.doubtful["visibility"]
	o := Organisation{
		URI: s.checked("uri", d.checkURI), Name: s.text("name"), Region: s.checked("region", d.checkRegion),
		AGS: s.checked("ags", d.checkAGS), ARS: s.checked("ars", d.checkARS),
	}
	if s.ok && !s.present["region"] {
		d.report("AD0408", v)
	}
	if at, ok := s.values["ags"]; ok {
		d.checkState(at, o.AGS, o.Region)
	}
	if at, ok := s.values["ars"]; ok {
		d.checkState(at, o.ARS, o.Region)
		if !samePlace(o.AGS, o.ARS) {
			d.report("AD0313", at, o.AGS, o.ARS)
		}
	}
	return o
}

func (d *decoder) statements(v value) []Statement {
	switch {
	case v.node.Kind != yaml.SequenceNode:
		de, en := kindWords(v.node)
		d.report("AD0202", v, de, en)
		return nil
	case len(v.node.Content) == 0:
		d.report("AD0407", v)
	}
	var out []Statement
	seen := map[Statement][]*yaml.Node{}
	for i, n := range v.node.Content {
		entry := newValue(n, fmt.Sprintf("%s[%d]", v.path, i))
		if i == MaxStatements {
			d.report("AD0205", entry, strconv.Itoa(MaxStatements), strconv.Itoa(len(v.node.Content)))
			break
		}
		if s, ok := d.statement(entry); ok && !d.repeated(seen, s, entry) {
			out = append(out, s)
		}
	}
	return out
}

// statement reads one entry; false where its software or role is not known.
func (d *decoder) statement(v value) (Statement, bool) {
	s := d.section(v, statementKeys)
	out := Statement{
		Software: s.checked("software", d.checkSoftware), Role: Role(s.checked("role", d.checkRole)),
		Version: s.text("version"), Since: s.checked("since", d.checkDate),
		ConfirmedUntil: s.checked("confirmedUntil", d.checkDate),
		Purpose:        s.text("purpose"), Contact: s.checked("contact", d.checkContact),
		Visibility: Visibility(s.checked("visibility", d.checkVisibility)),
	}
	// Where it is not clear who may see it, only few may.
	if s.doubtful["visibility"] || s.present["visibility"] && out.Visibility == "" {
		out.Visibility = Restricted
	}
	d.checkTimes(s, out)
	return out, out.Software != "" && out.Role != ""
}

// repeated reports a statement that an earlier one makes as well. Two versions of a
// software can be in use, and what is public may be told again, in more detail, to a
// smaller circle: neither is a repetition.
func (d *decoder) repeated(seen map[Statement][]*yaml.Node, s Statement, v value) bool {
	same := Statement{Software: canonical(s.Software), Role: s.Role, Version: s.Version, Visibility: s.Visibility}
	if same.Visibility == "" {
		same.Visibility = Public
	}
	first := seen[same]
	seen[same] = append(first, v.written)
	if len(first) == 0 {
		return false
	}
	d.report("AD0404", v, strconv.Itoa(first[0].Line))
	return true
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
	d        *decoder
	keys     []key
	ok       bool             // it is a mapping
	present  map[string]bool  // the keys that are there
	doubtful map[string]bool  // those that are there twice, or misspelt
	values   map[string]value // of those that say something
}

// section checks the keys of a mapping. Missing ones are reported where it begins.
func (d *decoder) section(v value, keys []key) *section {
	s := &section{d: d, keys: keys, present: map[string]bool{}, doubtful: map[string]bool{}, values: map[string]value{}}
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
			s.doubtful["visibility"] = true // it may be in there
			continue
		}
		found := clean(name.Value)
		at := newValue(v.node.Content[i+1], join(v.path, found))
		at.key = written
		if line, ok := first[found]; ok {
			d.Report("AD0105", written, at.path, strconv.Itoa(line))
			s.doubtful[found] = true
		} else {
			first[found] = written.Line
		}
		s.take(found, at)
	}
	for _, k := range keys {
		if k.required && !s.present[k.name] {
			d.missing(v, join(v.path, k.name))
		}
	}
	return s
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
		s.doubtful[k.name] = true
		if s.present[k.name] {
			return
		}
		v.path = strings.TrimSuffix(v.path, name) + k.name
	}
	s.present[k.name] = true
	switch {
	case !isEmpty(v.node) || v.node.Kind == yaml.SequenceNode && k.kind == list:
		s.values[k.name] = v
	case k.required:
		s.d.Report("AD0102", v.key, v.path)
	default:
		s.d.Report("AD0108", v.key, v.path)
	}
}

// unknown reports a key that the format does not have. Names that begin with x- are
// for private use.
func (s *section) unknown(name string, v value) {
	if strings.HasPrefix(strings.ToLower(name), "x-") {
		return
	}
	if s.d.guesses++; s.d.guesses > maxGuesses {
		s.doubtful["visibility"] = true
		s.d.Report("AD0103", v.key, v.path)
		return
	}
	meant, at := s.meant(name)
	s.doubtful[meant] = true
	if meant == "" {
		s.d.Report("AD0103", v.key, v.path)
		return
	}
	s.d.Report("AD0104", v.key, v.path, at)
}

// meant is the key that was most likely meant, and its path from the section on; ""
// for none.
func (s *section) meant(name string) (meant, at string) {
	if path := belongsTo(name); path != "" {
		return name, path
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
	return "visibility", belongsTo("visibility")
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
	if v.node.Kind != yaml.ScalarNode {
		de, en := kindWords(v.node)
		s.d.report("AD0201", v, de, en)
		return ""
	}
	if isPlain(v.node) {
		switch v.node.ShortTag() {
		case "!!int", "!!float", "!!bool":
			s.d.report("AD0204", v, v.node.Value)
		}
	}
	t := clean(v.node.Value)
	if t != oneLine(v.node.Value) {
		s.d.report("AD0206", v)
	}
	most := findKey(s.keys, name).most
	if n := characters(t); n > most {
		s.d.report("AD0207", v, strconv.Itoa(n), strconv.Itoa(most))
		t = string([]rune(t)[:most])
	}
	return t
}
