// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"net/http"
	"strings"
)

// withSaneLinks returns a copy of the client that takes Link headers (RFC
// 8288) away which the library cannot read: it panics where a parameter has
// no value.
func withSaneLinks(client *http.Client) *http.Client {
	sane := *client
	sane.Transport = saneLinks{client.Transport}
	return &sane
}

type saneLinks struct{ next http.RoundTripper }

func (t saneLinks) RoundTrip(req *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err == nil && !readable(resp.Header.Get("Link")) {
		resp.Header.Del("Link")
	}
	return resp, err
}

func readable(links string) bool {
	for link := range strings.SplitSeq(links, ",") {
		if parts := strings.SplitN(link, ";", 3); len(parts) > 1 && !strings.Contains(parts[1], "=") {
			return false
		}
	}
	return true
}
