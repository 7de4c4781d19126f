// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

const (
	// maxUsers is how many of those who use an entry a gist has.
	maxUsers = 1000
	// maxHelpLabels is how many labels of an issue are shown.
	maxHelpLabels = 5
)

// gist is what the pages about the whole catalogue take from an entry: little
// enough to be kept for all of them, and to be written down and read again.
type gist struct {
	registry.Use
	FirstSeen  time.Time
	Pushed     time.Time
	Incomplete bool
	Findings   grades
	Licences   []string // identifiers that have a page
	// Topics are its values of the facets whose values have a page each.
	Topics       map[registry.Facet][]string
	Verdict      registry.LicenceVerdict
	Language     string // main programming language; "" where it is not known
	Help         []help // open issues that ask for help, the newest first
	Unmaintained bool   // by its own word
	// Together is what is said of how it is looked after together.
	Together []registry.Comaintenance
	// Known are organisations that say something of it in their own name.
	Known []adoption.Organisation
}

// help is an open issue that asks for help.
type help struct {
	Title, URL string
	Labels     []string
	Created    time.Time
}

func newGist(s *registry.Software) gist {
	g := gist{
		Use: s.Use(), FirstSeen: s.FirstSeen, Pushed: s.Repository.Pushed, Incomplete: s.Incomplete(), Findings: gradesOf(s),
		Language: shorten(s.Repository.Language, maxLine), Unmaintained: s.PublicCode.Maintenance.Type == "none",
	}
	d, _ := s.PublicCode.Text(languages[0])
	g.Name = shorten(displayName(s, d), maxName)
	g.Users = g.Users[:min(len(g.Users), maxUsers)]
	for i := range g.Users {
		g.Users[i].Name = shorten(g.Users[i].Name, maxName)
	}
	for _, l := range licenceLinks(judged(s)) {
		if l.Path != "" {
			g.Licences = append(g.Licences, l.ID)
		}
	}
	g.Topics = map[registry.Facet][]string{}
	for _, x := range subjects {
		if values := valuesOf(s, x.facet); values != nil {
			g.Topics[x.facet] = values
		}
	}
	if s.Licence != nil {
		g.Verdict = s.Licence.Verdict
	}
	g.addHelp(s.Invites())
	g.Together = s.Comaintenance[:min(len(s.Comaintenance), maxCare)]
	for _, a := range s.Adoptions[:min(len(s.Adoptions), maxUsers)] {
		if a.Own() {
			g.Known = append(g.Known, a.Organisation)
		}
	}
	return g
}

func (g *gist) addHelp(issues []registry.Issue) {
	for _, i := range issues[:min(len(issues), registry.MaxIssues)] {
		h := help{Title: shorten(i.Title, maxLine), URL: webLink(i.URL), Created: i.Created.UTC()}
		if h.URL == "" {
			continue
		}
		h.Title = cmp.Or(h.Title, shorten(strings.TrimPrefix(h.URL, "https://"), maxLine))
		for _, label := range i.Labels[:min(len(i.Labels), maxHelpLabels)] {
			if label = shorten(label, maxLine); label != "" {
				h.Labels = append(h.Labels, label)
			}
		}
		g.Help = append(g.Help, h)
	}
	slices.SortStableFunc(g.Help, func(a, b help) int { return b.Created.Compare(a.Created) })
}
