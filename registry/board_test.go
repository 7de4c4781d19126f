// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// boardStore is a store with its index.
type boardStore struct {
	*sqlite.Store
	*search.Index
}

// catalogueInGerman is a little catalogue of what towns run.
func catalogueInGerman(t *testing.T) boardStore {
	t.Helper()
	store := open(t)
	for _, e := range []struct {
		path, name, generic, short, long string
		categories                       []string
	}{
		{"gruen/grabfeld", "Grabfeld", "Friedhofsverwaltung", "Friedhöfe, Gräber und Ruhefristen führen.", "Mit Lageplan und Gebührenbescheid.", []string{"asset-management"}},
		{"nord/ratsblick", "Ratsblick", "Ratsinformationssystem", "Sitzungen des Gemeinderats mit Vorlagen und Beschlüssen.", "Die Einladung geht an alle Mitglieder. Termine der Ausschüsse stehen im Kalender.", []string{"content-management"}},
		{"sued/terminwahl", "Terminwahl", "Terminbuchung", "Termine im Bürgeramt buchen und absagen.", "Erinnerung mit Nachricht, Aufruf im Warteraum.", []string{"appointment-scheduling"}},
		{"sued/hundemarke", "Hundemarke", "Hundesteuer", "Hunde zur Steuer anmelden, Bescheide erhalten.", "", []string{"accounting"}},
		{"west/laterne", "Laterne", "Mängelmelder", "Defekte Straßenlampen und Schlaglöcher auf der Karte melden.", "Meldungen gehen an den Bauhof.", []string{"customer-service-and-support", "gis"}},
		{"west/kitaplatz", "Kitaplatz", "Kitaplatzvergabe", "Plätze in Kindertagesstätten anmelden und vergeben.", "", []string{"workflow-management"}},
		{"ost/aktei", "Aktei", "Elektronische Akte", "Akten führen, Vorgänge zeichnen, aussondern.", "Mit Schnittstelle zum Archiv.", []string{"document-management"}},
		{"ost/brunnen", "Brunnen", "Wasserwerk", "Messwerte von Pegeln und Brunnen.", "", []string{"data-analytics"}},
	} {
		put(t, store, &registry.Software{
			ID: registry.ID("forge.example/" + e.path), Repository: registry.Repository{URL: "https://forge.example/" + e.path},
			Publisher: registry.Publisher{ID: "bauhof", Name: "Stadt Bauhof"},
			PublicCode: publiccode.PublicCode{Name: e.name, Categories: e.categories, Description: map[string]publiccode.Description{
				"de": {GenericName: e.generic, ShortDescription: e.short, LongDescription: e.long},
			}},
		})
	}
	return boardStore{store, search.New(store)}
}

func (b boardStore) say(t *testing.T, town, region string, at int, needs ...adoption.Need) {
	t.Helper()
	n := registry.Needs{
		Word: registry.Word{
			Organisation: adoption.Organisation{URI: "https://" + town + ".example/", Name: "Stadt " + town, Region: region},
			Repository:   registry.ID("forge.example/" + town + "/allmende"), Time: day(at),
		},
		Needs: needs,
	}
	if err := b.PutDocuments(t.Context(), n.Document(0)); err != nil {
		t.Fatal(err)
	}
}

func (b boardStore) board(t *testing.T, see func(*registry.Needs) bool, now time.Time) *registry.Board {
	t.Helper()
	board, err := registry.ReadBoard(t.Context(), b, see, now)
	if err != nil {
		t.Fatal(err)
	}
	return board
}

func everyNeed(*registry.Needs) bool { return true }

// reasons writes what matches, with the reason.
func reasons(all []registry.NeedMatch) string {
	var list []string
	for _, m := range all {
		list = append(list, fmt.Sprintf("%s (%s)", m.Name, strings.Join(append(slices.Clone(m.Words), m.Category...), ", ")))
	}
	return strings.Join(list, "; ")
}

