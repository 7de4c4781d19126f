// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"code.gitea.io/sdk/gitea"
	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// describedAtOnce is how many repositories are described at the same time.
const describedAtOnce = 8

// Describe implements crawler.Forge. What the listing said is not there is not
// asked for.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	out := make([]crawler.Description, len(repos))
	var group errgroup.Group
	group.SetLimit(describedAtOnce)
	for i, r := range repos {
		group.Go(func() error {
			out[i] = f.describe(ctx, r)
			return nil
		})
	}
	_ = group.Wait() // each has its own error
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: %w", f.base, context.Cause(ctx))
	}
	return out, nil
}

// parts is what a list told that a repository has.
type parts struct {
	languages, releases bool
	issues              *int // how many are open; nil where the instance keeps none
}

// description is a repository on its way to its Activity.
type description struct {
	forge       *Forge
	api         *gitea.Client
	repo        crawler.Repo
	owner, name string
	content     *content
	activity    registry.Activity
}

func (f *Forge) describe(ctx context.Context, r crawler.Repo) (out crawler.Description) {
	out.Repo = r
	defer func() {
		if p := recover(); p != nil { // the library does not expect every answer
			out = crawler.Description{Repo: r, Err: fmt.Errorf("%s: an answer cannot be read: %v", r.URL, p)}
		}
	}()
	d := &description{forge: f, repo: r}
	if out.Err = d.describe(ctx); out.Err == nil {
		crawler.Tidy(&d.activity)
		out.Repo, out.Activity = d.repo, &d.activity
	}
	return out
}

// describe asks for all parts that there are. The commits come first: without
// them there is no repository.
func (d *description) describe(ctx context.Context) (err error) {
	if d.owner, d.name, err = d.forge.split(d.repo); err != nil {
		return err
	}
	if d.api, err = d.forge.api(ctx); err != nil {
		return fmt.Errorf("%s: %w", d.repo.URL, err)
	}
	if err := d.lookUp(); err != nil {
		return err
	}
	has := d.content.has
	full := d.repo.State != crawler.Empty
	if !full {
		d.activity.Commits = crawler.NewTally(d.forge.now()).Commits(false)
	}
	d.activity.OpenIssues = has.issues
	for _, part := range []struct {
		there    bool
		name     string
		read     func() (*gitea.Response, error)
		optional bool // may be switched off
	}{
		{full, "commits", d.commits, false},
		{full && has.languages, "languages", d.languages, false},
		{full, "tags", d.tags, false},
		{has.releases, "releases", d.releases, true},
		{has.issues != nil && *has.issues > 0, "issues", d.helpWanted, true},
	} {
		if !part.there {
			continue
		}
		resp, err := part.read()
		if err != nil && part.optional && status(resp) == http.StatusNotFound {
			continue
		}
		if err != nil {
			return failure(resp, err, d.repo.URL+": "+part.name)
		}
	}
	return nil
}

// lookUp asks for what a list would have told, where the repository comes from
// none.
func (d *description) lookUp() error {
	var ok bool
	if d.content, ok = d.repo.Native.(*content); ok {
		return nil
	}
	r, resp, err := d.api.GetRepo(d.owner, d.name)
	if err != nil {
		return failure(resp, err, d.repo.URL)
	}
	repo, ok := d.forge.repo(r)
	if !ok {
		return fmt.Errorf("%s: the repository is not public: %w", d.repo.URL, registry.ErrForbidden)
	}
	d.repo.DefaultBranch, d.repo.State, d.repo.Native = repo.DefaultBranch, repo.State, repo.Native
	d.content, _ = repo.Native.(*content)
	return nil
}

func (d *description) languages() (*gitea.Response, error) {
	bytes, resp, err := d.api.GetRepoLanguages(d.owner, d.name)
	total := 0.0
	for _, n := range bytes {
		total += float64(max(n, 0))
	}
	for name, n := range bytes {
		d.activity.Languages = append(d.activity.Languages, registry.Language{Name: name, Share: 100 * float64(n) / max(total, 1)})
	}
	return resp, err
}

func (d *description) tags() (*gitea.Response, error) {
	tags, resp, err := d.api.ListRepoTags(d.owner, d.name, gitea.ListRepoTagsOptions{ListOptions: firstPage})
	for _, t := range tags {
		if t == nil {
			continue
		}
		tag := registry.Tag{Name: t.Name}
		if t.Commit != nil {
			tag.Commit, tag.Date = t.Commit.SHA, t.Commit.Created
		}
		d.activity.Tags = append(d.activity.Tags, tag)
	}
	return resp, err
}

func (d *description) releases() (*gitea.Response, error) {
	releases, resp, err := d.api.ListReleases(d.owner, d.name, gitea.ListReleasesOptions{ListOptions: firstPage})
	for _, r := range releases {
		if r == nil || r.IsDraft {
			continue
		}
		d.activity.Releases = append(d.activity.Releases, registry.Release{
			Tag: r.TagName, Name: r.Title, Published: r.PublishedAt, Prerelease: r.IsPrerelease, Assets: d.assets(r),
		})
	}
	return resp, err
}

// assets are the files of a release, at the addresses that instances link to:
// those in the answer may lead anywhere.
func (d *description) assets(r *gitea.Release) (out []registry.Asset) {
	for _, a := range r.Attachments {
		if a == nil {
			continue
		}
		if path := strings.Join([]string{d.owner, d.name, "releases", "download", r.TagName, a.Name}, "/"); fs.ValidPath(path) {
			out = append(out, registry.Asset{Name: a.Name, URL: d.forge.address(path), Size: a.Size})
		}
	}
	return out
}

// firstPage is of a list whose beginning is enough.
var firstPage = gitea.ListOptions{Page: 1, PageSize: pageSize}
