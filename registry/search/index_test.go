// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
	"github.com/allmende-registry/allmende/registry/search"
	"github.com/allmende-registry/allmende/registry/sqlite"
)

// The index follows a real store through everything that can happen to an entry.
func TestRefresh(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "allmende.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	x := search.New(store)
	want := func(text string, ids ...registry.ID) {
		t.Helper()
		var got []registry.ID
		page := ask(t, x, registry.Query{Text: text})
		for _, s := range page.Items {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(ids, got, cmpopts.EquateEmpty()); diff != "" || page.Total != len(ids) {
			t.Errorf("%q: total %d (-want +got):\n%s", text, page.Total, diff)
		}
		again := search.New(store)
		if diff := cmp.Diff(ask(t, again, registry.Query{Text: text}), page); diff != "" {
			t.Errorf("%q: an index made anew (-) and the one that followed (+) differ:\n%s", text, diff)
		}
	}
	put := func(id registry.ID, forgeID, name string) {
		t.Helper()
		s := registrytest.Software(id, forgeID)
		s.PublicCode.Name = name
		if _, err := store.Put(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	const a, b, c = "forge.example/o/a", "forge.example/o/b", "forge.example/o/c"
	want("")
	put(a, "1", "Wasserstand")
	want("", a)
	put(b, "2", "Regenmesser")
	want("wasser", a)
	want("regen", b)
	put(a, "1", "Pegelstand")
	want("wasser")
	want("pegel", a)
	put(c, "1", "Pegelstand")
	want("pegel", c)
	if _, err := store.Remove(t.Context(), c, registry.FileGone); err != nil {
		t.Fatal(err)
	}
	want("pegel")
	want("", b)
	put(c, "1", "Pegelstand")
	want("pegel", c)
	put(b, "1", "Pegelstand") // onto the address of another
	want("", b)
	put(c, "2", "Regenmesser")
	want("regen", c)
}

// Rewritten again and again, the index says the same as one made anew.
func TestManyUpdates(t *testing.T) {
	all := generated(8, 120)
	m := newMemory(all...)
	x := search.New(m)
	r := rand.New(rand.NewPCG(9, 0))
	for round := range 15 {
		for range 100 {
			s := *pick(r, all)
			s.PublicCode.Name = sentence(r, 2)
			m.put(&s)
		}
		q := registry.Query{Text: "ver", Limit: 50}
		if diff := cmp.Diff(ask(t, search.New(m), q), ask(t, x, q)); diff != "" {
			t.Fatalf("round %d: made anew (-), followed (+):\n%s", round, diff)
		}
	}
}

// Layers that are merged aside while entries change say the same as an index
// made anew.
func TestMergedAside(t *testing.T) {
	all := generated(12, 2600)
	m := newMemory()
	x := search.New(m)
	r := rand.New(rand.NewPCG(13, 0))
	for from := 0; from < len(all); from += 650 {
		for _, s := range all[from : from+650] {
			m.put(s)
		}
		ask(t, x, registry.Query{Counted: []registry.Facet{}})
		// Meanwhile some of what is being merged goes or changes.
		for range 30 {
			m.remove(all[r.IntN(from+650)].ID)
			s := *all[r.IntN(from+650)]
			s.PublicCode.Name = sentence(r, 2)
			m.put(&s)
			ask(t, x, registry.Query{Text: "ver", Limit: 1})
		}
	}
	settled := x.Settle()
	if settled > 6 {
		t.Errorf("%d layers are left", settled)
	}
	anew := search.New(m)
	for _, q := range []registry.Query{{}, {Text: "ver"}, {Text: "antragsplan"}, {Text: "bauamt schul"}, {Text: "steurplanbuch"}, {Text: "amt", Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}}} {
		q.Limit, q.Counted = 30, registry.AllFacets()
		if diff := cmp.Diff(ask(t, anew, q), ask(t, x, q)); diff != "" {
			t.Errorf("%+v: made anew (-), followed (+):\n%.3000s", q, diff)
		}
	}
}

// An index that is emptied while it merges stays empty.
func TestEmptiedWhileMerging(t *testing.T) {
	all := generated(14, 1700)
	m := newMemory(all[:1100]...)
	x := search.New(m)
	ask(t, x, registry.Query{})
	for _, s := range all[1100:] {
		m.put(s)
	}
	ask(t, x, registry.Query{})
	for _, s := range all {
		m.remove(s.ID)
	}
	ask(t, x, registry.Query{})
	x.Settle()
	if got := ask(t, x, registry.Query{Text: "ver"}).Total; got != 0 {
		t.Errorf("%d entries are left", got)
	}
	m.put(all[0])
	if got := ask(t, x, registry.Query{}).Total; got != 1 {
		t.Errorf("%d entries, want the one put", got)
	}
}

// A store that was put back to an older copy makes the index start over.
func TestSourcePutBack(t *testing.T) {
	m := newMemory(invented()...)
	x := search.New(m)
	ask(t, x, registry.Query{})
	m.mu.Lock()
	m.log = m.log[:3]
	clear(m.entries)
	m.mu.Unlock()
	if got := ask(t, x, registry.Query{}).Total; got != 0 {
		t.Errorf("%d entries of a source without any", got)
	}
}

func TestConcurrent(t *testing.T) {
	all := generated(10, 80)
	m := newMemory(all[:40]...)
	x := search.New(m)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 40 {
				if w == 0 {
					m.put(all[40+i])
				}
				page, err := x.Search(t.Context(), registry.Query{Text: []string{"", "ver", "amt"}[i%3], Limit: 5})
				if err != nil {
					t.Errorf("Search: %v", err)
				}
				if w == 0 && i%3 == 0 && page.Total != 41+i {
					t.Errorf("after %d writes Search finds %d", i+1, page.Total)
				}
			}
		})
	}
	wg.Wait()
}

// failing is a source that fails after some calls.
type failing struct {
	*memory
	err error
}

func (f *failing) Get(ctx context.Context, id registry.ID) (*registry.Software, error) {
	if f.err != nil {
		return nil, f.err
	}
	return f.memory.Get(ctx, id)
}

func TestErrors(t *testing.T) {
	f := &failing{memory: newMemory(invented()...)}
	x := search.New(f)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Search(ctx, registry.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search with an ended context: %v", err)
	}
	if got := ask(t, x, registry.Query{}).Total; got != 10 {
		t.Errorf("afterwards %d entries", got)
	}

	f.err = errors.New("disk on fire")
	if _, err := x.Search(t.Context(), registry.Query{}); !errors.Is(err, f.err) {
		t.Errorf("Search on a broken source: %v", err)
	}
	f.put(german("Neu", "", ""))
	if err := x.Refresh(t.Context()); !errors.Is(err, f.err) {
		t.Errorf("Refresh on a broken source: %v", err)
	}
	f.err = nil
	if got := ask(t, x, registry.Query{Text: "neu"}).Total; got != 1 {
		t.Errorf("once mended, %d entries", got)
	}

	// Removed between the look into the index and the loading.
	f.err = registry.ErrGone
	if page := ask(t, x, registry.Query{}); len(page.Items) != 0 || page.Total != 11 {
		t.Errorf("%d items of %d", len(page.Items), page.Total)
	}
}
