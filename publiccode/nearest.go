// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import "strings"

// nearest returns the word of the list that s was most likely meant to be, or
// "" where none is near.
func nearest(s string, words []string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || len(s) > 60 {
		return ""
	}
	folded := strings.NewReplacer(" ", "-", "_", "-").Replace(s)
	// What stands before a slash is given; only the rest may be mistyped.
	group, rest := folded[:strings.LastIndexByte(folded, '/')+1], folded[strings.LastIndexByte(folded, '/')+1:]
	best, bestDistance := "", 1+max(1, len(rest)/4)
	for _, w := range words {
		l := strings.ToLower(w)
		if l == s || l == folded {
			return w
		}
		if len(rest) < 3 || !strings.HasPrefix(l, group) {
			continue
		}
		if d := editDistance(rest, l[len(group):], bestDistance); d < bestDistance {
			best, bestDistance = w, d
		}
	}
	if best != "" {
		return best
	}
	// A whole word of a compound: "library" in "my library", "web" in
	// "standalone/web", "learning-management" in "learning-management-system".
	if len(folded) >= 3 {
		for _, w := range words {
			l := strings.ToLower(w)
			if strings.HasSuffix(l, "/"+folded) || strings.HasPrefix(l, folded+"-") {
				return w
			}
		}
	}
	return ""
}

// editDistance counts the letters to change, drop, add or swap with their
// neighbour to turn one short string into the other, in bytes; limit where it is
// not less.
func editDistance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		least := next[0]
		for j := range len(b) {
			cost := row[j]
			if a[i] != b[j] {
				cost++
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				cost = min(cost, before[j-1]+1)
			}
			next[j+1] = min(cost, next[j]+1, row[j+1]+1)
			least = min(least, next[j+1])
		}
		if least >= limit {
			return limit
		}
		before, row, next = row, next, before
	}
	return min(row[len(b)], limit)
}
