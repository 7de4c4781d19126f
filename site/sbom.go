// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/sbom"
)

// topLicences is how many licences of dependencies are shown before the rest
// folds.
const topLicences = 8

// bill is what the page of an entry shows of a bill of materials.
type bill struct {
	File       link
	Format     string // CycloneDX 1.6 (json)
	Created    time.Time
	Error      string
	Root       string
	Packages   int
	Unasserted share
	Licences   []share
	More       []share
	Others     int
	Checklists []checklist
}

// share is a part of the packages.
type share struct {
	Label   string
	N       int
	Percent int // rounded
}

// checklist is a bill of materials measured against a guideline.
type checklist struct {
	Guideline, Version string
	Met, Of            int
	Lines              []requirement
}

type requirement struct {
	Title, Help, Level string
	Mark               mark
	Passed, Of         int
	Evidence           string
}

func newBill(b registry.SBOM, s *registry.Software, lang string) bill {
	out := bill{
		File:  link{Text: shorten(b.Path, maxLine), Href: webLink(b.Origin)},
		Error: shorten(b.Error, maxLine), Created: b.Created,
		Packages: b.Dependencies.Packages, Others: b.Dependencies.Others,
	}
	for _, f := range s.Files {
		if b.Origin == "" && f.Origin == "" && f.Path == b.Path {
			out.File.Href = sourceLink(s.Repository, f.Path, f.Commit, 0)
		}
	}
	if out.File.Text == "" {
		out.File.Text = shorten(b.Origin, maxLine)
	}
	out.Format = shorten(string(b.Standard)+" "+b.Version, maxName)
	if b.Encoding != "" {
		out.Format += " (" + shorten(b.Encoding, maxName) + ")"
	}
	if b.Root != nil {
		out.Root = shorten(b.Root.Name+" "+b.Root.Version, maxName)
	}
	out.Unasserted = newShare("", b.Dependencies.Unasserted, out.Packages)
	for i, l := range b.Dependencies.Licences {
		if i == registry.MaxDependencyLicences {
			break
		}
		one := newShare(shorten(l.SPDX, maxName), l.Packages, out.Packages)
		if i < topLicences {
			out.Licences = append(out.Licences, one)
		} else {
			out.More = append(out.More, one)
		}
	}
	for _, c := range b.Checklists[:min(len(b.Checklists), maxChecklists)] {
		out.Checklists = append(out.Checklists, newChecklist(c, lang))
	}
	return out
}

// brief leaves of a bill of materials what says how good it is, not why.
func (b *bill) brief() {
	b.More, b.Others = nil, 0
	for i := range b.Checklists {
		b.Checklists[i].Lines = nil
	}
}

// maxChecklists and maxRequirements are more than there are guidelines and than
// one has lines.
const maxChecklists, maxRequirements = 4, 60

// maxLacking is how many components that lack something are named.
const maxLacking = 3

func newShare(label string, n, of int) share {
	s := share{Label: label, N: n}
	if of > 0 && n > 0 {
		s.Percent = min(100, (200*n+of)/(2*of))
	}
	return s
}

func newChecklist(c sbom.Checklist, lang string) checklist {
	out := checklist{Guideline: shorten(c.Guideline, maxName), Version: shorten(c.Version, maxName)}
	for _, l := range c.Lines[:min(len(c.Lines), maxRequirements)] {
		title, help := c.Wording(l.ID, lang)
		line := requirement{
			Title: shorten(title, maxName), Level: word(lang, "level", l.Level),
			Mark: newMark(lang, "check", l.State), Passed: l.Passed, Of: l.Of,
			Evidence: shorten(strings.Join(l.Evidence[:min(len(l.Evidence), maxLacking)], ", "), maxLine),
		}
		if l.Of > 0 && l.State != sbom.Met && line.Evidence != "" {
			line.Evidence = say(lang, "check.lacking", line.Evidence)
		}
		switch {
		case l.State == sbom.Met:
			out.Met++
		case l.State == sbom.NotMet && (l.Level == sbom.Should || l.Level == sbom.May):
			line.Mark.Tone = "mild"
			fallthrough
		default:
			line.Help = help
		}
		out.Of++
		out.Lines = append(out.Lines, line)
	}
	return out
}
