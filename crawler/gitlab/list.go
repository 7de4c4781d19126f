// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// pageSize is the largest page that GitLab gives.
const pageSize = 100

// kind is what lies at a path.
type kind string

const (
	group   kind = "group"
	user    kind = "user"
	project kind = "project"
)

// errStopped ends a listing whose reader has had enough.
var errStopped = errors.New("stopped")

// Repos implements crawler.Forge. Groups are listed with all their subgroups,
// but without the projects that other groups share with them.
func (f *Forge) Repos(ctx context.Context, path string) iter.Seq2[crawler.Repo, error] {
	return func(yield func(crawler.Repo, error) bool) {
		path := strings.Trim(path, "/")
		found := func(p *gl.Project) bool {
			r, ok := f.repo(p)
			return !ok || yield(r, nil)
		}
		var err error
		switch {
		case path == "":
			err = f.instance(ctx, found)
		case fs.ValidPath(path):
			err = f.at(ctx, path, found)
		default:
			err = fmt.Errorf("%s: %q is no path: %w", f.base, path, registry.ErrNotFound)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(crawler.Repo{}, err)
		}
	}
}

// instance lists all public projects in order of their number, each page from
// the last number of the page before: however many there are, and whatever
// comes and goes meanwhile.
func (f *Forge) instance(ctx context.Context, found func(*gl.Project) bool) error {
	opt := gl.ListProjectsOptions{
		ListOptions: gl.ListOptions{Pagination: "keyset", PerPage: pageSize},
		OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
		Visibility: gl.Ptr(gl.PublicVisibility),
	}
	return f.pages(ctx, f.base.String(), func(_, last int) ([]*gl.Project, *gl.Response, error) {
		if last > 0 {
			opt.IDAfter = &last
		}
		return f.api.Projects.ListProjects(&opt, gl.WithContext(ctx))
	}, found)
}

// pages goes through a list until GitLab says that there is no more. ask gets
// the number of the page and the largest number of a project so far.
func (f *Forge) pages(ctx context.Context, what string, ask func(number, last int) ([]*gl.Project, *gl.Response, error), found func(*gl.Project) bool) error {
	seen, last := make(map[int]bool), 0
	for number := 1; ; number++ {
		projects, resp, err := ask(number, last)
		if err == nil {
			err = f.complete(ctx, projects)
		}
		if err != nil {
			return failure(err, what)
		}
		before := len(seen)
		for _, p := range projects {
			if p == nil || seen[p.ID] {
				continue
			}
			seen[p.ID], last = true, max(last, p.ID)
			if !found(p) {
				return errStopped
			}
		}
		switch {
		case len(projects) == 0, resp.NextLink == "" && resp.NextPage == 0:
			return nil
		case len(seen) == before:
			return fmt.Errorf("%s: page %d of the list of projects is not the last one, but brings nothing new", what, number)
		}
	}
}

// at lists what lies at a path. What it turned out to be is asked for first
// the next time.
func (f *Forge) at(ctx context.Context, path string, found func(*gl.Project) bool) error {
	kinds := []kind{group, user}
	if strings.Contains(path, "/") {
		// Most sources this deep are single repositories.
		kinds = []kind{project, group}
	}
	key := strings.ToLower(path)
	if known, ok := f.kinds.Load(key); ok && known == kinds[1] {
		kinds[0], kinds[1] = kinds[1], kinds[0]
	}
	for _, k := range kinds {
		err := f.list(ctx, k, path, found)
		if errors.Is(err, registry.ErrNotFound) {
			continue
		}
		if err == nil {
			f.kinds.Store(key, k)
		}
		return err
	}
	return fmt.Errorf("%s: no public group, user or project there: %w", f.address(path), registry.ErrNotFound)
}

func (f *Forge) list(ctx context.Context, k kind, path string, found func(*gl.Project) bool) error {
	if k == project {
		return f.single(ctx, path, found)
	}
	return f.pages(ctx, f.address(path), func(number, _ int) (projects []*gl.Project, resp *gl.Response, err error) {
		paging := gl.ListOptions{PerPage: pageSize, Page: number}
		if k == group {
			projects, resp, err = f.api.Groups.ListGroupProjects(path, &gl.ListGroupProjectsOptions{
				ListOptions: paging,
				OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
				Visibility:       gl.Ptr(gl.PublicVisibility),
				IncludeSubGroups: gl.Ptr(true), WithShared: gl.Ptr(false),
			}, gl.WithContext(ctx))
		} else {
			projects, resp, err = f.api.Projects.ListUserProjects(gl.PathEscape(path), &gl.ListProjectsOptions{
				ListOptions: paging,
				OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
				Visibility: gl.Ptr(gl.PublicVisibility),
			}, gl.WithContext(ctx))
		}
		if err == nil && numeric(path) && slices.ContainsFunc(projects, func(p *gl.Project) bool {
			return p == nil || !strings.HasPrefix(p.PathWithNamespace, path+"/")
		}) {
			// GitLab took the path for somebody else's number.
			err = gl.ErrNotFound
		}
		return projects, resp, err
	}, found)
}

func (f *Forge) single(ctx context.Context, path string, found func(*gl.Project) bool) error {
	p, _, err := f.api.Projects.GetProject(path, nil, gl.WithContext(ctx))
	if err != nil {
		return failure(err, f.address(path))
	}
	if err := f.complete(ctx, []*gl.Project{p}); err != nil {
		return failure(err, f.address(path))
	}
	if !public(p) {
		return fmt.Errorf("%s: the project is %s, not public: %w", f.address(path), p.Visibility, registry.ErrForbidden)
	}
	if !found(p) {
		return errStopped
	}
	return nil
}

// numeric reports whether GitLab would take a path for a number.
func numeric(path string) bool { return strings.Trim(path, "0123456789") == "" }
