// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// keep writes down the revision that a change is about to end.
func keep(batch *pgx.Batch, old *previous) {
	var c stored.Content
	if !old.removed {
		c = stored.Pack("", []byte(old.document))
	}
	putRevision(batch, old.rev, old.n, c)
}

func putRevision(batch *pgx.Batch, rev registry.Rev, entry int64, c stored.Content) {
	batch.Queue("INSERT INTO revision (rev, entry, size, zlib, content) VALUES ($1, $2, $3, $4, $5)", rev, entry, c.Size, c.Packed, c.Bytes)
}

// revisions are those of the entry $1: what was kept, and its row, which is the
// newest one. They are found in the index alone, before anything of them is read.
const revisions = "(SELECT rev FROM revision WHERE entry = $1 UNION ALL SELECT rev FROM entry WHERE n = $1) AS r"

const readRevisions = "SELECT " + stored.ChangeColumns + `,
		coalesce(size, 0), coalesce(zlib, false), coalesce(content, CASE WHEN NOT removed THEN convert_to(document, 'UTF8') END)
	FROM change LEFT JOIN revision USING (rev)
	LEFT JOIN (SELECT rev AS newest, removed, document FROM entry WHERE n = $1) AS e ON newest = rev WHERE rev `

func scanRevision(row scanner, firstSeen time.Time) (*registry.Revision, error) {
	var c stored.Content
	change, err := scanChangeAnd(row, &c.Size, &c.Packed, &c.Bytes)
	if err != nil {
		return nil, err
	}
	return form.Revision(change, c, firstSeen)
}

// known is what history needs to know of an entry, removed or not.
type known struct {
	n         int64
	firstSeen time.Time
}

func (s *Store) known(ctx context.Context, id registry.ID) (known, error) {
	k, err := read(ctx, s, func(row scanner) (k known, err error) { err = row.Scan(&k.n, &k.firstSeen); return k, err },
		"SELECT n, first_seen FROM entry WHERE key = $1", id.Key())
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return k, absent(ctx, s.pool, id)
	case err != nil:
		return k, fail(ctx, err, "read the history of %s", id)
	}
	k.firstSeen = k.firstSeen.UTC()
	return k, nil
}

// History implements [registry.Store].
func (s *Store) History(ctx context.Context, id registry.ID) iter.Seq2[*registry.Revision, error] {
	return func(yield func(*registry.Revision, error) bool) {
		entry, err := s.known(ctx, id)
		if err != nil {
			yield(nil, err)
			return
		}
		pages(ctx, s, fmt.Sprint("read the history of ", id),
			readRevisions+"IN (SELECT rev FROM "+revisions+" WHERE rev < $2 ORDER BY rev DESC LIMIT $3) ORDER BY rev DESC",
			func(row scanner) (*registry.Revision, error) { return scanRevision(row, entry.firstSeen) },
			[]any{math.MaxInt64}, func(r *registry.Revision) []any { return []any{r.Rev} }, entry.n)(yield)
	}
}

// At implements [registry.Store]. Where the clock was set back, the later of two
// changes counts.
func (s *Store) At(ctx context.Context, id registry.ID, at time.Time) (*registry.Software, error) {
	entry, err := s.known(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := read(ctx, s, func(row scanner) (*registry.Revision, error) { return scanRevision(row, entry.firstSeen) },
		readRevisions+"= (SELECT max(rev) FROM "+revisions+" JOIN change USING (rev) WHERE time <= $2)", entry.n, instant(at))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, fmt.Errorf("entry %s at %s: %w", id, at.Format(time.RFC3339Nano), registry.ErrNotFound)
	case err != nil:
		return nil, fail(ctx, err, "read the entry %s at %s", id, at.Format(time.RFC3339Nano))
	case r.Software == nil:
		return nil, fmt.Errorf("entry %s at %s: %w", id, at.Format(time.RFC3339Nano), registry.ErrGone)
	}
	return r.Software, nil
}

// instant is a time that PostgreSQL compares with those it keeps; what is beyond
// them is before or after all.
func instant(at time.Time) pgtype.Timestamptz {
	switch year := at.Year(); {
	case year < 0:
		return pgtype.Timestamptz{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	case year > 9999:
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: at, Valid: true}
}

// PutDay implements [registry.Store].
func (s *Store) PutDay(ctx context.Context, d *registry.Day) error {
	if err := d.Check(); err != nil {
		return err
	}
	document, err := stored.Encode(d)
	if err == nil {
		err = s.update(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, putDay, d.Date, document)
			return err
		})
	}
	if err != nil {
		return fail(ctx, err, "write the statistics of %s", d.Date)
	}
	return nil
}

const putDay = "INSERT INTO day (date, document) VALUES ($1, $2) ON CONFLICT (date) DO UPDATE SET document = excluded.document"

// Days implements [registry.Store].
func (s *Store) Days(ctx context.Context, from, to string) iter.Seq2[*registry.Day, error] {
	return pages(ctx, s, "read the statistics",
		"SELECT document FROM day WHERE date >= $1 AND ($2 = '' OR date <= $2) AND date > $3 ORDER BY date LIMIT $4",
		scanDocument[registry.Day], []any{""}, func(d *registry.Day) []any { return []any{d.Date} }, from, to)
}

func scanDocument[T any](row scanner) (*T, error) { return stored.ScanDocument[T](form, row) }
