// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func history(t *testing.T, s registry.Store, id registry.ID) []*registry.Revision {
	t.Helper()
	var all []*registry.Revision
	for r, err := range s.History(t.Context(), id) {
		if err != nil {
			t.Fatalf("History of %s: %v", id, err)
		}
		all = append(all, r)
	}
	return all
}

// past is what a test expects of a history: the revisions as they are made.
type past []*registry.Revision

// put puts software, and has its revision begin in a millisecond of its own.
func (p *past) put(t *testing.T, s registry.Store, software *registry.Software) {
	t.Helper()
	nextMillisecond()
	c := put(t, s, software)
	*p = append(*p, &registry.Revision{Change: c, Software: get(t, s, software.ID)})
}

// nextMillisecond has what comes be later than what was, as stores keep times.
func nextMillisecond() {
	for began := time.Now().Truncate(time.Millisecond); time.Now().Truncate(time.Millisecond).Equal(began); {
		continue
	}
}

func (p *past) remove(t *testing.T, s registry.Store, id registry.ID) {
	t.Helper()
	*p = append(*p, &registry.Revision{Change: remove(t, s, id)})
}

// want checks the history of an entry, and At around the instant of each
// revision.
func (p past) want(t *testing.T, s registry.Store, id registry.ID) {
	t.Helper()
	newestFirst := slices.Clone(p)
	slices.Reverse(newestFirst)
	same(t, "history of "+string(id), []*registry.Revision(newestFirst), history(t, s, id))
	at := func(i int, when time.Time) {
		t.Helper()
		// Of changes in one millisecond the last one counts.
		for i+1 < len(p) && !p[i+1].Time.After(when) {
			i++
		}
		got, err := s.At(t.Context(), id, when)
		switch {
		case i < 0:
			wantErr(t, "At before the first revision", err, registry.ErrNotFound)
		case p[i].Software == nil:
			wantErr(t, "At while it is removed", err, registry.ErrGone)
		case err != nil:
			t.Errorf("At revision %d of %s: %v", p[i].Rev, id, err)
		default:
			same(t, fmt.Sprintf("%s at revision %d", id, p[i].Rev), p[i].Software, got)
		}
	}
	for i, r := range p {
		at(i-1, r.Time.Add(-1))
		at(i, r.Time)
		at(i, r.Time.Add(1).In(time.FixedZone("", -12*3600)))
	}
	last := len(p) - 1
	at(-1, time.Time{})
	at(-1, time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC))
	at(last, time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
	at(last, time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC))
}

func testHistory(t *testing.T, s registry.Store) {
	const id = registry.ID("forge.example/a/b")
	var p past
	p.put(t, s, Software("forge.example/a/other", "2"))
	p = nil
	software := Software(id, "1")
	p.put(t, s, software)
	p.want(t, s, id)
	for _, name := range []string{"Sielbuch", `"; DROP TABLE revision; --`, "\u202edeich\\u0000", "<b>&amp;", "Deichbuch"} {
		software.PublicCode.Name = name
		p.put(t, s, software)
	}
	p.want(t, s, "forge.example/A/B")
	if c := put(t, s, software); c.Rev != 0 {
		t.Fatalf("Put of the same logged %+v", c)
	}
	p.want(t, s, id)

	p.remove(t, s, id)
	p.want(t, s, id)
	remove(t, s, id) // is no change
	p.want(t, s, id)
	software.Rev = 0 // removed, it is at another one
	p.put(t, s, software)
	p.want(t, s, id)
	p.remove(t, s, id)
	software.Rev = 0
	software.Repository.Stars++
	p.put(t, s, software)
	p.want(t, s, id)
	if len(p) != 10 {
		t.Fatalf("%d revisions", len(p))
	}

	for _, never := range []registry.ID{"forge.example/a/c", "forge.example/a", "forge.example/a/b/~/c", "%", "", "' OR 1=1 --"} {
		wantErr(t, "History of "+string(never), drain(s.History(t.Context(), never)), registry.ErrNotFound)
		_, err := s.At(t.Context(), never, time.Now())
		wantErr(t, "At of "+string(never), err, registry.ErrNotFound)
	}
}

