// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package sbom reads software bills of materials, SPDX and CycloneDX in all
// their encodings, into one form, and checks them against the guidelines of the
// administration. A document is a stranger's: whatever it holds, reading ends
// within its bounds, with a document or a clear error. It imports nothing of the
// project but spdx.
package sbom

import "time"

// Standard is the family of a document.
type Standard string

// The standards.
const (
	SPDX      Standard = "SPDX"
	CycloneDX Standard = "CycloneDX"
)

// Document is an SBOM in one form. Empty fields are those that the document
// leaves out.
type Document struct {
	Standard Standard  `json:"standard"`
	Version  string    `json:"version"`  // of the standard: 2.3, 1.6
	Encoding string    `json:"encoding"` // json, jsonld, xml, yaml, tag-value, rdf
	Name     string    `json:"name,omitempty"`
	URI      string    `json:"uri,omitempty"` // namespace or serial number
	Created  time.Time `json:"created,omitzero"`
	Creators []Party   `json:"creators,omitempty"`
	Signed   bool      `json:"signed,omitempty"`
	// Roots are the Refs of what the document describes.
	Roots         []string       `json:"roots,omitempty"`
	Packages      []Package      `json:"packages,omitempty"`
	Relationships []Relationship `json:"relationships,omitempty"`
	// Complete are the Refs of packages whose dependencies are stated to be
	// complete, Incomplete of those whose are stated to be incomplete or not
	// known, and Leaves of those that are stated to have none.
	Complete        []string `json:"complete,omitempty"`
	Incomplete      []string `json:"incomplete,omitempty"`
	Leaves          []string `json:"leaves,omitempty"`
	Vulnerabilities int      `json:"vulnerabilities,omitempty"` // entries about vulnerabilities within the document
	// Remarks say, in English, what was mended or passed over while reading.
	Remarks []string `json:"remarks,omitempty"`
}

// Party is who made something.
type Party struct {
	Kind  string `json:"kind,omitempty"` // person, organisation, tool
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Package is one component.
type Package struct {
	Ref        string   `json:"ref"` // unique within the document
	Name       string   `json:"name,omitempty"`
	Version    string   `json:"version,omitempty"`
	Type       string   `json:"type,omitempty"` // library, application, file ... as the document has it, in small letters
	PURL       string   `json:"purl,omitempty"`
	CPEs       []string `json:"cpes,omitempty"`
	Supplier   *Party   `json:"supplier,omitempty"`
	Originator *Party   `json:"originator,omitempty"`
	SWID       string   `json:"swid,omitempty"` // tag identifier, ISO/IEC 19770-2
	// Concluded and Declared are the licence as the document has it, an SPDX
	// expression in official spelling; "" where it says nothing. CycloneDX
	// before 1.6 does not tell the two apart: what it says is Declared.
	// Effective is that of BSI TR-03183-2, 5.2.5.
	Concluded   string `json:"concluded,omitempty"`
	Declared    string `json:"declared,omitempty"`
	Effective   string `json:"effective,omitempty"`
	Copyright   string `json:"copyright,omitempty"`
	Filename    string `json:"filename,omitempty"`
	Hashes      []Hash `json:"hashes,omitempty"`
	DownloadURL string `json:"downloadUrl,omitempty"` // of the deployable form
	SourceURL   string `json:"sourceUrl,omitempty"`
	SecurityTxt string `json:"securityTxt,omitempty"` // URL of a file of RFC 9116
	// Executable, Archive and Structured are the properties of BSI TR-03183-2,
	// 5.2.2; nil where the document does not say.
	Executable *bool `json:"executable,omitempty"`
	Archive    *bool `json:"archive,omitempty"`
	Structured *bool `json:"structured,omitempty"`
}

// Hash is a checksum.
type Hash struct {
	Algorithm string `json:"algorithm"`        // SHA-512, SHA-256 ... as CycloneDX spells them
	Value     string `json:"value"`            // hex, small letters
	Source    bool   `json:"source,omitempty"` // of the source code, not of the deployable form
}

// Relationship joins two packages, both of which the document has.
type Relationship struct {
	From string `json:"from"`
	Type string `json:"type"` // depends-on, contains, or the document's own in small letters with dashes
	To   string `json:"to"`
}

// Checklist is a document measured against a guideline.
type Checklist struct {
	Guideline string `json:"guideline"` // BSI TR-03183-2, NTIA
	Version   string `json:"version"`   // 2.1.0; 2021-07-12
	Lines     []Line `json:"lines"`
}

// Level is how binding a requirement is.
type Level string

// The levels.
const (
	Must         Level = "must"
	MustIfExists Level = "must-if-exists" // where the information exists
	MustNot      Level = "must-not"
	Should       Level = "should"
	May          Level = "may"
)

// State is what a check came to.
type State string

// The states.
const (
	Met       State = "met"
	NotMet    State = "not-met"
	Partly    State = "partly"     // by some of the components, or in part
	Unknown   State = "unknown"    // the document alone cannot tell
	DoesNotGo State = "impossible" // its format has no place for it
)

// Line is one requirement, with the evidence.
type Line struct {
	ID    string `json:"id"` // a stable name, see Wording
	Level Level  `json:"level"`
	State State  `json:"state"`
	// Passed of Of components meet it, where it is one for components; Of is 0
	// where it is one for the document.
	Passed int `json:"passed,omitempty"`
	Of     int `json:"of,omitempty"`
	// Evidence is what was found, from the document: a value, or the first
	// components that lack it (at most 5).
	Evidence []string `json:"evidence,omitempty"`
}
