// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"
)

// term is one word of a vocabulary with its labels.
type term struct {
	code, de, en string
	since        minor // 0 for all versions
}

// in reports whether a version has the term: 1.0 plans to drop the scope
// "government", which says nothing of software for administrations.
func (t term) in(v minor) bool {
	return t.since <= v && (v != preview || t.code != "government")
}

// label finds the label of a code, in German ("de") or English (all other
// tags); the code itself where it is not known.
func label(terms []term, code, lang string) string {
	for _, t := range terms {
		if t.code == code {
			if isGerman(lang) {
				return t.de
			}
			return t.en
		}
	}
	return code
}

func isGerman(lang string) bool {
	return lang == "de" || strings.HasPrefix(lang, "de-")
}

func codes(terms []term) []string {
	out := make([]string, len(terms))
	for i, t := range terms {
		out[i] = t.code
	}
	return out
}

// StatusLabel names a developmentStatus in German ("de") or English.
func StatusLabel(code, lang string) string { return label(statusTerms, code, lang) }

// TypeLabel names a softwareType in German ("de") or English.
func TypeLabel(code, lang string) string { return label(typeTerms, code, lang) }

// MaintenanceLabel names a maintenance.type in German ("de") or English.
func MaintenanceLabel(code, lang string) string { return label(maintenanceTerms, code, lang) }

// ScopeLabel names an intendedAudience.scope in German ("de") or English.
func ScopeLabel(code, lang string) string { return label(scopeTerms, code, lang) }

// CategoryLabel names a category in German ("de") or English.
func CategoryLabel(code, lang string) string { return label(categoryTerms, code, lang) }

// PlatformLabel names a platform in German ("de") or English; platforms
// outside the list of the standard keep their name.
func PlatformLabel(code, lang string) string { return label(platformTerms, code, lang) }

// Categories returns the categories of the newest version, in the order of the
// standard. The caller may change the slice.
func Categories() []string { return slices.Clone(categories) }

// Statuses returns the values of developmentStatus, from idea to end.
func Statuses() []string { return slices.Clone(statuses) }

// SoftwareTypes returns the values of softwareType.
func SoftwareTypes() []string { return slices.Clone(softwareTypes) }

// MaintenanceTypes returns the values of maintenance.type.
func MaintenanceTypes() []string { return slices.Clone(maintenanceTypes) }

// Scopes returns the values of intendedAudience.scope.
func Scopes() []string { return slices.Clone(scopes) }

// Platforms returns the predefined platforms; others are allowed.
func Platforms() []string { return slices.Clone(platforms) }

// SupportURI returns the resource that an entry of supports stands for: an
// alias ("alias:gdpr") written out, any other identifier as it is.
func SupportURI(id string) string {
	if uri, ok := supportAliases[strings.TrimPrefix(id, "alias:")]; ok && strings.HasPrefix(id, "alias:") {
		return uri
	}
	return id
}

// SupportAlias returns the alias ("alias:gdpr") of an entry of supports, be it
// written as such or as the resource that it stands for; "" where it has none.
// Letter case and a slash at the end make no difference.
func SupportAlias(id string) string {
	id = strings.TrimRight(strings.TrimSpace(id), "/")
	for alias, uri := range supportAliases {
		if alias = "alias:" + alias; strings.EqualFold(id, alias) || strings.EqualFold(id, strings.TrimRight(uri, "/")) {
			return alias
		}
	}
	return ""
}

// SupportLabel names an entry of supports in German ("de") or English, where
// it is an alias; any other identifier keeps its own.
func SupportLabel(id, lang string) string {
	return label(supportTerms, id, lang)
}

// supportAliases are the aliases of the key supports (0.7), without their
// prefix, and the resources that they stand for.
var supportAliases = map[string]string{
	"gdpr":   "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
	"eidas":  "https://eur-lex.europa.eu/eli/reg/2014/910/oj",
	"nis2":   "https://eur-lex.europa.eu/eli/dir/2022/2555/oj",
	"cra":    "https://eur-lex.europa.eu/eli/reg/2024/2847/oj",
	"spid":   "https://www.spid.gov.it/",
	"cie":    "https://www.cartaidentita.interno.gov.it/",
	"anpr":   "https://www.anpr.interno.it/",
	"pagopa": "https://www.pagopa.gov.it/",
	"io":     "https://io.italia.it/",
}

