// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"slices"
	"strings"
	"sync"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// The grammar of licence expressions is small (SPDX 2.3, annex D), and the
// checks want to know more than valid or not: so the words are ours, and the
// lists of identifiers those of the SPDX workgroup in go-spdx.

// maxLicence bounds an expression, in bytes.
const maxLicence = 2000

// checkLicence reports what is wrong with an SPDX expression. It is kept as
// written.
func (d *decoder) checkLicence(v value, s string) string {
	switch strings.ToUpper(s) {
	case "NONE", "NOASSERTION":
		d.add("PC0320", v.position(), v.path, s)
		return s
	}
	e := parseLicence(s, nil)
	if !e.valid {
		e = likelyExpression(s)
	}
	for _, r := range e.remarks {
		d.add(r.code, v.position(), v.path, r.args...)
	}
	return s
}

// ValidLicence reports whether s is an SPDX licence expression. Identifiers
// may be spelled in any case, as the standard of SPDX has it, and operators in
// small letters; NONE and NOASSERTION are not expressions.
func ValidLicence(s string) bool { return parseLicence(s, nil).valid }

type licenceRemark struct {
	code string
	args []string
}

// expression is the state of reading one licence expression.
type expression struct {
	words   []string
	valid   bool
	remarks []licenceRemark

	// accepts is asked of every identifier, in its official spelling, and
	// accepted is its answer for what was read last; nil to read only.
	accepts  func(id string) bool
	accepted bool
}

// brackets sets brackets apart, so that they are words.
var brackets = strings.NewReplacer("(", " ( ", ")", " ) ")

func parseLicence(s string, accepts func(id string) bool) *expression {
	e := &expression{accepts: accepts}
	if len(s) > maxLicence {
		return e
	}
	e.words = strings.Fields(brackets.Replace(s))
	e.valid = len(e.words) > 0 && e.compound(0) && len(e.words) == 0
	return e
}

// compound reads simple expressions joined by AND and OR.
func (e *expression) compound(depth int) bool {
	if depth > 20 || !e.simple(depth) {
		return false
	}
	either, all := false, e.accepted // AND binds closer than OR
	for {
		switch {
		case e.operator("AND"):
			if !e.simple(depth) {
				return false
			}
			all = all && e.accepted
		case e.operator("OR"):
			if !e.simple(depth) {
				return false
			}
			either, all = either || all, e.accepted
		default:
			e.accepted = either || all
			return true
		}
	}
}

// simple reads one licence, with its exception, or a group in brackets.
func (e *expression) simple(depth int) bool {
	if len(e.words) == 0 {
		return false
	}
	word := e.words[0]
	e.words = e.words[1:]
	if word == "(" {
		if !e.compound(depth+1) || len(e.words) == 0 || e.words[0] != ")" {
			return false
		}
		e.words = e.words[1:]
		return true
	}
	if !e.licence(word) {
		return false
	}
	if !e.operator("WITH") {
		return true
	}
	if len(e.words) == 0 {
		return false
	}
	word = e.words[0]
	e.words = e.words[1:]
	id, ok := exceptionIDs()[strings.ToUpper(word)]
	if ok && id != word {
		e.remark("PC0411", word, id)
	}
	return ok
}

func (e *expression) operator(name string) bool {
	if len(e.words) == 0 || !strings.EqualFold(e.words[0], name) {
		return false
	}
	if e.words[0] != name {
		e.remark("PC0412", e.words[0], name)
	}
	e.words = e.words[1:]
	return true
}

func (e *expression) licence(word string) bool {
	e.accepted = false
	if ref, ok := cutReference(word); ok {
		return ref
	}
	if active, id := spdxlicenses.IsActiveLicense(word); active {
		e.accepted = e.accepts != nil && e.accepts(id)
		if id != word {
			e.remark("PC0411", word, id)
		}
		return true
	}
	if deprecated, id := spdxlicenses.IsDeprecatedLicense(word); deprecated {
		e.accepted = e.accepts != nil && e.accepts(id)
		if family, _ := spdxlicenses.IsActiveLicense(id + "-only"); family {
			e.remark("PC0416", id)
		} else if now := successor(id); now != "" {
			e.remark("PC0410", id, now)
		} else {
			e.remark("PC0415", id)
		}
		return true
	}
	base, ok := strings.CutSuffix(word, "+")
	if !ok || base == "" || strings.HasSuffix(base, "+") {
		return false
	}
	if deprecated, id := spdxlicenses.IsDeprecatedLicense(base); deprecated {
		if family, later := spdxlicenses.IsActiveLicense(id + "-or-later"); family {
			e.accepted = e.accepts != nil && e.accepts(id)
			e.remark("PC0410", id+"+", later)
			return true
		}
	}
	return e.licence(base)
}

// cutReference recognises LicenseRef-x and DocumentRef-y:LicenseRef-x. The
// second result is false where word is neither.
func cutReference(word string) (valid, isReference bool) {
	if document, rest, ok := strings.Cut(word, ":"); ok {
		id, isDocument := strings.CutPrefix(document, "DocumentRef-")
		ref, isLicence := strings.CutPrefix(rest, "LicenseRef-")
		return isDocument && isLicence && isIDString(id) && isIDString(ref), true
	}
	if ref, ok := strings.CutPrefix(word, "LicenseRef-"); ok {
		return isIDString(ref), true
	}
	return false, false
}

func isIDString(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '.'
	}) < 0
}

func (e *expression) remark(code string, args ...string) {
	for _, r := range e.remarks {
		if r.code == code && slices.Equal(r.args, args) {
			return
		}
	}
	e.remarks = append(e.remarks, licenceRemark{code, args})
}

var exceptionIDs = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, id := range spdxlicenses.GetExceptions() {
		m[strings.ToUpper(id)] = id
	}
	return m
})

// successor names what took the place of a deprecated identifier.
func successor(id string) string {
	if base, ok := strings.CutSuffix(id, "+"); ok {
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
