// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// comaintenance is how an entry is looked after together, in the words of one
// organisation.
type comaintenance struct {
	Organisation adoption.Organisation `json:"organisation"`
	// Proof is how it is known that the organisation says so, and Publisher whose
	// source the file is in. ByPublisher says that it is the word of who publishes
	// the entry.
	Proof          registry.Proof      `json:"proof"`
	Publisher      *publisher          `json:"publisher,omitempty"`
	ByPublisher    bool                `json:"byPublisher"`
	Seeks          adoption.Seeks      `json:"seeks,omitempty"`
	Community      *adoption.Community `json:"community,omitempty"`
	Partners       []partner           `json:"partners"`
	Steering       string              `json:"steering,omitempty"`
	Decisions      string              `json:"decisions,omitempty"`
	Joining        *adoption.Joining   `json:"joining,omitempty"`
	Funding        []funding           `json:"funding"`
	ConfirmedUntil string              `json:"confirmedUntil,omitempty"`
	Current        bool                `json:"current"`
	Repository     registry.ID         `json:"repository,omitempty"`
	URL            string              `json:"url,omitempty"` // of the file
}

// partner is an organisation that looks after a software with others.
type partner struct {
	Name   string        `json:"name"`
	URI    string        `json:"uri,omitempty"`
	Region string        `json:"region,omitempty"`
	Role   adoption.Role `json:"role"`
}

// funding is money for a software.
type funding struct {
	Purpose string                 `json:"purpose"`
	Status  adoption.FundingStatus `json:"status"`
	Amount  *adoption.Money        `json:"amount,omitempty"`
	By      string                 `json:"by,omitempty"`
	Until   string                 `json:"until,omitempty"`
	URL     string                 `json:"url,omitempty"`
}

func newComaintenance(s *registry.Software, c registry.Comaintenance, now time.Time) comaintenance {
	out := comaintenance{
		Organisation: c.Organisation, Proof: c.Proof(), ByPublisher: s.SaidByPublisher(c), Seeks: c.Seeks,
		Community: given(c.Community), Partners: each(c.Partners, newPartner), Steering: c.Steering, Decisions: c.Decisions,
		Joining: given(c.Joining), Funding: each(c.Funding, newFunding), ConfirmedUntil: date(c.ConfirmedUntil),
		Current: c.Current(now), Repository: c.Repository, URL: c.URL,
	}
	if c.Repository != "" {
		p := newPublisher(c.Publisher)
		out.Publisher = &p
	}
	return out
}

func newPartner(p adoption.Partner) partner {
	return partner{Name: p.Name, URI: p.URI, Region: p.Region, Role: cmp.Or(p.Role, adoption.Maintains)}
}

func newFunding(f adoption.Funding) funding {
	return funding{Purpose: f.Purpose, Status: f.Status, Amount: given(f.Amount), By: f.By, Until: date(f.Until), URL: f.URL}
}

// given is a value where there is one: not where all of it is empty.
func given[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// fork is a copy of an entry's repository, and how far both are apart.
type fork struct {
	ID        registry.ID         `json:"id"`
	URL       string              `json:"url"`
	Publisher *publisher          `json:"publisher,omitempty"`
	Entry     bool                `json:"entry"`
	Pushed    string              `json:"pushed,omitempty"`
	Ahead     *int                `json:"ahead,omitempty"`
	Behind    *int                `json:"behind,omitempty"`
	Drift     registry.Drift      `json:"drift"`
	Meaning   string              `json:"meaning"` // of Drift, or of Unknown where there is one
	Unknown   registry.Uncompared `json:"unknown,omitempty"`
	Commits   []forkCommit        `json:"commits"`
	Compared  string              `json:"compared,omitempty"`
}

type forkCommit struct {
	Hash  string `json:"hash"`
	Title string `json:"title"`
	Time  string `json:"time,omitempty"`
}

func newFork(f registry.Fork, drift registry.Drift, lang string) fork {
	out := fork{
		Drift: drift, Meaning: drift.Meaning(lang),
		ID: f.ID, URL: f.URL, Entry: f.Entry, Pushed: instant(f.Pushed), Ahead: f.Ahead, Behind: f.Behind, Unknown: f.Unknown,
		Compared: instant(f.Compared),
		Commits: each(f.Commits, func(c registry.ForkCommit) forkCommit {
			return forkCommit{Hash: c.Hash, Title: c.Title, Time: instant(c.Time)}
		}),
	}
	if f.Unknown != "" {
		out.Meaning = f.Unknown.Meaning(lang)
	}
	if f.Publisher.ID != "" {
		p := newPublisher(f.Publisher)
		out.Publisher = &p
	}
	return out
}
