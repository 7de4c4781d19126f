// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// The tables here say what the standard says, apart from the tables that the
// decoder works with: releases 0.2 to 0.7 of the standard, its draft 0.1, and
// the release candidate of 1.0.

// conforming is a file of a version that breaks no rule of it.
func conforming(version string) string {
	src := at(base, version)
	if version <= "0.2" {
		src = strings.Replace(src, "    shortDescription:", "    genericName: Stellplatzverwaltung\n    shortDescription:", 1)
		src = strings.Replace(src, "Fahrradkeller zeigt,", strings.Repeat("Ein langer Text für die älteste Fassung. ", 10)+"Fahrradkeller zeigt,", 1)
	}
	return src
}

// swap replaces a text that must be there.
func swap(t *testing.T, src, old, now string) string {
	t.Helper()
	if !strings.Contains(src, old) {
		t.Fatalf("no %q", old)
	}
	return strings.Replace(src, old, now, 1)
}

// errorsAt returns the codes of the errors at a key, or at those in it.
func errorsAt(r *Result, key string) []string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity == Error && (f.Key == key || strings.HasPrefix(f.Key, key+".") || strings.HasPrefix(f.Key, key+"[")) {
			out = append(out, f.Code)
		}
	}
	return out
}

func TestConformingFiles(t *testing.T) {
	for _, version := range SchemaVersions() {
		r := Parse([]byte(conforming(version)), Options{})
		if r.Checked != version || !r.Valid() {
			t.Errorf("%s: checked against %s: %v", version, r.Checked, codesOf(r))
		}
	}
}

