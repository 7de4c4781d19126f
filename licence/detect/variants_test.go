// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"regexp"
	"strings"
	"testing"
)

// reworded is a text with some of its words replaced, over line breaks too; each
// must be there.
func reworded(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		words := strings.Fields(pairs[i])
		for j := range words {
			words[j] = regexp.QuoteMeta(words[j])
		}
		at := regexp.MustCompile(strings.Join(words, `\s+`)).FindStringIndex(text)
		if at == nil {
			t.Fatalf("no %q", pairs[i])
		}
		text = text[:at[0]] + pairs[i+1] + text[at[1]:]
	}
	return text
}

// prefixed puts the same in front of every line.
func prefixed(text, with string) string {
	return with + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+with) + "\n"
}

// wrapped breaks lines at a width.
func wrapped(text string, width int) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(text) {
		if n += len(w) + 1; n > width {
			b.WriteByte('\n')
			n = len(w)
		}
		b.WriteString(w + " ")
	}
	return b.String()
}

// hyphenated breaks lines in the middle of words.
func hyphenated(text string, width int) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(text) {
		switch {
		case n+len(w) <= width:
		case len(w) > 6 && !strings.ContainsAny(w, "-()\""):
			b.WriteString(w[:3] + "-\n")
			w, n = w[3:], 0
		default:
			b.WriteByte('\n')
			n = 0
		}
		b.WriteString(w + " ")
		n += len(w) + 1
	}
	return b.String()
}

