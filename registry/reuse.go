// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The places that reuse is counted by, beside the sixteen states.
const (
	PlaceFederal = "DE"    // the federation itself
	PlaceOther   = "other" // all other countries
	PlaceUnknown = "unknown"
)

// Places are those that reuse is counted by: the states in the order of their
// official keys, the federation, all other countries together, and what is not
// known.
func Places() []string {
	list := make([]string, 0, len(states)+3)
	for _, s := range states {
		list = append(list, s.Code)
	}
	return append(list, PlaceFederal, PlaceOther, PlaceUnknown)
}

// PlaceOf is the place of a region.
func PlaceOf(region string) string {
	region = strings.ToUpper(region)
	if region == PlaceFederal || slices.ContainsFunc(states, func(s Region) bool { return s.Code == region }) {
		return region
	}
	country, _, _ := strings.Cut(region, "-")
	if _, ok := parseCountry(country); ok && country != "DE" {
		return PlaceOther
	}
	return PlaceUnknown
}

// PlaceName is the name of a place, in German or English as by Region.Name.
func PlaceName(place, lang string) string {
	german, english := "", ""
	switch place {
	case PlaceOther:
		german, english = "Andere Staaten", "Other countries"
	case PlaceUnknown:
		german, english = "Nicht bekannt", "Not known"
	default:
		return RegionName(place, lang)
	}
	if isGerman(lang) {
		return german
	}
	return english
}

// Use is what an entry tells of its reuse, in little: who publishes it, and who
// confirms that they use it.
type Use struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name,omitempty"`
	Publisher Publisher `json:"publisher,omitzero"`
	Users     []User    `json:"users,omitempty"` // see Software.Confirmations; by key
	// Claims is how many its file says that use it. Whether they do is not known,
	// nor where they are.
	Claims int `json:"claims,omitempty"`
}

// User is who confirms that they use, operate, maintain or fund a software.
type User struct {
	Key    string `json:"key"` // as Adoption.Speaker
	Name   string `json:"name"`
	Region string `json:"region,omitempty"` // where they are known to be; "" where that is not known
	Until  string `json:"until"`            // 2026-01-31, that day included
}

// Use reads the entry.
func (s *Software) Use() Use {
	u := Use{ID: s.ID, Name: s.PublicCode.Name, Publisher: s.Publisher, Claims: len(s.PublicCode.UsedBy)}
	until := s.Confirmations()
	for _, key := range slices.Sorted(maps.Keys(until)) {
		i := slices.IndexFunc(s.Adoptions, func(a Adoption) bool { return a.Speaker() == key && a.Role.Confirms() })
		name, region := s.Adoptions[i].speaks()
		u.Users = append(u.Users, User{Key: key, Name: name, Region: region, Until: until[key].Format(time.DateOnly)})
	}
	return u
}

// speaks tells the name of the Speaker and where that one is known to be: what a
// publisher says for others is its own word, and from its own region.
func (a Adoption) speaks() (name, region string) {
	if a.Own() {
		return a.Organisation.Name, cmp.Or(a.Organisation.Region, a.Publisher.Region)
	}
	return a.Publisher.Name, a.Publisher.Region
}

// Current is a use as it is on a day, written as 2026-01-31: without those whose
// statements are confirmed no longer.
func (u Use) Current(day string) Use {
	u.Users = slices.DeleteFunc(slices.Clone(u.Users), func(user User) bool { return user.Until < day })
	return u
}

// Places counts the places that use it, those that are not known left out.
func (u Use) Places() int {
	places := map[string]bool{}
	for _, user := range u.Users {
		places[PlaceOf(user.Region)] = true
	}
	delete(places, PlaceUnknown)
	return len(places)
}

