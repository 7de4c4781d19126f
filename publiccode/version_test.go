// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// legacy is a file of version 0.2 that uses what later versions gave up.
//
//go:embed testdata/legacy.yml
var legacy string

func TestParseVersion(t *testing.T) {
	for _, c := range []struct {
		in    string
		want  minor
		state versionState
	}{
		{"0.2", 2, versionKnown},
		{"0.2.0", 2, versionKnown},
		{"0.2.2", 2, versionKnown},
		{"0.2.3", 2, versionUnknown},
		{"0.5.1", 5, versionUnknown},
		{"0.5.00", 5, versionUnknown},
		{"0.7.0", 7, versionKnown},
		{"0.1.1", 2, versionUnknown},
		{"1.0.1", 7, versionUnknown},
		{"0.5.0", 5, versionKnown},
		{"0.7", 7, versionKnown},
		{"0", 7, versionMajor},
		{"0.1", draft, versionDraft},
		{"0.8", 7, versionUnknown},
		{"0.5.0.1", 5, versionUnknown},
		{"0.05", 5, versionUnknown},
		{"0.99999999999999999999", 7, versionUnknown},
		{"1.0", preview, versionPreview},
		{"1.1", 7, versionUnknown},
		{"v0.4", 4, versionUnknown},
		{"0.4-rc1", 4, versionUnknown},
		{"0.-4", 7, versionUnknown},
		{"http://w3id.org/publiccode/version/0.1", draft, versionDraft},
		{"", 7, versionUnknown},
	} {
		if got, state := parseVersion(c.in); got != c.want || state != c.state {
			t.Errorf("parseVersion(%q) = %v, %v, want %v, %v", c.in, got, state, c.want, c.state)
		}
	}
}

// TestLegacyByVersion holds what each version says of the same old file.
func TestLegacyByVersion(t *testing.T) {
	var b strings.Builder
	b.WriteString("# SPDX-FileCopyrightText: 2026 The Allmende authors\n#\n# SPDX-License-Identifier: EUPL-1.2\n\n")
	for _, version := range slices.Concat([]string{Draft}, Versions, []string{Preview}) {
		res := Parse([]byte(strings.Replace(legacy, "\"0.2\"", "\""+version+"\"", 1)), Options{})
		checkResult(t, nil, res)
		fmt.Fprintf(&b, "version %s, valid %v\n", res.Version, res.Valid())
		for _, f := range res.Findings {
			fmt.Fprintf(&b, "  %d:%d %s %s %s: %s\n", f.Line, f.Column, f.Code, f.Severity, f.Key, f.Message("de"))
		}
	}
	const golden = "testdata/legacy.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("findings differ from %s (write it anew with -update):\n%s", golden, b.String())
	}
}

func TestLegacyModel(t *testing.T) {
	p := Parse([]byte(legacy), Options{}).PublicCode
	if p.Organisation == nil || p.Organisation.Name != "Kreis Beispielland" || p.Organisation.URI != "urn:x-italian-pa:c_h501" {
		t.Errorf("organisation %+v", p.Organisation)
	}
	if want := []string{"alias:gdpr", "alias:spid", "urn:de:fim:leika:leistung:99094003140000"}; !slices.Equal(p.Supports, want) {
		t.Errorf("supports %q, want %q", p.Supports, want)
	}
	if !slices.Equal(p.Platforms, []string{"web"}) || !slices.Equal(p.IsBasedOn, []string{"https://git.example.org/land/regal.git"}) {
		t.Errorf("single values: %q, %q", p.Platforms, p.IsBasedOn)
	}
	if !slices.Equal(p.IntendedAudience.Countries, []string{"IT", "DE"}) {
		t.Errorf("countries %q", p.IntendedAudience.Countries)
	}
	if p.SoftwareType != "addon" || p.Description["en"].GenericName != "Lending shelf" || p.Localisation.LocalisationReady {
		t.Errorf("%q %q %v", p.SoftwareType, p.Description["en"].GenericName, p.Localisation.LocalisationReady)
	}
}

