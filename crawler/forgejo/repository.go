// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"io/fs"
	"strconv"
	"strings"
	"time"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// settled is how long ago a repository must have been updated for that date to
// tell of every change: it counts in seconds, of a clock that need not agree
// with ours.
const settled = 10 * time.Minute

// repo translates a repository as it is listed. It is not ok for one that is
// not public and one with a path that cannot be.
func (f *Forge) repo(r *gitea.Repository) (crawler.Repo, bool) {
	if !public(r) || r.ID <= 0 || !pathOK(r.FullName) {
		return crawler.Repo{}, false
	}
	repo := crawler.Repo{Repository: registry.Repository{
		// Not html_url: an instance speaks for its own address alone.
		URL:           f.address(r.FullName),
		Forge:         crawler.Forgejo,
		ForgeID:       strconv.FormatInt(r.ID, 10),
		Description:   r.Description,
		DefaultBranch: r.DefaultBranch,
		Topics:        r.Topics,
		Language:      r.Language,
		Stars:         r.Stars,
		Forks:         r.Forks,
		Fork:          r.Fork,
		Archived:      r.Archived,
		Created:       r.Created,
		Pushed:        r.Updated,
	}}
	if len(r.Licenses) == 1 { // Gitea since 1.23
		repo.Licence = r.Licenses[0]
	}
	if r.Parent != nil && pathOK(r.Parent.FullName) {
		repo.Parent = f.address(r.Parent.FullName)
	}
	if r.Empty {
		repo.State = crawler.Empty
	}
	crawler.TidyRepository(&repo.Repository)
	repo.Version = f.version(r, repo)
	has := parts{languages: r.Language != "", releases: r.Releases > 0}
	if open := r.OpenIssues; r.HasIssues && r.ExternalTracker == nil && open >= 0 {
		has.issues = &open
	}
	repo.Native = &content{has: has}
	return repo, true
}

// version is a digest of what is listed: every push moves updated_at, in a queue
// behind the push. A mirror instead takes over the date of its newest commit, so
// the time of its last synchronisation goes in. It is "" where a date is too
// recent or missing.
func (f *Forge) version(r *gitea.Repository, repo crawler.Repo) string {
	if repo.Pushed.IsZero() || f.now().Sub(repo.Pushed) < settled || r.Mirror && r.MirrorUpdated.IsZero() {
		return ""
	}
	mark := ""
	if r.Mirror {
		mark = r.MirrorUpdated.UTC().String()
	}
	return crawler.Version(repo, mark)
}

func public(r *gitea.Repository) bool { return !r.Private && !r.Internal }

// pathOK reports whether a path is one of a repository.
func pathOK(path string) bool {
	return fs.ValidPath(path) && strings.Count(path, "/") == 1
}
