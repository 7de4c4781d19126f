// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import "time"

// Activity is what a forge tells of a repository's life, as of its last visit.
// What a forge does not tell is nil or empty; Commits says whether commits are
// known at all.
type Activity struct {
	Languages []Language `json:"languages,omitempty"` // the largest share first
	Releases  []Release  `json:"releases,omitempty"`  // the newest first, at most MaxReleases
	Tags      []Tag      `json:"tags,omitempty"`      // the newest first, at most MaxTags
	Commits   *Commits   `json:"commits,omitempty"`   // nil where unknown
	// HelpWanted are open issues that invite others, see HelpLabels; the newest
	// first, at most MaxIssues.
	HelpWanted []Issue `json:"helpWanted,omitempty"`
	OpenIssues *int    `json:"openIssues,omitempty"` // nil where unknown or switched off
}

// The bounds of an Activity.
const (
	MaxReleases = 30
	MaxTags     = 50
	MaxIssues   = 20
	Months      = 12 // that Commits counts
)

// HelpLabels are the labels, compared without regard to case, that mark an
// issue as one for others.
var HelpLabels = []string{"help wanted", "good first issue", "hilfe gesucht"}

// Language is a programming language of a repository.
type Language struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"` // of the code, in per cent, rounded to a tenth
}

// Release is a release as the forge lists it. Drafts are left out.
type Release struct {
	Tag        string    `json:"tag"`
	Name       string    `json:"name,omitempty"`
	Published  time.Time `json:"published,omitzero"`
	Prerelease bool      `json:"prerelease,omitempty"`
	Assets     []Asset   `json:"assets,omitempty"` // files attached by hand; at most MaxAssets
}

// MaxAssets is how many files of one release are noted.
const MaxAssets = 30

// Asset is a file attached to a release.
type Asset struct {
	Name string `json:"name"`
	URL  string `json:"url"`            // where its bytes are
	Size int64  `json:"size,omitempty"` // in bytes; 0 where unknown
}

// Tag is a tag of the repository.
type Tag struct {
	Name   string    `json:"name"`
	Commit string    `json:"commit,omitempty"` // full hash
	Date   time.Time `json:"date,omitzero"`    // of the tag or its commit
}

// Commits counts the commits on the default branch in the twelve calendar
// months that end with that of the visit.
type Commits struct {
	Total   int     `json:"total"`
	Authors int     `json:"authors"` // distinct, by account or e-mail address
	ByMonth []Month `json:"byMonth"` // Months of them, the oldest first
	// Partial says that there were more commits than are read: the counts are
	// lower bounds.
	Partial bool `json:"partial,omitempty"`
}

// Month counts one calendar month (UTC).
type Month struct {
	Month   string `json:"month"` // 2026-11
	Commits int    `json:"commits"`
	Authors int    `json:"authors"`
}

// Issue is an open issue.
type Issue struct {
	Title   string    `json:"title"`
	URL     string    `json:"url"`
	Labels  []string  `json:"labels,omitempty"`
	Created time.Time `json:"created,omitzero"`
}
