// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

// Options are the circumstances of a check. The zero value checks a file by itself.
type Options struct {
	// Now is the moment at which statements are current or expired; the zero time
	// leaves it unchecked.
	Now time.Time
}

// Result is what Parse found.
type Result struct {
	// File is what could be read without doubt; nil where the file is unreadable: not
	// YAML, no mapping. A statement without software or role is left out, and one whose
	// visibility is in doubt is Restricted; comaintenance that asks for discretion is left
	// out.
	File *File
	// Discreet reports that something in the file is Restricted, or may have been meant
	// so, in what was left out too: what findings quote of it is not for everybody. It
	// is so of all that is unreadable.
	Discreet bool
	// Findings are ordered by position.
	Findings []publiccode.Finding
	// Report is the same as a publiccode.Result, for all that shows one.
	Report *publiccode.Result
}

// Valid reports whether no finding is an error.
func (r *Result) Valid() bool { return r.Report.Valid() }

// Parse reads one adoptions.yml and reports all that is wrong with it. It never
// fails and does no I/O: what cannot be read is a finding. It is bounded: 1 MiB,
// MaxStatements statements, MaxComaintenance sections, nesting and aliases as in a
// publiccode.yml.
func Parse(src []byte, opt Options) *Result {
	r := &Result{}
	r.Report, r.Discreet = read(src, opt, &Format, fileKeys, Version, func(d *decoder, s *section) string {
		r.File = d.file(s)
		return r.File.Version
	})
	r.Findings = r.Report.Findings
	return r
}

// NeedsResult is what ParseNeeds found.
type NeedsResult struct {
	// File is what could be read without doubt; nil where the file is unreadable. A need
	// without ID or title is left out, and one whose visibility is in doubt is
	// Restricted.
	File     *NeedsFile
	Discreet bool                 // as of a Result
	Findings []publiccode.Finding // as of a Result
	Report   *publiccode.Result   // as of a Result
}

// Valid reports whether no finding is an error.
func (r *NeedsResult) Valid() bool { return r.Report.Valid() }

// ParseNeeds reads one needs.yml as Parse reads an adoptions.yml, with MaxNeeds needs
// at most.
func ParseNeeds(src []byte, opt Options) *NeedsResult {
	r := &NeedsResult{}
	r.Report, r.Discreet = read(src, opt, &NeedsFormat, needsKeys, NeedsVersion, func(d *decoder, s *section) string {
		r.File = d.needsFile(s)
		return r.File.Version
	})
	r.Findings = r.Report.Findings
	return r
}
