// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// NeedsDocument is the kind of Needs. Its key is the repository of the needs.yml.
const NeedsDocument DocumentKind = "needs"

// Needs is what one organisation says in a needs.yml that it wants. It has what is
// restricted, too: see Board for what somebody may see.
type Needs struct {
	Word
	Needs []adoption.Need `json:"needs"`
}

// Document is n as a document of a version: 0 for a new one.
func (n *Needs) Document(version int64) *Document {
	return &Document{Kind: NeedsDocument, Key: AdoptionsFile(n.Repository), Version: version, Body: body(n)}
}

// Until is the last day on which a need among n stands.
func (n *Needs) Until(need adoption.Need) string { return n.until(need.OpenUntil) }

// BoardNeed is a need as the board shows it, with what fits it.
type BoardNeed struct {
	adoption.Need
	Key          string                `json:"key"` // ID of the repository, # and the need's own ID
	Organisation adoption.Organisation `json:"organisation"`
	Proof        Proof                 `json:"proof"`
	Publisher    Publisher             `json:"publisher,omitzero"`
	URL          string                `json:"url,omitempty"`     // of the file
	Said         time.Time             `json:"said"`              // when the file first said it
	Solutions    []NeedMatch           `json:"solutions"`         // entries that may be what is wanted, the best first
	Others       []NeedMatch           `json:"others"`            // needs of other organisations that are alike
	Joint        string                `json:"joint,omitempty"`   // key of the Joint wish that it is part of
	Subject      ID                    `json:"subject,omitempty"` // the entry that a wish is about, as it is called now
}

// NeedMatch is something that may answer a need, with the reason.
type NeedMatch struct {
	Software ID       `json:"software,omitempty"`
	Need     string   `json:"need,omitempty"` // key of another need
	Name     string   `json:"name"`
	Words    []string `json:"words,omitempty"`      // of the need that were found there
	Category []string `json:"categories,omitempty"` // that both have
}

// JointNeed is what several organisations want together.
type JointNeed struct {
	Key      string           `json:"key"` // of the need that the others join, the oldest
	Title    string           `json:"title"`
	Software ID               `json:"software,omitempty"`
	Needs    []string         `json:"needs"`            // keys
	Backers  []string         `json:"backers"`          // names of the organisations, in order of Needs
	Shares   []adoption.Money `json:"shares,omitempty"` // sums by currency
}

// Board is the board of needs as somebody may see it.
type Board struct {
	Needs []BoardNeed `json:"needs"` // those that stand, the newest first
	Joint []JointNeed `json:"joint"`
}

// BoardStore is what a Board is made from.
type BoardStore interface {
	RegisterStore
	Get(ctx context.Context, id ID) (*Software, error)
	Search(ctx context.Context, q Query) (Page, error)
}
