// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/allmende-registry/allmende/registry"
)

// commitTime bounds a commit, which no longer ends with its caller.
const commitTime = 30 * time.Second

// errUnknown is what is said where the connection broke during a commit.
var errUnknown = errors.New("the connection broke while it was committed; it may be written or not")

// update runs f in a transaction, all of it or nothing, and returns when that is
// on the disk. f runs again where it was in the way of another transaction or its
// connection broke. Once it is committed the context no longer counts. A process
// that lost a lock that it holds writes nothing until it is unlocked.
func (s *Store) update(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	return s.attempt(ctx, writeAttempts, func() error {
		if err := s.locksHold(); err != nil {
			return err
		}
		return s.transact(ctx, f)
	})
}

// append is update for what writes to the log. Only one transaction does so at a
// time, of whatever process, from before it reads until it is committed: so
// revisions have no gaps, and whoever reads one has all before it.
func (s *Store) append(ctx context.Context, f func(ctx context.Context, tx pgx.Tx) error) error {
	select {
	case s.writers <- struct{}{}:
		defer func() { <-s.writers }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.update(ctx, f)
}

// lockLog is the first statement of what writes to the log, but for what cannot
// be in anybody's way. Each further statement sees what was committed before.
const lockLog = "SELECT pg_advisory_xact_lock('change'::regclass::oid::int, 0)"

func (s *Store) transact(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// The level is said because a database may have another one set, in which
	// lockLog would see what was there before it waited.
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return err
	}
	err = f(ctx, tx)
	if err == nil && tx.Conn().IsClosed() {
		err = pgconn.ErrConnClosed
	}
	if err != nil {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
		defer cancel()
		_ = tx.Rollback(undo) // what cannot be rolled back ends with its connection
		return err
	}
	commit, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err = tx.Commit(commit)
	if err != nil && !undone(err) {
		err = fmt.Errorf("%w: %w", errUnknown, err)
	}
	return err
}

// undone reports an error of a commit that says for certain that nothing is
// written. A fatal one may come behind the commit, and a connection may be found
// closed behind it, which was open before.
func undone(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.SeverityUnlocalized == "ERROR"
	}
	return pgconn.SafeToRetry(err) && !errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, pgx.ErrTxCommitRollback)
}

// record appends a line to the log, which the transaction has locked, as part of
// a batch, and tells those who listen.
func record(batch *pgx.Batch, c registry.Change) {
	logChange(batch, c)
	batch.Queue(notify)
}

const notify = "NOTIFY " + channel

func logChange(batch *pgx.Batch, c registry.Change) {
	batch.Queue("INSERT INTO change (rev, id, kind, former, reason, time) VALUES ($1, $2, $3, $4, $5, $6)",
		c.Rev, c.ID, c.Kind, c.From, c.Reason, c.Time)
}
