// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

var now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// history makes commits on main, the oldest first, of a person each, and tags.
func (r *repo) history(commits []commit) {
	r.t.Helper()
	var in bytes.Buffer
	for i, c := range commits {
		fmt.Fprintf(&in, "commit refs/heads/main\nauthor %s <%s@example.org> %d +0200\ncommitter Haus <haus@example.org> %d +0000\ndata 1\nx\n", c.author, c.author, c.at.AddDate(-1, 0, 0).Unix(), c.at.Unix())
		fmt.Fprintf(&in, "M 644 inline f%d\ndata 1\nx\n", i)
		if c.tag != "" {
			fmt.Fprintf(&in, "reset refs/tags/%s\nfrom refs/heads/main\n\n", c.tag)
		}
		if c.signed != "" {
			fmt.Fprintf(&in, "tag %s\nfrom refs/heads/main\ntagger Haus <haus@example.org> %d +0000\ndata 1\nx\n", c.signed, c.at.AddDate(0, 0, 1).Unix())
		}
	}
	cmd := exec.CommandContext(r.t.Context(), "git", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Env, cmd.Stdin = r.dir, gitEnv(), &in
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git fast-import: %v\n%s", err, out)
	}
}

type commit struct {
	at          time.Time
	author      string
	tag, signed string // names of a mere tag and of a tag object
}

func describe(t *testing.T, f crawler.Forge, r crawler.Repo) crawler.Description {
	t.Helper()
	list, err := f.Describe(t.Context(), []crawler.Repo{r})
	if err != nil || len(list) != 1 {
		t.Fatalf("Describe: %d, %v", len(list), err)
	}
	return list[0]
}

