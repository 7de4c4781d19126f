// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// comparingForge is a fakeForge that compares.
type comparingForge struct {
	*fakeForge
	mu    sync.Mutex
	apart map[string][2]int // by path of the fork: commits ahead and behind
	err   error
	asked []string
}

func (f *comparingForge) Compare(_ context.Context, base, fork crawler.Repo) (*registry.Comparison, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := strings.TrimPrefix(fork.URL, at)
	f.asked = append(f.asked, strings.TrimPrefix(base.URL, at)+" "+path)
	if f.err != nil {
		return nil, f.err
	}
	n, ok := f.apart[path]
	if !ok {
		return nil, registry.ErrNotFound
	}
	var commits []registry.ForkCommit
	for i := range n[0] {
		commits = append(commits, registry.ForkCommit{
			Hash: fmt.Sprintf("%040x", i+1), Title: fmt.Sprintf("Own work %d", i), Time: time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC),
		})
	}
	return crawler.Apart(n[0], n[1], commits), nil
}

func (f *comparingForge) took() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := f.asked
	f.asked = nil
	return asked
}

// push changes a repository's newest commit.
func (r *fakeRepo) push() { r.version++; r.pushed = r.pushed.Add(time.Hour) }

func newFamily(t *testing.T, repos ...*fakeRepo) (*rig, *comparingForge) {
	t.Helper()
	for _, r := range repos {
		r.branch = "main"
	}
	r := newRig(t, repos...)
	f := &comparingForge{fakeForge: r.forge, apart: map[string][2]int{}}
	r.opened = f
	return r, f
}

func TestForksAreCompared(t *testing.T) {
	home := &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))}
	technical := &fakeRepo{path: "x/technical", fork: true, parent: at + "o/home", files: file(named("A", at+"o/home"))}
	bare := &fakeRepo{path: "x/bare", fork: true, parent: at + "o/home"}
	variant := &fakeRepo{path: "x/variant", fork: true, parent: at + "o/home", files: file(named("B", at+"x/variant"))}
	ofFork := &fakeRepo{path: "y/of-fork", fork: true, parent: at + "x/bare"}
	stranger := &fakeRepo{path: "y/stranger", fork: true, parent: at + "z/elsewhere"}
	quiet := &fakeRepo{path: "y/quiet", fork: true, parent: at + "o/home", files: fstest.MapFS{".allmende-ignore": &fstest.MapFile{}}}
	r, f := newFamily(t, home, technical, bare, variant, ofFork, stranger, quiet)
	f.apart = map[string][2]int{"x/technical": {0, 0}, "x/bare": {12, 30}, "x/variant": {3, 0}, "y/quiet": {1, 1}}
	r.sweep()

	want := []string{"x/bare 12 30 10 ", "x/variant 3 0 3 ", "x/technical 0 0 0 ", "y/of-fork ? ? 0 refused"}
	if diff := cmp.Diff(want, shown(r.must("o/home").Forks)); diff != "" {
		t.Error(diff)
	}
	if forks := r.must("o/home").Forks; !forks[1].Entry || forks[0].Entry || forks[0].Publisher.ID == "" || forks[0].Commits[0].Title != "Own work 11" {
		t.Errorf("%+v", forks)
	}
	if n := len(f.took()); n != 4 {
		t.Errorf("asked %d times", n)
	}

	before := r.must("o/home").Rev
	r.sweep()
	if asked := f.took(); len(asked) != 0 || r.must("o/home").Rev != before {
		t.Errorf("asked again about %q, revision %d after %d", asked, r.must("o/home").Rev, before)
	}

	bare.push()
	f.apart["x/bare"] = [2]int{13, 30}
	r.sweep()
	if asked := f.took(); len(asked) != 1 || asked[0] != "o/home x/bare" {
		t.Errorf("after a push to one asked about %q", asked)
	}
	if got := shown(r.must("o/home").Forks)[0]; got != "x/bare 13 30 10 " {
		t.Error(got)
	}

	home.push()
	compared := r.must("o/home").Forks[1].Compared
	r.sweep()
	if asked := f.took(); len(asked) != 4 {
		t.Errorf("after a push to the original asked about %q", asked)
	}
	if again := r.must("o/home").Forks[1].Compared; !again.Equal(compared) {
		t.Errorf("what is told again was compared %s, not %s", again, compared)
	}

	r.forge.repos = []*fakeRepo{home}
	r.sweep()
	if forks := r.must("o/home").Forks; len(forks) != 0 {
		t.Errorf("%+v are left", forks)
	}
}

