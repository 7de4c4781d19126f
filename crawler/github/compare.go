// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

var _ crawler.Comparer = (*Forge)(nil)

// errNoNumbers is a comparison that says nothing.
var errNoNumbers = errors.New("a comparison without numbers")

// Compare implements crawler.Comparer with one request:
// https://docs.github.com/rest/commits/commits#compare-two-commits. Asked without
// pages GitHub tells the newest 250 commits, the newest last. Without a token it is
// not asked, as its sixty requests an hour are the listing's.
func (f *Forge) Compare(ctx context.Context, base, fork crawler.Repo) (*registry.Comparison, error) {
	if !f.token {
		return nil, crawler.ErrNoComparison
	}
	owner, name, err := f.names(base.URL)
	if err != nil {
		return nil, err
	}
	forkOwner, forkName, err := f.names(fork.URL)
	if err != nil {
		return nil, err
	}
	head := forkOwner + ":" + fork.DefaultBranch
	if strings.EqualFold(owner, forkOwner) {
		head = forkOwner + ":" + forkName + ":" + fork.DefaultBranch
	}
	ctx = fetch.WithValues(ctx, crawler.MaxValues)
	c, _, err := f.client().Repositories.CompareCommits(ctx, owner, name, base.DefaultBranch, head, nil)
	if err == nil && (c == nil || c.AheadBy == nil || c.BehindBy == nil) {
		err = errNoNumbers
	}
	if err != nil {
		return nil, translate(err, fmt.Sprintf("comparison of %s with %s", fork.URL, base.URL))
	}
	var commits []registry.ForkCommit
	for _, one := range slices.Backward(c.Commits) {
		commits = append(commits, registry.ForkCommit{
			Hash: one.GetSHA(), Title: one.GetCommit().GetMessage(), Time: one.GetCommit().GetCommitter().GetDate().Time,
		})
	}
	return crawler.Apart(c.GetAheadBy(), c.GetBehindBy(), commits), nil
}
