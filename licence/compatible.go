// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// Question asks what may be done with software under some licences.
type Question struct {
	Situation Situation `json:"situation"`
	// Licences are the SPDX expressions of the parts, at most MaxParts.
	Licences []string `json:"licences"`
	// Into is, for Combine, the SPDX expression of the whole; "" asks which of
	// the licences of the parts could be it.
	Into string `json:"into,omitempty"`
}

// Reply answers a Question.
type Reply struct {
	Situation Situation `json:"situation"`
	Into      string    `json:"into,omitempty"` // in official spelling
	// Verdict is never better than the worst step that is necessary.
	Verdict Verdict   `json:"verdict"`
	Reason  Bilingual `json:"reason"`
	// Under are, for Combine, the licences that the whole may be passed on under:
	// those of Into, where they allow it later versions of them; empty where the
	// verdict is neither yes nor conditional.
	Under []string `json:"under,omitempty"`
	Parts []Part   `json:"parts"`
	// Wholes are the licences that were tried for the whole where Into was "",
	// the best first; Parts are those of the first.
	Wholes     []Whole   `json:"wholes,omitempty"`
	Disclaimer Bilingual `json:"disclaimer"`

	asked []string // the licences that Into names
}

// Part is the answer for one of the expressions that were asked for.
type Part struct {
	Expression string  `json:"expression"` // in official spelling
	Verdict    Verdict `json:"verdict"`
	// Chosen are the licences to use it under: all of an AND, the best of an OR.
	Chosen []string `json:"chosen"`
	Steps  []Step   `json:"steps"`
}

// Step is the answer for one licence, or for one pair of licences.
type Step struct {
	Licence string `json:"licence"`        // NONE and NOASSERTION too
	Into    string `json:"into,omitempty"` // the licence of the whole
	// Necessary is false for an alternative of OR that was not chosen.
	Necessary bool      `json:"necessary"`
	Verdict   Verdict   `json:"verdict"`
	Reason    Bilingual `json:"reason"`
	Sources   []string  `json:"sources"` // the Source.IDs that it rests on
}

// Whole is a licence that the whole could be under.
type Whole struct {
	Licence string  `json:"licence"`
	Verdict Verdict `json:"verdict"`
}

// Bilingual is a text in German and English.
type Bilingual struct {
	DE string `json:"de"`
	EN string `json:"en"`
}

// In returns the text in English for "en", and else in German.
func (b Bilingual) In(lang string) string {
	if lang == "en" {
		return b.EN
	}
	return b.DE
}

// Bounds of a Question.
const (
	MaxParts    = 200 // expressions
	maxLicences = 400 // named in them altogether
	maxInto     = 10  // named for the whole
	maxWholes   = 50  // tried for the whole
)

// Ask answers a question from the sources; what none of them says is Unclear.
// The error says what is wrong with the question: which expression cannot be
// read, or what is missing.
func Ask(q Question) (Reply, error) {
	parts, err := subjects(q.Licences)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Situation: q.Situation, Disclaimer: disclaimer}
	switch q.Situation {
	case UseInternally, RunService, Distribute:
		if q.Into != "" {
			return Reply{}, fmt.Errorf("licence: a licence of the whole is for the situation %q only; leave it out", Combine)
		}
		reply.Parts = answerAll(parts, "", func(l spdx.Licence) opinion { return alone(q.Situation, l) })
		reply.Verdict = worst(reply.Parts)
	case Combine:
		if q.Into == "" {
			err = reply.tryWholes(parts)
		} else {
			err = reply.into(q.Into, parts)
		}
		if err != nil {
			return Reply{}, err
		}
	default:
		return Reply{}, fmt.Errorf("licence: there is no situation %q; ask for %q, %q, %q or %q", q.Situation, UseInternally, RunService, Distribute, Combine)
	}
	reply.Reason = reply.summary()
	if !reply.Verdict.positive() {
		reply.Under = nil
	}
	return reply, nil
}

// subject is one expression, or a word that stands in its place.
type subject struct {
	expression *spdx.Expression
	word       string
}

func subjects(expressions []string) ([]subject, error) {
	switch {
	case len(expressions) == 0:
		return nil, errors.New("licence: name at least one licence")
	case len(expressions) > MaxParts:
		return nil, fmt.Errorf("licence: more than %d expressions; name each licence once", MaxParts)
	}
	var out []subject
	licences := 0
	for _, s := range expressions {
		e, _, err := spdx.Parse(s)
		switch {
		case errors.Is(err, spdx.ErrNoAssertion):
			out = append(out, subject{word: spdx.NoAssertion})
		case errors.Is(err, spdx.ErrNone):
			out = append(out, subject{word: spdx.None})
		case err != nil:
			return nil, fmt.Errorf("licence: %w", err)
		default:
			out = append(out, subject{expression: e})
			for range e.Licences() {
				licences++
			}
		}
	}
	if licences > maxLicences {
		return nil, fmt.Errorf("licence: more than %d licences in the expressions; ask in several questions", maxLicences)
	}
	return out, nil
}

