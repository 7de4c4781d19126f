// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// enter writes the entries of a repository that look found to have some.
func (v *visit) enter(ctx context.Context) error {
	defer v.turns.take(v.id)()
	unsettled := false
	if err := v.description.Err; err != nil {
		v.note("what the forge knows of it could not be read: %v", err)
		unsettled = true
	}
	if err := v.takeDescription(ctx); err != nil {
		return v.refused(ctx, err)
	}
	commit, err := v.tree.Commit()
	switch {
	case err == nil, errors.Is(err, errors.ErrUnsupported):
	case v.spares(ctx, err):
		v.note("newest commit: %v", err)
		unsettled = true
	default:
		return v.refused(ctx, err)
	}
	log := v.log(registry.Entry, "")
	_, log.Pending = v.forge.(Exporter)
	var entries []entered
	for _, p := range v.parts {
		e, settled, err := v.put(ctx, p, commit)
		for range maxConflicts {
			if !errors.Is(err, registry.ErrConflict) {
				break
			}
			e, settled, err = v.put(ctx, p, commit)
		}
		if errors.Is(err, errOptedOut) {
			return v.leave(ctx, v.log(registry.OptedOut, err.Error()), registry.Declined)
		}
		if err != nil {
			return v.refused(ctx, err)
		}
		entries = append(entries, e)
		log.Findings = append(log.Findings, p.doc.Findings...)
		if p.folder == "" {
			log.Of = home(v.id, p.doc.PublicCode)
		} else {
			log.Parts = append(log.Parts, p.id)
		}
		unsettled = unsettled || !settled
	}
	if err := v.missParts(ctx, log); err != nil {
		return err
	}
	if unsettled {
		log.Version = "" // read again in the next sweep
	}
	log.Detail = strings.Join(v.notes, "; ")
	return v.end(ctx, log, entries...)
}

// takeDescription goes on with what the description added to the repository.
func (v *visit) takeDescription(ctx context.Context) error {
	d := v.description
	if described := d.Err == nil && d.Repo.URL != ""; !described {
		return nil
	}
	brought := d.Repo.Native != v.repo.Native
	v.repo = d.Repo
	if !brought {
		return nil // the tree that is open knows what it has read
	}
	tree, err := v.forge.Files(ctx, v.repo)
	if err == nil {
		v.tree = tree
	}
	return err
}

// maxConflicts is how often an entry is put that others change meanwhile.
const maxConflicts = 10

// put writes one entry. settled is false where something could not be read for
// now. It is registry.ErrConflict where another process changed it meanwhile.
func (v *visit) put(ctx context.Context, p *part, commit string) (e entered, settled bool, err error) {
	if p.entry, err = v.Store.Get(ctx, p.id); err != nil && !registry.Absent(err) {
		return e, false, stored(err)
	}
	software := p.entry
	if p.stale != "" && p.entry == nil {
		return e, false, fmt.Errorf("%s was removed while its repository was read", p.id)
	}
	if p.stale == "" {
		software = &registry.Software{
			ID: p.id, PublicCode: *p.doc.PublicCode, Activity: v.description.Activity,
			BasedOn: basedOn(p.id, p.doc.PublicCode, v.repo),
			Files:   []registry.File{{Path: p.name, Role: registry.RolePublicCode, Commit: commit, Bytes: p.src}},
		}
		if p.entry != nil {
			software.Rev, software.Locations, software.TechnicalForks = p.entry.Rev, p.entry.Locations, p.entry.TechnicalForks
			software.Adoptions, software.Comaintenance, software.Forks = p.entry.Adoptions, p.entry.Comaintenance, p.entry.Forks
			if v.description.Err != nil {
				software.Activity = p.entry.Activity
			}
		}
		settled, err = v.collect(ctx, p, commit, software)
		if err != nil {
			return e, false, err
		}
	} else {
		settled = true
	}
	if p.entry != nil && p.entry.Repository.ForgeID != v.repo.ForgeID {
		software.Rev = 0 // another repository has its address now, or it was moved: the store knows
	}
	var overrides []registry.Override
	if p.entry != nil {
		overrides = p.entry.Overrides
		p.entry.Correct(nil)
	}
	software.Publisher, software.Repository = v.source.Publisher, v.repo.Repository
	software.Findings, software.Stale = p.doc.Findings, p.stale
	if p.stale == "" {
		v.licences(ctx, software, p.entry)
	}
	software.Correct(overrides)
	change, err := v.Store.Put(ctx, software)
	return entered{software, change.Kind}, settled, stored(err)
}

// missParts counts that the root or sub-folders of a repository, which has other
// entries still, are none any more, and removes them when that is confirmed.
func (v *visit) missParts(ctx context.Context, log *registry.Visit) error {
	if v.prev == nil {
		return nil
	}
	var gone []registry.ID
	for _, id := range append([]registry.ID{v.id}, v.prev.Parts...) {
		if slices.ContainsFunc(v.parts, func(p *part) bool { return p.id.Same(id) }) {
			continue
		}
		if _, err := v.Store.Get(ctx, id); err == nil {
			gone = append(gone, id)
		} else if !registry.Absent(err) {
			return stored(err)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if log.Misses = v.prev.Misses; v.counts() {
		log.Misses++
	}
	for _, id := range gone {
		if log.Misses >= missesUntilGone {
			if err := v.remove(ctx, id, registry.FileGone); err != nil && !registry.Absent(err) {
				return stored(err)
			}
			continue
		}
		v.note("%s has no publiccode.yml any more (%d of %d sweeps until it is removed)", id, log.Misses, missesUntilGone)
		if id != v.id {
			log.Parts = append(log.Parts, id)
		}
	}
	if log.Misses >= missesUntilGone {
		log.Misses = 0
	}
	return nil
}
