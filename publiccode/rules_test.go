// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// base is a file of version 0.5 without any finding.
//
//go:embed testdata/base.yml
var base string

// rules breaks every rule once. Each case replaces a text of base and expects
// one finding where § stands in the new text (at 1:1 where it stands nowhere);
// good, where given, is a replacement that must not lead to the finding.
var rules = []struct {
	code, key      string
	old, bad, good string
}{
	{"PC0002", "", "Stadt.\n", "Stadt§\xfc.\n", "Stadtü.\n"},
	{"PC0003", "", "name: Fahrradkeller", "name: Fahrrad§\x00keller", ""},
	{"PC0004", "", "name: Fahrradkeller", "name: Fahrrad§: Keller", "name: \"Fahrrad: Keller\""},
	{"PC0010", "name", "url: https://git", "§name: Radkeller\nurl: https://git", ""},
	{"PC0011", "", "      optional: false\n", "      optional: false\n---\n§name: Anders\n", "      optional: false\n---\n"},
	{"PC0012", "localisation.localisationReady", "localisationReady: true", "localisationReady: §yes", "localisationReady: false"},
	{"PC0013", "name", "name: Fahrradkeller", "name: §Fahrrad\u200bkeller", ""},
	{"PC0013", "name", "name: Fahrradkeller", "name: §\"Fahrrad\\ekeller\"", ""},
	{"PC0013", "legal", "legal:", "§legal\u200b:", ""},
	{"PC0015", "legal.<<", "  license: EUPL-1.2", "  §<<: {license: EUPL-1.2}", ""},

	{"PC0016", "legal.<<", "  license: EUPL-1.2", "  §<<: EUPL-1.2\n  license: EUPL-1.2", "  <<: {license: EUPL-1.2}"},
	{"PC0016", "legal.<<", "  license: EUPL-1.2", "  §<<:\n  license: EUPL-1.2", "  <<: {license: EUPL-1.2}"},
	{"PC0016", "legal.<<", "  license: EUPL-1.2", "  §<<: [{license: EUPL-1.2}, x]\n  license: EUPL-1.2", "  \"<<\": x\n  license: EUPL-1.2"},

	{"PC0101", "name", "name: Fahrradkeller\n", "", ""},
	{"PC0101", "legal.license", "legal:\n  license: EUPL-1.2\n", "§legal:\n", ""},
	{"PC0101", "legal.license", "legal:\n  license: EUPL-1.2\n  mainCopyrightOwner: Stadt Beispielhausen\n", "§legal:\n", ""},
	{"PC0101", "description.de.shortDescription", "  de:\n    localisedName: Fahrradkeller\n    shortDescription: Verwaltet die Stellplätze in den Fahrradkellern einer Stadt.\n", "  §de:\n", ""},
	{"PC0101", "maintenance.contacts[0].name", "- name: Ada Beispiel\n      email", "- §email", ""},
	{"PC0101", "organisation.uri", "organisation:\n  name: Stadt Beispielhausen\n  uri: https://www.beispielhausen.example/\n", "§organisation:\n  name: Stadt Beispielhausen\n", "organisation:\n  uri: urn:x-amt:beispielhausen\n"},
	{"PC0101", "fundedBy[0].name", "- name: Stiftung Zweirad\n    uri", "- §uri", "- name: Stiftung Zweirad\n    # uri"},
	{"PC0102", "softwareType", "softwareType: standalone/web", "§softwareType:", ""},
	{"PC0102", "platforms", "platforms:\n  - web\n  - linux\n", "§platforms: []\n", ""},
	{"PC0102", "platforms", "platforms:\n  - web\n  - linux\n", "§platforms: [~, '']\n", ""},
	{"PC0105", "maintenance.contacts", "maintenance:\n  type: internal\n  contacts:\n    - name: Ada Beispiel\n      email: ada@beispielhausen.example\n", "§maintenance:\n  type: internal\n  contacts: [~]\n", ""},
	{"PC0201", "logo", "logo: docs/logo.svg", "logo: §{}", ""},
	{"PC0202", "usedBy", "usedBy:\n  - Stadt Beispielhausen", "usedBy: §{}", "usedBy: []"},
	{"PC0203", "intendedAudience", "intendedAudience:\n  scope:\n    - local-authorities\n  countries:\n    - DE\n    - AT", "intendedAudience: §[]", "intendedAudience: {}"},
	{"PC0308", "localisation.availableLanguages[0]", "- de\n", "- §ger\n", ""},
	{"PC0311", "landingURL", "landingURL: https://fahrradkeller.example.org/", "landingURL: §https://a.example:99999/", "landingURL: https://[2001:db8::1]:8443/"},
	{"PC0311", "landingURL", "landingURL: https://fahrradkeller.example.org/", "landingURL: §https://a..example/", ""},
	{"PC0311", "landingURL", "name: Fahrradkeller\nurl: https://git.example.org/stadt/fahrradkeller.git\nlandingURL: https://fahrradkeller.example.org/", "name: &n Fahrradkeller\nurl: https://git.example.org/stadt/fahrradkeller.git\nlandingURL: §*n", ""},
	{"PC0201", "name", "name: Fahrradkeller\n", "x-n: &n [Fahrrad, Keller]\nname: §*n\n", ""},
	{"PC0303", "categories[0]", "categories:\n  - facility-management\n", "x-c: &c fahrrad\ncategories:\n  - §*c\n", ""},
	{"PC0401", "publiccodeYmlVersion", "publiccodeYmlVersion: \"0.5\"", "x-version: &v \"1.5\"\npubliccodeYmlVersion: §*v", ""},
	{"PC0307", "description.Platt", "description:\n  de:", "x-l: &l Platt\ndescription:\n  §*l :", ""},
	{"PC0313", "logo", "docs/logo.svg", "§//logo.svg", ""},
	{"PC0314", "logo", "docs/logo.svg", "§README.md", "https://example.org/logo.php"},
	{"PC0013", "name", "name: Fahrradkeller", "name: §\"\\u202eFahrradkeller\"", ""},
	{"PC0103", "legal.licence", "license: EUPL", "§licence: EUPL", ""},
	{"PC0104", "maintenance.contractors", "maintenance:\n  type: internal", "§maintenance:\n  type: contract", "maintenance:\n  type: contract\n  contractors: [{name: Keller GmbH, until: 2030-12-31}]"},
	{"PC0105", "maintenance.contacts", "maintenance:\n  type: internal\n  contacts:\n    - name: Ada Beispiel\n      email: ada@beispielhausen.example\n", "§maintenance:\n  type: community\n", "maintenance:\n  type: none\n"},
	{"PC0106", "maintenance.contractors", "  contacts:", "  §contractors: [{name: Keller GmbH, until: 2030-12-31}]\n  contacts:", ""},
	{"PC0108", "description", "description:\n  de:\n    localisedName: Fahrradkeller\n    shortDescription: Verwaltet die Stellplätze in den Fahrradkellern einer Stadt.\n    longDescription:", "§description:\n  de:\n    shortDescription: Plätze\n    x-long:", ""},
	{"PC0110", "description", "description:\n  de:\n    localisedName", "description:\n    §localisedName", ""},

	{"PC0201", "name", "name: Fahrradkeller", "name: §[Fahrrad, Keller]", ""},
	{"PC0202", "usedBy", "usedBy:\n  - Stadt Beispielhausen", "usedBy: §{stadt: Beispielhausen}", ""},
	{"PC0202", "maintenance.contacts", "  contacts:\n    - name: Ada Beispiel\n      email: ada@beispielhausen.example\n", "  contacts: §Ada\n", ""},
	{"PC0203", "legal", "legal:\n  license: EUPL-1.2\n  mainCopyrightOwner: Stadt Beispielhausen", "legal: §EUPL-1.2", ""},
	{"PC0204", "localisation.localisationReady", "localisationReady: true", "localisationReady: §teilweise", ""},
	{"PC0204", "localisation.localisationReady", "localisationReady: true", "localisationReady: §\"true\"", "localisationReady: True"},
	{"PC0204", "localisation.localisationReady", "localisationReady: true", "localisationReady: §tRUE", "localisationReady: !!bool \"true\""},
	{"PC0204", "localisation.localisationReady", "localisationReady: true", "localisationReady: §!!str true", ""},
	{"PC0205", "softwareVersion", "softwareVersion: \"1.10\"", "softwareVersion: §1.10", "softwareVersion: 1.10.2"},
	{"PC0206", "maintenance.contacts", "    - name: Ada Beispiel\n", "      §name: Ada Beispiel\n", ""},
	{"PC0206", "usedBy", "usedBy:\n  - Stadt Beispielhausen", "usedBy: §Stadt Beispielhausen", ""},
	{"PC0207", "farbe", "name: Fahrradkeller\nurl", "name: Fahrradkeller\n§farbe: blau\nurl", "name: Fahrradkeller\nx-farbe: blau\nurl"},
	{"PC0208", "roadmapp", "name: Fahrradkeller\nurl", "name: Fahrradkeller\n§roadmapp: https://example.org\nurl", ""},
	{"PC0208", "license", "name: Fahrradkeller\nurl", "name: Fahrradkeller\n§license: MIT\nurl", ""},
	{"PC0209", "landingUrl", "landingURL:", "§landingUrl:", ""},
	{"PC0210", "usedBy[1]", "  - Stadt Beispielhausen\n", "  - Stadt Beispielhausen\n  -§\n", ""},
	{"PC0211", "", "name: Fahrradkeller\nurl", "name: Fahrradkeller\n? §[a, b]\n: c\nurl", ""},

	{"PC0212", "it", "legal:\n", "IT: {countryExtensionVersion: \"1.0\"}\n§it: {countryExtensionVersion: \"1.0\"}\nlegal:\n", "IT: {countryExtensionVersion: \"1.0\"}\nDE: {countryExtensionVersion: \"1.0\"}\nlegal:\n"},
	{"PC0213", "IT.piattaforme", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    §- spid: true\n    - cie: false\nlegal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    spid: true\nlegal:\n"},
	{"PC0203", "IT.piattaforme", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme: §[{spid: true}, cie]\nlegal:\n", ""},
	{"PC0203", "IT.conforme", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  conforme: §[{gdpr: true}]\nlegal:\n", ""},
	{"PC0209", "It", "legal:\n", "§It: {countryExtensionVersion: \"1.0\"}\nlegal:\n", "IT: {countryExtensionVersion: \"1.0\"}\nlegal:\n"},

	{"PC0301", "developmentStatus", "developmentStatus: stable", "developmentStatus: §läuft", "developmentStatus: beta"},
	{"PC0302", "softwareType", "softwareType: standalone/web", "softwareType: §web", "softwareType: library"},
	{"PC0302", "categories[0]", "facility-management", "§facility management", ""},
	{"PC0303", "categories[0]", "facility-management", "§fahrrad", ""},
	{"PC0304", "intendedAudience.scope[0]", "local-authorities", "§radfahren", ""},
	{"PC0305", "intendedAudience.countries[0]", "- DE", "- §EU", ""},
	{"PC0306", "intendedAudience.countries[0]", "- DE", "- §DEU", ""},
	{"PC0307", "localisation.availableLanguages[0]", "- de\n", "- §plattschnack\n", "- nds\n"},
	{"PC0308", "localisation.availableLanguages[1]", "- en-GB", "- §en_GB", ""},
	{"PC0308", "description.deu", "  de:\n", "  §deu:\n", ""},
	{"PC0309", "releaseDate", "2024-01-02", "§2024-13-02", "\"2024-01-02\""},
	{"PC0310", "maintenance.contacts[0].email", "ada@beispielhausen.example", "§ada", "ada@bücher.example"},
	{"PC0311", "landingURL", "landingURL: https://fahr", "landingURL: §fahr", "landingURL: http://fahr"},
	{"PC0311", "description.de.videos[0]", "- https://videos", "- §javascript:videos", ""},
	{"PC0312", "url", "url: https://git.example.org/", "url: §git@git.example.org:", ""},
	{"PC0313", "logo", "docs/logo.svg", "§/docs/logo.svg", "https://example.org/logo.svg"},
	{"PC0313", "logo", "docs/logo.svg", "§../logo.svg", ""},
	{"PC0314", "logo", "docs/logo.svg", "§docs/logo.gif", "docs/logo"},
	{"PC0315", "inputTypes[0]", "platforms:\n", "inputTypes: [§text]\nplatforms:\n", "inputTypes: [text/plain]\nplatforms:\n"},
	{"PC0316", "description.de.shortDescription", "Verwaltet die Stell", "§" + strings.Repeat("ü", 150) + " Stell", strings.Repeat("ü", 90) + " Stell"},
	{"PC0317", "description.de.longDescription", "longDescription: >\n      Fahrradkeller zeigt, wo", "longDescription: §Kurz.\n    awards:\n     - Wo", ""},
	{"PC0318", "legal.license", "license: EUPL-1.2", "license: §geheim", "license: LicenseRef-geheim"},
	{"PC0319", "legal.license", "license: EUPL-1.2", "license: §Apache License, Version 2.0", "license: Apache-2.0 OR MIT"},
	{"PC0320", "legal.license", "license: EUPL-1.2", "license: §NOASSERTION", ""},
	{"PC0322", "organisation.uri", "uri: https://www", "uri: §www", "uri: urn:www:"},
	{"PC0323", "name", "name: Fahrradkeller", "name: §\" Fahrradkeller\"", ""},
	{"PC0324", "maintenance.contacts[0].email", "ada@", "§ada\\x64", ""},

	{"PC0111", "IT", "legal:\n", "§IT: {piattaforme: {cie: true}}\nlegal:\n", "IT: {<<: {countryExtensionVersion: \"1.0\"}}\nlegal:\n"},
	{"PC0111", "DE", "legal:\n", "§DE: {leika: [\"99108008261000\"]}\nlegal:\n", "DE: {countryextensionversion: \"1.0\"}\nlegal:\n"},
	{"PC0111", "IT", "legal:\n", "§IT: {piattaforme: {spid: true}}\nlegal:\n", "IT: {countryExtensionVersion: \"1.0\", piattaforme: {spid: true}}\nlegal:\n"},
	{"PC0328", "maintenance.contacts[0].phone", "      email: ada", "      phone: §nach Vereinbarung\n      email: ada", "      phone: +49 30 90-1\n      email: ada"},
	{"PC0329", "maintenance.contacts[0].phone", "      email: ada", "      phone: §030 / 123-45\n      email: ada", "      phone: \"+49 (0) 30 / 123-45\"\n      email: ada"},

	{"PC0201", "IT.countryExtensionVersion", "legal:\n", "IT:\n  countryExtensionVersion: §[\"1.0\", \"0.2\"]\nlegal:\n", ""},
	{"PC0203", "IT", "legal:\n", "IT: §[spid]\nlegal:\n", ""},
	{"PC0203", "It", "legal:\n", "It: §ja\nlegal:\n", ""},
	{"PC0203", "nl", "legal:\n", "nl: §ja\nlegal:\n", "nl: {commonground: ja}\nlegal:\n"},
	{"PC0203", "IT.piattaforme", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme: §[spid]\nlegal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme: {spid: true}\nlegal:\n"},
	{"PC0203", "IT.riuso", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  riuso: §xx\nlegal:\n", ""},
	{"PC0204", "IT.conforme.gdpr", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  conforme: {gdpr: §maybe}\nlegal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  conforme: {gdpr: false}\nlegal:\n"},
	{"PC0204", "IT.piattaforme.io", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme: {io: §[true]}\nlegal:\n", ""},
	{"PC0205", "IT.countryExtensionVersion", "legal:\n", "IT:\n  countryExtensionVersion: §1.0\nlegal:\n", ""},
	{"PC0207", "IT.a", "legal:\n", "IT: {countryExtensionVersion: \"1.0\", §a: b}\nlegal:\n", "IT: {countryExtensionVersion: \"1.0\", x-a: b}\nlegal:\n"},
	{"PC0207", "DE.a", "legal:\n", "DE: {countryExtensionVersion: \"1.0\", §a: b}\nlegal:\n", "DE: {countryExtensionVersion: \"1.0\", leika: [\"99108008261000\"]}\nlegal:\n"},
	{"PC0207", "it-quatsch", "legal:\n", "§it-quatsch: ja\nlegal:\n", ""},
	{"PC0208", "it-riuso-codiceIAP", "legal:\n", "§it-riuso-codiceIAP: c_h501\nlegal:\n", ""},
	{"PC0208", "IT.piattafome", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  §piattafome: {spid: true}\nlegal:\n", ""},
	{"PC0208", "IT.piattaforme.spidd", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    §spidd: true\nlegal:\n", ""},
	{"PC0208", "IT.spid", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  §spid: true\nlegal:\n", ""},
	{"PC0209", "IT.conforme.modelloInteroperatibilita", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  conforme:\n    §modelloInteroperatibilita: true\nlegal:\n", ""},
	{"PC0301", "IT.countryExtensionVersion", "legal:\n", "IT: {countryExtensionVersion: §\"0.9.1\"}\nlegal:\n", "IT: {countryExtensionVersion: \"0.2\"}\nlegal:\n"},
	{"PC0333", "IT.riuso.codiceIPA", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  riuso: {codiceIPA: §Comune di Roma}\nlegal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  riuso: {codiceIPA: 5N2TR557}\nlegal:\n"},
	{"PC0333", "it-riuso-codiceIPA", "legal:\n", "it-riuso-codiceIPA: §urn:x-italian-pa:c_h501\nlegal:\n", "it-riuso-codiceIPA: c_h501\nlegal:\n"},
	{"PC0409", "IT.conforme.privacy", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\n  conforme: {§privacy: true}\nlegal:\n", ""},
	{"PC0409", "it-spid", "legal:\n", "§it-spid: true\nlegal:\n", ""},
	{"PC0502", "IT", "legal:\n", "§IT:\nlegal:\n", "IT: {}\nlegal:\n"},

	{"PC0330", "DE.leika[0].leika-id", "legal:\n", "DE:\n  leika:\n    - leika-id: §\"123\"\nlegal:\n", "DE:\n  leika:\n    - leika-id: \"99108008261000\"\nlegal:\n"},
	{"PC0331", "DE.leika[0].themenfeld", "legal:\n", "DE:\n  leika:\n    - themenfeld: §Verkehr\n      ozg-id: \"10110\"\nlegal:\n", "DE:\n  leika:\n    - themenfeld: Mobilität & Reisen\n      ozg-id: \"10110\"\nlegal:\n"},

	{"PC0401", "publiccodeYmlVersion", "\"0.5\"", "§\"1.5\"", "0.5.0"},
	{"PC0417", "publiccodeYmlVersion", "\"0.5\"", "§\"0.1\"", ""},
	{"PC0420", "publiccodeYmlVersion", "\"0.5\"", "§\"1.0\"", ""},
	{"PC0401", "publiccodeYmlVersion", "\"0.5\"", "§v0.5", ""},
	{"PC0401", "publiccodeYmlVersion", "\"0.5\"", "§\"0.2.3\"", "\"0.2.2\""},
	{"PC0509", "publiccodeYmlVersion", "\"0.5\"", "§\"0\"", ""},
	{"PC0403", "inputTypes", "platforms:\n", "§inputTypes: [text/plain]\nplatforms:\n", ""},
	{"PC0403", "legal.authorsFile", "  license:", "  §authorsFile: AUTHORS\n  license:", ""},
	{"PC0404", "legal.repoOwner", "  license:", "  §repoOwner: Stadt\n  license:", ""},
	{"PC0404", "monochromeLogo", "platforms:\n", "§monochromeLogo: docs/mono.svg\nplatforms:\n", ""},
	{"PC0405", "supports", "platforms:\n", "§supports: [{id: 'alias:gdpr'}]\nplatforms:\n", ""},
	{"PC0408", "intendedAudience.countries[0]", "- DE", "- §de", ""},
	{"PC0409", "dependencies", "dependsOn:", "§dependencies:", ""},
	{"PC0410", "legal.license", "license: EUPL-1.2", "license: §GPL-3.0+", "license: GPL-3.0-or-later"},
	{"PC0416", "legal.license", "license: EUPL-1.2", "license: §GPL-3.0", "license: GPL-3.0-only"},
	{"PC0326", "applicationSuite", "platforms:\n", "applicationSuite: §" + strings.Repeat("ü", 1001) + "\nplatforms:\n", ""},
	{"PC0410", "legal.license", "license: EUPL-1.2", "license: §AGPL-3.0+", ""},
	{"PC0325", "legal.license", "license: EUPL-1.2", "license: §GPLv3", ""},
	{"PC0411", "legal.license", "license: EUPL-1.2", "license: §eupl-1.2", ""},
	{"PC0412", "legal.license", "license: EUPL-1.2", "license: §EUPL-1.2 or MIT", "license: EUPL-1.2 OR MIT"},
	{"PC0413", "it", "legal:\n", "§it: {countryExtensionVersion: \"1.0\"}\nlegal:\n", "IT: {countryExtensionVersion: \"1.0\"}\nlegal:\n"},
	{"PC0415", "legal.license", "license: EUPL-1.2", "license: §Net-SNMP", ""},

	{"PC0501", "platforms[0]", "- web\n", "- §Windows\n", "- Haiku\n"},
	{"PC0502", "roadmap", "roadmap: https://git.example.org/stadt/fahrradkeller/milestones", "§roadmap: \"\"", ""},
	{"PC0503", "localisation.availableLanguages[0]", "- de\n", "- §no\n", "- \"no\"\n"},
	{"PC0504", "description.de.shortDescription", "shortDescription: Verwaltet die Stellplätze", "shortDescription: §|\n      Verwaltet\n      die Plätze", ""},
	{"PC0505", "maintenance.contacts[0]", "- name: Ada Beispiel\n      email: ada@beispielhausen.example", "- §name: Ada Beispiel", "- name: Ada Beispiel\n      phone: \"+49 30 1\""},
	{"PC0507", "url", "url: https://git.", "url: §ssh://git@git.", ""},
	{"PC0508", "categories[1]", "appointment-scheduling", "§facility-management", ""},
}

// elsewhere are the codes that tests of their own provoke.
var elsewhere = []string{
	"PC0001", "PC0005", "PC0006", "PC0007", "PC0008", "PC0009", "PC0014", // hostile_test.go
	"PC0107", "PC0109", "PC0321", "PC0406", "PC0407", "PC0414", "PC0418", "PC0419", "PC0327", "PC0332", // version_test.go
	"PC0506", // TestRepositoryURL

	// crawler/links/links_test.go
	"PC0510", "PC0511", "PC0512", "PC0513", "PC0514",
	"PC0701", "PC0702", "PC0703", "PC0704", "PC0705", "PC0706", "PC0707", "PC0708", "PC0709", "PC0710",
}

func TestBaseHasNoFindings(t *testing.T) {
	res := Parse([]byte(base), Options{})
	for _, f := range res.Findings {
		t.Errorf("%d:%d %s %s", f.Line, f.Column, f.Code, f.Message("en"))
	}
	if res.Version != "0.5" || !res.Valid() {
		t.Errorf("version %q, valid %v", res.Version, res.Valid())
	}
}

func TestRules(t *testing.T) {
	covered := slices.Clone(elsewhere)
	for _, c := range rules {
		covered = append(covered, c.code)
		t.Run(c.code+" "+c.key, func(t *testing.T) {
			if strings.Count(base, c.old) < 1 {
				t.Fatalf("base has no %q", c.old)
			}
			src, line, column := marked(strings.Replace(base, c.old, c.bad, 1))
			res := Parse([]byte(src), Options{})
			checkResult(t, []byte(src), res)
			found := 0
			for _, f := range res.Findings {
				if f.Code != c.code || f.Key != c.key {
					continue
				}
				if f.EndLine < f.Line || f.EndLine == f.Line && f.EndColumn < f.Column {
					t.Errorf("ends at %d:%d, before it begins", f.EndLine, f.EndColumn)
				}
				if found++; found == 1 && (f.Line != line || f.Column != column) {
					t.Errorf("at %d:%d, want %d:%d", f.Line, f.Column, line, column)
				}
			}
			if found == 0 {
				t.Errorf("not found in %+v", res.Findings)
			}
			if c.good == "" {
				return
			}
			for _, f := range Parse([]byte(strings.Replace(base, c.old, c.good, 1)), Options{}).Findings {
				if f.Code == c.code {
					t.Errorf("found in the good case: %+v", f)
				}
			}
		})
	}
	for code := range maps.Keys(messages) {
		if !slices.Contains(covered, code) {
			t.Errorf("no case for %s", code)
		}
	}
}

// TestEmptySection holds that a section without anything in it lacks its keys.
func TestEmptySection(t *testing.T) {
	for _, empty := range []string{"localisation:", "localisation: {}", "localisation:\n  # noch offen"} {
		src := strings.Replace(base, "localisation:\n  localisationReady: true\n  availableLanguages:\n    - de\n    - en-GB", empty, 1)
		var got []string
		for _, f := range Parse([]byte(src), Options{}).Findings {
			got = append(got, f.Code+" "+f.Key)
		}
		if want := []string{"PC0101 localisation.availableLanguages", "PC0101 localisation.localisationReady"}; !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", empty, got, want)
		}
	}
}

// marked removes the first § and tells where it stood.
func marked(s string) (src string, line, column int) {
	i := strings.Index(s, "§")
	if i < 0 {
		return s, 1, 1
	}
	before := s[:i]
	return before + s[i+len("§"):], 1 + strings.Count(before, "\n"),
		1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// TestOneProblemOneFinding holds that a wrong value neither hides nor invents
// another finding.
func TestOneProblemOneFinding(t *testing.T) {
	for _, c := range rules {
		switch c.code {
		case "PC0004", "PC0108", "PC0110", "PC0317", "PC0401", "PC0417", "PC0509", "PC0013", "PC0412":
			continue // unreadable, other rules, or more than one change
		}
		src, _, _ := marked(strings.Replace(base, c.old, c.bad, 1))
		res := Parse([]byte(src), Options{})
		for _, f := range res.Findings {
			if f.Key != c.key && f.Severity == Error {
				t.Errorf("%s %s also leads to %s %s", c.code, c.key, f.Code, f.Key)
			}
		}
	}
}

func TestMessages(t *testing.T) {
	code := regexp.MustCompile(`^PC0[0-9]{3}$`)
	for c, m := range messages {
		if !code.MatchString(c) {
			t.Errorf("code %q", c)
		}
		for _, s := range []string{m.de, m.en, m.helpDE, m.helpEN} {
			if s == "" || !strings.HasSuffix(s, ".") {
				t.Errorf("%s: no sentence: %q", c, s)
			}
		}
		for _, s := range []string{m.de, m.helpDE} {
			if strings.Contains(s, "““") || strings.Count(s, "„") != strings.Count(s, "“") {
				t.Errorf("%s: quotation marks: %q", c, s)
			}
		}
		if (m.severity == Advice) != (c[:4] == "PC05" && m.severity == Advice || c == "PC0323") {
			t.Errorf("%s: severity %s", c, m.severity)
		}
	}
	for _, c := range rules {
		src, _, _ := marked(strings.Replace(base, c.old, c.bad, 1))
		for _, f := range Parse([]byte(src), Options{}).Findings {
			for _, lang := range []string{"de", "en"} {
				if s := f.Message(lang) + f.Help(lang); openPlaceholder.MatchString(s) {
					t.Errorf("%s: open placeholder in %q", f.Code, s)
				}
			}
		}
	}
}
