// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// The bounds of what is kept of forks.
const (
	MaxForks        = 30 // of an entry
	MaxForkCommits  = 10 // that are named of a fork
	MaxCommitsApart = 1000
)

// Fork is a copy of an entry's repository and how far both are apart, as a forge
// told when it was last asked.
type Fork struct {
	ID        ID        `json:"id"`
	URL       string    `json:"url"`
	Publisher Publisher `json:"publisher,omitzero"` // of the source that it lies in; zero where it is in none
	Entry     bool      `json:"entry,omitempty"`    // it is an entry of its own, a variant
	Pushed    time.Time `json:"pushed,omitzero"`    // its last activity
	// Ahead are its commits that the original does not have, Behind the other way
	// round; MaxCommitsApart says that many or more. Both are nil where that is
	// not known, and Unknown says why.
	Ahead   *int       `json:"ahead,omitempty"`
	Behind  *int       `json:"behind,omitempty"`
	Unknown Uncompared `json:"unknown,omitempty"`
	// Commits are the newest of those that it is ahead by, at most MaxForkCommits.
	Commits []ForkCommit `json:"commits,omitempty"`
	// Compared is when the forge first told this: what it tells again is not news.
	Compared time.Time `json:"compared,omitzero"`
}

// ForkCommit is work in a fork that the original does not have.
type ForkCommit struct {
	Hash  string    `json:"hash"`  // full
	Title string    `json:"title"` // first line of its message
	Time  time.Time `json:"time,omitzero"`
}

// ForkAt is the fork with an ID, nil where none is known.
func (s *Software) ForkAt(id ID) *Fork {
	i := slices.IndexFunc(s.Forks, func(f Fork) bool { return f.ID.Same(id) })
	if i < 0 {
		return nil
	}
	return &s.Forks[i]
}

// Forked is what the crawl log keeps of a repository that is a fork.
type Forked struct {
	Parent ID        `json:"parent,omitempty"` // "" where its forge does not tell
	Branch string    `json:"branch,omitempty"`
	Pushed time.Time `json:"pushed,omitzero"`
	// Mark says how both were when their forge was asked: as long as they are so it
	// is not asked again. "" where it never was, or failed.
	Mark string `json:"mark,omitempty"`
	// Unlisted says that a file in it asks not to be listed.
	Unlisted   bool        `json:"unlisted,omitempty"`
	Comparison *Comparison `json:"comparison,omitempty"` // nil where none was tried
}

// Comparison is what a forge tells of two repositories; see Fork.
type Comparison struct {
	Ahead    *int         `json:"ahead,omitempty"`
	Behind   *int         `json:"behind,omitempty"`
	Unknown  Uncompared   `json:"unknown,omitempty"`
	Commits  []ForkCommit `json:"commits,omitempty"`
	Compared time.Time    `json:"compared,omitzero"`
}

// Same reports whether two comparisons tell the same, whenever they were made.
func (c Comparison) Same(d Comparison) bool {
	c.Compared = d.Compared
	return sameJSON(c, d)
}

// SortForks brings forks into the order and the bound of Software.Forks. Where there
// are more than MaxForks those stay that were pushed to last.
func SortForks(forks []Fork) []Fork {
	slices.SortFunc(forks, func(f, g Fork) int { return cmp.Or(g.Pushed.Compare(f.Pushed), cmp.Compare(f.ID, g.ID)) })
	forks = forks[:min(len(forks), MaxForks)]
	slices.SortStableFunc(forks, func(f, g Fork) int { return cmp.Compare(orLess(g.Ahead), orLess(f.Ahead)) })
	return forks
}

func orLess(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

// SameForks reports whether two lists of forks tell the same.
func SameForks(a, b []Fork) bool {
	return len(a) == len(b) && (len(a) == 0 || sameJSON(forksInUTC(a), forksInUTC(b)))
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// forksInUTC is a copy with times in UTC.
func forksInUTC(forks []Fork) []Fork {
	forks = slices.Clone(forks)
	for i := range forks {
		f := &forks[i]
		f.Pushed, f.Compared = f.Pushed.UTC(), f.Compared.UTC()
		f.Commits = slices.Clone(f.Commits)
		for j := range f.Commits {
			f.Commits[j].Time = f.Commits[j].Time.UTC()
		}
	}
	return forks
}
