// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const (
	reuseEntriesPath = reusePath + "/entries"
	// maxReuseEntries is how many entries a list of them has.
	maxReuseEntries = 500
)

var reuseEntriesParameters = []string{"place", "organisation"}

// reuseEntries is what a place or an organisation has to do with the software of
// others, and they with its own.
type reuseEntries struct {
	Day     string            `json:"day"`
	Totals  reuseTotals       `json:"totals"`
	Shared  []reusedEntry     `json:"shared"`  // published by it, used by others
	Used    []reusedEntry     `json:"used"`    // published by others, used by it
	Joining []joinableEntry   `json:"joining"` // what it could look after with others
	Links   reuseEntriesLinks `json:"links"`
}

// reuseTotals are the lengths of the lists, before they are bounded.
type reuseTotals struct {
	Shared  int `json:"shared"`
	Used    int `json:"used"`
	Joining int `json:"joining"`
}

type reusedEntry struct {
	ID        registry.ID  `json:"id"`
	Name      string       `json:"name"`
	Publisher publisher    `json:"publisher"`
	Users     []reuser     `json:"users"`
	Links     softwareLink `json:"links"`
}

// reuser is who confirms that they use an entry.
type reuser struct {
	Name   string `json:"name"`
	Region string `json:"region,omitempty"`
	Until  string `json:"until"`
}

type joinableEntry struct {
	ID          registry.ID       `json:"id"`
	Name        string            `json:"name"`
	Publisher   publisher         `json:"publisher"`
	Uses        bool              `json:"uses"` // whether it is used there
	Seeks       adoption.Seeks    `json:"seeks,omitempty"`
	Communities []string          `json:"communities"` // names
	Joining     *adoption.Joining `json:"joining,omitempty"`
	Links       softwareLink      `json:"links"`
}

type reuseEntriesLinks struct {
	Self  string `json:"self"`
	Needs string `json:"needs"` // what is wanted there
}

// asker is the place or the organisation that is asked about.
type asker struct {
	publishes func(registry.Publisher) bool
	uses      func(registry.User) bool
	takesPart func(adoption.Partner) bool
}

func askerAt(place string) asker {
	return asker{
		publishes: func(p registry.Publisher) bool { return registry.PlaceOf(p.Region) == place },
		uses:      func(u registry.User) bool { return registry.PlaceOf(u.Region) == place },
		takesPart: func(p adoption.Partner) bool { return p.Region != "" && registry.PlaceOf(p.Region) == place },
	}
}

func askerNamed(organisation string) asker {
	key := registry.OrganisationKey(organisation)
	return asker{
		publishes: func(p registry.Publisher) bool { return p.Key() == key },
		uses:      func(u registry.User) bool { return u.Key == key },
		takesPart: func(p adoption.Partner) bool { return p.URI != "" && registry.OrganisationKey(p.URI) == key },
	}
}

// listReuseEntries lists which entries a place or an organisation shares and uses, and
// where it could join.
func (a *api) listReuseEntries(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	place := p.word("place", registry.Places()...)
	organisation, given := p.one("organisation", maxID)
	if len(p.faults) == 0 && (place != "") == (given && organisation != "") {
		p.fault("place", codeMissing, "give either place, one of %s, or organisation, a URI.", strings.Join(registry.Places(), ", "))
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	who, query, needs := askerAt(place), url.Values{"place": {place}}, url.Values{}
	switch {
	case place == "":
		who, query = askerNamed(organisation), url.Values{"organisation": {organisation}}
		needs = query
	case place != registry.PlaceOther && place != registry.PlaceUnknown:
		needs.Set("region", place)
	}
	ctx := c.Request.Context()
	counted, err := a.counted(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.together(ctx)
	if err != nil {
		return nil, err
	}
	out := reuseEntries{
		Day: counted.Day, Shared: []reusedEntry{}, Used: []reusedEntry{}, Joining: []joinableEntry{},
		Links: reuseEntriesLinks{a.link(reuseEntriesPath + questioned(query)), a.link(needsPath + questioned(needs))},
	}
	used := map[registry.ID]bool{}
	for _, u := range counted.Reused {
		theirs := slices.DeleteFunc(slices.Clone(u.Users), func(one registry.User) bool { return !who.uses(one) })
		switch used[u.ID] = len(theirs) > 0; {
		case who.publishes(u.Publisher):
			out.Shared = append(out.Shared, a.newReusedEntry(u, u.Users))
		case used[u.ID]:
			out.Used = append(out.Used, a.newReusedEntry(u, theirs))
		}
	}
	now := a.now()
	for _, s := range all.entries {
		if one, ok := a.joinable(s, who, used[s.ID], now); ok {
			out.Joining = append(out.Joining, one)
		}
	}
	slices.SortStableFunc(out.Joining, func(x, y joinableEntry) int { return cmp.Compare(number(y.Uses), number(x.Uses)) })
	out.Totals = reuseTotals{len(out.Shared), len(out.Used), len(out.Joining)}
	out.Shared = out.Shared[:min(len(out.Shared), maxReuseEntries)]
	out.Used = out.Used[:min(len(out.Used), maxReuseEntries)]
	out.Joining = out.Joining[:min(len(out.Joining), maxReuseEntries)]
	return jsonAnswer(out)
}

func number(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (a *api) newReusedEntry(u registry.Use, users []registry.User) reusedEntry {
	return reusedEntry{
		ID: u.ID, Name: u.Name, Publisher: newPublisher(u.Publisher), Links: softwareLink{a.link(softwarePath + u.ID.EscapedPath())},
		Users: each(users, func(one registry.User) reuser { return reuser{one.Name, one.Region, date(one.Until)} }),
	}
}

// joinable is an entry that somebody could look after with others: its publisher looks
// for some, or it is used there and has a community that nobody of them takes part in.
func (a *api) joinable(s *registry.Software, who asker, uses bool, now time.Time) (joinableEntry, bool) {
	out := joinableEntry{
		ID: s.ID, Name: s.PublicCode.Name, Publisher: newPublisher(s.Publisher), Uses: uses, Seeks: s.Seeks(now), Communities: []string{},
		Links: softwareLink{a.link(softwarePath + s.ID.EscapedPath())},
	}
	for _, c := range s.Comaintenance {
		if !c.Current(now) {
			continue
		}
		if slices.ContainsFunc(c.Partners, who.takesPart) {
			return out, false
		}
		if name := c.Community.Name; name != "" && !slices.Contains(out.Communities, name) {
			out.Communities = append(out.Communities, name)
		}
		if out.Joining == nil {
			out.Joining = given(c.Joining)
		}
	}
	return out, !who.publishes(s.Publisher) && (out.Seeks != "" || uses && len(out.Communities) > 0)
}
