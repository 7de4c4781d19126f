// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"
	"testing"
)

func TestValidLicence(t *testing.T) {
	for s, want := range map[string]bool{
		"EUPL-1.2":                    true,
		"eupl-1.2":                    true,
		"MIT OR Apache-2.0":           true,
		"mit and (apache-2.0 or isc)": true,
		"GPL-2.0-only WITH Classpath-exception-2.0": true,
		"GPL-2.0+":                   true,
		"Apache-2.0+":                true,
		"LicenseRef-amt":             true,
		"DocumentRef-x:LicenseRef-y": true,
		"((MIT))":                    true,
		"":                           false,
		"NONE":                       false,
		"MIT OR":                     false,
		"OR MIT":                     false,
		"MIT Apache-2.0":             false,
		"(MIT":                       false,
		"MIT)":                       false,
		"MIT++":                      false,
		"MIT WITH MIT":               false,
		"LicenseRef-":                false,
		"LicenseRef-ä":               false,
		"LicenseRef-y:DocumentRef-x": false,
		"EUPL-1.2-or-later":          false,
		"MIT, Apache-2.0":            false,
		"MIT/Apache-2.0":             false,
		"Classpath-exception-2.0":    false,
	} {
		if got := ValidLicence(s); got != want {
			t.Errorf("ValidLicence(%q) = %v", s, got)
		}
	}
}

// TestLicenceFindings holds which finding each remark on a licence becomes, in the
// order of the codes.
func TestLicenceFindings(t *testing.T) {
	for licence, want := range map[string]string{
		"EUPL-1.2":                 "",
		"geheim":                   "PC0318",
		"Apache-2.0/MIT":           "PC0318",
		"Apache 2.0":               "PC0319",
		"none":                     "PC0320",
		"NOASSERTION":              "PC0320",
		"MIT AND NOASSERTION":      "PC0318",
		"GPLv3":                    "PC0325",
		"GPL-3.0+":                 "PC0410",
		"eupl-1.2":                 "PC0411",
		"MIT or ISC":               "PC0412",
		"Nunit":                    "PC0415",
		"GPL-3.0":                  "PC0416",
		"gpl-2.0+ and Apache 2.0":  "PC0319 PC0410 PC0412",
		"MIT OR MIT OR mit OR mit": "PC0411",
	} {
		r := Parse([]byte(strings.Replace(base, "license: EUPL-1.2", "license: "+licence, 1)), Options{})
		var codes []string
		for _, f := range r.Findings {
			if f.Key == "legal.license" {
				codes = append(codes, f.Code)
				if text := f.Message("en") + f.Help("en"); strings.ContainsAny(text, "{}") || !slices.ContainsFunc(f.Args, func(a string) bool { return strings.Contains(text, a) }) {
					t.Errorf("%q: %s", licence, text)
				}
			}
		}
		if got := strings.Join(codes, " "); got != want {
			t.Errorf("%q: %s, want %s", licence, got, want)
		}
	}
}
