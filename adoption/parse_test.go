// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden files have all that is said of files full of mistakes, in both languages.
func TestMessages(t *testing.T) {
	for _, name := range []string{"mistakes", "mistakes_comaintenance", "mistakes_needs"} {
		src := file(t, name+".yml")
		var got strings.Builder
		for _, lang := range []string{"de", "en"} {
			for _, f := range checked(t, src).Findings {
				fmt.Fprintf(&got, "%d:%d-%d:%d %s %s %s\n    %s\n    %s\n", f.Line, f.Column, f.EndLine, f.EndColumn, f.Severity, f.Code, f.Key, f.Message(lang), f.Help(lang))
			}
			got.WriteByte('\n')
		}
		golden := "testdata/" + name + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("the messages differ from %s; see what with -update:\n%s", golden, got.String())
		}
		if strings.Contains(got.String(), "geheim@") || strings.Contains(got.String(), "leser:") {
			t.Error("a message repeats a password")
		}
	}
}

// A whole file comes out as it was written.
func TestModel(t *testing.T) {
	r := parse(`adoptionsYmlVersion: "1.0"
organisation:
  uri: urn:xoev-de:musterland:behoerde
  name: Amt für   Muster
  region: DE-SH
  ags: "01099901"
  ars: 010995099901
  x-note: ours
adoptions:
  - software: HTTPS://Code.example.org/form/editor.git
    role: uses
    version: 1.10
    since: 2024-04-01
    confirmedUntil: 2027-10-31
    purpose: >
      Online-Anträge
      der Stadt
    contact: opensource@musterhafen.example
    visibility: restricted
  - software: https://code.example.org/karten
    role: maintains
`)
	want := &File{
		Version:      "1.0",
		Organisation: Organisation{URI: "urn:xoev-de:musterland:behoerde", Name: "Amt für Muster", Region: "DE-SH", AGS: "01099901", ARS: "010995099901"},
		Adoptions: []Statement{
			{
				Software: "https://Code.example.org/form/editor.git", Role: Uses, Version: "1.10", Since: "2024-04-01", ConfirmedUntil: "2027-10-31",
				Purpose: "Online-Anträge der Stadt", Contact: "opensource@musterhafen.example", Visibility: Restricted,
			},
			{Software: "https://code.example.org/karten", Role: Maintains},
		},
	}
	if !reflect.DeepEqual(r.File, want) {
		t.Errorf("got  %+v\nwant %+v", r.File, want)
	}
	if got := codes(r); !slices.Equal(got, []string{"AD0204", "AD0306", "AD0204", "AD0405"}) || !r.Valid() || r.Report.Version != "1.0" {
		t.Errorf("findings %v, valid %v, version %q", got, r.Valid(), r.Report.Version)
	}
}

// What cannot be read is a finding and no file.
func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ src, code string }{
		"nothing":    {"", "PC0005"},
		"text":       {"Wir nutzen den Formulareditor.", "PC0006"},
		"no YAML":    {"adoptions:\n  - software: [", "PC0004"},
		"too large":  {strings.Repeat("#", publiccode.MaxSize+1), "PC0001"},
		"too deep":   {"a: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "PC0007"},
		"too many":   {"a: [" + strings.Repeat("1,", 200_000) + "]", "PC0008"},
		"alias bomb": {bomb(), "PC0009"},
		"in itself":  {"a: &a [*a]", "PC0009"},
		"two files":  {"--- {a: 1}\n--- {b: 2}\n", "PC0011"},
	} {
		r := parse(c.src)
		if !slices.Contains(codes(r), c.code) || r.Valid() {
			t.Errorf("%s: findings %v", name, codes(r))
		}
		if r.File != nil && name != "two files" {
			t.Errorf("%s: a file %+v", name, r.File)
		}
		for _, f := range r.Findings {
			if f.Message("de") == f.Code || f.Message("en") == f.Code {
				t.Errorf("%s: no words for %s", name, f.Code)
			}
		}
	}
}

