// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// contextLines is the number of lines around a change in a diff.
const contextLines = 3

// unifiedDiff compares two versions of a file line by line, in the form that
// patch and git apply read; "" where they are equal. It pairs the lines that
// stand once in each version and those around them, in time near linear.
func unifiedDiff(path string, before, after []byte) string {
	if bytes.Equal(before, after) {
		return ""
	}
	a, b := splitLines(before), splitLines(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- a/%s\n+++ b/%s\n", strings.TrimPrefix(path, "/"), strings.TrimPrefix(path, "/"))
	changes := compareLines(a, b)
	for len(changes) > 0 {
		// Changes that are near each other share a hunk.
		n := 1
		for n < len(changes) && changes[n].a0-changes[n-1].a1 <= 2*contextLines {
			n++
		}
		writeHunk(&out, a, b, changes[:n])
		changes = changes[n:]
	}
	return out.String()
}

// lineChange says that lines a0 to a1 of the one version are lines b0 to b1 of the
// other; from 0, the ends exclusive.
type lineChange struct{ a0, a1, b0, b1 int }

func splitLines(s []byte) []string {
	var out []string
	for line := range bytes.Lines(s) {
		out = append(out, string(line))
	}
	return out
}

// compareLines finds what differs between a and b.
func compareLines(a, b []string) []lineChange {
	var out []lineChange
	i, j := 0, 0 // compared so far
	for _, p := range append(anchors(a, b), [2]int{len(a), len(b)}) {
		// The pair may reach back over equal lines.
		x, y := p[0], p[1]
		if x < i || y < j {
			continue // within what the pair before reached
		}
		for x > i && y > j && a[x-1] == b[y-1] {
			x, y = x-1, y-1
		}
		// What lies between may begin alike.
		for i < x && j < y && a[i] == b[j] {
			i, j = i+1, j+1
		}
		if i < x || j < y {
			out = append(out, lineChange{i, x, j, y})
		}
		i, j = x, y
		for i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
		}
	}
	return out
}

// anchors pairs the lines that stand exactly once in a and in b, as many as keep
// their order.
func anchors(a, b []string) [][2]int {
	type counted struct{ inA, inB, at int }
	lines := make(map[string]*counted, len(a))
	for i, s := range a {
		if lines[s] == nil {
			lines[s] = &counted{}
		}
		lines[s].inA++
		lines[s].at = i
	}
	for _, s := range b {
		if c := lines[s]; c != nil {
			c.inB++
		}
	}
	// The longest increasing run of places in a: ends[n] is the pair that ends
	// the best run of length n+1 found so far.
	type pair struct {
		a, b   int
		before *pair
	}
	var ends []*pair
	for j, s := range b {
		c := lines[s]
		if c == nil || c.inA != 1 || c.inB != 1 {
			continue
		}
		n, _ := slices.BinarySearchFunc(ends, c.at, func(p *pair, at int) int { return p.a - at })
		p := &pair{a: c.at, b: j}
		if n > 0 {
			p.before = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, p)
		} else {
			ends[n] = p
		}
	}
	var out [][2]int
	if len(ends) > 0 {
		for p := ends[len(ends)-1]; p != nil; p = p.before {
			out = append(out, [2]int{p.a, p.b})
		}
	}
	slices.Reverse(out)
	return out
}

func writeHunk(out *strings.Builder, a, b []string, changes []lineChange) {
	first, last := changes[0], changes[len(changes)-1]
	lead := min(contextLines, first.a0)
	tail := min(contextLines, len(a)-last.a1)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", hunkRange(first.a0-lead, last.a1+tail), hunkRange(first.b0-lead, last.b1+tail))
	at := first.a0 - lead
	for _, c := range changes {
		writeLines(out, " ", a[at:c.a0])
		writeLines(out, "-", a[c.a0:c.a1])
		writeLines(out, "+", b[c.b0:c.b1])
		at = c.a1
	}
	writeLines(out, " ", a[at:last.a1+tail])
}

// hunkRange is a range of lines as a diff counts them: from 1, but an empty
// range by the line before it.
func hunkRange(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(from + 1)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func writeLines(out *strings.Builder, mark string, lines []string) {
	for _, line := range lines {
		out.WriteString(mark + line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}
