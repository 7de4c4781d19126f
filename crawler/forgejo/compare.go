// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

var _ crawler.Comparer = (*Forge)(nil)

// Compare implements crawler.Comparer with two requests, as Forgejo tells one
// direction at a time: https://codeberg.org/api/swagger, repoCompareDiff. Gitea has
// it since version 1.22.
func (f *Forge) Compare(ctx context.Context, base, fork crawler.Repo) (*registry.Comparison, error) {
	ahead, commits, err := f.without(ctx, fork, base)
	if err != nil {
		return nil, err
	}
	behind, _, err := f.without(ctx, base, fork)
	if err != nil {
		return nil, err
	}
	return crawler.Apart(ahead, behind, commits), nil
}

// without are the commits of a repository that another one does not have, and how
// many there are. The library has no way to leave out the files of each.
func (f *Forge) without(ctx context.Context, in, other crawler.Repo) (int, []registry.ForkCommit, error) {
	what := fmt.Sprintf("comparison of %s with %s", in.URL, other.URL)
	owner, _, err := f.split(in)
	if err != nil {
		return 0, nil, err
	}
	otherOwner, otherName, err := f.split(other)
	if err != nil {
		return 0, nil, err
	}
	u := f.base.JoinPath("api/v1/repos", otherOwner, otherName, "compare", other.DefaultBranch+"..."+owner+":"+in.DefaultBranch)
	u.RawQuery = "files=false&verification=false"
	req, err := http.NewRequestWithContext(fetch.WithValues(ctx, crawler.MaxValues), http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", what, err)
	}
	resp, err := f.http.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("%s: %w", what, err)
	}
	defer resp.Body.Close()
	var told struct {
		Message *string `json:"message"`
		Total   *int    `json:"total_commits"`
		Commits []struct {
			SHA     string       `json:"sha"`
			Created crawler.Date `json:"created"`
			Commit  struct {
				Message string `json:"message"`
			} `json:"commit"`
		} `json:"commits"`
	}
	err = json.NewDecoder(resp.Body).Decode(&told)
	switch sentinel := fetch.Sentinel(resp.StatusCode); {
	case sentinel != nil && (err == nil && told.Message != nil || resp.StatusCode != http.StatusNotFound):
		return 0, nil, fmt.Errorf("%s: %w", what, sentinel)
	case resp.StatusCode != http.StatusOK:
		return 0, nil, fmt.Errorf("%s: Forgejo answered %d", what, resp.StatusCode)
	case err != nil:
		return 0, nil, fmt.Errorf("%s: %w", what, err)
	case told.Total == nil:
		return 0, nil, fmt.Errorf("%s: a comparison without numbers", what)
	}
	commits := make([]registry.ForkCommit, len(told.Commits))
	for i, c := range told.Commits {
		title, _, _ := strings.Cut(c.Commit.Message, "\n")
		commits[i] = registry.ForkCommit{Hash: c.SHA, Title: title, Time: c.Created.Time}
	}
	return *told.Total, commits, nil
}
