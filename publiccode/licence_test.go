// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "testing"

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

func TestLikelyLicence(t *testing.T) {
	for s, want := range map[string]string{
		"Apache License, Version 2.0": "Apache-2.0",
		"Apache 2":                    "Apache-2.0",
		"CC0 v1.0":                    "CC0-1.0",
		"EUPL v1.2":                   "EUPL-1.2",
		"EUPL-1.2-or-later":           "EUPL-1.2",
		"The MIT License":             "MIT",
		"GPLv3":                       "GPL-3.0-*",
		"AGPL 3.0":                    "AGPL-3.0-*",
		"proprietary":                 "",
		"other":                       "",
	} {
		got, family := likelyLicence(s)
		if family {
			got += "-*"
		}
		if got != want {
			t.Errorf("likelyLicence(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestSuccessor(t *testing.T) {
	for id, want := range map[string]string{
		"GPL-2.0+":                         "GPL-2.0-or-later",
		"GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
		"Net-SNMP":                         "",
	} {
		if got := successor(id); got != want {
			t.Errorf("successor(%q) = %q, want %q", id, got, want)
		}
	}
}
