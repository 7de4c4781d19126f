// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// The functions of this file understand licences that are named in other words
// than those of SPDX.

// licenceNames maps every identifier, and other names that can mean one licence
// only, to the identifier. The keys are without what does not tell them apart.
var licenceNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for id, names := range otherNames {
		for _, name := range names {
			m[squeeze(name)] = id
		}
	}
	for _, id := range spdxlicenses.GetLicenses() {
		m[squeeze(id)] = id
	}
	return m
})

// otherNames are names that people write for a licence, and that no other has.
var otherNames = map[string][]string{
	"BSD-2-Clause": {"BSD-2", "2-Clause BSD", "Simplified BSD", "BSD 2-Clause Simplified"},
	"BSD-3-Clause": {"BSD-3", "3-Clause BSD", "New BSD", "Modified BSD", "Revised BSD", "BSD 3-Clause New or Revised"},
	"BSL-1.0":      {"Boost Software License 1.0"},
	"CC0-1.0":      {"CC0", "CC0 1.0 Universal", "Creative Commons Zero", "Creative Commons Zero 1.0 Universal"},
	"CC-BY-4.0":    {"Creative Commons Attribution 4.0", "Creative Commons Attribution 4.0 International"},
	"CC-BY-SA-4.0": {"Creative Commons Attribution-ShareAlike 4.0", "Creative Commons Attribution-ShareAlike 4.0 International"},
	"ISC":          {"Internet Systems Consortium License"},
}

var (
	// idleWords tell no licence from another, longNames are short ones written out.
	idleWords = strings.NewReplacer("the ", "", "license", "", "licence", "", "lizenz", "", "version", "")
	longNames = strings.NewReplacer(
		"gnuafferogeneralpublic", "agpl", "afferogeneralpublic", "agpl", "gnuagpl", "agpl",
		"gnulessergeneralpublic", "lgpl", "lessergeneralpublic", "lgpl", "gnulgpl", "lgpl",
		"gnugeneralpublic", "gpl", "generalpublic", "gpl", "gnugpl", "gpl",
		"europeanunionpublic", "eupl", "mozillapublic", "mpl", "eclipsepublic", "epl", "apachesoftware", "apache",
	)
)

// squeeze reduces a licence name to what tells it apart: "Apache License,
// Version 2.0" and "Apache-2.0" both become "apache20".
func squeeze(s string) string {
	return longNames.Replace(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' {
			return c
		}
		return -1
	}, idleWords.Replace(strings.ToLower(s))))
}

var (
	// laterVersions are the words by which a licence says that its later versions
	// apply too, thisVersion those that they do not, and versionMark what may stand
	// before the number of a version.
	laterVersions = regexp.MustCompile(`(?i)\+|>=|≥|[\s(-]*\b(or|oder|o|ou)[\s-]+((any|jede)[\s-]+)?(later|newer|greater|above|später\pL*|neuer\pL*|höher\pL*|successiv\pL*|ultérieur\pL*)([\s-]+(versions?|version\pL*|fassung\pL*))?\)?`)
	versionMark   = regexp.MustCompile(`v([0-9])`)
	thisVersion   = regexp.MustCompile(`(?i)[\s(-]+only\)?$`)

	// doubtful are marks that say something of a licence, or ask.
	doubtful = regexp.MustCompile(`[<>=≤!?~*]`)

	// maybeLater are words in a comment that may say so too: then a person must
	// decide, since a comment may also say the opposite, or speak of other things.
	maybeLater = regexp.MustCompile(`(?i)\+|later|newer|greater|später|neuer|höher|successiv|ultérieur`)
)

// likelyLicence guesses which identifier was meant by a name, with a "+" where
// the name says "or later" of a licence that has no identifier for that. Where
// it is one of the GNU family, and the name says neither "only" nor "or later",
// family is true, and id is without that ending.
func likelyLicence(s string) (id string, family bool) {
	if len(s) > 100 || joinsLicences(s) || doubtful.MatchString(laterVersions.ReplaceAllString(s, "")) {
		return "", false
	}
	if id, family = namedLicence(s); id != "" {
		return id, family
	}
	return repeatedLicence(s)
}

