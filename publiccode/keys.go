// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

// keySpec is one key of the standard.
type keySpec struct {
	name string
	// required is the last version that requires the key; 0 where none does.
	required minor
	since    minor // the version that brought the key; 0 for all
	// deprecated is the version that deprecated the key; 0 for none. instead
	// names what took its place, "" where it can simply go.
	deprecated minor
	instead    string
	// single says that one value is as good as a list.
	single bool
	// formerly are its names in the drafts before 0.2, spelledAs common
	// spellings that can mean nothing else. Both are read.
	formerly, spelledAs []string
}

// always requires a key in every version, present and future.
const always = preview

// The keys by section, in the order of the standard. Sources: the schema of
// the standard, releases 0.2 to 0.7, and its changelog.
var (
	rootKeys = []keySpec{
		{name: "publiccodeYmlVersion", required: always, formerly: []string{"publiccode-yaml-version"}},
		{name: "name", required: always},
		{name: "applicationSuite"},
		{name: "url", required: always},
		{name: "landingURL"},
		{name: "isBasedOn", single: true},
		{name: "softwareVersion"},
		{name: "releaseDate"},
		{name: "logo"},
		{name: "monochromeLogo", deprecated: 3, instead: "logo"},
		{name: "organisation", since: 5, spelledAs: []string{"organization"}},
		{name: "fundedBy", since: 5},
		{name: "inputTypes", deprecated: 3},
		{name: "outputTypes", deprecated: 3},
		{name: "platforms", required: always, single: true},
		{name: "categories", required: 4, formerly: []string{"tags"}},
		{name: "usedBy"},
		{name: "roadmap"},
		{name: "developmentStatus", required: always},
		{name: "softwareType", required: always},
		{name: "intendedAudience"},
		{name: "description", required: always},
		{name: "legal", required: always},
		{name: "maintenance", required: always},
		{name: "localisation", required: always, spelledAs: []string{"localization"}},
		{name: "dependsOn", formerly: []string{"dependencies"}},
		{name: "supports", since: 7},
	}
	organisationKeys = []keySpec{
		{name: "uri", required: always},
		{name: "name"},
	}
	funderKeys = []keySpec{
		{name: "name", required: always},
		{name: "uri"},
	}
	audienceKeys = []keySpec{
		{name: "countries"},
		{name: "unsupportedCountries"},
		{name: "scope", formerly: []string{"onlyFor"}},
	}
	descriptionKeys = []keySpec{
		{name: "localisedName", spelledAs: []string{"localizedName"}},
		{name: "genericName", required: 2, deprecated: 3},
		{name: "shortDescription", required: always},
		{name: "longDescription"},
		{name: "documentation"},
		{name: "apiDocumentation"},
		{name: "freeTags", deprecated: 2},
		{name: "features", formerly: []string{"featureList"}},
		{name: "screenshots"},
		{name: "videos"},
		{name: "awards"},
	}
	legalKeys = []keySpec{
		{name: "license", required: always, spelledAs: []string{"licence"}},
		{name: "mainCopyrightOwner"},
		{name: "repoOwner", deprecated: 5, instead: "organisation.name"},
		{name: "authorsFile", deprecated: 4},
	}
	maintenanceKeys = []keySpec{
		{name: "type", required: always},
		{name: "contractors"},
		{name: "contacts"},
	}
	contractorKeys = []keySpec{
		{name: "name", required: always},
		{name: "until", required: always},
		{name: "email"},
		{name: "website"},
	}
	contactKeys = []keySpec{
		{name: "name", required: always},
		{name: "email"},
		{name: "phone"},
		{name: "affiliation"},
	}
	localisationKeys = []keySpec{
		{name: "localisationReady", required: always, spelledAs: []string{"localizationReady"}},
		{name: "availableLanguages", required: always},
	}
	dependsOnKeys = []keySpec{
		{name: "open"},
		{name: "proprietary"},
		{name: "hardware"},
	}
	dependencyKeys = []keySpec{
		{name: "name", required: always},
		{name: "versionMin"},
		{name: "versionMax"},
		{name: "version"},
		{name: "optional"},
	}
	supportKeys = []keySpec{
		{name: "id", required: always},
	}
)

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
