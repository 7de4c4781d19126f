// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"slices"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Matches reports whether the filters of a query, see registry.Query, let an entry
// pass at a moment: what Search tells of all entries, for one that is at hand.
func Matches(s *registry.Software, filters map[registry.Facet][]string, now time.Time) bool {
	if len(filters) == 0 {
		return true
	}
	values := valuesOf(s)
	for name, given := range filters {
		var wanted []string
		for _, w := range given {
			if key := filterKey(w); key != "" {
				wanted = append(wanted, key)
			}
		}
		f, known := facetOf(name)
		if !known || wanted == nil {
			continue // as in a query
		}
		var has []string
		if f == activityFacet {
			d := newDoc(s)
			has = []string{activities[clockAt(now).activity(&d)]}
		} else {
			has = values[f]
		}
		if !slices.ContainsFunc(has, func(v string) bool { return slices.Contains(wanted, filterKey(v)) }) {
			return false
		}
	}
	return true
}