func TestDescribe(t *testing.T) {
	h := newHost(t)
	h.opt.Now = func() time.Time { return now }
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 10, 0, 0, 0, time.UTC)
	}
	commits := []commit{
		{at: day(2024, 1, 1), author: "erika", tag: "v1.9"},
		{at: day(2025, 6, 30), author: "erika"},
		{at: day(2025, 7, 1), author: "erika", signed: "v1.10"},
		{at: day(2026, 5, 2), author: "max"},
		{at: day(2026, 5, 3), author: "Erika"},
		{at: day(2026, 6, 14), author: "max", tag: "v2.0"},
	}
	open := h.repo("offen.git").allow()
	open.history(commits)
	closed := h.repo("zu.git")
	closed.history(commits)
	old := h.repo("alt.git").allow()
	old.history(commits[:2])
	refusing := h.repo("ohne.git").allow()
	refusing.history(commits)
	refusing.git(refusing.dir, "config", "uploadpackfilter.tree.allow", "false")
	h.repo("leer.git").allow()
	f := h.forge()

	hash := func(r *repo, rev string) string { return r.git(r.dir, "rev-parse", rev+"^{commit}") }
	dated := []registry.Tag{
		{Name: "v2.0", Commit: hash(open, "v2.0"), Date: day(2026, 6, 14)},
		{Name: "v1.10", Commit: hash(open, "v1.10"), Date: day(2025, 7, 2)},
		{Name: "v1.9", Commit: hash(open, "v1.9"), Date: day(2024, 1, 1)},
	}
	undated := slices.Clone(dated)
	for i := range undated {
		undated[i].Date = time.Time{}
	}
	months := func(counts map[string][2]int) []registry.Month {
		var out []registry.Month
		for i := range 12 {
			m := time.Date(2025, time.July+time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
			out = append(out, registry.Month{Month: m, Commits: counts[m][0], Authors: counts[m][1]})
		}
		return out
	}
	for _, tt := range []struct {
		path     string
		requests int
		pushed   time.Time
		want     *registry.Activity
	}{
		{"offen.git", 2, day(2026, 6, 14), &registry.Activity{Tags: dated, Commits: &registry.Commits{
			Total: 4, Authors: 2, ByMonth: months(map[string][2]int{"2025-07": {1, 1}, "2026-05": {2, 2}, "2026-06": {1, 1}}),
		}}},
		{"zu.git", 0, time.Time{}, &registry.Activity{Tags: undated}},
		{"alt.git", 1, day(2025, 6, 30), &registry.Activity{Tags: dated[2:], Commits: &registry.Commits{ByMonth: months(nil)}}},
		{"ohne.git", 1, time.Time{}, &registry.Activity{Tags: undated}},
		{"leer.git", 0, time.Time{}, nil},
	} {
		t.Run(tt.path, func(t *testing.T) {
			r := mustList(t, f, tt.path)
			h.requested()
			d := describe(t, f, r)
			if d.Err != nil || !d.Repo.Pushed.Equal(tt.pushed) {
				t.Errorf("Pushed = %s, %v, want %s", d.Repo.Pushed, d.Err, tt.pushed)
			}
			if diff := cmp.Diff(tt.want, d.Activity); diff != "" {
				t.Error(diff)
			}
			if got := h.requested(); len(got) != tt.requests {
				t.Errorf("%d requests, want %d: %q", len(got), tt.requests, got)
			}
		})
	}

	r := mustList(t, f, "offen")
	r.Native = nil // as after a restart
	if d := describe(t, f, r); d.Err != nil || len(d.Activity.Tags) != 3 {
		t.Errorf("without the listing's own: %+v", d)
	}
	r.URL = "https://anderswo.example/x"
	r.Native = nil
	if d := describe(t, f, r); !errors.Is(d.Err, registry.ErrInvalid) {
		t.Errorf("a repository of another host: %v", d.Err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Describe(ctx, []crawler.Repo{mustList(t, f, "offen")}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

func TestManyTags(t *testing.T) {
	h := newHost(t)
	r := h.repo("viele.git").allow()
	var commits []commit
	for i := range 600 {
		commits = append(commits, commit{at: now.AddDate(0, 0, i-700), author: "erika", signed: fmt.Sprintf("v%d", i)})
	}
	r.history(commits)
	f := h.forge()
	d := describe(t, f, mustList(t, f, "viele"))
	if d.Err != nil || len(d.Activity.Tags) != registry.MaxTags {
		t.Fatalf("%d tags, %v", len(d.Activity.Tags), d.Err)
	}
	for i, tag := range d.Activity.Tags {
		if want := fmt.Sprintf("v%d", 599-i); tag.Name != want || tag.Date.IsZero() {
			t.Fatalf("tag %d is %+v, want %s", i, tag, want)
		}
	}
}

// TestSeveralListings: each path has its own end, and one that is not there
// keeps nothing from the others.
func TestSeveralListings(t *testing.T) {
	h := newHost(t)
	for _, name := range []string{"a.git", "b.git"} {
		h.repo(name).commit("main", map[string]string{"x": "y"})
	}
	var got []string
	for page, err := range h.forge().Repos(t.Context(), []crawler.Listing{{Path: "a"}, {Path: "niemand"}, {Path: "b"}}) {
		if err != nil {
			t.Fatal(err)
		}
		p := page.Progress[0]
		got = append(got, fmt.Sprintf("%s %d %t %t", p.Path, len(page.Repos), p.Done, errors.Is(p.Err, registry.ErrNotFound)))
	}
	if want := []string{"a 1 true false", "niemand 0 true true", "b 1 true false"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadDir(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		files := map[string]string{
			"publiccode.yml": "name: Wahl\n", "a-b": "x", "a/x": "x", "a.b": "x", "docs/ä/y": "y", "link": "-> a",
			"lib/submodule": "0123456789012345678901234567890123456789", "lib/z": "z",
		}
		for i := range crawler.MaxDirEntries + 1 {
			files[fmt.Sprintf("viele/%05d", i)] = ""
		}
		prepare(h.repo("wahl.git")).commit("main", files)
		f := h.forge()
		tree := mustTree(t, f, mustList(t, f, "wahl"))
		h.requested()
		for name, want := range map[string][]string{
			".": {"a-b", "a.b", "a/", "docs/", "lib/", "link", "publiccode.yml", "viele/"}, "docs": {"ä/"}, "docs/ä": {"y"}, "lib": {"z"},
		} {
			entries, err := tree.ReadDir(name)
			var got []string
			for _, e := range entries {
				slash := ""
				if e.IsDir() {
					slash = "/"
				}
				got = append(got, e.Name()+slash)
			}
			slices.Sort(want)
			slices.Sort(got)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("ReadDir(%q) = %q, %v, want %q", name, got, err, want)
			}
			if !slices.IsSortedFunc(entries, func(a, b fs.DirEntry) int { return bytes.Compare([]byte(a.Name()), []byte(b.Name())) }) {
				t.Errorf("ReadDir(%q) is not in order: %q", name, got)
			}
		}
		if entries, err := tree.ReadDir("viele"); err != nil || len(entries) != crawler.MaxDirEntries {
			t.Errorf("a large folder: %d entries, %v", len(entries), err)
		}
		for name, want := range map[string]error{
			"none": fs.ErrNotExist, "publiccode.yml": fs.ErrNotExist, "lib/submodule": fs.ErrNotExist, "link": fs.ErrNotExist,
			"": fs.ErrInvalid, "..": fs.ErrInvalid, "/docs": fs.ErrInvalid, "docs/": fs.ErrInvalid, "a\x00": fs.ErrInvalid,
		} {
			if _, err := tree.ReadDir(name); !errors.Is(err, want) {
				t.Errorf("ReadDir(%q): %v, want %v", name, err, want)
			}
		}
		if got := h.requested(); len(got) != 0 {
			t.Errorf("listing folders took %q", got)
		}
	})
}

// TestTreeTwice: what was fetched is not fetched again for the same listing.
func TestTreeTwice(t *testing.T) {
	h := newHost(t)
	h.opt.Now = func() time.Time { return now }
	h.repo("wahl.git").allow().commit("main", map[string]string{"a": "1"})
	f := h.forge()
	r := mustList(t, f, "wahl")
	mustTree(t, f, r)
	h.requested()
	mustTree(t, f, describe(t, f, r).Repo)
	if got := h.requested(); len(got) != 2 { // those of Describe
		t.Errorf("%d requests: %q", len(got), got)
	}
}
