// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestReuse(t *testing.T) {
	config := filled(t, func(s registry.Store) {
		for id, said := range map[registry.ID][]registry.Adoption{
			"git.example/kiel/akte": {
				{Organisation: adoption.Organisation{URI: "https://hamburg.example", Name: "Hamburg", Region: "DE-HH"}, Role: adoption.Uses, ConfirmedUntil: "2999-12-31"},
				{Organisation: adoption.Organisation{URI: "https://bremen.example", Name: "Bremen", Region: "DE-HB"}, Role: adoption.Uses, ConfirmedUntil: "2020-12-31"},
			},
			"git.example/kiel/bote": nil,
		} {
			_, err := s.Put(t.Context(), &registry.Software{
				ID: id, Publisher: registry.Publisher{ID: "kiel", Name: "Kiel", Region: "DE-SH"}, Adoptions: said,
				Repository: registry.Repository{URL: "https://" + string(id), Forge: "git", ForgeID: string(id)},
				PublicCode: publiccode.PublicCode{Name: "Akte", UsedBy: []string{"Stadt A"}},
				Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: []byte("name: Akte\n")}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	reuse := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"reuse", "--config", config}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	var n registry.ReuseNumbers
	if err := json.Unmarshal([]byte(reuse("--json")), &n); err != nil {
		t.Fatal(err)
	}
	want := `Bestätigte Nutzung am ` + n.Day + `. Was fehlt, ist nicht bekannt; zur Zählweise siehe docs/reuse.md.

Land                Veröffentlicht  Anderswo genutzt  Im Land genutzt  Nutzt von anderen  Organisationen
Schleswig-Holstein  2               1                 0                0                  0
Hamburg             0               0                 0                1                  1
Zusammen            2               1                 0                1                  1

Veröffentlicht von  Genutzt von  Einträge
Schleswig-Holstein  Hamburg      1

Nicht gezählt: 2 Angaben in usedBy, in 2 Einträgen.
`
	if diff := cmp.Diff(want, reuse("--lang", "de")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out := reuse("--lang", "en"); !strings.Contains(out, "Published by        Used by  Entries\nSchleswig-Holstein  Hamburg  1\n") {
		t.Error(out)
	}
	if pairs := []registry.ReuseBetween{{PublishedBy: "DE-SH", UsedBy: "DE-HH", Entries: 1}}; !slices.Equal(n.Pairs, pairs) {
		t.Errorf("%+v", n.Pairs)
	}
	table, err := csv.NewReader(strings.NewReader(reuse("--csv"))).ReadAll()
	if err != nil || len(table) != 1+len(registry.Places()) {
		t.Errorf("%d lines: %v", len(table), err)
	}
	for _, args := range [][]string{{"--json", "--csv"}, {"--lang", "fr"}, {"more"}} {
		if _, _, code := command(t, append([]string{"reuse", "--config", config}, args...)...); code != 2 {
			t.Errorf("%v: code %d", args, code)
		}
	}
	for _, day := range []string{"gestern", "2026-13-01", "2026-1-1"} {
		if _, errs, code := command(t, "reuse", "--config", config, "--from", day); code != 2 || !strings.Contains(errs, day) {
			t.Errorf("--from %s: code %d: %s", day, code, errs)
		}
	}
	empty := filled(t, func(registry.Store) {})
	if out, _, code := command(t, "reuse", "--config", empty); code != 0 || !strings.Contains(out, "hat keine Organisation bestätigt") && !strings.Contains(out, "No organisation") {
		t.Errorf("code %d: %s", code, out)
	}
}

// TestReuseOver: of a period it prints the days on which reuse was counted, as it
// was then.
func TestReuseOver(t *testing.T) {
	config := filled(t, func(s registry.Store) {
		for _, d := range []*registry.Day{
			{Date: "2026-11-20"}, // by a version that did not count it
			{Date: "2026-11-21", Reuse: &registry.ReuseNumbers{Day: "2026-11-21", Total: registry.PlaceReuse{Published: 9}}},
			{Date: "2026-11-22", Reuse: &registry.ReuseNumbers{
				Day: "2026-11-22", Total: registry.PlaceReuse{Published: 9, Shared: 2, Within: 1, Used: 2, Users: 3},
				Places: []registry.PlaceCount{{Code: "DE-HB", PlaceReuse: registry.PlaceReuse{Used: 2, Users: 3}}},
				Pairs:  []registry.ReuseBetween{{PublishedBy: "DE-SH", UsedBy: "DE-HB", Entries: 2}},
			}},
		} {
			if err := s.PutDay(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	})
	reuse := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"reuse", "--config", config}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	want := `Tag         Veröffentlicht  Anderswo genutzt  Im Land genutzt  Organisationen
2026-11-21  9               0                 0                0
2026-11-22  9               2                 1                3
`
	if diff := cmp.Diff(want, reuse("--from", "2026-11-01", "--lang", "de")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out := reuse("--to", "2026-11-20", "--lang", "en"); out != "Use was counted on no day of that time.\n" {
		t.Error(out)
	}
	var days []registry.ReuseNumbers
	if err := json.Unmarshal([]byte(reuse("--from", "2026-11-22", "--json")), &days); err != nil || len(days) != 1 || days[0].Total.Users != 3 {
		t.Errorf("%v: %+v", err, days)
	}
	table, err := csv.NewReader(strings.NewReader(reuse("--from", "2026-11-20", "--to", "2026-11-22", "--csv"))).ReadAll()
	if err != nil || len(table) != 1+2*len(registry.Places()) {
		t.Fatalf("%d lines: %v", len(table), err)
	}
	column := slices.Index(table[0], "usedBy:DE-HB")
	if first, last := table[1], table[1+len(registry.Places())]; first[0] != "2026-11-21" || first[column] != "0" || last[0] != "2026-11-22" || last[column] != "2" {
		t.Errorf("%q, %q", first, last)
	}
}
