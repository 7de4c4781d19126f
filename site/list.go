// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	listPath = "/software/"
	// pageSize is how many entries a served page of results has.
	pageSize = 20
	// fileSize is how many entries a written page of the list has.
	fileSize = 50
	// topValues is how many values of a facet are shown before the rest folds,
	// topFurther of the further ones.
	topValues  = 8
	topFurther = 5
	// maxValues is how many values of a facet are shown at all, writtenValues on the
	// many pages of a written list.
	maxValues     = 200
	writtenValues = 50
)

// listing is what the page of a list shows.
type listing struct {
	Text     string
	Total    int
	Feed     url.Values // see page.Feed
	Found    string     // key of the sentence that tells the total
	Cards    []card
	Hidden   []parameter // active filters, for the search form to keep
	Chips    []chip
	Clear    string // link without any filter
	TextOnly string // link with the text and no filter; "" where that is the same
	Meant    choice // another text that finds more; without Label where there is none
	Facets   []facet
	Filters  template.HTML // Facets as they are shown, made before; "" where they are made in their place
	Further  []facet       // folded away together
	Open     bool          // a further filter is active
	Sorts    []choice
	Why      choice // link that shows or hides the reasons for the order; without Label where there are none
	Examples []example
	Next     string // links to neighbours; "" at the ends
	First    string
	Pages    []choice // of a list written to files
	Index    string   // path of the search index of a list written to files
	Numbers  [2]int   // first and last entry on a written page, from 1
}

type parameter struct{ Name, Value string }

// chip is an active filter, with the link that removes it.
type chip struct{ Key, Label, Href string }

// choice is a link of several, of which one may be the current one.
type choice struct {
	Label, Href string // Href is "" where some are left out
	Current     bool
}

// pagesNear is how many pages before and behind the one that is shown are named.
const pagesNear = 2

// pageChoices are links to the pages of a list, counted from 1: the first, the
// last, and those near the one that is shown. There are none to a single page.
func pageChoices(n, current int, href func(page int) string) (all []choice) {
	if n < 2 {
		return nil
	}
	add := func(i int) { all = append(all, choice{strconv.Itoa(i), href(i), i == current}) }
	last := 0
	for i := 1; i <= n; i++ {
		if i > 1 && i < n && max(i-current, current-i) > pagesNear {
			continue
		}
		switch left := i - last - 1; {
		case left == 1:
			add(last + 1)
		case left > 1:
			all = append(all, choice{Label: "…"})
		}
		add(i)
		last = i
	}
	return all
}

// facet is a kind of filter with its values.
type facet struct {
	Key    string // of its texts, and the parameter's name
	Values []facetValue
	More   []facetValue // folded away
	Script bool         // works by script alone
}

type facetValue struct {
	Kind, Value string // what it filters by
	Label, Href string
	N           int
	Active      bool
	Script      bool // works by script alone
}

// mainFacets and furtherFacets are all there are, in the order shown.
var (
	mainFacets = []registry.Facet{
		registry.FacetRegion, registry.FacetPublisher, registry.FacetLicence, registry.FacetVerdict,
		registry.FacetStatus, registry.FacetCategory,
	}
	furtherFacets = []registry.Facet{
		registry.FacetRegionKind, registry.FacetActivity, registry.FacetScope, registry.FacetSoftwareType,
		registry.FacetPlatform, registry.FacetLanguage, registry.FacetMaintenance, registry.FacetSupports,
		registry.FacetLicenceCategory, registry.FacetSBOM, registry.FacetForge, registry.FacetBasedOn,
	}
	allFacets = slices.Concat(mainFacets, furtherFacets)
)

