// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package fetch

import "cmp"

// lostInARow is how many entries of a list in a row may be unreadable until the
// list itself is.
const lostInARow = 3

// Pieces reads a page of a list that is not answered as a whole: one entry that
// the server fails over spoils the page that it is on. ask reads the page with a
// number, counted from 1, of a size that divides that of the whole. smaller
// reports whether after an error a smaller page may do. The answers come in
// order, with nil for each entry that cannot be read even alone, and lost is why
// the first one cannot. err is why nothing came of the page.
func Pieces[A any](number, size int, ask func(number, size int) (*A, error), smaller func(error) bool) (answers []*A, lost, err error) {
	p := &pieces[A]{ask: ask, smaller: smaller}
	if err := p.read(number, size); err != nil {
		return nil, nil, err
	}
	return p.answers, p.lost, nil
}

type pieces[A any] struct {
	ask     func(number, size int) (*A, error)
	smaller func(error) bool
	answers []*A
	lost    error
	inARow  int
}

// read reads a page of more than one entry in parts of equal size.
func (p *pieces[A]) read(number, size int) error {
	n := 2
	for size%n != 0 {
		n++
	}
	size /= n
	for part := (number-1)*n + 1; part <= number*n; part++ {
		answer, err := p.ask(part, size)
		switch {
		case err == nil:
			p.answers = append(p.answers, answer)
			p.inARow = 0
		case !p.smaller(err):
			return err
		case size > 1:
			if err := p.read(part, size); err != nil {
				return err
			}
		default:
			if p.inARow++; p.inARow == lostInARow {
				return err
			}
			p.answers = append(p.answers, nil)
			p.lost = cmp.Or(p.lost, err)
		}
	}
	return nil
}
