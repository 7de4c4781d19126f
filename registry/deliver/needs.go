// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// news is the log of needs as it was read last.
type news struct {
	version int64 // of the document that has seq
	seq     int64 // of the last event
	log     []registry.NeedRef
}

// read reads the log where it has grown.
func (n *news) read(ctx context.Context, documents registry.Documents) error {
	seq, version, err := registry.ReadNeedHead(ctx, documents)
	if err != nil || version == n.version {
		return err
	}
	all, err := registry.ReadNeedNews(ctx, documents)
	if err != nil {
		return err
	}
	n.version, n.seq, n.log = version, seq, nil
	for key, one := range all {
		for _, e := range one.Events {
			if e.Seq <= seq { // a later one is in the next reading
				n.log = append(n.log, registry.NeedRef{Key: key, Seq: e.Seq, Added: e.Added})
			}
		}
	}
	slices.SortFunc(n.log, func(a, b registry.NeedRef) int { return cmp.Compare(a.Seq, b.Seq) })
	return nil
}

// takeNeeds makes deliveries of what there is to tell of needs, as takeFor does of
// changes.
func (r *round) takeNeeds(ctx context.Context, q *queue, room int) error {
	now, cursor := time.Now(), r.news.seq
	var taken []*waiting
	for _, e := range r.news.log {
		if e.Seq <= q.needCursor {
			continue
		}
		n, err := registry.PublicNeed(ctx, r.Store, e.Key, now)
		if err != nil && !errors.Is(err, registry.ErrNotFound) {
			return fmt.Errorf("the need %s: %w", e.Key, err)
		}
		if err != nil || !q.sub.About(n) {
			continue
		}
		if len(taken) == room {
			cursor = e.Seq - 1
			break
		}
		taken = append(taken, &waiting{registry.NewNeedDelivery(now, q.sub.ID, e), 0})
	}
	return r.keep(ctx, q, q.cursor, cursor, taken)
}

// noteEvery is how often it is looked at least whether a board has changed, and
// boardShare how much of the time one is made at most: one part in so many.
const (
	noteEvery  = 10 * time.Second
	boardShare = 20
)

// Noter writes down what is new of the needs that everybody may see, for those who
// deliver it, see registry.NoteNeeds.
type Noter struct {
	Store Store
	// Board makes the board that everybody may see.
	Board func(ctx context.Context) (*registry.Board, error)
	Log   *slog.Logger
}

// Run notes until the context ends. Of all processes with the same store one does;
// the others wait until it ends.
func (n *Noter) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := n.once(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, registry.ErrLocked) {
			n.Log.ErrorContext(ctx, "what is new of needs is not noted; it is gone on with", "in", recovery, "error", err)
		}
		sleep(ctx, recovery)
	}
}

// sleep waits for a while, or until the context ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// once notes while it has the lock, and the store answers.
func (n *Noter) once(ctx context.Context) error {
	unlock, err := n.Store.Lock(ctx, "needs")
	if err != nil {
		return err
	}
	defer unlock()
	var noted state
	for ctx.Err() == nil {
		now, err := n.state(ctx)
		if err != nil {
			return err
		}
		wait := noteEvery
		if now != noted {
			begin := time.Now()
			b, err := n.Board(ctx)
			if err != nil {
				return err
			}
			if err := registry.NoteNeeds(ctx, n.Store, b, begin); err != nil {
				return err
			}
			noted = now
			wait = max(wait, boardShare*time.Since(begin))
		}
		sleep(ctx, wait)
	}
	return ctx.Err()
}

// state is what a board depends on.
type state struct {
	rev    registry.Rev
	needs  int
	newest int64 // version
	day    string
}

func (n *Noter) state(ctx context.Context) (s state, err error) {
	if s.rev, err = n.Store.Rev(ctx); err != nil {
		return s, err
	}
	for d, err := range n.Store.ListDocuments(ctx, registry.DocumentList{Kind: registry.NeedsDocument}) {
		if err != nil {
			return s, err
		}
		s.needs, s.newest = s.needs+1, max(s.newest, d.Version)
	}
	s.day = time.Now().UTC().Format(time.DateOnly)
	return s, nil
}
