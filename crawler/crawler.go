// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Analyser is the version of the code that reads repositories. It is raised
// whenever a visit would come to another result, so that what has not changed
// is read again.
const Analyser = 2

// visitsAtOnce is how many repositories of one host are read at the same time.
const visitsAtOnce = 8

// missesUntilGone is how many sweeps in a row must not find a repository or its
// file before its entry is removed: one failing or misconfigured listing
// removes nothing.
const missesUntilGone = 2

// Store is what a sweep writes to. registry.Store has it.
type Store interface {
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
	Put(ctx context.Context, s *registry.Software) (registry.Change, error)
	Remove(ctx context.Context, id registry.ID, why registry.Reason) (registry.Change, error)
	Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error)
	PutVisit(ctx context.Context, v *registry.Visit) error
	Visits(ctx context.Context, source string) iter.Seq2[*registry.Visit, error]
}

// Source is one thing to crawl.
type Source struct {
	URL       string // as configured; names the source in the crawl log and in failures
	Host      string // sources of one host are crawled one after the other
	Path      string // path below the forge's address, see Forge.Repos
	Publisher registry.Publisher
	// Open connects to the forge; it may probe over the network.
	Open func(context.Context) (Forge, error)
}

// Crawler sweeps sources into a registry.
type Crawler struct {
	Store    Store
	Log      *slog.Logger
	Now      func() time.Time // nil is time.Now
	Progress func(Summary)    // called after each repository, one call at a time; may be nil
}

// Failure is a source or a repository that could not be crawled.
type Failure struct {
	Source string `json:"source"` // URL of the source or of the repository
	Error  string `json:"error"`
}

// Summary counts what one sweep came to.
type Summary struct {
	Repositories int `json:"repositories"` // seen in listings, each once
	Entries      int `json:"entries"`      // of those, with an entry in the registry now
	New          int `json:"new"`
	Changed      int `json:"changed"`
	Unchanged    int `json:"unchanged"`
	Gone         int `json:"gone"`       // entries removed
	Incomplete   int `json:"incomplete"` // entries whose file breaks the standard
	Unreadable   int `json:"unreadable"` // files that could not become an entry
	Findings     struct {
		Error   int `json:"error"`
		Warning int `json:"warning"`
		Advice  int `json:"advice"`
	} `json:"findings"`
	Failures []Failure `json:"failures"`
}

