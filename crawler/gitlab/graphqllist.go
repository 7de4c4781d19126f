// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// pathsMax is how many paths GitLab takes in one list.
	pathsMax = 50

	// firstPage is the page of a group that is looked into beside others: small,
	// since most are, and groups with small pages cost less.
	firstPage = 20

	// roomAtFirst is how much a query of groups may hold, as groups times 100
	// and a page, until GitLab says otherwise: 13 groups with small pages.
	roomAtFirst = 13 * (100 + firstPage)
)

// overGraphQL lists sources. Those that are not done where it fails with
// errNoGraphQL are to be listed in another way.
func (l *listing) overGraphQL(sources []*source) error {
	var whole, projects, owners []*source
	for _, s := range sources {
		known := l.forge.kindOf(s)
		switch {
		case s.path == "":
			whole = append(whole, s)
		case known == user, known == group, s.cursor(graphQL, group).at != "", s.last > 0, !strings.Contains(s.path, "/"):
			owners = append(owners, s)
		default:
			projects = append(projects, s)
		}
	}
	missing, err := l.projects(projects)
	if err != nil {
		return err
	}
	owners, err = l.together(whole, append(owners, missing...))
	if err != nil {
		return err
	}
	users, groups := l.forge.people(owners)
	missing, err = l.groups(groups)
	if err != nil {
		return err
	}
	// GraphQL lists no user's projects to strangers, and follows no project that
	// moved. REST finds them.
	more, others := l.forge.people(missing)
	users, err = l.together(nil, append(users, more...))
	if err != nil {
		return err
	}
	for _, s := range append(users, others...) {
		if err := l.overREST(s); err != nil {
			return err
		}
	}
	return l.flush(true)
}

// found adds the public ones of the projects of a source, and tells how many
// of them the last visit did not see so.
func (l *listing) found(s *source, list *nodes[node], fields string, after cursor, done bool) (fresh int) {
	var repos []crawler.Repo
	isNew := make(map[string]bool)
	for n := range list.all {
		if !n.public() {
			continue
		}
		if !n.listable() {
			s.odd++
			continue
		}
		r := l.forge.repoOf(n, fields != briefly)
		if !s.known(r) {
			isNew[r.ForgeID] = true
		}
		repos = append(repos, r)
	}
	wanting := func(r crawler.Repo) bool { return fields != full && isNew[r.ForgeID] }
	l.add(s, repos, wanting, after, done)
	return len(isNew)
}

// next moves a cursor to where a list goes on after a page.
func (r *reading) next(after *cursor, page *nodes[node]) (done bool, err error) {
	if page.Nodes == nil || page.PageInfo == nil {
		return false, errNull
	}
	var ids []string
	for n := range page.all {
		ids = append(ids, n.number())
	}
	goesOn := r.meets(ids)
	switch end := page.PageInfo.EndCursor; {
	case !page.more():
		return true, nil
	case goesOn && end != "" && end != after.at && len(end) <= maxCursor:
		after.at = end
		return false, nil
	}
	return false, errors.New("a page of the list of projects is not the last one, but leads no further")
}

// maxCursor is the longest cursor that is kept, in bytes.
const maxCursor = 1024

