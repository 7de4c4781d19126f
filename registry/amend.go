// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/adoption"
)

// Register is what documents say of entries: what organisations say of themselves
// in public, and what was corrected. It is read once for many entries.
type Register struct {
	said      map[string][]said     // by ID.Key of the software that is named
	together  map[string][]together // as said
	overrides map[string][]Override // by ID.Key of the entry
	former    map[string][]ID       // IDs that an entry had, by ID.Key
}

// said is a statement, and what it is part of.
type said struct {
	Adoption
	in *Adoptions
}

// together is what is said of co-maintenance, and what it is part of.
type together struct {
	Comaintenance
	in *Adoptions
}

// RegisterStore is what a Register is read from. Every store has it.
type RegisterStore interface {
	ListDocuments(ctx context.Context, list DocumentList) iter.Seq2[*Document, error]
	Aliases(ctx context.Context) (map[ID]ID, error)
}

// ReadRegister reads all adoptions and overrides. What is restricted it leaves out.
func ReadRegister(ctx context.Context, store RegisterStore) (*Register, error) {
	r := &Register{said: map[string][]said{}, together: map[string][]together{}, overrides: map[string][]Override{}, former: map[string][]ID{}}
	aliases, err := store.Aliases(ctx)
	if err != nil {
		return nil, err
	}
	for from, to := range aliases {
		r.former[to.Key()] = append(r.former[to.Key()], from)
	}
	for a, err := range EachAdoptions(ctx, store) {
		if err != nil {
			return nil, err
		}
		for s, id := range a.Public() {
			r.said[id.Key()] = append(r.said[id.Key()], said{a.Adoption(s), a})
		}
		for _, c := range a.Comaintenance {
			if id, err := ParseID(c.Software); err == nil {
				r.together[id.Key()] = append(r.together[id.Key()], together{a.comaintenance(c), a})
			}
		}
	}
	for d, err := range store.ListDocuments(ctx, DocumentList{Kind: OverrideDocument}) {
		if err != nil {
			return nil, err
		}
		o, err := ReadDocument[Override](d)
		if err != nil {
			return nil, err
		}
		id, _, _ := strings.Cut(d.Key, " ")
		r.overrides[ID(id).Key()] = append(r.overrides[ID(id).Key()], *o)
	}
	return r, nil
}

// EachAdoptions yields all that organisations say, restricted statements too. An
// error is the last thing yielded.
func EachAdoptions(ctx context.Context, store RegisterStore) iter.Seq2[*Adoptions, error] {
	return eachDocument[Adoptions](ctx, store, AdoptionsDocument)
}

// Public yields the statements that anybody may see, with the ID that each names.
// One about what is no address of a repository says nothing.
func (a *Adoptions) Public() iter.Seq2[adoption.Statement, ID] {
	return func(yield func(adoption.Statement, ID) bool) {
		for _, s := range a.Statements {
			id, err := ParseID(s.Software)
			if public := s.Visibility == "" || s.Visibility == adoption.Public; !public || err != nil {
				continue
			}
			if !yield(s, id) {
				return
			}
		}
	}
}

// Adoption is a statement among a as it is told of an entry.
func (a *Adoptions) Adoption(s adoption.Statement) Adoption {
	return Adoption{
		Organisation: a.Organisation, Publisher: a.Publisher, Role: s.Role, Version: s.Version, Since: s.Since,
		ConfirmedUntil: a.Until(s), Purpose: s.Purpose, Contact: s.Contact, Repository: a.Repository, URL: a.URL, Vouched: a.Vouched.By,
	}
}

// Amend sets what organisations say of an entry, under its ID, those it had and
// those of its other locations, and what was corrected of it. It reports whether
// that changed the entry.
func (r *Register) Amend(s *Software) bool {
	before := body([]any{s.Adoptions, s.Comaintenance, s.Overrides})
	s.Adoptions = r.adoptions(s)
	s.Correct(r.overridesOf(s)) // may set the publisher
	s.Comaintenance = r.comaintenance(s)
	return !bytes.Equal(before, body([]any{s.Adoptions, s.Comaintenance, s.Overrides}))
}

func (r *Register) ids(s *Software) []ID {
	ids := append([]ID{s.ID}, r.former[s.ID.Key()]...)
	for _, l := range s.Locations {
		ids = append(ids, l.ID)
	}
	return ids
}

// adoptions are the statements about an entry. Where an organisation says what it
// does in two places, the one counts where it is known to speak itself, or else the
// newer one.
func (r *Register) adoptions(s *Software) []Adoption {
	var all []said
	for _, id := range r.ids(s) {
		all = append(all, r.said[id.Key()]...)
	}
	slices.SortStableFunc(all, func(a, b said) int {
		return cmp.Or(first(a.Own(), b.Own()), b.in.Time.Compare(a.in.Time), cmp.Compare(a.in.Key(), b.in.Key()))
	})
	var kept []said
	for _, a := range all {
		if !slices.ContainsFunc(kept, a.saidBy) {
			kept = append(kept, a)
		}
	}
	var out []Adoption
	for _, k := range kept {
		out = append(out, k.Adoption)
	}
	slices.SortStableFunc(out, func(a, b Adoption) int {
		return cmp.Or(cmp.Compare(a.Organisation.URI, b.Organisation.URI),
			cmp.Compare(slices.Index(adoption.Roles(), a.Role), slices.Index(adoption.Roles(), b.Role)),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.Repository, b.Repository))
	})
	return out
}

