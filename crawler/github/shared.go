// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// part is what one query asks of one target.
type part struct {
	*target
	first int // the size of an owner's page; 1 for a single repository
}

// ownerPublic are the arguments that leave an owner's public repositories, the
// oldest first, so that those that come while the pages are read go to the end.
const ownerPublic = `privacy: PUBLIC, ownerAffiliations: [OWNER], orderBy: {field: CREATED_AT, direction: ASC}`

// sharedQuery asks for pages of owners and for single repositories under the
// aliases p0, p1 and so on, and for how many repositories other owners have
// under s0, s1 and so on.
func sharedQuery(parts []part, sizes []*target, light bool) string {
	var b strings.Builder
	node, fragments := nodeSelection(light)
	b.WriteString("query {")
	for i, p := range parts {
		if p.name != "" {
			fmt.Fprintf(&b, "\n  p%d: repository(owner: %s, name: %s) %s", i, literal(p.owner), literal(p.name), node)
			continue
		}
		after := ""
		if cursor := p.cursor(atCursor); cursor != "" {
			after = ", after: " + literal(cursor)
		}
		fmt.Fprintf(&b, "\n  p%d: repositoryOwner(login: %s) { repositories(first: %d%s, %s) { totalCount pageInfo { endCursor hasNextPage } nodes %s } }",
			i, literal(p.owner), p.first, after, ownerPublic, node)
	}
	for i, t := range sizes {
		fmt.Fprintf(&b, "\n  s%d: repositoryOwner(login: %s) { repositories(%s) { totalCount } }", i, literal(t.owner), ownerPublic)
	}
	b.WriteString("\n}" + fragments)
	return b.String()
}

// nodeSelection is what is asked of each repository.
func nodeSelection(light bool) (selection, fragments string) {
	if light {
		return "{ ...listed }", listed
	}
	return "{ ...listed ...carried }", listed + carried
}

// plan chooses what the next query asks: repositories of the foremost targets,
// room of them, and the sizes of owners further on, so that the queries to come
// can be filled.
func plan(queue []*target, room int) (parts []part, sizes []*target) {
	size := room
	ahead := 0 // repositories that are known to be left for later queries
	for _, t := range queue {
		want := t.left()
		switch {
		case room > 0:
			first := min(room, pageSize) // where the size is not known, whatever may come
			if want != unknown {
				first = min(first, want)
			}
			parts = append(parts, part{t, first})
			room -= first
			ahead += max(0, want-first)
		case want == unknown && size > 1:
			sizes = append(sizes, t)
		default:
			ahead += max(0, want)
		}
		if room <= 0 && ahead >= size || len(sizes) == min(size, pageSize) {
			break
		}
	}
	return parts, sizes
}

// weight is how many repositories a query asks for at most.
func weight(parts []part) int {
	sum := 0
	for _, p := range parts {
		sum += p.first
	}
	return sum
}

// left is how many repositories are still to come, as far as known.
func (t *target) left() int {
	switch {
	case t.name != "":
		return 1
	case t.total == unknown || t.total <= t.read: // it was counted wrongly
		return unknown
	}
	return t.total - t.read
}

// shared lists owners and single repositories over GraphQL, many with one query.
func (l *listing) shared(queue []*target) error {
	for failed := 0; len(queue) > 0 && !l.stopped; {
		size := l.size()
		parts, sizes := plan(queue, size.size)
		what := parts[0].what
		if n := len(parts) + len(sizes) - 1; n > 0 {
			what += fmt.Sprintf(" and %d more", n)
		}
		began := l.forge.now()
		got, err := l.forge.query(size.patience(l.ctx), what, sharedQuery(parts, sizes, l.light))
		took := l.forge.now().Sub(began)
		if err == nil {
			// One repository alone is the smallest query there is.
			if err = l.answered(parts, sizes, got, size.size > 1); l.stopped {
				return nil
			}
		}
		if err == nil {
			size.grow(took)
			failed = 0
		} else {
			size.size = min(size.size, max(weight(parts), len(sizes)))
			switch again, stop := l.forge.smaller(l.ctx, size, err); {
			case stop != nil:
				return stop
			case again:
			case !smallerHelps(l.ctx, err):
				return err
			default:
				if failed++; failed == unanswered {
					return ofAll(err)
				}
				// One that is too much for a query is read in another way.
				if err := l.alone(parts[0].target); err != nil {
					return err
				}
			}
		}
		queue = slices.DeleteFunc(queue, func(t *target) bool { return t.done })
	}
	return nil
}

// answered hands over what an answer has. Its error is why parts of it failed.
func (l *listing) answered(parts []part, sizes []*target, got answer, smallerMayDo bool) error {
	var page crawler.Page
	var failed error
	for i, p := range parts {
		progress, err := l.read(p, got, "p"+strconv.Itoa(i), &page, smallerMayDo)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		page.Progress = append(page.Progress, progress)
	}
	for i, t := range sizes {
		if progress, done := t.count(got, "s"+strconv.Itoa(i)); done {
			page.Progress = append(page.Progress, progress)
		}
	}
	if err := l.bring(); err != nil {
		return err
	}
	if len(page.Progress) > 0 {
		l.hand(page.Repos, page.Progress...)
	}
	return failed
}

