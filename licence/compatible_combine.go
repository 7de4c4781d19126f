// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// eupl is the licence whose appendix is known.
const eupl = "EUPL-1.2"

// opinion is the answer for one licence, or for a pair.
type opinion struct {
	verdict Verdict
	reason  Bilingual
	sources []string
}

func (o opinion) rank() int { return o.verdict.rank() }

// verdicts from good to bad.
var verdicts = []Verdict{Compatible, Conditional, Unclear, Incompatible}

func (v Verdict) rank() int { return slices.Index(verdicts, v) }

func (v Verdict) positive() bool { return v == Compatible || v == Conditional }

// pair says whether a part under one licence may be in a work under another.
func pair(part, whole spdx.Licence) opinion {
	p, w := part.String(), whole.String()
	switch {
	case osadl().cell(p, w) != "":
	case unlisted(part):
		return opinion{Unclear, unlistedLicence.fill(p), []string{fromHouse}}
	case unlisted(whole):
		return opinion{Unclear, unlistedLicence.fill(w), []string{fromHouse}}
	case noDerivatives(part.ID):
		return opinion{Incompatible, unchangedOnly.fill(p, w), []string{fromHouse}}
	case nonCommercial(part.ID) && openSource(whole.ID):
		return opinion{Incompatible, purposeBound.fill(p, w), []string{fromHouse, fromSPDX}}
	case p == w:
		return opinion{Compatible, sameLicence.fill(p), []string{fromHouse}}
	}
	return read(current(part), current(whole))
}

// read takes names that leave open whether later versions are meant both ways.
func read(part, whole spdx.Licence) opinion {
	var answers []opinion
	for _, p := range readings(part) {
		for _, w := range readings(whole) {
			answers = append(answers, settle(p, w))
		}
	}
	first := answers[0]
	if slices.ContainsFunc(answers, func(o opinion) bool { return o.verdict != first.verdict }) {
		return opinion{Unclear, leftOpen.fill(part.String(), whole.String()), first.sources}
	}
	return first
}

// settle answers for a pair of current licences. Exceptions that the matrix has
// no row for count as permissions on top of the licence without them.
func settle(part, whole spdx.Licence) opinion {
	if part == whole {
		return direct(part, whole)
	}
	if whole.Exception != "" && !osadl().covers(whole) {
		o := settle(part, bare(whole))
		if o.verdict.positive() {
			return opinion{Conditional, ownExceptionOnly.fill(part.String(), bare(whole).String(), whole.Exception).after(o.reason), o.sources}
		}
		return opinion{Unclear, exceptionUnknown.fill(whole.String()), o.sources}
	}
	if part.Exception != "" && !osadl().covers(part) {
		o := settle(bare(part), whole)
		if o.verdict.positive() {
			o.reason = exceptionAdds.fill(part.Exception).after(o.reason)
			return o
		}
		return opinion{Unclear, exceptionUnknown.fill(part.String()), o.sources}
	}
	best := direct(part, whole)
	versions, known := laterVersions(part)
	if best.verdict.positive() && slices.Contains(versions, whole) {
		best.reason = laterVersion.fill(part.String(), whole.String()).after(best.reason)
	}
	for _, later := range versions {
		if o := direct(later, whole); o.rank() < best.rank() {
			o.reason = laterVersion.fill(part.String(), later.String()).after(o.reason)
			best = o
		}
	}
	if !known && best.verdict == Incompatible {
		return opinion{Unclear, laterUnknown.fill(part.String()), best.sources}
	}
	return best
}

func bare(l spdx.Licence) spdx.Licence {
	l.Exception = ""
	return l
}

// direct is what the sources say of the two licences as they are. A "+" at the
// part is a permission that need not be used.
func direct(part, whole spdx.Licence) opinion {
	p, w := part.String(), whole.String()
	if p == w {
		return opinion{Compatible, sameLicence.fill(p), []string{fromHouse}}
	}
	part.OrLater = false
	cell := osadl().cell(part.String(), w)
	if limit, listed := facts().eupl[spdx.Family(w)]; listed && part.String() == eupl {
		switch {
		case limit != "":
			return opinion{Conditional, appendixLimited.fill(w), []string{fromEUPL}}
		case cell == cellNo:
			return opinion{Conditional, appendixDisputed.fill(w), []string{fromEUPL, fromOSADL}}
		case cell == cellYes || cell == cellSame:
			return opinion{Compatible, appendixAllows.fill(w), []string{fromEUPL, fromOSADL}}
		}
		return opinion{Compatible, appendixAllows.fill(w), []string{fromEUPL}}
	}
	switch cell {
	case cellSame, cellYes:
		return opinion{Compatible, matrixYes.fill(p, w), []string{fromOSADL}}
	case cellDepends:
		return opinion{Conditional, matrixDepends.fill(p, w), []string{fromOSADL}}
	case cellNo:
		return opinion{Incompatible, matrixNo.fill(p, w), []string{fromOSADL}}
	case cellOpen:
		return opinion{Unclear, matrixOpen.fill(p, w), []string{fromOSADL}}
	}
	if f, ok := Lookup(part.ID); ok && f.Covered && len(f.Conditions) == 0 && part.Exception == "" && !whole.OrLater {
		return opinion{Compatible, noConditions.fill(p), []string{fromChooseALicense}}
	}
	return opinion{Unclear, notCovered.fill(p, w), []string{fromOSADL}}
}

// unlisted reports a licence, or an addition to one, that is not on the SPDX
// list: what it says is not known.
func unlisted(l spdx.Licence) bool { return spdx.IsReference(l.ID) || spdx.IsReference(l.Exception) }

func openSource(id string) bool {
	f, ok := Lookup(id)
	return ok && f.OSI == Yes
}

func noDerivatives(id string) bool { return strings.Contains(id+"-", "-ND-") }

func nonCommercial(id string) bool {
	return strings.Contains(id+"-", "-NC-") || strings.Contains(id, "-Noncommercial-")
}
