// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

func TestAdoptionsCommand(t *testing.T) {
	config := filled(t, func(s registry.Store) {
		a := &registry.Adoptions{
			Word: registry.Word{Organisation: adoption.Organisation{URI: "https://stadt.example/", Name: "Stadt\x1b[2J"}, Repository: "git.example/stadt/adoptions", Time: time.Now()},
			Statements: []adoption.Statement{
				{Software: "https://git.example/o/home", Role: adoption.Uses, Version: "1.0", ConfirmedUntil: "2020-01-01"},
				{Software: "https://git.example/o/home", Role: adoption.Uses, Version: "geheim", ConfirmedUntil: "2999-12-31", Visibility: adoption.Restricted},
				{Software: "https://git.example/o/other", Role: adoption.Funds, ConfirmedUntil: "2999-12-31"},
			},
		}
		if err := s.(registry.Documents).PutDocuments(t.Context(), a.Document(0)); err != nil {
			t.Fatal(err)
		}
	})
	list := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"adoptions", "--config", config, "--lang", "de"}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	out := list()
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 3 || !strings.HasSuffix(lines[1], "abgelaufen") || strings.Contains(out, "geheim") || strings.Contains(out, "\x1b") {
		t.Errorf("%q", out)
	}
	if out := list("--software", "git.example/o/HOME", "--restricted"); strings.Count(out, "\n") != 3 || !strings.Contains(out, "geheim") || !strings.Contains(out, "eingeschränkt") {
		t.Errorf("%q", out)
	}
	if out := list("--organisation", "https://kreis.example"); !strings.HasPrefix(out, "Noch sagt keine") {
		t.Errorf("%q", out)
	}
	var all []adopted
	if err := json.Unmarshal([]byte(list("--json")), &all); err != nil || len(all) != 2 {
		t.Fatalf("%v: %+v", err, all)
	}
	if diff := cmp.Diff(registry.ProvenPublisher, all[1].Proof); diff != "" || all[1].Software != "git.example/o/other" {
		t.Errorf("%+v", all[1])
	}
	if _, errs, code := command(t, "adoptions", "--config", config, "--software", "urn:x"); code != exitUsage {
		t.Errorf("code %d: %s", code, errs)
	}
}
