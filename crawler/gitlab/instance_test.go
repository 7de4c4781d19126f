// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/gitlab"
	"github.com/allmende-registry/allmende/registry"
)

// villages are so many groups of so many projects, and their listings.
func villages(groups, projects int) (repos []forgetest.Repo, listings []crawler.Listing) {
	for i := range groups {
		listings = append(listings, crawler.Listing{Path: fmt.Sprintf("dorf%03d", i)})
		for j := range projects {
			repos = append(repos, withID(repo(fmt.Sprintf("dorf%03d/r%d", i, j)), int64(1000+j*groups+i)))
		}
	}
	return repos, listings
}

// outcome is what a listing of several paths came to, by path.
type outcome map[string]*struct {
	repos []string // without the forge's address
	err   error
	after string // of the last page
}

// take lists, up to so many pages.
func take(t *testing.T, f *gitlab.Forge, pages int, listings ...crawler.Listing) outcome {
	t.Helper()
	out := make(outcome)
	for _, l := range listings {
		out[l.Path] = &struct {
			repos []string
			err   error
			after string
		}{after: l.After}
	}
	for page, err := range f.Repos(t.Context(), listings) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Repos {
			out[r.Path].repos = append(out[r.Path].repos, strings.Join(strings.Split(r.URL, "/")[3:], "/"))
		}
		for _, p := range page.Progress {
			out[p.Path].err, out[p.Path].after = p.Err, p.After
		}
		if pages--; pages == 0 {
			break
		}
	}
	for _, o := range out {
		slices.Sort(o.repos)
	}
	return out
}

func (o outcome) projects() (n int) {
	for _, l := range o {
		n += len(l.repos)
	}
	return n
}

// Hundreds of small groups share requests: those for the list of all projects
// where GitLab tells that it is short, else as many a query as the limits on
// complexity let pass, which the first finds out.
func TestRequestsForManyGroups(t *testing.T) {
	many, owners := villages(60, 10)
	few, _ := villages(60, 4)
	for _, tt := range []struct {
		name         string
		repos        []forgetest.Repo
		total        string // that the instance tells; "" is the true one
		first, again int
	}{
		// A count, and three pages with their files.
		{"short list", few, "", 1 + 3, 1 + 3},
		// It is worth it only once a query of many groups was refused.
		{"longer list", many, "", 1 + 1 + 6, 1 + 6},
		// Four groups a query, after a refusal; files of a hundred projects a query.
		{"long list", many, "9999", 1 + 1 + 15 + 6, 1 + 15},
		// Given up after twice as many pages as were told of.
		{"longer than told", many, "150", 1 + 4 + 1 + 15 + 3, 1 + 4 + 15},
		{"length unknown", many, "-", 1 + 1 + 15 + 6, 1 + 15},
	} {
		f, asked := world(t, tt.repos...)
		standIn := asked.Next
		asked.Next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v4/projects" && tt.total != "" {
				w.Header().Set("X-Total", tt.total)
				conformance.Reply(http.StatusOK, "application/json", `[{"id":1}]`)(w, r)
				return
			}
			standIn.ServeHTTP(w, r)
		})
		listings := slices.Clone(owners)
		if n, urls := take(t, f, 0, listings...).projects(), asked.Take(); n != len(tt.repos) || len(urls) != tt.first {
			t.Errorf("%s: %d projects by %d requests, want %d by %d", tt.name, n, len(urls), len(tt.repos), tt.first)
		}
		for i := range listings {
			listings[i].Known = func(crawler.Repo) bool { return true }
		}
		if n, urls := take(t, f, 0, listings...).projects(), asked.Take(); n != len(tt.repos) || len(urls) != tt.again {
			t.Errorf("%s, again: %d projects by %d requests, want %d by %d", tt.name, n, len(urls), len(tt.repos), tt.again)
		}
	}
}

// The list of all projects is no reason to ask how long it is where few are
// asked for, and is gone through for a whole instance anyway.
func TestRequestsWithoutCount(t *testing.T) {
	repos, owners := villages(60, 4)
	f, asked := world(t, repos...)
	take(t, f, 0, owners[:8]...)
	if urls := asked.Take(); slices.ContainsFunc(urls, func(u string) bool { return u != "/api/graphql" }) {
		t.Errorf("few: asked %q", urls)
	}
	got := take(t, f, 0, append(owners[:20:20], crawler.Listing{})...)
	if urls := asked.Take(); got.projects() != 240+80 || len(urls) != 3 {
		t.Errorf("with the instance: %d projects by %q", got.projects(), urls)
	}
}

// People, whom GraphQL does not list, take a request each unless the list of all
// projects is shorter.
func TestRequestsForManyUsers(t *testing.T) {
	repos, owners := villages(8, 4)
	for i := range repos {
		repos[i].User = true
	}
	f, asked := world(t, repos...)
	for _, want := range []int{
		1 + 2 + 1 + 1, // a refusal, what is no group, a count, the list
		1 + 1,         // known by now
	} {
		if n, urls := take(t, f, 0, owners...).projects(), asked.Take(); n != 32 || len(urls) != want {
			t.Errorf("%d projects by %d requests, want %d: %q", n, len(urls), want, urls)
		}
	}
}

