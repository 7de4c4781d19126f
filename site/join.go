// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

const (
	helpPath = "/join/"
	// maxJoin is how many issues are listed, the newest ones.
	maxJoin = 2000
	// helpSize is how many are on a page.
	helpSize = 50
	// freshFor is how many years an issue is listed as if somebody still waited.
	freshFor = 1
)

// join are the open issues of all entries that ask for help.
type join struct {
	Issues       []joinIssue // the newest first, at most maxJoin
	Total        int         // there are
	Entries      int         // that ask
	Unmaintained []reusedEntry
}

// joinIssue is an issue with what it is of.
type joinIssue struct {
	help
	ID        registry.ID
	Name      string
	Publisher registry.Publisher
	Language  string
}

// Path is the page of the entry; "" without one.
func (i joinIssue) Path() string {
	path, _ := softwarePath(i.ID)
	return path
}

func (j *join) add(g gist) {
	if g.Unmaintained && len(j.Unmaintained) < maxItems {
		j.Unmaintained = append(j.Unmaintained, newReusedEntry(g.Use, func(registry.User) bool { return false }))
	}
	if len(g.Help) == 0 {
		return
	}
	j.Entries++
	j.Total += len(g.Help)
	for _, h := range g.Help {
		j.Issues = append(j.Issues, joinIssue{h, g.ID, g.Name, g.Publisher, g.Language})
	}
	if len(j.Issues) > 2*maxJoin {
		j.finish()
	}
}

func (j *join) finish() {
	slices.SortFunc(j.Issues, func(a, b joinIssue) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(string(a.ID), string(b.ID)), strings.Compare(a.URL, b.URL))
	})
	// The parts of a repository have its issues in common.
	seen := map[string]bool{}
	all := len(j.Issues)
	j.Issues = slices.DeleteFunc(j.Issues, func(i joinIssue) bool {
		known := seen[i.URL]
		seen[i.URL] = true
		return known
	})
	j.Total -= all - len(j.Issues)
	j.Issues = slices.Clip(j.Issues[:min(len(j.Issues), maxJoin)])
}

// helpBody is what the page of open issues shows.
type helpBody struct {
	Join    *join
	Open    []open // what looks for people or money, as far as the filters leave it
	Found   int    // issues, by the filters
	Issues  []joinIssue
	Stale   time.Time // what was asked before has faded
	Filters []helpFilter
	Pages   []choice
	First   bool
}

// Form is the form that narrows the list.
func (b helpBody) Form() narrow { return narrow{helpPath, b.Filters} }

// Faded reports whether an issue is so old that its offer may not hold any more.
func (b helpBody) Faded(i joinIssue) bool { return i.Created.Before(b.Stale) }

// helpPaths are the pages of the whole list.
func helpPaths(_ *Site, o *overview) []string {
	paths := []string{helpPath}
	for n := 2; n <= pagesOf(len(o.Join.Issues), helpSize); n++ {
		paths = append(paths, partPath(helpPath, n))
	}
	return paths
}

func (s *Site) answerHelp(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	n, ok := pageNumber(helpPath, r.rest)
	if !ok {
		return answer{}, registry.ErrNotFound
	}
	b := helpBody{Join: &o.Join, First: n == 1, Stale: o.now.AddDate(-freshFor, 0, 0)}
	region, language := newFilter("region", say(r.lang, "join.region"), r), newFilter("language", say(r.lang, "join.language"), r)
	label, software := newFilter("label", say(r.lang, "join.label"), r), newFilter("software", say(r.lang, "join.software"), r)
	each := func(id registry.ID, name, from, written string, labels ...string) {
		if code := strings.ToUpper(from); registry.PlaceOf(code) != registry.PlaceUnknown {
			region.add(code, registry.RegionName(code, r.lang))
		}
		language.add(written, written)
		software.add(string(id), name)
		for _, l := range labels {
			label.add(l, l)
		}
	}
	for _, i := range o.Join.Issues {
		each(i.ID, i.Name, i.Publisher.Region, i.Language, i.Labels...)
	}
	for _, e := range o.Open {
		each(e.ID, e.Name, e.Publisher.Region, e.Language)
	}
	for _, f := range []*helpFilter{&region, &language, &label, &software} {
		f.close()
		b.Filters = append(b.Filters, *f)
	}
	here := func(code string) bool { return region.chosen == "" || at(region.chosen)(code) }
	matching := slices.DeleteFunc(slices.Clone(o.Join.Issues), func(i joinIssue) bool {
		return !here(i.Publisher.Region) || !language.has(i.Language) || !label.has(i.Labels...) || !software.has(string(i.ID))
	})
	if b.First {
		b.Open = slices.DeleteFunc(slices.Clone(o.Open), func(e open) bool {
			return !here(e.Publisher.Region) || !language.has(e.Language) || !label.has() || !software.has(string(e.ID))
		})
		b.Open = b.Open[:min(len(b.Open), maxItems)]
	}
	b.Found = len(matching)
	if n > pagesOf(len(matching), helpSize) {
		return answer{}, registry.ErrNotFound
	}
	b.Issues = matching[(n-1)*helpSize : min(len(matching), n*helpSize)]
	chosen := chosenOf(b.Filters)
	b.Pages = s.numbered(r.lang, helpPath, n, pagesOf(len(matching), helpSize), chosen)
	return found(&page{
		Kind: helpPage, Lang: r.lang, Path: partPath(helpPath, n), Static: r.static, NoIndex: len(chosen) > 0, Query: chosen.Encode(),
		Title: say(r.lang, "join.title"), Description: say(r.lang, "join.lead"),
		Crumbs: crumbs(r.lang, crumb{say(r.lang, "join.title"), ""}),
		Body:   b,
	})
}
