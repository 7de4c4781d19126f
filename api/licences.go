// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// The bounds of questions about licences.
const (
	maxExpression = 2000 // characters
	maxParts      = 100  // expressions of one question
)

const (
	licencePath = "/v1/licences/"
	explainPath = "/v1/licences/explain"
)

var errNoLicence = &problem{Status: http.StatusNotFound, Detail: "The SPDX list has no licence with this identifier. All there are: https://spdx.org/licenses/. What an expression of several licences means, /v1/licences/explain says."}

// expression reads the SPDX expression in a parameter that has to be given. It
// is nil for NONE and NOASSERTION, and where something is wrong, which is in p.
func (p *parameters) expression(name string) (e *spdx.Expression, written string) {
	written, given := p.one(name, maxExpression)
	if given {
		return p.parse(name, written, nil), written
	}
	if p.values[name] == nil {
		p.fault(name, codeMissing, "%s is missing: give an SPDX licence expression, such as EUPL-1.2 or MIT OR Apache-2.0.", name)
	}
	return nil, ""
}

// parse reads an SPDX expression, of a list the one at index. The fault says
// what is wrong, where, and what to write in its place.
func (p *parameters) parse(name, written string, index *int) *spdx.Expression {
	e, _, err := spdx.Parse(written)
	if err == nil || errors.Is(err, spdx.ErrNone) || errors.Is(err, spdx.ErrNoAssertion) {
		return e
	}
	detail := err.Error()
	var syntax *spdx.SyntaxError
	if errors.As(err, &syntax) {
		detail = syntax.Wording(english)
	}
	p.fault(name, codeMalformed, "%s: %s", name, detail)
	p.faults[len(p.faults)-1].Location.Index = index
	return nil
}

// explainLicence says in plain words what an expression means.
func (a *api) explainLicence(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	e, _ := p.expression("expression")
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	return jsonAnswer(licence.Explain(e))
}

type compatibility struct {
	licence.Reply
	Sources []licence.Source `json:"sources"` // that the steps name
}

// situations are those that one can ask about.
var situations = []string{string(licence.UseInternally), string(licence.RunService), string(licence.Distribute), string(licence.Combine)}

// askCompatibility says whether licences allow what somebody wants to do.
func (a *api) askCompatibility(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	q := licence.Question{Situation: licence.Situation(p.word("situation", situations...))}
	if p.values["situation"] == nil {
		p.fault("situation", codeMissing, "situation is missing: it is one of %s.", strings.Join(situations, ", "))
	}
	if p.values["into"] != nil {
		if _, q.Into = p.expression("into"); q.Situation != licence.Combine && len(p.faults) == 0 {
			p.fault("into", codeForbidden, "into is the licence of the whole, for situation=%s only.", licence.Combine)
		}
	}
	q.Licences = p.split("licence", maxParts, maxExpression)
	for i, written := range q.Licences {
		p.parse("licence", written, &i)
	}
	if p.values["licence"] == nil {
		p.fault("licence", codeMissing, "licence is missing: give the SPDX expression of each part, several times or with commas between them.")
	}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	reply, err := licence.Ask(q)
	if err != nil { // too many licences altogether
		name, detail := "licence", strings.TrimPrefix(err.Error(), "licence: ")
		if of, ok := strings.CutPrefix(detail, "of the whole: "); ok {
			name, detail = "into", of
		}
		p.fault(name, codeTooMany, "%s: %s.", name, detail)
		return nil, badRequest(p.faults)
	}
	out := compatibility{Reply: reply, Sources: licence.Sources()}
	out.Sources = slices.DeleteFunc(out.Sources, func(s licence.Source) bool {
		return !slices.ContainsFunc(reply.Parts, func(part licence.Part) bool {
			return slices.ContainsFunc(part.Steps, func(step licence.Step) bool { return slices.Contains(step.Sources, s.ID) })
		})
	})
	return jsonAnswer(out)
}

type judgementList struct {
	Expression string           `json:"expression"`
	Judgements []fullJudgement  `json:"judgements"`
	Sources    []licence.Source `json:"sources"`
}

type fullJudgement struct {
	licence.Judgement
	Name   licence.Bilingual `json:"name"`
	Chosen []string          `json:"chosen"`
}

// checkPolicies says what policies say of an expression.
func (a *api) checkPolicies(c *gin.Context) (*answer, error) {
	p := parseParameters(c.Request.URL.RawQuery)
	e, written := p.expression("expression")
	wanted := p.chosen("policy", each(a.policies, func(p licence.Policy) string { return p.ID }))
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	if e != nil {
		written = e.String()
	}
	list := judgementList{Expression: written, Judgements: []fullJudgement{}, Sources: licence.Sources()}
	for _, p := range a.policies {
		if wanted == nil || slices.Contains(wanted, p.ID) {
			j := p.Judge(written)
			list.Judgements = append(list.Judgements, fullJudgement{Judgement: j, Name: p.Name, Chosen: orEmpty(j.Chosen)})
		}
	}
	return jsonAnswer(list)
}

type policyList struct {
	Items []licence.Policy `json:"items"`
	Total int              `json:"total"`
}

// listPolicies lists the policies that entries are judged by.
func (a *api) listPolicies(*gin.Context) (*answer, error) {
	return jsonAnswer(policyList{Items: a.policies, Total: len(a.policies)})
}

type licenceFacts struct {
	licence.Licence
	Permissions []licenceTag     `json:"permissions"`
	Conditions  []licenceTag     `json:"conditions"`
	Limitations []licenceTag     `json:"limitations"`
	Successor   string           `json:"successor,omitempty"`
	Sources     []licence.Source `json:"sources"`
	Links       licenceLinks     `json:"links"`
}

// licenceTag is a permission, condition or limitation with its words.
type licenceTag struct {
	ID    string            `json:"id"`
	Label licence.Bilingual `json:"label"`
	Text  licence.Bilingual `json:"text"`
}

type licenceLinks struct {
	Self     string `json:"self"`
	Explain  string `json:"explain"`
	Software string `json:"software"`
}

// getLicence says what is known of one licence.
func (a *api) getLicence(c *gin.Context) (*answer, error) {
	l, ok := licence.Lookup(c.Param("id"))
	if !ok {
		return nil, errNoLicence
	}
	facts := licenceFacts{
		Licence:     l,
		Permissions: newTags(l.Permissions, licence.Permission),
		Conditions:  newTags(l.Conditions, licence.Condition),
		Limitations: newTags(l.Limitations, licence.Limitation),
		Sources:     licence.Sources(),
		Links: licenceLinks{
			Self:     a.link(licencePath + url.PathEscape(l.ID)),
			Explain:  a.link(explainPath + "?" + url.Values{"expression": {l.ID}}.Encode()),
			Software: a.softwareWith(registry.FacetLicence, l.ID).Software,
		},
	}
	if next := spdx.Successor(l.ID); l.Deprecated && next != l.ID {
		facts.Successor = next
	}
	return jsonAnswer(facts)
}

func newTags(ids []string, kind string) []licenceTag {
	return each(ids, func(id string) licenceTag {
		t := licence.Tag{ID: id, Kind: kind}
		out := licenceTag{ID: id}
		out.Label.DE, out.Text.DE = t.Words(german)
		out.Label.EN, out.Text.EN = t.Words(english)
		return out
	})
}
