// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
)

func newNeedsCommand() *cobra.Command {
	return newFormatCommand(newFormat{
		format: adoption.NeedsYML(),
		short:  "Write a needs.yml: which software an organisation is looking for",
		long: `Write a needs.yml, in which an organisation says which software it needs, before
it tenders. It asks for the organisation and for one need after the other; each
answer is checked at once. What is not asked for, such as a share in the costs,
stands in the file as a comment. With --yes it asks nothing and writes a
template with comments.`,
		draft: func(lang string) formatDraft { return &needsDraft{lang: lang} },
	})
}

// needsDraft is a needs.yml that is being asked for.
type needsDraft struct {
	adoption.NeedsFile
	lang string // that its author speaks
}

func (d *needsDraft) organisation() *adoption.Organisation { return &d.Organisation }

func (d *needsDraft) entries() int { return len(d.Needs) }

func (d *needsDraft) drop() { d.Needs = d.Needs[:len(d.Needs)-1] }

func (d *needsDraft) grow(now time.Time) []formatQuestion {
	var need adoption.Need
	if d.lang != "de" {
		need.Language = d.lang
	}
	d.Needs = append(d.Needs, need)
	n := &d.Needs[len(d.Needs)-1]
	return []formatQuestion{
		{path: "needs[].id", value: &n.ID, required: true},
		{path: "needs[].title", value: &n.Title, required: true},
		{path: "needs[].description", value: &n.Description},
		{path: "needs[].categories", list: func(words []string) { n.Categories = words }},
		{path: "needs[].software", value: &n.Software},
		{path: "needs[].joins", value: &n.Joins},
		{path: "needs[].by", value: &n.By},
		{path: "needs[].offers", list: func(words []string) {
			n.Offers = nil
			for _, w := range words {
				n.Offers = append(n.Offers, adoption.Offer(w))
			}
		}, choices: texts(adoption.Offers())},
		{path: "needs[].contact", value: &n.Contact},
		{path: "needs[].openUntil", value: &n.OpenUntil, proposal: now.AddDate(1, 0, 0).Format(time.DateOnly)},
		{path: "needs[].visibility", value: (*string)(&n.Visibility), choices: visibilities},
	}
}
