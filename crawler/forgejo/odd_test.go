// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// Clocks go wrong: a few commits with old dates among new ones do not end the
// count, many do.
func TestSkewedClocks(t *testing.T) {
	now := conformance.Now()
	for _, tt := range []struct{ old, pages, want int }{
		{0, 3, 120}, {1, 3, 120}, {4, 3, 120}, {5, 1, 45}, {50, 1, 0},
	} {
		served := 0
		d := known(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Total-Count", "1")
			switch {
			case r.URL.Path == "/api/v1/users/stadt/repos":
				conformance.Reply(http.StatusOK, "application/json", `[{"id":1,"full_name":"stadt/wahl"}]`)(w, r)
			case r.URL.Path == "/api/v1/repos/stadt/wahl/commits":
				served++
				page, body := r.URL.Query().Get("page"), ""
				n := map[string]int{"1": 50, "2": 50, "3": 20 + tt.old}[page]
				for i := range n {
					at := now.Add(-time.Hour)
					if page == "1" && i >= 50-tt.old {
						at = now.AddDate(-5, 0, 0)
					}
					body += `,{"created":"` + at.Format(time.RFC3339) + `"}`
				}
				if page != "3" {
					w.Header().Set("X-HasMore", "true")
				}
				conformance.Reply(http.StatusOK, "application/json", "["+body[1:]+"]")(w, r)
			default:
				conformance.Reply(http.StatusOK, "application/json", `[]`)(w, r)
			}
		}))
		if d.Err != nil || served != tt.pages || d.Activity.Commits.Total != tt.want || d.Activity.Commits.Partial {
			t.Errorf("%d old ones: %d pages, %+v, %v", tt.old, served, d.Activity.Commits, d.Err)
		}
	}
}

// What is listed without a name or a number is told of, and nothing else lost.
func TestNamelessRepositories(t *testing.T) {
	f := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body := `[{"id":1,"full_name":"stadt/wahl"},{},{"id":-3,"full_name":"stadt/x"},{"id":4,"full_name":"../x"},{"id":5,"private":true}]`
		if r.URL.Path == "/api/v1/repos/search" {
			body = `{"data":` + body + `}`
		}
		w.Header().Set("X-Total-Count", "5")
		conformance.Reply(http.StatusOK, "application/json", body)(w, r)
	})
	for _, path := range []string{"", "stadt"} {
		if paths, _, err := conformance.List(t.Context(), f, path); err == nil || len(paths) != 1 {
			t.Errorf("Repos(%q): %q, %v", path, paths, err)
		}
	}
}
