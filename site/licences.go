// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

const licencesPath = "/licences/"

// licencePath is the path of the page about a licence of the SPDX list.
func licencePath(id string) string { return licencesPath + url.PathEscape(id) + "/" }

// licencesBody is what the page about licences shows.
type licencesBody struct {
	Explain  explaining
	Ask      asking
	Verdicts []verdictCount // of the whole catalogue
	Regions  []verdictRow
	Licences []registry.Count
	Common   []string          // licences that have a page for sure
	Known    []licence.Licence // to choose from where somebody asks, the common ones first
	Sources  []licence.Source
}

// verdictCount is how many entries have a verdict; those with none come last,
// where the catalogue has any.
type verdictCount struct {
	Verdict registry.LicenceVerdict
	Mark    mark
	N       int
	Href    string // "" where there is no list to lead to
}

type verdictRow struct {
	Code   string
	Counts []verdictCount
}

func (s *Site) verdictCounts(lang, region string, o *overview, static bool) []verdictCount {
	var out []verdictCount
	for _, v := range append(registry.LicenceVerdicts(), "") {
		if v == "" && o.Verdicts[""][v] == 0 {
			continue
		}
		c := verdictCount{Verdict: v, N: o.Verdicts[region][v]}
		if v == "" {
			c.Mark = mark{"mild", signUnknown, say(lang, "licences.uncompared")}
		} else {
			c.Mark = newMark(lang, "verdict", v)
			q := registry.Query{Filters: map[registry.Facet][]string{registry.FacetVerdict: {string(v)}}}
			if region != "" {
				q.Filters[registry.FacetRegion] = []string{region}
			}
			if !static && c.N > 0 {
				c.Href = s.prefix + localPath(lang, listPath) + address(q)
			}
		}
		out = append(out, c)
	}
	return out
}

// Credit is the attribution of a source with the licence of its data.
func (p *page) Credit(s licence.Source) string {
	if strings.Contains(s.Attribution, s.Licence) {
		return s.Attribution
	}
	return s.Attribution + ", " + s.Licence
}

// licencesPage is the page about licences, with the answers to a query where
// there is one.
func (s *Site) licencesPage(lang string, o *overview, query url.Values, static bool) *page {
	b := licencesBody{
		Explain: newExplaining(query.Get("expression"), s.opt.Policies, lang), Ask: newAsking(query, lang),
		Verdicts: s.verdictCounts(lang, "", o, static),
		Licences: o.declared(), Sources: licence.Sources(),
	}
	b.Common = o.commonLicences()
	if !static {
		b.Known = choices(b.Common)
	}
	byName := slices.Clone(states)
	slices.SortFunc(byName, func(a, b string) int {
		return strings.Compare(registry.RegionName(a, lang), registry.RegionName(b, lang))
	})
	for _, code := range slices.Concat(byName, o.otherRegions()) {
		if o.Regions[code] > 0 {
			b.Regions = append(b.Regions, verdictRow{code, s.verdictCounts(lang, code, o, static)})
		}
	}
	p := &page{
		Kind: licencesPage, Lang: lang, Path: licencesPath, Section: "licences", Static: static,
		Title: say(lang, "licences.title"), Description: say(lang, "licences.lead"),
		Crumbs: crumbs(lang, crumb{say(lang, "licences.title"), ""}),
		Body:   b,
	}
	kept := url.Values{}
	if b.Explain.Asked {
		kept.Set("expression", b.Explain.Expression)
	}
	if b.Ask.Asked {
		kept.Set("situation", b.Ask.Situation)
		kept["licence"] = b.Ask.parts()
		if b.Ask.Into != "" {
			kept.Set("into", b.Ask.Into)
		}
	}
	p.Query, p.NoIndex = kept.Encode(), len(query) > 0
	return p
}

// declared are the licences that entries declare, the most frequent first. What
// is under a licence by its texts alone is not in the list of that licence.
func (o *overview) declared() []registry.Count {
	counts := map[string]int{}
	for id, t := range o.Topics[registry.FacetLicence] {
		counts[id] = t.N
	}
	return frequent(counts)
}

