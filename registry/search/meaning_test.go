// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// municipal is a catalogue of what towns need.
func municipal() []*registry.Software {
	all := []*registry.Software{
		german("Grabfeld", "Friedhöfe und ihre Gräber verwalten.", "Mit Plan und Fristen."),
		german("Hundesteuer", "Anmeldung von Hunden zur Steuer.", "Bescheide gehen an die Bürger."),
		german("Streuplan", "Touren der Streuwagen im Winter.", "Genehmigungen für Anwohner."),
		german("Bücherwurm", "Ausleihe für kleine Bibliotheken.", "Der Katalog steht im Netz."),
		german("Belegplan", "Ressourcenplanung für Ämter.", ""),
		english("Registers", "Electronic records for public bodies.", "Certificates of residence on demand."),
		english("Bricks", "A container for bricks.", "Document each brick, wherever it lies. Its management follows."),
	}
	all[0].Publisher = registry.Publisher{ID: "x", Name: "Landratsamt Muster"}
	all[1].ID = "forge.example/codehafen/hunde"
	all[2].PublicCode.IntendedAudience = &publiccode.IntendedAudience{Scope: []string{"transportation"}}
	return all
}

func TestMeaning(t *testing.T) {
	x := search.New(newMemory(municipal()...))
	for _, test := range []struct{ text, want string }{
		// Participles and nouns of verbs.
		{"gestreut", "Streuplan"},
		{"genehmigte", "Streuplan"},
		{"Ressourcen planen", "Belegplan"},
		// Compounds whose ends say little, whose parts are far apart, that have
		// an error in one part, or of which only the beginning is known.
		{"Friedhofsverwaltungssoftware", "Grabfeld"},
		{"Hundebescheid", "Hundesteuer"},
		{"Hundeanmelduung", "Hundesteuer"},
		{"Bibliotheksausweis", "Bücherwurm"},
		// Verbs with a prefix are no compounds.
		{"Fähren", ""},
		// Other words, and the keys of services.
		{"99102013104000", "Hundesteuer"},
		{"elektronische Akte", "Registers"},
		{"cemetery", "Grabfeld"},
		{"document management", "Bricks, Registers"}, // as two words, and by other words
		{"DMS", "Registers"},                         // not Bricks: they stand far apart
		{"Kubernetes", ""},                           // a container is found by it, but does not find all containers
		// What our own lists know is no typing error.
		{"Kita", ""},
		{"Graben", "Grabfeld"},
		// What names are made of is not what software is about.
		{"Amt", "Belegplan"},
		{"Hafen", ""},
		{"codehafen", "Hundesteuer"},
		{"Landratsamt", "Grabfeld"},
		// The scope of the audience.
		{"Verkehr", "Streuplan"},
		// Fillers need not be found, but where there is nothing else.
		{"digitale Software für Hunde", "Hundesteuer"},
		{"Wie kann ich online Bibliotheken finden?", "Bücherwurm"},
		{"Software", ""},
		{"Katalog", "Bücherwurm"},
		// One of three words, fillers among them, may be missing.
		{"Ausleihe Katalog Zahnrad", "Bücherwurm"},
		{"Ausleihe online Zahnrad", "Bücherwurm"},
		{"Ausleihe Zahnrad", ""},
		{"Hunde Ausleihe Zahnrad", ""},
	} {
		got := names(ask(t, x, registry.Query{Text: test.text}))
		slices.Sort(got)
		if joined := strings.Join(got, ", "); joined != test.want {
			t.Errorf("%s finds %q, want %q", test.text, joined, test.want)
		}
	}
}

// A corrected word counts as it would have, but less.
func TestMistyped(t *testing.T) {
	x := search.New(newMemory(
		german("Vergabeblick", "", ""), german("A", "", "Die Vergabe."), german("B", "Eine Vergabe", ""), german("C", "Andere", "")))
	got := names(ask(t, x, registry.Query{Text: "Veragbe"}))
	if want := []string{"B", "Vergabeblick", "A"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// An explanation names the words that met, in the entries that they met in.
func TestExplainParts(t *testing.T) {
	x := search.New(newMemory(german("A", "Anmeldung von Hunden", ""), german("B", "Hunde", "Hundeanmeldung")))
	page := ask(t, x, registry.Query{Text: "Hundeanmeldung", Explain: true})
	for i, s := range page.Items {
		want := map[string]registry.RankCode{"A": registry.RankParts, "B": registry.RankExact}[s.PublicCode.Name]
		if got := page.Reasons[i][0].Code; got != want {
			t.Errorf("%s: %s, want %s", s.PublicCode.Name, got, want)
		}
	}
	if len(page.Items) != 2 {
		t.Errorf("found %v", names(page))
	}
}
