// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import (
	"strings"
	"unicode"
)

// otherNames are names that package spdx does not know, most of licences for data
// and texts, as nameKey spells them, also without a first word that may stand before any name
// ("Open", "Licence").
var otherNames = map[string]string{
	"afferogpl3": "AGPL-3.0", "afferogpl30": "AGPL-3.0", "lessergpl3": "LGPL-3.0", "lessergpl30": "LGPL-3.0", "lessergpl21": "LGPL-2.1",
	"opengovernmentlicense10": "OGL-UK-1.0", "governmentlicense10": "OGL-UK-1.0",
	"opengovernmentlicense20": "OGL-UK-2.0", "governmentlicense20": "OGL-UK-2.0",
	"opengovernmentlicense30": "OGL-UK-3.0", "governmentlicense30": "OGL-UK-3.0",
	"licenseouverte20": "etalab-2.0", "ouverte20": "etalab-2.0", "licenseouverteopenlicense20": "etalab-2.0",
	"ouverteopenlicense20": "etalab-2.0", "licenseouverteetalab20": "etalab-2.0",
	"datenlizenzdeutschlandnamensnennung20": "DL-DE-BY-2.0", "datenlizenzdeutschlandzero20": "DL-DE-ZERO-2.0",
	"creativecommonsnamensnennung40international":                                   "CC-BY-4.0",
	"creativecommonsnamensnennung40":                                                "CC-BY-4.0",
	"creativecommonsnamensnennungweitergabeuntergleichenbedingungen40international": "CC-BY-SA-4.0",
	"creativecommonsnamensnennungweitergabeuntergleichenbedingungen40":              "CC-BY-SA-4.0",
	"attribution40international":                                                    "CC-BY-4.0",
	"attributionsharealike40international":                                          "CC-BY-SA-4.0",
	"namensnennung40international":                                                  "CC-BY-4.0",
	"namensnennungweitergabeuntergleichenbedingungen40international":                "CC-BY-SA-4.0",
}

// nameKey is the letters and digits of a name in small letters, without the word
// "version".
func nameKey(s string) string {
	var b strings.Builder
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if w == "version" || w == "v" || w == "vers" || w == "lizenz" {
			continue
		}
		if len(w) > 1 && w[0] == 'v' && w[1] >= '0' && w[1] <= '9' {
			w = w[1:]
		}
		b.WriteString(strings.ReplaceAll(w, "licence", "license"))
	}
	return b.String()
}
