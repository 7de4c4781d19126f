// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// What is loaded answers as what was saved, also when it has caught up.
func TestSnapshot(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 0))
	all := generated(21, 900)
	m := newMemory(all[:600]...)
	x := search.New(m)
	change := func(some []*registry.Software) {
		for _, s := range some {
			m.put(s)
			m.remove(all[r.IntN(len(all))].ID)
			ask(t, x, registry.Query{Limit: 1}) // many layers
		}
	}
	change(all[600:700])
	path := filepath.Join(t.TempDir(), "index")
	if err := x.Save(t.Context(), path, "p"); err != nil {
		t.Fatal(err)
	}
	for _, s := range all[700:] { // only added: the words of what is removed are known until layers are merged
		m.put(s)
	}
	loaded := search.New(m)
	if err := loaded.Load(t.Context(), path, "p"); err != nil {
		t.Fatal(err)
	}
	if rev := loaded.Rev(); rev != x.Rev() {
		t.Fatalf("loaded at revision %d, saved at %d", rev, x.Rev())
	}
	anew := search.New(m)
	for _, q := range []registry.Query{
		{},
		{Text: "ver"},
		{Text: "antragsplan"},
		{Text: "bauamt schul"},
		{Text: "steurplanbuch"},
		{Text: `"` + all[3].PublicCode.Name + `"`},
		{Text: "amt", Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE"}}},
		{Sort: registry.ByStars},
		{Sort: registry.ByReleased},
	} {
		q.Limit, q.Counted = 30, registry.AllFacets()
		if diff := cmp.Diff(ask(t, anew, q), ask(t, loaded, q)); diff != "" {
			t.Errorf("%+v: made anew (-), loaded (+):\n%.3000s", q, diff)
		}
	}
}

func TestSnapshotOfNoUse(t *testing.T) {
	all := generated(22, 60)
	m := newMemory(all...)
	x := search.New(m)
	ask(t, x, registry.Query{})
	path := filepath.Join(t.TempDir(), "index")
	if err := x.Save(t.Context(), path, "p"); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 1
	other := newMemory(append(append([]*registry.Software(nil), all[:59]...), all[0])...)
	for _, test := range []struct {
		name    string
		content []byte // nil for no file
		program string
		source  *memory
	}{
		{"missing", nil, "p", m},
		{"empty", []byte{}, "p", m},
		{"cut off", whole[:len(whole)-1], "p", m},
		{"cut off at the sum", whole[:30], "p", m},
		{"damaged", flipped, "p", m},
		{"of another form", append([]byte("allmende index 0\n"), whole[17:]...), "p", m},
		{"of another program", whole, "q", m},
		{"of another log", whole, "p", other},
		{"ahead of the log", whole, "p", newMemory(all[:59]...)},
		{"of a log that is empty", whole, "p", newMemory()},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "index")
			if test.content != nil {
				if err := os.WriteFile(path, test.content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			x := search.New(test.source)
			if err := x.Load(t.Context(), path, test.program); err == nil || test.content == nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("Load: %v", err)
			}
			q := registry.Query{Limit: 100, Counted: registry.AllFacets()}
			if diff := cmp.Diff(ask(t, search.New(test.source), q), ask(t, x, q)); diff != "" {
				t.Errorf("made anew (-), after a Load that failed (+):\n%s", diff)
			}
		})
	}
}

// Nothing is written of an index that has nothing.
func TestSnapshotOfNothing(t *testing.T) {
	x := search.New(newMemory())
	ask(t, x, registry.Query{})
	path := filepath.Join(t.TempDir(), "index")
	if err := x.Save(t.Context(), path, "p"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a file: %v", err)
	}
}
