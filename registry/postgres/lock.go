// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"regexp"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/allmende-registry/allmende/registry"
)

var lockName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`)

// errLockLost is what is said while a lock that this process holds is held by no
// connection.
var errLockLost = errors.New("the connection that held the lock broke")

// lock is a lock that this process holds by a connection of its own: the server
// frees it when that ends.
type lock struct {
	name string
	lost error // why it does not hold any more, or not for now; under Store.mu
	end  context.CancelFunc
	done chan struct{} // closed when the connection is
}

// handover is how long the server may take to notice that the process which
// held a lock has died.
const handover = "1s"

// takeLock locks by the number of a table, which keeps apart the registries in
// one database, and that of a name.
const (
	takeLock = "SELECT pg_advisory_lock('entry'::regclass::oid::int, $1)"
	freeLock = "SELECT pg_advisory_unlock('entry'::regclass::oid::int, $1)"
)

func lockNumber(name string) int32 { return int32(crc32.ChecksumIEEE([]byte(name))) } //nolint:gosec // any number will do

// Lock implements [registry.Store] with an advisory lock of a session. Where the
// connection breaks it is taken again; meanwhile, and where another process was
// quicker, this one cannot write until it unlocks.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if !lockName.MatchString(name) {
		return nil, fmt.Errorf("%w: a lock's name has 1 to 64 of a-z, 0-9 and -, not %q", registry.ErrInvalid, name)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	l := &lock{name: name, done: make(chan struct{})}
	if !s.enter(l) {
		return nil, s.locked(name)
	}
	conn, err := s.lockBy(ctx, name)
	if err != nil {
		s.leave(l)
		if errors.Is(err, registry.ErrLocked) {
			return nil, err
		}
		return nil, fail(ctx, err, "lock %s of the registry %s", name, s.name)
	}
	var held context.Context
	held, l.end = context.WithCancel(s.ending)
	s.wg.Go(func() {
		defer close(l.done)
		s.hold(held, l, conn)
	})
	return sync.OnceFunc(func() {
		l.end()
		<-l.done
		s.leave(l)
	}), nil
}

func (s *Store) locked(name string) error {
	return fmt.Errorf("%s of the registry %s: %w: wait until the other one has ended, or end it; nothing needs to be deleted",
		name, s.name, registry.ErrLocked)
}

// enter notes that this process holds l, or is about to, unless it does already.
func (s *Store) enter(l *lock) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locks[l.name] != nil {
		return false
	}
	s.locks[l.name] = l
	return true
}

func (s *Store) leave(l *lock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.locks, l.name)
}

// lockBy makes a connection that holds the lock.
func (s *Store) lockBy(ctx context.Context, name string) (*pgx.Conn, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err = conn.Exec(ctx, "SELECT set_config('lock_timeout', $1, false)", handover); err == nil {
		_, err = conn.Exec(ctx, takeLock, lockNumber(name))
	}
	if err == nil {
		return conn, nil
	}
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == lockNotAvailable {
		err = s.locked(name)
	}
	end(conn)
	return nil, err
}

// end closes a connection; one that cannot be closed ends with the process.
func end(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// hold keeps a lock until the context ends.
func (s *Store) hold(ctx context.Context, l *lock, conn *pgx.Conn) {
	for {
		// Nothing is listened to: this ends when the connection does.
		_, err := conn.WaitForNotification(ctx)
		if ctx.Err() != nil {
			free, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			_, _ = conn.Exec(free, freeLock, lockNumber(l.name)) // closing frees it too, a little later
			end(conn)
			return
		}
		if err == nil {
			continue
		}
		end(conn)
		s.lose(l, fmt.Errorf("%s of the registry %s: %w: %w", l.name, s.name, errLockLost, err))
		if conn, err = s.lockAgain(ctx, l); err != nil {
			s.lose(l, err)
			return
		}
		s.lose(l, nil)
	}
}

// lockAgain takes a lock whose connection broke, as soon as there is a server,
// unless another one has it.
func (s *Store) lockAgain(ctx context.Context, l *lock) (conn *pgx.Conn, err error) {
	for err == nil || !errors.Is(err, registry.ErrLocked) && ctx.Err() == nil {
		err = s.attempt(ctx, writeAttempts, func() error {
			conn, err = s.lockBy(ctx, l.name)
			return err
		})
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (s *Store) lose(l *lock, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.lost = why
}

// lockOf is a lock that this process holds.
func (s *Store) lockOf(name string) *lock {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locks[name]
}

// lockHolds is an error where a lock was lost.
func (s *Store) lockHolds(l *lock) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.lost
}

// locksHold is an error where a lock that this process holds was lost.
func (s *Store) locksHold() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.locks {
		if l.lost != nil {
			return l.lost
		}
	}
	return nil
}