// TestLeika holds what the German section becomes in the model.
func TestLeika(t *testing.T) {
	for section, want := range map[string][]string{
		"de:\n  leika:\n    - themenfeld: Bauen & Wohnen\n      lebenslage: Umzug\n      ozg-id: \"10110\"\n      leika-id: \"77000000000316\"\n": {"urn:de:fim:leika:leistung:77000000000316"},
		"DE:\n  leika:\n    - ozg-id: \"10110\"\n":                                    {"urn:x-ozg:10110"},
		"DE:\n  leika: [77000000000316, '99094003140000']\n":                          {"urn:de:fim:leika:leistung:77000000000316", "urn:de:fim:leika:leistung:99094003140000"},
		"DE:\n  leika: \"99094003140000\"\n":                                          {"urn:de:fim:leika:leistung:99094003140000"},
		"DE:\n  leika:\n    - leika-id: keine\n    - ~\n    - leika-id:\n    - [a]\n": nil,
		"DE:\n  leika:\n":  nil,
		"DE: keine\n":      nil,
		"DE:\n  andere: 1": nil,
	} {
		if got := Parse([]byte(base+section), Options{}).PublicCode.Supports; !slices.Equal(got, want) {
			t.Errorf("%q: supports %q, want %q", section, got, want)
		}
	}
}

// TestItaly holds what the Italian section becomes in the model.
func TestItaly(t *testing.T) {
	const version = "  countryExtensionVersion: \"1.0\"\n"
	for _, c := range []struct {
		section, uri string
		supports     []string
	}{
		{"IT:\n" + version + "  piattaforme: {io: true, spid: true, cie: false}\n  conforme: {gdpr: yes, lineeGuidaDesign: true}\n  riuso: {codiceIPA: c_h501}\n", "urn:x-italian-pa:c_h501", []string{"alias:gdpr", "alias:spid", "alias:io"}},
		{"it:\n  conforme: {privacy: true, sicuro: true}\n", "", []string{"alias:gdpr"}}, // of the draft
		{"it-riuso-codiceIPA: pcm\nit-spid: true\nit-conforme-privacy: true\n", "urn:x-italian-pa:pcm", []string{"alias:spid", "alias:gdpr"}},
		{"IT:\n" + version + "  piattaforme: {spid: true}\n  riuso: {codiceIPA: a}\nit:\n" + version + "  piattaforme: {cie: true}\n", "", []string{"alias:cie"}}, // the last one counts
		{"It:\n" + version + "  piattaforme: {spid: true}\n", "", []string{"alias:spid"}},
		{"IT:\n" + version + "  piattaforme: [{spid: true}, {cie: yes}]\n", "", []string{"alias:spid", "alias:cie"}}, // as an old example had it
		{"IT:\n" + version + "  piattaforme: {spid: !!str true, cie: tRUE}\n", "", []string{"alias:spid", "alias:cie"}},
		{"IT:\n  spid: true\n  piattaforme: [cie]\n  riuso: pcm\n  conforme: {gdpr: [true]}\n", "", nil},
		{"IT:\n  riuso: {codiceIPA: Comune di Roma}\n", "", nil},
		{"IT: keine\n", "", nil},
		{"IT: [spid]\nit-piattaforme: {spid: true}\n", "", nil},
		{"nl: {piattaforme: {spid: true}}\n", "", nil},
	} {
		src := strings.Replace(base, "organisation:\n  name: Stadt Beispielhausen\n  uri: https://www.beispielhausen.example/\n", "", 1) + c.section
		r := Parse([]byte(src), Options{})
		checkResult(t, []byte(src), r)
		uri := ""
		if o := r.PublicCode.Organisation; o != nil {
			uri = o.URI
		}
		if uri != c.uri || !slices.Equal(r.PublicCode.Supports, c.supports) {
			t.Errorf("%q: organisation %q, supports %q, want %q, %q", c.section, uri, r.PublicCode.Supports, c.uri, c.supports)
		}
	}
}

