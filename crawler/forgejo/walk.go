// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler/fetch"
)

// pageSize is the largest page that instances give unless they are configured
// otherwise.
const pageSize = 50

// maxIdle is how many pages in a row may bring nothing new.
const maxIdle = 100

// position is how far a listing has come: the repositories with numbers up to id
// are behind it, of which the last was on that page of a list. Numbers are never
// given twice and grow, so only repositories that went away move others, and
// those come closer to the first page.
type position struct {
	list string // which list the page is of; "" is none
	page int
	id   int64
}

func (p position) String() string { return fmt.Sprintf("%s.%d.%d", p.list, p.page, p.id) }

// parsePosition is the inverse of String. What is none is the beginning.
func parsePosition(s string) position {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return position{}
	}
	page, err := strconv.Atoi(parts[1])
	id, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || err2 != nil || page < 0 || id < 0 {
		return position{}
	}
	return position{parts[0], page, id}
}

// in is the position as far as it holds in a list.
func (p position) in(list string) position {
	if p.list != list || p.page < 1 {
		p.list, p.page = list, 1
	}
	return p
}

// request asks for one page of a list.
type request func(gitea.ListOptions) ([]*gitea.Repository, *gitea.Response, error)

// answer is one page of a list.
type answer struct {
	repos  []*gitea.Repository // without nulls
	full   int                 // how many entries there were
	total  int                 // of the whole list; -1 where that is not told
	next   bool                // another page is told of
	linked bool                // other pages are told of, if there are any
	lost   error               // why some entries could not be read
}

// page asks for a page, piece by piece where the instance fails over it.
func (ask request) page(ctx context.Context, number, size int) (answer, *gitea.Response, error) {
	a, resp, err := ask.piece(number, size)
	if err == nil || !lessHelps(ctx, resp, err) {
		return a, resp, err
	}
	pieces, lost, err := fetch.Pieces(number, size, func(number, size int) (*answer, error) {
		var piece answer
		piece, resp, err = ask.piece(number, size)
		return &piece, err
	}, func(err error) bool { return lessHelps(ctx, resp, err) })
	a = answer{total: -1, lost: lost}
	for _, piece := range pieces {
		if piece == nil {
			a.full, a.next = a.full+1, true
			continue
		}
		a.repos, a.full, a.next = append(a.repos, piece.repos...), a.full+piece.full, piece.next
		a.total, a.linked = max(a.total, piece.total), a.linked || piece.linked
	}
	return a, resp, err
}

// lessHelps reports whether after an error a smaller page may do: not where the
// instance refuses.
func lessHelps(ctx context.Context, resp *gitea.Response, err error) bool {
	code := status(resp)
	return !fetch.Hopeless(ctx, err) && (code < 400 || code >= 500)
}

func (ask request) piece(number, size int) (a answer, resp *gitea.Response, err error) {
	defer func() {
		// The library does not expect null.
		if p := recover(); p != nil {
			err = fmt.Errorf("the answer cannot be read: %v", p)
		}
	}()
	repos, resp, err := ask(gitea.ListOptions{Page: number, PageSize: size})
	if err != nil {
		return a, resp, err
	}
	a = answer{full: len(repos), total: -1, next: resp.NextPage > number, linked: resp.Header.Get("Link") != ""}
	if n, err := strconv.Atoi(resp.Header.Get("X-Total-Count")); err == nil && n >= 0 {
		a.total = n
	}
	if repos == nil && a.total != 0 {
		return a, nil, errNull
	}
	a.repos = slices.DeleteFunc(repos, func(r *gitea.Repository) bool { return r == nil })
	return a, resp, nil
}

// last reports whether no page comes after this one, where pages have up to size
// entries. Instances cut pages to a size of their own, and leave out of a page
// what may not be seen: a short or empty page need not be the last one.
func (a answer) last(number, size int) bool {
	if a.next {
		return a.full == 0 && (a.total < 0 || number >= a.total)
	}
	return a.full == 0 || a.linked || a.total >= 0 && number*size >= a.total
}

// step is what one page of a walk brought.
type step struct {
	repos []*gitea.Repository // that are beyond the position where the walk began, each once
	to    position            // after them
	lost  error               // why some repositories of the list could not be read; with the last one
	left  int                 // about how many pages are still to come, math.MaxInt where that is not told; 0 at the last one
}

// walk is on its way through a list. The list is in order of its repositories'
// numbers; one that is not is gone through all the same, but its positions stay
// at the beginning.
type walk struct {
	from, at position
	newest   int64 // highest number
	ordered  bool
	seen     map[int64]bool
}

// walk goes through a list from a position on. what begins the message of an
// error.
func (f *Forge) walk(ctx context.Context, what string, ask request, from position, found func(step) error) error {
	w := &walk{from: from, at: from, newest: from.id, ordered: true, seen: make(map[int64]bool)}
	number := from.page
	certain := number == 1 // nothing lies between the position and the page
	highest, total, size := 0, -1, 0
	var lost error
	for idle := 0; idle < maxIdle; idle++ {
		a, resp, err := ask.page(ctx, number, pageSize)
		if err != nil {
			return failure(resp, err, what)
		}
		lost = cmp.Or(lost, a.lost)
		// What goes away moves the rest to pages that were already gone through.
		certain = certain && (a.total < 0 || a.total >= total)
		total = a.total
		if !certain && number > 1 && w.beyond(a) {
			number--
			if size == 0 && total >= 0 { // the position may be far beyond the end
				number = min(number, max(1, pages(total, pageSize)))
			}
			continue
		}
		certain, size = true, max(size, a.full)
		before := len(w.seen)
		s := w.take(a, number, a.last(number, size))
		switch {
		case len(w.seen) > before:
			idle = 0
		case a.full > 0 && s.left > 0 && number > highest:
			return fmt.Errorf("%s: page %d of the list is not the last one, but brings nothing new", what, number)
		}
		if s.left > 0 && total >= 0 {
			s.left = max(1, pages(total, max(size, 1))-number)
		}
		if s.left == 0 && lost != nil {
			s.lost = fmt.Errorf("%s: repositories that cannot be listed: %w", what, lost)
		}
		if err := found(s); err != nil || s.left == 0 {
			return err
		}
		highest = max(highest, number)
		number++
	}
	return fmt.Errorf("%s: %d pages of the list brought nothing new", what, maxIdle)
}

func pages(entries, size int) int { return (entries + size - 1) / size }

// beyond reports whether something may lie between the position and a page.
func (w *walk) beyond(a answer) bool {
	return w.ordered && (len(a.repos) == 0 || a.repos[0].ID > w.at.id)
}

// take goes over a page.
func (w *walk) take(a answer, number int, last bool) step {
	ascending := slices.IsSortedFunc(a.repos, func(a, b *gitea.Repository) int { return cmp.Compare(a.ID, b.ID) })
	var s step
	for _, r := range a.repos {
		if w.seen[r.ID] {
			continue
		}
		w.seen[r.ID] = true
		if r.ID > w.from.id {
			ascending = ascending && r.ID > w.at.id
			w.newest = max(w.newest, r.ID)
			s.repos = append(s.repos, r)
		}
	}
	w.ordered = w.ordered && (ascending || last && number == 1)
	w.at = w.from
	if last || w.ordered {
		w.at = position{w.from.list, number, w.newest}
	}
	s.to = w.at
	if !last {
		s.left = math.MaxInt
	}
	return s
}
