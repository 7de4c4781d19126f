// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Prune implements [registry.Store].
func (s *Store) Prune(ctx context.Context, keep registry.Retention) (registry.Pruned, error) {
	p := stored.Pruner{
		Read: patient{s},
		Update: func(ctx context.Context, f func(context.Context, stored.Session) error) error {
			return s.append(ctx, func(ctx context.Context, tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, lockLog); err != nil {
					return err
				}
				return f(ctx, work{tx})
			})
		},
		Time: func(at time.Time) any { return instant(at) },
		Name: func(name string) any { return []byte(name) },
	}
	done, err := p.Prune(ctx, keep)
	if err != nil {
		return done, fail(ctx, err, "prune the registry %s", s.name)
	}
	return done, nil
}

// work is a stored.Session.
type work struct{ tx pgx.Tx }

func (w work) Each(ctx context.Context, f func(stored.Row) error, query string, args ...any) error {
	rows, err := w.tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (w work) Exec(ctx context.Context, statement string, args ...any) (int, error) {
	tag, err := w.tx.Exec(ctx, statement, args...)
	return int(tag.RowsAffected()), err
}

// patient works in transactions that may take their time, for what there is to
// prune is looked for everywhere, and that write nothing.
type patient struct{ store *Store }

func (p patient) Each(ctx context.Context, f func(stored.Row) error, query string, args ...any) error {
	return p.work(ctx, func(w work) error { return w.Each(ctx, f, query, args...) })
}

// Exec is an error of the server.
func (p patient) Exec(ctx context.Context, statement string, args ...any) (n int, err error) {
	err = p.work(ctx, func(w work) (err error) { n, err = w.Exec(ctx, statement, args...); return err })
	return n, err
}

func (p patient) work(ctx context.Context, f func(work) error) error {
	tx, err := p.store.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // it has written nothing
	if _, err := tx.Exec(ctx, unhurried); err != nil {
		return err
	}
	return f(work{tx})
}

const foreignKeyViolation = "23503"

// unlessPruned calls put again where it had found a file to be stored that Prune
// has dropped before it was used.
func unlessPruned(put func() error) (err error) {
	for range 5 {
		var e *pgconn.PgError
		if err = put(); !errors.As(err, &e) || e.Code != foreignKeyViolation {
			break
		}
	}
	return err
}
