// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"code.gitea.io/sdk/gitea"
	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// describedAtOnce is how many repositories are described at the same time.
const describedAtOnce = 8

// Bounds where registry has none.
const (
	maxText      = 300 // of names and titles, in bytes
	maxLanguages = 50
	maxLabels    = 20 // of an issue
)

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
	d.activity.Languages = shares(bytes)
	return resp, err
}

// shares are the languages of some code by its bytes.
func shares(bytes map[string]int64) (out []registry.Language) {
	total := 0.0
	for _, n := range bytes {
		total += float64(max(n, 0))
	}
	for name, n := range bytes {
		if name = text(name); name != "" && n > 0 {
			out = append(out, registry.Language{Name: name, Share: math.Round(float64(n)/total*1000) / 10})
		}
	}
	slices.SortFunc(out, func(a, b registry.Language) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Name, b.Name))
	})
	return out[:min(len(out), maxLanguages)]
}

func (d *description) tags() (*gitea.Response, error) {
	tags, resp, err := d.api.ListRepoTags(d.owner, d.name, gitea.ListRepoTagsOptions{ListOptions: firstPage})
	for _, t := range tags {
		if t == nil || text(t.Name) == "" {
			continue
		}
		tag := registry.Tag{Name: text(t.Name)}
		if t.Commit != nil {
			tag.Date = moment(t.Commit.Created)
			if fullHash(t.Commit.SHA) {
				tag.Commit = t.Commit.SHA
			}
		}
		d.activity.Tags = append(d.activity.Tags, tag)
	}
	d.activity.Tags = newest(d.activity.Tags, registry.MaxTags, func(t registry.Tag) time.Time { return t.Date })
	return resp, err
}

func (d *description) releases() (*gitea.Response, error) {
	releases, resp, err := d.api.ListReleases(d.owner, d.name, gitea.ListReleasesOptions{ListOptions: firstPage})
	for _, r := range releases {
		if r == nil || r.IsDraft || text(r.TagName) == "" {
			continue
		}
		d.activity.Releases = append(d.activity.Releases, registry.Release{
			Tag: text(r.TagName), Name: text(r.Title), Published: moment(r.PublishedAt), Prerelease: r.IsPrerelease, Assets: d.assets(r),
		})
	}
	d.activity.Releases = newest(d.activity.Releases, registry.MaxReleases, func(r registry.Release) time.Time { return r.Published })
	return resp, err
}

// assets are the files of a release, at the addresses that instances link to:
// those in the answer may lead anywhere.
func (d *description) assets(r *gitea.Release) (out []registry.Asset) {
	for _, a := range r.Attachments {
		if a == nil || a.Name == "" || len(a.Name) > maxText || len(out) == registry.MaxAssets {
			continue
		}
		path := strings.Join([]string{d.owner, d.name, "releases", "download", r.TagName, a.Name}, "/")
		out = append(out, registry.Asset{Name: a.Name, URL: d.forge.address(path), Size: max(a.Size, 0)})
	}
	return out
}

// firstPage is of a list whose beginning is enough.
var firstPage = gitea.ListOptions{Page: 1, PageSize: pageSize}

// newest are the first of a list by their dates.
func newest[E any](list []E, most int, date func(E) time.Time) []E {
	slices.SortStableFunc(list, func(a, b E) int { return date(b).Compare(date(a)) })
	return list[:min(len(list), most)]
}

// text is a name or title, at a size that can be shown.
func text(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}
