// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"
	"testing"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
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

func TestLikelyLicence(t *testing.T) {
	for s, want := range map[string]string{
		"Apache License, Version 2.0": "Apache-2.0",
		"Apache 2":                    "Apache-2.0",
		"CC0 v1.0":                    "CC0-1.0",
		"EUPL v1.2":                   "EUPL-1.2",
		"EUPL-1.2-or-later":           "EUPL-1.2+",
		"EUPL v1.2 or later":          "EUPL-1.2+",
		"MIT or later":                "",
		"GPL (>= 2)":                  "GPL-2.0-or-later",
		"LGPL >= 2.1":                 "LGPL-2.1-or-later",
		"GPL > 2":                     "",
		"GPL < 3":                     "",
		"EUPL 1.2?":                   "",
		"EUPL 1":                      "", // 1.0, 1.1 or 1.2
		"LGPLv2":                      "",
		"LGPLv2+":                     "",
		"Apache 1":                    "",
		"GPLv3 only or later":         "",
		"The MIT License":             "MIT",
		"GPLv3":                       "GPL-3.0-*",
		"AGPL 3.0":                    "AGPL-3.0-*",
		"proprietary":                 "",
		"other":                       "",

		"The MIT License (MIT)":                      "MIT",
		"MIT License":                                "MIT",
		"MIT-Lizenz":                                 "MIT",
		"GNU GPL v3":                                 "GPL-3.0-*",
		"GNU General Public License v3.0":            "GPL-3.0-*",
		"GNU GENERAL PUBLIC LICENSE":                 "",
		"GNU General Public License (GPL) version 2": "GPL-2.0-*",
		"GNU Affero General Public License, version 3 (AGPL-3.0)": "AGPL-3.0-*",
		"GNU Lesser General Public License v2.1 or later":         "LGPL-2.1-or-later",
		"GPLv2 only":                        "GPL-2.0-only",
		"GPL-2.0 (only)":                    "GPL-2.0-only",
		"GPLv3+":                            "GPL-3.0-or-later",
		"GPL 3 oder später":                 "GPL-3.0-or-later",
		"GPL":                               "",
		"LGPL":                              "",
		"GPL or later":                      "",
		"GPLv3 or later only":               "",
		"European Union Public Licence 1.2": "EUPL-1.2",
		"European Union Public Licence (EUPL) 1.2":        "EUPL-1.2",
		"European Union Public License v. 1.2 (EUPL-1.2)": "EUPL-1.2",
		"European Union Public Licence (AGPL) 1.2":        "",
		"EUPL":                           "",
		"Mozilla Public License 2.0":     "MPL-2.0",
		"MPLv2":                          "MPL-2.0",
		"Eclipse Public License - v 2.0": "EPL-2.0",
		"Apache Software License 2.0":    "Apache-2.0",
		"Apache/2.0":                     "Apache-2.0",
		"Apache":                         "",
		"BSD":                            "",
		"3-Clause BSD License":           "BSD-3-Clause",
		"New BSD License":                "BSD-3-Clause",
		`BSD 3-Clause "New" or "Revised" License`: "BSD-3-Clause",
		`BSD 2-Clause "Simplified" License`:       "BSD-2-Clause",
		"CC0":                                     "CC0-1.0",
		"Creative Commons Zero v1.0 Universal":    "CC0-1.0",
		"CC BY 4.0":                               "CC-BY-4.0",
		"MIT/Apache-2.0":                          "",
		"MIT, BSD-3-Clause":                       "",
		"GPLv3 / EUPL 1.2":                        "",
		"MIT & Apache 2.0":                        "",
		"":                                        "",
		"License":                                 "",
		"()":                                      "",
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
		"GPL-3.0-with-autoconf-exception":  "GPL-3.0-only WITH Autoconf-exception-3.0",
		"Net-SNMP":                         "",
	} {
		if got := successor(id); got != want {
			t.Errorf("successor(%q) = %q, want %q", id, got, want)
		}
	}
}

