// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// say is translate for keys that are written in this package; the tests hold
// that each is there in every language.
func say(lang, key string, args ...any) string {
	t, err := translate(lang, key, args...)
	if err != nil {
		panic(err)
	}
	return t
}

func crumbs(lang string, rest ...crumb) []crumb {
	return append([]crumb{{say(lang, "nav.home"), "/"}}, rest...)
}

// tile is a state on the map.
type tile struct {
	Code  string // DE-SH
	Short string // SH
	Class string // sh, its place in the style sheet
	N     int
	Level int // 0 for none to 4 for the most
}

// mapOrder is the order of the tiles by row, so that the keyboard goes over
// the map as the eye does.
var mapOrder = strings.Fields("SH HB HH MV NW NI ST BB BE RP HE TH SN SL BW BY")

func tiles(o *overview) []tile {
	most := 0
	for _, code := range states {
		most = max(most, o.Regions[code])
	}
	list := make([]tile, 0, len(mapOrder))
	for _, short := range mapOrder {
		code := "DE-" + short
		t := tile{Code: code, Short: short, Class: strings.ToLower(short), N: o.Regions[code]}
		if t.N > 0 {
			t.Level = max(1, int(math.Round(4*math.Sqrt(float64(t.N)/float64(most)))))
		}
		list = append(list, t)
	}
	return list
}

type homeBody struct {
	Overview           *overview
	Publishers, States int
	Tiles              []tile
	Newest, Active     []card
	Index              string
}

func (s *Site) homePage(lang string, o *overview, static bool) *page {
	b := homeBody{Overview: o, Publishers: o.active(), States: o.activeStates(), Tiles: tiles(o)}
	for _, e := range o.Newest {
		b.Newest = append(b.Newest, newCard(e, lang))
	}
	for _, e := range o.Active {
		b.Active = append(b.Active, newCard(e, lang))
	}
	return &page{Kind: homePage, Lang: lang, Path: "/", Static: static, Description: say(lang, "home.lead"), Body: b}
}

