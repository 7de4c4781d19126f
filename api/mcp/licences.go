// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package mcp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/spdx"
)

// The bounds of questions about licences.
const (
	maxExpression = 2000 // characters
	maxParts      = 20   // expressions of one question
	maxStatements = 40   // sentences of one kind in an answer
)

type explainInput struct {
	Expression string `json:"expression" jsonschema:"SPDX licence expression, such as EUPL-1.2 or MIT OR Apache-2.0"`
	Language   string `json:"language,omitempty" jsonschema:"de or en, of the texts; de if left out"`
}

type explanation struct {
	Expression   string        `json:"expression"`
	Choice       bool          `json:"choice" jsonschema:"OR leaves a choice; one of the alternatives suffices"`
	Summary      []string      `json:"summary"`
	Alternatives []alternative `json:"alternatives"`
	Sources      []source      `json:"sources"`
	Disclaimer   string        `json:"disclaimer"`
	Links        searchLinks   `json:"links"`
}

type alternative struct {
	Expression  string   `json:"expression"`
	Duties      []duties `json:"duties"`
	Permissions []string `json:"permissions"`
	Limitations []string `json:"limitations"`
}

type duties struct {
	Situation  string   `json:"situation" jsonschema:"use, service, distribute or change"`
	Title      string   `json:"title"`
	Statements []string `json:"statements"`
}

type source struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Version string `json:"version" jsonschema:"release or date"`
}

func words(b licence.Bilingual, lang string) string {
	if lang == english {
		return b.EN
	}
	return b.DE
}

func sentences(list []licence.Statement, lang string) []string {
	out := []string{}
	for _, s := range list[:min(len(list), maxStatements)] {
		text := words(s.Text, lang)
		if label := words(s.Label, lang); label != "" {
			text = label + ": " + text
		}
		out = append(out, text)
	}
	return out
}

func sourcesOf(list []licence.Source) []source {
	out := []source{}
	for _, s := range list {
		out = append(out, source{Name: s.Name, URL: s.URL, Version: s.Version})
	}
	return out
}

func (e *explanation) text() string {
	var l lines
	l.say("", e.Expression)
	for _, s := range e.Summary {
		l.say("-", s)
	}
	for _, a := range e.Alternatives {
		l.say("", "\n"+a.Expression)
		for _, d := range a.Duties {
			l.say("", d.Title)
			for _, s := range d.Statements {
				l.say("-", s)
			}
		}
	}
	for _, s := range e.Sources {
		l.say("source", s.Name+", "+s.Version+", "+s.URL)
	}
	l.say("API", e.Links.API)
	l.say("", e.Disclaimer)
	return l.String()
}

// parse reads an expression; the hint says what is wrong with it.
func parse(written string) (*spdx.Expression, error) {
	if len([]rune(written)) > maxExpression {
		return nil, hintf("an expression has %d characters at most.", maxExpression)
	}
	e, _, err := spdx.Parse(written)
	var syntax *spdx.SyntaxError
	switch {
	case err == nil, errors.Is(err, spdx.ErrNone), errors.Is(err, spdx.ErrNoAssertion):
		return e, nil
	case errors.As(err, &syntax):
		return nil, hintf("%q is no SPDX expression: %s", clean(written, 100), clean(syntax.Wording(english), 500))
	}
	return nil, hintf("%q is no SPDX expression: %s", clean(written, 100), clean(err.Error(), 500))
}

func (s *Server) explain(_ context.Context, in explainInput) (*explanation, error) {
	lang, err := language(in.Language)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Expression) == "" {
		return nil, hint("expression is empty: give an SPDX licence expression, such as EUPL-1.2.")
	}
	parsed, err := parse(in.Expression)
	if err != nil {
		return nil, err
	}
	x := licence.Explain(parsed)
	out := &explanation{
		Expression: x.Expression, Choice: x.Choice, Summary: sentences(x.Summary, lang), Alternatives: []alternative{},
		Sources: sourcesOf(x.Sources), Disclaimer: words(x.Disclaimer, lang),
		Links: searchLinks{API: s.base + "/v1/licences/explain?" + url.Values{"expression": {x.Expression}}.Encode()},
	}
	const most = 8
	for _, a := range x.Alternatives[:min(len(x.Alternatives), most)] {
		alt := alternative{Expression: a.Expression, Duties: []duties{}, Permissions: sentences(a.Permissions, lang), Limitations: sentences(a.Limitations, lang)}
		for _, d := range a.Duties {
			alt.Duties = append(alt.Duties, duties{Situation: string(d.Situation), Title: words(d.Title, lang), Statements: sentences(d.Statements, lang)})
		}
		out.Alternatives = append(out.Alternatives, alt)
	}
	return out, nil
}

