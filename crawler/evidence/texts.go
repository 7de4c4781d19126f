// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

var (
	// asides are names of files about others' rights.
	asides = regexp.MustCompile(`^(?:notices?|authors?|contributors|credits|acknowledge?ments)(?:[-_. ]|$)|(?:third|3rd)[-_ ]?part`)
	// collections are names of files that list licences, the project's own or
	// others': they count where there is no better one.
	collections = regexp.MustCompile(`^(?:licen[cs]es|lizenzen|copyright)(?:[-_. ]|$)`)
	// plainName is the name of a file about the whole project.
	plainName = regexp.MustCompile(`(?i)^(?:(?:un)?licen[cs]e|lizenz|licenza|licencia|licentie|copying|readme)$`)
	ending    = regexp.MustCompile(`(?i)\.(?:txt|md|markdown|rst|adoc|text|html?)$`)
)

// texts are what the licence files are.
func (r *reading) texts() []statement {
	var out []statement
	left := maxTexts
	for _, f := range r.of(registry.RoleLicence) {
		src, err := r.read(&f, detect.MaxText)
		left -= len(src)
		where := placeOf(f.Path)
		var all []statement
		switch {
		case err != nil || left < 0:
			s := r.from(f, registry.FromText)
			s.State, s.unread = registry.LicenceUnknown, true
			all = []statement{s}
		case isBlank(src):
			s := r.from(f, registry.FromText)
			s.State, s.empty = registry.LicenceUnknown, true
			all = []statement{s}
		case where == kept:
			all = r.keptText(f, src)
		default:
			all = r.text(f, src)
		}
		for i := range all {
			all[i].place = where
		}
		out = append(out, all...)
	}
	better := filter(out, func(s statement) bool { return s.place == own && !isCollection(s.Path) && !s.empty })
	for i, s := range out {
		if s.place == own && isCollection(s.Path) && (len(better) > 0 && !sharesFamily(s, better) || isCopyright(s)) {
			out[i].place = aside
		}
	}
	return out
}

// isBlank reports a file that holds nothing but white space.
func isBlank(src []byte) bool {
	return len(bytes.TrimSpace(bytes.TrimPrefix(src, []byte("\ufeff")))) == 0
}

// isCopyright reports a COPYRIGHT that names owners and no licence.
func isCopyright(s statement) bool {
	return s.State == registry.LicenceUnknown && !s.unread && strings.HasPrefix(strings.ToLower(path.Base(s.Path)), "copyright")
}

// sharesFamily reports whether s tells something of a licence whose text is
// among others.
func sharesFamily(s statement, others []statement) bool {
	return slices.ContainsFunc(s.terms(), func(t term) bool {
		return slices.ContainsFunc(others, func(o statement) bool {
			return slices.ContainsFunc(o.terms(), func(u term) bool { return t.family == u.family })
		})
	})
}

func placeOf(name string) place {
	folder := strings.ToLower(path.Base(path.Dir(name)))
	switch {
	case folder == "licenses" || folder == "licences":
		return kept
	case asides.MatchString(strings.ToLower(path.Base(name))):
		return aside
	}
	return own
}

func isCollection(name string) bool { return collections.MatchString(strings.ToLower(path.Base(name))) }

// How many words a file may have that names a licence: in a sentence, or in no
// more than a heading or an address, which is the confidence barely. What is
// longer says more than that, which nobody knows.
const (
	maxNotice = 200
	maxTitle  = 25
	barely    = 0.8
)

// saysMore reports a file that does more than to name a licence.
func saysMore(src []byte, matches []detect.Match) bool {
	if slices.ContainsFunc(matches, func(m detect.Match) bool { return isWhole(m) || m.Kind == detect.Pointer }) {
		return false
	}
	limit := maxTitle
	if slices.ContainsFunc(matches, func(m detect.Match) bool { return m.Confidence > barely }) {
		limit = maxNotice
	}
	return len(bytes.Fields(src)) > limit
}

