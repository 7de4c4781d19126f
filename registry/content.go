// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"slices"
	"time"
)

// Content is a copy of s without FirstSeen, Changed and Rev, and with times in
// UTC: two entries are the same where the JSON of it is equal byte by byte;
// encoding/json writes map keys in order.
func (s *Software) Content() *Software {
	c := *s
	c.FirstSeen, c.Changed, c.Rev = time.Time{}, time.Time{}, 0
	c.Repository.Created, c.Repository.Pushed = c.Repository.Created.UTC(), c.Repository.Pushed.UTC()
	if c.Files == nil {
		c.Files = []File{}
	}
	if s.Activity != nil {
		a := *s.Activity
		a.Releases, a.Tags, a.HelpWanted = slices.Clone(a.Releases), slices.Clone(a.Tags), slices.Clone(a.HelpWanted)
		for i := range a.Releases {
			a.Releases[i].Published = a.Releases[i].Published.UTC()
		}
		for i := range a.Tags {
			a.Tags[i].Date = a.Tags[i].Date.UTC()
		}
		for i := range a.HelpWanted {
			a.HelpWanted[i].Created = a.HelpWanted[i].Created.UTC()
		}
		c.Activity = &a
	}
	c.Forks = forksInUTC(c.Forks)
	c.SBOMs = slices.Clone(c.SBOMs)
	for i := range c.SBOMs {
		c.SBOMs[i].Created, c.SBOMs[i].Seen = c.SBOMs[i].Created.UTC(), c.SBOMs[i].Seen.UTC()
	}
	if c.Licence != nil {
		c.Licence = c.Licence.UTC()
	}
	return &c
}
