// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// readOrigins tells, for each group of facts on the page, the source and when
// it was seen.
func (d *detail) readOrigins(s *registry.Software, lang string) {
	var rows fragment
	add := func(facts string, from link, commit string, seen time.Time, more int) {
		rows.wrap(`<tr><th scope="row">`, facts, "</th><td>")
		rows.link(from)
		if commit != "" {
			rows.muted(say(lang, "evidence.commit", shortCommit(commit)))
		}
		if more > 0 {
			rows.muted(say(lang, "origins.more", formatNumber(lang, more)))
		}
		rows.mark("</td><td>")
		if seen = cmp.Or(seen, s.Changed); seen.IsZero() {
			rows.muted(say(lang, "health.unknown"))
		} else {
			rows.day(lang, seen)
		}
		rows.mark("</td></tr>\n")
	}
	var read time.Time // when the file was read
	if s.Licence != nil && s.Licence.Declared != nil {
		read = s.Licence.Declared.Seen
	}
	if len(d.Files) > 0 {
		f := d.Files[0]
		add(say(lang, "origins.file"), link{f.Path, f.Href}, f.Commit, read, 0)
	}
	if e := d.Licensing.Evidence; len(e) > 0 {
		seen := time.Time{}
		for _, one := range e {
			if one.Seen.After(seen) {
				seen = one.Seen
			}
		}
		add(say(lang, "origins.licence"), link{say(lang, "evidence.title"), "#licence"}, "", seen, 0)
	}
	forge := link{cmp.Or(shorten(d.ForgeName, maxName), d.Repository.Text), d.Repository.Href}
	add(say(lang, "origins.forge"), forge, "", time.Time{}, 0)
	if a := s.Activity; a != nil {
		add(say(lang, "origins.activity"), forge, "", time.Time{}, 0)
	}
	if len(s.SBOMs) > 0 {
		b := s.SBOMs[0]
		add(say(lang, "origins.sbom"), d.Licensing.SBOMs[0].File, "", b.Seen, len(s.SBOMs)-1)
	}
	if len(d.Adopters) > 0 {
		add(say(lang, "origins.adopters"), d.Adopters[0].File, "", time.Time{}, len(d.Adopters)-1)
	}
	for i, f := range d.Files {
		if f.Media != "" {
			more := 0
			for _, g := range d.Files[i+1:] {
				if g.Media != "" {
					more++
				}
			}
			add(say(lang, "origins.pictures"), link{f.Path, f.Href}, f.Commit, time.Time{}, more)
			break
		}
	}
	if len(d.Corrected) > 0 {
		c := d.Corrected[0]
		add(say(lang, "origins.corrected"), link{Text: c.By}, "", c.Time, len(d.Corrected)-1)
	}
	add(say(lang, "origins.derived"), link{Text: say(lang, "origins.catalogue")}, "", time.Time{}, 0)
	d.Origins = rows.html()
}

// maxRaw is how many files are listed; the rest are mostly licence texts.
const maxRaw = 15

// readRaw lists the files with what tells one version from another.
func (d *detail) readRaw(lang string) {
	var rows fragment
	for i, f := range d.Files {
		if i == maxRaw {
			rows.wrap(`<tr><td colspan="2">`, say(lang, "origins.more", formatNumber(lang, len(d.Files)-i)), "</td></tr>")
			break
		}
		rows.mark("<tr><td>")
		rows.link(link{shorten(f.Path, maxLine), f.Href})
		size, err := plural(lang, "origin.bytes", f.Size)
		if err == nil {
			rows.muted("(" + size + ")")
		}
		if f.Commit != "" && (i == 0 || f.Commit != d.Files[0].Commit) { // mostly the same
			rows.wrap("<br>"+say(lang, "origin.commit")+" <code>", f.Commit, "</code>")
		}
		rows.wrap("</td><td><code>", f.Hash, "</code></td></tr>\n")
	}
	d.Raw = rows.html()
}

// shortCommit is the beginning of a commit's hash, as much as people compare.
func shortCommit(hash string) string { return strings.TrimSuffix(shorten(hash, 7), "…") }
