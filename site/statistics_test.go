// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func someDays(n int) []*registry.Day {
	var all []*registry.Day
	for i := range n {
		all = append(all, &registry.Day{
			Date: time.Date(2026, 1, 30+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), Entries: 10 + i, Incomplete: 3, New: 2, Changed: 1, Removed: 1,
			Regions:  map[string]int{"DE-SH": 4 + i, "DE-BE": 6, "": 1},
			Licences: map[string]int{"MIT": 3, attack: 1}, Verdicts: map[string]int{"match": 5, "": 5},
			Findings: map[string]int{"PC0101": 2, "HAUS1": 1},
		})
	}
	return all
}

// reuseDays are days of which from the one with that index on reuse is counted.
func reuseDays(n, from int) []*registry.Day {
	all := someDays(n)
	for i, d := range all[from:] {
		d.Reuse = &registry.ReuseNumbers{
			Day: d.Date, Claims: 7, Total: registry.PlaceReuse{Published: d.Entries, Shared: 3 + i, Within: 1, Used: 3 + i, Users: 5},
			Places: []registry.PlaceCount{
				{Code: "DE-SH", PlaceReuse: registry.PlaceReuse{Published: 4 + i, Shared: 3 + i}},
				{Code: "DE-BE", PlaceReuse: registry.PlaceReuse{Used: 3 + i, Users: 5}},
			},
		}
	}
	return all
}

func TestStatisticsPage(t *testing.T) {
	for _, tt := range []struct {
		name     string
		days     []*registry.Day
		says, no []string
	}{
		{"none", nil, []string{"Noch ist kein Tag aufgezeichnet."}, []string{"<svg viewBox=\"0 0 600", "<table"}},
		{"one", someDays(1), []string{
			"Aufgezeichnet ist bisher ein Tag, der 30. Januar 2026.", "alle Einträge10", "Schleswig-Holstein4", "noch nicht verglichen5", "01/2026Neu: 2Geändert: 1Entfernt: 1Einträge am Ende: 10",
		}, []string{"preserveAspectRatio=\"none\" role"}},
		{"three", someDays(3), []string{
			"An 3 Tagen aufgezeichnet, vom 30. Januar 2026 bis zum 1. Februar 2026.", "alle Einträge1012+2", "davon unvollständig330",
			"Linien vom 30. Januar 2026 bis zum 1. Februar 2026. alle Einträge: von 10 auf 12; davon unvollständig: von 3 auf 3.",
			"Schleswig-Holstein46+2", "Berlin660", "ohne Angabe110", "PC0101: ", "02/2026Neu: 2Geändert: 1Entfernt: 1Einträge am Ende: 12", "01/2026Neu: 4",
		}, []string{"Aufgezeichnet ist bisher"}},
		{"no reuse counted", someDays(3), nil, []string{"Bestätigte Nachnutzung"}},
		{"reuse counted on the last day", reuseDays(3, 2), []string{
			"Bestätigte Nachnutzung", "Gezählt wird seit dem 1. Februar 2026; davor ist es nicht bekannt.",
			"anderswo genutzte Einträge3", "Organisationen, die etwas nutzen5", "WasEinträge Schleswig-Holstein3", "WasEinträge Berlin3",
		}, []string{`id="reuse-text"`}},
		{"reuse counted later", reuseDays(5, 2), []string{
			"Linien vom 1. Februar 2026 bis zum 3. Februar 2026. anderswo genutzte Einträge: von 3 auf 5;",
			"anderswo genutzte Einträge35+2", "von anderen im selben Land genutzte Einträge110", "Berlin35+2",
		}, nil},
		{"many", someDays(900), []string{"An 900 Tagen aufgezeichnet, vom 30. Januar 2026 bis zum 17. Juli 2028.", "07/2028Neu: 34", "08/2027"}, []string{"07/2027<"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sample()
			c.days = tt.days
			site := newSite(t, c, Options{})
			written, err := site.statisticsPage(t.Context(), "de", true)
			if err != nil {
				t.Fatal(err)
			}
			src, err := site.render(written)
			if err != nil {
				t.Fatal(err)
			}
			served := fetch(t, serve(t, c, Options{}), "GET", "/en/statistics/")
			checkPage(t, "written", src)
			checkPage(t, "served", served.body)
			text := visibleText(t, src)
			for _, want := range tt.says {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q: %s", want, text)
				}
			}
			for _, no := range tt.no {
				if strings.Contains(string(src), no) {
					t.Errorf("it holds %s", no)
				}
			}
			if len(src) > 200<<10 {
				t.Errorf("%d bytes", len(src))
			}
		})
	}
	sick := errors.New("disk on fire")
	if got := fetch(t, serve(t, &fake{err: sick}, Options{}), "GET", "/statistics/"); got.StatusCode != 500 {
		t.Errorf("a store that fails: %s", got.Status)
	}
}

func TestScale(t *testing.T) {
	for most, want := range map[int][2]int{1: {1, 2}, 2: {1, 2}, 5: {1, 5}, 6: {2, 6}, 10: {2, 10}, 11: {5, 15}, 99: {20, 100}, 101: {50, 150}, 12345: {5000, 15000}} {
		if step, top := scale(most); [2]int{step, top} != want {
			t.Errorf("%d: steps of %d up to %d, want %v", most, step, top, want)
		}
	}
}

func TestSpread(t *testing.T) {
	for _, tt := range [][2]int{{0, 5}, {1, 5}, {5, 5}, {1000, 7}, {8, 7}} {
		all := spread(tt[0], tt[1])
		if len(all) != min(tt[0], tt[1]) {
			t.Errorf("%v: %v", tt, all)
		}
		for i, n := range all {
			if n < 0 || n >= tt[0] || i > 0 && n <= all[i-1] || i == len(all)-1 && n != tt[0]-1 {
				t.Errorf("%v: %v", tt, all)
			}
		}
	}
}

// A line stays within its drawing, whatever the numbers.
func TestLinesStayInside(t *testing.T) {
	at := []time.Time{time.Unix(0, 0), time.Unix(86400, 0), time.Unix(864000, 0)}
	c := newChart("de", "entries", at, []series{{Label: "a", Values: []int{0, 7, 3}}, {Label: "b", Values: []int{0, 0, 0}}})
	for _, l := range c.Lines {
		for i, n := range strings.FieldsFunc(l.Path, func(r rune) bool { return strings.ContainsRune("ML ", r) }) {
			f, err := strconv.ParseFloat(n, 64)
			if limit := [2]float64{chartWidth, chartHeight}[i%2]; err != nil || f < 0 || f > limit {
				t.Errorf("%s: %q is not within %v", l.Label, n, limit)
			}
		}
	}
	if want := "M0 200L60 25L600 125"; c.Lines[0].Path != want {
		t.Errorf("drawn is %q, want %q", c.Lines[0].Path, want)
	}
}
