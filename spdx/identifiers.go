// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"strings"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// The lists of identifiers are those of the SPDX workgroup in go-spdx. What the
// library knows of deprecated identifiers with a "+" is not needed: a "+" is a
// mark of Licence.

// identifier returns the official spelling of an identifier of the list, without
// a "+".
func identifier(word string) (id string, deprecated, ok bool) {
	if ok, id = spdxlicenses.IsActiveLicense(word); ok {
		return id, false, true
	}
	if strings.HasSuffix(word, "+") {
		return "", false, false
	}
	ok, id = spdxlicenses.IsDeprecatedLicense(word)
	return id, ok, ok
}

// isFamily reports an identifier that stands for two, one that ends in -only and
// one in -or-later.
func isFamily(id string) bool {
	active, _ := spdxlicenses.IsActiveLicense(id + "-only")
	return active
}

// Family returns what identifiers have in common that differ only in whether
// later versions are meant: "GPL-3.0" for GPL-3.0-only, GPL-3.0-or-later,
// GPL-3.0+ and GPL-3.0. It returns others as they are.
func Family(id string) string {
	for _, ending := range []string{"-only", "-or-later", "+", ""} {
		if base, ok := strings.CutSuffix(id, ending); ok && isFamily(base) {
			return base
		}
	}
	return id
}

// Successor names what took the place of a deprecated identifier, an identifier
// or one with its exception; "" where there is none or the identifier leaves
// open which of several (GPL-3.0). The spelling is the official one.
func Successor(id string) string {
	if base, ok := strings.CutSuffix(id, "+"); ok && isFamily(base) {
		return base + "-or-later"
	}
	return successors[id]
}

// successors are those of single identifiers, by their pages at spdx.org.
var successors = map[string]string{
	"BSD-2-Clause-FreeBSD":             "BSD-2-Clause-Views",
	"BSD-2-Clause-NetBSD":              "BSD-2-Clause",
	"bzip2-1.0.5":                      "bzip2-1.0.6",
	"eCos-2.0":                         "GPL-2.0-or-later WITH eCos-exception-2.0",
	"GPL-2.0-with-autoconf-exception":  "GPL-2.0-only WITH Autoconf-exception-2.0",
	"GPL-2.0-with-bison-exception":     "GPL-2.0-only WITH Bison-exception-2.2",
	"GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
	"GPL-2.0-with-font-exception":      "GPL-2.0-only WITH Font-exception-2.0",
	"GPL-2.0-with-GCC-exception":       "GPL-2.0-only WITH GCC-exception-2.0",
	"GPL-3.0-with-autoconf-exception":  "GPL-3.0-only WITH Autoconf-exception-3.0",
	"GPL-3.0-with-GCC-exception":       "GPL-3.0-only WITH GCC-exception-3.1",
	"StandardML-NJ":                    "SMLNJ",
	"wxWindows":                        "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
}

// IsReference reports LicenseRef-x or AdditionRef-x, a text that is not on the
// list, also with the document that has it before: DocumentRef-y:LicenseRef-x.
func IsReference(id string) bool { return refersTo(id, "LicenseRef-") || refersTo(id, "AdditionRef-") }

func refersTo(id, prefix string) bool {
	document, rest, ok := strings.Cut(id, ":")
	if !ok {
		return isTail(id, prefix)
	}
	return isTail(document, "DocumentRef-") && isTail(rest, prefix)
}

// isTail reports a prefix with an idstring behind it.
func isTail(s, prefix string) bool {
	s, ok := strings.CutPrefix(s, prefix)
	return ok && s != "" && strings.IndexFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.'
	}) < 0
}

// exception returns the official spelling of what may follow WITH.
func exception(word string) (id string, ok bool) {
	if refersTo(word, "AdditionRef-") {
		return word, true
	}
	ok, id = spdxlicenses.IsException(word)
	return id, ok
}
