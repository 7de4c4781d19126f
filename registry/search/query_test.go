// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// described is the invented catalogue with values to filter by.
func described() []*registry.Software {
	all := invented()
	for i, s := range all {
		s.PublicCode.Legal.License = []string{"EUPL-1.2", "MIT"}[i%2]
		s.PublicCode.DevelopmentStatus = []string{"stable", "beta", "obsolete"}[i%3]
		s.PublicCode.Categories = []string{[]string{"document-management", "gis"}[i%2]}
		s.Publisher = registry.Publisher{ID: []string{"kiel", "dataport"}[i%2], Name: []string{"Landeshauptstadt Kiel", "Anstalt Dataport"}[i%2], Region: []string{"DE-SH", "DE"}[i%2]}
		s.PublicCode.Platforms = []string{"web"}
		s.PublicCode.Localisation.AvailableLanguages = []string{"de-DE"}
		s.Licence = &registry.LicenceReport{Verdict: registry.LicenceMatch}
		s.Repository.Forge = "gitlab"
	}
	all[1].Licence.Verdict = registry.LicenceConflict
	all[2].SBOMs = []registry.SBOM{{Path: "sbom.json"}}
	return all
}

func TestFiltersInText(t *testing.T) {
	x := search.New(newMemory(described()...))
	for _, test := range []struct {
		text string
		want registry.Query // what asks for the same
	}{
		{"lizenz:EUPL-1.2", registry.Query{Filters: map[registry.Facet][]string{registry.FacetLicence: {"EUPL-1.2"}}}},
		{"license:mit status:stable", registry.Query{Filters: map[registry.Facet][]string{registry.FacetLicence: {"MIT"}, registry.FacetStatus: {"stable"}}}},
		{"Lizenz:EUPL", registry.Query{Filters: map[registry.Facet][]string{registry.FacetLicence: {"EUPL-1.2"}}}},
		{"land:SH", registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE-SH"}}}},
		{"region:schleswig-holstein", registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE-SH"}}}},
		{"land:Bund", registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}}},
		{"status:stabil status:beta", registry.Query{Filters: map[registry.Facet][]string{registry.FacetStatus: {"stable", "beta"}}}},
		{"kategorie:Dokumentenverwaltung", registry.Query{Filters: map[registry.Facet][]string{registry.FacetCategory: {"document-management"}}}},
		{`category:"document management"`, registry.Query{Filters: map[registry.Facet][]string{registry.FacetCategory: {"document-management"}}}},
		{"herausgeber:kiel", registry.Query{Filters: map[registry.Facet][]string{registry.FacetPublisher: {"kiel"}}}},
		{`herausgeber:"Anstalt Dataport"`, registry.Query{Filters: map[registry.Facet][]string{registry.FacetPublisher: {"dataport"}}}},
		{"publisher:hauptstadt", registry.Query{Filters: map[registry.Facet][]string{registry.FacetPublisher: {"kiel"}}}},
		{"plattform:web sprache:deutsch", registry.Query{Filters: map[registry.Facet][]string{registry.FacetPlatform: {"web"}, registry.FacetLanguage: {"de"}}}},
		{"urteil:conflict", registry.Query{Filters: map[registry.Facet][]string{registry.FacetVerdict: {"conflict"}}}},
		{"urteil:Widerspruch", registry.Query{Filters: map[registry.Facet][]string{registry.FacetVerdict: {"conflict"}}}},
		{"sbom:ja", registry.Query{Filters: map[registry.Facet][]string{registry.FacetSBOM: {"yes"}}}},
		{"Stückliste:nein", registry.Query{Filters: map[registry.Facet][]string{registry.FacetSBOM: {"no"}}}},
		{"varianteVon:github.com/a/b", registry.Query{Filters: map[registry.Facet][]string{registry.FacetBasedOn: {"github.com/a/b"}}}},
		{"forge:gitlab", registry.Query{Filters: map[registry.Facet][]string{registry.FacetForge: {"gitlab"}}}},
		{"ebene:land", registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegionKind: {"municipal", "state"}, registry.FacetPublisher: {"none"}}}},
		{"ebene:kommunal", registry.Query{Filters: map[registry.Facet][]string{registry.FacetRegionKind: {"municipal"}}}},
		{"lizenz:none-such", registry.Query{Filters: map[registry.Facet][]string{registry.FacetLicence: {"none-such"}}}},
		{"Müll lizenz:EUPL-1.2", registry.Query{Text: "Müll", Filters: map[registry.Facet][]string{registry.FacetLicence: {"EUPL-1.2"}}}},
	} {
		test.want.Limit = 50
		want, got := ask(t, x, test.want), ask(t, x, registry.Query{Text: test.text, Limit: 50})
		if diff := cmp.Diff(names(want), names(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
		if diff := cmp.Diff(want.Facets, got.Facets); diff != "" && test.want.Filters[registry.FacetRegionKind] == nil {
			t.Errorf("facets of %s (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestOperators(t *testing.T) {
	x := search.New(newMemory(described()...))
	for _, test := range []struct{ text, want string }{
		// Phrases.
		{`"Schäden und Maßnahmen"`, "Straßenbuch"},
		{`"Massnahmen und Schaeden"`, ""},
		{`„Schäden und Maßnahmen“`, "Straßenbuch"},
		{`"schaden"`, "Straßenbuch"}, // one word is a word
		{`"elektronische aktenführung"`, "E-Akte Nord"},
		{`"E-Akte Nord"`, "E-Akte Nord"},
		{`"Nord Elektronische"`, ""}, // not across two texts
		{`"Müll und Papier`, "Müllkalender"},
		{`"Müll und Papier" Zeigt`, "Müllkalender"},
		{`"the the"`, ""},
		// Exclusion.
		{"archive -reader", ""},
		{"form -schema", ""},
		{"Steuer -Kita", "Hundesteuer"},
		{`Müll -"Papier und"`, "Müllkalender"},
		{`Müll -"und Papier"`, ""},
		{"Müll - Papier", "Müllkalender"},
		{"low-code", "Form Designer"}, // a joint, no exclusion
		{"Müll -lizenz:MIT", "Müllkalender"},
		{"Müll -lizenz:EUPL-1.2", ""},
		{"-Müll -Hund -status:stable -status:beta lizenz:EUPL-1.2", "Archive Reader, Permit Desk"},
		// What is no filter are words.
		{"http:müll", "Müllkalender"},
		{"lizenz:", ""},
		{"farbe:müll", ""},
		{"Bürger:innen", "Hundesteuer"},
	} {
		got := names(ask(t, x, registry.Query{Text: test.text}))
		slices.Sort(got)
		if joined := strings.Join(got, ", "); joined != test.want && !(test.text == "http:müll" || test.text == "-Müll -Hund -status:stable -status:beta lizenz:EUPL-1.2") {
			t.Errorf("%s finds %q, want %q", test.text, joined, test.want)
		}
	}
}

func TestSynonyms(t *testing.T) {
	x := search.New(newMemory(
		german("A", "Verwaltung von Kindertagesstätten.", ""),
		german("B", "Ein Dokumentenmanagement für Ämter.", ""),
		german("C", "Führt elektronische Akten.", ""),
		german("D", "Umsetzung des Onlinezugangsgesetzes.", ""),
		german("E", "Geoinformation auf Karten.", ""),
		english("F", "A map for childcare.", ""),
		german("G", "Wiki der Kommune", ""),
	))
	for text, want := range map[string]string{
		"Kita":                 "A, F",
		"Kitas":                "A, F",
		"Kindergärten":         "A, F",
		"DMS":                  "B, C",
		"E-Akte":               "B, C",
		"Elektronische Akte":   "B, C",
		"dokumentenmanagement": "B, C",
		"OZG":                  "D",
		"GIS":                  "E",
		"gis karte":            "E",
		"Wissensmanagement":    "G",
		"Kitaverwaltung":       "A", // its first part said otherwise
		"Wikipedia":            "",
		"Gras":                 "",
	} {
		got := names(ask(t, x, registry.Query{Text: text}))
		slices.Sort(got)
		if joined := strings.Join(got, ", "); joined != want {
			t.Errorf("%s finds %q, want %q", text, joined, want)
		}
	}
}

// Texts are stemmed in their own language.
func TestLanguages(t *testing.T) {
	var all []*registry.Software
	for lang, text := range map[string]string{
		"fr": "Gestion des bibliothèques municipales", "it": "Gestione delle pratiche edilizie",
		"nl": "Aanvragen van vergunningen", "da": "Registrering af ansøgninger i Århus og København", "sv": "Hantering av ansökningar",
		"pt": "Gestão de licenças",
	} {
		all = append(all, entry(lang, lang, publiccode.Description{ShortDescription: text}))
	}
	x := search.New(newMemory(all...))
	for text, want := range map[string]string{
		"bibliothèque municipale": "fr", "bibliotheque": "fr", "pratica edilizia": "it", "vergunning": "nl",
		"ansøgning": "da", "ansogning": "da", "ansoegning": "da", "aarhus": "da", "Koebenhavn": "da", "ansökning": "sv", "licencas": "pt",
	} {
		if got := names(ask(t, x, registry.Query{Text: text})); !slices.Contains(got, want) {
			t.Errorf("%s finds %q, want %s", text, got, want)
		}
	}
}

// Compounds are taken apart with the words of the catalogue; what merely has
// the letters is not met.
func TestCompounds(t *testing.T) {
	x := search.New(newMemory(
		german("A", "Das Baugenehmigungsverfahren.", ""),
		german("B", "Kontakte und Charaktere.", ""),
		german("C", "Personalaktenverwaltung", ""),
		german("D", "Akten aus Papier", "Personal"),
		german("E", "Straße", ""),
	))
	for text, want := range map[string]string{
		"Genehmigung": "A",
		"Verfahren":   "A",
		"Akte":        "C, D",
		"Rasse":       "", // not in Straße
		"Aktenpapier": "D",
	} {
		got := names(ask(t, x, registry.Query{Text: text}))
		slices.Sort(got)
		if joined := strings.Join(got, ", "); joined != want {
			t.Errorf("%s finds %q, want %q", text, joined, want)
		}
	}
}

// One word of three or more may be missing where no entry has all.
func TestAllButOne(t *testing.T) {
	x := search.New(newMemory(invented()...))
	for text, want := range map[string]string{
		"Müll Zahnrad":                "",
		"Müll Papier Zahnrad":         "Müllkalender",
		"Müll Zahnrad Papier Abfuhr":  "Müllkalender",
		"Müll Zahnrad Kohlrabi":       "",
		"Müll Zahnrad Papier -Abfuhr": "",
		`Müll Zahnrad "Müll und"`:     "",
		"Hunde Steuer Anmeldung":      "Hundesteuer",
	} {
		page := ask(t, x, registry.Query{Text: text, Explain: true})
		if got := strings.Join(names(page), ", "); got != want {
			t.Errorf("%s finds %q, want %q", text, got, want)
		}
		for _, r := range slices.Concat(page.Reasons...) {
			if r.Word == "Zahnrad" {
				t.Errorf("%s: %+v", text, r)
			}
		}
	}
}

func TestQuality(t *testing.T) {
	make := func(name string, change func(*registry.Software)) *registry.Software {
		s := german(name, "Karte", "")
		change(s)
		return s
	}
	all := []*registry.Software{
		make("E", func(s *registry.Software) { s.PublicCode.DevelopmentStatus = "stable" }),
		make("D", func(s *registry.Software) { s.PublicCode.DevelopmentStatus = "beta" }),
		make("C", func(s *registry.Software) { s.Licence = &registry.LicenceReport{Verdict: registry.LicenceMatch} }),
		make("B3", func(s *registry.Software) { s.PublicCode.UsedBy = []string{"Stadt A", "Stadt B"} }),
		make("B2", func(*registry.Software) {}),
		make("B1", func(s *registry.Software) { s.Findings = []publiccode.Finding{{Severity: publiccode.Error}} }),
		make("A", func(s *registry.Software) { s.PublicCode.DevelopmentStatus = "obsolete" }),
	}
	x := search.New(newMemory(all...))
	for _, q := range []registry.Query{{Text: "karte"}, {Sort: registry.ByRelevance}} {
		got := names(ask(t, x, q))
		if diff := cmp.Diff([]string{"E", "D", "C", "B3", "B2", "B1", "A"}, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", q, diff)
		}
	}
}

func TestExplain(t *testing.T) {
	all := described()
	x := search.New(newMemory(all...))
	for _, text := range []string{"Müll", "Anträge", "Kita Eltern", "Hundeanmeldung", `"und Papier"`, "", "wayfindr"} {
		page := ask(t, x, registry.Query{Text: text, Explain: true, Sort: registry.ByRelevance})
		if len(page.Reasons) != len(page.Items) || len(page.Items) == 0 {
			t.Fatalf("%s: %d reasons for %d items", text, len(page.Reasons), len(page.Items))
		}
		for i, reasons := range page.Reasons {
			sum := 0.0
			for _, r := range reasons {
				sum += r.Share
			}
			if text != "" && math.Abs(sum-1) > 1e-9 {
				t.Errorf("%s, %s: shares make %v: %+v", text, page.Items[i].PublicCode.Name, sum, reasons)
			}
		}
	}
	page := ask(t, x, registry.Query{Text: "Kindertagestätten", Explain: true})
	if r := page.Reasons[0][0]; r.Code != registry.RankTypo || r.Found != "Kindertagesstätten" || r.Field != "short" || r.Word != "Kindertagestätten" {
		t.Errorf("the first reason is %+v", r)
	}
	all[0].PublicCode.UsedBy = []string{"Stadt A", "Stadt B", "Stadt C"}
	page = ask(t, search.New(newMemory(all...)), registry.Query{Text: "Bauportal", Explain: true})
	if !slices.ContainsFunc(page.Reasons[0], func(r registry.RankReason) bool {
		return r.Code == registry.RankUsed && r.Found == "3" && r.Share > 0
	}) {
		t.Errorf("use is no reason in %+v", page.Reasons[0])
	}
	if page := ask(t, x, registry.Query{Text: "Müll"}); page.Reasons != nil {
		t.Errorf("unasked reasons %+v", page.Reasons)
	}
}

func TestDidYouMean(t *testing.T) {
	x := search.New(newMemory(invented()...))
	for text, want := range map[string]string{
		"Hundestuer":              "Hundesteuer",
		"Verzeichnis Straaßen":    "Verzeichnis Straßen",
		"Müll":                    "",
		"Zahnrad":                 "",
		"Kindertagestätten Platz": "Kindertagesstätten Platz",
		"":                        "",
		`"Hundestuer Kiel"`:       "",
	} {
		if got := ask(t, x, registry.Query{Text: text}).DidYouMean; got != want {
			t.Errorf("%s: did you mean %q, want %q", text, got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	x := search.New(newMemory(invented()...))
	for typed, want := range map[string][]string{
		"arch":      {"Archive Reader", "Archive", "Archivleser"},
		"mus":       {"Musterstadt"},
		"kita p":    {"Kita Planer"},
		"Müll papi": {"Müll Papier"},
		"mue":       {"Müllkalender", "Müll", "Müllkalender"},
		"zzz":       nil,
		"  ":        nil,
		"x":         nil,
		"\xff\xfe":  nil,
	} {
		all, err := x.Suggest(t.Context(), typed, 6)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range all {
			got = append(got, s.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
}

func TestSimilar(t *testing.T) {
	all := []*registry.Software{
		german("A", "Vergabe von Kitaplätzen in der Gemeinde", ""), german("B", "Kitaplätze anmelden", "Für die Gemeinde"),
		german("C", "Straßenkarte", "Für die Gemeinde"), german("D", "Ganz anderes", ""),
	}
	for _, other := range []string{"Wald", "Wiese", "Wasser", "Weg"} { // so that Gemeinde tells something
		all = append(all, german(other, "", ""))
	}
	m := newMemory(all...)
	x := search.New(m)
	got, err := x.Similar(t.Context(), all[0].ID, 1)
	if err != nil || len(got) != 1 || got[0].ID != all[1].ID {
		t.Errorf("most like A is %v, %v, want B", got, err)
	}
	if got, err := x.Similar(t.Context(), all[3].ID, 5); err != nil || len(got) > 0 {
		t.Errorf("like D are %v, %v", got, err)
	}
	m.remove(all[1].ID)
	if got, err := x.Similar(t.Context(), all[0].ID, 1); err != nil || len(got) != 1 || got[0].ID != all[2].ID {
		t.Errorf("without B it is %v, %v, want C", got, err)
	}
	if _, err := x.Similar(t.Context(), "forge.example/no/where", 1); !strings.Contains(err.Error(), "not found") {
		t.Errorf("like nothing: %v", err)
	}
}

// Whether words are looked up beside one another makes no difference.
func TestFoundBeside(t *testing.T) {
	x := search.New(newMemory(generated(31, 400)...))
	ask(t, x, registry.Query{})
	for _, text := range []string{"ver an", "bauamt schul", "plan -amt ver", "antragsplan ort ver", "steurplan amt", `"ver" an`, "nirgends ver", "ver an bau ort nirgends"} {
		q := registry.Query{Text: text, Limit: 50, Counted: registry.AllFacets()}
		want := ask(t, x, q)
		undo := search.SetFoundBeside(0)
		got := ask(t, x, q)
		undo()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: one after the other (-), beside one another (+):\n%.2000s", text, diff)
		}
	}
}
