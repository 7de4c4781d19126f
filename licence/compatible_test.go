// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/spdx"
)

// TestCombine asks whether parts may be in a whole. The sources are those of the
// necessary steps, in order.
func TestCombine(t *testing.T) {
	for _, tt := range []struct {
		parts   string // with ; between them
		into    string
		want    Verdict
		sources string
		in      string // what the answer says, in English
	}{
		// The matrix is directed: the licence of the whole leads.
		{"MIT", "EUPL-1.2", Compatible, "osadl", "By the OSADL matrix"},
		{"EUPL-1.2", "MIT", Incompatible, "osadl", "contradict"},
		{"Apache-2.0", "EUPL-1.2", Unclear, "osadl", "OSADL leaves it open"},
		{"BSD-3-Clause;ISC;MIT", "Apache-2.0", Compatible, "osadl", ""},
		{"MPL-2.0", "EUPL-1.2", Compatible, "osadl", ""},
		{"AGPL-3.0-only", "EUPL-1.2", Incompatible, "osadl", "because of: AGPL-3.0-only"},
		{"GPL-2.0-or-later", "EUPL-1.2", Incompatible, "osadl", ""},
		{"LGPL-3.0-only", "EUPL-1.2", Incompatible, "osadl", ""},
		{"EUPL-1.1", "EUPL-1.2", Compatible, "osadl", ""},
		{"MPL-1.1", "EUPL-1.2", Conditional, "osadl", "how the part"},
		{"MIT;AGPL-3.0-only;ISC", "EUPL-1.2", Incompatible, "osadl", "because of: AGPL-3.0-only."},
		{"MS-PL", "MIT", Unclear, "osadl", "leaves it open"},

		// The appendix works outward only.
		{"EUPL-1.2", "GPL-3.0-only", Compatible, "eupl osadl", "article 5"},
		{"EUPL-1.2", "GPL-2.0-only", Compatible, "eupl osadl", ""},
		{"EUPL-1.2", "AGPL-3.0-or-later", Compatible, "eupl osadl", ""},
		{"EUPL-1.2", "MPL-2.0", Compatible, "eupl osadl", ""},
		{"EUPL-1.2", "OSL-2.1", Compatible, "eupl", ""},
		{"EUPL-1.2", "CECILL-2.1", Compatible, "eupl", ""},
		{"EUPL-1.2", "LiLiQ-Rplus-1.1", Compatible, "eupl", ""},
		{"EUPL-1.2", "CC-BY-SA-3.0", Conditional, "eupl", "other than software"},
		{"EUPL-1.2", "CC-BY-SA-4.0", Unclear, "osadl", "None of our sources"},
		{"EUPL-1.2", "EUPL-1.1", Conditional, "eupl osadl", "contradict one another"},
		{"EUPL-1.2", "LGPL-2.0-only", Conditional, "osadl", ""},
		{"EUPL-1.1", "GPL-3.0-only", Incompatible, "osadl", ""},
		{"CECILL-2.1", "EUPL-1.2", Unclear, "osadl", ""},
		{"EUPL-1.2;GPL-3.0-only", "GPL-3.0-only", Compatible, "eupl osadl house", ""},
		{"EUPL-1.2;GPL-3.0-only", "EUPL-1.2", Incompatible, "house osadl", ""},

		// The GNU licences, and later versions of them.
		{"Apache-2.0", "GPL-2.0-only", Incompatible, "osadl", ""},
		{"GPL-2.0-only", "Apache-2.0", Incompatible, "osadl", ""},
		{"Apache-2.0", "GPL-3.0-only", Compatible, "osadl", ""},
		{"Apache-2.0", "GPL-2.0-or-later", Conditional, "osadl", "to be passed on under GPL-3.0-or-later"},
		{"Apache-2.0;GPL-2.0-only", "GPL-2.0-or-later", Incompatible, "osadl osadl", ""}, // no version fits both
		{"GPL-3.0-only", "GPL-2.0-or-later", Conditional, "house", "to be passed on under GPL-3.0-only"},
		{"GPL-2.0-or-later", "GPL-3.0-only", Compatible, "osadl", "take the part under GPL-3.0-only"},
		{"GPL-2.0-or-later", "GPL-3.0-or-later", Compatible, "osadl", "allows later versions"},
		{"GPL-2.0-only", "GPL-3.0-only", Incompatible, "osadl", ""},
		{"GPL-3.0-or-later", "GPL-3.0-only", Compatible, "osadl", ""},
		{"GPL-3.0-only", "GPL-3.0-or-later", Conditional, "house", "under GPL-3.0-only"},
		{"GPL-2.0+", "GPL-3.0-only", Compatible, "osadl", ""},
		{"GPL-2.0", "GPL-3.0-only", Unclear, "osadl", "leaves open whether later versions"},
		{"GPL-3.0", "GPL-3.0", Compatible, "house", ""},
		{"MIT", "GPL-3.0", Compatible, "osadl", ""},
		{"Apache-2.0", "GPL-2.0", Incompatible, "osadl", ""},
		{"GPL-3.0", "Apache-2.0", Incompatible, "osadl", ""},
		{"AGPL-3.0-only", "GPL-3.0-only", Conditional, "osadl", ""},
		{"GPL-3.0-only", "AGPL-3.0-only", Conditional, "osadl", ""},
		{"GPL-2.0-only", "AGPL-3.0-only", Incompatible, "osadl", ""},
		{"LGPL-2.1-only", "GPL-2.0-only", Conditional, "osadl", ""},
		{"LGPL-2.1-only", "MIT", Incompatible, "osadl", ""},
		{"LGPL-3.0-or-later", "GPL-3.0-or-later", Compatible, "osadl", ""},
		{"Apache-2.0", "LGPL-2.1-or-later", Conditional, "osadl", "LGPL-3.0-or-later"},
		{"MPL-2.0", "GPL-3.0-or-later", Compatible, "osadl", ""},
		{"MPL-2.0", "MIT", Incompatible, "osadl", ""},
		{"MPL-1.1", "GPL-3.0-only", Incompatible, "osadl", ""},
		{"MPL-1.1+", "GPL-3.0-only", Compatible, "osadl", "take the part under MPL-2.0"},
		{"MPL-1.1", "MPL-1.1+", Conditional, "osadl", "under MPL-2.0"},
		{"EPL-2.0", "GPL-2.0-only", Incompatible, "osadl", ""},
		{"CDDL-1.0", "GPL-2.0-only", Incompatible, "osadl", ""},
		{"OSL-3.0+", "MIT", Unclear, "osadl", "whether a later one does"},

		// The same licence, also where no source covers it.
		{"CC-BY-SA-4.0", "CC-BY-SA-4.0", Compatible, "house", "same licence"},
		{"SSPL-1.0", "SSPL-1.0", Compatible, "house", ""},

		// What no source covers is not known, unless there is nothing to comply with.
		{"CC-BY-SA-4.0", "GPL-3.0-only", Unclear, "osadl", ""},
		{"CC-BY-4.0", "EUPL-1.2", Unclear, "osadl", ""},
		{"MIT", "CC-BY-4.0", Unclear, "osadl", ""},
		{"CC0-1.0", "EUPL-1.2", Compatible, "choosealicense", "no conditions"},
		{"CC-PDDC", "EUPL-1.2", Unclear, "osadl", ""},
		{"SSPL-1.0", "MIT", Unclear, "osadl", ""},
		{"LicenseRef-Hausregeln", "EUPL-1.2", Unclear, "house", "not on the SPDX list"},
		{"MIT", "LicenseRef-Hausregeln", Unclear, "house", ""},
		{"LicenseRef-x", "LicenseRef-x", Unclear, "house", ""},
		{"LicenseRef-scancode-ppp", "MIT", Compatible, "osadl", ""}, // the matrix has it
		{"NOASSERTION", "EUPL-1.2", Unclear, "house", "Nobody has said"},
		{"NONE", "EUPL-1.2", Incompatible, "house", "no licence"},
		{"NONE;LicenseRef-x", "EUPL-1.2", Incompatible, "house house", ""},

		// Licences that limit what may be done.
		{"CC-BY-NC-4.0", "MIT", Incompatible, "house spdx", "non-commercial"},
		{"CC-BY-ND-4.0", "CC-BY-ND-4.0", Incompatible, "house", "unchanged"},
		{"CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0", Compatible, "house", ""},

		// Exceptions: the rows of the matrix, else more permissions.
		{"GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only", Compatible, "osadl", ""},
		{"GPL-2.0-with-classpath-exception", "GPL-2.0-only", Compatible, "osadl", ""},
		{"GPL-2.0-only WITH Classpath-exception-2.0", "MIT", Incompatible, "osadl", ""},
		{"GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", Conditional, "osadl", ""},
		{"MIT", "GPL-2.0-only WITH Classpath-exception-2.0", Compatible, "osadl", ""},
		{"GPL-3.0-only WITH GCC-exception-3.1", "GPL-3.0-only", Compatible, "house", "not needed here"},
		{"GPL-2.0-or-later WITH Classpath-exception-2.0", "GPL-3.0-only", Compatible, "osadl", ""},
		{"GPL-3.0-only WITH GCC-exception-3.1", "MIT", Unclear, "osadl", "read the text of the exception"},
		{"GPL-3.0-only", "GPL-3.0-only WITH GCC-exception-3.1", Conditional, "house", "Only who holds the rights"},
		{"OpenSSL", "GPL-2.0-only WITH x11vnc-openssl-exception", Unclear, "osadl", ""},
		{"GPL-3.0-only WITH GCC-exception-3.1", "GPL-3.0-only WITH GCC-exception-3.1", Compatible, "house", ""},
		{"Apache-2.0 WITH LLVM-exception", "GPL-3.0-only", Compatible, "osadl", ""},
		{"Apache-2.0 WITH LLVM-exception", "GPL-2.0-only", Unclear, "osadl", ""},
		{"MIT WITH AdditionRef-Zusatz", "EUPL-1.2", Unclear, "house", ""},

		// Expressions: of OR the best, of AND all.
		{"GPL-2.0-only OR ISC", "EUPL-1.2", Compatible, "osadl", ""},
		{"AGPL-3.0-only OR LicenseRef-x", "EUPL-1.2", Unclear, "house", ""},
		{"MIT OR LicenseRef-x", "EUPL-1.2", Compatible, "osadl", ""},
		{"MIT AND LicenseRef-x", "EUPL-1.2", Unclear, "osadl house", "because of: LicenseRef-x"},
		{"MIT AND AGPL-3.0-only", "EUPL-1.2", Incompatible, "osadl osadl", ""},
		{"(MIT AND AGPL-3.0-only) OR (ISC AND MPL-1.1)", "EUPL-1.2", Conditional, "osadl osadl", ""},
		{"MIT AND (GPL-3.0-only OR ISC)", "EUPL-1.2", Compatible, "osadl osadl", ""},
		{"GPL-2.0-only OR Apache-2.0", "GPL-2.0-only OR Apache-2.0", Compatible, "house house", ""},
		{"Apache-2.0", "GPL-2.0-only OR MIT", Incompatible, "osadl osadl", ""}, // whoever gets it may choose either
		{"Apache-2.0", "GPL-3.0-only AND MIT", Compatible, "osadl osadl", ""},
	} {
		t.Run(tt.parts+" into "+tt.into, func(t *testing.T) {
			r, err := Ask(Question{Combine, strings.Split(tt.parts, ";"), tt.into})
			if err != nil {
				t.Fatal(err)
			}
			sources := sourcesOf(r)
			if len(strings.Split(tt.parts, ";")) > 1 && !strings.Contains(tt.sources, " ") {
				sources = slices.Compact(sources)
			}
			if got := strings.Join(sources, " "); r.Verdict != tt.want || got != tt.sources {
				t.Errorf("%s from %s, want %s from %s", r.Verdict, got, tt.want, tt.sources)
			}
			if all := said(r); !strings.Contains(all, tt.in) {
				t.Errorf("no %q in %s", tt.in, all)
			}
			checkReply(t, r)
		})
	}
}

