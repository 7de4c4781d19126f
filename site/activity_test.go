// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func releasesAt(days ...int) (all []registry.Release) {
	for i, d := range days {
		all = append(all, registry.Release{Tag: fmt.Sprint("v", len(days)-i), Published: noon.AddDate(0, 0, -d)})
	}
	return all
}

func TestReleasesIn(t *testing.T) {
	full := make([]int, registry.MaxReleases)
	for i := range full {
		full[i] = 10 * i
	}
	preview := releasesAt(1, 101)
	preview[0].Prerelease = true
	for name, tt := range map[string]struct {
		all  []registry.Release
		want string
	}{
		"none":            {nil, ""},
		"one":             {releasesAt(10), "1"},
		"three":           {releasesAt(10, 110, 230), "3, im Mittel alle 110 Tage"},
		"old ones":        {releasesAt(10, 40, 800, 1200), "2, im Mittel alle 30 Tage"},
		"only old ones":   {releasesAt(800), "0"},
		"pre-release":     {preview, "1"},
		"as many as kept": {releasesAt(full...), "mindestens 30, im Mittel alle 10 Tage"},
		"without dates":   {[]registry.Release{{Tag: "v1"}}, "0"},
	} {
		if got := releasesIn(tt.all, noon, "de"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestContract(t *testing.T) {
	until := func(days ...string) *detail {
		d := &detail{}
		for _, day := range days {
			d.Contractors = append(d.Contractors, contractor{Until: readDay(day)})
		}
		return d
	}
	for _, tt := range []struct {
		d    *detail
		want string
	}{
		{until(), ""},
		{until("irgendwann"), ""},
		{until("2026-11-22"), "bis 22. November 2026"}, // its last day
		{until("2026-11-21"), "der Vertrag endete am 21. November 2026"},
		{until("2026-11-21", "2027-01-31", "x"), "bis 31. Januar 2027"},
	} {
		if got := tt.d.contract("de", noon); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.d.Contractors, got, tt.want)
		}
	}
}

func TestContractThatEndedOnThePage(t *testing.T) {
	c := sample()
	c.entries[0].PublicCode.Maintenance.Contractors = []publiccode.Contractor{{Name: "Firma", Until: "2020-01-31"}}
	text := visibleText(t, fetch(t, serve(t, c, Options{}), "GET", "/software/github.com/kiel/akte/").body)
	contains(t, "the page", text, "FirmaVertrag endete am 31. Januar 2020", "der Vertrag endete am 31. Januar 2020")
}

// The page tells of the state of the entry, so that it is the same each day.
func TestAsOf(t *testing.T) {
	s := &registry.Software{Activity: &registry.Activity{Releases: releasesAt(3, 30)}}
	s.Repository.Pushed = noon.AddDate(0, 0, -9)
	if got := asOf(s); !got.Equal(noon.AddDate(0, 0, -3)) {
		t.Errorf("without a change: %v", got)
	}
	s.Changed = noon.AddDate(-1, 0, 0)
	if got := asOf(s); !got.Equal(s.Changed) {
		t.Errorf("changed: %v", got)
	}
	if got := asOf(&registry.Software{}); !got.IsZero() {
		t.Errorf("nothing known: %v", got)
	}
}

func TestLife(t *testing.T) {
	year := func(commits ...int) *registry.Activity {
		a := &registry.Activity{Commits: &registry.Commits{}}
		for i, n := range commits {
			a.Commits.ByMonth = append(a.Commits.ByMonth, registry.Month{Month: noon.AddDate(0, i+1-len(commits), 0).Format("2006-01"), Commits: n, Authors: 1})
		}
		return a
	}
	for name, a := range map[string]*registry.Activity{
		"unknown":   {},
		"no months": {Commits: &registry.Commits{Total: 3}},
		"quiet":     year(0, 0, 0),
		"no month":  {Commits: &registry.Commits{ByMonth: []registry.Month{{Month: attack, Commits: 1}, {Month: "2026-11", Commits: 1}}}},
	} {
		if l := newLife(a, "de"); l != nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
	a := year(4, 0, 8)
	a.Releases = releasesAt(1, 2, 40, 400)
	l := newLife(a, "de")
	if l == nil || l.From != "September 2026" || l.To != "November 2026" {
		t.Fatalf("%+v", l)
	}
	if want := "Balken für September 2026 bis November 2026: zusammen 12 Commits, höchstens 8 in einem Monat; darüber 3 Veröffentlichungen."; l.Description != want {
		t.Errorf("%s", l.Description)
	}
	if bars, marks := strings.Count(l.Bars, "z"), strings.Count(l.Marks, "z"); bars != 2 || marks != 2 || strings.Count(string(l.Rows), "<tr>") != 3 {
		t.Errorf("%d bars, %d marks, %s", bars, marks, l.Rows)
	}
	if !strings.Contains(string(l.Rows), `<tr><th scope="row">November 2026</th><td class="num">8</td><td class="num">1</td><td class="num">2</td></tr>`) {
		t.Errorf("%s", l.Rows)
	}
	if huge := newLife(year(1<<60, -5, 3), "en"); huge == nil || strings.Count(huge.Bars, "z") != 2 {
		t.Errorf("%+v", huge)
	}
}
