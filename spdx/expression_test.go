// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func parsed(t *testing.T, s string) *Expression {
	t.Helper()
	e, _, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestString(t *testing.T) {
	for in, want := range map[string]string{
		"((mit))":                        "MIT",
		"(mit and isc) or 0bsd":          "MIT AND ISC OR 0BSD",
		"mit and (isc or 0bsd)":          "MIT AND (ISC OR 0BSD)",
		"((MIT OR (ISC OR 0BSD)))":       "MIT OR ISC OR 0BSD",
		"gpl-2.0+ with llvm-exception":   "GPL-2.0+ WITH LLVM-exception",
		"(MIT OR ISC)AND(0BSD OR Zlib)":  "(MIT OR ISC) AND (0BSD OR Zlib)",
		"DocumentRef-a:LicenseRef-b":     "DocumentRef-a:LicenseRef-b",
		"MIT AND(ISC AND(0BSD OR Zlib))": "MIT AND ISC AND (0BSD OR Zlib)",
	} {
		if got := parsed(t, in).String(); got != want {
			t.Errorf("%q is spelled %q, want %q", in, got, want)
		}
	}
}

func TestLicences(t *testing.T) {
	e := parsed(t, "MIT OR ISC AND (GPL-2.0-only WITH LLVM-exception OR MIT)")
	var got []string
	for l := range e.Licences() {
		got = append(got, l.String())
	}
	if want := []string{"MIT", "ISC", "GPL-2.0-only WITH LLVM-exception", "MIT"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for l := range e.Licences() {
		if l.ID != "MIT" {
			t.Errorf("%s after the end", l)
		}
		break
	}
}

func TestAlternatives(t *testing.T) {
	for in, want := range map[string]string{
		"MIT":                   "MIT",
		"MIT OR ISC":            "MIT | ISC",
		"MIT AND ISC":           "MIT, ISC",
		"MIT AND (ISC OR 0BSD)": "MIT, ISC | MIT, 0BSD",
		"MIT OR MIT":            "MIT",
		"MIT AND MIT":           "MIT",
		"MIT AND ISC OR MIT":    "MIT",
		"(GPL-2.0-only OR MIT) AND (GPL-2.0-only OR MIT)": "GPL-2.0-only | MIT",
		"MIT+ OR MIT": "MIT+ | MIT",
		"GPL-2.0-only WITH LLVM-exception OR GPL-2.0-only": "GPL-2.0-only WITH LLVM-exception | GPL-2.0-only",
		"(A OR B) AND (C OR D)":                            "A, C | A, D | B, C | B, D",
	} {
		in := strings.NewReplacer("A OR B", "LicenseRef-A OR LicenseRef-B", "C OR D", "LicenseRef-C OR LicenseRef-D").Replace(in)
		sets, ok := parsed(t, in).Alternatives()
		var out []string
		for _, set := range sets {
			var one []string
			for _, l := range set {
				one = append(one, strings.TrimPrefix(l.String(), "LicenseRef-"))
			}
			out = append(out, strings.Join(one, ", "))
		}
		if got := strings.Join(out, " | "); got != want || !ok {
			t.Errorf("%q has %q, %v; want %q", in, got, ok, want)
		}
	}
}

// TestAlternativesBound holds that 64 are returned and no more are looked for.
func TestAlternativesBound(t *testing.T) {
	pairs := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("(LicenseRef-a%d OR LicenseRef-b%d)", i, i))
		}
		return strings.Join(all, " AND ")
	}
	if sets, ok := parsed(t, pairs(6)).Alternatives(); !ok || len(sets) != 64 {
		t.Errorf("%d alternatives, %v", len(sets), ok)
	}
	for _, n := range []int{7, 40} {
		if sets, ok := parsed(t, pairs(n)).Alternatives(); ok || sets != nil {
			t.Errorf("%d pairs have %d alternatives", n, len(sets))
		}
	}
}

// TestNoExpression holds that nil is an expression of nothing.
func TestNoExpression(t *testing.T) {
	var none *Expression
	for range none.Licences() {
		t.Error("a licence")
	}
	sets, ok := none.Alternatives()
	if none.String() != "" || none.OSIApproved() || len(sets) != 0 || !ok {
		t.Errorf("%q, %v, %v", none, sets, ok)
	}
	(&Expression{Operator: And, Operands: []*Expression{nil, {Licence: Licence{ID: "MIT"}}}}).Alternatives()
}
