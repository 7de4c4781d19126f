// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrGuarded is a connection that the guard refused.
var ErrGuarded = errors.New("connection refused by the guard")

// Transport is the guard by itself, for whoever asks strangers once and judges
// the answer: it sends no token, repeats nothing, waits for no rate limit and
// bounds no body. Of the options it takes the user agent and the hosts that may
// be private.
func Transport(opt Options) http.RoundTripper {
	return &identity{next: guarded(opt.Hosts), userAgent: opt.UserAgent}
}

// guarded is the transport at the bottom. It dials no loopback, private,
// link-local or otherwise special address, looked at after resolution so that a
// name cannot hide it, unless the operator allows that for exactly this host
// and port. A proxy from the environment is not used: it would resolve names
// where the guard cannot look.
func guarded(hosts map[string]Host) http.RoundTripper {
	open := &net.Dialer{Timeout: 15 * time.Second}
	strict := &net.Dialer{Timeout: 15 * time.Second, Control: refuseSpecial}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if hosts[address].AllowPrivate {
				return open.DialContext(ctx, network, address)
			}
			return strict.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    hostConcurrency + rawConcurrency,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  45 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// standingIn reaches nothing but the servers that stand in for hosts, without
// TLS whatever the scheme.
func standingIn(servers map[string]string) http.RoundTripper {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		to, ok := servers[address]
		if !ok {
			return nil, &permanentError{fmt.Errorf("%w: only stand-ins are reached here, and there is none for %s", ErrGuarded, address)}
		}
		return new(net.Dialer).DialContext(ctx, network, to)
	}
	return &http.Transport{DialContext: dial, DialTLSContext: dial, MaxIdleConnsPerHost: hostConcurrency}
}

func refuseSpecial(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &permanentError{fmt.Errorf("cannot read the address %q: %w", address, err)}
	}
	if !public(ap.Addr()) {
		return &permanentError{fmt.Errorf("%w: %s is not a public address; if a forge is meant to be there, name it under forges with allowPrivate: true", ErrGuarded, ap.Addr())}
	}
	return nil
}

// unicast6 is all that is given out of IPv6 for general use.
var unicast6 = netip.MustParsePrefix("2000::/3")

// special lists blocks beyond those that netip knows, from the IANA
// special-purpose address registries (RFC 6890).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),   // shared address space
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4: an IPv4 address inside
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !unicast6.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
