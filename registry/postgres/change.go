// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"iter"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

func scanChange(row scanner) (registry.Change, error) { return scanChangeAnd(row) }

func scanChangeAnd(row scanner, more ...any) (c registry.Change, err error) {
	err = row.Scan(append([]any{&c.Rev, &c.ID, &c.Kind, &c.From, &c.Reason, &c.Time}, more...)...)
	c.Time = c.Time.UTC()
	return c, err
}

// Changes implements [registry.Store].
func (s *Store) Changes(ctx context.Context, after registry.Rev) iter.Seq2[registry.Change, error] {
	return pages(ctx, s, "read the change log",
		"SELECT "+stored.ChangeColumns+" FROM change WHERE rev > $1 ORDER BY rev LIMIT $2", scanChange,
		[]any{after}, func(c registry.Change) []any { return []any{c.Rev} })
}

const newestRev = "SELECT coalesce(max(rev), 0) FROM change"

func scanRev(row scanner) (rev registry.Rev, err error) {
	err = row.Scan(&rev)
	return rev, err
}

// Rev implements [registry.Store].
func (s *Store) Rev(ctx context.Context) (registry.Rev, error) {
	rev, err := read(ctx, s, scanRev, newestRev)
	if err != nil {
		return 0, fail(ctx, err, "read the newest revision")
	}
	return rev, nil
}
