// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"time"

	"github.com/allmende-registry/allmende/adoption"
)

// MaxComaintenance is how many organisations' word of co-maintenance an entry has.
const MaxComaintenance = 100

// Comaintenance is what an organisation says of how an entry is looked after
// together.
type Comaintenance struct {
	adoption.Comaintenance
	Organisation adoption.Organisation `json:"organisation"`
	Publisher    Publisher             `json:"publisher,omitzero"`   // of the source that the file is in
	Repository   ID                    `json:"repository,omitempty"` // whose adoptions.yml says so
	URL          string                `json:"url,omitempty"`        // of that file
	Vouched      Proof                 `json:"vouched,omitempty"`    // as that of a Word
}

// Proof is how it is known that the organisation says so.
func (c Comaintenance) Proof() Proof {
	return proof(c.Organisation, c.Publisher, c.Repository, c.Vouched)
}

// Current reports whether it is confirmed still at a moment.
func (c Comaintenance) Current(now time.Time) bool { return current(c.ConfirmedUntil, now) }

// SaidByPublisher reports whether it is the word of who publishes the entry, and
// not of another organisation that takes part: it stands in the entry's own
// repository, or the publisher of the file is that of the entry.
func (s *Software) SaidByPublisher(c Comaintenance) bool {
	return c.Repository != "" && c.Repository.Same(s.ID) || c.Publisher.ID != "" && c.Publisher.Key() == s.Publisher.Key()
}

// Seeks is what the publisher of an entry looks for, as far as that is confirmed
// still at a moment; "" for nothing.
func (s *Software) Seeks(now time.Time) adoption.Seeks {
	for _, c := range s.Comaintenance {
		if c.Seeks != "" && s.SaidByPublisher(c) && c.Current(now) {
			return c.Seeks
		}
	}
	return ""
}
