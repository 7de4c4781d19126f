// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"errors"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Prune implements [registry.Store]. The file does not become smaller: what was
// dropped makes room for what comes.
func (s *Store) Prune(ctx context.Context, keep registry.Retention) (registry.Pruned, error) {
	p := stored.Pruner{
		Read: work{&s.read.statements},
		Update: func(ctx context.Context, f func(context.Context, stored.Session) error) error {
			return s.write.update(ctx, func(ctx context.Context) error { return f(ctx, work{&s.write.statements}) })
		},
		Time: func(at time.Time) any { return sortable(at) },
		Name: func(name string) any { return name },
		Form: form,
	}
	done, err := p.Prune(ctx, keep)
	if err != nil {
		return done, fail(ctx, err, "prune the registry %s", s.path)
	}
	return done, nil
}

// work is a stored.Session.
type work struct{ *statements }

func (w work) Each(ctx context.Context, f func(stored.Row) error, query string, args ...any) error {
	rows, err := w.rows(ctx, query, args...)
	if err != nil {
		return err
	}
	return forEach(rows, f)
}

func (w work) Exec(ctx context.Context, statement string, args ...any) (int, error) {
	result, err := w.exec(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// unlessPruned calls put again where it had found a file to be stored that Prune
// has dropped before it was used.
func unlessPruned(put func() error) (err error) {
	for range 5 {
		var e *sqlite.Error
		if err = put(); !errors.As(err, &e) || e.Code() != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY {
			break
		}
	}
	return err
}
