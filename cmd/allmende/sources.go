// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// searchEvery is the time between two searches: one may take hundreds of
	// questions, of which GitHub answers ten a minute.
	searchEvery = 24 * time.Hour
	// askAgain is how soon a catalogue or search that failed is asked again.
	askAgain = time.Hour
	// wholeEvery is how often a catalogue is read as if for the first time: not
	// every change shows in its tag, see catalog.Catalogue.Tag.
	wholeEvery = 7 * 24 * time.Hour
)

// sources are what there is to crawl: what the configuration names, and what
// the catalogues and searches that it names lead to.
type sources struct {
	cfg       *config
	forges    *forges
	documents registry.Documents // of publishers that the API added; nil for none
	log       *slog.Logger
	now       func() time.Time

	named    []crawler.Source
	leads    []*lead           // in order of the configuration
	failures []crawler.Failure // of what was asked last

	mu      sync.Mutex                // for what the leads led to, and for
	managed map[string]managedSources // by ID of the publisher; not to be written to
}

// lead is a catalogue or a search.
type lead struct {
	name  string // in failures
	every time.Duration
	// ask yields what it leads to: a source that cannot be used with its URL and
	// the reason; an error without a source ends it, catalog.ErrUnchanged where
	// it would be what it was.
	ask  func(context.Context) iter.Seq2[crawler.Source, error]
	next time.Time        // when to ask; zero is at once
	led  []crawler.Source // what it led to
}

// newSources connects what the configuration names. Nothing is asked yet.
func newSources(cfg *config, forges *forges, log *slog.Logger) (*sources, error) {
	s := &sources{cfg: cfg, forges: forges, log: log, now: time.Now}
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
	for _, c := range cfg.Catalogues {
		s.leads = append(s.leads, &lead{name: c.URL, every: cfg.Interval, ask: s.catalogue(c)})
	}
	for _, d := range cfg.Discover {
		s.leads = append(s.leads, &lead{name: "search on " + d.Forge, every: searchEvery, ask: s.search(d)})
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
	known := f.base
	if f.web != nil {
		known = f.web
	}
	return crawler.Source{
		URL:       address,
		Host:      fetch.HostPort(u),
		Path:      path,
		Publisher: publisher, Configured: true,
		Open:     func(ctx context.Context) (crawler.Forge, error) { return s.forges.open(ctx, f, path) },
		Excluded: excluder(all, own, known),
	}, nil
}

// all asks the catalogues and searches that are due, then tells all sources.
func (s *sources) all(ctx context.Context) []crawler.Source {
	s.ask(ctx)
	return s.latest(ctx)
}

// known are the sources there are now, without a question: those of the
// configuration, of the API, of catalogues and searches. Each comes once: a
// repository that the configuration covers itself belongs there.
func (s *sources) known() []crawler.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Concat(s.named, s.added())
	claims := crawler.NewClaims(s.named)
	seen := map[string]bool{}
	for _, src := range list[len(s.named):] {
		seen[sourceKey(src)] = true
	}
	for _, l := range s.leads {
		for _, src := range l.led {
			if id, err := registry.ParseID(src.URL); err == nil {
				if _, covered := claims.Closest(id); covered {
					continue
				}
			}
			if key := sourceKey(src); !seen[key] {
				seen[key] = true
				list = append(list, src)
			}
		}
	}
	return list
}

// sourceKey is the same for two sources of one address.
func sourceKey(src crawler.Source) string {
	if id, err := registry.ParseID(src.URL); err == nil {
		return id.Key()
	}
	return src.URL
}

// keep asks whatever is due until the context ends. found is called after each
// round.
func (s *sources) keep(ctx context.Context, found func()) {
	for len(s.leads) > 0 && ctx.Err() == nil {
		s.ask(ctx)
		found()
		next := s.leads[0].next
		for _, l := range s.leads {
			if l.next.Before(next) {
				next = l.next
			}
		}
		t := time.NewTimer(next.Sub(s.now()))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
	}
}

// ask asks the catalogues and searches that are due. It is not to be called by
// two at once.
func (s *sources) ask(ctx context.Context) {
	s.failures = nil
	for _, l := range s.leads {
		if ctx.Err() == nil && !l.next.After(s.now()) {
			s.follow(ctx, l)
		}
	}
}

