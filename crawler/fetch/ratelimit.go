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
	// hostConcurrency is how many requests a host is asked at once, rawConcurrency
	// how many files beside them, which cost a forge little.
	hostConcurrency = 16
	rawConcurrency  = 16
	// pauseWithoutWord is how long to wait where the forge does not say.
	pauseWithoutWord = time.Minute
	// A request gives up after so many waits, or where it would have to wait
	// longer than this.
	maxPauses = 20
	maxPause  = 2 * time.Hour
)

// ErrLimited is a rate limit that did not end in the time there was.
var ErrLimited = errors.New("rate limit did not end")

type patienceKey struct{}

// WithPatience bounds how long requests under the context wait for a rate limit;
// without it two hours.
func WithPatience(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, d)
}

func patience(ctx context.Context) time.Duration {
	if d, ok := ctx.Value(patienceKey{}).(time.Duration); ok {
		return min(d, maxPause)
	}
	return maxPause
}

// rateLimits waits where a forge says so: before the next request once the
// budget is used up, and again after a refusal. Waiting spends no attempt. Of a
// host's tokens, each with limits of its own, those take turns that need not
// wait.
type rateLimits struct {
	next http.RoundTripper
	clock
	log   *slog.Logger
	hosts map[string]Host
	rests *rests

	mu    sync.Mutex
	slots map[string]chan struct{}
	turn  map[string]int       // the token that is next, by host
	until map[string]time.Time // by lane, and by lane and budget
}

// lane is a host with one of its tokens.
type lane struct {
	host  string
	token int
}

func (l lane) String() string { return fmt.Sprintf("%s#%d", l.host, l.token) }

type laneKey struct{}

func (t *rateLimits) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	host := HostPort(req.URL)
	kind := budgetOf(req.URL.Path)
	for pause := 0; ; pause++ {
		again, err := rewind(req, pause+1)
		if err != nil {
			return nil, err
		}
		resp, lane, err := t.send(ctx, again, host, kind)
		if err != nil {
			return nil, err
		}
		budget := lane.String() + " " + kind
		now := t.now()
		limited, all := refused(resp)
		switch {
		case limited:
			d := pauseAfter(resp, now)
			if d <= 0 {
				d = pauseWithoutWord
			}
			key := budget
			if all {
				key = lane.String()
			}
			t.hold(key, now.Add(d))
			_, wait := t.free(host, kind)
			if pause >= maxPauses || wait > patience(ctx) {
				return nil, fmt.Errorf("%w: %s asks to wait %s, after %d waits", ErrLimited, host, wait.Round(time.Second), pause)
			}
			t.log.WarnContext(ctx, "rate limit reached, waiting", "host", host, "for", max(0, wait.Round(time.Second)))
		default:
			if header(resp.Header, "Remaining") == "0" {
				t.hold(budget, now.Add(min(untilReset(resp.Header, now), maxPause)))
			}
			return resp, nil
		}
	}
}

// send waits for the host's word and for a free place, then sends.
func (t *rateLimits) send(ctx context.Context, req *http.Request, host, kind string) (*http.Response, lane, error) {
	slot := t.slot(host, req.URL.Path)
	address := req.URL.String()
	var l lane
	for {
		for {
			_, wait := t.free(host, kind)
			if wait <= 0 {
				break
			}
			if wait > patience(ctx) {
				return nil, l, fmt.Errorf("%w: %s asked to wait, for %s more", ErrLimited, host, wait.Round(time.Second))
			}
			if err := t.sleep(ctx, wait); err != nil {
				return nil, l, err
			}
		}
		select {
		case slot <- struct{}{}:
		case <-ctx.Done():
			return nil, l, ctx.Err()
		}
		// The limit may have been reached while this one queued.
		var wait time.Duration
		if l, wait = t.free(host, kind); wait <= 0 {
			if wait = t.rests.left(address, t.now()); wait <= 0 {
				break
			}
		}
		<-slot
		if err := t.sleep(ctx, min(wait, restAfterFailure)); err != nil {
			return nil, l, err
		}
	}
	defer func() { <-slot }()
	t.pass(l)
	resp, err := t.next.RoundTrip(req.WithContext(context.WithValue(ctx, laneKey{}, l.token)))
	if err == nil {
		t.rests.answered(address, serverError(resp.StatusCode), t.now())
	}
	return resp, l, err
}

