// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	_ "embed"
	"strings"
	"sync"
)

// countryCodes are the officially assigned codes of ISO 3166-1 alpha-2, and XK,
// which the European institutions use for Kosovo.
const countryCodes = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ" +
	" BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ" +
	" DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY" +
	" HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY" +
	" MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY" +
	" QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ" +
	" TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ" +
	" VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "

// isCountry reports whether code, in capitals, is a country code.
func isCountry(code string) bool {
	return len(code) == 2 && strings.Contains(countryCodes, " "+code+" ")
}

// Country is the code of a country (ISO 3166-1 alpha-2) that is given by its code, in
// any case, or by its name in German, English or a language of its own; "" for none.
func Country(s string) string {
	if upper := strings.ToUpper(s); isCountry(upper) {
		return upper
	}
	return countryNames()[strings.ToLower(s)]
}

//go:embed countries.txt
var countryList string

// countryNames maps names of countries in small letters to their codes: the
// English and the German name, and those in languages of the country.
var countryNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(countryList) {
		code, names, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if !isCountry(code) { // a comment
			continue
		}
		for name := range strings.SplitSeq(names, "; ") {
			m[name] = code
		}
	}
	return m
})
