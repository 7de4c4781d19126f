// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// TestRelevance holds the search against the judged queries.
func TestRelevance(t *testing.T) {
	var out strings.Builder
	good, err := run(t.Context(), &out, "", false, sets)
	if err != nil {
		t.Fatal(err)
	}
	if !good {
		t.Errorf("success@3 is below %v:\n%s", least, &out)
	}
}

// TestJudged counts what the judged set must have at least.
func TestJudged(t *testing.T) {
	src, err := os.ReadFile("judged.yaml")
	if err != nil {
		t.Fatal(err)
	}
	queries, err := parse(src)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, q := range queries {
		kinds[q.kind]++
		kinds["all"]++
	}
	for kind, least := range map[string]int{"all": 110, "part": 10, "compound": 10, "typing": 20, "synonym": 15, "need": 15, "nothing": 10} {
		if kinds[kind] < least {
			t.Errorf("%s: %d queries, want %d", kind, kinds[kind], least)
		}
	}
}

func TestMeasures(t *testing.T) {
	q := query{grades: map[string]int{"a": 3, "b": 2, "c": 1}}
	ideal := 7 + 3/math.Log2(3) + 1/math.Log2(4)
	for _, test := range []struct {
		found string
		ndcg  float64
		rank  int
		fault string
	}{
		{"a b c", 1, 1, ""},
		{"", 0, 0, "missing a 3, b 2, c 1"},
		{"b a c", (3 + 7/math.Log2(3) + 1/math.Log2(4)) / ideal, 2, "found b 2, a 3, c 1"},
		{"a x", 7 / ideal, 1, "found a 3, x 0; missing b 2, c 1"},
		{"0 1 2 3 4 5 6 7 8 9 a b c", 0, 11, "found 0 0, 1 0, 2 0, 3 0, 4 0, 5 0, 6 0, 7 0, 8 0, 9 0, a 3, b 2, c 1"},
	} {
		a := answer{query: q, found: strings.Fields(test.found)}
		if got := a.ndcg(); math.Abs(got-test.ndcg) > 1e-9 {
			t.Errorf("%q: nDCG %v, want %v", test.found, got, test.ndcg)
		}
		if got := a.rank(); got != test.rank {
			t.Errorf("%q: rank %d, want %d", test.found, got, test.rank)
		}
		if got := a.fault(false); got != test.fault {
			t.Errorf("%q: %q, want %q", test.found, got, test.fault)
		}
	}
}

func TestSums(t *testing.T) {
	tab := table{}
	grades := map[string]int{"a": 3}
	tab.add("x", answer{query: query{grades: grades}, found: []string{"a", "b"}})
	tab.add("y", answer{query: query{grades: grades}, found: []string{"b", "c", "d", "a"}})
	tab.add("y", answer{found: []string{"b"}})
	tab.add("y", answer{})
	got := *tab.total()
	got.ndcg = 0
	if want := (sums{queries: 2, hits: 1, mrr: 1.25, results: 6, judged: 2, empty: 2, quiet: 1, noise: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestUnknownEntry: a judged entry that is not there is a mistake in the set.
func TestUnknownEntry(t *testing.T) {
	q := query{text: "x", grades: map[string]int{"gone": 3}}
	if _, err := q.ask(t.Context(), nil, map[string]registry.ID{}); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("error %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "k: {de: {q: {a: 3}}}", "k: {de: {q: {a: 4}}}", "k: [1]", "a: &a {b: *a}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		queries, err := parse([]byte(src))
		if err != nil && queries != nil {
			t.Errorf("both queries and %v", err)
		}
		for _, q := range queries {
			for entry, grade := range q.grades {
				if grade < 1 || grade > 3 {
					t.Errorf("%s has the grade %d", entry, grade)
				}
			}
		}
	})
}
