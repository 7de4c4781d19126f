// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Queue is a store that keeps tasks, as all do.
type Queue interface {
	registry.Store
	registry.Queue
}

// TestQueue checks a queue against every sentence of [registry.Queue]. Calls of
// open with the same folder open the same store, and arrange for it to be closed at
// the end of the test.
func TestQueue(t *testing.T, open func(t *testing.T, dir string) Queue) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open func() Queue)
	}{
		{"add", testAdd},
		{"invalid tasks", testInvalidTasks},
		{"invalid workers", testInvalidWorkers},
		{"too many", testTooMany},
		{"tasks last", testTasksLast},
		{"no part of a dump", testTasksDump},
		{"in order", testWorkOrder},
		{"side by side", testWorkSideBySide},
		{"errors", testWorkErrors},
		{"again while it is being done", testWorkAgain},
		{"error of what was asked for again", testWorkAgainError},
		{"worker ends", testWorkEnds},
		{"worker leaves hosts", testWorkTakes},
		{"bound of hosts", testWorkHosts},
		{"lock of a host", testWorkLock},
		{"several workers", testWorkSeveral},
		{"several add", testAddSeveral},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.run(t, func() Queue { return open(t, dir) })
		})
	}
}

func addTasks(t *testing.T, q registry.Queue, tasks ...registry.Task) {
	t.Helper()
	if err := q.Add(t.Context(), tasks...); err != nil {
		t.Fatalf("Add: %v", err)
	}
}

// tasksOf are the tasks of a queue, as text in their order.
func tasksOf(t *testing.T, q registry.Queue) []string {
	t.Helper()
	var all []string
	for task, err := range q.Tasks(t.Context()) {
		if err != nil {
			t.Fatalf("Tasks: %v", err)
		}
		if task.Added.IsZero() || time.Since(task.Added).Abs() > time.Hour {
			t.Errorf("%s was added at %v", textOf(task), task.Added)
		}
		all = append(all, textOf(task))
	}
	return all
}

func textOf(t registry.Task) string {
	return strings.TrimSpace(fmt.Sprintln(string(t.Kind), t.Host, string(t.Repo)))
}

// crawl and visitOf are tasks.
func crawl(host string) registry.Task { return registry.Task{Kind: registry.CrawlTask, Host: host} }

func visitOf(repo registry.ID) registry.Task {
	return registry.Task{Kind: registry.VisitTask, Host: repo.Host(), Repo: repo}
}

// worker is a Work that runs.
type worker struct {
	end  context.CancelFunc
	done chan error
}

// work starts a worker, which ends with the test.
func work(t *testing.T, q registry.Queue, w registry.Worker) *worker {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	running := &worker{cancel, make(chan error, 1)}
	go func() { running.done <- q.Work(ctx, w) }()
	t.Cleanup(func() { running.stop(t) })
	return running
}

// stop ends a worker and waits until it has.
func (w *worker) stop(t *testing.T) {
	t.Helper()
	w.end()
	if err, ok := <-w.done; ok {
		close(w.done)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Work ended with %v, want that its context ended", err)
		}
	}
}

// untilEmpty waits until nothing waits and nothing is being done.
func untilEmpty(t *testing.T, q registry.Queue) {
	t.Helper()
	for len(tasksOf(t, q)) > 0 {
		continue
	}
}

