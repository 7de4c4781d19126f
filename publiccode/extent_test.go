// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestEnds marks with § where a finding begins and with ¶ where it ends.
func TestEnds(t *testing.T) {
	for _, marked := range []string{
		"§name¶: Fahrradkeller\n",
		"name: §Fahrrad keller¶ # gut\n",
		"name: §Fahrrad#keller:x¶\n",
		"name: §\"Fahrrad: \\\"keller\\\" # x\"¶ # gut\n",
		"name: §'Fahr''rad'¶\n",
		"name: §\"über\n  zwei\n  Zeilen\"¶\n",
		"name: §Fahrrad\n  keller\n\n\n    und mehr¶  \nurl: x\n",
		"name: §Fahrrad  keller\t\n \t zwei¶ # gut\nurl: x\n",
		"name: §&n Fahrrad\n  keller¶\n",
		"name: §!!str &n Fahrrad¶ # gut\n",
		"name: §!!str\n  Fahrrad¶\nurl: x\n",
		"name: §&n¶\nurl: x\n",
		"a: &n b\nurl: §*n¶ # x\n",
		"a: &n b\n§*n¶ : x\n",
		"a: &n [b]\nlist: [§*n¶, x]\n",
		"text: §|\n  eins\n\n  zwei¶\n\nname: x\n",
		"text: §| # gut\n  eins¶\n # Bemerkung\nname: x\n",
		"text: §|\n  eins  ¶\n   \nname: x\n",
		"text: §|2\n    eins\n   zwei¶\n # Bemerkung\nname: x\n",
		"text: §|\n   \n     eins\n\n     # zwei¶\n   # Bemerkung\nname: x\n",
		"text: §|-¶\nname: x\n",
		"text: §|-¶ # leer\n   \nname: x\n",
		"text: §!!str |¶  \n",
		"name: §!!str¶\nurl: x\n",
		"name: §&n !!str¶ # leer\n",
		"name: §&n # gut\n  Fahrrad¶\n",
		"map: §&m # gut\n  {a: b}¶\n",
		"list: [§&n¶ , b]\n",
		"list: §[a: b]¶ # x\n",
		"list: §[a: [b: c], d: ]¶\n",
		"list: [§? a : b¶, c]\n",
		"- §>-\n  eins¶\n- zwei\n",
		"- text: §|\n    eins¶\n  name: x\n",
		"a:\n  - - text: §>\n        eins¶\n      name: x\n",
		"list: [§a b¶, c]\n",
		"list: [§a\n  b¶, c]\n",
		"list: §[a, \"]\", {b: c}]¶ # x\n",
		"list: §[a, # ]\n  b]¶\n",
		"list: §[ # ]\n  ]¶\n",
		"list: [it's, §b¶]\n",
		"list:\n  §- a\n  - b\n    c¶\n",
		"map: §{a: b}¶\n",
		"map: {§a¶: b}\n",
		"map:\n  §a¶: b\n",
		"map: §&m\n  a: b\n  c: d¶\ne: f\n",
		"§über¶: x\n",
		"name:§¶\n",
		"name:§¶ # leer\n",
		"name: §~¶\n",
		"name: §x¶\r\nurl: y\r\n",
		"name: §x\r\n  y¶\r\nurl: y\r\n",
		"name: x\rtext: §a\r  b¶\rurl: y\r",
	} {
		src, at, end := marks(marked)
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(src), &doc); err != nil {
			t.Fatalf("%q: %v", marked, err)
		}
		findings := []Finding{{Line: at.line, Column: at.column}}
		newLines([]byte(src)).setEnds(findings, doc.Content[0])
		if got := (position{findings[0].EndLine, findings[0].EndColumn}); got != end {
			t.Errorf("%q: ends at %v, want %v", marked, got, end)
		}
	}
}

