// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"slices"
	"strings"
)

// Named understands a licence in other words than its identifier ("Apache
// License, Version 2.0", "EUPL 1.2"), and an expression of such names, besides
// what Parse reads. Where the words do not say whether later versions are meant,
// the licence is the family ("GPL-3.0"). What names licences but does not say
// whether one may choose among them ("MIT/Apache-2.0") is not understood.
func Named(s string) (*Expression, bool) {
	e, _, ok := Meant(s)
	return e, ok
}

// Meant is Named with remarks that say what was understood, of the kinds InWords
// and FamilyInWords too.
func Meant(s string) (*Expression, []Remark, bool) {
	e, r, err := read(s)
	if err == nil {
		return e, r.remarks, true
	}
	now, remarks, ok := translate(s)
	if !ok {
		return nil, nil, false
	}
	e, _, err = read(now)
	return e, remarks, err == nil
}

// Mend spells an expression, or names in its place, as one writes it today:
// without deprecated identifiers, all else as it stands. It returns "" where a
// person must decide. SPDX defines an identifier of the GNU family without an
// ending as that version only; with doubt, that something else says that later
// ones may be meant, it is left alone.
func Mend(s string, doubt bool) string {
	_, r, err := read(s)
	if err != nil {
		now, remarks, ok := translate(s)
		if !ok || doubt && has(remarks, FamilyInWords) {
			return ""
		}
		_, r, _ = read(now)
	}
	if now := r.modern(doubt); valid(now) {
		return now
	}
	return ""
}

func has(remarks []Remark, kind RemarkKind) bool {
	return slices.ContainsFunc(remarks, func(r Remark) bool { return r.Kind == kind })
}

// modern puts what was noted while reading into the text.
func (r *reader) modern(doubt bool) string {
	var b strings.Builder
	from := 0
	for _, e := range r.edits {
		if !e.open || !doubt {
			b.WriteString(r.text[from:e.at] + e.now)
			from = e.at + len(e.text)
		}
	}
	return b.String() + r.text[from:]
}

// translate puts identifiers in the place of names, and remarks on the parts.
func translate(s string) (now string, remarks []Remark, ok bool) {
	if id, family := likelyLicence(s); id != "" {
		return id, []Remark{inWords(s, id, family)}, true
	}
	parts := operands(s)
	if len(s) > maxBytes || len(parts) < 2 {
		return "", nil, false
	}
	var b strings.Builder
	former := ""
	for _, o := range parts {
		operator := strings.ToUpper(o.operator)
		if operator != o.operator {
			remarks = addRemark(remarks, Remark{Operators, o.operator, operator})
		}
		text, more := o.translate(former == "WITH")
		if text == "" {
			return "", nil, false
		}
		for _, r := range more {
			remarks = addRemark(remarks, r)
		}
		b.WriteString(o.before + text + o.after)
		if operator != "" {
			b.WriteString(" " + operator + " ")
		}
		former = operator
	}
	_, r, err := read(b.String())
	return b.String(), remarks, err == nil && valid(r.modern(false))
}

// translate returns the identifier of a licence or exception, or the expression
// that an operand is; "" where it is not understood.
func (o operand) translate(isException bool) (string, []Remark) {
	if isException {
		id, ok := exception(o.licence)
		switch {
		case !ok:
			return "", nil
		case id != o.licence:
			return id, []Remark{{Spelling, o.licence, id}}
		}
		return id, nil
	}
	if _, r, err := read(o.licence); err == nil {
		return o.licence, r.remarks
	}
	id, family := likelyLicence(o.licence)
	return id, []Remark{inWords(o.licence, id, family)}
}

func inWords(name, id string, family bool) Remark {
	if family {
		return Remark{FamilyInWords, name, id}
	}
	return Remark{InWords, name, id}
}

func addRemark(remarks []Remark, r Remark) []Remark {
	if slices.Contains(remarks, r) {
		return remarks
	}
	return append(remarks, r)
}
