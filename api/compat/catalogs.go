// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// catalogAlternativeID names the one catalogue that there is: this node.
const catalogAlternativeID = "allmende"

var catalogUUID = uuid.NewSHA1(space, []byte("catalog")).String()

// catalog is a catalogue in the form of answers.
type catalog struct {
	ID            string          `json:"id"`
	Name          string          `json:"name"`
	AlternativeID string          `json:"alternativeId"`
	Active        bool            `json:"active"`
	Sources       []catalogSource `json:"sources"`
	CreatedAt     time.Time       `json:"createdAt"`
	UpdatedAt     time.Time       `json:"updatedAt"`
}

type catalogSource struct {
	URL string `json:"url"`
}

func (c *catalog) place() cursor { return cursor{c.CreatedAt, c.ID} }

// lifetime is when the catalogue began and when it last changed.
func (a *API) lifetime(ctx context.Context) (began, changed time.Time, err error) {
	done, err := a.index.current(ctx, a.store)
	if err != nil {
		return began, changed, err
	}
	defer done()
	if order := a.index.order; len(order) > 0 {
		began = order[0].created
	}
	return began, a.index.changed, nil
}

// catalog is this node, with all that is crawled for the publishers it knows.
func (a *API) catalog(ctx context.Context) (*catalog, error) {
	c := &catalog{ID: catalogUUID, Name: a.name, AlternativeID: catalogAlternativeID, Active: true, Sources: []catalogSource{}}
	var err error
	if c.CreatedAt, c.UpdatedAt, err = a.lifetime(ctx); err != nil {
		return nil, err
	}
	all, err := a.everyPublisher(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		for _, h := range p.CodeHosting {
			if source := (catalogSource{h.URL}); p.Active && !slices.Contains(c.Sources, source) {
				c.Sources = append(c.Sources, source)
			}
		}
	}
	return c, nil
}

func (a *API) listCatalogs(r *request) (any, error) {
	w, err := parseWindow(r.URL.Query())
	if err != nil {
		return nil, err
	}
	c, err := a.catalog(r.Context())
	if err != nil {
		return nil, err
	}
	var read []*catalog
	if at := c.place(); w.covers(c.CreatedAt) && (w.after == nil || w.after.before(at)) && (!w.backward() || at.before(*w.before)) {
		read = append(read, c)
	}
	return page(&w, read, (*catalog).place, func(c *catalog) (*catalog, error) { return c, nil })
}

func (a *API) getCatalog(r *request) (any, error) {
	if err := inCatalog(r); err != nil {
		return nil, err
	}
	return a.catalog(r.Context())
}

func (a *API) listCatalogSoftware(r *request) (any, error) {
	if err := inCatalog(r); err != nil {
		return nil, err
	}
	return a.listSoftware(r)
}

func (a *API) listCatalogPublishers(r *request) (any, error) {
	if err := inCatalog(r); err != nil {
		return nil, err
	}
	return a.listPublishers(r)
}

// inCatalog is the problem of a path below another catalogue than this one.
func inCatalog(r *request) error {
	if r.id != catalogUUID && r.id != catalogAlternativeID {
		return notFound("Catalog")
	}
	return nil
}