// TestEndsWithoutTree holds what is shown where no tree tells.
func TestEndsWithoutTree(t *testing.T) {
	for _, marked := range []string{
		"§name¶: Fahrradkeller\n",
		"name: §Fahrrad keller¶ # gut\n",
		"name: Fahrrad§:¶ keller\n",
		"name: §\"Fahrrad¶\nurl: x\n",
		"list: [§a b¶, c\n",
		"§¶\nurl: x\n",
		"name: x§¶",
	} {
		src, at, end := marks(marked)
		findings := []Finding{{Line: at.line, Column: at.column}}
		newLines([]byte(src)).setEnds(findings, nil)
		if got := (position{findings[0].EndLine, findings[0].EndColumn}); got != end {
			t.Errorf("%q: ends at %v, want %v", marked, got, end)
		}
	}
	outside := []Finding{{Line: 7, Column: 3}}
	newLines([]byte("name: x\n")).setEnds(outside, nil)
	if outside[0].EndLine != 7 || outside[0].EndColumn != 3 {
		t.Errorf("a place outside the text: %+v", outside[0])
	}
}

// TestAddAtAlias holds that what others find stands at an alias too.
func TestAddAtAlias(t *testing.T) {
	src, at, end := marks(strings.Replace(base, "logo: docs/logo.svg", "x-logo: &l docs/logo.svg\nlogo: §*l¶ # gut", 1))
	r := Parse([]byte(src), Options{})
	r.Add("PC0708", "logo", "docs/logo.svg")
	f := r.Findings[0]
	if f.position() != at || (position{f.EndLine, f.EndColumn}) != end {
		t.Errorf("%+v, want %v to %v", f, at, end)
	}
}

// marks takes § and ¶ out of a text and tells where they stood.
func marks(marked string) (src string, at, end position) {
	clean := strings.NewReplacer("§", "", "¶", "")
	src = clean.Replace(marked)
	place := func(mark string) position {
		before, _, _ := strings.Cut(marked, mark)
		return newLines([]byte(src)).place(len(clean.Replace(before)))
	}
	return src, place("§"), place("¶")
}

// TestExtents holds, for every finding of every sample, that what stands between
// its places is the value where it is about one.
func TestExtents(t *testing.T) {
	values := 0
	for _, src := range fixSamples(t, corpus) {
		for _, version := range []string{"", "0.2", Preview} {
			r := Parse(src, Options{Version: version})
			checkResult(t, src, r)
			values += checkValues(t, r)
		}
	}
	if values < 100 {
		t.Errorf("only %d findings are about values", values)
	}
}

// checkValues returns how many findings are about single values.
func checkValues(t *testing.T, r *Result) (values int) {
	t.Helper()
	l := newLines(r.Source())
	nodes := map[position]*yaml.Node{}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode || n.Kind == yaml.AliasNode {
			nodes[nodePosition(n)] = n
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	if r.root != nil {
		walk(r.root)
	}
	for _, f := range r.Findings {
		n := nodes[f.position()]
		if n == nil || f.Code == "PC0101" && f.Line == 1 && f.Column == 1 { // about the file
			continue
		}
		values++
		text := string(r.Source()[l.offset(f.position()):l.offset(position{f.EndLine, f.EndColumn})])
		if n.Kind == yaml.AliasNode && text != "*"+n.Value || n.Kind == yaml.ScalarNode && !meansTheSame(text, l, n) {
			t.Errorf("%s %s: %q does not mean %q", f.Code, f.Key, text, n.Value)
		}
	}
	return values
}

// meansTheSame reads a text by itself, as an entry of a list that is indented as
// the line where a scalar begins, or of one in brackets, and reports whether that
// gives the scalar. Line ends after it belong to no place in the text.
func meansTheSame(text string, l *lines, n *yaml.Node) bool {
	if n.Value == "" && text == "" {
		return true
	}
	indent := strings.Repeat(" ", indentation(l.line(n.Line)))
	for _, list := range []string{indent + "- " + text + "\n", "[\n" + text + "\n]"} {
		var entries []yaml.Node
		if err := yaml.Unmarshal([]byte(list), &entries); err == nil && len(entries) == 1 &&
			strings.TrimRight(entries[0].Value, "\n") == strings.TrimRight(n.Value, "\n") {
			return true
		}
	}
	return false
}
