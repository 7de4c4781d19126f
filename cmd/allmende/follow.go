// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// following has the index loaded where it can be, and need not be made anew, and
// follows beside what comes next, until stop is called.
func (c *catalogue) following(ctx context.Context, log *slog.Logger, anew bool) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	save := c.loaded(ctx, log, anew) // before who asks first makes it anew
	var beside sync.WaitGroup
	beside.Go(func() { c.follow(ctx, log) })
	beside.Go(func() {
		c.refresh(ctx, log) // waits for follow, where that is making it
		now := time.NewTicker(saveEvery)
		defer now.Stop()
		for ctx.Err() == nil {
			save(ctx)
			select {
			case <-now.C:
			case <-ctx.Done():
			}
		}
	})
	return func() {
		cancel()
		beside.Wait()
	}
}

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

// saveEvery is how old a snapshot of the index gets where something changes: a start
// catches up with what came after it.
const saveEvery = time.Hour

// loaded fills the index from the snapshot beside the store, where there is one
// that is of use. What it returns writes one where something changed since.
func (c *catalogue) loaded(ctx context.Context, log *slog.Logger, anew bool) (save func(context.Context)) {
	if c.snapshot == "" {
		return func(context.Context) {}
	}
	program, err := programHash()
	if err != nil {
		log.Warn("the search index is made anew at each start", "error", err)
		return func(context.Context) {}
	}
	saved := registry.Rev(0)
	why := errors.New("--new-index says so")
	if !anew {
		why = c.index.Load(ctx, c.snapshot, program)
	}
	if why == nil {
		saved = c.index.Rev()
	} else if ctx.Err() == nil {
		log.Info("the search index is made anew", "because", why)
	}
	return func(ctx context.Context) {
		rev := c.index.Rev()
		if rev == saved {
			return
		}
		if err := c.index.Save(ctx, c.snapshot, program); err == nil {
			saved = rev
		} else if ctx.Err() == nil {
			log.Warn("the next start makes the search index anew", "error", err)
		}
	}
}

// programHash is what this very program is known by: another one may analyse texts
// otherwise.
func programHash() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path) //nolint:gosec // ourselves
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}
