// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

const variantsPath = "/v1/variants/"

// family is an entry with its variants.
type family struct {
	ID             registry.ID   `json:"id"`
	TechnicalForks int           `json:"technicalForks"`
	Forks          []fork        `json:"forks"`
	Locations      []place       `json:"locations"`
	Items          []relative    `json:"items"`
	Links          softwareLinks `json:"links"`
}

// softwareLinks leads to an entry, and to the list of what is based on it.
type softwareLinks struct {
	Software string `json:"software"`
	Variants string `json:"variants"`
}

type relative struct {
	Relation registry.Relation `json:"relation"`
	ID       registry.ID       `json:"id"`
	Software *item             `json:"software,omitempty"` // absent where it is no entry
	Apart    *fork             `json:"apart,omitempty"`    // absent where neither is known to be a fork of the other
	Features *features         `json:"features,omitempty"` // absent where there is no language with features of both
}

// features are those of an entry and of a relative of it, side by side.
type features struct {
	Language  string   `json:"language"`
	Both      []string `json:"both"`
	OnlyHere  []string `json:"onlyHere"`
	OnlyThere []string `json:"onlyThere"`
}

// listVariants lists what an entry is based on, what is based on it, and what is
// based on the same.
func (a *api) listVariants(c *gin.Context) (*answer, error) {
	s, elsewhere, err := a.find(c, variantsPath)
	if s == nil {
		return elsewhere, err
	}
	relatives, err := registry.Family(c.Request.Context(), a.catalogue, s)
	if err != nil {
		return nil, err
	}
	lang := preferred(c.Request)
	list := family{
		ID: s.ID, TechnicalForks: s.TechnicalForks, Forks: each(s.Forks, func(f registry.Fork) fork { return newFork(f, s.Drift(f), lang) }),
		Locations: newPlaces(s.Locations), Items: []relative{},
		Links: softwareLinks{
			Software: a.link(softwarePath + s.ID.EscapedPath()),
			Variants: a.softwareWith(registry.FacetBasedOn, string(s.ID)).Software,
		},
	}
	for _, r := range relatives {
		one := relative{Relation: r.Relation, ID: r.ID}
		if r.Software != nil {
			entry := newItem(r.Software, lang)
			one.Software = &entry
			if f := registry.CompareFeatures(s, r.Software, lang); f.Language != "" {
				one.Features = &features{f.Language, orEmpty(f.Both), orEmpty(f.First), orEmpty(f.Other)}
			}
		}
		if r.Apart != nil {
			f := newFork(*r.Apart, r.Drift, lang)
			one.Apart = &f
		}
		list.Items = append(list.Items, one)
	}
	return inLanguage(list)
}
