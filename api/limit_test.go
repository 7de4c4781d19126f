// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/allmende-registry/allmende/registry/registrytest"
)

func prefixes(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range list {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

func TestAddress(t *testing.T) {
	l, err := newLimits(Limits{TrustedProxies: prefixes("10.0.0.0/8", "fd00::/8")})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		peer, listed, named, want string
	}{
		"no proxy":                  {"192.0.2.7:1234", "203.0.113.1", "for=203.0.113.1", "192.0.2.7/32"},
		"one proxy":                 {"10.0.0.1:80", "203.0.113.1", "", "203.0.113.1/32"},
		"what the client claims":    {"10.0.0.1:80", "198.51.100.9, 203.0.113.1", "", "203.0.113.1/32"},
		"two proxies":               {"10.0.0.1:80", "198.51.100.9, 203.0.113.1, 10.2.2.2", "", "203.0.113.1/32"},
		"all are proxies":           {"10.0.0.1:80", "10.3.3.3, 10.2.2.2", "", "10.3.3.3/32"},
		"nothing forwarded":         {"10.0.0.1:80", "", "", "10.0.0.1/32"},
		"no address":                {"10.0.0.1:80", "203.0.113.1, unknown", "", "10.0.0.1/32"},
		"no address behind a proxy": {"10.0.0.1:80", "203.0.113.1, unknown, 10.2.2.2", "", "10.2.2.2/32"},
		"with a port":               {"10.0.0.1:80", "203.0.113.1:5555", "", "203.0.113.1/32"},
		"IPv6":                      {"10.0.0.1:80", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"},
		"IPv6 in brackets":          {"[fd00::1]:80", "[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::/64"},
		"IPv4 in IPv6":              {"[::ffff:10.0.0.1]:80", "::ffff:203.0.113.1", "", "203.0.113.1/32"},
		"RFC 7239":                  {"10.0.0.1:80", "", `For="[2001:db8::7]:47";proto=https, for=203.0.113.1;by=10.0.0.1`, "203.0.113.1/32"},
		"RFC 7239, IPv6":            {"10.0.0.1:80", "", `proto=https;for="[2001:db8::7]"`, "2001:db8::/64"},
		"both alike":                {"10.0.0.1:80", "203.0.113.1", "for=203.0.113.1", "203.0.113.1/32"},
		"one is the client's":       {"10.0.0.1:80", "203.0.113.1", "for=198.51.100.9", "10.0.0.1/32"},
		"a socket of this machine":  {"@", "203.0.113.1", "", "invalid Prefix"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.listed != "" {
			r.Header.Set("X-Forwarded-For", c.listed)
		}
		if c.named != "" {
			r.Header.Set("Forwarded", c.named)
		}
		if got := l.address(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func FuzzAddress(f *testing.F) {
	l, err := newLimits(Limits{TrustedProxies: prefixes("10.0.0.0/8")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("10.0.0.1:80", "203.0.113.1, 10.2.2.2", `for="[2001:db8::7]:47";proto=https`)
	f.Add("[fe80::1%eth0]:80", ",,,", "for=;for=")
	f.Fuzz(func(t *testing.T, peer, listed, named string) {
		r := &http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": {listed}, "Forwarded": {named}}}
		p := l.address(r)
		if p.IsValid() && p.Masked() != p {
			t.Errorf("%s is no whole network", p)
		}
	})
}

// from asks from an address.
func from(t *testing.T, h http.Handler, peer, method, target, token string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader("name: x"))
	r.RemoteAddr = peer
	r.Header.Set("Content-Type", "application/yaml")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := serve(h, r)
	if err := theContract(t).check(r, w.Result(), w.Body.Bytes()); err != nil {
		t.Errorf("%s %s: %v", method, target, err)
	}
	return w
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handlerOf(t, newShelf(), Options{Limits: Limits{Work: 4}})
		check := func(peer string, status int, left string) {
			t.Helper()
			w := from(t, h, peer, http.MethodPost, "/v1/validate", "")
			if w.Code != status || w.Header().Get("RateLimit") != left || w.Header().Get("RateLimit-Policy") != `"work";q=4;w=60` {
				t.Errorf("%s: status %d %q %q", peer, w.Code, w.Header().Get("RateLimit"), w.Header().Get("RateLimit-Policy"))
			}
			if status == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "15" {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
		}
		check("192.0.2.1:1", http.StatusOK, `"work";r=1;t=15`)
		check("192.0.2.1:2", http.StatusOK, `"work";r=0;t=30`)
		check("192.0.2.1:3", http.StatusTooManyRequests, `"work";r=0;t=30`)
		check("192.0.2.2:1", http.StatusOK, `"work";r=1;t=15`)
		check("[2001:db8::1]:1", http.StatusOK, `"work";r=1;t=15`)
		check("[2001:db8::2]:1", http.StatusOK, `"work";r=0;t=30`)
		check("[2001:db8::3]:1", http.StatusTooManyRequests, `"work";r=0;t=30`)
		if w := from(t, h, "192.0.2.1:4", http.MethodGet, "/v1/regions", ""); w.Code != http.StatusOK || w.Header().Get("RateLimit") != "" {
			t.Errorf("reading: status %d %q", w.Code, w.Header().Get("RateLimit"))
		}
		time.Sleep(15 * time.Second)
		check("192.0.2.1:5", http.StatusOK, `"work";r=0;t=30`)
	})
}

func TestNegativeLimits(t *testing.T) {
	for _, l := range []Limits{{Requests: -1}, {Work: -1}, {Logins: -1}, {Concurrent: -1}, {Timeout: -1}} {
		if _, err := New(newShelf(), Options{Limits: l}); err == nil {
			t.Errorf("%+v is accepted", l)
		}
	}
}

// Who has sent too many tokens that are none has to wait with any token; others
// do not, nor who sends none.
func TestFailedLoginsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handlerOf(t, newShelf(), Options{Documents: registrytest.NewDocuments(), Limits: Limits{Logins: 4}})
		for i, c := range []struct {
			peer, token string
			status      int
		}{
			{"192.0.2.1:1", "falsch", http.StatusUnauthorized},
			{"192.0.2.1:2", "falsch", http.StatusUnauthorized},
			{"192.0.2.1:3", "falsch", http.StatusTooManyRequests},
			{"192.0.2.1:4", "noch einer", http.StatusTooManyRequests},
			{"192.0.2.1:5", "", http.StatusUnauthorized},
			{"192.0.2.2:1", "falsch", http.StatusUnauthorized},
		} {
			if w := from(t, h, c.peer, http.MethodGet, "/v1/tokens", c.token); w.Code != c.status {
				t.Errorf("%d: status %d, want %d", i, w.Code, c.status)
			}
		}
		time.Sleep(15 * time.Second)
		if w := from(t, h, "192.0.2.1:1", http.MethodGet, "/v1/tokens", "falsch"); w.Code != http.StatusUnauthorized {
			t.Errorf("after a while: status %d", w.Code)
		}
	})
}