// readQuery takes a query from an address, within bounds. What it does not
// know it leaves out.
func readQuery(v url.Values) registry.Query {
	q := registry.Query{
		Text: shorten(v.Get("q"), 300), Limit: pageSize, After: v.Get("after"), Explain: v.Get("why") == "1",
		Filters: map[registry.Facet][]string{},
	}
	if len(q.After) > 500 {
		q.After = ""
	}
	for _, kind := range allFacets {
		for _, value := range v[string(kind)] {
			chosen := q.Filters[kind]
			if value = shorten(value, 200); value != "" && len(chosen) < 20 && !slices.Contains(chosen, value) {
				q.Filters[kind] = append(chosen, value)
			}
		}
	}
	if s := registry.Sort(v.Get("sort")); slices.Contains(registry.Sorts(), s) && (s != registry.ByRelevance || q.Text != "") {
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
	for _, kind := range allFacets {
		for _, value := range q.Filters[kind] {
			v.Add(string(kind), value)
		}
	}
	if q.Sort != "" {
		v.Set("sort", string(q.Sort))
	}
	if q.Explain {
		v.Set("why", "1")
	}
	if q.After != "" {
		v.Set("after", q.After)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// ordered is a query with the order that it has where it names none.
func ordered(q registry.Query) registry.Query {
	switch {
	case q.Sort != "":
	case q.Text != "":
		q.Sort = registry.ByRelevance
	default:
		q.Sort = registry.ByName
	}
	q.Explain = q.Explain && q.Sort == registry.ByRelevance
	return q
}

// with is the query with a value of a kind added, or removed where it is
// active; at its first page.
func with(q registry.Query, kind registry.Facet, value string) registry.Query {
	q.After = ""
	list := slices.Clone(q.Filters[kind])
	if i := slices.IndexFunc(list, func(s string) bool { return strings.EqualFold(s, value) }); i >= 0 {
		list = slices.Delete(list, i, i+1)
	} else {
		list = append(list, value)
	}
	q.Filters = maps.Clone(q.Filters)
	q.Filters[kind] = list
	return q
}

// newListing is the page of a served list.
func (s *Site) newListing(lang string, q registry.Query, result registry.Page, o *overview) *listing {
	base := s.prefix + localPath(lang, listPath)
	href := func(q registry.Query) string { return base + address(q) }
	first := q // the first page of the same list
	first.After = ""
	explained := ordered(q).Explain
	l := &listing{Text: q.Text, Total: result.Total, Feed: feedOf(q), Found: "list.all", Examples: examples(lang, base)}
	for i, entry := range result.Items {
		c := newCard(entry, lang, s.now())
		if explained && i < len(result.Reasons) {
			c.Why = newReasons(lang, result.Reasons[i])
		}
		l.Cards = append(l.Cards, c)
	}
	for _, kind := range allFacets {
		for _, value := range q.Filters[kind] {
			l.Hidden = append(l.Hidden, parameter{string(kind), value})
			l.Chips = append(l.Chips, chip{string(kind), o.label(kind, value, lang), href(with(q, kind, value))})
		}
	}
	l.addFacets(lang, q, result, o, base)
	if len(l.Chips) > 0 || q.Text != "" {
		l.Clear = base
	}
	switch {
	case q.Text != "":
		l.Found = "list.found"
	case len(l.Chips) > 0:
		l.Found = "list.chosen"
	}
	if q.Text != "" && len(l.Chips) > 0 {
		l.TextOnly = href(registry.Query{Text: q.Text})
	}
	if result.DidYouMean != "" {
		meant := first
		meant.Text = shorten(result.DidYouMean, 300)
		l.Meant = choice{Label: meant.Text, Href: href(meant)}
	}
	if q.Sort != "" {
		l.Hidden = append(l.Hidden, parameter{"sort", string(q.Sort)})
	}
	if q.Explain {
		l.Hidden = append(l.Hidden, parameter{"why", "1"})
	}
	current := ordered(q).Sort
	for _, by := range registry.Sorts() {
		if by == registry.ByRelevance && q.Text == "" {
			continue
		}
		other := first
		other.Sort = by
		l.Sorts = append(l.Sorts, choice{"sort." + string(by), href(other), by == current})
	}
	if current == registry.ByRelevance && len(l.Cards) > 0 {
		other := q
		other.Explain = !q.Explain
		l.Why = choice{"list.why", href(other), q.Explain}
		if q.Explain {
			l.Why.Label = "list.unwhy"
		}
	}
	if q.After != "" {
		l.First = href(first)
	}
	if result.Next != "" {
		next := q
		next.After = result.Next
		l.Next = href(next)
	}
	return l
}

// addFacets fills in what the results can be filtered by. Of the further
// facets those are left out that would leave all results as they are.
func (l *listing) addFacets(lang string, q registry.Query, result registry.Page, o *overview, base string) {
	for n, kind := range allFacets {
		f := facet{Key: string(kind)}
		active, counts := q.Filters[kind], result.Facets[kind]
		further := n >= len(mainFacets)
		if further && len(active) == 0 && len(counts) == 1 && counts[0].N == result.Total {
			continue
		}
		top := topValues
		if further {
			top = topFurther
			l.Open = l.Open || len(active) > 0
		}
		for i, c := range counts {
			on := slices.ContainsFunc(active, func(s string) bool { return strings.EqualFold(s, c.Value) })
			if c.Value == "" || !on && (c.N == 0 || i >= maxValues) {
				continue
			}
			f.add(facetValue{Value: c.Value, Label: o.label(kind, c.Value, lang), Href: base + address(with(q, kind, c.Value)), N: c.N, Active: on}, top)
		}
		switch {
		case f.Values == nil:
		case further:
			l.Further = append(l.Further, f)
		default:
			l.Facets = append(l.Facets, f)
		}
	}
}

func (f *facet) add(v facetValue, top int) {
	v.Kind = f.Key
	if len(f.Values) < top || v.Active {
		f.Values = append(f.Values, v)
	} else {
		f.More = append(f.More, v)
	}
}

// facetLabels name the values of facets that have words for them.
var facetLabels = map[registry.Facet]func(value, lang string) string{
	registry.FacetRegion:       areaName,
	registry.FacetStatus:       publiccode.StatusLabel,
	registry.FacetCategory:     publiccode.CategoryLabel,
	registry.FacetScope:        publiccode.ScopeLabel,
	registry.FacetSoftwareType: publiccode.TypeLabel,
	registry.FacetPlatform:     publiccode.PlatformLabel,
	registry.FacetLanguage:     languageName,
	registry.FacetMaintenance:  publiccode.MaintenanceLabel,
	registry.FacetSupports:     publiccode.SupportLabel,
	registry.FacetVerdict:      func(value, lang string) string { return word(lang, "card", value) },
	registry.FacetRegionKind:   func(value, lang string) string { return word(lang, "regionKind", value) },
	registry.FacetActivity:     func(value, lang string) string { return word(lang, "activity", value) },
	registry.FacetSBOM:         func(value, lang string) string { return word(lang, "hasSBOM", value) },
	registry.FacetForge:        func(value, _ string) string { return cmp.Or(forgeNames[value], value) },
	registry.FacetLicenceCategory: func(value, lang string) string {
		label, _ := licence.Category(value).Words(lang)
		return cmp.Or(label, value)
	},
}

// label is the name of a facet's value.
func (o *overview) label(kind registry.Facet, value, lang string) string {
	if kind == registry.FacetPublisher {
		if p, ok := o.find(value); ok {
			value = p.Name
		}
	} else if name, ok := facetLabels[kind]; ok {
		value = name(value, lang)
	}
	return shorten(value, maxName)
}

// example is something to type into the search, and what it finds.
type example struct{ Text, Href, Key string }

// typed are filters and signs that the text of a search may hold, by language.
var typed = []struct{ key, de, en string }{
	{"facet.licence", "lizenz:EUPL-1.2", "licence:EUPL-1.2"},
	{"facet.region", "land:Hamburg", "state:Hamburg"},
	{"facet.regionKind", "ebene:Land", "level:state"},
	{"facet.publisher", "herausgeber:Bund", "publisher:Bund"},
	{"facet.category", "kategorie:Zusammenarbeit", "category:collaboration"},
	{"facet.status", "status:stabil", "status:stable"},
	{"facet.language", "sprache:Englisch", "language:English"},
	{"facet.sbom", "sbom:ja", "sbom:yes"},
	{"facet.activity", "aktivität:aktiv", "activity:active"},
	{"help.phrase", "\"offene Daten\"", "\"open data\""},
	{"help.without", "-status:veraltet", "-status:obsolete"},
}

func examples(lang, base string) []example {
	list := make([]example, 0, len(typed))
	for _, t := range typed {
		text := t.en
		if lang == "de" {
			text = t.de
		}
		list = append(list, example{text, base + address(registry.Query{Text: text}), t.key})
	}
	return list
}
