// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
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
	// Verdicts are entries by region, "" for all of them, and the verdict on
	// their licence, "" where the sources were not compared.
	Verdicts   map[string]map[registry.LicenceVerdict]int
	Publishers []publisherCount
	Newest     []*registry.Software // first seen last
	Active     []*registry.Software // last push first

	forges  map[string]bool
	byID    map[string]int // index in Publishers
	since   time.Time
	expense time.Duration
}

type publisherCount struct {
	registry.Publisher
	N int
}

// newOverview starts counting: configured publishers have a place already.
func newOverview(rev registry.Rev, publishers []registry.Publisher) *overview {
	o := &overview{Rev: rev, Regions: map[string]int{}, Licences: map[string]int{}, Verdicts: map[string]map[registry.LicenceVerdict]int{}, forges: map[string]bool{}, byID: map[string]int{}}
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

func (o *overview) add(s *registry.Software) {
	o.Total++
	if s.Incomplete() {
		o.Incomplete++
	}
	o.forges[s.ID.Host()] = true
	if usablePathSegment(s.Publisher.ID) {
		o.publisher(s.Publisher).N++
	}
	if !usablePathSegment(s.Publisher.Region) {
		o.NoRegion++
	} else {
		for _, code := range enclosing(s.Publisher.Region) {
			o.Regions[code]++
		}
	}
	o.countLicence(s)
	o.Newest = keepFirst(o.Newest, s, func(s *registry.Software) time.Time { return s.FirstSeen })
	o.Active = keepFirst(o.Active, s, func(s *registry.Software) time.Time { return s.Repository.Pushed })
}

func (o *overview) countLicence(s *registry.Software) {
	for _, l := range licenceLinks(judged(s)) {
		if l.Path != "" {
			o.Licences[l.ID]++
		}
	}
	var v registry.LicenceVerdict
	if s.Licence != nil {
		v = s.Licence.Verdict
	}
	regions := []string{""}
	if usablePathSegment(s.Publisher.Region) {
		regions = append(regions, enclosing(s.Publisher.Region)...)
	}
	for _, code := range regions {
		if o.Verdicts[code] == nil {
			o.Verdicts[code] = map[registry.LicenceVerdict]int{}
		}
		o.Verdicts[code][v]++
	}
}

// licenceCounts are the licences with their entries, the most frequent first.
func (o *overview) licenceCounts() []registry.Count {
	list := make([]registry.Count, 0, len(o.Licences))
	for id, n := range o.Licences {
		list = append(list, registry.Count{Value: id, N: n})
	}
	slices.SortFunc(list, func(a, b registry.Count) int { return cmp.Or(b.N-a.N, strings.Compare(a.Value, b.Value)) })
	return list
}

// finish sorts what has been counted.
func (o *overview) finish() {
	o.Forges = len(o.forges)
	slices.SortFunc(o.Publishers, func(a, b publisherCount) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	for i, p := range o.Publishers {
		o.byID[p.ID] = i
	}
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

// keepFirst inserts an entry into the few with the latest times. Entries come
// in order of ID, which decides between equals.
func keepFirst(list []*registry.Software, s *registry.Software, at func(*registry.Software) time.Time) []*registry.Software {
	i := len(list)
	for i > 0 && at(s).After(at(list[i-1])) {
		i--
	}
	if i == highlights {
		return list
	}
	list = slices.Insert(list, i, s)
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
	if o := s.snapshot; o != nil && (o.Rev == rev || time.Since(o.since) < 20*o.expense) {
		return o, nil
	}
	begin := time.Now()
	o := newOverview(rev, s.opt.Publishers)
	for entry, err := range s.catalogue.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("site: entries: %w", err)
		}
		o.add(entry)
	}
	o.finish()
	o.since = time.Now()
	o.expense = o.since.Sub(begin)
	s.snapshot = o
	return o, nil
}
