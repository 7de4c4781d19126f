// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestWithValues(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		ok   bool
	}{
		"few":              {`[1,2,3]`, true},
		"in texts":         {`["a,b,c\",d","e,f\\",",,,,"]`, true},
		"too many":         {`[1,2,3,4]`, false},
		"too many deep":    {`{"a":[[1,2],{"b":3,"c":4}]}`, false},
		"behind an escape": {`["\\",1,2,3]`, false},
		"no JSON":          {`,,,,"`, false},
		"nothing":          {``, true},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				_, _ = io.WriteString(w, tt.body)
			})
			if _, body, err := get(t.Context(), c, url); err != nil || body != tt.body {
				t.Errorf("without a bound: %q, %v", body, err)
			}
			_, body, err := get(WithValues(t.Context(), 3), c, url)
			if tt.ok && (err != nil || body != tt.body) {
				t.Errorf("got %q, %v", body, err)
			}
			if !tt.ok && (!errors.Is(err, registry.ErrTooLarge) || !strings.Contains(err.Error(), url)) {
				t.Errorf("got %q, %v, want ErrTooLarge with the address", body, err)
			}
		})
	}
}

// TestTurns: a host is asked one GraphQL query at a time for each token, and as
// many as ever of what is not GraphQL.
func TestTurns(t *testing.T) {
	const gitHub = "api.github.com:443"
	limits := &rateLimits{slots: map[string]chan struct{}{}, hosts: map[string]Host{gitHub: {Tokens: []string{"a", "b"}}}}
	for _, tt := range []struct {
		host, path string
		want       int
	}{
		{gitHub, "/graphql", 2},
		{gitHub, "/repos/a/b", hostConcurrency},
		{"git.example:443", "/api/graphql", 1},
		{"git.example:443", "/api/v4/projects", hostConcurrency},
		{"git.example:443", "/raw/a", rawConcurrency},
	} {
		if got := cap(limits.slot(tt.host, tt.path)); got != tt.want {
			t.Errorf("%s%s: %d at once, want %d", tt.host, tt.path, got, tt.want)
		}
	}
}
