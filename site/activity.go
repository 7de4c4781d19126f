// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

const (
	releaseYears = 2  // how far back releases are counted
	maxWanted    = 10 // issues that are named
)

// activity is what the page of an entry tells of the repository's life, each
// thing a fact of its own and none made of the others.
type activity struct {
	AsOf       time.Time // the day that all is told for
	Vitals     []vital
	Facts, How template.HTML // of them, rows of lists: each fact, and how it is counted
	Life       *life         // nil where too little is known to draw
	Commits    *registry.Commits
	OpenIssues *int
	HelpWanted []wanted // open issues that invite others, the newest of them
	Wanted     int      // how many there are of them
}

// vital is a fact about the life of a repository, with the way it was come by.
type vital struct {
	Label, How string
	Value      string // "" where it is not known
}

// wanted is an open issue that invites others.
type wanted struct {
	link
	Opened time.Time
	Days   int // since it was opened; see asOf
}

// Unnamed is how many issues invite others beside those that are named.
func (a *activity) Unnamed() int { return a.Wanted - len(a.HelpWanted) }

// asOf is the day that an entry is told for, so that its page says the same
// until it changes: not today, but when a visit last found something new. Where
// commits are known that is each month.
func asOf(s *registry.Software) time.Time {
	day := s.Changed
	if !day.IsZero() {
		return day
	}
	day = s.Repository.Pushed
	if s.Activity != nil {
		for _, r := range s.Activity.Releases {
			if r.Published.After(day) {
				day = r.Published
			}
		}
	}
	return day
}

// location is another repository that holds the software.
type location struct {
	Place link
	Forge string
}

// readActivity tells each fact, blanks among them.
func (d *detail) readActivity(s *registry.Software, lang string, today time.Time) {
	known := s.Activity
	if known == nil {
		known = &registry.Activity{}
	}
	a := &activity{AsOf: asOf(s), Commits: known.Commits, OpenIssues: known.OpenIssues}
	d.Activity = a
	var commits, authors, issues string
	if c := known.Commits; c != nil {
		busy := 0
		for _, m := range c.ByMonth {
			if m.Commits > 0 {
				busy++
			}
		}
		commits = atLeast(lang, c.Total, c.Partial)
		if len(c.ByMonth) > 0 {
			commits = say(lang, "health.commitsIn", commits, formatNumber(lang, busy), formatNumber(lang, len(c.ByMonth)))
		}
		authors = atLeast(lang, c.Authors, c.Partial)
	}
	if n := known.OpenIssues; n != nil {
		issues = formatNumber(lang, *n)
	}
	for _, i := range first(d, known.HelpWanted) {
		href := webLink(i.URL)
		if title := cmp.Or(shorten(i.Title, maxLine), shorten(href, maxLine)); title != "" {
			if a.Wanted++; a.Wanted > maxWanted {
				continue
			}
			a.HelpWanted = append(a.HelpWanted, wanted{link{title, href}, i.Created, daysBetween(i.Created, a.AsOf)})
		}
	}
	a.tell(lang, []vital{
		{say(lang, "health.pushed"), say(lang, "health.pushedHow"), formatDate(lang, s.Repository.Pushed)},
		{say(lang, "health.commits"), say(lang, "health.commitsHow"), commits},
		{say(lang, "health.authors"), say(lang, "health.authorsHow"), authors},
		{say(lang, "health.newest"), say(lang, "health.newestHow"), newestRelease(known.Releases, lang)},
		{say(lang, "health.releases"), say(lang, "health.releasesHow"), releasesIn(known.Releases, a.AsOf, lang)},
		{say(lang, "health.issues"), say(lang, "health.issuesHow"), issues},
		{say(lang, "health.wanted"), say(lang, "health.wantedHow"), wantedIn(known, a.Wanted, lang)},
		{say(lang, "health.contract"), say(lang, "health.contractHow"), d.contract(lang, today)},
	})
	a.Life = newLife(known, lang)
}

func atLeast(lang string, n int, partial bool) string {
	if partial {
		return say(lang, "activity.atLeast", formatNumber(lang, n))
	}
	return formatNumber(lang, n)
}

// tell writes the facts and the ways they are counted.
func (a *activity) tell(lang string, all []vital) {
	a.Vitals = all
	var facts, how fragment
	for _, v := range all {
		facts.wrap("<div><dt>", v.Label, "</dt><dd>")
		if v.Value == "" {
			facts.muted(say(lang, "health.unknown"))
		}
		facts.wrap("", v.Value, "</dd></div>\n")
		how.wrap("<div><dt>", v.Label, "</dt>")
		how.wrap("<dd>", v.How, "</dd></div>\n")
	}
	a.Facts, a.How = facts.html(), how.html()
}

// wantedIn counts the issues that invite others: none are known to be none only
// where the forge tells of issues at all.
func wantedIn(a *registry.Activity, n int, lang string) string {
	if n == 0 && a.OpenIssues == nil {
		return ""
	}
	return formatNumber(lang, n)
}

// daysBetween are the whole days from one moment to a later one; 0 where there
// are none or one of them is not known.
func daysBetween(from, to time.Time) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return max(0, int(to.Sub(from)/(24*time.Hour)))
}

