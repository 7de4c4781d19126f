// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// highlights is how many entries the home page shows of a kind.
const highlights = 6

// states are the codes of the 16 German states.
var states = func() (codes []string) {
	for _, r := range registry.Regions() {
		codes = append(codes, r.Code)
	}
	return codes
}()

// areaName is the name of a region where its parts count in: what comes from
// Germany as a whole is more than what the federation publishes.
func areaName(code, lang string) string {
	if code == "DE" {
		return say(lang, "region.DE")
	}
	return registry.RegionName(code, lang)
}

// overview is what the pages say of the catalogue as a whole.
type overview struct {
	Rev        registry.Rev
	Total      int
	Incomplete int
	NoRegion   int // entries whose publisher names no region
	Forges     int
	Regions    map[string]int // entries by region, a country with its parts
	Licences   map[string]int // entries by the licences that they are under, by identifier
	Topics     topics
	// Verdicts are entries by region, "" for all of them, and the verdict on
	// their licence, "" where the sources were not compared.
	Verdicts    map[string]map[registry.LicenceVerdict]int
	Publishers  []publisherCount
	Reuse       *registry.Reuse
	Newest      []gist // first seen last
	Active      []gist // last push first
	Confirmed   []gist // most who confirm that they use it first
	Join        join
	Open        []open                    // what looks for people or money; see sortOpen
	Communities []registry.CommunityEntry // by name
	Board       *board

	shown   map[registry.ID]*registry.Software // the entries of these lists; see finish
	reused  map[string][]registry.Use          // what somebody uses, by the ID of its publisher
	using   map[string][]registry.Use          // what somebody uses, by registry.User.Key
	forges  map[string]bool
	byID    map[string]int    // index in Publishers
	names   map[string]string // of all entries, by keyOf
	cared   caredFor
	known   organisations
	around  *surroundings
	now     time.Time // the day that statements are counted for
	since   time.Time
	expense time.Duration
}

type publisherCount struct {
	registry.Publisher
	N      int
	Clean  int    // entries without a finding
	Grades grades // of the findings of all of them
}

// newOverview starts counting, on the day of now: configured publishers have a
// place already.
func newOverview(rev registry.Rev, publishers []registry.Publisher, now time.Time) *overview {
	o := &overview{
		Rev: rev, Regions: map[string]int{}, Licences: map[string]int{}, Topics: topics{}, Verdicts: map[string]map[registry.LicenceVerdict]int{},
		Reuse: registry.NewReuse(now), forges: map[string]bool{}, byID: map[string]int{}, now: now,
		names: map[string]string{}, Board: &board{},
	}
	for _, p := range publishers {
		o.publisher(p)
	}
	return o
}

func (o *overview) publisher(p registry.Publisher) *publisherCount {
	i, ok := o.byID[p.ID]
	if !ok {
		i = len(o.Publishers)
		o.byID[p.ID] = i
		if !usablePathSegment(p.Region) {
			p.Region = ""
		}
		for _, code := range enclosing(p.Region) {
			o.Regions[code] += 0 // a page of its own, even while blank
		}
		o.Publishers = append(o.Publishers, publisherCount{Publisher: p})
	}
	return &o.Publishers[i]
}

// add counts an entry. They come in order of ID.
func (o *overview) add(g gist) {
	o.Total++
	if g.Incomplete {
		o.Incomplete++
	}
	o.forges[g.ID.Host()] = true
	if usablePathSegment(g.Publisher.ID) {
		o.publisher(g.Publisher).count(g.Findings)
	}
	if !usablePathSegment(g.Publisher.Region) {
		o.NoRegion++
	} else {
		for _, code := range enclosing(g.Publisher.Region) {
			o.Regions[code]++
		}
	}
	o.countLicence(g)
	o.Topics.add(g)
	o.Reuse.Add(g.Use)
	o.Join.add(g)
	o.names[keyOf(g.ID)] = cmp.Or(g.Name, string(g.ID))
	if len(g.Together) > 0 {
		o.cared = append(o.cared, g.together())
		if e, ok := newOpen(g, o.now); ok {
			o.Open = append(o.Open, e)
		}
	}
	o.known.add(g)
	o.Newest = keepFirst(o.Newest, g, func(a, b *gist) int { return b.FirstSeen.Compare(a.FirstSeen) })
	o.Active = keepFirst(o.Active, g, func(a, b *gist) int { return b.Pushed.Compare(a.Pushed) })
	if used := g; len(g.Users) > 0 {
		if used.Use = g.Current(o.Reuse.Day); len(used.Users) > 0 {
			o.Confirmed = keepFirst(o.Confirmed, used, func(a, b *gist) int { return len(b.Users) - len(a.Users) })
		}
	}
	for _, user := range g.Users {
		o.host(user.Region)
	}
}

// host gives the federation or another country a page where somebody there uses
// an entry; the states have theirs.
func (o *overview) host(region string) {
	switch registry.PlaceOf(region) {
	case registry.PlaceFederal:
		o.Regions[registry.PlaceFederal] += 0
	case registry.PlaceOther:
		country, _, _ := strings.Cut(strings.ToUpper(region), "-")
		o.Regions[country] += 0
	}
}

