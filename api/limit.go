// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Limits bound what is asked of the API. The zero value bounds nothing.
type Limits struct {
	// Requests, Work and Logins are how often one address may ask in a minute: at
	// all, for what costs (a file checked, a dossier made), and with a token that is
	// none. Half of a minute's may come at once. 0 is any number.
	Requests, Work, Logins int
	// Concurrent is how many requests are answered at once, 0 any number.
	Concurrent int
	// Timeout is how long an answer may take to be made, 0 any time.
	Timeout time.Duration
	// TrustedProxies are the networks of proxies whose word on who asks is taken.
	TrustedProxies []netip.Prefix
}

// maxAddresses bounds how many addresses are told apart. Beyond that the one that
// asked least recently begins anew.
const maxAddresses = 1 << 16

// limits are the Limits at work.
type limits struct {
	requests, work, logins *limit // nil for none
	places                 places // nil for any number
	timeout                time.Duration
	proxies                []netip.Prefix
}

func newLimits(l Limits) (*limits, error) {
	if min(l.Requests, l.Work, l.Logins, l.Concurrent) < 0 || l.Timeout < 0 {
		return nil, errors.New("api: a limit is below 0; 0 is no limit")
	}
	made := &limits{timeout: l.Timeout, proxies: l.TrustedProxies}
	if l.Concurrent > 0 {
		made.places = make(places, l.Concurrent)
	}
	for _, kind := range []struct {
		name      string
		perMinute int
		to        **limit
	}{{"requests", l.Requests, &made.requests}, {"work", l.Work, &made.work}, {"logins", l.Logins, &made.logins}} {
		if kind.perMinute == 0 {
			continue
		}
		var err error
		if *kind.to, err = newLimit(kind.name, kind.perMinute); err != nil {
			return nil, fmt.Errorf("api: %w", err)
		}
	}
	return made, nil
}

// take counts a request against the limits of its address and tells them in the
// headers of the answer; an error where one is used up.
func (l *limits) take(c *gin.Context, r route) error {
	login := l.logins != nil && c.Request.Header["Authorization"] != nil
	if l.requests == nil && (l.work == nil || !r.costly) && !login {
		return nil
	}
	from := l.address(c.Request)
	h := c.Writer.Header()
	if login && l.logins.of(from).Tokens() < 1 {
		return l.logins.exceeded(h, from)
	}
	if l.requests != nil && !l.requests.take(h, from) {
		return l.requests.exceeded(h, from)
	}
	if l.work != nil && r.costly && !l.work.take(h, from) {
		return l.work.exceeded(h, from)
	}
	return nil
}

// failed counts a login that failed.
func (l *limits) failed(c *gin.Context) {
	if l.logins != nil {
		l.logins.take(c.Writer.Header(), l.address(c.Request))
	}
}

// limit is how often each address may do something. Addresses are kept as a number
// that only this process could make of them.
type limit struct {
	name      string // in the header fields
	perMinute int
	policy    []string // the value of RateLimit-Policy
	seed      maphash.Seed
	buckets   *otter.Cache[uint64, *rate.Limiter]
}

func newLimit(name string, perMinute int) (*limit, error) {
	buckets, err := otter.New(&otter.Options[uint64, *rate.Limiter]{MaximumSize: maxAddresses})
	return &limit{
		name: name, perMinute: perMinute, policy: []string{fmt.Sprintf("%q;q=%d;w=60", name, perMinute)},
		seed: maphash.MakeSeed(), buckets: buckets,
	}, err
}

// of is the bucket of an address.
func (l *limit) of(from netip.Prefix) *rate.Limiter {
	bucket, _ := l.buckets.ComputeIfAbsent(maphash.Comparable(l.seed, from), func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), max(1, l.perMinute/2)), false
	})
	return bucket
}

// take takes one from the bucket of an address and tells what is left.
func (l *limit) take(h http.Header, from netip.Prefix) bool {
	bucket := l.of(from)
	ok := bucket.Allow()
	l.tell(h, bucket)
	return ok
}

// tell sets the header fields of draft-ietf-httpapi-ratelimit-headers: the quota q
// of a window of w seconds, what remains of it at once, and the seconds until all
// of that is there again.
func (l *limit) tell(h http.Header, bucket *rate.Limiter) {
	left := max(0, bucket.Tokens())
	full := (float64(bucket.Burst()) - left) / float64(bucket.Limit())
	h["Ratelimit-Policy"] = l.policy
	h["Ratelimit"] = []string{`"` + l.name + `";r=` + strconv.Itoa(int(left)) + ";t=" + strconv.Itoa(int(math.Ceil(full)))}
}

// exceeded is the problem of an address that has used up its limit.
func (l *limit) exceeded(h http.Header, from netip.Prefix) error {
	bucket := l.of(from)
	l.tell(h, bucket)
	wait := math.Ceil((1 - max(0, bucket.Tokens())) / float64(bucket.Limit()))
	h.Set("Retry-After", strconv.Itoa(max(1, int(wait))))
	return &problem{
		Status: http.StatusTooManyRequests,
		Detail: fmt.Sprintf("Too many %s from your address: %d a minute are answered, half of them at once. Wait as many seconds as Retry-After says.", limitedThings[l.name], l.perMinute),
	}
}

// limitedThings are the limits in the words of a problem.
var limitedThings = map[string]string{"requests": "requests", "work": "files to check and dossiers to make", "logins": "tokens that are none"}
