// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package registry is the domain of Allmende: software, publishers, changes and
// visits, and the contracts that stores and indexes keep. It imports nothing
// of the project but publiccode.
package registry

import (
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

// Software is one catalogue entry: a repository whose publiccode.yml describes
// a solution.
type Software struct {
	ID         ID         `json:"id"`
	Publisher  Publisher  `json:"publisher"`
	Repository Repository `json:"repository"`

	// PublicCode is the last version of the file that could be read.
	PublicCode publiccode.PublicCode `json:"publiccode"`
	// Findings belong to the newest version of the file; where Stale is set
	// that is a later one than PublicCode.
	Findings []publiccode.Finding `json:"findings,omitempty"`
	// Stale says why the newest version of the file is not the one shown; ""
	// where it is.
	Stale string `json:"stale,omitempty"`

	// Activity is the life of the repository; nil where nothing is known of it.
	Activity *Activity `json:"activity,omitempty"`

	// Licence is what the sources say of the licence; nil in what was stored
	// before there was such a report.
	Licence *LicenceReport `json:"licence,omitempty"`
	// SBOMs are the bills of materials, each read from one of Files.
	SBOMs []SBOM `json:"sboms,omitempty"`

	// Files are the raw files that the entry rests on, publiccode.yml first.
	Files []File `json:"files"`

	// Locations are other repositories whose publiccode.yml names this one as
	// their url: mirrors and former homes.
	Locations []Location `json:"locations,omitempty"`
	// BasedOn are the entries or repositories that isBasedOn names, as IDs.
	BasedOn []ID `json:"basedOn,omitempty"`
	// TechnicalForks counts the forks in crawled sources that still speak for
	// this entry.
	TechnicalForks int `json:"technicalForks,omitempty"`

	// Adoptions are what organisations say of themselves in public: that they use,
	// operate, maintain or fund it. By URI of the organisation, then role.
	Adoptions []Adoption `json:"adoptions,omitempty"`
	// Comaintenance is what is said of how it is looked after together: the word of
	// its own publisher first, then by URI of the organisation.
	Comaintenance []Comaintenance `json:"comaintenance,omitempty"`
	// Forks are copies of its repository with commits of their own or without, those
	// with the most of them first, at most MaxForks.
	Forks []Fork `json:"forks,omitempty"`
	// Overrides are the fields whose values somebody corrected, in order of their
	// names.
	Overrides []Override `json:"overrides,omitempty"`

	FirstSeen time.Time `json:"firstSeen"` // set by the store
	Changed   time.Time `json:"changed"`   // set by the store: when Put last found a difference
	Rev       Rev       `json:"rev"`       // set by the store: the revision of that change
}

// Incomplete reports whether the entry's file breaks the standard or is stale.
func (s *Software) Incomplete() bool {
	if s.Stale != "" {
		return true
	}
	for _, f := range s.Findings {
		if f.Severity == publiccode.Error {
			return true
		}
	}
	return false
}

// Repository is what the forge says of the repository.
type Repository struct {
	URL           string    `json:"url"`               // web address, canonical
	Forge         string    `json:"forge"`             // kind: github, gitlab, forgejo, git
	ForgeID       string    `json:"forgeId,omitempty"` // the forge's own id; survives a rename
	Description   string    `json:"description,omitempty"`
	DefaultBranch string    `json:"defaultBranch,omitempty"`
	Licence       string    `json:"licence,omitempty"` // SPDX id as the forge detected it; "" where it names none
	Topics        []string  `json:"topics,omitempty"`
	Language      string    `json:"language,omitempty"` // main programming language
	Stars         int       `json:"stars"`
	Forks         int       `json:"forks"`
	Fork          bool      `json:"fork,omitempty"`
	Parent        string    `json:"parent,omitempty"` // web address of the repository it was forked from
	Archived      bool      `json:"archived,omitempty"`
	Created       time.Time `json:"created,omitzero"`
	Pushed        time.Time `json:"pushed,omitzero"` // last activity as the forge tells it
}

// Location is another repository that holds the software of an entry.
type Location struct {
	ID    ID     `json:"id"`
	URL   string `json:"url"`
	Forge string `json:"forge"` // kind
}

// Role says what a raw file is to an entry.
type Role string

// The roles.
const (
	RolePublicCode   Role = "publiccode"
	RoleLicence      Role = "licence" // LICENSE, COPYING, NOTICE and the like, and what is in LICENSES/
	RoleREUSE        Role = "reuse"   // REUSE.toml, .reuse/dep5
	RoleSBOM         Role = "sbom"    // SPDX and CycloneDX documents
	RoleReadme       Role = "readme"
	RoleSecurity     Role = "security"
	RoleContributing Role = "contributing"
	RoleCodeowners   Role = "codeowners"
	RoleCodemeta     Role = "codemeta" // codemeta.json
	RoleCitation     Role = "citation" // CITATION.cff
	RoleLogo         Role = "logo"
	RoleScreenshot   Role = "screenshot"
)

// Roles are all there are.
func Roles() []Role {
	return []Role{
		RolePublicCode, RoleLicence, RoleREUSE, RoleSBOM, RoleReadme, RoleSecurity, RoleContributing,
		RoleCodeowners, RoleCodemeta, RoleCitation, RoleLogo, RoleScreenshot,
	}
}

// File is one raw file as it was in the repository, or at Origin. Path and
// Origin together name it within an entry.
type File struct {
	Path string `json:"path"`
	Role Role   `json:"role,omitempty"`
	// Origin is the address of a file that is not of the repository's tree: a
	// release's asset, the forge's SBOM export, an image elsewhere.
	Origin string `json:"origin,omitempty"`
	// Media is the media type where the bytes are served as they are: images.
	Media  string `json:"media,omitempty"`
	Commit string `json:"commit,omitempty"` // full hash; "" where the forge did not tell, and with an Origin
	Hash   string `json:"hash"`             // SHA-256 of the bytes, hex
	Size   int    `json:"size"`
	Bytes  []byte `json:"-"` // given to Put; empty in what the store returns, see Store.File
}

// Publisher is the organisation that answers for a source.
type Publisher struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Region string `json:"region,omitempty"` // ISO 3166-2 (DE-SH) or ISO 3166-1 (DE)
	URI    string `json:"uri,omitempty"`
}
