// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// stored is what Put must know of the row that it replaces.
type stored struct {
	n         int64
	key       sql.NullString
	id        registry.ID
	removed   bool
	document  string
	firstSeen string
	changed   string
	rev       registry.Rev
}

const storedColumns = "n, key, id, removed, document, first_seen, changed, rev"

func find(ctx context.Context, tx *sql.Tx, where string, args ...any) (*stored, error) {
	var r stored
	err := tx.QueryRowContext(ctx, "SELECT "+storedColumns+" FROM entry WHERE "+where, args...).
		Scan(&r.n, &r.key, &r.id, &r.removed, &r.document, &r.firstSeen, &r.changed, &r.rev)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// Put implements [registry.Store].
func (s *Store) Put(ctx context.Context, software *registry.Software) (registry.Change, error) {
	if err := software.Check(); err != nil {
		return registry.Change{}, err
	}
	next := *software
	var change registry.Change
	err := s.update(ctx, func(tx *sql.Tx) (err error) {
		change, err = put(ctx, tx, &next)
		return err
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "write the entry %s", software.ID)
	}
	*software = next
	return change, nil
}

func put(ctx context.Context, tx *sql.Tx, s *registry.Software) (registry.Change, error) {
	var change registry.Change
	files, err := sealFiles(ctx, tx, s.Files)
	if err != nil {
		return change, err
	}
	s.Files = files
	document, err := encode(normal(s))
	if err != nil {
		return change, err
	}

	old, err := former(ctx, tx, s)
	if err != nil {
		return change, err
	}
	change = registry.Change{ID: s.ID, Time: now()}
	s.FirstSeen = change.Time
	switch {
	case old == nil:
		change.Kind = registry.Added
	case old.removed:
		change.Kind = registry.Restored
	case old.key.String != s.ID.Key():
		change.Kind = registry.Renamed
	case old.document != document:
		change.Kind = registry.Updated
	default:
		s.Rev = old.rev
		return registry.Change{ID: s.ID}, old.times(s)
	}

	if old != nil {
		if err := old.times(s); err != nil {
			return change, err
		}
		if old.key.Valid && old.key.String != s.ID.Key() {
			change.From = old.id
		}
	}
	if err := takeAddress(ctx, tx, s.ID, old, change.Time); err != nil {
		return change, err
	}
	if change.Rev, err = record(ctx, tx, change); err != nil {
		return change, err
	}
	s.Changed, s.Rev = change.Time, change.Rev
	n, err := write(ctx, tx, s, old, document)
	if err != nil {
		return change, err
	}
	if change.From != "" {
		if _, err := tx.ExecContext(ctx, "INSERT INTO alias (key, id, entry) VALUES (?, ?, ?)",
			change.From.Key(), change.From, n); err != nil {
			return change, err
		}
	}
	return change, putFiles(ctx, tx, n, change.Rev, s.Files)
}

// former is the row that s continues: the one of its repository by the forge's
// own id, and of the same folder in it, wherever it was, else the one at its
// address.
func former(ctx context.Context, tx *sql.Tx, s *registry.Software) (*stored, error) {
	at, err := find(ctx, tx, "key = ?", s.ID.Key())
	if err != nil || s.Repository.ForgeID == "" {
		return at, err
	}
	by, err := find(ctx, tx, "host = ? AND forge_id = ? AND folder = ? ORDER BY key IS ? DESC, key IS NULL, removed, rev DESC LIMIT 1",
		s.ID.Host(), s.Repository.ForgeID, folder(s.ID), s.ID.Key())
	if err != nil || by != nil {
		return by, err
	}
	return at, nil
}

// folder is that of a part of a repository, with its case folded as in the key.
func folder(id registry.ID) string { return registry.ID(id.Folder()).Key() }

// takeAddress makes id free for an entry that was not at it before. An alias
// ends. Another repository's entry loses its address and is removed; it waits
// to be seen again by its forge's id.
func takeAddress(ctx context.Context, tx *sql.Tx, id registry.ID, old *stored, at time.Time) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM alias WHERE key = ?", id.Key()); err != nil {
		return err
	}
	other, err := find(ctx, tx, "key = ?", id.Key())
	if err != nil || other == nil || old != nil && other.n == old.n {
		return err
	}
	if !other.removed {
		other.rev, err = record(ctx, tx, registry.Change{
			ID: other.id, Kind: registry.Removed, Reason: registry.RepositoryGone, Time: at,
		})
		if err != nil {
			return err
		}
		other.changed = at.Format(stamp)
	}
	_, err = tx.ExecContext(ctx, "UPDATE entry SET key = NULL, removed = 1, changed = ?, rev = ? WHERE n = ?",
		other.changed, other.rev, other.n)
	return err
}

// write inserts the row of s, or replaces old, and returns its number.
func write(ctx context.Context, tx *sql.Tx, s *registry.Software, old *stored, document string) (int64, error) {
	values := []any{
		s.ID.Key(), s.ID, s.ID.Host(), s.Repository.ForgeID, folder(s.ID), document,
		s.FirstSeen.Format(stamp), s.Changed.Format(stamp), s.Rev,
	}
	if old != nil {
		_, err := tx.ExecContext(ctx, `UPDATE entry SET removed = 0, key = ?, id = ?, host = ?, forge_id = ?, folder = ?, document = ?,
			first_seen = ?, changed = ?, rev = ? WHERE n = ?`, append(values, old.n)...)
		return old.n, err
	}
	var n int64
	err := tx.QueryRowContext(ctx, `INSERT INTO entry (key, id, host, forge_id, folder, document, first_seen, changed, rev)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING n`, values...).Scan(&n)
	return n, err
}

// times sets on s what the store knew of it.
func (r *stored) times(s *registry.Software) error {
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
	err := s.update(ctx, func(tx *sql.Tx) error {
		old, err := find(ctx, tx, "key = ?", id.Key())
		if err != nil {
			return err
		}
		if old == nil {
			return absent(ctx, tx, id)
		}
		change = registry.Change{ID: old.id}
		if old.removed {
			return nil
		}
		change.Kind, change.Reason, change.Time = registry.Removed, why, now()
		if change.Rev, err = record(ctx, tx, change); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE entry SET removed = 1, changed = ?, rev = ? WHERE n = ?",
			change.Time.Format(stamp), change.Rev, old.n)
		return err
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "remove the entry %s", id)
	}
	return change, nil
}
