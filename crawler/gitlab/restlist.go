// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
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
	if l.forge.kindOf(s) == kinds[len(kinds)-1] {
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
	s.reading = reading{}
	page, last := s.cursor(rest, k).place()
	resumed, resuming := last, page > 0 && k != instance
	var lost error
	for back := 1; ; {
		from := page
		if k == instance {
			from = last
		}
		projects, more, gap, err := l.forge.restPage(l.ctx, k, s.path, from)
		if err != nil {
			return failure(err, what)
		}
		lost = cmp.Or(lost, gap)
		done := !more
		projects = slices.DeleteFunc(projects, func(p *gl.Project) bool { return p == nil })
		var ids []string
		for _, p := range projects {
			ids = append(ids, strconv.Itoa(p.ID))
		}
		projects = slices.DeleteFunc(projects, func(p *gl.Project) bool { return p.ID > 0 && p.ID <= resumed })
		if resuming && page > 0 && len(projects) == len(ids) {
			page, back = max(0, page-back), 2*back // what was last was before this page
			continue
		}
		resuming = false
		for _, p := range projects {
			last = max(last, p.ID)
		}
		if goesOn := s.meets(ids); !done && (!goesOn || k == instance && s.idle > 0) {
			return fmt.Errorf("%s: a page of the list of projects is not the last one, but brings nothing new", what)
		}
		broken := done && lost != nil
		if err := l.listed(s, projects, cursor{rest, k, fmt.Sprintf("%d/%d", page, last)}, done && !broken); err != nil {
			return failure(err, what)
		}
		if broken {
			return failure(lost, what+": projects that cannot be listed")
		}
		if err := l.flush(false); err != nil || done {
			return err
		}
		page++
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
		switch r, ok := l.forge.repo(p); {
		case ok:
			repos = append(repos, r)
		case public(p):
			s.odd++
		}
	}
	l.add(s, repos, func(crawler.Repo) bool { return wanting }, after, done)
	return nil
}

// restPage asks for a page of the projects at a path: the one after a number for
// an instance, else the one with a number, from 0. Where GitLab fails over a
// page with a number, it is read piece by piece; lost is why not all of it could
// be. Of an instance less is read then, as the next page goes on after that.
func (f *Forge) restPage(ctx context.Context, k kind, path string, from int) (projects []*gl.Project, more bool, lost, err error) {
	type page struct {
		projects []*gl.Project
		more     bool
	}
	ask := func(number, size int) (*page, error) {
		projects, resp, err := f.restPiece(ctx, k, path, number-1, size)
		if err == nil && projects == nil {
			err = errNull
		}
		if err != nil {
			return nil, err
		}
		return &page{projects, resp.NextLink != "" || resp.NextPage != 0}, nil
	}
	smaller := func(err error) bool {
		var refusal *gl.ErrorResponse
		refused := errors.Is(err, gl.ErrNotFound) || errors.As(err, &refusal) && refusal.Response.StatusCode < http.StatusInternalServerError
		return !refused && lessHelps(ctx, err)
	}
	whole, err := ask(from+1, pageSize)
	pieces := []*page{whole}
	if err != nil && (k == group || k == user) && smaller(err) {
		pieces, lost, err = fetch.Pieces(from+1, pageSize, ask, smaller)
	}
	for size := pageSize / 2; err != nil && k == instance && size > 0 && smaller(err); size /= 2 {
		pieces[0], err = ask(from+1, size)
	}
	if err != nil {
		return nil, false, nil, err
	}
	for _, p := range pieces {
		if more = p == nil || p.more; p != nil {
			projects = append(projects, p.projects...)
		}
	}
	return projects, more, lost, nil
}

// restPiece asks for a page of a size.
func (f *Forge) restPiece(ctx context.Context, k kind, path string, from, size int) (projects []*gl.Project, resp *gl.Response, err error) {
	switch k {
	case project:
		p, resp, err := f.api.Projects.GetProject(path, nil, gl.WithContext(ctx))
		if err == nil && !public(p) {
			err = fmt.Errorf("the project is %s, not public: %w", p.Visibility, registry.ErrForbidden)
		}
		return []*gl.Project{p}, resp, err
	case instance:
		opt := gl.ListProjectsOptions{
			ListOptions: gl.ListOptions{Pagination: "keyset", PerPage: size},
			OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
			Visibility: gl.Ptr(gl.PublicVisibility),
		}
		if from > 0 {
			opt.IDAfter = &from
		}
		return f.api.Projects.ListProjects(&opt, gl.WithContext(ctx))
	case group:
		projects, resp, err = f.api.Groups.ListGroupProjects(path, &gl.ListGroupProjectsOptions{
			ListOptions: gl.ListOptions{PerPage: size, Page: from + 1},
			OrderBy:     gl.Ptr("id"), Sort: gl.Ptr("asc"),
			Visibility:       gl.Ptr(gl.PublicVisibility),
			IncludeSubGroups: gl.Ptr(true), WithShared: gl.Ptr(false),
		}, gl.WithContext(ctx))
	case user:
		projects, resp, err = f.api.Projects.ListUserProjects(gl.PathEscape(path), &gl.ListProjectsOptions{
			ListOptions: gl.ListOptions{PerPage: size, Page: from + 1},
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
