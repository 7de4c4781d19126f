// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"

	"github.com/allmende-registry/allmende/registry"
)

// activity is what the page of an entry tells of the repository's life.
type activity struct {
	Release    *registry.Release // the newest one, nil where none is known
	Commits    *registry.Commits
	OpenIssues *int
	HelpWanted []link // open issues that invite others
}

// location is another repository that holds the software.
type location struct {
	Place link
	Forge string
}

// readActivity leaves d.Activity nil where nothing is known.
func (d *detail) readActivity(a *registry.Activity) {
	if a == nil {
		return
	}
	known := activity{Commits: a.Commits, OpenIssues: a.OpenIssues}
	if len(a.Releases) > 0 {
		newest := a.Releases[0]
		newest.Tag = shorten(cmp.Or(newest.Tag, newest.Name), maxLine)
		known.Release = &newest
	}
	for _, i := range first(d, a.HelpWanted) {
		href := webLink(i.URL)
		if title := cmp.Or(shorten(i.Title, maxLine), shorten(href, maxLine)); title != "" {
			known.HelpWanted = append(known.HelpWanted, link{title, href})
		}
	}
	if known.Release != nil || known.Commits != nil || known.OpenIssues != nil || known.HelpWanted != nil {
		d.Activity = &known
	}
}

func (d *detail) readLocations(locations []registry.Location) {
	for _, l := range first(d, locations) {
		d.Locations = append(d.Locations, location{
			Place: link{string(l.ID), webLink(l.URL)},
			Forge: cmp.Or(forgeNames[l.Forge], shorten(l.Forge, maxLine)),
		})
	}
}
