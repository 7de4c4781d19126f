// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// request is what a page is made for: somebody who asks, or a file.
type request struct {
	lang   string
	rest   string     // of the path behind the name of the section, unescaped
	query  url.Values // none for a file
	static bool       // written to a file, so that no query is answered
	// part is the piece of a long list that the page is to show; nil for somebody
	// who asks, who gets the first entries and a link to the others.
	part     *part
	overview func(context.Context) (*overview, error)
}

// part is a piece of a list that is written to several files.
type part struct {
	path  string // of this page, without language
	total int    // entries of the whole list
	cards []card
	pages []choice // links to all the pieces; none where there is but one
}

// section is the part of the site below one first segment of the path. Answer
// makes its pages, those that are asked for and those that are written alike.
type section struct {
	name   string // "" for the home page
	answer func(s *Site, ctx context.Context, r request) (answer, error)
	// paths are the pages that are written and named in the sitemap, without
	// language.
	paths func(s *Site, o *overview) []string
	// facet is set where each page below the section's own is about one value of
	// it, the rest of its path, and lists the entries that have it; see
	// Site.collect.
	facet registry.Facet
	// below is what stands before the value in those paths; the others are about none.
	below string
	// key is what stands in the path for a value of facet; nil for the value itself.
	key func(value string) string
	// single sections have no pages below their own.
	single bool
}

// sections are all parts of the site but lists, entries and their histories, in
// the order of the sitemap.
var sections = []section{
	{name: "", answer: (*Site).answerHome, paths: own("/"), single: true},
	{name: "publishers", answer: (*Site).answerPublisher, paths: (*Site).publisherPaths, facet: registry.FacetPublisher},
	{name: "regions", answer: (*Site).answerRegion, paths: (*Site).regionPaths, facet: registry.FacetRegion},
	{name: "categories", answer: answerTopic(categorySubject), paths: topicPaths(categorySubject), facet: categorySubject.facet, key: categorySubject.key},
	{name: "standards", answer: answerTopic(standardSubject), paths: topicPaths(standardSubject), facet: standardSubject.facet, key: standardSubject.key},
	{name: "licences", answer: (*Site).answerLicence, paths: (*Site).licencePaths, facet: registry.FacetLicence},
	{name: "join", answer: (*Site).answerHelp, paths: helpPaths},
	{name: "needs", answer: (*Site).answerNeeds, paths: needPaths},
	{name: "communities", answer: (*Site).answerCommunities, paths: own(communitiesPath), single: true},
	{name: "editor", answer: (*Site).answerEditor, paths: own(editorPath), single: true},
	{name: "statistics", answer: (*Site).answerStatistics, paths: own(statisticsPath), single: true},
	{name: "listed", answer: (*Site).answerStanding, paths: own(standingPath), single: true},
	{name: "compare", answer: (*Site).answerComparison, paths: own(), single: true},
	{name: "findings", answer: (*Site).answerFinding, paths: func(*Site, *overview) []string { return rulePaths() }},
	maintainSection, guideSection(aboutPath), guideSection("/procure/"), guideSection("/operate/"),
	{name: "notices", answer: (*Site).answerNotices, paths: own("/notices/"), single: true},
	dutySection(dutyPages[0]), dutySection(dutyPages[1]), dutySection(dutyPages[2]), dutySection(dutyPages[3]), dutySection(dutyPages[4]),
}

