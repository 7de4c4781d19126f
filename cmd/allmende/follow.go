// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"log/slog"
)

// follow makes the index at once, so that who asks first waits for what is left of
// that at most. Then it keeps the index at the end of the change log where the
// store tells of changes, also those by other processes, until the context ends: so
// that no reader waits for it. A store that does not tell is asked by each search.
func (c *catalogue) follow(ctx context.Context, log *slog.Logger) {
	c.refresh(ctx, log)
	store, ok := c.store.(interface {
		Listen(context.Context) (<-chan struct{}, error)
	})
	if !ok {
		return
	}
	changed, err := store.Listen(ctx)
	if err != nil {
		log.Warn("what others change is seen with the next search only", "error", err)
		return
	}
	for range changed {
		c.refresh(ctx, log)
	}
}

func (c *catalogue) refresh(ctx context.Context, log *slog.Logger) {
	if err := c.index.Refresh(ctx); err != nil && ctx.Err() == nil {
		log.Error("the next search tries again", "error", err)
	}
}
