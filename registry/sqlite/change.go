// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"iter"

	"github.com/allmende-registry/allmende/registry"
)

// record appends a line to the log and gives it its revision. The transaction
// holds the write lock, so that revisions have no gaps and no doubles.
func record(ctx context.Context, tx *sql.Tx, c registry.Change) (registry.Rev, error) {
	var rev registry.Rev
	err := tx.QueryRowContext(ctx, `INSERT INTO change (rev, id, kind, former, reason, time)
		SELECT coalesce(max(rev), 0) + 1, ?, ?, ?, ?, ? FROM change RETURNING rev`,
		c.ID, c.Kind, c.From, c.Reason, c.Time.Format(stamp)).Scan(&rev)
	return rev, err
}

// Changes implements [registry.Store].
func (s *Store) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return pages(ctx, s.read, "read the change log", after,
		"SELECT rev, id, kind, former, reason, time FROM change WHERE rev > ? ORDER BY rev LIMIT ?",
		func(row *sql.Rows) (c registry.Change, err error) {
			var at string
			if err = row.Scan(&c.Rev, &c.ID, &c.Kind, &c.From, &c.Reason, &at); err == nil {
				c.Time, err = parseTime(at)
			}
			return c, err
		},
		func(c registry.Change) registry.Rev { return c.Rev })
}

// Rev implements [registry.Store].
func (s *Store) Rev(ctx context.Context) (registry.Rev, error) {
	var rev registry.Rev
	if err := s.read.QueryRowContext(ctx, "SELECT coalesce(max(rev), 0) FROM change").Scan(&rev); err != nil {
		return 0, fail(ctx, err, "read the newest revision")
	}
	return rev, nil
}
