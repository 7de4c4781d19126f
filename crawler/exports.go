// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// exportPath is the path of a forge's own SBOM within an entry. No asset of a
	// release is called so.
	exportPath = "dependency-graph/sbom.spdx.json"
	// exportsAtOnce is how many are asked for at the same time.
	exportsAtOnce = 12
	// exportPatience is how long a single sweep waits in all for forges that
	// allow only so many, GitHub a hundred a minute. The rest is left for the
	// next one.
	exportPatience = 2 * time.Minute
)

// beside reads the SBOMs of the entries that work brings, as many as the forges
// allow at once, while it goes on.
func (s *sweep) beside(ctx context.Context, work func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	done := make(chan struct{})
	group.Go(func() error {
		defer close(done)
		return work(ctx)
	})
	group.Go(func() error {
		for {
			select {
			case <-done:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			case <-s.entered:
			}
			s.mu.Lock()
			waiting := s.waiting
			s.waiting = nil
			s.mu.Unlock()
			if err := s.export(ctx, waiting, 0); err != nil {
				return err
			}
		}
	})
	return group.Wait()
}

// exports reads the SBOMs of all entries that wait for theirs: those of a host,
// or of all where it is "".
func (s *sweep) exports(ctx context.Context, host string, patience time.Duration) error {
	var waiting []*registry.Visit
	for v, err := range s.Store.Visits(ctx, "", registry.Entry) {
		if err != nil {
			return err
		}
		if !v.Pending || s.tried[v.Repo] {
			continue
		}
		if src, ok := s.claims.Closest(v.Repo); host == "" || ok && src.Host == host {
			waiting = append(waiting, v)
		}
	}
	return s.export(ctx, waiting, patience)
}

// export reads the SBOMs that forges make themselves of some entries. It waits
// for rate limits until its patience has ended, and leaves the rest.
func (s *sweep) export(ctx context.Context, waiting []*registry.Visit, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	s.limited.Store(false)
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(exportsAtOnce)
	for _, v := range waiting {
		if s.limited.Load() {
			break
		}
		group.Go(func() error { return s.exportOne(fetch.WithPatience(gctx, max(0, time.Until(deadline))), v) })
	}
	err := group.Wait()
	if s.limited.Load() {
		left := len(slices.DeleteFunc(waiting, func(v *registry.Visit) bool { return !v.Pending }))
		s.tell(func(sum *Summary) { sum.Pending = left })
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// exportOne reads the SBOM of one repository into its entries. Its error is one
// that ends the sweep.
func (s *sweep) exportOne(ctx context.Context, v *registry.Visit) error {
	src, ok := s.claims.Closest(v.Repo)
	if !ok {
		return nil
	}
	forge, err := src.Open(ctx)
	if err != nil {
		return ctx.Err() // the source's own failure
	}
	exporter, ok := forge.(Exporter)
	if !ok {
		return s.exported(ctx, v, nil)
	}
	repo := Repo{Repository: registry.Repository{URL: v.URL, Forge: v.Forge, ForgeID: v.ForgeID}}
	var sbom *Export
	err = contained(func() (err error) {
		sbom, err = exporter.Export(ctx, repo)
		return err
	})
	switch {
	case err == nil:
		return s.exported(ctx, v, sbom)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fetch.ErrLimited):
		s.limited.Store(true)
	default:
		s.Log.Warn("the forge's SBOM could not be read", "repository", v.URL, "error", err)
		s.mu.Lock()
		s.tried[v.Repo] = true
		s.mu.Unlock()
	}
	return nil
}

// contained makes an error of a panic.
func contained(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return do()
}

// exported puts a forge's SBOM, or that there is none, into the entries of a
// repository, unless that was visited again meanwhile.
func (s *sweep) exported(ctx context.Context, v *registry.Visit, sbom *Export) error {
	defer s.turns.take(v.Repo)()
	now, err := s.Store.Visit(ctx, v.Repo)
	if err != nil || !now.Time.Equal(v.Time) {
		return err
	}
	for _, id := range append([]registry.ID{v.Repo}, v.Parts...) {
		err := s.amend(ctx, id, func(entry *registry.Software) bool {
			entry.Files = slices.DeleteFunc(entry.Files, isExport)
			if sbom != nil {
				entry.Files = append(entry.Files, registry.File{Path: exportPath, Role: registry.RoleSBOM, Origin: sbom.URL, Bytes: sbom.Bytes})
			}
			s.licences(ctx, entry, entry)
			return true
		})
		if err != nil && !errors.Is(err, registry.ErrInvalid) {
			return err
		}
	}
	v.Pending = false
	return s.Store.PutVisit(ctx, v)
}

// isExport reports whether a file is the SBOM that the forge made.
func isExport(f registry.File) bool {
	return f.Path == exportPath && f.Role == registry.RoleSBOM && f.Origin != ""
}