// shown are forks in a line each.
func shown(forks []registry.Fork) (out []string) {
	number := func(n *int) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	for _, f := range forks {
		out = append(out, fmt.Sprintf("%s %s %s %d %s", strings.TrimPrefix(string(f.ID), "git.example/"), number(f.Ahead), number(f.Behind), len(f.Commits), f.Unknown))
	}
	return out
}

func TestNotCompared(t *testing.T) {
	for name, tt := range map[string]struct {
		err   error
		want  registry.Uncompared
		again bool
	}{
		"refused":   {registry.ErrForbidden, registry.NotCompared, false},
		"unknown":   {registry.ErrNotFound, registry.NotCompared, false},
		"of no use": {crawler.ErrNoComparison, registry.NoComparison, true},
		"too large": {registry.ErrTooLarge, registry.TooFarApart, false},
		"broken":    {errors.New("500"), registry.CompareError, true},
		"limited":   {fetch.ErrLimited, registry.NotAskedYet, true},
	} {
		t.Run(name, func(t *testing.T) {
			r, f := newFamily(t, &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))},
				&fakeRepo{path: "x/variant", fork: true, parent: at + "o/home", files: file(named("B", at+"x/variant"))})
			f.err = tt.err
			if sum := r.sweep(); len(sum.Failures) != 0 {
				t.Errorf("%+v", sum.Failures)
			}
			if forks := r.must("o/home").Forks; len(forks) != 1 || forks[0].Unknown != tt.want || forks[0].Ahead != nil {
				t.Errorf("%+v", forks)
			}
			f.took()
			rev := r.must("o/home").Rev
			r.sweep()
			if asked := len(f.took()) > 0; asked != tt.again || r.must("o/home").Rev != rev {
				t.Errorf("asked again: %t, want %t; revision %d after %d", asked, tt.again, r.must("o/home").Rev, rev)
			}
			f.err, f.apart = nil, map[string][2]int{"x/variant": {2, 1}}
			r.sweep()
			if forks := r.must("o/home").Forks; (forks[0].Ahead != nil) != tt.again {
				t.Errorf("after it was mended: %+v", forks)
			}
		})
	}
}

// A fork that is no entry may ask not to be listed: it is looked at before it is
// shown, and once for each state of it.
func TestForkMayOptOut(t *testing.T) {
	fork := &fakeRepo{path: "x/fork", fork: true, parent: at + "o/home"}
	r, f := newFamily(t, &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))}, fork)
	f.err = crawler.ErrNoComparison
	asks := fstest.MapFS{".allmende-ignore": &fstest.MapFile{}}
	for i, tt := range []struct {
		files  fstest.MapFS
		breaks string
		want   int
	}{{nil, ".allmende-ignore", 0}, {asks, "", 0}, {nil, "", 1}, {asks, "", 0}} {
		fork.files, fork.breaks = tt.files, tt.breaks
		fork.push()
		r.sweep()
		if n := len(r.must("o/home").Forks); n != tt.want {
			t.Errorf("%d: %d forks", i, n)
		}
		before := r.forge.reads
		r.sweep()
		if again := r.forge.reads != before; again != (tt.breaks != "") {
			t.Errorf("%d: it is looked at again: %t", i, again)
		}
	}
}

// A forge that has no comparisons is not asked for all there could be, nor again with
// each sweep.
func TestRefusalsEnd(t *testing.T) {
	repos := []*fakeRepo{{path: "o/home", files: file(named("A", at+"o/home"))}}
	for i := range 2 * registry.MaxForks {
		repos = append(repos, &fakeRepo{path: fmt.Sprintf("x/f%d", i), fork: true, parent: at + "o/home"})
	}
	r, f := newFamily(t, repos...)
	f.apart = nil
	r.sweep()
	if n := len(f.took()); n != 3 {
		t.Errorf("asked %d times", n)
	}
	r.sweep()
	if n := len(f.took()); n != 0 {
		t.Errorf("asked %d times again", n)
	}
}

