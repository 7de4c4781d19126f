// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
)

// writer is the one connection that writes. Its users take turns. One that
// finds others waiting leaves its transaction open for them, and waits until the
// last of them has committed it: the disk is waited for once, not by each.
type writer struct {
	statements // for who has the turn

	db     *sql.DB
	conn   *sql.Conn
	path   string
	file   os.FileInfo // of path when it was opened
	maxWAL int64       // with the turn
	open   *batch      // with the turn; nil where no transaction is open

	mu    sync.Mutex
	taken bool
	queue []chan struct{} // who waits for the turn; closed where it is given
}

// batch is a transaction of several users.
type batch struct {
	users int
	lost  error         // why nothing of it can be committed any more
	done  chan struct{} // closed when it is committed, or is not
	err   error         // why it is not; read after done
}

// maxUsers bounds how long the first user of a batch waits for the others.
const maxUsers = 100

func newWriter(ctx context.Context, db *sql.DB, path string) (*writer, error) {
	file, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &writer{
		file:       file,
		statements: statements{prepare: conn.PrepareContext},
		db:         db, conn: conn, path: path, maxWAL: maxWAL,
	}, nil
}

// close waits for those who are in line.
func (w *writer) close() error {
	ctx := context.Background()
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.pass()
	if w.open != nil {
		w.end(w.open)
	}
	_, err := w.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, w.conn.Close(), w.db.Close())
}

// update runs f in a transaction, all of it or nothing, and returns when that is
// on the disk. From its turn on the context no longer counts: where a statement
// is interrupted, SQLite undoes the whole transaction, also what others wrote.
func (w *writer) update(ctx context.Context, f func(context.Context) error) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	b, err := w.join(ctx, f)
	if b == nil {
		return err
	}
	<-b.done
	if err == nil {
		err = b.err
	}
	return err
}

var errPanic = errors.New("panic")

// join runs f as part of a batch, and passes the turn.
func (w *writer) join(ctx context.Context, f func(context.Context) error) (*batch, error) {
	defer w.pass()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	b, err := w.open, errPanic
	defer func() {
		if err != nil {
			w.undo(ctx, err)
		}
	}()
	if err = f(ctx); err == nil && b.users > 1 {
		_, err = w.exec(ctx, "RELEASE user")
	}
	return b, err
}

// begin opens a batch, or sets apart what the next user of the open one writes.
func (w *writer) begin(ctx context.Context) error {
	if w.open != nil {
		if _, err := w.exec(ctx, "SAVEPOINT user"); err != nil {
			return err
		}
	} else {
		if err := w.there(); err != nil {
			return err
		}
		if _, err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
			return err
		}
		w.open = &batch{done: make(chan struct{})}
	}
	w.open.users++
	return nil
}

// there reports a file that was deleted, moved or replaced: what is written then
// would be lost with this process.
func (w *writer) there() error {
	file, err := os.Stat(w.path)
	if err == nil && !os.SameFile(file, w.file) {
		err = errors.New("another file is in its place")
	}
	if err != nil {
		return fmt.Errorf("the database was taken away while it was open, and nothing can be written: end all that use it, put it back or restore it from a backup (%w)", err)
	}
	return nil
}

// undo takes back what the last user has written. Of the first one that is the
// whole batch, and so it is after an error with which SQLite undoes everything.
func (w *writer) undo(ctx context.Context, cause error) {
	if w.open.users > 1 {
		if _, err := w.exec(ctx, "ROLLBACK TO user"); err == nil {
			return
		}
	}
	w.open.lost = fmt.Errorf("undone with another write in the same transaction: %v", cause) //nolint:errorlint // it is the other's
}

// end commits a batch, or undoes it where it is lost.
func (w *writer) end(b *batch) {
	ctx := context.Background()
	w.open = nil
	if b.err = b.lost; b.err == nil {
		_, b.err = w.exec(ctx, "COMMIT")
	}
	if b.err != nil {
		_, _ = w.exec(ctx, "ROLLBACK") // an error says that SQLite has done so
	}
	close(b.done)
	if b.err == nil {
		w.shrinkWAL(ctx)
	}
}

// take waits for the turn. Without an error the caller has it, and must pass it.
func (w *writer) take(ctx context.Context) error {
	w.mu.Lock()
	if !w.taken {
		w.taken = true
		w.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	w.queue = append(w.queue, mine)
	w.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := slices.Index(w.queue, mine); i >= 0 {
		w.queue = slices.Delete(w.queue, i, i+1)
		return ctx.Err()
	}
	return nil // it was given meanwhile
}

// pass gives the turn to the next in line, who joins the open batch. Where there
// is none, or the batch is full or lost, it ends.
func (w *writer) pass() {
	w.mu.Lock()
	if b := w.open; b != nil && (len(w.queue) == 0 || b.users >= maxUsers || b.lost != nil) {
		w.mu.Unlock()
		w.end(b)
		w.mu.Lock()
	}
	if w.taken = len(w.queue) > 0; w.taken {
		close(w.queue[0])
		w.queue = slices.Delete(w.queue, 0, 1)
	}
	w.mu.Unlock()
}

// insert returns the number of the row that it makes.
func (w *writer) insert(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := w.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// count returns how many rows a statement wrote.
func (w *writer) count(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := w.exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// shrinkWAL never fails a write that is done: where a reader is in the way the
// log stays, and is let grow to twice its size before it is tried again.
func (w *writer) shrinkWAL(ctx context.Context) {
	info, err := os.Stat(w.path + "-wal")
	if err != nil || info.Size() < w.maxWAL {
		return
	}
	var busy, pages, moved int
	err = w.row(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err != nil || busy != 0 {
		w.maxWAL = 2 * info.Size()
	}
}
