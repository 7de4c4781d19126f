// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const (
	communitiesPath = "/v1/communities"
	seekingPath     = "/v1/seeking"
)

var (
	communityParameters = []string{"software", "region", "seeks", "perPage", "after"}
	seekingParameters   = []string{"seeks", "region", "category", "perPage", "after"}
	seekNames           = each(adoption.AllSeeks(), func(s adoption.Seeks) string { return string(s) })
)

// community is a group that looks after software together.
type community struct {
	Key      string              `json:"key"`
	Name     string              `json:"name"`
	URI      string              `json:"uri,omitempty"`
	Software []communitySoftware `json:"software"`
	Partners []partner           `json:"partners"`
	// Open is the money that publishers look for, and Committed what they say is
	// promised; summed by currency.
	Open      []adoption.Money `json:"open"`
	Committed []adoption.Money `json:"committed"`
}

// communitySoftware is an entry that a community looks after.
type communitySoftware struct {
	ID          registry.ID           `json:"id"`
	Name        string                `json:"name"`
	Publisher   publisher             `json:"publisher"`
	By          adoption.Organisation `json:"by"` // who says so
	ByPublisher bool                  `json:"byPublisher"`
	Seeks       adoption.Seeks        `json:"seeks,omitempty"`
	Joining     *adoption.Joining     `json:"joining,omitempty"`
	Funding     []funding             `json:"funding"` // by the publisher's word
	Links       softwareLink          `json:"links"`
}

type communityList struct {
	Items []community `json:"items"`
	Total int         `json:"total"`
	Links pageLinks   `json:"links"`
}

// together is what is said of looking after software together: who does, the
// entries that have something said of them, in order of their IDs, and open issues
// that invite others, the newest first.
type together struct {
	communities []registry.CommunityEntry
	entries     []*registry.Software
	help        []registry.HelpWanted
	funding     map[registry.ID][]adoption.Funding // by the publishers' word, as far as it holds
}

func (a *api) together(ctx context.Context) (together, error) {
	now := a.now()
	return a.joined.get(ctx, a.catalogue, now, "", func(ctx context.Context) (t together, err error) {
		if t.communities, err = registry.Communities(ctx, a.catalogue, now); err != nil {
			return t, err
		}
		if t.help, err = registry.AllHelpWanted(ctx, a.catalogue); err != nil {
			return t, err
		}
		t.funding = map[registry.ID][]adoption.Funding{}
		for s, err := range a.catalogue.All(ctx) {
			if err != nil {
				return t, err
			}
			if len(s.Comaintenance) == 0 {
				continue
			}
			t.entries = append(t.entries, s)
			for _, c := range s.Comaintenance {
				if s.SaidByPublisher(c) && c.Current(now) {
					t.funding[s.ID] = append(t.funding[s.ID], c.Funding...)
				}
			}
		}
		return t, nil
	})
}

