// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/publiccode"
)

// newest is the version that a draft is written in.
var newest = publiccode.Versions[len(publiccode.Versions)-1]

const byLanguage = "description.[lang]."

// keys are those of the newest version that hold a value, in the order of the
// standard; sections are what leads to them.
var keys, sections = func() (keys []publiccode.Key, sections map[string]publiccode.Key) {
	sections = map[string]publiccode.Key{}
	for _, k := range publiccode.Keys(newest) {
		switch {
		case k.Deprecated != "", k.Kind == publiccode.KindVersion, k.Kind == publiccode.KindAny:
		case k.Kind == publiccode.KindSection, k.Kind == publiccode.KindByLanguage:
			sections[k.Path] = k
		default:
			keys = append(keys, k)
		}
	}
	return keys, sections
}()

// wished are the keys that a first file should have although the standard can do
// without them.
var wished = []string{"maintenance.contacts[].name", "maintenance.contacts[].email"}

// need says how much a first file wants a key.
type need int

const (
	no need = iota // written where it is known
	wish
	must // by the standard
)

// need looks at the sections around the key, which may be wanted or not.
func (d *Draft) need(k publiccode.Key) need {
	const unknown = -1
	section := 1
	steps := strings.Split(k.Path, ".")
	for i := 1; i < len(steps) && section != 0; i++ {
		s, ok := sections[strings.TrimSuffix(strings.Join(steps[:i], "."), "[]")]
		switch {
		case !ok || s.Required || d.hasBelow(s.In("")):
		case s.RequiredIf == nil:
			section = 0
		case !d.has(s.RequiredIf.Path):
			section = unknown
		case !slices.Contains(s.RequiredIf.Values, d.values[s.RequiredIf.Path].Text()):
			section = 0
		}
	}
	switch {
	case section == 1 && (k.Required || k.AnyLanguage):
		return must
	case section != 0 && slices.Contains(wished, k.Path):
		return wish
	}
	return no
}

// hasBelow reports whether the draft knows anything of a section.
func (d *Draft) hasBelow(section string) bool {
	for path, v := range d.values {
		if strings.HasPrefix(path, section) && len(v.Texts) > 0 {
			return true
		}
	}
	return false
}

// KeyAt finds the key that a path means, such as description.de.features.
func KeyAt(path string) (publiccode.Key, bool) {
	lang := ""
	if rest, ok := strings.CutPrefix(path, "description."); ok {
		lang, _, _ = strings.Cut(rest, ".")
		if _, err := language.Parse(lang); err != nil || strings.ContainsFunc(lang, notInTag) {
			return publiccode.Key{}, false
		}
	}
	for _, k := range keys {
		if k.In(lang) == path {
			return k, true
		}
	}
	return publiccode.Key{}, false
}

func notInTag(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-'
}

// Paths lists the keys that Set takes, with "de" for the language of texts.
func Paths() []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.In("de")
	}
	return out
}

// Prose reports whether a key holds a text of paragraphs.
func Prose(k publiccode.Key) bool {
	return k.Kind == publiccode.KindProse && !k.List && k.Most > 1000
}

// clean makes texts fit to be values of a key; what is empty goes.
func clean(k publiccode.Key, texts []string) []string {
	var out []string
	for _, t := range texts {
		if Prose(k) {
			t = cleanProse(t)
		} else {
			t = cleanLine(t)
		}
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
