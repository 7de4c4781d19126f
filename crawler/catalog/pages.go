// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// maxPages bounds how many pages of an API are read.
const maxPages = maxEntries / 10

// page is one answer of a list of an API: data with Developers Italia, items
// with Allmende.
type page struct {
	Data  json.RawMessage `json:"data"`
	Items json.RawMessage `json:"items"`
	Links struct {
		Next text `json:"next"`
	} `json:"links"`
}

// eachPage reads the list at an address page by page and gives the tag of the
// first. A link to the next page is taken for its query alone: host and path
// stay.
func eachPage(ctx context.Context, client *http.Client, first *url.URL, cursor, since string, take func(where string, p page) error) (tag string, err error) {
	u := first
	seen := map[string]bool{}
	for no := 1; ; no++ {
		if no > maxPages {
			return "", fmt.Errorf("%w: more than %d pages", registry.ErrTooLarge, maxPages)
		}
		seen[u.Query().Encode()] = true
		a, err := get(ctx, client, u, since)
		if err != nil {
			return "", err
		}
		if no == 1 {
			tag, since = a.tag, ""
		}
		var p page
		if err := json.Unmarshal(a.body, &p); err != nil {
			return "", fmt.Errorf("page %d: %w", no, invalidJSON(err))
		}
		if err := take(fmt.Sprintf("page %d", no), p); err != nil {
			return "", err
		}
		if p.Links.Next == "" {
			return tag, nil
		}
		if u, err = nextPage(first, string(p.Links.Next), cursor); err != nil {
			return "", fmt.Errorf("page %d: %w", no, err)
		}
		if seen[u.Query().Encode()] {
			return "", fmt.Errorf("%w: page %d leads back to a page before it", registry.ErrInvalid, no)
		}
	}
}

// nextPage resolves links.next: an address, a path, a query, or the bare cursor,
// which is the value of the parameter cursor.
func nextPage(first *url.URL, next, cursor string) (*url.URL, error) {
	const maxNext = 16 << 10
	if len(next) > maxNext {
		return nil, fmt.Errorf("%w: links.next has over %d bytes", registry.ErrInvalid, maxNext)
	}
	u := *first
	if !strings.ContainsAny(next, "?&:") {
		q := u.Query()
		q.Set(cursor, next)
		u.RawQuery = q.Encode()
		return &u, nil
	}
	ref, err := url.Parse(next)
	if err != nil {
		return nil, fmt.Errorf("%w: links.next %q is no address", registry.ErrInvalid, cut(next))
	}
	to := first.ResolveReference(ref)
	if to.Scheme != first.Scheme || !strings.EqualFold(to.Host, first.Host) || to.Path != first.Path || to.User != nil {
		return nil, fmt.Errorf("%w: links.next leads away from %s, to %q", registry.ErrInvalid, first.Host+first.Path, cut(next))
	}
	u.RawQuery = to.RawQuery
	return &u, nil
}

// apiAddress is the address of a list of an API. The location may be that of
// the host, of the version or of a list; the query stays.
func apiAddress(base *url.URL, list string, parameters map[string]string) *url.URL {
	u := *base
	path, named := strings.TrimRight(u.Path, "/"), false
	for _, name := range lists {
		if p, ok := strings.CutSuffix(path, "/"+name); ok {
			path, named = p, true
		}
	}
	if !named && !strings.HasSuffix(path, "/v1") {
		path += "/v1"
	}
	u.Path, u.RawPath = path+"/"+list, ""
	q := u.Query()
	for name, value := range parameters {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return &u
}

// lists are the lists of the APIs.
var lists = []string{"software", "publishers"}
