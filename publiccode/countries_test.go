// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryLanguages are languages of countries besides the one that most people
// there speak.
var countryLanguages = map[string][]string{
	"BE": {"fr"}, "CA": {"fr"}, "CH": {"fr", "it", "rm"}, "FI": {"sv"}, "IE": {"ga"}, "LU": {"lb"},
}

// TestCountryNames holds countries.txt to the names of the Unicode CLDR. The list
// keeps their tables, which are large, out of the program in the browser.
func TestCountryNames(t *testing.T) {
	codes := strings.Fields(countryCodes)
	names, of := map[string][]string{}, map[string][]string{}
	for _, code := range codes {
		region := language.MustParseRegion(code)
		own, _ := language.MustParse("und-" + code).Base()
		for _, lang := range slices.Concat([]string{"en", "de", own.String()}, countryLanguages[code]) {
			namer := display.Regions(language.MustParse(lang))
			if namer == nil {
				continue
			}
			name := strings.ToLower(namer.Name(region))
			if name != "" && !slices.Contains(names[code], name) && !strings.Contains(name, ";") {
				names[code] = append(names[code], name)
				of[name] = append(of[name], code)
			}
		}
	}
	var b strings.Builder
	b.WriteString("# SPDX-FileCopyrightText: 2026 The Allmende authors\n#\n# SPDX-License-Identifier: EUPL-1.2\n\n# Names of countries, by TestCountryNames.\n\n")
	for _, code := range codes {
		// A name that two countries have tells nothing.
		own := slices.DeleteFunc(names[code], func(name string) bool { return len(of[name]) > 1 })
		b.WriteString(code + ": " + strings.Join(own, "; ") + "\n")
	}
	if *update {
		if err := os.WriteFile("countries.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != countryList {
		t.Error("countries.txt differs (write it anew with -update)")
	}
	for name, code := range countryNames() {
		if isCountry(strings.ToUpper(name)) {
			t.Errorf("the name %q of %s is a code", name, code)
		}
	}
}
