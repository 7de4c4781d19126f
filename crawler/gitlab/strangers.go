// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
)

// REST keeps from strangers whether a project is archived or a fork. GraphQL tells
// everyone, also where it lacks what a listing needs; but of what it is a fork
// neither tells them.
const strangersQuery = `query($ids: [ID!]) { projects(ids: $ids, first: 100) { nodes { id archived isForked } } }`

// unveil adds to a page of projects what REST keeps from strangers, by one
// request, and by none where REST told. An instance whose GraphQL does not know
// these fields is asked once; its projects stay as they are.
func (f *Forge) unveil(ctx context.Context, projects []*gl.Project) error {
	if f.reticent.Load() {
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
	var data struct{ Projects *nodes[node] }
	err := f.query(ctx, strangersQuery, map[string]any{"ids": ids}, &data)
	switch {
	case errors.Is(err, errNoGraphQL):
		f.reticent.Store(true)
		return nil
	case err != nil:
		// Going on would make forks look like originals until the next sweep.
		return fmt.Errorf("%w; with a token it would not be asked", err)
	}
	for n := range data.Projects.all {
		p := byID[n.ID]
		if p == nil {
			continue
		}
		p.Archived = p.Archived || n.Archived
		if n.IsForked && p.ForkedFromProject == nil {
			p.ForkedFromProject = &gl.ForkParent{}
		}
	}
	return nil
}

// parent finds out by REST what a fork is a fork of, if that tells.
func (f *Forge) parent(ctx context.Context, r *crawler.Repo) {
	if !r.Fork || r.Parent != "" || f.stranger.Load() {
		return
	}
	p, _, err := f.api.Projects.GetProject(r.ForgeID, nil, gl.WithContext(ctx))
	if err != nil {
		return // it is a fork of something
	}
	f.stranger.Store(p.RepositoryAccessLevel == "")
	if from := p.ForkedFromProject; from != nil && projectPath(from.PathWithNamespace) {
		r.Parent = f.address(from.PathWithNamespace)
	}
}
