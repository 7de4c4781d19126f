// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// helpFilter is a field that a list can be narrowed by.
type helpFilter struct {
	Name, Label string
	Choices     []helpChoice
	asked       string
	chosen      string         // the value asked for, where it is among the choices
	known       map[string]int // index in Choices while they are counted, by the value in small letters
}

// helpChoice is a value to narrow by, and how much has it.
type helpChoice struct {
	Value, Label string
	N            int
	Chosen       bool
}

// newFilter is a filter by a parameter of the query. Add what can be chosen, then
// close it.
func newFilter(name, label string, r request) helpFilter {
	return helpFilter{Name: name, Label: label, asked: shorten(r.query.Get(name), maxName), known: map[string]int{}}
}

// add counts something that has a value.
func (f *helpFilter) add(value, label string) {
	if value == "" {
		return
	}
	i, ok := f.known[strings.ToLower(value)]
	if !ok {
		i = len(f.Choices)
		f.known[strings.ToLower(value)] = i
		f.Choices = append(f.Choices, helpChoice{Value: value, Label: label, Chosen: strings.EqualFold(value, f.asked)})
	}
	f.Choices[i].N++
}

// close sorts the choices. What is asked for and is not among them narrows nothing.
func (f *helpFilter) close() {
	slices.SortFunc(f.Choices, func(x, y helpChoice) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Label), strings.ToLower(y.Label)), strings.Compare(x.Value, y.Value))
	})
	for _, c := range f.Choices {
		if c.Chosen {
			f.chosen = c.Value
		}
	}
	f.Choices = f.Choices[:min(len(f.Choices), maxValues)]
}

// has reports whether one of some values is what was chosen, or nothing was.
func (f *helpFilter) has(values ...string) bool {
	return f.chosen == "" || slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, f.chosen) })
}

// chosenOf are the parameters of what was chosen.
func chosenOf(filters []helpFilter) url.Values {
	v := url.Values{}
	for _, f := range filters {
		if f.chosen != "" {
			v.Set(f.Name, f.chosen)
		}
	}
	return v
}
