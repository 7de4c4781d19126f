// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import "github.com/allmende-registry/allmende/registry"

// FiveFacets are counted in measurements of searching.
func FiveFacets() []registry.Facet {
	return []registry.Facet{
		registry.FacetLicence, registry.FacetCategory, registry.FacetRegion, registry.FacetStatus, registry.FacetPublisher,
	}
}

// Questions are a kind of queries that searching is measured with.
type Questions struct {
	Kind    string
	Queries []registry.Query
}

// AllQuestions are for entries of Realistic, each with FiveFacets.
func AllQuestions() []Questions {
	all := []Questions{
		{"rare word", texts("Katzengefahrgut", "Friedhofsampel", "Lärmmuseum", "Zeugnisjagd", "Chemikalienwald")},
		{"common word", texts("Verwaltung", "Antrag", "Dokument", "Bau", "Daten")},
		{"two words", texts("Antrag Verwaltung", "Bürger Dokument", "Steuer Akte", "Gemeinde Daten", "Wasser Karte")},
		{"prefix", texts("verw", "antr", "Kinderb", "straß", "geb")},
		{"short prefix", texts("ve", "an", "ki")},
		{"filter only", []registry.Query{
			{Filters: map[registry.Facet][]string{registry.FacetLicence: {"EUPL-1.2"}}},
			{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}},
			{Filters: map[registry.Facet][]string{registry.FacetStatus: {"stable"}, registry.FacetRegion: {"DE-SH"}}},
			{Filters: map[registry.Facet][]string{registry.FacetCategory: {"accounting"}, registry.FacetLicence: {"MIT"}}},
			{Filters: map[registry.Facet][]string{registry.FacetPublisher: {"stelle-7"}}, Sort: registry.ByUpdated},
		}},
		{"word and filter", []registry.Query{
			{Text: "Antrag", Filters: map[registry.Facet][]string{registry.FacetLicence: {"EUPL-1.2"}}},
			{Text: "Bau", Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}},
		}},
		{"everything", []registry.Query{{}, {Sort: registry.ByUpdated}, {Sort: registry.ByNew}}},
		{"phrase", texts(`"digitale Verwaltung"`, `"und Antrag"`)},
		{"exclusion", texts("Antrag -Bau")},
		{"synonym", texts("Kita", "DMS", "Bürgerportal")},
		{"compound", texts("Bauantragsverfahren", "Kinderbetreuungsplatzvergabe", "Hundesteuerbescheid")},
		{"typing error", texts("Verwaltnug", "Bürgrebeteiligung", "Grundstükcsvermessung", "Antarg", "Kindrebetreuung")},
	}
	for _, q := range all {
		for i := range q.Queries {
			q.Queries[i].Counted = FiveFacets()
		}
	}
	return all
}

func texts(all ...string) []registry.Query {
	var q []registry.Query
	for _, t := range all {
		q = append(q, registry.Query{Text: t})
	}
	return q
}
