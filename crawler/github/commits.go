// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// maxCommits is how many commits of one repository are read for their
	// authors, the newest.
	maxCommits = 10 * pageSize
	// pagesOfCommits is how many pages of commits one query asks for.
	pagesOfCommits = 15
	// perWindow is how many commits a part of a crowded time is meant to have.
	perWindow = 75
	// maxWindows is how many pages of commits of one repository are asked for.
	maxWindows = 10 * maxCommits / perWindow
)

// year are the beginnings of the months that are counted, see crawler.YearTo.
type year = [registry.Months + 1]time.Time

// history is a list of commits.
type history struct {
	TotalCount int
	PageInfo   struct {
		EndCursor   string
		HasNextPage bool
	}
	Nodes []*struct {
		CommittedDate crawler.Date
		Author        *struct {
			Name, Email string
			User        *struct{ DatabaseID int64 }
		}
	}
}

const authoredFragment = `
fragment authored on CommitHistoryConnection {
  totalCount pageInfo { endCursor hasNextPage }
  nodes { committedDate author { name email user { databaseId } } }
}`

// countsFragment asks for the numbers of commits in each month, under the
// aliases m0, m1 and so on, and for the newest of them.
func countsFragment(year year) string {
	var b strings.Builder
	b.WriteString("\nfragment counts on Commit {")
	for i := range registry.Months {
		fmt.Fprintf(&b, "\n  m%d: history(%s) { totalCount }", i, between(year[i], year[i+1]))
	}
	fmt.Fprintf(&b, "\n  newest: history(first: %d, %s) { ...authored }\n}", pageSize, between(year[0], year[registry.Months]))
	return b.String() + authoredFragment
}

// between are the arguments for a time from its beginning to before its end.
// GitHub takes both ends in, to the second.
func between(since, until time.Time) string {
	return fmt.Sprintf("since: %q, until: %q", since.Format(time.RFC3339), until.Add(-time.Second).Format(time.RFC3339))
}

// count counts a repository's commits and their authors.
type count struct {
	year    year
	total   int
	months  [registry.Months]int
	authors *crawler.Tally // by the commits that were read, some twice
	now     time.Time
	asked   int  // pages so far
	read    int  // commits so far
	more    bool // than came along
	partial bool // not all authors are known
}

// newCount takes what came along with a repository's facts; nil where some of it
// did not.
func newCount(now time.Time, year year, byAlias map[string]*history) *count {
	c := &count{now: now, year: year, authors: crawler.NewTally(now)}
	for i := range c.months {
		h := byAlias["m"+strconv.Itoa(i)]
		if h == nil {
			return nil
		}
		c.months[i] = max(h.TotalCount, 0)
	}
	newest := byAlias["newest"]
	if newest == nil {
		return nil
	}
	c.total = max(newest.TotalCount, 0)
	c.more = newest.PageInfo.HasNextPage
	c.add(newest)
	return c
}

// add notes the authors of commits.
func (c *count) add(h *history) {
	c.read += len(h.Nodes)
	for _, commit := range h.Nodes {
		if commit == nil || commit.Author == nil {
			continue
		}
		author := "name " + commit.Author.Name
		switch {
		case commit.Author.User != nil:
			author = "account " + strconv.FormatInt(commit.Author.User.DatabaseID, 10)
		case commit.Author.Email != "":
			author = "address " + commit.Author.Email
		}
		c.authors.Add(commit.CommittedDate.Time, author)
	}
}

// sum is what the registry keeps.
func (c *count) sum() *registry.Commits {
	out := c.authors.Commits(c.partial)
	out.Total = c.total
	for i, n := range c.months {
		out.ByMonth[i].Commits = n
	}
	return out
}

// window is a stretch of time whose commits are asked for, page by page.
type window struct {
	*subject
	since, until time.Time
	after        string
}

// windows cut a repository's year so that each has about as many commits as a
// page, the newest first: they can be asked for side by side. Those beyond
// maxCommits are left out.
func (s *subject) windows() (out []window) {
	c := s.count
	end, sum, all := registry.Months, 0, 0
	for month := end - 1; month >= -1 && all < maxCommits; month-- {
		if month >= 0 && (sum == 0 || sum+c.months[month] <= pageSize) {
			sum += c.months[month]
			continue
		}
		if sum > 0 {
			out = append(out, s.cut(c.year[month+1], c.year[end], sum)...)
		}
		all += sum
		end, sum = month+1, 0
		if month >= 0 {
			sum = c.months[month]
		}
	}
	c.partial = c.total > all
	return out
}

