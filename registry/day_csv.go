// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
)

// WriteDaysCSV writes days as CSV (RFC 4180), a line each. What entries are
// counted by has a column each, named after the kind and the value, which is empty
// where there is none; no column begins with what strangers wrote.
func WriteDaysCSV(w io.Writer, days []*Day) error {
	head := []string{"date", "rev", "entries", "incomplete", "new", "changed", "removed"}
	all := map[string]map[string]int{} // values by kind
	for _, d := range days {
		for kind, counts := range d.Counts() {
			if all[kind] == nil {
				all[kind] = map[string]int{}
			}
			maps.Copy(all[kind], counts)
		}
	}
	values := map[string][]string{}
	for kind := range new(Day).Counts() {
		values[kind] = slices.Sorted(maps.Keys(all[kind]))
		for _, value := range values[kind] {
			head = append(head, kind+":"+value)
		}
	}
	out := csv.NewWriter(w)
	_ = out.Write(head) // Error tells
	for _, d := range days {
		line := append(make([]string, 0, len(head)), d.Date)
		for _, n := range []int{int(d.Rev), d.Entries, d.Incomplete, d.New, d.Changed, d.Removed} {
			line = append(line, strconv.Itoa(n))
		}
		for kind, counts := range d.Counts() {
			for _, value := range values[kind] {
				line = append(line, strconv.Itoa(counts[value]))
			}
		}
		_ = out.Write(line)
	}
	out.Flush()
	return out.Error()
}
