// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// pageSize is the largest page that GitLab gives.
const pageSize = 100

// maxWaiting is how many projects, most of them known, may wait for others that
// are to be completed.
const maxWaiting = 10 * pageSize

// kind is what lies at a path.
type kind string

const (
	instance kind = "instance"
	group    kind = "group"
	user     kind = "user"
	project  kind = "project"
)

// errStopped ends a listing whose reader has had enough.
var errStopped = errors.New("stopped")

// Repos implements crawler.Forge. Groups are listed with all their subgroups,
// but without the projects that other groups share with them.
//
// GraphQL comes first: it lists many groups with one request, tells strangers
// what REST keeps from them, and brings the files along. An instance where it
// is refused is read over REST from then on.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		l := &listing{forge: f, ctx: fetch.WithValues(ctx, crawler.MaxValues), yield: yield}
		if err := l.run(listings); err != nil && !errors.Is(err, errStopped) {
			yield(crawler.Page{}, err)
		}
	}
}

// source is one path that is listed.
type source struct {
	crawler.Listing
	reading
	path string          // without slashes around it
	last uint64          // projects with numbers up to it were listed before
	seen map[string]bool // that were handed over
	odd  int             // projects without a number or a path that can be
	one  bool            // it is one project
	done bool
}

// reading is a list that is read page by page.
type reading struct {
	met  map[string]bool // projects
	idle int             // pages that brought nothing new, so far in a row
}

// maxIdle is how many pages in a row may bring nothing new: private projects, or
// those that moved within the list.
const maxIdle = 100

// meets notes the projects of a page of a list and reports whether the list may
// go on: not where nothing new has come for long.
func (r *reading) meets(ids []string) bool {
	if r.met == nil {
		r.met = make(map[string]bool)
	}
	before := len(r.met)
	for _, id := range ids {
		r.met[id] = true
	}
	if r.idle++; len(r.met) > before {
		r.idle = 0
	}
	return r.idle < maxIdle
}

// kindOf is what lies at the path of a source, "" until that is known.
func (f *Forge) kindOf(s *source) kind {
	known, _ := f.kinds.Load(strings.ToLower(s.path))
	k, _ := known.(kind)
	return k
}

// known reports whether the last visit saw a repository as it is now.
func (s *source) known(r crawler.Repo) bool {
	return s.Known != nil && r.Version != "" && s.Known(r)
}

// listing is one run of Repos.
type listing struct {
	forge   *Forge
	ctx     context.Context
	yield   func(crawler.Page, error) bool
	waiting []item
	wanting int // of those waiting, which are to be completed
	pages   int // of the list of all projects; 0 until it is asked for, math.MaxInt where it is of no use
}

func (l *listing) run(listings []crawler.Listing) error {
	var sources []*source
	asked := make(map[string]bool)
	for _, at := range listings {
		if asked[at.Path] {
			continue
		}
		asked[at.Path] = true
		s := &source{Listing: at, path: strings.Trim(at.Path, "/"), seen: make(map[string]bool)}
		s.last, _ = s.cursor(graphQL, instance).passed()
		if s.path != "" && (!fs.ValidPath(s.path) || strings.ContainsRune(s.path, 0)) {
			if err := l.end(s, fmt.Errorf("%s: %q is no path: %w", l.forge.base, at.Path, registry.ErrNotFound)); err != nil {
				return err
			}
			continue
		}
		sources = append(sources, s)
	}
	if err := l.flush(true); err != nil {
		return err
	}
	if !l.forge.noGraphQL.Load() {
		err := l.overGraphQL(sources)
		if !errors.Is(err, errNoGraphQL) {
			return err
		}
		l.waiting, l.wanting = nil, 0
	}
	for _, s := range sources {
		if s.done {
			continue
		}
		if err := l.overREST(s); err != nil {
			return err
		}
	}
	return l.flush(true)
}

// hopeless reports whether an error of one path is one of all.
func (l *listing) hopeless(err error) bool {
	return errors.Is(err, errStopped) || errors.Is(err, errNoGraphQL) || fetch.Hopeless(l.ctx, err)
}

