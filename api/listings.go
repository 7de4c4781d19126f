// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// listing says why a repository is, or is not, in the catalogue.
type listing struct {
	ID       registry.ID      `json:"id"`
	Listed   bool             `json:"listed"`
	Outcome  registry.Outcome `json:"outcome,omitempty"` // of the last visit
	Meaning  string           `json:"meaning"`
	Advice   string           `json:"advice,omitempty"`
	Detail   string           `json:"detail,omitempty"` // in English
	Visited  string           `json:"visited,omitempty"`
	Source   string           `json:"source,omitempty"`
	Next     string           `json:"next,omitempty"` // when the source is due again
	Entry    registry.ID      `json:"entry,omitempty"`
	Findings []finding        `json:"findings"`
	Links    listingLinks     `json:"links"`
}

type listingLinks struct {
	Self     string `json:"self"`
	Software string `json:"software,omitempty"` // of Entry
}

// explainListing says why a repository is, or is not, in the catalogue.
func (a *api) explainListing(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	given, _ := p.one("url", maxID)
	p.required("url", "give the address of a repository")
	var id registry.ID
	if len(p.faults) == 0 {
		var err error
		if id, err = registry.ReadID(given); err != nil {
			p.fault("url", codeMalformed, "url is the web address of a repository, such as https://github.com/owner/repo, or the id of an entry.")
		}
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	s, err := registry.FindStanding(c.Request.Context(), a.catalogue, id, a.claims)
	if errors.Is(err, registry.ErrInvalid) {
		err = errNoEntry
	}
	if err != nil {
		return nil, err
	}
	lang := preferred(c.Request)
	l := listing{
		ID: s.ID, Listed: s.Listed, Meaning: strings.Join(s.Meaning(lang), " "), Advice: s.Advice(lang),
		Source: s.Source, Entry: s.Entry, Findings: []finding{},
		Links: listingLinks{Self: a.link("/v1/listings?url=" + url.QueryEscape(string(s.ID)))},
	}
	if v := s.Visit; v != nil {
		l.Outcome, l.Detail, l.Visited = v.Outcome, v.Detail, instant(v.Time)
	}
	if s.State != nil {
		l.Next = instant(s.State.Next)
	}
	if s.Entry != "" {
		l.Links.Software = a.link(softwarePath + s.Entry.EscapedPath())
	}
	for _, f := range s.Findings {
		l.Findings = append(l.Findings, newFinding(f, lang))
	}
	return inLanguage(l)
}
