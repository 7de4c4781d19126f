// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// lively is a project with something of everything.
func lively(path string) forgetest.Repo {
	r := repo(path)
	r.Files["LICENSES/MIT.txt"] = []byte("x")
	r.Languages = map[string]int{"Go": 1}
	r.Tags = []forgetest.Tag{{Name: "v1", Date: time.Now().AddDate(0, -1, 0)}}
	r.Releases = []forgetest.Release{{Tag: "v1", Published: time.Now().AddDate(0, -1, 0)}}
	r.Issues = []forgetest.Issue{{Title: "Hilfe", Labels: []string{"help wanted"}, Created: time.Now().AddDate(0, -2, 0)}}
	r.Commits = []forgetest.Commit{{Time: time.Now().AddDate(0, -1, 0), Email: "a@example.org"}}
	return r
}

// A description costs three requests a project and two for all of them together;
// over REST five.
func TestRequestsForDescriptions(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 30 {
		repos = append(repos, lively(fmt.Sprintf("stadt/r%02d", i)))
	}
	for name, tt := range map[string]struct {
		standIn func(*forgetest.World, string) http.Handler
		want    int
	}{
		"GraphQL": {forgetest.GitLab, 2 + 3*30},
		"REST":    {forgetest.GitLabREST, 5 * 30},
	} {
		f, asked := served(t, tt.standIn, repos...)
		_, listed, err := conformance.List(t.Context(), f, "stadt")
		if err != nil {
			t.Fatal(err)
		}
		asked.Take()
		described, err := f.Describe(t.Context(), listed)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range described {
			if a := d.Activity; d.Err != nil || a == nil || len(a.Languages) != 1 || len(a.Releases) != 1 || len(a.Tags) != 1 || len(a.HelpWanted) != 1 || a.Commits.Total != 1 || d.Repo.Language != "Go" {
				t.Errorf("%s: %s: %+v, %v", name, d.Repo.URL, a, d.Err)
			}
		}
		if urls := asked.Take(); len(urls) != tt.want {
			t.Errorf("%s: %d requests, want %d", name, len(urls), tt.want)
		}
	}
}

// What is switched off is nothing, what is refused an error, of that project
// alone.
func TestDescriptionRefused(t *testing.T) {
	for _, tt := range []struct {
		part   string
		status int
		want   error // nil: described
	}{
		{"/releases", http.StatusForbidden, nil},
		{"/releases", http.StatusNotFound, nil},
		{"/issues", http.StatusForbidden, nil},
		{"/repository/tags", http.StatusForbidden, registry.ErrForbidden},
		{"/repository/tags", http.StatusNotFound, registry.ErrNotFound},
		{"/repository/commits", http.StatusNotFound, registry.ErrNotFound},
	} {
		f, _ := served(t, func(w *forgetest.World, base string) http.Handler {
			standIn := forgetest.GitLabREST(w, base)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/api/v4/projects/7/") && strings.HasSuffix(r.URL.Path, tt.part) {
					conformance.Reply(tt.status, "application/json", `{"message":"no"}`)(w, r)
					return
				}
				standIn.ServeHTTP(w, r)
			})
		}, withID(lively("stadt/a"), 7), withID(lively("stadt/b"), 8))
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil {
			t.Fatal(err)
		}
		described, err := f.Describe(t.Context(), repos)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range described {
			want := tt.want
			if d.Repo.ForgeID != "7" {
				want = nil
			}
			if !errors.Is(d.Err, want) || (d.Activity == nil) != (want != nil) {
				t.Errorf("%s %d: %s: %v, %v, want %v", tt.part, tt.status, d.Repo.URL, d.Activity, d.Err, want)
			}
		}
	}
}

// Where GraphQL fails, for all or for one, REST tells the same.
func TestFactsOverREST(t *testing.T) {
	for name, spoil := range map[string]func(a asking) bool{
		"all":     func(asking) bool { return true },
		"one":     func(a asking) bool { return strings.Contains(a.answer, `Project/7"`) },
		"folders": func(a asking) bool { return strings.Contains(a.query, "tree(path") },
	} {
		listing := true
		f, _ := between(t, func(w http.ResponseWriter, a asking) bool {
			broken := !listing && spoil(a)
			if broken {
				w.WriteHeader(http.StatusInternalServerError)
			}
			return broken
		}, withID(lively("stadt/a"), 7), withID(lively("stadt/b"), 8), withID(lively("stadt/c"), 9))
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil {
			t.Fatal(err)
		}
		listing = false
		described, err := f.Describe(t.Context(), repos)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range described {
			if a := d.Activity; d.Err != nil || a == nil || len(a.Languages) != 1 || len(a.Releases) != 1 {
				t.Errorf("%s: %s: %+v, %v", name, d.Repo.URL, a, d.Err)
			}
			tree, err := f.Files(t.Context(), d.Repo)
			if err != nil {
				t.Fatal(err)
			}
			if entries, err := tree.ReadDir("LICENSES"); err != nil || len(entries) != 1 {
				t.Errorf("%s: %v, %v", name, entries, err)
			}
		}
	}
}

// What a release links to is taken as far as it can be an address.
func TestAssets(t *testing.T) {
	f, _ := served(t, func(w *forgetest.World, base string) http.Handler {
		standIn := forgetest.GitLab(w, base)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/releases") {
				standIn.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `[null,{"tag_name":"v1","assets":{"links":[null,{"name":"a","url":"https://elsewhere.example/a"},
				{"name":"b","url":"javascript:alert(1)"},{"name":"c","url":"/c"},{"name":"","url":"https://elsewhere.example/d"},
				{"name":"e","url":"https://elsewhere.example/`+strings.Repeat("e", 3000)+`"}]}},{"tag_name":""}]`)
		})
	}, lively("stadt/wahl"))
	_, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil {
		t.Fatal(err)
	}
	described, err := f.Describe(t.Context(), repos)
	if err != nil || described[0].Err != nil {
		t.Fatalf("%+v, %v", described, err)
	}
	releases := described[0].Activity.Releases
	if len(releases) != 1 || len(releases[0].Assets) != 1 || releases[0].Assets[0].URL != "https://elsewhere.example/a" {
		t.Errorf("%+v", releases)
	}
}

// A repository without a number is described by an error of its own.
func TestDescribeNeedsANumber(t *testing.T) {
	f, _ := world(t, withID(repo("stadt/wahl"), 7))
	described, err := f.Describe(t.Context(), []crawler.Repo{
		{Repository: registry.Repository{ForgeID: "stadt/wahl"}}, {Repository: registry.Repository{ForgeID: "7"}},
	})
	if err != nil || !errors.Is(described[0].Err, registry.ErrInvalid) || described[1].Err != nil {
		t.Errorf("%+v, %v", described, err)
	}
}
