// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Tally counts commits for registry.Commits.
type Tally struct {
	since   time.Time
	authors map[string]bool
	months  [registry.Months]struct {
		commits int
		authors map[string]bool
	}
}

// NewTally makes a Tally of the twelve calendar months that end with that of
// now, in UTC.
func NewTally(now time.Time) *Tally {
	return &Tally{since: YearTo(now)[0], authors: map[string]bool{}}
}

// YearTo are the beginnings of the months that a Tally of now counts, the oldest
// first, and the end of the last one.
func YearTo(now time.Time) (out [registry.Months + 1]time.Time) {
	year, month, _ := now.UTC().Date()
	for i := range out {
		out[i] = time.Date(year, month-registry.Months+1+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
	}
	return out
}

// Since is where the first of the months begins.
func (t *Tally) Since() time.Time { return t.since }

// Add counts a commit. The author is an account or an e-mail address, whose
// case does not matter; "" counts as nobody. A commit outside the months is not
// counted.
func (t *Tally) Add(at time.Time, author string) {
	at = at.UTC()
	i := (at.Year()-t.since.Year())*12 + int(at.Month()-t.since.Month())
	if at.Before(t.since) || i >= len(t.months) {
		return
	}
	m := &t.months[i]
	m.commits++
	if author = strings.ToLower(text(author, maxName)); author == "" {
		return
	}
	if m.authors == nil {
		m.authors = map[string]bool{}
	}
	m.authors[author], t.authors[author] = true, true
}

// Commits is the count. partial says that there were more commits than were
// added.
func (t *Tally) Commits(partial bool) *registry.Commits {
	c := &registry.Commits{Authors: len(t.authors), ByMonth: make([]registry.Month, len(t.months)), Partial: partial}
	for i, m := range t.months {
		c.ByMonth[i] = registry.Month{Month: t.since.AddDate(0, i, 0).Format("2006-01"), Commits: m.commits, Authors: len(m.authors)}
		c.Total += m.commits
	}
	return c
}
