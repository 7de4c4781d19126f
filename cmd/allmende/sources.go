// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// expandEvery is how often serve asks catalogues and searches what they lead to.
const expandEvery = 24 * time.Hour

// sources are what there is to crawl: what the configuration names, and what
// the catalogues and searches that it names lead to.
type sources struct {
	cfg    *config
	forges *forges
	log    *slog.Logger

	mu       sync.Mutex
	named    []crawler.Source
	led      map[string][]crawler.Source // by catalogue or search
	failures []crawler.Failure           // of the last expansion
	expanded time.Time
}

// newSources connects what the configuration names. Nothing is asked yet.
func newSources(cfg *config, forges *forges, log *slog.Logger) (*sources, error) {
	s := &sources{cfg: cfg, forges: forges, log: log, led: map[string][]crawler.Source{}}
	for _, p := range cfg.Publishers {
		for _, src := range p.Sources {
			named, err := s.source(src.URL, p.publisher(), newExclusions(cfg.Exclude), newExclusions(src.Exclude))
			if err != nil {
				return nil, err
			}
			named.Folders, named.Interval = src.Folders, src.Interval
			s.named = append(s.named, named)
		}
	}
	return s, nil
}

// source connects one address to the forge that serves it.
func (s *sources) source(address string, publisher registry.Publisher, all, own exclusions) (crawler.Source, error) {
	u, err := sourceURL(address)
	if err != nil {
		return crawler.Source{}, err
	}
	f := s.forges.serving(u)
	path := strings.TrimSuffix(strings.Trim(strings.TrimPrefix(u.Path, f.base.Path), "/"), ".git")
	return crawler.Source{
		URL:       address,
		Host:      fetch.HostPort(u),
		Path:      path,
		Publisher: publisher,
		Open:      func(ctx context.Context) (crawler.Forge, error) { return s.forges.open(ctx, f, path) },
		Excluded:  excluder(all, own, f.base),
	}, nil
}

// all are the sources there are now. What catalogues and searches lead to is
// asked for anew when that was long ago; one that fails keeps what it led to.
func (s *sources) all(ctx context.Context) []crawler.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expanded.IsZero() || time.Since(s.expanded) >= expandEvery {
		s.expand(ctx)
		s.expanded = time.Now()
	}
	list := slices.Clone(s.named)
	// A repository that the configuration covers itself belongs there.
	claims := crawler.NewClaims(s.named)
	seen := map[string]bool{}
	for _, from := range s.ledFrom() {
		for _, src := range s.led[from] {
			id, err := registry.ParseID(src.URL)
			key := src.URL
			if err == nil {
				key = id.Key()
				if _, covered := claims.Closest(id); covered {
					continue
				}
			}
			if !seen[key] {
				seen[key] = true
				list = append(list, src)
			}
		}
	}
	return list
}

// ledFrom names the catalogues and searches in the order of the configuration.
func (s *sources) ledFrom() []string {
	var names []string
	for _, c := range s.cfg.Catalogues {
		names = append(names, c.URL)
	}
	for _, d := range s.cfg.Discover {
		names = append(names, searchName(d))
	}
	return names
}

func searchName(d discoverConfig) string { return "search on " + d.Forge }

func (s *sources) expand(ctx context.Context) {
	s.failures = nil
	for _, c := range s.cfg.Catalogues {
		s.lead(c.URL, s.catalogue(ctx, c))
	}
	for _, d := range s.cfg.Discover {
		s.lead(searchName(d), s.search(ctx, d))
	}
}

// lead takes up what a catalogue or search leads to.
func (s *sources) lead(from string, found iter.Seq2[crawler.Source, error]) {
	s.log.Info("asking for sources", "of", from)
	var list []crawler.Source
	broken := false
	for src, err := range found {
		switch {
		case err == nil:
			list = append(list, src)
		case src.URL != "":
			s.fail(src.URL, err)
		default:
			s.fail(from, err)
			broken = true
		}
	}
	if broken && len(list) < len(s.led[from]) {
		return // what it led to before still stands
	}
	s.led[from] = list
}

func (s *sources) fail(source string, err error) {
	s.log.Warn("failed", "source", source, "error", err)
	s.failures = append(s.failures, crawler.Failure{Source: source, Error: err.Error()})
}

// catalogue yields what a catalogue leads to: a source that cannot be used with
// its URL and the reason; an error without a source ends it.
func (s *sources) catalogue(ctx context.Context, c catalogueConfig) iter.Seq2[crawler.Source, error] {
	return func(yield func(crawler.Source, error) bool) {
		cat, err := catalog.Open(ctx, c.URL, catalog.Options{Kind: c.Kind, Client: s.forges.client.HTTP()})
		if err != nil {
			yield(crawler.Source{}, err)
			return
		}
		all := newExclusions(slices.Concat(s.cfg.Exclude, c.Exclude))
		for e, err := range cat.Entries(ctx) {
			if err != nil {
				yield(crawler.Source{}, err)
				return
			}
			publisher := s.cfg.publisherOf(c, e.Publisher)
			src, err := crawler.Source{URL: c.URL + " " + e.Where}, e.Err
			if err == nil {
				src, err = s.source(e.URL, publisher, all, exclusions{})
			}
			if !yield(src, err) {
				return
			}
		}
	}
}

// searcher is a forge that can be searched for repositories with a
// publiccode.yml.
type searcher interface {
	Search(ctx context.Context) iter.Seq2[string, error]
}

// search yields the repositories that a forge's search finds, as catalogue does.
func (s *sources) search(ctx context.Context, d discoverConfig) iter.Seq2[crawler.Source, error] {
	return func(yield func(crawler.Source, error) bool) {
		base, err := url.Parse(d.Forge)
		if err != nil {
			yield(crawler.Source{}, err)
			return
		}
		opened, err := s.forges.open(ctx, s.forges.serving(base), "")
		if err != nil {
			yield(crawler.Source{}, err)
			return
		}
		forge, ok := opened.(searcher)
		if !ok {
			yield(crawler.Source{}, fmt.Errorf("%w: %s has no search for files", registry.ErrInvalid, d.Forge))
			return
		}
		all := newExclusions(slices.Concat(s.cfg.Exclude, d.Exclude))
		for path, err := range forge.Search(ctx) {
			var src crawler.Source
			if err == nil {
				src, err = s.source(base.JoinPath(path).String(), d.Publisher.publisher(), all, exclusions{})
			}
			if !yield(src, err) {
				return
			}
		}
	}
}
