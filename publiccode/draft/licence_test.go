// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRecogniseLicence(t *testing.T) {
	for text, want := range map[string]string{
		"EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016":          "EUPL-1.2",
		"Copyright 2024 Stadt\n\nOPEN-SOURCE-LIZENZ FÜR DIE EUROPÄISCHE UNION v. 1.2\nEUPL ©": "EUPL-1.2",
		"European Union Public Licence\nV. 1.1\n":                                             "EUPL-1.1",
		"LICENCE PUBLIQUE DE L’UNION EUROPÉENNE v. 1.2":                                       "EUPL-1.2",
		"LICENZA PUBBLICA DELL'UNIONE EUROPEA v. 1.2":                                         "EUPL-1.2",
		"OPENBARE LICENTIE VAN DE EUROPESE UNIE v. 1.2":                                       "EUPL-1.2",
		"LICENCIA PÚBLICA DE LA UNIÓN EUROPEA v. 1.2":                                         "EUPL-1.2",
		"EUPL v1.2": "EUPL-1.2",
		"EUPL, 1.1": "EUPL-1.1",
		"  GNU GENERAL PUBLIC LICENSE\n  Version 3, 29 June 2007\n ... GNU Affero General Public License":     "GPL-3.0",
		"GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991":                                                    "GPL-2.0",
		"GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007":                                      "AGPL-3.0",
		"GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n the GNU GPL version 3":                  "LGPL-3.0",
		"GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999":                                       "LGPL-2.1",
		"GNU LIBRARY GENERAL PUBLIC LICENSE\nVersion 2, June 1991":                                            "LGPL-2.0",
		"Apache License\nVersion 2.0, January 2004":                                                           "Apache-2.0",
		"The Apache Software License, Version 2.0":                                                            "Apache-2.0",
		"MIT License\n\nCopyright (c) 2024":                                                                   "MIT",
		"Copyright 2024 Ada\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy": "MIT",
		"MIT No Attribution":                 "MIT-0",
		"Mozilla Public License Version 2.0": "MPL-2.0",
		"Eclipse Public License - v 2.0":     "EPL-2.0",
		"ISC License":                        "ISC",
		"BSD 3-Clause License":               "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without modification, are permitted\n… Neither the name of": "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without modification, are permitted":                        "BSD-2-Clause",
		"Creative Commons Legal Code\n\nCC0 1.0 Universal":                                                                      "CC0-1.0",
		"This is free and unencumbered software released into the public domain.":                                               "Unlicense",
		"BSD Zero Clause License": "0BSD",
		"SPDX-" + "License-Identifier: AGPL-3.0-or-later\n\nMIT License": "AGPL-3.0-or-later",
		"All rights reserved.":                     "",
		"GNU GENERAL PUBLIC LICENSE":               "",
		strings.Repeat("x ", 3000) + "MIT License": "", // a text that only mentions it
		"\xff\xfe\x00":                             "",
		"":                                         "",
	} {
		if got := recogniseLicence(text); got != want {
			t.Errorf("%.60q is %q, want %q", text, got, want)
		}
	}
}

func TestLicence(t *testing.T) {
	const gpl, mit, eupl = "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n", "MIT License\n", "European Union Public Licence v. 1.2\n"
	for name, tt := range map[string]struct {
		files      fstest.MapFS
		want       string
		confidence Confidence
		others     int
		choices    []string
	}{
		"text alone":                    {repo("LICENSE", eupl), "EUPL-1.2", Guess, 0, nil},
		"text and manifest":             {repo("LICENSE.md", mit, "package.json", `{"license": "MIT"}`), "MIT", Certain, 0, nil},
		"they disagree":                 {repo("LICENSE", mit, "package.json", `{"license": "ISC"}`), "MIT", Guess, 1, nil},
		"which version of the GPL":      {repo("COPYING", gpl), "", Missing, 0, []string{"GPL-3.0-only", "GPL-3.0-or-later"}},
		"the manifest says which":       {repo("COPYING", gpl, "composer.json", `{"license": "GPL-3.0-or-later"}`), "GPL-3.0-or-later", Certain, 0, nil},
		"the manifest says neither":     {repo("COPYING", gpl, "composer.json", `{"license": "GPL-3.0"}`), "", Missing, 0, []string{"GPL-3.0-only", "GPL-3.0-or-later"}},
		"LICENSES says which":           {repo("COPYING", gpl, "LICENSES/GPL-3.0-only.txt", gpl), "GPL-3.0-only", Certain, 0, nil},
		"both are said":                 {repo("LICENSES/GPL-3.0-only.txt", gpl, "package.json", `{"license": "GPL-3.0-or-later"}`), "GPL-3.0-only", Guess, 1, nil},
		"the README says which":         {repo("LICENSE", gpl, "README.md", "# Keller\n\nFree under version 3 of the GPL, or (at your option) any later version.\n"), "GPL-3.0-or-later", Guess, 0, nil},
		"pictures have their own":       {repo("LICENSES/EUPL-1.2.txt", eupl, "LICENSES/CC-BY-4.0.txt", "", "LICENSES/CC0-1.0.txt", ""), "EUPL-1.2", Guess, 0, nil},
		"several in LICENSES":           {repo("LICENSES/EUPL-1.2.txt", "", "LICENSES/MIT.txt", "", "LICENSES/geheim.txt", ""), "EUPL-1.2", Guess, 1, nil},
		"an expression joins the texts": {repo("LICENSE-APACHE", "Apache License\nVersion 2.0", "LICENSE-MIT", mit, "Cargo.toml", "[package]\nlicense = \"MIT OR Apache-2.0\"\n"), "MIT OR Apache-2.0", Guess, 0, nil},
		"the lesser GPL needs both":     {repo("COPYING", gpl, "COPYING.LESSER", "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 3\n"), "", Missing, 0, []string{"LGPL-3.0-only", "LGPL-3.0-or-later"}},
		"none":                          {repo("README.md", mit, "LICENSES/README.md", mit), "", "", 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := FromRepository(tt.files, "")
			v := d.values["legal.license"]
			if v.Text() != tt.want || v.Confidence != tt.confidence || len(v.Others) != tt.others || !slices.Equal(v.Choices, tt.choices) {
				t.Errorf("%+v", v)
			}
			src := string(d.YAML("en"))
			for _, o := range v.Others {
				if !strings.Contains(src, "# Contradiction: "+o.Source+" says: "+o.Text+"\n") {
					t.Errorf("the file does not name %v:\n%s", o, src)
				}
			}
			if tt.choices != nil && !strings.Contains(src, "leaves it open: "+strings.Join(tt.choices, ", ")) {
				t.Errorf("the file does not name the choice:\n%s", src)
			}
			checkDraft(t, d, []byte(src))
		})
	}
}
