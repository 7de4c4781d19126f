// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption_test

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
)

func TestDirectory(t *testing.T) {
	var d adoption.Directory
	for _, o := range []adoption.Organisation{
		{URI: "https://www.kiel.example/", Name: "Landeshauptstadt Kiel"},
		{URI: "https://kreis.example/", Name: "Kreis Kiel"},
		{URI: "https://it.example/", Name: "Amt für Informationstechnik (AfIT)"},
		{URI: "https://dekanat.example/", Name: "Dekanat der Universität - DdU"},
		{URI: "https://a.example/", Name: "Gymnasium Am Markt (Husum)"},
		{URI: "https://b.example/", Name: "Gymnasium Am Markt (Wismar)"},
		{URI: "https://n1.example/", Name: "Stadt Neustadt"},
		{URI: "https://n2.example/", Name: "Stadt Neustadt"},
		{URI: "https://luebeck.example/", Name: "Hansestadt Lübeck"},
		{URI: "https://milano.example/", Name: "Città di Milano"},
		{URI: "urn:example:metro", Name: "Città metropolitana di Milano"},
		{URI: "https://host.example/team/a", Name: "Referat A"},
		{URI: "https://host.example/team/b", Name: "Referat B"},
		{Name: "Ohne Adresse"},
		{URI: "https://kiel.example", Name: "Stadtverwaltung der Förde"}, // another name of the first
		{URI: "https://werk.example/", Name: "Werk für Verkehr S.p.A."},
		{URI: "https://rechnen.example/", Name: "Rechenzentrum (RZN) GmbH"},
		{URI: "https://vermessung.example/", Name: "LVA - Landesvermessungsamt"},
		{URI: "https://wasser.example/", Name: "Wasserverband"},
		{Name: "Wasserverband"}, // by its name alone: no second one
		{URI: "https://n3.example/", Name: "Stadt Neustadt AG"},
		{URI: "https://p1.example/", Name: "Pegel AG"},
		{URI: "https://p2.example/", Name: "Pegel GmbH"},
	} {
		d.Add(o)
	}
	for _, test := range []struct {
		claim, uri string
		by         adoption.Means
	}{
		{"Landeshauptstadt Kiel", "https://www.kiel.example/", adoption.ByName},
		{"  STADT KIEL ", "https://www.kiel.example/", adoption.ByName},
		{"Stadtverwaltung Kiel", "https://www.kiel.example/", adoption.ByName},
		{"stadtverwaltung der foerde", "https://www.kiel.example/", adoption.ByName},
		{"https://kiel.example", "https://www.kiel.example/", adoption.ByURI},
		{"Die an der Förde (http://www.KIEL.example/)", "https://www.kiel.example/", adoption.ByURI},
		{"[Rathaus](https://kiel.example/)", "https://www.kiel.example/", adoption.ByURI},
		{"Landeshauptstadt Kiel - https://unbekannt.example", "https://www.kiel.example/", adoption.ByName},
		{"Kreis Kiel", "https://kreis.example/", adoption.ByName},
		{"Kreisverwaltung Kiel", "https://kreis.example/", adoption.ByName},
		{"Amt fuer Informationstechnik", "https://it.example/", adoption.ByName},
		{"Amt für Informationstechnik (AfIT)", "https://it.example/", adoption.ByName},
		{"AFIT", "https://it.example/", adoption.ByAcronym},
		{"DdU", "https://dekanat.example/", adoption.ByAcronym},
		{"Luebeck", "", ""},
		{"Stadt Lu\u0308beck", "https://luebeck.example/", adoption.ByName}, // decomposed
		{"Comune di Milano", "https://milano.example/", adoption.ByName},
		{"Citta' metropolitana di Milano", "urn:example:metro", adoption.ByName},
		{"Gymnasium Am Markt (Husum)", "https://a.example/", adoption.ByName},
		{"Gymnasium Am Markt (Rostock)", "", ""},
		{"Gymnasium Am Markt", "", ""},
		{"Stadt Neustadt", "", ""}, // two
		{"https://host.example/", "", ""},
		{"https://host.example/team/b/", "https://host.example/team/b", adoption.ByURI},
		{"Kiel", "", ""},
		{"Ohne  Adresse", "", adoption.ByName},
		{"Landeshauptstadt Kiel und Kreis Kiel", "", ""},
		{"Werk für Verkehr SpA", "https://werk.example/", adoption.ByName},
		{"Werk für Verkehr, s.p.a", "https://werk.example/", adoption.ByName},
		{"Werk für Verkehr", "https://werk.example/", adoption.ByName},
		{"RZN GmbH", "https://rechnen.example/", adoption.ByAcronym},
		{"Rechenzentrum", "https://rechnen.example/", adoption.ByName},
		{"Landesvermessungsamt", "https://vermessung.example/", adoption.ByName},
		{"LVA", "https://vermessung.example/", adoption.ByAcronym},
		{"Referat 7 - Landesvermessungsamt", "", ""},
		{"Wasserverband", "https://wasser.example/", adoption.ByName},
		{"Pegel GmbH", "https://p2.example/", adoption.ByName},
		{"Pegel", "", ""},
		{"Pegel KG", "", ""},
		{"Werk für Verkehr GmbH", "", ""},
		{"Wasserverband e. V.", "https://wasser.example/", adoption.ByName},
		{"GmbH", "", ""},
		{"Amt für Informationstechnik (Abteilung 3)", "", ""},
		{"", "", ""},
		{"()", "", ""},
		{"–", "", ""},
		{"https://", "", ""},
		{strings.Repeat("Kiel ", 1000), "", ""},
	} {
		o, by, ok := d.Find(test.claim)
		if o.URI != test.uri || by != test.by || ok != (test.by != "") {
			t.Errorf("%q: %q by %q, %v; want %q by %q", test.claim, o.URI, by, ok, test.uri, test.by)
		}
	}
}

func TestDirectoryTellsTheNameThatWasFound(t *testing.T) {
	var d adoption.Directory
	d.Add(adoption.Organisation{URI: "https://land.example/", Name: "Ministerium für Deiche", Region: "DE-SH"})
	d.Add(adoption.Organisation{URI: "https://www.land.example", Name: "Landesregierung"})
	if o, _, ok := d.Find("Landesregierung"); !ok || o != (adoption.Organisation{URI: "https://land.example/", Name: "Landesregierung", Region: "DE-SH"}) {
		t.Errorf("found %+v, %v", o, ok)
	}
}

// What is added last must not change whom an unambiguous claim means, and who is
// known under a name is found by it, unless another bears it as well.
func FuzzDirectory(f *testing.F) {
	f.Add("Stadt Kiel", "Landeshauptstadt Kiel (LHK)", "https://kiel.example/")
	f.Add("a", "[x](http://a)", "urn:x")
	f.Fuzz(func(t *testing.T, claim, name, uri string) {
		var d adoption.Directory
		d.Add(adoption.Organisation{URI: uri, Name: name})
		o, by, ok := d.Find(claim)
		if ok != (by != "") || ok && (o.Name != name || o.URI != uri) {
			t.Fatalf("%q finds %+v by %q", claim, o, by)
		}
		d.Add(adoption.Organisation{URI: "urn:example:another", Name: name})
		if again, by, ok := d.Find(claim); ok && by == adoption.ByName && uri != "" && again.URI != uri {
			t.Fatalf("%q means another one of the same name", claim)
		}
	})
}
