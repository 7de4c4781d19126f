// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestAddressRestsAfterFailure: what fails for one request is not asked for by
// another at once, but other addresses are.
func TestAddressRestsAfterFailure(t *testing.T) {
	c, clock, url := serve(t, failing(1, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	once := WithAttempts(t.Context(), 1)
	if status, _, err := get(once, c, url+"/graphql"); status != http.StatusBadGateway || err != nil {
		t.Fatalf("got %d, %v", status, err)
	}
	if _, _, err := get(once, c, url+"/other"); err != nil || len(clock.slept) > 0 {
		t.Errorf("another address waited %v, %v", clock.slept, err)
	}
	if _, body, err := get(once, c, url+"/graphql"); err != nil || body != "fine" || clock.total() < restAfterFailure {
		t.Errorf("got %q, %v, after %s", body, err, clock.total())
	}
	if _, _, err := get(once, c, url+"/graphql"); err != nil || clock.total() > restAfterFailure {
		t.Errorf("the rest goes on: %s, %v", clock.total(), err)
	}
}

// TestRestingAddressIsAskedInTurns: those who wait for an address do not all ask
// it at once.
func TestRestingAddressIsAskedInTurns(t *testing.T) {
	r := &rests{byAddress: map[string]rest{}}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r.answered("a", true, now)
	r.answered("a", false, now) // was under way
	later := now.Add(restAfterFailure)
	for i, step := range []struct {
		at   time.Time
		want time.Duration
	}{{now, restAfterFailure}, {later, 0}, {later, restAfterFailure}} {
		if d := r.left("a", step.at); d != step.want {
			t.Errorf("step %d: %s left, want %s", i, d, step.want)
		}
	}
	r.answered("a", false, later)
	for range 2 {
		if d := r.left("a", later); d != 0 {
			t.Errorf("%s left after it went well", d)
		}
	}
}

// TestQueryIsNotRedirected: a redirected POST becomes a GET without its query,
// whose answer says nothing about what was asked.
func TestQueryIsNotRedirected(t *testing.T) {
	var gets atomic.Int32
	c, _, url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			gets.Add(1)
			w.WriteHeader(http.StatusNotFound)
			return
		}
		http.Redirect(w, r, "/graphql", http.StatusFound)
	})
	resp, err := c.HTTP().Post(url+"/graphql", "application/json", strings.NewReader("{}")) //nolint:noctx // a test server
	if err == nil {
		resp.Body.Close()
		t.Errorf("got %s", resp.Status)
	} else if !strings.Contains(err.Error(), ErrAstray.Error()) {
		t.Error(err)
	}
	if gets.Load() > 0 {
		t.Error("the redirect was followed")
	}
}
