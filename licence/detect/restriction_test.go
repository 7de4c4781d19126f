// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package detect

import "testing"

// A sentence behind a text that takes away what the text gives makes it another
// one.
func TestSentenceBehind(t *testing.T) {
	mit := "MIT License\n\nCopyright (c) 2024 Stadt Muster\n\n" + packed(t, "MIT")
	for sentence, restricts := range map[string]bool{
		"Zusatz: Die Nutzung durch Unternehmen bedarf der schriftlichen Zustimmung der Stadt.": true,
		"Der Einsatz außerhalb der Verwaltung ist genehmigungspflichtig.":                      true,
		"Ohne vorherige Erlaubnis keine Weitergabe.":                                           true,
		"Addition: use by companies needs the written consent of the city.":                    true,
		"Redistribution requires prior approval by the authors.":                               true,
		"L'uso commerciale richiede l'autorizzazione scritta del Comune.":                      true,
		"Toute utilisation sans autorisation préalable est exclue.":                            true,
		"Fragen beantwortet die Geschäftsstelle der Stadt Muster.":                             false,
		"The documentation in docs/ is described in its own README.":                           false,
		"This software was developed for the city of Muster with funds of the state.":          false,
	} {
		got := Text([]byte(mit + "\n\n" + sentence + "\n"))
		if len(got) == 0 || got[0].SPDX != "MIT" || (got[0].Kind == Modified) != restricts {
			t.Errorf("%s: %+v, restricts: %t", sentence, got, restricts)
		}
	}
}
