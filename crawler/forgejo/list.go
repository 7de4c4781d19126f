// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// sharedFrom is how many paths are asked for, at least, before a look at the
// length of the whole instance's list may be worth a request.
const sharedFrom = 4

// The lists that positions are in.
const (
	instanceList = "all"
	ownersList   = "own"
)

var (
	errStopped  = errors.New("the reader has had enough")
	errNotWorth = errors.New("the instance's list takes more requests than the single ones")
)

// Repos implements crawler.Forge. The whole instance is gone through once
// instead of every owner where that takes fewer requests.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		err := f.list(ctx, listings, func(p crawler.Page) error {
			if !yield(p, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(crawler.Page{}, err)
		}
	}
}

// list calls page with what is listed. Its error is one that ends all listings,
// such as that of page.
func (f *Forge) list(ctx context.Context, listings []crawler.Listing, page func(crawler.Page) error) error {
	api, err := f.api(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", f.base, err)
	}
	l := &lister{forge: f, api: api, page: page}
	todo, err := l.valid(listings)
	if err != nil {
		return err
	}
	if todo, err = l.together(ctx, todo); err != nil {
		return err
	}
	for _, p := range todo {
		if err := l.alone(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// lister answers one call of Repos. What its methods return as an error ends
// all listings.
type lister struct {
	forge *Forge
	api   *gitea.Client
	page  func(crawler.Page) error
}

// path is one of the paths to list.
type path struct {
	asked       string // as asked for
	owner, name string // neither for the whole instance, owner alone for all of an owner
	at          string // its address, for messages
	after       position
	found       bool // something is there
	odd         int  // repositories that have no name or number
}

// progress moves the path on.
func (p *path) progress(to position, done bool, why error) crawler.Progress {
	if to.id > p.after.id {
		p.after = to
	}
	if done && why == nil && p.odd > 0 {
		why = fmt.Errorf("%s: %d repositories are listed without a name or number", p.at, p.odd)
	}
	return crawler.Progress{Path: p.asked, After: p.after.String(), Done: done, Err: why}
}

// has reports whether a repository is one of the path's, by its name.
func (p *path) has(r *gitea.Repository) bool {
	owner, name, _ := strings.Cut(r.FullName, "/")
	return p.owner == "" || strings.EqualFold(p.owner, owner) && (p.name == "" || strings.EqualFold(p.name, name))
}

// take adds those of the path's repositories to a page that are public and not
// behind it yet.
func (p *path) take(f *Forge, page *crawler.Page, r *gitea.Repository) {
	p.found = true
	switch repo, ok := f.repo(r); {
	case !ok && public(r):
		p.odd++
	case ok && r.ID > p.after.id:
		repo.Path = p.asked
		page.Repos = append(page.Repos, repo)
	}
}

// send hands over a page that has something.
func (l *lister) send(page crawler.Page) error {
	if len(page.Repos)+len(page.Progress) == 0 {
		return nil
	}
	return l.page(page)
}

// end says why a path could not be listed to its end.
func (l *lister) end(p *path, why error) error {
	return l.send(crawler.Page{Progress: []crawler.Progress{p.progress(p.after, true, why)}})
}

// valid sorts out what cannot be a path.
func (l *lister) valid(listings []crawler.Listing) (todo []*path, err error) {
	seen := make(map[string]bool, len(listings))
	for _, listing := range listings {
		if seen[listing.Path] {
			continue
		}
		seen[listing.Path] = true
		p := &path{asked: listing.Path, after: parsePosition(listing.After)}
		p.found = p.after.id > 0
		trimmed := strings.Trim(listing.Path, "/")
		p.at = l.forge.address(trimmed)
		p.owner, p.name, _ = strings.Cut(trimmed, "/")
		if trimmed == "" || fs.ValidPath(trimmed) && trimmed != "." && !strings.Contains(p.name, "/") && !strings.ContainsRune(trimmed, 0) {
			todo = append(todo, p)
			continue
		}
		why := fmt.Errorf("%s: %q is neither an owner nor a repository: %w", l.forge.base, listing.Path, registry.ErrNotFound)
		if err := l.end(p, why); err != nil {
			return nil, err
		}
	}
	return todo, nil
}

// together goes through the whole instance, where that is asked for or takes
// fewer requests than all paths alone. It returns the paths that are still to be
// listed, such as those of which nothing was found: they may have other names by
// now.
func (l *lister) together(ctx context.Context, todo []*path) (rest []*path, err error) {
	whole := slices.IndexFunc(todo, func(p *path) bool { return p.owner == "" })
	if whole < 0 && len(todo) < sharedFrom {
		return todo, nil
	}
	from := todo[0].after
	for _, p := range todo {
		if p.after.id < from.id {
			from = p.after
		}
	}
	begun, ended := false, false
	err = l.forge.walk(ctx, l.forge.base.String(), instance(l.api), from.in(instanceList), func(s step) error {
		if whole < 0 && (!begun && s.left >= len(todo) || s.lost != nil) {
			return errNotWorth
		}
		begun, ended = true, s.left == 0
		owners := map[string]bool{"": true}
		for _, r := range s.repos {
			owner, _, _ := strings.Cut(r.FullName, "/")
			owners[strings.ToLower(owner)] = true
		}
		var page crawler.Page
		rest = nil
		for _, p := range todo {
			before := len(page.Repos)
			if owners[strings.ToLower(p.owner)] {
				for _, r := range s.repos {
					if p.has(r) {
						p.take(l.forge, &page, r)
					}
				}
			}
			switch {
			case ended && !p.found && p.owner != "":
				rest = append(rest, p)
			case ended || len(page.Repos) > before:
				page.Progress = append(page.Progress, p.progress(s.to, ended, s.lost))
			}
		}
		return l.send(page)
	})
	switch {
	case ended:
		return rest, err
	case errors.Is(err, errNotWorth):
		return todo, nil
	case errors.Is(err, errStopped) || fetch.Hopeless(ctx, err):
		return nil, err
	case whole >= 0:
		// It cannot be had another way; the others can.
		p := todo[whole]
		todo = slices.Delete(todo, whole, whole+1)
		return todo, l.end(p, err)
	}
	return todo, nil
}

// alone lists one path by requests of its own.
func (l *lister) alone(ctx context.Context, p *path) error {
	var err error
	if p.name != "" {
		err = l.single(p)
	} else {
		// Organisations answer here as people do.
		ask := func(opt gitea.ListOptions) ([]*gitea.Repository, *gitea.Response, error) {
			return l.api.ListUserRepos(p.owner, gitea.ListReposOptions{ListOptions: opt})
		}
		err = l.forge.walk(ctx, p.at, ask, p.after.in(ownersList), func(s step) error {
			var page crawler.Page
			for _, r := range s.repos { // which have another owner where that was renamed
				p.take(l.forge, &page, r)
			}
			page.Progress = []crawler.Progress{p.progress(s.to, s.left == 0, s.lost)}
			return l.send(page)
		})
	}
	if err == nil || errors.Is(err, errStopped) || fetch.Hopeless(ctx, err) {
		return err
	}
	return l.end(p, err)
}

func (l *lister) single(p *path) error {
	r, resp, err := l.api.GetRepo(p.owner, p.name)
	if err != nil {
		return failure(resp, err, p.at)
	}
	if !public(r) {
		return fmt.Errorf("%s: the repository is not public: %w", p.at, registry.ErrForbidden)
	}
	var page crawler.Page
	p.take(l.forge, &page, r)
	page.Progress = []crawler.Progress{p.progress(position{ownersList, 1, r.ID}, true, nil)}
	return l.send(page)
}

// instance lists all that is public: sources, forks, mirrors, templates, also
// the archived, in order of their number.
func instance(api *gitea.Client) request {
	public := false
	return func(opt gitea.ListOptions) ([]*gitea.Repository, *gitea.Response, error) {
		return api.SearchRepos(gitea.SearchRepoOptions{ListOptions: opt, IsPrivate: &public, Sort: "id", Order: "asc"})
	}
}
