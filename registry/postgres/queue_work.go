// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

const (
	// never is when River thinks that a job is stuck: who takes a host knows better.
	never = 100 * 365 * 24 * time.Hour
	// flushTime bounds how long is waited for River to note what came of jobs.
	flushTime = 10 * time.Second
	flushPoll = 50 * time.Millisecond
	// maxStalled is how often in a row something may be due and nothing done.
	maxStalled = 10
	// stopTime bounds the end of River's own services.
	stopTime = 30 * time.Second
	// maxErrors of a task are kept, maxError bytes of each.
	maxErrors = 10
	maxError  = 1000
)

// worker is one call of Work. It has a queue of River's for each of its hosts.
type worker struct {
	store *Store
	do    func(context.Context, registry.Task) error
	river *river.Client[pgx.Tx]

	mu    sync.Mutex
	hosts map[string]*host // by the names of their queues
}

// Work implements [registry.Queue].
func (s *Store) Work(ctx context.Context, w registry.Worker) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	working := &worker{store: s, do: w.Do, hosts: map[string]*host{}}
	if err := s.attempt(ctx, writeAttempts, func() error { return working.start(ctx) }); err != nil {
		return fail(ctx, err, "begin to work on the queue of the registry %s", s.name)
	}
	err := hosts.Work(ctx, w, hosts.Queue{
		Due: s.dueHosts, Lock: s.lockHost, Do: working.doHost, Added: &s.added,
	})
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, working.river.Stop(stop))
}

// start starts River without a host.
func (w *worker) start(ctx context.Context) (err error) {
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, river.WorkFunc(w.work)); err != nil {
		return err
	}
	w.river, err = river.NewClient(riverpgxv5.New(w.store.pool), &river.Config{
		ID:                   "allmende-" + rand.Text(),
		Workers:              workers,
		Queues:               map[string]river.QueueConfig{"none": {MaxWorkers: 1, FetchPollInterval: time.Hour}}, // it wants one
		FetchPollInterval:    hosts.Poll,
		FetchCooldown:        10 * time.Millisecond,
		JobTimeout:           -1,
		RescueStuckJobsAfter: never,
		RetryPolicy:          pauses{},
		Logger:               w.store.log,
	})
	if err != nil {
		return err
	}
	// The hosts are given up before it is stopped.
	return w.river.Start(context.WithoutCancel(ctx))
}

// pauses is when a job is done again that came to an error.
type pauses struct{}

// NextRetry implements [river.ClientRetryPolicy].
func (pauses) NextRetry(j *rivertype.JobRow) time.Time { return time.Now().Add(hosts.Pause(j.Attempt)) }

// work does a job of a host that the worker has.
func (w *worker) work(ctx context.Context, j *river.Job[job]) error {
	w.mu.Lock()
	h := w.hosts[j.Queue]
	w.mu.Unlock()
	if h == nil || !h.begin() {
		return river.JobSnooze(0) // for the next one who has the host
	}
	defer h.end()
	ctx, cancel := context.WithCancel(ctx) // ends where an operator cancels the job
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	err := w.do(ctx, j.Args.task(j.CreatedAt))
	switch {
	case err == nil:
		w.store.complete(ctx, j)
		return nil
	case h.ctx.Err() != nil:
		return river.JobSnooze(0)
	}
	return errors.New(clean(err.Error()))
}

// complete notes at once that a job is done, which River does a little later, and
// less patiently. What is left undone here is left to River.
func (s *Store) complete(ctx context.Context, j *river.Job[job]) {
	ctx = context.WithoutCancel(ctx)
	_ = s.updateQueue(ctx, func(ctx context.Context, tx pgx.Tx) error {
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, j)
		return err
	})
}

// clean is a text as PostgreSQL keeps it in JSON.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text[:min(len(text), maxError)], ""), "\x00", "")
}

// doHost does the tasks of a host that is locked, until none is due.
func (w *worker) doHost(ctx context.Context, name string) error {
	lock, queue := w.store.lockOf(registry.HostLock(name)), queueOf(name)
	h := newHost(ctx, lock)
	defer h.lose()
	if err := w.store.freeJobs(h.ctx, lock, queue); err != nil {
		if w.store.lockHolds(lock) != nil {
			return nil // another one has it already
		}
		return fail(ctx, err, "take the tasks of %q", name)
	}
	w.enter(queue, h)
	defer w.enter(queue, nil)
	after := context.WithoutCancel(ctx)
	err := w.store.attempt(h.ctx, writeAttempts, func() error {
		err := w.river.Queues().Add(queue, river.QueueConfig{MaxWorkers: hosts.Tasks})
		if err != nil {
			_ = w.river.Queues().Remove(after, queue) // which it has all the same
		}
		return err
	})
	if err != nil {
		return fail(ctx, err, "begin with the tasks of %q", name)
	}
	if err = w.untilDone(h, queue); err != nil {
		err = fail(ctx, err, "do the tasks of %q", name)
		h.lose()
	}
	h.giveUp()
	err = errors.Join(err, w.river.Queues().Remove(after, queue))
	if w.store.lockHolds(lock) != nil {
		return nil // what is running is another's
	}
	w.store.flush(after, queue)
	return err
}

// enter notes what the worker has of a queue; nil for nothing.
func (w *worker) enter(queue string, h *host) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[queue] = h
	if h == nil {
		delete(w.hosts, queue)
	}
}

// untilDone waits until nothing of a host is due and nothing is being done, or its
// context has ended; or until River does not do what is due, as where it lost its
// connection when it began with the queue, or where an operator has paused that.
func (w *worker) untilDone(h *host, queue string) error {
	poll := time.NewTicker(hosts.Poll)
	defer poll.Stop()
	for stalled := 0; ; {
		idle := h.idle.Next()
		due, err := w.store.wakeJobs(h.ctx, queue)
		switch {
		case h.ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case (!due || stalled >= maxStalled) && h.close():
			return nil
		}
		select {
		case <-idle:
			stalled = 0
		case <-poll.C:
			stalled++
		case <-h.ctx.Done():
			return nil
		}
	}
}
