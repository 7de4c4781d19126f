// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// has is the meaning of the facets, told once more and plainly: the values of
// an entry in each.
func has(s *registry.Software) map[registry.Facet][]string {
	p := &s.PublicCode
	licences := strings.Fields(strings.NewReplacer("(", " ", ")", " ", " AND ", " ", " OR ", " ", " WITH ", " ").Replace(p.Legal.License))
	all := map[registry.Facet][]string{
		registry.FacetLicence:      licences,
		registry.FacetCategory:     p.Categories,
		registry.FacetRegion:       {s.Publisher.Region, strings.Split(s.Publisher.Region, "-")[0]},
		registry.FacetStatus:       {p.DevelopmentStatus},
		registry.FacetPublisher:    {s.Publisher.ID},
		registry.FacetSoftwareType: {p.SoftwareType},
		registry.FacetPlatform:     p.Platforms,
		registry.FacetMaintenance:  {p.Maintenance.Type},
		registry.FacetSupports:     p.Supports,
		registry.FacetForge:        {s.Repository.Forge},
		registry.FacetSBOM:         {"no"},
	}
	for _, id := range s.BasedOn {
		all[registry.FacetBasedOn] = append(all[registry.FacetBasedOn], string(id))
	}
	if s.Licence != nil {
		all[registry.FacetVerdict] = []string{string(s.Licence.Verdict)}
	}
	for _, l := range licences {
		category := map[string]string{
			"EUPL-1.2": "weak-copyleft", "mit": "permissive", "MIT": "permissive", "Apache-2.0": "permissive",
			"GPL-3.0-or-later": "strong-copyleft", "GPL-2.0-only": "strong-copyleft",
		}[l]
		all[registry.FacetLicenceCategory] = append(all[registry.FacetLicenceCategory], category)
	}
	municipal := s.Publisher.Name == "Stadt Musterort" || s.Publisher.Name == "Landkreis Beispiel"
	switch r := s.Publisher.Region; {
	case r == "DE":
		all[registry.FacetRegionKind] = []string{"federal"}
	case r == "DE-SH" && municipal:
		all[registry.FacetRegionKind] = []string{"municipal"}
	case r == "DE-SH", r == "DE-HH":
		all[registry.FacetRegionKind] = []string{"state"}
	case r != "":
		all[registry.FacetRegionKind] = []string{"abroad"}
	}
	if p.IntendedAudience != nil {
		all[registry.FacetScope] = p.IntendedAudience.Scope
	}
	for _, l := range p.Localisation.AvailableLanguages {
		all[registry.FacetLanguage] = append(all[registry.FacetLanguage], l, strings.Split(l, "-")[0])
	}
	for _, b := range s.SBOMs {
		if b.Error == "" {
			all[registry.FacetSBOM] = []string{"yes"}
		}
	}
	switch age := time.Since(s.Repository.Pushed); {
	case s.Repository.Archived:
		all[registry.FacetActivity] = []string{"archived"}
	case s.Repository.Pushed.IsZero():
	case age < 90*24*time.Hour:
		all[registry.FacetActivity] = []string{"recent"}
	case age < 365*24*time.Hour:
		all[registry.FacetActivity] = []string{"year"}
	default:
		all[registry.FacetActivity] = []string{"quiet"}
	}
	return all
}

// holds reports whether an entry holds all filters but that of one facet.
func holds(values map[registry.Facet][]string, q registry.Query, but registry.Facet) bool {
	for _, f := range registry.AllFacets() {
		if wanted := q.Filters[f]; f != but && len(wanted) > 0 && !slices.ContainsFunc(wanted, func(w string) bool {
			return slices.ContainsFunc(values[f], func(h string) bool { return strings.EqualFold(w, h) })
		}) {
			return false
		}
	}
	return true
}

