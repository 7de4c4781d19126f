// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel is where the server tells of changes. Registries in other schemas of
// the database use the same: one told for nothing finds its log as it was.
const channel = "allmende_change"

// maxPause bounds the time between two attempts to listen again.
const maxPause = 30 * time.Second

// Listen tells of changes of the log by whatever process, until the context or
// the store ends; the channel is then closed. Several changes may be told at
// once. Where the connection breaks it is made again, and whatever came meanwhile
// is told then.
func (s *Store) Listen(ctx context.Context) (<-chan struct{}, error) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.ending, cancel)
	conn, err := s.listen(ctx)
	if err != nil {
		stop()
		cancel()
		return nil, fail(ctx, err, "listen to changes of the registry %s", s.name)
	}
	changed := make(chan struct{}, 1)
	s.wg.Go(func() {
		defer close(changed)
		defer cancel()
		defer stop()
		s.follow(ctx, conn, changed)
	})
	return changed, nil
}

func (s *Store) listen(ctx context.Context) (*pgx.Conn, error) {
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		end(conn)
		return nil, err
	}
	return conn, nil
}

func (s *Store) follow(ctx context.Context, conn *pgx.Conn, changed chan<- struct{}) {
	for {
		_, err := conn.WaitForNotification(ctx)
		if err != nil {
			end(conn)
			if conn = s.listenAgain(ctx); conn == nil {
				return
			}
		}
		select {
		case changed <- struct{}{}:
		default: // is told already
		}
	}
}

// listenAgain returns nil where the context ended.
func (s *Store) listenAgain(ctx context.Context) *pgx.Conn {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for wait := firstPause; ; wait = min(2*wait, maxPause) {
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil
		}
		if conn, err := s.listen(ctx); err == nil {
			return conn
		}
		pause.Reset(wait)
	}
}
