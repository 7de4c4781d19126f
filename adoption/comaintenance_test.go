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
)

// opening is the base without its statements.
func opening(t testing.TB) string {
	t.Helper()
	before, _, _ := strings.Cut(file(t, "base.yml"), "adoptions:")
	return before
}

// A file with comaintenance alone is a whole one, and comes out as it was written.
func TestComaintenance(t *testing.T) {
	src := opening(t) + `comaintenance:
  - software: HTTPS://Code.example.org/form/editor
    seeks: newMaintainer
    community: {name: AG  Formulare, uri: "https://formulare.example.org"}
    partners:
      - {name: Kreis Musterau, uri: "urn:de:musterau", region: DE-NI, role: funds}
      - name: Stadt Beispielburg
        role:
      - {name: Amt ohne lesbare Rolle, role: uses}
    steering: Lenkungskreis
    decisions: Einfache Mehrheit
    joining: {text: Schreiben Sie uns., url: "https://formulare.example.org/mit?x=1#y", contact: mit@formulare.example.org}
    funding:
      - {purpose: Pflege, status: committed, amount: 40000, by: Kreis Musterau, until: 2027-12-31, url: "https://musterau.example"}
      - {purpose: Barrierefreiheit, status: open, amount: {amount: 0, currency: CHF}}
      - {purpose: Übersetzung, status: open}
    confirmedUntil: 2027-10-31
  - software: https://code.example.org/karten
    joining: {}
`
	want := []Comaintenance{
		{
			Software: "https://Code.example.org/form/editor", Seeks: NewMaintainer,
			Community: Community{"AG Formulare", "https://formulare.example.org"},
			Partners:  []Partner{{"Kreis Musterau", "urn:de:musterau", "DE-NI", Funds}, {Name: "Stadt Beispielburg"}},
			Steering:  "Lenkungskreis", Decisions: "Einfache Mehrheit",
			Joining: Joining{"Schreiben Sie uns.", "https://formulare.example.org/mit?x=1#y", "mit@formulare.example.org"},
			Funding: []Funding{
				{"Pflege", CommittedFunding, Money{40000, "EUR"}, "Kreis Musterau", "2027-12-31", "https://musterau.example"},
				{Purpose: "Barrierefreiheit", Status: OpenFunding, Amount: Money{0, "CHF"}},
				{Purpose: "Übersetzung", Status: OpenFunding},
			},
			ConfirmedUntil: "2027-10-31",
		},
		{Software: "https://code.example.org/karten"},
	}
	r := parse(src)
	if got := codes(r); !slices.Equal(got, []string{"AD0306", "AD0108", "AD0320", "AD0108"}) || r.Valid() || len(r.File.Adoptions) != 0 || !reflect.DeepEqual(r.File.Comaintenance, want) {
		t.Errorf("findings %v, got  %+v\nwant %+v", got, r.File.Comaintenance, want)
	}
	for _, lang := range []string{"de", "en"} {
		if again := parse(string(r.File.YAML(lang))); !reflect.DeepEqual(again.File, r.File) {
			t.Errorf("written as\n%s\nand read as %+v: %v", r.File.YAML(lang), again.File, codes(again))
		}
	}
	// Together with statements, which it does not spare a file that has neither.
	for lines, want := range map[string]string{
		"":                                         "AD0101",
		"adoptions: []\n":                          "AD0407",
		"adoptions:\n":                             "AD0102",
		"comaintenance: []\n":                      "AD0101 AD0108",
		"comaintenance:\n":                         "AD0101 AD0108",
		"comaintenance: x\n":                       "AD0202",
		"adoptions: []\ncomaintenance: []\n":       "AD0407 AD0108",
		"adoptions: []\ncomaintenance:\n- x\n":     "AD0203",
		"comaintenance:\n- {}\n":                   "AD0101",
		"comaintenance:\n- software: karten\n":     "AD0304",
		"comaintenance:\n- &c {software: *c}\n":    "PC0009",
		"comaintenance:\n- {software: [a, b]}\n":   "AD0201",
		"comaintenance:\n- {seeks: newMaintainer}": "AD0101",
	} {
		if r := parse(opening(t) + lines); strings.Join(codes(r), " ") != want || r.File != nil && len(r.File.Comaintenance) > 0 {
			t.Errorf("%q: %v, want %s", lines, codes(r), want)
		}
	}
}

