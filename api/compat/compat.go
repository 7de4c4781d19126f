// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package compat answers as the API of Developers Italia does, the open catalogue
// API, out of a registry: for the web interfaces, harvesters and crawlers that are
// written for that one. Paths, fields, order, paging, statuses and the form of
// errors are those of version 1, as its document and its clients have them; see
// https://github.com/italia/developers-italia-api.
package compat

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Path is where the surface is mounted.
const Path = "/compat/developers-italia/v1"

// Options set up an API.
type Options struct {
	Store registry.Store
	// Documents keep publishers and logs that are sent in. Without them nothing can
	// be written.
	Documents registry.Documents
	// Publishers are those of the configuration, with what is crawled for them.
	Publishers []Publisher
	// Name is what the catalogue is called.
	Name string
	// Now is the clock; nil is that of the system.
	Now func() time.Time
}

// Publisher is a publisher with the addresses that are crawled in its name.
type Publisher struct {
	registry.Publisher
	Sources []string // URLs of repositories, organisations, groups or whole forges
}

// Caller is who asks.
type Caller struct {
	Actor string // as in registry.AuditLine; "" for anybody
	// Need gives the error of a caller who may not write what is of a region; "" is
	// one that is not known. An error that is a *Problem is answered as it is.
	Need func(region string) error
}

// API answers the operations.
type API struct {
	store      registry.Store
	documents  registry.Documents // nil: nothing can be written
	publishers []Publisher
	name       string
	now        func() time.Time
	index      index
	visits     visitLog
}

// New makes an API. Nothing is read yet.
func New(opt Options) *API {
	a := &API{store: opt.Store, documents: opt.Documents, publishers: opt.Publishers, name: opt.Name, now: opt.Now}
	if a.now == nil {
		a.now = time.Now
	}
	return a
}

// Operation is one method of one path.
type Operation struct {
	Method string // of net/http
	Path   string // below Path, with {id} for the one parameter that it may have
	Query  []string
	Title  string // of the problem where it fails
	handle func(a *API, r *request) (any, error)
	// OfRevision says that the answer is the same until the change log grows, but for
	// what the crawl log says of other locations.
	OfRevision bool
}

// Writes reports whether the operation takes a token.
func (o Operation) Writes() bool { return o.Method != http.MethodGet }

// request is what a handler is given.
type request struct {
	*http.Request
	id string // the path's {id}
	by Caller
}

// The query parameters of lists. The known ones are read, all others passed over.
var (
	pageQuery = []string{"page[size]", "page[before]", "page[after]"}
	timeQuery = append([]string{"from", "to"}, pageQuery...)
	listQuery = append([]string{"all"}, timeQuery...)
	urlQuery  = append([]string{"url"}, listQuery...)
	logQuery  = append([]string{"search", "filter"}, timeQuery...)
)

// Operations are all there are.
func Operations() []Operation {
	const get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	return []Operation{
		{get, "/status", nil, "can't get status", (*API).status, false},
		{get, "/software", urlQuery, "can't get Software", (*API).listSoftware, true},
		{post, "/software", nil, "can't create Software", (*API).createSoftware, false},
		{get, "/software/{id}", nil, "can't get Software", (*API).getSoftware, true},
		{patch, "/software/{id}", nil, "can't update Software", (*API).updateSoftware, false},
		{del, "/software/{id}", nil, "can't delete Software", (*API).deleteSoftware, false},
		{get, "/software/{id}/logs", timeQuery, "can't get Software", (*API).listSoftwareLogs, false},
		{post, "/software/{id}/logs", nil, "can't create Log", (*API).createSoftwareLog, false},
		{get, "/publishers", listQuery, "can't get Publishers", (*API).listPublishers, false},
		{post, "/publishers", nil, "can't create Publisher", (*API).createPublisher, false},
		{get, "/publishers/{id}", nil, "can't get Publisher", (*API).getPublisher, false},
		{patch, "/publishers/{id}", nil, "can't update Publisher", (*API).updatePublisher, false},
		{del, "/publishers/{id}", nil, "can't delete Publisher", (*API).deletePublisher, false},
		{get, "/publishers/{id}/logs", timeQuery, "can't get Publisher", (*API).listPublisherLogs, false},
		{post, "/publishers/{id}/logs", nil, "can't create Log", (*API).createPublisherLog, false},
		{get, "/catalogs", listQuery, "can't get Catalogs", (*API).listCatalogs, false},
		{get, "/catalogs/{id}", nil, "can't get Catalog", (*API).getCatalog, false},
		{get, "/catalogs/{id}/software", urlQuery, "can't get Software", (*API).listCatalogSoftware, true},
		{get, "/catalogs/{id}/publishers", listQuery, "can't get Publishers", (*API).listCatalogPublishers, false},
		{get, "/logs", logQuery, "can't get Logs", (*API).listLogs, false},
		{post, "/logs", nil, "can't create Log", (*API).createLog, false},
		{get, "/logs/{id}", nil, "can't get Log", (*API).getLog, false},
		{patch, "/logs/{id}", nil, "can't update Log", (*API).updateLog, false},
		{del, "/logs/{id}", nil, "can't delete Log", (*API).deleteLog, false},
	}
}

// Answer is a whole response.
type Answer struct {
	Status int
	Type   string // media type; "" where there is no body
	Body   []byte
	Err    error // why the status is 500 or more, for the operator
}

// maxBody is what a request may have, in bytes: a publiccode.yml as a JSON string,
// every byte of it escaped.
const maxBody = 8 << 20

// Serve answers a request. The id is the path's {id}, "" where it has none.
func (a *API) Serve(o Operation, r *http.Request, id string, by Caller) Answer {
	v, err := a.handle(o, &request{r, id, by})
	if err != nil {
		return Refuse(o, err)
	}
	if v == nil {
		return Answer{Status: http.StatusNoContent}
	}
	body, err := encode(v)
	if err != nil {
		return Refuse(o, err)
	}
	return Answer{Status: http.StatusOK, Type: "application/json", Body: body}
}

func (a *API) handle(o Operation, r *request) (any, error) {
	if !o.Writes() {
		return o.handle(a, r)
	}
	if r.by.Actor == "" {
		return nil, errToken
	}
	if a.documents == nil {
		return nil, errReadOnly
	}
	r.Body = io.NopCloser(io.LimitReader(r.Body, maxBody+1))
	return o.handle(a, r)
}

// encode writes JSON with <, > and & as themselves: text is read by people too.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// status says that all is well: with no content.
func (a *API) status(r *request) (any, error) {
	_, err := a.store.Rev(r.Context())
	return nil, err
}