func TestWhatFitsANeed(t *testing.T) {
	tests := []struct {
		need adoption.Need
		want string
	}{
		{adoption.Need{Title: "Verwaltung von Friedhöfen und Gräbern", Description: "Wir suchen eine Lösung, mit der die Stadt Ruhefristen und Gebühren führt."}, "Grabfeld (Friedhöfen, Gräbern, Ruhefristen, Gebühren)"},
		{adoption.Need{Title: "Friedhofsverwaltung"}, "Grabfeld (Friedhofsverwaltung)"},
		{adoption.Need{Title: "Online-Terminvergabe für das Bürgeramt", Description: "Bürgerinnen und Bürger sollen Termine buchen."}, "Terminwahl (Online-Terminvergabe, Bürgeramt, Termine)"},
		{adoption.Need{Title: "Anmeldung zur Hundesteuer"}, "Hundemarke (Anmeldung, Hundesteuer)"},
		{adoption.Need{Title: "Mängelmelder mit Karte", Categories: []string{"gis"}}, "Laterne (Mängelmelder, Karte, gis)"},
		{adoption.Need{Title: "Ratsinformationssystem ablösen", Description: "Vorlagen und Beschlüsse sollen öffentlich sein."}, "Ratsblick (Ratsinformationssystem, Vorlagen, Beschlüsse)"},
		{adoption.Need{Title: "Vergabe von Kita-Plätzen"}, "Kitaplatz (Vergabe, Kita-Plätzen)"},
		{adoption.Need{Title: "E-Akte für die Bauaufsicht", Categories: []string{"document-management"}}, "Aktei (E-Akte, document-management)"},
		// What is unlike is not matched: words that say nothing, one word by chance,
		// the name of a publisher, typing errors.
		{adoption.Need{Title: "Software für die Verwaltung", Description: "Wir suchen eine digitale Lösung für alle Bürger der Stadt."}, ""},
		{adoption.Need{Title: "Parkraumbewirtschaftung", Description: "Anwohner sollen Ausweise erhalten, die Karte zeigt freie Plätze."}, ""},
		{adoption.Need{Title: "Lohnabrechnung mit Kalender und Nachricht"}, ""},
		{adoption.Need{Title: "Fahrzeuge des Bauhofs"}, ""},
		{adoption.Need{Title: "Rettungsleitstelle"}, ""},
		{adoption.Need{Title: "Protokolle der Vermessung", Categories: []string{"gis"}}, ""},
		{adoption.Need{Title: "???"}, ""},
		// A wish is about what there is.
		{adoption.Need{Title: "Hundesteuer mit Lastschrift", Software: "https://forge.example/sued/hundemarke"}, ""},
	}
	b := catalogueInGerman(t)
	for i, tt := range tests {
		tt.need.ID = fmt.Sprint("n", i)
		b.say(t, fmt.Sprint("ort", i), "", 1, tt.need)
	}
	for _, n := range b.board(t, nil, day(2)).Needs {
		var i int
		_, _ = fmt.Sscanf(n.ID, "n%d", &i)
		if have := reasons(n.Solutions); have != tests[i].want {
			t.Errorf("%s: %q, want %q", n.Title, have, tests[i].want)
		}
	}
}

func TestNeedsThatAreAlike(t *testing.T) {
	b := catalogueInGerman(t)
	b.say(t, "ahausen", "", 1, adoption.Need{ID: "kita", Title: "Anmeldung für Kindertagesstätten", Description: "Eltern melden Kinder an."})
	b.say(t, "bdorf", "", 2, adoption.Need{ID: "krippe", Title: "Vergabe der Plätze in einer Kindertagesstätte", Description: "Anmeldungen der Eltern."})
	b.say(t, "cstadt", "", 3,
		adoption.Need{ID: "wald", Title: "Baumkataster", Description: "Bäume an Straßen."}, adoption.Need{ID: "baum", Title: "Kataster der Bäume"})
	b.say(t, "dheim", "", 4, adoption.Need{ID: "eltern", Title: "Abfallkalender", Description: "Eltern und Kinder."})
	have := map[string]string{}
	for _, n := range b.board(t, nil, day(5)).Needs {
		have[n.ID] = reasons(n.Others)
	}
	want := map[string]string{
		"kita":   "Vergabe der Plätze in einer Kindertagesstätte (Anmeldung, Kindertagesstätten, Eltern)",
		"krippe": "Anmeldung für Kindertagesstätten (Kindertagesstätte, Anmeldungen, Eltern)",
		"wald":   "", "baum": "", "eltern": "", // of one organisation; unlike
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("want (-), have (+):\n%s", diff)
	}
}

