// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/allmende-registry/allmende/registry"
)

var _ registry.Queue = (*Store)(nil)

// job is a task as River keeps it, a row of river_job. Those that wait are
// available, or retryable and scheduled until they are due. One that is asked for
// while it is running is pending until that has ended.
type job struct {
	Task registry.TaskKind `json:"task"`
	Host string            `json:"host"` // in lower case
	Repo registry.ID       `json:"repo"`
	Key  string            `json:"key"` // equal where the tasks of a host are the same
}

// Kind implements [river.JobArgs].
func (job) Kind() string { return "task" }

func jobOf(t registry.Task) job {
	key := t.Key()
	return job{Task: t.Kind, Host: key.Host, Repo: t.Repo, Key: string(key.Kind) + " " + string(key.Repo)}
}

func (j job) task(added time.Time) registry.Task {
	return registry.Task{Kind: j.Task, Host: j.Host, Repo: j.Repo, Added: added.UTC()}
}

// unnamed is what names of River's queues cannot have in them.
var unnamed = regexp.MustCompile(`[^a-z0-9]+`)

// queueOf is the name of River's queue of a host.
func queueOf(host string) string {
	name := strings.Trim(unnamed.ReplaceAllString(host, "-"), "-")
	name = strings.Trim(name[:min(len(name), 40)], "-")
	return strings.Trim("host-"+name, "-") + fmt.Sprintf("-%08x", crc32.ChecksumIEEE([]byte(host)))
}

// addTasks keeps two who add from adding the same. live are the states of what
// waits or is being done.
const (
	addTasks = "SELECT pg_advisory_xact_lock('river_job'::regclass::oid::int, 0)"
	live     = "state IN ('available', 'pending', 'retryable', 'running', 'scheduled')"
)

// Add implements [registry.Queue].
func (s *Store) Add(ctx context.Context, tasks ...registry.Task) error {
	jobs := make([]job, len(tasks))
	queues := make([]string, len(tasks))
	for i, t := range tasks {
		if err := t.Check(); err != nil {
			return err
		}
		jobs[i] = jobOf(t)
		queues[i] = queueOf(jobs[i].Host)
	}
	if len(tasks) == 0 {
		return nil
	}
	err := s.updateQueue(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, addTasks); err != nil {
			return err
		}
		there, err := jobsOf(ctx, tx, queues)
		if err != nil {
			return err
		}
		var fresh []river.InsertManyParams
		for i, j := range jobs {
			n := there[queues[i]]
			if n.waits[j.Key] {
				continue
			}
			if len(n.waits) >= registry.MaxTasks {
				return fmt.Errorf("%w: %d tasks of %q wait already", registry.ErrTooLarge, registry.MaxTasks, j.Host)
			}
			n.waits[j.Key] = true
			fresh = append(fresh, river.InsertManyParams{Args: j, InsertOpts: &river.InsertOpts{
				Queue: queues[i], MaxAttempts: math.MaxInt16, Pending: n.runs[j.Key],
			}})
		}
		if len(fresh) == 0 {
			return nil
		}
		_, err = s.jobs.InsertManyTx(ctx, tx, fresh)
		return err
	})
	if err != nil {
		return fail(ctx, err, "add %d tasks", len(tasks))
	}
	s.added.Ring()
	return nil
}

// updateQueue is update for what does no harm when it is done twice, as where the
// connection broke during the commit, nor where a lock of the process was lost.
func (s *Store) updateQueue(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	return s.attempt(ctx, writeAttempts, func() error {
		err := s.transact(ctx, f)
		if errors.Is(err, errUnknown) {
			err = fmt.Errorf("%w: %v", io.ErrUnexpectedEOF, err) //nolint:errorlint // what is not known need not be
		}
		return err
	})
}

// keys are those of the jobs of a queue.
type keys struct{ waits, runs map[string]bool }

// jobsOf are the jobs of queues, by their names.
func jobsOf(ctx context.Context, tx pgx.Tx, queues []string) (map[string]keys, error) {
	all := map[string]keys{}
	for _, queue := range queues {
		all[queue] = keys{waits: map[string]bool{}, runs: map[string]bool{}}
	}
	var queue, key string
	var runs bool
	rows, err := tx.Query(ctx, "SELECT queue, args->>'key', state = 'running' FROM river_job WHERE queue = ANY($1) AND "+live, queues)
	if err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&queue, &key, &runs}, func() error {
		if runs {
			all[queue].runs[key] = true
		} else {
			all[queue].waits[key] = true
		}
		return nil
	})
	return all, err
}

// Tasks implements [registry.Queue].
func (s *Store) Tasks(ctx context.Context) iter.Seq2[registry.Task, error] {
	type row struct {
		registry.Task
		id int64
	}
	scan := func(from scanner) (r row, err error) {
		var j job
		var added time.Time
		err = from.Scan(&j, &added, &r.id)
		r.Task = j.task(added)
		return r, err
	}
	return func(yield func(registry.Task, error) bool) {
		for r, err := range pages(ctx, s, "list the tasks",
			"SELECT args, created_at, id FROM river_job WHERE (created_at, id) > ($1, $2) AND "+live+" ORDER BY created_at, id LIMIT $3",
			scan, []any{time.Time{}, 0}, func(r row) []any { return []any{r.Added, r.id} }) {
			if !yield(r.Task, err) {
				return
			}
		}
	}
}
