// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"slices"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
)

// finding is what a rule found: the arguments of a reason.
type finding []string

// rule gives a reason, as often as it finds something.
type rule struct {
	code    string
	verdict registry.LicenceVerdict
	find    func(*comparison) []finding
}

// maxReasons is how many reasons a report has.
const maxReasons = 20

// rules are all there are, the weightiest first: the first that finds something
// makes the verdict.
var rules = []rule{
	{registry.ReasonTextDiffers, registry.LicenceConflict, textDiffers(detect.FullText, detect.Notice)},
	{registry.ReasonModifiedDiffers, registry.LicenceConflict, textDiffers(detect.Modified)},
	{registry.ReasonOtherVersion, registry.LicenceConflict, otherVersion},
	{registry.ReasonNoneAgainstText, registry.LicenceConflict, noneAgainstText},
	{registry.ReasonREUSEDiffers, registry.LicenceConflict, unconfirmed(reuseDiffers)},
	{registry.ReasonSBOMDiffers, registry.LicenceConflict, unconfirmed(sbomDiffers)},

	{registry.ReasonNothing, registry.LicenceMissing, nothing},
	{registry.ReasonNamedOnly, registry.LicenceMissing, namedOnly},
	{registry.ReasonNoDeclaration, registry.LicenceMissing, noDeclaration},
	{registry.ReasonNoDeclarationUnknown, registry.LicenceMissing, noDeclarationUnknown},
	{registry.ReasonDeclaredUnknown, registry.LicenceMissing, declaredAs(registry.LicenceNotAssured)},
	{registry.ReasonDeclaredNone, registry.LicenceMissing, declaredNone},
	{registry.ReasonNoText, registry.LicenceMissing, noText},
	{registry.ReasonPointerNowhere, registry.LicenceMissing, pointerNowhere},
	{registry.ReasonReadmeOnly, registry.LicenceMissing, readmeOnly},

	{registry.ReasonDeclaredInvalid, registry.LicenceAmbiguous, declaredInvalid},
	{registry.ReasonTextsSay, registry.LicenceAmbiguous, textsSay},
	{registry.ReasonUndeclared, registry.LicenceAmbiguous, undeclared},
	{registry.ReasonTextModified, registry.LicenceAmbiguous, textModified},
	{registry.ReasonTextUnknown, registry.LicenceAmbiguous, textUnknown},
	{registry.ReasonTextUnread, registry.LicenceAmbiguous, textUnread},
	{registry.ReasonTextByName, registry.LicenceAmbiguous, textByName},
	{registry.ReasonNameDiffers, registry.LicenceAmbiguous, nameDiffers},
	{registry.ReasonLaterUnclear, registry.LicenceAmbiguous, laterUnclear},
	{registry.ReasonLaterVersion, registry.LicenceAmbiguous, laterVersion},
	{registry.ReasonExceptionNoText, registry.LicenceAmbiguous, exceptionWithoutText},
	{registry.ReasonExceptionOnlyText, registry.LicenceAmbiguous, exceptionOnlyInText},
	{registry.ReasonPartWithoutText, registry.LicenceAmbiguous, partWithoutText},
	{registry.ReasonReferenceNoText, registry.LicenceAmbiguous, referenceWithoutText},
	{registry.ReasonREUSEDiffers, registry.LicenceAmbiguous, confirmed(reuseDiffers)},
	{registry.ReasonSBOMDiffers, registry.LicenceAmbiguous, confirmed(sbomDiffers)},
	{registry.ReasonMetadataDiffers, registry.LicenceAmbiguous, metadataDiffers},
	{registry.ReasonForgeDiffers, registry.LicenceAmbiguous, unconfirmed(forgeDiffers)},

	{registry.ReasonAgree, registry.LicenceMatch, agree},
	{registry.ReasonNoticeOnly, registry.LicenceMatch, noticeOnly},
	{registry.ReasonOneAlternative, registry.LicenceMatch, oneAlternative},
	{registry.ReasonOtherWords, registry.LicenceMatch, otherWords},
	{registry.ReasonDeprecated, registry.LicenceMatch, deprecated},
	{registry.ReasonDeprecatedUnclear, registry.LicenceMatch, deprecatedUnclear},
	{registry.ReasonSpelling, registry.LicenceMatch, spelling},
	{registry.ReasonFurtherTexts, registry.LicenceMatch, furtherTexts},
	{registry.ReasonTextEmpty, registry.LicenceMatch, textEmpty},
	{registry.ReasonPartDiffers, registry.LicenceMatch, partDiffers},
	{registry.ReasonForgeDiffers, registry.LicenceMatch, confirmed(forgeDiffers)},
	{registry.ReasonReadmeDiffers, registry.LicenceMatch, readmeDiffers},
	{registry.ReasonREUSEUnread, registry.LicenceMatch, reuseUnread},
}

// judge asks all rules. Some rule finds something in every comparison.
func (c *comparison) judge() (registry.LicenceVerdict, []registry.LicenceReason) {
	verdict := registry.LicenceVerdict("")
	var reasons []registry.LicenceReason
	for _, rule := range rules {
		for _, args := range rule.find(c) {
			if verdict == "" {
				verdict = rule.verdict
			}
			r := registry.LicenceReason{Code: rule.code, Args: args}
			same := func(o registry.LicenceReason) bool { return o.Code == r.Code && slices.Equal(o.Args, r.Args) }
			if len(reasons) < maxReasons && !slices.ContainsFunc(reasons, same) {
				reasons = append(reasons, r)
			}
		}
	}
	return verdict, reasons
}

// once is a finding where is holds, and none where not.
func once(is bool, args ...string) []finding {
	if !is {
		return nil
	}
	return []finding{args}
}

// confirmed asks a rule where the texts agree with the declaration, unconfirmed
// where they do not: what else differs weighs less or more.
func confirmed(find func(*comparison) []finding) func(*comparison) []finding {
	return func(c *comparison) []finding {
		if !c.confirmed() {
			return nil
		}
		return find(c)
	}
}

func unconfirmed(find func(*comparison) []finding) func(*comparison) []finding {
	return func(c *comparison) []finding {
		if c.confirmed() {
			return nil
		}
		return find(c)
	}
}

func each(all []statement) []finding {
	var out []finding
	for _, s := range all {
		out = append(out, finding{s.at()})
	}
	return out
}
