// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func TestClaimsCommand(t *testing.T) {
	config := filled(t, func(s registry.Store) {
		town := adoption.Organisation{URI: "https://stadt.example/", Name: "Landeshauptstadt Fichtenau"}
		for _, entry := range []*registry.Software{
			{ID: "git.example/a/one", Publisher: registry.Publisher{ID: "kreis", Name: "Kreis Fichtenau", URI: "https://kreis.example/"}},
			{
				ID: "git.example/b/two", Publisher: registry.Publisher{ID: "other", Name: "Andere", URI: "https://andere.example/"},
				Adoptions: []registry.Adoption{
					{Organisation: town, Role: adoption.Uses, ConfirmedUntil: "2999-12-31"},
					{Organisation: adoption.Organisation{URI: "https://kreis.example", Name: "Kreis"}, Role: adoption.None, ConfirmedUntil: "2999-12-31"},
				},
			},
		} {
			entry.Repository.URL = "https://" + string(entry.ID)
			entry.PublicCode.Name = "x"
			entry.PublicCode.UsedBy = []string{"Stadt Fichtenau", "https://kreis.example", "wer\x1b[2J"}
			if _, err := s.Put(t.Context(), entry); err != nil {
				t.Fatal(err)
			}
		}
		said := registry.Adoptions{Word: registry.Word{Organisation: town, Repository: "git.example/stadt/adoptions"}, Statements: []adoption.Statement{{Software: "https://git.example/b/two", Role: adoption.Uses}}}
		if err := s.(registry.Documents).PutDocuments(t.Context(), said.Document(0)); err != nil {
			t.Fatal(err)
		}
	})
	list := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"claims", "--config", config, "--lang", "de"}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	if out := list(); strings.Count(out, "\n") != 5 || strings.Count(out, "bestätigt") != 1 || strings.Count(out, "bestritten") != 1 || !strings.Contains(out, "Adresse") {
		t.Errorf("%s", out)
	}
	if out := list("--all"); strings.Count(out, "\n") != 7 || strings.Contains(out, "\x1b") {
		t.Errorf("%q", out)
	}
	var all []registry.Claim
	if err := json.Unmarshal([]byte(list("--json")), &all); err != nil || len(all) != 4 {
		t.Fatalf("%v: %+v", err, all)
	}
	if c := all[0]; c.Software != "git.example/a/one" || c.Organisation.URI != "https://stadt.example/" || c.Means != adoption.ByName || c.Confirmed {
		t.Errorf("%+v", c)
	}
	if c := all[2]; c.Software != "git.example/b/two" || !c.Confirmed {
		t.Errorf("%+v", c)
	}
}
