// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

// Options say where the file was found. The zero value checks a file by itself.
type Options struct {
	// RepositoryURL is the web address of the repository that holds the file;
	// where it is set, a `url` that names another repository is a finding.
	RepositoryURL string
}

// Result is what Parse found.
type Result struct {
	// Version is the version of the standard that the file declares ("0.5"), "0"
	// where it names the major version only, as the standard's own examples do,
	// and "" where it declares none that is known.
	Version string
	// PublicCode is nil where the file is unreadable: not YAML, no mapping.
	PublicCode *PublicCode
	// Findings are ordered by position.
	Findings []Finding
}

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
// the newer ones that took their place, where these are absent.
func Parse(src []byte, opt Options) *Result {
	r := &report{}
	result := &Result{}
	if len(src) > MaxSize {
		r.add("PC0001", position{1, 1}, "", "1 MiB")
	} else if root := loadTree(cleanSource(src, r), r); root != nil {
		result.PublicCode, result.Version = decode(value{node: root, at: position{1, 1}}, opt, r)
	}
	result.Findings = r.sorted()
	return result
}
