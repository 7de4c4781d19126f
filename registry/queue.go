// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Task is work that waits to be done by some worker. Two tasks are the same
// where kind, host and repository are; hosts and repositories match without
// regard to case.
type Task struct {
	Kind TaskKind `json:"kind"`
	Host string   `json:"host,omitempty"` // host[:port] of a forge, which queues give in lower case; "" is the catalogue as a whole
	Repo ID       `json:"repo,omitempty"` // of a visit
	// Added is when it was asked for; the queue sets it.
	Added time.Time `json:"added"`
}

// TaskKind is a kind of work.
type TaskKind string

// The kinds of task.
const (
	CrawlTask  TaskKind = "crawl"  // the sources of a host that are due
	VisitTask  TaskKind = "visit"  // one repository, whatever its forge's marks say
	ExportTask TaskKind = "export" // the SBOMs that a forge makes itself
	SettleTask TaskKind = "settle" // what entries of all hosts say of one another; has no host
)

var kindForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// Check reports a task without a kind, a visit without a repository, and a host or
// repository that is none, as ErrInvalid.
func (t Task) Check() error {
	switch {
	case !kindForm.MatchString(string(t.Kind)):
		return fmt.Errorf("%w: a task's kind has 1 to 32 of a-z, 0-9 and -, not %q", ErrInvalid, t.Kind)
	case len(t.Host) > maxTaskHost || strings.ContainsFunc(t.Host, notInHost):
		return fmt.Errorf("%w: the host %.100q of a task is none", ErrInvalid, t.Host)
	case t.Repo != "":
		if err := t.Repo.check(); err != nil {
			return fmt.Errorf("the repository of a task: %w", err)
		}
	case t.Kind == VisitTask:
		return fmt.Errorf("%w: a visit names no repository", ErrInvalid)
	}
	return nil
}

// maxTaskHost is the length of a DNS name with a port.
const maxTaskHost = 253 + len(":65535")

// notInHost is wide: a host may be written as in the configuration.
func notInHost(r rune) bool {
	return r == '/' || r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsGraphic(r)
}

// Key is the task with its case folded and without Added: two tasks are the same
// exactly where their keys are equal.
func (t Task) Key() Task {
	return Task{Kind: t.Kind, Host: strings.ToLower(t.Host), Repo: ID(t.Repo.Key())}
}

// MaxTasks is how many tasks of one host may wait.
const MaxTasks = 1000

// Queue keeps tasks until they are done, and hands them to workers, of one
// process or several. Every queue passes registrytest.TestQueue. All methods are
// safe for concurrent use.
type Queue interface {
	// Add asks for tasks, all or none. One that waits already is not added again;
	// one that is being done is, and is done again. Where more than MaxTasks of a
	// host would wait the error is ErrTooLarge. What Check refuses is ErrInvalid.
	Add(ctx context.Context, tasks ...Task) error

	// Tasks yields what waits or is being done, the oldest first. What was asked
	// for again while it is being done comes twice.
	Tasks(ctx context.Context) iter.Seq2[Task, error]

	// Work does tasks as they come, until the context ends, whose error it then
	// returns, or the queue fails. The store is closed after it.
	//
	// It takes hosts, and does the tasks of a host that come while it has it, the
	// oldest first and some at a time. What holds a host is Store.Lock with
	// HostLock: no other worker, and no one else who takes that lock, has it
	// meanwhile. A host is given up when nothing of it is due or being done. The
	// same task is never done twice at the same time.
	//
	// A task has ended when do returned nil. After an error it waits, longer each
	// time and an hour at most, and is done again; one whose worker ended, however
	// it ended, is done again at once. The context of do ends with that of Work,
	// which returns when every do has, and when its host is lost to another.
	Work(ctx context.Context, w Worker) error
}

// Worker is what does tasks.
type Worker struct {
	// Hosts is how many hosts it has at a time, at least 1.
	Hosts int
	// Takes reports whether it can do the tasks of a host; nil takes all.
	Takes func(host string) bool
	// Do does a task. It is called from several goroutines, and contains its
	// panics. Its errors are for the queue alone to count: whoever wants them said
	// says them.
	Do func(ctx context.Context, t Task) error
}

// HostLock is the name for Store.Lock of a host, "" being the catalogue as a
// whole.
func HostLock(host string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, host)
	if len(name) > 50 { // two hosts may then share a lock, which does no harm
		name = name[:50]
	}
	return strings.TrimRight("host-"+name, "-")
}