// presenceRules are the standard's rules on what must and must not be there.
// Each makes one change to a conforming file, which is an error at the key in
// the versions from the first to the last named, and in no other; "" stands for
// all, "-" for none.
var presenceRules = []struct {
	rule, key, old, now string
	first, last         string
}{
	{"name", "name", "name: Fahrradkeller\nurl", "url", "", ""},
	{"url", "url", "url: https://git.example.org/stadt/fahrradkeller.git\n", "", "", ""},
	{"platforms", "platforms", "platforms:\n  - web\n  - linux\n", "", "", ""},
	{"categories", "categories", "categories:\n  - facility-management\n  - appointment-scheduling\n", "", "0.1", "0.4"},
	{"developmentStatus", "developmentStatus", "developmentStatus: stable\n", "", "", ""},
	{"softwareType", "softwareType", "softwareType: standalone/web\n", "", "", ""},
	{"description", "description", "description:\n  de:", "x-description:\n  de:", "", ""},
	{"a language in the description", "description", "description:\n  de:", "description: {}\nx-description:\n  de:", "", ""},
	{"legal", "legal", "legal:\n", "x-legal:\n", "", ""},
	{"maintenance", "maintenance", "maintenance:\n", "x-maintenance:\n", "", ""},
	{"localisation", "localisation", "localisation:\n", "x-localisation:\n", "", ""},
	{"organisation.uri", "organisation.uri", "  uri: https://www.beispielhausen.example/\n", "", "", ""},
	{"organisation.name is optional", "organisation", "organisation:\n  name: Stadt Beispielhausen\n", "organisation:\n", "-", ""},
	{"organisation is optional", "organisation", "organisation:\n  name: Stadt Beispielhausen\n  uri: https://www.beispielhausen.example/\n", "", "-", ""},
	{"fundedBy name", "fundedBy[0].name", "  - name: Stiftung Zweirad\n    uri", "  - uri", "", ""},
	{"fundedBy uri is optional", "fundedBy", "    uri: urn:x-stiftung:zweirad\n", "", "-", ""},

	{"shortDescription", "description.de.shortDescription", "    shortDescription:", "    x-short:", "", ""},
	{"shortDescription in every language", "description.en.shortDescription", "legal:\n", "  en:\n    localisedName: Bicycle cellar\n    genericName: Parking\nlegal:\n", "", ""},
	{"longDescription in no language", "description", "    longDescription:", "    x-long:", "", ""},
	{"longDescription in one language of two", "description", "legal:\n", "  en:\n    genericName: Parking\n    shortDescription: Places for bicycles\nlegal:\n", "-", ""},
	{"features in no language", "description", "    features:", "    x-features:", "", ""},
	{"documentation is optional", "description", "    documentation: https://docs.example.org/fahrradkeller\n", "", "-", ""},

	{"license", "legal.license", "  license: EUPL-1.2\n", "", "", ""},
	{"mainCopyrightOwner is optional", "legal", "  mainCopyrightOwner: Stadt Beispielhausen\n", "", "-", ""},
	{"localisationReady", "localisation.localisationReady", "  localisationReady: true\n", "", "", ""},
	{"availableLanguages", "localisation.availableLanguages", "  availableLanguages:\n    - de\n    - en-GB\n", "", "", ""},
	{"a language at least", "localisation.availableLanguages", "  availableLanguages:\n    - de\n    - en-GB\n", "  availableLanguages: []\n", "", ""},
	{"dependency name", "dependsOn.open[0].name", "    - name: PostgreSQL\n      versionMin", "    - versionMin", "", ""},
	{"dependency version is optional", "dependsOn", "      versionMin: \"15\"\n      optional: false\n", "", "-", ""},
	{"releaseDate with softwareVersion", "releaseDate", "releaseDate: 2024-01-02\n", "", "0.1", "0.3"},
	{"neither releaseDate nor softwareVersion", "releaseDate", "softwareVersion: \"1.10\"\nreleaseDate: 2024-01-02\n", "", "-", ""},

	{"maintenance.type", "maintenance.type", "  type: internal\n", "", "", ""},
	{"contact name", "maintenance.contacts[0].name", "    - name: Ada Beispiel\n      email", "    - email", "", ""},
	{"contact email is optional", "maintenance.contacts", "      email: ada@beispielhausen.example\n", "", "-", ""},
	{"internal without contacts", "maintenance.contacts", internalContacts, "  type: internal\n", "", ""},
	{"internal with no contact", "maintenance.contacts", internalContacts, "  type: internal\n  contacts: []\n", "", ""},
	{"community without contacts", "maintenance.contacts", internalContacts, "  type: community\n", "", ""},
	{"community with contacts", "maintenance", "type: internal", "type: community", "-", ""},
	{"none without contacts", "maintenance.contacts", internalContacts, "  type: none\n", "0.1", "0.1"},
	{"none with contacts", "maintenance", "type: internal", "type: none", "-", ""},
	{"contract without contacts", "maintenance.contacts", internalContacts, "  type: contract\n" + oneContractor, "0.1", "0.1"},
	{"contract with contractors", "maintenance", "  type: internal\n", "  type: contract\n" + oneContractor, "-", ""},
	{"contract without contractors", "maintenance.contractors", "type: internal", "type: contract", "", ""},
	{"contract with no contractor", "maintenance.contractors", "  type: internal\n", "  type: contract\n  contractors: []\n", "", ""},
	{"contractors with internal", "maintenance.contractors", "  type: internal\n", "  type: internal\n" + oneContractor, "0.5", "1.0"},
	{"contractors with community", "maintenance.contractors", "  type: internal\n", "  type: community\n" + oneContractor, "0.5", "1.0"},
	{"contractors with none", "maintenance.contractors", "  type: internal\n", "  type: none\n" + oneContractor, "0.5", "1.0"},
	{"contractor name", "maintenance.contractors[0].name", "  type: internal\n", "  type: contract\n  contractors:\n    - until: 2030-12-31\n", "", ""},
	{"contractor until", "maintenance.contractors[0].until", "  type: internal\n", "  type: contract\n  contractors:\n    - name: Keller GmbH\n", "", ""},
	{"supports id", "supports[0].id", "legal:\n", "supports:\n  - x-id: alias:gdpr\nlegal:\n", "", ""},
	{"supports", "supports", "legal:\n", "supports:\n  - id: alias:gdpr\nlegal:\n", "-", ""},

	// What one version after the other took out; 1.0 has none of it.
	{"monochromeLogo", "monochromeLogo", "legal:\n", "monochromeLogo: docs/mono.svg\nlegal:\n", "1.0", "1.0"},
	{"inputTypes", "inputTypes", "legal:\n", "inputTypes: [text/plain]\nlegal:\n", "1.0", "1.0"},
	{"outputTypes", "outputTypes", "legal:\n", "outputTypes: [text/plain]\nlegal:\n", "1.0", "1.0"},
	{"repoOwner", "legal.repoOwner", "  license:", "  repoOwner: Stadt\n  license:", "1.0", "1.0"},
	{"authorsFile", "legal.authorsFile", "  license:", "  authorsFile: AUTHORS\n  license:", "1.0", "1.0"},
	{"a country section", "IT", "legal:\n", "IT:\n  countryExtensionVersion: \"1.0\"\nlegal:\n", "1.0", "1.0"},
	{"a country in small letters", "intendedAudience.countries[0]", "- DE", "- de", "1.0", "1.0"},

	// One value where a list is asked for.
	{"one platform", "platforms", "platforms:\n  - web\n  - linux\n", "platforms: web\n", "-", ""},
	{"one category", "categories", "categories:\n  - facility-management\n  - appointment-scheduling\n", "categories: crm\n", "", ""},
	{"one original", "isBasedOn", "legal:\n", "isBasedOn: https://git.example.org/a.git\nlegal:\n", "-", ""},
	{"originals", "isBasedOn", "legal:\n", "isBasedOn: [https://git.example.org/a.git]\nlegal:\n", "-", ""},
}

