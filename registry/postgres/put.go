// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// previous is what Put must know of the row that it replaces.
type previous struct {
	n         int64
	key       *string // nil once another repository took the address
	id        registry.ID
	forgeID   string
	removed   bool
	document  string
	firstSeen time.Time
	changed   time.Time
	rev       registry.Rev
}

const (
	findPrevious = "SELECT n, key, id, forge_id, removed, document, first_seen, changed, rev FROM entry WHERE "
	findByID     = findPrevious + "key = $1"
	// findByForge says forge_id <> '' because only so the index is used.
	findByForge = findPrevious + `host = $1 AND forge_id = $2 AND folder = $3 AND forge_id <> ''
		ORDER BY key IS NULL, removed, rev DESC LIMIT 1`
)

func scanPrevious(row scanner) (*previous, error) {
	var p previous
	var forgeID []byte
	err := row.Scan(&p.n, &p.key, &p.id, &forgeID, &p.removed, &p.document, &p.firstSeen, &p.changed, &p.rev)
	p.forgeID = string(forgeID)
	return &p, err
}

// isAt reports whether the entry has, or had last, the address of key.
func (p *previous) isAt(key string) bool { return p.key != nil && *p.key == key }

// times sets on s what the store knew of it.
func (p *previous) times(s *registry.Software) {
	s.FirstSeen, s.Changed = p.firstSeen.UTC(), p.changed.UTC()
}

// same reports whether a Put of s, whose document is given, at the address of p
// changes nothing.
func (p *previous) same(s *registry.Software, document string) bool {
	return !p.removed && p.document == document && (s.Rev == 0 || s.Rev == p.rev) &&
		(s.Repository.ForgeID == "" || s.Repository.ForgeID == p.forgeID)
}

// found takes the first row of a query in a batch, if there is one, to into.
func found(q *pgx.QueuedQuery, into **previous) {
	q.Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*previous, error) { return scanPrevious(row) })
		if *into = nil; len(all) > 0 {
			*into = all[0]
		}
		return err
	})
}

// Put implements [registry.Store].
func (s *Store) Put(ctx context.Context, software *registry.Software) (registry.Change, error) {
	if err := software.Check(); err != nil {
		return registry.Change{}, err
	}
	var next *registry.Software
	var change registry.Change
	err := unlessPruned(func() (err error) {
		next, change, err = s.put(ctx, software)
		return err
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "write the entry %s", software.ID)
	}
	*software = *next
	return change, nil
}

func (s *Store) put(ctx context.Context, software *registry.Software) (*registry.Software, registry.Change, error) {
	none := registry.Change{ID: software.ID}
	files, err := stored.HashFiles(software.Files)
	if err != nil {
		return nil, none, err
	}
	sizes, at, err := s.look(ctx, software.ID, files)
	if err != nil {
		return nil, none, err
	}
	contents, err := stored.SizeFiles(files, sizes)
	if err != nil {
		return nil, none, err
	}
	sboms, err := form.PackSBOMs(software.SBOMs)
	if err != nil {
		return nil, none, err
	}
	sealed := *software
	sealed.Files, sealed.SBOMs = files, slices.Clone(software.SBOMs)
	for i := range sealed.SBOMs {
		sealed.SBOMs[i].Document = nil
	}
	document, err := stored.Encode(sealed.Content())
	if err != nil {
		return nil, none, err
	}
	// As in most visits of a crawl, for which nobody need wait.
	if at != nil && at.same(&sealed, document) && len(sboms) == 0 {
		at.times(&sealed)
		sealed.Rev = at.rev
		return &sealed, none, nil
	}
	var change registry.Change
	var next registry.Software
	err = s.append(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		next = sealed
		change, err = putIn(ctx, tx, &next, document, contents, sboms)
		return err
	})
	return &next, change, err
}

// look asks at once for what Put needs to know beforehand: the sizes of files
// that are stored, and the entry at its address, nil where there is none.
func (s *Store) look(ctx context.Context, id registry.ID, files []registry.File) (sizes map[string]int, at *previous, err error) {
	err = s.attempt(ctx, writeAttempts, func() error {
		sizes = map[string]int{}
		var batch pgx.Batch
		queueSizes(&batch, files, sizes)
		found(batch.Queue(findByID, id.Key()), &at)
		return s.pool.SendBatch(ctx, &batch).Close()
	})
	return sizes, at, err
}

// given are the highest numbers given out.
type given struct {
	rev   registry.Rev
	entry int64
}

// putIn asks the server twice: for what is there, with the log locked, and to
// write all.
func putIn(ctx context.Context, tx pgx.Tx, s *registry.Software, document string, contents, sboms []stored.Content) (registry.Change, error) {
	key := s.ID.Key()
	var at, by *previous
	var given given
	var batch pgx.Batch
	putContents(&batch, contents)
	batch.Queue(lockLog)
	batch.Queue("SELECT (" + newestRev + "), (SELECT coalesce(max(n), 0) FROM entry)").
		QueryRow(func(row pgx.Row) error { return row.Scan(&given.rev, &given.entry) })
	found(batch.Queue(findByID, key), &at)
	if s.Repository.ForgeID != "" {
		found(batch.Queue(findByForge, s.ID.Host(), []byte(s.Repository.ForgeID), folder(s.ID)), &by)
	}
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return registry.Change{}, err
	}

	old := former(s, at, by)
	if s.Rev != 0 && (old == nil || old.rev != s.Rev) {
		return registry.Change{}, fmt.Errorf("%w: it is not at revision %d any more; read it again", registry.ErrConflict, s.Rev)
	}
	batch = pgx.Batch{}
	putSBOMs(&batch, sboms)
	change := compose(&batch, s, document, given, at, old)
	return change, tx.SendBatch(ctx, &batch).Close()
}

