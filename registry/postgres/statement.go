// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/allmende-registry/allmende/registry/stored"
)

// firstPause is between two attempts of a statement, twice as long each time.
// Reads are tried three times, so that one who waits for a page is told soon;
// writes for some seconds, in which a server starts anew.
const (
	firstPause    = 50 * time.Millisecond
	readAttempts  = 3
	writeAttempts = 8
)

// form is that of all documents.
var form stored.Form

// scanner is a row.
type scanner = stored.Row

// querier is the pool, a transaction or a connection.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

// rowsOf runs a statement that reads.
func rowsOf[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if !text(args) {
		return nil, nil
	}
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) { return scan(row) })
}

// text reports whether all strings are such as PostgreSQL has. No row has one
// that is not.
func text(args []any) bool {
	for _, arg := range args {
		if v := reflect.ValueOf(arg); v.Kind() == reflect.String && (!utf8.ValidString(v.String()) || strings.ContainsRune(v.String(), 0)) {
			return false
		}
	}
	return true
}

// rowOf returns the only row of a statement that reads, or pgx.ErrNoRows.
func rowOf[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	rows, err := rowsOf(ctx, q, scan, query, args...)
	if len(rows) == 0 || err != nil {
		var none T
		if err == nil {
			err = pgx.ErrNoRows
		}
		return none, err
	}
	return rows[0], nil
}

// read is rowOf the pool, tried again where a connection broke.
func read[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), query string, args ...any) (row T, err error) {
	err = s.attempt(ctx, readAttempts, func() error {
		row, err = rowOf(ctx, s.pool, scan, query, args...)
		return err
	})
	return row, err
}

// pages yields the rows of a query that takes the key of the last row seen and
// a limit as its last parameters. what says what is done, for errors.
func pages[T any](ctx context.Context, s *Store, what string, query string, scan func(scanner) (T, error), start []any, key func(T) []any, args ...any) iter.Seq2[T, error] {
	return stored.Pages(ctx, start,
		func(last []any) (rows []T, err error) {
			err = s.attempt(ctx, readAttempts, func() (err error) {
				all := append(append(args[:len(args):len(args)], last...), stored.Page)
				rows, err = rowsOf(ctx, s.pool, scan, query, all...)
				return err
			})
			return rows, err
		},
		key, func(err error) error { return fail(ctx, err, "%s", what) })
}

// attempt calls f again while its error is one that may pass.
func (s *Store) attempt(ctx context.Context, times int, f func() error) error {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for i := 1; ; i++ {
		err := f()
		if err == nil || i == times || ctx.Err() != nil || !collided(err) && !broken(err) {
			return err
		}
		if broken(err) {
			s.pool.Reset() // where one connection broke others may have
		}
		pause.Reset(firstPause << (i - 1))
		select {
		case <-pause.C:
		case <-ctx.Done():
			return err
		}
	}
}

// collided reports that two transactions were in each other's way, after which
// nothing is written.
func collided(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == serializationFailure || e.Code == deadlockDetected)
}

// broken reports that there is no connection, or was none to the end, and nothing
// is written.
func broken(err error) bool {
	if errors.Is(err, errUnknown) {
		return false
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return strings.HasPrefix(e.Code, connectionException) || strings.HasPrefix(e.Code, operatorIntervention)
	}
	var network net.Error
	return pgconn.SafeToRetry(err) || errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, errLockLost) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network)
}
