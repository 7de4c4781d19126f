// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"fmt"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// needsFile is what an organisation needs. It lies where an adoptions.yml does.
var needsFile = speech{
	name:   adoption.NeedsFileName,
	kind:   registry.NeedsDocument,
	beside: func(found []string) bool { return slices.Contains(found, adoption.FileName) },
	read:   readNeeds,
	open:   func(d *registry.Document) (spoken, error) { return registry.ReadDocument[registry.Needs](d) },
}

func readNeeds(src []byte, now time.Time) utterance {
	r := adoption.ParseNeeds(src, adoption.Options{Now: now})
	u := utterance{findings: r.Findings, discreet: r.Discreet}
	if r.File == nil {
		return u
	}
	said := &registry.Needs{Needs: r.File.Needs}
	said.Organisation = r.File.Organisation
	u.spoken = said
	public := 0
	for _, n := range said.Needs {
		if n.Visibility != adoption.Restricted {
			public++
		}
	}
	if public > 0 {
		u.public = fmt.Sprintf("%d public needs", public)
	}
	return u
}
