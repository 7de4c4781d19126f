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
	path := now.EscapedPath()
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

// maxWait is how long a request may wait for a change, in seconds.
const maxWait = 60

// listChanges lists the log after a revision, the oldest first. It waits for a
// change where that is asked for and there is none yet.
func (a *api) listChanges(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	after := p.number("after", 0, math.MaxInt, 0)
	limit := p.number("perPage", 1, maxPerPage, defaultPerPage)
	wait := time.Duration(p.number("wait", 0, maxWait, 0)) * time.Second
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	newest, err := a.newest(c, registry.Rev(after), wait)
	if err != nil {
		return nil, err
	}
	list := changeList{Items: []change{}, Newest: newest}
	page := func(after int) string {
		v := url.Values{"after": {strconv.Itoa(after)}, "perPage": {strconv.Itoa(limit)}}
		if wait > 0 {
			v.Set("wait", strconv.Itoa(int(wait.Seconds())))
		}
		return a.link("/v1/changes?" + v.Encode())
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
	ans, err := list.Links.onto(jsonAnswer(list))
	if err == nil && wait > 0 {
		ans.cache = cacheNever // it would be told again that there is nothing
	}
	return ans, err
}

// newest is the newest revision, which is awaited for some time where it is the one
// that is known.
func (a *api) newest(c *gin.Context, known registry.Rev, wait time.Duration) (registry.Rev, error) {
	ctx := c.Request.Context()
	rev, err := a.catalogue.Rev(ctx)
	if err != nil || rev != known || wait == 0 {
		return rev, err
	}
	leave, ok := a.waiting.take()
	if !ok {
		return 0, errBusy
	}
	defer leave()
	newPaced(c.Writer, maxStall).extend(wait)
	defer a.watch.join()()
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		grown := a.watch.grown.Next()
		if rev, err = a.catalogue.Rev(ctx); err != nil || rev != known {
			return rev, err
		}
		select {
		case <-grown:
		case <-over.C:
			return rev, nil
		case <-a.stopping:
			return rev, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}
