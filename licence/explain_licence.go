// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// explainLicence says of one licence what is known.
func explainLicence(l spdx.Licence) Explained {
	out := Explained{SPDX: l.String(), Standing: Listed, Patents: PatentsUnknown}
	exception := l.Exception
	found, ok := lookup(l)
	switch {
	case spdx.IsReference(l.ID):
		out.Standing = Reference
	case !ok:
		out.Standing = Unlisted
	case found.Deprecated:
		out.Standing, out.Instead = Deprecated, spdx.Successor(found.ID)
		if _, with, _ := strings.Cut(out.Instead, " WITH "); exception == "" {
			exception = with
		}
	}
	if ok {
		out.Facts, out.Patents = &found, found.patents()
	}
	if exception != "" {
		e := lookupException(exception)
		out.Exception = &e
	}
	out.describe()
	return out
}

// patents says what the tags say of patents.
func (l Licence) patents() Patents {
	switch {
	case !l.Covered:
		return PatentsUnknown
	case slices.Contains(l.Permissions, patentUse):
		return PatentsGranted
	case slices.Contains(l.Limitations, patentUse):
		return PatentsExcluded
	}
	return PatentsSilent
}

// describe says in words what the fields say.
func (e *Explained) describe() {
	say := func(code string, label, text Bilingual, sources ...string) {
		e.Statements = append(e.Statements, Statement{Code: code, Label: label, Text: text, Sources: sources})
	}
	if e.Exception != nil {
		defer func() {
			text := exceptionUnlisted.fill(e.Exception.ID)
			if e.Exception.Name != "" {
				text = exceptionWords.fill(e.Exception.Name)
			}
			if e.Exception.Deprecated {
				text = text.after(exceptionDeprecated)
			}
			say("exception", labelException, text, fromSPDX, fromHouse)
		}()
	}
	if e.Facts == nil {
		say("standing", labelStanding, standingWords[e.Standing], fromSPDX, fromHouse)
		return
	}
	f := *e.Facts
	family := spdx.Family(f.ID)
	switch {
	case e.Instead != "":
		say("standing", labelStanding, deprecatedInstead.fill(e.Instead), fromSPDX)
	case f.Deprecated && isFamily(f.ID):
		say("standing", labelStanding, deprecatedOpen.fill(family), fromSPDX)
	case f.Deprecated:
		say("standing", labelStanding, deprecatedAlone, fromSPDX)
	}
	switch {
	case strings.HasSuffix(f.ID, "-or-later") || strings.HasSuffix(e.SPDX, "+"):
		say("versions", labelVersions, versionLater, fromSPDX)
	case strings.HasSuffix(f.ID, "-only"):
		say("versions", labelVersions, versionOnly, fromSPDX)
	}
	say("kind", categoryWords[f.Category].label, categoryWords[f.Category].text, fromScanCode, fromHouse)
	say("osi", labelOSI, osiWords[f.OSI], fromSPDX)
	say("fsf", labelFSF, fsfWords[f.FSF], fromSPDX)
	say("network", labelNetwork, networkWords[f.Network], f.networkSources()...)
	say("patents", labelPatents, patentWords[e.Patents], fromChooseALicense)
	eupl := euplNotNamed
	switch {
	case f.ID == "EUPL-1.2":
		eupl = euplItself.fill(strings.Join(facts().euplEntries, "; "))
	case f.EUPL && facts().eupl[family] != "":
		eupl = euplNamedForWorks
	case f.EUPL:
		eupl = euplNamed
	}
	say("eupl", labelEUPL, eupl, fromEUPL)
	if f.BlueOak != "" {
		say("blueoak", labelBlueOak, blueOakWords.fill(f.BlueOak), fromBlueOak)
	}
	switch {
	case !f.Covered && f.Category == NoCategory:
		say("covered", labelCovered, notDescribedAtAll, fromHouse)
	case !f.Covered:
		say("covered", labelCovered, notDescribed, fromHouse)
	}
}

// networkSources are those that say whether there is a network clause.
func (l Licence) networkSources() []string {
	if slices.Contains(l.Conditions, networkUse) {
		return []string{fromChooseALicense, fromHouse}
	}
	return []string{fromHouse}
}

// tagged returns a statement for each tag of a kind, Permission or Limitation.
func (e Explained) tagged(kind string) []Statement {
	if e.Facts == nil {
		return nil
	}
	ids := e.Facts.Permissions
	if kind == Limitation {
		ids = e.Facts.Limitations
	}
	var out []Statement
	for _, id := range ids {
		out = append(out, e.say(Tag{id, kind}))
	}
	return out
}

func (e Explained) say(t Tag) Statement {
	return Statement{t.code(), tagWords[t].label, tagWords[t].text, false, []string{e.SPDX}, []string{fromChooseALicense}}
}

// limit says what a licence that is not open forbids; false of any other.
func (e Explained) limit() (Bilingual, bool) {
	if e.Facts == nil || e.Facts.OSI == Yes || e.Facts.FSF == Yes {
		return Bilingual{}, false
	}
	text, ok := restrictionOf(*e.Facts)
	return text.fill(e.SPDX), ok
}

// duties says what must be done in a situation: first what the text of the
// licence itself says, then its tags, and where there are none what licences of
// its kind ask for as a rule.
func (e Explained) duties(s situation) []Statement {
	var out []Statement
	say := func(code string, text Bilingual, sources ...string) {
		out = append(out, Statement{code, dutyLabels[code], text, code == "general", []string{e.SPDX}, sources})
	}
	if e.Facts == nil {
		say("unknown", unknownDuty, fromHouse)
		return out
	}
	f := *e.Facts
	rules := rulesFor(f.ID, s.situation)
	said := func(code string) bool {
		return slices.ContainsFunc(rules, func(r rule) bool { return r.code == code })
	}
	for _, r := range rules {
		sources := []string{fromHouse}
		if r.code == networkCode {
			sources = f.networkSources()
		}
		out = append(out, Statement{r.code, r.label, r.text, false, []string{e.SPDX}, sources})
	}
	for _, id := range s.tags {
		if tag := (Tag{id, Condition}); slices.Contains(f.Conditions, id) && !said(tag.code()) {
			out = append(out, e.say(tag))
		}
	}
	network := s.situation == RunService
	if network && f.Network == Yes && !said(networkCode) && !slices.Contains(f.Conditions, networkUse) {
		tag := e.say(Tag{networkUse, Condition})
		tag.Sources = []string{fromHouse}
		out = append(out, tag)
	}
	limit, limited := e.limit()
	if limited && !said(networkCode) {
		say("limited", limit, fromScanCode, fromHouse)
	}
	general, sorted := generalDuties[f.Category][s.situation]
	copyleft := slices.Contains([]Category{WeakCopyleft, StrongCopyleft, NetworkCopyleft}, f.Category)
	switch {
	case network && f.Network == Unknown && (f.Covered || copyleft):
		say("unknown", unknownNetwork, fromHouse)
	case f.Covered && len(out) == 0:
		say("nothing", s.nothing, fromChooseALicense)
	case !f.Covered && sorted && (len(out) == 0 || s.situation == Distribute && copyleft):
		say("general", general, fromScanCode, fromHouse)
	case len(out) == 0:
		say("unknown", unknownDuty, fromHouse)
	}
	if e.Exception != nil && (s.situation == Distribute || s.situation == Change) {
		say("exception", eased, fromSPDX, fromHouse)
	}
	return out
}
