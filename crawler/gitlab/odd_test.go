// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// Wherever a cursor of REST leads, going on costs little and leaves nothing out.
func TestPlacesOverREST(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 350 {
		repos = append(repos, withID(repo(fmt.Sprintf("viel/r%03d", i)), int64(i+1)))
	}
	f, asked := served(t, forgetest.GitLabREST, repos...)
	if _, _, err := conformance.List(t.Context(), f, "niemand"); err == nil { // finds out that there is no GraphQL
		t.Fatal("no error")
	}
	asked.Take()
	for _, tt := range []struct {
		path, after    string
		want, requests int
	}{
		{"", "rest instance 1/200", 150, 2},
		{"", "rest instance 900/200", 150, 2},
		{"", "rest instance 5/0", 350, 4},
		{"", "rest instance x/y", 350, 4},
		{"", "rest instance 1/-1", 350, 4},
		{"viel", "rest group 1/200", 150, 3},
		{"viel", "rest group 2/200", 150, 4},
		{"viel", "rest group 3/200", 150, 6},
		{"viel", "rest group 1000000000/200", 150, 40},
		{"viel", "rest group 1000000000/0", 350, 4},
		{"viel", "rest group 99999999999999999999/5", 350, 4},
		{"viel", "rest user 1/200", 350, 4},
	} {
		got := 0
		for page, err := range f.Repos(t.Context(), []crawler.Listing{{Path: tt.path, After: tt.after}}) {
			if err != nil {
				t.Fatalf("%q after %q: %v", tt.path, tt.after, err)
			}
			for _, p := range page.Progress {
				if p.Err != nil {
					t.Errorf("%q after %q: %v", tt.path, tt.after, p.Err)
				}
			}
			got += len(page.Repos)
		}
		if urls := asked.Take(); got != tt.want || len(urls) > tt.requests {
			t.Errorf("%q after %q: %d projects by %d requests, want %d by at most %d: %q", tt.path, tt.after, got, len(urls), tt.want, tt.requests, urls[:min(len(urls), 8)])
		}
	}
}

// One commit with a date that cannot be keeps no instance from being asked over
// GraphQL.
func TestOddDates(t *testing.T) {
	date := regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]*"`)
	for _, odd := range []string{`"99999-01-01T00:00:00Z"`, `"2013-04-02T00:00:00+51800"`, `"9999-12-31T23:59:59-14:00"`, `17`, `null`} {
		f, asked := between(t, func(w http.ResponseWriter, a asking) bool {
			_, _ = io.WriteString(w, date.ReplaceAllString(a.answer, odd))
			return true
		}, repo("stadt/wahl"), repo("stadt/kita"))
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil || len(repos) != 2 || !repos[0].Created.IsZero() || repos[0].Version == "" {
			t.Errorf("%s: %+v, %v", odd, repos, err)
		}
		for _, url := range asked.Take() {
			if url != "/api/graphql" {
				t.Errorf("%s: asked %s", odd, url)
			}
		}
	}
}

// An answer that lacks its list says nothing of what is there.
func TestAbsentLists(t *testing.T) {
	for name, tt := range map[string]struct{ from, to string }{
		"no nodes":            {`"nodes":\[.*\],"pageInfo"`, `"nodes":null,"pageInfo"`},
		"no page information": {`"pageInfo":\{"endCursor":[^}]*\}\}\}`, `"pageInfo":null}}`},
	} {
		for _, path := range []string{"", "stadt"} {
			f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
				_, _ = io.WriteString(w, regexp.MustCompile(tt.from).ReplaceAllString(a.answer, tt.to))
				return true
			}, repo("stadt/wahl"), repo("stadt/kita"))
			if _, repos, err := conformance.List(t.Context(), f, path); err == nil && len(repos) != 2 {
				t.Errorf("%s, Repos(%q): %d projects and no error", name, path, len(repos))
			}
		}
	}
	t.Run("of those that are completed", func(t *testing.T) {
		f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
			if _, byID := a.variables["ids"]; !byID {
				return false
			}
			_, _ = io.WriteString(w, `{"data":{"projects":{"nodes":null}}}`)
			return true
		}, repo("stadt/wahl"), repo("stadt/kita"))
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil || len(repos) != 2 || repos[0].Version != "" {
			t.Errorf("%+v, %v", repos, err)
		}
	})
}

// A commit that the header of a file names in a way that no commit is named is
// not asked for.
func TestOddCommitOfFile(t *testing.T) {
	var asked []string
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RawQuery)
		w.Header().Set("X-Gitlab-Commit-Id", "../../etc")
		switch {
		case strings.HasSuffix(r.URL.Path, "/tree"):
			conformance.Reply(http.StatusOK, "application/json", `[{"path":"a.txt","type":"blob"}]`)(w, r)
		default:
			conformance.Reply(http.StatusOK, "text/plain", "text")(w, r)
		}
	})
	r := crawler.Repo{}
	r.ForgeID = "1"
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Open("a.txt"); err != nil || len(asked) != 2 || asked[1] != "ref=HEAD" {
		t.Errorf("asked %q, %v", asked, err)
	}
}
