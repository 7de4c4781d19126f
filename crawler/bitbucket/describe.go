// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// The bounds of a description.
const (
	describedAtOnce = 4
	maxCommitPages  = 10 // of a hundred commits
)

// Describe implements crawler.Forge: tags, commits and the number of open
// issues. Bitbucket has no releases; its issues have no labels, and of the
// languages it knows one.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	out := make([]crawler.Description, len(repos))
	var group errgroup.Group
	group.SetLimit(describedAtOnce)
	for i, r := range repos {
		group.Go(func() error {
			out[i] = f.describe(ctx, r)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}

func (f *Forge) describe(ctx context.Context, r crawler.Repo) crawler.Description {
	d := crawler.Description{Repo: r}
	n, err := f.of(ctx, r)
	if err != nil {
		d.Err = err
		return d
	}
	d.Repo.Native = n
	if r.State != crawler.Readable {
		return d
	}
	facts := &registry.Activity{}
	var errs [3]error
	facts.Tags, errs[0] = f.tags(ctx, n)
	facts.Commits, errs[1] = f.commits(ctx, n)
	facts.OpenIssues, errs[2] = f.issues(ctx, n)
	if d.Err = errors.Join(errs[:]...); d.Err == nil {
		crawler.Tidy(facts)
		d.Activity = facts
	}
	return d
}

func (f *Forge) tags(ctx context.Context, n *native) ([]registry.Tag, error) {
	var page list[struct {
		Name   string    `json:"name"`
		Date   time.Time `json:"date"` // of a tag object
		Target struct {
			Hash string    `json:"hash"`
			Date time.Time `json:"date"`
		} `json:"target"`
	}]
	err := f.ask(ctx, n.at("refs", "tags"), url.Values{
		"sort": {"-target.date"}, "pagelen": {strconv.Itoa(registry.MaxTags)},
		"fields": {"values.name,values.date,values.target.hash,values.target.date"},
	}, &page)
	if err != nil {
		return nil, err
	}
	var tags []registry.Tag
	for _, t := range page.Values {
		if t == nil || t.Name == "" || len(tags) == registry.MaxTags {
			continue
		}
		tag := registry.Tag{Name: t.Name, Date: utc(t.Date)}
		if tag.Date.IsZero() {
			tag.Date = utc(t.Target.Date)
		}
		if commitHash.MatchString(t.Target.Hash) {
			tag.Commit = t.Target.Hash
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

// commits counts those of twelve months: from the newest on, until a page ends
// before them.
func (f *Forge) commits(ctx context.Context, n *native) (*registry.Commits, error) {
	head, err := f.head(ctx, n)
	if err != nil {
		return nil, err
	}
	tally := crawler.NewTally(f.now())
	query := url.Values{"pagelen": {"100"}, "fields": {"next,values.date,values.author.raw,values.author.user.uuid"}}
	for range maxCommitPages {
		var page list[struct {
			Date   time.Time `json:"date"`
			Author struct {
				Raw  string `json:"raw"` // name <address>
				User *struct {
					UUID string `json:"uuid"`
				} `json:"user"`
			} `json:"author"`
		}]
		if err := f.ask(ctx, n.at("commits", head), query, &page); err != nil {
			return nil, err
		}
		older := len(page.Values) == 0
		for _, c := range page.Values {
			if c == nil {
				continue
			}
			author := c.Author.Raw
			if _, address, ok := strings.Cut(author, "<"); ok {
				author = strings.TrimSuffix(strings.TrimSpace(address), ">")
			}
			if c.Author.User != nil && c.Author.User.UUID != "" {
				author = c.Author.User.UUID
			}
			tally.Add(c.Date, author)
			older = c.Date.Before(tally.Since())
		}
		if query, err = following(page.Next); err != nil {
			return nil, err
		}
		if older || query == nil {
			return tally.Commits(false), nil
		}
	}
	return tally.Commits(true), nil
}

// issues is the number of open ones; nil where there is no tracker, or it is
// only for members.
func (f *Forge) issues(ctx context.Context, n *native) (*int, error) {
	if !n.hasIssues {
		return nil, nil
	}
	var page list[struct{}]
	err := f.ask(ctx, n.at("issues"), url.Values{"q": {`state="new" OR state="open" OR state="on hold"`}, "pagelen": {"10"}, "fields": {"size"}}, &page)
	if errors.Is(err, registry.ErrNotFound) || errors.Is(err, registry.ErrGone) || errors.Is(err, registry.ErrForbidden) {
		return nil, nil
	}
	if err != nil || page.Size == nil || *page.Size < 0 {
		return nil, err
	}
	return page.Size, nil
}
