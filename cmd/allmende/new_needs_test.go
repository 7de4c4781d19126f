// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

func TestNewNeeds(t *testing.T) {
	until := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
	later := time.Now().AddDate(2, 0, 0).Format(time.DateOnly)
	for lang, tt := range map[string]struct {
		typed []string
		want  []adoption.Need
		said  []string
	}{
		"de": {
			[]string{
				"https://www.musterhafen.example", "Stadt Musterhafen", "DE-SH", "",
				"", "Gewerbe", "gewerbe", "Online-Anmeldung: \"alles\" #1", "", "Formulare, other", "workflow-management, other", "", "", "irgendwann", later, "1, 3", "", "", "",
				"",
			},
			[]adoption.Need{{
				ID: "gewerbe", Title: "Online-Anmeldung: \"alles\" #1", Categories: []string{"workflow-management", "other"}, By: later,
				Offers: []adoption.Offer{adoption.OffersFunds, adoption.OffersTest}, OpenUntil: until,
			}},
			[]string{"Diese Angabe ist Pflicht", "kann einen Bedarf nicht bezeichnen", "ist kein erlaubter Wert", "trennen Sie mit Komma", "ist kein Datum", "Die Datei ist gültig."},
		},
		"en": {
			[]string{
				"urn:de:musterland:amt", "Office", "DE-NI", "",
				"noise-maps", "Noise maps", "For citizens.", "", "", "https://git.example.org/a/needs", "https://git.example.org/a/needs#noise", "", "", "office@a.example", "", "2",
				"wish", "Dark mode", "", "", "https://git.example.org/a/b", "", "", "builds", "", "", "",
				"",
			},
			[]adoption.Need{
				{
					ID: "noise-maps", Title: "Noise maps", Description: "For citizens.", Language: "en", Joins: "https://git.example.org/a/needs#noise",
					Contact: "office@a.example", OpenUntil: until, Visibility: adoption.Restricted,
				},
				{ID: "wish", Title: "Dark mode", Language: "en", Software: "https://git.example.org/a/b", Offers: []adoption.Offer{adoption.OffersBuild}, OpenUntil: until},
			},
			[]string{"2  builds", "An empty answer means: in a year: " + until, "is not the address of another need", "Whoever can read the repository can read them.", "The file is valid."},
		},
	} {
		t.Chdir(t.TempDir())
		out, errs, code := converse(t, strings.Join(tt.typed, "\n")+"\n", "new", "needs", "--lang", lang)
		for _, want := range tt.said {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("%s: exit code %d, with %q in\n%s%s", lang, code, want, out, errs)
			}
		}
		src, err := os.ReadFile("needs.yml")
		if err != nil {
			t.Fatal(err)
		}
		if file := adoption.ParseNeeds(src, adoption.Options{}).File; !reflect.DeepEqual(file.Needs, tt.want) {
			t.Errorf("%s: %+v, want %+v in\n%s", lang, file.Needs, tt.want, src)
		}
		if _, errs, code := command(t, "new", "needs", "--yes"); code != 2 || !strings.Contains(errs, "exists already") {
			t.Errorf("over a file: exit code %d: %s", code, errs)
		}
	}
}

func TestNewNeedsWithoutQuestions(t *testing.T) {
	t.Chdir(t.TempDir())
	samples := adoption.ParseNeeds(samplesOf(t, "needs", "  # - id: "), adoption.Options{})
	if len(samples.Findings) > 0 || len(samples.File.Needs) != 1 {
		t.Fatalf("the samples have %v: %+v", samples.Findings, samples.File)
	}
	if n := samples.File.Needs[0]; n.Procurement.Planned == "" || len(n.Offers) != 2 || n.Share.Amount == 0 || n.Visibility != adoption.Public {
		t.Errorf("the samples are %+v", n)
	}
}