// TestItalyByVersion holds what is said of the same section in each version: of
// what is deprecated as a whole no part is named.
func TestItalyByVersion(t *testing.T) {
	const keys = "  countryExtensionVersion: \"1.0\"\n  conforme: {gdpr: true}\n  piattaforme: {spid: true, io: true}\n  riuso: {codiceIPA: pcm}\n"
	for version, want := range map[string][]string{
		"0.2": {"PC0405 it.piattaforme.io"}, "0.3": nil, "0.4": nil,
		"0.5": {"PC0413 it", "PC0404 it.conforme.gdpr", "PC0404 it.riuso.codiceIPA"},
		"0.6": {"PC0413 it", "PC0404 it.conforme.gdpr", "PC0404 it.riuso.codiceIPA"},
		"0.7": {"PC0414 it"},
		"1.0": {"PC0419 it"},
	} {
		var got []string
		for _, f := range Parse([]byte(base+"it:\n"+keys), Options{Version: version}).Findings {
			if strings.HasPrefix(f.Key, "it") {
				got = append(got, f.Code+" "+f.Key)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

// TestFlatItalyByVersion holds what each version says of keys of a draft: where the
// section is deprecated too, not to write it.
func TestFlatItalyByVersion(t *testing.T) {
	for version, want := range map[string][]string{
		"0.2": {"PC0409 it-spid", "PC0409 it-conforme-privacy", "PC0409 it-riuso-codiceIPA"},
		"0.5": {"PC0409 it-spid", "PC0404 it-conforme-privacy", "PC0404 it-riuso-codiceIPA"},
		"0.7": {"PC0404 it-spid", "PC0404 it-conforme-privacy", "PC0404 it-riuso-codiceIPA"},
		"1.0": {"PC0419 it-spid", "PC0419 it-conforme-privacy", "PC0419 it-riuso-codiceIPA"},
	} {
		var got []string
		for _, f := range Parse([]byte(base+"it-spid: true\nit-conforme-privacy: true\nit-riuso-codiceIPA: pcm\n"), Options{Version: version}).Findings {
			if strings.HasPrefix(f.Key, "it-") {
				got = append(got, f.Code+" "+f.Key)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

// TestDraft holds that a file as the draft of 2019 had it is read without a
// word but that the draft is old.
func TestDraft(t *testing.T) {
	src := strings.NewReplacer(
		`publiccodeYmlVersion: "0.2"`, `publiccode-yaml-version: "http://w3id.org/publiccode/version/0.1"`,
		"categories:\n  - inventory-management\n  - whistleblowing", "tags:\n  - shelves",
		"softwareType: softwareAddon", "softwareType: standalone",
		"scope: [education]", "onlyFor: school",
		"  en:\n", "  eng:\n    freeTags: [lending]\n",
		"availableLanguages: [en]", "availableLanguages: [eng]",
		"localisationReady: no", "localisationReady: false",
		"  contractors:\n    - name: Regalbau eG\n      until: 2030-01-31\n      website: https://regalbau.example/\n", "",
		"license: GPL-3.0", "license: GPL-3.0-only",
	).Replace(legacy)
	res := Parse([]byte(src), Options{})
	if res.Version != Draft || res.Checked != Draft || len(res.Findings) != 1 || res.Findings[0].Code != "PC0417" {
		t.Errorf("version %q, findings %+v", res.Version, res.Findings)
	}
	if p := res.PublicCode; p.Version == "" || !slices.Equal(p.Categories, []string{"shelves"}) || p.Localisation.AvailableLanguages[0] != "en" || p.Description["en"].ShortDescription == "" || p.SoftwareType != "standalone/other" {
		t.Errorf("read %+v", p)
	}
	without := strings.Replace(src, "  contacts:\n    - name: Bo Beispiel\n      phone: \"+49 30 2\"\n", "", 1)
	if !slices.ContainsFunc(Parse([]byte(without), Options{}).Findings, func(f Finding) bool { return f.Key == "maintenance.contacts" }) {
		t.Error("contacts are not asked for")
	}
}

// TestPreview holds a file of today against the plans for 1.0.
func TestPreview(t *testing.T) {
	var got []string
	res := Parse([]byte(legacy), Options{Version: Preview})
	for _, f := range res.Findings {
		if f.Severity == Error {
			got = append(got, f.Code+" "+f.Key)
		}
	}
	want := []string{
		"PC0419 monochromeLogo", "PC0418 inputTypes", "PC0418 outputTypes", "PC0302 softwareType",
		"PC0306 intendedAudience.countries[0]", "PC0306 intendedAudience.countries[1]", "PC0306 intendedAudience.unsupportedCountries[0]",
		"PC0418 description.en.genericName", "PC0419 legal.repoOwner", "PC0418 legal.authorsFile", "PC0332 maintenance.contacts[0].phone",
		"PC0106 maintenance.contractors", "PC0204 localisation.localisationReady", "PC0419 it", "PC0419 de",
	}
	if !slices.Equal(got, want) {
		t.Errorf("errors %q, want %q", got, want)
	}
	if res.Version != "0.2" || res.Checked != Preview {
		t.Errorf("declares %q, checked against %q", res.Version, res.Checked)
	}
	modern := strings.Replace(base, "      email: ada", "      phone: \"+49301234\"\n      email: ada", 1)
	if res := Parse([]byte(modern), Options{Version: Preview}); len(res.Findings) > 0 {
		t.Errorf("a file without deprecated keys: %+v", res.Findings)
	}
	government := Parse([]byte(strings.Replace(base, "local-authorities", "government", 1)), Options{Version: Preview})
	if len(government.Findings) != 1 || government.Findings[0].Code != "PC0304" {
		t.Errorf("the scope that is to go: %+v", government.Findings)
	}
}

// TestPresenceByVersion holds what each version requires.
func TestPresenceByVersion(t *testing.T) {
	drop := func(src, old, now string) string {
		t.Helper()
		if !strings.Contains(src, old) {
			t.Fatalf("no %q", old)
		}
		return strings.Replace(src, old, now, 1)
	}
	for _, c := range []struct {
		name, old, now string
		code, key      string
		versions       []string // that report it
	}{
		{"categories", "categories:\n  - inventory-management\n  - whistleblowing\n", "", "PC0101", "categories", Versions[:3]},
		{"genericName", "    genericName: Lending shelf\n", "", "PC0101", "description.en.genericName", Versions[:1]},
		{"releaseDate", "releaseDate: 2019-05-20\n", "", "PC0109", "releaseDate", Versions[:2]},
		{"platforms", "platforms: web\n", "", "PC0101", "platforms", Versions},
		{"longDescription", "longDescription: >\n", "longDescription: " + strings.Repeat("x", 150) + "\n    awards:\n    - ", "PC0317", "description.en.longDescription", Versions[:1]},
		{"contractors", "", "", "PC0107", "maintenance.contractors", Versions[:3]},
		{"contractors", "", "", "PC0106", "maintenance.contractors", Versions[3:]},
		{"whistleblowing", "", "", "PC0406", "", Versions[:1]},
		{"softwareAddon", "", "", "PC0407", "softwareType", Versions[:1]},
		{"softwareAddon", "", "", "PC0302", "softwareType", Versions[1:]},
		{"long feature", "Printed codes", strings.Repeat("x", 101), "PC0327", "description.en.features[1]", Versions[:1]},
		{"country section", "", "", "PC0414", "it", Versions[5:]},
		{"country section", "", "", "PC0413", "it", Versions[3:5]},
		{"supports", "platforms: web\n", "platforms: web\nsupports:\n  - id: alias:gdpr\n", "PC0405", "supports", Versions[:5]},
		{"alias", "platforms: web\n", "platforms: web\nsupports:\n  - id: alias:bundesregelwerk\n", "PC0321", "supports[0].id", Versions},
	} {
		for _, version := range Versions {
			src := drop(legacy, "\"0.2\"", "\""+version+"\"")
			if c.old != "" {
				src = drop(src, c.old, c.now)
			}
			found := slices.ContainsFunc(Parse([]byte(src), Options{}).Findings, func(f Finding) bool {
				return f.Code == c.code && (c.key == "" || f.Key == c.key)
			})
			if want := slices.Contains(c.versions, version); found != want {
				t.Errorf("%s in %s: %s found %v, want %v", c.name, version, c.code, found, want)
			}
		}
	}
}