// Sweep visits every repository of every source once. A source or repository
// that fails is a Failure of the summary and never stops the others; the error
// is that of the context or of the store, after which there is no point in
// going on.
func (c *Crawler) Sweep(ctx context.Context, sources []Source) (Summary, error) {
	s := &sweep{Crawler: *c, seen: map[string]bool{}}
	if s.Now == nil {
		s.Now = time.Now
	}
	byHost := map[string][]Source{}
	for _, src := range sources {
		byHost[src.Host] = append(byHost[src.Host], src)
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, list := range byHost {
		// The narrower source has the word: a repository belongs to the publisher
		// that names it closest.
		slices.SortStableFunc(list, func(a, b Source) int { return cmp.Compare(depth(b.Path), depth(a.Path)) })
		group.Go(func() error {
			for _, src := range list {
				if err := s.source(ctx, src); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.sum.Failures, func(a, b Failure) int { return cmp.Compare(a.Source, b.Source) })
	return s.sum, err
}

func depth(path string) int {
	if path = strings.Trim(path, "/"); path == "" {
		return 0
	}
	return strings.Count(path, "/") + 1
}

// sweep is the state of one Sweep.
type sweep struct {
	Crawler
	mu   sync.Mutex
	seen map[string]bool // by registry.ID.Key
	sum  Summary
}

// first reports whether a repository is met for the first time in this sweep.
func (s *sweep) first(id registry.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[id.Key()] {
		return false
	}
	s.seen[id.Key()] = true
	return true
}

func (s *sweep) fail(source string, err error) {
	s.Log.Warn("failed", "source", source, "error", err)
	s.tell(func(sum *Summary) {
		sum.Failures = append(sum.Failures, Failure{source, err.Error()})
	})
}

// tell changes the summary and shows it.
func (s *sweep) tell(change func(*Summary)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.sum)
	if s.Progress != nil {
		s.Progress(s.sum)
	}
}

// source lists one source and visits what it lists. Its error is one that ends
// the sweep.
func (s *sweep) source(ctx context.Context, src Source) error {
	s.Log.Info("crawling", "source", src.URL)
	forge, err := src.Open(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.fail(src.URL, err)
		return nil
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(visitsAtOnce)
	listed, listErr := s.list(gctx, forge, src.Path, func(id registry.ID, repo Repo) {
		group.Go(func() error { return s.repository(gctx, src, forge, id, repo) })
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if listErr != nil {
		s.fail(src.URL, fmt.Errorf("listing: %w", listErr))
		if listed > 0 || !errors.Is(listErr, registry.ErrNotFound) {
			return nil
		}
		// The source itself is gone; so is, with the second sweep, what it held.
	}
	return s.missing(ctx, src)
}

// list hands over each repository that this sweep has not met yet, and counts
// all.
func (s *sweep) list(ctx context.Context, forge Forge, path string, visit func(registry.ID, Repo)) (listed int, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic in a listing", "path", path, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	for repo, err := range forge.Repos(ctx, path) {
		if err != nil {
			return listed, err
		}
		listed++
		id, err := registry.ParseID(repo.URL)
		if err != nil {
			s.fail(repo.URL, err)
			continue
		}
		if s.first(id) {
			visit(id, repo)
		}
	}
	return listed, nil
}

// repository contains one visit: whatever happens in it is this repository's
// failure, unless the store or the context ended.
func (s *sweep) repository(ctx context.Context, src Source, forge Forge, id registry.ID, repo Repo) error {
	prev, err := s.Store.Visit(ctx, id)
	if err != nil && !errors.Is(err, registry.ErrNotFound) {
		return err
	}
	v := &visit{sweep: s, source: src, forge: forge, id: id, repo: repo, prev: prev}
	result, err := v.run(ctx)
	if err == nil {
		s.tell(result.count)
		return nil
	}
	var broken *storeError
	if errors.As(err, &broken) || ctx.Err() != nil {
		return err
	}
	s.tell(func(sum *Summary) { sum.Repositories++ })
	s.fail(repo.URL, err)
	log := v.log(registry.Failed, err.Error())
	if prev != nil {
		log.Misses = prev.Misses
	}
	return s.Store.PutVisit(ctx, log)
}

// missing looks after what the source listed in former sweeps and does not list
// any more.
func (s *sweep) missing(ctx context.Context, src Source) error {
	var lost []*registry.Visit
	for v, err := range s.Store.Visits(ctx, src.URL) {
		if err != nil {
			return err
		}
		s.mu.Lock()
		seen := s.seen[v.Repo.Key()]
		s.mu.Unlock()
		known := v.Outcome == registry.Moved || v.Outcome == registry.Missing && v.Misses >= missesUntilGone
		if !seen && !known {
			lost = append(lost, v)
		}
	}
	for _, v := range lost {
		movedTo, err := s.miss(ctx, v, registry.RepositoryGone)
		if err != nil {
			return err
		}
		v.Outcome, v.Version, v.Time = registry.Missing, "", s.Now().UTC()
		v.Detail = fmt.Sprintf("%s does not list it any more (%d of %d sweeps until it is removed)", src.URL, min(v.Misses, missesUntilGone), missesUntilGone)
		if movedTo != "" {
			v.Outcome, v.Detail = registry.Moved, "renamed to "+string(movedTo)
		}
		if err := s.Store.PutVisit(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// miss counts that a repository or its file was not found, and removes its
// entry when that happened often enough. movedTo is set where the entry was
// renamed and is not missing at all.
func (s *sweep) miss(ctx context.Context, v *registry.Visit, why registry.Reason) (movedTo registry.ID, err error) {
	var moved *registry.MovedError
	entry, err := s.Store.Get(ctx, v.Repo)
	if errors.As(err, &moved) {
		return moved.To, nil
	}
	if err != nil && !absent(err) {
		return "", err
	}
	v.Misses = min(v.Misses+1, missesUntilGone)
	if entry != nil && v.Misses >= missesUntilGone {
		return "", s.remove(ctx, v.Repo, why)
	}
	return "", nil
}

// remove takes an entry out of the catalogue and counts it.
func (s *sweep) remove(ctx context.Context, id registry.ID, why registry.Reason) error {
	change, err := s.Store.Remove(ctx, id, why)
	if err == nil && change.Rev != 0 {
		s.tell(func(sum *Summary) { sum.Gone++ })
	}
	return err
}

// countFindings adds findings to the summary.
func (sum *Summary) countFindings(findings []publiccode.Finding) {
	for _, f := range findings {
		switch f.Severity {
		case publiccode.Error:
			sum.Findings.Error++
		case publiccode.Warning:
			sum.Findings.Warning++
		case publiccode.Advice:
			sum.Findings.Advice++
		}
	}
}
