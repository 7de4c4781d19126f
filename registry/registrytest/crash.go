// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registrytest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// crashIn names the environment variable that makes a process of TestCrash write
// into the store in a folder until it is killed.
const crashIn = "REGISTRYTEST_CRASH_IN"

const (
	crashes     = 20
	crashers    = 6 // write at once
	crashVisits = 5 // by each of them, a page
)

// report is what a process of TestCrash says of a write that returned.
type report struct {
	Change registry.Change // of Put or Remove
	Writer int             // of a page of visits and a checkpoint
	Page   int
}

// TestCrash kills a process that writes, at random points, and checks that
// everything it said was written is there, that nothing is there in part, and
// that revisions have no gaps and none is given out again. It runs the test
// binary again with the name of its own test, which must call nothing else.
// Calls of open with the same folder open the same store; open fails the test
// where the store is damaged.
func TestCrash(t *testing.T, open func(t *testing.T, dir string) registry.Store) {
	if dir := os.Getenv(crashIn); dir != "" {
		writeUntilKilled(t, func() registry.Store { return open(t, dir) })
		return
	}
	dir := t.TempDir()
	var log []registry.Change
	var pages [crashers]int
	for range crashes {
		reports := killed(t, dir, 1+rand.N(200))
		s := open(t, dir)
		before := log
		log = changes(t, s, 0)
		if len(log) < len(before) {
			t.Fatalf("%d changes, %d were there before", len(log), len(before))
		}
		same(t, "log before", before, log[:len(before)])
		for i, c := range log {
			if c.Rev != registry.Rev(i+1) {
				t.Fatalf("revision %d stands at place %d", c.Rev, i+1)
			}
		}
		told := map[registry.Rev]bool{}
		for _, r := range reports {
			switch rev := r.Change.Rev; {
			case r.Page > 0:
				pages[r.Writer] = max(pages[r.Writer], r.Page)
			case told[rev] || rev <= registry.Rev(len(before)):
				t.Fatalf("revision %d was given out twice", rev)
			case rev > registry.Rev(len(log)):
				t.Fatalf("%+v was lost; the log ends at %d", r.Change, len(log))
			default:
				told[rev] = true
				same(t, "change", r.Change, log[rev-1])
			}
		}
		wantWhole(t, s, log)
		for writer, page := range pages {
			pages[writer] = wantPage(t, s, writer, page)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	wantRevisions(t, open(t, dir), log, "forge.example/all/shared")
	if len(log) == 0 {
		t.Error("no process came to write anything")
	}
}

// killed runs a process that writes, kills it when it has said something so many
// times, and returns all that it said.
func killed(t *testing.T, dir string, times int) (reports []report) {
	t.Helper()
	writer := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v=false", "-test.count=1")
	writer.Env = append(os.Environ(), crashIn+"="+dir)
	writer.Stderr = os.Stderr
	stdout, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		var r report
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("the process that writes says %q", lines.Text())
		}
		if reports = append(reports, r); len(reports) == times {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := writer.Wait(); err == nil || len(reports) < times {
		t.Fatalf("the process that writes ended by itself: %v, %v", lines.Err(), err)
	}
	return reports[1:] // the first one is of no write
}

// writeUntilKilled says something before it opens the store, so that it may be
// killed at that too.
func writeUntilKilled(t *testing.T, open func() registry.Store) {
	say := func(r report) {
		b, err := json.Marshal(r)
		if err == nil {
			_, err = os.Stdout.Write(append(b, '\n')) // in one write, which a pipe takes as a whole
		}
		if err != nil {
			t.Error(err)
			os.Exit(1)
		}
	}
	say(report{})
	s := open()
	for w := range crashers {
		go func() {
			for {
				crashStep(t, s, w, say)
			}
		}()
	}
	select {}
}

func crashStep(t *testing.T, s registry.Store, w int, say func(report)) {
	t.Helper()
	state, err := s.SourceState(t.Context(), crashSource(w))
	if errors.Is(err, registry.ErrNotFound) {
		state, err = &registry.SourceState{Source: crashSource(w)}, nil
	}
	check := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	check(err)
	n := state.Repositories + 1
	for _, id := range []registry.ID{
		registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, n)),
		registry.ID(fmt.Sprintf("forge.example/w%d/shared", w)),
		"forge.example/all/shared",
	} {
		software := Software(id, "")
		software.Repository.Stars = n*crashers + w
		software.PublicCode.Name = fmt.Sprint("v", software.Repository.Stars)
		software.Files[0].Bytes = []byte(software.PublicCode.Name)
		c, err := s.Put(t.Context(), software)
		check(err)
		if c.Rev > 0 {
			say(report{Change: c})
		}
	}
	c, err := s.Remove(t.Context(), registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, n-1)), registry.FileGone)
	if err == nil && c.Rev > 0 {
		say(report{Change: c})
	} else if !errors.Is(err, registry.ErrNotFound) {
		check(err)
	}
	var visits []*registry.Visit
	var seen []registry.ID
	for i := range crashVisits {
		visits = append(visits, &registry.Visit{
			Repo: registry.ID(fmt.Sprintf("forge.example/w%d/%d", w, i)), Source: state.Source,
			Outcome: registry.Outcomes[n%len(registry.Outcomes)], Misses: n,
		})
		seen = append(seen, visits[i].Repo)
	}
	check(s.PutVisits(t.Context(), visits))
	state.Repositories, state.Started = n, time.Unix(int64(n), 0)
	check(s.Checkpoint(t.Context(), state, seen))
	say(report{Writer: w, Page: n})
}

