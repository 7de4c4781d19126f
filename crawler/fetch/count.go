// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"maps"
	"net/http"
	"sync"
)

// counter counts requests by host.
type counter struct {
	next     http.RoundTripper
	mu       sync.Mutex
	requests map[string]int
}

func (t *counter) RoundTrip(req *http.Request) (*http.Response, error) {
	t.mu.Lock()
	t.requests[req.URL.Host]++
	t.mu.Unlock()
	return t.next.RoundTrip(req)
}

func (t *counter) snapshot() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.requests)
}
