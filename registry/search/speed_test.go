// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"context"
	"iter"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
)

// TestSpeed measures, and asserts nothing: how long the index takes to be made,
// how much memory it takes, how long it takes to answer. ALLMENDE_SPEED says
// with how many entries.
func TestSpeed(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("ALLMENDE_SPEED"))
	if err != nil {
		t.Skip("set ALLMENDE_SPEED to the number of entries, 100000")
	}
	before := heap()
	m := made(n) // so that making them is not measured; let go after
	x := search.New(m)
	start := time.Now()
	if err := x.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	built := time.Since(start)
	m.made = nil
	t.Logf("%d entries: made in %v, %d bytes of memory an entry", n, built.Round(time.Millisecond), (heap()-before)/int64(n))
	x.SizeUp(t.Logf)

	ask := func(q registry.Query) (registry.Page, time.Duration) {
		start := time.Now()
		page, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return page, time.Since(start)
	}
	rounds := 200
	if n >= 1_000_000 {
		rounds = 40
	}
	measure := func(kind string, queries []registry.Query) {
		var all []time.Duration
		found := 0
		for round := range rounds {
			for i, q := range queries {
				page, took := ask(q)
				if round == 0 {
					found += page.Total
					if os.Getenv("ALLMENDE_EACH") != "" {
						_, took := ask(q)
						t.Logf("   %v %d %v", queries[i].Text, page.Total, took)
					}
				}
				all = append(all, took)
			}
		}
		slices.Sort(all)
		t.Logf("%-16s p50 %8.3f ms  p99 %8.3f ms  finds %d on average", kind, ms(all[len(all)/2]), ms(all[len(all)*99/100]), found/len(queries))
	}
	only := os.Getenv("ALLMENDE_ONLY")
	for _, q := range registrytest.AllQuestions() {
		if only != "" && q.Kind != only {
			continue
		}
		measure(q.Kind, q.Queries)
	}
	if only != "" {
		return
	}
	var deep []registry.Query
	for _, q := range []registry.Query{{}, {Text: "Verwaltung"}, {Sort: registry.ByUpdated}} {
		q.Counted = registrytest.FiveFacets()
		for range 100 {
			page, _ := ask(q)
			q.After = page.Next
		}
		deep = append(deep, q)
	}
	measure("deep page", deep)

	var one, suggest, similar []time.Duration
	for s := range registrytest.Realistic(200) {
		s.PublicCode.Name += " neu"
		m.put(s)
		_, took := ask(registry.Query{Text: "Antrag"})
		one = append(one, took)
		start := time.Now()
		if _, err := x.Suggest(t.Context(), "verw", 8); err != nil {
			t.Fatal(err)
		}
		suggest = append(suggest, time.Since(start))
		start = time.Now()
		if _, err := x.Similar(t.Context(), s.ID, 5); err != nil {
			t.Fatal(err)
		}
		similar = append(similar, time.Since(start))
	}
	for kind, all := range map[string][]time.Duration{"after a write": one, "suggest": suggest, "similar": similar} {
		slices.Sort(all)
		t.Logf("%-16s p50 %8.3f ms  p99 %8.3f ms", kind, ms(all[len(all)/2]), ms(all[len(all)*99/100]))
	}
}

// stubs is a source that keeps nothing of its first entries: what is measured
// is the index.
type stubs struct {
	*memory
	made []*registry.Software
}

func (s *stubs) Rev(ctx context.Context) (registry.Rev, error) {
	rev, err := s.memory.Rev(ctx)
	return rev + 1, err
}

func (s *stubs) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return func(yield func(registry.Change, error) bool) {
		for c, err := range s.memory.Changes(ctx, after-1) {
			if c.Rev++; !yield(c, err) {
				return
			}
		}
	}
}

func (s *stubs) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for _, e := range s.made {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (s *stubs) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	if e, err := s.memory.Get(ctx, id); err == nil {
		return e, nil
	}
	return &registry.Software{ID: id}, nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
