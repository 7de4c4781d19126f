// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// comparison compares what a server lists with what a store has.
type comparison struct {
	store  registry.Store
	server *url.URL
	client *http.Client
	pause  time.Duration // between two times; the server may be a moment behind
}

// compared is how often both are read at most. What differs twice running, and did
// not change in the store meanwhile, differs.
const compared = 5

// The bounds of what a server may answer.
const (
	maxListPage = 32 << 20 // bytes
	listTimeout = time.Minute
)

// listing is when the entries of a catalogue changed last, by their IDs, and how
// many the catalogue says there are.
type listing map[registry.ID]string

// total is where a listing has the number.
const total registry.ID = ""

// difference is an entry that is not the same in both; "" is one that is not there.
type difference struct{ stored, listed string }

func newComparison(store registry.Store, server string) (*comparison, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, usageError(fmt.Errorf("--server is the address of one that serves, such as http://127.0.0.1:8080, not %q", server))
	}
	return &comparison{store: store, server: u.JoinPath("/v1/software"), client: &http.Client{Timeout: listTimeout}, pause: time.Second}, nil
}

// run returns what differs, a line each, and how many entries were compared.
func (c *comparison) run(ctx context.Context) (lines []string, entries int, err error) {
	var before map[registry.ID]difference
	for i := 1; ; i++ {
		found, n, err := c.once(ctx)
		if err != nil {
			return nil, 0, err
		}
		lasting := maps.Clone(found)
		maps.DeleteFunc(lasting, func(id registry.ID, d difference) bool {
			former, ok := before[id]
			return !ok || former.stored != d.stored
		})
		if len(found) == len(lasting) || i == compared {
			return c.lines(lasting), n, nil
		}
		before = found
		select {
		case <-time.After(c.pause):
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}

func (c *comparison) lines(differences map[registry.ID]difference) (lines []string) {
	for _, id := range slices.Sorted(maps.Keys(differences)) {
		d := differences[id]
		switch {
		case id == total:
			lines = append(lines, fmt.Sprintf("%s counts %s entries; there are %s", c.server.Host, d.listed, d.stored))
		case d.listed == "":
			lines = append(lines, fmt.Sprintf("%s does not list the entry %s", c.server.Host, id))
		case d.stored == "":
			lines = append(lines, fmt.Sprintf("%s lists the entry %s, which is not there", c.server.Host, id))
		default:
			lines = append(lines, fmt.Sprintf("%s lists the entry %s as of %s; it is of %s", c.server.Host, id, d.listed, d.stored))
		}
	}
	return lines
}

// once compares without regard to what is written meanwhile.
func (c *comparison) once(ctx context.Context) (map[registry.ID]difference, int, error) {
	stored := listing{}
	for s, err := range c.store.All(ctx) {
		if err != nil {
			return nil, 0, err
		}
		stored[s.ID] = s.Changed.UTC().Format(time.RFC3339)
	}
	n := len(stored)
	listed, err := c.list(ctx, 2*n/listPerPage+100)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", c.server, err)
	}
	stored[total] = strconv.Itoa(n)
	found := map[registry.ID]difference{}
	for id, changed := range stored {
		if listed[id] != changed {
			found[id] = difference{changed, listed[id]}
		}
	}
	for id, changed := range listed {
		if stored[id] == "" {
			found[id] = difference{"", changed}
		}
	}
	return found, n, nil
}

// list reads what the server lists, page by page.
func (c *comparison) list(ctx context.Context, maxPages int) (listing, error) {
	all := listing{}
	after := ""
	for range maxPages {
		page, err := c.page(ctx, after)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Items {
			changed, err := time.Parse(time.RFC3339, e.Changed)
			if err != nil {
				return nil, fmt.Errorf("the entry %q changed %q, which is no time", e.ID, e.Changed)
			}
			all[e.ID] = changed.UTC().Format(time.RFC3339)
		}
		all[total] = strconv.Itoa(page.Total)
		if page.Links.Next == "" {
			return all, nil
		}
		// The address is the public one, of which the server may know nothing.
		next, err := url.Parse(page.Links.Next)
		if err != nil {
			return nil, err
		}
		if after = next.Query().Get("after"); after == "" {
			return nil, errors.New("the next page of its list has no cursor")
		}
	}
	return nil, fmt.Errorf("its list does not end after %d pages", maxPages)
}

// listPage is a page of the list as the API has it.
type listPage struct {
	Items []struct {
		ID      registry.ID `json:"id"`
		Changed string      `json:"changed"`
	} `json:"items"`
	Total int `json:"total"`
	Links struct {
		Next string `json:"next"`
	} `json:"links"`
}

func (c *comparison) page(ctx context.Context, after string) (p listPage, err error) {
	u := *c.server
	q := url.Values{"sort": {string(registry.ByName)}, "perPage": {strconv.Itoa(listPerPage)}}
	if after != "" {
		q.Set("after", after)
	}
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return p, err
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return p, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxListPage+1))
	switch {
	case err != nil:
		return p, err
	case resp.StatusCode != http.StatusOK:
		return p, fmt.Errorf("it answers %s: %s", resp.Status, firstLine(body))
	case len(body) > maxListPage:
		return p, fmt.Errorf("a page of its list: %w", registry.ErrTooLarge)
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return p, fmt.Errorf("it does not answer as an API of this program does: %w", err)
	}
	return p, nil
}

// listPerPage is what the API gives at most.
const listPerPage = 100

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	return cmp.Or(fmt.Sprintf("%.200q", line), "nothing")
}