// free is the lane of a host that may be used first, the one whose turn it is
// among equals, and for how long it may not be.
func (t *rateLimits) free(host, kind string) (lane, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tokens := max(1, len(t.hosts[host].Tokens))
	now := t.now()
	var best lane
	var least time.Duration
	for i := range tokens {
		l := lane{host, (t.turn[host] + i) % tokens}
		until := t.until[l.String()]
		if b := t.until[l.String()+" "+kind]; b.After(until) {
			until = b
		}
		if wait := max(0, until.Sub(now)); i == 0 || wait < least {
			best, least = l, wait
		}
	}
	return best, least
}

// pass hands the turn to the token after a lane's.
func (t *rateLimits) pass(l lane) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn[l.host] = l.token + 1
}

func (t *rateLimits) slot(host, path string) chan struct{} {
	size := hostConcurrency
	switch {
	case strings.Contains(path, "/raw/"), strings.HasSuffix(path, "/raw"):
		host, size = host+" raw", rawConcurrency
	case budgetOf(path) == "graphql":
		// All queries go to one address, which must not be asked again at once
		// where it fails; and GitHub answers for no more than a minute of them
		// in each minute, see
		// https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api:
		// so they go one after the other, for each token.
		host, size = host+" graphql", max(1, len(t.hosts[host].Tokens))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.slots[host]
	if s == nil {
		s = make(chan struct{}, size)
		t.slots[host] = s
	}
	return s
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
	case strings.HasSuffix(path, "/dependency-graph/sbom"):
		return "sbom"
	case strings.HasSuffix(path, "/search/code"):
		return "code search"
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
	case resp.StatusCode == http.StatusForbidden && bytes.Contains(peek(resp), secondaryLimit):
		return true, true
	case resp.StatusCode == http.StatusOK && strings.HasSuffix(resp.Request.URL.Path, "/graphql"):
		return graphQLLimited(peek(resp))
	}
	return false, false
}

// graphQLLimited: GitHub reports limits also in the body of a 200, that of
// GraphQL by either type, the secondary one by its message.
func graphQLLimited(body []byte) (limited, all bool) {
	if !bytes.Contains(body, []byte("RATE_LIMIT")) && !bytes.Contains(body, secondaryLimit) {
		return false, false
	}
	var answer struct {
		Errors []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return false, false
	}
	for _, e := range answer.Errors {
		switch {
		case e.Type == "RATE_LIMITED", e.Type == "RATE_LIMIT":
			return true, false
		case strings.Contains(e.Message, string(secondaryLimit)):
			return true, true
		}
	}
	return false, false
}

// secondaryLimit is how GitHub names the limit that holds for everything.
var secondaryLimit = []byte("secondary rate limit")

// peek returns the body, which bodies has read already, and leaves it unread.
func peek(resp *http.Response) []byte {
	body, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// pauseAfter is how long a refusal asks to wait; 0 where it does not say.
func pauseAfter(resp *http.Response, now time.Time) time.Duration {
	h := resp.Header
	if d := retryAfter(h, now); d > 0 {
		return d
	}
	// A query that costs more points than are left is refused in a 200.
	if header(h, "Remaining") == "0" || resp.StatusCode == http.StatusOK {
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

// header reads a rate limit header as GitHub and as GitLab name it, or the
// parameter of the one field that the IETF draft puts in their place: r and t
// (draft-ietf-httpapi-ratelimit-headers).
func header(h http.Header, name string) string {
	for _, prefix := range []string{"X-RateLimit-", "RateLimit-"} {
		if v := h.Get(prefix + name); v != "" {
			return v
		}
	}
	parameter := map[string]string{"Remaining": "r", "Reset": "t"}[name]
	policy, _, _ := strings.Cut(h.Get("RateLimit"), ",")
	for part := range strings.SplitSeq(policy, ";") {
		if key, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok && key == parameter {
			return value
		}
	}
	return ""
}
