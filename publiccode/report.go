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
	severity := messages[code].severity
	if len(r.findings) >= maxFindings {
		r.full = true
		if severity != Error || r.errors {
			return
		}
		// The first error always counts: no file with one may look valid.
	}
	r.errors = r.errors || severity == Error
	for i, a := range args {
		args[i] = shorten(a)
	}
	r.findings = append(r.findings, Finding{
		Code: code, Severity: severity,
		Line: max(at.line, 1), Column: max(at.column, 1),
		Key: shorten(key), Args: args,
	})
}

// sorted returns the findings by position, each with the place where what it is
// about ends in src.
func (r *report) sorted(src []byte) []Finding {
	if r.full {
		r.findings = append(r.findings, Finding{
			Code: "PC0014", Severity: messages["PC0014"].severity, Line: 1, Column: 1,
		})
	}
	sortFindings(r.findings)
	if len(r.findings) > 0 {
		setEnds(r.findings, newText(src))
	}
	return r.findings
}

func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Key, b.Key))
	})
}

// setEnds completes sorted findings.
func setEnds(findings []Finding, t *text) {
	for i := range findings {
		f := &findings[i]
		if f.Code == "PC0101" && f.Line == 1 && f.Column == 1 {
			// What is missing at the margin is missing in the file, not in its
			// first words.
			f.EndLine, f.EndColumn = 1, 1
		}
		if f.EndLine == 0 {
			end := t.end(position{f.Line, f.Column})
			f.EndLine, f.EndColumn = end.line, end.column
		}
	}
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
