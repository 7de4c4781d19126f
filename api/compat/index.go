// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package compat

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/allmende-registry/allmende/registry"
)

// index knows every entry that ever was by its UUID and by the IDs that it has
// and had. It follows the change log, from its beginning, so that it comes out
// the same in every process; nothing of it is kept.
type index struct {
	mu     sync.Mutex
	rev    registry.Rev
	byUUID map[string]*record
	byKey  map[string]*record // by ID.Key, of the current and the former IDs
	// lost are removed entries whose ID another one has taken, by that.
	lost    map[string]*record
	order   []*record // by their cursor
	changed time.Time // when the log last grew
}

// record is what the change log tells of one entry.
type record struct {
	uuid             string
	id               registry.ID
	former           []registry.ID
	created, updated time.Time
	added            registry.Rev
	state            state
}

func (r *record) place() cursor { return cursor{r.created, r.uuid} }

// copy is what a reader gets, who keeps it while the index goes on.
func (r *record) copy() record {
	c := *r
	c.former = slices.Clone(r.former)
	return c
}

type state int

const (
	active   state = iota
	inactive       // shown where all are asked for
	hidden         // not there
)

// stateOf tells how an entry shows that was removed. What the repository lost may
// come back. What is at another place now, and what its maintainers or the operator
// do not want to be seen, is not there.
func stateOf(why registry.Reason) state {
	switch why {
	case registry.RepositoryGone, registry.FileGone, registry.NotCatalogued:
		return inactive
	}
	return hidden
}

// softwareUUID is the id of the entry that has an ID first: a UUID of version 5
// (RFC 9562) of its web address.
func softwareUUID(id registry.ID) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://"+id.Key())).String()
}

// current brings the index to the end of the change log and locks it until done is
// called.
func (x *index) current(ctx context.Context, store registry.Store) (done func(), err error) {
	x.mu.Lock()
	if x.byUUID == nil {
		x.byUUID, x.byKey, x.lost = map[string]*record{}, map[string]*record{}, map[string]*record{}
	}
	rev, err := store.Rev(ctx)
	if err == nil && rev < x.rev {
		err = fmt.Errorf("the change log ends at revision %d, and went on to %d before", rev, x.rev)
	}
	if err == nil && rev > x.rev {
		for c, failed := range store.Changes(ctx, x.rev) {
			if err = failed; err != nil {
				break
			}
			x.take(c)
		}
	}
	if err != nil {
		x.mu.Unlock()
		return nil, err
	}
	return x.mu.Unlock, nil
}

// take follows one change.
func (x *index) take(c registry.Change) {
	x.rev = c.Rev
	key := c.ID.Key()
	r := x.byKey[key]
	at := moment(c.Time)
	x.changed = at
	switch c.Kind {
	case registry.Added:
		if r != nil && r.id.Key() != key { // the alias ends
			r.former = slices.DeleteFunc(r.former, c.ID.Same)
		}
		r = x.add(c, at)
	case registry.Renamed, registry.Restored:
		r = x.moved(c, r)
		if r == nil {
			r = x.add(c, at)
		}
		r.state = active
	case registry.Removed:
		if r == nil {
			return
		}
		r.state = stateOf(c.Reason)
		if c.Reason == registry.NotCatalogued && c.Rev == r.added+1 {
			at = r.updated // it was brought like this
		}
	}
	if r == nil { // a log that does not begin at its beginning
		r = x.add(c, at)
	}
	r.id, r.updated = c.ID, at
	x.byKey[key] = r
}

// moved finds the entry that a change speaks of by its former ID, where it gives
// one, and notes that.
func (x *index) moved(c registry.Change, there *record) *record {
	if c.From == "" {
		return there
	}
	from := c.From.Key()
	r := x.byKey[from]
	if lost := x.lost[from]; lost != nil && c.Kind == registry.Restored {
		r = lost
		delete(x.lost, from)
	}
	if r == nil {
		return there
	}
	if there != nil && there != r && there.id.Key() == c.ID.Key() {
		x.lost[c.ID.Key()] = there
	}
	r.former = slices.DeleteFunc(r.former, c.ID.Same)
	if !slices.ContainsFunc(r.former, c.From.Same) && x.byKey[from] == r && !c.From.Same(c.ID) {
		r.former = append(r.former, c.From)
	}
	return r
}

func (x *index) add(c registry.Change, at time.Time) *record {
	r := &record{uuid: softwareUUID(c.ID), id: c.ID, created: at, updated: at, added: c.Rev}
	if x.byUUID[r.uuid] != nil { // what had the ID first has another one now
		r.uuid = uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "https://%s#%d", c.ID.Key(), c.Rev)).String()
	}
	x.byUUID[r.uuid] = r
	i := x.find(r.place())
	x.order = slices.Insert(x.order, i, r)
	return r
}

// find is the place of the first record that is not before a cursor.
func (x *index) find(c cursor) int {
	i, _ := slices.BinarySearchFunc(x.order, c, func(r *record, c cursor) int {
		return cmp.Or(r.created.Compare(c.at), cmp.Compare(r.uuid, c.id))
	})
	return i
}

// read gives the records of a page in the direction of its reading, and one more
// where there is one.
func (x *index) read(w *window) []record {
	var out []record
	take := func(r *record) bool {
		if (r.state == active || w.all && r.state == inactive) && w.covers(r.created) {
			out = append(out, r.copy())
		}
		return len(out) <= w.size
	}
	if w.backward() {
		for i := x.find(*w.before) - 1; i >= 0 && take(x.order[i]); i-- {
		}
		return out
	}
	i := 0
	if w.after != nil {
		i = x.find(*w.after)
		if i < len(x.order) && !w.after.before(x.order[i].place()) {
			i++
		}
	}
	for ; i < len(x.order) && take(x.order[i]); i++ {
	}
	return out
}
