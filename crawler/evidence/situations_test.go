// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence_test

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler/evidence"
	"github.com/allmende-registry/allmende/registry"
)

// Texts of the situations' own making.
const (
	ownLicence = "Nutzungsbedingungen des Amtes\n\nDie Karte darf innerhalb der Verwaltung verwendet werden. Die Weitergabe an Dritte regelt der Erlass in seiner jeweils gültigen Form.\n"
	pointer    = "The licences of this project are in the folder LICENSES/.\n"
	// Half of its sentences are others than in the original.
	changedMIT = `MIT License

Copyright (c) 2025 Amt für Karten

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software. The Software shall not be used
by companies with more than ten employees, nor outside of the public
administration of the country, unless the office has agreed to it in writing.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`
	laterNotice = "Karte is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n"
	allMIT      = "version = 1\n[[annotations]]\npath = \"**\"\nSPDX-FileCopyrightText = \"2026 Amt\"\nSPDX-License-Identifier = \"MIT\"\n"
	allEUPL     = "version = 1\n[[annotations]]\npath = [\"src/**\", \"**\"]\nSPDX-License-Identifier = [\"EUPL-1.2\"]\n[[annotations]]\npath = \"**.json\"\nSPDX-License-Identifier = \"CC0-1.0\"\n"
	partsCC0    = "version = 1\n[[annotations]]\npath = \"**.json\"\nSPDX-License-Identifier = \"CC0-1.0\"\n"
	dep5MIT     = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 2026 Amt\nLicense: Expat\n\nFiles: doc/*\nCopyright: 2026 Amt\nLicense: GPL-2+ or CC0-1.0\n"
	forgeExport = "https://api.github.com/repositories/7/dependency-graph/sbom sbom.spdx.json"
	asset       = "https://git.example/amt/karte/releases/1/bom.json bom.json"
)

// situations are what a repository may hold and what the report says of it: the
// verdict, and the codes of all reasons in order.
var situations = []struct {
	name, declared, forge string
	files                 []string
	want                  string
}{
	{"all right", "EUPL-1.2", "EUPL-1.2", []string{
		"LICENSE", "{{text EUPL-1.2}}", "LICENSES/EUPL-1.2.txt", "{{text EUPL-1.2}}", "REUSE.toml", allEUPL,
		"README.md", "# Karte\n\n## License\n\nLicensed under the EUPL, version 1.2.\n", "bom.json", bom("EUPL-1.2", "MIT", "MIT", ""),
	}, "match agree"},
	{"one text and nothing more", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}"}, "match agree"},
	{"EUPL in German", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2.de}}"}, "match agree"},
	{"EUPL in Italian", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2.it}}"}, "match agree"},
	{"EUPL in French", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2.fr}}"}, "match agree"},
	{"EUPL in two languages", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "LICENSE.de.md", "{{text EUPL-1.2.de}}"}, "match agree"},
	{"a German EUPL, where MIT is declared", "MIT", "", []string{"LICENSE", "{{text EUPL-1.2.de}}"}, "conflict text-differs"},
	{"AGPL declared with an EUPL text", "AGPL-3.0-or-later", "EUPL-1.2", []string{"LICENSE", "{{text EUPL-1.2}}"}, "conflict text-differs forge-differs"},
	{"AGPL declared with a GPL text", "AGPL-3.0-only", "", []string{"COPYING", "{{text GPL-3.0}}"}, "conflict text-differs"},
	{"two clauses or three", "BSD-2-Clause", "", []string{"LICENSE", "{{text BSD-3-Clause}}"}, "conflict text-differs"},

	{"the text in LICENSES alone", "MIT", "", []string{"LICENSES/MIT.txt", "{{text MIT}}"}, "match agree"},
	{"a file that leads to LICENSES", "MIT", "", []string{"LICENSE", pointer, "LICENSES/MIT.txt", "{{text MIT}}"}, "match agree"},
	{"a file that leads to another licence", "EUPL-1.2", "", []string{"LICENSE", pointer, "LICENSES/MIT.txt", "{{text MIT}}"}, "conflict text-differs"},
	{"a file that leads nowhere", "MIT", "", []string{"LICENSE", pointer}, "missing no-text pointer-nowhere"},
	{"licences for documentation and fonts too", "EUPL-1.2", "", []string{
		"LICENSES/EUPL-1.2.txt", "{{text EUPL-1.2}}", "LICENSES/CC0-1.0.txt", "{{text CC0-1.0}}", "LICENSES/OFL-1.1.txt", "{{text OFL-1.1}}", "LICENSES/MIT.txt", "{{text MIT}}",
	}, "match agree further-texts"},
	{"licences for documentation alone", "EUPL-1.2", "", []string{"LICENSES/CC0-1.0.txt", "{{text CC0-1.0}}"}, "missing no-text"},
	{"a name that its content belies", "MIT", "", []string{"LICENSES/MIT.txt", "{{text Apache-2.0}}"}, "conflict text-differs name-differs"},
	{"a name that its content belies, and a right one", "MIT", "", []string{"LICENSE", "{{text MIT}}", "LICENSES/MIT.txt", "{{text Apache-2.0}}"}, "ambiguous name-differs agree further-texts"},
	{"a name alone", "MIT", "", []string{"LICENSES/MIT.txt", "See the internet.\n"}, "ambiguous text-by-name"},
	{"a reserved font name", "OFL-1.1", "", []string{"LICENSES/OFL-1.1-RFN.txt", "{{text OFL-1.1}}", "LICENSE", "{{text OFL-1.1}}"}, "match agree"},

	{"an exception that the text does not have", "GPL-2.0-only WITH Classpath-exception-2.0", "", []string{"LICENSE", "{{text GPL-2.0}}"}, "ambiguous exception-no-text agree"},
	{"an exception in LICENSES", "GPL-2.0-only WITH Classpath-exception-2.0", "", []string{
		"LICENSES/GPL-2.0-only.txt", "{{text GPL-2.0}}", "LICENSES/Classpath-exception-2.0.txt", "{{text Classpath-exception-2.0}}",
	}, "match agree"},
	{"an exception behind the text", "GPL-2.0-only WITH Classpath-exception-2.0", "", []string{"LICENSE", "{{text GPL-2.0}}\n\n{{text Classpath-exception-2.0}}"}, "match agree"},
	{"an exception behind the text that is not declared", "GPL-2.0-only", "", []string{"LICENSE", "{{text GPL-2.0}}\n\n{{text Classpath-exception-2.0}}"}, "ambiguous exception-only-text agree"},
	{"an exception under a deprecated name", "GPL-2.0-with-classpath-exception", "", []string{
		"LICENSES/GPL-2.0-only.txt", "{{text GPL-2.0}}", "LICENSES/Classpath-exception-2.0.txt", "{{text Classpath-exception-2.0}}",
	}, "match agree deprecated"},
	{"an exception that is not declared", "GPL-2.0-only", "", []string{
		"LICENSE", "{{text GPL-2.0}}", "COPYING.md", tag + "GPL-2.0-only WITH Classpath-exception-2.0\n",
	}, "ambiguous exception-only-text agree"},

	{"two to choose from, both there", "MIT OR Apache-2.0", "", []string{"LICENSE-MIT", "{{text MIT}}", "LICENSE-APACHE", "{{text Apache-2.0}}"}, "match agree"},
	{"two to choose from, one there", "MIT OR Apache-2.0", "MIT", []string{"LICENSE", "{{text MIT}}"}, "match agree one-alternative"},
	{"two to choose from, a third there", "MIT OR Apache-2.0", "", []string{"LICENSE", "{{text EUPL-1.2}}"}, "conflict text-differs"},
	{"two that apply, both there", "MIT AND Apache-2.0", "", []string{"LICENSE-MIT", "{{text MIT}}", "LICENSE-APACHE", "{{text Apache-2.0}}"}, "match agree"},
	{"two that apply, one there", "MIT AND Apache-2.0", "", []string{"LICENSE", "{{text MIT}}"}, "ambiguous part-without-text"},
	{"two files, one declared", "MIT", "", []string{"LICENSE", "{{text MIT}}", "COPYING", "{{text GPL-3.0}}"}, "ambiguous undeclared agree"},
	{"two texts in a file, one declared", "MIT", "", []string{"LICENSE", "{{text MIT}}\n\n{{text Apache-2.0}}"}, "ambiguous undeclared agree"},
	{"two texts in a file, both declared", "MIT AND Apache-2.0", "", []string{"LICENSE", "{{text MIT}}\n\n{{text Apache-2.0}}"}, "match agree"},
	{"documentation under a licence of its own", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "LICENSE.CC-BY-4.0.txt", "{{text CC-BY-4.0}}"}, "match agree further-texts"},
	{"the LGPL with the GPL that it adds to", "LGPL-3.0-or-later", "GPL-3.0", []string{"COPYING", "{{text GPL-3.0}}", "COPYING.LESSER", "{{text LGPL-3.0}}"}, "match agree"},
	{"the LGPL with the GPL alone", "LGPL-3.0-or-later", "", []string{"COPYING", "{{text GPL-3.0}}"}, "conflict text-differs"},

	{"a modified MIT", "MIT", "", []string{"LICENSE", changedMIT}, "ambiguous text-modified"},
	{"a modified MIT beside the original", "MIT", "", []string{"LICENSE", changedMIT, "LICENSES/MIT.txt", "{{text MIT}}"}, "match agree"},
	{"a modified MIT, where the EUPL is declared", "EUPL-1.2", "", []string{"LICENSE", changedMIT}, "conflict modified-differs"},
	{"a text that nobody knows", "EUPL-1.2", "", []string{"LICENSE", ownLicence}, "ambiguous text-unknown"},
	{"an empty file", "EUPL-1.2", "", []string{"LICENSE", ""}, "missing no-text text-empty"},
	{"a text that nobody knows beside the declared one", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "LICENSE.amt.txt", ownLicence}, "ambiguous text-unknown agree"},
	{"a text that cannot be read", "EUPL-1.2", "", []string{"LICENSE", unreadable}, "ambiguous text-unread"},
	{"a notice in place of the text", "EUPL-1.2", "", []string{"LICENSE", "Karte is licensed under the EUPL, version 1.2.\n"}, "match notice-only"},
	{"an identifier in place of the text", "EUPL-1.2", "", []string{"LICENSE", tag + "EUPL-1.2\n"}, "match notice-only"},
	{"an identifier of another licence", "EUPL-1.2", "", []string{"LICENSE", tag + "MPL-2.0\n"}, "conflict text-differs"},

	{"only this version, where the text cannot tell", "GPL-3.0-only", "GPL-3.0", []string{"COPYING", "{{text GPL-3.0}}"}, "match agree"},
	{"or later, where the text cannot tell", "GPL-3.0-or-later", "GPL-3.0", []string{"COPYING", "{{text GPL-3.0}}"}, "match agree"},
	{"only this version against a notice", "GPL-3.0-only", "", []string{"COPYING", "{{text GPL-3.0}}", "LICENSE.md", laterNotice}, "ambiguous later-unclear agree"},
	{"or later, as a notice says", "GPL-3.0-or-later", "", []string{"COPYING", "{{text GPL-3.0}}", "LICENSE.md", laterNotice}, "match agree"},
	{"or later against a name", "GPL-3.0-or-later", "", []string{"LICENSES/GPL-3.0-only.txt", "{{text GPL-3.0}}"}, "ambiguous later-unclear agree"},
	{"a later version that is allowed", "GPL-2.0-or-later", "", []string{"COPYING", "{{text GPL-3.0}}"}, "ambiguous later-version"},
	{"a later version that is not allowed", "GPL-2.0-only", "", []string{"COPYING", "{{text GPL-3.0}}"}, "conflict other-version"},
	{"an older version", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.1}}"}, "conflict other-version"},

	{"a deprecated identifier", "GPL-2.0+", "", []string{"COPYING", "{{text GPL-2.0}}"}, "match agree deprecated"},
	{"a deprecated identifier that leaves it open", "GPL-3.0", "", []string{"COPYING", "{{text GPL-3.0}}"}, "match agree deprecated-unclear"},
	{"small letters", "eupl-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}"}, "match agree declared-spelling"},
	{"other words", "Apache License, Version 2.0", "", []string{"LICENSE", "{{text Apache-2.0}}"}, "match agree declared-in-words"},
	{"other words for another licence", "Apache License, Version 2.0", "", []string{"LICENSE", "{{text MIT}}"}, "conflict text-differs declared-in-words"},
	{"no expression", "free for all", "", []string{"LICENSE", "{{text MIT}}"}, "ambiguous declared-invalid texts-say"},
	{"no expression and no text", "free for all", "", nil, "missing no-text declared-invalid"},

	{"nothing is asserted", "NOASSERTION", "", []string{"LICENSE", "{{text MIT}}"}, "missing declared-noassertion texts-say"},
	{"nothing is asserted, nothing is there", "NOASSERTION", "", nil, "missing declared-noassertion"},
	{"no licence against a text", "NONE", "", []string{"LICENSE", "{{text MIT}}"}, "conflict none-against-text"},
	{"no licence, and no text", "NONE", "", nil, "missing declared-none"},

	{"a licence of one's own with its text", "LicenseRef-Amt", "", []string{"LICENSES/LicenseRef-Amt.txt", ownLicence}, "match agree"},
	{"a licence of one's own and one of the list", "EUPL-1.2 AND LicenseRef-Amt", "", []string{"LICENSE", "{{text EUPL-1.2}}", "LICENSES/LicenseRef-Amt.txt", ownLicence}, "match agree"},
	{"a licence of one's own without a text", "LicenseRef-Amt", "", nil, "missing no-text"},
	{"a licence of one's own under another name", "LicenseRef-Amt", "", []string{"LICENSE", ownLicence}, "ambiguous text-unknown reference-no-text"},
	{"a licence of one's own that may be a known one", "LicenseRef-Amt", "", []string{"LICENSE", "{{text MIT}}"}, "ambiguous reference-no-text"},

	{"nothing at all", "", "", nil, "missing nothing"},
	{"only the README names a licence", "", "", []string{"README.md", "# Karte\n\n## Lizenz\n\nKarte is licensed under the EUPL-1.2.\n"}, "missing named-only"},
	{"only declaration and README", "EUPL-1.2", "", []string{"README.md", "# Karte\n\n## Lizenz\n\nKarte is licensed under the EUPL-1.2.\n"}, "missing no-text readme-only"},
	{"a README about third parties", "EUPL-1.2", "", []string{"README.md", "# Karte\n\n## Third-party licenses\n\nThe parser is licensed under the MIT License.\n"}, "missing no-text"},
	{"a text and no declaration", "", "MIT", []string{"LICENSE", "{{text MIT}}"}, "missing no-declaration"},
	{"an unknown text and no declaration", "", "", []string{"LICENSE", ownLicence}, "missing no-declaration-unknown text-unknown"},
	{"a declaration and no text", "EUPL-1.2", "", nil, "missing no-text"},
	{"a README that names another licence", "MIT", "", []string{"LICENSE", "{{text MIT}}", "README.md", "# Karte\n\n## License\n\nReleased under the Apache License, Version 2.0.\n"}, "match agree readme-differs"},

	{"a README that names the licence of a part too", "MIT", "", []string{"LICENSE", "{{text MIT}}", "README.md", "# Karte\n\n## License\n\nWhat we wrote is MIT. The parser is released under the Apache License, Version 2.0.\n"}, "match agree"},
	{"REUSE names another for all files", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "REUSE.toml", allMIT}, "ambiguous reuse-differs agree"},
	{"REUSE names another, and no text is there", "EUPL-1.2", "", []string{"REUSE.toml", allMIT}, "conflict reuse-differs no-text"},
	{"REUSE names another for some files", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "REUSE.toml", partsCC0}, "match agree"},
	{"REUSE in its former format", "MIT", "", []string{"LICENSE", "{{text MIT}}", ".reuse/dep5", dep5MIT}, "match agree"},
	{"REUSE in its former format names another", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", ".reuse/dep5", dep5MIT}, "ambiguous reuse-differs agree"},
	{"REUSE cannot be read", "MIT", "", []string{"LICENSE", "{{text MIT}}", "REUSE.toml", "version = [\n"}, "match agree reuse-unread"},

	{"CITATION.cff agrees", "MIT", "", []string{"LICENSE", "{{text MIT}}", "CITATION.cff", "cff-version: 1.2.0\nlicense:\n  - Apache-2.0\n  - MIT\n"}, "match agree"},
	{"CITATION.cff names another", "MIT", "", []string{"LICENSE", "{{text MIT}}", "CITATION.cff", "license: BSD-3-Clause\n"}, "ambiguous metadata-differs agree"},
	{"codemeta.json agrees", "MIT", "", []string{"LICENSE", "{{text MIT}}", "codemeta.json", `{"license":"https://spdx.org/licenses/MIT.html"}`}, "match agree"},
	{"codemeta.json names another", "MIT", "", []string{"LICENSE", "{{text MIT}}", "codemeta.json", `{"license":[{"@id":"https://spdx.org/licenses/EUPL-1.2"}]}`}, "ambiguous metadata-differs agree"},

	{"the forge names another", "MIT", "Apache-2.0", []string{"LICENSE", "{{text MIT}}"}, "match agree forge-differs"},
	{"the forge asserts nothing", "MIT", "NOASSERTION", []string{"LICENSE", "{{text MIT}}"}, "match agree"},
	{"the forge knows but that there is one", "MIT", "other", []string{"LICENSE", "{{text MIT}}"}, "match agree"},
	{"the forge names another, and no text is there", "MIT", "Apache-2.0", nil, "missing no-text forge-differs"},

	{"the SBOM names another", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "bom.json", bom("MIT")}, "ambiguous sbom-differs agree"},
	{"the SBOM names another, and no text is there", "EUPL-1.2", "", []string{"bom.json", bom("MIT")}, "conflict sbom-differs no-text"},
	{"the SBOM of a release names another", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", asset, bom("MIT")}, "ambiguous sbom-differs agree"},
	{"the SBOM that the forge made names another", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", forgeExport, bom("MIT")}, "match agree"},
	{"the SBOM says otherwise of later versions", "GPL-3.0-only", "", []string{"LICENSE", "{{text GPL-3.0}}", "bom.json", bom("GPL-3.0-or-later")}, "ambiguous later-unclear agree"},
	{"the SBOM says nothing of its root", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "bom.json", bom("", "MIT")}, "match agree"},
	{"an SBOM that cannot be read", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "bom.json", `{"bomFormat":`}, "match agree"},

	{"notices of third parties", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "NOTICE", "Contains parts under this licence:\n\n{{text MIT}}", "THIRD-PARTY-LICENSES.txt", "{{text Apache-2.0}}"}, "match agree"},
	{"notices of third parties alone", "EUPL-1.2", "", []string{"NOTICE", "{{text MIT}}"}, "missing no-text"},
	{"a list of licences beside the text", "EUPL-1.2", "", []string{"LICENSE", "{{text EUPL-1.2}}", "LICENSES.txt", "{{text MIT}}"}, "match agree"},
	{"a list of licences alone", "MIT", "", []string{"LICENSES.txt", "{{text MIT}}"}, "match agree"},
	{"copyright lines beside the text", "MIT", "", []string{"LICENSE", "{{text MIT}}", "COPYRIGHT", "Copyright 2026 Amt für Karten\n"}, "match agree"},

	{"a part with a text of its own", "EUPL-1.2", "", []string{"apps/karte/publiccode.yml", "", "apps/karte/LICENSE", "{{text EUPL-1.2}}", "LICENSE", "{{text MIT}}"}, "match agree part-differs"},
	{"a part with another text of its own", "EUPL-1.2", "", []string{"apps/karte/publiccode.yml", "", "apps/karte/LICENSE", "{{text MIT}}", "LICENSE", "{{text EUPL-1.2}}"}, "conflict text-differs"},
	{"a part under the text of the whole", "EUPL-1.2", "", []string{"apps/karte/publiccode.yml", "", "LICENSE", "{{text EUPL-1.2}}"}, "match agree"},
	{"a part with its LICENSES", "MIT", "", []string{"apps/karte/publiccode.yml", "", "apps/karte/LICENSES/MIT.txt", "{{text MIT}}", "LICENSES/EUPL-1.2.txt", "{{text EUPL-1.2}}"}, "match agree"},

	{"a file of white space beside the text", "MIT", "", []string{"LICENSE", "{{text MIT}}", "COPYING", "\ufeff \r\n\t\n"}, "match agree text-empty"},
	{"an empty file in LICENSES", "EUPL-1.2", "", []string{"LICENSES/EUPL-1.2.txt", ""}, "missing no-text text-empty"},
	{"an empty file and no declaration", "", "", []string{"LICENSE", ""}, "missing nothing text-empty"},
	{"a text of which only the beginning is read", "MIT", "", []string{"LICENSE", strings.Repeat("Of parts by others more below.\n", 9000) + "{{text MIT}}"}, "ambiguous text-unread"},
	{"an exception in NOTICE", "GPL-2.0-only WITH Classpath-exception-2.0", "", []string{"LICENSE", "{{text GPL-2.0}}", "NOTICE", "{{text Classpath-exception-2.0}}"}, "match agree"},
	{"an exception that only LICENSES has", "GPL-2.0-only", "", []string{"LICENSE", "{{text GPL-2.0}}", "LICENSES/Classpath-exception-2.0.txt", "{{text Classpath-exception-2.0}}"}, "match agree"},
	{"or later, says COPYRIGHT", "GPL-3.0-only", "", []string{"COPYING", "{{text GPL-3.0}}", "COPYRIGHT", "Copyright 2026 Amt für Karten\n" + tag + "GPL-3.0-or-later\n"}, "ambiguous later-unclear agree"},
	{"a COPYRIGHT that names owners alone", "MIT", "", []string{"COPYRIGHT", "Copyright 2026 Amt für Karten. All rights reserved.\n"}, "missing no-text"},
	{"the version stated and a later one", "GPL-2.0-or-later", "", []string{"COPYING", "{{text GPL-2.0}}", "COPYING3", "{{text GPL-3.0}}"}, "match agree"},
	{"the version stated and a later one that is not allowed", "GPL-2.0-only", "", []string{"COPYING", "{{text GPL-2.0}}", "COPYING3", "{{text GPL-3.0}}"}, "ambiguous undeclared agree"},
	{"a later LGPL with the GPL that it adds to", "LGPL-2.1-or-later", "", []string{"COPYING", "{{text GPL-3.0}}", "COPYING.LESSER", "{{text LGPL-3.0}}"}, "ambiguous later-version"},
	{"a later LGPL that is not allowed", "LGPL-2.1-only", "", []string{"COPYING", "{{text GPL-3.0}}", "COPYING.LESSER", "{{text LGPL-3.0}}"}, "conflict other-version"},
	{"the LGPL beside a GPL that is not part of it", "LGPL-2.1-or-later", "", []string{"COPYING", "{{text GPL-2.0}}", "COPYING.LIB", "{{text LGPL-2.1}}"}, "ambiguous undeclared agree"},
	{"the GPL where the LGPL lies too", "GPL-3.0-or-later", "", []string{"COPYING", "{{text GPL-3.0}}", "COPYING.LESSER", "{{text LGPL-3.0}}"}, "ambiguous undeclared agree"},
	{"a choice within one text", "MPL-2.0-no-copyleft-exception", "", []string{"LICENSE", "{{text MPL-2.0}}"}, "match agree"},
	{"a name that the beginning of another is", "MIT", "", []string{"LICENSES/MIT.txt", "{{text MIT-0}}"}, "conflict text-differs name-differs"},
	{"a font's licence alone", "MIT", "", []string{"OFL.txt", "{{text OFL-1.1}}"}, "missing no-text"},
	{"a licence of the documentation alone", "EUPL-1.2", "", []string{"LICENSE-docs", "{{text CC-BY-4.0}}"}, "missing no-text"},
	{"a licence for content as the only one", "EUPL-1.2", "", []string{"LICENSE", "{{text CC-BY-4.0}}"}, "conflict text-differs"},
	{"one of two to choose from is named", "MIT OR Apache-2.0", "", []string{"LICENSE", tag + "MIT\n"}, "match notice-only"},
	{"two of three, one of them to choose", "MIT AND (Apache-2.0 OR GPL-2.0-only)", "", []string{"LICENSE", "{{text MIT}}", "LICENSE-APACHE", "{{text Apache-2.0}}"}, "match agree one-alternative"},
	{"words that leave later versions open", "GPLv3", "", []string{"COPYING", "{{text GPL-3.0}}"}, "match agree deprecated-unclear"},
	{"words that include later versions", "GPLv3+", "", []string{"COPYING", "{{text GPL-3.0}}"}, "match agree declared-in-words"},
	{"a name without a version", "GPL", "", []string{"COPYING", "{{text GPL-3.0}}"}, "ambiguous declared-invalid texts-say"},
	{"a text of the owner's under a known name", "MIT", "", []string{"LICENSE", "MIT License\n\nYou may install one copy on one workstation of the office that paid for it. You may not copy, lend, sell or alter it. All other rights stay with its owner.\n"}, "ambiguous text-unknown notice-only"},
	{"owners and a name", "MIT", "", []string{"LICENSE", "Copyright (c) 2026 Amt für Karten\n\nMIT\nhttps://opensource.org/licenses/MIT\n"}, "match notice-only"},
	{"a long text that nobody knows under a known name", "MIT", "", []string{"LICENSE", "MIT License\n\n" + strings.Repeat(ownLicence, 12)}, "ambiguous text-unknown notice-only"},
	{"a licence made of MIT with a condition", "MIT", "", []string{"LICENSE", "{{text JSON}}"}, "conflict text-differs"},
	{"the README holds the text", "MIT", "", []string{"README.md", "# Karte\n\n## License\n\n{{text MIT}}"}, "match agree"},
	{"the README holds another text", "EUPL-1.2", "", []string{"README.md", "# Karte\n\n## License\n\n{{text MIT}}"}, "conflict text-differs readme-differs"},
	{"the README holds a text, and LICENSES those of the content", "MIT", "", []string{"LICENSES/CC0-1.0.txt", "{{text CC0-1.0}}", "README.md", "# Karte\n\n## License\n\n{{text MIT}}"}, "match agree further-texts"},
	{"only metadata name a licence", "", "", []string{"codemeta.json", `{"license":"https://spdx.org/licenses/EUPL-1.2"}`}, "missing named-only"},
	{"only REUSE names a licence", "", "", []string{"REUSE.toml", allMIT}, "missing named-only"},
	{"only an SBOM names a licence", "", "", []string{"bom.json", bom("MIT")}, "missing named-only"},
	{"only the forge names a licence", "", "MIT", nil, "missing nothing"},
	{"a part whose LICENSE is a link to that of the whole", "EUPL-1.2", "", []string{"apps/karte/publiccode.yml", "", "apps/karte/LICENSE", "../../LICENSE", "LICENSE", "{{text EUPL-1.2}}"}, "match agree"},
	{"a part beside a whole that is under another licence", "EUPL-1.2", "MIT", []string{
		"apps/karte/publiccode.yml", "", "apps/karte/LICENSE", "{{text EUPL-1.2}}", "LICENSE", "{{text MIT}}",
		"README.md", "# All\n\n## License\n\nMIT License\n", "codemeta.json", `{"license":"MIT"}`, "bom.json", bom("MIT"), asset, bom("MIT"),
	}, "match agree part-differs"},
	{"a part whose SBOM names another", "EUPL-1.2", "", []string{"apps/karte/publiccode.yml", "", "apps/karte/LICENSE", "{{text EUPL-1.2}}", "apps/karte/bom.json", bom("MIT")}, "ambiguous sbom-differs agree"},
}

func TestSituations(t *testing.T) {
	if len(situations) < 60 {
		t.Errorf("%d situations", len(situations))
	}
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			got, _ := report(entry(t, s.declared, s.forge, s.files...))
			words := []string{string(got.Verdict)}
			for _, r := range got.Reasons {
				words = append(words, r.Code)
			}
			if got := strings.Join(words, " "); got != s.want {
				t.Errorf("%s, want %s", got, s.want)
			}
			for _, r := range got.Reasons {
				t.Log(r.Wording("en"))
			}
			if t.Failed() {
				for _, e := range got.Detected {
					t.Logf("%+v", e)
				}
			}
		})
	}
}

// TestEveryRuleHasASituation holds the table and the rules together: each code
// that a rule can give is in the table, and has words in both languages.
func TestEveryRuleHasASituation(t *testing.T) {
	had := map[string]bool{}
	for _, s := range situations {
		for _, code := range strings.Fields(s.want)[1:] {
			had[code] = true
		}
	}
	for _, code := range evidence.Codes() {
		if !had[code] {
			t.Errorf("no situation gives %s", code)
		}
		for _, lang := range []string{"de", "en"} {
			if sentence, _ := (registry.LicenceReason{Code: code}).Wording(lang); sentence == "" {
				t.Errorf("%s has no words in %s", code, lang)
			}
		}
		delete(had, code)
	}
	for code := range had {
		t.Errorf("the table expects %s, which no rule gives", code)
	}
}
