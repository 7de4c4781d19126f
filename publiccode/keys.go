// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

// keySpec is one key of the standard.
type keySpec struct {
	name string
	kind Kind
	// list says that the key holds a list of values of its kind, single that one
	// value is then as good as a list.
	list, single bool
	// listed says that a list of sections is read as the one section that the key
	// holds.
	listed bool
	// short says that an entry may be a text in place of a section.
	short bool
	// keys are those of a section, or of the section of one language.
	keys []keySpec
	// terms are the values of a closed list, or those to suggest.
	terms []term
	// formats are the endings that an image may have.
	formats []string
	// least and most bound the length of prose in characters; 0 for no bound.
	least, most func(minor) int

	// required is the last version that requires the key; 0 where none does.
	required minor
	// requiredWith and onlyWith make the presence of the key depend on another
	// of the same section.
	requiredWith, onlyWith *presence
	// anyLanguage says that one language at least must have the key.
	anyLanguage bool

	since minor // the version that brought the key; 0 for all
	// deprecated is the version that deprecated the key; 0 for none. instead
	// names what took its place, "" where it can simply go.
	deprecated minor
	instead    string
	// formerly are its names in the drafts before 0.2, spelledAs common
	// spellings that can mean nothing else. Both are read.
	formerly, spelledAs []string
}

// presence is a rule by which the presence of a key depends on another key of
// the same section: that it is there or, where there are values, has one of
// them. It holds in the versions from since to until, both included.
type presence struct {
	key          string
	values       []string
	since, until minor
}

func (p *presence) in(version minor) bool {
	return p != nil && p.since <= version && version <= p.until
}

// always requires a key in every version, present and future.
const always = preview

// The keys by section, in the order of the standard. Sources: the schema of
// the standard, releases 0.2 to 0.7, and its changelog.
var (
	organisationKeys = []keySpec{
		{name: "uri", kind: KindURI, required: always},
		{name: "name", kind: KindText},
	}
	funderKeys = []keySpec{
		{name: "name", kind: KindText, required: always},
		{name: "uri", kind: KindURI},
	}
	audienceKeys = []keySpec{
		{name: "countries", kind: KindCountry, list: true},
		{name: "unsupportedCountries", kind: KindCountry, list: true},
		{name: "scope", kind: KindChoice, list: true, terms: scopeTerms, formerly: []string{"onlyFor"}},
	}
	descriptionKeys = []keySpec{
		{name: "localisedName", kind: KindText, spelledAs: []string{"localizedName"}},
		{name: "genericName", kind: KindProse, most: ever(35), required: 2, deprecated: 3},
		{name: "shortDescription", kind: KindProse, most: ever(150), required: always},
		{name: "longDescription", kind: KindProse, least: leastLong, most: ever(10_000), anyLanguage: true},
		{name: "documentation", kind: KindWebAddress},
		{name: "apiDocumentation", kind: KindWebAddress},
		{name: "freeTags", kind: KindAny, deprecated: 2},
		{name: "features", kind: KindProse, list: true, anyLanguage: true, formerly: []string{"featureList"}},
		{name: "screenshots", kind: KindImage, list: true, formats: screenshotFormats},
		{name: "videos", kind: KindWebAddress, list: true},
		{name: "awards", kind: KindProse, list: true},
	}
	legalKeys = []keySpec{
		{name: "license", kind: KindLicence, terms: licenceTerms, required: always, spelledAs: []string{"licence"}},
		{name: "mainCopyrightOwner", kind: KindText},
		{name: "repoOwner", kind: KindText, deprecated: 5, instead: "organisation.name"},
		{name: "authorsFile", kind: KindPath, deprecated: 4},
	}
	contractorKeys = []keySpec{
		{name: "name", kind: KindText, required: always},
		{name: "until", kind: KindDate, required: always},
		{name: "email", kind: KindEmail},
		{name: "website", kind: KindWebAddress},
	}
	contactKeys = []keySpec{
		{name: "name", kind: KindText, required: always},
		{name: "email", kind: KindEmail},
		{name: "phone", kind: KindPhone},
		{name: "affiliation", kind: KindText},
	}
	maintenanceKeys = []keySpec{
		{name: "type", kind: KindChoice, terms: maintenanceTerms, required: always},
		{
			name: "contractors", kind: KindSection, list: true, keys: contractorKeys,
			requiredWith: &presence{key: "type", values: []string{"contract"}, until: always},
			onlyWith:     &presence{key: "type", values: []string{"contract"}, since: 5, until: always},
		},
		{
			name: "contacts", kind: KindSection, list: true, keys: contactKeys, required: draft,
			requiredWith: &presence{key: "type", values: []string{"internal", "community"}, until: always},
		},
	}
	localisationKeys = []keySpec{
		{name: "localisationReady", kind: KindBoolean, required: always, spelledAs: []string{"localizationReady"}},
		{name: "availableLanguages", kind: KindLanguage, list: true, required: always},
	}
	dependencyKeys = []keySpec{
		{name: "name", kind: KindText, required: always},
		{name: "versionMin", kind: KindText},
		{name: "versionMax", kind: KindText},
		{name: "version", kind: KindText},
		{name: "optional", kind: KindBoolean},
	}
	dependsOnKeys = []keySpec{
		{name: "open", kind: KindSection, list: true, keys: dependencyKeys},
		{name: "proprietary", kind: KindSection, list: true, keys: dependencyKeys},
		{name: "hardware", kind: KindSection, list: true, keys: dependencyKeys},
	}
	supportKeys = []keySpec{
		{name: "id", kind: KindSupport, terms: supportTerms, required: always},
	}
	rootKeys = []keySpec{
		{name: "publiccodeYmlVersion", kind: KindVersion, required: always, formerly: []string{"publiccode-yaml-version"}},
		{name: "name", kind: KindText, required: always},
		{name: "applicationSuite", kind: KindText},
		{name: "url", kind: KindRepository, required: always},
		{name: "landingURL", kind: KindWebAddress},
		{name: "isBasedOn", kind: KindRepository, list: true, single: true},
		{name: "softwareVersion", kind: KindText},
		{name: "releaseDate", kind: KindDate, requiredWith: &presence{key: "softwareVersion", until: 3}},
		{name: "logo", kind: KindImage, formats: logoFormats},
		{name: "monochromeLogo", kind: KindImage, formats: logoFormats, deprecated: 3, instead: "logo"},
		{name: "organisation", kind: KindSection, keys: organisationKeys, since: 5, spelledAs: []string{"organization"}},
		{name: "fundedBy", kind: KindSection, list: true, keys: funderKeys, since: 5},
		{name: "inputTypes", kind: KindMediaType, list: true, deprecated: 3},
		{name: "outputTypes", kind: KindMediaType, list: true, deprecated: 3},
		{name: "platforms", kind: KindSuggestion, list: true, single: true, terms: platformTerms, required: always},
		{name: "categories", kind: KindChoice, list: true, terms: categoryTerms, required: 4, formerly: []string{"tags"}},
		{name: "usedBy", kind: KindProse, list: true},
		{name: "roadmap", kind: KindWebAddress},
		{name: "developmentStatus", kind: KindChoice, terms: statusTerms, required: always},
		{name: "softwareType", kind: KindChoice, terms: typeTerms, required: always},
		{name: "intendedAudience", kind: KindSection, keys: audienceKeys},
		{name: "description", kind: KindByLanguage, keys: descriptionKeys, required: always},
		{name: "legal", kind: KindSection, keys: legalKeys, required: always},
		{name: "maintenance", kind: KindSection, keys: maintenanceKeys, required: always},
		{name: "localisation", kind: KindSection, keys: localisationKeys, required: always, spelledAs: []string{"localization"}},
		{name: "dependsOn", kind: KindSection, keys: dependsOnKeys, formerly: []string{"dependencies"}},
		{name: "supports", kind: KindSection, list: true, keys: supportKeys, since: 7},
	}
)

