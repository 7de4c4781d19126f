// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// errNull is an answer that has null where a list should be. An empty list is
// not meant: what is not listed is removed from the catalogue.
var errNull = errors.New("null in place of a list")

// errCircle is a forge that leads from page to page without end.
var errCircle = errors.New("the listing goes in circles")

// ownerREST lists what an organisation or user owns.
func (l *listing) ownerREST(t *target) error {
	page, last := t.readLast()
	return l.forge.ownerPages(l.ctx, t.owner, t.what, page, last, func(repos []*github.Repository, lost error, page int, done bool) (bool, error) {
		if lost != nil {
			t.lose(lost)
		}
		before := len(t.seen)
		out, err := l.forge.takeREST(l.ctx, t, nil, repos)
		if err != nil {
			return false, err
		}
		if n := len(repos); n > 0 {
			t.after = fmt.Sprintf("%s%d/%d", atPage, page, repos[n-1].GetID())
		}
		switch {
		case done:
			l.hand(out, t.end(nil))
		case t.circles(before):
			return false, fmt.Errorf("%s: %w at page %d", t.what, errCircle, page)
		default:
			l.hand(out, t.progress())
		}
		return !l.stopped, nil
	})
}

// readLast is the page that an owner's listing came to, and the number of the
// last repository on it.
func (t *target) readLast() (page int, last int64) {
	if _, err := fmt.Sscanf(t.cursor(atPage), "%d/%d", &page, &last); err != nil || page < 1 || last < 1 {
		return 1, 0
	}
	return page, last
}

// ownerPages reads the pages of an owner's repositories, after the one with the
// number last, which was on the given page. The address of users serves
// organisations as well. do tells whether to go on.
func (f *Forge) ownerPages(ctx context.Context, owner, what string, page int, last int64, do func(repos []*github.Repository, lost error, page int, done bool) (bool, error)) error {
	for former := page; ; {
		repos, more, lost, err := f.ownerPage(ctx, owner, page)
		if err != nil {
			return translate(err, what)
		}
		lost = translate(lost, what)
		if last != 0 {
			i := slices.IndexFunc(repos, func(r *github.Repository) bool { return r.GetID() == last })
			switch {
			case i >= 0:
				repos = repos[i+1:]
			case page == former && page > 1: // something before it may be gone
				page--
				continue
			case page > 1: // it is gone itself
				page, last = 1, 0
				continue
			}
			last = 0
		}
		if goOn, err := do(repos, lost, page, !more); err != nil || !more || !goOn {
			return err
		}
		page++
	}
}

// ownerPage reads a page of an owner's repositories, piece by piece where GitHub
// fails over it. lost is why some could not be read.
func (f *Forge) ownerPage(ctx context.Context, owner string, number int) (repos []*github.Repository, more bool, lost, err error) {
	type page struct {
		repos []*github.Repository
		more  bool
	}
	ask := func(number, size int) (*page, error) {
		repos, resp, err := f.client().Repositories.ListByUser(ctx, owner, &github.RepositoryListByUserOptions{
			Type: "owner",
			// Repositories that come while the pages are read go to the end.
			Sort: "created", Direction: "asc",
			ListOptions: github.ListOptions{PerPage: size, Page: number},
		})
		if err == nil && repos == nil {
			err = errNull
		}
		if err != nil {
			return nil, err
		}
		return &page{repos, resp.NextPage > number}, nil
	}
	smaller := func(err error) bool { return smallerHelps(ctx, err) }
	whole, err := ask(number, pageSize)
	pieces := []*page{whole}
	if err != nil && smaller(err) {
		if pieces, lost, err = fetch.Pieces(number, pageSize, ask, smaller); lost != nil {
			lost = fmt.Errorf("repositories of %s on %s: %w", owner, f.base.Host, lost)
		}
	}
	if err != nil {
		return nil, false, nil, err
	}
	for _, p := range pieces {
		if more = p == nil || p.more; p != nil {
			repos = append(repos, p.repos...)
		}
	}
	return repos, more, lost, nil
}

