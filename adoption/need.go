// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

// NeedsFileName is what the file is called in which an organisation says what it
// needs, beside its adoptions.yml at the root of the default branch.
const NeedsFileName = "needs.yml"

// NeedsVersion is the version of its format.
const NeedsVersion = "1.0"

// NeedsFile is a needs.yml.
type NeedsFile struct {
	Version      string       `json:"needsYmlVersion"`
	Organisation Organisation `json:"organisation"`
	Needs        []Need       `json:"needs"`
}

// Need is what an organisation wants: a solution that it looks for, or something
// that it wishes of one software. All dates are in the form 2026-01-31.
type Need struct {
	ID          string   `json:"id"`                    // within the file: a-z, 0-9 and -, begins with a letter, 60 characters at most
	Title       string   `json:"title"`                 // what is wanted, in one line
	Description string   `json:"description,omitempty"` // plain text
	Language    string   `json:"language,omitempty"`    // of Title and Description, a primary subtag; "" is de
	Categories  []string `json:"categories,omitempty"`  // of the publiccode.yml standard
	// Software is the address of the repository that a wish is about; "" for a
	// solution that is looked for.
	Software string `json:"software,omitempty"`
	// Joins is the need of another organisation that this one shares: the address
	// of the repository of its needs.yml, # and the ID there.
	Joins       string      `json:"joins,omitempty"`
	By          string      `json:"by,omitempty"` // when it is needed
	Procurement Procurement `json:"procurement,omitzero"`
	Offers      []Offer     `json:"offers,omitempty"` // what it would do for it
	Share       Money       `json:"share,omitzero"`   // what it would pay
	Contact     string      `json:"contact,omitempty"`
	// OpenUntil is the last day on which it stands; "" for a year from when the file
	// last said it anew.
	OpenUntil  string     `json:"openUntil,omitempty"`
	Visibility Visibility `json:"visibility,omitempty"` // as that of a Statement
}

// Procurement is a tender that is planned.
type Procurement struct {
	Planned string `json:"planned,omitempty"` // the day on which it is to begin
	URL     string `json:"url,omitempty"`     // of a notice
}

// Offer is what an organisation would do for what it needs.
type Offer string

// The offers.
const (
	OffersFunds Offer = "funds"
	OffersBuild Offer = "builds"
	OffersTest  Offer = "tests"
)

// Offers are those there are.
func Offers() []Offer { return []Offer{OffersFunds, OffersBuild, OffersTest} }
