// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"slices"
	"testing"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

func TestSuccessor(t *testing.T) {
	for id, want := range map[string]string{
		"GPL-2.0+":                         "GPL-2.0-or-later",
		"GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
		"GPL-3.0-with-autoconf-exception":  "GPL-3.0-only WITH Autoconf-exception-3.0",
		"Net-SNMP":                         "",
		"GPL-3.0":                          "", // of which nobody knows which
		"Apache-2.0+":                      "",
	} {
		if got := Successor(id); got != want {
			t.Errorf("Successor(%q) = %q, want %q", id, got, want)
		}
	}
}

// TestDeprecatedLicences holds that what takes the place of a deprecated
// identifier is a licence and has no successor of its own.
func TestDeprecatedLicences(t *testing.T) {
	known := spdxlicenses.GetDeprecated()
	for _, id := range known {
		for _, s := range []string{id, id + "+"} {
			if now := Mend(s, false); now != "" && (!valid(now) || Mend(now, false) != now) {
				t.Errorf("%q becomes %q", s, now)
			}
		}
	}
	for id := range successors {
		if !slices.Contains(known, id) {
			t.Errorf("%q is not deprecated", id)
		}
	}
}

// TestFamilies holds that every family has both endings, and that every
// identifier of the list can be read as it is.
func TestFamilies(t *testing.T) {
	for _, id := range slices.Concat(spdxlicenses.GetLicenses(), spdxlicenses.GetDeprecated()) {
		e, r, err := read(id)
		if err != nil || e.String() != id {
			t.Errorf("%q is read as %q, %v", id, e, err)
		}
		for _, remark := range r.remarks {
			if remark.Kind == Spelling {
				t.Errorf("%q: %v", id, remark)
			}
		}
		family := Family(id)
		if family == id && !isFamily(id) {
			continue
		}
		for _, ending := range []string{"-only", "-or-later"} {
			if active, spelled := spdxlicenses.IsActiveLicense(family + ending); !active || spelled != family+ending {
				t.Errorf("%s, the family of %s, has no %s", family, id, ending)
			}
		}
	}
}

func TestFamily(t *testing.T) {
	for id, want := range map[string]string{
		"GPL-3.0-only":             "GPL-3.0",
		"GPL-3.0-or-later":         "GPL-3.0",
		"GPL-3.0+":                 "GPL-3.0",
		"GPL-3.0":                  "GPL-3.0",
		"AGPL-3.0+":                "AGPL-3.0",
		"GFDL-1.3-invariants-only": "GFDL-1.3-invariants",
		"Apache-2.0":               "Apache-2.0",
		"Apache-2.0+":              "Apache-2.0+",
		"LicenseRef-Amt-only":      "LicenseRef-Amt-only",
		"":                         "",
	} {
		if got := Family(id); got != want {
			t.Errorf("Family(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestIsReference(t *testing.T) {
	for id, want := range map[string]bool{
		"LicenseRef-Amt":                   true,
		"AdditionRef-x.1":                  true,
		"DocumentRef-spdx:LicenseRef-Amt":  true,
		"DocumentRef-spdx:AdditionRef-Amt": true,
		"LicenseRef-":                      false,
		"LicenseRef-Ämter":                 false,
		"LicenseRef-a_b":                   false,
		"DocumentRef-:LicenseRef-a":        false,
		"LicenseRef-y:DocumentRef-x":       false,
		"DocumentRef-x":                    false,
		"MIT":                              false,
		"":                                 false,
	} {
		if got := IsReference(id); got != want {
			t.Errorf("IsReference(%q) = %v", id, got)
		}
	}
}
