// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"regexp"
	"strings"

	"github.com/allmende-registry/allmende/publiccode"
)

// states are the German states: the first two digits of their keys (AGS, ARS), which
// the statistical offices give, and their codes in ISO 3166-2.
var states = []struct{ digits, region, name string }{
	{"01", "DE-SH", "Schleswig-Holstein"},
	{"02", "DE-HH", "Hamburg"},
	{"03", "DE-NI", "Niedersachsen"},
	{"04", "DE-HB", "Bremen"},
	{"05", "DE-NW", "Nordrhein-Westfalen"},
	{"06", "DE-HE", "Hessen"},
	{"07", "DE-RP", "Rheinland-Pfalz"},
	{"08", "DE-BW", "Baden-Württemberg"},
	{"09", "DE-BY", "Bayern"},
	{"10", "DE-SL", "Saarland"},
	{"11", "DE-BE", "Berlin"},
	{"12", "DE-BB", "Brandenburg"},
	{"13", "DE-MV", "Mecklenburg-Vorpommern"},
	{"14", "DE-SN", "Sachsen"},
	{"15", "DE-ST", "Sachsen-Anhalt"},
	{"16", "DE-TH", "Thüringen"},
}

// stateOf is the region that a key lies in; "" where its first two digits are none.
func stateOf(key string) string {
	for _, s := range states {
		if strings.HasPrefix(key, s.digits) {
			return s.region
		}
	}
	return ""
}

var regionForm = regexp.MustCompile(`^([A-Z]{2})(-[A-Z0-9]{1,3})?$`)

// isRegion knows the countries and the German states; of other countries' parts it
// knows the form.
func isRegion(s string) bool {
	m := regionForm.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	switch {
	case publiccode.Country(m[1]) == "":
		return false
	case m[1] != "DE" || m[2] == "":
		return true
	}
	for _, state := range states {
		if s == state.region {
			return true
		}
	}
	return false
}

// meantRegion is the code of what people write instead: other letters, a name, a
// state without its country.
func meantRegion(s string) string {
	upper := strings.ToUpper(strings.ReplaceAll(s, "_", "-"))
	for _, state := range states {
		if strings.EqualFold(s, state.name) || "DE-"+upper == state.region {
			return state.region
		}
	}
	switch {
	case isRegion(upper):
		return upper
	case upper == "BUND":
		return "DE"
	}
	return publiccode.Country(s)
}

func (d *decoder) checkRegion(v value, t string) string {
	if isRegion(t) {
		return t
	}
	if meant := meantRegion(t); meant != "" {
		d.report("AD0309", v, t, meant)
		return meant
	}
	d.report("AD0308", v, t)
	return ""
}

// The forms of the keys: state, and then region, district, association (of the ARS
// alone) and municipality, as far as the organisation is one of these.
var (
	agsForm = regexp.MustCompile(`^(0[1-9]|1[0-6])([0-9]|[0-9]{3}|[0-9]{6})?$`)
	arsForm = regexp.MustCompile(`^(0[1-9]|1[0-6])([0-9]|[0-9]{3}|[0-9]{7}|[0-9]{10})?$`)
)

func (d *decoder) checkAGS(v value, t string) string { return d.checkKey("AD0310", agsForm, v, t) }

func (d *decoder) checkARS(v value, t string) string { return d.checkKey("AD0311", arsForm, v, t) }

func (d *decoder) checkKey(code string, form *regexp.Regexp, v value, t string) string {
	t = strings.ReplaceAll(t, " ", "") // official lists print them in groups
	if !form.MatchString(t) {
		d.report(code, v, t)
		return ""
	}
	return t
}

// checkState holds a key against the region.
func (d *decoder) checkState(v value, key, region string) {
	if state := stateOf(key); key != "" && region != "" && region != "DE" && region != state {
		d.report("AD0312", v, key[:2], state, region)
	}
}

// samePlace reports whether both keys can be of one place: the ARS has the digits of
// the AGS, with those of the association between district and municipality.
func samePlace(ags, ars string) bool {
	n := min(len(ags), len(ars), 5)
	return ags[:n] == ars[:n] && (len(ags) < 8 || len(ars) < 12 || ags[5:] == ars[9:])
}