func (s *Site) listPage(lang string, path string, l *listing, static bool) *page {
	title := say(lang, "list.title")
	if l.Text != "" {
		title = say(lang, "list.titleFor", l.Text)
	}
	return &page{
		Kind: listPage, Lang: lang, Path: path, Section: "software", Static: static, Feed: l.Feed,
		Title: title, Description: say(lang, "list.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "list.title"), ""}),
		Body:   l,
	}
}

// maxSimilar is how many entries are shown that are like another one.
const maxSimilar = 3

// neighbours are other entries that the page of one leads to.
type neighbours struct {
	family  []registry.Relative
	similar []*registry.Software // the likest first
}

// neighbours reads them; what is of the family is not similar besides.
func (s *Site) neighbours(ctx context.Context, entry *registry.Software) (n neighbours, err error) {
	if n.family, err = registry.Family(ctx, s.catalogue, entry); err != nil {
		return n, err
	}
	if n.similar, err = s.similar(ctx, entry.ID); err != nil {
		return n, fmt.Errorf("what is similar to %s: %w", entry.ID, err)
	}
	n.similar = slices.DeleteFunc(n.similar, func(e *registry.Software) bool {
		return slices.ContainsFunc(n.family, func(r registry.Relative) bool { return r.ID.Same(e.ID) })
	})
	return n, nil
}

// similar are the entries that are most like one.
func (s *Site) similar(ctx context.Context, id registry.ID) ([]*registry.Software, error) {
	list, err := s.catalogue.Similar(ctx, id, maxSimilar)
	if errors.Is(err, registry.ErrNotFound) { // removed meanwhile
		return nil, nil
	}
	return list, err
}

func (s *Site) softwarePage(lang string, entry *registry.Software, others neighbours, path string, static bool) *page {
	d := newDetail(entry, lang)
	d.HistoryPath, _ = historyPath(entry.ID) // as there is one for the page itself
	for _, e := range others.similar {
		d.Similar = append(d.Similar, newCard(e, lang))
	}
	for _, r := range others.family {
		d.Family = append(d.Family, newRelative(entry, r, lang))
	}
	d.Licensing.judge(s.opt.Policies, lang)
	return &page{
		Kind: softwarePage, Lang: lang, Path: path, Section: "software", Static: static, Feed: url.Values{"software": {string(entry.ID)}},
		Title: d.Name, Description: d.Short,
		Crumbs: crumbs(lang, crumb{say(lang, "list.title"), listPath}, crumb{d.Name, ""}),
		Body:   d,
	}
}

// collection is what the page of a publisher or a region shows.
type collection struct {
	Publisher  registry.Publisher
	URI        string // of the publisher, where safe to follow
	Code       string // of the region
	Total      int
	Cards      []card
	All        string   // link to the list with the rest, where served and there is more
	Pages      []choice // where written and there is more
	Publishers []publisherCount
}

func (s *Site) publisherPage(lang, path string, c *collection, static bool) *page {
	c.URI = webLink(c.Publisher.URI)
	name := shorten(c.Publisher.Name, maxName)
	return &page{
		Kind: publisherPage, Lang: lang, Path: path, Section: "publishers", Static: static, Feed: url.Values{"publisher": {c.Publisher.ID}},
		Title: name, Description: say(lang, "publisher.lead", name),
		Crumbs: crumbs(lang, crumb{say(lang, "publishers.title"), "/publishers/"}, crumb{name, ""}),
		Body:   c,
	}
}

func (s *Site) regionPage(lang, path string, c *collection, o *overview, static bool) *page {
	for _, p := range o.Publishers {
		if slices.Contains(enclosing(p.Region), c.Code) {
			c.Publishers = append(c.Publishers, p)
		}
	}
	name := areaName(c.Code, lang)
	return &page{
		Kind: regionPage, Lang: lang, Path: path, Section: "regions", Static: static, Feed: url.Values{"region": {regionOfFeed(c.Code)}},
		Title: name, Description: say(lang, "region.lead", name),
		Crumbs: crumbs(lang, crumb{say(lang, "regions.title"), "/regions/"}, crumb{name, ""}),
		Body:   c,
	}
}

func (s *Site) publishersPage(lang string, o *overview, static bool) *page {
	return &page{
		Kind: publishersPage, Lang: lang, Path: "/publishers/", Section: "publishers", Static: static,
		Title: say(lang, "publishers.title"), Description: say(lang, "publishers.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "publishers.title"), ""}),
		Body:   o,
	}
}

type regionRow struct {
	Code          string
	N, Publishers int
}

type regionsBody struct {
	Overview       *overview
	Tiles          []tile
	States, Others []regionRow
}

func (s *Site) regionsPage(lang string, o *overview, static bool) *page {
	b := regionsBody{Overview: o, Tiles: tiles(o)}
	row := func(code string) regionRow {
		r := regionRow{Code: code, N: o.Regions[code]}
		for _, p := range o.Publishers {
			if p.N > 0 && slices.Contains(enclosing(p.Region), code) {
				r.Publishers++
			}
		}
		return r
	}
	for _, code := range states {
		b.States = append(b.States, row(code))
	}
	slices.SortFunc(b.States, func(x, y regionRow) int {
		return strings.Compare(registry.RegionName(x.Code, lang), registry.RegionName(y.Code, lang))
	})
	for _, code := range o.otherRegions() {
		b.Others = append(b.Others, row(code))
	}
	return &page{
		Kind: regionsPage, Lang: lang, Path: "/regions/", Section: "regions", Static: static,
		Title: say(lang, "regions.title"), Description: say(lang, "regions.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "regions.title"), ""}),
		Body:   b,
	}
}

// messagePage says that there is nothing to show; key begins its texts.
func (s *Site) messagePage(lang, key string, static bool) *page {
	return &page{Kind: messagePage, Lang: lang, Static: static, NoIndex: true, Title: say(lang, key+".title"), Body: message{Key: key}}
}

// message is what the page of a message shows.
type message struct {
	Key     string // begins its texts
	History string // path of the changes of what is gone; "" without
}

// movedPage leads from the former address of an entry to the one it has now.
func (s *Site) movedPage(lang, to string) *page {
	return &page{Kind: movedPage, Lang: lang, Path: to, Static: true, NoIndex: true, Title: say(lang, "moved.title"), Body: s.prefix + localPath(lang, to)}
}
