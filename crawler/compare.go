// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler/collect"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// maxRefusals is how many comparisons in a row a forge may refuse or fail before
	// it is left alone until the next sweep, and where it refused them all and told
	// none, for refusedFor: one that has none is asked no more often.
	maxRefusals = 3
	refusedFor  = 7 * 24 * time.Hour
	// comparedAtOnce is how many entries' forks are asked for at the same time.
	comparedAtOnce = 8
	// maxCommitTitle is the length of a commit's title, in bytes.
	maxCommitTitle = 200
)

// ErrNoComparison says that a forge cannot be asked for any comparison.
var ErrNoComparison = errors.New("the forge is not asked for comparisons")

// Apart is what adapters end a comparison with: numbers and commits in the bounds
// of registry.Fork, the newest commits first; of the same time, as they often are after
// a rebase, in the order given. Each title is the first line of what it is given,
// without what cannot be seen or turns the direction of reading.
func Apart(ahead, behind int, commits []registry.ForkCommit) *registry.Comparison {
	ahead, behind = min(max(ahead, 0), registry.MaxCommitsApart), min(max(behind, 0), registry.MaxCommitsApart)
	commits = tidied(commits, registry.MaxForkCommits, func(c *registry.ForkCommit) bool {
		c.Title, c.Time = commitTitle(c.Title), Moment(c.Time)
		return IsHash(c.Hash)
	}, func(c, d registry.ForkCommit) int { return d.Time.Compare(c.Time) })
	return &registry.Comparison{Ahead: &ahead, Behind: &behind, Commits: commits[:min(len(commits), ahead)]}
}

func commitTitle(message string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	line = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co):
			return -1
		}
		return r
	}, line)
	return text(line, maxCommitTitle)
}

// compare asks the forges how far the forks are from the entries of a host, or of all
// where it is "", and writes that into the crawl log: only of those of which one was
// pushed to since. It waits for rate limits until its patience has ended. What it
// finds out comes into the entries when they are settled; news says that there is
// something.
func (s *sweep) compare(ctx context.Context, host string, patience time.Duration) (news bool, err error) {
	families, err := s.families(ctx)
	if err != nil {
		return false, err
	}
	c := &comparing{sweep: s, hosts: map[string]*comparingHost{}}
	deadline := time.Now().Add(patience)
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(comparedAtOnce)
	for _, id := range slices.Sorted(maps.Keys(families)) {
		if src, ok := s.claims.Closest(id); host == "" || ok && src.Host == host {
			group.Go(func() error {
				return c.family(fetch.WithPatience(gctx, max(0, time.Until(deadline))), id, families[id])
			})
		}
	}
	err = group.Wait()
	if ctx.Err() != nil {
		return c.news, ctx.Err()
	}
	return c.news, err
}

// comparing is one run of compare.
type comparing struct {
	*sweep
	mu    sync.Mutex
	hosts map[string]*comparingHost
	news  bool
}

// comparingHost is how a forge takes it to be asked.
type comparingHost struct {
	first sync.Mutex // held while it is asked that has not told anything yet
	mu    sync.Mutex
	told  bool // it has compared something
	bad   int  // refusals and failures in a row
	none  int  // refusals of all that it was asked
}

// enter waits until a forge that has not told anything yet has answered what it is
// asked: one that has no comparisons is not asked for many at a time.
func (h *comparingHost) enter() (leave func()) {
	h.first.Lock()
	if h.is(func() bool { return h.told }) {
		h.first.Unlock()
		return func() {}
	}
	return h.first.Unlock
}

func (h *comparingHost) is(what func() bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return what()
}

// spent reports whether it is to be left alone, and refuses whether it compares
// nothing.
func (h *comparingHost) spent() bool { return h.is(func() bool { return h.bad >= maxRefusals }) }

func (h *comparingHost) refuses() bool {
	return h.is(func() bool { return !h.told && h.none >= maxRefusals })
}

// answered counts an answer.
func (h *comparingHost) answered(told bool, bad, none int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told = h.told || told; told {
		h.bad = 0
	}
	h.bad, h.none = h.bad+bad, h.none+none
}

// at is the forge of a host.
func (c *comparing) at(host string) *comparingHost {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hosts[host] == nil {
		c.hosts[host] = &comparingHost{}
	}
	return c.hosts[host]
}

// family compares the forks of one entry. Its error is one that ends the sweep.
func (c *comparing) family(ctx context.Context, id registry.ID, forks []*registry.Visit) error {
	base, err := c.live(ctx, id)
	if base == nil {
		return err
	}
	for _, v := range forks {
		mark := markOf(base, v.Fork)
		src, ok := c.claims.Closest(v.Repo)
		if v.Fork.Mark == mark || !ok || rests(v.Fork.Mark, mark, c.Now()) {
			continue
		}
		if err := c.fork(ctx, c.at(src.Host), src, base, v, mark); err != nil {
			return err
		}
	}
	return nil
}

// fork compares a fork.
func (c *comparing) fork(ctx context.Context, h *comparingHost, src Source, base *registry.Software, v *registry.Visit, mark string) error {
	defer h.enter()()
	switch {
	case h.refuses():
		return c.noted(ctx, v, func(f *registry.Forked) bool {
			f.Mark = resting(mark, c.Now())
			return true
		})
	case h.spent():
		return nil
	}
	told, err := c.ask(ctx, src, base, v, v.Fork.Mark == unasked+mark)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case fetch.Hopeless(ctx, err):
		h.answered(false, maxRefusals, 0)
		return nil
	case err != nil:
		h.answered(false, 1, 0)
		return nil
	case told.Unknown == registry.NoComparison:
		mark = unasked + mark
	case told.Unknown == registry.CompareError:
		mark = ""
		h.answered(false, 1, 0)
	case told.Unknown == registry.NotCompared:
		h.answered(false, 1, 1)
	case told.Ahead != nil:
		h.answered(true, 0, 0)
	}
	return c.compared(ctx, v, mark, told)
}

