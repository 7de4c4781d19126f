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
	"path/filepath"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/search"
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
// that no reader waits for it, and then tells who waits for changes. A store that does
// not tell is asked by each search.
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
		c.changed.Ring()
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

// snapshotPath is the file in which the search index of a store is kept for the
// next start: beside an SQLite file, else in the folder for what may be deleted
// that systemd gives, or that of the user. It is "" where there is none.
func snapshotPath(store string) string {
	if path := sqlitePath(store); path != store {
		return path + ".index"
	}
	dir := os.Getenv("CACHE_DIRECTORY")
	if given := filepath.SplitList(dir); len(given) > 0 {
		dir = given[0]
	} else if user, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(user, "allmende")
	}
	if dir == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(store))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])+".index")
}

// keepIndex brings the snapshot of a store's index up to date, so that the serve
// that starts next has one.
func keepIndex(ctx context.Context, store store, address string, log *slog.Logger) {
	c := &catalogue{store: store, index: search.New(store), snapshot: snapshotPath(address)}
	save := c.loaded(ctx, log, false)
	c.refresh(ctx, log)
	save(ctx)
}

// loaded fills the index from the snapshot of the store, where there is one that
// is of use. What it returns writes one where something changed since.
func (c *catalogue) loaded(ctx context.Context, log *slog.Logger, anew bool) (save func(context.Context)) {
	if c.snapshot == "" {
		return func(context.Context) {}
	}
	saved := registry.Rev(0)
	if err := c.load(ctx, anew); err == nil {
		saved = c.index.Rev()
	} else if ctx.Err() == nil {
		log.Info("the search index is made anew", "because", err)
	}
	return func(ctx context.Context) {
		rev := c.index.Rev()
		if rev == saved {
			return
		}
		if err := c.save(ctx); err == nil {
			saved = rev
		} else if ctx.Err() == nil {
			log.Warn("the next start makes the search index anew", "error", err)
		}
	}
}

func (c *catalogue) load(ctx context.Context, anew bool) error {
	if anew {
		return errors.New("--new-index says so")
	}
	if _, err := os.Stat(c.snapshot); err != nil {
		return err
	}
	program, err := programHash()
	if err != nil {
		return err
	}
	return c.index.Load(ctx, c.snapshot, program)
}

func (c *catalogue) save(ctx context.Context) error {
	program, err := programHash()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(c.snapshot), 0o700)
	}
	if err != nil {
		return err
	}
	return c.index.Save(ctx, c.snapshot, program)
}

// programHash is what this very program is known by: another one may analyse texts
// otherwise. All of it is read for that, once.
var programHash = sync.OnceValues(func() (string, error) {
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
})
