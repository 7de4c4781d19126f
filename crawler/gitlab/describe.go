// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// describedAtOnce is how many projects are asked for over REST at the same
	// time.
	describedAtOnce = 8

	// foldersRoom is how much a query of folders may hold, as folders times 100
	// and projects.
	foldersRoom = 900
)

// subject is a project on its way to its Activity.
type subject struct {
	*native
	repo     crawler.Repo
	activity registry.Activity
	err      error

	told     bool // GraphQL told the facts
	released bool // there may be releases
	crowded  bool // there are more open issues than came along
}

// Describe implements crawler.Forge. Languages, issues and folders come over
// GraphQL, for all projects together; tags, commits and the releases, which
// GraphQL would tell without their files, over REST.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	ctx = fetch.WithValues(ctx, crawler.MaxValues)
	subjects := make([]*subject, len(repos))
	for i, r := range repos {
		s := &subject{native: ofRepo(r), repo: r}
		if r.ForgeID == "" || !numeric(r.ForgeID) {
			s.err = fmt.Errorf("%s: %q is no project number: %w", r.URL, r.ForgeID, registry.ErrInvalid)
		}
		subjects[i] = s
	}
	if err := f.together(ctx, subjects); err != nil {
		return nil, err
	}
	var group errgroup.Group
	group.SetLimit(describedAtOnce)
	for _, s := range subjects {
		if s.err != nil {
			continue
		}
		group.Go(func() error {
			defer func() {
				if p := recover(); p != nil { // the library does not expect every answer
					s.err = fmt.Errorf("%s: an answer cannot be read: %v", s.repo.URL, p)
				}
			}()
			s.err = f.alone(ctx, s)
			return nil
		})
	}
	_ = group.Wait() // each has its own error
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: %w", f.base, context.Cause(ctx))
	}
	out := make([]crawler.Description, len(subjects))
	for i, s := range subjects {
		out[i] = crawler.Description{Repo: s.repo, Err: s.err}
		out[i].Repo.Native = s.native
		if s.err != nil {
			continue
		}
		crawler.Tidy(&s.activity)
		out[i].Activity = &s.activity
		if len(s.activity.Languages) > 0 {
			out[i].Repo.Language = s.activity.Languages[0].Name
		}
	}
	return out, nil
}

// together asks GraphQL for what it tells of many projects at once. What it
// does not tell is left to REST.
func (f *Forge) together(ctx context.Context, subjects []*subject) error {
	if f.noGraphQL.Load() {
		return nil
	}
	var asked, crowded []*subject
	for _, s := range subjects {
		if s.err == nil {
			asked = append(asked, s)
		}
	}
	err := inParts(ctx, asked, f.askFacts, func(*subject, error) {})
	if err == nil {
		err = f.askFolders(ctx, asked)
	}
	if err == nil {
		for _, s := range asked {
			if s.crowded {
				crowded = append(crowded, s)
			}
		}
		err = inParts(ctx, crowded, f.askHelp, func(*subject, error) {})
	}
	if errors.Is(err, errNoGraphQL) {
		return nil
	}
	return err
}

// numbers are the ids of projects in GraphQL, and the projects by their number.
func numbers(part []*subject) (ids []string, byNumber map[string]*subject) {
	byNumber = make(map[string]*subject)
	for _, s := range part {
		ids = append(ids, globalID+s.repo.ForgeID)
		byNumber[s.repo.ForgeID] = s
	}
	return ids, byNumber
}

func (f *Forge) askFacts(ctx context.Context, part []*subject) error {
	ids, subjects := numbers(part)
	var data struct{ Projects *nodes[node] }
	if err := f.query(ctx, idsQuery(facts), map[string]any{"ids": ids, "first": len(ids)}, &data); err != nil {
		return err
	}
	for n := range data.Projects.all {
		s := subjects[n.number()]
		if s == nil {
			continue
		}
		s.told = true
		s.released = n.Releases == nil || len(n.Releases.Nodes) > 0
		s.language(n.Languages)
		if n.IssuesEnabled != nil && !*n.IssuesEnabled || n.OpenIssuesCount == nil {
			continue
		}
		open := max(0, *n.OpenIssuesCount)
		s.activity.OpenIssues = &open
		s.help(n.Issues)
		s.crowded = n.Issues.more()
	}
	return nil
}

