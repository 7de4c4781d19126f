// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package links

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler/fetch"
)

// maxRedirects is how many redirects one request follows.
const maxRedirects = 5

// errRedirects is a chain of redirects that leads nowhere.
var errRedirects = errors.New("redirected without end, or to no web address")

func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || webAddress(req.URL.String()) == nil {
		return errRedirects
	}
	return nil
}

// reply is as much of an answer as is looked at.
type reply struct {
	status  int
	secured bool   // a redirect has led from http to https
	unzip   bool   // the server has sent compressed what is not itself compressed
	head    []byte // of the body, where it was asked for
}

func (c *checker) checkAddress(ctx context.Context, t *target) []verdict {
	ctx, cancel := context.WithTimeout(ctx, c.address)
	defer cancel()
	r, err := c.ask(ctx, t)
	if err != nil {
		return []verdict{failure(err)}
	}
	if v, ok := refusal(r.status); ok {
		return []verdict{v}
	}
	var verdicts []verdict
	if r.secured {
		verdicts = append(verdicts, verdict{code: "PC0510"})
	}
	if t.kind >= picture {
		ending := endingOf(t.address.Path)
		if ending == "svgz" && r.unzip {
			ending = "svg"
		}
		verdicts = append(verdicts, checkImage(t.kind, ending, r.head)...)
	}
	return verdicts
}

// ask sends HEAD, and GET where that is refused: many servers do not answer
// HEAD, or answer it wrongly. Of an image the beginning is wanted anyway.
func (c *checker) ask(ctx context.Context, t *target) (reply, error) {
	if t.kind >= picture {
		return c.send(ctx, http.MethodGet, t)
	}
	short, cancel := context.WithTimeout(ctx, c.head)
	defer cancel()
	r, err := c.send(short, http.MethodHead, t)
	switch {
	case err != nil && short.Err() == nil && !errors.Is(err, io.EOF):
		return r, err
	case err == nil && (r.status < 400 || r.status == http.StatusTooManyRequests):
		return r, nil
	}
	return c.send(ctx, http.MethodGet, t)
}

func (c *checker) send(ctx context.Context, method string, t *target) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, method, t.address.String(), nil)
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Accept", "*/*")
	resp, err := c.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	// The rest of the body is never read: closing gives up the connection.
	defer resp.Body.Close()
	r := reply{
		status:  resp.StatusCode,
		secured: t.address.Scheme == "http" && resp.Request.URL.Scheme == "https",
		unzip:   resp.Uncompressed,
	}
	if t.kind >= picture && method == http.MethodGet && resp.StatusCode < 300 {
		r.head, err = io.ReadAll(io.LimitReader(resp.Body, headSize))
	}
	return r, err
}

// private are answers that say that the server does not want to talk to a
// program, which a person in front of a browser need not notice.
var private = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired,
	http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons,
	999, // of a network for professionals, to all that is no browser
}

// refusal judges a status; ok is false for success.
func refusal(status int) (v verdict, ok bool) {
	text := strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
	switch {
	case status < 300:
		return verdict{}, false
	case slices.Contains(private, status):
		return verdict{"PC0511", []string{text}}, true
	}
	return verdict{"PC0701", []string{text}}, true
}

// failure judges an address that did not answer.
func failure(err error) verdict {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, fetch.ErrGuarded):
		return verdict{code: "PC0705"}
	case errors.Is(err, errRedirects):
		return verdict{code: "PC0706"}
	case errors.As(err, &dns) && dns.IsNotFound:
		return verdict{"PC0702", []string{dns.Name}}
	case errors.As(err, &certificate):
		return verdict{code: "PC0704"}
	}
	return verdict{code: "PC0703"}
}

// endingOf is the ending of a file's name, in small letters without its dot.
func endingOf(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}
