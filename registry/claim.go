// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// Claim is a line of usedBy in an entry's publiccode.yml: its publisher says who
// uses the software.
type Claim struct {
	Software ID     `json:"software"`
	Text     string `json:"text"`
	// Organisation is the known one that the line means, found by Means; nil where
	// that is not clear. That it uses the software, it has not said by that.
	Organisation *adoption.Organisation `json:"organisation,omitempty"`
	Means        adoption.Means         `json:"means,omitempty"`
	// Confirmed says that the organisation says so itself, in public and still.
	Confirmed bool `json:"confirmed"`
	// Denied says that the organisation says itself that it does not use it.
	Denied bool `json:"denied"`
}

// ClaimStore is what claims are read from.
type ClaimStore interface {
	RegisterStore
	All(ctx context.Context) iter.Seq2[*Software, error]
}

// Organisations are all that the registry knows: publishers of entries, and who
// states in public what they use or need. Who says only what is restricted is not known here:
// whom a claim means would give that away.
func Organisations(ctx context.Context, store ClaimStore) (*adoption.Directory, error) {
	var known adoption.Directory
	for a, err := range EachAdoptions(ctx, store) {
		if err != nil {
			return nil, fmt.Errorf("known organisations: %w", err)
		}
		if a.saysInPublic() {
			known.Add(a.Organisation)
		}
	}
	for n, err := range EachNeeds(ctx, store) {
		if err != nil {
			return nil, fmt.Errorf("known organisations: %w", err)
		}
		if slices.ContainsFunc(n.Needs, isPublic) {
			known.Add(n.Organisation)
		}
	}
	for s, err := range store.All(ctx) {
		if err != nil {
			return nil, fmt.Errorf("known organisations: %w", err)
		}
		known.Add(adoption.Organisation{URI: s.Publisher.URI, Name: s.Publisher.Name, Region: s.Publisher.Region})
	}
	return &known, nil
}

// saysInPublic reports whether there is anything in a that everybody may see.
func (a *Adoptions) saysInPublic() bool {
	for range a.Public() {
		return true
	}
	return len(a.Comaintenance) > 0
}

// Claims yields what the publishers of entries say of who uses them, in order of
// the entries, with whom they mean among the known organisations. An error is
// the last thing yielded.
func Claims(ctx context.Context, store ClaimStore, now time.Time) iter.Seq2[Claim, error] {
	return func(yield func(Claim, error) bool) {
		known, err := Organisations(ctx, store)
		if err != nil {
			yield(Claim{}, err)
			return
		}
		for s, err := range store.All(ctx) {
			if err != nil {
				yield(Claim{}, fmt.Errorf("claims: %w", err))
				return
			}
			for _, c := range ClaimsOf(s, known, now) {
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}

// ClaimsOf are the claims of one entry, in the order of its file, with whom they mean
// among known organisations at a moment. A line that could mean two means nobody.
func ClaimsOf(s *Software, known *adoption.Directory, now time.Time) []Claim {
	claims := make([]Claim, 0, len(s.PublicCode.UsedBy))
	for _, text := range s.PublicCode.UsedBy {
		claims = append(claims, s.claim(text, known, now))
	}
	return claims
}

func (s *Software) claim(text string, known *adoption.Directory, now time.Time) Claim {
	c := Claim{Software: s.ID, Text: text}
	o, by, ok := known.Find(text)
	if !ok {
		return c
	}
	c.Organisation, c.Means = &o, by
	for _, a := range s.Adoptions {
		if !a.Own() || !a.Current(now) || OrganisationKey(a.Organisation.URI) != OrganisationKey(o.URI) {
			continue
		}
		c.Confirmed = c.Confirmed || a.Role.Confirms()
		c.Denied = c.Denied || a.Role == adoption.None
	}
	return c
}
