// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// faults replace a text of the sample file by one with a fault, and say what Fix
// makes of that. Where want is "" a person must decide, and the file stays as it
// is.
var faults = []struct{ name, old, bad, want string }{
	{"repeated key, same value", "url: https://git", "name: Fahrradkeller\nurl: https://git", "url: https://git"},
	{"GPL beside C++", "license: EUPL-1.2", "license: GPL-3.0 # C++ code is MIT", ""},
	{"GPL, plain comment", "license: EUPL-1.2", "license: GPL-3.0 # see LICENSE", "license: GPL-3.0-only # see LICENSE"},
	{"another subject", "- facility-management", "- tax-management", ""},
	{"short words differ", "- facility-management", "- text-management", ""},
	{"no hyphen", "- facility-management", "- facilitymanagement", "- facility-management"},
	{"comment at a dropped value", "roadmap: https://git.example.org/stadt/fahrradkeller/milestones", "roadmap: \"\" # noch fragen", ""},
	{"patch that never was", "\"0.5\"", "\"0.5.3\"", "\"0.5\""},
	{"country in mixed letters", "legal:", "It: {countryExtensionVersion: \"1.0\"}\nlegal:", "IT: {countryExtensionVersion: \"1.0\"}\nlegal:"},
	{"country twice, same", "legal:", "IT: {countryExtensionVersion: \"1.0\"}\nit:\n  countryExtensionVersion: '1.0'\nlegal:", "IT: {countryExtensionVersion: \"1.0\"}\nlegal:"},
	{"country twice", "legal:", "IT: {countryExtensionVersion: \"1.0\"}\nit: {countryExtensionVersion: \"0.2\"}\nlegal:", ""},
	{"slip in a country", "legal:", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattafome: {spid: true} # ja\nlegal:", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme: {spid: true} # ja\nlegal:"},
	{"code that is none", "legal:", "it-riuso-codiceIPA: Comune di Roma\nlegal:", ""},
	{"conformity that is none", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nIT:\n  conforme:\n    quatsch: true\n", ""},
	{"merged", "  license: EUPL-1.2", "  <<: EUPL-1.2\n  license: EUPL-1.2", ""},
	{"country section", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\nIT:\n  piattaforme:\n    spid: true\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\n  - id: alias:spid\n"},
	{"country from an alias", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\nx-it: &it {piattaforme: {spid: true}}\nIT: *it\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\n  - id: alias:spid\nx-it: &it {piattaforme: {spid: true}}\n"},
	{"country with merged keys", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nx-it: &it {piattaforme: {spid: true}}\nIT:\n  <<: *it\n", ""},
	{"country that says two things", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nIT: {piattaforme: {spid: true, spid: false}}\n", ""},
	{"two sections of a country", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nIT: {piattaforme: {spid: true}}\nit: {piattaforme: {spid: false}}\n", ""},
	{"country and two lists", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\nIT: {piattaforme: {spid: true}}\nsupports:\n  - id: alias:cie\n", ""},
	{"foreign word over a country", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\n# it works\nIT: {countryExtensionVersion: \"1.0\"}\n", "publiccodeYmlVersion: \"0.7\"\n# it works\n"},
	{"flat keys", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\nit-spid: yes\nit-cie: no\nit-conforme-privacy: true\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\n  - id: alias:spid\n"},
	{"flat code", "organisation:\n  name: Stadt Beispielhausen\n  uri: https://www.beispielhausen.example/\n", "organisation:\n  name: Stadt Beispielhausen\nit-riuso-codiceIPA: c_h501\n", "organisation:\n  uri: urn:x-italian-pa:c_h501\n  name: Stadt Beispielhausen\n"},
	{"flat key beside a section", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nit-spid: true\nIT: {countryExtensionVersion: \"1.0\", x-a: b}\n", ""},
	{"flat key without a place yet", "legal:", "it-conforme-gdpr: true\nlegal:", ""},
	{"flat key and bare support", "publiccodeYmlVersion: \"0.5\"\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - alias:gdpr\nit-conforme-gdpr: true\n", "publiccodeYmlVersion: \"0.7\"\nsupports:\n  - id: alias:gdpr\n"},
	{"list of sections", "legal:", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    - spid: true # ja\n    - cie: false\nlegal:", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n      spid: true # ja\n      cie: false\nlegal:"},
	{"list of sections with a key twice", "legal:", "IT:\n  countryExtensionVersion: \"1.0\"\n  piattaforme:\n    - spid: true\n    - spid: false\nlegal:", ""},
	{"repeated key, another between", "url: https://git", "name: Radkeller\nname: Fahrradkeller\nurl: https://git", ""},
	{"truth with a tag", "localisationReady: true", "localisationReady: !!str true", ""},
	{"truth in odd letters", "localisationReady: true", "localisationReady: tRUE", "localisationReady: true"},
	{"repeated key, other value", "url: https://git", "name: Radkeller\nurl: https://git", ""},
	{"repeated section", "dependsOn:", "legal:\n  license: EUPL-1.2\n  mainCopyrightOwner: Stadt Beispielhausen\ndependsOn:", "dependsOn:"},
	{"YAML 1.1", "localisationReady: true", "localisationReady: yes # ja", "localisationReady: true # ja"},
	{"YAML 1.1 off", "optional: false", "optional: Off", "optional: false"},
	{"quoted truth", "localisationReady: true", "localisationReady: \"true\"", "localisationReady: true"},
	{"German truth", "localisationReady: true", "localisationReady: nein", "localisationReady: false"},
	{"neither true nor false", "localisationReady: true", "localisationReady: teilweise", ""},
	{"anchored truth", "localisationReady: true", "localisationReady: &a yes", "localisationReady: &a true"},
	{"invisible", "name: Fahrradkeller\nurl", "name: Fahrrad\u200bkeller\nurl", "name: Fahrradkeller\nurl"},
	{"invisible in a key", "legal:", "legal\u200b:", "legal:"},
	{"escape in a name", "name: Fahrradkeller\nurl", "name: \"Fahrrad\\ekeller\"\nurl", "name: \"Fahrradkeller\"\nurl"},
	{"control character", "name: Fahrradkeller\nurl", "name: Fahrrad\x00keller\nurl", "name: Fahrradkeller\nurl"},
	{"blanks", "name: Fahrradkeller\nurl", "name: ' Fahrradkeller '\nurl", "name: 'Fahrradkeller'\nurl"},

	{"capital letters", "landingURL:", "landingUrl:", "landingURL:"},
	{"required key, quoted", "legal:\n  license:", "legal:\n  \"licence\":", "legal:\n  \"license\":"},
	{"former name", "dependsOn:", "dependencies:", "dependsOn:"},
	{"American spelling", "organisation:\n", "organization:\n", "organisation:\n"},
	{"letters swapped", "roadmap: https", "raodmap: https", "roadmap: https"},
	{"address for URI", "    uri: urn:x-stiftung", "    url: urn:x-stiftung", "    uri: urn:x-stiftung"},
	{"not near enough", "roadmap: https", "rodamp-url: https", ""},
	{"near, but there", "roadmap: https", "roadmapp: https://example.org\nroadmap: https", ""},

	{"number", "softwareVersion: \"1.10\"", "softwareVersion: 1.10", "softwareVersion: \"1.10\""},
	{"number, with comment", "versionMin: \"15\"", "versionMin: 15 # oder 16", "versionMin: \"15\" # oder 16"},
	{"Norway", "    - AT", "    - NO", "    - \"NO\""},
	{"Norwegian in brackets", "  availableLanguages:\n    - de\n    - en-GB\n", "  availableLanguages: [de, no]\n", "  availableLanguages: [de, \"no\"]\n"},

	{"single text", "usedBy:\n  - Stadt Beispielhausen", "usedBy:   Stadt Beispielhausen  # eine", "usedBy:\n  - Stadt Beispielhausen  # eine"},
	{"single text, next line", "usedBy:\n  - Stadt Beispielhausen", "usedBy:\n  Stadt Beispielhausen", "usedBy:\n  - Stadt Beispielhausen"},
	{"single text in brackets", "intendedAudience:\n  scope:\n    - local-authorities\n  countries:\n    - DE\n    - AT\n", "intendedAudience: {scope: local-authorities, countries: [DE]}\n", "intendedAudience: {scope: [local-authorities], countries: [DE]}\n"},
	{"single text over two lines", "usedBy:\n  - Stadt Beispielhausen", "usedBy: Stadt\n  Beispielhausen", ""},
	{"single section", "    - name: Ada Beispiel\n      email", "      # Ansprechperson\n      name: Ada Beispiel\n\n      # dienstlich\n      email", "      # Ansprechperson\n    - name: Ada Beispiel\n\n      # dienstlich\n      email"},
	{"single section in brackets", "  contacts:\n    - name: Ada Beispiel\n      email: ada@beispielhausen.example\n", "  contacts: {name: Ada, email: ada@beispielhausen.example}\n", "  contacts:\n    - {name: Ada, email: ada@beispielhausen.example}\n"},
	{"dashes without blanks", "usedBy:\n  - Stadt Beispielhausen", "usedBy:\n  -Stadt A\n  -Stadt B", "usedBy:\n  - Stadt A\n  - Stadt B"},
	{"one dash without blank", "usedBy:\n  - Stadt Beispielhausen", "usedBy:\n  -Stadt A\n  Stadt B", ""},
	{"single section, shallow", "    - name: Ada Beispiel\n      email", "    name: Ada Beispiel # Amt\n    # dienstlich\n    email", "    - name: Ada Beispiel # Amt\n      # dienstlich\n      email"},
	{"bare support", "\"0.5\"", "\"0.7\" \nsupports: [alias:gdpr, urn:x-amt:a] # zwei", "\"0.7\" \nsupports: [{id: alias:gdpr}, {id: urn:x-amt:a}] # zwei"},
	{"bare support on a line", "\"0.5\"", "\"0.7\"\nsupports:\n- 'alias:gdpr' # DSGVO", "\"0.7\"\nsupports:\n- id: 'alias:gdpr' # DSGVO"},
	{"empty entry", "  - Stadt Beispielhausen\n", "  - Stadt Beispielhausen\n  -\n", "  - Stadt Beispielhausen\n"},
	{"empty entry first", "    - DE\n    - AT", "    - # Deutschland?\n    - AT", ""},
	{"empty entry in brackets", "platforms:\n  - web\n  - linux\n", "platforms: [\"\", web, '']\n", "platforms: [web]\n"},
	{"repeated entry", "  - linux\n", "  - linux\n  - web # noch einmal\n", ""},

	{"slip of a category", "facility-management", "facilty management", "facility-management"},
	{"another category", "facility-management", "case-management", ""},
	{"part of a type", "softwareType: standalone/web", "softwareType: web", "softwareType: standalone/web"},
	{"nearest is there", "  - facility-management\n  - appointment-scheduling", "  - facility-management\n  - facilty-management\n  - appointment-scheduling", ""},
	{"old type", "softwareType: standalone/web", "softwareType: softwareAddon", "softwareType: addon"},
	{"status", "developmentStatus: stable", "developmentStatus: 'Stable'", "developmentStatus: 'stable'"},
	{"platform", "  - web\n", "  - Web\n", "  - web\n"},
	{"platform, twice by meaning", "  - web\n  - linux\n", "  - web\n  - linux\n  - Linux\n", "  - web\n  - linux\n"},

	{"small country", "    - DE", "    - de", "    - DE"},
	{"British country", "    - AT", "    - UK", "    - GB"},
	{"three letters", "    - DE", "    - DEU", "    - DE"},
	{"no country", "    - AT", "    - EU", ""},
	{"countries by name", "    - DE\n    - AT", "    - Germany # ja\n    - 'Österreich'", "    - DE # ja\n    - 'AT'"},
	{"countries in brackets", "  countries:\n    - DE\n    - AT\n", "  countries: [DEUTSCHLAND, italia]\n  unsupportedCountries: [Italie, France]\n", "  countries: [DE, IT]\n  unsupportedCountries: [Italie, FR]\n"},
	{"a part of a country", "    - AT", "    - Südtirol", ""},
	{"country twice", "    - DE\n    - AT", "    - DE\n    - Germany", "    - DE"},
	{"underscore", "    - en-GB", "    - en_GB", "    - en-GB"},
	{"language by name", "    - de\n    - en", "    - Deutsch\n    - en", "    - de\n    - en"},
	{"language of a description", "description:\n  de:", "description:\n  deu:", "description:\n  de:"},

	{"German date", "releaseDate: 2024-01-02", "releaseDate: 02.01.2024", "releaseDate: 2024-01-02"},
	{"slashes", "releaseDate: 2024-01-02", "releaseDate: 2024/1/2", "releaseDate: 2024-01-02"},
	{"quoted date", "releaseDate: 2024-01-02", "releaseDate: '2.1.2024'", "releaseDate: '2024-01-02'"},
	{"time of day", "releaseDate: 2024-01-02", "releaseDate: 2024-01-02T10:00:00Z", "releaseDate: 2024-01-02"},
	{"English words", "releaseDate: 2024-01-02", "releaseDate: January 2nd, 2024", "releaseDate: 2024-01-02"},
	{"German words", "releaseDate: 2024-01-02", "releaseDate: 2. März 2024", "releaseDate: 2024-03-02"},
	{"day or month", "releaseDate: 2024-01-02", "releaseDate: 03/04/2024", ""},
	{"day for sure", "releaseDate: 2024-01-02", "releaseDate: 13/04/2024", "releaseDate: 2024-04-13"},
	{"no such day", "releaseDate: 2024-01-02", "releaseDate: 30.02.2024", ""},

	{"hidden @", "email: ada@", "email: ada\\x64", "email: ada@"},
	{"link for address", "email: ada@", "email: mailto:ada@", "email: ada@"},
	{"no scheme", "landingURL: https://fahr", "landingURL: fahr", "landingURL: https://fahr"},
	{"file, not host", "documentation: https://docs.example.org/fahrradkeller", "documentation: README.md", ""},
	{"address for git", "url: https://git.example.org/stadt/fahrradkeller.git", "url: git@github.com:stadt/fahrradkeller.git", "url: https://github.com/stadt/fahrradkeller.git"},
	{"address for git, complete", "url: https://git.example.org/", "url: ssh://git@codeberg.org/", "url: https://codeberg.org/"},
	{"address for git elsewhere", "url: https://git.example.org/", "url: git@git.example.org:", ""},
	{"path from the root", "logo: docs/logo.svg", "logo: /docs/logo.svg", "logo: docs/logo.svg"},
	{"path out of the repository", "logo: docs/logo.svg", "logo: ../logo.svg", ""},

	{"licence without hyphen", "license: EUPL-1.2", "license: EUPL 1.2", "license: EUPL-1.2"},
	{"licence by name", "license: EUPL-1.2", "license: \"Apache License, Version 2.0\"", "license: \"Apache-2.0\""},
	{"licence in small letters", "license: EUPL-1.2", "license: eupl-1.2 or mit # doppelt", "license: EUPL-1.2 OR MIT # doppelt"},
	{"operands by name", "license: EUPL-1.2", "license: 'Apache 2.0 or The MIT License (MIT)' # doppelt", "license: 'Apache-2.0 OR MIT' # doppelt"},
	{"operand of the GNU family", "license: EUPL-1.2", "license: GPL-3.0 OR EUPL 1.2", "license: GPL-3.0-only OR EUPL-1.2"},
	{"operand and comment", "license: EUPL-1.2", "license: GPLv3 OR EUPL 1.2 # or later", ""},
	{"operand not known", "license: EUPL-1.2", "license: EUPL 1.2 OR GPL", ""},
	{"slash", "license: EUPL-1.2", "license: Apache-2.0/EUPL 1.2", ""},
	{"comma", "license: EUPL-1.2", "license: \"MIT, Apache-2.0\"", ""},
	{"GPL of no version", "license: EUPL-1.2", "license: GPL", ""},
	{"full name", "license: EUPL-1.2", "license: GNU General Public License v2 only", "license: GPL-2.0-only"},
	{"GPL alone", "license: EUPL-1.2", "license: GPL-3.0", "license: GPL-3.0-only"},
	{"GPL alone in a group", "license: EUPL-1.2", "license: (AGPL-3.0 or  MIT)", "license: (AGPL-3.0-only OR  MIT)"},
	{"GPL with a comment", "license: EUPL-1.2", "license: AGPL-3.0 # oder später", ""},
	{"GPL by name", "license: EUPL-1.2", "license: GPLv3", "license: GPL-3.0-only"},
	{"GPL by name, or later", "license: EUPL-1.2", "license: GPLv3+", "license: GPL-3.0-or-later"},
	{"GPL plus", "license: EUPL-1.2", "license: GPL-3.0+", "license: GPL-3.0-or-later"},
	{"GPL with exception", "license: EUPL-1.2", "license: GPL-2.0-with-classpath-exception", "license: GPL-2.0-only WITH Classpath-exception-2.0"},
	{"licence in a block", "license: EUPL-1.2", "license: >-\n    EUPL 1.2", "license: EUPL-1.2"},
	{"or later of another licence", "license: EUPL-1.2", "license: EUPL-1.2-or-later # laut Vertrag", "license: EUPL-1.2+ # laut Vertrag"},
	{"GPL from a version on", "license: EUPL-1.2", "license: GPL (>= 2)", "license: GPL-2.0-or-later"},
	{"GPL plus, of the Affero kind", "license: EUPL-1.2", "license: AGPL-3.0+", "license: AGPL-3.0-or-later"},
	{"exception of the third version", "license: EUPL-1.2", "license: GPL-3.0-with-GCC-exception", "license: GPL-3.0-only WITH GCC-exception-3.1"},
	{"exception with a plus", "license: EUPL-1.2", "license: GPL-2.0-with-GCC-exception+", ""},
	{"one of several versions", "license: EUPL-1.2", "license: LGPLv2", ""},
	{"licence in doubt", "license: EUPL-1.2", "license: EUPL 1.2?", ""},
	{"no licence", "license: EUPL-1.2", "license: NOASSERTION", ""},

	{"empty key", "roadmap: https://git.example.org/stadt/fahrradkeller/milestones\n", "roadmap:\n", ""},
	{"contractors", "  contacts:", "  contractors: [{name: Keller GmbH, until: 2030-12-31}]\n  contacts:", ""},
	{"value shared by an alias", "    - AT\n", "    - &x EUPL 1.2\nisBasedOn: *x\n", ""},
	{"line ends of old", "name: Fahrradkeller\nurl", "name: \" Fahrrad\u2028keller\"\nurl", "name: \"Fahrrad keller\"\nurl"},
}

// TestRemedies holds that Fix mends a fault and touches nothing else.
func TestRemedies(t *testing.T) {
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(base, c.old) {
				t.Fatalf("the sample file has no %q", c.old)
			}
			src := strings.Replace(base, c.old, c.bad, 1)
			want := src
			switch {
			case c.want != "":
				want = strings.Replace(base, c.old, c.want, 1)
			case c.name == "empty key":
				want = strings.Replace(base, c.old, "", 1)
			}
			for _, eol := range []string{"\n", "\r\n"} {
				src, want := strings.ReplaceAll(src, "\n", eol), strings.ReplaceAll(want, "\n", eol)
				fixed := checkFix(t, []byte(src), FixOptions{KeepVersion: true})
				if string(fixed.Source) != want {
					t.Errorf("line ends %q: got\n%s", eol, lineDiff(want, string(fixed.Source)))
				}
				src = strings.TrimSuffix(src, eol)
				if fixed := checkFix(t, []byte(src), FixOptions{KeepVersion: true}); string(fixed.Source) != strings.TrimSuffix(want, eol) {
					t.Errorf("without last line end: got\n%s", lineDiff(want, string(fixed.Source)))
				}
			}
		})
	}
}

// lineDiff shows the lines that are in one text only.
func lineDiff(want, got string) string {
	var out strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range w {
		if !slices.Contains(g, line) {
			fmt.Fprintf(&out, "- %q\n", line)
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			fmt.Fprintf(&out, "+ %q\n", line)
		}
	}
	return out.String()
}

// checkFix fixes a file and holds the outcome against what is true of every one.
func checkFix(t *testing.T, src []byte, opt FixOptions) *Fixed {
	t.Helper()
	before, given := Parse(src, Options{}), bytes.Clone(src)
	fixed := Fix(src, opt)
	if !bytes.Equal(src, given) {
		t.Error("the input was changed")
	}
	if len(before.Findings) == 0 && opt.Version == "" && !bytes.Equal(src, fixed.Source) {
		t.Error("a file without findings was changed")
	}
	after := Parse(fixed.Source, Options{})
	if !reflect.DeepEqual(after.Findings, fixed.Result.Findings) {
		t.Error("the result is not that of the source")
	}
	if opt.Version == "" {
		e0, w0 := before.grave()
		if e, w := after.grave(); e > e0 || w > w0 {
			t.Errorf("%d errors and %d warnings, before %d and %d", e, w, e0, w0)
		}
		if before.root != nil && after.root == nil {
			t.Error("cannot be read any more")
		}
	}
	if len(fixed.Mended) == 0 && before.Version == after.Version && !bytes.Equal(src, fixed.Source) {
		t.Error("changed, but nothing was mended")
	}
	for _, f := range fixed.Mended {
		if _, ok := messages[f.Code]; !ok || f.Line < 1 || f.EndLine < f.Line {
			t.Errorf("mended %+v", f)
		}
	}
	if len(src) < 64<<10 {
		if again := Fix(fixed.Source, opt); !bytes.Equal(again.Source, fixed.Source) {
			t.Errorf("a second time changes more, for %+v:\n%s", again.Mended, lineDiff(string(fixed.Source), string(again.Source)))
		}
	}
	return fixed
}

// TestFixFiles holds whole files against what is to come of them.
func TestFixFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/fix/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fixed := checkFix(t, src, FixOptions{})
			golden := strings.TrimSuffix(file, ".yml") + ".golden"
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(golden, fixed.Source, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, fixed.Source) {
				t.Errorf("got\n%s", lineDiff(string(want), string(fixed.Source)))
			}
		})
	}
}

func TestFixVersion(t *testing.T) {
	old := strings.Replace(base, "\"0.5\"", "'0.4.0'", 1)
	dirty := strings.Replace(old, "- web", "- Web", 1)
	declared := func(src, version string) string { return strings.Replace(src, "'0.4.0'", "'"+version+"'", 1) }
	clean := func(src string) string { return strings.Replace(src, "- Web", "- web", 1) }
	unfit := strings.NewReplacer("  contacts:", "  contractors: [{name: Keller GmbH, until: 2030-12-31}]\n  contacts:").Replace(dirty)
	for _, c := range []struct {
		name, src string
		opt       FixOptions
		want      string
	}{
		{"newest", dirty, FixOptions{}, clean(declared(dirty, "0.7"))},
		{"kept", dirty, FixOptions{KeepVersion: true}, clean(dirty)},
		{"asked for", dirty, FixOptions{Version: "0.6"}, clean(declared(dirty, "0.6"))},
		{"asked for, older", dirty, FixOptions{Version: "0.2"}, clean(declared(dirty, "0.2"))},
		{"not known", dirty, FixOptions{Version: "9"}, clean(declared(dirty, "0.7"))},
		{"clean", base, FixOptions{}, base},
		{"clean, but asked for", base, FixOptions{Version: "0.7"}, strings.Replace(base, "\"0.5\"", "\"0.7\"", 1)},
		{"worse with a newer one", unfit, FixOptions{}, clean(unfit)},
		{"misspelt", strings.Replace(old, "'0.4.0'", "v0.5", 1), FixOptions{KeepVersion: true}, strings.Replace(old, "'0.4.0'", "\"0.5\"", 1)},
		{"major only", strings.Replace(old, "'0.4.0'", "0", 1), FixOptions{}, strings.Replace(old, "'0.4.0'", "\"0.7\"", 1)},
		{"missing", strings.Replace(old, "publiccodeYmlVersion: '0.4.0'\n", "", 1), FixOptions{}, strings.Replace(old, "'0.4.0'", "\"0.7\"", 1)},
		{"not published", declared(old, "1.0"), FixOptions{}, declared(old, "0.7")},
		{"needed by a key", declared(dirty, "0.5") + "supports:\n  - id: alias:gdpr\n", FixOptions{}, clean(declared(dirty, "0.7")) + "supports:\n  - id: alias:gdpr\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(checkFix(t, []byte(c.src), c.opt).Source); got != c.want {
				t.Errorf("got\n%s", lineDiff(c.want, got))
			}
		})
	}
}

// TestFixEncoding holds that a mended file is UTF-8, and that a byte order mark
// alone is no reason to change one.
func TestFixEncoding(t *testing.T) {
	latin1 := strings.NewReplacer("ä", "\xe4", "ö", "\xf6", "ü", "\xfc", "ß", "\xdf").Replace(base)
	if fixed := checkFix(t, []byte(latin1), FixOptions{KeepVersion: true}); string(fixed.Source) != base || fixed.Mended[0].Code != "PC0002" {
		t.Errorf("mended %+v", fixed.Mended)
	}
	marked := "\ufeff" + base
	if fixed := checkFix(t, []byte(marked), FixOptions{}); string(fixed.Source) != marked {
		t.Error("changed for a byte order mark")
	}
	for _, src := range []string{"", "\xff", "[", "- a\n", "# nichts\n", strings.Repeat("a", MaxSize+1), "name: [\x00\n"} {
		if fixed := checkFix(t, []byte(src), FixOptions{}); fixed.Result.PublicCode != nil {
			t.Errorf("%.20q was read", src)
		}
	}
}

// TestFixHostile holds that the work on large files is bounded. The time is not
// asserted: a loop without bound would not end.
func TestFixHostile(t *testing.T) {
	for name, src := range map[string]string{
		"many empty keys":    "publiccodeYmlVersion: '0.2'\nname: x\n" + strings.Repeat("a: \"\"\n", 20_000),
		"many entries":       "platforms:\n" + strings.Repeat("  - Web\n", 20_000),
		"one long line":      "platforms: [" + strings.Repeat("Web, ", 20_000) + "web]\n",
		"single section":     "maintenance:\n  contacts:\n    name: x\n" + strings.Repeat("    # x\n", 100_000) + "    email: x\n",
		"control characters": "name: " + strings.Repeat("\x01", 1<<19) + "\n",
		"long text":          "name: \" " + strings.Repeat("x", MaxSize-100) + "\"\n",
		"remedies that fail": "description:\n" + strings.Repeat("  de:\n    roadmap: &a x\n  deu:\n    features: *a\n", 100),
	} {
		t.Run(name, func(t *testing.T) { checkFix(t, []byte(src), FixOptions{}) })
	}
}

// TestRemedyAlone holds that the edits of each single remedy make of the file
// what they are meant to make.
func TestRemedyAlone(t *testing.T) {
	seen := map[string]int{}
	for _, src := range fixSamples(t, corpus) {
		r := Parse(src, Options{})
		for _, f := range r.Findings {
			w := newLayout(r).remedy(f)
			if w == nil {
				continue
			}
			seen[f.Code]++
			next := Parse(Apply(r.Source(), r.Remedy(f)), Options{})
			if r.root != nil && (next.root == nil || !w.matches(r.root, next.root)) {
				t.Errorf("%s %s changes more than it is meant to:\n%s", f.Code, f.Key, lineDiff(string(r.Source()), string(next.Source())))
			}
			if next.count()[f.Code] >= r.count()[f.Code] && !slices.Contains(aboutVersion, f.Code) {
				t.Errorf("%s %s is not gone", f.Code, f.Key)
			}
		}
	}
	for code := range remedies {
		if seen[code] == 0 && !slices.Contains([]string{"PC0419", "PC0418", "PC0510"}, code) {
			t.Errorf("no sample for %s", code)
		}
	}
}

// corpus are real files, where they lie beside the repository.
const corpus = "../../shared/corpus/forge/*/*/*/publiccode.y*ml"

// fixSamples are the faulty files of the other tests, and those of more patterns
// of file names.
func fixSamples(t testing.TB, more ...string) [][]byte {
	out := [][]byte{[]byte(base), []byte(legacy)}
	for _, c := range rules {
		src, _, _ := marked(strings.Replace(base, c.old, c.bad, 1))
		out = append(out, []byte(src))
	}
	for _, c := range faults {
		out = append(out, []byte(strings.Replace(base, c.old, c.bad, 1)))
	}
	for _, pattern := range append(more, "testdata/fix/*.yml") {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, src)
		}
	}
	return out
}

func TestFixSamples(t *testing.T) {
	for i, src := range fixSamples(t, corpus) {
		fixed := checkFix(t, src, FixOptions{})
		// Comments on lines of their own stay, but those of a key that is gone.
		for line := range bytes.Lines(Parse(src, Options{}).Source()) {
			if line = bytes.TrimSpace(line); isComment(line) && !bytes.Contains(fixed.Source, line) && !bytes.Contains(line, []byte("geht mit")) {
				t.Errorf("sample %d loses %q", i, line)
			}
		}
	}
}

// TestFixCorpus counts what Fix does for real files.
func TestFixCorpus(t *testing.T) {
	files, err := filepath.Glob(corpus)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no corpus beside the repository")
	}
	var valid, clean, validAfter, cleanAfter, changed, findings, findingsAfter, newest int
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, fixed := Parse(src, Options{}), Fix(src, FixOptions{})
		count := func(r *Result, valid, clean *int) {
			if r.Valid() {
				*valid++
			}
			if len(r.Findings) == 0 {
				*clean++
			}
		}
		count(before, &valid, &clean)
		count(fixed.Result, &validAfter, &cleanAfter)
		findings += len(before.Findings)
		findingsAfter += len(fixed.Result.Findings)
		if len(fixed.Mended) > 0 {
			changed++
		}
		if before.Version != fixed.Result.Version && fixed.Result.Version == Versions[len(Versions)-1] {
			newest++
		}
	}
	t.Logf("%d files, %d changed, %d brought to the newest version", len(files), changed, newest)
	t.Logf("without errors %d, then %d; without findings %d, then %d; findings %d, then %d", valid, validAfter, clean, cleanAfter, findings, findingsAfter)
	if validAfter < valid || cleanAfter < clean || findingsAfter > findings {
		t.Error("worse than before")
	}
}

// TestRemedyConcurrently is for the race detector.
func TestRemedyConcurrently(t *testing.T) {
	r := Parse([]byte(legacy), Options{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, f := range r.Findings {
				r.Remedy(f)
			}
		})
	}
	group.Wait()
}

func FuzzFix(f *testing.F) {
	for _, src := range fixSamples(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 16<<10 {
			return
		}
		r := Parse(src, Options{})
		for _, finding := range r.Findings {
			Apply(r.Source(), r.Remedy(finding))
		}
		checkFix(t, src, FixOptions{})
	})
}
