// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	listPath = "/software/"
	// pageSize is how many entries a served page of results has.
	pageSize = 20
	// fileSize is how many entries a written page of the list has.
	fileSize = 100
	// topValues is how many values of a facet are shown before the rest folds.
	topValues = 8
	// maxValues is how many values of a facet are shown at all.
	maxValues = 200
)

// listing is what the page of a list shows.
type listing struct {
	Text    string
	Total   int
	Cards   []card
	Hidden  []parameter // active filters, for the search form to keep
	Chips   []chip
	Clear   string // link without any filter
	Facets  []facet
	Sorts   []choice
	Next    string // links to neighbours; "" at the ends
	First   string
	Pages   []choice // of a list written to files
	Index   string   // path of the search index of a list written to files
	Numbers [2]int   // first and last entry on a written page, from 1
}

type parameter struct{ Name, Value string }

// chip is an active filter, with the link that removes it.
type chip struct{ Key, Label, Href string }

// choice is a link of several, of which one may be the current one.
type choice struct {
	Label, Href string
	Current     bool
}

// facet is a kind of filter with its values.
type facet struct {
	Key    string // of its texts, and the parameter's name
	Values []facetValue
	More   []facetValue // folded away
	Script bool         // works by script alone
}

type facetValue struct {
	Label, Href string
	N           int
	Active      bool
}

// The kinds of facet in the order shown; the names are those of the
// parameters in the address.
var facetKinds = []string{"region", "publisher", "licence", "verdict", "status", "category"}

func filters(q *registry.Query, kind string) *[]string {
	switch kind {
	case "region":
		return &q.Regions
	case "publisher":
		return &q.Publishers
	case "licence":
		return &q.Licences
	case "verdict":
		return &q.Verdicts
	case "status":
		return &q.Statuses
	}
	return &q.Categories
}

func counts(f registry.Facets, kind string) []registry.Count {
	switch kind {
	case "region":
		return f.Regions
	case "publisher":
		return f.Publishers
	case "licence":
		return f.Licences
	case "verdict":
		return f.Verdicts
	case "status":
		return f.Statuses
	}
	return f.Categories
}

var sorts = []registry.Sort{registry.ByRelevance, registry.ByName, registry.ByUpdated, registry.ByNew}

// readQuery takes a query from an address, within bounds. What it does not
// know it leaves out.
func readQuery(v url.Values) registry.Query {
	q := registry.Query{Text: shorten(v.Get("q"), 300), Limit: pageSize, After: v.Get("after")}
	if len(q.After) > 500 {
		q.After = ""
	}
	for _, kind := range facetKinds {
		into := filters(&q, kind)
		for _, value := range v[kind] {
			if value = shorten(value, 200); value != "" && len(*into) < 20 && !slices.Contains(*into, value) {
				*into = append(*into, value)
			}
		}
	}
	if s := registry.Sort(v.Get("sort")); slices.Contains(sorts, s) && (s != registry.ByRelevance || q.Text != "") {
		q.Sort = s
	}
	return q
}

// address writes a query the way readQuery reads it. Two queries that ask for
// the same have the same address.
func address(q registry.Query) string {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	for _, kind := range facetKinds {
		for _, value := range *filters(&q, kind) {
			v.Add(kind, value)
		}
	}
	if q.Sort != "" {
		v.Set("sort", string(q.Sort))
	}
	if q.After != "" {
		v.Set("after", q.After)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// with is the query with a value of a kind added, or removed where it is
// active; at its first page.
func with(q registry.Query, kind, value string) registry.Query {
	q.After = ""
	list := slices.Clone(*filters(&q, kind))
	if i := slices.IndexFunc(list, func(s string) bool { return strings.EqualFold(s, value) }); i >= 0 {
		list = slices.Delete(list, i, i+1)
	} else {
		list = append(list, value)
	}
	*filters(&q, kind) = list
	return q
}

// newListing is the page of a served list.
func (s *Site) newListing(lang string, q registry.Query, result registry.Page, o *overview) *listing {
	base := s.prefix + localPath(lang, listPath)
	href := func(q registry.Query) string { return base + address(q) }
	l := &listing{Text: q.Text, Total: result.Total}
	for _, entry := range result.Items {
		l.Cards = append(l.Cards, newCard(entry, lang))
	}
	for _, kind := range facetKinds {
		f := facet{Key: kind}
		active := *filters(&q, kind)
		for _, value := range active {
			l.Hidden = append(l.Hidden, parameter{kind, value})
			l.Chips = append(l.Chips, chip{kind, o.label(kind, value, lang), href(with(q, kind, value))})
		}
		for i, c := range counts(result.Facets, kind) {
			on := slices.ContainsFunc(active, func(s string) bool { return strings.EqualFold(s, c.Value) })
			if c.Value == "" || !on && (c.N == 0 || i >= maxValues) {
				continue
			}
			f.add(facetValue{Label: o.label(kind, c.Value, lang), Href: href(with(q, kind, c.Value)), N: c.N, Active: on})
		}
		if f.Values != nil {
			l.Facets = append(l.Facets, f)
		}
	}
	if len(l.Chips) > 0 || q.Text != "" {
		l.Clear = base
	}
	if q.Sort != "" {
		l.Hidden = append(l.Hidden, parameter{"sort", string(q.Sort)})
	}
	current := q.Sort
	if current == "" {
		current = registry.ByName
		if q.Text != "" {
			current = registry.ByRelevance
		}
	}
	for _, by := range sorts {
		if by == registry.ByRelevance && q.Text == "" {
			continue
		}
		other := q
		other.After, other.Sort = "", by
		l.Sorts = append(l.Sorts, choice{"sort." + string(by), href(other), by == current})
	}
	if q.After != "" {
		start := q
		start.After = ""
		l.First = href(start)
	}
	if result.Next != "" {
		next := q
		next.After = result.Next
		l.Next = href(next)
	}
	return l
}

func (f *facet) add(v facetValue) {
	if len(f.Values) < topValues || v.Active {
		f.Values = append(f.Values, v)
	} else {
		f.More = append(f.More, v)
	}
}

// label is the name of a facet's value.
func (o *overview) label(kind, value, lang string) string {
	switch kind {
	case "region":
		value = areaName(value, lang)
	case "publisher":
		if p, ok := o.find(value); ok {
			value = p.Name
		}
	case "verdict":
		value = word(lang, "card", value)
	case "status":
		value = publiccode.StatusLabel(value, lang)
	case "category":
		value = publiccode.CategoryLabel(value, lang)
	}
	return shorten(value, maxName)
}
