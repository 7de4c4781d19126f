// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"context"
	"errors"

	"github.com/allmende-registry/allmende/registry"
)

// leave ends a visit that has no entry, whatever there was before.
func (v *visit) leave(ctx context.Context, log *registry.Visit, why registry.Reason) error {
	ids := []registry.ID{v.id}
	if v.prev != nil {
		ids = append(ids, v.prev.Parts...)
	}
	for _, id := range ids {
		if err := v.remove(ctx, id, why); err != nil && !registry.Absent(err) {
			return stored(err)
		}
	}
	return v.end(ctx, log)
}

// without is a visit that found the repository but no file in it. The entry
// goes when that is confirmed.
func (v *visit) without(ctx context.Context, outcome registry.Outcome, detail string, why registry.Reason) error {
	log := v.log(outcome, detail)
	var left []entered
	if v.prev != nil {
		log.Misses, log.Parts = v.prev.Misses, v.prev.Parts
	}
	for _, id := range append([]registry.ID{v.id}, log.Parts...) {
		entry, err := v.Store.Get(ctx, id)
		if err != nil && !registry.Absent(err) {
			return stored(err)
		}
		if entry != nil {
			left = append(left, entered{entry: entry})
		}
	}
	if len(left) == 0 {
		log.Misses, log.Parts = 0, nil
		return v.end(ctx, log)
	}
	if v.counts() {
		if _, err := v.miss(ctx, log, why); err != nil {
			return stored(err)
		}
	}
	if log.Misses >= missesUntilGone {
		log.Misses, log.Parts = 0, nil
		return v.end(ctx, log)
	}
	return v.end(ctx, log, left...)
}

// counts reports whether a miss of this visit is one more: one a crawl, also
// where it was cut off and gone on with, and none for a push.
func (v *visit) counts() bool {
	return !v.since.IsZero() && (v.prev == nil || v.prev.Misses == 0 || v.prev.Time.Before(v.since))
}

// unreadable is a visit whose file cannot become an entry. An entry there is
// already keeps its last good version and says that it is stale.
func (v *visit) unreadable(ctx context.Context, file *unusableError) error {
	log := v.log(registry.Unreadable, file.why)
	log.Findings = file.doc.Findings
	if v.prev != nil {
		log.Parts = v.prev.Parts
	}
	if file.entry == nil {
		return v.end(ctx, log)
	}
	file.stale = file.why
	e, _, err := v.put(ctx, file.part, "")
	if err != nil {
		return err
	}
	return v.end(ctx, log, e)
}

// refused sorts an error of the forge: what is not there or forbidden is an
// outcome, all else a failure of this visit.
func (v *visit) refused(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, registry.ErrNotFound), errors.Is(err, registry.ErrGone):
		return v.without(ctx, registry.Missing, "listed, but not found: "+err.Error(), registry.RepositoryGone)
	case errors.Is(err, registry.ErrForbidden):
		return v.without(ctx, registry.Blocked, "the forge refuses it: "+err.Error(), registry.RepositoryGone)
	}
	return err
}
