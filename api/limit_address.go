// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// The part of an address that counts as one: a household or an office has a /64.
const (
	bitsOfIPv4 = 32
	bitsOfIPv6 = 64
)

// maxHops is how many proxies one behind the other are believed.
const maxHops = 16

// trusts reports whether a request comes from a trusted proxy.
func (l *limits) trusts(r *http.Request) bool {
	if len(l.proxies) == 0 {
		return false
	}
	peer, ok := parseNode(r.RemoteAddr)
	return ok && l.isProxy(peer)
}

func (l *limits) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(l.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

// address is who asks: the peer, or the last hop before the trusted proxies where
// the peer is one of these. Where X-Forwarded-For and Forwarded differ, one of them
// is the client's own, and the peer it is.
func (l *limits) address(r *http.Request) netip.Prefix {
	peer, ok := parseNode(r.RemoteAddr)
	if !ok {
		return netip.Prefix{} // a socket of this machine
	}
	from := peer
	if len(l.proxies) > 0 && l.isProxy(peer) {
		listed := l.lastHop(peer, elements(r.Header["X-Forwarded-For"], func(s string) string { return s }))
		named := l.lastHop(peer, elements(r.Header["Forwarded"], forwardedFor))
		switch {
		case named == peer || listed == named:
			from = listed
		case listed == peer:
			from = named
		}
	}
	bits := bitsOfIPv4
	if from.Is6() {
		bits = bitsOfIPv6
	}
	prefix, err := from.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}

// lastHop goes back through the hops that proxies have written behind one another,
// as far as they are trusted.
func (l *limits) lastHop(peer netip.Addr, hops []string) netip.Addr {
	for i := len(hops) - 1; i >= max(0, len(hops)-maxHops) && l.isProxy(peer); i-- {
		hop, ok := parseNode(hops[i])
		if !ok {
			break
		}
		peer = hop
	}
	return peer
}

// elements are the elements of a list that stands in one or more header fields.
func elements(lines []string, read func(string) string) []string {
	var list []string
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			list = append(list, read(strings.TrimSpace(element)))
		}
	}
	return list
}

// forwardedFor is the value of for= in an element of Forwarded (RFC 7239, section
// 4); "" for none.
func forwardedFor(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "for") {
			return strings.Trim(value, `"`)
		}
	}
	return ""
}

// parseNode reads an address with or without a port, in brackets or not, without
// its zone.
func parseNode(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddrPort(s); err == nil {
		return a.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	return a.Unmap().WithZone(""), err == nil
}
