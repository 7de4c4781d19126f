// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A whole file comes out as it was written.
func TestNeeds(t *testing.T) {
	src := `needsYmlVersion: "1.0"
organisation:
  uri: https://www.musterhafen.example
  name: Stadt Musterhafen
  region: DE-SH
needs:
  - id: gewerbe-2
    title: Online-Anmeldung   eines Gewerbes
    description: >
      Ohne Termin,
      auch mit dem Telefon.
    language: nds
    categories: [workflow-management, other, workflow-management]
    by: 2028-06-30
    procurement: {planned: 2027-09-01, url: "https://musterhafen.example/vergabe"}
    offers: [funds, tests]
    share: {amount: 20000, currency: CHF}
    contact: digitales@musterhafen.example
    openUntil: 2027-10-31
    visibility: restricted
  - id: wunsch
    title: Formulare in Leichter Sprache
    software: https://code.example.org/form/editor
    joins: https://Code.example.org/beispielstadt/needs.git#formulare
    share: 0
`
	want := &NeedsFile{
		Version:      "1.0",
		Organisation: Organisation{URI: "https://www.musterhafen.example", Name: "Stadt Musterhafen", Region: "DE-SH"},
		Needs: []Need{
			{
				ID: "gewerbe-2", Title: "Online-Anmeldung eines Gewerbes", Description: "Ohne Termin, auch mit dem Telefon.", Language: "nds",
				Categories: []string{"workflow-management", "other"}, By: "2028-06-30",
				Procurement: Procurement{"2027-09-01", "https://musterhafen.example/vergabe"}, Offers: []Offer{OffersFunds, OffersTest},
				Share: Money{20000, "CHF"}, Contact: "digitales@musterhafen.example", OpenUntil: "2027-10-31", Visibility: Restricted,
			},
			{
				ID: "wunsch", Title: "Formulare in Leichter Sprache", Software: "https://code.example.org/form/editor",
				Joins: "https://code.example.org/beispielstadt/needs#formulare", Share: Money{0, "EUR"},
			},
		},
	}
	r := parseNeeds(src)
	if got := codesOf(r.Report); !slices.Equal(got, []string{"AD0405", "AD0306"}) || !r.Valid() || r.Report.Version != "1.0" || r.Report.FileName() != NeedsFileName {
		t.Errorf("findings %v, valid %v, version %q of %s", got, r.Valid(), r.Report.Version, r.Report.FileName())
	}
	if !reflect.DeepEqual(r.File, want) {
		t.Errorf("got  %+v\nwant %+v", r.File, want)
	}
	for _, lang := range []string{"de", "en"} {
		if again := parseNeeds(string(r.File.YAML(lang))); !reflect.DeepEqual(again.File, r.File) {
			t.Errorf("written as\n%s\nand read as %+v: %v", r.File.YAML(lang), again.File, codesOf(again.Report))
		}
	}
}

// What is no needs.yml is a finding and no file.
func TestNeedsUnreadable(t *testing.T) {
	for src, want := range map[string]string{"": "PC0005", "Wir brauchen ein Wiki.": "PC0006", "needs: [": "PC0004", bomb(): "PC0009"} {
		if r := parseNeeds(src); r.File != nil || r.Valid() || !slices.Contains(codesOf(r.Report), want) {
			t.Errorf("%.40q: %v", src, codesOf(r.Report))
		}
	}
	for lines, want := range map[string]string{
		"needs: []\n":     "AD0407",
		"needs:\n":        "AD0102",
		"needs: x\n":      "AD0202",
		"needs: [x]\n":    "AD0203",
		"x-needs: []\n":   "AD0101",
		"needs: [{}]\n":   "AD0101 AD0101",
		"bedarfe: [{}]\n": "AD0101 AD0103",
	} {
		before, _, _ := strings.Cut(file(t, "needs.yml"), "needs:")
		if r := parseNeeds(before + lines); len(r.File.Needs) > 0 || strings.Join(codesOf(r.Report), " ") != want {
			t.Errorf("%q: %v, want %s", lines, codesOf(r.Report), want)
		}
	}
}

// Whatever somebody writes who wants few to see a need, it is not public.
func TestNeedVisibilityFailsSafe(t *testing.T) {
	src := file(t, "needs.yml")
	for _, line := range []string{
		"visibility: restricted", "visibility: intern", "visibility: [restricted]", "visibility:", `visibility: ""`, "Visibility: restricted", "visiblity: restricted",
		"vertraulich: ja", "restricted: true", "<<: {visibility: restricted}", "visibility: restricted\n    visibility: public", "visibility: public\n    visibility: restricted",
		"procurement: {planned: 2027-09-01, visibility: restricted}", "procurement: {private: true}", "share: {amount: 5, restricted: true}", "share: {<<: {visibility: restricted}, amount: 5}",
	} {
		r := parseNeeds(src + "    " + line + "\n  - id: wiki\n    title: Ein Wiki\n")
		if len(r.File.Needs) != 2 || r.File.Needs[0].Visibility != Restricted || r.File.Needs[1].Visibility != "" || len(r.Findings) == 0 {
			t.Errorf("%q: %+v, findings %v", line, r.File.Needs, codesOf(r.Report))
		}
	}
	for _, whole := range []string{
		src + "visibility: restricted\n", "intern: ja\n" + src, src + "<<: {visibility: restricted}\n",
		strings.Replace(src, "organisation:\n", "organisation:\n  visibilty: restricted\n", 1),
	} {
		if r := parseNeeds(whole); len(r.File.Needs) != 1 || r.File.Needs[0].Visibility != Restricted {
			t.Errorf("%q: %+v", whole, r.File.Needs)
		}
	}
	for _, line := range []string{"visibility: public", "description: visibility restricted", "x-visibility: restricted", "colour: red"} {
		if r := parseNeeds(src + "    " + line + "\n"); r.File.Needs[0].Visibility == Restricted {
			t.Errorf("%q is restricted", line)
		}
	}
}

