// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// withNeeds fills a registry with an entry, who looks after it, and three needs.
func withNeeds(t *testing.T) (config string) {
	t.Helper()
	return filled(t, func(s registry.Store) {
		publisher := registry.Publisher{ID: "land", Name: "Land", URI: "https://land.example/"}
		_, err := s.Put(t.Context(), &registry.Software{
			ID: "git.example/o/grabfeld", Repository: registry.Repository{URL: "https://git.example/o/grabfeld"}, Publisher: publisher,
			PublicCode: publiccode.PublicCode{Name: "Grabfeld", Description: map[string]publiccode.Description{
				"de": {GenericName: "Friedhofsverwaltung", ShortDescription: "Friedhöfe und Gräber führen."},
			}},
			Comaintenance: []registry.Comaintenance{{
				Comaintenance: adoption.Comaintenance{
					Community: adoption.Community{Name: "Ruhe\x1b[2J"}, Seeks: adoption.CoMaintainers, Partners: []adoption.Partner{{Name: "Stadt Erle"}}, ConfirmedUntil: "2999-12-31",
					Joining: adoption.Joining{Contact: "ruhe@land.example"}, Funding: []adoption.Funding{{Purpose: "Karte", Status: adoption.OpenFunding, Amount: adoption.Money{Amount: 4000, Currency: "EUR"}}},
				},
				Organisation: adoption.Organisation{URI: publisher.URI, Name: "Land"}, Publisher: publisher, Repository: "git.example/o/grabfeld",
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, need := range []adoption.Need{
			{ID: "friedhof", Title: "Verwaltung der Friedhöfe und Gräber\x1b[2J", By: "2030-01-01"},
			{ID: "karte", Title: "Karte der Gräber", Software: "https://git.example/o/grabfeld", Share: adoption.Money{Amount: 10, Currency: "EUR"}},
			{ID: "geheim", Title: "Geheime Friedhöfe", Software: "https://git.example/o/grabfeld", Visibility: adoption.Restricted},
		} {
			town := []string{"Stadt Erle", "Stadt Ulme", "Stadt Tanne"}[i]
			n := registry.Needs{Needs: []adoption.Need{need}, Word: registry.Word{
				Organisation: adoption.Organisation{URI: "https://" + need.ID + ".example/", Name: town}, Repository: registry.ID("git.example/" + need.ID + "/allmende"), Time: time.Now(),
			}}
			if err := s.(registry.Documents).PutDocuments(t.Context(), n.Document(0)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNeedsCommand(t *testing.T) {
	config := withNeeds(t)
	run := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"needs", "--config", config, "--lang", "de"}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	for _, want := range []string{"Stadt Erle, bis 2030-01-01, offen bis", "Grabfeld  git.example/o/grabfeld  (Friedhöfe, Gräber)"} {
		if out := run(); !strings.Contains(out, want) || strings.Contains(out, "\x1b") || strings.Contains(out, "Geheime") || strings.Contains(out, "Gemeinsame Wünsche") {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if out := run("--restricted"); !strings.Contains(out, "Geheime") || !strings.Contains(out, "Gemeinsame Wünsche:\n  Karte der Gräber: Stadt Ulme, Stadt Tanne; 10 EUR") {
		t.Errorf("%s", out)
	}
	var board registry.Board
	if err := json.Unmarshal([]byte(run("--json")), &board); err != nil || len(board.Needs) != 2 || len(board.Joint) != 0 {
		t.Errorf("%v: %+v", err, board)
	}
}

func TestNeedsOfAFile(t *testing.T) {
	config := withNeeds(t)
	file := filepath.Join(t.TempDir(), "needs.yml")
	write := func(src string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`needsYmlVersion: "1.0"
organisation: {uri: "https://neu.example/", name: Stadt Neu, region: DE-SH}
needs:
  - {id: grab, title: Gräber auf Friedhöfen, description: "Ruhefristen."}
  - {id: wunsch, title: Noch eine Karte, software: "https://git.example/o/grabfeld", share: 5}
  - {id: nichts, title: Parkraumbewirtschaftung}
`)
	out, errs, code := command(t, "needs", file, "--config", config, "--json")
	var board registry.Board
	if err := json.Unmarshal([]byte(out), &board); err != nil || code != 0 || len(board.Needs) != 3 {
		t.Fatalf("code %d, %v: %s%s", code, err, out, errs)
	}
	for _, n := range board.Needs {
		switch n.ID {
		case "grab":
			if len(n.Solutions) != 1 || n.Solutions[0].Software != "git.example/o/grabfeld" || !slices.Equal(n.Solutions[0].Words, []string{"Gräber", "Friedhöfen"}) || len(n.Others) != 1 {
				t.Errorf("%+v", n)
			}
		case "wunsch":
			if n.Subject != "git.example/o/grabfeld" || len(board.Joint) != 1 || board.Joint[0].Shares[0].Amount != 15 {
				t.Errorf("%+v of %+v", n, board.Joint)
			}
		case "nichts":
			if len(n.Solutions)+len(n.Others) != 0 {
				t.Errorf("%+v", n)
			}
		}
	}
	if strings.Contains(out, "eheim") {
		t.Errorf("what is restricted: %s", out)
	}
	write("needs: [")
	for want, args := range map[int][]string{exitFindings: {file}, exitUsage: {file + ".not"}} {
		if _, errs, code := command(t, append([]string{"needs", "--config", config}, args...)...); code != want || errs == "" {
			t.Errorf("code %d, want %d: %s", code, want, errs)
		}
	}
}

func TestCommunitiesCommand(t *testing.T) {
	config := withNeeds(t)
	out, errs, code := command(t, "communities", "--config", config, "--lang", "de")
	for _, want := range []string{"Grabfeld  git.example/o/grabfeld  sucht Mitstreiter für die Pflege", "Mitmachen: ruhe@land.example", "Beteiligt: Stadt Erle", "Gesucht: 4000 EUR"} {
		if code != 0 || !strings.Contains(out, want) || strings.Contains(out, "\x1b") {
			t.Errorf("code %d, %q is not in %q%s", code, want, out, errs)
		}
	}
	out, errs, _ = command(t, "communities", "--config", config, "--json")
	var list []registry.CommunityEntry
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 || len(list[0].Software) != 1 {
		t.Errorf("%v: %s%s", err, out, errs)
	}
	empty := filled(t, func(registry.Store) {})
	for name, want := range map[string]string{"needs": "Noch steht kein Bedarf offen", "communities": "Noch nennt niemand"} {
		if out, _, code := command(t, name, "--config", empty, "--lang", "de"); code != 0 || !strings.Contains(out, want) {
			t.Errorf("%s: code %d, %s", name, code, out)
		}
	}
}
