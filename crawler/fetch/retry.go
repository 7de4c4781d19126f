// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	attempts     = 6
	firstBackoff = 500 * time.Millisecond

	// After so many requests in a row that failed with all their attempts a
	// host is left alone for a while.
	circuitFailures = 5
	circuitPause    = time.Minute
	// Hosts that only a repository names, and no configuration, are left alone
	// sooner and for longer.
	strangerFailures = 2
	strangerPause    = 15 * time.Minute
)

type attemptsKey struct{}

// WithAttempts bounds how often requests under the context are tried, where that
// is not bounded by less already; without it six times.
func WithAttempts(ctx context.Context, n int) context.Context {
	if most, ok := ctx.Value(attemptsKey{}).(int); ok {
		n = min(n, most)
	}
	return context.WithValue(ctx, attemptsKey{}, n)
}

// ErrUnavailable is a host that failed too often in a row to be asked again at
// once.
var ErrUnavailable = errors.New("host unavailable")

// Hopeless reports whether after an error nothing else of the host can be read
// for now: the context has ended, the host failed too often or limits requests.
func Hopeless(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrLimited))
}

// retries repeats what a repetition may mend: server errors, broken
// connections, damaged answers.
type retries struct {
	next http.RoundTripper
	clock
	log      *slog.Logger
	hosts    map[string]Host // that are configured
	mu       sync.Mutex
	circuits map[string]*circuit
}

type circuit struct {
	failures  int
	openUntil time.Time
}

func (t *retries) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	host := HostPort(req.URL)
	if err := t.admit(host); err != nil {
		return nil, err
	}
	tries := attempts
	if n, ok := ctx.Value(attemptsKey{}).(int); ok {
		tries = n
	}
	for try := 1; ; try++ {
		again, err := rewind(req, try)
		if err != nil {
			return nil, err
		}
		resp, err := t.next.RoundTrip(again)
		switch {
		case err == nil && !serverError(resp.StatusCode):
			t.report(host, true)
			return resp, nil
		case ctx.Err() != nil:
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				t.report(host, false)
			}
			return nil, ctx.Err()
		case err != nil && !mendable(err):
			if name := (*net.DNSError)(nil); errors.As(err, &name) {
				t.report(host, false)
			}
			return nil, err
		case try >= tries:
			t.report(host, false)
			if err != nil {
				return nil, fmt.Errorf("%w (tried %d times)", err, try)
			}
			return resp, nil
		}
		// The first repetition already keeps a distance, and no two clients
		// come back at the same moment.
		d := firstBackoff << (try - 1)
		d = d/2 + rand.N(d/2)
		if err == nil {
			d = max(d, retryAfter(resp.Header, t.now()))
		}
		t.log.DebugContext(ctx, "request failed, trying again", "url", req.URL.Redacted(), "in", d, "error", reason(resp, err))
		if err := t.sleep(ctx, d); err != nil {
			return nil, err
		}
	}
}

func (t *retries) admit(host string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.circuits[host]; c != nil && t.now().Before(c.openUntil) {
		return &permanentError{fmt.Errorf("%w: %s failed %d requests in a row, next try after %s",
			ErrUnavailable, host, c.failures, c.openUntil.Format(time.TimeOnly))}
	}
	return nil
}

func (t *retries) report(host string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ok {
		delete(t.circuits, host)
		return
	}
	c := t.circuits[host]
	if c == nil {
		c = &circuit{}
		t.circuits[host] = c
	}
	most, pause := circuitFailures, circuitPause
	if _, configured := t.hosts[host]; !configured {
		most, pause = strangerFailures, strangerPause
	}
	if c.failures++; c.failures >= most {
		c.openUntil = t.now().Add(pause)
	}
}

// rewind makes the request ready for its nth sending.
func rewind(req *http.Request, try int) (*http.Request, error) {
	if try == 1 || req.Body == nil || req.Body == http.NoBody {
		return req, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the request's body cannot be sent twice")
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.Body = body
	return again, nil
}

func serverError(status int) bool {
	return status >= 500 && status != http.StatusNotImplemented && status != http.StatusHTTPVersionNotSupported
}

func mendable(err error) bool {
	if isPermanent(err) || errors.Is(err, ErrLimited) {
		return false
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false
	}
	// All else is the connection's: resets, time-outs, streams that broke off.
	return true
}

func reason(resp *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	return resp.Status
}