func (l *listing) singleREST(t *target) error {
	r, _, err := l.forge.client().Repositories.Get(l.ctx, t.owner, t.name)
	if err != nil {
		return translate(err, t.what)
	}
	if r.GetPrivate() {
		return fmt.Errorf("%s: %w: it is not public", t.what, registry.ErrNotFound)
	}
	out, err := l.forge.takeREST(l.ctx, t, nil, []*github.Repository{r})
	if err == nil {
		l.hand(out, t.end(nil))
	}
	return err
}

// instanceREST lists a whole Enterprise server. The list of all repositories
// has little but their names, so each owner met is listed for the rest.
func (l *listing) instanceREST(t *target) error {
	owners := make(map[string]map[int64]*github.Repository) // not handed over yet
	var err error
	since := t.since()
	for more := true; more && !l.stopped; {
		var page []*github.Repository
		if page, more, err = l.forge.repositories(l.ctx, t, &since); err != nil {
			return err
		}
		var described []*github.Repository
		for _, r := range page {
			login := r.GetOwner().GetLogin()
			owner := strings.ToLower(login)
			if !validName(login) {
				continue
			}
			if owners[owner] == nil {
				owners[owner], err = l.forge.ownedBy(l.ctx, login)
				switch {
				case l.hopeless(err):
					return err
				case err != nil && !errors.Is(err, registry.ErrNotFound): // gone since
					t.lose(err)
				}
			}
			if full := owners[owner][r.GetID()]; full != nil {
				described = append(described, full)
				owners[owner][r.GetID()] = nil
			}
		}
		out, err := l.forge.takeREST(l.ctx, t, nil, described)
		if err != nil {
			return err
		}
		t.after = atID + strconv.FormatInt(since, 10)
		l.hand(out, t.progress())
	}
	return err
}

// ownedBy reads what an owner has, by number. It is never nil.
func (f *Forge) ownedBy(ctx context.Context, owner string) (map[int64]*github.Repository, error) {
	out := make(map[int64]*github.Repository)
	what := fmt.Sprintf("repositories of %s on %s", owner, f.base.Host)
	var missing error
	err := f.ownerPages(ctx, owner, what, 1, 0, func(repos []*github.Repository, lost error, page int, _ bool) (bool, error) {
		missing = cmp.Or(missing, lost)
		before := len(out)
		for _, r := range repos {
			out[r.GetID()] = r
		}
		if len(out) == before && len(repos) > 0 {
			return false, fmt.Errorf("%s: %w at page %d", what, errCircle, page)
		}
		return true, nil
	})
	return out, cmp.Or(err, missing)
}

// takeREST adds repositories as REST describes them to a page. The error is the
// context's.
func (f *Forge) takeREST(ctx context.Context, t *target, page []crawler.Repo, repos []*github.Repository) ([]crawler.Repo, error) {
	for _, r := range repos {
		if r == nil || r.GetPrivate() {
			continue
		}
		out, err := f.ofREST(ctx, r)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			t.lose(err)
		default:
			page = t.take(page, out)
		}
	}
	return page, nil
}

// ofREST makes a repository of what REST tells of it.
func (f *Forge) ofREST(ctx context.Context, r *github.Repository) (crawler.Repo, error) {
	address, err := f.address(r.GetFullName())
	if err == nil && r.GetID() <= 0 {
		err = fmt.Errorf("%s is listed without a number", address)
	}
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
		Created:       r.GetCreatedAt().Time,
		Pushed:        r.GetPushedAt().Time,
	}}
	crawler.TidyRepository(&out.Repository)
	if parent := r.GetParent(); parent != nil && !parent.GetPrivate() {
		if out.Parent, err = f.address(parent.GetFullName()); err != nil {
			return crawler.Repo{}, err
		}
	}
	brought := &native{}
	out.Native = brought
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
			brought.commit = sha
		}
	}
	out.Version = version(fmt.Sprint(out.Pushed.Unix(), " ", crawler.Moment(r.GetUpdatedAt().Time).Unix()), out)
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
	if sha = strings.TrimSpace(sha); !crawler.IsHash(sha) {
		return "", fmt.Errorf("head commit of %s: %.80q is no commit hash", address, sha)
	}
	return sha, nil
}
