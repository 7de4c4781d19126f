// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
)

// nodesQuery asks for repositories by their node ids, under the aliases n0, n1
// and so on, pageSize each.
func nodesQuery(ids []string, light bool) string {
	var b strings.Builder
	node, fragments := nodeSelection(light)
	b.WriteString("query {")
	for i := 0; i < len(ids); i += pageSize {
		list := make([]string, 0, pageSize)
		for _, id := range ids[i:min(len(ids), i+pageSize)] {
			list = append(list, literal(id))
		}
		fmt.Fprintf(&b, "\n  n%d: nodes(ids: [%s]) %s", i/pageSize, strings.Join(list, ", "), node)
	}
	b.WriteString("\n}" + fragments)
	return b.String()
}

// instance lists a whole Enterprise server. Only REST has a list of all
// repositories, those of persons among them, with little but their names;
// GraphQL tells the rest. Where that is asked without files it is asked for as
// much as possible from the start, since the list's own pages cannot be larger.
func (l *listing) instance(t *target) error {
	l.withoutFiles = pages{maxInstance, maxInstance}
	var waiting []*github.Repository
	var err error
	since := t.since()
	for more := true; err == nil && (more || len(waiting) > 0); {
		for more && len(waiting) < l.size().size && err == nil {
			var page []*github.Repository
			if page, more, err = l.forge.repositories(l.ctx, t, &since); err == nil {
				waiting = append(waiting, page...)
			}
		}
		if err != nil {
			return err
		}
		size := l.size()
		n := min(size.size, len(waiting))
		err = each(l.ctx, l.forge, size, waiting[:n],
			func(ctx context.Context, some []*github.Repository) error {
				return l.nodes(ctx, t, some, size.size > 1)
			},
			func(_ *github.Repository, err error) { t.lose(err) })
		if l.stopped {
			return nil
		}
		waiting = waiting[n:]
	}
	return err
}

// nodes hands over a page of an instance.
func (l *listing) nodes(ctx context.Context, t *target, some []*github.Repository, smallerMayDo bool) error {
	if l.stopped {
		return nil
	}
	ids := make([]string, len(some))
	for i, r := range some {
		ids[i] = r.GetNodeID()
	}
	got, err := l.forge.query(ctx, t.what, nodesQuery(ids, l.light))
	if err != nil {
		return err
	}
	lists := make([][]*repository, (len(ids)+pageSize-1)/pageSize)
	for i := range lists {
		alias := "n" + strconv.Itoa(i)
		if err := got.get(alias, &lists[i]); err != nil {
			return fmt.Errorf("%s: %w", t.what, err)
		}
		if n := min(pageSize, len(ids)-i*pageSize); len(lists[i]) < n {
			return fmt.Errorf("%s: %d repositories were asked for, %d answered", t.what, n, len(lists[i]))
		}
		if err := t.missing(lists[i], got.errs, alias, smallerMayDo); err != nil {
			return err
		}
	}
	var repos []crawler.Repo
	for i, nodes := range lists {
		repos = l.takeNodes(t, repos, nodes, got.errs, "n"+strconv.Itoa(i))
	}
	if err := l.bring(); err != nil {
		return err
	}
	t.after = atID + strconv.FormatInt(some[len(some)-1].GetID(), 10)
	l.hand(repos, t.progress())
	return nil
}

// since is the number of the last repository of an instance that was listed. What
// is none is the beginning.
func (t *target) since() int64 {
	n, err := strconv.ParseInt(t.cursor(atID), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// repositories reads a page of the list of all public repositories, in order of
// their numbers, after the number since, which it moves on.
func (f *Forge) repositories(ctx context.Context, t *target, since *int64) (page []*github.Repository, more bool, err error) {
	all, resp, err := f.client().Repositories.ListAll(ctx, &github.RepositoryListAllOptions{Since: *since})
	if err != nil {
		return nil, false, translate(err, t.what)
	}
	before := *since
	for _, r := range all {
		*since = max(*since, r.GetID())
		switch {
		case r.GetPrivate(), r.GetID() <= before:
		case f.token && r.GetNodeID() == "":
			t.lose(fmt.Errorf("%.100s is listed without a node id", r.GetFullName()))
		default:
			page = append(page, r)
		}
	}
	switch {
	case all == nil:
		return nil, false, fmt.Errorf("%s: %w", t.what, errNull)
	case len(all) > 0 && *since == before:
		return nil, false, fmt.Errorf("%s: %w after %d", t.what, errCircle, before)
	}
	return page, resp.NextPage != 0 && len(all) > 0, nil
}
