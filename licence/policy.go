// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"embed"
	"errors"
	"slices"
	"sync"

	"github.com/allmende-registry/allmende/spdx"
)

// Policy says which licences somebody allows. Deny goes before all else, then
// Require, then Allow.
type Policy struct {
	ID          string    `json:"id"`
	Name        Bilingual `json:"name"`
	Description Bilingual `json:"description,omitzero"`
	// Limits says what the policy cannot tell.
	Limits Bilingual `json:"limits,omitzero"`
	Source string    `json:"source,omitempty"` // an address

	// The lists have entries of five kinds: osi and fsf, for what the Open Source
	// Initiative has approved and the Free Software Foundation calls free; a
	// Category; a family, such as GPL-3.0; a licence, such as GPL-3.0-only,
	// with whatever exception; a licence with one exception. An entry means
	// what it says: GPL-3.0-only does not name GPL-3.0-or-later.

	// Require are osi and fsf, of which all must hold.
	Require []string `json:"require,omitempty"`
	// Allow, unless it is empty, has what else a licence must be one of.
	Allow []string `json:"allow,omitempty"`
	Deny  []string `json:"deny,omitempty"`
	// Otherwise is what a licence is that Allow does not name; "" is Denied.
	Otherwise State `json:"otherwise,omitempty"`
}

// State is what a policy says of a licence.
type State string

// The states.
const (
	Allowed   State = "allowed"
	Undecided State = "unknown" // the policy or the sources leave it open
	Denied    State = "denied"
)

// states from good to bad.
var states = []State{Allowed, Undecided, Denied}

// Judgement is what a policy says of an expression.
type Judgement struct {
	Policy     string `json:"policy"`     // its ID
	Expression string `json:"expression"` // in official spelling; as given where it is none
	State      State  `json:"state"`
	// Chosen are the licences to use the software under, all of an AND, the best
	// of an OR.
	Chosen []string `json:"chosen,omitempty"`
	// Reasons say why, for every licence that the state hangs on, and what the
	// policy cannot tell; at least one.
	Reasons []Bilingual `json:"reasons"`
}

//go:embed policies
var policyFiles embed.FS

// Policies are those that come with the registry, by their IDs.
func Policies() []Policy { return slices.Clone(builtIn()) }

var builtIn = sync.OnceValue(func() []Policy {
	entries, err := policyFiles.ReadDir("policies")
	if err != nil {
		panic(err) // a fault of the build, which the tests find
	}
	var all []Policy
	for _, e := range entries {
		src, err := policyFiles.ReadFile("policies/" + e.Name())
		if err != nil {
			panic(err) // as above
		}
		p, err := ParsePolicy(src)
		if err != nil {
			panic(e.Name() + ": " + err.Error()) // as above
		}
		all = append(all, p)
	}
	return all
})

// maxReasons bounds the reasons of a Judgement.
const maxReasons = 20

// Judge applies the policy to an SPDX expression: of OR one licence must be
// allowed, of AND all. What is no expression is undecided.
func (p Policy) Judge(expression string) Judgement {
	j := Judgement{Policy: p.ID, Expression: expression}
	e, _, err := spdx.Parse(expression)
	var syntax *spdx.SyntaxError
	switch {
	case errors.Is(err, spdx.ErrNone):
		j.State, j.Reasons = Denied, []Bilingual{noLicence}
		return j
	case errors.Is(err, spdx.ErrNoAssertion):
		j.State, j.Reasons = Undecided, []Bilingual{noAssertion}
		return j
	case errors.As(err, &syntax):
		j.State, j.Reasons = Undecided, []Bilingual{{syntax.Wording("de"), syntax.Wording("en")}}
		return j
	case err != nil:
		j.State, j.Reasons = Undecided, []Bilingual{{err.Error(), err.Error()}}
		return j
	}
	rank, leaves := weigh(e, p.rule, func(r ruling) int { return slices.Index(states, r.state) })
	j.Expression, j.State, j.Chosen = e.String(), states[rank], chosen(leaves)
	for _, l := range leaves {
		if l.necessary && l.answer.state == j.State && len(j.Reasons) < maxReasons && !slices.Contains(j.Reasons, l.answer.reason) {
			j.Reasons = append(j.Reasons, l.answer.reason)
		}
	}
	if p.Limits.DE != "" {
		j.Reasons = append(j.Reasons, p.Limits)
	}
	return j
}

