// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

// workIn names the environment variable that makes a process of TestQueueCrash
// work on the queue in a folder until it is killed.
const workIn = "REGISTRYTEST_WORK_IN"

// TestQueueCrash checks that what a worker was at which was killed is done by
// another one. It runs the test binary again with the name of its own test, which
// must call nothing else. Calls of open with the same folder open the same store.
func TestQueueCrash(t *testing.T, open func(t *testing.T, dir string) Queue) {
	const hosts = 2
	if dir := os.Getenv(workIn); dir != "" {
		err := open(t, dir).Work(t.Context(), registry.Worker{Hosts: hosts, Do: func(ctx context.Context, task registry.Task) error {
			_, err := fmt.Println(textOf(task))
			<-ctx.Done()
			return err
		}})
		t.Errorf("Work of the process that is to be killed ended: %v", err)
		return
	}
	dir := t.TempDir()
	q := open(t, dir)
	want := map[string]int{}
	for host := range hosts {
		host := fmt.Sprintf("forge%d.example", host)
		for _, task := range []registry.Task{crawl(host), visitOf(registry.ID(host + "/a/b"))} {
			addTasks(t, q, task)
			want[textOf(task)] = 1
		}
	}
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v=false", "-test.count=1")
	process.Env = append(os.Environ(), workIn+"="+dir)
	process.Stderr = os.Stderr
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	begun := map[string]int{}
	for lines := bufio.NewScanner(stdout); len(begun) < len(want) && lines.Scan(); {
		begun[lines.Text()]++
	}
	same(t, "begun by the process", want, begun)
	addTasks(t, q, crawl("forge0.example")) // again, while it is being done
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err == nil {
		t.Fatal("the process that works ended by itself")
	}
	var mu sync.Mutex
	done := map[string]int{}
	work(t, q, registry.Worker{Hosts: hosts, Do: func(_ context.Context, task registry.Task) error {
		mu.Lock()
		defer mu.Unlock()
		done[textOf(task)]++
		return nil
	}})
	untilEmpty(t, q)
	mu.Lock()
	defer mu.Unlock()
	again := textOf(crawl("forge0.example"))
	done[again] = min(done[again], want[again]) // it was asked for twice: done once for both, or for each
	same(t, "done by another one", want, done)
}
