// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// software is an entry in the form of answers.
type software struct {
	ID            string    `json:"id"`
	CatalogID     string    `json:"catalogId"`
	URL           string    `json:"url"`
	Aliases       []string  `json:"aliases"`
	PubliccodeYml string    `json:"publiccodeYml"` // "" where the file is no longer kept
	Active        bool      `json:"active"`
	Vitality      *string   `json:"vitality"` // always null: this catalogue gives no such marks
	CreatedAt     time.Time `json:"createdAt"`
	UpdatedAt     time.Time `json:"updatedAt"`
}

func (s *software) size() int { return len(s.PubliccodeYml) }

func (a *API) listSoftware(r *request) (any, error) {
	w, err := parseWindow(r.URL.Query())
	if err != nil {
		return nil, err
	}
	var records []record
	if address := r.URL.Query().Get("url"); address != "" {
		rec, err := a.byURL(r.Context(), address)
		if err != nil && !isProblem(err) {
			return nil, err
		}
		if err == nil && (rec.state == active || w.all) && w.covers(rec.created) {
			records = []record{rec}
		}
		w.after, w.before = nil, nil
	} else {
		done, err := a.index.current(r.Context(), a.store)
		if err != nil {
			return nil, err
		}
		records = a.index.read(&w)
		done()
	}
	return page(&w, records, func(r record) cursor { return r.place() }, func(rec record) (*software, error) {
		return a.show(r.Context(), rec)
	})
}

func (a *API) getSoftware(r *request) (any, error) {
	rec, err := a.byUUID(r.Context(), r.id)
	if err != nil {
		return nil, err
	}
	return a.show(r.Context(), rec)
}

// byUUID is the entry with an id, if it is not hidden.
func (a *API) byUUID(ctx context.Context, id string) (record, error) {
	done, err := a.index.current(ctx, a.store)
	if err != nil {
		return record{}, err
	}
	defer done()
	r := a.index.byUUID[strings.ToLower(id)]
	if r == nil || r.state == hidden {
		return record{}, notFound("Software")
	}
	return r.copy(), nil
}

// byURL is the entry that has an address, or had it, or has it as one of its other
// locations.
func (a *API) byURL(ctx context.Context, address string) (record, error) {
	id, err := registry.ParseID(address)
	if err != nil {
		return record{}, notFound("Software")
	}
	if r, err := a.byID(ctx, id); err == nil || !isProblem(err) {
		return r, err
	}
	// The crawl log knows of which entry a repository is another location.
	v, err := a.store.Visit(ctx, id)
	if errors.Is(err, registry.ErrNotFound) || err == nil && (v.Outcome != registry.AtOther || v.Of == "") {
		return record{}, notFound("Software")
	}
	if err != nil {
		return record{}, err
	}
	r, err := a.byID(ctx, v.Of)
	if err != nil {
		return r, err
	}
	s, err := a.state(ctx, r)
	if err != nil || s == nil || !slices.ContainsFunc(s.Locations, func(l registry.Location) bool { return l.ID.Same(id) }) {
		return record{}, errors.Join(err, notFound("Software"))
	}
	return r, nil
}

// byID is the entry that has an ID, or had it.
func (a *API) byID(ctx context.Context, id registry.ID) (record, error) {
	done, err := a.index.current(ctx, a.store)
	if err != nil {
		return record{}, err
	}
	defer done()
	r := a.index.byKey[id.Key()]
	if r == nil || r.state == hidden {
		return record{}, notFound("Software")
	}
	return r.copy(), nil
}

// state is an entry as it is, or was at last; nil where that is no longer kept.
func (a *API) state(ctx context.Context, rec record) (*registry.Software, error) {
	if rec.state == active {
		s, err := a.store.Get(ctx, rec.id)
		if err == nil || !registry.Absent(err) {
			return s, err
		} // else it was removed or renamed this moment
	}
	for r, err := range a.store.History(ctx, rec.id) {
		if err != nil {
			if registry.Absent(err) {
				return nil, nil
			}
			return nil, err
		}
		if r.Software != nil {
			return r.Software, nil
		}
	}
	return nil, nil
}

func (a *API) show(ctx context.Context, rec record) (*software, error) {
	s, err := a.state(ctx, rec)
	if err != nil {
		return nil, err
	}
	out := &software{
		ID: rec.uuid, CatalogID: catalogUUID, URL: "https://" + string(rec.id), Aliases: []string{}, Active: rec.state == active,
		CreatedAt: rec.created, UpdatedAt: rec.updated,
	}
	for _, id := range rec.former {
		out.Aliases = append(out.Aliases, "https://"+string(id))
	}
	if s == nil {
		return out, nil
	}
	if strings.HasPrefix(s.Repository.URL, "http://") {
		out.URL = "http://" + string(rec.id)
	}
	for _, l := range s.Locations {
		if !slices.ContainsFunc(rec.former, l.ID.Same) {
			out.Aliases = append(out.Aliases, l.URL)
		}
	}
	slices.Sort(out.Aliases)
	for _, f := range s.Files {
		if f.Role != registry.RolePublicCode && f.Role != "" {
			continue
		}
		body, err := a.store.File(ctx, f.Hash)
		if err != nil && !errors.Is(err, registry.ErrNotFound) {
			return nil, err
		}
		out.PubliccodeYml = string(body)
		break
	}
	return out, nil
}

// isProblem reports whether an error is an answer, and nothing of ours failed.
func isProblem(err error) bool {
	var p *Problem
	return errors.As(err, &p)
}
