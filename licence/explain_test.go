// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/spdx"
)

var rewrite = flag.Bool("rewrite", false, "write the explanations in testdata anew")

func mustParse(t testing.TB, expression string) *spdx.Expression {
	t.Helper()
	e, _, err := spdx.Parse(expression)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestExplainWords compares whole explanations with testdata/explain.txt.
func TestExplainWords(t *testing.T) {
	const file = "testdata/explain.txt"
	var b strings.Builder
	for _, expression := range []string{
		"MIT",
		"EUPL-1.2",
		"AGPL-3.0-or-later",
		"GPL-2.0-only WITH Classpath-exception-2.0 OR MPL-2.0",
		"Apache-2.0 AND LicenseRef-Haus",
		"SSPL-1.0 AND CC-BY-NC-4.0",
		"GPL-3.0",
		"DL-DE-BY-2.0",
		"UnRAR",
	} {
		for _, lang := range []string{"de", "en"} {
			write(&b, Explain(mustParse(t, expression)), lang)
		}
	}
	write(&b, Explain(nil), "de")
	if *rewrite {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(b.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("%s:%d: %q\n, want %q\ngo test -run TestExplainWords -rewrite ./licence writes it anew", file, i+1, got[min(i, len(got)-1)], line)
		}
	}
	if len(got) != strings.Count(string(want), "\n")+1 {
		t.Errorf("%d lines, want %d", len(got), strings.Count(string(want), "\n")+1)
	}
}

func write(b *strings.Builder, e Explanation, lang string) {
	statements := func(indent string, all []Statement) {
		for _, s := range all {
			fmt.Fprintf(b, "%s%s (%s", indent, s.Label.In(lang), strings.Join(s.Sources, ", "))
			if len(s.Licences) > 0 {
				fmt.Fprintf(b, "; %s", strings.Join(s.Licences, ", "))
			}
			fmt.Fprintf(b, "): %s\n", s.Text.In(lang))
		}
	}
	assessment := func(a Assessment) {
		fmt.Fprintf(b, " [%s %s, osi %s, fsf %s, network %s, covered %v]\n", a.Category, a.AtLeast, a.OSI, a.FSF, a.Network, a.Covered)
	}
	fmt.Fprintf(b, "=== %q %s", e.Expression, lang)
	assessment(e.Assessment)
	statements("", e.Summary)
	for _, a := range e.Alternatives {
		fmt.Fprintf(b, "\n== %s, patents %s", a.Expression, a.Patents)
		assessment(a.Assessment)
		for _, d := range a.Duties {
			fmt.Fprintf(b, "%s\n", d.Title.In(lang))
			statements("  - ", d.Statements)
		}
		statements("+ ", a.Permissions)
		statements("! ", a.Limitations)
	}
	for _, l := range e.Licences {
		fmt.Fprintf(b, "\n-- %s: %s %s\n", l.SPDX, l.Standing, l.Instead)
		statements("", l.Statements)
	}
	b.WriteString("\n")
	for _, s := range e.Sources {
		fmt.Fprintf(b, "%s; ", s.ID)
	}
	fmt.Fprintf(b, "%s\n\n", e.Disclaimer.In(lang))
}

// complete checks what holds for every explanation.
func complete(t *testing.T, e Explanation) {
	t.Helper()
	check(t, "disclaimer", e.Disclaimer)
	if !strings.Contains(e.Disclaimer.DE, "keine Rechtsberatung") {
		t.Errorf("%s: it does not say that it is no legal advice", e.Expression)
	}
	sources := map[string]bool{}
	for _, s := range e.Sources {
		sources[s.ID] = true
	}
	statements := func(where string, all []Statement) {
		for _, s := range all {
			check(t, where+" "+s.Code, s.Label)
			check(t, where+" "+s.Code, s.Text)
			if len(s.Sources) == 0 {
				t.Errorf("%s: %s names no source", where, s.Code)
			}
			for _, id := range s.Sources {
				if !sources[id] {
					t.Errorf("%s: %s rests on %q, which Sources has not", where, s.Code, id)
				}
			}
		}
	}
	if len(e.Summary) == 0 {
		t.Errorf("%s: no summary", e.Expression)
	}
	statements(e.Expression, e.Summary)
	for _, l := range e.Licences {
		if len(l.Statements) == 0 {
			t.Errorf("%s: nothing is said", l.SPDX)
		}
		statements(l.SPDX, l.Statements)
	}
	for _, a := range e.Alternatives {
		statements(a.Expression, a.Permissions)
		statements(a.Expression, a.Limitations)
		if len(a.Duties) != 4 {
			t.Errorf("%s: %d situations, want 4", a.Expression, len(a.Duties))
		}
		for _, d := range a.Duties {
			check(t, a.Expression, d.Title)
			if len(d.Statements) == 0 {
				t.Errorf("%s: nothing is said of %s", a.Expression, d.Situation)
			}
			statements(a.Expression+" "+string(d.Situation), d.Statements)
		}
	}
}

func TestExplainEveryLicence(t *testing.T) {
	for _, l := range facts().licences {
		for _, e := range []*spdx.Expression{
			{Licence: spdx.Licence{ID: l.ID}},
			{Licence: spdx.Licence{ID: l.ID, OrLater: true}},
			{Licence: spdx.Licence{ID: l.ID, Exception: "Classpath-exception-2.0"}},
		} {
			complete(t, Explain(e))
		}
	}
	for _, x := range facts().exceptions {
		complete(t, Explain(&spdx.Expression{Licence: spdx.Licence{ID: "GPL-2.0-or-later", Exception: x.ID}}))
	}
}

func TestAssess(t *testing.T) {
	for _, c := range []struct {
		expression        string
		category, atLeast Category
		osi, fsf, network Answer
		covered, choice   bool
	}{
		{"MIT AND GPL-3.0-only", StrongCopyleft, "", Yes, Yes, No, true, false},
		{"MIT OR GPL-3.0-only", Permissive, "", Yes, Yes, No, true, true},
		{"AGPL-3.0-only OR BUSL-1.1", NetworkCopyleft, "", Yes, Yes, No, true, true},
		{"AGPL-3.0-only OR EUPL-1.2", WeakCopyleft, "", Yes, Yes, Yes, true, true},
		{"MIT AND SSPL-1.0", SourceAvailable, "", No, Unknown, Yes, false, false},
		{"MIT AND LicenseRef-x", NoCategory, Permissive, Unknown, Unknown, Unknown, false, false},
		{"MIT OR LicenseRef-x", Permissive, "", Yes, Yes, No, true, true},
		{"LicenseRef-x", NoCategory, "", Unknown, Unknown, Unknown, false, false},
		{"SSPL-1.0 AND LicenseRef-x", NoCategory, SourceAvailable, No, Unknown, Yes, false, false},
		{"(MIT OR GPL-2.0-only) AND (LGPL-2.1-only OR AGPL-3.0-only)", WeakCopyleft, "", Yes, Yes, No, true, true},
		{"GPL-2.0-only WITH Classpath-exception-2.0", StrongCopyleft, "", Yes, Yes, No, true, false},
		{"CC-BY-NC-4.0", SourceAvailable, "", No, No, No, false, false},
	} {
		got := Explain(mustParse(t, c.expression))
		want := Assessment{c.category, c.atLeast, c.osi, c.fsf, c.network, c.covered}
		if got.Assessment != want || got.Choice != c.choice {
			t.Errorf("%s: %+v, choice %v, want %+v, %v", c.expression, got.Assessment, got.Choice, want, c.choice)
		}
		complete(t, got)
	}
}

func TestDuties(t *testing.T) {
	for _, c := range []struct {
		expression string
		situation  Situation
		codes      string // of the first alternative
	}{
		{"MIT", UseInternally, "nothing"},
		{"MIT", Distribute, "condition:include-copyright"},
		{"MIT AND AGPL-3.0-only", UseInternally, "nothing"},
		{"MIT AND AGPL-3.0-only", RunService, "condition:network-use-disclose"},
		{"MPL-2.0", RunService, "nothing"},
		{"MPL-2.0", Change, "condition:same-license--file"},
		{"CPAL-1.0", RunService, "condition:network-use-disclose"},
		{"CAL-1.0", RunService, "condition:network-use-disclose"},
		{"RPL-1.5", UseInternally, "condition:network-use-disclose"},
		{"BUSL-1.1", UseInternally, "limited"},
		{"CC-BY-NC-ND-4.0", Change, "limited"},
		{"CC-BY-NC-4.0", Distribute, "credit limited"},
		{"CC-BY-SA-3.0", Distribute, "credit general"},
		{"SSPL-1.0", RunService, "condition:network-use-disclose"},
		{"DL-DE-BY-2.0", UseInternally, "general"},
		{"DL-DE-BY-2.0", Distribute, "credit"},
		{"DL-DE-ZERO-2.0", Distribute, "nothing"},
		{"GPL-3.0-only WITH GCC-exception-3.1", UseInternally, "nothing"},
		{"LGPL-2.0-only WITH OCaml-LGPL-linking-exception", Change, "general exception"},
		{"LicenseRef-x", RunService, "unknown"},
		{"UnRAR", Change, "unknown"},
		{"MIT AND LicenseRef-x", UseInternally, "unknown"},
	} {
		var got []string
		for _, d := range Explain(mustParse(t, c.expression)).Alternatives[0].Duties {
			for _, s := range d.Statements {
				if d.Situation == c.situation {
					got = append(got, s.Code)
				}
			}
		}
		if strings.Join(got, " ") != c.codes {
			t.Errorf("%s, %s: %q, want %q", c.expression, c.situation, got, c.codes)
		}
	}
}

func TestStandings(t *testing.T) {
	for _, c := range []struct {
		expression         string
		standing           Standing
		instead, exception string
	}{
		{"GPL-3.0-only", Listed, "", ""},
		{"GPL-3.0", Deprecated, "", ""},
		{"GPL-3.0+", Deprecated, "GPL-3.0-or-later", ""},
		{"Apache-2.0+", Listed, "", ""},
		{"wxWindows", Deprecated, "LGPL-2.0-or-later WITH WxWindows-exception-3.1", "WxWindows Library Exception 3.1"},
		{"Nunit", Deprecated, "", ""},
		{"GPL-2.0-only WITH Classpath-exception-2.0", Listed, "", "Classpath exception 2.0"},
		{"LicenseRef-x", Reference, "", ""},
		{"DocumentRef-y:LicenseRef-x", Reference, "", ""},
	} {
		got := Explain(mustParse(t, c.expression)).Licences[0]
		name := ""
		if got.Exception != nil {
			name = got.Exception.Name
		}
		if got.SPDX != c.expression || got.Standing != c.standing || got.Instead != c.instead || !strings.EqualFold(name, c.exception) {
			t.Errorf("%s: %q, %s, instead %q, exception %q, want %+v", c.expression, got.SPDX, got.Standing, got.Instead, name, c)
		}
	}
	got := Explain(&spdx.Expression{Licence: spdx.Licence{ID: "MIT", Exception: "AdditionRef-x"}})
	if x := got.Licences[0].Exception; x == nil || x.ID != "AdditionRef-x" || x.Name != "" {
		t.Errorf("an exception that is not on the list: %+v", x)
	}
	complete(t, got)
}

// Callers may build what Parse never returns.
func TestExplainOddTrees(t *testing.T) {
	for _, e := range []*spdx.Expression{
		nil,
		{},
		{Operator: spdx.And},
		{Operator: spdx.Or, Operands: []*spdx.Expression{nil, {Licence: spdx.Licence{ID: "MIT"}}}},
		{Licence: spdx.Licence{ID: "no-such"}},
		{Licence: spdx.Licence{ID: "MIT", Exception: "no-such"}},
	} {
		got := Explain(e)
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
		complete(t, got)
	}
}

func TestManyAlternatives(t *testing.T) {
	for _, c := range []struct{ groups, others, alternatives int }{{6, 1, 64}, {7, 1, 0}, {6, 9, 64}, {6, 10, 0}, {0, 100, 1}} {
		var groups []string
		for i := range c.groups {
			groups = append(groups, fmt.Sprintf("(LicenseRef-a%d OR LicenseRef-b%[1]d)", i))
		}
		for i := range c.others {
			groups = append(groups, fmt.Sprintf("LicenseRef-%d", i))
		}
		got := Explain(mustParse(t, strings.Join(groups, " AND ")))
		if len(got.Alternatives) != c.alternatives || len(got.Licences) != 2*c.groups+c.others || got.Choice != (c.groups > 0) {
			t.Errorf("%+v: %d alternatives, %d licences, choice %v", c, len(got.Alternatives), len(got.Licences), got.Choice)
		}
		complete(t, got)
	}
}

// The freest alternative stands first, whatever the order of the expression.
func TestOrderOfAlternatives(t *testing.T) {
	var got []string
	for _, a := range Explain(mustParse(t, "LicenseRef-x OR AGPL-3.0-only OR MIT OR LGPL-3.0-only AND ISC")).Alternatives {
		got = append(got, a.Expression)
	}
	if want := []string{"MIT", "LGPL-3.0-only AND ISC", "AGPL-3.0-only", "LicenseRef-x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzExplain(f *testing.F) {
	for _, s := range []string{"MIT", "(MIT OR GPL-3.0+) AND LicenseRef-x", "GPL-2.0-only WITH Classpath-exception-2.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, _, err := spdx.Parse(s)
		if err != nil {
			return
		}
		complete(t, Explain(e))
	})
}

func BenchmarkExplain(b *testing.B) {
	e := mustParse(b, "MIT AND (EUPL-1.2 OR GPL-2.0-only WITH Classpath-exception-2.0)")
	Explain(e)
	for b.Loop() {
		Explain(e)
	}
}
