// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

func testEmpty(t *testing.T, s registry.Store) {
	if rev := revOf(t, s); rev != 0 {
		t.Errorf("Rev of an empty registry is %d, want 0", rev)
	}
	if got := ids(t, s); len(got) != 0 {
		t.Errorf("All yields %v", got)
	}
	wantLog(t, s, 0)
	wantAliases(t, s, nil)
	if got := visits(t, s, ""); len(got) != 0 {
		t.Errorf("Visits yields %v", got)
	}
	_, err := s.Get(t.Context(), "forge.example/a/b")
	wantErr(t, "Get", err, registry.ErrNotFound)
	_, err = s.Remove(t.Context(), "forge.example/a/b", registry.FileGone)
	wantErr(t, "Remove", err, registry.ErrNotFound)
	wantErr(t, "History", drain(s.History(t.Context(), "forge.example/a/b")), registry.ErrNotFound)
	_, err = s.At(t.Context(), "forge.example/a/b", time.Now())
	wantErr(t, "At", err, registry.ErrNotFound)
	same(t, "Days", []*registry.Day(nil), days(t, s, "", ""))
	_, err = s.File(t.Context(), hash(nil))
	wantErr(t, "File", err, registry.ErrNotFound)
	_, err = s.Visit(t.Context(), "forge.example/a/b")
	wantErr(t, "Visit", err, registry.ErrNotFound)
	_, err = s.SourceState(t.Context(), "https://forge.example")
	wantErr(t, "SourceState", err, registry.ErrNotFound)
	same(t, "SourceStates", []*registry.SourceState(nil), states(t, s))
}

const many = 220 // more than a store is likely to read at a time

func fill(t *testing.T, s registry.Store) []registry.ID {
	t.Helper()
	var all []registry.ID
	for i := range many {
		id := registry.ID(fmt.Sprintf("forge.example/x/%d", (i*37)%many))
		put(t, s, Software(id, ""))
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

func testAll(t *testing.T, s registry.Store) {
	want := fill(t, s)
	remove(t, s, want[5])
	want = slices.Delete(want, 5, 6)
	same(t, "All", want, ids(t, s))
	same(t, "All for the second time", want, ids(t, s))
	n := 0
	for _, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 120 {
			break
		}
	}
	put(t, s, Software("forge.example/x/after", "")) // nothing is left locked
}

// testSearched: what a store reads for a search index alone is of the same entries.
func testSearched(t *testing.T, s registry.Store) {
	searched, ok := s.(interface {
		Searched(ctx context.Context) iter.Seq2[func() (*registry.Software, error), error]
	})
	if !ok {
		t.Skip("this store reads nothing for a search index alone")
	}
	remove(t, s, fill(t, s)[5])
	want, got := map[registry.ID]*registry.Software{}, map[registry.ID]*registry.Software{}
	for e, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		want[e.ID] = &registry.Software{PublicCode: e.PublicCode, FirstSeen: e.FirstSeen, Changed: e.Changed, Rev: e.Rev}
	}
	for decode, err := range searched.Searched(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		e, err := decode()
		if err != nil {
			t.Fatal(err)
		}
		got[e.ID] = &registry.Software{PublicCode: e.PublicCode, FirstSeen: e.FirstSeen, Changed: e.Changed, Rev: e.Rev}
	}
	same(t, "Searched", want, got)
}

func testChanges(t *testing.T, s registry.Store) {
	fill(t, s)
	if rev := revOf(t, s); rev != many {
		t.Errorf("Rev is %d after %d changes", rev, many)
	}
	for _, after := range []registry.Rev{0, 1, 99, 100, 101, many - 1, many, many + 5} {
		got := changes(t, s, after)
		if want := max(0, many-int(after)); len(got) != want {
			t.Errorf("%d changes after %d, want %d", len(got), after, want)
		}
		for i, c := range got {
			if c.Rev != after+registry.Rev(i)+1 {
				t.Fatalf("change %d after %d has revision %d", i, after, c.Rev)
			}
		}
	}
	for c, err := range s.Changes(t.Context(), 0) {
		if err != nil || c.Rev != 1 {
			t.Errorf("first change is %+v, %v", c, err)
		}
		break
	}
	put(t, s, Software("forge.example/x/after", ""))
}

func testWriteWhileIterating(t *testing.T, s registry.Store) {
	fill(t, s)
	n := 0
	for software, err := range s.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		software.Repository.Stars++
		put(t, s, software)
		n++
	}
	if n != many {
		t.Errorf("All yielded %d entries while they were written, want %d", n, many)
	}
	n = 0
	for c, err := range s.Changes(t.Context(), many) {
		if err != nil {
			t.Fatal(err)
		}
		for range s.All(t.Context()) { // loops may be nested
			break
		}
		v := &registry.Visit{Repo: c.ID, Outcome: registry.Entry, Source: "s"}
		if err := s.PutVisit(t.Context(), v); err != nil {
			t.Fatal(err)
		}
		n++
	}
	for v, err := range s.Visits(t.Context(), "s") {
		if err != nil {
			t.Fatal(err)
		}
		remove(t, s, v.Repo)
		n++
	}
	if n != 2*many {
		t.Errorf("%d changes and visits, want %d", n, 2*many)
	}
}
