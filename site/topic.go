// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// maxSpellings is how many spellings of a value are told apart.
	maxSpellings = 20
	// maxPills is how many publishers, states or neighbours a page leads to.
	maxPills = 12
	// maxTopics is how many values a page lists.
	maxTopics = 1000
)

// subject is a facet whose values have a page each.
type subject struct {
	facet registry.Facet
	root  string // path of the page of all values
	texts string // begins the keys of its texts
	key   func(value string) string
	label func(value, lang string) string
}

// path is the address of the page of the values that share a key.
func (x subject) path(key string) string { return valuePath(x.root, key) }

var (
	categorySubject = subject{registry.FacetCategory, categoriesPath, "categories", categoryKey, publiccode.CategoryLabel}
	standardSubject = subject{registry.FacetSupports, standardsPath, "standards", standardKey, standardLabel}
	licenceSubject  = subject{registry.FacetLicence, licencesPath, "licences", licenceKey, func(id, _ string) string { return id }}

	subjects = []subject{categorySubject, standardSubject, licenceSubject}
)

// licenceKey is the identifier of a licence; "" for one that has no page.
func licenceKey(id string) string {
	l, _ := licence.Lookup(id)
	return l.ID
}

// standardLabel names what supports has: by the name of its alias, else as it is
// written, an address without what all addresses begin with.
func standardLabel(value, lang string) string {
	if alias := publiccode.SupportAlias(value); alias != "" {
		return publiccode.SupportLabel(alias, lang)
	}
	if plain, ok := strings.CutPrefix(value, "https://"); ok {
		return strings.TrimRight(plain, "/")
	}
	return value
}

// facetPath is the page about a value of a facet; "" where there is none.
func facetPath(kind registry.Facet, value string) string {
	switch {
	case kind == registry.FacetRegion && usablePathSegment(value):
		return regionPath(value)
	case kind == registry.FacetPublisher && usablePathSegment(value):
		return publisherPath(value)
	}
	for _, x := range subjects {
		if key := x.key(value); x.facet == kind && key != "" {
			return x.path(key)
		}
	}
	return ""
}

// valuesOf are the values that an entry has of the facet of a subject, as it
// writes them and within bounds.
func valuesOf(s *registry.Software, kind registry.Facet) []string {
	var list []string
	switch kind {
	case registry.FacetCategory:
		list = s.PublicCode.Categories
	case registry.FacetSupports:
		list = s.PublicCode.Supports
	case registry.FacetLicence:
		for _, l := range licenceLinks(s.PublicCode.Legal.License) {
			list = append(list, l.ID)
		}
	}
	var values []string
	for _, v := range list[:min(len(list), maxItems)] {
		if v = strings.TrimSpace(v); v != "" && len(v) <= maxLine {
			values = append(values, v)
		}
	}
	return values
}

// topic is what shares one page: a value in all its spellings, and what the
// entries that have it have in common.
type topic struct {
	Key string
	N   int // entries

	spellings, publishers, regions, near map[string]int
}

// topics are those of each subject, by key.
type topics map[registry.Facet]map[string]*topic

// add counts an entry.
func (t topics) add(g gist) {
	for _, x := range subjects {
		all := t[x.facet]
		if all == nil {
			all = map[string]*topic{}
			t[x.facet] = all
		}
		keys := map[string]bool{}
		for _, value := range g.Topics[x.facet] {
			key := x.key(value)
			if key == "" {
				continue
			}
			one := all[key]
			if one == nil {
				one = &topic{Key: key, spellings: map[string]int{}, publishers: map[string]int{}, regions: map[string]int{}, near: map[string]int{}}
				all[key] = one
			}
			if one.spellings[value] > 0 || len(one.spellings) < maxSpellings {
				one.spellings[value]++
			}
			keys[key] = true
		}
		for key := range keys {
			one := all[key]
			one.N++
			if usablePathSegment(g.Publisher.ID) {
				one.publishers[g.Publisher.ID]++
			}
			if usablePathSegment(g.Publisher.Region) {
				one.regions[g.Publisher.Region]++
			}
			if len(keys) > maxSpellings { // so many tell nothing of one another
				continue
			}
			for other := range keys {
				if other != key {
					one.near[other]++
				}
			}
		}
	}
}

// Values are the spellings, the most frequent first.
func (t *topic) Values() []string {
	var list []string
	for _, c := range frequent(t.spellings) {
		list = append(list, c.Value)
	}
	return list
}

// frequent are counted values, the most frequent first.
func frequent(counts map[string]int) []registry.Count {
	list := make([]registry.Count, 0, len(counts))
	for value, n := range counts {
		list = append(list, registry.Count{Value: value, N: n})
	}
	slices.SortFunc(list, func(a, b registry.Count) int { return cmp.Or(b.N-a.N, strings.Compare(a.Value, b.Value)) })
	return list
}

// name is what the page of the values is called.
func (x subject) name(t *topic, lang string) string {
	return shorten(x.label(t.Values()[0], lang), maxName)
}

// known reports whether the vocabulary of the standard has the value.
func (x subject) known(t *topic) bool {
	switch x.facet {
	case registry.FacetCategory:
		return slices.Contains(publiccode.Categories(), t.Key)
	case registry.FacetSupports:
		return publiccode.SupportAlias(t.Values()[0]) != ""
	}
	return true
}

// pill is a link to a page with the number of entries that it is about.
type pill struct {
	Label, Path string
	N           int
}

// users are those whose entries have a value.
type users struct {
	Publishers, Regions []pill
	More                int // publishers that are not among them
}

