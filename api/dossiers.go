// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/dossier"
	"github.com/allmende-registry/allmende/registry"
)

// Dossiers makes dossiers and keeps them for good. Errors are those of package
// registry.
type Dossiers interface {
	// Make makes a dossier of an entry as it is, or returns that of today.
	Make(ctx context.Context, id registry.ID) (*registry.Dossier, error)
	// Get returns a dossier with its content; where the content cannot be read,
	// the dossier comes with the error.
	Get(ctx context.Context, hash string) (*registry.Dossier, *dossier.Document, error)
	// List yields the dossiers of an entry, the newest first, as
	// registry.Store.Dossiers does.
	List(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error]
}

const dossierPath = "/v1/dossiers/"

// What ends the path of the other forms of a dossier.
const (
	endHTML = ".html"
	endSPDX = ".spdx.json"
)

var dossierListParameters = []string{"software", "perPage", "after"}

var (
	errNoDossiers = &problem{Status: http.StatusNotFound, Detail: "This node makes and keeps no dossiers."}
	errNoDossier  = &problem{Status: http.StatusNotFound, Detail: "There is no dossier with this hash. POST /v1/dossiers?software={id} makes one; the hash is its SHA-256, 64 digits of 0-9 and a-f, with .html or .spdx.json behind it for the other forms."}
)

type dossierItem struct {
	Hash     string       `json:"hash"`
	Software registry.ID  `json:"software"`
	Made     string       `json:"made"`
	Revision registry.Rev `json:"revision"`
	Links    dossierLinks `json:"links"`
}

type dossierLinks struct {
	Self string `json:"self"`
	HTML string `json:"html"`
	SPDX string `json:"spdx"`
}

type dossierList struct {
	Items []dossierItem `json:"items"`
	Links pageLinks     `json:"links"`
}

func (a *api) newDossierItem(d *registry.Dossier) dossierItem {
	self := a.link(dossierPath + d.Hash)
	return dossierItem{
		Hash: d.Hash, Software: d.ID, Made: instant(d.Made), Revision: d.Rev,
		Links: dossierLinks{Self: self, HTML: self + endHTML, SPDX: self + endSPDX},
	}
}

// dossiersOf is the address of the dossiers of an entry.
func dossiersOf(id registry.ID) string {
	return "/v1/dossiers?" + url.Values{"software": {string(id)}}.Encode()
}

// subject is the id in the parameter software; what is wrong with it is in p.
func subject(p *parameters) string {
	raw, given := p.one("software", maxID)
	if !given && len(p.faults) == 0 {
		p.fault("software", codeMissing, "software is missing: name the id of an entry, such as github.com/owner/repo.")
	}
	return raw
}

// makeDossier makes one, or leads to that of today. A browser, which sends a
// form, is led to the page.
func (a *api) makeDossier(c *gin.Context) (*answer, error) {
	if a.dossiers == nil {
		return nil, errNoDossiers
	}
	p := parseParameters(c.Request.URL.RawQuery)
	raw := subject(p)
	lang := p.word("lang", german, english)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	s, elsewhere, err := a.lookUp(c, raw, dossiersOf)
	if s == nil {
		return elsewhere, err
	}
	ctx := c.Request.Context()
	newest := ""
	for d, err := range a.dossiers.List(ctx, s.ID) {
		if err != nil {
			return nil, err
		}
		newest = d.Hash
		break
	}
	d, err := a.dossiers.Make(ctx, s.ID)
	if errors.Is(err, registry.ErrNotFound) { // a file of the entry, which there is
		return nil, fmt.Errorf("%w: make the dossier of %s: %w", errInternal, s.ID, err)
	}
	if err != nil {
		return nil, err
	}
	item := a.newDossierItem(d)
	if strings.Contains(c.Request.Header.Get("Accept"), "text/html") {
		page := item.Links.HTML
		if lang != "" {
			page += "?lang=" + lang
		}
		return &answer{status: http.StatusSeeOther, cache: cacheNever, header: map[string]string{"Location": page}}, nil
	}
	ans, err := uncached(item)
	if err != nil {
		return nil, err
	}
	if d.Hash != newest {
		ans.status = http.StatusCreated
	}
	ans.header = map[string]string{"Location": item.Links.Self}
	return ans, nil
}

