// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/allmende-registry/allmende/adoption"
)

func newAdoptionsCommand() *cobra.Command {
	return newFormatCommand(newFormat{
		format: adoption.AdoptionsYML(),
		short:  "Write an adoptions.yml: which software an organisation uses",
		long: `Write an adoptions.yml, in which an organisation says which software it uses,
operates, maintains, funds or evaluates. It asks for the organisation and for
one software after the other; each answer is checked at once. With --yes it asks
nothing and writes a template with comments.`,
		draft: func(string) formatDraft { return &adoptionsDraft{} },
	})
}

// adoptionsDraft is an adoptions.yml that is being asked for.
type adoptionsDraft struct{ adoption.File }

func (d *adoptionsDraft) organisation() *adoption.Organisation { return &d.Organisation }

func (d *adoptionsDraft) entries() int { return len(d.Adoptions) }

func (d *adoptionsDraft) drop() { d.Adoptions = d.Adoptions[:len(d.Adoptions)-1] }

func (d *adoptionsDraft) grow(now time.Time) []formatQuestion {
	d.Adoptions = append(d.Adoptions, adoption.Statement{})
	s := &d.Adoptions[len(d.Adoptions)-1]
	return []formatQuestion{
		{path: "adoptions[].software", value: &s.Software, required: true},
		{path: "adoptions[].role", value: (*string)(&s.Role), required: true, choices: texts(adoption.Roles())},
		{path: "adoptions[].version", value: &s.Version},
		{path: "adoptions[].since", value: &s.Since},
		{path: "adoptions[].confirmedUntil", value: &s.ConfirmedUntil, proposal: now.AddDate(1, 0, 0).Format(time.DateOnly)},
		{path: "adoptions[].purpose", value: &s.Purpose},
		{path: "adoptions[].contact", value: &s.Contact},
		{path: "adoptions[].visibility", value: (*string)(&s.Visibility), choices: visibilities},
	}
}
