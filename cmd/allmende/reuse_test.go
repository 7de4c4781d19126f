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
	empty := filled(t, func(registry.Store) {})
	if out, _, code := command(t, "reuse", "--config", empty); code != 0 || !strings.Contains(out, "hat keine Organisation bestätigt") && !strings.Contains(out, "No organisation") {
		t.Errorf("code %d: %s", code, out)
	}
}
