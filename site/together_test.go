// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

var (
	hafen = adoption.Organisation{URI: "https://hafen.example/", Name: "Stadt Hafen", Region: "DE-HH"}
	aue   = adoption.Organisation{URI: "https://aue.example/", Name: "Landkreis Aue", Region: "DE-NI"}
)

// neighbourly is a catalogue in which one entry is looked after together and is to be
// joined, and somebody needs something.
func neighbourly() *fake {
	c := sample()
	s := c.entries[0] // github.com/kiel/akte
	s.PublicCode.UsedBy = []string{"Stadt Hafen", "https://aue.example", "Niemand Bekanntes"}
	s.Comaintenance = []registry.Comaintenance{
		{
			Comaintenance: adoption.Comaintenance{
				Software: "https://github.com/kiel/akte", Seeks: adoption.CoMaintainers,
				Community: adoption.Community{Name: "Aktenkreis", URI: "https://aktenkreis.example/"},
				Partners:  []adoption.Partner{{Name: "Stadt Hafen", URI: hafen.URI, Region: "DE-HH"}, {Name: "Landkreis Aue", Region: "DE-NI", Role: adoption.Funds}},
				Steering:  "Ein Lenkungskreis tagt jeden Monat.", Decisions: "Im Konsens.",
				Joining: adoption.Joining{Text: "Kommen Sie zum Treffen.", URL: "https://aktenkreis.example/mitmachen", Contact: "kreis@aktenkreis.example"},
				Funding: []adoption.Funding{
					{Purpose: "Prüfung der Barrierefreiheit", Status: adoption.OpenFunding, Amount: adoption.Money{Amount: 12000, Currency: "EUR"}, Until: "2999-06-30"},
					{Purpose: "Übersetzung", Status: adoption.CommittedFunding, Amount: adoption.Money{Amount: 5000, Currency: "CHF"}, By: "Landkreis Aue"},
				},
				ConfirmedUntil: "2999-01-31",
			},
			Organisation: adoption.Organisation{URI: kiel.URI, Name: kiel.Name, Region: kiel.Region}, Publisher: kiel, Repository: "github.com/kiel/adoptions", URL: "https://github.com/kiel/adoptions/blob/main/adoptions.yml",
		},
		{
			Comaintenance: adoption.Comaintenance{Software: "https://github.com/kiel/akte", Seeks: adoption.NewMaintainer, Community: adoption.Community{Name: "Aktenkreis Nord"}, Decisions: "Nach Absprache.", ConfirmedUntil: "2999-01-31"},
			Organisation:  aue, Publisher: registry.Publisher{ID: "aue", Name: "Landkreis Aue", URI: "https://aue.example"}, Repository: "github.com/aue/adoptions",
		},
	}
	s.Adoptions = append(s.Adoptions,
		registry.Adoption{Organisation: hafen, Role: adoption.Operates, ConfirmedUntil: "2999-12-31"}, // by the API
		registry.Adoption{Organisation: aue, Role: adoption.None, ConfirmedUntil: "2999-12-31", Repository: "github.com/aue/adoptions", Publisher: registry.Publisher{ID: "aue", URI: aue.URI}},
	)
	said := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	c.board = &registry.Board{
		Needs: []registry.BoardNeed{
			{
				Need: adoption.Need{ID: "suche", Title: "Bessere Suche", Software: "https://github.com/kiel/akte", Share: adoption.Money{Amount: 8000, Currency: "EUR"}, OpenUntil: "2999-01-01"},
				Key:  "github.com/aue/adoptions#suche", Organisation: aue, Proof: registry.ProvenDNS, Said: said.AddDate(0, 0, 3),
				Joint: "github.com/hafen/adoptions#suche", Subject: "github.com/kiel/akte",
			},
			{
				Need: adoption.Need{ID: "suche", Title: "Volltextsuche in Akten", Software: "https://github.com/kiel/akte", Share: adoption.Money{Amount: 4000, Currency: "EUR"}},
				Key:  "github.com/hafen/adoptions#suche", Organisation: hafen, Proof: registry.ProvenSource, Said: said.AddDate(0, 0, 2),
				Joint: "github.com/hafen/adoptions#suche", Subject: "github.com/kiel/akte",
			},
			{
				Need: adoption.Need{
					ID: "ablage", Title: "Eine Ablage für Akten", Description: "Akten sollen\nauffindbar sein.", Categories: []string{"e-commerce"}, By: "2027-03-31",
					Procurement: adoption.Procurement{Planned: "2026-12-01", URL: "https://vergabe.example/1"}, Offers: []adoption.Offer{adoption.OffersBuild, adoption.OffersFunds, "unknown"},
					Share: adoption.Money{Amount: 25000, Currency: "EUR"}, Contact: "it@hafen.example", OpenUntil: "2027-12-31",
				},
				Key: "github.com/hafen/adoptions#ablage", Organisation: hafen, Proof: registry.ProvenPublisher, Publisher: registry.Publisher{ID: "verbund", Name: "Verbund"},
				URL: "https://github.com/hafen/adoptions/blob/main/needs.yml", Said: said,
				Solutions: []registry.NeedMatch{{Software: "github.com/kiel/akte", Name: "Akte", Words: []string{"Akten", "Ablage"}, Category: []string{"e-commerce"}}, {Software: "github.com/nicht/da", Name: "Fort"}},
				Others:    []registry.NeedMatch{{Need: "github.com/sh/bedarf#archiv", Name: "Archiv", Words: []string{"Akten"}}, {Need: "github.com/kein/bedarf#x", Name: "Fort"}},
			},
			{
				Need: adoption.Need{ID: "archiv", Title: "Archive for files", Language: "en", Visibility: adoption.Public},
				Key:  "github.com/sh/bedarf#archiv", Organisation: adoption.Organisation{URI: kiel.URI, Name: kiel.Name, Region: kiel.Region}, Publisher: kiel, Proof: registry.ProvenSource, Said: said.AddDate(0, 0, -1),
				Others: []registry.NeedMatch{{Need: "github.com/hafen/adoptions#ablage", Name: "Eine Ablage für Akten", Words: []string{"files"}}},
			},
			{
				Need: adoption.Need{ID: "geheim", Title: "Streng vertraulich", Visibility: adoption.Restricted},
				Key:  "github.com/sh/bedarf#geheim", Organisation: hafen, Said: said.AddDate(0, 0, -2), Subject: "github.com/kiel/akte",
			},
		},
		Joint: []registry.JointNeed{{
			Key: "github.com/hafen/adoptions#suche", Title: "Volltextsuche in Akten", Software: "github.com/kiel/akte",
			Needs: []string{"github.com/hafen/adoptions#suche", "github.com/aue/adoptions#suche"}, Backers: []string{"Stadt Hafen", "Landkreis Aue"}, Shares: []adoption.Money{{Amount: 12000, Currency: "EUR"}},
		}},
	}
	return c
}