// count counts an entry with its findings.
func (p *publisherCount) count(found grades) {
	p.N++
	if !found.Any() {
		p.Clean++
	}
	p.Grades.sum(found)
}

func (o *overview) countLicence(g gist) {
	for _, id := range g.Licences {
		o.Licences[id]++
	}
	regions := []string{""}
	if usablePathSegment(g.Publisher.Region) {
		regions = append(regions, enclosing(g.Publisher.Region)...)
	}
	for _, code := range regions {
		if o.Verdicts[code] == nil {
			o.Verdicts[code] = map[registry.LicenceVerdict]int{}
		}
		o.Verdicts[code][g.Verdict]++
	}
}

// licenceCounts are the licences with their entries, the most frequent first.
func (o *overview) licenceCounts() []registry.Count { return frequent(o.Licences) }

// finish sorts what has been counted, and gets the few entries that are shown.
func (o *overview) finish(ctx context.Context, c Catalogue) error {
	o.Forges = len(o.forges)
	o.Join.finish()
	sortOpen(o.Open)
	var err error
	if o.Communities, err = registry.Communities(ctx, o.cared, o.now); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	if o.around == nil {
		if o.around, err = readSurroundings(ctx, c, o.known, o.now); err != nil {
			return fmt.Errorf("site: %w", err)
		}
	}
	o.Board = o.around.board
	slices.SortFunc(o.Publishers, func(a, b publisherCount) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	for i, p := range o.Publishers {
		o.byID[p.ID] = i
	}
	o.reused, o.using = map[string][]registry.Use{}, map[string][]registry.Use{}
	for _, u := range o.Reuse.Reused {
		o.reused[u.Publisher.ID] = append(o.reused[u.Publisher.ID], u)
		for _, user := range u.Users {
			o.using[user.Key] = append(o.using[user.Key], u)
		}
	}
	o.shown = map[registry.ID]*registry.Software{}
	for _, list := range [][]gist{o.Newest, o.Active, o.Confirmed} {
		for _, g := range list {
			if o.shown[g.ID] != nil {
				continue
			}
			entry, err := c.Get(ctx, g.ID)
			var moved *registry.MovedError
			switch {
			case errors.As(err, &moved), errors.Is(err, registry.ErrGone), errors.Is(err, registry.ErrNotFound): // meanwhile
			case err != nil:
				return fmt.Errorf("site: entry %s: %w", g.ID, err)
			default:
				o.shown[g.ID] = entry
			}
		}
	}
	return nil
}

// cards are the entries of one of the short lists.
func (o *overview) cards(list []gist, lang string) (cards []card) {
	for _, g := range list {
		if entry := o.shown[g.ID]; entry != nil {
			cards = append(cards, newCard(entry, lang, o.now))
		}
	}
	return cards
}

// find returns a publisher by its ID.
func (o *overview) find(id string) (publisherCount, bool) {
	i, ok := o.byID[id]
	if !ok {
		return publisherCount{}, false
	}
	return o.Publishers[i], true
}

// active counts the publishers that have an entry.
func (o *overview) active() (n int) {
	for _, p := range o.Publishers {
		if p.N > 0 {
			n++
		}
	}
	return n
}

// activeStates counts the German states that have an entry.
func (o *overview) activeStates() (n int) {
	for _, code := range states {
		if o.Regions[code] > 0 {
			n++
		}
	}
	return n
}

// otherRegions are those that occur beside the 16 states, by code.
func (o *overview) otherRegions() []string {
	var codes []string
	for code := range o.Regions {
		if !slices.Contains(states, code) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// enclosing are the region itself and the country that it is a part of.
func enclosing(region string) []string {
	if region == "" {
		return nil
	}
	if country, _, ok := strings.Cut(region, "-"); ok {
		return []string{region, country}
	}
	return []string{region}
}

// keepFirst inserts an entry into the few that are first by an order. Entries
// come in order of ID, which decides between equals.
func keepFirst(list []gist, g gist, order func(a, b *gist) int) []gist {
	i := len(list)
	for i > 0 && order(&g, &list[i-1]) < 0 {
		i--
	}
	if i == highlights {
		return list
	}
	list = slices.Insert(list, i, g)
	return list[:min(len(list), highlights)]
}

// overview counts the catalogue anew where it has changed, but spends no more
// than a twentieth of the time on it while the catalogue keeps changing.
func (s *Site) overview(ctx context.Context) (*overview, error) {
	rev, err := s.catalogue.Rev(ctx)
	if err != nil {
		return nil, fmt.Errorf("site: revision: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	begin, today := time.Now(), s.now()
	if o := s.recent.Load(); o != nil && (o.Rev == rev && o.Reuse.Day == today.UTC().Format(time.DateOnly) || time.Since(o.since) < 20*o.expense) {
		return s.refreshed(ctx)
	}
	o := newOverview(rev, s.opt.Publishers, today)
	for entry, err := range s.catalogue.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("site: entries: %w", err)
		}
		o.add(newGist(entry))
	}
	if err := o.finish(ctx, s.catalogue); err != nil {
		return nil, err
	}
	o.since = time.Now()
	o.expense = o.since.Sub(begin)
	s.recent.Store(o)
	return o, nil
}