// choices are all current licences, some of them first.
func choices(first []string) []licence.Licence {
	var list []licence.Licence
	for _, id := range first {
		if l, ok := licence.Lookup(id); ok {
			list = append(list, l)
		}
	}
	for _, l := range licence.All() {
		if !slices.Contains(first, l.ID) {
			list = append(list, l)
		}
	}
	return list
}

// maxExpression bounds what is read of an expression, in characters: a little
// more than an expression may have, so that the reason is said.
const maxExpression = 2010

// explaining is the form that explains an expression, with its answer.
type explaining struct {
	Expression string // as asked for
	Asked      bool
	Understood string // as understood, where that is something else
	Problem    string // why there is no answer
	Meaning    *meaning
	Policies   []judgement
}

func newExplaining(text string, policies []licence.Policy, lang string) explaining {
	f := explaining{Expression: shorten(text, maxExpression)}
	if f.Asked = f.Expression != ""; !f.Asked {
		return f
	}
	expression, problem := understand(f.Expression, lang)
	if problem != "" {
		f.Problem = problem
		return f
	}
	var e *spdx.Expression
	if expression != spdx.None && expression != spdx.NoAssertion {
		e, _, _ = spdx.Parse(expression)
		if expression != f.Expression {
			f.Understood = expression
		}
	}
	f.Meaning = newMeaning(licence.Explain(e), lang)
	f.Policies = judgements(policies, expression, lang)
	return f
}

// understand reads an expression, or what people write in its place, and
// returns it in official spelling, or the words NONE and NOASSERTION. Where it
// cannot be read, problem says why and what to write instead.
func understand(text, lang string) (expression, problem string) {
	e, _, err := spdx.Parse(text)
	switch {
	case err == nil:
		return e.String(), ""
	case strings.EqualFold(text, spdx.None), strings.EqualFold(text, spdx.NoAssertion):
		return strings.ToUpper(text), ""
	}
	if e, _, ok := spdx.Meant(text); ok {
		return e.String(), ""
	}
	var syntax *spdx.SyntaxError
	if errors.As(err, &syntax) {
		return "", shorten(syntax.Wording(lang), maxSentence)
	}
	return "", shorten(err.Error(), maxSentence)
}

// asking is the form that asks what may be done, with its answer.
type asking struct {
	Situation  string
	Situations []string
	Licences   []string // as asked for, with blanks to fill in
	Into       string
	Asked      bool
	Problem    string
	Mark       mark
	Text       string
	Under      []string
	Wholes     []wholeAnswer
	Parts      []partAnswer
	Disclaimer string
}

type wholeAnswer struct {
	Licence string
	Mark    mark
}

type partAnswer struct {
	Expression string
	Mark       mark
	Steps      []stepAnswer
}

type stepAnswer struct {
	Licence, Into string
	Necessary     bool
	Mark          mark
	Text          string
	Sources       []string
}

// Bounds of what the form takes and of what is shown of an answer.
const (
	minParts = 3
	maxParts = 20
	maxSteps = 100
)

// situations are those that can be asked about.
var situations = []string{
	string(licence.UseInternally), string(licence.RunService), string(licence.Distribute), string(licence.Combine),
}

// parts are the licences that were asked about.
func (f *asking) parts() []string {
	return slices.DeleteFunc(slices.Clone(f.Licences), func(s string) bool { return s == "" })
}

func newAsking(query url.Values, lang string) asking {
	f := asking{Situations: situations, Situation: query.Get("situation"), Into: shorten(query.Get("into"), maxExpression)}
	if !slices.Contains(situations, f.Situation) {
		f.Situation = situations[0]
	}
	for _, l := range query["licence"] {
		if l = shorten(l, maxExpression); l != "" && len(f.Licences) < maxParts {
			f.Licences = append(f.Licences, l)
		}
	}
	f.Asked = len(f.Licences) > 0
	if f.Asked {
		f.ask(lang)
	} else if query.Has("situation") {
		f.Problem = say(lang, "ask.nothing")
	}
	for len(f.Licences) < minParts {
		f.Licences = append(f.Licences, "")
	}
	return f
}