// follow takes up what a catalogue or search leads to now. One that breaks off
// with less than it led to before keeps that.
func (s *sources) follow(ctx context.Context, l *lead) {
	s.log.Info("asking for sources", "of", l.name)
	var list []crawler.Source
	place := map[string]int{} // in list, by URL
	var broken error
	for src, err := range l.ask(ctx) {
		i, again := place[src.URL]
		switch {
		case err == nil && again: // another folder of it
			list[i].Folders = append(list[i].Folders, src.Folders...)
		case err == nil:
			place[src.URL] = len(list)
			list = append(list, src)
		case ctx.Err() != nil:
			return
		case src.URL != "":
			s.fail(src.URL, err)
		default:
			broken = err
		}
	}
	l.next = s.now().Add(l.every)
	switch {
	case errors.Is(broken, catalog.ErrUnchanged):
		s.log.Info("no new sources", "of", l.name, "sources", len(l.led))
		return
	case broken != nil:
		s.fail(l.name, broken)
		if !errors.Is(broken, registry.ErrTooLarge) { // which no repetition mends
			l.next = s.now().Add(min(l.every, askAgain))
		}
		if len(list) < len(l.led) {
			return
		}
	}
	s.log.Info("found sources", "of", l.name, "sources", len(list))
	s.mu.Lock()
	defer s.mu.Unlock()
	l.led = list
}

func (s *sources) fail(source string, err error) {
	s.log.Warn("failed", "source", source, "error", err)
	s.failures = append(s.failures, crawler.Failure{Source: source, Error: err.Error()})
}

// catalogue makes the question for a catalogue. What was learnt of it by the
// last one spares requests the next time.
func (s *sources) catalogue(c catalogueConfig) func(context.Context) iter.Seq2[crawler.Source, error] {
	all := newExclusions(slices.Concat(s.cfg.Exclude, c.Exclude))
	kind, tag, whole := c.Kind, "", time.Time{}
	return func(ctx context.Context) iter.Seq2[crawler.Source, error] {
		return func(yield func(crawler.Source, error) bool) {
			if s.now().Sub(whole) >= wholeEvery {
				tag = ""
			}
			cat, err := catalog.Open(ctx, c.URL, catalog.Options{Kind: kind, Tag: tag, Client: s.forges.client.HTTP()})
			if err != nil {
				yield(crawler.Source{}, mayBePrivate(err))
				return
			}
			kind = cat.Kind()
			for e, err := range cat.Entries(ctx) {
				if err != nil {
					yield(crawler.Source{}, mayBePrivate(err))
					return
				}
				src, err := crawler.Source{URL: c.URL + " " + e.Where}, e.Err
				if err == nil {
					src, err = s.source(e.URL, s.cfg.publisherOf(c, e.Publisher), all, exclusions{})
					src.Configured = false
					if e.Folder != "" {
						src.Folders = []string{e.Folder}
					}
				}
				if !yield(src, err) {
					return
				}
			}
			if tag == "" {
				whole = s.now()
			}
			tag = cat.Tag()
		}
	}
}

// mayBePrivate says what to do about a catalogue that the guard keeps away from.
func mayBePrivate(err error) error {
	if errors.Is(err, fetch.ErrGuarded) {
		return fmt.Errorf("%w; if the catalogue is meant to be there, give it allowPrivate: true", err)
	}
	return err
}

// searcher is a forge that can be searched for repositories with a
// publiccode.yml.
type searcher interface {
	Search(ctx context.Context) iter.Seq2[string, error]
}

// search makes the question for the repositories that a forge's search finds.
func (s *sources) search(d discoverConfig) func(context.Context) iter.Seq2[crawler.Source, error] {
	all := newExclusions(slices.Concat(s.cfg.Exclude, d.Exclude))
	return func(ctx context.Context) iter.Seq2[crawler.Source, error] {
		return func(yield func(crawler.Source, error) bool) {
			base, err := baseURL(d.Forge)
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
			for path, err := range forge.Search(ctx) {
				var src crawler.Source
				if err == nil {
					src, err = s.source(base.JoinPath(path).String(), d.Publisher.publisher(), all, exclusions{})
					src.Configured = false
				}
				if !yield(src, err) {
					return
				}
			}
		}
	}
}
