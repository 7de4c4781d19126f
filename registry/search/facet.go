// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// activityFacet comes behind those that are columns.
const activityFacet = facets

// sieve holds the filters of a query.
type sieve struct {
	*view
	wanted [facets + 1][]string // as they are compared; those of the text resolved
	not    [facets + 1][]string
	active []facet // that have wanted values
	any    bool    // whether there is a filter at all
}

func (v *view) sieve() *sieve {
	s := &sieve{view: v}
	for f := range facets + 1 {
		for _, w := range v.q.Filters[nameOf(f)] {
			if key := filterKey(w); key != "" {
				s.wanted[f] = append(s.wanted[f], key)
			}
		}
	}
	for _, t := range v.asked.filters {
		f, _ := facetOf(t.facet)
		into := &s.wanted[f]
		if t.not {
			into = &s.not[f]
		}
		*into = append(*into, v.resolve(f, t.value)...)
		s.any = s.any || t.not
	}
	for f := range facets + 1 {
		if s.wanted[f] != nil {
			s.active = append(s.active, f)
			s.any = true
		}
	}
	return s
}

func nameOf(f facet) registry.Facet {
	if f == activityFacet {
		return registry.FacetActivity
	}
	return facetNames[f]
}

func facetOf(name registry.Facet) (f facet, ok bool) {
	if i := slices.Index(facetNames[:], name); i >= 0 {
		return facet(i), true
	}
	return activityFacet, name == registry.FacetActivity
}

// sift applies the filters. sides[f] are by layer the entries that hold all
// filters whether they hold that of f or not, where there is one: a facet is
// counted as if nothing were chosen in it yet.
func (s *sieve) sift(matching []bitset) (hits []bitset, sides [facets + 1][]bitset) {
	for i, l := range s.layers {
		in := l.living()
		if matching != nil {
			in = matching[i]
		}
		for f, keys := range s.not {
			if keys != nil {
				in.andNot(s.having(l, facet(f), keys, in))
			}
		}
		pass := make([]bitset, len(s.active))
		for j, f := range s.active {
			pass[j] = s.having(l, f, s.wanted[f], in)
		}
		for j, f := range s.active {
			side := slices.Clone(in)
			for other := range pass {
				if other != j {
					side.and(pass[other])
				}
			}
			sides[f] = append(sides[f], side)
		}
		for _, p := range pass {
			in.and(p)
		}
		hits = append(hits, in)
	}
	return hits, sides
}

// having are the entries among some that have one of the values; it may have
// others that are not among them.
func (s *sieve) having(l *layer, f facet, keys []string, among bitset) bitset {
	out := newBitset(len(l.docs))
	if f == activityFacet {
		for n := range among.all {
			if slices.Contains(keys, activities[s.clock.activity(&l.docs[n])]) {
				out.add(n)
			}
		}
		return out
	}
	c := &l.values[f]
	for _, k := range keys {
		c.addTo(out, c.number[k])
	}
	return out
}

// count counts the facets asked for.
func (v *view) count(hits []bitset, sides [facets + 1][]bitset, s *sieve) map[registry.Facet][]registry.Count {
	asked := v.q.Counted
	if asked == nil {
		asked = registry.DefaultFacets()
	}
	counted := map[registry.Facet][]registry.Count{}
	for _, name := range asked {
		f, ok := facetOf(name)
		if !ok {
			continue
		}
		if !s.any && strings.TrimSpace(v.q.Text) == "" && f != activityFacet {
			w := &v.whole[f]
			w.once.Do(func() { w.counts = v.countOne(f, hits) })
			counted[name] = slices.Clone(w.counts)
			continue
		}
		among := hits
		if sides[f] != nil {
			among = sides[f]
		}
		counted[name] = v.countOne(f, among)
	}
	return counted
}

// countOne counts the values of one facet among some entries.
func (v *view) countOne(f facet, among []bitset) []registry.Count {
	counts := make([][]uint32, len(v.layers)) // by layer and value
	for i, l := range v.layers {
		counts[i] = v.countIn(l, f, among[i])
	}
	if len(v.layers) == 1 {
		// In order of the values; so it is enough to order them by their counts.
		var order []uint64
		for id, n := range counts[0] {
			if n > 0 && id > 0 {
				order = append(order, uint64(^n)<<32|uint64(id))
			}
		}
		slices.Sort(order)
		var all []registry.Count
		for _, o := range order {
			_, as := v.keyOf(v.layers[0], f, int(uint32(o)))
			all = append(all, registry.Count{Value: as, N: int(^uint32(o >> 32))})
		}
		return all
	}
	total := map[string]int{}
	for i, l := range v.layers {
		for id, n := range counts[i] {
			if n > 0 && id > 0 {
				key, _ := v.keyOf(l, f, id)
				total[key] += int(n)
			}
		}
	}
	var all []registry.Count
	for key, n := range total {
		all = append(all, registry.Count{Value: v.spelling(f, key), N: n})
	}
	slices.SortFunc(all, func(a, b registry.Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), strings.Compare(a.Value, b.Value))
	})
	return all
}

// spelling is how a value is written: with most capitals, wherever that is.
func (c *catalogue) spelling(f facet, key string) string {
	if f == activityFacet {
		return key
	}
	best := ""
	for _, l := range c.layers {
		column := &l.values[f]
		if id, ok := column.number[key]; ok && (best == "" || column.spellings[id] < best) {
			best = column.spellings[id]
		}
	}
	return best
}

func (v *view) keyOf(l *layer, f facet, id int) (key, spelling string) {
	if f == activityFacet {
		return activities[id], activities[id]
	}
	c := &l.values[f]
	return c.keys[id], c.spellings[id]
}

// countIn counts by value of a layer.
func (v *view) countIn(l *layer, f facet, among bitset) []uint32 {
	if f != activityFacet {
		return l.values[f].count(among)
	}
	counts := make([]uint32, len(activities))
	for n := range among.all {
		counts[v.clock.activity(&l.docs[n])]++
	}
	return counts
}
