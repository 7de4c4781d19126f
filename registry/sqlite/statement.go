// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/allmende-registry/allmende/registry/stored"
)

// statements keeps what was prepared, by its text: preparing costs more than a
// look-up does. The texts are few: constants, and those of visitQuery.
type statements struct {
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	kept    sync.Map // of *sql.Stmt
}

func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	if kept, ok := s.kept.Load(query); ok {
		return kept.(*sql.Stmt), nil
	}
	statement, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	kept, twice := s.kept.LoadOrStore(query, statement)
	if twice {
		err = statement.Close()
	}
	return kept.(*sql.Stmt), err
}

// scanner is a row, or the error instead of it.
type scanner = stored.Row

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

func (s *statements) row(ctx context.Context, query string, args ...any) scanner {
	statement, err := s.get(ctx, query)
	if err != nil {
		return failed{err}
	}
	return statement.QueryRowContext(ctx, args...)
}

func (s *statements) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	statement, err := s.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

// forEach calls f with every row until it returns an error, and closes them.
func forEach(rows *sql.Rows, f func(scanner) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *statements) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := s.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

// reader are the connections that read. A statement is prepared on each that
// comes to run it.
type reader struct {
	statements
	db *sql.DB
}

func newReader(db *sql.DB) *reader {
	return &reader{statements: statements{prepare: db.PrepareContext}, db: db}
}
