// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"bytes"
	_ "embed"
)

var (
	//go:embed adoptions.schema.json
	schemaFile []byte
	//go:embed needs.schema.json
	needsSchemaFile []byte
)

// JSONSchema returns the JSON Schema (2020-12) of adoptions.yml. It refers to no
// other.
//
// It says what to write: what Parse forgives with a warning, such as a number in
// place of a text, it refuses. It is looser where a fact is not in the form of a
// value: how long a month is, which countries there are, what two keys say together.
func JSONSchema() []byte { return bytes.Clone(schemaFile) }

// NeedsJSONSchema returns that of needs.yml, which is as strict and as loose.
func NeedsJSONSchema() []byte { return bytes.Clone(needsSchemaFile) }