// Every source gets from the list of all projects what it would get alone.
func TestSharedList(t *testing.T) {
	repos, listings := villages(60, 4)
	person, renamed := repo("erika/werkzeug"), repo("land/alt")
	person.User = true
	repos = append(repos, person, renamed, repo("land/amt/forst/karte"), repo("land/amt/akte"), repo("landkreis/bus"), repo("hof/verborgen"))
	want := map[string][]string{
		"LAND": {"land/amt/akte", "land/amt/forst/karte", "land/neu"}, "land/Amt": {"land/amt/akte", "land/amt/forst/karte"},
		"/land/amt/forst/": {"land/amt/forst/karte"}, "land/alt": {"land/neu"}, "land/amt/akte": {"land/amt/akte"},
		"erika": {"erika/werkzeug"}, "hof": {}, "niemand": nil, "land/nichts": nil, "lan": nil, "dorf000/r1/x": nil,
	}
	for _, l := range listings {
		want[l.Path] = []string{l.Path + "/r0", l.Path + "/r1", l.Path + "/r2", l.Path + "/r3"}
	}
	listings = nil
	for path := range want {
		listings = append(listings, crawler.Listing{Path: path})
	}
	f, asked := served(t, func(w *forgetest.World, base string) http.Handler {
		if !w.Rename(crawler.GitLab, "land/alt", "land/neu") {
			t.Error("no project to rename")
		}
		return spoiled(t, forgetest.GitLab(w, base), func(w http.ResponseWriter, a asking) bool {
			return hidden(t, w, a, map[string]string{"hof/verborgen": "internal"})
		})
	}, repos...)
	got := take(t, f, 0, listings...)
	for path, o := range got {
		if want[path] == nil {
			if !errors.Is(o.err, registry.ErrNotFound) || len(o.repos) > 0 {
				t.Errorf("%q: %q, %v, want ErrNotFound", path, o.repos, o.err)
			}
		} else if o.err != nil || !slices.Equal(o.repos, want[path]) {
			t.Errorf("%q: %q, %v, want %q", path, o.repos, o.err, want[path])
		}
	}
	// Ten for what was not found, besides those of the list.
	if urls := asked.Take(); len(urls) > 20 {
		t.Errorf("%d requests: %q", len(urls), urls)
	}
}

// A listing that is cut off goes on, whether its sources are asked for together
// or alone, and whichever way the instance can be read then.
func TestSharedListGoesOn(t *testing.T) {
	repos, listings := villages(60, 5)
	for name, standIn := range map[string]func(*forgetest.World, string) http.Handler{"GraphQL": forgetest.GitLab, "REST": forgetest.GitLabREST} {
		for pages := 1; pages <= 2; pages++ {
			f, _ := world(t, repos...)
			begun := take(t, f, pages, listings...)
			if n := begun.projects(); n != pages*100 {
				t.Fatalf("%d projects on %d pages", n, pages)
			}
			resumed := slices.Clone(listings)
			for i, l := range listings {
				resumed[i].After = begun[l.Path].after
			}
			// Another one that has not begun keeps the others from starting in the
			// middle of the list.
			for _, together := range [][]crawler.Listing{resumed, append(resumed[:60:60], crawler.Listing{Path: "dorf000/"}), resumed[7:8]} {
				g, _ := served(t, standIn, repos...)
				for path, o := range take(t, g, 0, together...) {
					var all []string
					if b := begun[path]; b != nil {
						all = append(all, b.repos...)
					}
					if all = append(all, o.repos...); o.err != nil || len(all) != 5 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 5 {
						t.Errorf("%s, %d paths after %d pages, %q: %q, %v", name, len(together), pages, path, all, o.err)
					}
				}
			}
		}
	}
}

// A list of all projects that cannot be read to its end is made up for by the
// groups themselves.
func TestSharedListBreaksOff(t *testing.T) {
	repos, listings := villages(60, 5)
	broken := 0
	f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
		if !strings.Contains(a.query, "id_asc") || a.variables["after"] == nil {
			return false
		}
		broken++
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}, repos...)
	got := take(t, f, 0, append(listings, crawler.Listing{})...)
	for path, o := range got {
		if path == "" {
			if o.err == nil || errors.Is(o.err, registry.ErrNotFound) || len(o.repos) != 100 {
				t.Errorf("the instance: %d projects, %v", len(o.repos), o.err)
			}
		} else if o.err != nil || len(o.repos) != 5 || len(slices.Compact(o.repos)) != 5 {
			t.Errorf("%q: %q, %v", path, o.repos, o.err)
		}
	}
	if broken == 0 || len(slices.Collect(maps.Keys(got))) != 61 {
		t.Errorf("broke off %d times, %d paths", broken, len(got))
	}
}

// What is no place in the list of all projects is its beginning.
func TestOddPlaces(t *testing.T) {
	repos, _ := villages(3, 4)
	f, _ := world(t, repos...)
	for _, after := range []string{"graphql instance ", "graphql instance x", "graphql instance 7/", "graphql instance -7/x", "graphql instance x/7", "graphql instance 99999999999999999999/x"} {
		for path, want := range map[string]int{"": 12, "dorf001": 4} {
			if got := take(t, f, 0, crawler.Listing{Path: path, After: after})[path]; got.err != nil || len(got.repos) != want {
				t.Errorf("Repos(%q) after %q: %d projects, %v, want %d", path, after, len(got.repos), got.err, want)
			}
		}
	}
}
