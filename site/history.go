// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what is shown of the changes of an entry.
const (
	maxRevisions = 50
	maxChanged   = 30 // values of one revision, of the known ones and of the others
)

// past are the newest changes of an entry, in no language yet.
type past struct {
	ID        registry.ID // that it has now
	Software  *registry.Software
	Removed   bool
	Revisions []pastRevision // the newest first
	More      bool           // there are older ones
	Earlier   bool           // there were older ones, but they were not recorded
}

// pastRevision is a change with the values that it changed; those of a restored
// entry since it was removed.
type pastRevision struct {
	registry.Change
	Differences []registry.Difference
}

// history reads the newest changes of an entry and compares each of its states
// with the one before.
func (s *Site) history(ctx context.Context, id registry.ID) (*past, error) {
	p := &past{}
	var later *registry.Software // the state that of left, whose state before is still to come
	of := 0
	for r, err := range s.catalogue.History(ctx, id) {
		if err != nil {
			return nil, err
		}
		if r.Software != nil {
			if later == nil {
				p.Software = r.Software
			} else {
				p.Revisions[of].Differences = registry.Compare(r.Software, later)
			}
			later, of = r.Software, len(p.Revisions)
		}
		if p.More = len(p.Revisions) == maxRevisions; !p.More {
			p.Revisions = append(p.Revisions, pastRevision{Change: r.Change})
		} else if r.Software != nil || later == nil {
			break
		}
	}
	if len(p.Revisions) == 0 {
		return nil, fmt.Errorf("history of %s: %w", id, registry.ErrNotFound)
	}
	newest, oldest := p.Revisions[0], p.Revisions[len(p.Revisions)-1]
	p.ID, p.Removed = newest.ID, newest.Kind == registry.Removed
	p.Earlier = !p.More && oldest.Kind != registry.Added
	return p, nil
}

// historyBody is what the page of an entry's changes shows.
type historyBody struct {
	Name      string
	Path      string // of the entry; "" where it is removed
	Revisions []revision
	More      bool
	Earlier   bool
}

// revision is a change in one language.
type revision struct {
	Number registry.Rev
	Rev    string
	Time   time.Time
	What   string
	From   registry.ID
	Reason string
	Known  []changed // values that have a name
	Others []changed
	Rest   int // more than are shown
}

func (s *Site) historyPage(lang string, p *past, static bool) *page {
	b := historyBody{Name: string(p.ID), More: p.More, Earlier: p.Earlier}
	if p.Software != nil {
		text, _ := p.Software.PublicCode.Text(lang)
		b.Name = shorten(displayName(p.Software, text), maxName)
	}
	if !p.Removed {
		b.Path, _ = softwarePath(p.ID)
	}
	for _, r := range p.Revisions {
		shown := revision{
			Number: r.Rev, Rev: formatNumber(lang, int(r.Rev)), Time: r.Time, From: r.From,
			What: word(lang, "change", string(r.Kind)),
		}
		if r.Reason != "" {
			shown.Reason = word(lang, "reason", string(r.Reason))
		}
		shown.Known, shown.Others, shown.Rest = newChanged(lang, r.Differences)
		b.Revisions = append(b.Revisions, shown)
	}
	path, _ := historyPath(p.ID)
	title := say(lang, "history.title", b.Name)
	return &page{
		Kind: historyPage, Lang: lang, Path: path, Section: "software", Static: static, NoIndex: true,
		Title: title, Description: say(lang, "history.about", b.Name),
		Crumbs: crumbs(lang, crumb{say(lang, "list.title"), listPath}, crumb{b.Name, b.Path}, crumb{say(lang, "history.short"), ""}),
		Body:   b,
	}
}

func (s *Site) answerHistory(ctx context.Context, lang string, id registry.ID) (answer, error) {
	p, err := s.history(ctx, id)
	var moved *registry.MovedError
	var to registry.ID
	switch {
	case errors.As(err, &moved):
		if to = moved.To; to == id {
			return answer{}, registry.ErrNotFound
		}
	case err != nil:
		return answer{}, err
	default:
		to = p.ID // it may be written otherwise
	}
	path, ok := historyPath(to)
	switch {
	case !ok:
		return answer{}, registry.ErrNotFound
	case to != id:
		return answer{location: s.prefix + localPath(lang, path)}, nil
	}
	return found(s.historyPage(lang, p, false))
}
