// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// The months before one of 31 days are those before it, also from its last day.
func TestYearTo(t *testing.T) {
	for now, want := range map[string]string{
		"2025-03-31T23:59:59Z":      "2024-04 2024-05 2024-06 2024-07 2024-08 2024-09 2024-10 2024-11 2024-12 2025-01 2025-02 2025-03 2025-04",
		"2024-12-31T12:00:00Z":      "2024-01 2024-02 2024-03 2024-04 2024-05 2024-06 2024-07 2024-08 2024-09 2024-10 2024-11 2024-12 2025-01",
		"2024-02-29T00:00:00Z":      "2023-03 2023-04 2023-05 2023-06 2023-07 2023-08 2023-09 2023-10 2023-11 2023-12 2024-01 2024-02 2024-03",
		"2025-01-01T00:30:00+01:00": "2024-01 2024-02 2024-03 2024-04 2024-05 2024-06 2024-07 2024-08 2024-09 2024-10 2024-11 2024-12 2025-01",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, month := range crawler.YearTo(at) {
			if month.Day() != 1 || month.Location() != time.UTC || month.Hour() != 0 {
				t.Errorf("%s: %s begins no month", now, month)
			}
			got = append(got, month.Format("2006-01"))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
}

func TestTally(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	// Already March where this clock is, still February in UTC.
	tally := crawler.NewTally(time.Date(2024, 3, 1, 0, 30, 0, 0, berlin))
	if want := time.Date(2023, 3, 1, 0, 0, 0, 0, time.UTC); !tally.Since().Equal(want) {
		t.Errorf("Since() = %s, want %s", tally.Since(), want)
	}
	for _, c := range []struct{ at, author string }{
		{"2024-02-29T23:59:59Z", "ada@example.org"},
		{"2024-02-01T00:00:00Z", " ADA@example.org"},
		{"2024-02-01T00:30:00+01:00", "bo@example.org"}, // January
		{"2023-03-01T00:00:00Z", ""},
		{"2023-02-28T23:59:59Z", "early@example.org"},
		{"2024-03-01T00:00:00Z", "late@example.org"},
		{"2025-01-01T00:00:00Z", "late@example.org"},
		{"0001-01-01T00:00:00Z", "never@example.org"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		tally.Add(at, c.author)
	}
	want := &registry.Commits{Total: 4, Authors: 2, Partial: true, ByMonth: []registry.Month{
		{Month: "2023-03", Commits: 1},
		{Month: "2023-04"},
		{Month: "2023-05"},
		{Month: "2023-06"},
		{Month: "2023-07"},
		{Month: "2023-08"},
		{Month: "2023-09"},
		{Month: "2023-10"},
		{Month: "2023-11"},
		{Month: "2023-12"},
		{Month: "2024-01", Commits: 1, Authors: 1},
		{Month: "2024-02", Commits: 2, Authors: 1},
	}}
	if diff := cmp.Diff(want, tally.Commits(true)); diff != "" {
		t.Error(diff)
	}
}