func testAdd(t *testing.T, open func() Queue) {
	q := open()
	addTasks(t, q)
	if got := tasksOf(t, q); len(got) != 0 {
		t.Errorf("an empty queue has %q", got)
	}
	addTasks(t, q, crawl("forge.example"), visitOf("forge.example/a/B"), crawl("other.example:8443"))
	addTasks(t, q, registry.Task{Kind: registry.SettleTask, Added: time.Unix(0, 0)}, registry.Task{Kind: registry.ExportTask, Host: "forge.example"})
	want := []string{"crawl forge.example", "visit forge.example forge.example/a/B", "crawl other.example:8443", "settle", "export forge.example"}
	same(t, "tasks", want, tasksOf(t, q))

	addTasks(t, q, crawl("forge.example"))
	addTasks(t, q, visitOf("forge.example/a/b"), crawl("Forge.Example"), crawl("third.example"), crawl("third.example"))
	want = append(want, "crawl third.example")
	same(t, "tasks after those that wait were added again", want, tasksOf(t, q))
	same(t, "tasks for another one", want, tasksOf(t, open()))

	wantErr(t, "Add after the context ended", q.Add(cancelled(t), crawl("late.example")), context.Canceled)
	for _, err := range q.Tasks(cancelled(t)) {
		wantErr(t, "Tasks after the context ended", err, context.Canceled)
	}
	same(t, "tasks", want, tasksOf(t, q))
}

func testInvalidTasks(t *testing.T, open func() Queue) {
	q := open()
	for name, task := range map[string]registry.Task{
		"no kind":                 {Host: "forge.example"},
		"odd kind":                {Kind: "Crawl it", Host: "forge.example"},
		"NUL":                     {Kind: "crawl\x00", Host: "forge.example"},
		"visit of nothing":        {Kind: registry.VisitTask, Host: "forge.example"},
		"repository that is none": {Kind: registry.VisitTask, Host: "forge.example", Repo: "forge.example"},
		"address":                 {Kind: registry.VisitTask, Host: "forge.example", Repo: "https://forge.example/a/b"},
		"host that is none":       {Kind: registry.CrawlTask, Host: "forge.example/a"},
		"host with a NUL":         {Kind: registry.CrawlTask, Host: "forge\x00.example"},
		"long host":               {Kind: registry.CrawlTask, Host: strings.Repeat("a", 300)},
	} {
		wantErr(t, "Add of "+name, q.Add(t.Context(), crawl("good.example"), task), registry.ErrInvalid)
	}
	if got := tasksOf(t, q); len(got) != 0 {
		t.Errorf("refused tasks left %q", got)
	}
}

func testInvalidWorkers(t *testing.T, open func() Queue) {
	q := open()
	do := func(context.Context, registry.Task) error { return nil }
	for name, w := range map[string]registry.Worker{"hosts": {Do: do}, "anything to do": {Hosts: 1}} {
		wantErr(t, "Work without "+name, q.Work(t.Context(), w), registry.ErrInvalid)
	}
	wantErr(t, "Work after the context ended", q.Work(cancelled(t), registry.Worker{Hosts: 1, Do: do}), context.Canceled)
}

func testTooMany(t *testing.T, open func() Queue) {
	q := open()
	repo := func(n int) registry.ID { return registry.ID(fmt.Sprint("forge.example/a/", n)) }
	var all []registry.Task
	for n := range registry.MaxTasks - 1 {
		all = append(all, visitOf(repo(n)))
	}
	addTasks(t, q, all...)
	wantErr(t, "Add of one too many", q.Add(t.Context(), crawl("other.example"), visitOf(repo(-1)), visitOf(repo(-2))), registry.ErrTooLarge)
	if got := tasksOf(t, q); len(got) != registry.MaxTasks-1 {
		t.Errorf("then %d tasks wait, want %d", len(got), registry.MaxTasks-1)
	}
	addTasks(t, q, visitOf(repo(-1)))
	wantErr(t, "Add of one more", q.Add(t.Context(), crawl("other.example"), visitOf(repo(-2))), registry.ErrTooLarge)
	addTasks(t, q, all[7])
	addTasks(t, q, crawl("other.example"))
	if got := tasksOf(t, q); len(got) != registry.MaxTasks+1 {
		t.Errorf("then %d tasks wait, want %d", len(got), registry.MaxTasks+1)
	}
}

