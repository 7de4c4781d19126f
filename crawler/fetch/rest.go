// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"net/http"
	"sync"
	"time"
)

// restAfterFailure is how long an address is left alone that just failed,
// whoever asks: retries spreads the repetitions of one request, this the other
// requests to the same address, such as the queries of a GraphQL endpoint.
const restAfterFailure = firstBackoff / 2

// rest waits where an address just answered with a server error.
type rest struct {
	next http.RoundTripper
	clock

	mu    sync.Mutex
	until map[string]time.Time // by address
}

func (t *rest) RoundTrip(req *http.Request) (*http.Response, error) {
	address := req.URL.String()
	for d := t.left(address); d > 0; d = t.left(address) {
		if err := t.sleep(req.Context(), d); err != nil {
			return nil, err
		}
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil && serverError(resp.StatusCode) {
		t.mu.Lock()
		t.until[address] = t.now().Add(restAfterFailure)
		t.mu.Unlock()
	}
	return resp, err
}

// left is how long the rest of an address still lasts.
func (t *rest) left(address string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	until, resting := t.until[address]
	d := until.Sub(t.now())
	if resting && d <= 0 {
		delete(t.until, address)
	}
	return max(0, d)
}
