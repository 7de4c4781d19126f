// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

type publisherList struct {
	Items []publisherItem `json:"items"`
	Total int             `json:"total"`
}

type publisherItem struct {
	publisher
	Entries int          `json:"entries"`
	Links   softwareLink `json:"links"`
}

// softwareLink leads to the entries of what has it.
type softwareLink struct {
	Software string `json:"software"`
}

// softwareWith leads to the entries with a value.
func (a *api) softwareWith(f registry.Facet, value string) softwareLink {
	return a.softwareLink(registry.Query{Filters: map[registry.Facet][]string{f: {value}}})
}

// softwareLink leads to the first page of what a query finds.
func (a *api) softwareLink(q registry.Query) softwareLink {
	q.Limit = defaultPerPage
	return softwareLink{Software: a.link(listPath(q))}
}

// listPublishers lists the publishers of the configuration and those that were
// added by the API, those without an entry too.
func (a *api) listPublishers(c *gin.Context) (*answer, error) {
	all, err := a.catalogue.Search(c.Request.Context(), registry.Query{Limit: 1, Counted: []registry.Facet{registry.FacetPublisher}})
	if err != nil {
		return nil, err
	}
	entries := make(map[string]int)
	for _, n := range all.Facets[registry.FacetPublisher] {
		entries[n.Value] = n.N
	}
	publishers, err := a.allPublishers(c.Request.Context())
	if err != nil {
		return nil, err
	}
	list := publisherList{Items: make([]publisherItem, len(publishers)), Total: len(publishers)}
	for i, p := range publishers {
		list.Items[i] = publisherItem{
			publisher: newPublisher(p),
			Entries:   entries[p.ID],
			Links:     a.softwareWith(registry.FacetPublisher, p.ID),
		}
	}
	return jsonAnswer(list)
}