func (f *asking) ask(lang string) {
	q := licence.Question{Situation: licence.Situation(f.Situation)}
	for _, text := range f.Licences {
		expression, problem := understand(text, lang)
		if problem != "" {
			f.Problem = problem
			return
		}
		q.Licences = append(q.Licences, expression)
	}
	if q.Situation == licence.Combine && f.Into != "" {
		expression, problem := understand(f.Into, lang)
		if problem == "" && (expression == spdx.None || expression == spdx.NoAssertion) {
			problem = say(lang, "ask.intoNone")
		}
		if problem != "" {
			f.Problem = problem
			return
		}
		q.Into = expression
	}
	reply, err := licence.Ask(q)
	if err != nil {
		f.Problem = say(lang, "ask.tooMany")
		return
	}
	f.Mark, f.Text, f.Disclaimer = newMark(lang, "ask", reply.Verdict), shorten(reply.Reason.In(lang), maxSentence), reply.Disclaimer.In(lang)
	f.Under = reply.Under
	for _, w := range reply.Wholes {
		f.Wholes = append(f.Wholes, wholeAnswer{w.Licence, newMark(lang, "ask", w.Verdict)})
	}
	steps := 0
	for _, p := range reply.Parts {
		part := partAnswer{Expression: shorten(p.Expression, maxLine), Mark: newMark(lang, "ask", p.Verdict)}
		for _, step := range p.Steps {
			if steps++; steps > maxSteps {
				break
			}
			part.Steps = append(part.Steps, stepAnswer{
				shorten(step.Licence, maxName), shorten(step.Into, maxName), step.Necessary,
				newMark(lang, "ask", step.Verdict), shorten(step.Reason.In(lang), maxSentence), sourceNames(step.Sources),
			})
		}
		f.Parts = append(f.Parts, part)
	}
}

// licenceBody is what the page of one licence shows.
type licenceBody struct {
	collection
	Users    users
	ID       string
	Meaning  *meaning // nil on the pages that go on with the entries
	Answers  []verdict
	Policies []judgement
	Pairings []pairing
}

func (s *Site) licencePage(lang, path string, l licence.Licence, b *licenceBody, o *overview, static bool) *page {
	b.ID = l.ID
	if path == licencePath(l.ID) { // what follows are the others of the entries
		e := &spdx.Expression{Licence: spdx.Licence{ID: l.ID}}
		b.Meaning, b.Answers = newMeaning(licence.Explain(e), lang), answers(l.ID, lang)
		b.Policies, b.Pairings = judgements(s.opt.Policies, l.ID, lang), newPairings(l.ID, o, lang)
		if t := o.Topics[registry.FacetLicence][l.ID]; t != nil {
			b.Users = t.users(o, lang)
		}
	}
	return &page{
		Kind: licencePage, Lang: lang, Path: path, Section: "licences", Static: static, Feed: url.Values{"licence": {l.ID}},
		Title: l.Name, Description: say(lang, "licences.about", l.Name, l.ID),
		Crumbs: crumbs(lang, crumb{say(lang, "licences.title"), licencesPath}, crumb{l.ID, ""}),
		Body:   b,
	}
}

func (s *Site) answerLicence(ctx context.Context, r request) (answer, error) {
	o, err := r.overview(ctx)
	if err != nil {
		return answer{}, err
	}
	if r.rest == "" {
		return found(s.licencesPage(r.lang, o, r.query, r.static))
	}
	l, ok := licence.Lookup(r.rest)
	switch {
	case !ok:
		return answer{}, registry.ErrNotFound
	case l.ID != r.rest: // in other letters, or another name of it
		return answer{location: s.prefix + localPath(r.lang, licencePath(l.ID))}, nil
	}
	b := &licenceBody{}
	if err := s.collect(ctx, r, &b.collection, registry.FacetLicence, l.ID); err != nil {
		return answer{}, err
	}
	return found(s.licencePage(r.lang, r.pathOf(licencePath(l.ID)), l, b, o, r.static))
}

// licencePaths are the pages of the licences that entries are under, and of those
// that every page leads to.
func (s *Site) licencePaths(o *overview) []string {
	paths := []string{licencesPath}
	for _, id := range o.commonLicences() {
		paths = append(paths, licencePath(id))
	}
	return paths
}
