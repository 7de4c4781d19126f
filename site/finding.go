// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const findingsPath = "/findings/"

// rules are the kinds of findings, by code. Each has a page.
var rules = sync.OnceValue(func() []publiccode.Rule { return append(adoption.Rules(), publiccode.Rules()...) })

func findRule(code string) (publiccode.Rule, bool) {
	i, ok := slices.BinarySearchFunc(rules(), code, func(r publiccode.Rule, code string) int { return strings.Compare(r.Code, code) })
	if !ok {
		return publiccode.Rule{}, false
	}
	return rules()[i], true
}

// rulePath is the path of the page about a kind of finding; "" where there is
// none, as for the rules of an operator's own profile.
func rulePath(code string) string {
	if _, ok := findRule(code); !ok {
		return ""
	}
	return findingsPath + code + "/"
}

// rulePaths are the paths of all pages about findings.
func rulePaths() []string {
	paths := []string{findingsPath}
	for _, r := range rules() {
		paths = append(paths, rulePath(r.Code))
	}
	return paths
}

// ruleBody is what the page of a kind of finding shows.
type ruleBody struct {
	Code        string
	Severity    publiccode.Severity
	Tone        string
	Path        string
	Title, Help string
	Background  string
	Bad, Good   []exampleLine
	Standard    string
	OwnSource   bool // it rests on something else than the standard
}

// exampleLine is a line of an example; Differs marks those that the other
// example does not have.
type exampleLine struct {
	Indent, Text string
	Differs      bool
}

func newRuleBody(r publiccode.Rule, lang string) ruleBody {
	b := ruleBody{
		Code: r.Code, Severity: r.Severity, Tone: severityTone(r.Severity), Path: rulePath(r.Code),
		Title: r.Title(lang), Help: r.Help(lang), Background: r.Background(lang), Standard: r.Standard(),
		OwnSource: strings.HasPrefix(r.Code, "PC06") || strings.HasPrefix(r.Code, "AD"),
	}
	bad, good := r.Example()
	b.Bad, b.Good = exampleLines(bad, good), exampleLines(good, bad)
	return b
}

func exampleLines(text, other string) []exampleLine {
	var list []exampleLine
	others := strings.Split(other, "\n")
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		plain := strings.TrimLeft(line, " ")
		list = append(list, exampleLine{line[:len(line)-len(plain)], plain, !slices.Contains(others, line)})
	}
	return list
}

func severityTone(s publiccode.Severity) string {
	switch s {
	case publiccode.Error:
		return "bad"
	case publiccode.Warning:
		return "warn"
	}
	return "mild"
}

// ruleGroup are the rules whose codes begin alike.
type ruleGroup struct {
	Prefix, Title string
	Rules         []ruleBody
}

func ruleGroups(lang string) []ruleGroup {
	groups := []ruleGroup{
		{Prefix: "PC00", Title: say(lang, "rule.file")},
		{Prefix: "PC01", Title: say(lang, "rule.presence")},
		{Prefix: "PC02", Title: say(lang, "rule.types")},
		{Prefix: "PC03", Title: say(lang, "rule.values")},
		{Prefix: "PC04", Title: say(lang, "rule.versions")},
		{Prefix: "PC05", Title: say(lang, "rule.better")},
		{Prefix: "PC06", Title: say(lang, "rule.profiles")},
		{Prefix: "PC07", Title: say(lang, "rule.online")},
		{Prefix: "AD", Title: say(lang, "rule.adoptions")},
	}
	for _, r := range rules() {
		for i := range groups {
			if strings.HasPrefix(r.Code, groups[i].Prefix) {
				groups[i].Rules = append(groups[i].Rules, newRuleBody(r, lang))
			}
		}
	}
	return slices.DeleteFunc(groups, func(g ruleGroup) bool { return g.Rules == nil })
}

// findingsPage lists all kinds of findings.
func (s *Site) findingsPage(lang string, static bool) *page {
	return &page{
		Kind: findingsPage, Lang: lang, Path: findingsPath, Static: static,
		Title: say(lang, "rule.title"), Description: say(lang, "rule.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "rule.title"), ""}),
		Body:   ruleGroups(lang),
	}
}

// findingPage explains one kind of finding.
func (s *Site) findingPage(lang string, r publiccode.Rule, static bool) *page {
	b := newRuleBody(r, lang)
	return &page{
		Kind: findingPage, Lang: lang, Path: b.Path, Static: static,
		Title: b.Code + ": " + strings.TrimSuffix(b.Title, "."), Description: b.Help,
		Crumbs: crumbs(lang, crumb{say(lang, "rule.title"), findingsPath}, crumb{b.Code, ""}),
		Body:   b,
	}
}

func (s *Site) answerFinding(_ context.Context, r request) (answer, error) {
	if r.rest == "" {
		return found(s.findingsPage(r.lang, r.static))
	}
	rule, ok := findRule(r.rest)
	if !ok {
		return answer{}, registry.ErrNotFound
	}
	return found(s.findingPage(r.lang, rule, r.static))
}
