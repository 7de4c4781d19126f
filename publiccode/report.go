// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxFindings bounds a report: nobody reads more, and a hostile file could
// hold a hundred thousand.
const maxFindings = 500

// maxArg bounds one argument of a finding, in characters.
const maxArg = 160

// position counts lines and columns from 1, columns in code points.
type position struct{ line, column int }

// report collects findings in the order of the walk.
type report struct {
	findings []Finding
	full     bool
	errors   bool
}

func (r *report) add(code string, at position, key string, args ...string) {
	r.put(Finding{Code: code, Severity: messages[code].severity, Key: key, Args: args}, at)
}

// put adds a finding at a place, with what it names fit for a message.
func (r *report) put(f Finding, at position) {
	if len(r.findings) >= maxFindings {
		r.full = true
		if f.Severity != Error || r.errors {
			return
		}
		// The first error always counts: no file with one may look valid.
	}
	r.errors = r.errors || f.Severity == Error
	for i, a := range f.Args {
		f.Args[i] = shorten(a)
	}
	f.Line, f.Column, f.Key = max(at.line, 1), max(at.column, 1), shorten(f.Key)
	r.findings = append(r.findings, f)
}

// sorted returns the findings by position, each with the place where what it is
// about ends in the text. The tree is nil where there is none.
func (r *report) sorted(src []byte, root *yaml.Node) []Finding {
	if r.full {
		r.findings = append(r.findings, Finding{
			Code: "PC0014", Severity: messages["PC0014"].severity, Line: 1, Column: 1,
		})
	}
	if len(r.findings) == 0 {
		return nil
	}
	sortFindings(r.findings)
	l := newLines(src)
	for i := range r.findings {
		// Where a file breaks off the YAML reader stumbles after its end.
		f := &r.findings[i]
		at := l.place(l.offset(f.position()))
		f.Line, f.Column = at.line, at.column
	}
	l.setEnds(r.findings, root)
	return r.findings
}

func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Key, b.Key))
	})
}

// shorten makes text from the file fit for a message of one line.
func shorten(s string) string {
	s = strings.TrimSpace(s)
	if strings.IndexFunc(s, unprintable) >= 0 {
		s = strings.Map(func(c rune) rune {
			if unprintable(c) {
				return ' '
			}
			return c
		}, s)
		s = strings.Join(strings.Fields(s), " ")
	}
	if len(s) <= maxArg || utf8.RuneCountInString(s) <= maxArg {
		return s
	}
	n := 0
	for i := range s {
		if n == maxArg-1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// unprintable reports what would break a line of a message, a terminal or the
// direction of writing.
func unprintable(c rune) bool {
	return unicode.IsControl(c) || c == 0x2028 || c == 0x2029 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}
