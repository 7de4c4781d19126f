// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Software is an entry with every kind of value in it, for a test to change and
// put. forgeID may be "".
func Software(id registry.ID, forgeID string) *registry.Software {
	return &registry.Software{
		ID:        id,
		Publisher: registry.Publisher{ID: "sh", Name: "Land Schleswig-Holstein", Region: "DE-SH"},
		Repository: registry.Repository{
			URL: "https://" + string(id), Forge: "forgejo", ForgeID: forgeID, DefaultBranch: "main",
			Topics: []string{"küste", `"quoted"`}, Stars: 7,
			Created: time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
			Pushed:  time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600)),
		},
		PublicCode: publiccode.PublicCode{
			Version: "0.5", Name: "Deichbuch", Categories: []string{"data-collection"},
			Description: map[string]publiccode.Description{
				"de": {ShortDescription: "Führt Buch über Deiche & Siele.", Features: []string{"Prüfgänge", "Maße"}},
				"en": {ShortDescription: "Keeps a record of dykes <and> sluices."},
			},
			Legal:     publiccode.Legal{License: "EUPL-1.2"},
			DependsOn: &publiccode.DependsOn{Open: []publiccode.Dependency{{Name: "PostgreSQL", VersionMin: "15"}}},
		},
		Findings:       []publiccode.Finding{{Code: "PC0000", Severity: publiccode.Warning, Line: 3, Column: 1, Key: "name", Args: []string{"ß"}}},
		Activity:       activity(),
		Licence:        licenceReport(),
		SBOMs:          []registry.SBOM{bill("sbom.spdx.json", strings.Repeat("f", 64), nil)},
		Files:          []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Commit: "0123abcd", Bytes: []byte("name: Deichbuch\n")}},
		Locations:      []registry.Location{{ID: "mirror.example/küste/deichbuch", URL: "https://mirror.example/küste/deichbuch", Forge: "gitlab"}},
		BasedOn:        []registry.ID{"forge.example/upstream/dykes", "forge.example/upstream/all/~/sluices"},
		TechnicalForks: 3,
	}
}

// together is what is said of how an entry is looked after.
func together() []registry.Comaintenance {
	return []registry.Comaintenance{{
		Comaintenance: adoption.Comaintenance{
			Software: "https://forge.example/a/b", Seeks: adoption.CoMaintainers, Community: adoption.Community{Name: "Kreis <Küste> & Deich", URI: "https://kueste.example/"},
			Partners: []adoption.Partner{{Name: "Stadt \"Siel\"", Region: "DE-SH", Role: adoption.Funds}}, Steering: "Der Beirat.",
			Joining: adoption.Joining{Contact: "deich@kueste.example"}, ConfirmedUntil: "2027-03-01",
			Funding: []adoption.Funding{{Purpose: "Barrierefreiheit", Status: adoption.OpenFunding, Amount: adoption.Money{Amount: 1 << 40, Currency: "EUR"}}},
		},
		Organisation: adoption.Organisation{URI: "https://kueste.example/amt", Name: "Amt Küste"},
		Publisher:    registry.Publisher{ID: "sh", Name: "Land Schleswig-Holstein", Region: "DE-SH"},
		Repository:   "forge.example/a/adoptions", URL: "https://forge.example/a/adoptions", Vouched: registry.ProvenDNS,
	}}
}

func activity() *registry.Activity {
	zone := time.FixedZone("", 3600)
	issues := 0
	return &registry.Activity{
		Languages: []registry.Language{{Name: "Go", Share: 66.7}, {Name: "C++", Share: 33.3}},
		Releases: []registry.Release{{
			Tag: "v1.2.0", Name: "Frühjahr", Published: time.Date(2026, 3, 1, 0, 30, 0, 0, zone), Prerelease: true,
			Assets: []registry.Asset{{Name: "sbom.json", URL: "https://forge.example/a/b/sbom.json", Size: 1 << 33}},
		}},
		Tags: []registry.Tag{{Name: "v1.2.0", Commit: "0123abcd", Date: time.Date(2026, 2, 28, 12, 0, 0, 1, zone)}},
		Commits: &registry.Commits{
			Total: 1000, Authors: 2, ByMonth: []registry.Month{{Month: "2026-02"}, {Month: "2026-03", Commits: 1000, Authors: 2}}, Partial: true,
		},
		HelpWanted: []registry.Issue{{
			Title: "<Siele> & Schöpfwerke", URL: "https://forge.example/a/b/issues/1", Labels: []string{"hilfe gesucht"},
			Created: time.Date(2026, 1, 1, 0, 0, 0, 0, zone),
		}},
		OpenIssues: &issues,
	}
}

func put(t *testing.T, s registry.Store, software *registry.Software) registry.Change {
	t.Helper()
	c, err := s.Put(t.Context(), software)
	if err != nil {
		t.Fatalf("Put %s: %v", software.ID, err)
	}
	return c
}

func remove(t *testing.T, s registry.Store, id registry.ID) registry.Change {
	t.Helper()
	c, err := s.Remove(t.Context(), id, registry.FileGone)
	if err != nil {
		t.Fatalf("Remove %s: %v", id, err)
	}
	return c
}

func get(t *testing.T, s registry.Store, id registry.ID) *registry.Software {
	t.Helper()
	software, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get %s: %v", id, err)
	}
	return software
}

func revOf(t *testing.T, s registry.Store) registry.Rev {
	t.Helper()
	rev, err := s.Rev(t.Context())
	if err != nil {
		t.Fatalf("Rev: %v", err)
	}
	return rev
}

func visit(t *testing.T, s registry.Store, repo registry.ID) *registry.Visit {
	t.Helper()
	v, err := s.Visit(t.Context(), repo)
	if err != nil {
		t.Fatalf("Visit %s: %v", repo, err)
	}
	return v
}

func putVisits(t *testing.T, s registry.Store, all ...*registry.Visit) {
	t.Helper()
	if err := s.PutVisits(t.Context(), all); err != nil {
		t.Fatalf("PutVisits: %v", err)
	}
}

func checkpoint(t *testing.T, s registry.Store, state *registry.SourceState, seen ...registry.ID) {
	t.Helper()
	if err := s.Checkpoint(t.Context(), state, seen); err != nil {
		t.Fatalf("Checkpoint of %s: %v", state.Source, err)
	}
}

func changes(t *testing.T, s registry.Store, after registry.Rev) []registry.Change {
	t.Helper()
	var all []registry.Change
	for c, err := range s.Changes(t.Context(), after) {
		if err != nil {
			t.Fatalf("Changes after %d: %v", after, err)
		}
		all = append(all, c)
	}
	return all
}

func ids(t *testing.T, s registry.Store) []registry.ID {
	t.Helper()
	var all []registry.ID
	for software, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatalf("All: %v", err)
		}
		all = append(all, software.ID)
	}
	return all
}

func visits(t *testing.T, s registry.Store, source string, outcomes ...registry.Outcome) []registry.ID {
	t.Helper()
	var all []registry.ID
	for v, err := range s.Visits(t.Context(), source, outcomes...) {
		if err != nil {
			t.Fatalf("Visits %q: %v", source, err)
		}
		all = append(all, v.Repo)
	}
	return all
}

// same compares what was put with what came back: without the bytes of files,
// instants whatever their zone, nothing the same as empty.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	opts := cmp.Options{
		cmpopts.EquateEmpty(),
		cmpopts.EquateApproxTime(0),
		cmpopts.IgnoreFields(registry.File{}, "Bytes"),
	}
	if diff := cmp.Diff(want, got, opts); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func cancelled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