type compatibleInput struct {
	Situation string   `json:"situation" jsonschema:"what somebody wants to do: use (run it oneself), service (offer it over a network), distribute (hand it over), combine (make it part of a work under another licence)"`
	Licences  []string `json:"licences" jsonschema:"SPDX expression of each part"`
	Into      string   `json:"into,omitempty" jsonschema:"for combine: the licence of the whole; left out, those that are possible are told"`
	Language  string   `json:"language,omitempty" jsonschema:"de or en, of the texts; de if left out"`
}

type compatibility struct {
	Situation  string      `json:"situation"`
	Into       string      `json:"into,omitempty"`
	Verdict    string      `json:"verdict" jsonschema:"yes, conditional, no or unknown, never better than the worst step"`
	Reason     string      `json:"reason"`
	Under      []string    `json:"under" jsonschema:"licences that the whole may be passed on under"`
	Parts      []part      `json:"parts"`
	Sources    []source    `json:"sources"`
	Disclaimer string      `json:"disclaimer"`
	Links      searchLinks `json:"links"`
}

type part struct {
	Expression string   `json:"expression"`
	Verdict    string   `json:"verdict"`
	Reasons    []string `json:"reasons"`
}

func (c *compatibility) text() string {
	var l lines
	l.say(c.Situation, c.Verdict)
	l.say("", c.Reason)
	l.say("the whole may be under", strings.Join(c.Under, ", "))
	for _, p := range c.Parts {
		l.say("", "\n"+p.Expression+": "+p.Verdict)
		for _, r := range p.Reasons {
			l.say("-", r)
		}
	}
	for _, s := range c.Sources {
		l.say("source", s.Name+", "+s.Version+", "+s.URL)
	}
	l.say("API", c.Links.API)
	l.say("", c.Disclaimer)
	return l.String()
}

// situations are those that one can ask about.
var situations = []licence.Situation{licence.UseInternally, licence.RunService, licence.Distribute, licence.Combine}

func (s *Server) compatible(_ context.Context, in compatibleInput) (*compatibility, error) {
	lang, err := language(in.Language)
	if err != nil {
		return nil, err
	}
	q := licence.Question{Situation: licence.Situation(in.Situation), Licences: in.Licences, Into: in.Into}
	switch {
	case !slices.Contains(situations, q.Situation):
		return nil, hintf("situation is one of %s.", join(situations))
	case len(in.Licences) == 0 || len(in.Licences) > maxParts:
		return nil, hintf("licences are 1 to %d SPDX expressions, one for each part.", maxParts)
	case in.Into != "" && q.Situation != licence.Combine:
		return nil, hintf("into is for the situation %s only.", licence.Combine)
	}
	address := url.Values{"situation": {in.Situation}, "licence": in.Licences}
	all := in.Licences
	if in.Into != "" {
		address.Set("into", in.Into)
		all = append(slices.Clone(all), in.Into)
	}
	for _, written := range all {
		if _, err := parse(written); err != nil {
			return nil, err
		}
	}
	reply, err := licence.Ask(q)
	if err != nil {
		return nil, hint(clean(strings.TrimPrefix(err.Error(), "licence: "), 500))
	}
	out := &compatibility{
		Situation: string(reply.Situation), Into: reply.Into, Verdict: string(reply.Verdict), Reason: words(reply.Reason, lang),
		Under: reply.Under, Parts: []part{}, Disclaimer: words(reply.Disclaimer, lang),
		Links: searchLinks{API: s.base + "/v1/licences/compatibility?" + address.Encode()},
	}
	if out.Under == nil {
		out.Under = []string{}
	}
	named := map[string]bool{}
	for _, p := range reply.Parts {
		is := part{Expression: p.Expression, Verdict: string(p.Verdict), Reasons: []string{}}
		for _, step := range p.Steps {
			if step.Necessary && len(is.Reasons) < maxStatements {
				is.Reasons = append(is.Reasons, fmt.Sprintf("%s: %s (%s)", step.Licence, words(step.Reason, lang), step.Verdict))
				for _, id := range step.Sources {
					named[id] = true
				}
			}
		}
		out.Parts = append(out.Parts, is)
	}
	out.Sources = sourcesOf(slices.DeleteFunc(licence.Sources(), func(s licence.Source) bool { return !named[s.ID] }))
	return out, nil
}
