// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package dossier makes the document that procurement puts into an award file:
// what is known of an entry at a moment, with the source of each statement,
// immutable and hashed. The document is JSON; all other forms are made of it and
// of nothing else.
package dossier

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/spdx"
)

// Format names the form of the JSON. A new form has another name.
const Format = "allmende-dossier-1"

// maxSize bounds what Read takes, in bytes.
const maxSize = 16 << 20

// Document is the content of a dossier.
type Document struct {
	Format    string    `json:"format"`
	Made      time.Time `json:"made"`
	Catalogue Catalogue `json:"catalogue"`
	Identity  Identity  `json:"identity"`

	Publisher registry.Publisher `json:"publisher"`
	// Owner is legal.mainCopyrightOwner, else legal.repoOwner.
	Owner string `json:"owner,omitempty"`

	// Licence is the evidence with the verdict; nil where the entry was stored
	// before there was such a report.
	Licence *registry.LicenceReport `json:"licence,omitempty"`
	// Judged is the expression that Explanation and Policies speak of; "" where
	// there is none, see registry.LicenceReport.Judged.
	Judged      string               `json:"judged,omitempty"`
	Explanation *licence.Explanation `json:"explanation,omitempty"`
	Policies    []Policy             `json:"policies,omitempty"`
	SBOMs       []registry.SBOM      `json:"sboms,omitempty"`

	Maintenance Maintenance `json:"maintenance"`
	Security    Security    `json:"security"`
	// Findings counts what the check of publiccode.yml came to.
	Findings Findings `json:"findings"`
	Stale    string   `json:"stale,omitempty"`
	// Unknown are codes of what could not be found out, see Wording.
	Unknown []string `json:"unknown,omitempty"`

	Files   []registry.File  `json:"files"`
	Sources []licence.Source `json:"sources,omitempty"`
}

// Catalogue is where the document was made.
type Catalogue struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// Identity says which software in which state is meant.
type Identity struct {
	ID       registry.ID  `json:"id"`
	Name     string       `json:"name"`
	URL      string       `json:"url"` // of the repository
	Forge    string       `json:"forge"`
	Version  string       `json:"version,omitempty"`     // softwareVersion
	Released string       `json:"releaseDate,omitempty"` // as written
	Commit   string       `json:"commit,omitempty"`
	SWHID    string       `json:"swhid,omitempty"` // of the commit, ISO/IEC 18670
	Revision registry.Rev `json:"revision"`
	Changed  time.Time    `json:"changed,omitzero"` // when the catalogue last saw something new
	// Visited is when the repository was last looked at; zero where unknown.
	Visited time.Time         `json:"visited,omitzero"`
	Short   map[string]string `json:"shortDescription,omitempty"` // by language
}

// Policy is a judgement with the name of the policy.
type Policy struct {
	Name licence.Bilingual `json:"name"`
	licence.Judgement
}

// Maintenance is what is known of the life of the software.
type Maintenance struct {
	Status      string                  `json:"status,omitempty"` // developmentStatus
	Type        string                  `json:"type,omitempty"`
	Contractors []publiccode.Contractor `json:"contractors,omitempty"`
	Contacts    []publiccode.Contact    `json:"contacts,omitempty"`
	Archived    bool                    `json:"archived"`
	Created     time.Time               `json:"created,omitzero"`
	Pushed      time.Time               `json:"pushed,omitzero"`
	// Release is the newest one; nil where none is known.
	Release *registry.Release `json:"release,omitempty"`
	// Commits of the last twelve months; nil where unknown.
	Commits *registry.Commits `json:"commits,omitempty"`
	UsedBy  []string          `json:"usedBy,omitempty"`
}

// Security is whom to tell of a weakness.
type Security struct {
	// Policy is the security policy in the repository; nil without one.
	Policy *registry.File `json:"policy,omitempty"`
	// Addresses are the e-mail and web addresses that it names, at most
	// maxAddresses.
	Addresses []string `json:"addresses,omitempty"`
}

// Findings counts by severity.
type Findings struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Advice   int `json:"advice"`
}

// What could not be found out.
const (
	NoReport      = "licence-report" // the sources were not compared
	NoLicence     = "licence"        // nobody names one
	NotExplained  = "explanation"    // no source describes the licence's obligations
	NoSBOM        = "sbom"
	UnreadSBOM    = "sbom-unread"
	Unasserted    = "dependencies" // the SBOM names no licence for some of the dependencies
	NoCommit      = "commit"
	NoActivity    = "activity"
	NoSecurity    = "security"
	NoContact     = "contact"
	NoVersion     = "version"
	NotDetermined = "verdict" // the sources do not agree, or say too little
)

// Input is what a dossier is made of.
type Input struct {
	Software  *registry.Software
	Visit     *registry.Visit // nil where unknown
	Catalogue Catalogue
	Policies  []licence.Policy
	Made      time.Time
	// Security is the text of the security policy; nil without one.
	Security []byte
}

