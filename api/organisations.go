// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const organisationsPath = "/v1/organisations"

// organisationItem is an organisation that says in public what it uses.
type organisationItem struct {
	adoption.Organisation
	Statements int                 `json:"statements"` // public ones
	Software   int                 `json:"software"`   // of how many
	Sources    []organisationProof `json:"sources"`
	Links      organisationLinks   `json:"links"`
}

// organisationProof is where an organisation speaks, and how it is known that it does.
type organisationProof struct {
	Proof      registry.Proof `json:"proof"`
	Publisher  *publisher     `json:"publisher,omitempty"`
	Repository registry.ID    `json:"repository,omitempty"`
	URL        string         `json:"url,omitempty"`
	Since      string         `json:"since"` // when it first said what it says now
}

type organisationLinks struct {
	Adoptions string `json:"adoptions"`
}

type organisationList struct {
	Items []organisationItem `json:"items"`
	Total int                `json:"total"`
	Links pageLinks          `json:"links"`
}

// organisation is what is known of one before it is shown. It is named as where it is
// best known to speak.
type organisation struct {
	item     organisationItem
	software map[string]bool
	own      bool
}

// listOrganisations lists the organisations that say something in public, in order
// of their URIs.
func (a *api) listOrganisations(c *gin.Context) (*answer, error) {
	if err := a.writes(); err != nil {
		return nil, err
	}
	p := readPage(c)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	known := map[string]*organisation{}
	for d, err := range a.documents.ListDocuments(c.Request.Context(), registry.DocumentList{Kind: registry.AdoptionsDocument}) {
		if err != nil {
			return nil, err
		}
		said, err := registry.ReadDocument[registry.Adoptions](d)
		if err != nil {
			return nil, err
		}
		a.know(known, said)
	}
	address := func(after string) string {
		v := url.Values{"perPage": {strconv.Itoa(p.limit)}}
		if after != "" {
			v.Set("after", after)
		}
		return a.link(organisationsPath + "?" + v.Encode())
	}
	list := organisationList{Items: []organisationItem{}, Total: len(known), Links: pageLinks{Self: address(p.after)}}
	last := ""
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if key <= p.after {
			continue
		}
		if len(list.Items) == p.limit {
			list.Links.Next = address(last)
			break
		}
		o := known[key]
		o.item.Software = len(o.software)
		slices.SortFunc(o.item.Sources, func(a, b organisationProof) int { return strings.Compare(string(a.Repository), string(b.Repository)) })
		list.Items, last = append(list.Items, o.item), key
	}
	return list.Links.onto(jsonAnswer(list))
}

// know adds what is said in one place.
func (a *api) know(known map[string]*organisation, said *registry.Adoptions) {
	public := about(said)
	if len(public) == 0 {
		return
	}
	told := newAdoption(said.Adoption(adoption.Statement{}), a.now())
	key := registry.OrganisationKey(said.Organisation.URI)
	o := known[key]
	if o == nil {
		o = &organisation{software: map[string]bool{}}
		o.item.Links.Adoptions = a.link(adoptionsPath + "?organisation=" + url.QueryEscape(said.Organisation.URI))
		known[key] = o
	}
	if own := told.Proof != registry.ProvenPublisher; o.item.URI == "" || own && !o.own {
		o.item.Organisation, o.own = said.Organisation, own
	}
	o.item.Statements += len(public)
	for _, id := range public {
		o.software[id.Key()] = true
	}
	o.item.Sources = append(o.item.Sources, organisationProof{
		Proof: told.Proof, Publisher: told.Publisher, Repository: said.Repository, URL: said.URL, Since: instant(said.Time),
	})
}
