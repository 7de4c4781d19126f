// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

func TestTidy(t *testing.T) {
	hash, long := strings.Repeat("ab", 20), strings.Repeat("ü", 400)
	day := func(n int) time.Time { return time.Date(2025, 1, n, 0, 0, 0, 0, time.UTC) }
	number := func(n int) *int { return &n }
	for name, tt := range map[string]struct{ in, want registry.Activity }{
		"nothing": {},
		"languages": {
			registry.Activity{Languages: []registry.Language{
				{Name: "B", Share: 33.333},
				{Name: "A", Share: 33.333},
				{Name: " Go ", Share: 120},
				{Name: "none", Share: 0.04},
				{Name: "less", Share: -5},
				{Name: "no number", Share: math.NaN()},
				{Share: 9},
				{Name: long, Share: 9},
			}},
			registry.Activity{Languages: []registry.Language{{Name: "Go", Share: 100}, {Name: "A", Share: 33.3}, {Name: "B", Share: 33.3}}},
		},
		"releases": {
			registry.Activity{Releases: []registry.Release{
				{Tag: "v1", Name: long, Published: day(1).In(time.FixedZone("", 3600))},
				{Tag: " "},
				{Tag: long},
				{Tag: "v2", Published: day(2), Assets: []registry.Asset{{Name: "a", URL: "https://x.example/a", Size: -1}, {Name: "", URL: "https://x.example/b"}, {Name: "c"}, {Name: "d", URL: "https://x.example/" + strings.Repeat("d", 2048)}}},
			}},
			registry.Activity{Releases: []registry.Release{
				{Tag: "v2", Published: day(2), Assets: []registry.Asset{{Name: "a", URL: "https://x.example/a"}}}, {Tag: "v1", Name: strings.Repeat("ü", 150), Published: day(1)},
			}},
		},
		"tags": {
			registry.Activity{Tags: []registry.Tag{{Name: "undated", Commit: "main"}, {Name: "v1", Date: day(1), Commit: hash}, {}, {Name: "v2", Date: day(2)}}},
			registry.Activity{Tags: []registry.Tag{{Name: "v2", Date: day(2)}, {Name: "v1", Date: day(1), Commit: hash}, {Name: "undated"}}},
		},
		"issues": {
			registry.Activity{HelpWanted: []registry.Issue{
				{Title: "one", URL: "https://x.example/issues/1", Labels: []string{"bug"}, Created: day(9)},
				{Title: "two", URL: "https://x.example/issues/2", Labels: []string{"", " Help Wanted ", "a"}, Created: day(1)},
				{URL: "https://x.example/issues/3", Labels: append(slices.Repeat([]string{"x"}, 30), "good first issue"), Created: day(2)},
				{Title: "again", URL: "https://x.example/issues/2", Labels: []string{"help wanted"}},
			}},
			registry.Activity{HelpWanted: []registry.Issue{
				{Title: "#3", URL: "https://x.example/issues/3", Labels: slices.Repeat([]string{"x"}, 20), Created: day(2)},
				{Title: "two", URL: "https://x.example/issues/2", Labels: []string{"Help Wanted", "a"}, Created: day(1)},
			}},
		},
		"issues, fewer than none": {in: registry.Activity{OpenIssues: number(-1)}},
		"issues, none":            {registry.Activity{OpenIssues: number(0)}, registry.Activity{OpenIssues: number(0)}},
	} {
		t.Run(name, func(t *testing.T) {
			crawler.Tidy(&tt.in)
			if !reflect.DeepEqual(tt.in, tt.want) {
				t.Errorf("got  %+v\nwant %+v", tt.in, tt.want)
			}
		})
	}
}

func TestTidyBounds(t *testing.T) {
	var a registry.Activity
	for i := range 500 {
		n := fmt.Sprint(i)
		a.Languages = append(a.Languages, registry.Language{Name: n, Share: 1})
		a.Tags = append(a.Tags, registry.Tag{Name: n})
		a.Releases = append(a.Releases, registry.Release{Tag: n, Assets: slices.Repeat([]registry.Asset{{Name: n, URL: "https://x.example/" + n}}, 100)})
		a.HelpWanted = append(a.HelpWanted, registry.Issue{Title: n, URL: n, Labels: []string{"help wanted"}})
	}
	crawler.Tidy(&a)
	if len(a.Languages) != 50 || len(a.Tags) != registry.MaxTags || len(a.Releases) != registry.MaxReleases || len(a.Releases[0].Assets) != registry.MaxAssets || len(a.HelpWanted) != registry.MaxIssues {
		t.Errorf("%d languages, %d tags, %d releases, %d assets, %d issues", len(a.Languages), len(a.Tags), len(a.Releases), len(a.Releases[0].Assets), len(a.HelpWanted))
	}
}

func TestHelpLabels(t *testing.T) {
	labels := crawler.HelpLabels()
	for _, want := range []string{"help wanted", "Help wanted", "Help Wanted", "Hilfe Gesucht"} {
		if !slices.Contains(labels, want) {
			t.Errorf("%q is not among %q", want, labels)
		}
	}
	for label, want := range map[string]bool{" HELP wanted": true, "hilfe gesucht": true, "help": false, "": false} {
		if crawler.IsHelpLabel(label) != want {
			t.Errorf("IsHelpLabel(%q) = %t", label, !want)
		}
	}
}

// Whatever people date their commits with, and servers their answers, can be kept:
// JSON has the years 0 to 9999.
func TestDate(t *testing.T) {
	for text, want := range map[string]string{
		`"2025-06-18T10:30:00+02:00"`:      "2025-06-18T08:30:00Z",
		`"2025-06-18T10:30:00.123456789Z"`: "2025-06-18T10:30:00.123456789Z",
		`"1970-01-01T00:00:00Z"`:           "",
		`"0000-01-01T00:00:00Z"`:           "",
		`"0001-01-01T00:00:00+14:00"`:      "",
		`"1969-12-31T23:59:59Z"`:           "",
		`"9998-12-31T23:59:59-23:59"`:      "",
		`"9999-12-31T23:59:59-23:59"`:      "",
		`"99999-01-01T00:00:00Z"`:          "",
		`"2013-04-02T00:00:00+51800"`:      "",
		`"yesterday"`:                      "",
		`""`:                               "",
		`1750242600`:                       "",
		`{"a":1}`:                          "",
		`null`:                             "",
	} {
		var got struct {
			Before int
			At     crawler.Date
			After  int
		}
		if err := json.Unmarshal([]byte(`{"Before":1,"At":`+text+`,"After":2}`), &got); err != nil || got.After != 2 {
			t.Errorf("%s: %v", text, err)
		}
		out := ""
		if !got.At.IsZero() {
			out = got.At.Format(time.RFC3339Nano)
		}
		if out != want {
			t.Errorf("%s is %s, want %q", text, out, want)
		}
		if _, err := got.At.Time.MarshalJSON(); err != nil {
			t.Errorf("%s cannot be kept: %v", text, err)
		}
	}
}
