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
	// visibility is in doubt is Restricted.
	File *File
	// Findings are ordered by position.
	Findings []publiccode.Finding
	// Report is the same as a publiccode.Result, for all that shows one.
	Report *publiccode.Result
}

// Valid reports whether no finding is an error.
func (r *Result) Valid() bool { return r.Report.Valid() }

// Parse reads one adoptions.yml and reports all that is wrong with it. It never
// fails and does no I/O: what cannot be read is a finding. It is bounded: 1 MiB,
// MaxStatements statements, nesting and aliases as in a publiccode.yml.
func Parse(src []byte, opt Options) *Result {
	d := &decoder{Document: publiccode.ReadDocument(src, &Format), options: opt}
	r := &Result{}
	version := ""
	if root := d.Root(); root != nil {
		r.File, version = d.file(root)
	}
	r.Report = d.Result(version, Version)
	r.Findings = r.Report.Findings
	return r
}
