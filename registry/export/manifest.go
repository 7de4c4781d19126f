// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Manifest describes an export.
type Manifest struct {
	// Date is when the catalogue came to the revision, not when it was exported:
	// so the same revision has the same manifest.
	Date     time.Time    `json:"date,omitzero"`
	Revision registry.Rev `json:"revision"`
	Entries  int          `json:"entries"`
	Licence  string       `json:"licence,omitempty"` // of the data, an SPDX expression; "" where the operator names none
	Schema   string       `json:"schema"`            // where the JSON Schema of a line of catalogue.ndjson is
	Files    []File       `json:"files"`
	Columns  []Column     `json:"columns"` // of catalogue.csv
}

// File is one file of an export.
type File struct {
	Name   string `json:"name"`
	URL    string `json:"url,omitempty"` // where it is served
	Media  string `json:"mediaType"`
	Size   int64  `json:"size"` // in bytes
	SHA256 string `json:"sha256"`
	// Encoded are the sizes that are sent to who takes a content coding.
	Encoded map[string]int64 `json:"encoded,omitempty"`
}

// Manifest describes the outputs of an export.
func (e *Export) Manifest(outputs []Format) Manifest {
	m := Manifest{Date: e.Changed.UTC(), Revision: e.Rev, Entries: e.Entries, Columns: Columns()}
	for i, f := range outputs {
		m.Files = append(m.Files, File{Name: f.File(), Media: f.Media, Size: e.Written[i].Size, SHA256: e.Written[i].SHA256})
	}
	return m
}