func testTasksLast(t *testing.T, open func() Queue) {
	q := open()
	want := []string{"crawl forge.example", "settle"}
	addTasks(t, q, crawl("forge.example"), registry.Task{Kind: registry.SettleTask})
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open()
	same(t, "tasks", want, tasksOf(t, q))
	work(t, q, registry.Worker{Hosts: 1, Do: func(context.Context, registry.Task) error { return nil }})
	untilEmpty(t, q)
	if got := tasksOf(t, open()); len(got) != 0 {
		t.Errorf("another one still has %q", got)
	}
}

func testTasksDump(t *testing.T, open func() Queue) {
	q := open()
	addTasks(t, q, crawl("forge.example"))
	records := 0
	for _, err := range q.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		records++
	}
	if records != 2 { // head and end
		t.Errorf("a dump of a store with tasks alone has %d records, want 2", records)
	}
	if err := q.Load(t.Context(), q.Dump(t.Context())); err != nil {
		t.Errorf("Load into a store with tasks: %v", err)
	}
	same(t, "tasks", []string{"crawl forge.example"}, tasksOf(t, q))
}

// The oldest are begun first, some of them at the same time.
func testWorkOrder(t *testing.T, open func() Queue) {
	q := open()
	const tasks, atOnce = 60, 20
	for n := range tasks {
		addTasks(t, q, visitOf(registry.ID(fmt.Sprint("forge.example/a/", n))))
	}
	var mu sync.Mutex
	var begun []int
	work(t, q, registry.Worker{Hosts: 1, Do: func(_ context.Context, task registry.Task) error {
		mu.Lock()
		defer mu.Unlock()
		var n int
		_, err := fmt.Sscanf(string(task.Repo), "forge.example/a/%d", &n)
		begun = append(begun, n)
		return err
	}})
	untilEmpty(t, q)
	mu.Lock()
	defer mu.Unlock()
	for i, n := range begun {
		if n >= i+atOnce {
			t.Errorf("task %d was begun after only %d: %v", n, i, begun)
		}
	}
	if len(begun) != tasks {
		t.Errorf("%d tasks were done, want %d", len(begun), tasks)
	}
}

// A long task of a host keeps no other from being done, whether of the host or not.
func testWorkSideBySide(t *testing.T, open func() Queue) {
	q := open()
	release := make(chan struct{})
	var visited sync.WaitGroup
	visited.Add(2)
	addTasks(t, q, crawl("forge.example"))
	work(t, q, registry.Worker{Hosts: 2, Do: func(ctx context.Context, task registry.Task) error {
		if task.Kind == registry.CrawlTask {
			addTasks(t, q, visitOf("forge.example/a/b"), visitOf("other.example/a/b"))
			select {
			case <-release:
			case <-ctx.Done():
			}
			return nil
		}
		visited.Done()
		return nil
	}})
	visited.Wait()
	close(release)
	untilEmpty(t, q)
}

func testWorkErrors(t *testing.T, open func() Queue) {
	q := open()
	const fails, good = registry.ID("forge.example/a/fails"), registry.ID("forge.example/a/good")
	addTasks(t, q, visitOf(fails), visitOf(good))
	var mu sync.Mutex
	done := map[registry.ID]int{}
	third := make(chan struct{})
	work(t, q, registry.Worker{Hosts: 1, Do: func(_ context.Context, task registry.Task) error {
		mu.Lock()
		defer mu.Unlock()
		done[task.Repo]++
		if task.Repo == good {
			return nil
		}
		if done[fails] < 3 {
			return errors.New("the forge said \"\x00\xff\" " + strings.Repeat("ä", 100_000))
		}
		close(third)
		return nil
	}})
	<-third
	untilEmpty(t, q)
	mu.Lock()
	defer mu.Unlock()
	same(t, "times done", map[registry.ID]int{fails: 3, good: 1}, done)
}

// once is a task, and what its worker is told.
type once struct {
	task registry.Task
	ctx  context.Context
	end  chan error
}

