// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

// Comaintenance says who looks after one software together, and how others join. It
// is always public.
type Comaintenance struct {
	Software  string    `json:"software"`            // address of its repository
	Seeks     Seeks     `json:"seeks,omitempty"`     // "" for nothing
	Community Community `json:"community,omitzero"`  // that looks after it
	Partners  []Partner `json:"partners,omitempty"`  //
	Steering  string    `json:"steering,omitempty"`  // the body that steers, a sentence
	Decisions string    `json:"decisions,omitempty"` // how decisions are made, a sentence
	Joining   Joining   `json:"joining,omitzero"`    // how to join
	Funding   []Funding `json:"funding,omitempty"`   //
	// ConfirmedUntil is as that of a Statement.
	ConfirmedUntil string `json:"confirmedUntil,omitempty"`
}

// Seeks is what a software is looking for.
type Seeks string

// What there is to look for.
const (
	CoMaintainers Seeks = "coMaintainers" // others beside those there are
	NewMaintainer Seeks = "newMaintainer" // it is to be handed over
)

// AllSeeks are those there are.
func AllSeeks() []Seeks { return []Seeks{CoMaintainers, NewMaintainer} }

// Community is a group that looks after software together, across organisations.
type Community struct {
	Name string `json:"name"`
	URI  string `json:"uri,omitempty"` // web address; its identity, else the name is
}

// Partner is an organisation that looks after a software with others.
type Partner struct {
	Name   string `json:"name"`
	URI    string `json:"uri,omitempty"`
	Region string `json:"region,omitempty"` // as that of an Organisation
	Role   Role   `json:"role,omitempty"`   // Maintains, Funds or Operates; "" is Maintains
}

// Joining is how to join; at least one of its fields is set, or none.
type Joining struct {
	Text    string `json:"text,omitempty"`    // a sentence
	URL     string `json:"url,omitempty"`     // of a page that tells more
	Contact string `json:"contact,omitempty"` // as that of a Statement
}

// Funding is money for a software: open, or committed by somebody.
type Funding struct {
	Purpose string        `json:"purpose"`
	Status  FundingStatus `json:"status"`
	Amount  Money         `json:"amount,omitzero"`
	By      string        `json:"by,omitempty"`    // name of whom it is from
	Until   string        `json:"until,omitempty"` // 2026-01-31: by when it is needed, or how long it is there
	URL     string        `json:"url,omitempty"`
}

// FundingStatus says whether money is there.
type FundingStatus string

// The states of funding.
const (
	OpenFunding      FundingStatus = "open"      // is looked for
	CommittedFunding FundingStatus = "committed" // is promised
)

// Money is a sum in whole units of a currency.
type Money struct {
	Amount   int64  `json:"amount"`   // at least 0
	Currency string `json:"currency"` // ISO 4217; EUR where the file says none
}