func TestJointWishes(t *testing.T) {
	b := catalogueInGerman(t)
	euro := func(n int64) adoption.Money { return adoption.Money{Amount: n, Currency: "EUR"} }
	const dogs = "https://forge.example/sued/hundemarke"
	b.say(t, "ahausen", "DE-SH", 1, adoption.Need{ID: "lastschrift", Title: "Lastschrift", Software: dogs, Share: euro(5000)})
	b.say(t, "bdorf", "DE-SH", 3,
		adoption.Need{ID: "einzug", Title: "Einzug", Software: dogs + ".git", Share: adoption.Money{Amount: 900, Currency: "CHF"}},
		adoption.Need{ID: "alt", Title: "Alt", Software: dogs, Share: euro(77), OpenUntil: "2026-01-01"},
		adoption.Need{ID: "allein", Title: "Allein", Software: "https://forge.example/ost/brunnen"},
		adoption.Need{ID: "zweitens", Title: "Noch einmal", Software: "https://forge.example/ost/brunnen"})
	b.say(t, "cstadt", "DE-BY", 2,
		adoption.Need{ID: "sepa", Title: "SEPA", Joins: "https://forge.example/Ahausen/allmende.git#lastschrift", Share: euro(1500)},
		adoption.Need{ID: "geheim", Title: "Still", Software: dogs, Share: euro(100000), Visibility: adoption.Restricted},
		adoption.Need{ID: "nirgends", Title: "Ins Leere", Joins: "https://forge.example/niemand/allmende#x"})
	const ahausen, bdorf, cstadt = "forge.example/ahausen/allmende", "forge.example/bdorf/allmende", "forge.example/cstadt/allmende"
	want := []registry.JointNeed{{
		Key: ahausen + "#lastschrift", Title: "Lastschrift", Software: "forge.example/sued/hundemarke",
		Needs:   []string{ahausen + "#lastschrift", cstadt + "#sepa", bdorf + "#einzug"},
		Backers: []string{"Stadt ahausen", "Stadt cstadt", "Stadt bdorf"},
		Shares:  []adoption.Money{{Amount: 900, Currency: "CHF"}, euro(6500)},
	}}
	board := b.board(t, nil, day(4))
	if diff := cmp.Diff(want, board.Joint); diff != "" {
		t.Errorf("for everybody, want (-), have (+):\n%s", diff)
	}
	if text, err := json.Marshal(board); err != nil || strings.Contains(string(text), "geheim") || strings.Contains(string(text), "Still") {
		t.Errorf("everybody sees what is restricted: %s", text)
	}
	for _, n := range board.Needs {
		joint := slices.Contains(want[0].Needs, n.Key)
		if (n.Joint == want[0].Key) != joint {
			t.Errorf("%s is part of %q", n.Key, n.Joint)
		}
	}
	grant := registry.Grant{Scopes: []registry.Scope{registry.ScopeAdoptions}, Regions: []string{"DE-BY"}}
	want[0].Needs = []string{ahausen + "#lastschrift", cstadt + "#sepa", cstadt + "#geheim", bdorf + "#einzug"}
	want[0].Shares[1].Amount += 100000
	if diff := cmp.Diff(want, b.board(t, func(n *registry.Needs) bool { return grant.Sees(n) }, day(4)).Joint); diff != "" {
		t.Errorf("for its region, want (-), have (+):\n%s", diff)
	}
	// A year from when it was said, and what joined it stands alone.
	if late := b.board(t, everyNeed, time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC)); len(late.Needs) != 6 || len(late.Joint) != 1 || len(late.Joint[0].Needs) != 2 {
		t.Errorf("after a year: %d needs, joint %+v", len(late.Needs), late.Joint)
	}
}

func TestBoardIsTheSameEveryTime(t *testing.T) {
	b := catalogueInGerman(t)
	for i := range 30 {
		b.say(t, fmt.Sprint("ort", i), "", 1+i%3, adoption.Need{ID: "a", Title: "Terminbuchung im Bürgeramt", Joins: fmt.Sprintf("https://forge.example/ort%d/allmende#a", (i+7)%30)})
	}
	first := b.board(t, everyNeed, day(9))
	if len(first.Joint) != 1 || len(first.Joint[0].Backers) != 30 || len(first.Needs[0].Others) != registry.MaxMatches {
		t.Fatalf("%d needs, %d joint", len(first.Needs), len(first.Joint))
	}
	for range 3 {
		if diff := cmp.Diff(first, b.board(t, everyNeed, day(9))); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestBoardIsBounded(t *testing.T) {
	b := catalogueInGerman(t)
	for i := range 6 {
		var needs []adoption.Need
		for j := range 200 {
			needs = append(needs, adoption.Need{ID: fmt.Sprint("n", j), Title: "?"})
		}
		b.say(t, fmt.Sprint("ort", i), "", 1+i, needs...)
	}
	board := b.board(t, nil, day(9))
	if len(board.Needs) != registry.MaxBoard || !strings.Contains(board.Needs[0].Key, "ort5") || strings.Contains(board.Needs[registry.MaxBoard-1].Key, "ort0") {
		t.Errorf("%d needs from %s to %s", len(board.Needs), board.Needs[0].Key, board.Needs[len(board.Needs)-1].Key)
	}
}