// ruling is what a policy says of one licence.
type ruling struct {
	state  State
	reason Bilingual
}

func (p Policy) rule(l spdx.Licence) ruling {
	name := l.String()
	_, denied := find(p.Deny, l, Yes)
	allowing, allowed := find(p.Allow, l, Yes)
	if denied != "" {
		return ruling{Denied, deniedBy.fill(name, denied)}
	}
	if _, missing := find(p.Require, l, No); missing != "" {
		return ruling{Denied, groupMissing[missing].fill(name)}
	}
	// What the policy names itself it knows.
	if !allowing.named(l) {
		for _, list := range [][]string{p.Deny, p.Require} {
			if _, open := find(list, l, Unknown); open != "" {
				return ruling{Undecided, entryOpen.fill(name, open)}
			}
		}
	}
	switch {
	case allowed != "":
		return ruling{Allowed, allowedBy.fill(name, allowed)}
	case len(p.Allow) == 0 && len(p.Require) > 0:
		return ruling{Allowed, groupMet[p.Require[0]].fill(name)}
	case len(p.Allow) == 0:
		return ruling{Allowed, notDenied.fill(name)}
	}
	if _, open := find(p.Allow, l, Unknown); open != "" {
		return ruling{Undecided, entryOpen.fill(name, open)}
	}
	switch p.Otherwise {
	case Allowed:
		return ruling{Allowed, notDenied.fill(name)}
	case Undecided:
		return ruling{Undecided, notNamedOpen.fill(name)}
	}
	return ruling{Denied, notNamed.fill(name)}
}

var (
	deniedBy = Bilingual{
		"%[1]s ist nach der Richtlinie ausgeschlossen (%[2]s).",
		"%[1]s is excluded by the policy (%[2]s).",
	}
	allowedBy = Bilingual{
		"%[1]s ist nach der Richtlinie zugelassen (%[2]s).",
		"%[1]s is allowed by the policy (%[2]s).",
	}
	notDenied = Bilingual{
		"%[1]s ist nach der Richtlinie nicht ausgeschlossen.",
		"%[1]s is not excluded by the policy.",
	}
	notNamed = Bilingual{
		"Die Richtlinie führt %[1]s nicht unter den zugelassenen Lizenzen.",
		"The policy does not name %[1]s among the allowed licences.",
	}
	notNamedOpen = Bilingual{
		"Die Richtlinie führt %[1]s nicht unter den zugelassenen Lizenzen, schließt die Lizenz aber auch nicht aus. Fragen Sie, wer die Richtlinie erlassen hat.",
		"The policy does not name %[1]s among the allowed licences, but does not exclude it either. Ask whoever issued the policy.",
	}
	entryOpen = Bilingual{
		"Ob %[1]s unter „%[2]s“ fällt, wovon die Richtlinie spricht, sagt keine unserer Quellen. Jemand mit Rechtskenntnis muss den Lizenztext lesen.",
		"None of our sources says whether %[1]s falls under “%[2]s”, of which the policy speaks. Somebody with legal training must read the licence text.",
	}
	groupMet = map[string]Bilingual{
		groupOSI: {"Die Open Source Initiative hat %[1]s anerkannt.", "The Open Source Initiative has approved %[1]s."},
		groupFSF: {"Die Free Software Foundation hält %[1]s für frei.", "The Free Software Foundation considers %[1]s free."},
	}
	groupMissing = map[string]Bilingual{
		groupOSI: {"Die Open Source Initiative hat %[1]s nicht anerkannt.", "The Open Source Initiative has not approved %[1]s."},
		groupFSF: {"Die Free Software Foundation hält %[1]s nicht für frei.", "The Free Software Foundation does not consider %[1]s free."},
	}
)
