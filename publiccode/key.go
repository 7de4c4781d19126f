// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what a key, or each entry of a list, holds.
type Kind string

// The kinds of values.
const (
	KindVersion    Kind = "version"    // a version of the standard
	KindText       Kind = "text"       // a name or a number, on one line
	KindProse      Kind = "prose"      // text to read
	KindWebAddress Kind = "web"        // an http or https address
	KindRepository Kind = "repository" // the address of a repository, in any protocol
	KindURI        Kind = "uri"        // a URL or URN
	KindPath       Kind = "path"       // a path relative to the repository, or a web address
	KindImage      Kind = "image"      // a path or web address of an image
	KindDate       Kind = "date"       // YYYY-MM-DD
	KindBoolean    Kind = "boolean"    // true or false
	KindChoice     Kind = "choice"     // one of Values
	KindSuggestion Kind = "suggestion" // one of Values if possible, else any text
	KindSupport    Kind = "support"    // one of Values, or any URI
	KindLanguage   Kind = "language"   // a language tag, BCP 47
	KindCountry    Kind = "country"    // one of Values, ISO 3166-1 alpha-2
	KindLicence    Kind = "licence"    // an SPDX licence expression
	KindIPA        Kind = "ipa"        // a code of the Italian register of administrations
	KindEmail      Kind = "email"      // an e-mail address
	KindPhone      Kind = "phone"      // a telephone number with its international prefix
	KindMediaType  Kind = "mediatype"  // a media type, RFC 6838
	KindSection    Kind = "section"    // keys of its own
	KindByLanguage Kind = "languages"  // a section for each language tag
	KindAny        Kind = "any"        // of a key long gone: anything
)

// Key is one key of the standard, as a version has it.
type Key struct {
	// Path is where the key stands: legal.license. [lang] stands for any one
	// language tag and [] for each entry of a list:
	// description.[lang].features, maintenance.contacts[].email.
	Path string
	Kind Kind
	// List says that the key holds a list of values of the kind, Single that one
	// value is then as good as a list.
	List, Single bool
	// Values are the codes of a closed list, or those to suggest, in the order of
	// the standard; nil where there are none.
	Values []string
	// Least and Most bound the length of a text in characters; 0 for no bound.
	Least, Most int

	// Required says that the key must be there wherever its section is.
	Required bool
	// RequiredIf is nil, or when the key must be there although not Required.
	// OnlyIf is nil, or when it may be there at all.
	RequiredIf, OnlyIf *Condition
	// AnyLanguage says that the description must have the key in one language
	// at least.
	AnyLanguage bool

	Since      string // the version that brought the key; "" for the first
	Deprecated string // the version that deprecated the key; "" where it is current
	Instead    string // what took the place of a deprecated key; "" where it can go

	spec *keySpec
}

// Condition is that a key is there or, where there are Values, has one of them.
type Condition struct {
	Path   string
	Values []string
}

// Keys returns the keys of a version of the standard, in its order, each
// section before the keys in it, and the known sections of countries last, also
// that of Germany, which the standard does not have; nil where the version is none
// of Versions, Draft and Preview. Deprecated keys are among them until a version drops them.
// The keys of the draft have the names that 0.2 gave them.
func Keys(version string) []Key {
	v, ok := exactVersion(version)
	if !ok {
		return nil
	}
	return appendKeys(appendKeys(nil, v, "", rootKeys), v, "", countriesIn(v))
}

func appendKeys(out []Key, v minor, prefix string, specs []keySpec) []Key {
	for i := range specs {
		s := &specs[i]
		if s.since > v || s.gone(v) {
			continue
		}
		out = append(out, s.key(v, prefix))
		inside := prefix + s.name
		switch {
		case s.kind == KindByLanguage:
			inside += ".[lang]"
		case s.list:
			inside += "[]"
		}
		out = appendKeys(out, v, inside+".", s.keys)
	}
	return out
}

// exactVersion understands what Keys and JSONSchema take.
func exactVersion(version string) (minor, bool) {
	v, _ := parseVersion(version)
	return v, v.String() == version
}

// gone reports whether a version no longer has the key at all.
func (s *keySpec) gone(v minor) bool {
	return v == preview && s.deprecated != 0
}

