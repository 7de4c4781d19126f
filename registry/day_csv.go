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
// where there is none; no column begins with what strangers wrote. Reuse has columns
// for all places together, and for each that has any; they are empty, not 0, on a day
// on which it was not counted.
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
	places := slices.DeleteFunc(Places(), func(place string) bool {
		return !slices.ContainsFunc(days, func(d *Day) bool { return d.Reuse != nil && d.Reuse.At(place) != PlaceReuse{} })
	})
	if slices.ContainsFunc(days, func(d *Day) bool { return d.Reuse != nil }) {
		head = append(head, "reuse:claims", "reuse:claimed", "reuse:shared", "reuse:within", "reuse:users")
		for _, place := range places {
			head = append(head, "reuse:published:"+place, "reuse:shared:"+place, "reuse:within:"+place, "reuse:used:"+place, "reuse:users:"+place)
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
		if d.Reuse != nil {
			all := d.Reuse.Total
			numbers := []int{d.Reuse.Claims, all.Claimed, all.Shared, all.Within, all.Users}
			for _, place := range places {
				p := d.Reuse.At(place)
				numbers = append(numbers, p.Published, p.Shared, p.Within, p.Used, p.Users)
			}
			for _, n := range numbers {
				line = append(line, strconv.Itoa(n))
			}
		}
		_ = out.Write(append(line, make([]string, len(head)-len(line))...))
	}
	out.Flush()
	return out.Error()
}
