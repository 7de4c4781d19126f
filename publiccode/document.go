// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "go.yaml.in/yaml/v4"

// Format is a format of YAML files beside publiccode.yml, with rules of its own.
type Format struct {
	Name     string                 // of its files: adoptions.yml
	MaxNodes int                    // the most nodes that a YAML reader may make of one, counted by estimate
	Rules    func() map[string]Rule // by code
}

// Document is a file of such a format. It is read and bounded as a publiccode.yml
// is, and what is found in it is reported as there, so that whatever shows a Result
// can show the one of a Document.
type Document struct {
	format *Format
	report report
	result *Result
}

// FileName is what files of the format that was checked are called.
func (r *Result) FileName() string {
	if r.Format != nil {
		return r.Format.Name
	}
	return "publiccode.yml"
}

// ReadDocument reads a file. What is wrong with it as YAML is a finding with a code
// of the series PC00.
func ReadDocument(src []byte, format *Format) *Document {
	d := &Document{format: format, result: &Result{Format: format}}
	if len(src) > MaxSize {
		d.report.add("PC0001", position{1, 1}, "", "1 MiB")
		return d
	}
	d.result.source = cleanSource(src, &d.report)
	d.result.root = loadTree(d.result.source, format.MaxNodes, &d.report)
	return d
}

// Root is the mapping that the file consists of; nil where it is unreadable. With
// all aliases written out it is finite and of bearable size.
func (d *Document) Root() *yaml.Node { return d.result.root }

// Report adds a finding of the format's rules at a node, or of the file as a whole
// where the node is nil.
func (d *Document) Report(code string, at *yaml.Node, key string, args ...string) {
	f := d.format.Finding(code, key, args...)
	if at == nil {
		d.report.put(f, position{1, 1})
		return
	}
	f.EndLine, f.EndColumn = 0, 0
	d.report.put(f, nodePosition(at))
}

// Finding is a finding of the format's rules about a file as a whole, for what is
// seen only beside the file.
func (f *Format) Finding(code, key string, args ...string) Finding {
	rule := f.Rules()[code]
	return Finding{Code: code, Severity: rule.Severity, Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Key: key, Args: args, Wording: rule.words()}
}

// Result is the outcome, when all is reported: with the version that the file
// declares, "" where it is not known, and the one that it was checked against.
func (d *Document) Result(version, checked string) *Result {
	r := d.result
	r.Version, r.Checked = version, checked
	r.Findings = d.report.sorted(r.source, r.root)
	return r
}

// Nearest is the word of a list that another was most likely meant to be, or ""
// where none is near.
func Nearest(word string, list []string) string { return nearest(word, list) }
