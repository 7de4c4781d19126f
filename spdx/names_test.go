// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import "testing"

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
