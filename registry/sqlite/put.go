// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// entryRow is what Put must know of the row that it replaces.
type entryRow struct {
	n         int64
	key       sql.NullString
	id        registry.ID
	forgeID   string
	removed   bool
	document  string
	firstSeen string
	changed   string
	rev       registry.Rev
}

const (
	findStored = "SELECT n, key, id, forge_id, removed, document, first_seen, changed, rev FROM entry WHERE "
	findByID   = findStored + "key = ?"
	// findByForge says forge_id <> '' because only so the index is used.
	findByForge = findStored + `host = ? AND forge_id = ? AND folder = ? AND forge_id <> ''
		ORDER BY key IS NULL, removed, rev DESC LIMIT 1`
)

// find returns nil where there is no such row.
func find(ctx context.Context, w *writer, query string, args ...any) (*entryRow, error) {
	var r entryRow
	err := w.row(ctx, query, args...).
		Scan(&r.n, &r.key, &r.id, &r.forgeID, &r.removed, &r.document, &r.firstSeen, &r.changed, &r.rev)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// Put implements [registry.Store]. What can be done before its turn comes is
// done before.
func (s *Store) Put(ctx context.Context, software *registry.Software) (registry.Change, error) {
	if err := software.Check(); err != nil {
		return registry.Change{}, err
	}
	var next registry.Software
	var change registry.Change
	err := unlessPruned(func() (err error) {
		next = *software
		change, err = s.put(ctx, &next)
		return err
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "write the entry %s", software.ID)
	}
	*software = next
	return change, nil
}

func (s *Store) put(ctx context.Context, software *registry.Software) (change registry.Change, err error) {
	files, fresh, err := s.sealFiles(ctx, software.Files)
	if err != nil {
		return change, err
	}
	software.Files = files
	sboms, err := form.PackSBOMs(software.SBOMs)
	if err != nil {
		return change, err
	}
	software.SBOMs = slices.Clone(software.SBOMs)
	for i := range software.SBOMs {
		software.SBOMs[i].Document = nil
	}
	document, err := encode(software.Content())
	if err != nil {
		return change, err
	}
	err = s.write.update(ctx, func(ctx context.Context) error {
		change, err = put(ctx, s.write, software, document, fresh)
		if err != nil {
			return err
		}
		return putSBOMs(ctx, s.write, sboms)
	})
	return change, err
}

func put(ctx context.Context, w *writer, s *registry.Software, document string, fresh []stored.Content) (registry.Change, error) {
	key := s.ID.Key()
	at, err := find(ctx, w, findByID, key)
	if err != nil {
		return registry.Change{}, err
	}
	old, err := former(ctx, w, s, at)
	if err != nil {
		return registry.Change{}, err
	}
	if s.Rev != 0 && (old == nil || old.rev != s.Rev) {
		return registry.Change{}, fmt.Errorf("%w: it is not at revision %d any more; read it again", registry.ErrConflict, s.Rev)
	}
	change := registry.Change{ID: s.ID, Time: stored.Now()}
	s.FirstSeen = change.Time
	switch {
	case old == nil:
		change.Kind = registry.Added
	case old.removed:
		change.Kind = registry.Restored
	case old.key.String != key:
		change.Kind = registry.Renamed
	case unsealed(old.document) != unsealed(document):
		change.Kind = registry.Updated
	default:
		s.Rev = old.rev
		return registry.Change{ID: s.ID}, old.times(s)
	}

	if old != nil {
		if err := old.times(s); err != nil {
			return change, err
		}
		if old.key.Valid && old.key.String != key {
			change.From = old.id
		}
		if err := keep(ctx, w, old); err != nil {
			return change, err
		}
	}
	if at == nil || at.n != old.n {
		if err := takeAddress(ctx, w, key, at, change.Time); err != nil {
			return change, err
		}
	}
	if change.Rev, err = record(ctx, w, change); err != nil {
		return change, err
	}
	s.Changed, s.Rev = change.Time, change.Rev
	n, err := write(ctx, w, s, old, document)
	if err != nil {
		return change, err
	}
	if change.From != "" {
		if _, err := w.exec(ctx, "INSERT INTO alias (key, id, entry) VALUES (?, ?, ?)", change.From.Key(), change.From, n); err != nil {
			return change, err
		}
	}
	return change, putFiles(ctx, w, n, change.Rev, s.Files, fresh)
}

// former is the row that s continues: the one of its repository by the forge's
// own id, and of the same folder in it, wherever it was, else the one at its
// address.
func former(ctx context.Context, w *writer, s *registry.Software, at *entryRow) (*entryRow, error) {
	forgeID := s.Repository.ForgeID
	if forgeID == "" || at != nil && at.forgeID == forgeID {
		return at, nil
	}
	by, err := find(ctx, w, findByForge, s.ID.Host(), forgeID, folder(s.ID))
	if by == nil {
		by = at
	}
	return by, err
}

// folder is that of a part of a repository, with its case folded as in the key.
func folder(id registry.ID) string { return registry.ID(id.Folder()).Key() }

// takeAddress makes the address of key free for an entry that was not at it
// before. An alias ends. Another repository's entry, the one that is at it, loses
// it and is removed; it waits to be seen again by its forge's id.
func takeAddress(ctx context.Context, w *writer, key string, at *entryRow, now time.Time) error {
	if at == nil {
		_, err := w.exec(ctx, "DELETE FROM alias WHERE key = ?", key)
		return err
	}
	if !at.removed {
		err := keep(ctx, w, at)
		if err != nil {
			return err
		}
		at.rev, err = record(ctx, w, registry.Change{ID: at.id, Kind: registry.Removed, Reason: registry.RepositoryGone, Time: now})
		if err != nil {
			return err
		}
		at.changed = now.Format(stamp)
	}
	_, err := w.exec(ctx, "UPDATE entry SET key = NULL, removed = 1, changed = ?, rev = ? WHERE n = ?", at.changed, at.rev, at.n)
	return err
}

// write inserts the row of s, or changes old, and returns its number. Columns
// that are in an index are left alone where they stay as they are.
func write(ctx context.Context, w *writer, s *registry.Software, old *entryRow, document string) (int64, error) {
	forgeID, changed := s.Repository.ForgeID, s.Changed.Format(stamp)
	if old != nil && !old.removed && old.id == s.ID && old.forgeID == forgeID {
		_, err := w.exec(ctx, "UPDATE entry SET document = ?, changed = ?, rev = ? WHERE n = ?", document, changed, s.Rev, old.n)
		return old.n, err
	}
	values := []any{s.ID.Key(), s.ID, s.ID.Host(), forgeID, folder(s.ID), document, changed, s.Rev}
	if old != nil {
		_, err := w.exec(ctx, `UPDATE entry SET removed = 0, key = ?, id = ?, host = ?, forge_id = ?, folder = ?, document = ?,
			changed = ?, rev = ? WHERE n = ?`, append(values, old.n)...)
		return old.n, err
	}
	return w.insert(ctx, `INSERT INTO entry (key, id, host, forge_id, folder, document, changed, rev, first_seen)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(values, s.FirstSeen.Format(stamp))...)
}

// times sets on s what the store knew of it.
func (r *entryRow) times(s *registry.Software) error {
	var err, err2 error
	s.FirstSeen, err = parseTime(r.firstSeen)
	s.Changed, err2 = parseTime(r.changed)
	return errors.Join(err, err2)
}

// Remove implements [registry.Store].
func (s *Store) Remove(ctx context.Context, id registry.ID, why registry.Reason) (registry.Change, error) {
	if why == "" {
		return registry.Change{}, fmt.Errorf("%w: removal of %s without a reason", registry.ErrInvalid, id)
	}
	var change registry.Change
	err := s.write.update(ctx, func(ctx context.Context) error {
		old, err := find(ctx, s.write, findByID, id.Key())
		if err != nil {
			return err
		}
		if old == nil {
			return absent(ctx, &s.write.statements, id)
		}
		change = registry.Change{ID: old.id}
		if old.removed {
			return nil
		}
		change.Kind, change.Reason, change.Time = registry.Removed, why, stored.Now()
		if err := keep(ctx, s.write, old); err != nil {
			return err
		}
		if change.Rev, err = record(ctx, s.write, change); err != nil {
			return err
		}
		_, err = s.write.exec(ctx, "UPDATE entry SET removed = 1, changed = ?, rev = ? WHERE n = ?",
			change.Time.Format(stamp), change.Rev, old.n)
		return err
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "remove the entry %s", id)
	}
	return change, nil
}
