// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/allmende-registry/allmende/crawler/collect"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// errOptedOut ends a visit whose repository does not want to be listed.
var errOptedOut = fmt.Errorf("a file %s asks not to be listed", collect.OptOutFile)

// collect adds to an entry what the repository holds besides its publiccode.yml.
// settled is false where something could not be read for now.
func (v *visit) collect(ctx context.Context, p *part, commit string, s *registry.Software) (settled bool, err error) {
	root, err := v.tree.ReadDir(".")
	out := collect.OptedOut(root)
	unlisted := v.spares(ctx, err)
	if unlisted {
		v.note("list of files: %v", err)
		out, err = v.optedOut()
	}
	switch {
	case err != nil:
		return false, fmt.Errorf("list of files: %w", err)
	case out:
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
	return !unlisted && !found.Unsettled(), nil
}

// optedOut asks for the file itself where files cannot be listed.
func (v *visit) optedOut() (bool, error) {
	_, err := readFile(v.tree, collect.OptOutFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, registry.ErrTooLarge):
		return true, nil
	}
	return err == nil, err
}

// spares reports whether a repository becomes an entry although the forge fails
// over a part of it beside the publiccode.yml. One that is an entry stays as it
// is until all can be read.
func (v *visit) spares(ctx context.Context, err error) bool {
	known := slices.ContainsFunc(v.parts, func(p *part) bool { return p.entry != nil })
	return err != nil && !known && !fetch.Refused(err) && !fetch.Hopeless(ctx, err)
}
