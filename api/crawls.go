// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/registry"
)

var (
	errUnclaimed = &problem{Status: http.StatusNotFound, Detail: "No source leads to this address. /v1/sources lists those there are."}
	errQueueFull = &problem{Status: http.StatusServiceUnavailable, Detail: "Too much of this host waits to be crawled already. Try again later."}
)

// newCrawl is the body that asks for a crawl.
type newCrawl struct {
	URL string `json:"url"`
}

// crawlItem is what was asked for.
type crawlItem struct {
	URL   string     `json:"url"`
	Kind  string     `json:"kind"` // visit or crawl
	Links crawlLinks `json:"links"`
}

type crawlLinks struct {
	Status string `json:"status"`
}

// askCrawl asks for a visit of a repository, or for a crawl of a source, out of
// turn. What is a source and was visited as a repository is visited.
func (a *api) askCrawl(c *gin.Context) (*answer, error) {
	cl, err := a.writer(c, registry.ScopeCrawl)
	if err != nil {
		return nil, err
	}
	if a.crawling == nil {
		return nil, errNoCrawling
	}
	var in newCrawl
	if err := readBody(c, &in); err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	address := strings.TrimRight(in.URL, "/")
	if !readable(address, maxID) || !strings.Contains(address, "://") {
		return nil, badBody("/url", codeMalformed, "url is the web address of a repository, or that of a source.")
	}
	covering, err := a.crawling.Covering(ctx)
	if err != nil {
		return nil, err
	}
	of, err := covering(address)
	switch {
	case errors.Is(err, registry.ErrInvalid):
		return nil, badBody("/url", codeMalformed, "url is the web address of a repository, or that of a source.")
	case errors.Is(err, registry.ErrNotFound):
		return nil, errUnclaimed
	case err != nil:
		return nil, err
	}
	if err := cl.may(registry.ScopeCrawl, of.Publisher); err != nil {
		return nil, err
	}
	item := crawlItem{URL: of.URL, Kind: "crawl", Links: crawlLinks{Status: a.link(sourcesPath + "?" + url.Values{"url": {of.URL}}.Encode())}}
	ask := func() error { return a.crawling.Crawl(ctx, of) }
	id, err := registry.ParseID(address)
	if err == nil {
		_, err = a.catalogue.Visit(ctx, id.Repository())
	}
	if err != nil && !errors.Is(err, registry.ErrNotFound) && !errors.Is(err, registry.ErrInvalid) {
		return nil, err
	}
	if visited := err == nil; visited || address != of.URL {
		item = crawlItem{
			URL: "https://" + string(id.Repository()), Kind: "visit",
			Links: crawlLinks{Status: a.link("/v1/listings?" + url.Values{"url": {"https://" + string(id)}}.Encode())},
		}
		ask = func() error { return a.crawling.Visit(ctx, of, id.Repository()) }
	}
	// What is asked for is written down first: the queue has no part in this.
	if err := a.put(c, cl, "crawl.ask", item.URL, item.Kind); err != nil {
		return nil, err
	}
	err = ask()
	if errors.Is(err, registry.ErrTooLarge) {
		return nil, errQueueFull
	}
	if err != nil {
		return nil, err
	}
	ans, err := private(http.StatusAccepted, item)
	if err != nil {
		return nil, err
	}
	ans.header = map[string]string{"Location": item.Links.Status}
	return ans, nil
}
