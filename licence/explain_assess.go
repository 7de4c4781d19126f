// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"

	"github.com/allmende-registry/allmende/spdx"
)

// The orders from good to bad: AND takes the last of its operands, OR the first.
var (
	categoryOrder = []Category{
		PublicDomain, Permissive, WeakCopyleft, StrongCopyleft, NetworkCopyleft,
		SourceAvailable, Restricted, Proprietary, NoCategory,
	}
	approvalOrder = []Answer{Yes, Unknown, No}
	networkOrder  = []Answer{No, Unknown, Yes}
	patentOrder   = []Patents{PatentsGranted, PatentsSilent, PatentsUnknown, PatentsExcluded}
)

func first[T comparable](order []T, a, b T) T {
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}

func last[T comparable](order []T, a, b T) T {
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// nothingKnown is what holds for a licence of which there are no facts. AtLeast
// is always set while one assesses.
var nothingKnown = Assessment{NoCategory, PublicDomain, Unknown, Unknown, Unknown, false}

// assess says what holds for an expression as a whole.
func assess(e *spdx.Expression) Assessment {
	a := assessTree(e)
	if a.Category != NoCategory || a.AtLeast == PublicDomain {
		a.AtLeast = ""
	}
	return a
}

func assessTree(e *spdx.Expression) Assessment {
	if e == nil || e.Operator != "" && len(e.Operands) == 0 {
		return nothingKnown
	}
	if e.Operator == "" {
		return assessLicence(e.Licence)
	}
	out := assessTree(e.Operands[0])
	for _, operand := range e.Operands[1:] {
		a := assessTree(operand)
		if e.Operator == spdx.Or {
			out = Assessment{
				Category: first(categoryOrder, out.Category, a.Category),
				AtLeast:  first(categoryOrder, out.AtLeast, a.AtLeast),
				OSI:      first(approvalOrder, out.OSI, a.OSI),
				FSF:      first(approvalOrder, out.FSF, a.FSF),
				Network:  first(networkOrder, out.Network, a.Network),
				Covered:  out.Covered || a.Covered,
			}
			continue
		}
		out = Assessment{
			Category: last(categoryOrder, out.Category, a.Category),
			AtLeast:  last(categoryOrder, out.AtLeast, a.AtLeast),
			OSI:      last(approvalOrder, out.OSI, a.OSI),
			FSF:      last(approvalOrder, out.FSF, a.FSF),
			Network:  last(networkOrder, out.Network, a.Network),
			Covered:  out.Covered && a.Covered,
		}
	}
	return out
}

func assessLicence(l spdx.Licence) Assessment {
	f, ok := lookup(l)
	if !ok {
		return nothingKnown
	}
	a := Assessment{f.Category, f.Category, f.OSI, f.FSF, f.Network, f.Covered}
	if f.Category == NoCategory {
		a.AtLeast = PublicDomain
	}
	return a
}

// lookup finds the facts of a licence of an expression; its exception changes
// none of them.
func lookup(l spdx.Licence) (Licence, bool) {
	if l.OrLater {
		l.ID += "+"
	}
	return Lookup(l.ID)
}
