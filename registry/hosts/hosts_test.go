// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package hosts_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/hosts"
)

func TestPause(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		-1: time.Second, 0: time.Second, 1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second,
		12: 2048 * time.Second, 13: time.Hour, 64: time.Hour, 32767: time.Hour,
	} {
		if got := hosts.Pause(attempts); got != want {
			t.Errorf("Pause(%d) is %v, want %v", attempts, got, want)
		}
	}
}

func TestBell(t *testing.T) {
	var b hosts.Bell
	b.Ring() // nobody hears it
	one, two := b.Next(), b.Next()
	select {
	case <-one:
		t.Error("it rings by itself")
	default:
	}
	b.Ring()
	<-one
	<-two
	select {
	case <-b.Next():
		t.Error("it rings for who comes later")
	default:
	}
}

// What fails ends Work, and with it whatever is being done.
func TestWorkFails(t *testing.T) {
	broken := errors.New("broken")
	lock := func(context.Context, string) (func(), error) { return func() {}, nil }
	due := func(context.Context) ([]string, error) { return []string{"forge.example", "other.example"}, nil }
	wait := func(ctx context.Context, _ string) error {
		<-ctx.Done()
		return ctx.Err()
	}
	for name, q := range map[string]hosts.Queue{
		"looking for what is due": {Lock: lock, Do: wait, Due: func(context.Context) ([]string, error) { return nil, broken }},
		"a lock":                  {Due: due, Do: wait, Lock: func(context.Context, string) (func(), error) { return nil, broken }},
		"one host": {Due: due, Lock: lock, Do: func(ctx context.Context, host string) error {
			if host == "forge.example" {
				return broken
			}
			return wait(ctx, host)
		}},
	} {
		q.Added = new(hosts.Bell)
		err := hosts.Work(t.Context(), registry.Worker{Hosts: 2, Do: func(context.Context, registry.Task) error { return nil }}, q)
		if !errors.Is(err, broken) {
			t.Errorf("when %s fails, Work: %v", name, err)
		}
	}
}

// A host whose lock another one has is passed over, and is taken later.
func TestWorkPassesOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var added hosts.Bell
	var asked, freed int
	err := hosts.Work(ctx, registry.Worker{Hosts: 1, Do: func(context.Context, registry.Task) error { return nil }}, hosts.Queue{
		Due: func(context.Context) ([]string, error) { return []string{"forge.example"}, nil },
		Lock: func(_ context.Context, name string) (func(), error) {
			if name != registry.HostLock("forge.example") {
				t.Errorf("it locks %q", name)
			}
			if asked++; asked < 3 {
				added.Ring()
				return nil, registry.ErrLocked
			}
			return func() { freed++ }, nil
		},
		Do: func(context.Context, string) error {
			cancel()
			return nil
		},
		Added: &added,
	})
	if !errors.Is(err, context.Canceled) || freed != 1 {
		t.Errorf("Work: %v; the lock was freed %d times, want once", err, freed)
	}
}