// text reads a licence file. What it mentions beside the licence whose text it
// is tells something only of later versions and exceptions of that one.
func (r *reading) text(f registry.File, src []byte) []statement {
	matches := detect.Text(src)
	whole := slices.ContainsFunc(matches, isWhole)
	var out []statement
	var families []string
	for _, m := range matches[:min(len(matches), maxInFile)] {
		s := r.match(f, m)
		if isWhole(m) {
			for _, t := range s.terms() {
				families = append(families, t.family)
			}
		}
		out = append(out, s)
	}
	if whole {
		for i := range out {
			if out[i].kind == detect.Notice && !slices.ContainsFunc(out[i].terms(), func(t term) bool { return slices.Contains(families, t.family) }) {
				out[i].expr = nil
			}
		}
	}
	if len(out) == 0 || saysMore(src, matches) {
		s := r.from(f, registry.FromText)
		s.State = registry.LicenceUnknown
		s.unread = len(src) == detect.MaxText // there may be more of it
		out = append(out, s)
	}
	return out
}

func isWhole(m detect.Match) bool { return m.Kind == detect.FullText || m.Kind == detect.Modified }

// match is the statement of one match in a text.
func (r *reading) match(f registry.File, m detect.Match) statement {
	source := registry.FromNotice
	if isWhole(m) {
		source = registry.FromText
	}
	s := r.from(f, source)
	s.kind, s.Confidence, s.SPDX = m.Kind, m.Confidence, said(m.SPDX)
	if m.Kind == detect.Pointer {
		s.State = registry.LicencePointer
		return s
	}
	s.State = registry.LicenceStated
	expr, _, err := spdx.Parse(m.SPDX)
	switch {
	case isException(m.SPDX):
		s.exception = m.SPDX
		return s
	case err != nil:
		// A licence that detection knows and SPDX does not.
		s.State, s.SPDX, s.Written = registry.LicenceUnknown, "", said(m.SPDX)
		return s
	case m.Kind == detect.Modified:
		s.State = registry.LicenceModified
	default:
		s.State = stateOf(expr, nil)
	}
	s.expr = expr
	return s
}

// keptText reads a file in LICENSES/, which is named after the licence
// (https://reuse.software/spec-3.3/, "License files").
func (r *reading) keptText(f registry.File, src []byte) []statement {
	name := ending.ReplaceAllString(path.Base(f.Path), "")
	named, _, err := spdx.Parse(name)
	if err != nil || named.Operator != "" {
		if isException(name) {
			s := r.from(f, registry.FromLICENSES)
			s.SPDX, s.State, s.Confidence, s.exception = name, registry.LicenceStated, 1, name
			return []statement{s}
		}
		all := r.text(f, src)
		for i := range all {
			all[i].Source = registry.FromLICENSES
		}
		return all
	}
	s := r.from(f, registry.FromLICENSES)
	s.SPDX, s.expr, s.named = named.String(), named, named.String()
	if spdx.IsReference(named.Licence.ID) {
		s.State, s.Confidence, s.kind = registry.LicenceReference, 1, detect.FullText
		return []statement{s}
	}
	family := termOf(named.Licence).family
	found := slices.DeleteFunc(detect.Text(src), func(m detect.Match) bool { return !isWhole(m) })
	i := slices.IndexFunc(found, func(m detect.Match) bool { return sameText(m, family) })
	switch {
	case i >= 0:
		s.kind, s.Confidence, s.State = found[i].Kind, found[i].Confidence, registry.LicenceStated
		if s.kind == detect.Modified {
			s.State = registry.LicenceModified
		}
	case len(found) > 0:
		name := s.named
		s = r.match(f, found[0])
		s.Source, s.Written, s.named = registry.FromLICENSES, name, name
	default:
		s.State = registry.LicenceUnknown
	}
	return []statement{s}
}

// isException reports the identifier of an exception.
func isException(id string) bool {
	e, _, err := spdx.Parse("GPL-2.0-only WITH " + id)
	return err == nil && e.Operator == "" && e.Licence.Exception == id
}

// sameText reports whether a match may be the text of a family.
func sameText(m detect.Match, family string) bool {
	expr, _, err := spdx.Parse(m.SPDX)
	if err != nil {
		return false
	}
	for l := range expr.Licences() {
		if termOf(l).family == family {
			return true
		}
	}
	return false
}
