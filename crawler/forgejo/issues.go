// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"strconv"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// helpWanted looks for issues that invite others. Asked for several labels,
// Forgejo and Gitea answer with the issues that have all of them, and they pass
// over labels that the repository does not have. So where all open issues fit
// on a page that is asked for; else the page of each such label there is.
func (d *description) helpWanted() (*gitea.Response, error) {
	labels := []string{""} // the newest issues, whatever their labels
	if *d.content.has.issues > pageSize {
		own, resp, err := d.api.ListRepoLabels(d.owner, d.name, gitea.ListLabelsOptions{ListOptions: firstPage})
		if err != nil {
			return resp, err
		}
		var found []string
		for _, l := range own {
			if l != nil && crawler.IsHelpLabel(l.Name) {
				found = append(found, l.Name)
			}
		}
		if len(found) > 0 {
			labels = found
		}
	}
	for _, label := range labels {
		opt := gitea.ListIssueOption{ListOptions: firstPage, State: gitea.StateOpen, Type: gitea.IssueTypeIssue}
		if label != "" {
			opt.Labels = []string{label}
		}
		issues, resp, err := d.api.ListRepoIssues(d.owner, d.name, opt)
		if err != nil {
			return resp, err
		}
		for _, i := range issues {
			if i != nil && i.Index > 0 && i.PullRequest == nil && i.State != gitea.StateClosed {
				d.activity.HelpWanted = append(d.activity.HelpWanted, d.issue(i))
			}
		}
	}
	return nil, nil
}

func (d *description) issue(i *gitea.Issue) registry.Issue {
	out := registry.Issue{Title: i.Title, URL: d.repo.URL + "/issues/" + strconv.FormatInt(i.Index, 10), Created: i.Created}
	for _, l := range i.Labels {
		if l != nil {
			out.Labels = append(out.Labels, l.Name)
		}
	}
	return out
}
