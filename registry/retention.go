// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import "time"

// Retention says what a registry need not keep for good: what was over at a
// moment. Where the moment is the zero time all of it is kept.
type Retention struct {
	// History is the moment whose states of the entries are the oldest to keep.
	History time.Time
	// Visits is for lines of the crawl log that have no entry.
	Visits time.Time
	// Removed is for the content of entries that were removed.
	Removed time.Time
	// DryRun counts what would be dropped, and drops nothing.
	DryRun bool
}

// Pruned counts what was dropped.
type Pruned struct {
	Revisions int // states of entries
	Entries   int // that lost their content
	Visits    int
	Files     int // raw files, with the SBOMs that were read from them
}

// Add adds up.
func (p *Pruned) Add(more Pruned) {
	p.Revisions += more.Revisions
	p.Entries += more.Entries
	p.Visits += more.Visits
	p.Files += more.Files
}

// Tombstone is what stays of a removed entry whose content was dropped: the ID,
// the forge's own id, by which it is known when it comes back, and what stores set.
func (s *Software) Tombstone() *Software {
	return &Software{
		ID: s.ID, Repository: Repository{ForgeID: s.Repository.ForgeID},
		FirstSeen: s.FirstSeen, Changed: s.Changed, Rev: s.Rev,
	}
}