const (
	internalContacts = "  type: internal\n  contacts:\n    - name: Ada Beispiel\n      email: ada@beispielhausen.example\n"
	oneContractor    = "  contractors:\n    - name: Keller GmbH\n      until: 2030-12-31\n"
)

func TestPresenceRules(t *testing.T) {
	for _, version := range SchemaVersions() {
		for _, c := range presenceRules {
			now := c.now
			if version > "0.2" {
				now = strings.Replace(now, "    genericName: Parking\n", "", 1)
			}
			src := swap(t, conforming(version), c.old, now)
			refused := c.first != "-" && (c.first == "" || c.first <= version) && (c.last == "" || version <= c.last)
			r := Parse([]byte(src), Options{})
			if got := errorsAt(r, c.key); (got != nil) != refused || !refused && !r.Valid() {
				t.Errorf("%s, %s: errors at %s %q, want some: %v; in all %q", version, c.rule, c.key, got, refused, codesOf(r))
			}
		}
	}
	for _, version := range []string{"0.1", "0.2"} {
		r := Parse([]byte(swap(t, conforming(version), "    genericName: Stellplatzverwaltung\n", "")), Options{})
		if errorsAt(r, "description.de.genericName") == nil {
			t.Errorf("%s does not ask for a genericName", version)
		}
	}
	r := Parse([]byte(swap(t, base, "publiccodeYmlVersion: \"0.5\"\n", "")), Options{})
	if errorsAt(r, "publiccodeYmlVersion") == nil {
		t.Error("the version is not asked for")
	}
}

// TestLengths holds the bounds on texts, in characters.
func TestLengths(t *testing.T) {
	for _, c := range []struct {
		key, old, line string
		version        string
		least, most    int
	}{
		{"description.de.shortDescription", "    shortDescription: Verwaltet die Stellplätze in den Fahrradkellern einer Stadt.\n", "    shortDescription: %s\n", "0.7", 1, 150},
		{"description.de.genericName", "    genericName: Stellplatzverwaltung\n", "    genericName: %s\n", "0.2", 1, 35},
		{"description.de.longDescription", "    documentation:", "    longDescription: %s\n    documentation:", "0.7", 150, 10_000},
		{"description.de.longDescription", "    documentation:", "    longDescription: %s\n    documentation:", "0.3", 150, 10_000},
		{"description.de.longDescription", "    documentation:", "    longDescription: %s\n    documentation:", "0.2", 500, 10_000},
	} {
		src := strings.Replace(conforming(c.version), "    longDescription: >", "    x-text: >", 1)
		if !strings.Contains(c.key, "long") {
			src = conforming(c.version)
		}
		for length, good := range map[int]bool{c.least - 1: c.least == 1, c.least: true, c.most: true, c.most + 1: false} {
			if length == 0 {
				continue
			}
			r := Parse([]byte(swap(t, src, c.old, fmt.Sprintf(c.line, strings.Repeat("ü", length)))), Options{})
			if got := errorsAt(r, c.key); (got == nil) != good {
				t.Errorf("%s %s of %d characters: %q", c.version, c.key, length, got)
			}
		}
	}
}