// end ends the listing of a path with an error, unless that ends all.
func (l *listing) end(s *source, why error) error {
	if l.hopeless(why) {
		return why
	}
	l.waiting = append(l.waiting, item{source: s, progress: &crawler.Progress{Path: s.Path, Done: true, Err: why}})
	return nil
}

// item is what waits to be handed over: a repository or how far its source is.
type item struct {
	source   *source
	repo     crawler.Repo
	wanting  bool // the repository is to be completed
	progress *crawler.Progress
}

// add has what came of a source with one answer handed over, without what was
// listed before. Of the repositories those that wanting tells of are completed
// before.
func (l *listing) add(s *source, repos []crawler.Repo, wanting func(crawler.Repo) bool, after cursor, done bool) {
	for _, r := range repos {
		if number, _ := strconv.ParseUint(r.ForgeID, 10, 64); number <= s.last || s.seen[r.ForgeID] {
			continue
		}
		r.Path = s.Path
		i := item{source: s, repo: r, wanting: wanting(r)}
		if i.wanting {
			l.wanting++
		}
		l.waiting = append(l.waiting, i)
	}
	progress := &crawler.Progress{Path: s.Path, After: after.String(), Done: done}
	if done && s.odd > 0 {
		progress.Err = fmt.Errorf("%s: %d projects are listed without a number or a path", l.forge.address(s.path), s.odd)
	}
	l.waiting = append(l.waiting, item{source: s, progress: progress})
}

// flush hands over what waits: what need not be completed, and the rest once
// there is enough for a request, or all. What came of a source with one answer
// stays together, so that it goes on after it.
func (l *listing) flush(all bool) error {
	for l.wanting >= pageSize || l.wanting > 0 && (all || len(l.waiting) > maxWaiting) {
		var part []*item
		for i := range l.waiting {
			if l.waiting[i].wanting && len(part) < pageSize {
				part = append(part, &l.waiting[i])
			}
		}
		if err := l.forge.complete(l.ctx, part); err != nil {
			return err
		}
		l.wanting -= len(part)
		if err := l.emit(); err != nil {
			return err
		}
	}
	return l.emit()
}

// emit hands over what is complete, as one page. Each repository goes once to
// each path, even one that moved within a list while that was read.
func (l *listing) emit() error {
	n := 0
	for i := range l.waiting {
		if l.waiting[i].wanting {
			break
		}
		if l.waiting[i].progress != nil {
			n = i + 1
		}
	}
	if n == 0 {
		return nil
	}
	var page crawler.Page
	at := make(map[string]int)
	for _, i := range l.waiting[:n] {
		switch {
		case i.progress == nil:
			if i.repo.URL != "" && !i.source.seen[i.repo.ForgeID] {
				i.source.seen[i.repo.ForgeID] = true
				page.Repos = append(page.Repos, i.repo)
			}
			continue
		case i.progress.Done:
			i.source.done, i.source.seen = true, nil
		}
		if k, ok := at[i.source.Path]; ok {
			page.Progress[k] = *i.progress
			continue
		}
		at[i.source.Path] = len(page.Progress)
		page.Progress = append(page.Progress, *i.progress)
	}
	l.waiting = append([]item(nil), l.waiting[n:]...)
	if !l.yield(page, nil) {
		return errStopped
	}
	return nil
}

// way is how something is listed.
type way string

const (
	graphQL way = "graphql"
	rest    way = "rest"
)

// cursor is where a listing goes on. It holds for the way and the kind that it
// was made for, and is a beginning for all others.
type cursor struct {
	way  way
	kind kind
	at   string
}

func (c cursor) String() string {
	if c.at == "" {
		return ""
	}
	return string(c.way) + " " + string(c.kind) + " " + c.at
}

// cursor reads where a source is to go on.
func (s *source) cursor(w way, k kind) cursor {
	if at, ok := strings.CutPrefix(s.After, string(w)+" "+string(k)+" "); ok {
		return cursor{w, k, at}
	}
	return cursor{w, k, ""}
}

// place reads the page that was read last over REST, from 0, and the largest
// number of a project so far; both are 0 for what is no place.
func (c cursor) place() (page, last int) {
	if n, err := fmt.Sscanf(c.at, "%d/%d", &page, &last); n != 2 || err != nil || page < 0 || last <= 0 {
		return 0, 0
	}
	return page, last
}
