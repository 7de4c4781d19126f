// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const statisticsPath = "/statistics/"

const (
	// maxDays is how many days are drawn; of more, some are left out.
	maxDays = 200
	// maxMonths is how many months have a line, the newest ones.
	maxMonths = 12
)

// statistics are what the catalogue was like over time.
type statistics struct {
	Days   []*registry.Day // the oldest first, at most maxDays
	All    int             // how many are recorded
	Months []month         // the newest first

	since   time.Time
	expense time.Duration
}

// month sums up the days of a month.
type month struct {
	Name                           string // 11/2026
	Entries, New, Changed, Removed int
}

// statistics reads the days anew, but spends no more than a twentieth of the
// time on it.
func (s *Site) statistics(ctx context.Context) (*statistics, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.past; st != nil && time.Since(st.since) < 20*st.expense {
		return st, nil
	}
	begin := time.Now()
	st := &statistics{}
	var all []*registry.Day
	for d, err := range s.catalogue.Days(ctx, "", "") {
		if err != nil {
			return nil, fmt.Errorf("site: statistics: %w", err)
		}
		all = append(all, d)
		st.add(d)
	}
	slices.Reverse(st.Months)
	st.Months = st.Months[:min(len(st.Months), maxMonths)]
	st.All = len(all)
	for _, i := range spread(len(all), maxDays) {
		st.Days = append(st.Days, all[i])
	}
	st.since = time.Now()
	st.expense = st.since.Sub(begin)
	s.past = st
	return st, nil
}

// add counts a day in its month.
func (st *statistics) add(d *registry.Day) {
	t, err := time.Parse(time.DateOnly, d.Date)
	if err != nil {
		return // no store takes it
	}
	name := t.Format("01/2006")
	if len(st.Months) == 0 || st.Months[len(st.Months)-1].Name != name {
		st.Months = append(st.Months, month{Name: name})
	}
	m := &st.Months[len(st.Months)-1]
	m.Entries = d.Entries
	m.New += d.New
	m.Changed += d.Changed
	m.Removed += d.Removed
}

// statisticsBody is what the page of the statistics shows.
type statisticsBody struct {
	First, Last time.Time
	Days        int // recorded
	Charts      []chart
	Months      []month
}

func (s *Site) statisticsPage(ctx context.Context, lang string, static bool) (*page, error) {
	st, err := s.statistics(ctx)
	if err != nil {
		return nil, err
	}
	b := statisticsBody{Days: st.All, Months: st.Months}
	if st.All > 0 {
		b.draw(lang, st.Days)
	}
	return &page{
		Kind: statisticsPage, Lang: lang, Path: statisticsPath, Section: "statistics", Static: static,
		Title: say(lang, "statistics.title"), Description: say(lang, "statistics.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "statistics.title"), ""}),
		Body:   b,
	}, nil
}

func (b *statisticsBody) draw(lang string, days []*registry.Day) {
	at := dates(days)
	entries, incomplete := make([]int, len(days)), make([]int, len(days))
	for i, d := range days {
		entries[i], incomplete[i] = d.Entries, d.Incomplete
	}
	b.First, b.Last = at[0], at[len(at)-1]
	b.Charts = []chart{
		newChart(lang, "entries", at, []series{
			{Label: say(lang, "statistics.all"), Values: entries},
			{Label: say(lang, "statistics.incomplete"), Values: incomplete},
		}),
	}
	for _, kind := range []struct {
		id     string
		counts func(*registry.Day) map[string]int
		name   func(value string) series
	}{
		{"regions", func(d *registry.Day) map[string]int { return d.Regions }, func(code string) series {
			one := series{Label: registry.RegionName(code, lang)}
			if slices.Contains(states, code) {
				one.Path = regionPath(code)
			}
			return one
		}},
		{"licences", func(d *registry.Day) map[string]int { return d.Licences }, func(id string) series { return series{Label: id} }},
		{"verdicts", func(d *registry.Day) map[string]int { return d.Verdicts }, func(v string) series {
			if v == "" {
				return series{Label: say(lang, "licences.uncompared")}
			}
			return series{Label: word(lang, "card", v)}
		}},
		{"statuses", func(d *registry.Day) map[string]int { return d.Statuses }, func(v string) series {
			return series{Label: publiccode.StatusLabel(v, lang)}
		}},
		{"findings", func(d *registry.Day) map[string]int { return d.Findings }, func(code string) series {
			one := series{Label: code, Path: rulePath(code)}
			if r, ok := findRule(code); ok {
				one.Label, one.Short = code+": "+r.Title(lang), code
			}
			return one
		}},
	} {
		all := seriesOf(days, kind.counts, func(value string) series {
			one := kind.name(value)
			one.Label = cmp.Or(one.Label, say(lang, "statistics.none"))
			return one
		})
		if len(all) > 0 {
			b.Charts = append(b.Charts, newChart(lang, kind.id, at, all))
		}
	}
	b.drawReuse(lang, days)
}

// drawReuse draws who uses what of whom, of the days on which it was counted: of
// those before it is not known.
func (b *statisticsBody) drawReuse(lang string, days []*registry.Day) {
	days = slices.DeleteFunc(slices.Clone(days), func(d *registry.Day) bool { return d.Reuse == nil })
	if len(days) == 0 {
		return
	}
	at := dates(days)
	total := func(label string, of func(registry.PlaceReuse) int) series {
		one := series{Label: label}
		for _, d := range days {
			one.Values = append(one.Values, of(d.Reuse.Total))
		}
		return one
	}
	all := newChart(lang, "reuse", at, []series{
		total(say(lang, "statistics.shared"), func(p registry.PlaceReuse) int { return p.Shared }),
		total(say(lang, "statistics.within"), func(p registry.PlaceReuse) int { return p.Within }),
		total(say(lang, "statistics.users"), func(p registry.PlaceReuse) int { return p.Users }),
	})
	all.Note = say(lang, "statistics.reuseHow", formatDate(lang, at[0]))
	b.Charts = append(b.Charts, all)
	for _, kind := range []struct {
		id string
		of func(registry.PlaceReuse) int
	}{
		{"sharedBy", func(p registry.PlaceReuse) int { return p.Shared }},
		{"usedBy", func(p registry.PlaceReuse) int { return p.Used }},
	} {
		places := seriesOf(days, func(d *registry.Day) map[string]int {
			counts := map[string]int{}
			for _, p := range d.Reuse.Places {
				if n := kind.of(p.PlaceReuse); n > 0 {
					counts[p.Code] = n
				}
			}
			return counts
		}, func(place string) series {
			one := series{Label: registry.PlaceName(place, lang)}
			if slices.Contains(states, place) {
				one.Path = regionPath(place)
			}
			return one
		})
		if len(places) > 0 {
			b.Charts = append(b.Charts, newChart(lang, kind.id, at, places))
		}
	}
}

func dates(days []*registry.Day) []time.Time {
	at := make([]time.Time, len(days))
	for i, d := range days {
		at[i], _ = time.Parse(time.DateOnly, d.Date) // the store has checked it
	}
	return at
}
