// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"fmt"
	"slices"

	"github.com/allmende-registry/allmende/crawler/collect"
	"github.com/allmende-registry/allmende/registry"
)

// errOptedOut ends a visit whose repository does not want to be listed.
var errOptedOut = fmt.Errorf("a file %s asks not to be listed", collect.OptOutFile)

// collect adds to an entry what the repository holds besides its publiccode.yml.
// settled is false where something could not be read for now.
func (v *visit) collect(ctx context.Context, p *part, commit string, s *registry.Software) (settled bool, err error) {
	root, err := v.tree.ReadDir(".")
	if err != nil {
		return false, fmt.Errorf("list of files: %w", err)
	}
	if collect.OptedOut(root) {
		return false, errOptedOut
	}
	from := collect.Visit{
		Tree: v.tree, Commit: commit, Root: root, Folder: p.folder,
		PublicCode: p.doc.PublicCode, Repository: v.repo.Repository, Activity: s.Activity,
		Undescribed: v.description.Err != nil, Getter: v.Getter,
	}
	if p.folder == "" {
		from.Folder = "."
	}
	if p.entry != nil {
		from.Former = p.entry.Files
	}
	found, err := collect.Collect(ctx, from)
	if err != nil {
		return false, err
	}
	s.Files = append(s.Files, found.Files...)
	for _, f := range from.Former {
		if isExport(f) && !slices.ContainsFunc(s.Files, isExport) {
			s.Files = append(s.Files, f) // until the new one is asked for
		}
	}
	for _, n := range found.Notes {
		v.note("%s", n)
	}
	return !found.Unsettled(), nil
}
