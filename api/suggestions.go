// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// How many suggestions or similar entries there are.
const defaultLimit, maxLimit = 10, 20

type suggestionList struct {
	Items []suggestion `json:"items"`
}

// suggestion is a way to go on with what is being typed: an entry, or words to
// search for.
type suggestion struct {
	Text  string       `json:"text"`
	ID    registry.ID  `json:"id,omitempty"`
	Count int          `json:"count"`
	Links softwareLink `json:"links"`
}

// listSuggestions tells ways to go on with what is being typed.
func (a *api) listSuggestions(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	typed, _ := p.one("q", maxText)
	p.required("q", "give what is being typed")
	limit := p.number("limit", 1, maxLimit, defaultLimit)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	found, err := a.catalogue.Suggest(c.Request.Context(), typed, limit)
	if err != nil {
		return nil, err
	}
	list := suggestionList{Items: []suggestion{}}
	for _, s := range found {
		one := suggestion{Text: s.Text, ID: s.ID, Count: s.N}
		switch {
		case s.ID != "":
			one.Links.Software = a.link(softwarePath + s.ID.EscapedPath())
		case readable(s.Text, maxText):
			one.Links = a.softwareLink(registry.Query{Text: s.Text})
		default:
			continue // a text that the search would refuse
		}
		list.Items = append(list.Items, one)
	}
	return jsonAnswer(list)
}

type similarList struct {
	Items []item `json:"items"`
}

// listSimilar lists the entries that are most like one.
func (a *api) listSimilar(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	limit := p.number("limit", 1, maxLimit, defaultLimit)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	s, elsewhere, err := a.lookUp(c, c.Param("id"), func(to registry.ID) string { return similarPath + to.EscapedPath() + p.again() })
	if s == nil {
		return elsewhere, err
	}
	found, err := a.catalogue.Similar(c.Request.Context(), s.ID, limit)
	if err != nil {
		return nil, err
	}
	lang := preferred(c.Request)
	return inLanguage(similarList{each(found, func(s *registry.Software) item { return newItem(s, lang) })})
}
