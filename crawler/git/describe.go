// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// maxTags is how many tags are asked for their dates.
const maxTags = 500

// Describe implements crawler.Forge: tags, with their dates where the host
// offers filters, and the commits of twelve months where it can also tell them
// by date. Plain git knows nothing else.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	out := make([]crawler.Description, len(repos))
	for i, r := range repos {
		out[i] = f.describe(ctx, r)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return out, nil
}

func (f *Forge) describe(ctx context.Context, r crawler.Repo) crawler.Description {
	d := crawler.Description{Repo: r}
	h, err := f.headOf(ctx, r)
	if err != nil {
		d.Err = err
		return d
	}
	d.Repo.Native = h
	if h.commit == "" {
		return d
	}
	tags := latestNames(h.tags)
	facts := &registry.Activity{}
	var dates map[string]time.Time
	if h.offers["filter"] && h.offers["shallow"] {
		// Without dates there are still the names.
		if dates, err = f.dates(ctx, h, tags); !hostsOwn(err) {
			d.Err = err
		}
	}
	facts.Tags = newest(tags, dates)
	newestCommit, dated := dates[h.commit]
	if dated {
		d.Repo.Pushed = newestCommit
	}
	if dated && h.offers["deepen-since"] {
		if facts.Commits, err = f.commits(ctx, h, newestCommit); !hostsOwn(err) {
			d.Err = err
		}
	}
	if len(facts.Tags) > 0 || facts.Commits != nil {
		d.Activity = facts
	}
	return d
}

// hostsOwn reports whether an error, or none, is the host's own way, which will
// be the same next time.
func hostsOwn(err error) bool {
	return err == nil || errors.Is(err, errRefused) || errors.Is(err, errDamaged) || errors.Is(err, registry.ErrTooLarge)
}

// latestNames are as many of the tags as are looked into, the highest versions
// first.
func latestNames(tags []tag) []tag {
	tags = slices.Clone(tags)
	slices.SortStableFunc(tags, func(a, b tag) int { return compareVersions(b.name, a.name) })
	return tags[:min(len(tags), maxTags)]
}

// newest are tags in order of their dates; those without come last, the highest
// versions first.
func newest(tags []tag, dates map[string]time.Time) []registry.Tag {
	out := make([]registry.Tag, len(tags))
	for i, t := range tags {
		date, ok := dates[t.object]
		if !ok {
			date = dates[t.commit]
		}
		out[i] = registry.Tag{Name: t.name, Commit: t.commit, Date: date}
	}
	slices.SortStableFunc(out, func(a, b registry.Tag) int { return b.Date.Compare(a.Date) })
	return out[:min(len(out), registry.MaxTags)]
}

// dates asks when tags and the newest commit were made, by their hash: for the
// tag objects, and the commits without any folder.
func (f *Forge) dates(ctx context.Context, h *head, tags []tag) (map[string]time.Time, error) {
	hashes := []string{h.commit}
	for _, t := range tags {
		if !slices.Contains(hashes, t.object) {
			hashes = append(hashes, t.object)
		}
	}
	p, err := f.fetch(ctx, h, wanted{hashes, h.shallow(), "tree:0", f.maxAnswer})
	if err != nil {
		return nil, err
	}
	dates := map[string]time.Time{}
	for _, t := range []objectType{commitObject, tagObject} {
		for hash, content := range p.all(t) {
			if by, ok := signature(content, map[objectType]string{commitObject: "committer", tagObject: "tagger"}[t]); ok {
				dates[hex.EncodeToString([]byte(hash))] = by.at
			}
		}
	}
	return dates, nil
}

// commits counts what was committed to the default branch. A host that has none
// in that time answers with nothing, so the newest one's date has to be known.
func (f *Forge) commits(ctx context.Context, h *head, newest time.Time) (*registry.Commits, error) {
	tally := crawler.NewTally(f.now())
	if newest.Before(tally.Since()) {
		return tally.Commits(false), nil
	}
	p, err := f.fetch(ctx, h, wanted{[]string{h.commit}, fmt.Sprintf("deepen-since %d", tally.Since().Unix()), "tree:0", f.maxAnswer})
	if err != nil {
		return nil, err
	}
	for _, content := range p.all(commitObject) {
		author, ok := signature(content, "author")
		committer, ok2 := signature(content, "committer")
		if ok && ok2 {
			tally.Add(committer.at, author.email)
		}
	}
	return tally.Commits(p.skipped), nil
}

// compareVersions compares names as people number versions: v1.10 is after
// v1.9.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, restA := chunk(a)
		y, restB := chunk(b)
		c := strings.Compare(x, y)
		if isDigit(x[0]) && isDigit(y[0]) {
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			c = cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
		}
		if c != 0 {
			return c
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

// chunk cuts off the digits that a text begins with, or all before its first
// digit.
func chunk(s string) (first, rest string) {
	i := 1
	for i < len(s) && isDigit(s[i]) == isDigit(s[0]) {
		i++
	}
	return s[:i], s[i:]
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
