// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package export

import (
	_ "embed"
	"encoding/json"
	"io"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

//go:generate go test . -run TestSchemaIsOfTheTypes -update

// Schema is the JSON Schema (draft 2020-12) of a line of catalogue.ndjson.
//
//go:embed software.schema.json
var Schema []byte

// Line is a line of catalogue.ndjson: an entry as the registry keeps it, in no
// language more than in another. It does not say who corrected a field.
type Line struct {
	*registry.Software
	Overrides []Override `json:"overrides,omitempty"`
}

// Override is a registry.Override without who made it.
type Override struct {
	Field  registry.OverrideField `json:"field"`
	Value  json.RawMessage        `json:"value"`
	Was    json.RawMessage        `json:"was,omitempty"` // what the repository says; absent for nothing
	Reason string                 `json:"reason"`
	Time   time.Time              `json:"time"`
}

// NewLine is the line of an entry.
func NewLine(s *registry.Software) Line {
	l := Line{Software: s}
	if s.Files == nil { // a list, also where it is empty
		listed := *s
		listed.Files = []registry.File{}
		l.Software = &listed
	}
	for _, o := range s.Overrides {
		l.Overrides = append(l.Overrides, Override{Field: o.Field, Value: o.Value, Was: o.Was, Reason: o.Reason, Time: o.Time})
	}
	return l
}

// beginNDJSON writes a JSON object a line, as https://github.com/ndjson/ndjson-spec
// has it, with <, > and & as themselves.
func beginNDJSON(w io.Writer) (func(*registry.Software) error, error) {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(s *registry.Software) error { return enc.Encode(NewLine(s)) }, nil
}
