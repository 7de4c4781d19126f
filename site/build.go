// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/registry"
)

// Report counts what a build did.
type Report struct {
	Pages     int `json:"pages"`     // HTML pages of the site
	Written   int `json:"written"`   // files that are new or differ
	Unchanged int `json:"unchanged"` // files that were right already
	Removed   int `json:"removed"`   // files of an earlier build that are no longer part of the site
	Skipped   int `json:"skipped"`   // entries whose ID cannot be a path
}

// Build writes the site into a directory, which is made where it is missing.
// Only files whose content differs are written, each put into place in one
// step; files that an earlier build wrote and that are no longer part of the
// site are removed, others are left alone. The same catalogue gives the same
// bytes. Where a first build would overwrite a file that it did not write, the
// error wraps registry.ErrInvalid.
func (s *Site) Build(ctx context.Context, dir string) (Report, error) {
	out, err := openOutput(dir)
	if err != nil {
		return Report{}, fmt.Errorf("site: %w", err)
	}
	b := &build{site: s, out: out}
	err = b.run(ctx)
	if closeErr := out.close(err == nil); err == nil {
		err = closeErr
	}
	b.report.Written, b.report.Unchanged, b.report.Removed = out.written, out.unchanged, out.removed
	if err != nil {
		return b.report, fmt.Errorf("site: build into %s: %w", dir, err)
	}
	return b.report, nil
}

type build struct {
	site   *Site
	out    *output
	report Report

	overview *overview
	cards    map[string][]card // by language
	paths    []string
}

func (b *build) run(ctx context.Context) error {
	s := b.site
	rev, err := s.catalogue.Rev(ctx)
	if err != nil {
		return fmt.Errorf("revision: %w", err)
	}
	b.overview = newOverview(rev, s.opt.Publishers)
	b.cards = map[string][]card{}
	for name, a := range s.assets.files {
		if err := b.out.write("assets/"+name, a.content); err != nil {
			return err
		}
	}
	for entry, err := range s.catalogue.All(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = b.software(ctx, entry)
		}
		if err != nil {
			return err
		}
	}
	b.overview.finish()
	for _, lang := range languages {
		if err := b.lists(ctx, lang); err != nil {
			return err
		}
	}
	if err := b.aliases(ctx); err != nil {
		return err
	}
	if err := b.out.write("robots.txt", s.robots()); err != nil {
		return err
	}
	if s.origin == "" {
		return nil
	}
	return b.out.write("sitemap.xml", s.sitemap(slices.Concat(s.fixedPaths(b.overview), b.paths)))
}

// page writes a page to the file of its path.
func (b *build) page(p *page) error { return b.pageAt(p, p.Path) }

func (b *build) pageAt(p *page, path string) error {
	body, err := b.site.render(p)
	if err != nil {
		return err
	}
	name, err := filePath(localPath(p.Lang, path))
	if err != nil {
		return err
	}
	b.report.Pages++
	return b.out.write(name, body)
}

func (b *build) software(ctx context.Context, entry *registry.Software) error {
	b.overview.add(entry)
	path, ok := softwarePath(entry.ID)
	if !ok {
		b.report.Skipped++
		b.site.log.Warn("entry left out: its ID cannot be a path", "id", entry.ID)
		return nil
	}
	others, err := b.site.neighbours(ctx, entry)
	if err != nil {
		return err
	}
	past, err := b.site.history(ctx, entry.ID)
	if err != nil {
		return fmt.Errorf("history of %s: %w", entry.ID, err)
	}
	b.paths = append(b.paths, path)
	for _, lang := range languages {
		b.cards[lang] = append(b.cards[lang], newCard(entry, lang))
		if err := b.page(b.site.softwarePage(lang, entry, others, path, true)); err != nil {
			return err
		}
		if err := b.page(b.site.historyPage(lang, past, true)); err != nil {
			return err
		}
	}
	return nil
}

