// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

func TestStats(t *testing.T) {
	hostile := "=1+1,\"\n\x1b[2J"
	config := filled(t, func(s registry.Store) {
		for _, d := range []*registry.Day{
			{Date: "2026-11-21", Rev: 7, Entries: 3, Incomplete: 1, New: 3, Regions: map[string]int{"DE-SH": 2, "": 1}, Verdicts: map[string]int{"match": 3}},
			{Date: "2026-11-22", Rev: 9, Entries: 4, New: 2, Changed: 5, Removed: 1, Regions: map[string]int{"DE-SH": 3, hostile: 1}},
		} {
			if err := s.PutDay(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	})
	stats := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"stats", "--config", config}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	want := `Tag         Einträge  Unvollständig  Neu  Geändert  Entfernt
2026-11-21  3         1              3    0         0
2026-11-22  4         0              2    5         1
`
	if diff := cmp.Diff(want, stats("--lang", "de")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out := stats("--lang", "en"); !strings.HasPrefix(out, "Day         Entries") {
		t.Error(out)
	}
	table, err := csv.NewReader(strings.NewReader(stats("--csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{
		{"date", "rev", "entries", "incomplete", "new", "changed", "removed", "regions:", "regions:" + hostile, "regions:DE-SH", "verdicts:match"},
		{"2026-11-21", "7", "3", "1", "3", "0", "0", "1", "0", "2", "3"},
		{"2026-11-22", "9", "4", "0", "2", "5", "1", "0", "1", "3", "0"},
	}, table); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	var days []registry.Day
	if err := json.Unmarshal([]byte(stats("--json")), &days); err != nil || len(days) != 2 || days[1].Regions[hostile] != 1 {
		t.Errorf("JSON: %v: %+v", err, days)
	}
	if _, errs, code := command(t, "stats", "--config", config, "--json", "--csv"); code != exitUsage {
		t.Errorf("both forms: code %d: %s", code, errs)
	}

	config = filled(t, func(registry.Store) {})
	for arg, want := range map[string]string{"--lang=de": "Noch ist kein Tag", "--lang=en": "No day", "--json": "[]\n", "--csv": "date,rev,"} {
		if out := stats(arg); !strings.HasPrefix(out, want) {
			t.Errorf("%s without days: %s", arg, out)
		}
	}
}

func TestRecordDay(t *testing.T) {
	filled(t, func(s registry.Store) {
		now := time.Date(2026, 11, 23, 0, 30, 0, 0, time.FixedZone("", 3600))
		put := func(id registry.ID) {
			t.Helper()
			if _, err := s.Put(t.Context(), registrytest.Software(id, "")); err != nil {
				t.Fatal(err)
			}
		}
		want := func(what string, want ...string) {
			t.Helper()
			if err := recordDay(t.Context(), s, now); err != nil {
				t.Fatal(err)
			}
			var got []string
			for d, err := range s.Days(t.Context(), "", "") {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprint(d.Date, " ", d.Rev, " ", d.Entries))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		want("nothing crawled", "2026-11-22 0 0")
		put("forge.example/a/a")
		want("a change", "2026-11-22 1 1")
		if err := s.PutDay(t.Context(), &registry.Day{Date: "2026-11-22", Rev: 1, Entries: 99}); err != nil {
			t.Fatal(err)
		}
		want("no change since", "2026-11-22 1 99")
		put("forge.example/a/b")
		want("another change", "2026-11-22 2 2")
		now = now.AddDate(0, 0, 1)
		want("a new day", "2026-11-22 2 2", "2026-11-23 2 2")
		now = now.AddDate(0, 0, -7)
		want("the clock was set back", "2026-11-16 2 2", "2026-11-22 2 2", "2026-11-23 2 2")
	})
}

// crawl and serve write the day.
func TestDaysOfCrawls(t *testing.T) {
	world := forgetest.New()
	address := forgeOf(t, world)
	world.Put(software(address, "stadt/wahl", "Wahl"))
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
forges: [{url: %q, kind: forgejo, allowPrivate: true}]
publishers: [{id: a, name: A, sources: ["%s/stadt"]}]
`, t.TempDir(), address, address))
	newest := func() (d registry.Day) {
		t.Helper()
		out, errs, code := command(t, "stats", "--config", config, "--json")
		var days []registry.Day
		if err := json.Unmarshal([]byte(out), &days); err != nil || code != 0 {
			t.Fatalf("%v, code %d: %s%s", err, code, out, errs)
		}
		if len(days) > 0 {
			d = days[len(days)-1]
		}
		return d
	}
	crawlJSON(t, config, 0)
	if d := newest(); d.Entries != 1 || d.New != 1 || d.Rev == 0 {
		t.Errorf("after crawl: %+v", d)
	}
	world.Put(software(address, "stadt/rad", "Rad"))
	s := serve(t, config)
	for deadline := time.Now().Add(time.Minute); newest().Entries != 2; {
		if time.Now().After(deadline) {
			t.Fatalf("after a crawl of serve: %+v\n%s", newest(), s.logged())
		}
	}
}
