// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler/collect"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Analyser is the version of the code that reads repositories. It is raised
// whenever a visit would come to another result, so that what has not changed
// is read again.
const Analyser = 5

// visitsAtOnce is how many repositories of one host are read at the same time.
// Most wait for a place among the requests to the host, see package fetch.
const visitsAtOnce = 24

// resumable is how old a crawl that was cut off may be to be gone on with.
const resumable = 24 * time.Hour

// missesUntilGone is how many sweeps in a row must not find a repository or its
// file before its entry is removed: one failing or misconfigured listing
// removes nothing.
const missesUntilGone = 2

// Store is what a sweep writes to. registry.Store has it.
type Store interface {
	Get(ctx context.Context, id registry.ID) (*registry.Software, error)
	All(ctx context.Context) iter.Seq2[*registry.Software, error]
	Put(ctx context.Context, s *registry.Software) (registry.Change, error)
	Remove(ctx context.Context, id registry.ID, why registry.Reason) (registry.Change, error)
	File(ctx context.Context, hash string) ([]byte, error)
	Visit(ctx context.Context, repo registry.ID) (*registry.Visit, error)
	PutVisit(ctx context.Context, v *registry.Visit) error
	PutVisits(ctx context.Context, visits []*registry.Visit) error
	Visits(ctx context.Context, source string, outcomes ...registry.Outcome) iter.Seq2[*registry.Visit, error]
	SourceState(ctx context.Context, source string) (*registry.SourceState, error)
	SourceStates(ctx context.Context) iter.Seq2[*registry.SourceState, error]
	Checkpoint(ctx context.Context, s *registry.SourceState, seen []registry.ID) error
	Lock(ctx context.Context, name string) (unlock func(), err error)
	Aliases(ctx context.Context) (map[registry.ID]registry.ID, error)
	registry.Documents
}

// Source is one thing to crawl.
type Source struct {
	URL       string // as configured; names the source in the crawl log and in failures
	Host      string // of its forge; the sources of a host share its limits
	Path      string // path below the forge's address, see Listing.Path
	Publisher registry.Publisher
	// Configured says that the operator named the source for the Publisher, and
	// not a catalogue or a search that led to it: only then is what its
	// repositories say of adoptions the publisher's word.
	Configured bool
	// Open connects to the forge; it may probe over the network. Sources whose
	// Open returns the same Forge are listed together.
	Open func(context.Context) (Forge, error)
	// Excluded reports that the operator does not want a repository, by its
	// ID, and the pattern that says so; nil excludes none.
	Excluded func(registry.ID) (pattern string, excluded bool)
	// Folders are patterns of sub-folders (path.Match) that may have a
	// publiccode.yml of their own and become entries of their own.
	Folders []string
	// Interval is how often the scheduler crawls it, about; 0 is the
	// scheduler's.
	Interval time.Duration
}

// Crawler sweeps sources into a registry.
type Crawler struct {
	Store Store
	// Sources are all that are configured: a repository belongs to the one that
	// names it closest, whichever is crawled. Nil are those of the sweep.
	Sources  []Source
	Getter   collect.Getter // for images and assets at other addresses; nil fetches none
	Domains  *Domains       // asked who speaks for organisations; nil asks none
	Log      *slog.Logger
	Now      func() time.Time // nil is time.Now
	Progress func(Summary)    // called after each repository, one call at a time; may be nil

	turns *turns // shared by all that one Scheduler does
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
	Forks        int `json:"forks"`      // that speak for another repository, and are no entries
	Locations    int `json:"locations"`  // repositories that are another home of an entry
	Pending      int `json:"pending"`    // entries whose SBOM the forge allows to be asked for only later
	Findings     struct {
		Error   int `json:"error"`
		Warning int `json:"warning"`
		Advice  int `json:"advice"`
	} `json:"findings"`
	Failures []Failure `json:"failures"`
}

