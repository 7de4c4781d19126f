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

// TestReuseIsCountedAnew: when the catalogue or the day has changed, and not before.
func TestReuseIsCountedAnew(t *testing.T) {
	day := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	c := &few{entries: []*registry.Software{usedEntry("2026-11-22")}, rev: 1}
	var r reuse
	pairs := func(now time.Time) int {
		t.Helper()
		r.expense = 0 // as if counting took no time, so that it need not be spared
		counted, err := r.get(t.Context(), c, now)
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
	if _, err := r.get(t.Context(), c, day.AddDate(0, 0, 1)); err != nil || c.reads != 3 {
		t.Errorf("counted again at once: %d reads, %v", c.reads, err)
	}
	c.err = errors.New("kaputt")
	if _, err := r.get(t.Context(), c, day); err == nil {
		t.Error("no error")
	}
}
