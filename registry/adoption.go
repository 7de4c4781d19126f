// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"cmp"
	"net/url"
	"strings"
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
	// Missed is when a crawl first did not find the file any more; zero while it
	// is there. The next crawl that does not find it removes the document.
	Missed time.Time `json:"missed,omitzero"`
	// Unread is why the newest version of the file says nothing, and the one before
	// it still holds; "" where it is read.
	Unread string `json:"unread,omitempty"`
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

// confirmedFor is how long a statement holds that does not say, in years.
const confirmedFor = 1

// Until is the day until which a statement among a is confirmed, that day included.
func (a *Adoptions) Until(s adoption.Statement) string {
	if s.ConfirmedUntil != "" {
		return s.ConfirmedUntil
	}
	return a.Time.UTC().AddDate(confirmedFor, 0, 0).Format(time.DateOnly)
}

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
}

// Current reports whether the statement is confirmed still at a moment.
func (a Adoption) Current(now time.Time) bool {
	return a.ConfirmedUntil == "" || a.ConfirmedUntil >= now.UTC().Format(time.DateOnly)
}

// Proof is how it is known that an organisation says so.
type Proof string

// The proofs.
const (
	// ProvenSource: the file lies in a source that the operator named for a publisher
	// with the URI of the organisation.
	ProvenSource Proof = "source"
	// ProvenToken: it was said by the API, with a token that the operator gave to the
	// organisation or its region.
	ProvenToken Proof = "token"
	// ProvenPublisher: the file lies in a source of a publisher with another URI. That
	// one is known; that it may speak for the organisation, only it says.
	ProvenPublisher Proof = "publisher"
)

// Proof is how it is known that the organisation says so.
func (a Adoption) Proof() Proof {
	switch {
	case a.Repository == "":
		return ProvenToken
	case a.Publisher.URI != "" && OrganisationKey(a.Publisher.URI) == OrganisationKey(a.Organisation.URI):
		return ProvenSource
	}
	return ProvenPublisher
}

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

// Region is where the organisation is at home: by its own word, which SpeaksWithin
// bounds, or else where its publisher is.
func (a *Adoptions) Region() string { return cmp.Or(a.Organisation.Region, a.Publisher.Region) }

// Sees reports whether a grant lets see what is restricted: it is for the region of
// the organisation or for the organisation itself, or has ScopeSecurity. One for
// everywhere is of no region.
func (g Grant) Sees(a *Adoptions) bool {
	own := g.Organisation != "" && OrganisationKey(g.Organisation) == OrganisationKey(a.Organisation.URI)
	return own || g.Has(ScopeSecurity) || len(g.Regions) > 0 && a.Region() != "" && g.covers(a.Region())
}

// OrganisationKey is the URI of an organisation in the form in which two of the
// same organisation are equal: http and https, the case of scheme and host, and a
// slash at the end make no difference.
func OrganisationKey(uri string) string {
	uri = strings.TrimSpace(uri)
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return strings.ToLower(uri)
	}
	u.Host, u.Fragment, u.User = strings.ToLower(u.Host), "", nil
	if u.Scheme = strings.ToLower(u.Scheme); u.Scheme == "http" {
		u.Scheme = "https"
	}
	return strings.TrimSuffix(u.String(), "/")
}

// SpeaksWithin reports whether a publisher of a region may speak for an
// organisation of another: one of the same or of a part of it. A region that is
// not known, "", is no contradiction.
func SpeaksWithin(publisher, organisation string) bool {
	return publisher == "" || organisation == "" || Grant{Regions: []string{publisher}}.covers(organisation)
}
