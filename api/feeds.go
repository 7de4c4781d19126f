// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const (
	feedsPath  = "/v1/feeds/"
	maxItems   = 50  // of a feed
	maxRemoved = 10  // removals among them
	lookBack   = 500 // changes at the end of the log in which removals are looked for
	maxNotes   = 4096
)

// The parameters of feeds.
var (
	newParameters      = slices.Concat([]string{"q"}, facetNames, []string{"after", "lang"})
	changesParameters  = slices.Concat([]string{"q"}, facetNames, []string{"software", "after", "lang"})
	releasesParameters = slices.Concat([]string{"q"}, facetNames, []string{"software", "lang"})
)

// feed is a feed that is being made.
type feed struct {
	*api
	name     string // such as new
	lang     string
	chosen   bool // lang was given as a parameter
	query    registry.Query
	software registry.ID // whose feed it is; "" for that of a search
	about    []string    // more that its title tells
	out      atomFeed
}

// newFeed reads the parameters of a feed.
func (a *api) newFeed(c *gin.Context, name string, sort registry.Sort) (*feed, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	f := &feed{api: a, name: name, lang: preferred(c.Request)}
	f.query = listQuery(p)
	f.query.Sort, f.query.Limit, f.query.Language = sort, maxItems, reader(c.Request)
	if lang := p.word("lang", german, english); lang != "" {
		f.lang, f.query.Language, f.chosen = lang, lang, true
	}
	if raw, given := p.one("software", maxID); given {
		id, ok := readID(raw)
		switch {
		case !ok:
			p.fault("software", codeMalformed, "software is the id of an entry, such as github.com/owner/repo.")
		case f.query.Text != "" || len(f.query.Filters) > 0 || f.query.After != "":
			p.fault("software", codeForbidden, "software is for the feed of one entry: there is nothing to search for, to filter or to page in it.")
		}
		f.software = id
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	return f, nil
}

// search finds the entries of the feed, and names the next page.
func (f *feed) search(ctx context.Context) ([]*registry.Software, error) {
	page, err := f.catalogue.Search(ctx, f.query)
	if errors.Is(err, registry.ErrInvalid) && f.query.After != "" {
		return nil, badRequest([]fault{{
			In: "query", Location: &location{Name: "after"}, Code: codeMalformed,
			Detail: "after is not a cursor of this feed: take it from its link next, with the same filters and language.",
		}})
	}
	if page.Next != "" {
		f.out.link("next", typeAtom, f.address(page.Next))
	}
	return page.Items, err
}

// address is the address of a page of the feed, the same for all ways to write it.
func (f *feed) address(after string) string {
	v := searchValues(f.query)
	if after != "" {
		v.Set("after", after)
	}
	if f.software != "" {
		v.Set("software", string(f.software))
	}
	if f.chosen {
		v.Set("lang", f.lang)
	}
	return f.link(feedsPath + f.name + ".atom" + questioned(v))
}

func questioned(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// page is the address of a page of the site in the feed's language.
func (f *feed) page(path string) string {
	if f.lang == english {
		path = "/en" + path
	}
	return f.link(path)
}

// feedNew are the entries that came last.
func (a *api) feedNew(c *gin.Context) (*answer, error) {
	f, err := a.newFeed(c, "new", registry.ByNew)
	if err != nil {
		return nil, err
	}
	entries, err := f.search(c.Request.Context())
	if err != nil {
		return nil, err
	}
	for _, s := range entries {
		item := f.item(s, "new/"+s.ID.EscapedPath(), s.FirstSeen)
		item.Published = item.Updated
		text, _ := s.PublicCode.Text(f.lang)
		item.Summary = newText(text.ShortDescription)
		f.add(item)
	}
	return f.answer(c.Request.Context())
}

// feedChanges are the entries that changed last, each with its last change, and
// what was removed lately; or the last changes of one entry.
func (a *api) feedChanges(c *gin.Context) (*answer, error) {
	f, err := a.newFeed(c, "changes", registry.ByChanged)
	if err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	if f.software != "" {
		return f.history(ctx)
	}
	removed, err := f.removed(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range removed {
		f.addChange(e.Change, nil, nil)
	}
	f.query.Limit -= len(removed)
	entries, err := f.search(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range entries {
		if err := f.addLast(ctx, s); err != nil {
			return nil, err
		}
	}
	return f.answer(ctx)
}

// addLast adds the last change of an entry: what it was before is read once, see
// notes.
func (f *feed) addLast(ctx context.Context, s *registry.Software) error {
	if n, ok := f.notes.known(s.Rev); ok {
		f.addChange(n.Change, nil, s)
		return nil
	}
	for c, err := range f.catalogue.Changes(ctx, s.Rev-1) {
		if err != nil {
			return err
		}
		if !c.ID.Same(s.ID) {
			return nil // the change is not in the log: cannot be
		}
		before, err := f.catalogue.At(ctx, s.ID, c.Time.Add(-time.Millisecond))
		if err != nil && !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, registry.ErrGone) && !errors.As(err, new(*registry.MovedError)) {
			return err
		}
		f.addChange(c, before, s)
		return nil
	}
	return nil
}

// history is the feed of one entry, also of a removed one.
func (f *feed) history(ctx context.Context) (*answer, error) {
	if err := f.revisions(ctx, f.software, maxItems); err != nil {
		return f.absent(err, func(to registry.ID) string {
			f.software = to
			return strings.TrimPrefix(f.address(""), f.base)
		})
	}
	return f.answer(ctx)
}

// revisions adds the last n changes of an entry, each with what was before it.
func (f *feed) revisions(ctx context.Context, id registry.ID, n int) error {
	var later *registry.Revision // whose state before is still to come
	for r, err := range f.catalogue.History(ctx, id) {
		if err != nil {
			return err
		}
		if later != nil && r.Software != nil {
			f.addChange(later.Change, r.Software, later.Software)
			later = nil
		}
		if n > 0 {
			n--
			if _, known := f.notes.known(r.Rev); known || r.Software == nil {
				f.addChange(r.Change, nil, r.Software)
			} else {
				later = r
			}
		}
		if n == 0 && later == nil {
			return nil
		}
	}
	if later != nil {
		f.addChange(later.Change, nil, later.Software)
	}
	return nil
}

// addChange adds a change between two states; before is nil for the first one, and
// after for a removal.
func (f *feed) addChange(c registry.Change, before, after *registry.Software) {
	s := after
	if s == nil {
		s = &registry.Software{ID: c.ID}
	}
	item := f.item(s, "change/"+c.Time.UTC().Format("2006-01-02T15:04:05.000Z")+"/"+c.ID.EscapedPath(), c.Time)
	item.Title = newText(named(s) + ": " + kindWords[c.Kind].in(f.lang))
	item.Summary = newText(f.notes.of(c, before, after).in(f.lang))
	if c.Kind == registry.Removed {
		item.Links = nil
		item.link("alternate", typeHTML, f.page("/history/"+c.ID.EscapedPath()+"/"))
		item.link("alternate", typeJSON, f.link(historyPath+c.ID.EscapedPath()))
	}
	f.add(item)
}

// removed are the last removals that fit the filters, as far as that can be said of
// what is gone: of a search, and by what the publisher has nothing to do with, none
// are told.
func (f *feed) removed(ctx context.Context) ([]*event, error) {
	of := interest{regions: f.query.Filters[registry.FacetRegion], publishers: f.query.Filters[registry.FacetPublisher]}
	told := 0
	for _, list := range [][]string{of.regions, of.publishers} {
		if len(list) > 0 {
			told++
		}
	}
	if f.query.Text != "" || f.query.After != "" || len(f.query.Filters) > told {
		return nil, nil
	}
	newest, err := f.catalogue.Rev(ctx)
	if err != nil {
		return nil, err
	}
	var log []registry.Change
	for c, err := range f.catalogue.Changes(ctx, max(0, newest-lookBack)) {
		if err != nil {
			return nil, err
		}
		if c.Kind == registry.Removed {
			log = append(log, c)
		}
		if c.Rev >= newest {
			break
		}
	}
	var list []*event
	for _, c := range slices.Backward(log) {
		e := &event{Change: c}
		wanted, err := f.wants(ctx, of, e)
		if err != nil {
			return nil, err
		}
		if wanted {
			list = append(list, e)
		}
		if len(list) == maxRemoved {
			break
		}
	}
	return list, nil
}

// feedReleases are the newest releases of the entries whose newest versions are the
// newest; or those of one entry.
func (a *api) feedReleases(c *gin.Context) (*answer, error) {
	f, err := a.newFeed(c, "releases", registry.ByReleased)
	if err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	var entries []*registry.Software
	if f.software != "" {
		s, err := f.catalogue.Get(ctx, f.software)
		if err != nil {
			return f.absent(err, func(to registry.ID) string {
				f.software = to
				return strings.TrimPrefix(f.address(""), f.base)
			})
		}
		entries = append(entries, s)
	} else if entries, err = f.search(ctx); err != nil {
		return nil, err
	}
	f.out.Links = nil // releases have no pages: a next page of entries may have newer ones
	for _, s := range entries {
		for _, r := range released(s, f.now()) {
			item := f.item(s, "release/"+url.PathEscape(r.version)+"/"+s.ID.EscapedPath(), r.at)
			item.Title = newText(named(s) + " " + r.version)
			item.Summary = newText(r.words(f.lang))
			f.add(item)
		}
	}
	return f.answer(ctx)
}

// version is a release of a software.
type version struct {
	version, name string
	at            time.Time
	early         bool
}

// released are the releases of an entry that the forge or its file tells of, each
// once. What is said to come is none yet.
func released(s *registry.Software, now time.Time) []version {
	var list []version
	if s.Activity != nil {
		for _, r := range s.Activity.Releases {
			list = append(list, version{version: r.Tag, name: r.Name, at: r.Published, early: r.Prerelease})
		}
	}
	if at, err := time.Parse(time.DateOnly, s.PublicCode.ReleaseDate); err == nil {
		list = append(list, version{version: s.PublicCode.SoftwareVersion, at: at})
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(v version) bool {
		key := strings.TrimPrefix(strings.ToLower(v.version), "v")
		twice := seen[key]
		seen[key] = true
		return twice || key == "" || instant(v.at) == "" || v.at.After(now)
	})
}

// item is an item about an entry; its id is made of what it tells, which never
// changes.
func (f *feed) item(s *registry.Software, about string, at time.Time) atomEntry {
	item := atomEntry{
		ID: f.tag(about), Title: newText(named(s)), Updated: cmp.Or(instant(at), neverChanged),
		Author: &atomPerson{Name: cmp.Or(newText(s.Publisher.Name), newText(s.Publisher.ID), newText(string(s.ID)))},
	}
	item.link("alternate", typeHTML, f.page("/software/"+s.ID.EscapedPath()+"/"))
	item.link("alternate", typeJSON, f.link(softwarePath+s.ID.EscapedPath()))
	for _, category := range s.PublicCode.Categories[:min(len(s.PublicCode.Categories), 10)] {
		if term := newText(category); term != "" {
			item.Categories = append(item.Categories, atomCategory{Term: term})
		}
	}
	return item
}

// named is what an entry is called.
func named(s *registry.Software) string {
	return string(cmp.Or(newText(s.PublicCode.Name), newText(string(s.ID))))
}

// tag is an id by RFC 4151. Where the node does not know its address the ids are
// those of any such node.
func (f *feed) tag(about string) string {
	host, path := "localhost", ""
	if u, err := url.Parse(f.base); err == nil && u.Hostname() != "" {
		host, path = strings.ToLower(u.Hostname()), strings.Trim(u.EscapedPath(), "/")
	}
	return "tag:" + host + ",2026:" + strings.TrimPrefix(path+"/"+about, "/")
}

func (f *feed) add(item atomEntry) { f.out.Entries = append(f.out.Entries, item) }

// answer is the feed of a search, or of an entry.
func (f *feed) answer(ctx context.Context) (*answer, error) {
	first := searchValues(f.query)
	id, html := f.name+questioned(first), "/software/"+questioned(first)
	if f.software != "" {
		id = f.name + "/" + f.software.EscapedPath()
		html = "/software/" + f.software.EscapedPath() + "/"
	}
	return f.of(ctx, id, f.address(f.query.After), html)
}

// of is the feed with an id of its own, its address and a page of the site, the newest
// items first.
func (f *feed) of(ctx context.Context, id, self, html string) (*answer, error) {
	out := &f.out
	slices.SortStableFunc(out.Entries, func(a, b atomEntry) int { return cmp.Compare(b.Updated, a.Updated) })
	seen := map[string]bool{}
	out.Entries = slices.DeleteFunc(out.Entries, func(e atomEntry) bool {
		twice := seen[e.ID]
		seen[e.ID] = true
		return twice
	})
	out.Entries = out.Entries[:min(len(out.Entries), maxItems)]
	out.Lang = f.lang
	out.Title = newText(f.title())
	out.Generator = "Allmende"
	out.Author = &atomPerson{Name: "Allmende", URI: newText(f.base)}
	out.ID = f.tag("feed/" + id)
	out.link("self", typeAtom, self)
	out.link("alternate", typeHTML, f.page(html))
	if len(out.Entries) > 0 {
		out.Updated = out.Entries[0].Updated
	} else {
		at, err := f.lastChange(ctx)
		if err != nil {
			return nil, err
		}
		out.Updated = at
	}
	body, err := out.encode()
	if err != nil {
		return nil, err
	}
	return &answer{contentType: typeAtom, body: body, etag: entityTag(body), cache: cacheMinute, vary: "Accept-Language"}, nil
}

// neverChanged is when what has no time was changed.
const neverChanged = "1970-01-01T00:00:00Z"

// lastChange is when the catalogue changed.
func (f *feed) lastChange(ctx context.Context) (string, error) {
	newest, err := f.catalogue.Rev(ctx)
	if err != nil || newest == 0 {
		return neverChanged, err
	}
	at := ""
	for c, err := range f.catalogue.Changes(ctx, newest-1) {
		if err != nil {
			return "", err
		}
		at = instant(c.Time)
		break
	}
	return cmp.Or(at, neverChanged), nil
}

// notes are what changes are in words. What a revision changed stays as it is, so
// that it is compared once; the latest are kept.
type notes struct {
	mu sync.Mutex
	by map[registry.Rev]note
}

type note struct {
	registry.Change
	words bilingual
}

func (n *notes) known(rev registry.Rev) (note, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, ok := n.by[rev]
	return one, ok
}

// of says a change in words.
func (n *notes) of(c registry.Change, before, after *registry.Software) bilingual {
	if one, ok := n.known(c.Rev); ok {
		return one.words
	}
	one := note{c, noted(c, before, after)}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.by == nil || len(n.by) >= maxNotes {
		n.by = map[registry.Rev]note{}
	}
	n.by[c.Rev] = one
	return one.words
}