func newestRelease(all []registry.Release, lang string) string {
	if len(all) == 0 {
		return ""
	}
	r := all[0]
	text := shorten(cmp.Or(r.Tag, r.Name), maxLine)
	if r.Prerelease {
		text += " (" + say(lang, "activity.prerelease") + ")"
	}
	if !r.Published.IsZero() {
		text += ", " + formatDate(lang, r.Published)
	}
	return text
}

// releasesIn counts the releases of the last years, the pre-releases left out,
// with the mean of the days between one and the next.
func releasesIn(all []registry.Release, day time.Time, lang string) string {
	if len(all) == 0 {
		return ""
	}
	since, n := day.AddDate(-releaseYears, 0, 0), 0
	var newest, oldest time.Time
	for _, r := range all {
		if r.Prerelease || r.Published.Before(since) {
			continue
		}
		if n++; n == 1 {
			newest = r.Published
		}
		oldest = r.Published
	}
	// The list is bounded: where it does not reach back so far there may be more.
	text := atLeast(lang, n, len(all) >= registry.MaxReleases && !all[len(all)-1].Published.Before(since))
	if n < 2 {
		return text
	}
	mean := int(math.Round(newest.Sub(oldest).Hours() / 24 / float64(n-1)))
	return say(lang, "health.releasesEvery", text, formatNumber(lang, max(0, mean)))
}

// contract says until when somebody is paid to maintain the software: the
// latest day that the file names.
func (d *detail) contract(lang string, today time.Time) string {
	var last time.Time
	for _, c := range d.Contractors {
		if c.Until.At.After(last) {
			last = c.Until.At
		}
	}
	switch {
	case last.IsZero():
		return ""
	case ended(last, today):
		return say(lang, "health.contractEnded", formatDate(lang, last))
	}
	return say(lang, "health.contractUntil", formatDate(lang, last))
}

// ended reports whether the last day of a contract has passed.
func ended(last, today time.Time) bool {
	return !last.IsZero() && !today.Before(last.AddDate(0, 0, 1))
}

// The drawing of a year, in its own units.
const (
	lifeWidth, lifeHeight = 600, 150
	maxLifeMonths         = 24
	maxCounted            = 1_000_000_000 // of what is drawn
)

// life draws the commits of each month as bars and the releases above them,
// with the table of the same numbers.
type life struct {
	Bars, Marks, Grid string // paths
	Ticks             []string
	From, To          string
	Description       string
	Rows              template.HTML
}

// newLife is nil where the months are not known or nothing is in them.
func newLife(a *registry.Activity, lang string) *life {
	if a.Commits == nil || len(a.Commits.ByMonth) < 2 {
		return nil
	}
	months := a.Commits.ByMonth[max(0, len(a.Commits.ByMonth)-maxLifeMonths):]
	released := map[string]int{}
	for _, r := range a.Releases {
		released[r.Published.UTC().Format("2006-01")]++
	}
	most, total, releases := 0, 0, 0
	for _, m := range months {
		n := min(maxCounted, max(0, m.Commits))
		most, total, releases = max(most, n), total+n, releases+released[m.Month]
	}
	if total+releases == 0 {
		return nil
	}
	l := &life{}
	step, top := scale(max(1, most))
	if releases > 0 {
		top += step // room for them above the bars
	}
	height := func(v int) float64 { return lifeHeight * float64(v) / float64(top) }
	var bars, marks, grid strings.Builder
	var rows fragment
	for v := top; v >= 0; v -= step {
		l.Ticks = append(l.Ticks, formatNumber(lang, v))
		grid.WriteString("M0 " + coordinate(lifeHeight-height(v)) + "H" + strconv.Itoa(lifeWidth))
	}
	slot := lifeWidth / float64(len(months))
	for i, m := range months {
		at, err := time.Parse("2006-01", m.Month)
		if err != nil {
			return nil
		}
		n := min(maxCounted, max(0, m.Commits))
		if n > 0 {
			h := coordinate(height(n))
			bars.WriteString("M" + coordinate(slot*(float64(i)+.15)) + " " + strconv.Itoa(lifeHeight) + "v-" + h + "h" + coordinate(slot*.7) + "v" + h + "z")
		}
		if released[m.Month] > 0 {
			marks.WriteString("M" + coordinate(slot*(float64(i)+.5)) + " 2l7 7-7 7-7-7z")
		}
		l.To = formatMonth(lang, at)
		l.From = cmp.Or(l.From, l.To)
		rows.mark(`<tr><th scope="row">` + l.To + "</th>")
		for _, n := range []int{m.Commits, m.Authors, released[m.Month]} {
			rows.mark(`<td class="num">` + formatNumber(lang, n) + "</td>")
		}
		rows.mark("</tr>\n")
	}
	l.Bars, l.Marks, l.Grid = bars.String(), marks.String(), grid.String()
	l.Rows = rows.html()
	l.Description = say(lang, "life.text", l.From, l.To, atLeast(lang, total, a.Commits.Partial), formatNumber(lang, most), formatNumber(lang, releases))
	return l
}

func formatMonth(lang string, t time.Time) string {
	if lang == "de" {
		return germanMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return t.Format("January 2006")
}

func (d *detail) readLocations(locations []registry.Location) {
	for _, l := range first(d, locations) {
		d.Locations = append(d.Locations, location{
			Place: link{string(l.ID), webLink(l.URL)},
			Forge: cmp.Or(forgeNames[l.Forge], shorten(l.Forge, maxLine)),
		})
	}
}
