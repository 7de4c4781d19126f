// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"maps"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/allmende-registry/allmende/registry"
)

// record is what a build keeps of an entry: what the pages about many entries
// take from it, and what its own pages rest on. The next build reads it again.
type record struct {
	ID     registry.ID
	Path   string // of its page; "" where there can be none
	Gist   gist
	Sum    string        // fingerprint of Gist, without what changes with each visit
	Cards  []card        // by language, as in languages
	Sums   []string      // their fingerprints
	Based  []registry.ID // what it is a variant of
	Near   []registry.ID // entries of its family, which its page tells of
	Like   []registry.ID // entries that its page names as similar
	Around string        // fingerprint of what is around it, see around
	Needs  bool          // that there are needs around it
	Fades  []string      // days behind which the page says something else, 2026-01-31
	Files  []string      // that are of this entry alone
	Shared []string      // that others may have too
	made   bool          // by this build
}

func (r *record) isMade() bool { return r.made }

// newRecord reads an entry; its pages are not made yet.
func (b *build) newRecord(s *registry.Software) (*record, error) {
	r := &record{ID: s.ID, Gist: newGist(s), Based: s.BasedOn}
	lasting := r.Gist
	lasting.Pushed = lasting.FirstSeen // the home page alone tells
	var err error
	if r.Sum, err = digest(lasting); err != nil {
		return nil, err
	}
	for _, a := range s.Adoptions {
		r.Fades = append(r.Fades, a.ConfirmedUntil)
	}
	for _, c := range s.Comaintenance {
		r.Fades = append(r.Fades, c.ConfirmedUntil)
	}
	for _, c := range s.PublicCode.Maintenance.Contractors {
		r.Fades = append(r.Fades, c.Until)
	}
	r.Fades = slices.DeleteFunc(r.Fades, func(day string) bool { return readDay(day).At.IsZero() })
	path, ok := softwarePath(s.ID)
	if !ok {
		return r, nil
	}
	r.Path = path
	for _, lang := range languages {
		c := newCard(s, lang, b.site.now())
		html, err := b.site.cardHTML(lang, c)
		if err != nil {
			return nil, err
		}
		c.HTML = template.HTML(html) //nolint:gosec // made by a template
		sum, err := digest(c)
		if err != nil {
			return nil, err
		}
		r.Cards, r.Sums = append(r.Cards, c), append(r.Sums, sum)
	}
	return r, nil
}

// keyOf is what an ID is found by: case does not tell entries apart.
func keyOf(id registry.ID) string { return strings.ToLower(string(id)) }

// every runs a function for each of a list, on all processors.
func every[T any](ctx context.Context, list []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0) + 1) // one waits for the disk
	for _, one := range list {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(ctx, one)
		})
	}
	return group.Wait()
}

// readAll reads all entries.
func (b *build) readAll(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0) + 1)
	for entry, err := range b.site.catalogue.All(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return cmp.Or(group.Wait(), err)
		}
		b.mu.Lock()
		i := len(b.records)
		b.records = append(b.records, nil)
		b.mu.Unlock()
		group.Go(func() error {
			r, err := b.newRecord(entry)
			b.mu.Lock()
			b.records[i] = r
			b.mu.Unlock()
			return err
		})
	}
	return group.Wait()
}

// readChanged reads the entries that changed after a revision, and others, and
// finds those whose pages show them.
func (b *build) readChanged(ctx context.Context, after registry.Rev, others ...registry.ID) (affected []*record, err error) {
	dirty := map[string]registry.ID{}
	for _, id := range others {
		dirty[keyOf(id)] = id
	}
	for c, err := range b.site.catalogue.Changes(ctx, after) {
		if err != nil {
			return nil, fmt.Errorf("changes: %w", err)
		}
		for _, id := range []registry.ID{c.ID, c.From} {
			if id != "" {
				dirty[keyOf(id)] = id
			}
		}
	}
	if len(dirty) == 0 {
		return nil, nil
	}
	related := map[string]bool{} // what the changed ones are variants of, then and now
	former := map[string]*record{}
	keep := b.records[:0:0]
	for _, r := range b.records {
		if _, changed := dirty[keyOf(r.ID)]; !changed {
			keep = append(keep, r)
			continue
		}
		if err := b.release(r); err != nil {
			return nil, err
		}
		for _, id := range r.Based {
			related[keyOf(id)] = true
		}
		former[keyOf(r.ID)] = r
	}
	var fresh []*record
	err = every(ctx, slices.Collect(maps.Values(dirty)), func(ctx context.Context, id registry.ID) error {
		entry, err := b.site.catalogue.Get(ctx, id)
		if registry.Absent(err) || err == nil && keyOf(entry.ID) != keyOf(id) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("entry %s: %w", id, err)
		}
		r, err := b.newRecord(entry)
		b.mu.Lock()
		fresh = append(fresh, r)
		b.mu.Unlock()
		return err
	})
	if err != nil {
		return nil, err
	}
	touched := map[string]bool{}
	renamed := make(map[string]bool, len(dirty)) // those that others name in another way now
	for key := range dirty {
		renamed[key] = true
	}
	for _, r := range fresh {
		if was := former[keyOf(r.ID)]; was != nil && slices.EqualFunc(was.Cards, r.Cards, card.namedAs) {
			delete(renamed, keyOf(r.ID))
		}
		for _, id := range r.Based {
			related[keyOf(id)] = true
		}
		if r.Path == "" {
			continue
		}
		list, err := b.site.catalogue.SimilarIDs(ctx, r.ID, maxTouched)
		if err != nil && !registry.Absent(err) {
			return nil, fmt.Errorf("what is similar to %s: %w", r.ID, err)
		}
		for _, id := range list {
			touched[keyOf(id)] = true
		}
	}
	changed := func(id registry.ID) bool { _, ok := dirty[keyOf(id)]; return ok }
	anew := func(id registry.ID) bool { return renamed[keyOf(id)] }
	for _, r := range keep {
		key := keyOf(r.ID)
		again := related[key] || slices.ContainsFunc(r.Near, changed) || slices.ContainsFunc(r.Based, changed) || slices.ContainsFunc(r.Like, anew) ||
			slices.ContainsFunc(r.Based, func(id registry.ID) bool { return related[keyOf(id)] })
		if !again && touched[key] {
			like, err := b.site.similar(ctx, r.ID, r.Near)
			if err != nil {
				return nil, err
			}
			again = !slices.Equal(like, r.Like)
		}
		if !again {
			continue
		}
		if err := b.release(r); err != nil {
			return nil, err
		}
		affected = append(affected, r)
	}
	b.records = slices.Concat(keep, fresh)
	slices.SortFunc(b.records, func(x, y *record) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return append(affected, fresh...), nil
}

// maxTouched is how many of the entries most like a changed one are made again,
// as it may have become one of those most like them.
const maxTouched = 12

// release forgets the files of an entry that is made again or goes.
func (b *build) release(r *record) error { return b.out.release(r.Files) }

// faded are the records whose pages say something else today than on the day of
// the last build.
func (b *build) faded(since, today string) []registry.ID {
	from, to := min(since, today), max(since, today)
	var list []registry.ID
	for _, r := range b.records {
		if slices.ContainsFunc(r.Fades, func(day string) bool { return from <= day && day < to }) {
			list = append(list, r.ID)
		}
	}
	return list
}
