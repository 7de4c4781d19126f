// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// hostConcurrency is how many requests a host is asked at once.
	hostConcurrency = 8
	// pauseWithoutWord is how long to wait where the forge does not say.
	pauseWithoutWord = time.Minute
	// A request gives up after so many waits, or where it would have to wait
	// longer than this.
	maxPauses = 20
	maxPause  = 2 * time.Hour
)

// errLimited is a rate limit that did not end.
var errLimited = errors.New("rate limit did not end")

// rateLimits waits where a forge says so: before the next request once the
// budget is used up, and again after a refusal. Waiting spends no attempt.
type rateLimits struct {
	next http.RoundTripper
	clock
	log *slog.Logger

	mu    sync.Mutex
	slots map[string]chan struct{}
	until map[string]time.Time // by host, and by host and budget
}

func (t *rateLimits) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	host := HostPort(req.URL)
	budget := host + " " + budgetOf(req.URL.Path)
	for pause := 0; ; pause++ {
		again, err := rewind(req, pause+1)
		if err != nil {
			return nil, err
		}
		resp, err := t.send(ctx, again, host, budget)
		if err != nil {
			return nil, err
		}
		now := t.now()
		limited, all := refused(resp)
		switch {
		case limited:
			d := pauseAfter(resp.Header, now)
			if d <= 0 {
				d = pauseWithoutWord
			}
			if pause >= maxPauses || d > maxPause {
				return nil, fmt.Errorf("%w: %s asks to wait %s, after %d waits", errLimited, host, d.Round(time.Second), pause)
			}
			key := budget
			if all {
				key = host
			}
			t.hold(key, now.Add(d))
			t.log.WarnContext(ctx, "rate limit reached, waiting", "host", host, "for", d.Round(time.Second))
		default:
			if header(resp.Header, "Remaining") == "0" {
				t.hold(budget, now.Add(min(untilReset(resp.Header, now), maxPause)))
			}
			return resp, nil
		}
	}
}

// send waits for the host's word and for a free place, then sends.
func (t *rateLimits) send(ctx context.Context, req *http.Request, host, budget string) (*http.Response, error) {
	slot := t.slot(host)
	for {
		if err := t.sleepUntil(ctx, host, budget); err != nil {
			return nil, err
		}
		select {
		case slot <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		// The limit may have been reached while this one queued.
		if t.held(host, budget) <= 0 {
			break
		}
		<-slot
	}
	defer func() { <-slot }()
	return t.next.RoundTrip(req)
}

func (t *rateLimits) slot(host string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slots[host]
	if s == nil {
		s = make(chan struct{}, hostConcurrency)
		t.slots[host] = s
	}
	return s
}

func (t *rateLimits) sleepUntil(ctx context.Context, host, budget string) error {
	for {
		d := t.held(host, budget)
		if d <= 0 {
			return nil
		}
		if err := t.sleep(ctx, d); err != nil {
			return err
		}
	}
}

func (t *rateLimits) held(host, budget string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	until := t.until[host]
	if b := t.until[budget]; b.After(until) {
		until = b
	}
	return until.Sub(t.now())
}

func (t *rateLimits) hold(key string, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if until.After(t.until[key]) {
		t.until[key] = until
	}
}

// budgetOf tells apart what forges count apart.
func budgetOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/graphql"):
		return "graphql"
	case strings.Contains(path, "/search/"):
		return "search"
	case strings.HasPrefix(path, "/raw/"), strings.Contains(path, "/-/raw/"):
		return "raw"
	}
	return "core"
}

// refused reports whether an answer is a rate limit's, and whether it is one
// for everything on the host (GitHub's secondary limit) and not one budget's.
func refused(resp *http.Response) (limited, all bool) {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return true, header(resp.Header, "Remaining") != "0"
	case resp.StatusCode == http.StatusForbidden && header(resp.Header, "Remaining") == "0":
		return true, false
	case resp.StatusCode == http.StatusForbidden && resp.Header.Get("Retry-After") != "":
		return true, true
	case resp.StatusCode == http.StatusForbidden && bytes.Contains(peek(resp), []byte("secondary rate limit")):
		return true, true
	case resp.StatusCode == http.StatusOK && strings.HasSuffix(resp.Request.URL.Path, "/graphql"):
		return graphQLLimited(peek(resp)), false
	}
	return false, false
}

// graphQLLimited: GitHub reports the GraphQL limit in the body of a 200.
func graphQLLimited(body []byte) bool {
	if !bytes.Contains(body, []byte("RATE_LIMITED")) {
		return false
	}
	var answer struct {
		Errors []struct {
			Type string `json:"type"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return false
	}
	for _, e := range answer.Errors {
		if e.Type == "RATE_LIMITED" {
			return true
		}
	}
	return false
}

// peek returns the body, which bodies has read already, and leaves it unread.
func peek(resp *http.Response) []byte {
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// pauseAfter is how long a refusal asks to wait; 0 where it does not say.
func pauseAfter(h http.Header, now time.Time) time.Duration {
	if d := retryAfter(h, now); d > 0 {
		return d
	}
	if header(h, "Remaining") == "0" {
		return untilReset(h, now)
	}
	return 0
}

// retryAfter reads Retry-After (RFC 9110, 10.2.3), in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil {
		// A fraction more, so that no clock's rounding makes it less.
		return time.Duration(max(0, min(s, 1<<20)))*time.Second + 50*time.Millisecond
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(serverTime(h, now)))
	}
	return 0
}

// untilReset reads the reset time, in whole seconds: since 1970 (GitHub,
// GitLab) or from now on (IETF draft).
func untilReset(h http.Header, now time.Time) time.Duration {
	s, err := strconv.ParseInt(header(h, "Reset"), 10, 64)
	if err != nil || s < 0 {
		return pauseWithoutWord
	}
	if s < 1e9 {
		return time.Duration(s+1) * time.Second
	}
	return max(0, time.Unix(s, 0).Sub(serverTime(h, now))) + time.Second
}

// serverTime is the forge's clock where it shows it, so that ours may be wrong.
func serverTime(h http.Header, now time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return now
}

// header reads a rate limit header as GitHub and as GitLab name it.
func header(h http.Header, name string) string {
	if v := h.Get("X-RateLimit-" + name); v != "" {
		return v
	}
	return h.Get("RateLimit-" + name)
}
