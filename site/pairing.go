// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

// usualLicences are those that public administrations and what they build on
// mostly have; every catalogue has a page for each, also without an entry.
var usualLicences = []string{
	"EUPL-1.2", "AGPL-3.0-or-later", "GPL-3.0-or-later", "GPL-2.0-only", "LGPL-3.0-or-later",
	"MPL-2.0", "Apache-2.0", "MIT", "BSD-3-Clause",
}

// maxPairings is how many licences the page of one answers for.
const maxPairings = 40

// pairing says whether software under one licence may be combined with software
// under another.
type pairing struct {
	licenceLink
	N     int      // entries under the other one
	Mark  mark     // on one work made of both
	Under []string // what the work may then be under
	Text  string
	Ways  []way // one part in a work under the other's licence, both ways round
}

// way is the answer for a part under one licence in a work under another.
type way struct {
	Part, Whole string
	Mark        mark
	Reasons     []string
	Sources     []string // names
}

// commonLicences are those that entries are under, the most frequent first, and
// the usual ones.
func (o *overview) commonLicences() []string {
	var ids []string
	add := func(id string) {
		if l, ok := licence.Lookup(id); ok && !slices.Contains(ids, l.ID) {
			ids = append(ids, l.ID)
		}
	}
	for _, c := range slices.Concat(o.declared(), o.licenceCounts()) {
		add(c.Value)
	}
	for _, id := range usualLicences {
		add(id)
	}
	return ids
}

// newPairings answers for a licence beside those that are common.
func newPairings(id string, o *overview, lang string) []pairing {
	var list []pairing
	for _, other := range o.commonLicences() {
		if other == id || len(list) == maxPairings {
			continue
		}
		reply, err := licence.Ask(licence.Question{Situation: licence.Combine, Licences: []string{id, other}})
		if err != nil {
			continue // beyond the bounds of a question, as two identifiers never are
		}
		one := pairing{
			licenceLink: licenceLink{other, licencePath(other)}, Under: reply.Under,
			Mark: newMark(lang, "ask", reply.Verdict), Text: reply.Reason.In(lang),
			Ways: slices.Concat(newWay(other, id, lang), newWay(id, other, lang)),
		}
		if t := o.Topics[registry.FacetLicence][other]; t != nil {
			one.N = t.N
		}
		list = append(list, one)
	}
	return list
}

func newWay(part, whole, lang string) []way {
	reply, err := licence.Ask(licence.Question{Situation: licence.Combine, Licences: []string{part}, Into: whole})
	if err != nil {
		return nil
	}
	w := way{Part: part, Whole: whole, Mark: newMark(lang, "ask", reply.Verdict)}
	var sources []string
	for _, p := range reply.Parts {
		for _, step := range p.Steps {
			if step.Necessary && len(w.Reasons) < maxReasons {
				w.Reasons = append(w.Reasons, shorten(step.Reason.In(lang), maxSentence))
				sources = append(sources, step.Sources...)
			}
		}
	}
	w.Sources = sourceNames(sources)
	return []way{w}
}
