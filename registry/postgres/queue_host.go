// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

// host is one that a worker has.
type host struct {
	ctx  context.Context // ends with Work, or when the lock is lost to another
	lose context.CancelFunc
	idle hosts.Bell // rings when nothing of it is being done any more

	mu     sync.Mutex
	doing  int
	closed bool
	gone   chan struct{} // closed when it is given up
}

// newHost is the host of a lock.
func newHost(ctx context.Context, l *lock) *host {
	h := &host{gone: make(chan struct{})}
	h.ctx, h.lose = context.WithCancel(ctx)
	go func() {
		select {
		case <-l.done: // another one has it
			h.lose()
		case <-h.ctx.Done():
		}
	}()
	return h
}

// begin notes that a job of the host is being done. Where it is about to be given
// up, begin waits until it is: so River asks for no more.
func (h *host) begin() bool {
	h.mu.Lock()
	may := !h.closed && h.ctx.Err() == nil
	if may {
		h.doing++
	}
	h.mu.Unlock()
	if !may {
		<-h.gone
	}
	return may
}

func (h *host) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.doing--; h.doing == 0 {
		h.idle.Ring()
	}
}

// close has no more jobs begin, unless one is being done, and reports whether so
// it is.
func (h *host) close() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = h.closed || h.doing == 0
	return h.closed
}

// giveUp waits for what is being done.
func (h *host) giveUp() {
	for idle := h.idle.Next(); !h.close(); idle = h.idle.Next() {
		<-idle
	}
	close(h.gone)
}

// dueHosts are the hosts of which something is due, or was being done, and which
// nobody has.
func (s *Store) dueHosts(ctx context.Context) (due []string, err error) {
	err = s.attempt(ctx, writeAttempts, func() error {
		held, err := rowsOf(ctx, s.pool, scanOne[int64], heldLocks)
		if err != nil {
			return err
		}
		due, err = rowsOf(ctx, s.pool, scanOne[string], `SELECT DISTINCT args->>'host' FROM river_job
			WHERE state IN ('pending', 'running') OR state IN ('available', 'retryable', 'scheduled') AND scheduled_at <= now()`)
		due = slices.DeleteFunc(due, func(host string) bool {
			return slices.Contains(held, int64(uint32(lockNumber(registry.HostLock(host))))) //nolint:gosec // an OID is unsigned
		})
		return err
	})
	if err != nil {
		return nil, fail(ctx, err, "look for tasks that are due")
	}
	return due, nil
}

// heldLocks are the numbers of the names that somebody has locked.
const heldLocks = `SELECT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = database
	WHERE datname = current_database() AND locktype = 'advisory' AND classid = 'entry'::regclass::oid AND granted`

func scanOne[T any](row scanner) (v T, err error) { return v, row.Scan(&v) }

// lockHost is Lock, tried again while the server starts anew.
func (s *Store) lockHost(ctx context.Context, name string) (unlock func(), err error) {
	err = s.attempt(ctx, writeAttempts, func() error {
		unlock, err = s.Lock(ctx, name)
		return err
	})
	return unlock, err
}

// freeJobs has the jobs of a host wait again that a worker left running, which has
// lost the lock. They get new numbers: where it is not at its end yet, River looks
// for the former ones when it notes what came of them.
func (s *Store) freeJobs(ctx context.Context, l *lock, queue string) error {
	return s.updateQueue(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := s.lockHolds(l); err != nil {
			return err
		}
		var batch pgx.Batch
		batch.Queue(`WITH left_running AS (DELETE FROM river_job WHERE queue = $1 AND state = 'running' RETURNING *)
			INSERT INTO river_job (kind, queue, args, attempt, max_attempts, created_at, scheduled_at, errors, metadata, priority, tags)
			SELECT kind, queue, args, greatest(attempt - 1, 0), max_attempts, created_at, scheduled_at, errors, metadata, priority, tags
			FROM left_running ORDER BY id`, queue)
		batch.Queue("UPDATE river_job SET errors = errors[cardinality(errors) - $2::int + 1:] WHERE queue = $1 AND cardinality(errors) > $2::int AND "+live,
			queue, maxErrors)
		return tx.SendBatch(ctx, &batch).Close()
	})
}

// wakeJobs makes available what is due of a host that is locked, and what waited
// until the same task had ended, unless that waits again. It reports whether
// anything is due.
func (s *Store) wakeJobs(ctx context.Context, queue string) (due bool, err error) {
	err = s.updateQueue(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var batch pgx.Batch
		batch.Queue(`DELETE FROM river_job AS pending WHERE queue = $1 AND state = 'pending' AND EXISTS (SELECT FROM river_job AS other
			WHERE other.queue = $1 AND other.state IN ('available', 'retryable', 'scheduled') AND other.args->>'key' = pending.args->>'key')`, queue)
		batch.Queue(`UPDATE river_job AS waiting SET state = 'available' WHERE queue = $1 AND
			(state IN ('retryable', 'scheduled') AND scheduled_at <= now() OR state = 'pending' AND NOT EXISTS (SELECT FROM river_job AS other
			WHERE other.queue = $1 AND other.state = 'running' AND other.args->>'key' = waiting.args->>'key'))`, queue)
		batch.Queue("SELECT EXISTS (SELECT FROM river_job WHERE queue = $1 AND state = 'available' AND scheduled_at <= now())", queue).
			QueryRow(func(row pgx.Row) error { return row.Scan(&due) })
		return tx.SendBatch(ctx, &batch).Close()
	})
	return due, err
}

// flush waits until River has noted what came of the jobs of a host, for a while:
// what it has not noted then is done again.
func (s *Store) flush(ctx context.Context, queue string) {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	poll := time.NewTicker(flushPoll)
	defer poll.Stop()
	for {
		running, err := rowOf(ctx, s.pool, scanOne[bool], "SELECT EXISTS (SELECT FROM river_job WHERE queue = $1 AND state = 'running')", queue)
		if err == nil && !running {
			return
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return
		}
	}
}
