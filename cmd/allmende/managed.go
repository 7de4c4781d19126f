// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/api"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// lookEvery is how often a process looks for publishers that another one wrote.
	lookEvery = 30 * time.Second
	// probeWait is how long a forge that is not known may take to say what it is.
	probeWait = 20 * time.Second
)

// managedSources are the sources of one publisher that was added by the API.
type managedSources struct {
	version int64
	sources []crawler.Source
}

// look reads the publishers that were added by the API, and reports whether they are
// others than before. Those of the configuration have the word: one with the ID of
// such a publisher is passed over.
func (s *sources) look(ctx context.Context) (changed bool, err error) {
	if s.documents == nil {
		return false, nil
	}
	s.mu.Lock()
	before := s.managed
	s.mu.Unlock()
	now := map[string]managedSources{}
	for d, err := range s.documents.ListDocuments(ctx, registry.DocumentList{Kind: registry.PublisherDocument}) {
		if err != nil {
			return false, err
		}
		if kept, ok := before[d.Key]; ok && kept.version == d.Version {
			now[d.Key] = kept
			continue
		}
		changed = true
		p, err := registry.ReadDocument[registry.ManagedPublisher](d)
		if err != nil {
			return false, err
		}
		now[d.Key] = managedSources{version: d.Version, sources: s.of(p)}
	}
	changed = changed || len(now) != len(before)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.managed = now
	return changed, nil
}

// of connects the sources of a publisher that was added by the API. One that cannot
// be used any more is left out.
func (s *sources) of(p *registry.ManagedPublisher) (list []crawler.Source) {
	if s.cfg.names(p.ID) {
		s.log.Warn("a publisher of the API has the ID of one of the configuration, and is left out", "publisher", p.ID)
		return nil
	}
	for _, src := range p.Sources {
		made, err := s.source(src.URL, p.Publisher, newExclusions(s.cfg.Exclude), newExclusions(src.Exclude))
		if err != nil {
			s.log.Warn("a source of the API cannot be used", "publisher", p.ID, "source", src.URL, "error", err)
			continue
		}
		made.Folders = src.Folders
		list = append(list, made)
	}
	return list
}

// added are the sources that were added by the API. Of two with one address the
// first publisher has the word, and those of the configuration before. The caller
// holds the lock.
func (s *sources) added() (list []crawler.Source) {
	for _, id := range slices.Sorted(maps.Keys(s.managed)) {
		for _, src := range s.managed[id].sources {
			same := func(other crawler.Source) bool { return sourceKey(other) == sourceKey(src) }
			if !slices.ContainsFunc(s.named, same) && !slices.ContainsFunc(list, same) {
				list = append(list, src)
			}
		}
	}
	return list
}

// latest looks for what the API has changed, then tells all sources.
func (s *sources) latest(ctx context.Context) []crawler.Source {
	if _, err := s.look(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("the publishers that were added by the API cannot be read; crawling goes on with those known", "error", err)
	}
	return s.known()
}

// watch looks for what other processes write until the context ends. found is called
// where there is something new.
func (s *sources) watch(ctx context.Context, found func()) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if changed, err := s.look(ctx); err == nil && changed {
			found()
		}
	}
}

// names reports whether the configuration has a publisher.
func (c *config) names(id string) bool {
	return slices.ContainsFunc(c.publishers(), func(p registry.Publisher) bool { return p.ID == id })
}

// crawling is what the API asks of a schedule, also of one that does not run: then
// workers do what is asked for.
type crawling struct{ *schedule }

// Sources are all that are crawled, but for folders of this machine. What
// catalogues and searches lead to is known where this process has asked them.
func (c crawling) Sources(ctx context.Context) ([]api.Source, error) {
	if _, err := c.sources.look(ctx); err != nil {
		return nil, err
	}
	var list []api.Source
	for _, src := range c.sources.known() {
		if !strings.HasPrefix(src.URL, "file:") {
			list = append(list, api.Source{URL: src.URL, Publisher: src.Publisher, Origin: c.sources.origin(src)})
		}
	}
	return list, nil
}

