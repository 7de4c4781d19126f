// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// overREST lists a source over REST.
func (l *listing) overREST(s *source) error {
	kinds := []kind{group, user}
	switch {
	case s.path == "":
		kinds = []kind{instance}
	case strings.Contains(s.path, "/"):
		// Most sources this deep are single repositories.
		kinds = []kind{project, group}
	}
	key := strings.ToLower(s.path)
	if known, ok := l.forge.kinds.Load(key); ok && known == kinds[len(kinds)-1] {
		slices.Reverse(kinds)
	}
	for _, k := range kinds {
		err := l.restPages(s, k)
		if errors.Is(err, registry.ErrNotFound) {
			continue
		}
		if err != nil {
			return l.end(s, err)
		}
		l.forge.kinds.Store(key, k)
		return nil
	}
	l.forge.kinds.Delete(key)
	return l.end(s, fmt.Errorf("%s: no public group, user or project there: %w", l.forge.address(s.path), registry.ErrNotFound))
}

// restPages lists a source, taken for one of a kind, page by page in order of
// the numbers of the projects. An instance goes on after the last number; other
// lists have pages only, and go on at the page where that number was or would
// be: nothing is left out though projects in front of it went.
func (l *listing) restPages(s *source, k kind) error {
	what := l.forge.address(s.path)
	s.one = k == project
	page, last := s.cursor(rest, k).place()
	resumed, resuming := last, last > 0
	seen := make(map[int]bool)
	for {
		from := page
		if k == instance {
			from = last
		}
		projects, resp, err := l.forge.restPage(l.ctx, k, s.path, from)
		if err != nil {
			return failure(err, what)
		}
		asked := len(projects)
		projects = slices.DeleteFunc(projects, func(p *gl.Project) bool { return p == nil || p.ID <= resumed })
		if resuming && page > 0 && len(projects) == asked {
			page-- // what was last was before this page
			continue
		}
		done, before := asked == 0 || resp.NextLink == "" && resp.NextPage == 0, len(seen)
		for _, p := range projects {
			seen[p.ID], last = true, max(last, p.ID)
		}
		if !done && len(seen) == before && !resuming {
			return fmt.Errorf("%s: a page of the list of projects is not the last one, but brings nothing new", what)
		}
		after := cursor{rest, k, fmt.Sprintf("%d/%d", page, last)}
		if err := l.listed(s, projects, after, done); err != nil {
			return failure(err, what)
		}
		if err := l.flush(false); err != nil || done {
			return err
		}
		page, resuming = page+1, false
	}
}

// listed adds the projects of a page. Where there is GraphQL, it completes them.
func (l *listing) listed(s *source, projects []*gl.Project, after cursor, done bool) error {
	wanting := !l.forge.noGraphQL.Load()
	if !wanting {
		if err := l.forge.unveil(l.ctx, projects); err != nil {
			return err
		}
	}
	var repos []crawler.Repo
	for _, p := range projects {
		if r, ok := l.forge.repo(p); ok {
			repos = append(repos, r)
		}
	}
	l.add(s, repos, func(crawler.Repo) bool { return wanting }, after, done)
	return nil
}

// restPage asks for a page of the projects at a path: the one after a number for
// an instance, else the one with a number, from 0.
func (f *Forge) restPage(ctx context.Context, k kind, path string, from int) (projects []*gl.Project, resp *gl.Response, err error) {
	switch k {
	case project:
		p, resp, err := f.api.Projects.GetProject(path, nil, gl.WithContext(ctx))
		if err == nil && !public(p) {
			err = fmt.Errorf("the project is %s, not public: %w", p.Visibility, registry.ErrForbidden)
		}
		return []*gl.Project{p}, resp, err
	case instance:
		opt := gl.ListProjectsOptions{
			ListOptions: gl.ListOptions{Pagination: "keyset", PerPage: pageSize},
			OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
			Visibility: gl.Ptr(gl.PublicVisibility),
		}
		if from > 0 {
			opt.IDAfter = &from
		}
		return f.api.Projects.ListProjects(&opt, gl.WithContext(ctx))
	case group:
		projects, resp, err = f.api.Groups.ListGroupProjects(path, &gl.ListGroupProjectsOptions{
			ListOptions: gl.ListOptions{PerPage: pageSize, Page: from + 1},
			OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
			Visibility:       gl.Ptr(gl.PublicVisibility),
			IncludeSubGroups: gl.Ptr(true), WithShared: gl.Ptr(false),
		}, gl.WithContext(ctx))
	case user:
		projects, resp, err = f.api.Projects.ListUserProjects(gl.PathEscape(path), &gl.ListProjectsOptions{
			ListOptions: gl.ListOptions{PerPage: pageSize, Page: from + 1},
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
}

// numeric reports whether GitLab would take a path for a number.
func numeric(path string) bool { return strings.Trim(path, "0123456789") == "" }