// pageText is the visible text of a page.
func pageText(t *testing.T, c *fake, path string) string {
	t.Helper()
	answer := fetch(t, serve(t, c, Options{API: true}), "GET", path)
	if answer.StatusCode != 200 {
		t.Fatalf("%s: %s", path, answer.Status)
	}
	return visibleText(t, answer.body)
}

func wantWords(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(withoutBlanks(text), withoutBlanks(w)) {
			t.Errorf("%q is not there", w)
		}
	}
}

// withoutBlanks is a text in which it does not matter what stands on a line of its own.
func withoutBlanks(s string) string { return strings.Join(strings.Fields(s), "") }

func TestEntryIsLookedAfterTogether(t *testing.T) {
	text := pageText(t, neighbourly(), "/software/github.com/kiel/akte/")
	wantWords(t, text,
		"sucht Mitpflegende", "Das sagt der Herausgeber", "Das sagt: Landkreis Aue", "Stadt Hafen (Hamburg, pflegt)", "Landkreis Aue (Niedersachsen, finanziert)",
		"Ein Lenkungskreis tagt jeden Monat.", "Im Konsens.", "Kommen Sie zum Treffen.", "kreis@aktenkreis.example",
		"Prüfung der Barrierefreiheit, 12.000 €, bis 30. Juni 2999", "Übersetzung, 5.000 CHF (Landkreis Aue)",
	)
	if strings.Index(text, "Das sagt der Herausgeber") > strings.Index(text, "Das sagt: Landkreis Aue") || strings.Contains(text, "wird abgegeben") {
		t.Error("the publisher's word is not the first, or what others say is taken for it")
	}
	for _, path := range []string{"/", "/software/", "/join/", "/publishers/sh/", "/regions/DE-SH/"} {
		wantWords(t, pageText(t, neighbourly(), path), "sucht Mitpflegende")
	}
	if english := pageText(t, neighbourly(), "/en/software/github.com/kiel/akte/"); !strings.Contains(english, "seeks co-maintainers") || !strings.Contains(english, "€12,000") {
		t.Error(english)
	}
	later := neighbourly()
	later.entries[0].Comaintenance[0].ConfirmedUntil = "2020-01-01"
	text = pageText(t, later, "/software/github.com/kiel/akte/")
	wantWords(t, text, "Bestätigung abgelaufen am 1. Januar 2020")
	if strings.Contains(text, "sucht Mitpflegende") {
		t.Error("what is confirmed no longer is said still")
	}
	if text := pageText(t, later, "/join/"); strings.Contains(text, "Prüfung der Barrierefreiheit") {
		t.Error("money is looked for still")
	}
}

