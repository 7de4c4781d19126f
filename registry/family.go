// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Relation is how an entry is related to another one.
type Relation string

// The relations.
const (
	Base    Relation = "base"    // what it is a variant of, by isBasedOn or as a fork with an address of its own
	Variant Relation = "variant" // what is a variant of it
	Sibling Relation = "sibling" // a variant of the same base
)

// Relations are those there are, in the order in which Family tells of them.
func Relations() []Relation { return []Relation{Base, Variant, Sibling} }

// Relative is a repository of the same family as an entry.
type Relative struct {
	Relation Relation
	ID       ID
	Software *Software // nil where the repository is no entry
	// Apart is how far the fork of the two is from the original, where one is known
	// to be a fork of the other; of a Sibling, how far that is from the base. nil
	// where nothing is known.
	Apart *Fork
	Drift Drift // of Apart
}

// MaxRelatives is how many variants and siblings Family tells of.
const MaxRelatives = 100

// Family tells what an entry is based on, what is based on it, and what is based on
// the same, each repository once and the most starred variants first.
func Family(ctx context.Context, c interface {
	Get(context.Context, ID) (*Software, error)
	Search(context.Context, Query) (Page, error)
}, s *Software,
) ([]Relative, error) {
	var family []Relative
	known := []ID{s.ID}
	add := func(r Relation, id ID, entry *Software) {
		if !slices.ContainsFunc(known, id.Same) {
			known = append(known, id)
			family = append(family, Relative{Relation: r, ID: id, Software: entry})
		}
	}
	ids := []string{string(s.ID)}
	for _, id := range s.BasedOn[:min(len(s.BasedOn), MaxRelatives)] {
		entry, err := Find(ctx, c, id)
		switch {
		case err == nil:
			add(Base, entry.ID, entry)
		case errors.Is(err, ErrNotFound), errors.Is(err, ErrGone), errors.Is(err, ErrInvalid):
			add(Base, id, nil)
		default:
			return nil, fmt.Errorf("what %s is based on: %w", s.ID, err)
		}
		ids = append(ids, string(id))
	}
	for i, r := range []Relation{Variant, Sibling} {
		of := ids[:1]
		if i > 0 {
			of = ids[1:]
		}
		if len(of) == 0 {
			break
		}
		page, err := c.Search(ctx, Query{Filters: map[Facet][]string{FacetBasedOn: of}, Counted: []Facet{}, Sort: ByStars, Limit: MaxRelatives})
		if err != nil {
			return nil, fmt.Errorf("variants of %s: %w", of, err)
		}
		for _, entry := range page.Items {
			add(r, entry.ID, entry)
		}
	}
	for i := range family {
		family[i].compare(s, family)
	}
	return family, nil
}

// compare sets Apart of a relative of an entry.
func (r *Relative) compare(s *Software, family []Relative) {
	of := func(base *Software, fork ID) {
		if base == nil || r.Apart != nil {
			return
		}
		if f := base.ForkAt(fork); f != nil {
			r.Apart, r.Drift = f, base.Drift(*f)
		}
	}
	switch r.Relation {
	case Variant:
		of(s, r.ID)
	case Base:
		of(r.Software, s.ID)
	case Sibling:
		for _, base := range family {
			if base.Relation == Base {
				of(base.Software, r.ID)
			}
		}
	}
}

// FeatureComparison is what two entries say of their features in one language, as
// they are written. Those count as the same that differ in case and space only.
type FeatureComparison struct {
	Language     string // of both; "" where they have none in common, and then nothing is compared
	Both         []string
	First, Other []string // of one alone
}

// CompareFeatures compares the features of two entries, in the wanted language (a
// primary subtag such as "de") where both have it, else in the first one that both
// have.
func CompareFeatures(first, other *Software, lang string) FeatureComparison {
	a, b := featuresOf(first), featuresOf(other)
	var compared FeatureComparison
	for _, tag := range slices.Sorted(maps.Keys(a)) {
		if b[tag] != nil && (compared.Language == "" || tag == lang) {
			compared.Language = tag
		}
	}
	theirs := slices.Clone(b[compared.Language])
	for _, f := range a[compared.Language] {
		if i := slices.IndexFunc(theirs, func(g string) bool { return sameFeature(f, g) }); i >= 0 {
			compared.Both, theirs = append(compared.Both, f), slices.Delete(theirs, i, i+1)
		} else {
			compared.First = append(compared.First, f)
		}
	}
	compared.Other = theirs
	return compared
}

// featuresOf are the features by primary subtag, where there are any.
func featuresOf(s *Software) map[string][]string {
	all := map[string][]string{}
	for _, tag := range slices.Sorted(maps.Keys(s.PublicCode.Description)) {
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if features := s.PublicCode.Description[tag].Features; len(features) > 0 && all[primary] == nil {
			all[primary] = features
		}
	}
	return all
}

func sameFeature(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
