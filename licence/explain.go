// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"cmp"
	"slices"

	"github.com/allmende-registry/allmende/spdx"
)

// maxInAlternatives bounds the licences in all alternatives together.
const maxInAlternatives = 1000

// Explain says what an expression means; of nil that no licence is given.
func Explain(e *spdx.Expression) Explanation {
	out := Explanation{
		Assessment:   assess(e),
		Alternatives: []Alternative{},
		Licences:     []Explained{},
		Disclaimer:   disclaimer,
	}
	if e == nil {
		out.Summary = []Statement{{"standing", labelStanding, standingWords[NoExpression], false, nil, []string{fromHouse}}}
		out.Sources = out.used()
		return out
	}
	out.Expression = e.String()
	byName := map[string]Explained{}
	for l := range e.Licences() {
		name := l.String()
		if _, ok := byName[name]; !ok {
			byName[name] = explainLicence(l)
			out.Licences = append(out.Licences, byName[name])
		}
	}
	sets, listed := e.Alternatives()
	named := 0
	for _, set := range sets {
		named += len(set)
	}
	if named > maxInAlternatives && len(sets) > 1 {
		sets, listed = nil, false
	}
	for _, set := range sets {
		out.Alternatives = append(out.Alternatives, explainSet(set, byName))
	}
	slices.SortStableFunc(out.Alternatives, func(a, b Alternative) int {
		return cmp.Compare(slices.Index(categoryOrder, a.Category), slices.Index(categoryOrder, b.Category))
	})
	out.Choice = len(sets) > 1 || !listed
	out.Summary = out.summarise()
	out.Sources = out.used()
	return out
}

// explainSet explains licences that hold together.
func explainSet(set []spdx.Licence, byName map[string]Explained) Alternative {
	e := &spdx.Expression{Operator: spdx.And}
	for _, l := range set {
		e.Operands = append(e.Operands, &spdx.Expression{Licence: l})
	}
	if len(set) == 1 {
		e = e.Operands[0]
	}
	out := Alternative{Expression: e.String(), Assessment: assess(e), Patents: patentOrder[0]}
	var limitations, permissions collection
	for _, l := range set {
		one := byName[l.String()]
		out.Licences = append(out.Licences, one.SPDX)
		out.Patents = last(patentOrder, out.Patents, one.Patents)
		limitations.add(one.tagged(Limitation)...)
		permissions.add(one.tagged(Permission)...)
	}
	out.Limitations = limitations.all(len(set))
	if out.Covered {
		out.Permissions = slices.DeleteFunc(permissions.all(len(set)), func(s Statement) bool { return s.Licences != nil })
	}
	for _, s := range situations {
		var duties collection
		for _, name := range out.Licences {
			duties.add(byName[name].duties(s)...)
		}
		out.Duties = append(out.Duties, Duties{s.situation, s.title, duties.all(len(set))})
	}
	return out
}

// Explanation says in plain words what a licence expression means for somebody
// who uses, runs, hands over or changes the software. It is no legal advice and
// says so.
type Explanation struct {
	// Expression in official spelling; "" where there is none.
	Expression string `json:"expression"`
	Assessment
	// Choice says that OR leaves a choice to the reader: Assessment is then that
	// of the best alternative, each question for itself.
	Choice bool `json:"choice"`
	// Summary is the answer in a few sentences.
	Summary []Statement `json:"summary"`
	// Alternatives are the sets of licences of which one suffices, the freest
	// first; empty where there are over 64, or over 1,000 licences in them:
	// Licences has them all.
	Alternatives []Alternative `json:"alternatives"`
	// Licences are those of the expression, each once, in its order.
	Licences []Explained `json:"licences"`
	// Sources are those that a Statement names.
	Sources    []Source  `json:"sources"`
	Disclaimer Bilingual `json:"disclaimer"`
}

// Assessment is what holds for several licences together. Of AND all count, of
// OR the best; what is not known stays so unless it makes no difference.
type Assessment struct {
	Category Category `json:"category"`
	// AtLeast is the strictest kind that is known of, where Category is not
	// known because of another licence.
	AtLeast Category `json:"categoryAtLeast,omitempty"`
	OSI     Answer   `json:"osiApproved"`
	FSF     Answer   `json:"fsfLibre"`
	// Network is No where one may choose a licence without a network clause.
	Network Answer `json:"networkClause"`
	// Covered says that a source describes the obligations of every licence.
	Covered bool `json:"covered"`
}

// Alternative is a set of licences that hold together.
type Alternative struct {
	Expression string   `json:"expression"`
	Licences   []string `json:"licences"` // as Explained.SPDX
	Assessment
	Patents Patents `json:"patents"`
	// Duties are what must be done: to use, to run as a service, to hand over
	// and to change, in this order, each with at least one statement.
	Duties []Duties `json:"duties"`
	// Permissions are what all licences allow expressly; empty unless Covered.
	Permissions []Statement `json:"permissions,omitempty"`
	Limitations []Statement `json:"limitations,omitempty"`
}

// Duties are the obligations of a situation.
type Duties struct {
	Situation  Situation   `json:"situation"`
	Title      Bilingual   `json:"title"`
	Statements []Statement `json:"statements"`
}

// Explained is one licence of an expression.
type Explained struct {
	SPDX     string   `json:"spdx"` // as in the expression, with its exception
	Standing Standing `json:"standing"`
	// Instead is what took the place of a deprecated identifier.
	Instead string `json:"instead,omitempty"`
	// Facts is nil where the licence is not on the SPDX list.
	Facts     *Licence   `json:"facts,omitempty"`
	Exception *Exception `json:"exception,omitempty"`
	Patents   Patents    `json:"patents"`
	// Statements say Standing, Facts and Exception in words.
	Statements []Statement `json:"statements"`
}

// Standing is how an identifier stands to the SPDX list.
type Standing string

// The standings.
const (
	Listed       Standing = "listed"
	Deprecated   Standing = "deprecated" // on the list, but replaced
	Reference    Standing = "reference"  // LicenseRef-: not on the list, its text is in the project itself
	Unlisted     Standing = "unlisted"   // neither
	NoExpression Standing = "none"       // NONE, NOASSERTION or nothing
)

// Exception is what follows WITH.
type Exception struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"` // "" where it is not on the list
	Deprecated bool   `json:"deprecated,omitempty"`
}

// Patents is whether a licence grants rights in patents.
type Patents string

// The answers about patents.
const (
	PatentsGranted  Patents = "granted"  // expressly
	PatentsSilent   Patents = "silent"   // it does not speak of them
	PatentsExcluded Patents = "excluded" // it says expressly that it grants none
	PatentsUnknown  Patents = "unknown"  // no source says
)

// Statement is one thing that holds, in words.
type Statement struct {
	// Code says what it is about: a tag as "condition:disclose-source", or
	// another word; the same code has the same Label.
	Code  string    `json:"code"`
	Label Bilingual `json:"label"`
	Text  Bilingual `json:"text"`
	// General says that this holds as a rule for licences of its kind, because
	// no source describes this one.
	General bool `json:"general,omitempty"`
	// Licences are those that it holds for, as Explained.SPDX; empty where it
	// holds for all that it stands with.
	Licences []string `json:"licences,omitempty"`
	// Sources are the Source.IDs that it rests on.
	Sources []string `json:"sources"`
}
