// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"iter"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// record appends a line to the log and gives it its revision. Only one
// transaction writes at a time, and no line is ever deleted, so that revisions
// have no gaps and no doubles.
func record(ctx context.Context, w *writer, c registry.Change) (registry.Rev, error) {
	rev, err := w.insert(ctx, "INSERT INTO change (id, kind, former, reason, time) VALUES (?, ?, ?, ?, ?)",
		c.ID, c.Kind, c.From, c.Reason, c.Time.Format(stamp))
	return registry.Rev(rev), err
}

// Changes implements [registry.Store].
func (s *Store) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return pages(ctx, s.read, "read the change log", after,
		"SELECT "+stored.ChangeColumns+" FROM change WHERE rev > ? ORDER BY rev LIMIT ?",
		func(row *sql.Rows) (registry.Change, error) { return scanChange(row) },
		func(c registry.Change) registry.Rev { return c.Rev })
}

func scanChange(row scanner, more ...any) (c registry.Change, err error) {
	var at string
	if err = row.Scan(append([]any{&c.Rev, &c.ID, &c.Kind, &c.From, &c.Reason, &at}, more...)...); err == nil {
		c.Time, err = parseTime(at)
	}
	return c, err
}

// Rev implements [registry.Store].
func (s *Store) Rev(ctx context.Context) (registry.Rev, error) {
	var rev registry.Rev
	if err := s.read.row(ctx, "SELECT coalesce(max(rev), 0) FROM change").Scan(&rev); err != nil {
		return 0, fail(ctx, err, "read the newest revision")
	}
	return rev, nil
}