func (b *build) lists(ctx context.Context, lang string) error {
	s, o := b.site, b.overview
	cards := b.cards[lang]
	order := collate.New(language.Make(lang), collate.IgnoreCase)
	keys := make(map[registry.ID][]byte, len(cards))
	var buffer collate.Buffer
	for _, c := range cards {
		keys[c.ID] = slices.Clone(order.KeyFromString(&buffer, c.Name))
		buffer.Reset()
	}
	slices.SortFunc(cards, func(x, y card) int {
		return cmp.Or(slices.Compare(keys[x.ID], keys[y.ID]), strings.Compare(string(x.ID), string(y.ID)))
	})

	if err := b.pageAt(s.messagePage(lang, "notfound", true), "/404.html"); err != nil {
		return err
	}
	if err := b.searchIndex(lang, cards); err != nil {
		return err
	}
	facets := writtenFacets(s, lang, o, cards)
	err := split(s, lang, listPath, cards, func(path string, part []card, first int, pages []choice) error {
		l := &listing{
			Total: len(cards), Found: "list.all", Cards: part, Facets: facets, Pages: pages,
			Index:   s.prefix + localPath(lang, "/search.json"),
			Numbers: [2]int{first + 1, first + len(part)},
		}
		return b.page(s.listPage(lang, path, l, true))
	})
	if err != nil {
		return err
	}

	for _, section := range sections {
		if err := b.section(ctx, lang, section, cards); err != nil {
			return err
		}
	}
	return nil
}

