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
	Word
	Statements []adoption.Statement `json:"statements"`
	// Comaintenance is what it says of how software is looked after together.
	Comaintenance []adoption.Comaintenance `json:"comaintenance,omitempty"`
}

// AdoptionsFile is the key of what the adoptions.yml of a repository says.
func AdoptionsFile(repository ID) string { return repository.Repository().Key() }

// AdoptionsByAPI is the key of what an organisation says by the API.
func AdoptionsByAPI(organisation string) string { return "api/" + OrganisationKey(organisation) }

// Key is the key of the document.
func (a *Adoptions) Key() string {
	if a.Repository != "" {
		return AdoptionsFile(a.Repository)
	}
	return AdoptionsByAPI(a.Organisation.URI)
}

// Document is a as a document of a version: 0 for a new one.
func (a *Adoptions) Document(version int64) *Document {
	return &Document{Kind: AdoptionsDocument, Key: a.Key(), Version: version, Body: body(a)}
}

// Until is the day until which a statement among a is confirmed, that day included.
func (a *Adoptions) Until(s adoption.Statement) string { return a.until(s.ConfirmedUntil) }

// Adoption is a public statement of an organisation about an entry, confirmed by
// itself.
type Adoption struct {
	Organisation adoption.Organisation `json:"organisation"`
	// Publisher is whom the operator named for the source that the file is in; zero
	// for what was said by the API. It is what is proven: that the organisation is
	// the one it says is known only where it is the publisher, see Own.
	Publisher      Publisher     `json:"publisher,omitzero"`
	Role           adoption.Role `json:"role"`
	Version        string        `json:"version,omitempty"`
	Since          string        `json:"since,omitempty"`          // 2026-01-31
	ConfirmedUntil string        `json:"confirmedUntil,omitempty"` // 2026-01-31, that day included
	Purpose        string        `json:"purpose,omitempty"`
	Contact        string        `json:"contact,omitempty"`
	Repository     ID            `json:"repository,omitempty"` // whose adoptions.yml says so; "" for the API
	URL            string        `json:"url,omitempty"`        // of that file
	Vouched        Proof         `json:"vouched,omitempty"`    // as that of a Word
}

// Current reports whether the statement is confirmed still at a moment.
func (a Adoption) Current(now time.Time) bool { return current(a.ConfirmedUntil, now) }

// Proof is how it is known that the organisation says so.
func (a Adoption) Proof() Proof { return proof(a.Organisation, a.Publisher, a.Repository, a.Vouched) }

// Own reports whether who speaks is known to be the organisation.
func (a Adoption) Own() bool { return a.Proof() != ProvenPublisher }

// Speaker is who is known to speak, as a key to tell speakers apart: a publisher
// that speaks for ten organisations is one.
func (a Adoption) Speaker() string {
	if a.Own() {
		return OrganisationKey(a.Organisation.URI)
	}
	return a.Publisher.Key()
}

// Key tells publishers apart as speakers, see Adoption.Speaker.
func (p Publisher) Key() string {
	if p.URI != "" {
		return OrganisationKey(p.URI)
	}
	return "publisher " + p.ID
}

// Confirmations tell who confirms that they use, operate, maintain or fund the
// software, and the last day on which that holds: each Speaker once, and not its own
// publisher, whose use of it is no reuse, nor who evaluates it only or denies it.
func (s *Software) Confirmations() map[string]time.Time {
	until := map[string]time.Time{}
	for _, a := range s.Adoptions {
		day, err := time.Parse(time.DateOnly, a.ConfirmedUntil)
		who := a.Speaker()
		if err == nil && a.Role.Confirms() && who != s.Publisher.Key() && !day.Before(until[who]) {
			until[who] = day
		}
	}
	return until
}

// ConfirmedBy counts the Confirmations that hold at a moment.
func (s *Software) ConfirmedBy(now time.Time) int {
	today, n := now.UTC().Truncate(24*time.Hour), 0
	for _, until := range s.Confirmations() {
		if !until.Before(today) {
			n++
		}
	}
	return n
}
