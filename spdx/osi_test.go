// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"testing"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

func TestOSIApproved(t *testing.T) {
	for expression, want := range map[string]bool{
		"EUPL-1.2":                            true,
		"eupl-1.2":                            true,
		"GPL-3.0":                             true, // deprecated, as a family
		"GPL-2.0+":                            true,
		"Apache-2.0+":                         true,
		"GPL-2.0-with-font-exception":         true, // GPL-2.0-only WITH …
		"BSD-2-Clause-NetBSD":                 true, // now BSD-2-Clause
		"eCos-2.0":                            true, // now GPL-2.0-or-later WITH …
		"GPL-2.0-only WITH GCC-exception-2.0": true,
		"CC0-1.0":                             false,
		"CC-BY-4.0":                           false,
		"SSPL-1.0":                            false,
		"AGPL-1.0":                            false,
		"GFDL-1.3":                            false,
		"LicenseRef-amt":                      false,
		"MIT OR LicenseRef-amt":               true,
		"LicenseRef-amt OR MIT":               true,
		"MIT AND LicenseRef-amt":              false,
		"MIT AND Apache-2.0":                  true,
		"CC0-1.0 OR MIT AND CC-BY-4.0":        false, // AND binds closer
		"MIT OR CC0-1.0 AND CC-BY-4.0":        true,
		"(MIT OR CC0-1.0) AND ISC":            true,
		"(MIT OR CC0-1.0) AND CC0-1.0":        false,
		"((CC0-1.0) OR (ISC AND MIT))":        true,
		"CC0-1.0 and cc-by-4.0 or mit":        true,
		"":                                    false,
		"NONE":                                false,
		"MIT Apache-2.0":                      false,
		"MIT OR":                              false,
		"Apache License 2.0":                  false,
	} {
		e, _, _ := Parse(expression)
		if got := e.OSIApproved(); got != want {
			t.Errorf("OSIApproved(%q) = %v", expression, got)
		}
	}
}

// TestOSIList keeps the list to identifiers in their official spelling, without
// which it would never be asked for them. Some are newer than the library.
func TestOSIList(t *testing.T) {
	if n := len(osiIDs()); n != 148 {
		t.Errorf("%d identifiers", n)
	}
	unheard := 0
	for id := range osiIDs() {
		active, a := spdxlicenses.IsActiveLicense(id)
		deprecated, d := spdxlicenses.IsDeprecatedLicense(id)
		switch {
		case active && a != id, deprecated && d != id:
			t.Errorf("%q is not the official spelling", id)
		case !active && !deprecated:
			unheard++
		}
	}
	if unheard > 5 {
		t.Errorf("%d identifiers are not in the SPDX list", unheard)
	}
}
