// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package stored

import (
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Searched is the entry of a document as far as a search index looks at it:
// without Files, Locations, Comaintenance and Overrides, of Findings the severities, of Activity
// when releases were, of Licence the verdict, of SBOMs whether they could be
// read. That takes half the time of Decode; a catalogue is read so at each start.
func (f Form) Searched(document string) (*registry.Software, error) {
	d, err := DecodeIn[searched](f, document)
	if err != nil {
		return nil, err
	}
	s := d.Software
	if s == nil { // of an empty document
		s = new(registry.Software)
	}
	for _, finding := range d.Findings {
		s.Findings = append(s.Findings, publiccode.Finding{Severity: finding.Severity})
	}
	for _, b := range d.SBOMs {
		s.SBOMs = append(s.SBOMs, registry.SBOM{Error: b.Error})
	}
	if d.Licence != nil {
		s.Licence = &registry.LicenceReport{Verdict: d.Licence.Verdict}
	}
	if d.Activity != nil {
		s.Activity = &registry.Activity{}
		for _, r := range d.Activity.Releases {
			s.Activity.Releases = append(s.Activity.Releases, registry.Release{Published: r.Published, Prerelease: r.Prerelease})
		}
	}
	return s, nil
}

// Later yields for each row the function that decodes it, to be called on any
// processor.
func Later[T any](rows iter.Seq2[T, error], decode func(T) (*registry.Software, error)) iter.Seq2[func() (*registry.Software, error), error] {
	return func(yield func(func() (*registry.Software, error), error) bool) {
		for row, err := range rows {
			if !yield(func() (*registry.Software, error) { return decode(row) }, err) {
				return
			}
		}
	}
}

// searched has the members of an entry that are not taken whole; these names
// hide those of the entry.
type searched struct {
	*registry.Software

	Files     passed `json:"files"`
	Locations passed `json:"locations"`
	Overrides passed `json:"overrides"`
	Together  passed `json:"comaintenance"`
	Findings  []struct {
		Severity publiccode.Severity `json:"severity"`
	} `json:"findings"`
	Activity *struct {
		Releases []struct {
			Published  time.Time `json:"published"`
			Prerelease bool      `json:"prerelease"`
		} `json:"releases"`
	} `json:"activity"`
	Licence *struct {
		Verdict registry.LicenceVerdict `json:"verdict"`
	} `json:"licence"`
	SBOMs []struct {
		Error string `json:"error"`
	} `json:"sboms"`
}

// passed is a value that is passed over.
type passed struct{}

// UnmarshalJSONFrom implements the UnmarshalerFrom of package json, version 2.
func (passed) UnmarshalJSONFrom(d *jsontext.Decoder) error { return d.SkipValue() }
