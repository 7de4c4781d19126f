// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	gl "github.com/xanzy/go-gitlab"
)

// countedFrom is how many requests sources take alone, at least, before a look
// at how many projects the instance has may be worth another.
const countedFrom = 3

// together goes through the list of all projects, where that is asked for or
// takes fewer requests than groups and users alone. It returns those that are
// still to be listed, such as those of which nothing was found: they may have
// other names by now.
func (l *listing) together(whole, owners []*source) (rest []*source, err error) {
	var shared []*source
	for _, s := range owners {
		if s.cursor(graphQL, group).at == "" {
			shared = append(shared, s)
		} else {
			rest = append(rest, s) // goes on where it was
		}
	}
	most := math.MaxInt
	if len(whole) == 0 {
		worth, err := l.worth(l.forge.singly(shared))
		if err != nil || !worth {
			return owners, err
		}
		most = 2 * l.pages // it may grow meanwhile
	}
	missing, err := l.instance(append(whole, shared...), most)
	return append(rest, missing...), err
}

// singly is how many requests groups and users take at least, each for itself.
func (f *Forge) singly(owners []*source) int {
	users, groups := f.people(owners)
	return len(users) + pages(len(groups)*(100+firstPage), int(f.room.Load()))
}

// people tells sources that are known to be users from the others.
func (f *Forge) people(owners []*source) (users, others []*source) {
	for _, s := range owners {
		if f.kindOf(s) == user {
			users = append(users, s)
		} else {
			others = append(others, s)
		}
	}
	return users, others
}

// worth reports whether the list of all projects takes less than so many
// requests. GitLab tells its length up to 10,000 projects.
func (l *listing) worth(singly int) (bool, error) {
	if l.pages == 0 && singly >= countedFrom {
		l.pages = math.MaxInt
		opt := gl.ListProjectsOptions{ListOptions: gl.ListOptions{PerPage: 1}, Simple: gl.Ptr(true)}
		_, resp, err := l.forge.api.Projects.ListProjects(&opt, gl.WithContext(patience(l.ctx)))
		switch {
		case l.hopeless(err):
			return false, fmt.Errorf("%s: %w", l.forge.base, err)
		case err == nil && resp.TotalItems > 0:
			l.pages = pages(resp.TotalItems, pageSize)
		}
	}
	return l.pages > 0 && l.pages < singly, nil
}

func pages(entries, size int) int { return (entries + size - 1) / max(1, size) }

// instance goes through all projects in order of their numbers, for the sources
// that they lie under, and returns those of which nothing was found. While most
// projects are new, their files come along at once. A list of more than so many
// pages is given up.
func (l *listing) instance(sources []*source, most int) (missing []*source, err error) {
	l.pages = math.MaxInt // once is enough
	if len(sources) == 0 {
		return nil, nil
	}
	first := sources[0]
	met := make(map[*source]bool)
	for _, s := range sources {
		if s.last < first.last {
			first = s
		}
		met[s] = s.path == "" || s.last > 0
	}
	after := cursor{graphQL, instance, ""}
	last := first.last
	_, after.at = first.cursor(graphQL, instance).passed()
	var list reading
	together := true // GitLab answers for so much
	fields := marks
	if first.Known == nil {
		fields = full
	}
	for page := 1; ; page++ {
		var data struct{ Projects *nodes[node] }
		variables := map[string]any{"first": pageSize, "after": orNull(after.at)}
		var err error
		if fields == full {
			err = l.forge.query(patience(l.ctx), instanceQuery(full), variables, &data)
			together = together && err == nil
		}
		if fields != full || lessHelps(l.ctx, err) {
			fields, err = l.forge.marked(l.ctx, instanceQuery, variables, &data, false)
		}
		if err == nil && data.Projects == nil {
			err = l.forge.withoutGraphQL("no list of projects")
		}
		done := false
		if err == nil {
			done, err = list.next(&after, data.Projects)
		}
		if err == nil && !done && page >= most {
			err = errors.New("the list of all projects is longer than GitLab told")
		}
		if err != nil {
			return l.brokenOff(sources, err)
		}
		if !done {
			for n := range data.Projects.all {
				number, _ := strconv.ParseUint(n.number(), 10, 64) // "" is 0
				last = max(last, number)
			}
		}
		fresh := 0
		for _, s := range sources {
			var part nodes[node]
			for n := range data.Projects.all {
				if n.public() && s.has(n.FullPath) {
					part.Nodes = append(part.Nodes, n)
				}
			}
			met[s] = met[s] || len(part.Nodes) > 0
			switch {
			case done && !met[s]:
				missing = append(missing, s)
			case done || len(part.Nodes) > 0:
				fresh += l.found(s, &part, fields, after.behind(last), done)
			}
		}
		if err := l.flush(false); err != nil || done {
			return missing, err
		}
		if fields = marks; together && 2*fresh > len(data.Projects.Nodes) {
			fields = full
		}
	}
}

// brokenOff ends the sources that cannot be had another way than by the list of
// all projects, and returns the others.
func (l *listing) brokenOff(sources []*source, why error) (others []*source, err error) {
	why = fmt.Errorf("%s: %w", l.forge.base, why)
	if l.hopeless(why) {
		return nil, why
	}
	for _, s := range sources {
		if s.path != "" {
			others = append(others, s)
		} else if err := l.end(s, why); err != nil {
			return nil, err
		}
	}
	return others, nil
}

// has reports whether a project lies at the source's path or below it.
func (s *source) has(project string) bool {
	n := len(s.path)
	return n == 0 || len(project) > n && project[n] == '/' && strings.EqualFold(project[:n], s.path)
}

// behind makes a place in the list of all projects one that tells the largest
// number of a project before it, too.
func (c cursor) behind(last uint64) cursor {
	if c.at != "" {
		c.at = fmt.Sprintf("%d/%s", last, c.at)
	}
	return c
}

// passed is the inverse of behind. What is no place is the beginning.
func (c cursor) passed() (last uint64, at string) {
	number, at, _ := strings.Cut(c.at, "/")
	last, err := strconv.ParseUint(number, 10, 64)
	if err != nil || at == "" {
		return 0, ""
	}
	return last, at
}
