// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/registry/registrytest"
)

// The page of an entry that has much of everything stays small enough for a slow
// line.
func TestSoftwarePageSize(t *testing.T) {
	s, _ := illustrated()
	s = evaluated(s, registry.LicenceConflict, registry.LicenceReason{Code: registry.ReasonTextDiffers, Args: []string{"EUPL-1.2", "GPL-3.0-only", "LICENSE"}})
	s.SBOMs[0].Dependencies.Licences = licenceCounts(registry.MaxDependencyLicences)
	s.Activity.Commits.ByMonth = nil
	for m := range registry.Months {
		s.Activity.Commits.ByMonth = append(s.Activity.Commits.ByMonth, registry.Month{Month: noon.AddDate(0, m+1-registry.Months, 0).Format("2006-01"), Commits: 40 + m, Authors: 5})
	}
	for i := range registry.MaxIssues {
		s.Activity.HelpWanted = append(s.Activity.HelpWanted, registry.Issue{Title: "Eine Aufgabe, bei der jemand helfen kann", URL: fmt.Sprint("https://github.com/kiel/bilder/issues/", i), Created: noon.AddDate(0, 0, -i)})
		s.Files = append(s.Files, registry.File{Path: fmt.Sprint("LICENSES/Lizenz-", i, ".txt"), Role: registry.RoleLicence, Commit: s.Files[0].Commit, Hash: hashOf("a"), Size: 1234})
	}
	d := s.PublicCode.Description["de"]
	d.LongDescription = strings.Repeat("Ein Satz, der erklärt, wozu die Software gut ist und wem sie hilft. ", 70)
	d.Features = slices.Repeat([]string{"Kann etwas, das im Alltag gebraucht wird"}, 20)
	s.PublicCode.Description["de"] = d
	s.Comaintenance, s.PublicCode.UsedBy = neighbourly().entries[0].Comaintenance, neighbourly().entries[0].PublicCode.UsedBy
	server := serve(t, &fake{entries: []*registry.Software{s}}, Options{API: true, BaseURL: "https://katalog.example/"})
	for _, lang := range []string{"", "/en"} {
		if n := len(fetch(t, server, "GET", lang+"/software/github.com/kiel/bilder/").body); n > 60<<10 {
			t.Errorf("%d bytes", n)
		}
	}
}

// BenchmarkSoftwarePage makes the pages of entries as a build does.
func BenchmarkSoftwarePage(b *testing.B) {
	rich := evaluated(entry("github.com/kiel/akte", "Akte", kiel), registry.LicenceConflict,
		registry.LicenceReason{Code: registry.ReasonTextDiffers, Args: []string{"EUPL-1.2", "GPL-3.0-only", "LICENSE"}})
	var ordinary *registry.Software
	for s := range registrytest.Realistic(1) {
		ordinary = s
	}
	s := newSite(b, sample(), Options{BaseURL: "https://katalog.example/"})
	for name, e := range map[string]*registry.Software{"rich": rich, "ordinary": ordinary} {
		b.Run(name, func(b *testing.B) {
			path, _ := softwarePath(e.ID)
			size := 0
			for b.Loop() {
				body, err := s.render(s.softwarePage("de", e, neighbours{}, path, true))
				if err != nil {
					b.Fatal(err)
				}
				size = len(body)
			}
			b.ReportMetric(float64(size), "B/page")
		})
	}
}
