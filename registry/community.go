// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// CommunityEntry is a community in the directory of those that look after software.
type CommunityEntry struct {
	adoption.Community
	Key      string              `json:"key"`      // see CommunityKey
	Software []CommunitySoftware `json:"software"` // by name
	Partners []adoption.Partner  `json:"partners"` // in all of it, each once, by name
	// Open is the money that publishers look for, summed by currency.
	Open []adoption.Money `json:"open,omitempty"`
}

// CommunitySoftware is an entry that a community looks after.
type CommunitySoftware struct {
	ID        ID        `json:"id"`
	Name      string    `json:"name"`
	Publisher Publisher `json:"publisher"`
	// By is who says that the community looks after it: the publisher of the entry
	// where SaidByPublisher, else the first by URI of those that take part.
	By              adoption.Organisation `json:"by"`
	SaidByPublisher bool                  `json:"saidByPublisher"`
	Seeks           adoption.Seeks        `json:"seeks,omitempty"` // the publisher's word alone
	Joining         adoption.Joining      `json:"joining,omitzero"`
	Open            []adoption.Funding    `json:"open,omitempty"` // that the publisher looks for
}

// CommunityKey tells communities apart: by their address, else by their name.
func CommunityKey(c adoption.Community) string {
	if c.URI != "" {
		return OrganisationKey(c.URI)
	}
	return "name " + strings.ToLower(strings.Join(strings.Fields(c.Name), " "))
}

// Communities are those that look after entries of a catalogue as far as that is
// confirmed still, by name. It reads every entry once.
func Communities(ctx context.Context, catalogue interface {
	All(ctx context.Context) iter.Seq2[*Software, error]
}, now time.Time,
) ([]CommunityEntry, error) {
	found := map[string]*CommunityEntry{}
	for s, err := range catalogue.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("communities: %w", err)
		}
		for _, c := range s.Comaintenance {
			if c.Community.Name == "" || !c.Current(now) {
				continue
			}
			key := CommunityKey(c.Community)
			e := found[key]
			if e == nil {
				e = &CommunityEntry{Community: c.Community, Key: key, Partners: []adoption.Partner{}}
				found[key] = e
			}
			e.add(s, c)
		}
	}
	list := make([]CommunityEntry, 0, len(found))
	for _, e := range found {
		slices.SortFunc(e.Software, func(a, b CommunitySoftware) int {
			return cmp.Or(compareNames(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		})
		slices.SortStableFunc(e.Partners, func(a, b adoption.Partner) int {
			return cmp.Or(compareNames(a.Name, b.Name), cmp.Compare(a.URI, b.URI))
		})
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b CommunityEntry) int { return cmp.Or(compareNames(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	return list, nil
}

func (e *CommunityEntry) add(s *Software, c Comaintenance) {
	own := s.SaidByPublisher(c)
	i := slices.IndexFunc(e.Software, func(k CommunitySoftware) bool { return k.ID == s.ID })
	if i < 0 { // the publisher's word comes first
		i = len(e.Software)
		e.Software = append(e.Software, CommunitySoftware{
			ID: s.ID, Name: cmp.Or(s.PublicCode.Name, string(s.ID)), Publisher: s.Publisher, By: c.Organisation, SaidByPublisher: own,
		})
	}
	known := &e.Software[i]
	if known.Joining == (adoption.Joining{}) {
		known.Joining = c.Joining
	}
	if own {
		known.Seeks = cmp.Or(known.Seeks, c.Seeks)
		for _, f := range c.Funding {
			if f.Status == adoption.OpenFunding {
				known.Open = append(known.Open, f)
				e.Open = addMoney(e.Open, f.Amount)
			}
		}
	}
	for _, p := range c.Partners {
		if !slices.ContainsFunc(e.Partners, func(k adoption.Partner) bool { return samePartner(k, p) }) {
			e.Partners = append(e.Partners, p)
		}
	}
}

func samePartner(a, b adoption.Partner) bool {
	if a.URI != "" && b.URI != "" {
		return OrganisationKey(a.URI) == OrganisationKey(b.URI)
	}
	return strings.EqualFold(a.Name, b.Name)
}

func compareNames(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) }

// maxMoney is a sum that no other is added to: nothing outside of what is said in
// jest comes near, and adding cannot overflow.
const maxMoney = 1 << 53

// addMoney adds a sum to those of its currency. The list stays in order of the
// currencies.
func addMoney(sums []adoption.Money, m adoption.Money) []adoption.Money {
	if m.Amount <= 0 {
		return sums
	}
	i, found := slices.BinarySearchFunc(sums, m.Currency, func(s adoption.Money, c string) int { return cmp.Compare(s.Currency, c) })
	if !found {
		return slices.Insert(sums, i, adoption.Money{Amount: min(m.Amount, maxMoney), Currency: m.Currency})
	}
	sums[i].Amount = min(sums[i].Amount+min(m.Amount, maxMoney), maxMoney)
	return sums
}
