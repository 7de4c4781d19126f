// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// schema is one JSON Schema. The order of the fields is that of the output.
type schema struct {
	Schema      string `json:"$schema,omitempty"`
	ID          string `json:"$id,omitempty"`
	Ref         string `json:"$ref,omitempty"` // alone: draft-07 ignores what stands beside it
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Deprecated  bool   `json:"deprecated,omitempty"`
	// DeprecationMessage and the error messages are words of the editors, which
	// validators ignore.
	DeprecationMessage   string      `json:"deprecationMessage,omitempty"`
	Type                 string      `json:"type,omitempty"`
	Enum                 []string    `json:"enum,omitempty"`
	EnumDescriptions     []string    `json:"enumDescriptions,omitempty"`
	Minimum              json.Number `json:"minimum,omitempty"`
	Maximum              json.Number `json:"maximum,omitempty"`
	MinLength            int         `json:"minLength,omitempty"`
	MaxLength            *int        `json:"maxLength,omitempty"`
	Pattern              string      `json:"pattern,omitempty"`
	PatternErrorMessage  string      `json:"patternErrorMessage,omitempty"`
	Items                *schema     `json:"items,omitempty"`
	MinItems             int         `json:"minItems,omitempty"`
	MaxItems             *int        `json:"maxItems,omitempty"`
	Required             []string    `json:"required,omitempty"`
	MinProperties        int         `json:"minProperties,omitempty"`
	MaxProperties        *int        `json:"maxProperties,omitempty"`
	Properties           members     `json:"properties,omitempty"`
	PatternProperties    members     `json:"patternProperties,omitempty"`
	AdditionalProperties any         `json:"additionalProperties,omitempty"` // *schema or false
	Not                  *schema     `json:"not,omitempty"`
	AllOf                []*schema   `json:"allOf,omitempty"`
	AnyOf                []*schema   `json:"anyOf,omitempty"`
	If                   *schema     `json:"if,omitempty"`
	Then                 *schema     `json:"then,omitempty"`
	Else                 *schema     `json:"else,omitempty"`
	ErrorMessage         string      `json:"errorMessage,omitempty"`
	Definitions          members     `json:"definitions,omitempty"`
}

// members are the members of an object in an order of their own.
type members []member

type member struct {
	name  string
	value *schema
}

// MarshalJSON implements json.Marshaler.
func (m members) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, f := range m {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := compactJSON(f.name)
		if err != nil {
			return nil, err
		}
		value, err := compactJSON(f.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// compactJSON encodes without the escapes for HTML, which patterns are full of.
func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// lineWidth is the width up to which layOut keeps a value on one line.
const lineWidth = 110

// layOut writes compact JSON so that people can read it: what is short stays on
// a line, and lists of words fill their lines.
func layOut(w *bytes.Buffer, compact []byte, depth int) {
	open := compact[0]
	if open != '{' && open != '[' || utf8.RuneCount(compact)+2*depth <= lineWidth {
		writeSpaced(w, compact)
		return
	}
	parts := splitMembers(compact[1 : len(compact)-1])
	indent := "\n" + strings.Repeat("  ", depth+1)
	column := 0
	w.WriteByte(open)
	for i, part := range parts {
		words := open == '[' && part[0] == '"'
		width := utf8.RuneCount(part) + 2
		if words && i > 0 && column+width <= lineWidth {
			w.WriteByte(' ')
		} else {
			w.WriteString(indent)
			column = 2 * (depth + 1)
		}
		column += width
		if open == '{' {
			end := stringEnd(part)
			w.Write(part[:end])
			w.WriteString(": ")
			part = part[end+1:]
		}
		layOut(w, part, depth+1)
		if i+1 < len(parts) {
			w.WriteByte(',')
		}
	}
	w.WriteString(indent[:len(indent)-2])
	w.WriteByte(open + 2) // the closing bracket, in ASCII two further
}

// splitMembers cuts at the commas outside brackets and strings.
func splitMembers(b []byte) [][]byte {
	var out [][]byte
	depth, start := 0, 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += stringEnd(b[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, b[start:i])
				start = i + 1
			}
		}
	}
	return append(out, b[start:])
}

// stringEnd returns the length of the string that b begins with.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// writeSpaced writes compact JSON with a blank after commas and colons.
func writeSpaced(w *bytes.Buffer, b []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] == '"' {
			end := stringEnd(b[i:])
			w.Write(b[i : i+end])
			i += end - 1
			continue
		}
		w.WriteByte(b[i])
		if b[i] == ',' || b[i] == ':' {
			w.WriteByte(' ')
		}
	}
}