// wantAlias checks that an ID leads elsewhere, also for a time when the entry
// had it.
func wantAlias(t *testing.T, s registry.Store, from, to registry.ID) {
	t.Helper()
	_, err := s.At(t.Context(), from, time.Now())
	for what, err := range map[string]error{"History": drain(s.History(t.Context(), from)), "At": err} {
		var moved *registry.MovedError
		if !errors.As(err, &moved) || moved.To != to {
			t.Errorf("%s of %s: %v, want moved to %s", what, from, err, to)
		}
	}
}

func testHistoryRenamed(t *testing.T, s registry.Store) {
	const a, b, c, d = registry.ID("forge.example/x/a"), registry.ID("forge.example/x/b"), registry.ID("forge.example/y/c"), registry.ID("forge.example/x/d")
	var p past
	for _, id := range []registry.ID{a, b, "forge.example/x/B", c} {
		p.put(t, s, Software(id, "1"))
	}
	p.want(t, s, c)
	wantAlias(t, s, a, c)
	wantAlias(t, s, "forge.example/X/b", c)

	// Removed, it is still reached by its former IDs, and comes back at another.
	p.remove(t, s, c)
	p.want(t, s, c)
	wantAlias(t, s, a, c)
	p.put(t, s, Software(d, "1"))
	p.want(t, s, d)
	wantAlias(t, s, c, d)
	p.put(t, s, Software(a, "1"))
	p.want(t, s, a)
	p.put(t, s, Software(d, "1"))

	// Another repository at a former address has its own history alone.
	var other past
	other.put(t, s, Software(a, "2"))
	other.want(t, s, a)
	p.want(t, s, d)

	// Renamed onto the other one, which loses its address until it is seen again.
	other = append(other, nil)
	p.put(t, s, Software(a, "1"))
	p.want(t, s, a)
	log := changes(t, s, 0)
	other[1] = &registry.Revision{Change: log[len(log)-2]}
	if other[1].Kind != registry.Removed {
		t.Fatalf("the change before the last is %+v", other[1].Change)
	}
	other.put(t, s, Software("forge.example/z/z", "2"))
	other.want(t, s, "forge.example/z/z")
	p.want(t, s, a)
	wantAlias(t, s, d, a)

	// The same address with another forge ID is the same entry.
	other.put(t, s, Software("forge.example/z/z", "3"))
	other.want(t, s, "forge.example/z/z")
}

// The parts of a repository have each a history of its own.
func testHistoryParts(t *testing.T, s registry.Store) {
	folders := []string{"", "/~/apps/form", "/~/apps/Küste"}
	pasts := map[string]*past{}
	for _, repo := range []registry.ID{"forge.example/a/old", "forge.example/b/new"} {
		for _, folder := range folders {
			if pasts[folder] == nil {
				pasts[folder] = &past{}
			}
			software := Software(repo+registry.ID(folder), "1")
			software.PublicCode.Name += folder
			pasts[folder].put(t, s, software)
		}
	}
	pasts[folders[1]].remove(t, s, registry.ID("forge.example/b/new"+folders[1]))
	for folder, p := range pasts {
		p.want(t, s, registry.ID("forge.example/b/new"+folder))
		wantAlias(t, s, registry.ID("forge.example/a/old"+folder), registry.ID("forge.example/b/new"+folder))
	}
}

func testHistoryLong(t *testing.T, s registry.Store) {
	const id = registry.ID("forge.example/a/b")
	software := Software(id, "1")
	for i := range many {
		software.Repository.Stars = i
		put(t, s, software)
		put(t, s, Software("forge.example/a/c", fmt.Sprint("c", i)))
	}
	stars := many
	for r, err := range s.History(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if stars--; r.Software.Repository.Stars != stars || r.Software.Rev != r.Rev {
			t.Fatalf("revision %d of %s has %d stars, want %d", r.Rev, r.ID, r.Software.Repository.Stars, stars)
		}
		if stars%50 == 0 { // its consumer may write
			software.Repository.Stars++
			put(t, s, software)
		}
	}
	if stars != 0 {
		t.Errorf("the history ends at %d stars", stars)
	}
	for range s.History(t.Context(), id) {
		break
	}
	put(t, s, Software("forge.example/x/after", "")) // nothing is left locked
}

