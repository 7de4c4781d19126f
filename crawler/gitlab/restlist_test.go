// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// Where GitLab fails over a page of all projects, smaller ones are read.
func TestInstanceInSmallerPages(t *testing.T) {
	var repos []forgetest.Repo
	for i := range 130 {
		repos = append(repos, repo(fmt.Sprintf("viele/r%03d", i)))
	}
	f, asked := served(t, forgetest.GitLabREST, repos...)
	standIn := asked.Next
	asked.Next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if size, _ := strconv.Atoi(r.URL.Query().Get("per_page")); size > 10 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		standIn.ServeHTTP(w, r)
	})
	if _, listed, err := conformance.List(t.Context(), f, ""); err != nil || len(listed) != len(repos) {
		t.Errorf("%d projects, %v", len(listed), err)
	}
}
