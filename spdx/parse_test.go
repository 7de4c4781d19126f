// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]*Expression{
		"eupl-1.2":      {Licence: Licence{ID: "EUPL-1.2"}},
		" ((MIT)) ":     {Licence: Licence{ID: "MIT"}},
		"Apache-2.0+":   {Licence: Licence{ID: "Apache-2.0", OrLater: true}},
		"gpl-3.0+":      {Licence: Licence{ID: "GPL-3.0", OrLater: true}},
		"LicenseRef-Ab": {Licence: Licence{ID: "LicenseRef-Ab"}},
		"DocumentRef-a:LicenseRef-b WITH DocumentRef-a:AdditionRef-c": {Licence: Licence{ID: "DocumentRef-a:LicenseRef-b", Exception: "DocumentRef-a:AdditionRef-c"}},
		"GPL-2.0-only with classpath-exception-2.0":                   {Licence: Licence{ID: "GPL-2.0-only", Exception: "Classpath-exception-2.0"}},
		"MIT OR ISC AND 0BSD or Zlib": {Operator: Or, Operands: []*Expression{
			{Licence: Licence{ID: "MIT"}},
			{Operator: And, Operands: []*Expression{{Licence: Licence{ID: "ISC"}}, {Licence: Licence{ID: "0BSD"}}}},
			{Licence: Licence{ID: "Zlib"}},
		}},
		"(MIT AND(ISC AND 0BSD))AND Zlib": {Operator: And, Operands: []*Expression{
			{Licence: Licence{ID: "MIT"}}, {Licence: Licence{ID: "ISC"}}, {Licence: Licence{ID: "0BSD"}}, {Licence: Licence{ID: "Zlib"}},
		}},
	} {
		got, _, err := Parse(in)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("Parse(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestRemarks(t *testing.T) {
	for in, want := range map[string][]Remark{
		"MIT OR Apache-2.0+":       nil,
		"LicenseRef-x":             nil,
		"mit and MIT AND mit":      {{Spelling, "mit", "MIT"}, {Operators, "and", "AND"}},
		"GPL-3.0":                  {{Ambiguous, "GPL-3.0", ""}},
		"gpl-3.0+":                 {{Deprecated, "GPL-3.0+", "GPL-3.0-or-later"}},
		"AGPL-3.0+":                {{Deprecated, "AGPL-3.0+", "AGPL-3.0-or-later"}},
		"eCos-2.0":                 {{Deprecated, "eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0"}},
		"Net-SNMP":                 {{Abandoned, "Net-SNMP", ""}},
		"ISC With llvm-Exception":  {{Operators, "With", "WITH"}, {Spelling, "llvm-Exception", "LLVM-exception"}},
		"MIT WITH AdditionRef-x.1": nil,
	} {
		_, got, err := Parse(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Parse(%q): %v, %v; want %v", in, got, err, want)
		}
	}
}

// TestSyntaxErrors holds what is said of what is no expression, and where it is.
func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		in      string
		problem Problem
		word    string
		says    string // in the English wording
	}{
		{"", Empty, "", "EUPL-1.2"},
		{" \t", Empty, "", "EUPL-1.2"},
		{strings.Repeat("MIT OR ", 400) + "MIT", TooLong, "", "2000 bytes"},
		{strings.Repeat("(", 21) + "MIT" + strings.Repeat(")", 21), TooDeep, "(", "position 21 "},
		{"MIT OR", Unfinished, "", "end"},
		{"MIT WITH ", Unfinished, "", "end"},
		{"(", Unfinished, "", "end"},
		{"(MIT", Unclosed, "(", "position 1 "},
		{"MIT)", Unopened, ")", "position 4 "},
		{"()", NoLicence, ")", "before “)”"},
		{"OR MIT", NoLicence, "OR", "before “OR” at position 1."},
		{"MIT AND OR ISC", NoLicence, "OR", "position 9."},
		{"MIT ISC", NoOperator, "ISC", "AND or OR is missing before “ISC” at position 5"},
		{"(MIT ISC)", NoOperator, "ISC", "Write OR if"},
		{"MIT (ISC)", NoOperator, "(", "before “(”"},
		{"MIT WITH MIT", NoException, "MIT", "no exception"},
		{"MIT WITH LicenseRef-x", NoException, "LicenseRef-x", "no exception"},
		{"Classpath-exception-2.0", NotListed, "Classpath-exception-2.0", "no identifier"},
		{"AdditionRef-x", NotListed, "AdditionRef-x", "no identifier"},
		{"MIT++", NotListed, "MIT++", "no identifier"},
		{"LicenseRef-ä", BadReference, "LicenseRef-ä", "A to Z"},
		{"LicenseRef-", BadReference, "LicenseRef-", "A to Z"},
		{"Licence-1 AND MIT", NotListed, "Licence-1", "LicenseRef-"},
		{"ISC OR ärger", NotListed, "ärger", "position 8 "},
		{"ä ISC OR MIT", NotListed, "ä", "position 1 "},
		{"MIT AND NOASSERTION", NotAlone, "NOASSERTION", "alone"},
		{"none OR MIT", NotAlone, "none", "alone"},
		{strings.Repeat("Ö", 900), NotListed, strings.Repeat("Ö", 900), "ÖÖÖ…”"},
		{"MIT \xff", NoOperator, "\xff", "“\uFFFD”"},

		{"Apache License, Version 2.0", NotListed, "Apache", "“Apache-2.0” was probably meant"},
		{"GPLv3", NotListed, "GPLv3", "“GPL-3.0” was probably meant; add “-or-later” if"},
		{"EUPL 1.2 OR MIT", NotListed, "EUPL", "“EUPL-1.2 OR MIT” was probably"},
		{"Apache-2.0/MIT", NotListed, "Apache-2.0/MIT", "“Apache-2.0 OR MIT” if one may choose among the licences, and “Apache-2.0 AND MIT” if all apply"},
		{"EUPL 1.2, MIT or ISC; GPLv3+", NotListed, "EUPL", "“EUPL-1.2 AND (MIT OR ISC) AND GPL-3.0-or-later” if all"},
		{strings.Repeat("MIT,", 11), NotListed, strings.Repeat("MIT,", 11), "no identifier"},
		{"MIT, geheim", NotListed, "MIT,", "no identifier"},
	} {
		e, remarks, err := Parse(c.in)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || e != nil || remarks != nil {
			t.Errorf("Parse(%q): %v, %v, %v", c.in, e, remarks, err)
			continue
		}
		if syntax.Problem != c.problem || syntax.Word != c.word {
			t.Errorf("Parse(%.60q): %s, %q; want %s, %q", c.in, syntax.Problem, syntax.Word, c.problem, c.word)
		}
		if !strings.HasPrefix(c.in[syntax.At:], c.word) {
			t.Errorf("Parse(%.60q): %q is not at %d", c.in, c.word, syntax.At)
		}
		if !strings.Contains(syntax.Wording("en"), c.says) {
			t.Errorf("Parse(%.60q): %s\nwant %q", c.in, syntax.Wording("en"), c.says)
		}
		for _, lang := range []string{"de", "en"} {
			if s := syntax.Wording(lang); len(s) > 700 || strings.ContainsAny(s, "{}") || !strings.HasSuffix(s, ".") {
				t.Errorf("Parse(%.60q) in %s: %s", c.in, lang, s)
			}
		}
		if syntax.Wording("de") == syntax.Wording("en") || strings.HasSuffix(err.Error(), ".") {
			t.Errorf("Parse(%.60q): %v", c.in, err)
		}
	}
	for p, words := range problems {
		for _, w := range []wording{words.de, words.en} {
			if w.problem == "" || w.advice == "" {
				t.Errorf("%s has no words", p)
			}
		}
	}
}

