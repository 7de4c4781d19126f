// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

// change is one revision of the log.
type change struct {
	Revision registry.Rev    `json:"revision"`
	Time     string          `json:"time,omitempty"`
	Kind     registry.Kind   `json:"kind"`
	ID       registry.ID     `json:"id"`
	From     registry.ID     `json:"from,omitempty"`
	Reason   registry.Reason `json:"reason,omitempty"`
	Links    changeLinks     `json:"links"`
}

type changeLinks struct {
	Software string `json:"software,omitempty"` // as the change left it; none where it removed it
	History  string `json:"history"`
}

// newChange is a change with its links, by the id that the entry has now as far
// as that is known.
func (a *api) newChange(c registry.Change, now registry.ID) change {
	path := escape(now)
	out := change{
		Revision: c.Rev, Time: instant(c.Time), Kind: c.Kind, ID: c.ID, From: c.From, Reason: c.Reason,
		Links: changeLinks{History: a.link(historyPath + path)},
	}
	if c.Kind != registry.Removed {
		at := url.Values{"at": {c.Time.UTC().Format(time.RFC3339Nano)}}
		out.Links.Software = a.link(softwarePath + path + "?" + at.Encode())
	}
	return out
}

// changeList is a page of the log. Newest is the revision that it goes up to.
type changeList struct {
	Items  []change     `json:"items"`
	Newest registry.Rev `json:"newest"`
	Links  pageLinks    `json:"links"`
}

// listChanges lists the log after a revision, the oldest first.
func (a *api) listChanges(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	after := p.number("after", 0, math.MaxInt, 0)
	limit := p.number("perPage", 1, maxPerPage, defaultPerPage)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	newest, err := a.catalogue.Rev(c.Request.Context())
	if err != nil {
		return nil, err
	}
	list := changeList{Items: []change{}, Newest: newest}
	page := func(after int) string {
		return a.link("/v1/changes?" + url.Values{"after": {strconv.Itoa(after)}, "perPage": {strconv.Itoa(limit)}}.Encode())
	}
	list.Links.Self = page(after)
	for one, err := range a.catalogue.Changes(c.Request.Context(), registry.Rev(after)) {
		if err != nil {
			return nil, err
		}
		list.Newest = max(list.Newest, one.Rev)
		if len(list.Items) == limit {
			list.Links.Next = page(int(list.Items[limit-1].Revision))
			break
		}
		list.Items = append(list.Items, a.newChange(one, one.ID))
	}
	return list.Links.onto(jsonAnswer(list))
}