// old reports whether the key is deprecated in a version.
func (s *keySpec) old(v minor) bool {
	return s.deprecated != 0 && s.deprecated <= v
}

func (s *keySpec) key(v minor, prefix string) Key {
	k := Key{
		Path: prefix + s.name, Kind: s.kind, List: s.list, Single: s.singleIn(v),
		Values:   s.values(v),
		Required: s.required >= v, AnyLanguage: s.anyLanguage,
		RequiredIf: s.requiredWith.condition(v, prefix), OnlyIf: s.onlyWith.condition(v, prefix),
		spec: s,
	}
	k.Least, k.Most = s.bounds(v)
	if s.since > 0 {
		k.Since = s.since.String()
	}
	if s.old(v) {
		k.Deprecated, k.Instead = s.deprecated.String(), s.instead
	}
	return k
}

// singleIn reports whether one value is as good as a list, which it was for
// onlyFor in the draft.
func (s *keySpec) singleIn(v minor) bool {
	return s.single || v == draft && s.name == "scope"
}

func (s *keySpec) bounds(v minor) (least, most int) {
	if s.least != nil {
		least = s.least(v)
	}
	if s.most != nil {
		most = s.most(v)
	}
	return least, most
}

// values returns the codes of the terms that a version has.
func (s *keySpec) values(v minor) []string {
	if s.kind == KindCountry {
		if v < 5 { // which asked for small letters
			return strings.Fields(strings.ToLower(countryCodes))
		}
		return strings.Fields(countryCodes)
	}
	if s.openIn(v) {
		return nil
	}
	var out []string
	for _, t := range s.terms {
		if t.in(v) {
			out = append(out, t.code)
		}
	}
	return out
}

// openIn reports the lists that the draft had others for, which nobody kept:
// there any word will do.
func (s *keySpec) openIn(v minor) bool {
	return v == draft && s.kind == KindChoice && len(s.formerly) > 0
}

func (p *presence) condition(v minor, prefix string) *Condition {
	if !p.in(v) {
		return nil
	}
	return &Condition{prefix + p.key, slices.Clone(p.values)}
}

// Label names the key in a form, in German ("de") or English (all other tags).
func (k Key) Label(lang string) string {
	d := docOf(k.Path)
	if isGerman(lang) {
		return d.de
	}
	return d.en
}

// Hint says in one sentence what the key is for.
func (k Key) Hint(lang string) string {
	d := docOf(k.Path)
	if isGerman(lang) {
		return d.hintDE
	}
	return d.hintEN
}

// Rule says when the key must be there, how long its text may be and what takes
// its place, in sentences; "" where there is nothing to say.
func (k Key) Rule(lang string) string {
	t := ruleWordsEN
	if isGerman(lang) {
		t = ruleWordsDE
	}
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch {
	case k.Deprecated != "" && k.Instead != "":
		say(t.replaced, k.Deprecated, k.Instead)
	case k.Deprecated != "":
		say(t.deprecated, k.Deprecated)
	case k.Required:
		out = append(out, t.required)
	case k.AnyLanguage:
		out = append(out, t.anyLanguage)
	}
	if c := k.RequiredIf; c != nil && c.Values == nil {
		say(t.requiredWith, c.Path)
	} else if c != nil {
		say(t.requiredIf, c.Path, strings.Join(c.Values, t.or))
	}
	if c := k.OnlyIf; c != nil {
		say(t.onlyIf, c.Path, strings.Join(c.Values, t.or))
	}
	switch {
	case k.Least > 0:
		say(t.between, k.Least, k.Most)
	case k.Most > 0:
		say(t.atMost, k.Most)
	}
	return strings.Join(out, " ")
}

// ValueLabel names one of Values; a code that has no label keeps its own.
func (k Key) ValueLabel(code, lang string) string {
	if k.spec == nil {
		return code
	}
	return label(k.spec.terms, code, lang)
}

// In returns the path of the key in a file, for the texts of one language and
// the first entry of each list: description.de.features,
// maintenance.contacts[0].email.
func (k Key) In(lang string) string {
	return strings.NewReplacer("[lang]", lang, "[]", "[0]").Replace(k.Path)
}

// Standard is the address of the description of the key in the standard.
func (k Key) Standard() string { return Finding{Key: k.In("en")}.Standard() }