// keys are the pages of the section that list an entry, by what stands in their
// path.
func (x section) keys(c card) []string {
	list := c.values(x.facet)
	if x.key == nil {
		return list
	}
	for i, value := range list {
		list[i] = x.key(value)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// own are the pages of a section that depend on nothing.
func own(paths ...string) func(*Site, *overview) []string {
	return func(*Site, *overview) []string { return paths }
}

// findSection is the section with a name.
func findSection(name string) (section, bool) {
	i := slices.IndexFunc(sections, func(s section) bool { return s.name == name })
	if i < 0 {
		return section{}, false
	}
	return sections[i], true
}

// fixedPaths are the pages beside those of the entries.
func (s *Site) fixedPaths(o *overview) []string {
	paths := []string{listPath}
	for _, section := range sections {
		paths = append(paths, section.paths(s, o)...)
	}
	return paths
}

// splitPath takes the name of the section off a path, and unescapes the rest.
func splitPath(path string) (name, rest string, err error) {
	name, rest, _ = strings.Cut(strings.Trim(path, "/"), "/")
	rest, err = url.PathUnescape(rest)
	return name, rest, err
}

// collect fills in the entries that have one of some values of a facet: those of the
// part that is written, or the first ones and a link to all.
func (s *Site) collect(ctx context.Context, r request, c *collection, kind registry.Facet, values ...string) error {
	if r.part != nil {
		c.Total, c.Cards, c.Pages = r.part.total, r.part.cards, r.part.pages
		return nil
	}
	q := registry.Query{Filters: map[registry.Facet][]string{kind: values}, Limit: fileSize, Language: r.lang, Counted: []registry.Facet{}}
	result, err := s.catalogue.Search(ctx, q)
	if err != nil {
		return err
	}
	c.Total = result.Total
	for _, entry := range result.Items {
		c.Cards = append(c.Cards, newCard(entry, r.lang, s.now()))
	}
	if result.Next != "" {
		c.All = s.prefix + localPath(r.lang, listPath) + address(q)
	}
	return nil
}

// begins reports whether a page is the first one of its list, which says what the
// list is about; the others go on with it and have nothing else.
func (r request) begins(whole string) bool { return r.pathOf(whole) == whole }

// pathOf is the path of the page that a request is for, where the whole of the
// list has one.
func (r request) pathOf(whole string) string {
	if r.part != nil {
		return r.part.path
	}
	return whole
}

func (s *Site) answerHome(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	return found(s.homePage(r.lang, o, r.static))
}

func (s *Site) answerPublisher(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	if r.rest == "" {
		return found(s.publishersPage(r.lang, o, r.static))
	}
	p, ok := o.find(r.rest)
	if !ok {
		return answer{}, registry.ErrNotFound
	}
	c := &collection{Publisher: p.Publisher}
	if err := s.collect(ctx, r, c, registry.FacetPublisher, p.ID); err != nil {
		return answer{}, err
	}
	path := r.pathOf(publisherPath(p.ID))
	if path == publisherPath(p.ID) { // the first page of its list
		c.Reuse = newPublisherReuse(o, p.Publisher, r.lang)
	}
	return found(s.publisherPage(r.lang, path, c, r.static))
}

func (s *Site) publisherPaths(o *overview) []string {
	paths := []string{"/publishers/"}
	for _, p := range o.Publishers {
		paths = append(paths, publisherPath(p.ID))
	}
	return paths
}

func (s *Site) answerRegion(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	if r.rest == "" {
		return found(s.regionsPage(r.lang, o, r.static))
	}
	if _, counted := o.Regions[r.rest]; !counted && !slices.Contains(states, r.rest) {
		return answer{}, registry.ErrNotFound
	}
	c := &collection{Code: r.rest}
	if err := s.collect(ctx, r, c, registry.FacetRegion, r.rest); err != nil {
		return answer{}, err
	}
	path := r.pathOf(regionPath(r.rest))
	if path == regionPath(r.rest) { // the first page of its list
		c.Place = s.newPlaceReuse(o, c, r)
	}
	return found(s.regionPage(r.lang, path, c, o, r.static))
}

func (s *Site) regionPaths(o *overview) []string {
	paths := []string{"/regions/"}
	for _, code := range slices.Concat(states, o.otherRegions()) {
		paths = append(paths, regionPath(code))
	}
	return paths
}

func (s *Site) answerEditor(_ context.Context, r request) (answer, error) {
	return found(s.editorPage(r.lang, r.static))
}

func (s *Site) answerStatistics(ctx context.Context, r request) (answer, error) {
	p, err := s.statisticsPage(ctx, r.lang, r.static)
	return answer{page: p, status: http.StatusOK}, err
}
