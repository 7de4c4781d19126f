// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
)

// FileFormat is one of the formats of this package, for whatever treats all alike.
type FileFormat struct {
	Name      string                                           // in commands and addresses: adoptions, needs
	FileName  string                                           //
	Recognise func(src []byte) bool                            // a file by its content
	Check     func(src []byte, opt Options) *publiccode.Result // as Parse reports it
	Schema    func() []byte                                    // JSON Schema
}

// AdoptionsYML is that of adoptions.yml.
func AdoptionsYML() FileFormat {
	check := func(src []byte, opt Options) *publiccode.Result { return Parse(src, opt).Report }
	return FileFormat{"adoptions", FileName, Recognise, check, JSONSchema}
}

// NeedsYML is that of needs.yml.
func NeedsYML() FileFormat {
	check := func(src []byte, opt Options) *publiccode.Result { return ParseNeeds(src, opt).Report }
	return FileFormat{"needs", NeedsFileName, RecogniseNeeds, check, NeedsJSONSchema}
}

// Formats are those there are.
func Formats() []FileFormat { return []FileFormat{AdoptionsYML(), NeedsYML()} }

// FormatOf is the format that a file is of by its content; false for none of these.
func FormatOf(src []byte) (FileFormat, bool) {
	all := Formats()
	if i := slices.IndexFunc(all, func(f FileFormat) bool { return f.Recognise(src) }); i >= 0 {
		return all[i], true
	}
	return FileFormat{}, false
}