// TestVariants reads licences as people have them in their repositories.
func TestVariants(t *testing.T) {
	mit, apache, eupl := official(t, "MIT"), official(t, "Apache-2.0"), official(t, "EUPL-1.2")
	gpl3, gpl2, lgpl3, agpl3 := packed(t, "GPL-3.0"), packed(t, "GPL-2.0"), packed(t, "LGPL-3.0"), packed(t, "AGPL-3.0")
	bsd2, bsd3, mpl := packed(t, "BSD-2-Clause"), packed(t, "BSD-3-Clause"), packed(t, "MPL-2.0")
	numbered := regexp.MustCompile(`(?m)^ *(\d+)\. `)
	const clause = "\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you by the Licensor under the License, subject to one condition: " +
		"the grant of rights does not include the right to sell it.\n\n"

	for _, c := range []struct{ name, text, want string }{
		// Around the text.
		{"rights reserved", "Copyright (c) 2019-2024 Stadt Musterau. All rights reserved.\n\n" + since(mit, "Permission"), "text MIT"},
		{"rights reserved, apart", "Copyright (c) 2019-2024 Stadt Musterau\nAlle Rechte vorbehalten.\n\n" + since(mit, "Permission"), "text MIT"},
		{"title and badges", "# Musterprogramm\n\n[![Build](https://example.org/b.svg)](https://example.org) [![License: MIT](https://img.shields.io/badge/License-MIT-yellow.svg)](https://opensource.org/licenses/MIT)\n\n" + mit, "text MIT"},
		{"section of a readme", "# Musterprogramm\n\nEs nimmt Anträge entgegen und darf nicht ohne Schulung betrieben werden.\n" + strings.Repeat("Noch ein Absatz über den Betrieb.\n\n", 20) + "## Lizenz\n\n" + mit + "\n## Kontakt\n\nStadt Musterau\n", "text MIT"},
		{"line comments", prefixed(mit, "// ") + "package main\n", "text MIT"},
		{"SQL comments", prefixed(bsd3, "-- "), "text BSD-3-Clause"},
		{"TeX comments", prefixed(apache, "%% "), "text Apache-2.0"},
		{"batch comments", prefixed(mit, "REM "), "text MIT"},
		{"m4 comments", prefixed(bsd3, "dnl "), "text BSD-3-Clause"},
		{"boxed", prefixed(strings.ReplaceAll(strings.TrimRight(wrapped(mit, 60), "\n"), "\n", " |\n"), "| "), "text MIT"},
		{"HTML comment", "<!--\n" + mit + "-->\n<svg></svg>\n", "text MIT"},
		{"HTML list", "<html><body><h1>BSD</h1><p>" + numbered.ReplaceAllString(bsd3, "<li>") + "</p></body></html>", "text BSD-3-Clause"},
		{"bold Markdown", numbered.ReplaceAllString(eupl, "## **$1.** "), "text EUPL-1.2"},
		{"links in Markdown", reworded(t, apache, "http://www.apache.org/licenses/", "[apache.org](https://www.apache.org/licenses/)", "\"License\"", "**“License”**"), "text Apache-2.0"},
		{"two columns", hyphenated(mit, 38), "text MIT"},
		{"two columns, long", hyphenated(apache, 38), "text Apache-2.0"},
		{"header of a translation", "Dies ist der englische Originaltext. Rechtlich verbindlich ist nur er; eine Übersetzung liegt bei.\n\n" + mit, "text MIT"},
		{"thanks behind", mit + "\nThis project uses fonts by others, see their licence files.\n", "text MIT, pointer"},

		// Spelling and typing.
		{"two words", reworded(t, mit, "NONINFRINGEMENT", "NON INFRINGEMENT"), "text MIT"},
		{"hyphen", reworded(t, mit, "NONINFRINGEMENT", "NON-INFRINGEMENT"), "text MIT"},
		{"letter missing", reworded(t, mit, "NONINFRINGEMENT", "NONINFRIGEMENT", "this permission", "this permision"), "text MIT"}, //nolint:misspell // as it is meant
		{"letter missing in two words", reworded(t, mit, "NONINFRINGEMENT", "NON INFRIGEMENT"), "text MIT"},                        //nolint:misspell // as it is meant
		{"sub-license", reworded(t, mit, "sublicense", "sub-license"), "text MIT"},
		{"sub license", reworded(t, mit, "sublicense", "sub license"), "text MIT"},
		{"sublicence", reworded(t, mit, "sublicense", "sublicence"), "text MIT"},
		{"British", strings.NewReplacer("authorized", "authorised", "License", "Licence", "license", "licence").Replace(apache), "text Apache-2.0"},
		{"American", strings.NewReplacer("authorised", "authorized", "wilful", "willful", "Licence", "License").Replace(eupl), "text EUPL-1.2"},
		{"capitals", strings.ToUpper(bsd3), "text BSD-3-Clause"},
		{"small letters", strings.ToLower(apache), "text Apache-2.0"},
		{"and/or", reworded(t, packed(t, "ISC"), "and/or", "and"), "text ISC"},
		{"ampersand", reworded(t, mit, "copy, modify, merge", "copy & modify & merge"), "text MIT"},
		{"typographic quotes", reworded(t, mit, "\"Software\"", "„Software“", "\"AS IS\"", "«AS IS»"), "text MIT"},
		{"a not by typing", reworded(t, mit, "do so, subject", "do not so, subject"), "modified MIT"},
		{"now not", reworded(t, gpl3, "You may not propagate", "You may now propagate"), "modified GPL-3.0"},

		// BSD, MIT and their kin.
		{"BSD with an office", reworded(t, bsd3, "the copyright holder nor the names", "the Landesamt für Digitalisierung, Breitband und Vermessung nor the names"), "text BSD-3-Clause"},
		{"BSD with an office, throughout", strings.ReplaceAll(strings.ReplaceAll(bsd3, "the copyright holder nor", "Stadt Musterau nor"), "COPYRIGHT HOLDERS AND CONTRIBUTORS", "STADT MUSTERAU AND CONTRIBUTORS"), "text BSD-3-Clause"},
		{"BSD with bullets", numbered.ReplaceAllString(bsd3, "  * "), "text BSD-3-Clause"},
		{"BSD-2 and BSD-3", bsd2 + "\n\n" + bsd3, "text BSD-3-Clause, text BSD-2-Clause"},
		{"BSD-2", bsd2, "text BSD-2-Clause"},
		{"BSD-4", packed(t, "BSD-4-Clause"), "text BSD-4-Clause"},
		{"ISC", packed(t, "ISC"), "text ISC"},
		{"0BSD", packed(t, "0BSD"), "text 0BSD"},
		{"MIT-0", packed(t, "MIT-0"), "text MIT-0"},
		{"X11", packed(t, "X11"), "text X11"},
		{"Expat's next paragraph", reworded(t, mit, "this permission notice shall", "this permission notice (including the next paragraph) shall"), "text MIT"},
		{"MIT with names", reworded(t, mit, "AUTHORS OR COPYRIGHT HOLDERS", "STADT MUSTERAU, IHRE ÄMTER ODER EIGENBETRIEBE"), "text MIT"},
		{"Zlib", packed(t, "Zlib"), "text Zlib"},
		{"Unlicense", packed(t, "Unlicense"), "text Unlicense"},
		{"WTFPL", packed(t, "WTFPL"), "text WTFPL"},
		{"Boost", packed(t, "BSL-1.0"), "text BSL-1.0"},
		{"JSON", reworded(t, mit, "THE SOFTWARE IS", "The Software shall be used for Good, not Evil.\n\nTHE SOFTWARE IS"), "text JSON, notice MIT"},

		// Apache.
		{"Apache without appendix", until(apache, "APPENDIX"), "text Apache-2.0"},
		{"Apache, filled in", reworded(t, packed(t, "Apache-2.0"), "[yyyy]", "2024", "[name of copyright owner]", "Stadt Musterau"), "text Apache-2.0"},
		{"Apache's header", "Copyright 2024 Stadt Musterau\n\n" + until(since(apache, "Licensed under the Apache License"), "END"), "notice Apache-2.0"},

		// GNU.
		{"GPL-3 without instructions", until(gpl3, "How to Apply These Terms"), "text GPL-3.0"},
		{"GPL-2 without instructions", until(gpl2, "How to Apply These Terms"), "text GPL-2.0"},
		{"GPL-2, its instructions filled in", reworded(t, gpl2, "one line to give the program's name and an idea of what it does.", "Musterprogramm", "yyyy", "2024", "name of author", "Stadt Musterau"), "text GPL-2.0"},
		{"AGPL", agpl3, "text AGPL-3.0"},
		{"AGPL without instructions", until(agpl3, "How to Apply These Terms"), "text AGPL-3.0"},
		{"LGPL and GPL", lgpl3 + "\n\n" + gpl3, "text GPL-3.0, text LGPL-3.0"},
		{"GPL and LGPL", gpl3 + "\n\n" + lgpl3, "text GPL-3.0, text LGPL-3.0"},
		{"LGPL-2.1", packed(t, "LGPL-2.1"), "text LGPL-2.1"},
		{"GPL-2 with the former address", strings.NewReplacer("51 Franklin Street, Fifth Floor", "59 Temple Place - Suite 330", "02110-1301", "02111-1307").Replace(gpl2), "text GPL-2.0"},
		{"GPL in German", "Dieses Programm ist freie Software. Sie können es unter den Bedingungen der GNU General Public License, wie von der Free Software Foundation veröffentlicht, weitergeben und/oder modifizieren, entweder gemäß Version 3 der Lizenz oder (nach Ihrer Option) jeder späteren Version.\n", "notice GPL-3.0-or-later"},
		{"GPL in German, one version", "Dieses Programm ist freie Software: Sie dürfen es nach den Regeln der GNU General Public License in Version 2, und nur dieser, weitergeben.\n", "notice GPL-2.0-only"},
		{"AGPL in German", "Veröffentlicht unter der GNU Affero General Public License Version 3 oder später.\n", "notice AGPL-3.0-or-later"},

		// Creative Commons, data and others.
		{"CC-BY", packed(t, "CC-BY-4.0"), "text CC-BY-4.0"},
		{"CC-BY summary", "# Attribution 4.0 International (CC BY 4.0)\n\nYou are free to share and adapt, also commercially, as long as you give credit. This is a summary of the licence, not the licence.\n", "notice CC-BY-4.0"},
		{"CC-BY by link", "This work is licensed under a [Creative Commons Attribution 4.0 International License](http://creativecommons.org/licenses/by/4.0/).\n", "notice CC-BY-4.0"},
		{"CC-BY in German", "Die Texte stehen unter der Lizenz Creative Commons Namensnennung 4.0 International (CC BY 4.0).\n", "notice CC-BY-4.0"},
		{"CC-BY-SA of a country", "Lizenz: https://creativecommons.org/licenses/by-sa/3.0/de/\n", "notice CC-BY-SA-3.0-DE"},
		{"CC0", packed(t, "CC0-1.0"), "text CC0-1.0"},
		{"CC0 by link", "[Muster](https://example.org) is marked with [CC0 1.0](https://creativecommons.org/publicdomain/zero/1.0/).\n", "notice CC0-1.0"},
		{"DL-DE-BY", "Datenlizenz Deutschland – Namensnennung – Version 2.0\n", "notice DL-DE-BY-2.0"},
		{"DL-DE-BY in a sentence", "Die Daten dürfen unter der Datenlizenz Deutschland Namensnennung 2.0 (www.govdata.de/dl-de/by-2-0) genutzt werden.\n", "notice DL-DE-BY-2.0"},
		{"DL-DE-ZERO", "Lizenz: Datenlizenz Deutschland – Zero – Version 2.0 (https://www.govdata.de/dl-de/zero-2-0)\n", "notice DL-DE-ZERO-2.0"},
		{"OGL", "Contains public sector information licensed under the Open Government Licence v3.0.\n", "notice OGL-UK-3.0"},
		{"etalab", packed(t, "etalab-2.0"), "text etalab-2.0"},
		{"etalab by name", "Les données sont publiées sous Licence Ouverte 2.0.\n", "notice etalab-2.0"},
		{"GFDL", packed(t, "GFDL-1.3"), "text GFDL-1.3"},
		{"MPL", mpl, "text MPL-2.0"},
		{"MPL's header", "This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not distributed with this file, You can obtain one at http://mozilla.org/MPL/2.0/.\n", "notice MPL-2.0"},
		{"MPL with exhibit B", "Licensed under the Mozilla Public License, v. 2.0.\n\nThis Source Code Form is \"Incompatible With Secondary Licenses\", as defined by the Mozilla Public License, v. 2.0.\n", "notice MPL-2.0-no-copyleft-exception"},
		{"EPL", packed(t, "EPL-2.0"), "text EPL-2.0"},
		{"EPL's header", "This program and the accompanying materials are made available under the terms of the Eclipse Public License 2.0 which is available at https://www.eclipse.org/legal/epl-2.0/\n", "notice EPL-2.0"},
		{"EPL with another", "This program and the accompanying materials are made available under the terms of the Eclipse Public License v. 2.0.\n\nThis Source Code may also be made available under the following Secondary Licenses when the conditions set forth in the Eclipse Public License, v. 2.0 are satisfied: GNU General Public License, version 2 or any later version.\n", "notice GPL-2.0-or-later, notice EPL-2.0"},

		// Choices.
		{"or in English", "This project is licensed under either of the Apache License, Version 2.0 or the MIT license at your option.\n", "notice Apache-2.0 OR MIT"},
		{"or in a list", "This project is licensed under either of\n\n * Apache License, Version 2.0 ([LICENSE-APACHE](LICENSE-APACHE) or\n   http://www.apache.org/licenses/LICENSE-2.0)\n * MIT license ([LICENSE-MIT](LICENSE-MIT) or http://opensource.org/licenses/MIT)\n\nat your option.\n", "notice Apache-2.0 OR MIT"},
		{"or with links", "Licensed under the Apache License, Version 2.0 <LICENSE-APACHE or http://www.apache.org/licenses/LICENSE-2.0> or the MIT license <LICENSE-MIT or http://opensource.org/licenses/MIT>, at your option.\n", "notice Apache-2.0 OR MIT"},
		{"or in German", "Das Programm ist wahlweise unter der EUPL-1.2 oder der AGPL-3.0 lizenziert.\n", "notice EUPL-1.2 OR AGPL-3.0"},
		{"dual in German", "Doppellizenz: Sie können zwischen der MIT-Lizenz und der Apache-Lizenz 2.0 wählen. Lizenziert unter MIT oder Apache-2.0.\n", "notice MIT OR Apache-2.0"},
		{"by part", "Code is licensed under MIT, documentation under CC-BY-4.0.\n", "notice MIT, notice CC-BY-4.0"},

		// In other languages.
		{"Italian", "Il programma è rilasciato con licenza AGPL-3.0-or-later.\n", "notice AGPL-3.0-or-later"},
		{"Italian, Affero", "Rilasciato sotto licenza Affero GPL v3.\n", "notice AGPL-3.0"},
		{"French, later", "Le code est publié sous licence GNU AGPL v3 ou ultérieure.\n", "notice AGPL-3.0-or-later"},
		{"Spanish", "Publicado bajo la licencia EUPL 1.2.\n", "notice EUPL-1.2"},
		{"Portuguese", "Licenciado nos termos da EUPL 1.2.\n", "notice EUPL-1.2"},
		{"Dutch", "Gepubliceerd onder de EUPL v1.2 licentie.\n", "notice EUPL-1.2"},
		{"Polish", "Projekt na licencji MIT.\n", "notice MIT"},
		{"Finnish", "Lisensoitu EUPL-1.2 -lisenssillä.\n", "notice EUPL-1.2"},
		{"German, higher", "Lizenz: EUPL-1.2 oder höher\n", "notice EUPL-1.2+"},
		{"a source of data", "Quellenvermerk: Stadt Musterau, dl-de/by-2-0\n", "notice DL-DE-BY-2.0"},
		{"a heading of two lines", "Apache License\nVersion 2.0, January 2004\n", "notice Apache-2.0"},
		{"a beginning of another word", "Das Paket zix_understandability (MIT License) wird genutzt.\n", ""},

		// Cut off.
		{"EUPL, half", eupl[:len(eupl)*45/100] + "\n\n[The rest is at https://example.org]\n\nLicensed under the EUPL-1.2\n", "modified EUPL-1.2"},
		{"EUPL, a third", eupl[:len(eupl)*35/100], "modified EUPL-1.2"},
		{"EUPL, its first lines", until(eupl, "Definitions") + "The full text is at https://example.org.\n\nLicensed under the EUPL-1.2\n", "notice EUPL-1.2"},
		{"GPL's preamble", until(gpl3, "0. Definitions"), "notice GPL-3.0"},
		{"EUPL, its second half", eupl[len(eupl)*60/100:], ""},

		// What restricts.
		{"Commons Clause on MIT", clause + mit, "modified MIT"},
		{"Commons Clause on Apache", apache + "\n\n" + clause, "modified Apache-2.0"},
		{"BUSL", packed(t, "BUSL-1.1"), "text BUSL-1.1"},
		{"SSPL", packed(t, "SSPL-1.0"), "text SSPL-1.0"},
		{"Elastic", packed(t, "Elastic-2.0"), "text Elastic-2.0"},
		{"non-commercial title", "MIT License (non-commercial)\n\n" + since(mit, "Permission"), "modified MIT"},
		{"non-commercial within", reworded(t, mit, "to deal in the Software without restriction", "to deal in the Software for non-commercial use without restriction"), "modified MIT"},
		{"within the EU", reworded(t, mit, "is hereby granted, free of charge, to any person", "is hereby granted, free of charge, only to public bodies of the European Union and to any person"), "modified MIT"},
		{"German addition", mit + "\nDie kommerzielle Nutzung bedarf der Zustimmung der Stadt Musterau.\n", "modified MIT"},
		{"proprietary", "Copyright 2024 Musterfirma GmbH. All rights reserved.\n\nThis software is confidential. Copying it, in whole or in part, needs prior written consent.\n", ""},
		{"proprietary in German", "Alle Rechte vorbehalten. Weitergabe und Vervielfältigung sind nicht gestattet, auch nicht auszugsweise.\n", ""},
		{"an agreement", "END USER LICENCE AGREEMENT\n\nBy installing the program you agree to these terms. You may install it on one computer.\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := said(Text([]byte(c.text))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
