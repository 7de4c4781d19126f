// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/crawler/gitlab"
)

func newForge(t *testing.T, client *http.Client, address string, opt gitlab.Options) *gitlab.Forge {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := gitlab.New(base, client, opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForge(t *testing.T) {
	for name, standIn := range map[string]func(w *forgetest.World, base string) http.Handler{
		"GraphQL": forgetest.GitLab,
		"REST":    forgetest.GitLabREST,
	} {
		t.Run(name, func(t *testing.T) {
			conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
				s := conformance.NewServer(t, standIn, w)
				return newForge(t, s.Client(), s.URL, gitlab.Options{Now: conformance.Now})
			}, crawler.GitLab)
		})
		t.Run(name+", guarded client, path prefix", func(t *testing.T) {
			conformance.TestForge(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
				s := conformance.NewServer(t, func(w *forgetest.World, base string) http.Handler {
					return http.StripPrefix("/git/lab", standIn(w, base+"/git/lab"))
				}, w)
				return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL+"/git/lab/", gitlab.Options{Now: conformance.Now})
			}, crawler.GitLab)
		})
	}
}

func TestHostile(t *testing.T) {
	for name, standIn := range map[string]func(w *forgetest.World, base string) http.Handler{
		"GraphQL": forgetest.GitLab,
		"REST":    forgetest.GitLabREST,
	} {
		t.Run(name, func(t *testing.T) {
			conformance.TestHostile(t, func(t *testing.T, w *forgetest.World) crawler.Forge {
				s := conformance.NewServer(t, standIn, w)
				return newForge(t, conformance.Guarded(t, s.URL).HTTP(), s.URL, gitlab.Options{Now: conformance.Now})
			}, crawler.GitLab)
		})
	}
}

// TestSchema holds the queries against a description of GitLab's schema, where it
// is at hand.
func TestSchema(t *testing.T) {
	schema, err := os.ReadFile("../../../shared/contracts/gitlab-subset.graphql")
	if err != nil {
		t.Skip("the schema is not at hand")
	}
	for _, problem := range gitlab.CheckQueries(string(schema)) {
		t.Error(problem)
	}
}
