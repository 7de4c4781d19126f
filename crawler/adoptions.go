// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// adoptionsFile is what an organisation uses, and how it looks after software with
// others.
var adoptionsFile = speech{
	name:   adoption.FileName,
	kind:   registry.AdoptionsDocument,
	beside: func(found []string) bool { return len(found) > 0 },
	read:   readAdoptions,
	open:   func(d *registry.Document) (spoken, error) { return registry.ReadDocument[registry.Adoptions](d) },
}

func readAdoptions(src []byte, now time.Time) utterance {
	r := adoption.Parse(src, adoption.Options{Now: now})
	u := utterance{findings: r.Findings, discreet: r.Discreet}
	if r.File == nil {
		return u
	}
	said := &registry.Adoptions{Statements: r.File.Adoptions, Comaintenance: r.File.Comaintenance}
	said.Organisation = r.File.Organisation
	u.spoken = said
	public := 0
	for range said.Public() {
		public++
	}
	if public > 0 || len(said.Comaintenance) > 0 {
		u.public = fmt.Sprintf("%d public statements", public)
	}
	if n := len(said.Comaintenance); n > 0 {
		u.public += fmt.Sprintf(" and %d of co-maintenance", n)
	}
	return u
}
