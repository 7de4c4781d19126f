// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"fmt"
	"net/http"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

var _ crawler.Comparer = (*Forge)(nil)

// Compare implements crawler.Comparer with two requests, as GitLab tells one
// direction at a time:
// https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits.
func (f *Forge) Compare(ctx context.Context, base, fork crawler.Repo) (*registry.Comparison, error) {
	ahead, err := f.without(ctx, fork, base)
	if err != nil {
		return nil, err
	}
	behind, err := f.without(ctx, base, fork)
	if err != nil {
		return nil, err
	}
	return crawler.Apart(len(ahead), len(behind), ahead), nil
}

// without are the commits of a project that another one does not have, the newest
// first. GitLab tells them the other way round.
func (f *Forge) without(ctx context.Context, in, other crawler.Repo) ([]registry.ForkCommit, error) {
	what := fmt.Sprintf("comparison of %s with %s", in.URL, other.URL)
	if !numeric(in.ForgeID) || !numeric(other.ForgeID) {
		return nil, fmt.Errorf("%s: no project numbers: %w", what, registry.ErrInvalid)
	}
	req, err := f.api.NewRequest(http.MethodGet, "projects/"+in.ForgeID+"/repository/compare", struct {
		From     string `url:"from"`
		To       string `url:"to"`
		Project  string `url:"from_project_id"`
		Straight bool   `url:"straight"`
	}{other.DefaultBranch, in.DefaultBranch, other.ForgeID, false}, []gl.RequestOptionFunc{gl.WithContext(fetch.WithValues(ctx, crawler.MaxValues))})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	var told struct {
		Commits []struct {
			ID        string       `json:"id"`
			Title     string       `json:"title"`
			Committed crawler.Date `json:"committed_date"`
		} `json:"commits"`
	}
	if _, err = f.api.Do(req, &told); err != nil {
		return nil, failure(err, what)
	}
	if told.Commits == nil {
		return nil, fmt.Errorf("%s: %w", what, errNull)
	}
	commits := make([]registry.ForkCommit, len(told.Commits))
	for i, c := range told.Commits {
		commits[len(commits)-1-i] = registry.ForkCommit{Hash: c.ID, Title: c.Title, Time: c.Committed.Time}
	}
	return commits, nil
}
