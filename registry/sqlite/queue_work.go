// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
	"github.com/allmende-registry/allmende/registry/stored"
)

// Work implements [registry.Queue].
func (s *Store) Work(ctx context.Context, w registry.Worker) error {
	return hosts.Work(ctx, w, hosts.Queue{
		Due:  s.dueHosts,
		Lock: s.Lock,
		Do: func(ctx context.Context, host string) error {
			err := s.doHost(ctx, host, w.Do)
			if err != nil {
				err = fail(ctx, err, "do the tasks of %q", host)
			}
			return err
		},
		Added: &s.added,
	})
}

func (s *Store) dueHosts(ctx context.Context) ([]string, error) {
	due, err := onePage(ctx, s.read, "SELECT DISTINCT host FROM task WHERE taken = 1 OR due <= ?",
		func(row *sql.Rows) (host string, err error) { return host, row.Scan(&host) }, []any{stored.Now().Format(stamp)})
	if err != nil {
		return nil, fail(ctx, err, "look for tasks that are due")
	}
	return due, nil
}

// doHost does the tasks of a host that is locked, until none is due.
func (s *Store) doHost(ctx context.Context, host string, do func(context.Context, registry.Task) error) error {
	// Whoever did them has ended.
	err := s.write.update(ctx, func(ctx context.Context) error { return waitAgain(ctx, s.write, "host = ?", host) })
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		poll := time.NewTicker(hosts.Poll)
		defer poll.Stop()
		doing, ended := 0, make(chan struct{}, hosts.Tasks)
		for {
			added := s.added.Next()
			if doing < hosts.Tasks {
				t, err := s.takeTask(ctx, host)
				if err != nil || t == nil && doing == 0 {
					return err
				}
				if t != nil {
					doing++
					group.Go(func() error {
						defer func() { ended <- struct{}{} }()
						return s.endTask(ctx, t, do(ctx, t.Task))
					})
					continue
				}
			}
			select {
			case <-added:
			case <-poll.C:
			case <-ended:
				doing--
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return group.Wait()
}

// takeTask takes the oldest task of a host that is due and not being done; nil
// where there is none.
func (s *Store) takeTask(ctx context.Context, host string) (*taskRow, error) {
	next, err := onePage(ctx, s.read, "SELECT "+taskColumns+` FROM task AS t WHERE host = ? AND taken = 0 AND due <= ? AND NOT EXISTS
			(SELECT 1 FROM task AS other WHERE other.host = t.host AND other.taken = 1 AND other.kind = t.kind AND other.key = t.key)
		ORDER BY n LIMIT 1`, scanTask, []any{host, stored.Now().Format(stamp)})
	if err != nil || len(next) == 0 {
		return nil, err
	}
	err = s.write.update(ctx, func(ctx context.Context) error {
		_, err := s.write.exec(ctx, "UPDATE task SET taken = 1 WHERE n = ?", next[0].n)
		return err
	})
	return &next[0], err
}

// endTask notes what came of a task, also where the worker's context has ended:
// then the task waits as before.
func (s *Store) endTask(ctx context.Context, t *taskRow, failed error) error {
	ended := ctx.Err() != nil
	return s.write.update(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if failed == nil {
			_, err := s.write.exec(ctx, "DELETE FROM task WHERE n = ?", t.n)
			return err
		}
		if !ended {
			due := stored.Now().Add(hosts.Pause(t.attempts + 1)).Format(stamp)
			if _, err := s.write.exec(ctx, "UPDATE task SET attempts = attempts + 1, due = ? WHERE n = ?", due, t.n); err != nil {
				return err
			}
		}
		return waitAgain(ctx, s.write, "n = ?", t.n)
	})
}

// waitAgain has tasks wait that were being done, in place of the same ones that
// were asked for meanwhile.
func waitAgain(ctx context.Context, w *writer, which string, value any) error {
	_, err := w.exec(ctx, "UPDATE OR REPLACE task SET taken = 0 WHERE taken = 1 AND "+which, value)
	return err
}