func TestForksAreBounded(t *testing.T) {
	repos := []*fakeRepo{{path: "o/home", files: file(named("A", at+"o/home"))}}
	apart := map[string][2]int{}
	for i := range 2 * registry.MaxForks {
		repos = append(repos, &fakeRepo{path: fmt.Sprintf("x/f%02d", i), fork: true, parent: at + "o/home", pushed: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)})
		apart[fmt.Sprintf("x/f%02d", i)] = [2]int{i, 5000}
	}
	r, f := newFamily(t, repos...)
	f.apart = apart
	r.sweep()
	forks := r.must("o/home").Forks
	if n := len(f.took()); n != registry.MaxForks || len(forks) != registry.MaxForks {
		t.Fatalf("asked %d times, %d forks", n, len(forks))
	}
	if got := forks[0]; *got.Ahead != 59 || *got.Behind != registry.MaxCommitsApart || len(got.Commits) != registry.MaxForkCommits {
		t.Errorf("%+v", got)
	}
}

// The scheduler compares after a crawl, and after a push to a fork.
func TestSchedulerCompares(t *testing.T) {
	variant := &fakeRepo{path: "x/variant", fork: true, parent: at + "o/home", files: file(named("B", at+"x/variant"))}
	r, f := newFamily(t, &fakeRepo{path: "o/home", files: file(named("A", at+"o/home"))}, variant)
	f.apart["x/variant"] = [2]int{1, 2}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	settled := make(chan struct{}, 100)
	s := &crawler.Scheduler{
		Crawler: &crawler.Crawler{Store: r.store, Sources: []crawler.Source{r.source("", "sh")}, Log: slog.New(slog.DiscardHandler)},
		Queue:   r.store,
		Settled: func() { settled <- struct{}{} },
		Wait:    func(ctx context.Context, _ time.Time) error { <-ctx.Done(); return ctx.Err() },
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	until := func(want string) {
		t.Helper()
		for {
			select {
			case <-settled:
			case <-time.After(time.Minute):
				t.Fatalf("never %q", want)
			}
			if home, err := r.get("o/home"); err == nil && slices.Equal(shown(home.Forks), []string{want}) {
				return
			}
		}
	}
	until("x/variant 1 2 1 ")
	r.forge.mu.Lock()
	variant.push()
	r.forge.mu.Unlock()
	f.mu.Lock()
	f.apart["x/variant"] = [2]int{4, 2}
	f.mu.Unlock()
	if err := s.Pushed(t.Context(), at+"x/variant"); err != nil {
		t.Fatal(err)
	}
	until("x/variant 4 2 4 ")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestApart(t *testing.T) {
	hash := strings.Repeat("a", 40)
	for name, tt := range map[string]struct{ message, want string }{
		"first line":  {"Fix it\n\nBecause.", "Fix it"},
		"blank lines": {"\n\n  Fix it  \r\nBecause.", "Fix it"},
		"direction":   {"abc\u202edef\u2066ghi\u200f", "abcdefghi"},
		"control":     {"a\x00b\x1b[31mc\td", "ab[31mc d"},
		"no text":     {"a\xffb\ufffd", "ab"},
		"long":        {strings.Repeat("ä", 300), strings.Repeat("ä", 100)},
		"nothing":     {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := crawler.Apart(1, -1, []registry.ForkCommit{{Hash: hash, Title: tt.message}, {Hash: "no hash"}})
			if len(c.Commits) != 1 || c.Commits[0].Title != tt.want || *c.Behind != 0 {
				t.Errorf("%+v, want %q", c.Commits, tt.want)
			}
		})
	}
}

func FuzzApart(f *testing.F) {
	f.Add(1, 2, "Fix it\nBecause")
	f.Fuzz(func(t *testing.T, ahead, behind int, message string) {
		c := crawler.Apart(ahead, behind, []registry.ForkCommit{{Hash: strings.Repeat("b", 64), Title: message}})
		if *c.Ahead < 0 || *c.Behind < 0 || *c.Ahead > registry.MaxCommitsApart || *c.Behind > registry.MaxCommitsApart || len(c.Commits) > *c.Ahead {
			t.Errorf("%+v", c)
		}
		for _, c := range c.Commits {
			if len(c.Title) > 200 || strings.ContainsAny(c.Title, "\n\r\x00\u202e\u2067") || strings.ToValidUTF8(c.Title, "") != c.Title {
				t.Errorf("%q", c.Title)
			}
		}
	})
}
