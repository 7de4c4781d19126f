// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"html/template"
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
	Age        int // days from Created to what the page tells of; see asOf
	Unasserted share
	Measures   []measure
	Maker      string // who made the document, or with what
	Licences   []share
	More       string // the rarer licences, each with its number
	Others     int
	Checklists []checklist
}

// measure is how many of the components have what makes a bill useful.
type measure struct {
	Label, Text string
	Percent     int
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
	Passed             string        // titles of what is met
	Rows               template.HTML // of what is not: what is asked, the result, what was found
	Lacking            string        // titles of the rest
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
	out.Age = daysBetween(b.Created, asOf(s))
	out.measure(b.Checklists, lang)
	var rarer []string
	for i, l := range b.Dependencies.Licences {
		if i == registry.MaxDependencyLicences {
			break
		}
		one := newShare(shorten(l.SPDX, maxName), l.Packages, out.Packages)
		if i < topLicences {
			out.Licences = append(out.Licences, one)
		} else {
			rarer = append(rarer, one.Label+" ("+formatNumber(lang, one.N)+")")
		}
	}
	out.More = strings.Join(rarer, "; ")
	for i, c := range b.Checklists[:min(len(b.Checklists), maxChecklists)] {
		out.Checklists = append(out.Checklists, newChecklist(c, lang, i == 0))
	}
	return out
}

// measure takes from the guidelines what is told of every component.
func (b *bill) measure(all []sbom.Checklist, lang string) {
	labels := map[string]string{"version": say(lang, "sbom.versioned"), "unique-ids": say(lang, "sbom.identified")}
	for _, c := range all[:min(len(all), maxChecklists)] {
		for _, l := range c.Lines[:min(len(c.Lines), maxRequirements)] {
			if l.ID == "creator" && b.Maker == "" && len(l.Evidence) > 0 {
				b.Maker = shorten(strings.Join(l.Evidence[:min(len(l.Evidence), maxLacking)], ", "), maxLine)
			}
			if label := labels[l.ID]; label != "" && l.Of > 0 {
				s := newShare(label, l.Passed, l.Of)
				b.Measures = append(b.Measures, measure{label, say(lang, "sbom.ofAll", formatNumber(lang, l.Passed), formatNumber(lang, l.Of), formatPercent(lang, s.Percent)), s.Percent})
				delete(labels, l.ID) // each guideline asks for it
			}
		}
	}
}

// brief leaves of a bill of materials what says how good it is, not why.
func (b *bill) brief() {
	b.Licences, b.More, b.Others = nil, "", 0
	for i := range b.Checklists {
		c := &b.Checklists[i]
		c.Passed, c.Lacking, c.Rows = "", "", ""
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

// newChecklist tells in full, or by title alone, what is not met.
func newChecklist(c sbom.Checklist, lang string, full bool) checklist {
	out := checklist{Guideline: shorten(c.Guideline, maxName), Version: shorten(c.Version, maxName)}
	var rows fragment
	var met, lacking []string
	for _, l := range c.Lines[:min(len(c.Lines), maxRequirements)] {
		title, help := c.Wording(l.ID, lang)
		title = shorten(title, maxName)
		out.Of++
		if l.State == sbom.Met {
			met = append(met, title)
			continue
		}
		if !full || l.State != sbom.NotMet {
			lacking = append(lacking, title)
			continue
		}
		result := newMark(lang, "check", l.State).Word
		if l.Of > 0 {
			result += " " + say(lang, "check.of", formatNumber(lang, l.Passed), formatNumber(lang, l.Of))
		}
		found := shorten(strings.Join(l.Evidence[:min(len(l.Evidence), maxLacking)], ", "), maxLine)
		switch {
		case l.Of > 0 && l.Passed == 0: // all of them
			found = ""
		case l.Of > 0 && found != "":
			found = say(lang, "check.lacking", found)
		}
		rows.wrap("<tr><td><strong>", title, "</strong>")
		rows.muted("(" + word(lang, "level", l.Level) + ")")
		if help != "" {
			rows.wrap("<br>", help, "")
		}
		rows.wrap("</td><td>", result, "</td>")
		rows.wrap("<td>", found, "</td></tr>\n")
	}
	out.Met, out.Passed, out.Lacking, out.Rows = len(met), strings.Join(met, "; "), strings.Join(lacking, "; "), rows.html()
	return out
}
