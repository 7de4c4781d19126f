// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/stored"
)

var _ registry.Queue = (*Store)(nil)

// Add implements [registry.Queue].
func (s *Store) Add(ctx context.Context, tasks ...registry.Task) error {
	for _, t := range tasks {
		if err := t.Check(); err != nil {
			return err
		}
	}
	if len(tasks) == 0 {
		return nil
	}
	now := stored.Now().Format(stamp)
	err := s.write.update(ctx, func(ctx context.Context) error {
		more := map[string]bool{} // hosts
		for _, t := range tasks {
			key := t.Key()
			n, err := s.write.count(ctx, `INSERT INTO task (kind, host, key, repo, added, due) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (kind, host, key) WHERE taken = 0 DO NOTHING`, key.Kind, key.Host, key.Repo, t.Repo, now, now)
			if err != nil {
				return err
			}
			if n > 0 {
				more[key.Host] = true
			}
		}
		for host := range more {
			var waiting int
			if err := s.write.row(ctx, "SELECT count(*) FROM task WHERE host = ? AND taken = 0", host).Scan(&waiting); err != nil {
				return err
			}
			if waiting > registry.MaxTasks {
				return fmt.Errorf("%w: more than %d tasks of %q would wait", registry.ErrTooLarge, registry.MaxTasks, host)
			}
		}
		return nil
	})
	if err != nil {
		return fail(ctx, err, "add %d tasks", len(tasks))
	}
	s.added.Ring()
	return nil
}

// taskRow is a task with what the queue knows of it.
type taskRow struct {
	registry.Task
	n        int64
	attempts int
}

const taskColumns = "n, kind, host, repo, added, attempts"

func scanTask(row *sql.Rows) (t taskRow, err error) {
	var added string
	if err = row.Scan(&t.n, &t.Kind, &t.Host, &t.Repo, &added, &t.attempts); err == nil {
		t.Added, err = parseTime(added)
	}
	return t, err
}

// Tasks implements [registry.Queue].
func (s *Store) Tasks(ctx context.Context) iter.Seq2[registry.Task, error] {
	return func(yield func(registry.Task, error) bool) {
		for t, err := range pages(ctx, s.read, "list the tasks", 0,
			"SELECT "+taskColumns+" FROM task WHERE n > ? ORDER BY n LIMIT ?",
			scanTask, func(t taskRow) int64 { return t.n }) {
			if !yield(t.Task, err) {
				return
			}
		}
	}
}
