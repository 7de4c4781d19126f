// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import "github.com/allmende-registry/allmende/spdx"

// leaf is a licence of an expression with the answer for it.
type leaf[T any] struct {
	licence spdx.Licence
	answer  T
	// necessary is false in a branch of OR that was not chosen.
	necessary bool
}

// weigh answers an expression: of AND all licences are necessary, of OR the
// branch whose worst answer is the best, the first of several. rank is 0 for the
// best answer. The leaves are in the order of the expression; the rank is that
// of the worst necessary one.
func weigh[T any](e *spdx.Expression, answer func(spdx.Licence) T, rank func(T) int) (int, []leaf[T]) {
	if e.Operator == "" {
		a := answer(e.Licence)
		return rank(a), []leaf[T]{{e.Licence, a, true}}
	}
	var leaves []leaf[T]
	var begins []int // of the operands in leaves
	of, best := 0, 0
	for i, o := range e.Operands {
		r, branch := weigh(o, answer, rank)
		begins = append(begins, len(leaves))
		leaves = append(leaves, branch...)
		if i == 0 || e.Operator == spdx.And && r > of || e.Operator == spdx.Or && r < of {
			of, best = r, i
		}
	}
	if e.Operator == spdx.Or {
		end := len(leaves)
		if best+1 < len(begins) {
			end = begins[best+1]
		}
		for i := range leaves {
			leaves[i].necessary = leaves[i].necessary && i >= begins[best] && i < end
		}
	}
	return of, leaves
}

// chosen names the necessary licences, each once.
func chosen[T any](leaves []leaf[T]) []string {
	out := []string{}
	for _, l := range leaves {
		if l.necessary {
			out = append(out, l.licence.String())
		}
	}
	return unique(out)
}

// unique keeps the first of equal texts.
func unique(list []string) []string {
	seen := map[string]bool{}
	out := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
