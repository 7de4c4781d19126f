// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

// words are the comments of a file in one language.
type words struct {
	header, confirm, missing, wished, allowed, suggested, choice, other, services string
}

// wordsIn returns the German words for "de" and the English for all other tags.
func wordsIn(lang string) words {
	if lang == "de" {
		return words{
			header:    "Beschreibung nach dem Standard publiccode.yml, https://yml.publiccode.tools",
			confirm:   "bitte prüfen: aus %s",
			missing:   "Bitte ergänzen (Pflicht):",
			wished:    "Bitte ergänzen (empfohlen):",
			allowed:   "Erlaubt: %s",
			suggested: "Etwa: %s",
			choice:    "Bitte entscheiden, %s lässt es offen: %s",
			other:     "Widerspruch: %s sagt: %s",
			services:  "Bitte prüfen: Braucht die Software diese Dienste aus %s zum Betrieb?",
		}
	}
	return words{
		header:    "Described by the standard publiccode.yml, https://yml.publiccode.tools",
		confirm:   "please check: from %s",
		missing:   "Please add (required):",
		wished:    "Please add (recommended):",
		allowed:   "Allowed: %s",
		suggested: "Such as: %s",
		choice:    "Please decide, %s leaves it open: %s",
		other:     "Contradiction: %s says: %s",
		services:  "Please check: does the software need these services of %s to run?",
	}
}