// TestDeprecatedLicences holds that what takes the place of a deprecated
// identifier is a licence and has no successor of its own.
func TestDeprecatedLicences(t *testing.T) {
	known := spdxlicenses.GetDeprecated()
	for _, id := range known {
		for _, s := range []string{id, id + "+"} {
			if now := mendLicence(s, ""); now != "" && (!ValidLicence(now) || mendLicence(now, "") != now) {
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

// TestMendLicence holds what becomes of a licence, and what is said of it.
func TestMendLicence(t *testing.T) {
	for _, c := range []struct{ in, want, codes string }{
		{"Apache 2.0 OR MIT", "Apache-2.0 OR MIT", "PC0319"},
		{"GPL-3.0 OR EUPL 1.2", "GPL-3.0-only OR EUPL-1.2", "PC0416 PC0319"},
		{"EUPL 1.2 or MIT License", "EUPL-1.2 OR MIT", "PC0412 PC0319 PC0319"},
		{"GPL 3 or later or EUPL-1.2", "GPL-3.0-or-later OR EUPL-1.2", "PC0412 PC0319"},
		{"GPLv3 OR MIT", "GPL-3.0-only OR MIT", "PC0325"},
		{"(Apache 2.0 OR The MIT License (MIT)) AND eupl-1.2", "(Apache-2.0 OR MIT) AND EUPL-1.2", "PC0319 PC0319 PC0411"},
		{"((Apache 2.0)) OR MIT", "Apache-2.0 OR MIT", "PC0319"},
		{"GNU GPL v2 only WITH classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "PC0319 PC0411"},
		{"Apache 2.0 OR Apache 2.0", "Apache-2.0 OR Apache-2.0", "PC0319"},
		{`BSD 3-Clause "New" or "Revised" License`, "BSD-3-Clause", "PC0319"},
		{"LicenseRef-Amt OR EUPL 1.2", "LicenseRef-Amt OR EUPL-1.2", "PC0319"},

		{"Apache 2.0 / MIT", "", "PC0318"},
		{"Apache 2.0, MIT", "", "PC0318"},
		{"MIT/Apache 2.0 OR EUPL 1.2", "", "PC0318"},
		{"GPL OR MIT", "", "PC0318"},
		{"Apache 2.0 OR geheim", "", "PC0318"},
		{"Apache 2.0 OR ", "", "PC0318"},
		{" OR Apache 2.0", "", "PC0318"},
		{"(Apache 2.0 OR MIT", "", "PC0318"},
		{"Apache 2.0) OR (MIT", "", "PC0318"},
		{"Apache 2.0 WITH MIT", "", "PC0318"},
		{"MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0", "", "PC0318"},
		{"EUPL 1.2 or later", "EUPL-1.2+", "PC0319"},
		{"EUPL 1.2 or later OR MIT", "EUPL-1.2+ OR MIT", "PC0319"},
		{"GPL-2.0+ AND (MIT OR Apache 2.0)", "GPL-2.0-or-later AND (MIT OR Apache-2.0)", "PC0410 PC0319"},
	} {
		if got := mendLicence(c.in, ""); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.in, got, c.want)
		} else if got != "" && !ValidLicence(got) {
			t.Errorf("%q becomes %q, which is no licence", c.in, got)
		}
		var codes []string
		for _, r := range likelyExpression(c.in).remarks {
			codes = append(codes, r.code)
		}
		if got := strings.Join(codes, " "); got != c.codes {
			t.Errorf("%q: %s, want %s", c.in, got, c.codes)
		}
	}
	if r := parseLicence("AGPL-3.0+", nil).remarks; len(r) != 1 || r[0].code != "PC0410" {
		t.Errorf("AGPL-3.0+: %v", r)
	}
	if got := mendLicence("EUPL 1.2 OR GPLv3", "# or later"); got != "" {
		t.Errorf("in spite of the comment: %q", got)
	}
}
