// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package hosts is what the workers of every queue do alike: they take hosts of
// which something is due, and give them up.
package hosts

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

const (
	// Tasks is how many of one host are done at a time.
	Tasks = 6
	// Poll is how often a worker looks for what other processes did.
	Poll = time.Second

	longestPause = time.Hour
)

// Pause is how long a task waits that came to an error, the first time with 1.
func Pause(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 20), longestPause)
}

// Queue is what Work needs of one.
type Queue struct {
	// Due are the hosts of which something is due, or was being done by a worker
	// that may have died.
	Due func(context.Context) ([]string, error)
	// Lock is that of the store.
	Lock func(ctx context.Context, name string) (unlock func(), err error)
	// Do does what waits of a host that is locked, and returns when nothing of it
	// is due. Its error is the queue's.
	Do func(ctx context.Context, host string) error
	// Added rings when tasks were added by this process.
	Added *Bell
}

// Work is that of [registry.Queue].
func Work(ctx context.Context, w registry.Worker, q Queue) error {
	if w.Hosts < 1 || w.Do == nil {
		return fmt.Errorf("%w: a worker has at least one host at a time, and something that does tasks", registry.ErrInvalid)
	}
	group, working := errgroup.WithContext(ctx)
	t := taker{worker: w, queue: q, has: map[string]bool{}}
	group.Go(func() error { return t.take(working, group) })
	err := group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// taker is one call of Work.
type taker struct {
	worker registry.Worker
	queue  Queue
	given  Bell // rings when a host was given up

	mu  sync.Mutex
	has map[string]bool
}

// take takes hosts until the context ends.
func (t *taker) take(ctx context.Context, group *errgroup.Group) error {
	poll := time.NewTicker(Poll)
	defer poll.Stop()
	for {
		added, given := t.queue.Added.Next(), t.given.Next()
		if err := t.takeDue(ctx, group); err != nil {
			return err
		}
		select {
		case <-added:
		case <-given:
		case <-poll.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// takeDue takes as many hosts as there is room for.
func (t *taker) takeDue(ctx context.Context, group *errgroup.Group) error {
	if !t.room() {
		return nil
	}
	due, err := t.queue.Due(ctx)
	if err != nil {
		return err
	}
	// At random, so that workers share.
	rand.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
	for _, host := range due {
		if t.worker.Takes != nil && !t.worker.Takes(host) || !t.enter(host) {
			continue
		}
		unlock, err := t.queue.Lock(ctx, registry.HostLock(host))
		if err != nil {
			t.leave(host)
			if errors.Is(err, registry.ErrLocked) {
				continue
			}
			return err
		}
		group.Go(func() error {
			defer t.given.Ring()
			defer t.leave(host)
			defer unlock()
			return t.queue.Do(ctx, host)
		})
	}
	return nil
}

func (t *taker) room() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.has) < t.worker.Hosts
}

// enter notes that the worker has a host, or is about to, unless it has it
// already or there is no room.
func (t *taker) enter(host string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.has[host] || len(t.has) >= t.worker.Hosts {
		return false
	}
	t.has[host] = true
	return true
}

func (t *taker) leave(host string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.has, host)
}
