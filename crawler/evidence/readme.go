// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"regexp"
	"strings"

	"github.com/allmende-registry/allmende/licence/detect"
	"github.com/allmende-registry/allmende/registry"
)

var (
	heading  = regexp.MustCompile(`^\s{0,3}(?:#{1,6}|={1,5}(?: |$))\s*\S`)
	beneath  = regexp.MustCompile(`^\s{0,3}(?:=+|-+|~+|\^+)\s*$`) // a heading
	licensed = regexp.MustCompile(`(?i)licen[cs]|lizenz|licenz|licenti|licença`)
	foreign  = regexp.MustCompile(`(?i)third[- ]?part|depend|dritt|abhängig|terze parti|dipenden|tiers|derden`)
)

// maxSection is how many lines of a section about the licence are read.
const maxSection = 40

// aboutLicence are the lines of a README that speak of the project's licence:
// the section that is headed so, else all lines that mention one.
func aboutLicence(src []byte) string {
	lines := strings.Split(string(src), "\n")
	var section, mentions []string
	left, others := 0, false // lines of the section to read; a section about others' licences
	for i, line := range lines {
		about := licensed.MatchString(line) && !foreign.MatchString(line)
		switch {
		case heading.MatchString(line) || i+1 < len(lines) && strings.TrimSpace(line) != "" && beneath.MatchString(lines[i+1]):
			left, others = 0, foreign.MatchString(line)
			if about {
				left = maxSection
				section = append(section, "", line)
			}
		case left > 0:
			left--
			section = append(section, line)
		case about && !others:
			mentions = append(mentions, "", line)
		}
	}
	if len(section) > 0 {
		return strings.Join(section, "\n")
	}
	return strings.Join(mentions, "\n")
}

// readme is what a README says of the licence, each licence once.
func (r *reading) readme(f registry.File) []statement {
	src, err := r.read(&f, maxProse)
	if err != nil {
		return nil
	}
	var out []statement
	had := map[string]bool{}
	about := aboutLicence(src)
	for _, m := range detect.Text([]byte(about)) {
		if m.Kind == detect.Pointer || had[m.SPDX] || len(out) == maxInFile {
			continue
		}
		had[m.SPDX] = true
		s := r.match(f, m)
		s.Source, s.context = registry.FromReadme, about
		if isWhole(m) {
			s.place = own
		}
		out = append(out, s)
	}
	return out
}
