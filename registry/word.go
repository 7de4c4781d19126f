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

// Word is who says something, in which place, and how that was last read: what
// Adoptions and Needs have in common.
type Word struct {
	Organisation adoption.Organisation `json:"organisation"`
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
	// Vouched is what the domain of the organisation's URI said when it was asked
	// whether the repository speaks for it.
	Vouched Vouch `json:"vouched,omitzero"`
}

// Vouch is the answer of a domain.
type Vouch struct {
	By    Proof     `json:"by,omitempty"`   // ProvenDNS or ProvenWellKnown; "" where it does not vouch
	At    time.Time `json:"at,omitzero"`    // when it last said so
	Asked time.Time `json:"asked,omitzero"` // when it was last asked, also in vain
}

// Said is w: what embeds it says who says so.
func (w *Word) Said() *Word { return w }

// Region is where the organisation is at home: by its own word, which SpeaksWithin
// bounds, or else where its publisher is.
func (w *Word) Region() string { return cmp.Or(w.Organisation.Region, w.Publisher.Region) }

// Proof is how it is known that the organisation says so.
func (w *Word) Proof() Proof {
	return proof(w.Organisation, w.Publisher, w.Repository, w.Vouched.By)
}

// confirmedFor is how long something holds that does not say, in years.
const confirmedFor = 1

// until is the last day on which something holds that says so, or does not.
func (w *Word) until(day string) string {
	if day != "" {
		return day
	}
	return w.Time.UTC().AddDate(confirmedFor, 0, 0).Format(time.DateOnly)
}

// current reports whether what holds until a day, "" for ever, holds at a moment.
func current(until string, now time.Time) bool {
	return until == "" || until >= now.UTC().Format(time.DateOnly)
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
	// ProvenDNS: the file lies in a source of a publisher with another URI, and
	// records of the domain of the organisation's URI say that it speaks for it.
	ProvenDNS Proof = "dns"
	// ProvenWellKnown: as ProvenDNS, by a file at adoption.WellKnown on the domain.
	ProvenWellKnown Proof = "well-known"
	// ProvenPublisher: the file lies in a source of a publisher with another URI. That
	// one is known; that it may speak for the organisation, only it says.
	ProvenPublisher Proof = "publisher"
)

// Proofs are those there are, the surest first.
func Proofs() []Proof {
	return []Proof{ProvenSource, ProvenToken, ProvenDNS, ProvenWellKnown, ProvenPublisher}
}

func proof(who adoption.Organisation, publisher Publisher, repository ID, vouched Proof) Proof {
	switch {
	case repository == "":
		return ProvenToken
	case publisher.URI != "" && OrganisationKey(publisher.URI) == OrganisationKey(who.URI):
		return ProvenSource
	}
	return cmp.Or(vouched, ProvenPublisher)
}

// Sees reports whether a grant lets see what is restricted of Adoptions or Needs: it
// is for the region of the organisation or for the organisation itself, or has
// ScopeSecurity. One for everywhere is of no region.
func (g Grant) Sees(what interface{ Said() *Word }) bool {
	w := what.Said()
	own := g.Organisation != "" && OrganisationKey(g.Organisation) == OrganisationKey(w.Organisation.URI)
	return own || g.Has(ScopeSecurity) || len(g.Regions) > 0 && w.Region() != "" && g.covers(w.Region())
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