func TestNeedValues(t *testing.T) {
	for line, want := range map[string]string{
		"id: a":                                     "",
		"id: " + strings.Repeat("a", 60):            "",
		"id: " + strings.Repeat("a", 61):            "AD0601",
		"id: -a":                                    "AD0601",
		"id: a_b":                                   "AD0601",
		"id: ä":                                     "AD0601",
		"id: 9":                                     "AD0204 AD0601",
		"language: de":                              "",
		"language: nds":                             "",
		"language: deu":                             "AD0321",
		"language: de-AT":                           "AD0321",
		"language: DE":                              "AD0321",
		"language: und":                             "AD0607",
		"language: Deutsch":                         "AD0607",
		"categories: other":                         "AD0202",
		"categories: [Other]":                       "AD0321",
		"offers: [Funds]":                           "AD0321",
		"offers: [zahlt]":                           "AD0320",
		"offers: [[funds]]":                         "AD0201",
		"offers: [{funds: 5}]":                      "AD0201",
		"offers: [~]":                               "AD0108",
		"joins: https://code.example.org/a#b":       "",
		"joins: https://code.example.org/a/#b":      "AD0306",
		"joins: https://code.example.org/a?x#b":     "AD0306",
		"joins: https://u:p@code.example.org/a#b":   "AD0303",
		"joins: https://code.example.org/a":         "AD0603",
		"joins: https://code.example.org/a#":        "AD0603",
		"joins: https://code.example.org/a#B":       "AD0603",
		"joins: https://code.example.org/a#b#c":     "AD0603",
		"joins: https://code.example.org/#b":        "AD0603",
		"joins: https://github.com/a#b":             "AD0603",
		"joins: http://code.example.org/a#b":        "AD0603",
		"joins: gewerbe":                            "AD0603",
		"procurement: {url: javascript:alert(1)}":   "AD0322",
		"procurement: {url: ftp://a.example}":       "AD0322",
		"procurement: 2027-09-01":                   "AD0203",
		"procurement: {planned: 1.9.2027}":          "AD0317",
		"procurement: {url: https://u:p@a.example}": "AD0303",
	} {
		src := replaced(file(t, "needs.yml"), "    ", strings.SplitN(line, ": ", 2)[0], strings.SplitN(line, ": ", 2)[1])
		if strings.HasPrefix(line, "id: ") {
			src = strings.Replace(file(t, "needs.yml"), "id: gewerbe-anmeldung", line, 1)
		}
		r := parseNeeds(src)
		if got := strings.Join(codesOf(r.Report), " "); got != want {
			t.Errorf("%s: findings %s, want %s", line, got, want)
		}
		for _, n := range r.File.Needs {
			if strings.Contains(n.Joins+n.Procurement.URL, "u:p") || strings.HasPrefix(n.Procurement.URL, "javascript") {
				t.Errorf("%s: read as %+v", line, n)
			}
		}
	}
}

// Without a clock nothing is said of today.
func TestNeedsClock(t *testing.T) {
	src := file(t, "needs.yml") + "    by: 2020-06-30\n    openUntil: 2020-03-31\n    procurement: {planned: 2020-02-01}\n"
	for now, want := range map[string][]string{
		"":           nil,
		"2020-01-31": nil,
		"2020-02-01": nil,
		"2020-02-02": {"AD0409"},
		"2020-04-01": {"AD0604", "AD0409"},
		"2020-07-01": {"AD0409", "AD0604", "AD0409"},
		"2017-03-30": {"AD0605"},
		"2017-03-31": nil,
	} {
		var opt Options
		if now != "" {
			var err error
			if opt.Now, err = time.Parse(time.DateOnly, now); err != nil {
				t.Fatal(err)
			}
		}
		if got := codesOf(ParseNeeds([]byte(src), opt).Report); !slices.Equal(got, want) {
			t.Errorf("on %q: %v, want %v", now, got, want)
		}
	}
}

func TestMaxNeeds(t *testing.T) {
	before, _, _ := strings.Cut(file(t, "needs.yml"), "needs:")
	for n, want := range map[int][]string{MaxNeeds: nil, MaxNeeds + 1: {"AD0205"}} {
		src := strings.Builder{}
		src.WriteString(before + "needs:\n")
		for i := range n {
			fmt.Fprintf(&src, "  - id: need-%d\n    title: Bedarf %d\n    categories: [other, office]\n    offers: [funds, tests]\n    share: {amount: 5, currency: CHF}\n    procurement: {planned: 2027-09-01}\n", i, i)
		}
		if r := parseNeeds(src.String()); r.File == nil || len(r.File.Needs) != MaxNeeds || !slices.Equal(codesOf(r.Report), want) {
			t.Errorf("%d needs of %d bytes: findings %v", n, src.Len(), codesOf(r.Report))
		}
	}
	categories := "    categories: [" + strings.Repeat("office, ", maxCategories) + "other]\n"
	if r := parseNeeds(file(t, "needs.yml") + categories); !slices.Equal(codesOf(r.Report), []string{"AD0205"}) || !slices.Equal(r.File.Needs[0].Categories, []string{"office"}) {
		t.Errorf("%v, %v", codesOf(r.Report), r.File.Needs[0].Categories)
	}
}
