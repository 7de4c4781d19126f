// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// sane makes a client's answers such that the library can be trusted with them.
//
// It takes Link headers (RFC 8288) away which the library cannot read: it panics
// where a parameter has no value. And it makes an error of a 404 that is not
// GitLab's own word, such as a proxy's page: the library tells no 404 from
// another, and what is not there is removed from the catalogue.
func sane(client *http.Client) *http.Client {
	out := *client
	out.Transport = sanity{client.Transport}
	return &out
}

type sanity struct{ next http.RoundTripper }

func (t sanity) RoundTrip(req *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if !readable(resp.Header.Get("Link")) {
		resp.Header.Del("Link")
	}
	if resp.StatusCode != http.StatusNotFound || strings.HasSuffix(req.URL.Path, graphQLPath) {
		return resp, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	_ = resp.Body.Close() // all that is of use has been read
	if err != nil {
		return nil, err
	}
	if message(body) == "" {
		return nil, fmt.Errorf("%s: answered 404, but not as GitLab does", req.URL.Redacted())
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// message is what GitLab says in a refusal, "" where it is not GitLab that
// speaks.
func message(body []byte) string {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	return answer.Message
}

func readable(links string) bool {
	for link := range strings.SplitSeq(links, ",") {
		if parts := strings.SplitN(link, ";", 3); len(parts) > 1 && !strings.Contains(parts[1], "=") {
			return false
		}
	}
	return true
}
