// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func testVisits(t *testing.T, s registry.Store) {
	one := &registry.Visit{
		Repo: "forge.example/A/one", ForgeID: "1", Source: "https://forge.example/a", Version: "v1", Analyser: 3,
		Time: time.Date(2026, 1, 2, 3, 4, 5, 6000000, time.FixedZone("", 3600)), Outcome: registry.Unreadable,
		Detail: "the file is no YAML mapping", Findings: Software("", "").Findings, Misses: 1,
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