func TestClaimsWithWhomTheyMean(t *testing.T) {
	wantWords(t, pageText(t, neighbourly(), "/software/github.com/kiel/akte/"),
		"Stadt Hafen Gemeint, nach dem Namen: Stadt Hafen (Hamburg): selbst bestätigt",
		"https://aue.example Gemeint, nach der Adresse: Landkreis Aue (Niedersachsen): selbst bestritten",
		"Niemand Bekanntes",
		"belegt: über die Schnittstelle dieses Katalogs", "belegt: Die Datei liegt in einer Quelle dieser Organisation",
	)
}

func TestAdoptersByState(t *testing.T) {
	c := neighbourly()
	d := newDetail(c.entries[0], "de", time.Now())
	want := []adopterPlace{{"Schleswig-Holstein", "/regions/DE-SH/", []string{"Kreis Beispiel"}}, {"Hamburg", "/regions/DE-HH/", []string{"Stadt Hafen"}}}
	if !slices.EqualFunc(d.AdopterPlaces, want, func(a, b adopterPlace) bool {
		return a.Name == b.Name && a.Path == b.Path && slices.Equal(a.Who, b.Who)
	}) {
		t.Errorf("%+v", d.AdopterPlaces)
	}
	if m := string(d.AdopterMap); strings.Count(m, "<li ") != 16 || strings.Count(m, "<b>1</b>") != 2 {
		t.Error(m)
	}
	c.entries[0].Adoptions = nil
	if d := newDetail(c.entries[0], "de", time.Now()); d.AdopterMap != "" || d.AdopterPlaces != nil {
		t.Errorf("a map of nobody: %+v", d.AdopterPlaces)
	}
}

func TestCommunities(t *testing.T) {
	text := pageText(t, neighbourly(), "/communities/")
	wantWords(t, text, "Aktenkreis Software Akte, Land Schleswig-Holstein sucht Mitpflegende", "Geld gesucht 12.000 €", "Kommen Sie zum Treffen.", "Aktenkreis Nord", "(sagt: Landkreis Aue)")
	if strings.Contains(text, "wird abgegeben") {
		t.Error("what others say is taken for the publisher's word")
	}
	wantWords(t, pageText(t, sample(), "/communities/"), "Noch ist keine Gemeinschaft bekannt.")
}

func TestJoinByLabelAndSoftware(t *testing.T) {
	c := neighbourly()
	c.entries[0].Activity.HelpWanted[0].Labels = []string{"Übersetzung", "good first issue"}
	for query, want := range map[string][]string{
		"?label=übersetzung":                 {"1 offene Aufgabe", "Bitte übersetzen", "good first issue"},
		"?label=gibt-es-nicht":               {"Suchen Mitpflegende oder Geld"},
		"?software=github.com%2FKiel%2Fakte": {"2 offene Aufgaben", "Suchen Mitpflegende oder Geld", "Kommen Sie zum Treffen."},
		"?region=DE-SH":                      {"Suchen Mitpflegende oder Geld"},
	} {
		wantWords(t, pageText(t, c, "/join/"+query), want...)
	}
	for _, query := range []string{"?label=Übersetzung", "?software=gitlab.opencode.de%2Fbund%2Fgruppe%2Fdienst", "?region=DE"} {
		if text := pageText(t, c, "/join/"+query); strings.Contains(text, "Suchen Mitpflegende oder Geld") {
			t.Errorf("%s does not narrow what looks for people", query)
		}
	}
}
