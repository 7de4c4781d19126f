// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
)

// query is one of the judged set.
type query struct {
	kind, language, text string
	grades               map[string]int // by the last part of the ID
}

// parse reads a judged set: grades by entry, by query, by language, by kind.
func parse(src []byte) ([]query, error) {
	var set map[string]map[string]map[string]map[string]int
	if err := yaml.Load(src, &set); err != nil {
		return nil, err
	}
	var all []query
	for kind, languages := range set {
		for language, queries := range languages {
			for text, grades := range queries {
				for entry, g := range grades {
					if g < 1 || g > 3 {
						return nil, fmt.Errorf("%s, %q: %s has the grade %d, not 1 to 3", kind, text, entry, g)
					}
				}
				all = append(all, query{kind, language, text, grades})
			}
		}
	}
	slices.SortFunc(all, func(a, b query) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.language, b.language), cmp.Compare(a.text, b.text))
	})
	return all, nil
}

// answer is what a query found.
type answer struct {
	query
	found   []string // names of the entries
	reasons [][]registry.RankReason
	meant   string
}

func (q query) ask(ctx context.Context, x *search.Index, known map[string]registry.ID) (answer, error) {
	for entry := range q.grades {
		if known[entry] == "" {
			return answer{}, fmt.Errorf("no entry is called %s", entry)
		}
	}
	page, err := x.Search(ctx, registry.Query{
		Text: q.text, Language: q.language, Sort: registry.ByRelevance,
		Limit: 100, Explain: true, Counted: []registry.Facet{},
	})
	if err != nil {
		return answer{}, err
	}
	a := answer{query: q, reasons: page.Reasons, meant: page.DidYouMean}
	for _, s := range page.Items {
		a.found = append(a.found, path.Base(string(s.ID)))
	}
	return a, nil
}

// gain is what a result of a grade is worth in nDCG.
func gain(grade, rank int) float64 {
	return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(rank)+2)
}

// ndcg is the normalised discounted cumulative gain of the first ten.
func (a *answer) ndcg() float64 {
	grades := slices.Sorted(maps.Values(a.grades))
	slices.Reverse(grades)
	ideal, got := 0.0, 0.0
	for rank, grade := range grades[:min(len(grades), 10)] {
		ideal += gain(grade, rank)
	}
	for rank, name := range a.found[:min(len(a.found), 10)] {
		got += gain(a.grades[name], rank)
	}
	return got / ideal
}

// rank is where the first entry stands that is judged best, from 1; 0 for
// nowhere.
func (a *answer) rank() int {
	best := slices.Max(slices.Collect(maps.Values(a.grades)))
	return 1 + slices.IndexFunc(a.found, func(name string) bool { return a.grades[name] == best })
}

// fault says what is wrong with an answer; "" for nothing: entries judged worse
// stand before better ones, are missing, or do not belong there.
func (a *answer) fault(explain bool) string {
	var faults []string
	order := slices.Clone(a.found)
	slices.SortStableFunc(order, func(x, y string) int { return cmp.Compare(a.grades[y], a.grades[x]) })
	if !slices.Equal(order, a.found) || slices.ContainsFunc(a.found, func(name string) bool { return a.grades[name] == 0 }) {
		var as []string
		for i, name := range a.found {
			as = append(as, fmt.Sprintf("%s %d", name, a.grades[name]))
			if explain && a.grades[name] == 0 {
				for _, r := range a.reasons[i] {
					if r.Field != "" {
						as[i] += fmt.Sprintf(" (%s %s: %s in %s)", r.Word, r.Code, r.Found, r.Field)
					}
				}
			}
		}
		faults = append(faults, "found "+strings.Join(as, ", "))
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(a.grades)) {
		if !slices.Contains(a.found, name) {
			missing = append(missing, fmt.Sprintf("%s %d", name, a.grades[name]))
		}
	}
	if missing != nil {
		faults = append(faults, "missing "+strings.Join(missing, ", "))
	}
	if faults != nil && a.meant != "" {
		faults = append(faults, "did you mean "+a.meant)
	}
	return strings.Join(faults, "; ")
}

// sums are those of the answers to some queries.
type sums struct {
	queries, hits   int // with entries judged; those with the best of them among the first three
	ndcg, mrr       float64
	results, judged int // found in all, and how many of them are judged
	empty, quiet    int // queries with nothing judged; those that found nothing
	noise           int // what the others found
}

func (s *sums) add(a answer) {
	if len(a.grades) == 0 {
		s.empty++
		s.noise += len(a.found)
		if len(a.found) == 0 {
			s.quiet++
		}
		return
	}
	s.queries++
	s.ndcg += a.ndcg()
	if r := a.rank(); r > 0 {
		s.mrr += 1 / float64(r)
		if r <= 3 {
			s.hits++
		}
	}
	s.results += len(a.found)
	for _, name := range a.found {
		if a.grades[name] > 0 {
			s.judged++
		}
	}
}

func (s *sums) success() float64 { return float64(s.hits) / float64(s.queries) }

// table has the sums by kind.
type table map[string]*sums

func (t table) add(kind string, a answer) {
	if t[kind] == nil {
		t[kind] = &sums{}
	}
	t[kind].add(a)
}

func (t table) total() *sums {
	var all sums
	for _, s := range t {
		all.queries += s.queries
		all.hits += s.hits
		all.ndcg += s.ndcg
		all.mrr += s.mrr
		all.results += s.results
		all.judged += s.judged
		all.empty += s.empty
		all.quiet += s.quiet
		all.noise += s.noise
	}
	return &all
}

func (t table) print(w io.Writer) {
	fmt.Fprintf(w, "\n%-12s %8s %8s %10s %8s %10s\n", "kind", "queries", "nDCG@10", "success@3", "MRR", "precision")
	line := func(kind string, s *sums) {
		if s.queries > 0 {
			n := float64(s.queries)
			fmt.Fprintf(w, "%-12s %8d %8.3f %10.3f %8.3f %10.3f\n", kind, s.queries, s.ndcg/n, s.success(), s.mrr/n, float64(s.judged)/float64(max(s.results, 1)))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(t)) {
		line(kind, t[kind])
	}
	all := t.total()
	line("all", all)
	fmt.Fprintf(w, "\n%d of %d queries with nothing to find find nothing; the others find %d entries.\n\n", all.quiet, all.empty, all.noise)
}
