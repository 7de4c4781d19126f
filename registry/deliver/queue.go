// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"slices"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// queue is a subscription with the deliveries that wait, as the store has them.
type queue struct {
	version int64 // of the document of sub; 0 where all is to be read again
	sub     *registry.Subscription
	cursor  registry.Rev // up to which changes were looked at; sub.Cursor follows
	// needCursor is the same of needs.
	needCursor int64
	waiting    []*waiting // in order of their IDs
	sending    map[string]bool
	busy       map[registry.ID]bool // entries of which a change is being sent
}

// waiting is a delivery with the version of its document.
type waiting struct {
	*registry.Delivery
	version int64
}

// live reports whether anything is to be done for it, as far as is known.
func (q *queue) live() bool { return q.version != 0 && q.sub.Disabled.IsZero() }

// due is when a delivery is to be tried.
func (q *queue) due(w *waiting) time.Time {
	if w.Tried.Before(q.sub.Enabled) {
		return time.Time{} // what failed before it was switched on again
	}
	return w.Next
}

// room is how many more may be taken: none where much waits, so that they come in
// batches when some of that is gone.
func (q *queue) room() int {
	if len(q.waiting) > registry.MaxDeliveries/2 {
		return 0
	}
	return registry.MaxDeliveries - len(q.waiting)
}

// giveUp is the number of attempts after which a receiver is not slow or away for
// a while, but does not take what is sent: 35 minutes at least.
const giveUp = 4

// stuck reports whether no more is taken, and that is not for a receiver that is
// slow.
func (q *queue) stuck() bool {
	return q.room() == 0 && !slices.ContainsFunc(q.waiting, func(w *waiting) bool {
		return w.Attempts < giveUp || w.Tried.Before(q.sub.Enabled)
	})
}

func (q *queue) find(id string) *waiting {
	for _, w := range q.waiting {
		if w.ID == id {
			return w
		}
	}
	return nil
}

func (q *queue) remove(w *waiting) {
	q.waiting = slices.DeleteFunc(q.waiting, func(other *waiting) bool { return other == w })
}

// entryOf is what a delivery is about, an entry or a need; "" for a test.
func entryOf(d *registry.Delivery) registry.ID {
	switch {
	case d.Change != nil:
		return d.Change.ID
	case d.Need != nil:
		return registry.ID(d.Need.Key) // no entry has one with #
	}
	return ""
}