// listCommunities lists who looks after software together, in order of their names.
func (a *api) listCommunities(c *gin.Context) (*answer, error) {
	p := readPage(c)
	software, err := a.namesOf(c.Request.Context(), p.parameters, "software")
	if err != nil {
		return nil, err
	}
	regions, seeks := p.checked("region", readRegion, notARegion), p.chosen("seeks", seekNames)
	escaped, key, ok := strings.Cut(p.after, " ")
	name, err := url.QueryUnescape(escaped)
	if p.after != "" && (err != nil || !ok) {
		p.noCursor()
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	all, err := a.together(c.Request.Context())
	if err != nil {
		return nil, err
	}
	var list communityList
	list.Items, list.Total, list.Links = pageOf(a, p, communitiesPath, all.communities, selected[registry.CommunityEntry, community]{
		wanted: func(e *registry.CommunityEntry) bool {
			return (software == nil || looksAfter(e, software)) && (regions == nil || takesPart(e, regions)) && (seeks == nil || asksFor(e, seeks))
		},
		behind: func(e *registry.CommunityEntry) bool {
			return p.after == "" || cmp.Or(strings.Compare(strings.ToLower(e.Name), name), strings.Compare(e.Key, key)) > 0
		},
		cursor: func(e *registry.CommunityEntry) string { return url.QueryEscape(strings.ToLower(e.Name)) + " " + e.Key },
		show:   func(e *registry.CommunityEntry) community { return a.newCommunity(e, all.funding) },
	})
	return list.Links.onto(jsonAnswer(list))
}

func (a *api) newCommunity(e *registry.CommunityEntry, funding map[registry.ID][]adoption.Funding) community {
	out := community{Key: e.Key, Name: e.Name, URI: e.URI, Partners: each(e.Partners, newPartner)}
	var all []adoption.Funding
	for _, s := range e.Software {
		all = append(all, funding[s.ID]...)
		out.Software = append(out.Software, communitySoftware{
			ID: s.ID, Name: s.Name, Publisher: newPublisher(s.Publisher), By: s.By, ByPublisher: s.SaidByPublisher, Seeks: s.Seeks,
			Joining: given(s.Joining), Funding: each(funding[s.ID], newFunding), Links: softwareLink{a.link(softwarePath + s.ID.EscapedPath())},
		})
	}
	out.Open, out.Committed = sums(all, adoption.OpenFunding), sums(all, adoption.CommittedFunding)
	return out
}

// maxSum is the largest number that every reader of JSON has exactly.
const maxSum = 1<<53 - 1

// sums adds up what there is of funding in a status, by currency.
func sums(all []adoption.Funding, status adoption.FundingStatus) []adoption.Money {
	by := map[string]int64{}
	for _, f := range all {
		if f.Status == status && f.Amount.Amount > 0 {
			by[f.Amount.Currency] = min(by[f.Amount.Currency]+min(f.Amount.Amount, maxSum), maxSum)
		}
	}
	list := []adoption.Money{}
	for _, currency := range slices.Sorted(maps.Keys(by)) {
		list = append(list, adoption.Money{Amount: by[currency], Currency: currency})
	}
	return list
}

// looksAfter reports whether a community looks after an entry with one of some keys.
func looksAfter(e *registry.CommunityEntry, keys []string) bool {
	return slices.ContainsFunc(e.Software, func(s registry.CommunitySoftware) bool { return slices.Contains(keys, s.ID.Key()) })
}

// takesPart reports whether somebody of some regions takes part in a community: a
// partner, or who publishes its software.
func takesPart(e *registry.CommunityEntry, regions []string) bool {
	return slices.ContainsFunc(e.Partners, func(p adoption.Partner) bool { return isWithin(regions, p.Region) }) ||
		slices.ContainsFunc(e.Software, func(s registry.CommunitySoftware) bool { return isWithin(regions, s.Publisher.Region) })
}

// asksFor reports whether software of a community looks for one of some things.
func asksFor(e *registry.CommunityEntry, seeks []string) bool {
	return slices.ContainsFunc(e.Software, func(s registry.CommunitySoftware) bool { return slices.Contains(seeks, string(s.Seeks)) })
}

// seeker is an entry whose publisher looks for others, or for a successor.
type seeker struct {
	item
	Comaintenance []comaintenance `json:"comaintenance"`
}

type seekerList struct {
	Items []seeker  `json:"items"`
	Total int       `json:"total"`
	Links pageLinks `json:"links"`
}

// listSeeking lists the entries whose publishers look for others, in order of their
// IDs.
func (a *api) listSeeking(c *gin.Context) (*answer, error) {
	p := readPage(c)
	seeks, regions := p.chosen("seeks", seekNames), p.checked("region", readRegion, notARegion)
	categories := p.chosen("category", publiccode.Categories())
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	all, err := a.together(c.Request.Context())
	if err != nil {
		return nil, err
	}
	now, lang := a.now(), preferred(c.Request)
	var list seekerList
	list.Items, list.Total, list.Links = pageOf(a, p, seekingPath, all.entries, selected[*registry.Software, seeker]{
		wanted: func(e **registry.Software) bool {
			s := *e
			what := s.Seeks(now)
			return what != "" && (seeks == nil || slices.Contains(seeks, string(what))) && (regions == nil || isWithin(regions, s.Publisher.Region)) &&
				(categories == nil || shares(s.PublicCode.Categories, categories))
		},
		behind: func(e **registry.Software) bool { return string((*e).ID) > p.after },
		cursor: func(e **registry.Software) string { return string((*e).ID) },
		show: func(e **registry.Software) seeker {
			return seeker{newItem(*e, lang), each((*e).Comaintenance, func(c registry.Comaintenance) comaintenance { return newComaintenance(*e, c, now) })}
		},
	})
	return list.Links.onto(inLanguage(list))
}

// shares reports whether two lists have a value in common.
func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(v string) bool { return slices.Contains(b, v) })
}
