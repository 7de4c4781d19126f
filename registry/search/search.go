// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/registry"
)

// defaultLimit is the number of entries on a page where the query names none.
const defaultLimit = 20

// Search answers a query from the state of the source at its call. It sees
// every write that returned before.
//
// All words of Text must be found in an entry, unless AnyWord asks for any, but for those that hold for most
// (software, online); of three words and more, where few entries have them all,
// one in three may be missing. A word is found as it is, in another form, by
// other words for the same, as the beginning of a word (the last word of the
// query from two letters on, the others from three), as a part of a compound, by
// its own parts if it is a compound, and where none of that finds anything,
// anywhere in a word, or with one typing error (from four letters), two (from
// eight) or three (from twenty). Words in quotation marks must
// follow one another; what has a hyphen before it must not be there; a name of
// a filter and a colon before a value is one more filter (lizenz:MIT, land:SH,
// -status:obsolete). The first 16 words in the first 4096 bytes count, of each
// word its first 64 bytes; articles and the like only where there is nothing
// else. Text without a letter or digit finds nothing, unless it is blank.
//
// The better a word is met, the rarer it is, and the more telling the field,
// the higher stands the entry; maturity, activity, completeness and the verdict
// on the licence move it among others that are met about as well. Results of
// equal rank stand in order of name, then ID.
//
// An entry that is removed while its page is put together is missing in Items,
// not in Total. A Limit below 1 is 20. An unknown Sort and a cursor of another
// query are registry.ErrInvalid.
func (x *Index) Search(ctx context.Context, q registry.Query) (registry.Page, error) {
	asked := parse(q.Text)
	order := q.Sort
	if order == "" {
		order = registry.ByRelevance
		if len(asked.wanted) == 0 {
			order = registry.ByName
		}
	}
	if !slices.Contains(registry.Sorts(), order) {
		return registry.Page{}, fmt.Errorf("%w: no order %q; there are %q", registry.ErrInvalid, order, registry.Sorts())
	}
	mark := fingerprint(&q, order)
	after, err := parseCursor(q.After, mark)
	if err != nil {
		return registry.Page{}, err
	}
	if q.Limit < 1 {
		q.Limit = defaultLimit
	}
	if err := x.Refresh(ctx); err != nil {
		return registry.Page{}, err
	}
	v := &view{
		search: newSearch(x.catalogue.Load(), readerOf(q.Language)),
		q:      &q, asked: &asked, order: order, clock: clockAt(x.now()),
	}
	v.explain = q.Explain
	defer v.release()
	page, places, err := v.look(ctx, after)
	if err != nil {
		return registry.Page{}, fmt.Errorf("search: %w", err)
	}
	if len(places) > q.Limit {
		places = places[:q.Limit]
		last := places[q.Limit-1]
		last.Query = mark
		if page.Next, err = last.cursor(); err != nil {
			return registry.Page{}, fmt.Errorf("search: %w", err)
		}
	}
	page.Items = make([]*registry.Software, 0, len(places))
	for _, p := range places {
		s, err := x.source.Get(ctx, p.ID)
		switch {
		case err == nil:
			page.Items = append(page.Items, s)
			if q.Explain {
				page.Reasons = append(page.Reasons, v.reasons(s))
			}
		case !registry.Absent(err):
			return registry.Page{}, fmt.Errorf("search: %w", err)
		}
	}
	return page, nil
}

// readerOf is the language of the one who asks.
func readerOf(tag string) language {
	if l := languageOf(tag); l != otherText {
		return l
	}
	return germanText
}

// view is a query and what is found step by step.
type view struct {
	search
	q     *registry.Query
	asked *question
	order registry.Sort
	clock clock

	clauses []results // by clause of the question
	factors []uint32  // by clause: how much it counts, the rarer the more
	name    string    // the whole question, as names are compared
}

// countedBeside is from how many entries on facets are counted beside the
// ordering: waking another processor takes as long as counting some thousands.
const countedBeside = 5000

// look finds the places of a page, one more where there is a page after it, and
// all of the page but its items.
func (v *view) look(ctx context.Context, after *place) (registry.Page, []place, error) {
	matching, err := v.match(ctx)
	if err != nil {
		return registry.Page{}, nil, err
	}
	sieve := v.sieve()
	within, sides := sieve.sift(matching)
	var page registry.Page
	for _, in := range within {
		page.Total += in.count()
	}
	var counting sync.WaitGroup
	count := func() { page.Facets = v.count(within, sides, sieve) }
	if page.Total >= countedBeside {
		counting.Go(count)
	} else {
		count()
	}
	var all []place
	for i, l := range v.layers {
		all = v.first(all, i, l, within[i], after)
	}
	counting.Wait()
	slices.SortFunc(all, compare)
	if few := 3; page.Total < few && len(v.asked.wanted) > 0 {
		page.DidYouMean = v.meant(page.Total)
	}
	return page, all[:min(len(all), v.q.Limit+1)], ctx.Err()
}

// foundBeside is from how many entries on the words of a query are looked up
// beside one another.
var foundBeside = 20_000

// findBeside looks all clauses up.
func (v *view) findBeside() func(i int) results {
	wanted := v.asked.wanted
	all, others := make([]results, len(wanted)), make([]search, len(wanted))
	var finding sync.WaitGroup
	for i := 1; i < len(wanted); i++ {
		others[i] = newSearch(v.catalogue, v.reader)
		finding.Go(func() { all[i] = others[i].find(&wanted[i]) })
	}
	all[0] = v.find(&wanted[0])
	finding.Wait()
	for _, o := range others[1:] {
		v.inUse = append(v.inUse, o.inUse...)
		counters.Put(o.counter)
	}
	return func(i int) results { return all[i] }
}

// match finds by layer what the text asks for; nil for all there is.
func (v *view) match(ctx context.Context) ([]bitset, error) {
	if strings.TrimSpace(v.q.Text) == "" {
		return nil, nil
	}
	a := v.asked
	var matching []bitset
	if len(a.wanted) == 0 && len(a.unwanted) == 0 && len(a.filters) == 0 {
		for _, l := range v.layers {
			matching = append(matching, newBitset(len(l.docs)))
		}
		return matching, nil
	}
	for _, l := range v.layers {
		matching = append(matching, l.living())
	}
	total := v.size()
	find := func(i int) results {
		v.clause = i
		return v.find(&a.wanted[i])
	}
	if len(a.wanted) > 1 && total >= foundBeside && !v.explain {
		find = v.findBeside()
	}
	for i := range a.wanted {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := find(i)
		n := 0
		for j, l := range v.layers {
			r[j].docs.andNot(l.dead)
			if !a.wanted[i].filler {
				matching[j].and(r[j].docs)
			}
			n += r[j].docs.count()
		}
		v.clauses = append(v.clauses, r)
		v.factors = append(v.factors, a.wanted[i].factor(n, total))
		if n == 0 && a.mayLack() == 0 && !a.wanted[i].filler && !v.q.AnyWord {
			break
		}
	}
	if v.q.AnyWord {
		matching = v.either()
	} else {
		matching = v.relaxed(matching)
	}
	v.name = nameKey(v.q.Text)
	for i := range a.unwanted {
		v.explain = false
		r := v.without(&a.unwanted[i])
		for j := range v.layers {
			matching[j].andNot(r[j].docs)
		}
	}
	v.explain = v.q.Explain
	return matching, nil
}
