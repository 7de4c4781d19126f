// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

var roleLabels = map[Role]struct{ de, en string }{
	Maintains: {"pflegt", "maintains"},
	Funds:     {"finanziert", "funds"},
	Operates:  {"betreibt", "operates"},
	Uses:      {"nutzt", "uses"},
	Evaluates: {"prüft den Einsatz", "evaluates"},
	None:      {"nutzt sie nicht", "does not use it"},
}

// RoleLabel is the verb for a role in German ("de") or English; the role itself
// where it is not known.
func RoleLabel(role, lang string) string {
	words, ok := roleLabels[Role(role)]
	switch {
	case !ok:
		return role
	case lang == "de":
		return words.de
	}
	return words.en
}