// section writes the pages of a part of the site.
func (b *build) section(ctx context.Context, lang string, section section, cards []card) error {
	by := map[string][]card{}
	if section.facet != "" {
		for _, c := range cards {
			for _, value := range c.values(section.facet) {
				by[value] = append(by[value], c)
			}
		}
	}
	put := func(path string, part *part) error {
		_, rest, err := splitPath(path)
		if err != nil {
			return err
		}
		r := request{lang: lang, rest: rest, static: true, part: part, overview: func(context.Context) (*overview, error) { return b.overview, nil }}
		a, err := section.answer(b.site, ctx, r)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		case a.page == nil:
			return fmt.Errorf("%s leads to %s and is no page", path, a.location)
		}
		return b.page(a.page)
	}
	for _, path := range section.paths(b.site, b.overview) {
		_, value, err := splitPath(path)
		if err != nil {
			return err
		}
		if section.facet == "" || value == "" {
			if err := put(path, nil); err != nil {
				return err
			}
			continue
		}
		all := by[value]
		err = split(b.site, lang, path, all, func(at string, cards []card, _ int, pages []choice) error {
			return put(path, &part{path: at, total: len(all), cards: cards, pages: pages})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// split calls write for each page of a long list: path itself, path/page/2/
// and so on.
func split(s *Site, lang, path string, cards []card, write func(path string, part []card, first int, pages []choice) error) error {
	n := max(1, (len(cards)+fileSize-1)/fileSize)
	at := func(i int) string {
		if i == 0 {
			return path
		}
		return path + "page/" + strconv.Itoa(i+1) + "/"
	}
	for i := range n {
		var pages []choice
		for j := range n {
			if n > 1 {
				pages = append(pages, choice{strconv.Itoa(j + 1), s.prefix + localPath(lang, at(j)), i == j})
			}
		}
		first := i * fileSize
		if err := write(at(i), cards[first:min(len(cards), first+fileSize)], first, pages); err != nil {
			return err
		}
	}
	return nil
}

// aliases leaves a page at each former address of an entry.
func (b *build) aliases(ctx context.Context) error {
	aliases, err := b.site.catalogue.Aliases(ctx)
	if err != nil {
		return fmt.Errorf("aliases: %w", err)
	}
	there := make(map[string]bool, len(b.paths))
	for _, path := range b.paths {
		there[path] = true
	}
	for from, to := range aliases {
		old, ok := softwarePath(from)
		if !ok || there[old] {
			continue
		}
		path, ok := softwarePath(to)
		if !ok || !there[path] {
			continue
		}
		for _, lang := range languages {
			if err := b.pageAt(b.site.movedPage(lang, path), old); err != nil {
				return err
			}
		}
	}
	return nil
}

// searchEntry is a line of search.json, which the script of a written list
// searches. The whole catalogue is in it, about 400 bytes an entry: fine for a
// few thousand entries, too much to download for tens of thousands.
type searchEntry struct {
	Path        string   `json:"path"`
	Name        string   `json:"name"`
	Short       string   `json:"short,omitempty"`
	Lang        string   `json:"lang,omitempty"` // of short, where it is not that of the page
	Publisher   string   `json:"publisher"`
	PublisherID string   `json:"publisherId"`
	Region      string   `json:"region,omitempty"`
	RegionName  string   `json:"regionName,omitempty"` // to be searched
	State       string   `json:"state,omitempty"`      // to be shown
	Licence     string   `json:"licence,omitempty"`
	LicencePath string   `json:"licencePath,omitempty"`
	Verdict     string   `json:"verdict,omitempty"`
	Mark        *mark    `json:"mark,omitempty"` // of the verdict
	Status      string   `json:"status,omitempty"`
	StatusName  string   `json:"statusName,omitempty"`
	Tone        string   `json:"tone,omitempty"`
	Categories  []string `json:"categories,omitempty"`
	Words       string   `json:"words,omitempty"` // names of the categories
	Date        string   `json:"date,omitempty"`
	DateText    string   `json:"dateText,omitempty"`
	Incomplete  bool     `json:"incomplete,omitempty"`
	Archived    bool     `json:"archived,omitempty"`
}

func (b *build) searchIndex(lang string, cards []card) error {
	entries := make([]searchEntry, 0, len(cards))
	for _, c := range cards {
		e := searchEntry{
			Path: b.site.prefix + localPath(lang, c.Path), Name: c.Name, Short: c.Short,
			Publisher: shorten(c.Publisher.Name, maxName), PublisherID: c.Publisher.ID, Region: c.Publisher.Region,
			Licence: c.Licence, Status: c.Status, StatusName: c.StatusName, Tone: c.Tone,
			Verdict: c.Verdict, Mark: c.Mark, Incomplete: c.Incomplete, Archived: c.Archived,
		}
		if to := c.LicencePath(); to != "" {
			e.LicencePath = b.site.prefix + localPath(lang, to)
		}
		if c.Lang != lang {
			e.Lang = c.Lang
		}
		if e.Region != "" {
			e.RegionName = registry.RegionName(e.Region, lang)
			e.State = c.State
		}
		var words []string
		for i, code := range c.Categories {
			if i == maxItems {
				break
			}
			e.Categories = append(e.Categories, shorten(code, maxName))
			words = append(words, b.overview.label("category", code, lang))
		}
		e.Words = strings.Join(words, " ")
		if !c.Pushed.IsZero() {
			e.Date, e.DateText = c.Pushed.UTC().Format("2006-01-02"), formatDate(lang, c.Pushed)
		}
		entries = append(entries, e)
	}
	body, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	return b.out.write(strings.TrimPrefix(localPath(lang, "/search.json"), "/"), append(body, '\n'))
}

// writtenFacets are the facets of a list in files: regions and publishers lead
// to their pages, the others are filters of the script.
func writtenFacets(s *Site, lang string, o *overview, cards []card) []facet {
	counted := map[registry.Facet]map[string]int{}
	for _, kind := range mainFacets {
		counted[kind] = map[string]int{}
	}
	for _, c := range cards {
		for _, kind := range mainFacets {
			for _, value := range c.values(kind) {
				counted[kind][value]++
			}
		}
	}
	var facets []facet
	for _, kind := range mainFacets {
		f := facet{Key: string(kind)}
		delete(counted[kind], "")
		values := make([]registry.Count, 0, len(counted[kind]))
		for value, n := range counted[kind] {
			values = append(values, registry.Count{Value: value, N: n})
		}
		slices.SortFunc(values, func(a, b registry.Count) int {
			return cmp.Or(b.N-a.N, strings.Compare(a.Value, b.Value))
		})
		for _, v := range values[:min(len(values), maxValues)] {
			href := ""
			switch kind {
			case registry.FacetRegion:
				href = regionPath(v.Value)
			case registry.FacetPublisher:
				href = publisherPath(v.Value)
			default:
				f.Script = true
				href = listPath + address(registry.Query{Filters: map[registry.Facet][]string{kind: {v.Value}}})
			}
			f.add(facetValue{Label: o.label(kind, v.Value, lang), Href: s.prefix + localPath(lang, href), N: v.N}, topValues)
		}
		if f.Values != nil {
			facets = append(facets, f)
		}
	}
	return facets
}
