// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// compares tries what a forge tells of forks, where it tells anything.
func (s suite) compares(t *testing.T) {
	wald, gabel, gleich, fremd := s.repo("land/wald"), s.repo("stadt/gabel"), s.repo("amt/gleich"), s.repo("fremd/fremd")
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for i := range 30 {
		wald.Commits = append(wald.Commits, forgetest.Commit{Time: day.AddDate(0, 0, -i), Name: "Ada", Title: fmt.Sprintf("W%d", i)})
		gabel.Commits = append(gabel.Commits, forgetest.Commit{Time: day.AddDate(0, 0, -2*(i/2)), Name: "Bo", Title: fmt.Sprintf("G%d\u202e\a", i)})
	}
	gabel.Parent, gabel.Ahead, gabel.Behind, gabel.Branch = "land/wald", 12, 3, "eigen/weg"
	gabel.Files["eigen"] = []byte("x")
	gleich.Parent = "land/wald"
	f := s.newForge(t, forgetest.New(wald, gabel, gleich, fremd))
	comparer, ok := f.(crawler.Comparer)
	if ok != s.tells.compares {
		t.Fatalf("it compares: %t, want %t", ok, s.tells.compares)
	}
	if !ok {
		return
	}
	find := func(path string) crawler.Repo {
		r := one(t, mustList(t, f, path), path)
		r.Native = nil // what a crawl log does not have
		return r
	}
	base := find("land/wald")
	t.Run("apart", func(t *testing.T) {
		c, err := comparer.Compare(t.Context(), base, find("stadt/gabel"))
		if err != nil || c.Ahead == nil || c.Behind == nil || *c.Ahead != 12 || *c.Behind != 3 {
			t.Fatalf("%+v, %v", c, err)
		}
		if len(c.Commits) != registry.MaxForkCommits {
			t.Fatalf("%d commits", len(c.Commits))
		}
		for i, got := range c.Commits {
			if got.Title != fmt.Sprintf("G%d", i) || !got.Time.Equal(gabel.Commits[i].Time) || !crawler.IsHash(got.Hash) {
				t.Errorf("commit %d is %+v", i, got)
			}
		}
		if slices.ContainsFunc(c.Commits[1:], func(d registry.ForkCommit) bool { return d.Hash == c.Commits[0].Hash }) {
			t.Error("a commit is told twice")
		}
	})
	t.Run("the other way round", func(t *testing.T) {
		c, err := comparer.Compare(t.Context(), find("stadt/gabel"), base)
		if err != nil || *c.Ahead != 3 || *c.Behind != 12 || len(c.Commits) != 3 || c.Commits[0].Title != "W0" {
			t.Errorf("%+v, %v", c, err)
		}
	})
	t.Run("identical", func(t *testing.T) {
		c, err := comparer.Compare(t.Context(), base, find("amt/gleich"))
		if err != nil || *c.Ahead != 0 || *c.Behind != 0 || len(c.Commits) != 0 {
			t.Errorf("%+v, %v", c, err)
		}
	})
	t.Run("strangers", func(t *testing.T) {
		if c, err := comparer.Compare(t.Context(), base, find("fremd/fremd")); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("%+v, %v, want ErrNotFound", c, err)
		}
	})
	t.Run("gone", func(t *testing.T) {
		gone := find("stadt/gabel")
		gone.DefaultBranch = "nirgends"
		if c, err := comparer.Compare(t.Context(), base, gone); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("%+v, %v, want ErrNotFound", c, err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := comparer.Compare(ctx, base, find("stadt/gabel")); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
	})
}

// SensibleComparison holds what a forge was believed to tell to the bounds of
// registry.Fork.
func SensibleComparison(t *testing.T, c *registry.Comparison, err error) {
	t.Helper()
	if (c == nil) == (err == nil) {
		t.Errorf("comparison %+v with %v", c, err)
	}
	if c == nil {
		return
	}
	for _, n := range []*int{c.Ahead, c.Behind} {
		if n == nil || *n < 0 || *n > registry.MaxCommitsApart {
			t.Fatalf("%+v", c)
		}
	}
	if len(c.Commits) > min(*c.Ahead, registry.MaxForkCommits) {
		t.Errorf("%d commits of %d", len(c.Commits), *c.Ahead)
	}
	for _, commit := range c.Commits {
		if !crawler.IsHash(commit.Hash) || len(commit.Title) > 200 || strings.ContainsAny(commit.Title, "\n\r\x00\u202e") {
			t.Errorf("%+v", commit)
		}
	}
}