func (a *Adoptions) comaintenance(c adoption.Comaintenance) Comaintenance {
	c.ConfirmedUntil = a.until(c.ConfirmedUntil)
	return Comaintenance{
		Comaintenance: c, Organisation: a.Organisation, Publisher: a.Publisher, Repository: a.Repository, URL: a.URL, Vouched: a.Vouched.By,
	}
}

// comaintenance is what is said of how an entry is looked after. Where an
// organisation says it in two places, the one counts where it is known to speak
// itself, or else the newer one.
func (r *Register) comaintenance(s *Software) []Comaintenance {
	var all []together
	for _, id := range r.ids(s) {
		all = append(all, r.together[id.Key()]...)
	}
	slices.SortStableFunc(all, func(a, b together) int {
		return cmp.Or(first(s.SaidByPublisher(a.Comaintenance), s.SaidByPublisher(b.Comaintenance)),
			cmp.Compare(OrganisationKey(a.Organisation.URI), OrganisationKey(b.Organisation.URI)),
			first(a.Proof() != ProvenPublisher, b.Proof() != ProvenPublisher),
			b.in.Time.Compare(a.in.Time), cmp.Compare(a.in.Key(), b.in.Key()))
	})
	var out []Comaintenance
	for _, c := range all {
		same := func(k Comaintenance) bool {
			return OrganisationKey(k.Organisation.URI) == OrganisationKey(c.Organisation.URI) &&
				(k.Proof() != ProvenPublisher || k.Publisher.Key() == c.Publisher.Key())
		}
		if len(out) < MaxComaintenance && !slices.ContainsFunc(out, same) {
			out = append(out, c.Comaintenance)
		}
	}
	return out
}

// saidBy reports whether a statement that counts more makes a superfluous.
func (a said) saidBy(k said) bool {
	if k.in == a.in { // two versions of a software can be in use
		return k.Adoption == a.Adoption
	}
	return k.Role == a.Role && OrganisationKey(k.Organisation.URI) == OrganisationKey(a.Organisation.URI) && (k.Own() || k.Speaker() == a.Speaker())
}

// first orders what has something before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// overridesOf are the corrections of an entry, in order of the fields: of one that
// was corrected under a former ID, too, the newest.
func (r *Register) overridesOf(s *Software) []Override {
	var list []Override
	for _, id := range append([]ID{s.ID}, r.former[s.ID.Key()]...) {
		list = append(list, r.overrides[id.Key()]...)
	}
	slices.SortStableFunc(list, func(a, b Override) int { return cmp.Or(cmp.Compare(a.Field, b.Field), b.Time.Compare(a.Time)) })
	return slices.CompactFunc(list, func(a, b Override) bool { return a.Field == b.Field })
}

// overridden is the place in an entry of each field that can be corrected.
func (s *Software) overridden(field OverrideField) any {
	switch field {
	case OverridePublisher:
		return &s.Publisher
	case OverrideCategories:
		return &s.PublicCode.Categories
	case OverrideStatus:
		return &s.PublicCode.DevelopmentStatus
	case OverrideLicence:
		return &s.PublicCode.Legal.License
	}
	return nil
}

// Correct puts the values of overrides in place and remembers in Was what the
// repository says. Those that the entry has so far are undone before: with none the
// entry says what its repository does. An override whose value does not fit its
// field is left out.
func (s *Software) Correct(overrides []Override) {
	for _, o := range s.Overrides {
		place := reflect.ValueOf(s.overridden(o.Field))
		if !place.IsValid() {
			continue
		}
		was := reflect.New(place.Type().Elem())
		if o.Was == nil || json.Unmarshal(o.Was, was.Interface()) == nil {
			place.Elem().Set(was.Elem())
		}
	}
	s.Overrides = nil
	for _, o := range overrides {
		place := reflect.ValueOf(s.overridden(o.Field))
		if !place.IsValid() {
			continue
		}
		value := reflect.New(place.Type().Elem())
		if json.Unmarshal(o.Value, value.Interface()) != nil {
			continue
		}
		o.Was = nil
		if !place.Elem().IsZero() {
			o.Was = body(place.Interface())
		}
		o.Time = o.Time.UTC()
		place.Elem().Set(value.Elem())
		s.Overrides = append(s.Overrides, o)
	}
}

// Amend lays what documents say of entries into them: after a write of Adoptions
// or of an Override. What is no entry, such as one that was removed, is passed
// over; an alias leads to the entry.
func Amend(ctx context.Context, store interface {
	Store
	Documents
}, ids ...ID,
) error {
	register, err := ReadRegister(ctx, store)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := amend(ctx, store, register, id); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	return nil
}

func amend(ctx context.Context, store Store, register *Register, id ID) error {
	for {
		entry, err := store.Get(ctx, id)
		var moved *MovedError
		switch {
		case errors.As(err, &moved):
			id = moved.To
			continue
		case errors.Is(err, ErrNotFound), errors.Is(err, ErrGone):
			return nil
		case err != nil:
			return err
		}
		if !register.Amend(entry) {
			return nil
		}
		if _, err = store.Put(ctx, entry); !errors.Is(err, ErrConflict) {
			return err
		}
	}
}
