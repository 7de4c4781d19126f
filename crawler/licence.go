// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler/evidence"
	"github.com/allmende-registry/allmende/registry"
)

// licences lays beside one another what the files of an entry say of its licence,
// and reads its SBOMs. former is the entry as it was; nil for a new one. What was
// corrected of it is no evidence.
func (s *sweep) licences(ctx context.Context, software, former *registry.Software) {
	overrides := software.Overrides
	software.Correct(nil)
	defer software.Correct(overrides)
	software.Licence, software.SBOMs = evidence.Report(evidence.Input{
		Software: software, Former: former, Now: s.Now().UTC(),
		Read: func(f registry.File) ([]byte, error) {
			if f.Bytes != nil {
				return f.Bytes, nil
			}
			return s.Store.File(ctx, f.Hash)
		},
	})
}

// reread makes the licence reports anew that older code made, of the files that
// are kept: no forge is asked.
func (s *sweep) reread(ctx context.Context) error {
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for entry, err := range s.Store.All(gctx) {
		if err != nil {
			return errors.Join(group.Wait(), err)
		}
		if entry.Licence != nil && entry.Licence.Analyser == evidence.Version {
			continue
		}
		group.Go(func() error { return s.rereadOne(gctx, entry.ID) })
	}
	return group.Wait()
}

func (s *sweep) rereadOne(ctx context.Context, id registry.ID) error {
	defer s.turns.take(id)()
	err := contained(func() error {
		return s.amend(ctx, id, func(entry *registry.Software) bool {
			s.licences(ctx, entry, entry)
			return true
		})
	})
	if err != nil {
		return fmt.Errorf("licences of %s: %w", id, err)
	}
	return nil
}
