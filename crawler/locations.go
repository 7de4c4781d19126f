// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// home is the repository that the url of a file names, "" where it names the one
// that holds the file, or none.
func home(own registry.ID, pc *publiccode.PublicCode) registry.ID {
	other, err := registry.ParseID(pc.URL)
	if err != nil || other.Repository().Same(own.Repository()) {
		return ""
	}
	return other
}

// basedOn are the repositories that a software is a variant of: those that its
// file names, and the one that a fork with an address of its own came from.
func basedOn(own registry.ID, pc *publiccode.PublicCode, repo Repo) []registry.ID {
	var ids []registry.ID
	addresses := pc.IsBasedOn
	if repo.Fork {
		addresses = append(slices.Clone(addresses), repo.Parent)
	}
	for _, address := range addresses {
		id, err := registry.ParseID(address)
		if err == nil && !id.Same(own) && !slices.ContainsFunc(ids, id.Same) {
			ids = append(ids, id)
		}
	}
	return ids
}

// affect notes that what speaks for an entry has changed.
func (s *sweep) affect(id registry.ID) {
	if id == "" {
		return
	}
	s.mu.Lock()
	s.affected[id] = true
	s.mu.Unlock()
}

// live returns the entry at an ID, also under its former one; nil where there is
// none.
func (s *sweep) live(ctx context.Context, id registry.ID) (*registry.Software, error) {
	entry, err := registry.Find(ctx, s.Store, id)
	if err != nil && !registry.Absent(err) {
		return nil, err
	}
	return entry, nil
}

// settle relates the repositories whose files name another one to the entries
// there are now: it can be known only when all is listed. It works from the
// crawl log, so that one that was cut off is made good by the next. One at a time
// does it, see registry.SettleTask.
func (s *sweep) settle(ctx context.Context) error {
	if err := s.withdraw(ctx); err != nil {
		return err
	}
	if err := s.prove(ctx); err != nil {
		return err
	}
	register, err := registry.ReadRegister(ctx, s.Store)
	if err != nil {
		return err
	}
	if err := s.related(ctx, register); err != nil {
		return err
	}
	var visits []*registry.Visit
	for v, err := range s.Store.Visits(ctx, "", registry.Entry, registry.AtOther, registry.TechnicalFork) {
		if err != nil {
			return err
		}
		if v.Of != "" {
			visits = append(visits, v)
		}
	}
	// Of two that name each other one stays an entry.
	locations := map[registry.ID][]registry.Location{}
	forks := map[registry.ID]int{}
	for _, v := range visits {
		entry, err := s.live(ctx, v.Of)
		if err != nil {
			return err
		}
		if entry != nil && entry.ID.Same(v.Repo) {
			entry = nil
		}
		switch {
		case entry == nil && v.Outcome == registry.AtOther:
			// Its home is gone: it is read again, and becomes an entry.
			v.Version = ""
			if err := s.Store.PutVisit(ctx, v); err != nil {
				return err
			}
		case entry == nil:
		case v.Outcome == registry.TechnicalFork:
			forks[entry.ID]++
			s.affect(entry.ID)
		default:
			if v.Outcome == registry.Entry {
				if err := s.merge(ctx, v, entry.ID); err != nil {
					return err
				}
			}
			locations[entry.ID] = append(locations[entry.ID], registry.Location{ID: v.Repo, URL: v.URL, Forge: v.Forge})
			s.affect(entry.ID)
		}
	}
	families, err := s.families(ctx)
	if err != nil {
		return err
	}
	for id := range families {
		s.affect(id)
	}
	for id := range s.affected {
		if err := s.relate(ctx, id, locations, forks, families, register); err != nil {
			return err
		}
	}
	return nil
}

// related notes the entries that others speak for so far, also those that a
// sweep which was cut off did not come to, and those of which documents say other
// things than they do.
func (s *sweep) related(ctx context.Context, register *registry.Register) error {
	for entry, err := range s.Store.All(ctx) {
		if err != nil {
			return err
		}
		if len(entry.Locations) > 0 || entry.TechnicalForks > 0 || len(entry.Forks) > 0 || register.Amend(entry) {
			s.affect(entry.ID)
		}
	}
	return nil
}

// merge makes an entry a location of another one.
func (s *sweep) merge(ctx context.Context, v *registry.Visit, home registry.ID) error {
	defer s.turns.take(v.Repo)()
	if now, err := s.Store.Visit(ctx, v.Repo); err != nil || !now.Time.Equal(v.Time) {
		return err // another process has visited it, and asks for this again
	}
	if err := s.remove(ctx, v.Repo, registry.Merged); err != nil && !registry.Absent(err) {
		return err
	}
	s.tell(func(sum *Summary) {
		if kind, counted := s.homeless[v.Repo]; counted {
			sum.Entries--
			sum.Locations++
			if kind == registry.Added || kind == registry.Restored { // and gone again
				sum.New--
				sum.Gone--
			}
		}
	})
	v.Outcome, v.Detail = registry.AtOther, atOther(home)
	return s.Store.PutVisit(ctx, v)
}

func atOther(home registry.ID) string {
	return fmt.Sprintf("its url names %s, which is in the catalogue: it is another location of that entry", home)
}

// relate writes what speaks for an entry into it.
func (s *sweep) relate(
	ctx context.Context, id registry.ID, locations map[registry.ID][]registry.Location, forks map[registry.ID]int,
	families map[registry.ID][]*registry.Visit, register *registry.Register,
) error {
	entry, err := s.live(ctx, id)
	if entry == nil {
		return err
	}
	defer s.turns.take(entry.ID)()
	places := locations[entry.ID]
	slices.SortFunc(places, func(a, b registry.Location) int { return cmp.Compare(a.ID, b.ID) })
	copies := s.forksOf(families[entry.ID])
	return s.amend(ctx, entry.ID, func(entry *registry.Software) bool {
		same := slices.Equal(places, entry.Locations) && forks[entry.ID] == entry.TechnicalForks && registry.SameForks(copies, entry.Forks)
		entry.Locations, entry.TechnicalForks, entry.Forks = places, forks[entry.ID], copies
		return register.Amend(entry) || !same
	})
}

// amend changes an entry as it is now, once more where another process changed it
// meanwhile. What is none any more is left alone, and so is it where change
// returns false.
func (s *sweep) amend(ctx context.Context, id registry.ID, change func(*registry.Software) bool) error {
	for {
		entry, err := s.Store.Get(ctx, id)
		if err != nil {
			return notAbsent(err)
		}
		if !change(entry) {
			return nil
		}
		if _, err = s.Store.Put(ctx, entry); !errors.Is(err, registry.ErrConflict) {
			return err
		}
	}
}