// New makes a document of what is known. The result has to be kept with its
// bytes: made again it may be another one.
func New(in Input) (*registry.Dossier, error) {
	s := in.Software
	d := &Document{
		Format: Format, Made: in.Made.UTC().Truncate(time.Second), Catalogue: in.Catalogue,
		Identity:  identity(s, in.Visit),
		Publisher: s.Publisher, Owner: s.PublicCode.Legal.MainCopyrightOwner,
		Licence: s.Licence, SBOMs: s.SBOMs, Stale: s.Stale,
		Maintenance: maintenance(s), Security: security(s, in.Security), Findings: count(s.Findings),
		Files: s.Files,
	}
	if d.Owner == "" {
		d.Owner = s.PublicCode.Legal.RepoOwner
	}
	d.judge(in.Policies)
	d.Unknown = d.unknown()
	d.Sources = licence.Sources()
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("dossier of %s: %w", s.ID, err)
	}
	sum := sha256.Sum256(b)
	return &registry.Dossier{Hash: hex.EncodeToString(sum[:]), ID: s.ID, Rev: s.Rev, Made: d.Made, Bytes: b}, nil
}

// Read reads the bytes of a dossier. Errors are registry.ErrInvalid and
// ErrTooLarge.
func Read(b []byte) (*Document, error) {
	if len(b) > maxSize {
		return nil, fmt.Errorf("dossier of %d bytes: %w", len(b), registry.ErrTooLarge)
	}
	d := new(Document)
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(d); err != nil {
		return nil, fmt.Errorf("%w: no dossier: %w", registry.ErrInvalid, err)
	}
	if d.Format != Format {
		return nil, fmt.Errorf("%w: a dossier of the form %q; this program knows %q", registry.ErrInvalid, d.Format, Format)
	}
	return d, nil
}

func identity(s *registry.Software, v *registry.Visit) Identity {
	p := &s.PublicCode
	out := Identity{
		ID: s.ID, Name: p.Name, URL: s.Repository.URL, Forge: s.Repository.Forge,
		Version: p.SoftwareVersion, Released: p.ReleaseDate, Revision: s.Rev, Changed: s.Changed,
		Short: map[string]string{},
	}
	if len(s.Files) > 0 {
		out.Commit = s.Files[0].Commit
	}
	if len(out.Commit) == sha1Digits {
		// A Git commit is the revision of the same hash:
		// https://www.swhid.org/specification/v1.2/5.Core_identifiers/
		out.SWHID = "swh:1:rev:" + out.Commit
	}
	if v != nil {
		out.Visited = v.Time.UTC()
	}
	for lang, text := range p.Description {
		if text.ShortDescription != "" {
			out.Short[lang] = text.ShortDescription
		}
	}
	return out
}

// sha1Digits tells the commits of a repository with SHA-1 names, the only ones
// that have a SWHID as they are.
const sha1Digits = 40

func maintenance(s *registry.Software) Maintenance {
	p := &s.PublicCode
	out := Maintenance{
		Status: p.DevelopmentStatus, Type: p.Maintenance.Type,
		Contractors: p.Maintenance.Contractors, Contacts: p.Maintenance.Contacts,
		Archived: s.Repository.Archived, Created: s.Repository.Created, Pushed: s.Repository.Pushed, UsedBy: p.UsedBy,
	}
	if a := s.Activity; a != nil {
		out.Commits = a.Commits
		for i := range a.Releases {
			if !a.Releases[i].Prerelease {
				out.Release = &a.Releases[i]
				break
			}
		}
	}
	return out
}

func count(findings []publiccode.Finding) (out Findings) {
	for _, f := range findings {
		switch f.Severity {
		case publiccode.Error:
			out.Errors++
		case publiccode.Warning:
			out.Warnings++
		default:
			out.Advice++
		}
	}
	return out
}

// judge explains the licence and asks the policies about it.
func (d *Document) judge(policies []licence.Policy) {
	if d.Judged = d.Licence.Judged(); d.Judged == "" {
		return
	}
	if e, _, err := spdx.Parse(d.Judged); err == nil {
		explanation := licence.Explain(e)
		d.Explanation = &explanation
	}
	for _, p := range policies {
		d.Policies = append(d.Policies, Policy{p.Name, p.Judge(d.Judged)})
	}
}

func (d *Document) unknown() (codes []string) {
	add := func(unknown bool, code string) {
		if unknown {
			codes = append(codes, code)
		}
	}
	add(d.Licence == nil, NoReport)
	add(d.Licence != nil && d.Judged == "", NoLicence)
	add(d.Licence != nil && d.Judged != "" && d.Licence.Verdict != registry.LicenceMatch, NotDetermined)
	add(d.Explanation != nil && !d.Explanation.Covered, NotExplained)
	add(len(d.SBOMs) == 0, NoSBOM)
	unread, unasserted := false, false
	for _, b := range d.SBOMs {
		unread = unread || b.Error != ""
		unasserted = unasserted || b.Dependencies.Unasserted > 0
	}
	add(unread, UnreadSBOM)
	add(unasserted, Unasserted)
	add(d.Identity.Version == "", NoVersion)
	add(d.Identity.Commit == "", NoCommit)
	add(d.Maintenance.Commits == nil, NoActivity)
	add(len(d.Maintenance.Contacts) == 0 && len(d.Maintenance.Contractors) == 0, NoContact)
	add(d.Security.Policy == nil, NoSecurity)
	return codes
}
