// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

const (
	maxWaiting = 1000 // who wait for a change at once
	// lookEvery is how often the log is looked at while somebody waits, besides when
	// Options.Changed tells.
	lookEvery = time.Second
	// maxRecent is how many of the newest changes are kept for those who follow.
	maxRecent = 512
)

// watch looks at the end of the log for all who wait for it to grow: one goroutine
// from the first who waits to the last, whatever their number.
type watch struct {
	a     *api
	grown hosts.Bell

	mu      sync.Mutex
	waiting int
	end     context.CancelFunc
	// recent are the changes after the revision from up to rev, the oldest first.
	recent    []*event
	from, rev registry.Rev
	known     bool // from and rev are those of the log
}

// join has the log watched until leave is called.
func (w *watch) join() (leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waiting++; w.waiting == 1 {
		var ctx context.Context
		ctx, w.end = context.WithCancel(context.Background())
		w.known, w.recent = false, nil
		go w.run(ctx)
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.waiting--; w.waiting == 0 {
			w.end()
		}
	}
}

// after are the changes after a revision as far as they are kept; ok is false where
// more of them may be in the log.
func (w *watch) after(rev registry.Rev) (list []*event, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.known || rev < w.from || rev > w.rev {
		return nil, false
	}
	return w.recent[rev-w.from:], true // of which nothing is changed, see look
}

func (w *watch) run(ctx context.Context) {
	pause := time.NewTicker(lookEvery)
	defer pause.Stop()
	for {
		told := w.a.changed()
		w.look(ctx)
		select {
		case <-told:
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

// look reads what came to the log, and wakes who waits for it. Its first reading
// wakes all: they may have looked before it was watched.
func (w *watch) look(ctx context.Context) {
	rev, err := w.a.catalogue.Rev(ctx)
	if err != nil {
		return
	}
	w.mu.Lock()
	known, last := w.known, w.rev
	w.mu.Unlock()
	if known && rev == last {
		return
	}
	var came []*event
	if known && rev > last && rev-last <= maxRecent {
		for c, err := range w.a.catalogue.Changes(ctx, last) {
			if err != nil {
				return
			}
			came = append(came, w.a.newEvent(c))
			if c.Rev >= rev {
				break
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil { // the next one may be looking already
		return
	}
	if rev-registry.Rev(len(came)) != last || !known {
		w.recent, came, w.from = nil, nil, rev
	}
	w.recent = append(w.recent, came...) // beyond the length of what others hold
	if over := len(w.recent) - maxRecent; over > 0 {
		w.recent = w.recent[over:]
		w.from += registry.Rev(over)
	}
	w.rev, w.known = rev, true
	w.grown.Ring()
}
