// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// listed is what a call of Repos came to for one path.
type listed struct {
	repos []crawler.Repo
	err   error
	done  bool
	stops []stop
}

// stop is a place before the end that a listing can be taken up from.
type stop struct {
	after string
	repos int // that were listed before
}

// listAll takes the listings of several paths and checks what holds for all of
// them.
func listAll(t *testing.T, f crawler.Forge, listings ...crawler.Listing) map[string]*listed {
	t.Helper()
	out := make(map[string]*listed)
	for _, l := range listings {
		out[l.Path] = &listed{}
	}
	for page, err := range f.Repos(t.Context(), listings) {
		if err != nil {
			t.Fatalf("Repos(%+v): %v", listings, err)
		}
		for _, r := range page.Repos {
			switch l := out[r.Path]; {
			case l == nil:
				t.Fatalf("%s has the path %q, which was not asked for", r.URL, r.Path)
			case l.done:
				t.Errorf("%s is listed after its path %q was done", r.URL, r.Path)
			default:
				l.repos = append(l.repos, r)
			}
		}
		paths := make(map[string]bool)
		for _, p := range page.Progress {
			l := out[p.Path]
			switch {
			case l == nil:
				t.Fatalf("progress of the path %q, which was not asked for", p.Path)
			case l.done || paths[p.Path]:
				t.Errorf("progress of %q twice with a page, or after it was done", p.Path)
			case p.Err != nil && !p.Done:
				t.Errorf("%q has an error and is not done", p.Path)
			}
			paths[p.Path] = true
			l.done, l.err = p.Done, p.Err
			if !p.Done {
				l.stops = append(l.stops, stop{p.After, len(l.repos)})
			}
		}
	}
	for p, l := range out {
		if !l.done {
			t.Errorf("the path %q was never done", p)
		}
	}
	return out
}

// paths are those of repositories, without the forge's address.
func paths(repos []crawler.Repo) []string {
	out := make([]string, len(repos))
	for i, r := range repos {
		if u, err := url.Parse(r.URL); err == nil {
			segments := strings.Split(strings.Trim(u.Path, "/"), "/")
			out[i] = strings.Join(segments[max(0, len(segments)-2):], "/")
		}
	}
	slices.Sort(out)
	return out
}

func (s suite) several(t *testing.T) {
	person := s.repo("erika/werkzeug")
	person.User = true
	w := forgetest.New(s.repo("stadt/wahl"), s.repo("stadt/kita"), s.repo("land/wald"), s.repo("land/forst"), person)
	var owners []string
	for i := range 14 {
		owners = append(owners, fmt.Sprintf("dorf%d", i))
		for j := range 3 {
			w.Put(s.repo(fmt.Sprintf("dorf%d/r%d", i, j)))
		}
	}
	f := s.newForge(t, w)
	want := map[string][]string{
		"stadt": {"stadt/kita", "stadt/wahl"}, "land/wald": {"land/wald"}, "niemand": nil, "stadt/kita": {"stadt/kita"},
		"erika": {"erika/werkzeug"}, "stadt/nichts": nil,
	}
	few := []crawler.Listing{{Path: "stadt"}, {Path: "niemand"}, {Path: "land/wald"}}
	most := append(slices.Clone(few), crawler.Listing{Path: "stadt/kita"}, crawler.Listing{Path: "erika"}, crawler.Listing{Path: "stadt/nichts"})
	for _, o := range owners {
		most = append(most, crawler.Listing{Path: o})
		want[o] = []string{o + "/r0", o + "/r1", o + "/r2"}
	}
	for _, r := range w.Repos(s.kind) {
		want[""] = append(want[""], r.Path)
	}
	slices.Sort(want[""])
	for name, listings := range map[string][]crawler.Listing{
		"none":                    nil,
		"few":                     few,
		"most":                    most,
		"with the whole instance": append(slices.Clone(few), crawler.Listing{}),
	} {
		if name == "with the whole instance" && !s.tells.instance {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for p, l := range listAll(t, f, listings...) {
				if want[p] == nil {
					if !errors.Is(l.err, registry.ErrNotFound) || len(l.repos) > 0 {
						t.Errorf("%q: %d repositories, %v, want ErrNotFound", p, len(l.repos), l.err)
					}
					continue
				}
				if got := paths(l.repos); l.err != nil || !slices.Equal(got, want[p]) {
					t.Errorf("%q: %q, %v\nwant %q", p, got, l.err, want[p])
				}
			}
		})
	}
}

func (s suite) cursors(t *testing.T) {
	w := forgetest.New()
	for i := range 230 {
		w.Put(s.repo(fmt.Sprintf("viel/r%03d", i)))
	}
	several := []crawler.Listing{{Path: "viel"}}
	for i := range 15 {
		w.Put(s.repo(fmt.Sprintf("wenig%d/r", i)))
		several = append(several, crawler.Listing{Path: fmt.Sprintf("wenig%d", i)})
	}
	for name, listings := range map[string][]crawler.Listing{
		"owner":      {{Path: "viel"}},
		"repository": {{Path: "viel/r007"}},
		"instance":   {{}},
		"several":    several,
	} {
		if name == "instance" && !s.tells.instance {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f := s.newForge(t, w)
			for p, l := range listAll(t, f, listings...) {
				all := paths(l.repos)
				if l.err != nil || len(slices.Compact(slices.Clone(all))) != len(all) {
					t.Errorf("%q: %d repositories, %v; each must be listed once", p, len(all), l.err)
				}
				if len(all) > 200 && len(l.stops) < 2 {
					t.Errorf("%q: %d repositories came with %d stops", p, len(all), len(l.stops))
				}
				for i, at := range l.stops {
					if i > 0 && i < len(l.stops)-1 {
						continue // the first and the last tell
					}
					g := f
					if i == 0 {
						g = s.newForge(t, w)
					}
					rest := listAll(t, g, crawler.Listing{Path: p, After: at.after})[p]
					if rest.err != nil {
						t.Errorf("%q after %q: %v", p, at.after, rest.err)
					}
					if got, want := paths(rest.repos), paths(l.repos[at.repos:]); !slices.Equal(got, want) {
						t.Errorf("%q after %q: %d repositories, want the %d that come after\n got %q\nwant %q", p, at.after, len(got), len(want), abridge(got), abridge(want))
					}
				}
			}
		})
	}
	t.Run("what comes and goes", func(t *testing.T) {
		f := s.newForge(t, w)
		l := listAll(t, f, crawler.Listing{Path: "viel"})["viel"]
		if len(l.stops) < 1 {
			t.Fatalf("%d stops", len(l.stops))
		}
		before := l.repos[:l.stops[0].repos]
		for _, r := range before[:7] {
			w.Remove(s.kind, paths([]crawler.Repo{r})[0])
		}
		w.Put(s.repo("viel/neu"))
		rest := listAll(t, f, crawler.Listing{Path: "viel", After: l.stops[0].after})["viel"]
		got := paths(rest.repos)
		for _, p := range paths(l.repos[len(before):]) {
			if _, ok := slices.BinarySearch(got, p); !ok {
				t.Errorf("%s was there all the time and is left out", p)
			}
		}
	})
}
