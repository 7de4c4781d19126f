// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const (
	communitiesPath = "/communities/"
	maxCommunities  = 500
)

// caredFor are the entries of which something is said how they are looked after
// together.
type caredFor []*registry.Software

// All yields them.
func (c caredFor) All(context.Context) iter.Seq2[*registry.Software, error] {
	return func(yield func(*registry.Software, error) bool) {
		for _, s := range c {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// communityAnchor is the identifier of a community in their list.
func communityAnchor(c adoption.Community) string {
	sum := sha256.Sum256([]byte(registry.CommunityKey(c)))
	return "c-" + hex.EncodeToString(sum[:6])
}

// community is a group that looks after software together, in one language.
type community struct {
	Name     link
	Anchor   string
	Software []communal
	Partners []partner
	Joining  []joining // each once
	Money    string    // that is looked for
}

// communal is an entry that a community looks after.
type communal struct {
	Name, Path string
	Publisher  string
	Seeks      string // as in care
	By         string // who says so, where that is not the publisher; "" else
}

func newCommunity(c registry.CommunityEntry, lang string) community {
	out := community{Name: link{shorten(c.Name, maxName), webLink(c.URI)}, Anchor: communityAnchor(c.Community), Money: formatSums(lang, c.Open)}
	for _, s := range c.Software[:min(len(c.Software), maxItems)] {
		e := communal{Name: shorten(s.Name, maxName), Publisher: shorten(s.Publisher.Name, maxName), Seeks: seeksWord(s.Seeks)}
		e.Path, _ = softwarePath(s.ID)
		if !s.SaidByPublisher {
			e.By = shorten(s.By.Name, maxName)
		}
		out.Software = append(out.Software, e)
		if j := newJoining(s.Joining); j.Any() && !slices.Contains(out.Joining, j) {
			out.Joining = append(out.Joining, j)
		}
	}
	for _, p := range c.Partners[:min(len(c.Partners), maxPartners)] {
		out.Partners = append(out.Partners, newPartner(p, lang))
	}
	return out
}

func (s *Site) answerCommunities(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	var list []community
	for _, c := range o.Communities[:min(len(o.Communities), maxCommunities)] {
		list = append(list, newCommunity(c, r.lang))
	}
	return found(&page{
		Kind: communitiesPage, Lang: r.lang, Path: communitiesPath, Static: r.static,
		Title: say(r.lang, "communities.title"), Description: say(r.lang, "communities.lead"),
		Crumbs: crumbs(r.lang, crumb{say(r.lang, "communities.title"), ""}),
		Body:   list,
	})
}
