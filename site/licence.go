// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import "strings"

// agreement says how the licence that the forge detected relates to the one
// declared.
type agreement string

const (
	agrees     agreement = "same"       // the forge's licence is one of those declared
	differs    agreement = "differs"    // it is not
	undetected agreement = "undetected" // the forge names none, or could not tell which
	undeclared agreement = "undeclared" // nobody names one
	onlyForge  agreement = "onlyforge"  // the file declares none, the forge detected one
)

// compareLicences compares families: no detector can tell from a licence text
// whether later versions are allowed, so -only, -or-later and + do not count.
func compareLicences(declared, forge string) agreement {
	isDeclared, isDetected := strings.TrimSpace(declared) != "", detected(forge)
	switch {
	case !isDeclared && !isDetected:
		return undeclared
	case !isDeclared:
		return onlyForge
	case !isDetected:
		return undetected
	}
	for _, id := range licenceIDs(declared) {
		if licenceFamily(id) == licenceFamily(forge) {
			return agrees
		}
	}
	return differs
}

// detected reports whether the forge names a licence at all: GitHub says
// NOASSERTION, or "other" in its older answers, of a text that it does not know.
func detected(forge string) bool {
	switch strings.ToUpper(strings.TrimSpace(forge)) {
	case "", "NOASSERTION", "NONE", "OTHER":
		return false
	}
	return true
}

// licenceIDs are the identifiers of an SPDX expression, without operators and
// exceptions.
func licenceIDs(expression string) []string {
	var ids []string
	exception := false
	for word := range strings.FieldsFuncSeq(expression, func(r rune) bool { return r == '(' || r == ')' || r == ' ' || r == '\t' || r == '\n' }) {
		switch strings.ToUpper(word) {
		case "AND", "OR":
			exception = false
		case "WITH":
			exception = true
		default:
			if !exception {
				ids = append(ids, word)
			}
		}
	}
	return ids
}

func licenceFamily(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	for _, suffix := range []string{"-only", "-or-later", "+"} {
		id = strings.TrimSuffix(id, suffix)
	}
	return id
}
