// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/registry"
)

type regionList struct {
	Items []regionItem `json:"items"`
	Total int          `json:"total"`
}

type regionItem struct {
	Code    string            `json:"code"`
	Names   map[string]string `json:"names"`
	Entries int               `json:"entries"`
	Links   softwareLink      `json:"links"`
}

// listRegions lists the regions that have entries.
func (a *api) listRegions(c *gin.Context) (*answer, error) {
	all, err := a.catalogue.Search(c.Request.Context(), registry.Query{Limit: 1, Counted: []registry.Facet{registry.FacetRegion}})
	if err != nil {
		return nil, err
	}
	list := regionList{Items: []regionItem{}}
	for _, n := range all.Facets[registry.FacetRegion] {
		if _, ok := regionParameter(n.Value); !ok {
			continue
		}
		list.Items = append(list.Items, regionItem{
			Code:    n.Value,
			Names:   regionNames(n.Value),
			Entries: n.N,
			Links:   a.softwareWith(registry.FacetRegion, n.Value),
		})
	}
	list.Total = len(list.Items)
	return jsonAnswer(list)
}

// readRegion reads a region code into its canonical form.
func readRegion(v string) (string, bool) {
	code, err := registry.ParseRegion(v)
	return code, err == nil
}

// regionParameter writes a code so that it is read as itself: a country that
// shares its two letters with a German state has three there. It fails for what
// is no code.
func regionParameter(code string) (string, bool) {
	again, err := registry.ParseRegion(code)
	if err != nil || again == code {
		return code, err == nil
	}
	country, err := language.ParseRegion(code)
	if err != nil {
		return "", false
	}
	return country.ISO3(), true
}

// regionNames are the names of a region by language. DE is here the country
// with all its states, not the federation as a publisher.
func regionNames(code string) map[string]string {
	if code == "DE" {
		return map[string]string{german: "Deutschland", english: "Germany"}
	}
	return map[string]string{german: registry.RegionName(code, german), english: registry.RegionName(code, english)}
}
