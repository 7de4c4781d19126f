// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"cmp"
	"strconv"
	"time"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// settled is how long ago the last activity of a project must be for its date
// to tell of every change: GitLab moves that date at most once an hour, and in
// a queue that may lag behind.
const settled = 90 * time.Minute

// repo translates a project as it is listed. It is not ok for one that is not
// public and one with a path that cannot be.
func (f *Forge) repo(p *gl.Project) (crawler.Repo, bool) {
	if !public(p) || p.ID <= 0 || !projectPath(p.PathWithNamespace) {
		return crawler.Repo{}, false
	}
	topics := p.Topics
	if len(topics) == 0 {
		topics = p.TagList // before GitLab 14
	}
	r := crawler.Repo{
		Repository: registry.Repository{
			// Not web_url: an instance speaks for its own address alone.
			URL:           f.address(p.PathWithNamespace),
			Forge:         crawler.GitLab,
			ForgeID:       strconv.Itoa(p.ID),
			Description:   p.Description,
			DefaultBranch: p.DefaultBranch,
			Topics:        topics,
			Stars:         p.StarCount,
			Forks:         p.ForksCount,
			Archived:      p.Archived,
			Created:       at(p.CreatedAt),
			Pushed:        at(p.LastActivityAt),
		},
		State: state(p),
	}
	if parent := p.ForkedFromProject; parent != nil {
		r.Fork = true
		if projectPath(parent.PathWithNamespace) {
			r.Parent = f.address(parent.PathWithNamespace)
		}
	}
	crawler.TidyRepository(&r.Repository)
	r.Version = f.version(p, r)
	r.Native = told(p)
	return r, true
}

// told is what a list tells those with a token, whom it always tells who may
// read the repository.
func told(p *gl.Project) *native {
	known := &native{}
	if p.RepositoryAccessLevel == "" {
		return known
	}
	if newest := at(p.LastActivityAt); !newest.IsZero() && !p.Mirror {
		known.newest = newest.Add(settled)
	}
	if p.IssuesEnabled {
		known.openIssues = gl.Ptr(max(0, p.OpenIssuesCount))
	}
	return known
}

func public(p *gl.Project) bool {
	return cmp.Or(p.Visibility, gl.PublicVisibility) == gl.PublicVisibility
}

func state(p *gl.Project) crawler.State {
	switch access := p.RepositoryAccessLevel; {
	case access == gl.DisabledAccessControl, access == gl.PrivateAccessControl:
		return crawler.Blocked
	case p.EmptyRepo, p.DefaultBranch == "":
		return crawler.Empty
	}
	return crawler.Readable
}

// version is a digest of what is listed. It is "" where the date of the last
// activity may not tell of a change: where that is less than settled ago, since
// pushes after the first one do not move it for an hour, and for mirrors, whose
// changes need not count as activity. Any later push then finds the date old
// enough to be moved.
func (f *Forge) version(p *gl.Project, r crawler.Repo) string {
	if r.Pushed.IsZero() || p.Mirror || f.now().Sub(r.Pushed) < settled {
		return ""
	}
	return crawler.Version(r, "")
}

// address is the web address of what lies at a path of the instance.
func (f *Forge) address(path string) string { return crawler.Address(f.base, path) }

// at is a time that the library may not have.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return crawler.Moment(*t)
}