func bomb() string {
	s := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 9; i++ {
		s += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	return s
}

// As many statements are read as may be, and no more.
func TestMaxStatements(t *testing.T) {
	for n, want := range map[int][]string{MaxStatements: nil, MaxStatements + 1: {"AD0205"}} {
		src := strings.Builder{}
		src.WriteString(strings.Split(base(t), "adoptions:")[0] + "adoptions:\n")
		for i := range n {
			fmt.Fprintf(&src, "  - software: https://code.example.org/form/editor%d\n    role: uses\n    version: \"%d.0\"\n", i, i)
		}
		r := parse(src.String())
		if r.File == nil || len(r.File.Adoptions) != MaxStatements || !slices.Equal(codes(r), want) {
			t.Errorf("%d statements of %d bytes: findings %v", n, src.Len(), codes(r))
		}
	}
}

func TestLengths(t *testing.T) {
	for _, k := range statementKeys {
		for n, want := range map[int]bool{k.most: false, k.most + 1: true} {
			r := parse(replaced(base(t), "    ", k.name, `"`+strings.Repeat("ä", n)+`"`))
			if got := slices.Contains(codes(r), "AD0207"); got != want {
				t.Errorf("%s of %d characters: %v", k.name, n, codes(r))
			}
		}
	}
	r := parse(replaced(base(t), "    ", "purpose", strings.Repeat("ä", maxPurpose+9)))
	if got := r.File.Adoptions[0].Purpose; got != strings.Repeat("ä", maxPurpose) {
		t.Errorf("a purpose of %d bytes", len(got))
	}
}

// statement parses the base with other lines for its statement.
func statement(t *testing.T, lines ...string) (*Result, Statement) {
	t.Helper()
	r := parse(with(base(t), "adoptions:\n  - software: https://code.example.org/form/editor\n    role: uses\n    "+strings.Join(lines, "\n    ")+"\n"))
	if r.File == nil || len(r.File.Adoptions) != 1 {
		t.Fatalf("%q: no statement: %v", lines, codes(r))
	}
	return r, r.File.Adoptions[0]
}

// Whatever somebody writes who wants few to see a statement, it is not public. What is
// plainly public is.
func TestVisibilityFailsSafe(t *testing.T) {
	for _, line := range []string{
		"visibility: restricted", "visibility: Restricted", "visibility: restriced", "visibility: intern", "visibility: [restricted]",
		"visibility: {restricted: true}", "visibility:", `visibility: ""`, "visibility: no", "visibility: 1", "visibility: PUBLIC",
		"Visibility: restricted", "visiblity: restricted", "visibilty: restricted", "visibility : restricted", "restricted: true",
		"private: yes", "vertraulich: ja", "Intern: true", "sichtbarkeit: intern", "<<: {visibility: restricted}", "<<: *x",
		"visibility: restricted\n    visibility: public", "visibility: public\n    visibility: restricted", `"visibility\u200b": restricted`,
		"Visibility: restricted\n    visibility: public", "? [visibility]\n    : restricted",
	} {
		src := strings.Replace(with(base(t), "adoptions:\n  - software: https://code.example.org/form/editor\n    role: uses\n    "+line+"\n"), "<<: *x", "<<: {<<: {}, visibility: restricted}", 1)
		r := parse(src)
		if r.File == nil || len(r.File.Adoptions) != 1 || r.File.Adoptions[0].Visibility != Restricted || len(r.Findings) == 0 {
			t.Errorf("%q: %+v, findings %v", line, r.File, codes(r))
		}
	}
	for _, line := range []string{"visibility: restricted", "visibilty: restricted", "restricted: true", "<<: {visibility: restricted}"} {
		for _, src := range []string{
			base(t) + line + "\n",
			strings.Replace(base(t), "organisation:\n", "organisation:\n  "+line+"\n", 1),
		} {
			if r := parse(src); len(r.File.Adoptions) != 1 || r.File.Adoptions[0].Visibility != Restricted {
				t.Errorf("%q in another section: %+v", line, r.File)
			}
		}
	}
	// Behind more unknown keys than are looked at it is not known what is meant.
	src := strings.Builder{}
	src.WriteString(strings.Split(base(t), "adoptions:")[0] + "adoptions:\n  - software: https://code.example.org/a\n    role: uses\n  - software: https://code.example.org/b\n    role: uses\n")
	for i := range maxGuesses + 1 {
		fmt.Fprintf(&src, "    unknown%d: x\n", i)
	}
	if r := parse(src.String()); len(r.File.Adoptions) != 2 || r.File.Adoptions[0].Visibility == Restricted || r.File.Adoptions[1].Visibility != Restricted {
		t.Errorf("behind many keys: %+v", r.File)
	}
	for _, line := range []string{"visibility: public", "purpose: visibility restricted", "x-visibility: restricted", "contact: intern@a.example", "colour: red"} {
		if _, s := statement(t, line); s.Visibility == Restricted {
			t.Errorf("%q is restricted", line)
		}
	}
}

func TestRepetitions(t *testing.T) {
	for lines, want := range map[string]int{
		"role: uses":                                  1,
		"role: uses\n    version: \"2\"":              2,
		"role: uses\n    visibility: public":          1,
		"role: uses\n    visibility: restricted":      2,
		"role: uses\n    purpose: etwas ganz and’res": 1,
		"role: operates":                              2,
	} {
		r := parse(base(t) + "  - software: HTTPS://code.Example.org/form/Editor.git/\n    " + lines + "\n")
		if got := len(r.File.Adoptions); got != want || slices.Contains(codes(r), "AD0404") != (want == 1) {
			t.Errorf("%q: %d statements, findings %v", lines, got, codes(r))
		}
	}
}

// Without a clock nothing is said of today.
func TestClock(t *testing.T) {
	src := replaced(replaced(base(t), "    ", "confirmedUntil", "2020-01-01"), "    ", "since", "2019-01-01")
	for now, want := range map[string][]string{
		"":           nil,
		"2019-12-31": nil,
		"2020-01-01": nil,
		"2020-01-02": {"AD0401"},
		"2016-12-31": {"AD0402"},
		"2018-12-31": {"AD0403"},
	} {
		var opt Options
		if now != "" {
			var err error
			if opt.Now, err = time.Parse(time.DateOnly, now); err != nil {
				t.Fatal(err)
			}
		}
		if got := codes(Parse([]byte(src), opt)); !slices.Equal(got, want) {
			t.Errorf("on %q: %v, want %v", now, got, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	for src, want := range map[string]bool{
		"adoptionsYmlVersion: \"1.0\"\n":                        true,
		"# Wir\n---\n\"adoptionsYmlVersion\" : 1\n":             true,
		"\ufeffadoptionsYmlVersion: 1\n":                        true,
		"{adoptionsYmlVersion: 1, adoptions: []}":               true,
		"name: x\r\nadoptionsYmlVersion: 1\r\n":                 true,
		"adoptionsymlversion: 1\n":                              true,
		"adoptions-yml-version: 1\n":                            false,
		"adoptions:\n- software: x\n":                           true,
		"publiccodeYmlVersion: \"0.5\"\nadoptions: []\n":        false,
		"publiccodeYmlVersion: \"0.5\"\nname: adoptions\n":      false,
		"description:\n  de: |\n    adoptionsYmlVersion: 1\n":   false,
		"# adoptionsYmlVersion: 1\n":                            false,
		"publiccodeYmlVersion: 0.5\nadoptionsYmlVersion: 1.0\n": true,
		"comaintenance:\n- software: x\n":                       true,
		"publiccodeYmlVersion: 0.5\ncomaintenance: []\n":        false,
		"needsYmlVersion: 1\nadoptions: []\n":                   false,
		"":                                                      false,
	} {
		if got := Recognise([]byte(src)); got != want {
			t.Errorf("%q: %v", src, got)
		}
	}
}

func TestFormatOf(t *testing.T) {
	for src, want := range map[string]string{
		"adoptionsYmlVersion: \"1.0\"\n":                FileName,
		"adoptionsYmlVersion: 1\nneedsYmlVersion: 1\n":  FileName,
		"needsYmlVersion: 1\n":                          NeedsFileName,
		"'needsYmlVersion' : 1\n":                       NeedsFileName,
		"needs-yml-version: 1\n":                        "",
		"{needs: []}":                                   NeedsFileName,
		"adoptions: []\nneeds: []\n":                    FileName,
		"needsYmlVersion: 1\npubliccodeYmlVersion: 1\n": NeedsFileName,
		"publiccodeYmlVersion: 1\nneeds: []\n":          "",
		"jobs:\n  build:\n    needs: [test]\n":          "",
		"description: |\n  needs: nothing\n# needs:\n":  "",
		"name: needs\n":                                 "",
	} {
		if f, ok := FormatOf([]byte(src)); f.FileName != want || ok != (want != "") {
			t.Errorf("%q: %q", src, f.FileName)
		}
	}
}

// Anchors and aliases are read as what they stand for, at the place where they stand.
func TestAliases(t *testing.T) {
	r := parse(with(base(t), "adoptions:\n  - &first\n    software: &address https://code.example.org/form/editor\n    role: uses\n  - software: *address\n    role: funds\n  - *first\n"))
	if len(r.File.Adoptions) != 2 || r.File.Adoptions[1].Software != r.File.Adoptions[0].Software {
		t.Errorf("%+v", r.File)
	}
	if len(r.Findings) != 1 || r.Findings[0].Code != "AD0404" || r.Findings[0].Line != 14 || r.Findings[0].Column != 5 || r.Findings[0].EndColumn != 11 {
		t.Errorf("%+v", r.Findings)
	}
}