// vocabularies are the lists of the standard, release 0.7.
const (
	allCategories = `accounting agile-project-management applicant-tracking application-development
		appointment-scheduling backup billing-and-invoicing blog budgeting business-intelligence
		business-process-management cad call-center-management cloud-management collaboration communications
		compliance-management contact-management content-management crm customer-service-and-support data-analytics
		data-collection data-visualization design design-system digital-asset-management digital-citizenship
		document-management donor-management e-commerce e-signature educational-content email-management
		email-marketing employee-management enterprise-project-management enterprise-social-networking erp
		event-management facility-management feedback-and-reviews-management financial-reporting fleet-management
		fundraising gamification geographic-information-systems grant-management graphic-design help-desk hr ide
		identity-management instant-messaging integrated-library-system inventory-management it-asset-management
		it-development it-management it-security it-service-management knowledge-management
		learning-management-system marketing mind-mapping mobile-marketing mobile-payment network-management office
		online-booking online-community payment-gateway payroll predictive-analysis procurement productivity-suite
		project-collaboration project-management property-management real-estate-management
		regulations-and-directives remote-support resource-management sales-management seo service-desk
		social-media-management survey talent-management task-management taxes-management test-management
		time-management time-tracking translation video-conferencing video-editing visitor-management voip
		warehouse-management web-collaboration web-conferencing website-builder whistleblowing workflow-management
		other`
	allScopes = `agriculture culture defence education emergency-services employment energy environment
		finance-and-economic-development foreign-affairs government healthcare infrastructures justice
		local-authorities manufacturing research science-and-technology security society sport tourism
		transportation welfare`
	allTypes = `standalone/mobile standalone/iot standalone/desktop standalone/web standalone/backend
		standalone/other addon library configurationFiles`
	allAliases = `alias:gdpr alias:eidas alias:nis2 alias:cra alias:spid alias:cie alias:anpr alias:pagopa alias:io`
)

// newCategories are those that 0.2 did not have, with the version that brought
// them.
var newCategories = map[string]string{
	"educational-content": "0.3", "whistleblowing": "0.3",
	"design": "0.4", "design-system": "0.4", "integrated-library-system": "0.4", "regulations-and-directives": "0.4",
	"other": "0.5",
}

