// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"slices"
	"time"

	"github.com/allmende-registry/allmende/sbom"
)

// LicenceReport holds what each source of truth says of the licence of an entry
// beside one another, and whether they agree.
type LicenceReport struct {
	Verdict LicenceVerdict `json:"verdict"`
	// Analyser is the version of the code that made the report.
	Analyser int `json:"analyser"`
	// Reasons say why, the weightiest first; at least one.
	Reasons []LicenceReason `json:"reasons"`
	// Declared is legal.license of publiccode.yml; nil where it names none.
	Declared *LicenceEvidence `json:"declared,omitempty"`
	// Detected is what the texts of the repository are, its licence files and
	// what its REUSE files name, each for itself.
	Detected []LicenceEvidence `json:"detected,omitempty"`
	// Forge is what the forge itself says; nil where it names none.
	Forge *LicenceEvidence `json:"forge,omitempty"`
	// SBOM is what the SBOMs say of the root package, each for itself. What
	// they say of dependencies is in Software.SBOMs.
	SBOM []LicenceEvidence `json:"sbom,omitempty"`
}

// Evidence are all statements: the declared one first, then those detected,
// the forge's and the SBOMs'.
func (r *LicenceReport) Evidence() []LicenceEvidence {
	var all []LicenceEvidence
	if r.Declared != nil {
		all = append(all, *r.Declared)
	}
	all = append(all, r.Detected...)
	if r.Forge != nil {
		all = append(all, *r.Forge)
	}
	return append(all, r.SBOM...)
}

// Judged is the expression that an explanation or a policy speaks of: the
// declared one, else the only one that texts and notices name; "" where there is
// neither, and of nil.
func (r *LicenceReport) Judged() string {
	switch {
	case r == nil:
		return ""
	case r.Declared != nil && r.Declared.SPDX != "":
		return r.Declared.SPDX
	}
	found := ""
	for _, e := range r.Detected {
		if e.Source != FromText && e.Source != FromNotice || e.SPDX == "" || e.SPDX == found {
			continue
		}
		if found != "" {
			return ""
		}
		found = e.SPDX
	}
	return found
}

// UTC is a copy of the report with all times in UTC.
func (r *LicenceReport) UTC() *LicenceReport {
	c := *r
	one := func(e *LicenceEvidence) *LicenceEvidence {
		if e == nil {
			return nil
		}
		c := *e
		c.Seen = c.Seen.UTC()
		return &c
	}
	several := func(list []LicenceEvidence) []LicenceEvidence {
		list = slices.Clone(list)
		for i := range list {
			list[i] = *one(&list[i])
		}
		return list
	}
	c.Declared, c.Forge = one(c.Declared), one(c.Forge)
	c.Detected, c.SBOM = several(c.Detected), several(c.SBOM)
	return &c
}

// LicenceVerdict is whether the sources agree.
type LicenceVerdict string

// The verdicts.
const (
	LicenceMatch     LicenceVerdict = "match"     // declaration and texts say the same
	LicenceAmbiguous LicenceVerdict = "ambiguous" // they may mean the same, or say too little to tell
	LicenceConflict  LicenceVerdict = "conflict"  // they contradict one another
	LicenceMissing   LicenceVerdict = "missing"   // no text, no declaration, or neither
)

// LicenceVerdicts are all there are.
func LicenceVerdicts() []LicenceVerdict {
	return []LicenceVerdict{LicenceMatch, LicenceAmbiguous, LicenceConflict, LicenceMissing}
}

// LicenceSource is where a statement comes from.
type LicenceSource string

// The sources.
const (
	FromPublicCode LicenceSource = "publiccode"   // legal.license
	FromText       LicenceSource = "text"         // a licence's full text in a file
	FromNotice     LicenceSource = "notice"       // a file that names the licence in a sentence, a header or an identifier
	FromReadme     LicenceSource = "readme"       // the README names it
	FromREUSE      LicenceSource = "reuse"        // REUSE.toml, .reuse/dep5
	FromLICENSES   LicenceSource = "licenses-dir" // a text in LICENSES/, by its name and content
	FromForge      LicenceSource = "forge"
	FromSBOM       LicenceSource = "sbom"
	FromMetadata   LicenceSource = "metadata" // codemeta.json, CITATION.cff
)

