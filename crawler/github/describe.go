// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// describedAtOnce is how many repositories one query describes: 68
	// connections each, so that a query costs seven points of the 5,000 an hour.
	describedAtOnce = 10
)

// folders are listed with the description: those that a collector looks into.
var folders = []string{".", "LICENSES", ".reuse", ".github", "docs", ".gitlab"}

// facts is what a description asks of a repository besides its folders and
// commits.
var facts = fmt.Sprintf(`
fragment facts on Repository {
  databaseId isPrivate hasIssuesEnabled
  languages(first: 50, orderBy: {field: SIZE, direction: DESC}) { totalSize edges { size node { name } } }
  releases(first: %d, orderBy: {field: CREATED_AT, direction: DESC}) {
    nodes { tagName name publishedAt isDraft isPrerelease releaseAssets(first: %d) { nodes { name size } } }
  }
  refs(refPrefix: "refs/tags/", first: %d, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) { nodes { name target { ...tagged } } }
  open: issues(states: [OPEN]) { totalCount }
  invitations: issues(first: %d, states: [OPEN], labels: %s, orderBy: {field: CREATED_AT, direction: DESC}) {
    nodes { number title createdAt labels(first: 20) { nodes { name } } }
  }
}
fragment tagged on GitObject {
  __typename oid
  ... on Commit { committedDate }
  ... on Tag { tagger { date } target { __typename oid ... on Commit { committedDate } } }
}`, registry.MaxReleases, registry.MaxAssets, registry.MaxTags, registry.MaxIssues, labels())

// labels are the help labels as people write them, should GitHub tell cases apart.
func labels() string {
	all := crawler.HelpLabels()
	for i, label := range all {
		all[i] = literal(label)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// described is a repository as a description has it.
type described struct {
	DatabaseID       int64
	IsPrivate        bool
	HasIssuesEnabled bool
	Languages        struct {
		TotalSize int64
		Edges     []*struct {
			Size int64
			Node *struct{ Name string }
		}
	}
	Releases    list[release]
	Refs        list[ref]
	Open        *struct{ TotalCount int }
	Invitations list[issue]
	Head        map[string]*history // by alias; nil where there is no commit
}

// list is a connection whose items may be missing.
type list[T any] struct{ Nodes []*T }

type release struct {
	TagName, Name         string
	PublishedAt           crawler.Date
	IsDraft, IsPrerelease bool
	ReleaseAssets         list[struct {
		Name string
		Size int64
	}]
}

type ref struct {
	Name   string
	Target *struct {
		tagged
		Tagger *struct{ Date crawler.Date }
		Target *tagged
	}
}

type tagged struct {
	Typename      string `json:"__typename"`
	OID           string
	CommittedDate crawler.Date
}

type issue struct {
	Number    int
	Title     string
	CreatedAt crawler.Date
	Labels    list[struct{ Name string }]
}

// subject is one repository that is being described.
type subject struct {
	*crawler.Description
	owner, name string
	rev         string // whose folders and commits are read: the listed commit
	partly      bool   // without its commits, which took GitHub too long
	count       *count // of its commits
}

// Describe implements crawler.Forge. Without a token it adds nothing: the sixty
// requests an hour that GitHub then allows are the listing's.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	ctx = fetch.WithValues(ctx, crawler.MaxValues)
	out := make([]crawler.Description, len(repos))
	var subjects []*subject
	for i, r := range repos {
		out[i].Repo = r
		owner, name, err := f.names(r.URL)
		if err != nil {
			out[i].Err = err
			continue
		}
		s := &subject{Description: &out[i], owner: owner, name: name, rev: "HEAD"}
		if n, ok := r.Native.(*native); ok && n != nil && n.commit != "" {
			s.rev = n.commit
		}
		subjects = append(subjects, s)
	}
	if !f.token {
		return out, ctx.Err()
	}
	if err := f.describe(ctx, subjects); err != nil {
		return nil, err
	}
	return out, nil
}

// describe does all of Describe that goes over GraphQL.
func (f *Forge) describe(ctx context.Context, subjects []*subject) error {
	year := crawler.YearTo(f.now())
	size := &pages{describedAtOnce, describedAtOnce}
	ask := func(ctx context.Context, some []*subject) error { return f.askFacts(ctx, some, year) }
	var slow []*subject
	err := each(ctx, f, size, subjects, ask, func(s *subject, _ error) {
		s.partly = true
		slow = append(slow, s)
	})
	if err == nil {
		err = each(ctx, f, size, slow, ask, func(s *subject, err error) { s.Err = err })
	}
	described := func(s *subject) bool { return s.Activity != nil }
	if err != nil && (fetch.Hopeless(ctx, err) || !slices.ContainsFunc(subjects, described)) {
		return err
	}
	for _, s := range subjects {
		if err != nil && s.Activity == nil && s.Err == nil {
			s.Err = fmt.Errorf("%s: %w", s.Repo.URL, err)
		}
	}
	if err := f.countAuthors(ctx, subjects); fetch.Hopeless(ctx, err) {
		return err
	}
	for _, s := range subjects {
		if s.count != nil {
			s.Activity.Commits = s.count.sum()
		}
	}
	return nil
}

// factsQuery asks for subjects under the aliases d0, d1 and so on, each with its
// folders under f0, f1 and so on.
func factsQuery(subjects []*subject, year year) string {
	var b strings.Builder
	b.WriteString("query {")
	fragments := facts + folderFragment
	if slices.ContainsFunc(subjects, func(s *subject) bool { return !s.partly }) {
		fragments += countsFragment(year)
	}
	for i, s := range subjects {
		fmt.Fprintf(&b, "\n  d%d: repository(owner: %s, name: %s) {\n    ...facts", i, literal(s.owner), literal(s.name))
		for j, folder := range folders {
			fmt.Fprintf(&b, "\n    f%d: object(expression: %s) { ...folder }", j, literal(s.rev+":"+gitPath(folder)))
		}
		if !s.partly {
			fmt.Fprintf(&b, "\n    head: object(expression: %s) { ...counts }", literal(s.rev))
		}
		b.WriteString("\n  }")
	}
	b.WriteString("\n}" + fragments)
	return b.String()
}

// askFacts describes subjects by one query. An error leaves them as they were.
func (f *Forge) askFacts(ctx context.Context, some []*subject, year year) error {
	what := fmt.Sprintf("%d repositories on %s, the first %s/%s", len(some), f.base.Host, some[0].owner, some[0].name)
	got, err := f.query(ctx, what, factsQuery(some, year))
	if err != nil {
		return err
	}
	var failed error
	for i, s := range some {
		alias := "d" + strconv.Itoa(i)
		var d described
		var objects map[string]json.RawMessage
		err := errors.Join(got.get(alias, &d), got.get(alias, &objects))
		if err == nil {
			err = got.errs.below(alias).but(final).err()
		}
		other := d.IsPrivate || s.Repo.ForgeID != "" && s.Repo.ForgeID != strconv.FormatInt(d.DatabaseID, 10)
		switch {
		case final(err):
			s.Err = fmt.Errorf("%s: %w", s.Repo.URL, err)
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.Repo.URL, err))
		case other:
			s.Err = fmt.Errorf("%w: %s is not the repository any more that was listed", registry.ErrNotFound, s.Repo.URL)
		default:
			f.take(s, &d, year)
			s.Repo.Native = withFolders(s.Repo.Native, objects, got.errs, alias)
		}
	}
	return failed
}

