// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"maps"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/registry"
)

// feed is an Atom feed of the API that has what is new of what a page shows.
type feed struct{ Title, Href string }

// Feeds are those that the page leads feed readers to.
func (p *page) Feeds() []feed {
	if p.API() && p.Kind == needsPage {
		return []feed{{p.Title, p.NeedsFeed()}}
	}
	if !p.API() || p.Feed == nil {
		return nil
	}
	keys := []string{"feed.new", "feed.changes", "feed.releases"}
	if p.Kind == softwarePage {
		keys = keys[1:]
	}
	var list []feed
	for _, key := range keys {
		name := strings.TrimPrefix(key, "feed.")
		v := url.Values{"lang": {p.Lang}}
		maps.Copy(v, p.Feed)
		title := say(p.Lang, key)
		if p.Title != "" {
			title += ": " + p.Title
		}
		list = append(list, feed{title, p.site.prefix + "/v1/feeds/" + name + ".atom?" + v.Encode()})
	}
	return list
}

// NeedsFeed is the Atom feed of the needs that the page shows.
func (p *page) NeedsFeed() string {
	v := url.Values{"lang": {p.Lang}}
	maps.Copy(v, p.Feed)
	return p.site.prefix + "/v1/needs.atom?" + v.Encode()
}

// feedOf are the parameters of the feeds of a search.
func feedOf(q registry.Query) url.Values {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	for _, kind := range allFacets {
		for _, value := range q.Filters[kind] {
			if kind == registry.FacetRegion {
				value = regionOfFeed(value)
			}
			v.Add(string(kind), value)
		}
	}
	return v
}

// regionOfFeed is a region as the API reads it, to which BE is Berlin.
func regionOfFeed(code string) string {
	if again, err := registry.ParseRegion(code); err == nil && again == code {
		return code
	}
	if country, err := language.ParseRegion(code); err == nil {
		return country.ISO3()
	}
	return code
}
