// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package evidence lays beside one another what each source of truth says of an
// entry's licence, and comes to a verdict. It needs no network: all it reads are
// the files of the entry. They are strangers' files: each is read up to a bound,
// and what cannot be read is said in the report.
package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Input is what a report is made of.
type Input struct {
	// Software is the entry: its PublicCode, Repository and Files are read.
	Software *registry.Software
	// Read gives the bytes of one of Software.Files.
	Read func(registry.File) ([]byte, error)
	// Former is the entry as it was stored before; nil for a new one. What was
	// seen before keeps its date, and an SBOM with the same hash is not read
	// again, unless that was by another Version: it comes back without its
	// Document.
	Former *registry.Software
	// Now is the Seen date of what is new.
	Now time.Time
}

// The bounds of a report.
const (
	maxFiles      = 200
	maxBills      = 20
	maxBill       = 64 << 20  // bytes of an SBOM
	maxTexts      = 4 << 20   // bytes of all licence files together
	maxProse      = 256 << 10 // bytes of a README, a REUSE or a metadata file
	maxStatements = 150       // of a report
	maxInFile     = 20        // statements of one file
	maxSaid       = 300       // runes of a stranger's text in the report
)

// Report says what the sources of an entry tell of its licence, with a verdict,
// and what its SBOMs hold.
func Report(in Input) (*registry.LicenceReport, []registry.SBOM) {
	r := newReading(in)
	declared := r.declared()
	forge := r.forge()
	detected := r.texts()
	detected = append(detected, r.others()...)
	if len(detected) > maxStatements {
		detected = detected[:maxStatements]
	}
	bills, roots := r.bills()

	out := &registry.LicenceReport{Analyser: Version}
	for _, s := range detected {
		out.Detected = append(out.Detected, s.LicenceEvidence)
	}
	for _, s := range roots {
		out.SBOM = append(out.SBOM, s.LicenceEvidence)
	}
	if declared != nil {
		out.Declared = &declared.LicenceEvidence
	}
	if forge != nil {
		out.Forge = &forge.LicenceEvidence
	}
	out.Verdict, out.Reasons = compare(r.folder, declared, forge, detected, roots).judge()
	return out, bills
}

// reading is a Report under way.
type reading struct {
	Input
	files  []registry.File
	folder string // of the publiccode.yml; "." is the root
	seen   map[revision]time.Time
	former map[string]registry.SBOM // by hash, without one by place
	// current says that the former SBOMs were read as they would be now.
	current bool
}

func newReading(in Input) *reading {
	if in.Software == nil {
		in.Software = &registry.Software{}
	}
	r := &reading{Input: in, folder: ".", seen: map[revision]time.Time{}, former: map[string]registry.SBOM{}}
	r.files = in.Software.Files[:min(len(in.Software.Files), maxFiles)]
	if files := r.of(registry.RolePublicCode); len(files) > 0 {
		r.folder = path.Dir(files[0].Path)
	}
	if in.Former == nil {
		return r
	}
	for _, b := range in.Former.SBOMs {
		r.former[billKey(b.Hash, b.Origin, b.Path)] = b
	}
	if report := in.Former.Licence; report != nil {
		r.current = report.Analyser == Version
		for _, e := range report.Detected {
			r.remember(e)
		}
		for _, e := range []*registry.LicenceEvidence{report.Declared, report.Forge} {
			if e != nil {
				r.remember(*e)
			}
		}
		for _, e := range report.SBOM {
			r.remember(e)
		}
	}
	return r
}

// of returns the files of a role.
func (r *reading) of(roles ...registry.Role) []registry.File {
	var files []registry.File
	for _, role := range roles {
		for _, f := range r.files {
			if f.Role == role {
				files = append(files, f)
			}
		}
	}
	return files
}

func (r *reading) remember(e registry.LicenceEvidence) { r.seen[revisionOf(e)] = e.Seen }

// revision is what a statement is of: a commit of a file, or a forge's words.
type revision struct{ path, origin, commit, hash, forge string }

func revisionOf(e registry.LicenceEvidence) revision {
	if e.Source == registry.FromForge {
		return revision{forge: string(e.State) + e.SPDX + e.Written}
	}
	return revision{path: e.Path, origin: e.Origin, commit: e.Commit, hash: e.Hash}
}

// date sets when a statement was first seen.
func (r *reading) date(e *registry.LicenceEvidence) {
	e.Seen = r.Now
	if seen, ok := r.seen[revisionOf(*e)]; ok && !seen.IsZero() {
		e.Seen = seen
	}
}

// read returns the first bytes of a file, and sets its hash where that is not
// known yet.
func (r *reading) read(f *registry.File, limit int) ([]byte, error) {
	var src []byte
	var err error
	if r.Read == nil {
		src = f.Bytes
	} else if src, err = r.Read(*f); err != nil {
		return nil, err
	}
	if f.Hash == "" {
		sum := sha256.Sum256(src)
		f.Hash = hex.EncodeToString(sum[:])
	}
	return src[:min(len(src), limit)], nil
}

// from begins a statement of a file.
func (r *reading) from(f registry.File, source registry.LicenceSource) statement {
	s := statement{LicenceEvidence: registry.LicenceEvidence{
		Source: source, Path: f.Path, Origin: f.Origin, Commit: f.Commit, Hash: f.Hash,
	}}
	r.date(&s.LicenceEvidence)
	return s
}

// said makes a stranger's text fit to be shown: one line of bounded length.
func said(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s[:min(len(s), 8*maxSaid)], "")), " ")
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1 // control characters, also those that turn the direction of writing
		}
		return c
	}, s)
	if runes := []rune(s); len(runes) > maxSaid {
		s = string(runes[:maxSaid-1]) + "…"
	}
	return s
}
