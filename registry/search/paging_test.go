// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

func TestOrders(t *testing.T) {
	all := generated(1, 60)
	all[3].PublicCode.Name, all[4].PublicCode.Name, all[5].PublicCode.Name = "Äther", "Athen", "ATHOS"
	x := search.New(newMemory(all...))
	last := func(n int64) string { return fmt.Sprintf("%015d", int64(1e14)-n) }
	key := map[registry.Sort]func(*registry.Software) string{
		registry.ByUpdated: func(s *registry.Software) string { return last(s.Repository.Pushed.Unix()) },
		registry.ByNew:     func(s *registry.Software) string { return last(s.FirstSeen.Unix()) },
		registry.ByChanged: func(s *registry.Software) string { return last(s.Changed.Unix()) },
		registry.ByStars:   func(s *registry.Software) string { return last(int64(s.Repository.Stars)) },
		registry.ByUsed:    func(s *registry.Software) string { return last(int64(len(s.PublicCode.UsedBy))) },
		registry.ByReleased: func(s *registry.Software) string {
			if day, err := time.Parse(time.DateOnly, s.PublicCode.ReleaseDate); err == nil {
				return last(day.Unix())
			}
			return last(0)
		},
		registry.ByName: func(*registry.Software) string { return "" },
		"":              func(*registry.Software) string { return "" },
	}
	folded := strings.NewReplacer("ä", "a")
	for order, key := range key {
		want := slices.Clone(all)
		full := func(s *registry.Software) string {
			return key(s) + "\x00" + folded.Replace(strings.ToLower(s.PublicCode.Name)) + "\x00" + string(s.ID)
		}
		slices.SortFunc(want, func(a, b *registry.Software) int { return strings.Compare(full(a), full(b)) })
		got := ask(t, x, registry.Query{Sort: order, Limit: 100})
		if diff := cmp.Diff(names(registry.Page{Items: want}), names(got)); diff != "" {
			t.Errorf("order %q (-want +got):\n%s", order, diff)
		}
	}
	if _, err := x.Search(t.Context(), registry.Query{Sort: "best"}); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("unknown order: %v", err)
	}
}

func TestPaging(t *testing.T) {
	all := generated(5, 157)
	x := search.New(newMemory(all...))
	for _, q := range []registry.Query{
		{},
		{Sort: registry.ByUpdated},
		{Sort: registry.ByNew},
		{Text: "ver"},
		{Text: "an", Sort: registry.ByName},
		{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}},
		{Sort: registry.ByRelevance},
	} {
		q.Limit = 1000
		whole := ask(t, x, q)
		if whole.Next != "" || len(whole.Items) != whole.Total || whole.Total < 20 {
			t.Fatalf("%+v: %d of %d entries on the first page, next %q", q, len(whole.Items), whole.Total, whole.Next)
		}
		for _, limit := range []int{1, 7, whole.Total - 1, whole.Total, 0} {
			q.Limit, q.After = limit, ""
			var got []*registry.Software
			for pages := 0; ; pages++ {
				page := ask(t, x, q)
				if page.Total != whole.Total {
					t.Fatalf("%+v: total %d, want %d", q, page.Total, whole.Total)
				}
				if limit > 0 && len(page.Items) > limit || len(page.Items) == 0 || pages > whole.Total {
					t.Fatalf("%+v: %d entries on page %d", q, len(page.Items), pages)
				}
				got = append(got, page.Items...)
				if q.After = page.Next; q.After == "" {
					break
				}
			}
			if diff := cmp.Diff(whole.Items, got); diff != "" {
				t.Fatalf("%+v: all pages (-want +got):\n%s", q, diff)
			}
		}
	}
}

// A page goes on where the one before ended, whatever was written between.
func TestPagingWhileWriting(t *testing.T) {
	all := generated(6, 40)
	m := newMemory(all...)
	x := search.New(m)
	q := registry.Query{Limit: 10}
	page := ask(t, x, q)
	seen := page.Items
	m.remove(seen[9].ID) // the one that the cursor names
	m.remove(seen[0].ID)
	first := german("AAA", "", "")
	m.put(first)
	for page.Next != "" {
		q.After = page.Next
		page = ask(t, x, q)
		seen = append(seen, page.Items...)
	}
	var got, want []registry.ID
	for _, s := range seen {
		got = append(got, s.ID)
	}
	for _, s := range all {
		want = append(want, s.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries seen (-want +got):\n%s", diff)
	}
}

func TestBadCursor(t *testing.T) {
	x := search.New(newMemory(generated(7, 30)...))
	next := ask(t, x, registry.Query{Limit: 5}).Next
	if next == "" {
		t.Fatal("no second page")
	}
	for _, q := range []registry.Query{
		{After: "x"},
		{After: "!"},
		{After: "bnVsbA"},
		{After: "W10"},
		{After: next + "x"},
		{After: next[:len(next)/2]},
		{After: strings.Repeat("A", 100_000)},
		{After: next, Text: "an"},
		{After: next, Sort: registry.ByNew},
		{Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}, After: next},
		{Filters: map[registry.Facet][]string{registry.FacetStatus: {"DE"}}, After: next},
	} {
		if _, err := x.Search(t.Context(), q); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%.60v: %v, want ErrInvalid", q, err)
		}
	}
	for _, q := range []registry.Query{{After: next, Limit: 7}, {After: next, Sort: registry.ByName}, {Filters: map[registry.Facet][]string{registry.FacetLicence: {""}}, After: next}} {
		if _, err := x.Search(t.Context(), q); err != nil {
			t.Errorf("%+v: %v", q, err)
		}
	}
}