func days(t *testing.T, s registry.Store, from, to string) []*registry.Day {
	t.Helper()
	var all []*registry.Day
	for d, err := range s.Days(t.Context(), from, to) {
		if err != nil {
			t.Fatalf("Days from %q to %q: %v", from, to, err)
		}
		all = append(all, d)
	}
	return all
}

func putDay(t *testing.T, s registry.Store, d *registry.Day) {
	t.Helper()
	if err := s.PutDay(t.Context(), d); err != nil {
		t.Fatalf("PutDay %s: %v", d.Date, err)
	}
}

func testDays(t *testing.T, s registry.Store) {
	hostile := map[string]int{"": 1, "DE-SH": 2, `"'; DROP TABLE day; --`: 3, "\x00\n": 4, "=1+1": 5, "Küste <b>": 6, strings.Repeat("ß", 100): 7}
	var want []*registry.Day
	first := time.Date(2023, 12, 25, 0, 0, 0, 0, time.UTC)
	for i := range many {
		want = append(want, &registry.Day{
			Date: first.AddDate(0, 0, i).Format(time.DateOnly), Rev: registry.Rev(i) << 40, Entries: i, Incomplete: i + 1,
			New: i + 2, Changed: i + 3, Removed: i + 4,
			Regions: hostile, Licences: map[string]int{"EUPL-1.2": i}, Verdicts: map[string]int{"": i}, Statuses: hostile,
		})
	}
	for i := range want {
		putDay(t, s, want[(i*37)%many])
	}
	same(t, "all days", want, days(t, s, "", ""))
	want[7] = &registry.Day{
		Date: want[7].Date, Entries: 1, Findings: map[string]int{"PC0001": 3},
		Reuse: &registry.ReuseNumbers{
			Day: want[7].Date, Claims: 4, Total: registry.PlaceReuse{Published: 1, Shared: 1, Used: 1, Users: 2},
			Places: []registry.PlaceCount{{Code: "DE-SH", PlaceReuse: registry.PlaceReuse{Published: 1, Shared: 1}}},
			Pairs:  []registry.ReuseBetween{{PublishedBy: "DE-SH", UsedBy: registry.PlaceOther, Entries: 1}},
		},
	}
	putDay(t, s, want[7])
	same(t, "days after one was written again", want, days(t, s, "", ""))
	for _, tt := range []struct {
		from, to string
		want     []*registry.Day
	}{
		{"2023-12-31", "2024-01-01", want[6:8]},
		{"2024-01-01", "2024-01-01", want[7:8]},
		{"2024-01-01", "", want[7:]},
		{"", "2024-01-01", want[:8]},
		{"2023-01-01", "2023-12-25", want[:1]},
		{"2024-01-02", "2024-01-01", nil},
		{"2030-01-01", "", nil},
	} {
		same(t, fmt.Sprintf("days from %q to %q", tt.from, tt.to), tt.want, days(t, s, tt.from, tt.to))
	}
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("statistics are revision %d", rev)
	}
	putDay(t, s, &registry.Day{Date: "0000-01-01"})
	putDay(t, s, &registry.Day{Date: "9999-12-31"})
	if all := days(t, s, "", ""); len(all) != many+2 || all[0].Date != "0000-01-01" || all[many+1].Date != "9999-12-31" {
		t.Errorf("%d days", len(all))
	}
}

