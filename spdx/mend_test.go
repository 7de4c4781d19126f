// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"strings"
	"testing"
)

// TestMend holds what becomes of an expression of names, and what is said of it.
func TestMend(t *testing.T) {
	for _, c := range []struct{ in, want, kinds string }{
		{"Apache 2.0 OR MIT", "Apache-2.0 OR MIT", "words"},
		{"GPL-3.0 OR EUPL 1.2", "GPL-3.0-only OR EUPL-1.2", "ambiguous words"},
		{"EUPL 1.2 or MIT License", "EUPL-1.2 OR MIT", "operator words words"},
		{"GPL 3 or later or EUPL-1.2", "GPL-3.0-or-later OR EUPL-1.2", "operator words"},
		{"GPLv3 OR MIT", "GPL-3.0-only OR MIT", "family"},
		{"(Apache 2.0 OR The MIT License (MIT)) AND eupl-1.2", "(Apache-2.0 OR MIT) AND EUPL-1.2", "words words spelling"},
		{"((Apache 2.0)) OR MIT", "Apache-2.0 OR MIT", "words"},
		{"GNU GPL v2 only WITH classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "words spelling"},
		{"Apache 2.0 OR Apache 2.0", "Apache-2.0 OR Apache-2.0", "words"},
		{`BSD 3-Clause "New" or "Revised" License`, "BSD-3-Clause", "words"},
		{"LicenseRef-Amt OR EUPL 1.2", "LicenseRef-Amt OR EUPL-1.2", "words"},

		{"Apache 2.0 / MIT", "", ""},
		{"Apache 2.0, MIT", "", ""},
		{"MIT/Apache 2.0 OR EUPL 1.2", "", ""},
		{"GPL OR MIT", "", ""},
		{"Apache 2.0 OR geheim", "", ""},
		{"Apache 2.0 OR ", "", ""},
		{" OR Apache 2.0", "", ""},
		{"(Apache 2.0 OR MIT", "", ""},
		{"Apache 2.0) OR (MIT", "", ""},
		{"Apache 2.0 WITH MIT", "", ""},
		{"MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0", "", ""},
		{"EUPL 1.2 or later", "EUPL-1.2+", "words"},
		{"EUPL 1.2 or later OR MIT", "EUPL-1.2+ OR MIT", "words"},
		{"GPL-2.0+ AND (MIT OR Apache 2.0)", "GPL-2.0-or-later AND (MIT OR Apache-2.0)", "deprecated words"},

		// brackets and blanks stay
		{"mit OR  (isc AND GPL-2.0)", "MIT OR  (ISC AND GPL-2.0-only)", "spelling spelling ambiguous"},
		{"gpl-2.0+", "GPL-2.0-or-later", "deprecated"},
		{"GPL-3.0-or-later+", "GPL-3.0-or-later", ""},
		{"Apache-2.0+", "Apache-2.0+", ""},
		{"Nunit", "Nunit", "abandoned"},
		{"wxWindows AND mit", "LGPL-2.0-or-later WITH WxWindows-exception-3.1 AND MIT", "deprecated spelling"},
		{"eCos-2.0+", "", "deprecated"}, // its successor has an exception, to which a "+" does not apply
	} {
		if got := Mend(c.in, false); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		} else if got != "" && !valid(got) {
			t.Errorf("%q becomes %q, which is no licence", c.in, got)
		}
		var kinds []string
		_, remarks, _ := Meant(c.in)
		for _, r := range remarks {
			kinds = append(kinds, string(r.Kind))
		}
		if got := strings.Join(kinds, " "); got != c.kinds {
			t.Errorf("%q: %s, want %s", c.in, got, c.kinds)
		}
	}
}

// TestMendInDoubt holds that nobody decides for the author whether later versions
// are meant.
func TestMendInDoubt(t *testing.T) {
	for in, want := range map[string]string{
		"EUPL 1.2 OR GPLv3": "",
		"GPLv3":             "",
		"GPLv3+":            "GPL-3.0-or-later",
		"GPL-3.0 or mit":    "GPL-3.0 OR MIT",
		"AGPL-3.0+":         "AGPL-3.0-or-later",
	} {
		if got := Mend(in, true); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestNamed(t *testing.T) {
	for in, want := range map[string]string{
		"Apache License, Version 2.0": "Apache-2.0",
		"EUPL 1.2":                    "EUPL-1.2",
		"GPLv3":                       "GPL-3.0",
		"GPLv3 or later":              "GPL-3.0-or-later",
		"Apache 2.0 OR (MIT License)": "Apache-2.0 OR MIT",
		"mit and isc":                 "MIT AND ISC",
		"GPL-3.0+":                    "GPL-3.0+",
		"MIT/Apache-2.0":              "",
		"MIT, Apache-2.0":             "",
		"NOASSERTION":                 "",
		"geheim":                      "",
		"":                            "",
	} {
		e, ok := Named(in)
		if got := e.String(); got != want || ok != (want != "") {
			t.Errorf("Named(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}
