// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// few is a catalogue of some entries, which counts how often it is read.
type few struct {
	Catalogue
	entries []*registry.Software
	rev     registry.Rev
	reads   int
	err     error
}

func (f *few) Rev(context.Context) (registry.Rev, error) { return f.rev, f.err }

func (f *few) All(context.Context) iter.Seq2[*registry.Software, error] {
	f.reads++
	return func(yield func(*registry.Software, error) bool) {
		for _, s := range f.entries {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func usedEntry(until string) *registry.Software {
	return &registry.Software{
		ID: "git.example/kiel/akte", Publisher: registry.Publisher{ID: "kiel", Region: "DE-SH"},
		Adoptions: []registry.Adoption{{
			Organisation: adoption.Organisation{URI: "https://wien.example", Name: "Wien", Region: "AT-9"}, Role: adoption.Operates, ConfirmedUntil: until,
		}},
	}
}

func TestReuse(t *testing.T) {
	shelf := newShelf()
	h := handlerOf(t, shelf, Options{})
	list := decode[reuseList](t, get(t, h, "/v1/reuse"), http.StatusOK)
	if list.Total.Published == 0 || len(list.Places) != len(registry.Places()) || list.Links != (reuseLinks{"/v1/reuse", "/v1/reuse.csv"}) {
		t.Errorf("%+v", list)
	}
	for _, p := range list.Places {
		if p.Names[german] == "" || p.Names[english] == "" {
			t.Errorf("%+v", p)
		}
	}
	w := get(t, h, "/v1/reuse.csv")
	table, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(table) != 1+len(registry.Places()) || w.Header().Get("Content-Disposition") == "" {
		t.Errorf("%d lines, %v", len(table), err)
	}
}

// TestReuseOverTime: of a period the table has the days on which reuse was counted.
func TestReuseOverTime(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{})
	for query, days := range map[string][]string{"from=2026-01-01": {"2026-05-06"}, "to=2026-05-05": nil, "from=2026-05-06&to=2026-05-06": {"2026-05-06"}} {
		table, err := csv.NewReader(get(t, h, "/v1/reuse.csv?"+query).Body).ReadAll()
		if err != nil || len(table) != 1+len(days)*len(registry.Places()) {
			t.Fatalf("%s: %d lines, %v", query, len(table), err)
		}
		for i, line := range table[1:] {
			if want := days[i/len(registry.Places())]; line[0] != want {
				t.Errorf("%s: line %d is of %s, want %s", query, i, line[0], want)
			}
		}
		if len(days) > 0 {
			if column := slices.Index(table[0], "usedBy:DE-HH"); table[1][1] != "DE-SH" || table[1][5] != "1" || table[1][column] != "1" {
				t.Errorf("%s: %q", query, table[1])
			}
		}
	}
	for _, query := range []string{"from=gestern", "from=2026-05-02&to=2026-05-01", "day=2026-05-06"} {
		if w := get(t, h, "/v1/reuse.csv?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
}

// TestReuseIsCountedAnew: when the catalogue or the day has changed, and not before.
func TestReuseIsCountedAnew(t *testing.T) {
	day := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := &few{entries: []*registry.Software{usedEntry("2026-11-22")}, rev: 1}
	var r gathered[*registry.Reuse]
	pairs := func(now time.Time) int {
		t.Helper()
		r.expense = 0 // as if counting took no time, so that it need not be spared
		counted, err := r.get(t.Context(), c, now, "", func(ctx context.Context) (*registry.Reuse, error) { return registry.CountReuse(ctx, c, now) })
		if err != nil {
			t.Fatal(err)
		}
		return len(counted.Numbers().Pairs)
	}
	if n := pairs(day); n != 1 || c.reads != 1 {
		t.Errorf("%d pairs, %d reads", n, c.reads)
	}
	if n := pairs(day.Add(time.Hour)); n != 1 || c.reads != 1 {
		t.Errorf("unchanged: %d pairs, %d reads", n, c.reads)
	}
	if n := pairs(day.AddDate(0, 0, 1)); n != 0 || c.reads != 2 {
		t.Errorf("the next day: %d pairs, %d reads", n, c.reads)
	}
	c.entries, c.rev = append(c.entries, usedEntry("2999-12-31")), 2
	if n := pairs(day.AddDate(0, 0, 1)); n != 1 || c.reads != 3 {
		t.Errorf("after a change: %d pairs, %d reads", n, c.reads)
	}
	r.expense = time.Hour
	c.rev = 3
	if _, err := r.get(t.Context(), c, day.AddDate(0, 0, 1), "", nil); err != nil || c.reads != 3 {
		t.Errorf("counted again at once: %d reads, %v", c.reads, err)
	}
	c.err = errors.New("kaputt")
	if _, err := r.get(t.Context(), c, day, "", nil); err == nil {
		t.Error("no error")
	}
}

// TestReuseEntries looks at one entry from the place that publishes it and from those
// that use it, take part or could.
func TestReuseEntries(t *testing.T) {
	shelf := newShelf()
	for _, e := range shelf.entries {
		if e.ID == fullID {
			e.Adoptions = []registry.Adoption{
				{Organisation: adoption.Organisation{URI: "https://west.example/", Name: "West", Region: "DE-NW"}, Role: adoption.Uses, ConfirmedUntil: "2999-12-31"},
				{Organisation: adoption.Organisation{URI: townURI, Name: "Stadt", Region: "DE-SH"}, Role: adoption.Operates, ConfirmedUntil: "2999-12-31"},
				{Organisation: adoption.Organisation{URI: "https://vorbei.example/", Name: "Vorbei", Region: "DE-HE"}, Role: adoption.Uses, ConfirmedUntil: "2020-12-31"},
			}
		}
	}
	h := handlerOf(t, shelf, Options{})
	for query, want := range map[string]string{
		"place=" + north.Region: "shared 2 used - joining -",
		"place=DE-NW":           "shared - used West joining true",
		"place=DE-HE":           "shared - used - joining false",
		"organisation=" + url.QueryEscape(north.URI):        "shared 2 used - joining -",
		"organisation=https://WEST.example":                 "shared - used West joining true",
		"organisation=" + url.QueryEscape(townURI):          "shared - used Stadt joining -", // takes part already
		"organisation=" + url.QueryEscape("urn:de:niemand"): "shared - used - joining false",
	} {
		list := decode[reuseEntries](t, get(t, h, reuseEntriesPath+"?"+query), http.StatusOK)
		shared, used, joining := "-", "-", "-"
		for _, e := range list.Shared {
			shared = strconv.Itoa(len(e.Users))
		}
		for _, e := range list.Used {
			used = e.Users[0].Name
		}
		for _, e := range list.Joining {
			joining = strconv.FormatBool(e.Uses)
		}
		if got := "shared " + shared + " used " + used + " joining " + joining; got != want || list.Totals != (reuseTotals{len(list.Shared), len(list.Used), len(list.Joining)}) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		if w := get(t, h, list.Links.Self); w.Code != http.StatusOK {
			t.Errorf("%s: links.self is %d", query, w.Code)
		}
	}
	for _, query := range []string{"", "?place=DE-XX", "?place=DE-SH&organisation=https://stadt.example", "?organisation="} {
		decode[problem](t, get(t, h, reuseEntriesPath+query), http.StatusBadRequest)
	}
}
