// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what a page tells of reuse.
const (
	maxReused = 25 // entries of a group
	maxNamed  = 4  // users of an entry that are named
	maxJoinIn = 10 // entries and issues that a place could join in
	darkest   = 8  // the least number of entries that is shown in the darkest shade
)

// place is a row or column of the matrix of reuse.
type place struct {
	Code  string // as registry.Places
	Short string // SH
	Name  string
	Path  string // of its page; "" without one
}

func newPlace(code, lang string) place {
	p := place{Code: code, Name: registry.PlaceName(code, lang)}
	switch code {
	case registry.PlaceFederal:
		p.Short = say(lang, "reuse.federal")
	case registry.PlaceOther:
		p.Short = say(lang, "reuse.other")
		return p
	case registry.PlaceUnknown:
		p.Short = say(lang, "reuse.unknown")
		return p
	default:
		p.Short = strings.TrimPrefix(code, "DE-")
	}
	p.Path = regionPath(code)
	return p
}

// Anchor is what the identifiers of a place's sections end with.
func (p place) Anchor() string { return strings.ToLower(p.Code) }

// matrix counts the entries by who publishes them, a row each, and who uses them,
// a column each.
type matrix struct {
	Columns []place
	Rows    []matrixRow
	Used    []int // below each column; see registry.PlaceReuse
	Total   registry.PlaceReuse
	Claims  int
}

type matrixRow struct {
	place
	Cells  []cell
	Shared int
}

type cell struct {
	place        // who uses it
	N, Level int // Level is 0 for none to 4 for the most
	Href     string
	Own      bool // within the same place
}

