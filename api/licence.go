// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

// licenceItem says what sources of truth name, as lists show it.
type licenceItem struct {
	Verdict  registry.LicenceVerdict `json:"verdict,omitempty"`
	Declared *declaredLicence        `json:"declared,omitempty"`
	Forge    *forgeLicence           `json:"forge,omitempty"`
}

type declaredLicence struct {
	SPDX string `json:"spdx"`
	Path string `json:"path"`
}

type forgeLicence struct {
	SPDX string `json:"spdx"`
}

// licenceReport has all that the sources say. Without a verdict nobody has
// compared them, and there is only what licenceItem has.
type licenceReport struct {
	Verdict  registry.LicenceVerdict `json:"verdict,omitempty"`
	Reasons  []licenceReason         `json:"reasons,omitzero"`
	Declared *evidence               `json:"declared,omitempty"`
	Detected []evidence              `json:"detected,omitzero"`
	Forge    *evidence               `json:"forge,omitempty"`
	SBOM     []evidence              `json:"sbom,omitzero"`
	Issue    *issueText              `json:"issue,omitempty"`
}

type licenceReason struct {
	Code    string   `json:"code"`
	Args    []string `json:"args"`
	Message string   `json:"message"`
	Advice  string   `json:"advice,omitempty"`
}

// evidence is what one source says.
type evidence struct {
	Source     registry.LicenceSource `json:"source,omitempty"`
	State      registry.LicenceState  `json:"state,omitempty"`
	SPDX       string                 `json:"spdx,omitempty"`
	Written    string                 `json:"written,omitempty"`
	Path       string                 `json:"path,omitempty"`
	Origin     string                 `json:"origin,omitempty"`
	Commit     string                 `json:"commit,omitempty"`
	Hash       string                 `json:"hash,omitempty"`
	Seen       string                 `json:"seen,omitempty"`
	Confidence *float64               `json:"confidence,omitempty"`
}

// issueText is ready for the maintainer's tracker.
type issueText struct {
	Title string `json:"title"`
	Body  string `json:"body"` // Markdown
}

// judgement is what a policy says of an entry, in one language.
type judgement struct {
	Policy     string        `json:"policy"`
	Name       string        `json:"name"`
	Expression string        `json:"expression"`
	State      licence.State `json:"state"`
	Chosen     []string      `json:"chosen"`
	Reasons    []string      `json:"reasons"`
}

func newLicenceItem(s *registry.Software) licenceItem {
	var l licenceItem
	if s.Licence != nil {
		l.Verdict = s.Licence.Verdict
	}
	if spdx := s.PublicCode.Legal.License; spdx != "" {
		path := "publiccode.yml"
		if len(s.Files) > 0 {
			path = s.Files[0].Path
		}
		l.Declared = &declaredLicence{SPDX: spdx, Path: path}
	}
	if spdx := s.Repository.Licence; spdx != "" {
		l.Forge = &forgeLicence{SPDX: spdx}
	}
	return l
}

func newLicenceReport(s *registry.Software, lang string) licenceReport {
	r := s.Licence
	if r == nil {
		var l licenceReport
		known := newLicenceItem(s)
		if d := known.Declared; d != nil {
			l.Declared = &evidence{SPDX: d.SPDX, Path: d.Path}
		}
		if f := known.Forge; f != nil {
			l.Forge = &evidence{SPDX: f.SPDX}
		}
		return l
	}
	l := licenceReport{
		Verdict: r.Verdict,
		Reasons: each(r.Reasons, func(r registry.LicenceReason) licenceReason {
			message, advice := r.Wording(lang)
			return licenceReason{Code: r.Code, Args: orEmpty(r.Args), Message: message, Advice: advice}
		}),
		Detected: each(r.Detected, newEvidence),
		SBOM:     each(r.SBOM, newEvidence),
	}
	if r.Declared != nil {
		e := newEvidence(*r.Declared)
		l.Declared = &e
	}
	if r.Forge != nil {
		e := newEvidence(*r.Forge)
		l.Forge = &e
	}
	if title, body := registry.IssueText(s, lang); title != "" {
		l.Issue = &issueText{Title: title, Body: body}
	}
	return l
}

func newEvidence(e registry.LicenceEvidence) evidence {
	return evidence{
		Source: e.Source, State: e.State, SPDX: e.SPDX, Written: e.Written, Path: e.Path, Origin: e.Origin,
		Commit: e.Commit, Hash: e.Hash, Seen: instant(e.Seen), Confidence: &e.Confidence,
	}
}

// judge asks the policies about the licence that an entry is taken to have:
// the declared one, else the only one detected. Where there is neither, there
// is nothing to ask about.
func (a *api) judge(r *registry.LicenceReport, lang string) []judgement {
	expression := r.Judged()
	if expression == "" {
		return []judgement{}
	}
	return each(a.policies, func(p licence.Policy) judgement {
		j := p.Judge(expression)
		return judgement{
			Policy: p.ID, Name: p.Name.In(lang), Expression: j.Expression, State: j.State, Chosen: orEmpty(j.Chosen),
			Reasons: each(j.Reasons, func(b licence.Bilingual) string { return b.In(lang) }),
		}
	})
}

// verdictNames are the values of the filter.
func verdictNames() []string {
	return each(registry.LicenceVerdicts(), func(v registry.LicenceVerdict) string { return string(v) })
}