func testInvalidDays(t *testing.T, s registry.Store) {
	tooMany := map[string]int{}
	for i := range 1001 {
		tooMany[fmt.Sprint(i)] = i
	}
	for name, d := range map[string]registry.Day{
		"no date":          {},
		"a time":           {Date: "2026-11-22T00:00:00Z"},
		"another form":     {Date: "22.11.2026"},
		"no such day":      {Date: "2026-02-29"},
		"a short year":     {Date: "26-11-22"},
		"below zero":       {Date: "2026-11-22", Removed: -1},
		"Rev below zero":   {Date: "2026-11-22", Rev: -1},
		"value below zero": {Date: "2026-11-22", Statuses: map[string]int{"beta": -1}},
		"too many values":  {Date: "2026-11-22", Licences: tooMany},
		"value too long":   {Date: "2026-11-22", Findings: map[string]int{strings.Repeat("x", 201): 1}},
		"no UTF-8":         {Date: "2026-11-22", Regions: map[string]int{"\xff": 1}},

		"reuse of another day": {Date: "2026-11-22", Reuse: &registry.ReuseNumbers{Day: "2026-11-21"}},
		"reuse below zero":     {Date: "2026-11-22", Reuse: &registry.ReuseNumbers{Day: "2026-11-22", Total: registry.PlaceReuse{Users: -1}}},
		"reuse at no place":    {Date: "2026-11-22", Reuse: &registry.ReuseNumbers{Day: "2026-11-22", Places: []registry.PlaceCount{{Code: "Kiel"}}}},
		"reuse by no place":    {Date: "2026-11-22", Reuse: &registry.ReuseNumbers{Day: "2026-11-22", Pairs: []registry.ReuseBetween{{PublishedBy: "DE-SH"}}}},
		"too much reuse":       {Date: "2026-11-22", Reuse: &registry.ReuseNumbers{Day: "2026-11-22", Places: slices.Repeat([]registry.PlaceCount{{Code: "DE-SH"}}, 20)}},
	} {
		wantErr(t, "PutDay with "+name, s.PutDay(t.Context(), &d), registry.ErrInvalid)
	}
	if all := days(t, s, "", ""); len(all) > 0 {
		t.Errorf("%d days are kept", len(all))
	}
	delete(tooMany, "0")
	putDay(t, s, &registry.Day{Date: "2026-11-22", Licences: tooMany})
}