// newMatrix leaves out what is not known where nothing is.
func newMatrix(r *registry.Reuse, lang string) matrix {
	m := matrix{Total: r.Total(), Claims: r.Claims}
	most := darkest
	for _, code := range registry.Places() {
		if code == registry.PlaceUnknown && r.At(code) == (registry.PlaceReuse{}) {
			continue
		}
		m.Columns = append(m.Columns, newPlace(code, lang))
		m.Used = append(m.Used, r.At(code).Used)
		for _, from := range registry.Places() {
			most = max(most, r.Between(from, code))
		}
	}
	for _, from := range m.Columns {
		row := matrixRow{place: from, Shared: r.At(from.Code).Shared}
		for _, to := range m.Columns {
			c := cell{place: to, N: r.Between(from.Code, to.Code), Own: from.Code == to.Code}
			if c.N > 0 {
				c.Level = shade(c.N, most)
				switch { // the user's page tells of it, or else the publisher's
				case to.Path != "" && !c.Own:
					c.Href = to.Path + "#from-" + from.Anchor()
				case from.Path != "":
					c.Href = from.Path + "#by-" + to.Anchor()
				}
			}
			row.Cells = append(row.Cells, c)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// reusedEntry is an entry with those who use it.
type reusedEntry struct {
	Name, Path    string
	Publisher     string
	PublisherPath string
	Users         []string
	More          int // users that are not named
	Places        int // that use it
}

func newReusedEntry(u registry.Use, by func(registry.User) bool) reusedEntry {
	e := reusedEntry{Name: cmp.Or(u.Name, string(u.ID)), Publisher: shorten(u.Publisher.Name, maxName)}
	e.Path, _ = softwarePath(u.ID)
	if usablePathSegment(u.Publisher.ID) {
		e.PublisherPath = publisherPath(u.Publisher.ID)
	}
	for _, user := range u.Users {
		switch {
		case !by(user):
		case len(e.Users) == maxNamed:
			e.More++
		default:
			e.Users = append(e.Users, cmp.Or(shorten(user.Name, maxName), "–"))
		}
	}
	return e
}

// reuseGroup are the entries that two places have in common.
type reuseGroup struct {
	ID      string
	Place   place // the other one
	Entries []reusedEntry
	Rest    int
}

func (g *reuseGroup) add(e reusedEntry) {
	if len(g.Entries) == maxReused {
		g.Rest++
		return
	}
	g.Entries = append(g.Entries, e)
}

// placeReuse is what the page of a region tells of reuse.
type placeReuse struct {
	Name      string
	Numbers   registry.PlaceReuse
	Published int          // entries; of Germany those of its states, too
	Claimed   int          // entries whose file names users
	From, By  []reuseGroup // by the other place, in the order of the matrix
	Invites   []joinIssue  // of what is published or used here, the newest first
	Elsewhere []reusedEntry
	Open      []open // of what is published or used here, what looks for people or money
	OwnNeeds  ownNeeds
	Verdicts  []verdictCount
	Clean     int    // entries without a finding
	Findings  grades // of all of them
}

// at tells whether a region counts in for the page of a code: of a state or of the
// federation that very one, of a country its parts too.
func at(code string) func(region string) bool {
	if registry.PlaceOf(code) == code {
		return func(region string) bool { return registry.PlaceOf(region) == code }
	}
	return func(region string) bool {
		region = strings.ToUpper(region)
		return region == code || strings.HasPrefix(region, code+"-")
	}
}

// newPlaceReuse reads what the page of a region tells. The one of Germany tells of
// the federation, as each state has its own.
func (s *Site) newPlaceReuse(o *overview, c *collection, r request) *placeReuse {
	lang := r.lang
	p := &placeReuse{Name: registry.RegionName(c.Code, lang), Published: c.Total, Verdicts: s.verdictCounts(lang, c.Code, o, r.static)}
	for _, publisher := range o.Publishers {
		if slices.Contains(enclosing(publisher.Region), c.Code) {
			p.Clean += publisher.Clean
			p.Findings.sum(publisher.Grades)
		}
	}
	if registry.PlaceOf(c.Code) == c.Code {
		p.Claimed = o.Reuse.At(c.Code).Claimed
	}
	here := at(c.Code)
	from, by := map[string]*reuseGroup{}, map[string]*reuseGroup{}
	group := func(groups map[string]*reuseGroup, kind, code string) *reuseGroup {
		if groups[code] == nil {
			other := newPlace(code, lang)
			groups[code] = &reuseGroup{ID: kind + "-" + other.Anchor(), Place: other}
		}
		return groups[code]
	}
	users := map[string]bool{}
	involved := map[registry.ID]bool{}
	var elsewhere []registry.Use
	for _, u := range o.Reuse.Reused {
		ours := here(u.Publisher.Region)
		usedHere := slices.ContainsFunc(u.Users, func(user registry.User) bool { return here(user.Region) })
		others := map[string]bool{}
		for _, user := range u.Users {
			if here(user.Region) {
				users[user.Key] = true
			} else {
				others[registry.PlaceOf(user.Region)] = true
			}
		}
		delete(others, registry.PlaceUnknown)
		involved[u.ID] = ours || usedHere
		switch {
		case ours:
			p.count(usedHere, len(others) > 0)
			places := map[string]bool{}
			for _, user := range u.Users {
				places[registry.PlaceOf(user.Region)] = true
			}
			for code := range places {
				group(by, "by", code).add(newReusedEntry(u, func(user registry.User) bool { return registry.PlaceOf(user.Region) == code }))
			}
		case usedHere:
			if registry.PlaceOf(u.Publisher.Region) != registry.PlaceUnknown {
				p.Numbers.Used++
			}
			group(from, "from", registry.PlaceOf(u.Publisher.Region)).add(newReusedEntry(u, func(user registry.User) bool { return here(user.Region) }))
		case len(others) > 1:
			elsewhere = append(elsewhere, u)
		}
	}
	p.Numbers.Users = len(users)
	for _, code := range registry.Places() {
		if g := from[code]; g != nil {
			p.From = append(p.From, *g)
		}
		if g := by[code]; g != nil {
			p.By = append(p.By, *g)
		}
	}
	p.joinIn(o, here, involved, elsewhere)
	p.OwnNeeds = o.ownNeeds(lang, func(n *registry.BoardNeed) bool { return here(regionOf(n)) })
	return p
}

// Chances counts what the place could join in.
func (p *placeReuse) Chances() int {
	return len(p.Elsewhere) + len(p.Invites) + len(p.Open)
}

func (p *placeReuse) count(within, shared bool) {
	if within {
		p.Numbers.Within++
	}
	if shared {
		p.Numbers.Shared++
	}
}

// joinIn finds where a place could join in: open issues of what it publishes or
// uses, and what two other places use and it does not.
func (p *placeReuse) joinIn(o *overview, here func(string) bool, involved map[registry.ID]bool, elsewhere []registry.Use) {
	for _, i := range o.Join.Issues {
		if len(p.Invites) < maxJoinIn && (involved[i.ID] || here(i.Publisher.Region)) {
			p.Invites = append(p.Invites, i)
		}
	}
	for _, e := range o.Open {
		if len(p.Open) < maxJoinIn && (involved[e.ID] || here(e.Publisher.Region)) {
			p.Open = append(p.Open, e)
		}
	}
	var list []reusedEntry
	for _, u := range elsewhere {
		e := newReusedEntry(u, func(registry.User) bool { return true })
		e.Places = u.Places()
		list = append(list, e)
	}
	slices.SortStableFunc(list, func(a, b reusedEntry) int { return b.Places - a.Places })
	p.Elsewhere = list[:min(len(list), maxJoinIn)]
}

// publisherReuse is what the page of a publisher tells of reuse.
type publisherReuse struct {
	Users    []reusedEntry // of what it publishes
	Rest     int
	Own      reuseGroup // what it uses of others
	N        int        // who uses something of it
	Open     []open     // of what it publishes or uses, what looks for people or money
	OwnNeeds ownNeeds
}

func newPublisherReuse(o *overview, publisher registry.Publisher, lang string) *publisherReuse {
	p := &publisherReuse{}
	used := map[registry.ID]bool{}
	users := map[string]bool{}
	for _, u := range o.reused[publisher.ID] {
		for _, user := range u.Users {
			users[user.Key] = true
		}
		if len(p.Users) == maxReused {
			p.Rest++
			continue
		}
		e := newReusedEntry(u, func(registry.User) bool { return true })
		e.Publisher = "" // as the page is its own
		p.Users = append(p.Users, e)
	}
	p.N = len(users)
	for _, u := range o.using[publisher.Key()] {
		used[u.ID] = true
		if u.Publisher.ID != publisher.ID {
			p.Own.add(newReusedEntry(u, func(registry.User) bool { return false }))
		}
	}
	for _, e := range o.Open {
		if len(p.Open) < maxJoinIn && (used[e.ID] || e.Publisher.ID == publisher.ID) {
			p.Open = append(p.Open, e)
		}
	}
	p.OwnNeeds = o.ownNeeds(lang, func(n *registry.BoardNeed) bool {
		return n.Publisher.ID == publisher.ID && n.Proof == registry.ProvenSource || registry.OrganisationKey(n.Organisation.URI) == publisher.Key() && n.Proof != registry.ProvenPublisher
	})
	return p
}
