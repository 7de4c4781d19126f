// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// Repos implements crawler.Forge. A path is WORKSPACE, WORKSPACE/REPOSITORY, or
// WORKSPACE/workspace/projects/KEY as in the web address of a project. All of
// Bitbucket cannot be listed.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		for _, l := range listings {
			w := &listing{Forge: f, Listing: l, seen: map[string]bool{}, yield: yield}
			err := w.run(ctx)
			switch {
			case w.stopped:
				return
			case ctx.Err() != nil:
				yield(crawler.Page{}, ctx.Err())
				return
			case fetch.Hopeless(ctx, err):
				yield(crawler.Page{}, err)
				return
			case err != nil && !yield(crawler.Page{Progress: []crawler.Progress{{Path: l.Path, After: w.After, Done: true, Err: err}}}, nil):
				return
			}
		}
	}
}

// listing is the run of one Listing, whose After it moves on.
type listing struct {
	*Forge
	crawler.Listing
	seen    map[string]bool // by the forge's id
	yield   func(crawler.Page, error) bool
	odd     []error // of repositories that could not be listed, the first few
	stopped bool    // the consumer wants no more
}

func (l *listing) run(ctx context.Context) error {
	path := strings.Trim(l.Path, "/")
	workspace, rest, deeper := strings.Cut(path, "/")
	key, project := strings.CutPrefix(rest, "workspace/projects/")
	rest = strings.TrimSuffix(rest, ".git")
	switch {
	case path == "":
		return fmt.Errorf("%w: all of Bitbucket cannot be listed; name a workspace, a project or a repository", registry.ErrInvalid)
	case !validName(workspace), project && !projectKey.MatchString(key), deeper && !project && !validName(rest):
		return fmt.Errorf("%w: %q is no workspace, project or repository of %s", registry.ErrInvalid, l.Path, l.base.Host)
	case project:
		return l.pages(ctx, workspace, fmt.Sprintf("is_private=false AND project.key=%q", key))
	case deeper && l.After != "":
		l.emit(nil, true)
		return nil
	case deeper:
		repo, err := l.single(ctx, workspace+"/"+rest, l.Path)
		if err == nil {
			l.After = repo.ForgeID
			l.emit([]crawler.Repo{repo}, true)
		}
		return err
	}
	return l.pages(ctx, workspace, "is_private=false")
}

func (l *listing) emit(repos []crawler.Repo, done bool) {
	l.stopped = !l.yield(crawler.Page{Repos: repos, Progress: []crawler.Progress{{Path: l.Path, After: l.After, Done: done}}}, nil)
}

// cursor is the first part of After in lists: the time at which the last
// repository so far was made. The zone is written as a number, as the API wants
// it. Behind it are the ids of those that were made at that time.
const cursor = "2006-01-02T15:04:05.000-07:00"

// maxSame is how many ids a cursor has. What is beyond is listed again.
const maxSame = 20

// pages lists a workspace in order of when the repositories were made, which
// never changes: what is deleted or renamed meanwhile moves no other
// repository out of sight, as it would with numbers of pages.
func (l *listing) pages(ctx context.Context, workspace, filter string) error {
	from, same := l.from()
	query, barren := since(filter, from), 0
	for {
		var page list[repository]
		if err := l.ask(ctx, []string{"repositories", workspace}, query, &page); err != nil {
			return err
		}
		if page.Values == nil { // what is not listed is removed from the catalogue
			return fmt.Errorf("%s/%s: no list of repositories in the answer", l.base, workspace)
		}
		next, err := following(page.Next)
		if err != nil {
			return err
		}
		repos, last := l.fresh(page.Values)
		if barren++; len(repos) > 0 {
			barren = 0
		}
		if barren > maxBarren {
			return fmt.Errorf("%s/%s: the list goes on, but brings nothing new", l.base, workspace)
		}
		if last.After(from) {
			from, same = last, nil
			if next != nil {
				next = since(filter, from)
			}
		}
		for _, r := range page.Values {
			if r != nil && moment(r).Equal(from) && !slices.Contains(same, r.UUID) && len(same) < maxSame {
				same = append(same, r.UUID)
			}
		}
		if !from.IsZero() {
			l.After = strings.Join(append([]string{from.Format(cursor)}, same...), " ")
		}
		if next == nil && len(l.odd) > 0 {
			l.emit(repos, false)
			return errors.Join(l.odd...)
		}
		if l.emit(repos, next == nil); l.stopped || next == nil {
			return nil
		}
		query = next
	}
}

// maxBarren is how many pages in a row may bring nothing new: those of
// repositories that were all made in the same millisecond.
const maxBarren = 10

// from is the place that the listing goes on from. What is no cursor is the
// beginning.
func (l *listing) from() (from time.Time, same []string) {
	when, ids, _ := strings.Cut(l.After, " ")
	from, err := time.Parse(cursor, when)
	if err != nil {
		return time.Time{}, nil
	}
	same = strings.Fields(ids)
	for _, id := range same {
		l.seen[id] = true
	}
	return from, same
}

// since asks for what was made at a time or later.
func since(filter string, from time.Time) url.Values {
	if !from.IsZero() {
		filter += " AND created_on>=" + from.Format(cursor)
	}
	return url.Values{
		"q": {filter}, "sort": {"created_on"}, "pagelen": {"100"},
		"fields": {"next,values." + strings.Join(fields, ",values.")},
	}
}

// moment is when a repository was made, as exactly as q can ask.
func moment(r *repository) time.Time { return utc(r.Created).Truncate(time.Millisecond) }

// fresh are the public repositories of a page that were not listed before, and
// when the last of all was made.
func (l *listing) fresh(values []*repository) (repos []crawler.Repo, last time.Time) {
	for _, r := range values {
		if r == nil {
			continue
		}
		last = moment(r)
		if r.UUID == "" || l.seen[r.UUID] || r.Private {
			continue
		}
		l.seen[r.UUID] = true
		if repo, err := l.repo(r, l.Path); err == nil {
			repos = append(repos, repo)
		} else if len(l.odd) < 3 {
			l.odd = append(l.odd, err)
		}
	}
	return repos, last
}
