// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package dossier

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

// Store is what a Desk reads and writes; a registry.Store is one.
type Store interface {
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
	Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error)
	File(ctx context.Context, hash string) ([]byte, error)
	PutDossier(ctx context.Context, d *registry.Dossier) error
	Dossier(ctx context.Context, hash string) (*registry.Dossier, error)
	Dossiers(ctx context.Context, id registry.ID) iter.Seq2[*registry.Dossier, error]
}

// Desk makes dossiers and keeps them.
type Desk struct {
	Store     Store
	Catalogue Catalogue
	// Policies are asked in each dossier; nil are those of the package licence.
	Policies []licence.Policy
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Make makes a dossier of an entry as it is and keeps it. Of one state of an
// entry there is one a day (UTC): asked again, the same comes, so that nobody
// can fill the store. The errors are those of Store.Get.
func (d *Desk) Make(ctx context.Context, id registry.ID) (*registry.Dossier, error) {
	s, err := d.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	now := time.Now
	if d.Now != nil {
		now = d.Now
	}
	made := now().UTC()
	for old, err := range d.Store.Dossiers(ctx, s.ID) {
		if err != nil {
			return nil, err
		}
		if old.Made.Format(time.DateOnly) != made.Format(time.DateOnly) {
			break
		}
		if old.Rev == s.Rev {
			return d.Store.Dossier(ctx, old.Hash)
		}
	}
	in := Input{Software: s, Catalogue: d.Catalogue, Policies: d.Policies, Made: made}
	if in.Policies == nil {
		in.Policies = licence.Policies()
	}
	in.Visit, err = d.Store.Visit(ctx, s.ID.Repository())
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return nil, err
	}
	if i := slices.IndexFunc(s.Files, func(f registry.File) bool { return f.Role == registry.RoleSecurity }); i >= 0 {
		if in.Security, err = d.Store.File(ctx, s.Files[i].Hash); err != nil {
			return nil, err
		}
	}
	out, err := New(in)
	if err != nil {
		return nil, err
	}
	return out, d.Store.PutDossier(ctx, out)
}

// Get returns a dossier by its hash with its content; registry.ErrNotFound
// where there is none.
func (d *Desk) Get(ctx context.Context, hash string) (*registry.Dossier, *Document, error) {
	kept, err := d.Store.Dossier(ctx, hash)
	if err != nil {
		return nil, nil, err
	}
	document, err := Read(kept.Bytes)
	return kept, document, err
}