// askHelp asks for the issues under each help label, as people write them: the
// newest issues were not all.
func (f *Forge) askHelp(ctx context.Context, part []*subject) error {
	ids, subjects := numbers(part)
	labels := crawler.HelpLabels()
	variables := map[string]any{"ids": ids, "first": len(ids)}
	for i, label := range labels {
		variables[fmt.Sprint("label", i)] = label
	}
	var data map[string]*nodes[node]
	if err := f.query(ctx, helpQuery(len(labels)), variables, &data); err != nil {
		return err
	}
	for _, projects := range data {
		for n := range projects.all {
			if s := subjects[n.number()]; s != nil {
				s.help(n.Issues)
			}
		}
	}
	return nil
}

// help adds some issues.
func (s *subject) help(issues *nodes[issue]) {
	for i := range issues.all {
		var labels []string
		for l := range i.Labels.all {
			labels = append(labels, l.Title)
		}
		s.invite(i.IID, i.Title, labels, i.CreatedAt.Time)
	}
}

// invite adds an issue, which Tidy leaves out where its labels do not say that it
// is one for others.
func (s *subject) invite(number, title string, labels []string, created time.Time) {
	if number != "" && numeric(number) {
		s.activity.HelpWanted = append(s.activity.HelpWanted, registry.Issue{
			Title: title, URL: s.repo.URL + "/-/issues/" + number, Labels: labels, Created: created,
		})
	}
}

// language adds the languages that GitLab found.
func (s *subject) language(list []*registry.Language) {
	for _, l := range list {
		if l != nil {
			s.activity.Languages = append(s.activity.Languages, *l)
		}
	}
}

// lookedInto are the folders that entries are looked through for, in small
// letters.
var lookedInto = map[string]bool{
	"licenses": true, "licences": true, ".reuse": true, "sbom": true, "sboms": true, ".sbom": true,
	".gitlab": true, ".github": true, ".forgejo": true, ".gitea": true, "docs": true,
}

// askFolders lists folders that the projects have. GitLab answers no query that
// names a folder that is not there, so each is asked for of those that have it.
func (f *Forge) askFolders(ctx context.Context, subjects []*subject) error {
	having := make(map[string][]*subject)
	for _, s := range subjects {
		root, _ := s.known(".")
		for _, e := range root.entries {
			if e.Folder && lookedInto[strings.ToLower(e.Name)] {
				having[e.Name] = append(having[e.Name], s)
			}
		}
	}
	var wanted []shared
	for _, name := range slices.Sorted(maps.Keys(having)) {
		for part := range slices.Chunk(having[name], pageSize) {
			wanted = append(wanted, shared{name, part})
		}
	}
	for len(wanted) > 0 {
		n, room := 1, foldersRoom-100-len(wanted[0].of)
		for ; n < len(wanted); n++ {
			if room -= 100 + len(wanted[n].of); room < 0 {
				break
			}
		}
		if err := f.listFolders(ctx, wanted[:n]); err != nil {
			return err
		}
		wanted = wanted[n:]
	}
	return nil
}

// shared is a folder that several projects have.
type shared struct {
	name string
	of   []*subject
}

// listFolders lists folders, in two halves where GitLab does not answer for
// all. One that fails alone is listed when it is opened.
func (f *Forge) listFolders(ctx context.Context, wanted []shared) error {
	variables := make(map[string]any)
	names := make([]string, len(wanted))
	for i, w := range wanted {
		names[i] = w.name
		variables[fmt.Sprint("ids", i)], _ = numbers(w.of)
		variables[fmt.Sprint("first", i)] = len(w.of)
	}
	var data map[string]*nodes[node]
	err := f.query(patience(ctx), foldersQuery(names), variables, &data)
	if half := len(wanted) / 2; half > 0 && lessHelps(ctx, err) {
		return cmp.Or(f.listFolders(ctx, wanted[:half]), f.listFolders(ctx, wanted[half:]))
	}
	if err != nil && !lessHelps(ctx, err) {
		return err
	}
	for i, w := range wanted {
		_, subjects := numbers(w.of)
		for n := range data[fmt.Sprint("f", i)].all {
			if s := subjects[n.number()]; s != nil && n.Repository != nil {
				if found, ok := n.Repository.Tree.folder(); ok {
					s.keep(w.name, found)
				}
			}
		}
	}
	return nil
}