// compose says what kind of change a Put is, queues what it writes, and sets on s
// what the store sets. at is the entry at its address, old the one that it
// continues; nil where there is none.
func compose(batch *pgx.Batch, s *registry.Software, document string, given given, at, old *previous) registry.Change {
	key := s.ID.Key()
	change := registry.Change{ID: s.ID, Time: stored.Now()}
	s.FirstSeen = change.Time
	if old != nil {
		old.times(s)
	}
	switch {
	case old == nil:
		change.Kind = registry.Added
	case old.removed:
		change.Kind = registry.Restored
	case !old.isAt(key):
		change.Kind = registry.Renamed
	case old.document != document:
		change.Kind = registry.Updated
	default:
		s.Rev = old.rev
		return registry.Change{ID: s.ID}
	}
	if at == nil || old == nil || at.n != old.n {
		given.rev = takeAddress(batch, key, at, given.rev, change.Time)
	}
	if old != nil {
		if old.key != nil && *old.key != key {
			change.From = old.id
		}
		keep(batch, old)
	}
	change.Rev = given.rev + 1
	record(batch, change)
	s.Changed, s.Rev = change.Time, change.Rev
	n := write(batch, s, old, document, given.entry+1)
	if change.From != "" {
		putAlias(batch, change.From, n)
	}
	putFiles(batch, n, change.Rev, s.Files)
	return change
}

// former is the entry that s continues: the one of its repository by the forge's
// own id, and of the same folder in it, wherever it was, else the one at its
// address.
func former(s *registry.Software, at, by *previous) *previous {
	if by == nil || at != nil && at.forgeID == s.Repository.ForgeID {
		return at
	}
	return by
}

// folder is that of a part of a repository, with its case folded as in the key.
func folder(id registry.ID) string { return registry.ID(id.Folder()).Key() }

// takeAddress makes the address of key free for an entry that was not at it
// before, and returns the newest revision then. An alias ends. Another
// repository's entry, the one that is at it, loses it and is removed; it waits to
// be seen again by its forge's id.
func takeAddress(batch *pgx.Batch, key string, at *previous, newest registry.Rev, now time.Time) registry.Rev {
	if at == nil {
		batch.Queue("DELETE FROM alias WHERE key = $1", key)
		return newest
	}
	if !at.removed {
		keep(batch, at)
		newest++
		record(batch, registry.Change{Rev: newest, ID: at.id, Kind: registry.Removed, Reason: registry.RepositoryGone, Time: now})
		at.changed, at.rev = now, newest
	}
	batch.Queue("UPDATE entry SET key = NULL, removed = true, changed = $1, rev = $2 WHERE n = $3", at.changed, at.rev, at.n)
	return newest
}

// write changes the row of old, or inserts one with the number n, and returns its
// number.
func write(batch *pgx.Batch, s *registry.Software, old *previous, document string, n int64) int64 {
	if old == nil {
		key := s.ID.Key()
		insertEntry(batch, n, &key, false, s, document)
		return n
	}
	batch.Queue(`UPDATE entry SET removed = false, key = $1, id = $2, host = $3, forge_id = $4, folder = $5, document = $6,
		changed = $7, rev = $8 WHERE n = $9`,
		s.ID.Key(), s.ID, s.ID.Host(), []byte(s.Repository.ForgeID), folder(s.ID), document, s.Changed, s.Rev, old.n)
	return old.n
}

// insertEntry makes the row of s; key is nil where another entry has its address.
func insertEntry(batch *pgx.Batch, n int64, key *string, removed bool, s *registry.Software, document string) {
	batch.Queue(`INSERT INTO entry (n, key, id, host, forge_id, folder, removed, document, first_seen, changed, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		n, key, s.ID, s.ID.Host(), []byte(s.Repository.ForgeID), folder(s.ID), removed, document, s.FirstSeen, s.Changed, s.Rev)
}

func putAlias(batch *pgx.Batch, former registry.ID, entry int64) {
	batch.Queue("INSERT INTO alias (key, id, entry) VALUES ($1, $2, $3)", former.Key(), former, entry)
}

// Remove implements [registry.Store].
func (s *Store) Remove(ctx context.Context, id registry.ID, why registry.Reason) (registry.Change, error) {
	if why == "" {
		return registry.Change{}, fmt.Errorf("%w: removal of %s without a reason", registry.ErrInvalid, id)
	}
	var change registry.Change
	err := s.append(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockLog); err != nil {
			return err
		}
		old, err := rowOf(ctx, tx, scanPrevious, findByID, id.Key())
		if errors.Is(err, pgx.ErrNoRows) {
			return absent(ctx, tx, id)
		}
		if err != nil {
			return err
		}
		change = registry.Change{ID: old.id}
		if old.removed {
			return nil
		}
		newest, err := rowOf(ctx, tx, scanRev, newestRev)
		if err != nil {
			return err
		}
		change = registry.Change{Rev: newest + 1, ID: old.id, Kind: registry.Removed, Reason: why, Time: stored.Now()}
		var batch pgx.Batch
		keep(&batch, old)
		record(&batch, change)
		batch.Queue("UPDATE entry SET removed = true, changed = $1, rev = $2 WHERE n = $3", change.Time, change.Rev, old.n)
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return registry.Change{}, fail(ctx, err, "remove the entry %s", id)
	}
	return change, nil
}
