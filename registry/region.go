// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Region is one of the German states.
type Region struct {
	Code    string // ISO 3166-2: DE-SH
	German  string
	English string
}

// states are in the order of their official keys, 01 to 16.
var states = []Region{
	{"DE-SH", "Schleswig-Holstein", "Schleswig-Holstein"},
	{"DE-HH", "Hamburg", "Hamburg"},
	{"DE-NI", "Niedersachsen", "Lower Saxony"},
	{"DE-HB", "Bremen", "Bremen"},
	{"DE-NW", "Nordrhein-Westfalen", "North Rhine-Westphalia"},
	{"DE-HE", "Hessen", "Hesse"},
	{"DE-RP", "Rheinland-Pfalz", "Rhineland-Palatinate"},
	{"DE-BW", "Baden-Württemberg", "Baden-Württemberg"},
	{"DE-BY", "Bayern", "Bavaria"},
	{"DE-SL", "Saarland", "Saarland"},
	{"DE-BE", "Berlin", "Berlin"},
	{"DE-BB", "Brandenburg", "Brandenburg"},
	{"DE-MV", "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"},
	{"DE-SN", "Sachsen", "Saxony"},
	{"DE-ST", "Sachsen-Anhalt", "Saxony-Anhalt"},
	{"DE-TH", "Thüringen", "Thuringia"},
}

// Regions are the sixteen German states, in the order of their official keys
// (Amtlicher Gemeindeschlüssel, 01 Schleswig-Holstein to 16 Thüringen).
func Regions() []Region { return slices.Clone(states) }

// Name is the state's name in German ("de", also with a region or script behind
// it) or English (all other tags).
func (r Region) Name(lang string) string {
	if isGerman(lang) {
		return r.German
	}
	return r.English
}

// RegionName is the name of a region, given by its code of ISO 3166 in any
// case, in German or English as by Region.Name. DE, which a publisher of the
// federation has, is Bund (Germany (federal) in English). A code that has no
// name is returned as it is.
func RegionName(code, lang string) string {
	upper := strings.ToUpper(code)
	if upper == "DE" {
		if isGerman(lang) {
			return "Bund"
		}
		return "Germany (federal)"
	}
	for _, s := range states {
		if s.Code == upper {
			return s.Name(lang)
		}
	}
	country, ok := parseCountry(upper)
	if !ok {
		return code
	}
	in := display.English.Regions()
	if isGerman(lang) {
		in = display.German.Regions()
	}
	if name := in.Name(country); name != "" {
		return name
	}
	return code
}

// ParseRegion reads a region as people write it, in any case, and returns its
// code: a German state as DE-SH or short as SH; a country by its two or three
// letters of ISO 3166-1; a part of another country as in ISO 3166-2, of which
// only the form is checked. Two letters that a state and a country share mean
// the state: SH is Schleswig-Holstein and BE Berlin, SHN is Saint Helena and
// BEL Belgium, with the codes SH and BE. So what is a code already is not to be
// parsed again. Errors are ErrInvalid.
func ParseRegion(s string) (code string, err error) {
	upper := strings.ToUpper(strings.TrimSpace(s))
	if len(s) > 32 || len(upper) != len(strings.TrimSpace(s)) { // longer or shorter in capitals: not ASCII
		return "", fmt.Errorf("%w: %.40q is no region", ErrInvalid, s)
	}
	for _, state := range states {
		if upper == state.Code || "DE-"+upper == state.Code {
			return state.Code, nil
		}
	}
	country, part, divided := strings.Cut(upper, "-")
	region, ok := parseCountry(country)
	switch {
	case !ok:
		return "", fmt.Errorf("%w: %q is no region; write a state such as DE-SH, or a country such as AT", ErrInvalid, s)
	case !divided:
		return region.String(), nil
	case country == "DE":
		return "", fmt.Errorf("%w: %q is no German state; the sixteen are DE-BW to DE-TH", ErrInvalid, s)
	case len(country) != 2 || len(part) < 1 || len(part) > 3 || !isASCII(part, "0123456789"):
		return "", fmt.Errorf("%w: %q has no form of ISO 3166-2, such as AT-9", ErrInvalid, s)
	}
	return upper, nil
}

// parseCountry reads the two or three letters of a country, in capitals.
func parseCountry(code string) (language.Region, bool) {
	if len(code) < 2 || len(code) > 3 || !isASCII(code, "") {
		return language.Region{}, false
	}
	r, err := language.ParseRegion(code)
	return r, err == nil && r.IsCountry() && r.Canonicalize() == r && (r.String() == code || r.ISO3() == code)
}

// isASCII reports whether s has only capitals and the characters of more.
func isASCII(s, more string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return (r < 'A' || r > 'Z') && !strings.ContainsRune(more, r) })
}

func isGerman(lang string) bool {
	primary, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	return strings.EqualFold(primary, "de")
}
