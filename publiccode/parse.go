// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "go.yaml.in/yaml/v4"

// Options say where the file was found. The zero value checks a file by itself.
type Options struct {
	// RepositoryURL is the web address of the repository that holds the file;
	// where it is set, a `url` that names another repository is a finding.
	RepositoryURL string
	// Version is the version to check against, in place of the one that the file
	// declares: one of Versions, Draft or Preview. "" leaves it to the file.
	Version string
}

// Result is what Parse found.
type Result struct {
	// Version is the version of the standard that the file declares ("0.5"), "0"
	// where it names the major version only, as the standard's own examples do,
	// and "" where it declares none that is known.
	Version string
	// Checked is the version that the file was checked against.
	Checked string
	// PublicCode is nil where the file is unreadable: not YAML, no mapping.
	PublicCode *PublicCode
	// Findings are ordered by position.
	Findings []Finding
	// Format is that of a Document; nil for publiccode.yml.
	Format *Format

	source  []byte     // as read: UTF-8 without byte order mark
	root    *yaml.Node // nil where the file is unreadable
	mending *mending
}

// Source is the text that positions refer to: the file in UTF-8, without a byte
// order mark and without control characters; nil where it was too large.
func (r *Result) Source() []byte { return r.source }

// Valid reports whether no finding is an error.
func (r *Result) Valid() bool {
	for _, f := range r.Findings {
		if f.Severity == Error {
			return false
		}
	}
	return true
}

// Parse reads one publiccode.yml and reports all that is wrong with it. It
// never fails: what cannot be read is a finding. Input over 1 MiB is refused
// by a finding.
//
// It reads on wherever that can be done without doubt, since people look for
// software whose file has errors too: of a key that stands there twice the last
// value counts, of several YAML documents the first; bytes that are no UTF-8
// are read as Windows-1252; numbers stay as written where text is wanted
// (1.10 is not 1.1), "no" stays a language and a country. Deprecated keys fill
// the newer ones that took their place, where these are absent. Where the YAML
// itself is broken there is no model, but the parts of the file that can be
// read are checked all the same.
func Parse(src []byte, opt Options) *Result {
	r := &report{}
	result := &Result{Checked: newest.String(), mending: &mending{}}
	if len(src) > MaxSize {
		r.add("PC0001", position{1, 1}, "", "1 MiB")
		result.Findings = r.sorted(nil, nil)
		return result
	}
	result.source = cleanSource(src, r)
	tree := loadTree(result.source, maxNodes, r)
	if tree != nil {
		result.root = tree
		result.PublicCode = result.decode(tree, opt, r)
	} else if rest, broken := salvage(result.source, r); rest != nil {
		tree = rest // which stands where the parts of the file do
		result.decode(rest, opt, r)
		r.forget(broken)
	}
	result.Findings = r.sorted(result.source, tree)
	return result
}

func (r *Result) decode(root *yaml.Node, opt Options, to *report) *PublicCode {
	d := &decoder{report: to, options: opt, version: newest}
	p, declared := d.decode(value{node: root, at: position{1, 1}})
	r.Version, r.Checked = declared, d.version.String()
	return p
}
