// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// Repos implements crawler.Forge. A path is "", OWNER or OWNER/NAME. All of
// github.com cannot be listed. With a token owners and single repositories
// share their requests.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		l := &listing{
			forge: f, ctx: fetch.WithValues(ctx, crawler.MaxValues), yield: yield,
			light:        slices.ContainsFunc(listings, func(l crawler.Listing) bool { return l.Known != nil }),
			withoutFiles: pages{pageSize, maxLight},
			withFiles:    pages{pageSize, pageSize},
		}
		if err := l.run(listings); err != nil && !l.stopped {
			yield(crawler.Page{}, err)
		}
	}
}

// listing is one run of Repos. Its methods return what ends it as a whole.
type listing struct {
	forge   *Forge
	ctx     context.Context
	yield   func(crawler.Page, error) bool
	stopped bool // the consumer wants no more

	// light says to leave the files out of queries, as most repositories are
	// known; those that are not have theirs asked for afterwards.
	light        bool
	met, known   int // repositories since light was last decided
	wanted       []wanted
	withoutFiles pages
	withFiles    pages
}

// size is the size of the next query.
func (l *listing) size() *pages {
	if l.light {
		return &l.withoutFiles
	}
	return &l.withFiles
}

func (l *listing) run(listings []crawler.Listing) error {
	var shared, alone []*target
	for _, asked := range listings {
		t, err := l.forge.target(asked)
		switch {
		case err != nil:
			l.hand(nil, t.end(err))
		case l.forge.token && t.owner != "":
			shared = append(shared, t)
		default:
			alone = append(alone, t)
		}
	}
	switch err := l.shared(slices.Clone(shared)); {
	case errors.Is(err, errNoGraphQL):
		alone = append(slices.DeleteFunc(shared, func(t *target) bool { return t.done }), alone...)
	case err != nil:
		return err
	}
	for _, t := range alone {
		if l.stopped {
			return nil
		}
		if err := l.alone(t); err != nil {
			return err
		}
	}
	return nil
}

// alone lists one target, an instance over GraphQL where that is to be had, else
// over REST. The error is one that ends all.
func (l *listing) alone(t *target) error {
	var err error
	switch {
	case t.name != "":
		err = l.singleREST(t)
	case t.owner != "":
		err = l.ownerREST(t)
	case !l.forge.token:
		err = l.instanceREST(t)
	default:
		if err = l.instance(t); errors.Is(err, errNoGraphQL) {
			t.after, t.lost = "", 0
			err = l.instanceREST(t)
		}
	}
	if l.hopeless(err) {
		return err
	}
	if !t.done && !l.stopped {
		l.hand(nil, t.end(err))
	}
	return nil
}

// hand yields a page.
func (l *listing) hand(repos []crawler.Repo, progress ...crawler.Progress) {
	if !l.stopped && !l.yield(crawler.Page{Repos: repos, Progress: progress}, nil) {
		l.stopped = true
	}
}

// hopeless reports whether after an error nothing else of the forge can be
// listed either.
func (l *listing) hopeless(err error) bool { return fetch.Hopeless(l.ctx, err) }

// target is one path that is being listed.
type target struct {
	path        string                  // as it was asked for
	known       func(crawler.Repo) bool // Listing.Known
	owner, name string                  // "" for an instance; name is "" for an owner too
	what        string                  // for messages
	after       string                  // as in crawler.Progress
	seen        map[string]bool         // by the forge's id
	lost        int                     // repositories that could not be described
	why         error                   // of the first of them
	total       int                     // of an owner's repositories; may be unknown
	read        int                     // of total
	idle        int                     // pages that brought nothing new, so far in a row
	done        bool
}

// target checks what is to be listed. Its error comes with a target that says
// so.
func (f *Forge) target(asked crawler.Listing) (*target, error) {
	t := &target{
		path: asked.Path, after: asked.After, known: asked.Known,
		seen: make(map[string]bool), total: unknown,
		what: "all repositories of " + f.base.Host,
	}
	path := strings.Trim(asked.Path, "/")
	if path == "" {
		if f.cloud {
			return t, fmt.Errorf("%w: all of github.com cannot be listed; name an organisation, a user or a repository", registry.ErrInvalid)
		}
		return t, nil
	}
	var single bool
	t.owner, t.name, single = strings.Cut(path, "/")
	t.name = strings.TrimSuffix(t.name, ".git")
	if !validName(t.owner) || single && !validName(t.name) {
		return t, fmt.Errorf("%w: %q is neither an owner nor a repository of %s", registry.ErrInvalid, asked.Path, f.base.Host)
	}
	t.what = fmt.Sprintf("repositories of %s on %s", t.owner, f.base.Host)
	if single {
		t.what = fmt.Sprintf("%s/%s on %s", t.owner, t.name, f.base.Host)
	}
	return t, nil
}

// unknown is a number of repositories that is not known.
const unknown = -1

// take adds a repository to a page, the first time that it is met.
func (t *target) take(page []crawler.Repo, r crawler.Repo) []crawler.Repo {
	if t.seen[r.ForgeID] {
		return page
	}
	t.seen[r.ForgeID] = true
	r.Path = t.path
	return append(page, r)
}

// lose notes that a repository could not be described.
func (t *target) lose(why error) {
	if t.lost++; t.lost == 1 {
		t.why = why
	}
}

const (
	// maxIdle is how many pages of a list may bring nothing new in a row.
	maxIdle = 3
	// maxCursor is the longest cursor that is kept, in bytes.
	maxCursor = 1024
)

// circles reports, after a page of a list, whether the list goes on for ever.
// before is how many repositories were seen before the page.
func (t *target) circles(before int) bool {
	if t.idle++; len(t.seen) > before {
		t.idle = 0
	}
	return t.idle == maxIdle
}

// progress is how far the target is.
func (t *target) progress() crawler.Progress { return crawler.Progress{Path: t.path, After: t.after} }

// end is the target's last progress. Its listing is over.
func (t *target) end(err error) crawler.Progress {
	if err == nil && t.lost > 0 {
		err = fmt.Errorf("%s: %d repositories could not be described, the first: %w", t.what, t.lost, t.why)
	}
	t.done = true
	return crawler.Progress{Path: t.path, After: t.after, Done: true, Err: err}
}

// A cursor tells which of the ways to list it belongs to: one that another way
// left behind, such as before there was a token, is none.
const (
	atCursor = "cursor:" // GraphQL's own
	atPage   = "page:"   // of REST, with the number of its last repository
	atID     = "id:"     // of the last repository
)

// cursor is the part of after that belongs to a way of listing.
func (t *target) cursor(kind string) string {
	rest, _ := strings.CutPrefix(t.after, kind)
	if rest == t.after {
		return ""
	}
	return rest
}