func namedLicence(s string) (id string, family bool) {
	names, k := licenceNames(), squeeze(s)
	if id, ok := names[k]; ok && k != "" {
		return id, false
	}
	name := laterVersions.ReplaceAllString(s, "")
	later, only := name != s, thisVersion.MatchString(name)
	k = squeeze(thisVersion.ReplaceAllString(name, ""))
	if k == "" {
		return "", false
	}
	bare := versionMark.ReplaceAllString(k, "$1") // "GPLv3", "EUPL v1.2"
	tries := []string{k, bare}
	if onlyZero(bare) {
		tries = append(tries, k+"0", bare+"0")
	}
	for _, try := range tries {
		switch id, ok := names[try]; {
		case !ok:
		case !later || strings.HasSuffix(id, "-or-later"):
			return id, false
		case only || !strings.ContainsAny(id[len(id)-1:], "0123456789"):
			return "", false
		default:
			return id + "+", false
		}
	}
	for _, try := range tries {
		if id, ok := names[try+"only"]; ok {
			switch id := strings.TrimSuffix(id, "-only"); {
			case later && only:
				return "", false
			case later:
				return id + "-or-later", false
			case only:
				return id + "-only", false
			default:
				return id, true
			}
		}
	}
	return "", false
}

// onlyZero reports that of the versions of a licence that begin with the number
// at the end of its name there is, besides that number itself, only the one that
// ends in 0: so "Apache 2" is 2.0, but "LGPL 2" may be 2.1.
func onlyZero(name string) bool {
	names := licenceNames()
	for digit := '1'; digit <= '9'; digit++ {
		if names[name+string(digit)] != "" || names[name+string(digit)+"only"] != "" {
			return false
		}
	}
	return true
}

var inBrackets = regexp.MustCompile(`^([^()]+)\(([^()]+)\)([^()]*)$`)

// repeatedLicence understands a name with its short form in brackets: "The MIT
// License (MIT)", "European Union Public Licence (EUPL) 1.2".
func repeatedLicence(s string) (id string, family bool) {
	m := inBrackets.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	id, family = namedLicence(strings.TrimSpace(m[1]) + " " + m[3])
	short := strings.ToLower(strings.TrimSpace(m[2]))
	if again, _ := namedLicence(short); again == id || strings.HasPrefix(strings.ToLower(id), short+"-") {
		return id, family
	}
	return "", false
}

// joinsLicences reports a text that names two licences, but not whether one of
// them may be chosen or both apply.
func joinsLicences(s string) bool {
	known := 0
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("/,;&|", c) }) {
		part = strings.TrimSpace(part)
		if id, _ := namedLicence(part); id != "" || ValidLicence(part) {
			known++
		}
	}
	return known > 1
}

// operatorWord joins licences in an expression. The words of laterVersions are
// none.
var operatorWord = regexp.MustCompile(`(?i)\s(AND|OR|WITH)\s`)

// operand is a part of what may be an expression: a licence, with brackets around
// it, and the operator that follows.
type operand struct {
	before, licence, after, operator string
}

// operands takes a text apart that may be an expression of names.
func operands(s string) []operand {
	later := laterVersions.FindAllStringIndex(s, -1)
	var out []operand
	cut := func(from, to int, operator string) {
		o := operand{licence: strings.TrimSpace(s[from:to]), operator: operator}
		for strings.HasPrefix(o.licence, "(") && strings.Count(o.licence, "(") > strings.Count(o.licence, ")") {
			o.before, o.licence = o.before+"(", strings.TrimSpace(o.licence[1:])
		}
		for strings.HasSuffix(o.licence, ")") && strings.Count(o.licence, ")") > strings.Count(o.licence, "(") {
			o.after, o.licence = o.after+")", strings.TrimSpace(o.licence[:len(o.licence)-1])
		}
		out = append(out, o)
	}
	from := 0
	for at := 0; ; {
		m := operatorWord.FindStringSubmatchIndex(s[at:])
		if m == nil {
			cut(from, len(s), "")
			return out
		}
		start, end := at+m[2], at+m[3]
		at = end // the blank behind may stand before the next
		if !slices.ContainsFunc(later, func(l []int) bool { return l[0] < end && start < l[1] }) {
			cut(from, start, s[start:end])
			from = end
		}
	}
}

