// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// The bounds of one attempt.
const (
	timeout   = 15 * time.Second
	maxAnswer = 1 << 10 // bytes that are read of an answer, so that its connection is used again
)

// waits are the times between attempts, as Standard Webhooks recommends them: about
// three days together.
var waits = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// maxRetryAfter is the longest wait that a receiver may ask for.
const maxRetryAfter = 24 * time.Hour

// wait is how long to wait after a failed attempt, of which there have been some: up
// to a fifth longer than planned, so that what failed together does not come back
// together. ok is false after the last one.
func wait(attempts int, retryAfter time.Duration) (time.Duration, bool) {
	if attempts > len(waits) {
		return 0, false
	}
	planned := waits[attempts-1]
	planned += rand.N(planned / 5) //nolint:gosec // no secret
	return max(planned, min(retryAfter, maxRetryAfter)), true
}

// outcome is what came of an attempt.
type outcome struct {
	id           string // of the delivery
	subscription string
	entry        registry.ID
	host         string
	at           time.Time // when it began
	status       int       // 0 where there was no answer
	err          error     // where there was none, for the log
	retryAfter   time.Duration
	withdrawn    bool // there is nothing to tell any more, and nothing was sent
}

// over reports whether a delivery is not to be tried again: it was acknowledged, or
// withdrawn.
func (o outcome) over() bool { return o.status >= 200 && o.status < 300 || o.withdrawn }

// why says for the subscriber why an attempt failed. What is not theirs to know,
// such as the addresses that names lead to in the network of the node, is left out.
func (o outcome) why() string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var late interface{ Timeout() bool }
	switch {
	case o.status >= 300 && o.status < 400:
		return fmt.Sprintf("It answered with the status %d; redirects are not followed.", o.status)
	case o.status > 0:
		return fmt.Sprintf("It answered with the status %d.", o.status)
	case errors.As(o.err, &name):
		return "The name of its host leads nowhere."
	case errors.As(o.err, &certificate):
		return "Its certificate is not valid."
	case errors.As(o.err, &late) && late.Timeout():
		return fmt.Sprintf("It did not answer within %d seconds.", int(timeout.Seconds()))
	}
	return "It cannot be reached, or its address is not public."
}

// attempt sends a delivery once.
func (d *Deliverer) attempt(ctx context.Context, s *registry.Subscription, del *registry.Delivery) outcome {
	o := outcome{id: del.ID, subscription: s.ID, entry: entryOf(del), host: hostOf(s.URL), at: time.Now()}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	o.err = func() error {
		key, err := s.Key()
		if err != nil {
			return err
		}
		var need *registry.BoardNeed
		if del.Need != nil {
			if need, err = registry.NeedToTell(ctx, d.Store, *del.Need, o.at); errors.Is(err, registry.ErrNotFound) {
				o.withdrawn = true // what became restricted is not sent, whatever waited
				return nil
			}
			if err != nil {
				return err
			}
		}
		body, err := d.Body(s.ID, del, need)
		if err != nil {
			return err
		}
		r, err := newRequest(ctx, s.URL, key, del.ID, o.at, body)
		if err != nil {
			return err
		}
		client := &http.Client{
			Transport:     d.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		resp, err := client.Do(r)
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			return wrapped.Err // without the address, which may be secret
		}
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer)
		o.status, o.retryAfter = resp.StatusCode, retryAfter(resp.Header.Get("Retry-After"), o.at)
		return nil
	}()
	return o
}

// retryAfter reads the header of that name (RFC 9110, section 10.2.3); 0 for none.
func retryAfter(field string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(field, 10, 32); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(field); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