// unasked begins the mark of those whose forge could not be asked: as soon as it
// can, such as with a token, it is.
const unasked = "? "

// resting is the mark of one whose forge refused all comparisons, and rests reports
// whether it is still left alone for that.
func resting(mark string, now time.Time) string {
	return now.UTC().Add(refusedFor).Format(time.RFC3339) + " " + mark
}

func rests(mark, fresh string, now time.Time) bool {
	day, ok := strings.CutSuffix(mark, " "+fresh)
	until, err := time.Parse(time.RFC3339, day)
	return ok && err == nil && now.Before(until)
}

// markOf is a Forked.Mark.
func markOf(base *registry.Software, f *registry.Forked) string {
	b := base.Repository
	return fmt.Sprintf("%s %s %s, %s %s", base.ID, b.DefaultBranch, b.Pushed.UTC().Format(time.RFC3339), f.Branch, f.Pushed.UTC().Format(time.RFC3339))
}

// answer is what came of a question.
type answer struct {
	registry.Comparison
	unlisted bool
}

// ask asks the forge of a fork's source about it and its entry. After an error
// nothing is known of it, not even whether it wants to be listed, unless somebody
// has looked.
func (c *comparing) ask(ctx context.Context, src Source, base *registry.Software, v *registry.Visit, looked bool) (told answer, err error) {
	none := func(why registry.Uncompared) (answer, error) {
		return answer{Comparison: registry.Comparison{Unknown: why}}, nil
	}
	forge, err := src.Open(ctx)
	if err != nil {
		return told, fmt.Errorf("%w: %w", fetch.ErrUnavailable, err)
	}
	fork := Repo{Repository: registry.Repository{URL: v.URL, Forge: v.Forge, ForgeID: v.ForgeID, DefaultBranch: v.Fork.Branch}}
	if v.Outcome != registry.Entry && !looked {
		told.unlisted, err = contain(func() (bool, error) { return optedOut(ctx, forge, fork) })
		if told.unlisted || err != nil {
			return told, err
		}
	}
	comparer, ok := forge.(Comparer)
	var comparison *registry.Comparison
	switch {
	case base.ID.Host() != v.Repo.Host():
		return none(registry.OtherForge)
	case !ok, v.Fork.Branch == "", base.Repository.DefaultBranch == "":
		return none(registry.NoComparison)
	default:
		comparison, err = contain(func() (*registry.Comparison, error) {
			return comparer.Compare(fetch.WithAttempts(ctx, 2), Repo{Repository: base.Repository}, fork)
		})
	}
	switch {
	case err == nil:
		return answer{Comparison: *comparison}, nil
	case fetch.Hopeless(ctx, err):
		return told, err
	case errors.Is(err, ErrNoComparison):
		return none(registry.NoComparison)
	case errors.Is(err, registry.ErrTooLarge):
		return none(registry.TooFarApart)
	case fetch.Refused(err), errors.Is(err, registry.ErrInvalid):
		return none(registry.NotCompared)
	}
	c.Log.Warn("not compared with what it is a fork of", "repository", v.URL, "of", base.ID, "error", err)
	return none(registry.CompareError)
}

// contain makes an error of a panic.
func contain[T any](do func() (T, error)) (out T, err error) {
	err = contained(func() (err error) {
		out, err = do()
		return err
	})
	return out, err
}

// optedOut reports whether a file in a repository asks not to be listed.
func optedOut(ctx context.Context, forge Forge, r Repo) (bool, error) {
	tree, err := forge.Files(ctx, r)
	if err != nil {
		return false, err
	}
	_, err = readFile(tree, collect.OptOutFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, registry.ErrTooLarge):
		return true, nil
	}
	return err == nil, err
}

// compared writes what was told of a fork into the crawl log. What is told again
// keeps its time, and what was known before a failure stays.
func (c *comparing) compared(ctx context.Context, v *registry.Visit, mark string, told answer) error {
	return c.noted(ctx, v, func(f *registry.Forked) bool {
		before := f.Comparison
		known := told.Unknown == registry.CompareError && before != nil && before.Ahead != nil
		if !known && (before == nil || !before.Same(told.Comparison)) {
			told.Compared = c.Now().UTC()
			f.Comparison = &told.Comparison
		} else if f.Mark == mark && f.Unlisted == told.unlisted {
			return false
		}
		f.Mark, f.Unlisted = mark, told.unlisted
		c.mu.Lock()
		c.news = true
		c.mu.Unlock()
		return true
	})
}

// noted changes what the crawl log keeps of a fork, unless it was visited again
// meanwhile.
func (c *comparing) noted(ctx context.Context, v *registry.Visit, change func(*registry.Forked) bool) error {
	defer c.turns.take(v.Repo)()
	now, err := c.Store.Visit(ctx, v.Repo)
	if err != nil || now.Fork == nil || !now.Time.Equal(v.Time) {
		return notAbsent(err)
	}
	if !change(now.Fork) {
		return nil
	}
	return c.Store.PutVisit(ctx, now)
}
