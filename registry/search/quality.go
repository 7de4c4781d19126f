// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math/bits"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// What an entry is worth besides its text, each in 256ths of what the text
// counts: maturity from -51 to 26, activity from -38 to 20, completeness from
// -26 to 13, the verdict on the licence from -13 to 10, and use from 0 to 8 where
// it is claimed and to 24 where those who use it confirm it.
// Together they move an entry past those that a query meets about as well, never
// past one that is called so.
var (
	maturity = map[string]int{"stable": 26, "beta": 13, "development": 5, "concept": -13, "obsolete": -51}
	verdict  = map[registry.LicenceVerdict]int{
		registry.LicenceMatch: 10, registry.LicenceConflict: -13, registry.LicenceMissing: -13,
	}
	lively = map[string]int{registry.ActivityRecent: 20, registry.ActivityYear: 10, registry.ActivityArchived: -38}
)

// qualityOf is the part that does not depend on the day.
func qualityOf(s *registry.Software) int16 {
	return int16(maturity[s.PublicCode.DevelopmentStatus] + completeness(s) + verdictOf(s) + use(s))
}

// use counts what usedBy says: little, because it is the maintainers' claim
// alone, and the less the more there are. One in it counts 2, two or three 4,
// from eight on it is 8.
func use(s *registry.Software) int {
	return min(2*bits.Len(uint(len(s.PublicCode.UsedBy))), 8)
}

// confirmed counts who confirms the use: more than any claim, and the less the more
// there are. One counts 8, two or three 16, from four on it is 24.
func confirmed(organisations int) int {
	return min(8*bits.Len(uint(max(organisations, 0))), 24)
}

// confirmedOf is doc.confirmed.
func confirmedOf(s *registry.Software) []int32 {
	var days []int32
	for _, until := range s.Confirmations() {
		days = append(days, clamp(int(until.Unix()/86400)))
	}
	slices.Sort(days)
	slices.Reverse(days)
	return days
}

// confirmed counts those whose word still holds.
func (c clock) confirmed(d *doc) int {
	n := 0
	for n < len(d.confirmed) && d.confirmed[n] >= c.today {
		n++
	}
	return n
}

func verdictOf(s *registry.Software) int {
	if s.Licence == nil {
		return 0
	}
	return verdict[s.Licence.Verdict]
}

// completeness goes from 13 for a file without findings down to -26 for one
// that breaks the standard.
func completeness(s *registry.Software) int {
	if s.Stale != "" {
		return -26
	}
	warnings := 0
	for _, f := range s.Findings {
		switch f.Severity {
		case publiccode.Error:
			return -26
		case publiccode.Warning:
			warnings++
		}
	}
	return max(0, 13-4*warnings)
}

// clock tells activities apart: by whole days, so that it tells the same to all
// who ask on one day.
type clock struct {
	recent, year int64 // pushed since, in Unix milliseconds
	today        int32 // in days since 1970
}

func clockAt(t time.Time) clock {
	day := t.UTC().Truncate(24 * time.Hour)
	return clock{day.AddDate(0, 0, -90).UnixMilli(), day.AddDate(0, 0, -365).UnixMilli(), clamp(int(day.Unix() / 86400))}
}

// activities are the values of the facet, in order of their names.
var activities = [...]string{"", registry.ActivityArchived, registry.ActivityQuiet, registry.ActivityRecent, registry.ActivityYear}

// activity is an index of activities.
func (c clock) activity(d *doc) int {
	switch {
	case d.archived:
		return 1
	case d.pushed == noTime:
		return 0
	case d.pushed >= c.recent:
		return 3
	case d.pushed >= c.year:
		return 4
	}
	return 2
}

// noTime is the zero time in Unix milliseconds.
var noTime = time.Time{}.UnixMilli()

// livelyBy is lively by the index of activities.
var livelyBy = func() (by [len(activities)]int) {
	for i, a := range activities {
		by[i] = lively[a]
	}
	return by
}()
