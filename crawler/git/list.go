// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// suffix is how clone addresses end on many hosts. A repository's web address
// goes without.
const suffix = ".git"

// listed is the Progress.After behind the only repository of a path.
const listed = "listed"

// Repos implements crawler.Forge. A path is that of one repository, with or
// without .git: git has no way to ask for more. Its Version is its newest
// commit.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		for _, l := range listings {
			var page crawler.Page
			progress := crawler.Progress{Path: l.Path, After: l.After, Done: true}
			if l.After == "" {
				repo, err := f.repo(ctx, l.Path)
				if progress.Err = err; err == nil {
					page.Repos, progress.After = []crawler.Repo{repo}, listed
				}
			}
			if ctx.Err() != nil {
				yield(crawler.Page{}, ctx.Err())
				return
			}
			page.Progress = []crawler.Progress{progress}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// repo is the repository at a path.
func (f *Forge) repo(ctx context.Context, path string) (crawler.Repo, error) {
	h, err := f.find(ctx, path)
	if err != nil {
		return crawler.Repo{}, err
	}
	repo := crawler.Repo{
		Repository: registry.Repository{URL: h.url, Forge: crawler.Git, DefaultBranch: h.branch},
		Path:       path,
		Version:    h.version(),
		Native:     h,
	}
	if h.commit == "" {
		repo.State = crawler.Empty
	}
	return repo, nil
}

// find asks for the head of the repository at a path, which is tried as given,
// then with .git.
func (f *Forge) find(ctx context.Context, path string) (*head, error) {
	path = strings.Trim(path, "/")
	switch {
	case path == "":
		return nil, fmt.Errorf("%w: %s serves plain git, which cannot list repositories: name them one by one as sources", registry.ErrInvalid, f.base)
	case !fs.ValidPath(path) || path == "." || strings.ContainsRune(path, 0):
		return nil, fmt.Errorf("%w: %s: %q is no path of a repository", registry.ErrInvalid, f.base, path)
	}
	h, err := f.head(ctx, f.below(path))
	if err == nil || strings.HasSuffix(path, suffix) ||
		!errors.Is(err, registry.ErrNotFound) && !errors.Is(err, errNotGit) {
		return h, err
	}
	if h, second := f.head(ctx, f.below(path+suffix)); second == nil || !errors.Is(second, registry.ErrNotFound) {
		return h, second
	}
	return nil, err
}

// below is the address of a path of the host.
func (f *Forge) below(path string) *url.URL {
	u := *f.base
	u.Path += "/" + path
	return &u
}

// path is the inverse of below for a repository's web address.
func (f *Forge) path(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	path, ok := strings.CutPrefix(u.Path, f.base.Path+"/")
	if !ok || !strings.EqualFold(u.Host, f.base.Host) {
		return "", fmt.Errorf("%w: %s is no address of a repository below %s", registry.ErrInvalid, address, f.base)
	}
	return path, nil
}
