// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/allmende-registry/allmende/publiccode"
)

// jsonReport is the project's own format. Its fields are stable: new ones may be
// added.
type jsonReport struct {
	Files []jsonFile `json:"files"`
}

type jsonFile struct {
	Path      string        `json:"path"`
	Format    string        `json:"format"`  // publiccode.yml, or what else it is
	Version   string        `json:"version"` // as declared; "" where unknown
	Checked   string        `json:"checked"` // the version checked against
	Valid     bool          `json:"valid"`   // no finding is an error
	Findings  []jsonFinding `json:"findings"`
	Unchecked []string      `json:"unchecked"` // codes of rules
}

// jsonFinding has lines and columns from 1, columns in code points; the end is
// the place after the last character.
type jsonFinding struct {
	Code      string              `json:"code"`
	Severity  publiccode.Severity `json:"severity"`
	Line      int                 `json:"line"`
	Column    int                 `json:"column"`
	EndLine   int                 `json:"endLine"`
	EndColumn int                 `json:"endColumn"`
	Key       string              `json:"key"`
	Message   string              `json:"message"`
	Help      string              `json:"help"`
	Standard  string              `json:"standard"`
	// Edits mend it, in places of the file as it is; null where a person must
	// decide.
	Edits []publiccode.Edit `json:"edits"`
}

func writeJSON(w io.Writer, files []File, opt Options) error {
	report := jsonReport{Files: []jsonFile{}}
	for _, f := range files {
		out := jsonFile{
			Path: f.Path, Format: f.Result.FileName(), Version: f.Result.Version, Checked: f.Result.Checked, Valid: f.Result.Valid(),
			Findings: []jsonFinding{}, Unchecked: append([]string{}, f.Unchecked...),
		}
		for _, d := range f.Result.Findings {
			out.Findings = append(out.Findings, jsonFinding{
				d.Code, d.Severity, d.Line, d.Column, d.EndLine, d.EndColumn, d.Key,
				d.Message(opt.Lang), d.Help(opt.Lang), standard(d),
				f.Result.Remedy(d),
			})
		}
		report.Files = append(report.Files, out)
	}
	return encode(w, report)
}

// encode writes JSON in which nothing is hidden: such characters, which can only
// be in strings, are escaped (RFC 8259, section 7), so that the report can be
// read in a terminal.
func encode(w io.Writer, v any) error {
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	var out bytes.Buffer
	for _, c := range plain.String() {
		if c == '\n' || !hidden(c) {
			out.WriteRune(c)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, c) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}