// users are the publishers and the states whose entries share the page.
func (t *topic) users(o *overview, lang string) (u users) {
	for _, c := range frequent(t.publishers) {
		p, ok := o.find(c.Value)
		switch {
		case !ok:
		case len(u.Publishers) == maxPills:
			u.More++
		default:
			u.Publishers = append(u.Publishers, pill{shorten(p.Name, maxName), publisherPath(p.ID), c.N})
		}
	}
	for _, c := range frequent(t.regions) {
		u.Regions = append(u.Regions, pill{registry.RegionName(c.Value, lang), regionPath(c.Value), c.N})
	}
	u.Regions = u.Regions[:min(len(u.Regions), 2*maxPills)]
	return u
}

// neighbours are the values that the entries have besides, the most frequent
// first.
func (x subject) neighbours(t *topic, o *overview, lang string) []pill {
	var list []pill
	for _, c := range frequent(t.near)[:min(len(t.near), maxPills)] {
		list = append(list, pill{x.name(o.Topics[x.facet][c.Value], lang), x.path(c.Value), c.N})
	}
	return list
}

// listed are all values that entries have, by name.
func (x subject) listed(o *overview, lang string) []pill {
	list := make([]pill, 0, len(o.Topics[x.facet]))
	for _, t := range o.Topics[x.facet] {
		list = append(list, pill{x.name(t, lang), x.path(t.Key), t.N})
	}
	slices.SortFunc(list, func(a, b pill) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)), strings.Compare(a.Path, b.Path))
	})
	return list
}

// topicBody is what the page of a value shows.
type topicBody struct {
	collection
	Users     users
	Subject   string // begins the keys of its texts
	Known     bool   // the standard names it
	Source    string // address of what it stands for; "" for none
	Spellings []string
	Near      []pill
}

// topicsBody is what the page of all values shows.
type topicsBody struct {
	Subject      string
	Known, Other []pill
	Blank        []string // of the vocabulary, that no entry has
	More         int      // that are not listed
}

// answerTopic makes the pages of a subject.
func answerTopic(x subject) func(*Site, context.Context, request) (answer, error) {
	return func(s *Site, ctx context.Context, r request) (answer, error) {
		o, err := r.overview(ctx)
		if err != nil {
			return answer{}, err
		}
		if r.rest == "" {
			return found(s.topicsPage(r.lang, x, o, r.static))
		}
		t := o.Topics[x.facet][r.rest]
		if t == nil {
			if key := x.key(r.rest); key != r.rest && o.Topics[x.facet][key] != nil { // in other letters
				return answer{location: s.prefix + localPath(r.lang, x.path(key))}, nil
			}
			return answer{}, registry.ErrNotFound
		}
		b := &topicBody{Subject: x.texts, Known: x.known(t)}
		if r.begins(x.path(t.Key)) {
			b.Users, b.Near = t.users(o, r.lang), x.neighbours(t, o, r.lang)
		}
		if err := s.collect(ctx, r, &b.collection, x.facet, t.Values()...); err != nil {
			return answer{}, err
		}
		return found(s.topicPage(r.lang, r.pathOf(x.path(t.Key)), x, t, b, r.static))
	}
}

// topicPaths are the pages of a subject.
func topicPaths(x subject) func(*Site, *overview) []string {
	return func(_ *Site, o *overview) []string {
		paths := []string{x.root}
		for key := range o.Topics[x.facet] {
			paths = append(paths, x.path(key))
		}
		slices.Sort(paths)
		return paths
	}
}

func (s *Site) topicPage(lang, path string, x subject, t *topic, b *topicBody, static bool) *page {
	name := x.name(t, lang)
	p := &page{
		Kind: topicPage, Lang: lang, Path: path, Section: x.texts, Static: static, Title: name,
		Crumbs: crumbs(lang, crumb{sayOf(lang, x, "title"), x.root}, crumb{name, ""}),
		Body:   b, Description: sayOf(lang, x, "about", name),
	}
	values := t.Values()
	if x.facet == registry.FacetSupports {
		b.Source = webLink(publiccode.SupportURI(cmp.Or(publiccode.SupportAlias(values[0]), values[0])))
	}
	if len(values) > 1 || values[0] != name {
		b.Spellings = values
	}
	// The API reads no categories but those of the standard, and a comma parts two
	// values.
	odd := func(v string) bool { return strings.Contains(v, ",") || len(v) > maxName }
	if (x.facet == registry.FacetSupports || b.Known) && !slices.ContainsFunc(values, odd) {
		p.Feed = map[string][]string{string(x.facet): values}
	}
	return p
}

// sayOf is a text about a subject.
func sayOf(lang string, x subject, key string, args ...any) string {
	text, _ := translate(lang, x.texts+"."+key, args...) // each is there, see the tests
	return text
}

func (s *Site) topicsPage(lang string, x subject, o *overview, static bool) *page {
	b := &topicsBody{Subject: x.texts}
	for _, p := range x.listed(o, lang) {
		_, key, _ := splitPath(p.Path)
		into := &b.Other
		if x.known(o.Topics[x.facet][key]) {
			into = &b.Known
		}
		if len(*into) == maxTopics {
			b.More++
			continue
		}
		*into = append(*into, p)
	}
	if x.facet == registry.FacetCategory {
		for _, code := range publiccode.Categories() {
			if o.Topics[x.facet][code] == nil {
				b.Blank = append(b.Blank, x.label(code, lang))
			}
		}
	}
	return &page{
		Kind: topicsPage, Lang: lang, Path: x.root, Section: x.texts, Static: static,
		Title: sayOf(lang, x, "title"), Description: sayOf(lang, x, "lead"),
		Crumbs: crumbs(lang, crumb{sayOf(lang, x, "title"), ""}), Body: b,
	}
}
