// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package spdx

import (
	"iter"
	"math/big"
	"slices"
	"strings"
)

// String spells the licence as in an expression, such as "Apache-2.0+" or
// "GPL-2.0-only WITH Classpath-exception-2.0".
func (l Licence) String() string {
	s := l.ID
	if l.OrLater {
		s += "+"
	}
	if l.Exception != "" {
		s += " WITH " + l.Exception
	}
	return s
}

// String spells the expression with the fewest brackets: AND binds closer than
// OR.
func (e *Expression) String() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

func (e *Expression) write(b *strings.Builder) {
	if e == nil {
		return
	}
	if e.Operator == "" {
		b.WriteString(e.Licence.String())
		return
	}
	for i, o := range e.Operands {
		if i > 0 {
			b.WriteString(" " + string(e.Operator) + " ")
		}
		if e.Operator == And && o != nil && o.Operator == Or {
			b.WriteByte('(')
			o.write(b)
			b.WriteByte(')')
		} else {
			o.write(b)
		}
	}
}

// Licences returns the licences in the order of the expression, one that is
// named twice twice.
func (e *Expression) Licences() iter.Seq[Licence] {
	return func(yield func(Licence) bool) { e.each(yield) }
}

func (e *Expression) each(yield func(Licence) bool) bool {
	switch {
	case e == nil:
		return true
	case e.Operator == "":
		return yield(e.Licence)
	}
	return !slices.ContainsFunc(e.Operands, func(o *Expression) bool { return !o.each(yield) })
}

// Satisfied reports whether licences of which ok is true suffice: of OR one
// branch, of AND all.
func (e *Expression) Satisfied(ok func(Licence) bool) bool {
	if e == nil {
		return false
	}
	satisfied := func(o *Expression) bool { return o.Satisfied(ok) }
	switch e.Operator {
	case Or:
		return slices.ContainsFunc(e.Operands, satisfied)
	case And:
		return !slices.ContainsFunc(e.Operands, func(o *Expression) bool { return !satisfied(o) })
	}
	return ok(e.Licence)
}

// maxAlternatives bounds what Alternatives returns.
const maxAlternatives = 64

// Alternatives returns the sets of licences of which one suffices, in the order
// of the expression: OR over AND. A set that another is part of is left out. The
// second result is false where there are over 64, also on the way.
func (e *Expression) Alternatives() ([][]Licence, bool) {
	var licences []Licence
	for l := range e.Licences() {
		if !slices.Contains(licences, l) {
			licences = append(licences, l)
		}
	}
	sets, ok := e.sets(licences)
	if !ok {
		return nil, false
	}
	out := make([][]Licence, len(sets))
	for i, set := range sets {
		for n, l := range licences {
			if set.Bit(n) == 1 {
				out[i] = append(out[i], l)
			}
		}
	}
	return out, true
}

// sets returns the alternatives as sets of indices into licences.
func (e *Expression) sets(licences []Licence) (out []*big.Int, ok bool) {
	if e == nil {
		return nil, true
	}
	if e.Operator == "" {
		return []*big.Int{new(big.Int).SetBit(new(big.Int), slices.Index(licences, e.Licence), 1)}, true
	}
	for i, o := range e.Operands {
		branch, ok := o.sets(licences)
		if !ok {
			return nil, false
		}
		if e.Operator == Or || i == 0 {
			for _, set := range branch {
				out = addAlternative(out, set)
			}
		} else {
			former := out
			out = nil
			for _, a := range former {
				for _, b := range branch {
					out = addAlternative(out, new(big.Int).Or(a, b))
					if len(out) > maxAlternatives {
						return nil, false
					}
				}
			}
		}
		if len(out) > maxAlternatives {
			return nil, false
		}
	}
	return out, true
}

// addAlternative keeps of sets that contain one another the smallest.
func addAlternative(sets []*big.Int, added *big.Int) []*big.Int {
	var rest big.Int
	within := func(a, b *big.Int) bool { return rest.AndNot(a, b).Sign() == 0 }
	if slices.ContainsFunc(sets, func(s *big.Int) bool { return within(s, added) }) {
		return sets
	}
	sets = slices.DeleteFunc(sets, func(s *big.Int) bool { return within(added, s) })
	return append(sets, added)
}
