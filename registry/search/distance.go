// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import "math/bits"

// apart reports whether more than limit typing errors lie between two words for
// sure: one error changes the length by one at most, and takes one letter away
// and brings one at most.
func (s shape) apart(other shape, limit int) bool {
	return max(int(s.length)-int(other.length), int(other.length)-int(s.length)) > limit ||
		bits.OnesCount32(s.letters^other.letters) > 2*limit
}

// distance counts the letters left out, put in, taken for another or swapped
// with their neighbour (optimal string alignment) between two words of at most
// maxWord bytes. Over limit it may be any number over limit.
func distance(a, b string, limit int) int {
	var bufA, bufB [maxWord]rune
	x, y := runes(bufA[:0], a), runes(bufB[:0], b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	var rows [3][maxWord + 2]int
	before, above, row := rows[0][:], rows[1][:], rows[2][:]
	for j := range min(len(y), limit+1) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		// Farther from the diagonal than limit, all is over it.
		from, to := max(1, i-limit), min(len(y), i+limit)
		row[from-1] = limit + 1
		if from == 1 {
			row[0] = i
		}
		if to == i+limit {
			above[to] = limit + 1
		}
		least := row[from-1]
		for j := from; j <= to; j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return above[len(y)]
}

func runes(buf []rune, s string) []rune {
	for _, r := range s {
		buf = append(buf, r)
	}
	return buf
}