// likelyExpression says what is wrong with each part of a text that is no
// expression, or that it is none where a part cannot be understood.
func likelyExpression(s string) *expression {
	e := &expression{}
	remark := func(name, id string, family bool) {
		if family {
			e.remark("PC0325", name, id)
		} else {
			e.remark("PC0319", name, id)
		}
	}
	if id, family := likelyLicence(s); id != "" {
		remark(s, id, family)
		return e
	}
	parts := operands(s)
	if len(s) > maxLicence || len(parts) < 2 || mendExpression(parts, "") == "" {
		e.remark("PC0318", s)
		return e
	}
	for i, o := range parts {
		if upper := strings.ToUpper(o.operator); upper != o.operator {
			e.remark("PC0412", o.operator, upper)
		}
		if i > 0 && strings.EqualFold(parts[i-1].operator, "WITH") {
			if id := exceptionIDs()[strings.ToUpper(o.licence)]; id != o.licence {
				e.remark("PC0411", o.licence, id)
			}
			continue
		}
		if one := parseLicence(o.licence, nil); one.valid {
			for _, r := range one.remarks {
				e.remark(r.code, r.args...)
			}
			continue
		}
		id, family := likelyLicence(o.licence)
		remark(o.licence, id, family)
	}
	return e
}

// mendLicence spells a licence as the list of SPDX does today; "" where a person
// must decide. The comment is what stands behind it.
func mendLicence(s, comment string) string {
	if ValidLicence(s) {
		if now := modernLicence(s, comment); ValidLicence(now) {
			return now
		}
		return ""
	}
	if id := meantLicence(s, comment); id != "" {
		return id
	}
	if parts := operands(s); len(parts) > 1 && len(s) <= maxLicence {
		return mendExpression(parts, comment)
	}
	return ""
}

// mendExpression puts identifiers in the place of names; it returns "" where one
// of them is not understood.
func mendExpression(parts []operand, comment string) string {
	var b strings.Builder
	for i, o := range parts {
		id := ""
		switch {
		case i > 0 && strings.EqualFold(parts[i-1].operator, "WITH"):
			id = exceptionIDs()[strings.ToUpper(o.licence)]
		case ValidLicence(o.licence):
			id = modernLicence(o.licence, comment)
		default:
			id = meantLicence(o.licence, comment)
		}
		if id == "" {
			return ""
		}
		b.WriteString(o.before + id + o.after)
		if o.operator != "" {
			b.WriteString(" " + strings.ToUpper(o.operator) + " ")
		}
	}
	if !ValidLicence(b.String()) {
		return ""
	}
	return b.String()
}

// meantLicence understands a name of a licence that is no SPDX expression.
// SPDX defines a name of the GNU family without an ending as that version only.
func meantLicence(s, comment string) string {
	id, family := likelyLicence(s)
	switch {
	case family && maybeLater.MatchString(comment):
		return ""
	case family:
		return id + "-only"
	}
	return id
}

var licenceWord = regexp.MustCompile(`[^\s()]+`)

// modernLicence spells an SPDX expression as the list of SPDX does today.
func modernLicence(s, comment string) string {
	exception, doubt := false, maybeLater.MatchString(comment)
	return licenceWord.ReplaceAllStringFunc(s, func(word string) string {
		upper := strings.ToUpper(word)
		switch {
		case upper == "WITH":
			exception = true
			return upper
		case upper == "AND" || upper == "OR":
			return upper
		case exception:
			exception = false
			if id, ok := exceptionIDs()[upper]; ok {
				return id
			}
			return word
		}
		return modernIdentifier(word, false, doubt)
	})
}

func modernIdentifier(word string, later, doubt bool) string {
	if _, reference := cutReference(word); reference {
		return word
	}
	if active, id := spdxlicenses.IsActiveLicense(word); active {
		return id
	}
	if deprecated, id := spdxlicenses.IsDeprecatedLicense(word); deprecated {
		family, _ := spdxlicenses.IsActiveLicense(id + "-only")
		switch now := successor(id); {
		case family && later:
			return id + "-or-later"
		case family && doubt:
			return word
		case family:
			return id + "-only"
		case now != "":
			return now
		}
		return id
	}
	if base, ok := strings.CutSuffix(word, "+"); ok && !strings.HasSuffix(base, "+") {
		now := modernIdentifier(base, true, false)
		if strings.HasSuffix(now, "-or-later") {
			return now
		}
		return now + "+"
	}
	return word
}
