// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/spdx"
)

// Day is what the catalogue was like at the end of a day, or so far.
type Day struct {
	Date       string         `json:"date"` // UTC, 2026-11-22
	Rev        Rev            `json:"rev"`
	Entries    int            `json:"entries"`
	Incomplete int            `json:"incomplete"`
	New        int            `json:"new"` // that day, as the following two; see CountDay
	Changed    int            `json:"changed"`
	Removed    int            `json:"removed"`
	Regions    map[string]int `json:"regions,omitempty"`  // entries by Publisher.Region
	Licences   map[string]int `json:"licences,omitempty"` // entries by identifier in the declared expression
	Verdicts   map[string]int `json:"verdicts,omitempty"` // entries by LicenceVerdict; "" is not compared
	Statuses   map[string]int `json:"statuses,omitempty"` // entries by developmentStatus
	Findings   map[string]int `json:"findings,omitempty"` // entries by code of their findings
	// Reuse is who uses what of whom, as they confirm in public; nil on a day on
	// which that was not counted, and so is not known.
	Reuse *ReuseNumbers `json:"reuse,omitempty"`
}

// The bounds of what a Day counts by: much of it is what strangers write.
const (
	maxDayKeys = 1000 // of one kind
	maxDayKey  = 200  // bytes
)

func dayKey(key string) bool { return len(key) <= maxDayKey && utf8.ValidString(key) }

// Counts yields what d counts entries by, under the names in JSON.
func (d *Day) Counts() iter.Seq2[string, map[string]int] {
	return func(yield func(string, map[string]int) bool) {
		_ = yield("regions", d.Regions) && yield("licences", d.Licences) && yield("verdicts", d.Verdicts) &&
			yield("statuses", d.Statuses) && yield("findings", d.Findings)
	}
}

// Check reports as ErrInvalid: a date that is none or not written as 2026-11-22,
// a number below zero, more than 1,000 values of one kind, a value of more than 200
// bytes or not in UTF-8, and reuse of another day or at a place that is none.
func (d *Day) Check() error {
	if t, err := time.Parse(time.DateOnly, d.Date); err != nil || t.Format(time.DateOnly) != d.Date {
		return fmt.Errorf("%w: statistics of the day %q; a day is written as 2026-11-22", ErrInvalid, d.Date)
	}
	if d.Rev < 0 || min(d.Entries, d.Incomplete, d.New, d.Changed, d.Removed) < 0 {
		return fmt.Errorf("%w: statistics of %s with a number below zero", ErrInvalid, d.Date)
	}
	for name, counts := range d.Counts() {
		if len(counts) > maxDayKeys {
			return fmt.Errorf("%w: statistics of %s with %d %s; at most %d are kept", ErrInvalid, d.Date, len(counts), name, maxDayKeys)
		}
		for key, n := range counts {
			if n < 0 || !dayKey(key) {
				return fmt.Errorf("%w: statistics of %s: %d of %.50q among the %s", ErrInvalid, d.Date, n, key, name)
			}
		}
	}
	if d.Reuse != nil {
		return d.Reuse.check(d.Date)
	}
	return nil
}

// CountDay counts what a catalogue is like, for the statistics of the day of now.
// It reads every entry once. New, Changed and Removed are the lines of the log
// since the newest day before that one which the store has, or those of the day
// itself where it has none: of days that follow each other no change is missed,
// and Entries grow by New less Removed. A restored entry is a new one.
//
// Of each kind the 1,000 most frequent values are counted, but for those of more
// than 200 bytes.
func CountDay(ctx context.Context, s Store, now time.Time) (*Day, error) {
	rev, err := s.Rev(ctx)
	if err != nil {
		return nil, err
	}
	d := &Day{
		Date: now.UTC().Format(time.DateOnly), Rev: rev, Regions: map[string]int{}, Licences: map[string]int{},
		Verdicts: map[string]int{}, Statuses: map[string]int{}, Findings: map[string]int{},
	}
	reuse := NewReuse(now)
	for software, err := range s.All(ctx) {
		if err != nil {
			return nil, err
		}
		d.count(software)
		reuse.Add(software.Use())
	}
	numbers := reuse.Numbers()
	numbers.Places = slices.DeleteFunc(numbers.Places, func(p PlaceCount) bool { return p.PlaceReuse == PlaceReuse{} })
	d.Reuse = &numbers
	if err := d.countChanges(ctx, s); err != nil {
		return nil, err
	}
	for _, counts := range d.Counts() {
		keepMostFrequent(counts)
	}
	return d, nil
}

func (d *Day) count(s *Software) {
	d.Entries++
	if s.Incomplete() {
		d.Incomplete++
	}
	d.Regions[s.Publisher.Region]++
	d.Statuses[s.PublicCode.DevelopmentStatus]++
	var verdict LicenceVerdict
	if s.Licence != nil {
		verdict = s.Licence.Verdict
	}
	d.Verdicts[string(verdict)]++
	if e, _, err := spdx.Parse(s.PublicCode.Legal.License); err == nil {
		ids := map[string]bool{}
		for l := range e.Licences() {
			ids[l.ID] = true
		}
		for id := range ids {
			d.Licences[id]++
		}
	}
	codes := map[string]bool{}
	for _, f := range s.Findings {
		codes[f.Code] = true
	}
	for code := range codes {
		d.Findings[code]++
	}
}

// countChanges counts the lines of the log up to d.Rev.
func (d *Day) countChanges(ctx context.Context, s Store) error {
	var before *Day
	for day, err := range s.Days(ctx, "", d.Date) {
		if err != nil {
			return err
		}
		if day.Date < d.Date {
			before = day
		}
	}
	var after Rev
	if before != nil {
		after = before.Rev
	}
	for c, err := range s.Changes(ctx, after) {
		switch {
		case err != nil:
			return err
		case c.Rev > d.Rev:
			return nil
		case before == nil && c.Time.UTC().Format(time.DateOnly) != d.Date:
			continue
		}
		switch c.Kind {
		case Added, Restored:
			d.New++
		case Updated, Renamed:
			d.Changed++
		case Removed:
			d.Removed++
		}
	}
	return nil
}

// keepMostFrequent brings counts within the bounds of a Day.
func keepMostFrequent(counts map[string]int) {
	maps.DeleteFunc(counts, func(key string, _ int) bool { return !dayKey(key) })
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for _, key := range keys[min(len(keys), maxDayKeys):] {
		delete(counts, key)
	}
}