// Reuse counts on a day which places use what of which others: entries, each once
// for a pair of places. Only what users confirm themselves counts, and only what
// they say in public: it is made of entries, which have nothing else.
type Reuse struct {
	Day    string // 2026-01-31
	Claims int    // all users that files name
	Reused []Use  // entries that somebody uses, in the order in which they were added

	edges  map[edge]int
	totals map[string]*PlaceReuse
	users  map[string]map[string]bool // by place, by key
}

type edge struct{ from, to string }

// PlaceReuse is what is counted of a place, or of all together. Publishing and
// using within a place is reuse between two organisations of it.
type PlaceReuse struct {
	Published int `json:"published"` // entries from there
	Claimed   int `json:"claimed"`   // of them, those whose file names users
	Shared    int `json:"shared"`    // of them, those that another place uses
	Within    int `json:"within"`    // of them, those that another organisation of the same place uses
	Used      int `json:"used"`      // entries from other places that it uses
	Users     int `json:"users"`     // organisations there that use an entry, from wherever
}

// NewReuse starts counting for the day of a moment.
func NewReuse(now time.Time) *Reuse {
	return &Reuse{
		Day: now.UTC().Format(time.DateOnly), edges: map[edge]int{},
		totals: map[string]*PlaceReuse{}, users: map[string]map[string]bool{},
	}
}

func (r *Reuse) at(place string) *PlaceReuse {
	p := r.totals[place]
	if p == nil {
		p = &PlaceReuse{}
		r.totals[place] = p
		r.users[place] = map[string]bool{}
	}
	return p
}

// Add counts an entry.
func (r *Reuse) Add(u Use) {
	u = u.Current(r.Day)
	from := PlaceOf(u.Publisher.Region)
	home := r.at(from)
	home.Published++
	r.Claims += u.Claims
	if u.Claims > 0 {
		home.Claimed++
	}
	if len(u.Users) == 0 {
		return
	}
	r.Reused = append(r.Reused, u)
	to := map[string]bool{}
	for _, user := range u.Users {
		place := PlaceOf(user.Region)
		r.at(place)
		r.users[place][user.Key] = true
		to[place] = true
	}
	shared := false
	for place := range to {
		r.edges[edge{from, place}]++
		if apart(from, place) {
			r.at(place).Used++
			shared = true
		}
	}
	if shared {
		home.Shared++
	}
	if to[from] && from != PlaceUnknown && from != PlaceOther {
		home.Within++
	}
}

// apart reports whether two places are known to be different ones.
func apart(a, b string) bool { return a != b && a != PlaceUnknown && b != PlaceUnknown }

// Between counts the entries published at one place that another uses. With the
// same place twice it is those that another organisation there uses; of
// PlaceOther, that may be in another country.
func (r *Reuse) Between(publishedBy, usedBy string) int { return r.edges[edge{publishedBy, usedBy}] }

// At is what is counted of a place.
func (r *Reuse) At(place string) PlaceReuse {
	p := r.totals[place]
	if p == nil {
		return PlaceReuse{}
	}
	out := *p
	out.Users = len(r.users[place])
	return out
}

// Total is the sum over the places, with each organisation and each entry once: of
// those that are used elsewhere, Shared and Used are the same number.
func (r *Reuse) Total() PlaceReuse {
	var sum PlaceReuse
	for _, place := range Places() {
		p := r.At(place)
		sum.Published += p.Published
		sum.Claimed += p.Claimed
		sum.Shared += p.Shared
		sum.Within += p.Within
	}
	keys := map[string]bool{}
	for _, users := range r.users {
		maps.Copy(keys, users)
	}
	sum.Users = len(keys)
	sum.Used = sum.Shared
	return sum
}

// CountReuse counts the entries of a catalogue on the day of now. It reads every
// entry once.
func CountReuse(ctx context.Context, catalogue interface {
	All(ctx context.Context) iter.Seq2[*Software, error]
}, now time.Time,
) (*Reuse, error) {
	r := NewReuse(now)
	for s, err := range catalogue.All(ctx) {
		if err != nil {
			return nil, err
		}
		r.Add(s.Use())
	}
	return r, nil
}