// answerAll answers for every part, of which whole is the licence they go into.
func answerAll(parts []subject, whole string, answer func(spdx.Licence) opinion) []Part {
	out := make([]Part, len(parts))
	for i, p := range parts {
		out[i] = p.answer(whole, answer)
	}
	return out
}

func (s subject) answer(whole string, answer func(spdx.Licence) opinion) Part {
	if s.expression == nil {
		step := Step{Licence: s.word, Into: whole, Necessary: true, Verdict: Unclear, Reason: noAssertion, Sources: []string{fromHouse}}
		if s.word == spdx.None {
			step.Verdict, step.Reason = Incompatible, noLicence
		}
		return Part{Expression: s.word, Verdict: step.Verdict, Chosen: []string{}, Steps: []Step{step}}
	}
	rank, leaves := weigh(s.expression, answer, opinion.rank)
	part := Part{Expression: s.expression.String(), Verdict: verdicts[rank], Chosen: chosen(leaves)}
	for _, l := range leaves {
		part.Steps = append(part.Steps, Step{
			Licence: l.licence.String(), Into: whole, Necessary: l.necessary,
			Verdict: l.answer.verdict, Reason: l.answer.reason, Sources: l.answer.sources,
		})
	}
	return part
}

// worst is the verdict of the worst part.
func worst(parts []Part) Verdict {
	v := Compatible
	for _, p := range parts {
		v = worse(v, p.Verdict)
	}
	return v
}

func worse(a, b Verdict) Verdict { return verdicts[max(a.rank(), b.rank())] }

func under(parts []subject, whole spdx.Licence) []Part {
	return answerAll(parts, whole.String(), func(l spdx.Licence) opinion { return pair(l, whole) })
}

// into answers for a whole under an expression. All its licences are necessary:
// those of AND apply together, and of OR whoever gets the whole may choose any.
func (r *Reply) into(expression string, parts []subject) error {
	e, _, err := spdx.Parse(expression)
	if err != nil {
		return fmt.Errorf("licence: of the whole: %w", err)
	}
	var wholes []spdx.Licence
	for l := range e.Licences() {
		if !slices.Contains(wholes, l) {
			wholes = append(wholes, l)
		}
	}
	if len(wholes) > maxInto {
		return fmt.Errorf("licence: of the whole: more than %d licences; ask in several questions", maxInto)
	}
	r.Into, r.Verdict = e.String(), Compatible
	for _, whole := range wholes {
		found, chosen := whole, under(parts, whole)
		v := worst(chosen)
		// Who may choose a later version for the whole chooses one for all parts.
		for _, n := range narrower(whole) {
			if other := under(parts, n); worse(Conditional, worst(other)).rank() < v.rank() {
				found, chosen, v = n, other, worse(Conditional, worst(other))
			}
		}
		r.asked, r.Under = append(r.asked, whole.String()), append(r.Under, found.String())
		r.Verdict = worse(r.Verdict, v)
		r.join(chosen)
	}
	return nil
}

// join adds the answers for another licence of the whole to those of the parts.
func (r *Reply) join(parts []Part) {
	if r.Parts == nil {
		r.Parts = parts
		return
	}
	for i, p := range parts {
		to := &r.Parts[i]
		to.Verdict = worse(to.Verdict, p.Verdict)
		to.Chosen = unique(append(to.Chosen, p.Chosen...))
		to.Steps = append(to.Steps, p.Steps...)
	}
}

// tryWholes tries the licences of the parts for the whole, with the later
// versions that they allow.
func (r *Reply) tryWholes(parts []subject) error {
	var wholes []spdx.Licence
	add := func(l spdx.Licence) {
		if !slices.Contains(wholes, l) {
			wholes = append(wholes, l)
		}
	}
	for _, p := range parts {
		if p.expression == nil {
			continue
		}
		for l := range p.expression.Licences() {
			add(l)
			later, _ := laterVersions(current(l))
			for _, v := range later {
				if strings.HasSuffix(v.ID, orLater) || !isFamily(spdx.Family(v.ID)) {
					add(v)
				}
			}
		}
	}
	if len(wholes) > maxWholes {
		return fmt.Errorf("licence: more than %d different licences; name that of the whole", maxWholes)
	}
	best := -1
	for _, whole := range wholes {
		tried := under(parts, whole)
		v := worst(tried)
		r.Wholes = append(r.Wholes, Whole{whole.String(), v})
		if best < 0 || v.rank() < best {
			best = v.rank()
			r.Verdict, r.Parts, r.Under = v, tried, []string{whole.String()}
		}
	}
	slices.SortStableFunc(r.Wholes, func(a, b Whole) int { return a.Verdict.rank() - b.Verdict.rank() })
	if best < 0 { // none of the parts has a licence
		r.Parts = answerAll(parts, "", nil)
		r.Verdict = worst(r.Parts)
	}
	return nil
}