// take makes an Activity of what a query told.
func (f *Forge) take(s *subject, d *described, year year) {
	home := f.base.String() + "/" + s.owner + "/" + s.name
	a := &registry.Activity{}
	for _, e := range d.Languages.Edges {
		if e != nil && e.Node != nil && d.Languages.TotalSize > 0 {
			a.Languages = append(a.Languages, registry.Language{Name: e.Node.Name, Share: 100 * float64(e.Size) / float64(d.Languages.TotalSize)})
		}
	}
	for _, r := range d.Releases.Nodes {
		if r == nil || r.IsDraft {
			continue
		}
		out := registry.Release{Tag: r.TagName, Name: r.Name, Published: r.PublishedAt.Time, Prerelease: r.IsPrerelease}
		for _, asset := range r.ReleaseAssets.Nodes {
			if asset != nil {
				out.Assets = append(out.Assets, registry.Asset{
					Name: asset.Name, Size: asset.Size,
					URL: home + "/releases/download/" + url.PathEscape(r.TagName) + "/" + url.PathEscape(asset.Name),
				})
			}
		}
		a.Releases = append(a.Releases, out)
	}
	for _, r := range d.Refs.Nodes {
		if r != nil && r.Target != nil {
			a.Tags = append(a.Tags, r.tag())
		}
	}
	if d.HasIssuesEnabled && d.Open != nil {
		a.OpenIssues = &d.Open.TotalCount
	}
	for _, i := range d.Invitations.Nodes {
		if i == nil || i.Number <= 0 {
			continue
		}
		out := registry.Issue{Title: i.Title, URL: home + "/issues/" + strconv.Itoa(i.Number), Created: i.CreatedAt.Time}
		for _, label := range i.Labels.Nodes {
			if label != nil {
				out.Labels = append(out.Labels, label.Name)
			}
		}
		a.HelpWanted = append(a.HelpWanted, out)
	}
	crawler.Tidy(a)
	s.Activity = a
	if d.Head != nil {
		s.count = newCount(f.now(), year, d.Head)
	}
}

// tag makes a tag of a ref, whose target is a commit or an annotated tag of one.
func (r *ref) tag() registry.Tag {
	commit := r.Target.tagged
	if r.Target.Target != nil {
		commit = *r.Target.Target
	}
	out := registry.Tag{Name: r.Name, Date: commit.CommittedDate.Time}
	if by := r.Target.Tagger; by != nil && !by.Date.IsZero() {
		out.Date = by.Date.Time
	}
	if commit.Typename == "Commit" {
		out.Commit = commit.OID
	}
	return out
}
