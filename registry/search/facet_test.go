// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// holds is the meaning of the filters, told once more and plainly.
func holds(s *registry.Software, q registry.Query) bool {
	licences := strings.Fields(strings.NewReplacer("(", " ", ")", " ", " AND ", " ", " OR ", " ", " WITH ", " ").Replace(s.PublicCode.Legal.License))
	var verdicts []string
	if s.Licence != nil {
		verdicts = append(verdicts, string(s.Licence.Verdict))
	}
	return oneOf(q.Licences, licences...) &&
		oneOf(q.Verdicts, verdicts...) &&
		oneOf(q.Categories, s.PublicCode.Categories...) &&
		oneOf(q.Regions, s.Publisher.Region, strings.Split(s.Publisher.Region, "-")[0]) &&
		oneOf(q.Statuses, s.PublicCode.DevelopmentStatus) &&
		oneOf(q.Publishers, s.Publisher.ID)
}

func oneOf(wanted []string, has ...string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool {
		return slices.ContainsFunc(has, func(h string) bool { return strings.EqualFold(w, h) })
	})
}

// counts counts a facet by asking for each of its values in place of those
// chosen.
func counts(all []*registry.Software, q registry.Query, choose func(*registry.Query) *[]string, values []string) []registry.Count {
	var found []registry.Count
	for _, v := range values {
		*choose(&q) = []string{v}
		n := 0
		for _, s := range all {
			if holds(s, q) {
				n++
			}
		}
		if n > 0 {
			found = append(found, registry.Count{Value: v, N: n})
		}
	}
	slices.SortStableFunc(found, func(a, b registry.Count) int { return b.N - a.N })
	return found
}

func TestFiltersAndFacets(t *testing.T) {
	all := generated(2, 150)
	x := search.New(newMemory(all...))
	// In order, each in the spelling with most capitals.
	licences := []string{"Apache-2.0", "Classpath-exception-2.0", "EUPL-1.2", "GPL-2.0-only", "GPL-3.0-or-later", "MIT"}
	categories := []string{"Workflow", "archive", "data-collection", "form-builder", "gis"}
	regions := []string{"AT", "AT-9", "DE", "DE-HH", "DE-SH"}
	statuses := []string{"beta", "concept", "obsolete", "stable"}
	publishers := []string{"p0", "p1", "p10", "p11", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"}

	verdicts := []string{"conflict", "match", "missing"}

	r := rand.New(rand.NewPCG(3, 0))
	some := func(values []string) []string {
		var chosen []string
		for range max(0, r.IntN(5)-2) {
			v := pick(r, values)
			if r.IntN(2) == 0 {
				v = strings.ToLower(v)
			}
			chosen = append(chosen, v)
		}
		return chosen
	}
	for range 80 {
		q := registry.Query{
			Licences: some(append(licences, "none-such")), Categories: some(categories), Regions: some(regions),
			Statuses: some(statuses), Publishers: some(publishers), Verdicts: some(verdicts), Limit: len(all),
		}
		page := ask(t, x, q)
		var want, got []registry.ID
		for _, s := range all {
			if holds(s, q) {
				want = append(want, s.ID)
			}
		}
		for _, s := range page.Items {
			got = append(got, s.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", q, diff)
		}
		if page.Total != len(want) {
			t.Fatalf("%+v: total %d, want %d", q, page.Total, len(want))
		}
		facets := registry.Facets{
			Licences:   counts(all, q, func(q *registry.Query) *[]string { return &q.Licences }, licences),
			Categories: counts(all, q, func(q *registry.Query) *[]string { return &q.Categories }, categories),
			Regions:    counts(all, q, func(q *registry.Query) *[]string { return &q.Regions }, regions),
			Statuses:   counts(all, q, func(q *registry.Query) *[]string { return &q.Statuses }, statuses),
			Publishers: counts(all, q, func(q *registry.Query) *[]string { return &q.Publishers }, publishers),
			Verdicts:   counts(all, q, func(q *registry.Query) *[]string { return &q.Verdicts }, verdicts),
		}
		if diff := cmp.Diff(facets, page.Facets); diff != "" {
			t.Fatalf("facets of %+v (-want +got):\n%s", q, diff)
		}
	}
}

func TestBlankFilterIsNone(t *testing.T) {
	x := search.New(newMemory(generated(4, 10)...))
	if got := ask(t, x, registry.Query{Licences: []string{"", " "}, Regions: []string{""}}).Total; got != 10 {
		t.Errorf("blank filters leave %d of 10 entries", got)
	}
}

// Facets count within what the text found.
func TestFacetsWithText(t *testing.T) {
	a, b, c := german("Karte", "", ""), german("Kartei", "", ""), german("Plan", "", "")
	a.PublicCode.Legal.License, b.PublicCode.Legal.License, c.PublicCode.Legal.License = "MIT", "EUPL-1.2", "MIT"
	x := search.New(newMemory(a, b, c))
	got := ask(t, x, registry.Query{Text: "kart", Licences: []string{"MIT"}})
	want := []registry.Count{{Value: "EUPL-1.2", N: 1}, {Value: "MIT", N: 1}}
	if diff := cmp.Diff(want, got.Facets.Licences); diff != "" || got.Total != 1 {
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
		for _, c := range ask(t, search.New(newMemory(s)), registry.Query{}).Facets.Licences {
			got = append(got, c.Value)
		}
		if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("licences in %q (-want +got):\n%s", expression, diff)
		}
	}
}