func testCountDay(t *testing.T, s registry.Store) {
	at := func(when time.Time) *registry.Day {
		t.Helper()
		d, err := registry.CountDay(t.Context(), s, when)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	count := func(when time.Time) *registry.Day {
		t.Helper()
		d := at(when)
		putDay(t, s, d)
		return d
	}
	date := func(at time.Time) string { return at.UTC().Format(time.DateOnly) }
	today := time.Now()
	same(t, "day of an empty catalogue", &registry.Day{Date: date(today), Reuse: &registry.ReuseNumbers{Day: date(today)}}, at(today))

	// Without a day before it only its own changes count.
	first := put(t, s, Software("forge.example/a/first", "")).Time
	for days, want := range map[int]int{-1: 0, 0: 1, 1: 0} {
		if d := at(first.AddDate(0, 0, days)); d.Entries != 1 || d.New != want {
			t.Errorf("%d days after the first change: %+v", days, d)
		}
	}
	remove(t, s, "forge.example/a/first")
	count(today.AddDate(0, 0, -2))

	change := func(id registry.ID, f func(*registry.Software)) {
		software := Software(id, "")
		software.Licence, software.Findings = nil, nil
		f(software)
		put(t, s, software)
	}
	change("forge.example/a/a", func(s *registry.Software) {
		s.PublicCode.Legal.License = "eupl-1.2 OR EUPL-1.2 OR (MIT AND GPL-2.0+)"
		s.PublicCode.DevelopmentStatus, s.PublicCode.UsedBy = "stable", []string{"Stadt A", "Stadt B"}
		s.Adoptions = []registry.Adoption{
			{Organisation: adoption.Organisation{URI: "https://hh.example", Name: "HH", Region: "DE-HH"}, Role: adoption.Uses, ConfirmedUntil: date(today)},
			{Organisation: adoption.Organisation{URI: "https://hb.example", Name: "HB", Region: "DE-HB"}, Role: adoption.Uses, ConfirmedUntil: "2020-01-01"},
		}
		s.Licence = &registry.LicenceReport{Verdict: registry.LicenceMatch}
		s.Findings = []publiccode.Finding{{Code: "PC0001", Severity: publiccode.Error}, {Code: "PC0001"}, {Code: "PC0002"}}
	})
	change("forge.example/a/b", func(s *registry.Software) {
		s.Publisher.Region, s.Stale = "", "broken"
		s.PublicCode.Legal.License = "a licence of our own"
		s.PublicCode.DevelopmentStatus = strings.Repeat("x", 201)
		s.Findings = []publiccode.Finding{{Code: "PC0001"}}
	})
	change("forge.example/a/c", func(*registry.Software) {})
	change("forge.example/a/c", func(s *registry.Software) { s.Repository.Stars++ })
	remove(t, s, "forge.example/a/c")
	change("forge.example/a/c", func(s *registry.Software) { s.Repository.Stars++ })
	change("forge.example/a/gone", func(*registry.Software) {})
	remove(t, s, "forge.example/a/gone")
	want := &registry.Day{
		Date: date(today), Rev: 10, Entries: 3, Incomplete: 2, New: 5, Changed: 1, Removed: 2,
		Regions:  map[string]int{"DE-SH": 2, "": 1},
		Licences: map[string]int{"EUPL-1.2": 2, "MIT": 1, "GPL-2.0": 1},
		Verdicts: map[string]int{"match": 1, "": 2},
		Statuses: map[string]int{"stable": 1, "": 1},
		Findings: map[string]int{"PC0001": 2, "PC0002": 1},
		Reuse: &registry.ReuseNumbers{
			Day: date(today), Claims: 2, Total: registry.PlaceReuse{Published: 3, Claimed: 1, Shared: 1, Used: 1, Users: 1},
			Places: []registry.PlaceCount{
				{Code: "DE-SH", PlaceReuse: registry.PlaceReuse{Published: 2, Claimed: 1, Shared: 1}},
				{Code: "DE-HH", PlaceReuse: registry.PlaceReuse{Used: 1, Users: 1}},
				{Code: registry.PlaceUnknown, PlaceReuse: registry.PlaceReuse{Published: 1}},
			},
			Pairs: []registry.ReuseBetween{{PublishedBy: "DE-SH", UsedBy: "DE-HH", Entries: 1}},
		},
	}
	same(t, "day", want, count(today))
	same(t, "day as it is kept", []*registry.Day{want}, days(t, s, date(today), ""))

	// The next day has what the first one has not counted.
	tomorrow := today.AddDate(0, 0, 1)
	change("forge.example/a/d", func(*registry.Software) {})
	next := *want
	next.Date, next.Rev, next.Entries, next.New, next.Changed, next.Removed = date(tomorrow), 11, 4, 1, 0, 0
	next.Regions = map[string]int{"DE-SH": 3, "": 1}
	next.Licences = map[string]int{"EUPL-1.2": 3, "MIT": 1, "GPL-2.0": 1}
	next.Verdicts = map[string]int{"match": 1, "": 3}
	next.Statuses = map[string]int{"stable": 1, "": 2}
	next.Reuse = &registry.ReuseNumbers{ // what was confirmed until the day before is so no more
		Day: date(tomorrow), Claims: 2, Total: registry.PlaceReuse{Published: 4, Claimed: 1},
		Places: []registry.PlaceCount{
			{Code: "DE-SH", PlaceReuse: registry.PlaceReuse{Published: 3, Claimed: 1}},
			{Code: registry.PlaceUnknown, PlaceReuse: registry.PlaceReuse{Published: 1}},
		},
	}
	same(t, "next day", &next, count(tomorrow))
	same(t, "next day for the second time", &next, count(tomorrow.In(time.FixedZone("", 0))))
	same(t, "both days", []*registry.Day{want, &next}, days(t, s, date(today), ""))

	// The rarest of too many values are left out.
	for i := range 60 {
		change(registry.ID(fmt.Sprint("forge.example/many/", i)), func(s *registry.Software) {
			var ids []string
			for j := range 20 {
				ids = append(ids, fmt.Sprintf("LicenseRef-%d", 1000+i*20+j))
			}
			s.PublicCode.Legal.License = strings.Join(append(ids, "MIT"), " AND ")
		})
	}
	d := count(tomorrow)
	if len(d.Licences) != 1000 || d.Licences["MIT"] != 61 || d.Licences["LicenseRef-1000"] != 1 || d.Licences["LicenseRef-2199"] != 0 {
		t.Errorf("%d licences: MIT %d", len(d.Licences), d.Licences["MIT"])
	}
	if sum := slices.Max(slices.Collect(maps.Values(d.Regions))); sum != 63 {
		t.Errorf("regions: %v", d.Regions)
	}
}
