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
	wordList
	sum // a number, or a mapping
)

// key is one key of the format.
type key struct {
	name     string
	kind     kind
	required bool
	unless   string // key beside which a required one may be missing
	most     int    // characters of a text, entries of a list
	also     string // a spelling that can mean nothing else
	keys     []key  // of a mapping, or of those in a list
}

// The bounds of texts in characters.
const (
	maxAddress = 2000
	maxName    = 200
	maxVersion = 100
	maxPurpose = 500
	maxText    = 2000
	maxCode    = 40 // of words, codes and dates
)

// The bounds of lists in entries.
const (
	// MaxStatements is the most statements that are read of an adoptions.yml.
	MaxStatements = 5000
	// MaxComaintenance is the most sections of comaintenance that are read of one.
	MaxComaintenance = 1000
	// MaxNeeds is the most needs that are read of a needs.yml.
	MaxNeeds = 1000

	maxPartners   = 100
	maxFunding    = 100
	maxCategories = 20
	maxOffers     = 20
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
	communityKeys = []key{
		{name: "name", required: true, most: maxName},
		{name: "uri", most: maxAddress, also: "url"},
	}
	partnerKeys = []key{
		{name: "name", required: true, most: maxName},
		{name: "uri", most: maxAddress, also: "url"},
		{name: "region", most: maxCode},
		{name: "role", most: maxCode},
	}
	joiningKeys = []key{
		{name: "text", most: maxPurpose},
		{name: "url", most: maxAddress, also: "uri"},
		{name: "contact", most: maxName},
	}
	moneyKeys = []key{
		{name: "amount", required: true, kind: sum},
		{name: "currency", most: maxCode},
	}
	fundingKeys = []key{
		{name: "purpose", required: true, most: maxPurpose},
		{name: "status", required: true, most: maxCode},
		{name: "amount", kind: sum, keys: moneyKeys},
		{name: "by", most: maxName},
		{name: "until", most: maxCode},
		{name: "url", most: maxAddress, also: "uri"},
	}
	comaintenanceKeys = []key{
		{name: "software", required: true, most: maxAddress},
		{name: "seeks", most: maxCode},
		{name: "community", kind: mapping, keys: communityKeys},
		{name: "partners", kind: list, most: maxPartners, keys: partnerKeys},
		{name: "steering", most: maxPurpose},
		{name: "decisions", most: maxPurpose},
		{name: "joining", kind: mapping, keys: joiningKeys},
		{name: "funding", kind: list, most: maxFunding, keys: fundingKeys},
		{name: "confirmedUntil", most: maxCode},
	}
	// fileKeys are those of an adoptions.yml, that of its version first.
	fileKeys = []key{
		{name: "adoptionsYmlVersion", required: true, most: maxCode},
		{name: "organisation", kind: mapping, required: true, also: "organization", keys: organisationKeys},
		{name: "adoptions", kind: list, required: true, unless: "comaintenance", most: MaxStatements, keys: statementKeys},
		{name: "comaintenance", kind: list, most: MaxComaintenance, keys: comaintenanceKeys},
	}

	procurementKeys = []key{
		{name: "planned", most: maxCode},
		{name: "url", most: maxAddress, also: "uri"},
	}
	needKeys = []key{
		{name: "id", required: true, most: maxName},
		{name: "title", required: true, most: maxName},
		{name: "description", most: maxText},
		{name: "language", most: maxCode},
		{name: "categories", kind: wordList, most: maxCategories},
		{name: "software", most: maxAddress},
		{name: "joins", most: maxAddress},
		{name: "by", most: maxCode},
		{name: "procurement", kind: mapping, keys: procurementKeys},
		{name: "offers", kind: wordList, most: maxOffers},
		{name: "share", kind: sum, keys: moneyKeys},
		{name: "contact", most: maxName},
		{name: "openUntil", most: maxCode},
		{name: "visibility", most: maxCode},
	}
	// needsKeys are those of a needs.yml, that of its version first.
	needsKeys = []key{
		{name: "needsYmlVersion", required: true, most: maxCode},
		{name: "organisation", kind: mapping, required: true, also: "organization", keys: organisationKeys},
		{name: "needs", kind: list, required: true, most: MaxNeeds, keys: needKeys},
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

// belongsTo is the path of a key that is one of a section among others; "" for others.
func belongsTo(keys []key, name string) string {
	for _, section := range keys {
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