// projects lists single projects and returns the sources where there is none.
func (l *listing) projects(sources []*source) (missing []*source, err error) {
	for part := range slices.Chunk(sources, 2*pathsMax) {
		byPath, fields, err := l.forge.byPath(l.ctx, part)
		for _, s := range part {
			key := strings.ToLower(s.path)
			why := err
			switch n := byPath[key]; {
			case why != nil:
			case n == nil:
				missing = append(missing, s)
				continue
			case !n.public():
				why = fmt.Errorf("the project is %.20q, not public: %w", n.Visibility, registry.ErrForbidden)
			default:
				l.forge.kinds.Store(key, project)
				s.one = true
				l.found(s, &nodes[node]{Nodes: []*node{n}}, fields, cursor{}, true)
				continue
			}
			if err := l.end(s, fmt.Errorf("%s: %w", l.forge.address(s.path), why)); err != nil {
				return nil, err
			}
		}
		if err := l.flush(false); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// byPath asks for projects by their paths, and tells which fields came.
func (f *Forge) byPath(ctx context.Context, sources []*source) (byPath map[string]*node, fields string, err error) {
	variables := make(map[string]any)
	lists := 0
	for part := range slices.Chunk(sources, pathsMax) {
		var paths []string
		for _, s := range part {
			paths = append(paths, s.path)
		}
		variables[fmt.Sprint("paths", lists)], variables[fmt.Sprint("first", lists)] = paths, len(paths)
		lists++
	}
	var data map[string]*nodes[node]
	fields, err = f.marked(ctx, func(fields string) string { return pathsQuery(lists, fields) }, variables, &data, false)
	byPath = make(map[string]*node)
	for _, list := range data {
		for n := range list.all {
			byPath[strings.ToLower(n.FullPath)] = n
		}
	}
	return byPath, fields, err
}

// turn is a group whose next page is to come.
type turn struct {
	source *source
	after  cursor
	first  int // 0 until it is decided
}

// groups lists groups, many with one request, and returns the sources where
// there is none.
func (l *listing) groups(sources []*source) (missing []*source, err error) {
	var queue []turn
	for _, s := range sources {
		queue = append(queue, turn{source: s, after: s.cursor(graphQL, group)})
	}
	most := len(queue)
	for len(queue) > 0 {
		turns := l.forge.fitting(queue)
		turns = turns[:min(len(turns), most)]
		lists, fields, err := l.forge.groupPages(l.ctx, turns)
		if l.forge.tighten(turns, err) {
			// It takes more requests than it looked like.
			if queue, err = l.shared(queue); err != nil {
				return nil, err
			}
			continue
		}
		if l.hopeless(err) {
			return nil, err
		}
		if lessHelps(l.ctx, err) && len(turns) > 1 {
			most = len(turns) / 2
			continue
		}
		most = 2 * len(turns)
		queue = queue[len(turns):]
		for i, t := range turns {
			why, after, done := err, t.after, false
			switch {
			case why != nil:
			case lists[i] == nil:
				if !strings.Contains(t.source.path, "/") {
					l.forge.kinds.Store(strings.ToLower(t.source.path), user)
				}
				missing = append(missing, t.source)
				continue
			default:
				done, why = t.source.next(&after, lists[i])
			}
			if why != nil {
				if err := l.end(t.source, fmt.Errorf("%s: %w", l.forge.address(t.source.path), why)); err != nil {
					return nil, err
				}
				continue
			}
			l.forge.kinds.Store(strings.ToLower(t.source.path), group)
			l.found(t.source, lists[i], fields, after, done)
			if !done {
				queue = append(queue, turn{t.source, after, pageSize})
			}
		}
		if err := l.flush(false); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// shared leaves in a queue what is not better listed with the whole instance.
func (l *listing) shared(queue []turn) ([]turn, error) {
	left := make(map[*source]turn)
	var sources []*source
	for _, t := range queue {
		left[t.source] = t
		sources = append(sources, t.source)
	}
	rest, err := l.together(nil, sources)
	queue = nil
	for _, s := range rest {
		queue = append(queue, left[s])
	}
	return queue, err
}

// fitting are the first turns of a queue that one query has room for. What goes
// on goes on with large pages, and so does all where there is little.
func (f *Forge) fitting(queue []turn) []turn {
	room := int(f.room.Load())
	first := firstPage
	if len(queue)*(100+pageSize) <= room {
		first = pageSize
	}
	n := 0
	for ; n < len(queue); n++ {
		queue[n].first = max(queue[n].first, first)
		if room -= 100 + queue[n].first; room < 0 && n > 0 {
			break
		}
	}
	return queue[:n]
}

// tighten makes later queries smaller where one was too complex for GitLab.
func (f *Forge) tighten(turns []turn, err error) bool {
	costly := (*complexityError)(nil)
	if len(turns) < 2 || !errors.As(err, &costly) {
		return false
	}
	load := 0
	for _, t := range turns {
		load += 100 + t.first
	}
	f.room.Store(int64(min(load*costly.limit/max(1, costly.score), load-1)))
	return true
}

// groupPages asks for the next pages of groups, nil for what is no group. It
// tells which fields came.
func (f *Forge) groupPages(ctx context.Context, turns []turn) (lists []*nodes[node], fields string, err error) {
	variables := make(map[string]any)
	for i, t := range turns {
		n := strconv.Itoa(i)
		variables["path"+n], variables["after"+n], variables["first"+n] = t.source.path, orNull(t.after.at), t.first
	}
	var data map[string]*struct{ Projects *nodes[node] }
	fields, err = f.marked(ctx, func(fields string) string { return groupsQuery(len(turns), fields) }, variables, &data, len(turns) > 1)
	lists = make([]*nodes[node], len(turns))
	for i := range turns {
		if g := data["g"+strconv.Itoa(i)]; g != nil {
			lists[i] = g.Projects
		}
	}
	return lists, fields, err
}

// marked asks for the marks of projects, or, where that fails, for what is
// known without looking into them: one broken repository breaks the answer for
// all, and is found out when each is read for itself.
func (f *Forge) marked(ctx context.Context, query func(fields string) string, variables map[string]any, data any, divisible bool) (fields string, err error) {
	costly := (*complexityError)(nil)
	err = f.query(patience(ctx), query(marks), variables, data)
	if !lessHelps(ctx, err) || divisible && errors.As(err, &costly) {
		return marks, err
	}
	err = f.query(ctx, query(briefly), variables, data)
	if errors.As(err, &costly) && !divisible {
		err = f.withoutGraphQL(err.Error())
	}
	return briefly, err
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
