// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// AdoptionsDocument is the kind of Adoptions. Its key is the repository of the
// adoptions.yml, or "api/" and the URI of the organisation.
const AdoptionsDocument DocumentKind = "adoptions"

// Adoptions is what one organisation says in one place: an adoptions.yml in a
// repository that is crawled, or calls of the API. It has what is restricted, too:
// what anybody may see is in the entries, see Software.Adoptions.
type Adoptions struct {
	Organisation adoption.Organisation `json:"organisation"`
	Statements   []adoption.Statement  `json:"statements"`
	// Repository is where the file is; "" for what was said by the API, and then By
	// is the actor, as in AuditLine.
	Repository ID        `json:"repository,omitempty"`
	By         string    `json:"by,omitempty"`
	Publisher  Publisher `json:"publisher,omitzero"` // of the source that led to the repository
	URL        string    `json:"url,omitempty"`      // of the file, for people
	Commit     string    `json:"commit,omitempty"`
	Hash       string    `json:"hash,omitempty"` // SHA-256 of the file, hex
	Time       time.Time `json:"time"`           // when it first said all this
}

// Adoption is a public statement of an organisation about an entry, confirmed by
// itself.
type Adoption struct {
	Organisation   adoption.Organisation `json:"organisation"`
	Role           adoption.Role         `json:"role"`
	Version        string                `json:"version,omitempty"`
	Since          string                `json:"since,omitempty"`          // 2026-01-31
	ConfirmedUntil string                `json:"confirmedUntil,omitempty"` // 2026-01-31, that day included
	Purpose        string                `json:"purpose,omitempty"`
	Contact        string                `json:"contact,omitempty"`
	Repository     ID                    `json:"repository,omitempty"` // whose adoptions.yml says so; "" for the API
	URL            string                `json:"url,omitempty"`        // of that file
}

// Current reports whether the statement is confirmed still at a moment.
func (a Adoption) Current(now time.Time) bool {
	return a.ConfirmedUntil == "" || a.ConfirmedUntil >= now.UTC().Format(time.DateOnly)
}
