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
	"strconv"
	"strings"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// pageSize is the largest page that instances give unless they are configured
// otherwise.
const pageSize = 50

// errStopped ends a listing whose reader has had enough.
var errStopped = errors.New("stopped")

// page is one page of a list.
type page func(gitea.ListOptions) ([]*gitea.Repository, *gitea.Response, error)

// Repos implements crawler.Forge.
func (f *Forge) Repos(ctx context.Context, path string) iter.Seq2[crawler.Repo, error] {
	return func(yield func(crawler.Repo, error) bool) {
		path := strings.Trim(path, "/")
		err := f.list(ctx, path, func(r *gitea.Repository) bool {
			repo, ok := f.repo(r)
			return !ok || yield(repo, nil)
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(crawler.Repo{}, err)
		}
	}
}

func (f *Forge) list(ctx context.Context, path string, found func(*gitea.Repository) bool) error {
	api, err := f.api(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", f.base, err)
	}
	owner, name, single := strings.Cut(path, "/")
	switch {
	case path == "":
		return f.pages(f.base.String(), instance(api), found)
	case !fs.ValidPath(path) || strings.Contains(name, "/"):
		return fmt.Errorf("%s: %q is neither an owner nor a repository: %w", f.base, path, registry.ErrNotFound)
	case !single:
		// Organisations answer here as people do.
		return f.pages(f.address(path), func(opt gitea.ListOptions) ([]*gitea.Repository, *gitea.Response, error) {
			return api.ListUserRepos(owner, gitea.ListReposOptions{ListOptions: opt})
		}, found)
	}
	r, resp, err := api.GetRepo(owner, name)
	switch {
	case err != nil:
		return failure(resp, err, f.address(path))
	case r.Private || r.Internal:
		return fmt.Errorf("%s: the repository is not public: %w", f.address(path), registry.ErrForbidden)
	case !found(r):
		return errStopped
	}
	return nil
}

// instance lists all that is public: sources, forks, mirrors, templates, also
// the archived, in order of their number.
func instance(api *gitea.Client) page {
	public := false
	return func(opt gitea.ListOptions) (repos []*gitea.Repository, resp *gitea.Response, err error) {
		defer func() {
			// The library does not expect null.
			if p := recover(); p != nil {
				err = fmt.Errorf("the answer cannot be read: %v", p)
			}
		}()
		return api.SearchRepos(gitea.SearchRepoOptions{ListOptions: opt, IsPrivate: &public, Sort: "id", Order: "asc"})
	}
}

// pages goes through a list. Instances cut pages to a size of their own, and
// leave out of a page what may not be seen: a short or empty page need not be
// the last one, the headers tell.
func (f *Forge) pages(what string, ask page, found func(*gitea.Repository) bool) error {
	seen := make(map[int64]bool)
	got := 0
	for number := 1; ; number++ {
		repos, resp, err := ask(gitea.ListOptions{Page: number, PageSize: pageSize})
		if err != nil {
			return failure(resp, err, what)
		}
		before := len(seen)
		for _, r := range repos {
			if r == nil || seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			if !found(r) {
				return errStopped
			}
		}
		got += len(repos)
		total, err := strconv.Atoi(resp.Header.Get("X-Total-Count"))
		counted := err == nil
		switch next := resp.NextPage > number; {
		case next && len(repos) == 0:
			if !counted || number >= total {
				return nil
			}
		case !next && (len(repos) == 0 || resp.Header.Get("Link") != "" || counted && got >= total):
			return nil
		case len(seen) == before:
			return fmt.Errorf("%s: page %d of the list is not the last one, but brings nothing new", what, number)
		}
	}
}