func crashSource(w int) string { return fmt.Sprint("https://forge.example/w", w) }

// wantWhole checks that every entry is as its last change left it.
func wantWhole(t *testing.T, s registry.Store, log []registry.Change) {
	t.Helper()
	last := map[registry.ID]registry.Change{}
	for _, c := range log {
		last[c.ID] = c
	}
	live := 0
	for id, c := range last {
		got, err := s.Get(t.Context(), id)
		if c.Kind == registry.Removed {
			wantErr(t, "Get of what was removed", err, registry.ErrGone)
			continue
		}
		live++
		if err != nil || got.Rev != c.Rev || !got.Changed.Equal(c.Time) {
			t.Fatalf("entry %s is not as %+v left it: %v", id, c, err)
		}
		b, err := s.File(t.Context(), got.Files[0].Hash)
		if err != nil || string(b) != got.PublicCode.Name {
			t.Errorf("file of the entry %s, %s: %q, %v", id, got.PublicCode.Name, b, err)
		}
	}
	if all := ids(t, s); len(all) != live {
		t.Errorf("%d entries, want %d", len(all), live)
	}
}

// wantRevisions checks that an entry which kept its ID has a revision for each of
// its changes.
func wantRevisions(t *testing.T, s registry.Store, log []registry.Change, id registry.ID) {
	t.Helper()
	slices.Reverse(log)
	var want, got []registry.Change
	for _, c := range log {
		if c.ID == id {
			want = append(want, c)
		}
	}
	for _, r := range history(t, s, id) {
		got = append(got, r.Change)
		if r.Software == nil || r.Software.Rev != r.Rev {
			t.Fatalf("revision %d is of %+v", r.Rev, r.Software)
		}
	}
	same(t, "changes in the history", want, got)
}

// wantPage checks the visits and the state that one writer left, the page or a
// later one, and returns which.
func wantPage(t *testing.T, s registry.Store, writer, page int) int {
	t.Helper()
	state, err := s.SourceState(t.Context(), crashSource(writer))
	if errors.Is(err, registry.ErrNotFound) && page == 0 {
		return 0
	}
	if err != nil || state.Repositories < page || state.Repositories > page+1 {
		t.Fatalf("state of writer %d is %+v, %v; it wrote page %d", writer, state, err, page)
	}
	misses := map[int]bool{}
	for v, err := range s.Visits(t.Context(), state.Source) {
		if err != nil {
			t.Fatal(err)
		}
		misses[v.Misses] = true
		if !v.Seen.Equal(state.Started) {
			t.Errorf("visit of %s was seen at %v, its source at %v", v.Repo, v.Seen, state.Started)
		}
		if v.Misses < state.Repositories || v.Misses > state.Repositories+1 {
			t.Errorf("visit of page %d after the checkpoint of page %d", v.Misses, state.Repositories)
		}
	}
	if len(misses) != 1 {
		t.Errorf("visits of writer %d are of several pages: %v", writer, misses)
	}
	return state.Repositories
}