// handing is a worker that hands each task over and waits for its end, or that of
// its context.
func handing(hosts int) (registry.Worker, chan once) {
	begun := make(chan once)
	return registry.Worker{Hosts: hosts, Do: func(ctx context.Context, task registry.Task) error {
		o := once{task, ctx, make(chan error)}
		select {
		case begun <- o:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case err := <-o.end:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}}, begun
}

func testWorkAgain(t *testing.T, open func() Queue) {
	q := open()
	task := crawl("forge.example")
	addTasks(t, q, task)
	w, begun := handing(1)
	work(t, q, w)
	first := <-begun
	for range 3 { // it waits from the first time on
		addTasks(t, open(), task)
	}
	same(t, "tasks", []string{"crawl forge.example", "crawl forge.example"}, tasksOf(t, q))
	addTasks(t, q, visitOf("forge.example/a/b"))
	visit := <-begun // and not the same again
	if visit.task.Kind != registry.VisitTask {
		t.Errorf("%s is being done twice at the same time", textOf(visit.task))
	}
	visit.end <- nil
	first.end <- nil
	second := <-begun
	if second.task.Key() != task {
		t.Errorf("then %s is done, want %s", textOf(second.task), textOf(task))
	}
	second.end <- nil
	untilEmpty(t, q)
}

// What came to an error and was asked for again meanwhile waits once.
func testWorkAgainError(t *testing.T, open func() Queue) {
	q := open()
	task := crawl("forge.example")
	addTasks(t, q, task)
	w, begun := handing(1)
	work(t, q, w)
	first := <-begun
	addTasks(t, q, task)
	first.end <- errors.New("no")
	second := <-begun
	for len(tasksOf(t, q)) != 1 {
		continue
	}
	second.end <- nil
	untilEmpty(t, q)
}

// What a worker leaves undone another one does at once.
func testWorkEnds(t *testing.T, open func() Queue) {
	q, other := open(), open()
	addTasks(t, q, crawl("forge.example"))
	w, begun := handing(1)
	for _, q := range []Queue{q, other, q} {
		running := work(t, q, w)
		o := <-begun
		running.stop(t)
		if o.ctx.Err() == nil {
			t.Error("the context of do has not ended with that of Work")
		}
		same(t, "tasks", []string{"crawl forge.example"}, tasksOf(t, q))
		unlock, err := q.Lock(t.Context(), registry.HostLock("forge.example"))
		if err != nil {
			t.Fatalf("Lock of the host after the worker ended: %v", err)
		}
		unlock()
	}
	work(t, other, w)
	o := <-begun
	o.end <- nil
	untilEmpty(t, q)
}

func testWorkTakes(t *testing.T, open func() Queue) {
	q := open()
	addTasks(t, q, registry.Task{Kind: registry.SettleTask})
	for n := range 10 {
		addTasks(t, q, crawl(fmt.Sprintf("Not%d.example", n)), crawl(fmt.Sprintf("Mine%d.example", n)))
	}
	mine := func(host string) bool { return strings.HasPrefix(host, "mine") }
	var others atomic.Int32
	work(t, q, registry.Worker{Hosts: 2, Takes: mine, Do: func(_ context.Context, task registry.Task) error {
		if !mine(task.Host) {
			others.Add(1)
		}
		return nil
	}})
	for len(tasksOf(t, q)) > 11 {
		continue
	}
	if n := others.Load(); n > 0 {
		t.Errorf("a worker did %d tasks of hosts that it does not take", n)
	}
	work(t, q, registry.Worker{Hosts: 2, Do: func(context.Context, registry.Task) error { return nil }})
	untilEmpty(t, q)
}

func testWorkHosts(t *testing.T, open func() Queue) {
	q := open()
	const hosts, bound = 9, 3
	for n := range hosts {
		host := fmt.Sprintf("forge%d.example", n)
		addTasks(t, q, crawl(host), registry.Task{Kind: registry.ExportTask, Host: host})
	}
	var mu sync.Mutex
	active := map[string]int{}
	full := make(chan struct{})
	work(t, q, registry.Worker{Hosts: bound, Do: func(ctx context.Context, task registry.Task) error {
		mu.Lock()
		active[task.Host]++
		switch n := len(active); {
		case n > bound:
			t.Errorf("a worker has %d hosts at a time, want %d", n, bound)
		case n == bound:
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()
		select {
		case <-full: // as many as it may have are there at the same time
		case <-ctx.Done():
		}
		mu.Lock()
		defer mu.Unlock()
		if active[task.Host]--; active[task.Host] == 0 {
			delete(active, task.Host)
		}
		return ctx.Err()
	}})
	untilEmpty(t, q)
}

// Who takes the lock of a host has it alone.
func testWorkLock(t *testing.T, open func() Queue) {
	q, other := open(), open()
	unlock, err := other.Lock(t.Context(), registry.HostLock("forge.example"))
	if err != nil {
		t.Fatal(err)
	}
	addTasks(t, q, crawl("Forge.Example"))
	w, begun := handing(2)
	work(t, q, w)
	for range 3 { // and so it has looked for what is due
		addTasks(t, q, crawl("other.example"))
		o := <-begun
		if o.task.Host != "other.example" {
			t.Fatalf("%s is done while another one has the lock of its host", textOf(o.task))
		}
		o.end <- nil
	}
	unlock()
	o := <-begun
	if o.task.Host != "forge.example" {
		t.Errorf("%s is done, want forge.example", textOf(o.task))
	}
	_, err = other.Lock(t.Context(), registry.HostLock("forge.example"))
	wantErr(t, "Lock of a host that a worker has", err, registry.ErrLocked)
	o.end <- nil
	untilEmpty(t, q)
	for err = registry.ErrLocked; errors.Is(err, registry.ErrLocked); { // until it gives it up
		unlock, err = other.Lock(t.Context(), registry.HostLock("forge.example"))
	}
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// Every task is done once, and no host by two workers at the same time.
func testWorkSeveral(t *testing.T, open func() Queue) {
	const hosts, each = 8, 20
	queues := []Queue{open(), open()}
	repo := func(host, n int) registry.ID { return registry.ID(fmt.Sprintf("forge%d.example/a/%d", host, n)) }
	add := func(q Queue, from, to int) {
		for n := from; n < to; n++ {
			for host := range hosts {
				addTasks(t, q, visitOf(repo(host, n)))
			}
		}
	}
	add(queues[0], 0, each/2)
	type at struct{ worker, tasks int }
	var mu sync.Mutex
	active := map[string]at{}
	done := map[registry.ID]int{}
	for i, q := range queues {
		work(t, q, registry.Worker{Hosts: hosts, Do: func(ctx context.Context, task registry.Task) error {
			mu.Lock()
			a := active[task.Host]
			if a.tasks > 0 && a.worker != i {
				t.Errorf("%s is at two workers at the same time", task.Host)
			}
			active[task.Host] = at{i, a.tasks + 1}
			done[task.Repo]++
			mu.Unlock()
			_, err := q.Rev(ctx) // takes some time
			mu.Lock()
			defer mu.Unlock()
			a = active[task.Host]
			active[task.Host] = at{a.worker, a.tasks - 1}
			return err
		}})
	}
	add(queues[1], each/2, each)
	untilEmpty(t, queues[0])
	mu.Lock()
	defer mu.Unlock()
	for host := range hosts {
		for n := range each {
			if times := done[repo(host, n)]; times != 1 {
				t.Errorf("%s was done %d times", repo(host, n), times)
			}
		}
	}
}

func testAddSeveral(t *testing.T, open func() Queue) {
	const tasks = 20
	queues := []Queue{open(), open()}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range tasks {
				err := queues[i%len(queues)].Add(t.Context(), crawl("forge.example"), visitOf(registry.ID(fmt.Sprint("forge.example/a/", n))))
				if err != nil {
					t.Errorf("Add: %v", err)
				}
			}
		})
	}
	all.Wait()
	if got := tasksOf(t, queues[0]); len(got) != tasks+1 {
		t.Errorf("%d tasks wait, want %d: %q", len(got), tasks+1, got)
	}
}
