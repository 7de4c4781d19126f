// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func testVisits(t *testing.T, s registry.Store) {
	one := &registry.Visit{
		Repo: "forge.example/A/one", ForgeID: "1", Source: "https://forge.example/a", Version: "v1", Analyser: 3,
		Time: time.Date(2026, 1, 2, 3, 4, 5, 6000000, time.FixedZone("", 3600)), Outcome: registry.Unreadable,
		Detail: "the file is no YAML mapping", Findings: Software("", "").Findings, Misses: 1,
		URL: "https://forge.example/A/one", Forge: "forgejo", Of: "other.example/home", Parts: []registry.ID{"forge.example/A/one/~/küste"},
	}
	two := &registry.Visit{Repo: "forge.example/b/two", Source: "https://forge.example/b", Outcome: registry.NoFile}
	for _, v := range []*registry.Visit{two, one} {
		if err := s.PutVisit(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Visit(t.Context(), "forge.example/a/ONE")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "visit", one, got)

	same(t, "Visits", []registry.ID{one.Repo, two.Repo}, visits(t, s, ""))
	same(t, "Visits of one source", []registry.ID{two.Repo}, visits(t, s, two.Source))
	same(t, "Visits of no source", []registry.ID(nil), visits(t, s, "https://forge.example/"))

	two.Source, two.Outcome = one.Source, registry.Entry
	if err := s.PutVisit(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Visit(t.Context(), two.Repo); err != nil || got.Outcome != registry.Entry {
		t.Errorf("Visit after it was written anew: %+v, %v", got, err)
	}
	same(t, "Visits of the source", []registry.ID{one.Repo, two.Repo}, visits(t, s, one.Source))
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("visits made revision %d; they are no changes", rev)
	}
}

func testVisitsByOutcome(t *testing.T, s registry.Store) {
	outcomes := []registry.Outcome{registry.NoFile, registry.Entry, registry.TechnicalFork, registry.AtOther}
	var all []*registry.Visit
	for i := range 2 * many {
		v := &registry.Visit{
			Repo:   registry.ID(fmt.Sprintf("forge.example/x/%d", (i*37)%(2*many))),
			Source: fmt.Sprint("https://forge.example/", i%2), Outcome: outcomes[i%7%4],
		}
		if v.Outcome == registry.TechnicalFork || v.Outcome == registry.AtOther {
			v.Of = "forge.example/y/home"
		}
		all = append(all, v)
	}
	putVisits(t, s, all...)
	for _, test := range []struct {
		source   string
		outcomes []registry.Outcome
	}{
		{"", nil},
		{"", []registry.Outcome{registry.NoFile}},
		{"", []registry.Outcome{registry.TechnicalFork, registry.AtOther}},
		{"", []registry.Outcome{registry.NoFile, registry.Entry, registry.NoFile}},
		{"", []registry.Outcome{"unheard of"}},
		{"", []registry.Outcome{"unheard of", registry.AtOther}},
		{"https://forge.example/1", outcomes},
		{"https://forge.example/1", []registry.Outcome{registry.Entry, registry.NoFile}},
		{"https://forge.example/2", outcomes},
	} {
		var want []registry.ID
		for _, v := range all {
			if (test.source == "" || v.Source == test.source) && (test.outcomes == nil || slices.Contains(test.outcomes, v.Outcome)) {
				want = append(want, v.Repo)
			}
		}
		slices.Sort(want)
		same(t, fmt.Sprintf("Visits %q %v", test.source, test.outcomes), want, visits(t, s, test.source, test.outcomes...))
	}

	v := visit(t, s, "forge.example/x/0")
	v.Outcome = registry.OptedOut
	putVisits(t, s, v)
	same(t, "Visits of the new outcome", []registry.ID{v.Repo}, visits(t, s, "", registry.OptedOut))
	if got := visits(t, s, "", outcomes...); slices.Contains(got, v.Repo) {
		t.Error("Visits of the former outcome has the visit still")
	}
}

func testPutVisits(t *testing.T, s registry.Store) {
	if err := s.PutVisits(t.Context(), nil); err != nil {
		t.Errorf("PutVisits of none: %v", err)
	}
	first := &registry.Visit{Repo: "forge.example/a/A", Source: "s", Outcome: registry.AtOther, Of: "forge.example/b/home/~/part"}
	last := &registry.Visit{Repo: "forge.example/a/a", Source: "s", Outcome: registry.Excluded, Misses: 2}
	other := &registry.Visit{Repo: "forge.example/a/b/~/part", Source: "s", Outcome: registry.Entry}
	putVisits(t, s, first, other)
	same(t, "visit", first, visit(t, s, first.Repo))
	putVisits(t, s, first, last)
	same(t, "the last visit", last, visit(t, s, first.Repo))
	same(t, "Visits", []registry.ID{last.Repo, other.Repo}, visits(t, s, "s"))
}