func TestFiltersAndFacets(t *testing.T) {
	all := generated(2, 150)
	m := newMemory(all...)
	made := search.New(m)
	later := newMemory()
	followed := search.New(later) // the same in layers: put one by one, and other values before
	for i, s := range all {
		old := *all[(i*7)%len(all)]
		old.ID = s.ID
		later.put(&old)
		if i%3 == 0 {
			ask(t, followed, registry.Query{})
		}
		later.put(s)
	}
	values := map[registry.ID]map[registry.Facet][]string{}
	known := map[registry.Facet]map[string]string{} // each in the spelling with most capitals
	for _, s := range all {
		values[s.ID] = has(s)
		for f, vs := range values[s.ID] {
			if known[f] == nil {
				known[f] = map[string]string{}
			}
			for _, v := range vs {
				if old, ok := known[f][strings.ToLower(v)]; v != "" && (!ok || v < old) {
					known[f][strings.ToLower(v)] = v
				}
			}
		}
	}
	for _, f := range registry.AllFacets() {
		if len(known[f]) < 2 {
			t.Fatalf("the entries have %d values of %s: this tries nothing", len(known[f]), f)
		}
	}
	r := rand.New(rand.NewPCG(3, 0))
	for range 80 {
		q := registry.Query{Limit: len(all), Counted: registry.AllFacets(), Filters: map[registry.Facet][]string{}}
		for range r.IntN(5) {
			f := pick(r, registry.AllFacets())
			for range 1 + r.IntN(2) {
				v := pick(r, append(slices.Sorted(maps.Values(known[f])), "none-such"))
				if r.IntN(2) == 0 {
					v = strings.ToLower(v)
				}
				q.Filters[f] = append(q.Filters[f], v)
			}
		}
		var want []registry.ID
		facets := map[registry.Facet][]registry.Count{}
		for _, s := range all {
			if holds(values[s.ID], q, "") {
				want = append(want, s.ID)
			}
		}
		for _, f := range registry.AllFacets() {
			counts := map[string]int{}
			for _, s := range all {
				if !holds(values[s.ID], q, f) {
					continue
				}
				seen := map[string]bool{}
				for _, v := range values[s.ID][f] {
					if key := strings.ToLower(v); key != "" && !seen[key] {
						seen[key] = true
						counts[known[f][key]]++
					}
				}
			}
			var list []registry.Count
			for v, n := range counts {
				list = append(list, registry.Count{Value: v, N: n})
			}
			slices.SortFunc(list, func(a, b registry.Count) int { return cmp.Or(b.N-a.N, strings.Compare(a.Value, b.Value)) })
			facets[f] = list
		}
		slices.Sort(want)
		for _, x := range []*search.Index{made, followed} {
			page := ask(t, x, q)
			var got []registry.ID
			for _, s := range page.Items {
				got = append(got, s.ID)
			}
			slices.Sort(got)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("%+v (-want +got):\n%s", q, diff)
			}
			if page.Total != len(want) {
				t.Fatalf("%+v: total %d, want %d", q, page.Total, len(want))
			}
			if diff := gocmp.Diff(facets, page.Facets); diff != "" {
				t.Fatalf("facets of %+v (-want +got):\n%s", q, diff)
			}
		}
	}
}

// Facets are counted as far as they are asked for.
func TestCounted(t *testing.T) {
	x := search.New(newMemory(generated(4, 30)...))
	for _, text := range []string{"", "ver"} {
		page := ask(t, x, registry.Query{Text: text, Counted: []registry.Facet{registry.FacetForge, "none-such"}})
		if page.Facets[registry.FacetForge] == nil || page.Facets[registry.FacetLicence] != nil {
			t.Errorf("%q: asked for forges, counted %+v", text, page.Facets)
		}
		if page := ask(t, x, registry.Query{Text: text, Counted: []registry.Facet{}}); len(page.Facets) != 0 {
			t.Errorf("%q: asked for none, counted %+v", text, page.Facets)
		}
	}
}

func TestBlankFilterIsNone(t *testing.T) {
	x := search.New(newMemory(generated(4, 10)...))
	if got := ask(t, x, registry.Query{Filters: map[registry.Facet][]string{registry.FacetLicence: {"", " "}, registry.FacetRegion: {""}}}).Total; got != 10 {
		t.Errorf("blank filters leave %d of 10 entries", got)
	}
}

// Facets count within what the text found.
func TestFacetsWithText(t *testing.T) {
	a, b, c := german("Karte", "", ""), german("Kartei", "", ""), german("Plan", "", "")
	a.PublicCode.Legal.License, b.PublicCode.Legal.License, c.PublicCode.Legal.License = "MIT", "EUPL-1.2", "MIT"
	x := search.New(newMemory(a, b, c))
	got := ask(t, x, registry.Query{Text: "kart", Filters: map[registry.Facet][]string{registry.FacetLicence: {"MIT"}}})
	want := []registry.Count{{Value: "EUPL-1.2", N: 1}, {Value: "MIT", N: 1}}
	if diff := gocmp.Diff(want, got.Facets[registry.FacetLicence]); diff != "" || got.Total != 1 {
		t.Errorf("total %d, licences (-want +got):\n%s", got.Total, diff)
	}
}

func TestLicences(t *testing.T) {
	for expression, want := range map[string]string{
		"":                                     "",
		"EUPL-1.2":                             "EUPL-1.2",
		" EUPL-1.2\n":                          "EUPL-1.2",
		"MIT or (Apache-2.0 And GPL-2.0-only)": "Apache-2.0, GPL-2.0-only, MIT",
		"((MIT)OR(0BSD))":                      "0BSD, MIT",
		"GPL-2.0-or-later WITH Font-exception-2.0": "Font-exception-2.0, GPL-2.0-or-later",
		"MIT AND":                                "MIT",
		"Apache License,  Version 2.0":           "Apache License, Version 2.0",
		"GNU General Public License v3 or later": "GNU General Public License v3 or later",
	} {
		s := german("A", "", "")
		s.PublicCode.Legal.License = expression
		var got []string
		for _, c := range ask(t, search.New(newMemory(s)), registry.Query{}).Facets[registry.FacetLicence] {
			got = append(got, c.Value)
		}
		if diff := gocmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("licences in %q (-want +got):\n%s", expression, diff)
		}
	}
}