// listDossiers lists those that were made of an entry under its id. They stay
// when the entry has gone or moved.
func (a *api) listDossiers(c *gin.Context) (*answer, error) {
	if a.dossiers == nil {
		return nil, errNoDossiers
	}
	p := parseParameters(c.Request.URL.RawQuery)
	raw := subject(p)
	limit := p.number("perPage", 1, maxPerPage, defaultPerPage)
	after, given := p.one("after", maxCursor)
	if given && !isHash(after) {
		p.fault("after", codeMalformed, "after is a cursor, taken from links.next; leave it out for the first page.")
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	id, ok := readID(raw)
	if !ok {
		return nil, errNoEntry
	}
	list := dossierList{Items: []dossierItem{}}
	v := url.Values{"software": {string(id)}, "perPage": {strconv.Itoa(limit)}}
	if given {
		v.Set("after", after)
	}
	list.Links.Self = a.link("/v1/dossiers?" + v.Encode())
	some, before := false, given
	for d, err := range a.dossiers.List(c.Request.Context(), id) {
		if err != nil {
			return nil, err
		}
		some = true
		if before {
			before = d.Hash != after
			continue
		}
		if len(list.Items) == limit {
			v.Set("after", list.Items[limit-1].Hash)
			list.Links.Next = a.link("/v1/dossiers?" + v.Encode())
			break
		}
		list.Items = append(list.Items, a.newDossierItem(d))
	}
	if !some {
		if s, elsewhere, err := a.lookUp(c, raw, dossiersOf); s == nil {
			return elsewhere, err
		}
	}
	if before {
		p.fault("after", codeMalformed, "after is not a cursor of this list: take it from links.next of the page before.")
		return nil, badRequest(p.faults)
	}
	return list.Links.onto(jsonAnswer(list))
}

// openDossier reads the dossier whose hash the path has before end.
func (a *api) openDossier(c *gin.Context, end string) (*registry.Dossier, *dossier.Document, error) {
	if a.dossiers == nil {
		return nil, nil, errNoDossiers
	}
	hash := strings.TrimSuffix(c.Param("hash"), end)
	if !isHash(hash) {
		return nil, nil, errNoDossier
	}
	kept, document, err := a.dossiers.Get(c.Request.Context(), hash)
	if errors.Is(err, registry.ErrNotFound) {
		err = errNoDossier
	}
	return kept, document, err
}

// getDossier hands out the bytes that the hash belongs to.
func (a *api) getDossier(c *gin.Context) (*answer, error) {
	kept, _, err := a.openDossier(c, "")
	if kept == nil {
		return nil, err
	}
	// Content that this program does not understand is still what was kept.
	return &answer{contentType: typeJSON, body: kept.Bytes, etag: `"` + kept.Hash + `"`, cache: cacheForever}, nil
}

// getDossierPage is the dossier for people. Unlike the dossier, its words may
// change with the program.
func (a *api) getDossierPage(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	lang := p.word("lang", german, english)
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	kept, document, err := a.openDossier(c, endHTML)
	if err != nil {
		return nil, err
	}
	if lang == "" {
		lang = preferred(c.Request)
	}
	self := a.link(dossierPath + kept.Hash)
	links := dossier.Links{JSON: self, SPDX: self + endSPDX, Other: self + endHTML + "?lang=" + english}
	if lang == english {
		links.Other = self + endHTML + "?lang=" + german
	}
	if a.base != "" {
		links.Permanent = self + endHTML
	}
	var body bytes.Buffer
	if err := document.HTML(&body, lang, kept.Hash, links); err != nil {
		return nil, fmt.Errorf("write the dossier %s as HTML: %w", kept.Hash, err)
	}
	return &answer{
		contentType: typeHTML, body: body.Bytes(), etag: entityTag(body.Bytes()), cache: cacheMinute,
		vary: "Accept-Language", policy: dossier.ContentSecurityPolicy(),
	}, nil
}

// getDossierSPDX is the dossier as an SPDX 2.3 document.
func (a *api) getDossierSPDX(c *gin.Context) (*answer, error) {
	kept, document, err := a.openDossier(c, endSPDX)
	if err != nil {
		return nil, err
	}
	namespace := ""
	if a.base != "" {
		namespace = a.link(dossierPath + kept.Hash + endSPDX)
	}
	var body bytes.Buffer
	if err := document.SPDX(&body, kept.Hash, namespace); err != nil {
		return nil, fmt.Errorf("write the dossier %s as SPDX: %w", kept.Hash, err)
	}
	return &answer{contentType: typeSPDX, body: body.Bytes(), etag: entityTag(body.Bytes()), cache: cacheMinute}, nil
}
