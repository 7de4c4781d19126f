// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

// verdictNumbers counts entries by verdict, in all and by region.
type verdictNumbers struct {
	verdictCounts
	Regions []regionNumbers `json:"regions"`
}

type regionNumbers struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
	verdictCounts
}

type verdictCounts struct {
	Entries  int            `json:"entries"`
	Verdicts []verdictCount `json:"verdicts"`
	// Unreported are the entries whose sources nobody has compared yet.
	Unreported int          `json:"unreported"`
	Links      softwareLink `json:"links"`
}

type verdictCount struct {
	Verdict registry.LicenceVerdict `json:"verdict"`
	Label   licence.Bilingual       `json:"label"`
	Entries int                     `json:"entries"`
	Links   softwareLink            `json:"links"`
}

// countVerdicts counts by the facets: one search for all entries, and one for
// each verdict.
func (a *api) countVerdicts(c *gin.Context) (*answer, error) {
	counted := []registry.Facet{registry.FacetRegion}
	all, err := a.catalogue.Search(c.Request.Context(), registry.Query{Limit: 1, Counted: counted})
	if err != nil {
		return nil, err
	}
	total := map[registry.LicenceVerdict]int{}
	byRegion := map[registry.LicenceVerdict]map[string]int{}
	for _, v := range registry.LicenceVerdicts() {
		page, err := a.catalogue.Search(c.Request.Context(), registry.Query{
			Filters: map[registry.Facet][]string{registry.FacetVerdict: {string(v)}}, Limit: 1, Counted: counted,
		})
		if err != nil {
			return nil, err
		}
		total[v], byRegion[v] = page.Total, map[string]int{}
		for _, n := range page.Facets[registry.FacetRegion] {
			byRegion[v][n.Value] = n.N
		}
	}
	numbers := verdictNumbers{
		verdictCounts: a.newVerdictCounts(all.Total, nil, func(v registry.LicenceVerdict) int { return total[v] }),
		Regions:       []regionNumbers{},
	}
	for _, n := range all.Facets[registry.FacetRegion] {
		if _, ok := regionParameter(n.Value); !ok {
			continue
		}
		numbers.Regions = append(numbers.Regions, regionNumbers{
			Code: n.Value, Names: regionNames(n.Value),
			verdictCounts: a.newVerdictCounts(n.N, []string{n.Value}, func(v registry.LicenceVerdict) int { return byRegion[v][n.Value] }),
		})
	}
	return jsonAnswer(numbers)
}

func (a *api) newVerdictCounts(entries int, regions []string, count func(registry.LicenceVerdict) int) verdictCounts {
	software := func(verdicts ...string) softwareLink {
		return a.softwareLink(registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegion: regions, registry.FacetVerdict: verdicts}})
	}
	out := verdictCounts{Entries: entries, Unreported: entries, Links: software()}
	for _, v := range registry.LicenceVerdicts() {
		n := count(v)
		// A crawl between two searches may make the parts more than the whole.
		out.Unreported = max(out.Unreported-n, 0)
		out.Verdicts = append(out.Verdicts, verdictCount{
			Verdict: v, Label: licence.Bilingual{DE: v.Wording(german), EN: v.Wording(english)}, Entries: n, Links: software(string(v)),
		})
	}
	return out
}
