// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"code.gitea.io/sdk/gitea"

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
		if found := helpLabels(own); len(found) > 0 {
			labels = found
		}
	}
	seen := make(map[int64]bool)
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
			if i == nil || seen[i.Index] || i.PullRequest != nil || i.State == gitea.StateClosed || len(helpLabels(i.Labels)) == 0 {
				continue
			}
			seen[i.Index] = true
			d.activity.HelpWanted = append(d.activity.HelpWanted, d.issue(i))
		}
	}
	d.activity.HelpWanted = newest(d.activity.HelpWanted, registry.MaxIssues, func(i registry.Issue) time.Time { return i.Created })
	return nil, nil
}

func (d *description) issue(i *gitea.Issue) registry.Issue {
	out := registry.Issue{
		Title:   cmp.Or(text(i.Title), fmt.Sprintf("#%d", i.Index)),
		URL:     d.repo.URL + "/issues/" + strconv.FormatInt(i.Index, 10),
		Created: moment(i.Created),
	}
	for _, l := range i.Labels {
		if l != nil && text(l.Name) != "" && len(out.Labels) < maxLabels {
			out.Labels = append(out.Labels, text(l.Name))
		}
	}
	return out
}

// helpLabels are the names of those of some labels that mark an issue as one for
// others, as they are written.
func helpLabels(labels []*gitea.Label) (out []string) {
	for _, l := range labels {
		if l != nil && slices.ContainsFunc(registry.HelpLabels, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(l.Name)) }) {
			out = append(out, l.Name)
		}
	}
	return out
}
