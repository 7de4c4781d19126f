// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// What REST does not tell strangers comes over GraphQL, by one request a page,
// where that is of no other use.
func TestStrangers(t *testing.T) {
	const all = `{"data":{"projects":{"nodes":[null,
		{"id":"gid://gitlab/Project/2","archived":true,"isForked":false},
		{"id":"gid://gitlab/Project/3","archived":false,"isForked":true},
		{"id":"gid://gitlab/Project/4","archived":false,"isForked":true},
		{"id":"gid://gitlab/Project/99","archived":true},{}]}}}`
	for _, tt := range []struct {
		name, extra string // what REST tells besides
		status      int
		graphQL     string
		told, fails bool
		requests    int // by GraphQL, for two listings
	}{
		{name: "told", status: 200, graphQL: all, told: true, requests: 2},
		{name: "signed in", extra: `,"repository_access_level":"enabled"`, status: 200, graphQL: all},
		{name: "field unknown", status: 200, graphQL: `{"errors":[{"message":"Field 'isForked' doesn't exist on type 'Project'"}]}`, requests: 1},
		{name: "no GraphQL", status: 404, graphQL: `not found`, requests: 1},
		{name: "no strangers", status: 401, graphQL: `{"errors":[{"message":"Invalid token"}]}`, requests: 1},
		{name: "no JSON", status: 200, graphQL: `<html>`, requests: 1},
		{name: "null", status: 200, graphQL: `null`, requests: 1},
		{name: "broken down", status: 500, graphQL: ``, fails: true, requests: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			requests := 0
			f := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/api/graphql" {
					var query struct {
						Query     string
						Variables struct{ IDs []string }
					}
					if err := json.NewDecoder(r.Body).Decode(&query); err != nil {
						t.Error(err)
					}
					if query.Variables.IDs == nil { // one that is no help for listings
						conformance.Reply(http.StatusOK, "application/json", `{"errors":[{"message":"Field 'rootRef' doesn't exist on type 'Repository'"}]}`)(w, r)
						return
					}
					requests++
					if want := []string{"gid://gitlab/Project/1", "gid://gitlab/Project/2", "gid://gitlab/Project/3", "gid://gitlab/Project/4"}; !slices.Equal(query.Variables.IDs, want) {
						t.Errorf("asked for %q, want %q", query.Variables.IDs, want)
					}
					conformance.Reply(tt.status, "application/json", tt.graphQL)(w, r)
					return
				}
				var projects []string
				for id := range 4 {
					projects = append(projects, fmt.Sprintf(`{"id":%d,"path_with_namespace":"stadt/r%d","default_branch":"main"%s}`, id+1, id+1, tt.extra))
				}
				conformance.Reply(http.StatusOK, "application/json", "["+strings.Join(projects, ",")+"]")(w, r)
			})
			for _, path := range []string{"", "stadt"} {
				_, repos, err := conformance.List(t.Context(), f, path)
				if tt.fails {
					if err == nil {
						t.Errorf("Repos(%q): no error", path)
					}
					continue
				}
				if err != nil || len(repos) != 4 {
					t.Fatalf("Repos(%q): %d projects, %v", path, len(repos), err)
				}
				for i, r := range repos {
					archived, fork := tt.told && i == 1, tt.told && i >= 2
					if r.Archived != archived || r.Fork != fork || r.Parent != "" {
						t.Errorf("%s: Archived = %t, Fork = %t, Parent = %q, want %t, %t and none", r.URL, r.Archived, r.Fork, r.Parent, archived, fork)
					}
				}
			}
			if requests != tt.requests {
				t.Errorf("%d requests by GraphQL, want %d", requests, tt.requests)
			}
		})
	}
}

// What a fork is a fork of only REST tells, and not strangers: they ask once.
func TestParent(t *testing.T) {
	fork, other := repo("stadt/gabel"), repo("stadt/loeffel")
	fork.Parent, other.Parent = "land/wald", "land/wald"
	for stranger, requests := range map[bool]int{false: 2, true: 1} {
		f, asked := served(t, func(w *forgetest.World, base string) http.Handler {
			standIn := forgetest.GitLab(w, base)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !stranger || !strings.HasPrefix(r.URL.Path, "/api/v4/projects/") || strings.Count(r.URL.Path, "/") > 4 {
					standIn.ServeHTTP(w, r)
					return
				}
				conformance.Reply(http.StatusOK, "application/json", `{"id":1,"path_with_namespace":"stadt/gabel"}`)(w, r)
			})
		}, repo("land/wald"), fork, other)
		_, repos, err := conformance.List(t.Context(), f, "stadt")
		if err != nil || len(repos) != 2 {
			t.Fatalf("%v, %v", repos, err)
		}
		for _, r := range repos {
			described, err := f.Describe(t.Context(), []crawler.Repo{r})
			if err != nil || described[0].Err != nil {
				t.Fatalf("%+v, %v", described, err)
			}
			d := described[0].Repo
			if told := strings.HasSuffix(d.Parent, "/land/wald"); !d.Fork || told == stranger || d.Parent != "" && !told {
				t.Errorf("to a stranger %t: Fork = %t, Parent = %q", stranger, d.Fork, d.Parent)
			}
		}
		n := 0
		for _, url := range asked.Take() {
			if strings.HasPrefix(url, "/api/v4/projects/") && strings.Count(url, "/") == 4 {
				n++
			}
		}
		if n != requests {
			t.Errorf("to a stranger %t: %d requests for projects, want %d", stranger, n, requests)
		}
	}
}
