// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// maxCommitPages is how many pages of commits are read.
const maxCommitPages = 10

// history is a project that REST is asked about.
type history struct {
	*subject
	forge *Forge
	ctx   context.Context
}

// alone asks REST for what is told of one project at a time, and for what
// GraphQL did not tell.
func (f *Forge) alone(ctx context.Context, s *subject) error {
	h := &history{s, f, ctx}
	f.parent(ctx, &s.repo)
	code := s.repo.State == crawler.Readable
	for _, part := range []struct {
		there    func() bool
		name     string
		read     func() error
		optional bool // may be switched off
	}{
		{func() bool { return true }, "commits", h.commits, false},
		{func() bool { return code }, "tags", h.tags, false},
		{func() bool { return s.released }, "releases", h.releases, true},
		{func() bool { return code && !s.told }, "languages", h.languages, false},
		{func() bool { return !s.told && s.openIssues != nil }, "issues", h.issues, true},
	} {
		if !part.there() {
			continue
		}
		err := part.read()
		answer := (*gl.ErrorResponse)(nil)
		switchedOff := errors.Is(err, gl.ErrNotFound) || errors.As(err, &answer) && answer.Response.StatusCode == http.StatusForbidden
		if err != nil && !(part.optional && switchedOff) {
			return failure(err, s.repo.URL+": "+part.name)
		}
	}
	return nil
}

// commits counts those of the last months, if there can be any.
func (h *history) commits() error {
	tally := crawler.NewTally(h.forge.now())
	since := tally.Since()
	if old := !h.newest.IsZero() && h.newest.Before(since); old || h.repo.State != crawler.Readable {
		h.activity.Commits = tally.Commits(false)
		return nil
	}
	opt := gl.ListCommitsOptions{ListOptions: gl.ListOptions{PerPage: pageSize, Page: 1}, RefName: gl.Ptr(h.ref()), Since: &since}
	for ; ; opt.Page++ {
		commits, resp, err := h.forge.api.Commits.ListCommits(h.repo.ForgeID, &opt, gl.WithContext(h.ctx))
		if err == nil && commits == nil {
			err = errNull
		}
		if err != nil {
			return err
		}
		for _, c := range commits {
			if c != nil {
				tally.Add(at(cmp.Or(c.CommittedDate, c.CreatedAt)), cmp.Or(c.AuthorEmail, c.AuthorName))
			}
		}
		more := len(commits) > 0 && (resp.NextPage > opt.Page || resp.NextLink != "")
		if !more || opt.Page == maxCommitPages {
			h.activity.Commits = tally.Commits(more)
			return nil
		}
	}
}

// tags lists the newest ones, which also tell whether there are releases.
func (h *history) tags() error {
	tags, resp, err := h.forge.api.Tags.ListTags(h.repo.ForgeID, &gl.ListTagsOptions{
		ListOptions: gl.ListOptions{PerPage: pageSize},
		OrderBy:     gl.Ptr("updated"), Sort: gl.Ptr("desc"),
	}, gl.WithContext(h.ctx))
	if err != nil {
		return err
	}
	released := resp.NextPage != 0
	for _, t := range tags {
		if t == nil {
			continue
		}
		tag := registry.Tag{Name: t.Name}
		if t.Commit != nil {
			tag.Commit, tag.Date = t.Commit.ID, at(cmp.Or(t.Commit.CommittedDate, t.Commit.CreatedAt))
		}
		released = released || t.Release != nil
		h.activity.Tags = append(h.activity.Tags, tag)
	}
	if !h.told {
		h.released = released
	}
	return nil
}

// releases lists the newest ones.
func (h *history) releases() error {
	releases, _, err := h.forge.api.Releases.ListReleases(h.repo.ForgeID, &gl.ListReleasesOptions{
		ListOptions: gl.ListOptions{PerPage: registry.MaxReleases},
	}, gl.WithContext(h.ctx))
	if err != nil {
		return err
	}
	for _, r := range releases {
		if r == nil {
			continue
		}
		h.activity.Releases = append(h.activity.Releases, registry.Release{
			Tag: r.TagName, Name: r.Name, Published: at(cmp.Or(r.ReleasedAt, r.CreatedAt)),
			Prerelease: r.UpcomingRelease, // its date is to come; GitLab knows no other kind
			Assets:     assets(r.Assets.Links),
		})
	}
	return nil
}

// assets are the files that a release links to. They may lie anywhere.
func assets(links []*gl.ReleaseLink) (out []registry.Asset) {
	for _, l := range links {
		if l == nil {
			continue
		}
		if u, err := url.Parse(l.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			out = append(out, registry.Asset{Name: l.Name, URL: l.URL})
		}
	}
	return out
}

func (h *history) languages() error {
	shares, _, err := h.forge.api.Projects.GetProjectLanguages(h.repo.ForgeID, gl.WithContext(h.ctx))
	if err != nil || shares == nil {
		return err
	}
	for name, share := range *shares {
		h.activity.Languages = append(h.activity.Languages, registry.Language{Name: name, Share: float64(share)})
	}
	return nil
}

// issues looks through the newest open issues and, where these are not all, for
// each help label. Strangers are not told whether there are any, so that none
// are looked for.
func (h *history) issues() error {
	h.activity.OpenIssues = h.openIssues
	filters := []*gl.LabelOptions{nil}
	if *h.openIssues == 0 {
		return nil
	}
	if *h.openIssues > pageSize {
		filters = nil
		for _, label := range crawler.HelpLabels() {
			filters = append(filters, &gl.LabelOptions{label})
		}
	}
	for _, labels := range filters {
		issues, _, err := h.forge.api.Issues.ListProjectIssues(h.repo.ForgeID, &gl.ListProjectIssuesOptions{
			ListOptions: gl.ListOptions{PerPage: pageSize}, State: gl.Ptr("opened"), Labels: labels,
		}, gl.WithContext(h.ctx))
		if err != nil {
			return err
		}
		for _, i := range issues {
			if i != nil {
				h.invite(strconv.Itoa(i.IID), i.Title, i.Labels, at(i.CreatedAt))
			}
		}
	}
	return nil
}