func TestNotAsserted(t *testing.T) {
	for in, want := range map[string]error{
		"NOASSERTION":   ErrNoAssertion,
		"noassertion\n": ErrNoAssertion,
		"NONE":          ErrNone,
		" None":         ErrNone,
	} {
		if e, _, err := Parse(in); e != nil || !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %v, %v", in, e, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"MIT", "mit or (gpl-3.0+ AND isc) WITH x", "GPL-2.0-only WITH classpath-exception-2.0 OR LicenseRef-a",
		"((MIT OR ISC) AND (0BSD OR Zlib)) AND DocumentRef-a:LicenseRef-b", "Apache 2.0/MIT, EUPL 1.2 or later",
		"NONE AND (", "GPLv3 or later) OR (MIT", "\xff(\u00a0)", strings.Repeat("(MIT OR ISC) AND ", 30) + "Zlib",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, _, err := Parse(s)
		if err != nil {
			if len(err.Error()) > 3*maxBytes {
				t.Errorf("%q: an error of %d bytes", s, len(err.Error()))
			}
			if meant, ok := Named(s); ok {
				holdTree(t, meant)
			}
		} else {
			holdTree(t, e)
		}
		for _, doubt := range []bool{false, true} {
			if now := Mend(s, doubt); now != "" {
				if again := Mend(now, doubt); again != now {
					t.Errorf("%q becomes %q, then %q", s, now, again)
				}
			}
		}
	})
}

// holdTree holds an expression against what is true of every one.
func holdTree(t *testing.T, e *Expression) {
	t.Helper()
	s := e.String()
	if len(s) <= maxBytes { // a blank beside a bracket may have been added
		again, _, err := Parse(s)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%q is read as %q, %v", s, again, err)
		}
	}
	var shape func(*Expression)
	shape = func(e *Expression) {
		if (e.Operator == "") != (e.Licence != Licence{}) || (e.Operator == "") != (e.Operands == nil) || len(e.Operands) == 1 {
			t.Errorf("%q has a node %+v", s, e)
		}
		for _, o := range e.Operands {
			if o.Operator == e.Operator {
				t.Errorf("%q has %s within %s", s, o, e)
			}
			shape(o)
		}
	}
	shape(e)
	if sets, ok := e.Alternatives(); ok {
		if len(sets) == 0 || len(sets) > maxAlternatives {
			t.Errorf("%q has %d alternatives", s, len(sets))
		}
		for _, set := range sets {
			if !e.Satisfied(func(l Licence) bool { return slices.Contains(set, l) }) {
				t.Errorf("%q is not satisfied by %v", s, set)
			}
		}
	}
}

// BenchmarkParse reads expressions of a bill of materials.
func BenchmarkParse(b *testing.B) {
	for _, s := range []string{"MIT", "(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNamed understands a licence in other words.
func BenchmarkNamed(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Named("The Apache Software License, Version 2.0"); !ok {
			b.Fatal("not understood")
		}
	}
}
