// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
)

func TestTellingWords(t *testing.T) {
	tests := []struct {
		need adoption.Need
		want string
	}{
		{adoption.Need{Title: "Software für die Verwaltung von Friedhöfen", Description: "Wir suchen eine Lösung. Ruhefristen und Gräber führen."}, "Friedhöfen Ruhefristen Gräber"},
		{adoption.Need{Title: "DMS mit E-Akte, 2027", Description: "für das OZG"}, "DMS E-Akte OZG"},
		{adoption.Need{Title: "Termine und Terminen"}, "Termine"},
		{adoption.Need{Title: "Waste calendar", Description: "We need reminders for households.", Language: "en"}, "Waste calendar reminders households"},
		{adoption.Need{Title: "-status:obsolete \"lizenz:MIT\" --"}, "status obsolete lizenz MIT"},
		{adoption.Need{Title: strings.Repeat("x", 65) + " 4711 ..."}, ""},
	}
	for _, tt := range tests {
		var have []string
		for _, w := range tellingWords(tt.need) {
			have = append(have, w.text)
		}
		if text := strings.Join(have, " "); text != tt.want {
			t.Errorf("%q: %q, want %q", tt.need.Title, text, tt.want)
		}
	}
}

// FuzzTellingWords: whatever is written, the words are few, each once, and none is taken
// for more than a word by a search.
func FuzzTellingWords(f *testing.F) {
	f.Add("Friedhöfe und Gräber", "Mit Plan.", "de")
	f.Add("\"-lizenz:MIT\"", "\u0130 ß \u00ad \ufb01 \x00\xff", "")
	f.Fuzz(func(t *testing.T, title, description, language string) {
		words := tellingWords(adoption.Need{Title: title, Description: description, Language: language})
		var stems []string
		for _, w := range words {
			if w.text == "" || len(w.text) > 64 || strings.ContainsAny(w.text, " \":\t\n") || strings.HasPrefix(w.text, "-") || slices.Contains(stems, w.stem) {
				t.Errorf("%+v of %q, %q", w, title, description)
			}
			stems = append(stems, w.stem)
		}
		if len(words) > maxNeedWords {
			t.Errorf("%d words", len(words))
		}
		alike := newAlikeWords([][]needWord{words, words, nil})
		seen := 0
		for other, met := range alike.to(0) {
			if seen++; other != 1 || len(met.mine) != len(words) || len(met.theirs) != len(words) {
				t.Errorf("%d: %+v", other, met)
			}
		}
		if seen > 1 || len(words) > 0 && seen == 0 {
			t.Errorf("%d needs are alike", seen)
		}
	})
}
