// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

const comparisonPath = "/compare/"

// maxCompared is how many entries stand side by side.
const maxCompared = 4

// beside is what the page of an entry says of another one of its family, put beside
// it.
type beside struct {
	Path      string // of the comparison of both, with its query
	OnlyHere  []string
	OnlyThere []string
	Compared  bool // both list features in one language
}

func newBeside(entry, other *registry.Software, lang string) *beside {
	f := registry.CompareFeatures(entry, other, lang)
	return &beside{compareLink(entry.ID, other.ID), boundedLines(f.First), boundedLines(f.Other), f.Language != ""}
}

func compareLink(ids ...registry.ID) string {
	v := url.Values{}
	for _, id := range ids {
		v.Add("id", string(id))
	}
	return comparisonPath + "?" + v.Encode()
}

// boundedLines are short texts, and no more than a page shows.
func boundedLines(list []string) []string {
	var out []string
	for _, s := range list[:min(len(list), maxItems)] {
		if s = shorten(s, maxLine); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// comparison is what the page shows of entries side by side.
type comparison struct {
	IDs      []string // as they were given, for the form
	Problems []string // keys of texts
	Entries  []*detail
	Answers  []answerRow
	Health   []healthRow
	Features []featureRow
}

// answerRow is a question about the licence and what it comes to for each entry;
// a mark without a word where its licence is not known.
type answerRow struct {
	Key   string
	Marks []mark
}

// healthRow is a fact about the life of each repository; "" where it is not known.
type healthRow struct {
	Label  string
	Values []string
}

// Columns are those of the table, the heads of rows with them.
func (b comparison) Columns() []int { return make([]int, len(b.Entries)+1) }

// Fields are the fields of the form: what was given, and empty ones.
func (b comparison) Fields() []string {
	fields := make([]string, maxCompared)
	copy(fields, b.IDs)
	return fields
}

// featureRow is a feature, and which of the entries have it.
type featureRow struct {
	Text string
	Has  []bool
}

// answerComparison puts two to four entries side by side.
func (s *Site) answerComparison(ctx context.Context, r request) (answer, error) {
	lang, b := r.lang, comparison{}
	for _, id := range r.query["id"] {
		if id = strings.TrimSpace(id); id != "" && !slices.Contains(b.IDs, shorten(id, maxName)) {
			b.IDs = append(b.IDs, shorten(id, maxName))
		}
	}
	switch {
	case len(b.IDs) > maxCompared:
		b.IDs = b.IDs[:maxCompared]
		b.Problems = append(b.Problems, "comparison.tooMany")
	case len(b.IDs) == 1:
		b.Problems = append(b.Problems, "comparison.one")
	}
	status := http.StatusOK
	for _, given := range b.IDs {
		entry, err := s.compared(ctx, given)
		switch {
		case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrGone), errors.Is(err, registry.ErrInvalid):
			if status == http.StatusOK {
				b.Problems = append(b.Problems, "comparison.unknown")
			}
			status = http.StatusNotFound
			continue
		case err != nil:
			return answer{}, err
		}
		d := newDetail(entry, lang, s.now())
		d.Licensing.judge(s.opt.Policies, lang)
		b.Entries = append(b.Entries, d)
	}
	b.alignAnswers()
	b.alignHealth()
	b.alignFeatures()
	title := say(lang, "comparison.title")
	p := &page{
		Kind: comparisonPage, Lang: lang, Path: comparisonPath, Section: "software", NoIndex: true,
		Title: title, Description: say(lang, "comparison.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "list.title"), listPath}, crumb{title, ""}), Body: b,
	}
	p.Query = url.Values{"id": b.IDs}.Encode()
	return answer{page: p, status: status}, nil
}

// compared is an entry by its id or address, also under a former one.
func (s *Site) compared(ctx context.Context, given string) (*registry.Software, error) {
	id, err := registry.ReadID(given)
	if err != nil {
		return nil, err
	}
	return registry.Find(ctx, s.catalogue, id)
}

// alignAnswers puts the answers about the licences side by side.
func (b *comparison) alignAnswers() {
	for _, key := range situations {
		row := answerRow{Key: key}
		for _, d := range b.Entries {
			var m mark
			for _, a := range d.Licensing.Answers {
				if a.Key == key {
					m = a.Mark
				}
			}
			row.Marks = append(row.Marks, m)
		}
		if slices.ContainsFunc(row.Marks, func(m mark) bool { return m.Word != "" }) {
			b.Answers = append(b.Answers, row)
		}
	}
}

// alignHealth puts the facts about the repositories side by side: all entries
// have the same ones, in the same order.
func (b *comparison) alignHealth() {
	for _, d := range b.Entries {
		for i, f := range d.Activity.Vitals {
			if i == len(b.Health) {
				b.Health = append(b.Health, healthRow{Label: f.Label})
			}
			b.Health[i].Values = append(b.Health[i].Values, f.Value)
		}
	}
}

// alignFeatures lists each feature once, what several have first.
func (b *comparison) alignFeatures() {
	rows := map[string]*featureRow{}
	var order []*featureRow
	for i, d := range b.Entries {
		for _, f := range d.Features {
			key := strings.ToLower(strings.Join(strings.Fields(f), " "))
			row := rows[key]
			if row == nil {
				row = &featureRow{Text: f, Has: make([]bool, len(b.Entries))}
				rows[key] = row
				order = append(order, row)
			}
			row.Has[i] = true
		}
	}
	slices.SortStableFunc(order, func(x, y *featureRow) int { return y.count() - x.count() })
	for _, row := range order {
		b.Features = append(b.Features, *row)
	}
}

func (r *featureRow) count() int {
	n := 0
	for _, has := range r.Has {
		if has {
			n++
		}
	}
	return n
}