// cut divides a time with so many commits evenly. What is yet to come has none.
func (s *subject) cut(since, until time.Time, commits int) (out []window) {
	parts := 1
	if commits > pageSize {
		parts = min((commits+perWindow-1)/perWindow, maxCommits/perWindow)
	}
	busy := until
	if s.count.now.Before(busy) && s.count.now.After(since) {
		busy = s.count.now
	}
	step := busy.Sub(since) / time.Duration(parts)
	for ; parts > 0; parts-- {
		from := since.Add(time.Duration(parts-1) * step).Truncate(time.Second)
		out = append(out, window{subject: s, since: from, until: until})
		until = from
	}
	return out
}

// commitsQuery asks for windows under the aliases c0, c1 and so on.
func commitsQuery(windows []window) string {
	var b strings.Builder
	b.WriteString("query {")
	for i, w := range windows {
		after := ""
		if w.after != "" {
			after = ", after: " + literal(w.after)
		}
		fmt.Fprintf(&b, "\n  c%d: repository(owner: %s, name: %s) { object(expression: %s) { ... on Commit { history(first: %d%s, %s) { ...authored } } } }",
			i, literal(w.owner), literal(w.name), literal(w.rev), pageSize, after, between(w.since, w.until))
	}
	b.WriteString("\n}" + authoredFragment)
	return b.String()
}

// countAuthors reads the commits of repositories that have more than came along.
// Where an error ends it, their counts are partial.
func (f *Forge) countAuthors(ctx context.Context, subjects []*subject) error {
	var queue []window
	for _, s := range subjects {
		if s.count != nil && s.count.more {
			queue = append(queue, s.windows()...)
		}
	}
	size := &pages{pagesOfCommits, pagesOfCommits}
	for len(queue) > 0 {
		var now, next []window
		for _, w := range queue {
			if w.count.read > 2*maxCommits || w.count.asked == maxWindows { // many of them twice
				w.count.partial = true
				continue
			}
			w.count.asked++
			now = append(now, w)
		}
		err := each(ctx, f, size, now,
			func(ctx context.Context, some []window) error {
				more, err := f.askCommits(ctx, some)
				next = append(next, more...)
				return err
			},
			func(w window, _ error) { w.count.partial = true })
		if err != nil {
			for _, w := range queue {
				w.count.partial = true
			}
			return err
		}
		queue = next
	}
	return nil
}

// askCommits reads windows by one query and returns those that go on. An error
// leaves all as it was.
func (f *Forge) askCommits(ctx context.Context, some []window) (more []window, err error) {
	what := fmt.Sprintf("commits on %s, the first of %s/%s", f.base.Host, some[0].owner, some[0].name)
	got, err := f.query(ctx, what, commitsQuery(some))
	if err != nil {
		return nil, err
	}
	read := make([]*history, len(some))
	for i := range some {
		var r struct{ Object *struct{ History *history } }
		alias := "c" + strconv.Itoa(i)
		switch e := got.get(alias, &r); {
		case e != nil && !final(e):
			err = errors.Join(err, e)
		case e == nil && r.Object != nil && r.Object.History != nil:
			read[i] = r.Object.History
		default:
			err = errors.Join(err, got.errs.below(alias).but(final).err())
		}
	}
	if err != nil {
		return nil, err
	}
	for i, w := range some {
		h := read[i]
		if h == nil { // refused, or gone meanwhile
			w.count.partial = true
			continue
		}
		w.count.add(h)
		switch {
		case !h.PageInfo.HasNextPage || h.PageInfo.EndCursor == "":
		case w.after == "" && h.TotalCount > 2*pageSize && w.until.Sub(w.since) > time.Hour:
			more = append(more, w.cut(w.since, w.until, h.TotalCount)...)
		default:
			w.after = h.PageInfo.EndCursor
			more = append(more, w)
		}
	}
	return more, nil
}
