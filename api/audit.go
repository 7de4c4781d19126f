// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

type auditList struct {
	Items []auditItem `json:"items"`
	Links pageLinks   `json:"links"`
}

type auditItem struct {
	ID     string `json:"id"`
	Time   string `json:"time"`
	Actor  string `json:"actor"`
	Action string `json:"action"`
	Object string `json:"object"`
	Detail string `json:"detail,omitempty"`
}

// listAudit lists who wrote what, the newest first. The log is that of the whole
// node: it takes a token for everywhere.
func (a *api) listAudit(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeAudit)
	if err == nil {
		err = cl.need(registry.ScopeAudit, "")
	}
	if err != nil {
		return nil, err
	}
	p := readPage(c)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	list := auditList{Items: []auditItem{}}
	list.Links, err = documentPage(c, a, p, registry.DocumentList{Kind: registry.AuditDocument, After: p.after, Backward: true}, func(l *registry.AuditLine) bool {
		list.Items = append(list.Items, auditItem{
			ID: l.ID, Time: l.Time.UTC().Format(time.RFC3339Nano), Actor: l.Actor, Action: l.Action, Object: l.Object, Detail: l.Detail,
		})
		return true
	})
	if err != nil {
		return nil, err
	}
	return list.Links.onto(private(http.StatusOK, list))
}

// paged is which page of a list of documents is meant.
type paged struct {
	*parameters
	limit int
	after string
}

func readPage(c *gin.Context) paged {
	p := paged{parameters: parseParameters(c.Request.URL.RawQuery)}
	p.limit = p.number("perPage", 1, maxPerPage, defaultPerPage)
	after, given := p.one("after", maxID)
	if given && after == "" {
		p.fault("after", codeMalformed, "after is a cursor, taken from links.next; leave it out for the first page.")
	}
	p.after = after
	return p
}

// address is that of the page after a cursor.
func (p paged) address(a *api, path, after string) string {
	v := url.Values{"perPage": {strconv.Itoa(p.limit)}}
	if after != "" {
		v.Set("after", after)
	}
	return a.link(path + "?" + v.Encode())
}

// documentPage reads one page of a list of documents. The cursor is the key of the
// last one that was shown; show reports whether one is.
func documentPage[T any](c *gin.Context, a *api, p paged, list registry.DocumentList, show func(*T) bool) (links pageLinks, err error) {
	links.Self = p.address(a, c.Request.URL.Path, p.after)
	shown, last := 0, ""
	for d, err := range a.documents.ListDocuments(c.Request.Context(), list) {
		if errors.Is(err, registry.ErrInvalid) {
			p.fault("after", codeMalformed, "after is not a cursor of this list: take it from links.next of the page before.")
			return links, badRequest(p.faults)
		}
		if err != nil {
			return links, err
		}
		if shown == p.limit {
			links.Next = p.address(a, c.Request.URL.Path, last)
			break
		}
		v, err := registry.ReadDocument[T](d)
		if err != nil {
			return links, err
		}
		last = d.Key
		if show(v) {
			shown++
		}
	}
	return links, nil
}
