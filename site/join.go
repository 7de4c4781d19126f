// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
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
	Join               *join
	Found              int // by the filter
	Issues             []joinIssue
	Stale              time.Time // what was asked before has faded
	Regions, Languages []helpChoice
	Region, Language   string // chosen; "" for all
	Pages              []choice
	First              bool
}

type helpChoice struct {
	Value, Label string
	N            int
	Chosen       bool
}

// Faded reports whether an issue is so old that its offer may not hold any more.
func (b helpBody) Faded(i joinIssue) bool { return i.Created.Before(b.Stale) }

// helpPaths are the pages of the whole list.
func helpPaths(_ *Site, o *overview) []string {
	paths := []string{helpPath}
	for n := 2; n <= pagesOf(len(o.Join.Issues)); n++ {
		paths = append(paths, partPath(helpPath, n))
	}
	return paths
}

func pagesOf(issues int) int { return max(1, (issues+helpSize-1)/helpSize) }

func (s *Site) answerHelp(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	n := 1
	if r.rest != "" {
		number, ok := strings.CutPrefix(r.rest, "page/")
		if n, err = strconv.Atoi(number); !ok || err != nil || n < 2 || partPath(helpPath, n) != helpPath+r.rest+"/" {
			return answer{}, registry.ErrNotFound
		}
	}
	b := helpBody{Join: &o.Join, First: n == 1}
	b.Region, b.Language = shorten(r.query.Get("region"), 20), shorten(r.query.Get("language"), maxName)
	b.Stale = o.now.AddDate(-freshFor, 0, 0)
	b.choose(r.lang)
	chosen := url.Values{}
	for name, value := range map[string]string{"region": b.Region, "language": b.Language} {
		if value != "" {
			chosen.Set(name, value)
		}
	}
	matching := slices.DeleteFunc(slices.Clone(o.Join.Issues), func(i joinIssue) bool {
		return b.Region != "" && !at(b.Region)(i.Publisher.Region) || b.Language != "" && i.Language != b.Language
	})
	b.Found = len(matching)
	if n > pagesOf(len(matching)) {
		return answer{}, registry.ErrNotFound
	}
	b.Issues = matching[(n-1)*helpSize : min(len(matching), n*helpSize)]
	query := ""
	if len(chosen) > 0 {
		query = "?" + chosen.Encode()
	}
	for i := 1; i <= pagesOf(len(matching)) && pagesOf(len(matching)) > 1; i++ {
		b.Pages = append(b.Pages, choice{strconv.Itoa(i), s.prefix + localPath(r.lang, partPath(helpPath, i)) + query, i == n})
	}
	return found(&page{
		Kind: helpPage, Lang: r.lang, Path: partPath(helpPath, n), Static: r.static, NoIndex: len(chosen) > 0, Query: chosen.Encode(),
		Title: say(r.lang, "join.title"), Description: say(r.lang, "join.lead"),
		Crumbs: crumbs(r.lang, crumb{say(r.lang, "join.title"), ""}),
		Body:   b,
	})
}

// choose counts what the list can be narrowed to. What is asked for and is not
// among it narrows nothing.
func (b *helpBody) choose(lang string) {
	regions, programmed := map[string]int{}, map[string]int{}
	for _, i := range b.Join.Issues {
		if code := strings.ToUpper(i.Publisher.Region); registry.PlaceOf(code) != registry.PlaceUnknown {
			regions[code]++
		}
		programmed[i.Language]++
	}
	delete(programmed, "")
	for code, n := range regions {
		b.Regions = append(b.Regions, helpChoice{code, registry.RegionName(code, lang), n, code == strings.ToUpper(b.Region)})
	}
	for language, n := range programmed {
		b.Languages = append(b.Languages, helpChoice{language, language, n, strings.EqualFold(language, b.Language)})
	}
	b.Region, b.Language = "", ""
	for list, chosen := range map[*[]helpChoice]*string{&b.Regions: &b.Region, &b.Languages: &b.Language} {
		slices.SortFunc(*list, func(x, y helpChoice) int {
			return cmp.Or(strings.Compare(strings.ToLower(x.Label), strings.ToLower(y.Label)), strings.Compare(x.Value, y.Value))
		})
		for _, c := range *list {
			if c.Chosen {
				*chosen = c.Value
			}
		}
		*list = (*list)[:min(len(*list), maxValues)]
	}
}