// read takes a part of an answer, whose repositories go to the page. failed is
// why nothing was taken though a smaller query may do.
func (l *listing) read(p part, got answer, alias string, page *crawler.Page, smallerMayDo bool) (progress crawler.Progress, failed error) {
	repos := page.Repos
	more, err := false, error(nil)
	if p.name != "" {
		repos, err = l.readSingle(p, got, alias, repos)
	} else {
		repos, more, err = l.readOwner(p, got, alias, repos, smallerMayDo)
	}
	switch {
	case err == nil && more:
		page.Repos = repos
		return p.progress(), nil
	case err == nil:
		page.Repos = repos
		return p.end(nil), nil
	case smallerMayDo && !final(err):
		return crawler.Progress{}, err
	}
	return p.end(fmt.Errorf("%s: %w", p.what, err)), nil
}

// final reports whether the forge has said what there is to say of a thing.
func final(err error) bool {
	return errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrForbidden) || errors.Is(err, errCircle)
}

func (l *listing) readSingle(p part, got answer, alias string, repos []crawler.Repo) ([]crawler.Repo, error) {
	var node repository
	if err := got.get(alias, &node); err != nil {
		return nil, err
	}
	if node.IsPrivate {
		return nil, fmt.Errorf("%w: it is not public", registry.ErrNotFound)
	}
	r, err := l.forge.listedRepo(&node, got.errs, alias, !l.light)
	if err != nil {
		return nil, err
	}
	return l.take(p.target, repos, r), nil
}

// readOwner takes a page of what an owner has. more says that others follow.
func (l *listing) readOwner(p part, got answer, alias string, repos []crawler.Repo, smallerMayDo bool) (page []crawler.Repo, more bool, err error) {
	var owner struct {
		Repositories *struct {
			TotalCount int
			PageInfo   *struct {
				EndCursor   string
				HasNextPage bool
			}
			Nodes []*repository
		}
	}
	if err := got.get(alias, &owner); err != nil {
		return nil, false, err
	}
	list := owner.Repositories
	if list == nil || list.Nodes == nil || list.PageInfo == nil {
		return nil, false, errors.Join(errors.New("the answer lacks the repositories"), got.errs.below(alias).err())
	}
	place := alias + "/repositories/nodes"
	if err := p.missing(list.Nodes, got.errs, place, smallerMayDo); err != nil {
		return nil, false, err
	}
	before := len(p.seen)
	repos = l.takeNodes(p.target, repos, list.Nodes, got.errs, place)
	p.total, p.read = list.TotalCount, p.read+len(list.Nodes)
	if !list.PageInfo.HasNextPage {
		return repos, false, nil
	}
	if next := list.PageInfo.EndCursor; next == "" || len(next) > maxCursor || p.circles(before) {
		p.lose(errCircle)
		return repos, false, nil
	}
	p.after = atCursor + list.PageInfo.EndCursor
	return repos, true, nil
}

// missing looks for repositories that a list lacks. One that GitHub refuses or
// has no longer is left out; one that failed for another reason is the error
// where a smaller query may do, and lost otherwise.
func (t *target) missing(nodes []*repository, errs queryErrors, place string, smallerMayDo bool) error {
	for i, node := range nodes {
		if node != nil {
			continue
		}
		switch why := errs.of(place + "/" + strconv.Itoa(i)); {
		case why == nil, final(why):
		case smallerMayDo:
			return why
		default:
			t.lose(why)
		}
	}
	return nil
}

// takeNodes adds the repositories of a list to a page.
func (l *listing) takeNodes(t *target, page []crawler.Repo, nodes []*repository, errs queryErrors, place string) []crawler.Repo {
	for i, node := range nodes {
		if node == nil || node.IsPrivate {
			continue
		}
		r, err := l.forge.listedRepo(node, errs, place+"/"+strconv.Itoa(i), !l.light)
		if err != nil {
			t.lose(err)
			continue
		}
		page = l.take(t, page, r)
	}
	return page
}

// count takes an owner's number of repositories. done says that there is
// nothing to list.
func (t *target) count(got answer, alias string) (progress crawler.Progress, done bool) {
	var owner struct {
		Repositories *struct{ TotalCount int }
	}
	switch err := got.get(alias, &owner); {
	case err != nil && final(err):
		return t.end(fmt.Errorf("%s: %w", t.what, err)), true
	case err != nil, owner.Repositories == nil: // its turn will tell
	case owner.Repositories.TotalCount <= 0:
		return t.end(nil), true
	default:
		t.total = owner.Repositories.TotalCount
	}
	return crawler.Progress{}, false
}