// origin says how a source came to be known.
func (s *sources) origin(src crawler.Source) string {
	same := func(other crawler.Source) bool { return other.URL == src.URL }
	if slices.ContainsFunc(s.named, same) {
		return api.FromConfiguration
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.managed {
		if slices.ContainsFunc(m.sources, same) {
			return api.FromAPI
		}
	}
	return api.FromCatalogue
}

// Covering tells the source with the longest address that an address lies under.
func (c crawling) Covering(ctx context.Context) (func(address string) (api.Source, error), error) {
	if _, err := c.sources.look(ctx); err != nil {
		return nil, err
	}
	claims := crawler.NewClaims(c.sources.known())
	return func(address string) (api.Source, error) { return c.covering(claims, address) }, nil
}

func (c crawling) covering(claims crawler.Claims, address string) (api.Source, error) {
	u, err := baseURL(address)
	if err != nil {
		return api.Source{}, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	id, err := registry.ParseID(u.String())
	if err != nil {
		if strings.Trim(u.Path, "/") != "" {
			return api.Source{}, err
		}
		id = registry.ID(u.Host) // a whole forge
	}
	src, ok := claims.Closest(id)
	if !ok {
		return api.Source{}, fmt.Errorf("%w: no source leads to %s", registry.ErrNotFound, id)
	}
	return api.Source{URL: src.URL, Publisher: src.Publisher, Origin: c.sources.origin(src)}, nil
}

// The bounds of a source that is added by the API.
const (
	maxSourceExclusions = 1000
	maxSourceFolders    = 100
)

// Check holds a source to what holds for those of the configuration. Folders of this
// machine are none of the API's, and a forge that the configuration does not know has
// to answer as one, from a public address.
func (c crawling) Check(ctx context.Context, s *registry.ManagedSource) error {
	u, err := baseURL(s.URL)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	case len(s.Exclude) > maxSourceExclusions:
		return fmt.Errorf("%w: exclude has more than %d patterns", registry.ErrInvalid, maxSourceExclusions)
	case len(s.Folders) > maxSourceFolders:
		return fmt.Errorf("%w: folders has more than %d patterns", registry.ErrInvalid, maxSourceFolders)
	}
	s.URL = u.String()
	for i, pattern := range s.Exclude {
		if s.Exclude[i], err = pathExclusion(pattern); err != nil {
			return fmt.Errorf("%w: exclude: %w", registry.ErrInvalid, err)
		}
	}
	for _, pattern := range s.Folders {
		if err := checkFolder(pattern); err != nil {
			return fmt.Errorf("%w: folders: %w", registry.ErrInvalid, err)
		}
	}
	return c.probe(ctx, u)
}

// probe opens the forge of an address: one that is known is not asked.
func (c crawling) probe(ctx context.Context, u *url.URL) error {
	ctx, cancel := context.WithTimeout(fetch.WithAttempts(ctx, 1), probeWait)
	defer cancel()
	f := c.sources.forges.serving(u)
	_, err := c.sources.forges.open(ctx, f, strings.Trim(strings.TrimPrefix(u.Path, f.base.Path), "/"))
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fetch.ErrGuarded):
		return fmt.Errorf("%w: %s leads to an address that is not public", registry.ErrInvalid, u)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: the forge at %s did not answer within %s", registry.ErrInvalid, u.Host, probeWait)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", registry.ErrInvalid, err)
}

// Changed has what was written crawled at once.
func (c crawling) Changed() { wake(c.found) }

// Visit asks for a visit of a repository out of turn.
func (c crawling) Visit(ctx context.Context, of api.Source, repository registry.ID) error {
	src, err := c.find(of)
	if err != nil {
		return err
	}
	return c.Queue.Add(ctx, registry.Task{Kind: registry.VisitTask, Host: src.Host, Repo: repository})
}

// Crawl makes a source due, and asks for a crawl of what is due at its host.
func (c crawling) Crawl(ctx context.Context, of api.Source) error {
	src, err := c.find(of)
	if err != nil {
		return err
	}
	state, err := c.store.SourceState(ctx, src.URL)
	switch {
	case errors.Is(err, registry.ErrNotFound): // due since it is known
	case err != nil:
		return err
	default:
		state.Next = time.Time{}
		if err := c.store.Checkpoint(ctx, state, nil); err != nil {
			return err
		}
	}
	defer wake(c.found)
	return c.Queue.Add(ctx, registry.Task{Kind: registry.CrawlTask, Host: src.Host})
}

func (c crawling) find(of api.Source) (crawler.Source, error) {
	all := c.sources.known()
	i := slices.IndexFunc(all, func(src crawler.Source) bool { return src.URL == of.URL })
	if i < 0 {
		return crawler.Source{}, fmt.Errorf("%w: %s is crawled no longer", registry.ErrNotFound, of.URL)
	}
	return all[i], nil
}
