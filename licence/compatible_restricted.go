// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

// restrictionOf says what to look at in a licence that is not open: of one that
// the house knows in its own words, else by its category.
func restrictionOf(f Licence) (Bilingual, bool) {
	if r, ok := restrictions[f.ID]; ok {
		return r, true
	}
	commercial, changes := nonCommercial(f.ID), noDerivatives(f.ID)
	switch {
	case commercial && changes:
		return onlyNonCommercial.after(onlyUnchanged), true
	case commercial:
		return onlyNonCommercial, true
	case changes:
		return onlyUnchanged, true
	}
	switch f.Category {
	case SourceAvailable, Restricted, Proprietary:
		return onlySome, true
	}
	return Bilingual{}, false
}

// What licences that are not open limit; %[1]s is the licence.
var (
	onlyNonCommercial = Bilingual{
		"%[1]s erlaubt nur nicht kommerzielle Zwecke. Ob Ihre Aufgabe dazu zählt, etwa wenn Sie Gebühren erheben oder Firmen beauftragen, muss jemand mit Rechtskenntnis prüfen.",
		"%[1]s allows non-commercial purposes only. Whether your task is one, for instance where you charge fees or engage companies, must be checked by somebody with legal training.",
	}
	onlyUnchanged = Bilingual{
		"%[1]s erlaubt nur die unveränderte Fassung.",
		"%[1]s allows the unchanged version only.",
	}
	onlySome = Bilingual{
		"%[1]s ist keine freie Lizenz: Sie schränkt ein, wer die Software wofür nutzen oder weitergeben darf. Lassen Sie im Lizenztext prüfen, ob Ihr Vorhaben erlaubt ist.",
		"%[1]s is not a free licence: it limits who may use the software or pass it on, and for what. Have the licence text checked for whether your plan is allowed.",
	}
)

// restrictions are those of single licences, by their texts.
var restrictions = map[string]Bilingual{
	"BUSL-1.1": {
		"%[1]s erlaubt den produktiven Einsatz nur so weit, wie ihn der Rechteinhaber im Lizenztext zusätzlich gestattet („Additional Use Grant“), bis zu einem dort genannten Tag. Lesen Sie dort nach.",
		"%[1]s allows production use only as far as the rights holder grants it in addition in the licence text (“Additional Use Grant”), up to a day named there. Read it there.",
	},
	"Elastic-2.0": {
		"%[1]s erlaubt den eigenen Einsatz, aber nicht, die Software anderen als betreuten Dienst anzubieten; Schutz durch Lizenzschlüssel darf nicht entfernt werden.",
		"%[1]s allows use of one's own, but not offering the software to others as a managed service; protection by licence keys must not be removed.",
	},
	"FSL-1.1-ALv2": competingUse,
	"FSL-1.1-MIT":  competingUse,
	"PolyForm-Small-Business-1.0.0": {
		"%[1]s ist für kleine Unternehmen gedacht; eine Verwaltung gehört in der Regel nicht dazu. Fragen Sie den Rechteinhaber.",
		"%[1]s is meant for small businesses; an administration is none as a rule. Ask the rights holder.",
	},
	"SSPL-1.0": {
		"%[1]s verlangt, dass, wer die Software anderen als Dienst anbietet, den Quelltext der gesamten Dienstumgebung unter derselben Lizenz offenlegt. Der Einsatz im eigenen Haus ist frei davon.",
		"%[1]s asks who offers the software to others as a service to publish the source code of all that the service runs on, under the same licence. Use within one's own organisation is free of that.",
	},
}

var competingUse = Bilingual{
	"%[1]s erlaubt jeden Zweck außer einem Angebot, das mit dem des Herstellers im Wettbewerb steht; nach zwei Jahren wird die Fassung frei.",
	"%[1]s allows any purpose but an offer that competes with that of the maker; after two years the version becomes free.",
}
