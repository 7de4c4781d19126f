// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const improvementsPath = "/maintain/findings/"

func improvementsOf(publisher string) string {
	return improvementsPath + url.PathEscape(publisher) + "/"
}

// maxRuleCounts is how many kinds of findings are kept of an entry for the page of
// its publisher; the page of the entry has them all.
const maxRuleCounts = 12

// maxRuleKey bounds the key that is kept of one, in characters.
const maxRuleKey = 80

// ruleCount is how often a file has one kind of finding.
type ruleCount struct {
	Code  string
	Grade publiccode.Severity
	N     int
	Line  int    // of the first
	Key   string // of the first; "" for the file
}

// Tone is how the grade is coloured.
func (c ruleCount) Tone() string { return severityTone(c.Grade) }

// Page is the path of the page about findings of this kind; "" without one.
func (c ruleCount) Page() string { return rulePath(c.Code) }

// Title says what the kind of finding is; the code alone where it is a profile's.
func (c ruleCount) Title(lang string) string {
	rule, ok := findRule(c.Code)
	if !ok {
		return ""
	}
	return rule.Title(lang)
}

// grades counts findings: errors, warnings, advice.
type grades struct{ Errors, Warnings, Advices int }

func (g *grades) add(grade publiccode.Severity, n int) {
	switch grade {
	case publiccode.Error:
		g.Errors += n
	case publiccode.Warning:
		g.Warnings += n
	default:
		g.Advices += n
	}
}

// sum counts those of others as well.
func (g *grades) sum(other grades) {
	g.Errors += other.Errors
	g.Warnings += other.Warnings
	g.Advices += other.Advices
}

// Any reports whether there is a finding.
func (g grades) Any() bool { return g != grades{} }

// gradesOf counts the findings of an entry's file.
func gradesOf(s *registry.Software) (g grades) {
	for _, f := range s.Findings {
		g.add(gradeOf(f.Severity), 1)
	}
	return g
}

// ruleCounts are the kinds of findings of an entry's file, the gravest and then
// the most frequent first. What it returns keeps nothing of the entry alive.
func ruleCounts(s *registry.Software) []ruleCount {
	var list []ruleCount
	for _, f := range s.Findings {
		i := slices.IndexFunc(list, func(c ruleCount) bool { return c.Code == f.Code })
		if i < 0 {
			code := f.Code
			if rule, ok := findRule(code); ok {
				code = rule.Code
			}
			i = len(list)
			list = append(list, ruleCount{Code: strings.Clone(code), Grade: gradeOf(f.Severity), Line: f.Line, Key: strings.Clone(shorten(f.Key, maxRuleKey))})
		}
		list[i].N++
	}
	order := []publiccode.Severity{publiccode.Error, publiccode.Warning, publiccode.Advice}
	slices.SortFunc(list, func(a, b ruleCount) int {
		return cmp.Or(slices.Index(order, a.Grade)-slices.Index(order, b.Grade), b.N-a.N, strings.Compare(a.Code, b.Code))
	})
	return slices.Clip(list[:min(len(list), maxRuleCounts)])
}

// improvements are what the page of all publishers shows.
type improvements struct {
	Publishers []publisherCount // that have an entry, by name
	Clean      int              // entries without a finding
	Total      int
}

// improvementList are the entries of a publisher that have findings.
type improvementList struct {
	publisherCount
	Cards []card
	Pages []choice // where written and there is more
	Next  string   // where served and there is more
	Part  bool     // not all entries are on this page
}

func improvementPaths(o *overview) []string {
	paths := []string{improvementsPath}
	for _, p := range o.Publishers {
		if p.N > 0 {
			paths = append(paths, improvementsOf(p.ID))
		}
	}
	return paths
}

// answerImprovements shows what there is to improve, for all publishers or the
// one that the request names.
func (s *Site) answerImprovements(ctx context.Context, r request) (answer, error) {
	lang := r.lang
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	guide := crumb{s.guides[lang][maintainPath].Title, maintainPath}
	title := say(lang, "improve.title")
	if r.rest == "" {
		b := improvements{Total: o.Total}
		for _, p := range o.Publishers {
			if p.N > 0 {
				b.Publishers = append(b.Publishers, p)
				b.Clean += p.Clean
			}
		}
		return found(&page{
			Kind: improvementsPage, Lang: lang, Path: improvementsPath, Section: "maintain", Static: r.static,
			Title: title, Description: say(lang, "improve.lead"), Crumbs: crumbs(lang, guide, crumb{title, ""}), Body: b,
		})
	}
	p, ok := o.find(r.rest)
	if !ok || p.N == 0 {
		return answer{}, registry.ErrNotFound
	}
	b := improvementList{publisherCount: p}
	if err := s.collectImprovements(ctx, r, &b); err != nil {
		return answer{}, err
	}
	name := shorten(p.Name, maxName)
	return found(&page{
		Kind: improvePage, Lang: lang, Path: r.pathOf(improvementsOf(p.ID)), Section: "maintain", Static: r.static, NoIndex: r.query.Get("after") != "",
		Title: say(lang, "improve.of", name), Description: say(lang, "improve.lead"),
		Crumbs: crumbs(lang, guide, crumb{title, improvementsPath}, crumb{name, ""}), Body: b,
	})
}

// collectImprovements fills in the entries: those of the part that is written, or
// as many as one search finds, and where it goes on.
func (s *Site) collectImprovements(ctx context.Context, r request, b *improvementList) error {
	cards := []card{}
	if r.part != nil {
		cards, b.Pages, b.Part = r.part.cards, r.part.pages, len(r.part.pages) > 1
	} else {
		after := r.query.Get("after")
		result, err := s.catalogue.Search(ctx, registry.Query{
			Filters: map[registry.Facet][]string{registry.FacetPublisher: {b.ID}},
			Limit:   fileSize, Language: r.lang, Counted: []registry.Facet{}, After: after,
		})
		if err != nil {
			return err
		}
		for _, entry := range result.Items {
			cards = append(cards, newCard(entry, r.lang, s.now()))
		}
		if result.Next != "" {
			b.Next = s.prefix + localPath(r.lang, improvementsOf(b.ID)) + "?" + url.Values{"after": {result.Next}}.Encode()
		}
		b.Part = after != "" || result.Next != ""
	}
	for _, c := range cards {
		if c.Findings != nil {
			b.Cards = append(b.Cards, c)
		}
	}
	return nil
}
