// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestFeedOf(t *testing.T) {
	for want, q := range map[string]registry.Query{
		"":                                     {Sort: registry.ByNew, After: "x", Explain: true},
		"licence=MIT&licence=EUPL-1.2&q=a%26b": {Text: "a&b", Filters: map[registry.Facet][]string{registry.FacetLicence: {"MIT", "EUPL-1.2"}}},
		"region=DE-SH&region=DE&region=BEL&region=XX1": {Filters: map[registry.Facet][]string{registry.FacetRegion: {"DE-SH", "DE", "BE", "XX1"}}},
	} {
		if got := feedOf(q).Encode(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPagesLeadToFeeds(t *testing.T) {
	for _, p := range []*page{{Kind: listPage}, {Kind: listPage, Feed: feedOf(registry.Query{}), Static: true}} {
		p.site = &Site{opt: Options{API: true}}
		if p.Feeds() != nil {
			t.Errorf("%+v leads to feeds", p)
		}
	}
	p := &page{Kind: listPage, Lang: "en", Title: "Software", Feed: feedOf(registry.Query{Text: "akte"}), site: &Site{opt: Options{API: true}, prefix: "/katalog"}}
	if got := p.Feeds(); len(got) != 3 || got[0] != (feed{"New entries: Software", "/katalog/v1/feeds/new.atom?lang=en&q=akte"}) {
		t.Errorf("%+v", got)
	}
	p.Kind = softwarePage
	if got := p.Feeds(); len(got) != 2 || got[1].Title != "New versions: Software" {
		t.Errorf("%+v", got)
	}
}
