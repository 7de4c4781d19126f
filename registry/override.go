// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"encoding/json"
	"time"
)

// OverrideDocument is the kind of Override; its key is the ID of the entry, a space
// and the field.
const OverrideDocument DocumentKind = "override"

// Override is a value of an entry that somebody corrected. It stays in place of what
// the repository says, visit for visit, until it is taken back.
type Override struct {
	Field  OverrideField   `json:"field"`
	Value  json.RawMessage `json:"value"`
	Was    json.RawMessage `json:"was,omitempty"` // what the repository says; nil for nothing
	Reason string          `json:"reason"`        // why, for readers
	By     string          `json:"by"`            // name of the token, or subject
	Time   time.Time       `json:"time"`
}

// OverrideField is a field that can be overridden.
type OverrideField string

// The fields.
const (
	OverridePublisher  OverrideField = "publisher"         // a Publisher
	OverrideCategories OverrideField = "categories"        // a list of publiccode.yml categories
	OverrideStatus     OverrideField = "developmentStatus" // a word of publiccode.yml
	OverrideLicence    OverrideField = "licence"           // legal.license: an SPDX expression
)

// OverrideFields are those there are.
func OverrideFields() []OverrideField {
	return []OverrideField{OverridePublisher, OverrideCategories, OverrideStatus, OverrideLicence}
}