// ReuseNumbers are the numbers of a Reuse, to be written down.
type ReuseNumbers struct {
	Day    string         `json:"day"` // 2026-01-31
	Total  PlaceReuse     `json:"total"`
	Claims int            `json:"claims"` // all users that files name
	Places []PlaceCount   `json:"places"` // each of Places, of a Day those with any number
	Pairs  []ReuseBetween `json:"pairs"`  // those with an entry; by publishedBy, then usedBy
}

// At is what was counted of a place.
func (n *ReuseNumbers) At(place string) PlaceReuse {
	for _, p := range n.Places {
		if p.Code == place {
			return p.PlaceReuse
		}
	}
	return PlaceReuse{}
}

// check reports as ErrInvalid: another day, a number below zero, a place that is
// none, and more lines than there are places and pairs.
func (n *ReuseNumbers) check(day string) error {
	places := Places()
	ok := n.Day == day && min(n.Claims, n.Total.lowest()) >= 0 && len(n.Places) <= len(places) && len(n.Pairs) <= len(places)*len(places)
	for _, p := range n.Places {
		ok = ok && slices.Contains(places, p.Code) && p.lowest() >= 0
	}
	for _, p := range n.Pairs {
		ok = ok && slices.Contains(places, p.PublishedBy) && slices.Contains(places, p.UsedBy) && p.Entries >= 0
	}
	if !ok {
		return fmt.Errorf("%w: statistics of %s with reuse of another day, below zero, or at a place that is none", ErrInvalid, day)
	}
	return nil
}

func (p PlaceReuse) lowest() int {
	return min(p.Published, p.Claimed, p.Shared, p.Within, p.Used, p.Users)
}

// PlaceCount is a place with what is counted of it.
type PlaceCount struct {
	Code string `json:"code"` // DE-SH, or one of PlaceFederal and the like
	PlaceReuse
}

// ReuseBetween counts the entries that are published at one place and used at
// another, or at the same one by others than their publishers.
type ReuseBetween struct {
	PublishedBy string `json:"publishedBy"`
	UsedBy      string `json:"usedBy"`
	Entries     int    `json:"entries"`
}

// Numbers are those of r.
func (r *Reuse) Numbers() ReuseNumbers {
	n := ReuseNumbers{Day: r.Day, Total: r.Total(), Claims: r.Claims, Pairs: []ReuseBetween{}}
	for _, from := range Places() {
		n.Places = append(n.Places, PlaceCount{from, r.At(from)})
		for _, to := range Places() {
			if entries := r.Between(from, to); entries > 0 {
				n.Pairs = append(n.Pairs, ReuseBetween{from, to, entries})
			}
		}
	}
	return n
}

// WriteReuseCSV writes the numbers of days as CSV (RFC 4180): for each day a line
// for each place with what is counted of it, and how many of its entries are used
// at each.
func WriteReuseCSV(w io.Writer, days ...ReuseNumbers) error {
	head := []string{"day", "place", "name", "published", "claimed", "shared", "within", "used", "users"}
	for _, to := range Places() {
		head = append(head, "usedBy:"+to)
	}
	out := csv.NewWriter(w)
	_ = out.Write(head) // Error tells
	for _, day := range days {
		pairs := map[edge]int{}
		for _, p := range day.Pairs {
			pairs[edge{p.PublishedBy, p.UsedBy}] = p.Entries
		}
		for _, from := range Places() {
			p := day.At(from)
			line := []string{day.Day, from, PlaceName(from, "de")}
			for _, n := range []int{p.Published, p.Claimed, p.Shared, p.Within, p.Used, p.Users} {
				line = append(line, strconv.Itoa(n))
			}
			for _, to := range Places() {
				line = append(line, strconv.Itoa(pairs[edge{from, to}]))
			}
			_ = out.Write(line)
		}
	}
	out.Flush()
	return out.Error()
}