// LicenceState is what a statement amounts to.
type LicenceState string

// The states.
const (
	LicenceStated     LicenceState = "stated"      // an SPDX expression
	LicenceReference  LicenceState = "reference"   // LicenseRef-: a licence that is not on the SPDX list
	LicenceDeprecated LicenceState = "deprecated"  // an identifier that was replaced
	LicenceNotAssured LicenceState = "noassertion" // the source says that it does not know
	LicenceNone       LicenceState = "none"        // the source says that there is no licence
	LicenceUnknown    LicenceState = "unknown"     // there is a text, which is not recognised
	LicenceModified   LicenceState = "modified"    // the text is one of SPDX's but for changes
	LicenceInvalid    LicenceState = "invalid"     // no SPDX expression
	LicencePointer    LicenceState = "pointer"     // the file leads elsewhere, to LICENSES/
)

// LicenceEvidence is one statement.
type LicenceEvidence struct {
	Source LicenceSource `json:"source"`
	State  LicenceState  `json:"state"`
	// SPDX is the expression in official spelling; "" where State leaves none.
	SPDX string `json:"spdx,omitempty"`
	// Written is what stands there, where that is not SPDX.
	Written string `json:"written,omitempty"`
	Path    string `json:"path,omitempty"`
	Origin  string `json:"origin,omitempty"` // as File has it
	Commit  string `json:"commit,omitempty"`
	Hash    string `json:"hash,omitempty"` // SHA-256 of the file
	// Seen is when this commit of the file was first read.
	Seen time.Time `json:"seen,omitzero"`
	// Confidence is 1 for what is stated in words of SPDX, and the share of the
	// text that agrees, from 0 to 1, for what is detected.
	Confidence float64 `json:"confidence"`
}

// LicenceReason is one reason of a verdict: a code and what it is about. Wording
// makes a sentence of it.
type LicenceReason struct {
	Code string   `json:"code"`
	Args []string `json:"args,omitempty"`
}

// SBOM is one bill of materials of an entry.
type SBOM struct {
	Path   string    `json:"path"`
	Origin string    `json:"origin,omitempty"`
	Hash   string    `json:"hash"` // SHA-256 of the document; names the stored one, see Store.SBOM
	Seen   time.Time `json:"seen,omitzero"`
	// Error says why the document could not be read; the rest is empty then.
	Error string `json:"error,omitempty"`

	Standard sbom.Standard `json:"standard,omitempty"`
	Version  string        `json:"version,omitempty"`
	Encoding string        `json:"encoding,omitempty"`
	Created  time.Time     `json:"created,omitzero"`
	Remarks  []string      `json:"remarks,omitempty"` // at most 20
	// Root is what the document describes; nil where it does not say.
	Root *sbom.Package `json:"root,omitempty"`
	// Dependencies are the packages but the roots, by licence.
	Dependencies Dependencies     `json:"dependencies"`
	Checklists   []sbom.Checklist `json:"checklists,omitempty"`

	// Document is given to Put, and empty in what the store returns.
	Document *sbom.Document `json:"-"`
}

// Dependencies counts packages by licence.
type Dependencies struct {
	Packages   int `json:"packages"`
	Unasserted int `json:"unasserted"` // of which nobody has said a licence
	// Licences are the most frequent first, at most MaxDependencyLicences.
	Licences []LicenceCount `json:"licences,omitempty"`
	Others   int            `json:"others,omitempty"` // packages under licences beyond those
}

// MaxDependencyLicences is how many different licences are counted one by one.
const MaxDependencyLicences = 60

// LicenceCount is how many packages are under a licence.
type LicenceCount struct {
	SPDX     string `json:"spdx"` // concluded, else declared, as an expression in official spelling, else as written
	Packages int    `json:"packages"`
}
