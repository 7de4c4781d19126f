// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	gl "github.com/xanzy/go-gitlab"
)

// REST keeps from strangers whether a project is archived and what it was
// forked from. GraphQL tells everyone.
const strangersQuery = `query($ids: [ID!]) {
  projects(ids: $ids, first: 100) { nodes { id archived isForked forkedFrom { fullPath } } }
}`

const globalID = "gid://gitlab/Project/"

// complete adds to a page of projects what REST keeps from strangers, by one
// request, and by none where REST told. An instance whose GraphQL does not know
// these fields is asked once; its projects stay as they are.
func (f *Forge) complete(ctx context.Context, projects []*gl.Project) error {
	if f.graphQLLacks.Load() {
		return nil
	}
	byID := make(map[string]*gl.Project)
	var ids []string
	for _, p := range projects {
		// Those with a token always learn who may read the repository.
		if p != nil && p.RepositoryAccessLevel == "" {
			id := globalID + strconv.Itoa(p.ID)
			byID[id], ids = p, append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	query, err := json.Marshal(map[string]any{"query": strangersQuery, "variables": map[string]any{"ids": ids}})
	if err != nil {
		return err
	}
	address := f.base.JoinPath("api/graphql").String()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(query))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
		// Going on would make forks look like originals until the next sweep.
		return fmt.Errorf("%s: GitLab answered %d; with a token it would not be asked", address, resp.StatusCode)
	}
	var answer struct {
		Data struct {
			Projects struct {
				Nodes []struct {
					ID         string `json:"id"`
					Archived   bool   `json:"archived"`
					IsForked   bool   `json:"isForked"`
					ForkedFrom struct {
						FullPath string `json:"fullPath"`
					} `json:"forkedFrom"`
				} `json:"nodes"`
			} `json:"projects"`
		} `json:"data"`
		Errors []any `json:"errors"`
	}
	if resp.StatusCode != http.StatusOK || json.NewDecoder(resp.Body).Decode(&answer) != nil || len(answer.Errors) > 0 {
		f.graphQLLacks.Store(true)
		return nil
	}
	for _, node := range answer.Data.Projects.Nodes {
		p := byID[node.ID]
		if p == nil {
			continue
		}
		p.Archived = p.Archived || node.Archived
		if node.IsForked && p.ForkedFromProject == nil {
			p.ForkedFromProject = &gl.ForkParent{PathWithNamespace: node.ForkedFrom.FullPath}
		}
	}
	return nil
}
