// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// maxAround is how many needs are shown with an entry.
const maxAround = 5

// organisations are those that the catalogue knows: who publishes an entry and who
// says something of one in public, each once.
type organisations struct {
	list []adoption.Organisation
	seen map[adoption.Organisation]bool
}

// add reads an entry. They come in order of ID.
func (o *organisations) add(g gist) {
	if o.seen == nil {
		o.seen = map[adoption.Organisation]bool{}
	}
	publisher := adoption.Organisation{URI: g.Publisher.URI, Name: g.Publisher.Name, Region: g.Publisher.Region}
	for _, one := range append(slices.Clip(g.Known), publisher) {
		if one = (adoption.Organisation{URI: one.URI, Name: one.Name, Region: one.Region}); !o.seen[one] {
			o.seen[one] = true
			o.list = append(o.list, one)
		}
	}
}

// surroundings are what the page of an entry shows that is neither in the entry nor
// of its neighbours: whom its publisher means by those that use it, and needs.
// They change without a change of the entry.
type surroundings struct {
	known    *adoption.Directory
	board    *board
	about    map[string][]*registry.BoardNeed // wishes of an entry, by keyOf
	answered map[string][]*registry.BoardNeed // needs that an entry may answer, by keyOf
	// Organisations and Needs are fingerprints: with the same ones, all entries have
	// the same around them.
	Organisations, Needs string
}

func newSurroundings(known organisations, b *board) (*surroundings, error) {
	x := &surroundings{known: &adoption.Directory{}}
	for _, o := range known.list {
		x.known.Add(o)
	}
	var err error
	x.Organisations, err = digest(known.list)
	return x.with(b), err
}

// with is x with another board.
func (x *surroundings) with(b *board) *surroundings {
	out := &surroundings{
		known: x.known, Organisations: x.Organisations, board: b, Needs: b.print,
		about: map[string][]*registry.BoardNeed{}, answered: map[string][]*registry.BoardNeed{},
	}
	for _, n := range b.needs {
		if n.Subject != "" {
			out.about[keyOf(n.Subject)] = append(out.about[keyOf(n.Subject)], n)
		}
		for _, m := range n.Solutions[:min(len(n.Solutions), maxMatches)] {
			if keyOf(m.Software) != keyOf(n.Subject) {
				out.answered[keyOf(m.Software)] = append(out.answered[keyOf(m.Software)], n)
			}
		}
	}
	return out
}

// around is what is around one entry.
type around struct {
	Claims   []registry.Claim // all of its file, with whom they mean
	Joint    []*registry.JointNeed
	Wishes   []*registry.BoardNeed // about it, beside those of Joint
	Answers  []*registry.BoardNeed // what it may be the answer to
	MoreLeft int                   // of them that are not among the first
	board    *board
}

// of is what is around an entry at a moment; of nil, what its file says.
func (x *surroundings) of(s *registry.Software, now time.Time) (a around) {
	if x == nil {
		return around{Claims: registry.ClaimsOf(s, &adoption.Directory{}, now)}
	}
	a = around{Claims: registry.ClaimsOf(s, x.known, now), board: x.board}
	for _, n := range x.about[keyOf(s.ID)] {
		switch j := x.board.joint[n.Joint]; {
		case j == nil:
			a.Wishes = append(a.Wishes, n)
		case !slices.Contains(a.Joint, j):
			a.Joint = append(a.Joint, j)
		}
	}
	a.Answers = x.answered[keyOf(s.ID)]
	for _, list := range []*[]*registry.BoardNeed{&a.Wishes, &a.Answers} {
		a.MoreLeft += max(0, len(*list)-maxAround)
		*list = (*list)[:min(len(*list), maxAround)]
	}
	return a
}

// needs reports whether there are needs around an entry.
func (x *surroundings) needs(id registry.ID) bool {
	return len(x.about[keyOf(id)])+len(x.answered[keyOf(id)]) > 0
}

// Print is a fingerprint of what is around an entry.
func (a around) Print() (string, error) { return digest(a) }

// readSurroundings reads the board and what is around entries with it.
func readSurroundings(ctx context.Context, c Catalogue, known organisations, now time.Time) (*surroundings, error) {
	b, err := readBoard(ctx, c, now)
	if err != nil {
		return nil, err
	}
	return newSurroundings(known, b)
}

func readBoard(ctx context.Context, c Catalogue, now time.Time) (*board, error) {
	all, err := c.Board(ctx, now)
	var b *board
	if err == nil {
		b, err = newBoard(all)
	}
	if err != nil {
		return nil, fmt.Errorf("needs: %w", err)
	}
	return b, nil
}

// lately is an overview whose count may be of an earlier revision, for what need
// not be of the moment.
func (s *Site) lately(ctx context.Context) (*overview, error) {
	o := s.recent.Load()
	if o == nil {
		return s.overview(ctx)
	}
	if !s.mu.TryLock() {
		return o, nil
	}
	defer s.mu.Unlock()
	return s.refreshed(ctx)
}

// refreshed is the newest overview with the needs of now, which are no changes of
// the log. Reading them takes no more than a twentieth of the time. The lock is held.
func (s *Site) refreshed(ctx context.Context) (*overview, error) {
	o := s.recent.Load()
	begin := time.Now()
	if begin.Sub(s.asked) < 20*s.expense {
		return o, nil
	}
	b, err := readBoard(ctx, s.catalogue, s.now())
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	s.asked = time.Now()
	s.expense = s.asked.Sub(begin)
	if b.print == o.Board.print {
		return o, nil
	}
	fresh := *o
	fresh.Board, fresh.around = b, o.around.with(b)
	s.recent.Store(&fresh)
	return &fresh, nil
}

// claim is what the publisher says of who uses the entry, as a page shows it.
type claim struct {
	Text         string
	Organisation link   // that is meant; its text is "" where that is not clear
	State        string // where that is at home; "" where its name says it
	Means        string // by what it was found
	Confirmed    bool
	Denied       bool
}

// readAround reads what is around the entry.
func (d *detail) readAround(a around, lang string) {
	for i, c := range a.Claims {
		if i == maxItems {
			d.MoreItems = true
			break
		}
		one := claim{Text: shorten(c.Text, maxLine), Confirmed: c.Confirmed, Denied: c.Denied}
		if one.Text == "" {
			continue
		}
		if c.Organisation != nil {
			one.Organisation = link{shorten(cmp.Or(c.Organisation.Name, c.Organisation.URI), maxName), webLink(c.Organisation.URI)}
			one.State, one.Means = stateBeside(c.Organisation.Region, c.Organisation.Name, lang), string(c.Means)
		}
		d.Claims = append(d.Claims, one)
	}
	for _, j := range a.Joint {
		d.Wishes.Joint = append(d.Wishes.Joint, a.board.wish(j, lang))
	}
	for _, n := range a.Wishes {
		d.Wishes.Single = append(d.Wishes.Single, newShortNeed(n, lang))
	}
	for _, n := range a.Answers {
		d.Wishes.Answers = append(d.Wishes.Answers, newShortNeed(n, lang))
	}
	d.Wishes.Rest = a.MoreLeft
}

// wishes are needs that have to do with an entry.
type wishes struct {
	Joint   []joint
	Single  []shortNeed // about it
	Answers []shortNeed // what it may be the answer to
	Rest    int         // that are not shown
}

// Any reports whether there is one.
func (w wishes) Any() bool { return w.Joint != nil || w.Single != nil || w.Answers != nil }
