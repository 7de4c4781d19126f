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

// shade is how dark a number is shown beside the greatest one, from 1 to 4.
func shade(n, most int) int {
	return max(1, int(math.Round(4*math.Sqrt(float64(n)/float64(most)))))
}

// mapOrder is the order of the tiles by row, so that the keyboard goes over
// the map as the eye does.
var mapOrder = strings.Fields("SH HB HH MV NW NI ST BB BE RP HE TH SN SL BW BY")

// tiles are the states with what is counted of them.
func tiles(counts map[string]int) []tile {
	most := 0
	for _, code := range states {
		most = max(most, counts[code])
	}
	list := make([]tile, 0, len(mapOrder))
	for _, short := range mapOrder {
		code := "DE-" + short
		t := tile{Code: code, Short: short, Class: strings.ToLower(short), N: counts[code]}
		if t.N > 0 {
			t.Level = shade(t.N, most)
		}
		list = append(list, t)
	}
	return list
}

// homeCards is how many cards the home page shows of a kind.
const homeCards = 3

type homeBody struct {
	Overview           *overview
	Publishers, States int
	Tiles              []tile
	Newest             []card
	Active, Confirmed  []card
	Seeking            []joinIssue
	Open               []open // what looks for people or money
	Needs              []shortNeed
	Table              []regionRow
}

func (s *Site) homePage(lang string, o *overview, static bool) *page {
	b := homeBody{Overview: o, Publishers: o.active(), States: o.activeStates(), Tiles: tiles(o.Regions)}
	b.Newest, b.Active, b.Confirmed = o.cards(o.Newest, lang), o.cards(o.Active, lang), o.cards(o.Confirmed, lang)
	b.Active, b.Confirmed = b.Active[:min(len(b.Active), homeCards)], b.Confirmed[:min(len(b.Confirmed), homeCards)]
	b.Table = o.stateRows(lang)
	b.Open = o.Open[:min(len(o.Open), highlights)]
	for _, n := range o.Board.needs[:min(len(o.Board.needs), highlights)] {
		b.Needs = append(b.Needs, newShortNeed(n, lang))
	}
	named := map[registry.ID]bool{}
	for _, i := range o.Join.Issues {
		if len(b.Seeking) < highlights && !named[i.ID] {
			named[i.ID] = true
			b.Seeking = append(b.Seeking, i)
		}
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
	like    []registry.ID     // the likest first, none of the family
	similar map[string][]card // the same, by language
	around  *around           // nil where that is not known
}

// relatives are the IDs of the family.
func (n *neighbours) relatives() (ids []registry.ID) {
	for _, r := range n.family {
		ids = append(ids, r.ID)
	}
	return ids
}

// neighbours reads them for a page in one language.
func (s *Site) neighbours(ctx context.Context, lang string, entry *registry.Software) (n neighbours, err error) {
	if n.family, err = registry.Family(ctx, s.catalogue, entry); err != nil {
		return n, err
	}
	if n.like, err = s.similar(ctx, entry.ID, n.relatives()); err != nil {
		return n, err
	}
	o, err := s.lately(ctx)
	if err != nil {
		return n, err
	}
	around := o.around.of(entry, s.now())
	n.around = &around
	n.similar = map[string][]card{}
	for _, id := range n.like {
		other, err := s.catalogue.Get(ctx, id)
		switch {
		case err == nil:
			n.similar[lang] = append(n.similar[lang], newCard(other, lang, s.now()))
		case !registry.Absent(err):
			return n, fmt.Errorf("what is similar to %s: %w", entry.ID, err)
		}
	}
	return n, nil
}

// similar are the entries that are most like one, the likest first; what is of
// its family is not similar besides.
func (s *Site) similar(ctx context.Context, id registry.ID, family []registry.ID) ([]registry.ID, error) {
	list, err := s.catalogue.SimilarIDs(ctx, id, maxSimilar)
	if errors.Is(err, registry.ErrNotFound) { // removed meanwhile
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what is similar to %s: %w", id, err)
	}
	return slices.DeleteFunc(list, func(like registry.ID) bool {
		return slices.ContainsFunc(family, like.Same)
	}), nil
}

func (s *Site) softwarePage(lang string, entry *registry.Software, others neighbours, path string, static bool) *page {
	d := newDetail(entry, lang, s.now())
	if others.around != nil {
		d.readAround(*others.around, lang)
	} else {
		d.readAround((*surroundings)(nil).of(entry, s.now()), lang)
	}
	d.HistoryPath, _ = historyPath(entry.ID) // as there is one for the page itself
	d.Similar = others.similar[lang]
	d.Family = newLineages(entry, others.family, lang, s.now())
	d.Licensing.judge(s.opt.Policies, lang)
	d.readContents(lang)
	return &page{
		Kind: softwarePage, Lang: lang, Path: path, Section: "software", Static: static, Feed: url.Values{"software": {string(entry.ID)}},
		Title: d.Name, Description: d.Short, DescriptionLang: otherThan(lang, d.Lang),
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
	Reuse      *publisherReuse // nil but on the first page
	Place      *placeReuse     // nil but on the first page
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
		if path == regionPath(c.Code) && slices.Contains(enclosing(p.Region), c.Code) {
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

func (o *overview) regionRow(code string) regionRow {
	r := regionRow{Code: code, N: o.Regions[code]}
	for _, p := range o.Publishers {
		if p.N > 0 && slices.Contains(enclosing(p.Region), code) {
			r.Publishers++
		}
	}
	return r
}

// stateRows are the 16 states by name.
func (o *overview) stateRows(lang string) (rows []regionRow) {
	for _, code := range states {
		rows = append(rows, o.regionRow(code))
	}
	slices.SortFunc(rows, func(x, y regionRow) int {
		return strings.Compare(registry.RegionName(x.Code, lang), registry.RegionName(y.Code, lang))
	})
	return rows
}

type regionsBody struct {
	Overview       *overview
	Tiles          []tile
	Matrix         matrix
	States, Others []regionRow
}

func (s *Site) regionsPage(lang string, o *overview, static bool) *page {
	b := regionsBody{Overview: o, Tiles: tiles(o.Regions), Matrix: newMatrix(o.Reuse, lang)}
	b.States = o.stateRows(lang)
	for _, code := range o.otherRegions() {
		b.Others = append(b.Others, o.regionRow(code))
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
	return &page{Kind: messagePage, Lang: lang, Static: static, NoIndex: true, Title: say(lang, key+".title"), Body: message{Key: key, offers: offers{Search: &listing{}}}}
}

// message is what the page of a message shows.
type message struct {
	offers
	Key     string // begins its texts
	History string // path of the changes of what is gone; "" without
}

// movedPage leads from the former address of an entry to the one it has now.
func (s *Site) movedPage(lang, to string) *page {
	return &page{Kind: movedPage, Lang: lang, Path: to, Static: true, NoIndex: true, Title: say(lang, "moved.title"), Body: s.prefix + localPath(lang, to)}
}
