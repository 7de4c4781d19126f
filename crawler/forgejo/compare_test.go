// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgejo"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// FuzzCompare: whatever the forge answers, nothing panics, and what is believed is
// bounded.
func FuzzCompare(f *testing.F) {
	for _, seed := range []string{`{"total_commits":1,"commits":[{"sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","created":"2026-01-01T00:00:00Z","commit":{"message":"a\nb"}},null]}`, `{"total_commits":-7,"commits":null}`, `null`, `{"commits":[]}`} {
		f.Add(200, seed)
	}
	f.Add(404, `{"message":"404 Not Found"}`)
	f.Add(404, `not here`)
	f.Add(500, `{}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		answer := func(r *http.Request) *http.Response {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
			resp := w.Result()
			resp.Request = r
			return resp
		}
		repo := func(path, id string) crawler.Repo {
			return crawler.Repo{Repository: registry.Repository{URL: "http://forge.example/" + path, ForgeID: id, DefaultBranch: "feature/x y"}}
		}
		forge := newForge(t, &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) { return answer(r), nil })}, "http://forge.example", forgejo.Options{})
		c, err := forge.Compare(t.Context(), repo("a/b", "1"), repo("c/b", "2"))
		conformance.SensibleComparison(t, c, err)
	})
}
