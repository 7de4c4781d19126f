// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package adoption is the format of adoptions.yml: in it an organisation says, in a
// repository of its own, which software it uses, operates, maintains, funds or
// evaluates. Like package publiccode it is the format and nothing else: model,
// parser, findings, JSON Schema.
package adoption

import "time"

// FileName is what the file is called, at the root of the default branch.
const FileName = "adoptions.yml"

// Version is the version of the format.
const Version = "1.0"

// File is an adoptions.yml.
type File struct {
	Version      string       `json:"adoptionsYmlVersion"`
	Organisation Organisation `json:"organisation"`
	Adoptions    []Statement  `json:"adoptions"`
	// Comaintenance is what is said of how software is looked after together.
	Comaintenance []Comaintenance `json:"comaintenance,omitempty"`
}

// Organisation is who speaks.
type Organisation struct {
	URI    string `json:"uri"`              // http(s) address or urn that names it; its identity
	Name   string `json:"name"`             //
	Region string `json:"region,omitempty"` // ISO 3166-2 (DE-SH) or ISO 3166-1 (DE)
	AGS    string `json:"ags,omitempty"`    // Amtlicher Gemeindeschlüssel, 2 to 8 digits
	ARS    string `json:"ars,omitempty"`    // Amtlicher Regionalschlüssel, 2 to 12 digits
}

// Role is what an organisation does with a software.
type Role string

// The roles, the one that binds most first.
const (
	Maintains Role = "maintains"
	Funds     Role = "funds"
	Operates  Role = "operates" // runs it for itself or others
	Uses      Role = "uses"
	Evaluates Role = "evaluates"
	None      Role = "none" // does nothing with it, whatever others say
)

// Roles are those there are.
func Roles() []Role { return []Role{Maintains, Funds, Operates, Uses, Evaluates, None} }

// Confirms reports whether who says so confirms that the software is in use.
func (r Role) Confirms() bool { return r != Evaluates && r != None }

// Visibility is who may see a statement.
type Visibility string

// The visibilities.
const (
	Public     Visibility = "public"     // the default
	Restricted Visibility = "restricted" // whole: tokens of the organisation's region, or with the security scope
)

// Statement says what the organisation does with one software. All dates are in the
// form 2026-01-31.
type Statement struct {
	Software       string     `json:"software"` // address of its repository
	Role           Role       `json:"role"`
	Version        string     `json:"version,omitempty"` // in use
	Since          string     `json:"since,omitempty"`
	ConfirmedUntil string     `json:"confirmedUntil,omitempty"` // that day included; "" for a year from when the file last said it anew
	Purpose        string     `json:"purpose,omitempty"`        // what for, a sentence
	Contact        string     `json:"contact,omitempty"`        // a role to turn to, such as a functional mailbox; no person
	Visibility     Visibility `json:"visibility,omitempty"`     // "" is Public
}

// Expired reports whether a statement is no longer confirmed at a moment.
func (s Statement) Expired(now time.Time) bool {
	return s.ConfirmedUntil != "" && s.ConfirmedUntil < now.UTC().Format(time.DateOnly)
}
