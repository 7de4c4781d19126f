// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
)

// TestMatchesIsWhatSearchFinds asks for every value of every facet both ways.
func TestMatchesIsWhatSearchFinds(t *testing.T) {
	all := generated(3, 200)
	for s := range registrytest.Realistic(100) {
		all = append(all, s)
	}
	index := search.New(newMemory(all...))
	find := func(filters map[registry.Facet][]string, counted ...registry.Facet) registry.Page {
		page, err := index.Search(t.Context(), registry.Query{Filters: filters, Limit: len(all), Counted: counted})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	now := time.Now()
	compare := func(filters map[registry.Facet][]string) {
		t.Helper()
		var found, matching []string
		for _, s := range find(filters, []registry.Facet{}...).Items {
			found = append(found, string(s.ID))
		}
		for _, s := range all {
			if search.Matches(s, filters, now) {
				matching = append(matching, string(s.ID))
			}
		}
		slices.Sort(found)
		slices.Sort(matching)
		if !slices.Equal(found, matching) {
			t.Errorf("%v: the search finds %d entries, and %d match", filters, len(found), len(matching))
		}
	}
	facets := find(nil, registry.AllFacets()...).Facets
	values := 0
	for f, counts := range facets {
		for i, n := range counts {
			if values++; i == 20 {
				break
			}
			compare(map[registry.Facet][]string{f: {" " + strings.ToUpper(n.Value)}})
			compare(map[registry.Facet][]string{f: {n.Value, counts[0].Value}, registry.FacetRegion: {"de"}})
		}
	}
	if len(facets) < 15 || values < 60 {
		t.Errorf("only %d values of %d facets", values, len(facets))
	}
	compare(nil)
	compare(map[registry.Facet][]string{registry.FacetRegion: {" "}, "nonsense": {"a"}})
	compare(map[registry.Facet][]string{registry.FacetStatus: {"nonsense"}})
}