// valueRules are the lists and forms of values. Each value replaces a text of a
// conforming file; the good ones lead to no finding at the key, the bad ones to
// an error.
var valueRules = []struct {
	what, key, old, now string // %s in now stands for the value
	count               int    // of the good ones, where the standard has a number of them
	good, bad           []string
}{
	{"categories", "categories", "  - facility-management\n  - appointment-scheduling\n", "  - %s\n", 106, strings.Fields(allCategories), []string{"Accounting", "account", "facility management", "[crm]"}},
	{"scopes", "intendedAudience.scope", "    - local-authorities\n", "    - %s\n", 24, strings.Fields(allScopes), []string{"Education", "school", "local authorities"}},
	{"platforms", "platforms", "  - web\n  - linux\n", "  - %s\n", 0, []string{"web", "windows", "mac", "linux", "ios", "android", "Haiku", "FreeBSD 14"}, []string{"{a: b}"}},
	{"developmentStatus", "developmentStatus", "developmentStatus: stable", "developmentStatus: %s", 5, []string{"concept", "development", "beta", "stable", "obsolete"}, []string{"Stable", "alpha", "[beta]"}},
	{"softwareType", "softwareType", "softwareType: standalone/web", "softwareType: %s", 9, strings.Fields(allTypes), []string{"standalone", "web", "softwareAddon", "Library"}},
	{"maintenance.type", "maintenance.type", "  type: internal\n", "  type: %s\n", 0, []string{"internal", "community", "none"}, []string{"Internal", "commercial"}},
	{"maintenance.type contract", "maintenance.type", "  type: internal\n", "  type: %s\n" + oneContractor, 1, []string{"contract"}, []string{"Contract", "contractor"}},
	{"supports", "supports", "legal:\n", "supports:\n  - id: \"%s\"\nlegal:\n", 9, strings.Fields(allAliases), []string{"gdpr", "alias:GDPR", "alias:", "alias:ozg", "DSGVO"}},
	{"supports by address", "supports", "legal:\n", "supports:\n  - id: \"%s\"\nlegal:\n", 0, []string{"https://eur-lex.europa.eu/eli/reg/2016/679/oj", "urn:iso:std:iso:27001", "urn:de:fim:leika:leistung:99094003140000"}, []string{"www.example.org", "urn:iso", "https://"}},
	{"languages", "localisation", "    - de\n    - en-GB\n", "    - \"%s\"\n", 0, []string{"de", "en", "it", "de-AT", "sl-IT-nedis", "zh-Hant-TW", "nds", "de-1996", "es-419"}, []string{"deutsch", "de_DE", "deu", "x", "-de", "de-", "de, en", "q1"}},
	{"language of a description", "description", "  de:\n", "  %s:\n", 0, []string{"de", "de-AT", "nds"}, []string{"german", "de_AT", "deu"}},
	{"licences", "legal.license", "license: EUPL-1.2", "license: \"%s\"", 0, []string{"EUPL-1.2", "AGPL-3.0-or-later", "MIT OR Apache-2.0", "(MIT AND BSD-2-Clause) OR EUPL-1.2", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Amt", "Apache-2.0+", "CC0-1.0"}, []string{"EUPL 1.2", "EUPL-9", "MIT OR", "MIT Apache-2.0", "(MIT", "MIT WITH", "NONE", "NOASSERTION", "LicenseRef-"}},
	{"media types", "inputTypes", "legal:\n", "inputTypes: [\"%s\"]\nlegal:\n", 0, []string{"text/plain", "application/x.empty", "application/vnd.oasis.opendocument.text", "image/svg+xml", "text/csv; header=present"}, []string{"text", "text/", "/plain", "text plain", "text/pla in"}},
	{"dates", "releaseDate", "releaseDate: 2024-01-02", "releaseDate: \"%s\"", 0, []string{"2024-02-29", "2000-12-31", "2023-01-01"}, []string{"2023-02-29", "2024-13-01", "2024-1-2", "20240102", "02.01.2024", "2024-01-02T00:00:00Z", "2024-01", "gestern"}},
	{"dates of contracts", "maintenance.contractors", "  type: internal\n", "  type: contract\n  contractors:\n    - name: Keller GmbH\n      until: \"%s\"\n", 0, []string{"2030-12-31"}, []string{"2030-12-32", "unbefristet"}},
	{"e-mail", "maintenance.contacts", "email: ada@beispielhausen.example", "email: \"%s\"", 0, []string{"ada@example.org", "a.b+c@mail.example.org", "ada@bücher.example", "o'neil@example.org"}, []string{"ada", "ada@", "@example.org", "ada@exa mple.org", "Ada <ada@example.org>", "a@example.org, b@example.org", "https://example.org/"}},
	{"phone", "maintenance.contacts", "      email: ada", "      phone: \"%s\"\n      email: ada", 0, []string{"+49301234567", "+49 30 123-456", "0049 30 123456", "+39 (0)6 123456", "+49 30 1234 ext. 12"}, []string{"telefonisch", "+49", "Zimmer 12", "ada@example.org"}},
	{"web addresses", "landingURL", "landingURL: https://fahrradkeller.example.org/", "landingURL: \"%s\"", 0, []string{"https://example.org", "http://example.org/a?b=c#d", "https://example.org:8443/", "https://bücher.example/straße"}, []string{"example.org", "//example.org", "https://", "ftp://example.org/", "mailto:a@example.org", "javascript:alert(1)", "https://example.org/a b"}},
	{"roadmap", "roadmap", "roadmap: https://git.example.org/stadt/fahrradkeller/milestones", "roadmap: \"%s\"", 0, []string{"https://example.org/plan"}, []string{"im Wiki"}},
	{"documentation", "description", "documentation: https://docs.example.org/fahrradkeller", "documentation: \"%s\"", 0, []string{"https://example.org/doc"}, []string{"docs/README.md"}},
	{"videos", "description", "- https://videos.example.org/w/fahrradkeller", "- \"%s\"", 0, []string{"https://example.org/v"}, []string{"video.mp4"}},
	{"website", "maintenance.contractors", "  type: internal\n", "  type: contract\n  contractors:\n    - name: Keller GmbH\n      until: 2030-12-31\n      website: \"%s\"\n", 0, []string{"https://example.org/"}, []string{"example.org"}},
	{"repositories", "url", "url: https://git.example.org/stadt/fahrradkeller.git", "url: \"%s\"", 0, []string{"https://git.example.org/a/b", "https://git.example.org/a/b.git"}, []string{"git.example.org/a/b", "git@git.example.org:a/b.git", "a/b", "javascript:alert(1)"}},
	{"originals", "isBasedOn", "legal:\n", "isBasedOn: [\"%s\"]\nlegal:\n", 0, []string{"https://git.example.org/a/b"}, []string{"a/b"}},
	{"URIs", "organisation.uri", "uri: https://www.beispielhausen.example/", "uri: \"%s\"", 0, []string{"https://example.org/amt", "urn:x-italian-pa:c_h501"}, []string{"Stadt", "urn:x", "www.example.org"}},
	{"logos", "logo", "logo: docs/logo.svg", "logo: \"%s\"", 0, []string{"logo.svg", "img/logo.svgz", "img/logo.png", "https://example.org/logo.svg"}, []string{"logo.gif", "logo.jpg", "/logo.svg", "../logo.svg", "file:///logo.svg"}},
	{"screenshots", "description", "- docs/plan.png", "- \"%s\"", 0, []string{"a.png", "a.jpg", "img/a.jpeg"}, []string{"a.gif", "a.svg", "/a.png"}},
	{"truth values", "localisation.localisationReady", "localisationReady: true", "localisationReady: %s", 2, []string{"true", "false"}, []string{"\"true\"", "ja", "1", "[true]"}},
}

func TestValueRules(t *testing.T) {
	src := at(base, "0.7")
	for _, c := range valueRules {
		if c.count > 0 && len(c.good) != c.count {
			t.Errorf("%s: %d values, not %d", c.what, len(c.good), c.count)
		}
		for _, value := range c.good {
			r := Parse([]byte(swap(t, src, c.old, fmt.Sprintf(c.now, value))), Options{})
			for _, f := range r.Findings {
				if f.Code != "PC0403" { // of inputTypes, which is deprecated
					t.Errorf("%s %q: %s %s", c.what, value, f.Code, f.Message("en"))
				}
			}
		}
		for _, value := range c.bad {
			r := Parse([]byte(swap(t, src, c.old, fmt.Sprintf(c.now, value))), Options{})
			if errorsAt(r, c.key) == nil {
				t.Errorf("%s: %q is accepted", c.what, value)
			}
		}
	}
}

// TestCategoriesByVersion holds which version brought a category; the draft had
// a list of its own.
func TestCategoriesByVersion(t *testing.T) {
	for _, version := range Versions {
		for _, category := range strings.Fields(allCategories) {
			r := Parse([]byte(swap(t, conforming(version), "  - facility-management\n", "  - "+category+"\n")), Options{})
			early := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == "PC0406" })
			if want := version < newCategories[category]; early != want || !r.Valid() {
				t.Errorf("%s has %s: %v", version, category, !early)
			}
		}
	}
}

// notAssigned are codes that ISO 3166-1 has reserved or withdrawn.
var notAssigned = strings.Fields("AC CP CQ DG EA EZ IC TA UN AN CS FQ NT PC SU YU")

// TestCountries holds the list of ISO 3166-1 against another that is kept apart
// from it, for every pair of letters.
func TestCountries(t *testing.T) {
	count := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			want := err == nil && region.IsCountry() && region.Canonicalize() == region && region.String() == code
			if slices.Contains(notAssigned, code) {
				want = false
			}
			src := swap(t, at(base, "0.7"), "    - DE\n    - AT\n", "    - \""+code+"\"\n")
			if got := errorsAt(Parse([]byte(src), Options{}), "intendedAudience.countries") == nil; got != want {
				t.Errorf("%s is a country: %v, want %v", code, got, want)
			}
			if isCountry(code) {
				count++
			}
		}
	}
	if count != 250 {
		t.Errorf("%d countries, not 249 and Kosovo", count)
	}
}
