// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// keep writes down the revision that a change is about to end.
func keep(ctx context.Context, w *writer, old *entryRow) error {
	var c stored.Content
	if !old.removed {
		c = stored.Pack("", []byte(old.document))
	}
	_, err := w.exec(ctx, "INSERT INTO revision (rev, entry, size, zlib, content) VALUES (?, ?, ?, ?, ?)",
		old.rev, old.n, c.Size, c.Packed, c.Bytes)
	return err
}

// revisions are those of the entry ?1: what was kept, and its row, which is the
// newest one. They are found in the index alone, before anything of them is read.
const revisions = "SELECT rev FROM revision WHERE entry = ?1 UNION ALL SELECT rev FROM entry WHERE n = ?1"

const readRevisions = "SELECT " + stored.ChangeColumns + `,
		coalesce(size, 0), coalesce(zlib, 0), coalesce(content, iif(removed, NULL, CAST(document AS BLOB)))
	FROM change LEFT JOIN revision USING (rev)
	LEFT JOIN (SELECT rev AS newest, removed, document FROM entry WHERE n = ?1) ON newest = rev WHERE rev `

func scanRevision(row scanner, firstSeen time.Time) (*registry.Revision, error) {
	var c stored.Content
	change, err := scanChange(row, &c.Size, &c.Packed, &c.Bytes)
	if err != nil {
		return nil, err
	}
	return form.Revision(change, c, firstSeen)
}

// entryAt is the number of the entry with an ID, removed or not, and when it was
// first seen.
func (s *Store) entryAt(ctx context.Context, id registry.ID) (n int64, firstSeen time.Time, err error) {
	var seen string
	err = s.read.row(ctx, "SELECT n, first_seen FROM entry WHERE key = ?", id.Key()).Scan(&n, &seen)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, firstSeen, absent(ctx, &s.read.statements, id)
	case err == nil:
		firstSeen, err = parseTime(seen)
	}
	if err != nil {
		err = fail(ctx, err, "read the history of %s", id)
	}
	return n, firstSeen, err
}

// History implements [registry.Store].
func (s *Store) History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return func(yield func(*registry.Revision, error) bool) {
		n, firstSeen, err := s.entryAt(ctx, id)
		if err != nil {
			yield(nil, err)
			return
		}
		pages(ctx, s.read, fmt.Sprint("read the history of ", id), math.MaxInt64,
			readRevisions+"IN (SELECT rev FROM ("+revisions+") WHERE rev < ?2 ORDER BY rev DESC LIMIT ?3) ORDER BY rev DESC",
			func(row *sql.Rows) (*registry.Revision, error) { return scanRevision(row, firstSeen) },
			func(r *registry.Revision) registry.Rev { return r.Rev }, n)(yield)
	}
}

// At implements [registry.Store]. Where the clock was set back, the later of two
// changes counts.
func (s *Store) At(ctx context.Context, id registry.ID, at time.Time) (*registry.Software, error) {
	n, firstSeen, err := s.entryAt(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := scanRevision(s.read.row(ctx, readRevisions+
		"= (SELECT max(rev) FROM ("+revisions+") JOIN change USING (rev) WHERE time <= ?2)", n, sortable(at)), firstSeen)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("entry %s at %s: %w", id, at.Format(time.RFC3339Nano), registry.ErrNotFound)
	case err != nil:
		return nil, fail(ctx, err, "read the entry %s at %s", id, at.Format(time.RFC3339Nano))
	case r.Software == nil:
		return nil, fmt.Errorf("entry %s at %s: %w", id, at.Format(time.RFC3339Nano), registry.ErrGone)
	}
	return r.Software, nil
}

// sortable writes an instant so that stamps are not after it, as text, where
// their times are not.
func sortable(at time.Time) string {
	switch at = at.UTC(); {
	case at.Year() < 0:
		return ""
	case at.Year() > 9999:
		return "~"
	}
	return at.Format(stamp) // cuts off what is less than a millisecond
}

// PutDay implements [registry.Store].
func (s *Store) PutDay(ctx context.Context, d *registry.Day) error {
	if err := d.Check(); err != nil {
		return err
	}
	if err := s.write.update(ctx, func(ctx context.Context) error { return putDay(ctx, s.write, d) }); err != nil {
		return fail(ctx, err, "write the statistics of %s", d.Date)
	}
	return nil
}

func putDay(ctx context.Context, w *writer, d *registry.Day) error {
	document, err := encode(d)
	if err == nil {
		_, err = w.exec(ctx, "INSERT OR REPLACE INTO day (date, document) VALUES (?, ?)", d.Date, document)
	}
	return err
}

// Days implements [registry.Store].
func (s *Store) Days(ctx context.Context, from, to string) iter.Seq2[*registry.Day, error] {
	return pages(ctx, s.read, "read the statistics", "",
		"SELECT document FROM day WHERE date >= ?1 AND (?2 = '' OR date <= ?2) AND date > ?3 ORDER BY date LIMIT ?4",
		func(row *sql.Rows) (*registry.Day, error) { return stored.ScanDocument[registry.Day](form, row) },
		func(d *registry.Day) string { return d.Date }, from, to)
}