// licenceTerms are the licences to suggest; every SPDX expression is allowed.
var licenceTerms = []term{
	{"EUPL-1.2", "Open-Source-Lizenz für die Europäische Union 1.2", "European Union Public Licence 1.2", 0},
	{"AGPL-3.0-or-later", "GNU Affero General Public License 3.0 oder später", "GNU Affero General Public License 3.0 or later", 0},
	{"AGPL-3.0-only", "GNU Affero General Public License 3.0", "GNU Affero General Public License 3.0 only", 0},
	{"GPL-3.0-or-later", "GNU General Public License 3.0 oder später", "GNU General Public License 3.0 or later", 0},
	{"GPL-3.0-only", "GNU General Public License 3.0", "GNU General Public License 3.0 only", 0},
	{"GPL-2.0-or-later", "GNU General Public License 2.0 oder später", "GNU General Public License 2.0 or later", 0},
	{"LGPL-2.1-or-later", "GNU Lesser General Public License 2.1 oder später", "GNU Lesser General Public License 2.1 or later", 0},
	{"LGPL-3.0-or-later", "GNU Lesser General Public License 3.0 oder später", "GNU Lesser General Public License 3.0 or later", 0},
	{"MPL-2.0", "Mozilla Public License 2.0", "Mozilla Public License 2.0", 0},
	{"Apache-2.0", "Apache License 2.0", "Apache License 2.0", 0},
	{"BSD-2-Clause", "BSD-Lizenz (2 Klauseln)", "BSD 2-clause licence", 0},
	{"BSD-3-Clause", "BSD-Lizenz (3 Klauseln)", "BSD 3-clause licence", 0},
	{"MIT", "MIT-Lizenz", "MIT licence", 0},
	{"CC0-1.0", "Creative Commons Zero 1.0", "Creative Commons Zero 1.0", 0},
}

// ever is a bound of all versions.
func ever(n int) func(minor) int { return func(minor) int { return n } }

// leastLong is the least length of a longDescription: 0.3 reduced it.
func leastLong(version minor) int {
	if version <= 2 {
		return 500
	}
	return 150
}

// paths maps a key of a section to its full path, for keys that stand at the
// top of a file by mistake. Keys that several sections have are left out.
var paths = func() map[string]string {
	m := map[string]string{}
	for section, keys := range map[string][]keySpec{
		"intendedAudience": audienceKeys,
		"description.[…]":  descriptionKeys,
		"legal":            legalKeys,
		"localisation":     localisationKeys,
		"dependsOn":        dependsOnKeys,
	} {
		for _, k := range keys {
			m[k.name] = section + "." + k.name
		}
	}
	m["contacts"] = "maintenance.contacts"
	m["contractors"] = "maintenance.contractors"
	return m
}()
