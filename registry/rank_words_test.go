// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"strings"
	"testing"
)

// Every reason has a sentence of its own, in both languages, that names what it
// should and has nothing left over.
func TestRankWording(t *testing.T) {
	seen := map[string]bool{}
	say := func(lang string, r RankReason, names ...string) {
		t.Helper()
		said := r.Wording(lang)
		if seen[said] || said == "" || strings.ContainsAny(said, "{}%") {
			t.Errorf("%s of %+v: %q", lang, r, said)
		}
		seen[said] = true
		for _, n := range names {
			if !strings.Contains(said, n) {
				t.Errorf("%s of %+v: %q does not name %s", lang, r, said, n)
			}
		}
	}
	for _, lang := range []string{"de", "en"} {
		for code, words := range rankWords {
			var names []string
			for verb, name := range map[string]string{"{word}": "GESUCHT", "{found}": "GEFUNDEN"} {
				if strings.Contains(words.in(lang), verb) {
					names = append(names, name)
				}
			}
			say(lang, RankReason{Code: code, Word: "GESUCHT", Found: "GEFUNDEN", Field: "short"}, names...)
		}
		for field := range rankPlaces {
			say(lang, RankReason{Code: RankExact, Word: "w", Field: field})
		}
		for found, words := range activityWords {
			say(lang, RankReason{Code: RankActivity, Found: found}, words.in(lang))
		}
		say(lang, RankReason{Code: RankMaturity, Found: "beta"}, "Beta")
		say(lang, RankReason{Code: RankLicence, Found: string(LicenceConflict)}, LicenceConflict.Wording(lang))
		say(lang, RankReason{Word: "irgendwas"}, "irgendwas")
		say(lang, RankReason{Code: "unheard-of"}, "unheard-of")
		say(lang, RankReason{Code: RankExact, Word: "nirgends"}, "nirgends")
	}
}