var supportTerms = []term{
	{"alias:gdpr", "Datenschutz-Grundverordnung (DSGVO)", "General Data Protection Regulation (GDPR)", 0},
	{"alias:eidas", "eIDAS-Verordnung", "eIDAS Regulation", 0},
	{"alias:nis2", "NIS-2-Richtlinie", "NIS 2 Directive", 0},
	{"alias:cra", "Cyberresilienz-Verordnung", "Cyber Resilience Act", 0},
	{"alias:spid", "SPID (digitale Identität, Italien)", "SPID (digital identity, Italy)", 0},
	{"alias:cie", "CIE (elektronischer Personalausweis, Italien)", "CIE (electronic identity card, Italy)", 0},
	{"alias:anpr", "ANPR (Melderegister, Italien)", "ANPR (population register, Italy)", 0},
	{"alias:pagopa", "pagoPA (Zahlungen, Italien)", "pagoPA (payments, Italy)", 0},
	{"alias:io", "IO (Verwaltungs-App, Italien)", "IO (public services app, Italy)", 0},
}

var (
	statuses         = codes(statusTerms)
	softwareTypes    = codes(typeTerms)
	maintenanceTypes = codes(maintenanceTerms)
	scopes           = codes(scopeTerms)
	platforms        = codes(platformTerms)
	categories       = codes(categoryTerms)

	// categorySince is the version that brought each category.
	categorySince = func() map[string]minor {
		m := make(map[string]minor, len(categoryTerms))
		for _, t := range categoryTerms {
			m[t.code] = t.since
		}
		return m
	}()
)

var statusTerms = []term{
	{"concept", "Konzept", "Concept", 0},
	{"development", "In Entwicklung", "In development", 0},
	{"beta", "Beta", "Beta", 0},
	{"stable", "Stabil", "Stable", 0},
	{"obsolete", "Eingestellt", "Obsolete", 0},
}

var typeTerms = []term{
	{"standalone/mobile", "Mobile App", "Mobile app", 0},
	{"standalone/iot", "Software für das Internet der Dinge", "Internet of Things software", 0},
	{"standalone/desktop", "Desktop-Anwendung", "Desktop application", 0},
	{"standalone/web", "Webanwendung", "Web application", 0},
	{"standalone/backend", "Serverdienst", "Backend service", 0},
	{"standalone/other", "Andere eigenständige Software", "Other stand-alone software", 0},
	{"addon", "Erweiterung", "Add-on", 0},
	{"library", "Programmbibliothek", "Library", 0},
	{"configurationFiles", "Konfigurationsdateien", "Configuration files", 0},
}

var maintenanceTerms = []term{
	{"internal", "Pflege durch die eigene Stelle", "Maintained in house", 0},
	{"contract", "Pflege im Auftrag", "Maintained under contract", 0},
	{"community", "Pflege durch die Gemeinschaft", "Maintained by the community", 0},
	{"none", "Ohne Pflege", "Not maintained", 0},
}

var platformTerms = []term{
	{"web", "Web", "Web", 0},
	{"windows", "Windows", "Windows", 0},
	{"mac", "macOS", "macOS", 0},
	{"linux", "Linux", "Linux", 0},
	{"ios", "iOS", "iOS", 0},
	{"android", "Android", "Android", 0},
}

var scopeTerms = []term{
	{"agriculture", "Landwirtschaft", "Agriculture", 0},
	{"culture", "Kultur", "Culture", 0},
	{"defence", "Verteidigung", "Defence", 0},
	{"education", "Bildung", "Education", 0},
	{"emergency-services", "Rettungsdienste und Katastrophenschutz", "Emergency services", 0},
	{"employment", "Arbeit und Beschäftigung", "Employment", 0},
	{"energy", "Energie", "Energy", 0},
	{"environment", "Umwelt", "Environment", 0},
	{"finance-and-economic-development", "Finanzen und Wirtschaftsförderung", "Finance and economic development", 0},
	{"foreign-affairs", "Auswärtige Angelegenheiten", "Foreign affairs", 0},
	{"government", "Regierung und Verwaltung", "Government", 0},
	{"healthcare", "Gesundheit", "Healthcare", 0},
	{"infrastructures", "Infrastruktur", "Infrastructure", 0},
	{"justice", "Justiz", "Justice", 0},
	{"local-authorities", "Kommunen", "Local authorities", 0},
	{"manufacturing", "Industrie und Gewerbe", "Manufacturing", 0},
	{"research", "Forschung", "Research", 0},
	{"science-and-technology", "Wissenschaft und Technik", "Science and technology", 0},
	{"security", "Sicherheit", "Security", 0},
	{"society", "Gesellschaft", "Society", 0},
	{"sport", "Sport", "Sport", 0},
	{"tourism", "Tourismus", "Tourism", 0},
	{"transportation", "Verkehr", "Transport", 0},
	{"welfare", "Soziales", "Welfare", 0},
}
