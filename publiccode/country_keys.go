// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"
)

// The Italian section is the only one that the standard has. Its keys are those
// of it-0.2 (March 2019), with what later releases of the standard added. The
// draft before it had other names, and the platforms one level higher.
var (
	conformeKeys = []keySpec{
		{name: "lineeGuidaDesign", kind: KindBoolean, deprecated: 5, formerly: []string{"accessibile"}},                                                             //nolint:misspell // Italian
		{name: "modelloInteroperabilita", kind: KindBoolean, deprecated: 5, formerly: []string{"interoperabile"}, spelledAs: []string{"modelloInteroperatibilita"}}, // a slip of the text of 0.2
		{name: "misureMinimeSicurezza", kind: KindBoolean, deprecated: 5, formerly: []string{"sicuro"}},
		{name: "gdpr", kind: KindBoolean, deprecated: 5, instead: "supports: alias:gdpr", formerly: []string{"privacy"}},
	}
	piattaformeKeys = []keySpec{
		{name: "spid", kind: KindBoolean, deprecated: 7, instead: "supports: alias:spid"},
		{name: "cie", kind: KindBoolean, deprecated: 7, instead: "supports: alias:cie"},
		{name: "anpr", kind: KindBoolean, deprecated: 7, instead: "supports: alias:anpr"},
		{name: "pagopa", kind: KindBoolean, deprecated: 7, instead: "supports: alias:pagopa"},
		{name: "io", kind: KindBoolean, since: 3, deprecated: 7, instead: "supports: alias:io"},
	}
	riusoKeys = []keySpec{
		{name: "codiceIPA", kind: KindIPA, deprecated: 5, instead: "organisation.uri: " + ipaURN + "…"},
	}
	italianKeys = []keySpec{
		{name: extensionVersion, kind: KindChoice, terms: italianVersions, deprecated: 7},
		{name: "conforme", kind: KindSection, keys: conformeKeys, deprecated: 7, instead: "supports"},
		{name: "piattaforme", kind: KindSection, keys: piattaformeKeys, listed: true, deprecated: 7, instead: "supports"},
		{name: "riuso", kind: KindSection, keys: riusoKeys, deprecated: 7, instead: "organisation"},
	}

	// countryKeys are the sections of countries whose keys are known: that of Italy
	// and, as an extension that the standard does not have, that of Germany. They
	// have their names since 0.5.
	countryKeys = []keySpec{
		{name: "IT", kind: KindSection, keys: italianKeys, deprecated: 7, instead: countrySuccessors},
		{name: "DE", kind: KindSection, keys: germanKeys, deprecated: 7, instead: countrySuccessors},
	}
	germanKeys = []keySpec{
		{name: extensionVersion, kind: KindText, deprecated: 7},
		{name: "leika", kind: KindSection, list: true, single: true, short: true, keys: leikaKeys, deprecated: 7, instead: "supports: " + leikaURN + "…"},
	}

	// topKeys are all that may stand at the top of a file, in any version.
	topKeys = slices.Concat(rootKeys, countriesIn(newest), countriesIn(oldest))
)

const (
	extensionVersion  = "countryExtensionVersion"
	countrySuccessors = "supports, organisation"
	// flatPrefix begins the keys of the Italian section in drafts without
	// sections.
	flatPrefix = "it-"
)

// italianVersions are the versions of the Italian section. Today the standard asks
// for 1.0, but 0.2 is no other.
var italianVersions = []term{
	{"1.0", "Fassung 1.0", "Version 1.0", 0},
	{"0.2", "Fassung 0.2", "Version 0.2", 0},
}

// italianAliases maps keys of the Italian section to the aliases that took
// their place in 0.7.
var italianAliases = map[string]string{
	"piattaforme.spid":   "alias:spid",
	"piattaforme.cie":    "alias:cie",
	"piattaforme.anpr":   "alias:anpr",
	"piattaforme.pagopa": "alias:pagopa",
	"piattaforme.io":     "alias:io",
	"conforme.gdpr":      "alias:gdpr",
}

// flatKeys are the keys of drafts of the Italian section, which wrote
// it-riuso-codiceIPA and it-spid, and flatPaths what they are within the section.
var flatKeys, flatPaths = func() (keys []keySpec, paths map[string]string) {
	paths = map[string]string{}
	for _, group := range italianKeys {
		for _, k := range group.keys {
			for _, name := range slices.Concat([]string{k.name}, k.formerly) {
				flat := []string{flatPrefix + group.name + "-" + name}
				if group.name == "piattaforme" {
					flat = append(flat, flatPrefix+name)
				}
				for _, name := range flat {
					keys = append(keys, keySpec{name: name, kind: k.kind, since: k.since, deprecated: k.deprecated, instead: k.instead})
					paths[name] = group.name + "." + k.name
				}
			}
		}
	}
	return keys, paths
}()

// countriesIn returns countryKeys by their names in a version.
func countriesIn(v minor) []keySpec {
	keys := slices.Clone(countryKeys)
	for i := range keys {
		keys[i].name = countryName(keys[i].name, v)
	}
	return keys
}

// countryName is the name of the section of a country, given in capitals.
func countryName(upper string, v minor) string {
	if v < 5 {
		return strings.ToLower(upper)
	}
	return upper
}

// isIPA reports the form of a code of the Italian register of administrations.
// Its codes are made of letters, digits and low lines, and capitals do not
// matter; a hyphen passes too, since no rule is published.
func isIPA(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}) < 0
}

// leikaKeys are the keys of an entry in the German list of administrative
// services.
var leikaKeys = []keySpec{
	{name: "themenfeld", kind: KindSuggestion, terms: themenfeldTerms, deprecated: 7},
	{name: "lebenslage", kind: KindText, deprecated: 7},
	{name: "ozg-id", kind: KindText, deprecated: 7},
	{name: "leika-id", kind: KindText, deprecated: 7},
}

// themenfelder are the fields of services of the Onlinezugangsgesetz, as the
// German extension of the standard lists them.
var themenfelder = []string{
	"Arbeit & Ruhestand", "Bauen & Wohnen", "Bildung", "Ein- & Auswanderung", "Engagement & Hobby",
	"Familie & Kind", "Forschung & Förderung", "Gesundheit", "Mobilität & Reisen", "Querschnitt",
	"Recht & Ordnung", "Steuern & Zoll", "Umwelt", "Unternehmensführung & -entwicklung",
}

var themenfeldTerms = func() (terms []term) {
	for _, name := range themenfelder {
		terms = append(terms, term{code: name, de: name, en: name})
	}
	return terms
}()