// TestAlone asks what may be done under licences by themselves.
func TestAlone(t *testing.T) {
	for _, tt := range []struct {
		situation Situation
		licence   string
		want      Verdict
		sources   string
		in        string
	}{
		{UseInternally, "MIT", Compatible, "spdx", "Open Source Initiative"},
		{UseInternally, "AGPL-3.0-or-later", Compatible, "spdx", ""},
		{UseInternally, "GPL-2.0+", Compatible, "spdx", ""},
		{UseInternally, "X11", Compatible, "spdx", "Free Software Foundation"},
		{UseInternally, "curl", Compatible, "scancode", "neither"},
		{UseInternally, "GPL-2.0-only WITH Classpath-exception-2.0", Compatible, "spdx", ""},
		{UseInternally, "JSON", Conditional, "spdx", "not consider"},
		{UseInternally, "BUSL-1.1", Conditional, "scancode house", "Additional Use Grant"},
		{UseInternally, "CC-BY-NC-4.0", Conditional, "scancode house", "non-commercial"},
		{UseInternally, "CC-BY-NC-ND-4.0", Conditional, "scancode house", "unchanged"},
		{UseInternally, "PolyForm-Noncommercial-1.0.0", Conditional, "scancode house", "non-commercial"},
		{UseInternally, "Hippocratic-2.1", Conditional, "scancode house", "not a free licence"},
		{UseInternally, "any-OSI", Unclear, "spdx", ""},
		{UseInternally, "LicenseRef-x", Unclear, "house", ""},
		{UseInternally, "MIT WITH AdditionRef-x", Unclear, "house", ""},
		{UseInternally, "NOASSERTION", Unclear, "house", ""},
		{UseInternally, "NONE", Incompatible, "house", ""},
		{UseInternally, "LicenseRef-x OR MIT", Compatible, "spdx", ""},
		{UseInternally, "LicenseRef-x AND MIT", Unclear, "house spdx", ""},

		{RunService, "MIT", Compatible, "spdx house", "No duty is known"},
		{RunService, "GPL-3.0-only", Compatible, "spdx house", ""},
		{RunService, "AGPL-3.0-only", Conditional, "choosealicense", "offer the source code"},
		{RunService, "AGPL-3.0", Conditional, "choosealicense", ""},
		{RunService, "EUPL-1.2", Conditional, "choosealicense", ""},
		{RunService, "CPAL-1.0", Conditional, "house", ""},
		{RunService, "SSPL-1.0", Conditional, "scancode house", "all that the service runs on"},
		{RunService, "Elastic-2.0", Incompatible, "house", "managed service"},
		{RunService, "AGPL-3.0-only OR MIT", Compatible, "spdx house", ""},
		{RunService, "LicenseRef-x", Unclear, "house", ""},
		{RunService, "NONE", Incompatible, "house", ""},

		{Distribute, "0BSD", Compatible, "choosealicense", "no conditions"},
		{Distribute, "CC0-1.0", Compatible, "choosealicense", ""},
		{Distribute, "MIT", Conditional, "choosealicense", "must observe"},
		{Distribute, "GPL-3.0-or-later", Conditional, "choosealicense", ""},
		{Distribute, "CECILL-2.1", Conditional, "choosealicense", ""},
		{Distribute, "CPAL-1.0", Conditional, "spdx", "none of our sources lists"},
		{Distribute, "CC-BY-ND-4.0", Conditional, "scancode house", "unchanged"},
		{Distribute, "LicenseRef-x", Unclear, "house", ""},
		{Distribute, "NONE", Incompatible, "house", ""},
	} {
		t.Run(string(tt.situation)+" "+tt.licence, func(t *testing.T) {
			r, err := Ask(Question{Situation: tt.situation, Licences: []string{tt.licence}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(sourcesOf(r), " "); r.Verdict != tt.want || got != tt.sources {
				t.Errorf("%s from %s, want %s from %s", r.Verdict, got, tt.want, tt.sources)
			}
			if all := said(r); !strings.Contains(all, tt.in) {
				t.Errorf("no %q in %s", tt.in, all)
			}
			checkReply(t, r)
		})
	}
}

// TestWholes asks which of the licences of the parts the whole could be under.
func TestWholes(t *testing.T) {
	for _, tt := range []struct {
		parts string
		want  Verdict
		under string // the best
	}{
		{"MIT;EUPL-1.2", Compatible, "EUPL-1.2"},
		{"EUPL-1.2;GPL-3.0-only", Compatible, "GPL-3.0-only"},
		{"GPL-2.0-or-later;Apache-2.0", Compatible, "GPL-3.0-or-later"},
		{"GPL-2.0-only;Apache-2.0", Incompatible, ""},
		{"GPL-2.0-only;AGPL-3.0-only", Incompatible, ""},
		{"GPL-3.0-only;AGPL-3.0-only", Conditional, "GPL-3.0-only"},
		{"GPL-2.0-only OR MIT;Apache-2.0", Compatible, "MIT"},
		{"MIT;LicenseRef-x", Unclear, ""},
		{"MIT;NOASSERTION", Unclear, ""},
		{"MIT;NONE", Incompatible, ""},
		{"NOASSERTION", Unclear, ""},
		{"NONE;NOASSERTION", Incompatible, ""},
		{"MIT", Compatible, "MIT"},
	} {
		t.Run(tt.parts, func(t *testing.T) {
			r, err := Ask(Question{Situation: Combine, Licences: strings.Split(tt.parts, ";")})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(r.Under, " "); r.Verdict != tt.want || got != tt.under {
				t.Errorf("%s under %q, want %s under %q", r.Verdict, got, tt.want, tt.under)
			}
			if len(r.Wholes) > 0 && r.Wholes[0].Verdict != r.Verdict {
				t.Errorf("the best whole is %v, the verdict %s", r.Wholes[0], r.Verdict)
			}
			checkReply(t, r)
		})
	}
}

func TestChosenAlternative(t *testing.T) {
	r, err := Ask(Question{Combine, []string{"MIT AND (GPL-3.0-only OR Zlib AND ISC)"}, "EUPL-1.2"})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.Parts[0].Chosen, " "); got != "MIT Zlib ISC" {
		t.Errorf("chosen: %s", got)
	}
	for _, s := range r.Parts[0].Steps {
		if s.Necessary == (s.Licence == "GPL-3.0-only") {
			t.Errorf("%s: necessary is %v", s.Licence, s.Necessary)
		}
	}
}

func TestRefusedQuestions(t *testing.T) {
	several := func(n int, f func(i int) string) []string {
		out := make([]string, n)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	for name, tt := range map[string]struct {
		q    Question
		want string
	}{
		"no licence":        {Question{Situation: Combine}, "at least one"},
		"no situation":      {Question{Licences: []string{"MIT"}}, "use"},
		"unknown situation": {Question{Situation: "sell", Licences: []string{"MIT"}}, `"sell"`},
		"no expression":     {Question{Situation: Combine, Licences: []string{"MIT", "Mitt"}}, "Mitt"},
		"empty":             {Question{Situation: Combine, Licences: []string{""}}, "licence"},
		"whole":             {Question{Combine, []string{"MIT"}, "EUPL-"}, "of the whole"},
		"whole is NONE":     {Question{Combine, []string{"MIT"}, "NONE"}, "of the whole"},
		"whole to use":      {Question{UseInternally, []string{"MIT"}, "MIT"}, "combine"},
		"many":              {Question{Situation: Combine, Licences: several(MaxParts+1, func(int) string { return "MIT" })}, "200"},
		"many licences": {Question{Situation: Combine, Licences: several(200, func(i int) string {
			return fmt.Sprintf("LicenseRef-%d AND LicenseRef-a%d AND LicenseRef-b%d", i, i, i)
		})}, "400"},
		"many for the whole": {Question{Combine, []string{"MIT"}, strings.Join(several(11, func(i int) string { return fmt.Sprintf("LicenseRef-%d", i) }), " OR ")}, "10"},
		"many wholes":        {Question{Situation: Combine, Licences: several(51, func(i int) string { return fmt.Sprintf("LicenseRef-%d", i) })}, "50"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Ask(tt.q); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestMatrixReadAsItSays holds the answers against the cells: what the matrix
// does not allow is only allowed by the appendix of the EUPL, a later version of
// a part, or because nothing is asked.
func TestMatrixReadAsItSays(t *testing.T) {
	m := osadl()
	if len(m.at) < 100 {
		t.Fatalf("the matrix has %d licences", len(m.at))
	}
	want := map[string]Verdict{cellSame: Compatible, cellYes: Compatible, cellDepends: Conditional, cellOpen: Unclear, cellNo: Incompatible}
	for part := range m.at {
		for whole := range m.at {
			o := pair(single(t, part), single(t, whole))
			cell := m.cell(part, whole)
			later := strings.HasSuffix(part, orLater) || part == eupl || part == "bzip2-1.0.5" || whole == "bzip2-1.0.5"
			if o.verdict != want[cell] && !(later && o.verdict.positive()) {
				t.Errorf("%s into %s: %s, the matrix has %s", part, whole, o.verdict, cell)
			}
		}
	}
}

func TestBadMatrix(t *testing.T) {
	for name, tt := range map[string]struct{ src, want string }{
		"empty":         {"", "square"},
		"not square":    {"x,MIT,ISC\nMIT,S,Y\n", "square"},
		"another order": {"x,MIT,ISC\nISC,S,Y\nMIT,Y,S\n", `"ISC"`},
		"unknown value": {"x,MIT\nMIT,Q\n", `"Q"`},
		"no CSV":        {"x,\"MIT\n", "matrix"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseMatrix([]byte(tt.src)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// TestUnknownNeverBecomesYes replaces a licence by one that nobody knows: that
// must not make an answer yes or conditional that was not at least as good.
func TestUnknownNeverBecomesYes(t *testing.T) {
	names := []string{
		"MIT", "Apache-2.0", "EUPL-1.2", "EUPL-1.1+", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0", "AGPL-3.0-only",
		"LGPL-2.1-or-later", "MPL-2.0", "MPL-1.1+", "CC0-1.0", "CC-BY-SA-3.0", "CC-BY-NC-4.0", "Elastic-2.0", "BUSL-1.1", "OSL-3.0+",
		"GPL-2.0-only WITH Classpath-exception-2.0", "GPL-3.0-or-later WITH GCC-exception-3.1", "LicenseRef-y", "JSON", "any-OSI",
	}
	random := rand.New(rand.NewPCG(1, 2))
	var expression func(depth int) *spdx.Expression
	expression = func(depth int) *spdx.Expression {
		if depth == 0 || random.IntN(3) == 0 {
			return &spdx.Expression{Licence: single(t, names[random.IntN(len(names))])}
		}
		e := &spdx.Expression{Operator: []spdx.Operator{spdx.And, spdx.Or}[random.IntN(2)]}
		for range 2 + random.IntN(2) {
			e.Operands = append(e.Operands, expression(depth-1))
		}
		return e
	}
	policy := Policy{ID: "test", Allow: []string{"osi", "CC0-1.0"}, Deny: []string{"network-copyleft", "GPL-2.0"}}
	better := 0
	for range 4000 {
		e := expression(2)
		q := Question{Situation: []Situation{UseInternally, RunService, Distribute, Combine}[random.IntN(4)], Licences: []string{"MIT", e.String()}}
		if q.Situation == Combine && random.IntN(3) > 0 {
			q.Into = expression(1).String()
		}
		before, err := Ask(q)
		if err != nil {
			t.Fatal(err)
		}
		judged := policy.Judge(e.String())

		leaves := leavesOf(e)
		leaves[random.IntN(len(leaves))].Licence = spdx.Licence{ID: "LicenseRef-x"}
		q.Licences[1] = e.String()
		after, err := Ask(q)
		if err != nil {
			t.Fatal(err)
		}
		if after.Verdict.positive() && after.Verdict.rank() < before.Verdict.rank() {
			t.Fatalf("%v: %s, before %s", q, after.Verdict, before.Verdict)
		}
		if after.Verdict.rank() > before.Verdict.rank() {
			better++
		}
		if j := policy.Judge(e.String()); j.State == Allowed && judged.State != Allowed {
			t.Fatalf("%s: %s, before %s", e, j.State, judged.State)
		}
	}
	if better < 100 {
		t.Errorf("only %d replacements mattered", better)
	}
}

func leavesOf(e *spdx.Expression) []*spdx.Expression {
	if e.Operator == "" {
		return []*spdx.Expression{e}
	}
	var out []*spdx.Expression
	for _, o := range e.Operands {
		out = append(out, leavesOf(o)...)
	}
	return out
}

func single(t *testing.T, s string) spdx.Licence {
	t.Helper()
	e, _, err := spdx.Parse(s)
	if err != nil || e.Operator != "" {
		t.Fatalf("%s is not one licence: %v", s, err)
	}
	return e.Licence
}

// sourcesOf are those of the necessary steps.
func sourcesOf(r Reply) []string {
	var out []string
	for _, p := range r.Parts {
		for _, s := range p.Steps {
			if s.Necessary {
				out = append(out, s.Sources...)
			}
		}
	}
	return out
}

// said is all that a reply says in English.
func said(r Reply) string {
	out := r.Reason.EN
	for _, p := range r.Parts {
		for _, s := range p.Steps {
			if s.Necessary {
				out += " " + s.Reason.EN
			}
		}
	}
	return out
}

// checkReply holds every reply to what holds for all.
func checkReply(t *testing.T, r Reply) {
	t.Helper()
	known := map[string]bool{}
	for _, s := range Sources() {
		known[s.ID] = true
	}
	checkText(t, r.Reason)
	if r.Verdict.rank() < worst(r.Parts).rank() {
		t.Errorf("the verdict is %s, that of the parts %s", r.Verdict, worst(r.Parts))
	}
	for _, p := range r.Parts {
		for _, s := range p.Steps {
			checkText(t, s.Reason)
			if s.Necessary && s.Verdict.rank() > p.Verdict.rank() {
				t.Errorf("%s: %s, but its step %s is %s", p.Expression, p.Verdict, s.Licence, s.Verdict)
			}
			if len(s.Sources) == 0 || slices.ContainsFunc(s.Sources, func(id string) bool { return !known[id] }) {
				t.Errorf("%s: sources %v", s.Licence, s.Sources)
			}
		}
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// checkText finds a text that is missing or has a place that was not filled.
func checkText(t *testing.T, b Bilingual) {
	t.Helper()
	if b.DE == "" || b.EN == "" || b.DE == b.EN || strings.Contains(b.DE+b.EN, "%!") || strings.Contains(b.DE+b.EN, "[1]") {
		t.Errorf("text %+v", b)
	}
}

// BenchmarkAsk asks the largest question there is, and one as a person asks it.
func BenchmarkAsk(b *testing.B) {
	many := make([]string, MaxParts)
	for i := range many {
		many[i] = "GPL-2.0-or-later OR LGPL-2.1+"
	}
	for name, q := range map[string]Question{
		"large": {Combine, many, "GPL-1.0-or-later OR GPL-2.0-or-later OR LGPL-2.0-or-later OR LGPL-2.1-or-later OR AFL-2.0+ OR GPL-2.0 OR GPL-3.0+ OR EUPL-1.1+"},
		"usual": {Combine, []string{"MIT", "Apache-2.0 OR GPL-2.0-only", "EUPL-1.2"}, "EUPL-1.2"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Ask(q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzAsk(f *testing.F) {
	for _, s := range []string{"MIT", "GPL-2.0+ OR (MIT AND EUPL-1.2)", "NONE", "LicenseRef-a", "MIT WITH AdditionRef-b", "GPL-2.0-with-GCC-exception+"} {
		f.Add("combine", s, "EUPL-1.2")
		f.Add("service", s, "")
	}
	f.Fuzz(func(t *testing.T, situation, licence, into string) {
		r, err := Ask(Question{Situation(situation), []string{licence, "MIT"}, into})
		if err == nil {
			checkReply(t, r)
		}
	})
}
