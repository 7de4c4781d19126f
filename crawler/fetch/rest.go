// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"maps"
	"sync"
	"time"
)

// restAfterFailure is how long an address is left alone that just answered with
// a server error, whoever asks: retries spreads the repetitions of one request,
// this the other requests to the same address, such as the queries of a GraphQL
// endpoint.
const restAfterFailure = firstBackoff / 2

// maxResting is how many addresses are remembered, about.
const maxResting = 1000

// rests remembers the addresses that failed when last asked. They are asked one
// request at a time, until one goes well.
type rests struct {
	mu        sync.Mutex
	byAddress map[string]rest
}

type rest struct {
	until time.Time
	turn  bool // a request has the turn until then
}

// left is how long an address is still to be left alone. 0 hands over the turn
// to ask it.
func (r *rests) left(address string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, failed := r.byAddress[address]
	if !failed {
		return 0
	}
	if d := last.until.Sub(now); d > 0 {
		return d
	}
	r.byAddress[address] = rest{now.Add(restAfterFailure), true}
	return 0
}

// answered notes how an address answered. What was under way when another
// request failed does not end the rest.
func (r *rests) answered(address string, failed bool, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case failed:
		if len(r.byAddress) >= maxResting {
			maps.DeleteFunc(r.byAddress, func(_ string, old rest) bool { return now.After(old.until) })
		}
		r.byAddress[address] = rest{now.Add(restAfterFailure), false}
	case r.byAddress[address].turn:
		delete(r.byAddress, address)
	}
}
