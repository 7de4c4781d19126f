// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import "net/http"

// identity says who asks, and takes a host's token to that host and no other:
// it runs for every redirect anew.
type identity struct {
	next      http.RoundTripper
	userAgent string
	hosts     map[string]Host
}

func (t *identity) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", t.userAgent)
	// What a library or a redirect brought along does not count.
	for _, name := range []string{"Authorization", "Private-Token", "Job-Token", "Cookie", "Referer"} {
		req.Header.Del(name)
	}
	if h := t.hosts[HostPort(req.URL)]; len(h.Tokens) > 0 {
		token, _ := req.Context().Value(laneKey{}).(int)
		req.Header.Set(h.Header, h.Tokens[token%len(h.Tokens)])
	}
	return t.next.RoundTrip(req)
}
