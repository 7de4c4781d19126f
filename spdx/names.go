// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

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

// separated are the parts of a text between marks that may join licences.
func separated(s string) []string {
	parts := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("/,;&|", c) })
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return parts
}

// joinsLicences reports a text that names two licences, but not whether one of
// them may be chosen or both apply.
func joinsLicences(s string) bool {
	known := 0
	for _, part := range separated(s) {
		if id, _ := namedLicence(part); id != "" || valid(part) {
			known++
		}
	}
	return known > 1
}

// list understands all the licences of such a text, at most ten, or returns nil.
func list(s string) []*Expression {
	parts := separated(s)
	if len(parts) > 10 || len(s) > maxBytes {
		return nil
	}
	var out []*Expression
	for _, part := range parts {
		e, ok := Named(part)
		if !ok {
			return nil
		}
		out = append(out, e)
	}
	return out
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
