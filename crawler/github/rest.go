// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// pageSize is the most that GitHub gives on a page.
const pageSize = 100

// errCircle is a forge that leads from page to page without end.
var errCircle = errors.New("the listing goes in circles")

// ownerREST lists what an organisation or user owns. The address of users
// serves organisations as well.
func (l *listing) ownerREST(owner string) error {
	opt := &github.RepositoryListByUserOptions{
		Type: "owner",
		// Repositories that come while the pages are read go to the end.
		Sort: "created", Direction: "asc",
		ListOptions: github.ListOptions{PerPage: pageSize, Page: 1},
	}
	for {
		repos, resp, err := l.forge.client().Repositories.ListByUser(l.ctx, owner, opt)
		if err != nil {
			return translate(err, fmt.Sprintf("repositories of %s on %s", owner, l.forge.base.Host))
		}
		before := len(l.seen) + len(l.lost)
		for _, r := range repos {
			if err := l.emitREST(r); err != nil || l.stopped {
				return err
			}
		}
		if resp.NextPage <= opt.Page || len(repos) == 0 {
			return nil
		}
		if len(l.seen)+len(l.lost) == before {
			return fmt.Errorf("repositories of %s on %s: %w at page %d", owner, l.forge.base.Host, errCircle, opt.Page)
		}
		opt.Page = resp.NextPage
	}
}

func (l *listing) singleREST(owner, name string) error {
	r, _, err := l.forge.client().Repositories.Get(l.ctx, owner, name)
	if err != nil {
		return translate(err, fmt.Sprintf("%s/%s on %s", owner, name, l.forge.base.Host))
	}
	if r.GetPrivate() {
		return fmt.Errorf("%s/%s on %s: %w: it is not public", owner, name, l.forge.base.Host, registry.ErrNotFound)
	}
	return l.emitREST(r)
}

// instanceREST lists a whole Enterprise server. The list of all repositories
// has little but their names, so it only leads to the owners.
func (l *listing) instanceREST() error {
	owners := make(map[string]bool)
	return l.all(func(page []*github.Repository) error {
		for _, r := range page {
			owner := r.GetOwner().GetLogin()
			key := strings.ToLower(owner)
			if owners[key] || !validName(owner) {
				continue
			}
			owners[key] = true
			switch err := l.ownerREST(owner); {
			case l.stopped, errors.Is(err, registry.ErrNotFound): // gone since
			case l.hopeless(err):
				return err
			case err != nil:
				l.lost = append(l.lost, err)
			}
			if l.stopped {
				return nil
			}
		}
		return nil
	})
}

// all hands over the pages of the list of all public repositories.
func (l *listing) all(do func([]*github.Repository) error) error {
	var since int64
	for {
		page, resp, err := l.forge.client().Repositories.ListAll(l.ctx, &github.RepositoryListAllOptions{Since: since})
		if err != nil {
			return translate(err, fmt.Sprintf("all repositories of %s", l.forge.base.Host))
		}
		before := since
		public := page[:0]
		for _, r := range page {
			since = max(since, r.GetID())
			if !r.GetPrivate() {
				public = append(public, r)
			}
		}
		if err := do(public); err != nil || l.stopped {
			return err
		}
		if resp.NextPage == 0 || since == before {
			return nil
		}
	}
}

// emitREST hands over a repository as REST describes it. The error is the
// context's.
func (l *listing) emitREST(r *github.Repository) error {
	if r.GetPrivate() {
		return nil
	}
	out, err := l.forge.describe(l.ctx, r)
	switch {
	case l.ctx.Err() != nil:
		return l.ctx.Err()
	case err != nil:
		l.lost = append(l.lost, err)
	default:
		l.emit(out)
	}
	return nil
}

func (f *Forge) describe(ctx context.Context, r *github.Repository) (crawler.Repo, error) {
	address, err := f.address(r.GetFullName())
	if err != nil {
		return crawler.Repo{}, err
	}
	out := crawler.Repo{Repository: registry.Repository{
		URL:           address,
		Forge:         kind,
		ForgeID:       strconv.FormatInt(r.GetID(), 10),
		Description:   r.GetDescription(),
		DefaultBranch: r.GetDefaultBranch(),
		Licence:       licence(r.GetLicense().GetSPDXID()),
		Topics:        r.Topics,
		Language:      r.GetLanguage(),
		Stars:         r.GetStargazersCount(),
		Forks:         r.GetForksCount(),
		Fork:          r.GetFork(),
		Archived:      r.GetArchived(),
		Created:       r.GetCreatedAt().UTC(),
		Pushed:        r.GetPushedAt().UTC(),
	}}
	if parent := r.GetParent(); parent != nil && !parent.GetPrivate() {
		if out.Parent, err = f.address(parent.GetFullName()); err != nil {
			return crawler.Repo{}, err
		}
	}
	listed := &native{}
	out.Native = listed
	switch {
	case r.GetDisabled():
		out.State = crawler.Blocked
	case r.GetSize() == 0:
		// The size is in KiB and 0 for what is small as well as for what is
		// empty.
		sha, err := f.head(ctx, address)
		switch {
		case errors.Is(err, errNoCommits):
			out.State = crawler.Empty
		case errors.Is(err, registry.ErrForbidden):
			out.State = crawler.Blocked
		case err == nil:
			listed.commit = sha
		}
	}
	mark := r.GetPushedAt().UTC().Format(time.RFC3339) + " " + r.GetUpdatedAt().UTC().Format(time.RFC3339)
	out.Version = version(mark, out.Repository, out.State)
	return out, nil
}

// errNoCommits is a repository that nothing was pushed to.
var errNoCommits = fmt.Errorf("%w: the repository is empty", registry.ErrNotFound)

// head asks for the head commit of a repository's default branch.
func (f *Forge) head(ctx context.Context, address string) (string, error) {
	owner, name, err := f.names(address)
	if err != nil {
		return "", err
	}
	sha, resp, err := f.client().Repositories.GetCommitSHA1(ctx, owner, name, "HEAD", "")
	if err != nil {
		if resp != nil && resp.Response != nil && resp.StatusCode == http.StatusConflict {
			return "", fmt.Errorf("%s: %w", address, errNoCommits)
		}
		return "", translate(err, "head commit of "+address)
	}
	if sha = strings.TrimSpace(sha); !isHash(sha) {
		return "", fmt.Errorf("head commit of %s: %.80q is no commit hash", address, sha)
	}
	return sha, nil
}

// isHash tells a full object name: SHA-1 or SHA-256 in hexadecimal.
func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
