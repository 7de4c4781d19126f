// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"context"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// peerSoftware is an entry as the lists of a node have it, see api/openapi.
type peerSoftware struct {
	ID        text `json:"id"`
	Publisher struct {
		ID     text `json:"id"`
		Name   text `json:"name"`
		Region text `json:"region"`
		URI    text `json:"uri"`
	} `json:"publisher"`
	Repository struct {
		URL text `json:"url"`
	} `json:"repository"`
}

// allmende reads the entries of another node, the newest first: then whatever
// comes changes the first page, and whatever goes changes the total on it.
func allmende(ctx context.Context, c *Catalogue, l *listing) (string, error) {
	first := apiAddress(c.where.url, "software", map[string]string{"perPage": "100", "sort": "new"})
	return eachPage(ctx, c.client, first, "after", c.since, func(where string, p page) error {
		return each(where+", items", p.Items, l, func(where string, s peerSoftware) error {
			pub := registry.Publisher{}
			if s.Publisher.ID != "" {
				pub = l.publisher(string(s.Publisher.ID), string(s.Publisher.Name), string(s.Publisher.Region), string(s.Publisher.URI))
			}
			return l.part(where, string(s.Repository.URL), s.folder(), pub)
		})
	})
}

// folder is that of the repository which the entry is a part of; "" for a whole
// one, and where its name could be taken for a pattern.
func (s peerSoftware) folder() string {
	id, err := registry.ParseID("https://" + string(s.ID))
	if err != nil || strings.ContainsAny(id.Folder(), `*?[\`) {
		return ""
	}
	return id.Folder()
}
