// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

// Populate puts n Realistic entries into a store.
func Populate(ctx context.Context, store registry.Store, n int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(100) // side by side they wait for the disk together
	for s := range Realistic(n) {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			_, err := store.Put(ctx, s)
			return err
		})
	}
	return group.Wait()
}