// Sweep visits every repository of the sources once. A source or repository
// that fails is a Failure of the summary and never stops the others; the error
// is that of the context or of the store, after which there is no point in
// going on, or registry.ErrLocked where one of the hosts is being crawled. A
// sweep that was cut off, whatever the reason, is gone on with by the next one.
func (c *Crawler) Sweep(ctx context.Context, sources []Source) (Summary, error) {
	unlock, err := c.lock(ctx, sources)
	defer unlock()
	if err != nil {
		return Summary{}, err
	}
	s := c.newSweep(sources)
	err = s.reread(ctx)
	if err == nil {
		err = s.beside(ctx, s.run)
	}
	if err == nil {
		_, err = s.compare(ctx, "", exportPatience)
	}
	if err == nil {
		err = s.settle(ctx)
	}
	if err == nil {
		err = s.exports(ctx, "", exportPatience)
	}
	return s.summary(), err
}

// lock takes the hosts of sources, and the catalogue as a whole.
func (c *Crawler) lock(ctx context.Context, sources []Source) (unlock func(), err error) {
	names := []string{registry.HostLock("")}
	for _, src := range sources {
		names = append(names, registry.HostLock(src.Host))
	}
	slices.Sort(names)
	var held []func()
	unlock = func() {
		for _, free := range held {
			free()
		}
	}
	for _, name := range slices.Compact(names) {
		free, err := c.Store.Lock(ctx, name)
		if err != nil {
			return unlock, err
		}
		held = append(held, free)
	}
	return unlock, nil
}

// run takes all sources from their listings to the registry.
func (s *sweep) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, batches := range s.batches() {
		group.Go(func() error {
			for _, batch := range batches {
				if err := s.crawl(ctx, batch); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func (s *sweep) summary() Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.sum.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Error, b.Error))
	})
	return s.sum
}

func (c *Crawler) newSweep(sources []Source) *sweep {
	s := &sweep{
		Crawler: *c, sources: sources, seen: map[string]bool{}, changes: map[string]int{}, entered: make(chan struct{}, 1),
		tried: map[registry.ID]bool{}, homeless: map[registry.ID]registry.Kind{},
		affected: map[registry.ID]bool{}, slots: map[string]chan struct{}{},
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Sources == nil {
		s.Sources = sources
	}
	if s.turns == nil {
		s.turns = newTurns()
	}
	s.claims = NewClaims(s.Sources)
	return s
}

// batches groups the sources that can be listed together: those of one forge
// and depth. The batches of a host come in a list, to be crawled one after the
// other, the narrower sources first.
func (s *sweep) batches() map[string][][]Source {
	byHost := map[string][]Source{}
	for _, src := range s.sources {
		byHost[src.Host] = append(byHost[src.Host], src)
	}
	batches := map[string][][]Source{}
	for host, list := range byHost {
		slices.SortStableFunc(list, func(a, b Source) int { return cmp.Compare(depth(b.Path), depth(a.Path)) })
		for i, src := range list {
			if i == 0 || depth(src.Path) != depth(list[i-1].Path) {
				batches[host] = append(batches[host], nil)
			}
			last := &batches[host][len(batches[host])-1]
			*last = append(*last, src)
		}
	}
	return batches
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
	sources []Source
	anew    bool   // read also what has not changed
	claims  Claims // all that are configured, by claim

	mu       sync.Mutex
	entered  chan struct{}                 // has one where a page brought entries
	waiting  []*registry.Visit             // for an SBOM of their forge
	tried    map[registry.ID]bool          // whose SBOM failed
	limited  atomic.Bool                   // the forge allows no more exports for now
	forks    atomic.Bool                   // a fork, or an entry that has some, was visited
	seen     map[string]bool               // by registry.ID.Key
	affected map[registry.ID]bool          // entries whose locations or forks may have changed
	slots    map[string]chan struct{}      // visits at once, by host
	homeless map[registry.ID]registry.Kind // entries counted whose file names another repository
	changes  map[string]int                // entries new, changed or gone, by source
	sum      Summary
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

// slot takes one of a host's places for visits, until free is called.
func (s *sweep) slot(ctx context.Context, host string) (free func(), err error) {
	s.mu.Lock()
	places := s.slots[host]
	if places == nil {
		places = make(chan struct{}, visitsAtOnce)
		s.slots[host] = places
	}
	s.mu.Unlock()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