// Comaintenance is public. Where somebody asks for discretion, it is left out rather
// than told.
func TestComaintenanceAsksForDiscretion(t *testing.T) {
	const entry = "comaintenance:\n  - software: https://code.example.org/form/editor\n    steering: geheim\n"
	for _, src := range []string{
		opening(t) + entry + "    visibility: restricted\n",
		opening(t) + entry + "    Visibility: x\n",
		opening(t) + entry + "    vertraulich: ja\n",
		opening(t) + entry + "    <<: {visibility: restricted}\n",
		opening(t) + entry + "    joining: {text: a, visibility: restricted}\n",
		opening(t) + entry + "    community: {name: a, intern: true}\n",
		opening(t) + entry + "    partners:\n      - {name: a, visibilty: restricted}\n",
		opening(t) + entry + "    funding:\n      - {purpose: a, status: open, amount: {amount: 1, restricted: true}}\n",
		opening(t) + entry + "visibility: restricted\n",
		strings.Replace(opening(t), "organisation:\n", "organisation:\n  restricted: true\n", 1) + entry,
	} {
		if r := parse(src); len(r.File.Comaintenance) > 0 || !slices.Contains(codes(r), "AD0502") {
			t.Errorf("%v, %+v of\n%s", codes(r), r.File.Comaintenance, src)
		}
	}
	for _, src := range []string{
		opening(t) + entry + "    x-visibility: restricted\n",
		base(t) + "    visibility: restricted\n" + entry,
	} {
		if r := parse(src); len(r.File.Comaintenance) != 1 || slices.Contains(codes(r), "AD0502") {
			t.Errorf("%v, %+v of\n%s", codes(r), r.File.Comaintenance, src)
		}
	}
}

func TestComaintenanceBounds(t *testing.T) {
	repeat := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	const software = "  - software: https://code.example.org/form/editor%d\n"
	for most, lines := range map[int]func(n int) string{
		MaxComaintenance: func(n int) string { return repeat(n, software) },
		maxPartners: func(n int) string {
			return fmt.Sprintf(software, 0) + "    partners:\n" + repeat(n, "      - name: Amt %d\n")
		},
	} {
		for n, want := range map[int][]string{most: nil, most + 1: {"AD0205"}} {
			if r := parse(opening(t) + "comaintenance:\n" + lines(n)); !slices.Equal(codes(r), want) {
				t.Errorf("%d of %d: %v", n, most, codes(r))
			}
		}
	}
	r := parse(opening(t) + "comaintenance:\n" + fmt.Sprintf(software, 0) + "    funding:\n" + repeat(maxFunding+1, "      - {purpose: Teil %d, status: open}\n"))
	if !slices.Equal(codes(r), []string{"AD0205"}) || len(r.File.Comaintenance[0].Funding) != maxFunding {
		t.Errorf("%v", codes(r))
	}
}

func TestMoney(t *testing.T) {
	for written, want := range map[string]struct {
		money Money
		codes string
	}{
		"60000":                        {Money{60000, "EUR"}, ""},
		"0":                            {Money{0, "EUR"}, ""},
		"999999999999":                 {Money{999_999_999_999, "EUR"}, ""},
		"1000000000000":                {Money{}, "AD0323"},
		"-5":                           {Money{}, "AD0323"},
		"+5":                           {Money{}, "AD0323"},
		"007":                          {Money{}, "AD0323"},
		"0x10":                         {Money{}, "AD0323"},
		"1e3":                          {Money{}, "AD0323"},
		"1_000":                        {Money{}, "AD0323"},
		"60.000":                       {Money{}, "AD0323"},
		"60,5":                         {Money{}, "AD0323"},
		`"60000"`:                      {Money{}, "AD0323"},
		"60000 EUR":                    {Money{}, "AD0323"},
		".inf":                         {Money{}, "AD0323"},
		"[5]":                          {Money{}, "AD0203"},
		"{}":                           {Money{}, "AD0108"},
		"{currency: EUR}":              {Money{}, "AD0101"},
		"{amount: }":                   {Money{}, "AD0102"},
		"{amount: [5]}":                {Money{}, "AD0201"},
		"{amount: 5}":                  {Money{5, "EUR"}, ""},
		"{amount: 5, currency: }":      {Money{5, "EUR"}, "AD0108"},
		"{amount: 5, currency: CHF}":   {Money{5, "CHF"}, ""},
		"{amount: 5, currency: chf}":   {Money{5, "CHF"}, "AD0321"},
		"{amount: 5, currency: €}":     {Money{5, "EUR"}, "AD0321"},
		"{amount: 5, currency: Euro}":  {Money{5, "EUR"}, "AD0321"},
		"{amount: 5, currency: Taler}": {Money{}, "AD0324"},
		"{amount: 5, currency: [EUR]}": {Money{}, "AD0201"},
		"{amount: 5, value: 7}":        {Money{5, "EUR"}, "AD0103"},
		strings.Repeat("1", 50):        {Money{}, "AD0207"},
	} {
		r := parseNeeds(file(t, "needs.yml") + "    share: " + written + "\n")
		if got := r.File.Needs[0].Share; got != want.money || strings.Join(codesOf(r.Report), " ") != want.codes {
			t.Errorf("%s: %+v, findings %v", written, got, codesOf(r.Report))
		}
	}
}
