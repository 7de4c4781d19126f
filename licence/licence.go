// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package licence knows what is known of licences: names, approval, kind,
// obligations, compatibility, policies. The facts are data in its folder, each
// with its provenance. What is not known it says so: "unknown" is never "no". It
// gives no legal advice. It imports nothing of the project but spdx.
package licence

// Licence is what is known of one licence of the SPDX list.
type Licence struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Deprecated bool     `json:"deprecated,omitempty"`
	OSI        Answer   `json:"osiApproved"`
	FSF        Answer   `json:"fsfLibre"`
	Category   Category `json:"category"`
	// Network says whether use over a network obliges to offer the source code.
	Network Answer `json:"networkClause"`
	// Obligations and the others are tags, see Tag; empty with Covered false
	// where no source describes the licence.
	Covered     bool     `json:"covered"`
	Permissions []string `json:"permissions,omitempty"`
	Conditions  []string `json:"conditions,omitempty"`
	Limitations []string `json:"limitations,omitempty"`
	BlueOak     string   `json:"blueOak,omitempty"` // rating of the Blue Oak Council; "" is none
	// EUPL says whether the appendix of EUPL-1.2 names the licence.
	EUPL bool `json:"euplCompatible"`
}

// Answer is yes, no, or not known.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Category is the kind of a licence.
type Category string

// The categories, from the freest to the strictest.
const (
	PublicDomain    Category = "public-domain"
	Permissive      Category = "permissive"
	WeakCopyleft    Category = "weak-copyleft"
	StrongCopyleft  Category = "strong-copyleft"
	NetworkCopyleft Category = "network-copyleft"
	SourceAvailable Category = "source-available"
	Restricted      Category = "restricted"
	Proprietary     Category = "proprietary"
	NoCategory      Category = "unknown"
)

// Source is where a fact comes from, for people.
type Source struct {
	ID          string `json:"id"` // spdx, osadl, choosealicense, scancode, blueoak, eupl, house
	Name        string `json:"name"`
	URL         string `json:"url"`
	Version     string `json:"version"` // release or date
	Licence     string `json:"licence"` // of the data, SPDX
	Attribution string `json:"attribution"`
	Changes     string `json:"changes"` // what was done to the data
}

// Situation is what somebody wants to do with software.
type Situation string

// The situations.
const (
	UseInternally Situation = "use"        // run it within one's own administration
	RunService    Situation = "service"    // offer it to others over a network
	Distribute    Situation = "distribute" // hand it over to others, changed or not
	Change        Situation = "change"     // change it; a situation of Explain, not of Ask
	Combine       Situation = "combine"    // make it part of a work under another licence
)

// Verdict is an answer about compatibility.
type Verdict string

// The verdicts, from good to bad.
const (
	Compatible   Verdict = "yes"
	Conditional  Verdict = "conditional" // under conditions, which are said
	Unclear      Verdict = "unknown"     // no source says
	Incompatible Verdict = "no"
)
