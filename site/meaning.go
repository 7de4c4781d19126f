// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence"
)

// Bounds of what is shown of an explanation or a reply.
const (
	maxAlternatives = 6
	maxExplained    = 20
	maxReasons      = 4
)

// meaning is what a licence expression means, in one language.
type meaning struct {
	Expression   string
	Choice       bool
	Summary      []statement
	Alternatives []alternative
	Licences     []explained
	More         bool // there are more alternatives or licences than are shown
	Sources      []licence.Source
	Disclaimer   string
}

// statement is one thing that holds.
type statement struct {
	Code, Label, Text string
	General           bool     // it holds as a rule, because no source says more
	For               []string // licences, where not for all
	Sources           []string // names
}

// alternative are licences that hold together.
type alternative struct {
	Expression               string
	Duties                   []duties
	Permissions, Limitations []statement
}

type duties struct {
	Title      string
	Statements []statement
}

// explained is one licence.
type explained struct {
	licenceLink
	Name       string
	Statements []statement
}

func newMeaning(e licence.Explanation, lang string) *meaning {
	m := &meaning{
		Expression: shorten(e.Expression, maxLine), Choice: e.Choice,
		Summary: statements(e.Summary, lang), Sources: e.Sources, Disclaimer: e.Disclaimer.In(lang),
	}
	for _, a := range e.Alternatives[:min(len(e.Alternatives), maxAlternatives)] {
		one := alternative{
			Expression:  shorten(a.Expression, maxLine),
			Permissions: statements(a.Permissions, lang), Limitations: statements(a.Limitations, lang),
		}
		for _, d := range a.Duties {
			one.Duties = append(one.Duties, duties{d.Title.In(lang), statements(d.Statements, lang)})
		}
		m.Alternatives = append(m.Alternatives, one)
	}
	for _, l := range e.Licences[:min(len(e.Licences), maxExplained)] {
		one := explained{licenceLink: licenceLink{ID: shorten(l.SPDX, maxLine)}, Statements: statements(l.Statements, lang)}
		if l.Facts != nil {
			one.Name, one.Path = l.Facts.Name, licencePath(l.Facts.ID)
		}
		m.Licences = append(m.Licences, one)
	}
	m.More = len(e.Alternatives) > maxAlternatives || len(e.Licences) > maxExplained
	return m
}

// Single is the only licence of the expression; nil where there are several.
func (m *meaning) Single() *explained {
	if len(m.Licences) != 1 {
		return nil
	}
	return &m.Licences[0]
}

func statements(list []licence.Statement, lang string) []statement {
	var out []statement
	for _, s := range list {
		one := statement{
			Code: s.Code, Label: s.Label.In(lang), Text: shorten(s.Text.In(lang), maxSentence),
			General: s.General, Sources: sourceNames(s.Sources),
		}
		for _, l := range s.Licences[:min(len(s.Licences), maxExplained)] {
			one.For = append(one.For, shorten(l, maxName))
		}
		out = append(out, one)
	}
	return out
}

// sourceNames are the names of sources by their IDs.
func sourceNames(ids []string) []string {
	var names []string
	for _, s := range licence.Sources() {
		if slices.Contains(ids, s.ID) {
			names = append(names, s.Name)
		}
	}
	return names
}

// verdict answers a question about some licences.
type verdict struct {
	Key     string // of the question: use, service, distribute, combine
	Mark    mark
	Text    string
	Why     []string // of the licences that the verdict hangs on
	Sources []string // names
}

// wholeAsked is the licence that own works of the administration are mostly
// under, which the page of an entry answers for.
const wholeAsked = "EUPL-1.2"

// answers says what may be done with software under an expression.
func answers(expression, lang string) []verdict {
	var out []verdict
	for _, q := range []licence.Question{
		{Situation: licence.UseInternally},
		{Situation: licence.RunService},
		{Situation: licence.Distribute},
		{Situation: licence.Combine, Into: wholeAsked},
	} {
		q.Licences = []string{expression}
		reply, err := licence.Ask(q)
		if err != nil {
			continue // an expression beyond the bounds of a question
		}
		v := verdict{Key: string(q.Situation), Mark: newMark(lang, "ask", reply.Verdict), Text: reply.Reason.In(lang)}
		var sources []string
		for _, part := range reply.Parts {
			for _, step := range part.Steps {
				if !step.Necessary {
					continue
				}
				sources = append(sources, step.Sources...)
				why := shorten(step.Reason.In(lang), maxSentence)
				if len(v.Why) < maxReasons && !slices.Contains(v.Why, why) && !strings.HasPrefix(why, v.Text) {
					v.Why = append(v.Why, why)
				}
			}
		}
		v.Sources = sourceNames(sources)
		out = append(out, v)
	}
	return out
}

// judgement is what a policy says of an expression.
type judgement struct {
	Name, Href string
	Mark       mark
	Reasons    []string
}

func judgements(policies []licence.Policy, expression, lang string) []judgement {
	var out []judgement
	for _, p := range policies {
		j := p.Judge(expression)
		one := judgement{Name: p.Name.In(lang), Href: webLink(p.Source), Mark: newMark(lang, "policy", j.State)}
		for _, r := range j.Reasons {
			one.Reasons = append(one.Reasons, shorten(r.In(lang), maxSentence))
		}
		out = append(out, one)
	}
	return out
}
