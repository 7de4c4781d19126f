// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"math/rand/v2"
	"testing"
)

// apartBy is distance in its plainest form.
func apartBy(a, b []rune) int {
	d := map[[2]int]int{}
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			if i == 0 || j == 0 {
				d[[2]int{i, j}] = i + j
				continue
			}
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			least := min(d[[2]int{i - 1, j}]+1, d[[2]int{i, j - 1}]+1, d[[2]int{i - 1, j - 1}]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				least = min(least, d[[2]int{i - 2, j - 2}]+1)
			}
			d[[2]int{i, j}] = least
		}
	}
	return d[[2]int{len(a), len(b)}]
}

func TestDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	letters := []rune("abcß")
	for range 20_000 {
		a := make([]rune, r.IntN(12))
		for i := range a {
			a[i] = letters[r.IntN(len(letters))]
		}
		b := append([]rune(nil), a...)
		for range r.IntN(5) { // a few errors
			if at := r.IntN(len(b) + 1); r.IntN(2) == 0 || at == len(b) {
				b = append(b[:at:at], append([]rune{letters[r.IntN(len(letters))]}, b[at:]...)...)
			} else if at > 0 && r.IntN(2) == 0 {
				b[at-1], b[at] = b[at], b[at-1]
			} else {
				b = append(b[:at:at], b[at+1:]...)
			}
		}
		want := apartBy(a, b)
		for limit := 1; limit <= 3; limit++ {
			got := distance(string(a), string(b), limit)
			if min(got, limit+1) != min(want, limit+1) {
				t.Fatalf("%s and %s within %d: %d, want %d", string(a), string(b), limit, got, want)
			}
			if want <= limit && shapeOf(string(a)).apart(shapeOf(string(b)), limit) {
				t.Fatalf("%s and %s are called apart by more than %d", string(a), string(b), limit)
			}
		}
	}
}
