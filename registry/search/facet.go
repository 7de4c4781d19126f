// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/allmende-registry/allmende/registry"
)

// facet is a kind of value that can be filtered by.
type facet int

const (
	licences facet = iota
	categories
	regions
	statuses
	publishers
	verdicts
	facets
)

// value is one value of a facet with the entries that have it.
type value struct {
	spelling string
	docs     *roaring.Bitmap
}

// values are a facet's by their folded spelling.
type values map[string]*value

func (v values) add(n uint32, spelling string) {
	spelling = strings.TrimSpace(spelling)
	key := strings.ToLower(spelling)
	if key == "" {
		return
	}
	x := v[key]
	if x == nil {
		x = &value{spelling, roaring.New()}
		v[key] = x
	}
	x.spelling = min(x.spelling, spelling) // capitals first: EUPL-1.2 before eupl-1.2
	x.docs.Add(n)
}

// any are the entries that have one of the wanted values; nil where none is
// wanted. Blank values are not wanted.
func (v values) any(wanted []string) *roaring.Bitmap {
	var docs *roaring.Bitmap
	for _, w := range wanted {
		key := strings.ToLower(strings.TrimSpace(w))
		if key == "" {
			continue
		}
		if docs == nil {
			docs = roaring.New()
		}
		if x := v[key]; x != nil {
			docs.Or(x.docs)
		}
	}
	return docs
}

// count counts the values within docs.
func (v values) count(docs *roaring.Bitmap) []registry.Count {
	var counts []registry.Count
	for _, x := range v {
		if n := docs.AndCardinality(x.docs); n > 0 {
			counts = append(counts, registry.Count{Value: x.spelling, N: int(n)})
		}
	}
	slices.SortFunc(counts, func(a, b registry.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value))
	})
	return counts
}

// valuesOf are the values of an entry by facet.
func valuesOf(s *registry.Software) [facets][]string {
	region := []string{s.Publisher.Region}
	if country, _, ok := strings.Cut(s.Publisher.Region, "-"); ok {
		region = append(region, country)
	}
	var verdict []string
	if s.Licence != nil {
		verdict = []string{string(s.Licence.Verdict)}
	}
	return [facets][]string{
		licences:   licenceIDs(s.PublicCode.Legal.License),
		categories: s.PublicCode.Categories,
		regions:    region,
		statuses:   {s.PublicCode.DevelopmentStatus},
		publishers: {s.Publisher.ID},
		verdicts:   verdict,
	}
}

// licenceIDs are the identifiers in an SPDX expression, exceptions among them.
// Whether they exist does not matter. What is no expression at all, because
// words follow each other without an operator, is one value as a whole.
func licenceIDs(expression string) []string {
	var ids []string
	operator := true // whether the word before was one
	for word := range strings.FieldsFuncSeq(expression, func(r rune) bool { return strings.ContainsRune("() \t\r\n", r) }) {
		switch strings.ToUpper(word) {
		case "AND", "OR", "WITH":
			operator = true
			continue
		}
		if !operator {
			return []string{strings.Join(strings.Fields(expression), " ")}
		}
		operator = false
		ids = append(ids, word)
	}
	return ids
}

// filter applies the filters of a query to docs. base[f] are the docs with
// every filter but that of f: a facet is counted as if nothing were chosen in
// it yet.
func (c *catalogue) filter(docs *roaring.Bitmap, q *registry.Query) (hits *roaring.Bitmap, base [facets]*roaring.Bitmap) {
	wanted := [facets][]string{q.Licences, q.Categories, q.Regions, q.Statuses, q.Publishers, q.Verdicts}
	var chosen [facets]*roaring.Bitmap
	hits = docs
	for f, w := range wanted {
		if chosen[f] = c.values[f].any(w); chosen[f] != nil {
			hits = roaring.And(hits, chosen[f])
		}
	}
	for f := range base {
		base[f] = hits
		if chosen[f] == nil {
			continue
		}
		base[f] = docs
		for other := range chosen {
			if other != f && chosen[other] != nil {
				base[f] = roaring.And(base[f], chosen[other])
			}
		}
	}
	return hits, base
}

func (c *catalogue) facets(base [facets]*roaring.Bitmap) registry.Facets {
	return registry.Facets{
		Licences:   c.values[licences].count(base[licences]),
		Categories: c.values[categories].count(base[categories]),
		Regions:    c.values[regions].count(base[regions]),
		Statuses:   c.values[statuses].count(base[statuses]),
		Publishers: c.values[publishers].count(base[publishers]),
		Verdicts:   c.values[verdicts].count(base[verdicts]),
	}
}
