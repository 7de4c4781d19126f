// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package fetch is the one HTTP client that talks to the outside. Everything
// that must hold for every request is a stacked http.RoundTripper here, each in
// a file of its own: retries, conditional requests, rate limits, tokens bound to
// their host, rests after failures, bounded and checked bodies, the count of
// requests, the guard against private addresses.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxRedirects is how many redirects one request follows.
const maxRedirects = 5

// Host is what an operator allows for one host.
type Host struct {
	Header       string   // header that carries the token, such as Authorization
	Tokens       []string // its values, with the scheme; several take turns, each with its own limits
	AllowPrivate bool     // the host may resolve to a loopback or private address
}

// Options configure a Client.
type Options struct {
	UserAgent string
	Hosts     map[string]Host // by host:port, see HostPort; hosts that are not named get no token
	// StandIns are addresses of servers in this process that stand in for hosts,
	// by host:port. Where there are any, nothing else is reached.
	StandIns map[string]string
	Logger   *slog.Logger // nil discards
}

// Client is a guarded HTTP client for requests that can be repeated: reads, and
// queries by POST whose body can be rewound.
type Client struct {
	http  *http.Client
	count *counter
}

// New makes a Client.
func New(opt Options) *Client {
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	return newClient(opt, clock{time.Now, wait})
}

// clock is the time that retries and rate limits go by.
type clock struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error // ends early, with an error, where the context does
}

func newClient(opt Options, c clock) *Client {
	bottom := guarded(opt.Hosts)
	if opt.StandIns != nil {
		bottom = standingIn(opt.StandIns)
	}
	count := &counter{next: &bodies{next: bottom, large: make(chan struct{}, largeAtOnce)}, requests: map[string]int{}}
	var rt http.RoundTripper = &values{next: count}
	rt = &identity{next: rt, userAgent: opt.UserAgent, hosts: opt.Hosts}
	rt = &rateLimits{
		next: rt, clock: c, log: opt.Logger, hosts: opt.Hosts, rests: &rests{byAddress: map[string]rest{}},
		slots: map[string]chan struct{}{}, turn: map[string]int{}, until: map[string]time.Time{},
	}
	rt = newConditional(rt)
	rt = &retries{next: rt, clock: c, log: opt.Logger, hosts: opt.Hosts, circuits: map[string]*circuit{}}
	return &Client{http: &http.Client{Transport: rt, CheckRedirect: checkRedirect}, count: count}
}

// HTTP is the client to hand to a forge's library.
func (c *Client) HTTP() *http.Client { return c.http }

// Requests is how many requests were sent to each host so far, repeated ones
// and redirects counted.
func (c *Client) Requests() map[string]int { return c.count.snapshot() }

// HostPort is the key of a URL's host: lower-cased, with its port, that of the
// scheme where it has none.
func HostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
		if u.Scheme == "http" {
			port = "80"
		}
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

// ErrAstray is a redirect that is not followed.
var ErrAstray = errors.New("led astray")

func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0]
	why := ""
	switch {
	case len(via) > maxRedirects:
		why = fmt.Sprintf("more than %d redirects from %s", maxRedirects, first.URL.Redacted())
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		why = fmt.Sprintf("redirect to %s, which is no http address", req.URL.Redacted())
	case first.URL.Scheme == "https" && req.URL.Scheme == "http":
		why = fmt.Sprintf("redirect from https to %s without encryption", req.URL.Redacted())
	case first.Method != req.Method:
		// What is there was not asked what the query asked.
		why = fmt.Sprintf("redirect of a query from %s to %s would lose it", first.URL.Redacted(), req.URL.Redacted())
	default:
		return nil
	}
	return &permanentError{fmt.Errorf("%w: %s", ErrAstray, why)}
}

// permanentError is one that a repetition does not mend.
type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

func isPermanent(err error) bool {
	var p *permanentError
	return errors.As(err, &p)
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
