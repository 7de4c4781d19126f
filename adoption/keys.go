// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "strings"

// kind is what a key holds.
type kind int

const (
	text kind = iota
	mapping
	list // of mappings
)

// key is one key of the format.
type key struct {
	name     string
	kind     kind
	required bool
	most     int    // characters of a text
	also     string // a spelling that can mean nothing else
	keys     []key  // of a mapping, or of those in a list
}

// The bounds of texts in characters.
const (
	maxAddress = 2000
	maxName    = 200
	maxVersion = 100
	maxPurpose = 500
	maxCode    = 40 // of words, codes and dates
)

var (
	organisationKeys = []key{
		{name: "uri", required: true, most: maxAddress, also: "url"},
		{name: "name", required: true, most: maxName},
		{name: "region", most: maxCode},
		{name: "ags", most: maxCode},
		{name: "ars", most: maxCode},
	}
	statementKeys = []key{
		{name: "software", required: true, most: maxAddress},
		{name: "role", required: true, most: maxCode},
		{name: "version", most: maxVersion},
		{name: "since", most: maxCode},
		{name: "confirmedUntil", most: maxCode},
		{name: "purpose", most: maxPurpose},
		{name: "contact", most: maxName},
		{name: "visibility", most: maxCode},
	}
	rootKeys = []key{
		{name: "adoptionsYmlVersion", required: true, most: maxCode},
		{name: "organisation", kind: mapping, required: true, also: "organization", keys: organisationKeys},
		{name: "adoptions", kind: list, required: true, keys: statementKeys},
	}
)

// findKey finds a key by its name, in any case; nil where there is none.
func findKey(keys []key, name string) *key {
	for i := range keys {
		if k := &keys[i]; strings.EqualFold(k.name, name) || k.also != "" && strings.EqualFold(k.also, name) {
			return k
		}
	}
	return nil
}

// belongsTo is the path of a key that stands in the wrong section; "" for others.
func belongsTo(name string) string {
	for _, section := range rootKeys {
		for _, k := range section.keys {
			if k.name == name && section.kind == list {
				return section.name + "[…]." + name
			} else if k.name == name {
				return section.name + "." + name
			}
		}
	}
	return ""
}
