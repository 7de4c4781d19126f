// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "testing"

// A file is discreet for what is left out of it, too: findings quote that.
func TestDiscreet(t *testing.T) {
	statements, needs := base(t), file(t, "needs.yml")
	together := opening(t) + "comaintenance:\n  - software: https://code.example.org/form/editor\n"
	for src, want := range map[string]bool{
		"":                                      true,
		"[geheim]":                              true,
		statements:                              false,
		statements + "    visibility: public\n": false,
		statements + "    visibility: restricted\n":                        true,
		statements + "    visibility: intern\n":                            true,
		statements + "    visibility: []\n":                                true,
		statements + "    visibilty: restricted\n":                         true,
		statements + "    rolle: nutzt\n":                                  false,
		statements + "  - {role: geheim, visibility: restricted}\n":        true,
		statements + "  - {software: geheim, role: uses, visibility: x}\n": true,
		statements + "visibility: restricted\n":                            true,
		together:                                                           false,
		together + "    visibility: restricted\n":                          true,
		together + "    joining: {intern: ja}\n":                           true,
	} {
		if got := Parse([]byte(src), Options{}).Discreet; got != want {
			t.Errorf("%v of\n%s", got, src)
		}
	}
	for src, want := range map[string]bool{
		"":                                     true,
		needs:                                  false,
		needs + "    visibility: restricted\n": true,
		needs + "  - {id: GEHEIM, visibility: restricted}\n": true,
		needs + "  - {id: geheim, share: {privat: ja}}\n":    true,
	} {
		if got := ParseNeeds([]byte(src), Options{}).Discreet; got != want {
			t.Errorf("%v of\n%s", got, src)
		}
	}
}
