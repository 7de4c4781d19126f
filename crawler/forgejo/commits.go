// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"cmp"
	"time"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
)

const (
	// maxCommitPages is how many pages of commits are read.
	maxCommitPages = 10
	// enoughOld is how many commits in a row that are too old end the list: Git
	// itself takes no fewer for a sign, as clocks go wrong.
	enoughOld = 5
)

// commits counts those of the last months, which come newest first, and notes
// the head.
func (d *description) commits() (*gitea.Response, error) {
	tally := crawler.NewTally(d.forge.now())
	opt := gitea.ListCommitOptions{ListOptions: firstPage, SHA: d.repo.DefaultBranch}
	for old := 0; ; opt.Page++ {
		commits, resp, err := d.api.ListRepoCommits(d.owner, d.name, opt)
		if err == nil && commits == nil {
			err = errNull
		}
		if err != nil {
			return resp, err
		}
		for i, c := range commits {
			if c == nil || c.CommitMeta == nil {
				continue
			}
			if opt.Page == 1 && i == 0 && crawler.IsHash(c.SHA) {
				d.content.setCommit(c.SHA)
			}
			at, author := authored(c)
			tally.Add(at, author)
			if old++; !at.Before(tally.Since()) {
				old = 0
			}
		}
		more := len(commits) > 0 && old < enoughOld && (resp.NextPage > opt.Page || resp.Header.Get("X-HasMore") == "true")
		if !more || opt.Page == maxCommitPages {
			d.activity.Commits = tally.Commits(more)
			return resp, nil
		}
	}
}

// authored says when a commit came to its branch and who wrote it.
func authored(c *gitea.Commit) (at time.Time, author string) {
	at = c.Created
	if c.RepoCommit == nil {
		return at, ""
	}
	if by := c.RepoCommit.Committer; at.IsZero() && by != nil {
		at, _ = time.Parse(time.RFC3339, by.Date)
	}
	if by := c.RepoCommit.Author; by != nil {
		author = cmp.Or(by.Email, by.Name)
	}
	return at, author
}
