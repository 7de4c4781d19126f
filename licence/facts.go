// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/spdx"
)

// Lookup returns what is known of a licence by its identifier, in whatever
// letters, also by a deprecated one, by the name of a family (GPL-3.0) and with a
// "+" behind it; false where the SPDX list does not have it. What only the
// successor of a deprecated identifier is known for holds for it too. The lists
// in the result are not to be changed.
func Lookup(id string) (Licence, bool) {
	key := strings.ToLower(strings.TrimSpace(id))
	all := facts().licences
	l, ok := all[key]
	base, later := strings.CutSuffix(key, "+")
	switch {
	case ok:
	case !later:
		l, ok = all[key+"-only"] // some families have no identifier of their own
	default:
		if l, ok = all[base+"-or-later"]; !ok {
			l, ok = all[base]
		}
	}
	return l, ok
}

// All are the licences of the SPDX list that are not deprecated, by identifier.
func All() []Licence {
	var list []Licence
	for _, l := range facts().licences {
		if !l.Deprecated {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b Licence) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)), strings.Compare(a.ID, b.ID))
	})
	return list
}

// lookupException returns what may follow WITH; without a Name where the SPDX
// list does not have it.
func lookupException(id string) Exception {
	if e, ok := facts().exceptions[strings.ToLower(id)]; ok {
		return e
	}
	return Exception{ID: id}
}

// known are the facts by identifier in small letters.
type known struct {
	licences   map[string]Licence
	exceptions map[string]Exception
	// eupl has what an entry of the appendix of EUPL-1.2 is restricted to, "" for
	// nothing, by family; euplEntries has the entries as they stand there.
	eupl        map[string]string
	euplEntries []string
}

// categories translates those of ScanCode. Its other ones, as Unstated License
// and CLA, are no kinds of licences.
var categories = map[string]Category{
	"Public Domain":    PublicDomain,
	"Permissive":       Permissive,
	"Copyleft Limited": WeakCopyleft,
	"Copyleft":         StrongCopyleft,
	"Source-available": SourceAvailable,
	"Free Restricted":  Restricted,
	"Proprietary Free": Proprietary,
	"Commercial":       Proprietary,
}

// facts reads the tables; their headings say what the columns are.
var facts = sync.OnceValue(func() *known {
	category, network := column("scancode_categories.csv"), column("network_clauses.csv")
	rating := column("blueoak_ratings.csv")
	rules := map[string][]string{}
	for _, row := range table("choosealicense_rules.csv") {
		rules[row[0]] = row
	}
	k := &known{licences: map[string]Licence{}, exceptions: map[string]Exception{}, eupl: map[string]string{}}
	for _, row := range table("eupl_appendix.csv") {
		k.eupl[spdx.Family(row[0])] = row[2]
		if !slices.Contains(k.euplEntries, row[1]) {
			k.euplEntries = append(k.euplEntries, row[1])
		}
	}
	for _, row := range table("spdx_exceptions.csv") {
		k.exceptions[strings.ToLower(row[0])] = Exception{row[0], row[1], row[2] == "yes"}
	}
	for _, row := range table("spdx_licences.csv") {
		id := row[0]
		l := Licence{
			ID:         id,
			Name:       row[1],
			Deprecated: row[4] == "yes",
			OSI:        answer(row[2]),
			FSF:        answer(row[3]),
			Category:   categories[category[id]],
			Network:    answer(network[id]),
			BlueOak:    rating[id],
		}
		_, l.EUPL = k.eupl[spdx.Family(id)]
		rule := rules[id]
		if rule == nil {
			rule = rules[spdx.Family(id)]
		}
		if rule != nil {
			l.Covered = true
			l.Permissions, l.Conditions, l.Limitations = strings.Fields(rule[1]), strings.Fields(rule[2]), strings.Fields(rule[3])
			if slices.Contains(l.Conditions, networkUse) {
				l.Network = Yes
			}
		}
		switch {
		case l.Category == "":
			l.Category = NoCategory
		case l.Category == StrongCopyleft && l.Network == Yes:
			l.Category = NetworkCopyleft
		}
		k.licences[strings.ToLower(id)] = l
	}
	for key, l := range k.licences {
		now, _, _ := strings.Cut(spdx.Successor(l.ID), " WITH ")
		if next, ok := k.licences[strings.ToLower(now)]; ok && l.Deprecated {
			k.licences[key] = inherit(l, next)
		}
	}
	return k
})

// inherit adds to the facts of a deprecated identifier those of its successor.
func inherit(l, next Licence) Licence {
	if next.OSI == Yes || l.OSI == Unknown {
		l.OSI = next.OSI
	}
	if l.FSF == Unknown {
		l.FSF = next.FSF
	}
	if l.Category == NoCategory {
		l.Category = next.Category
	}
	if l.Network == Unknown {
		l.Network = next.Network
	}
	if !l.Covered {
		l.Covered, l.Permissions, l.Conditions, l.Limitations = next.Covered, next.Permissions, next.Conditions, next.Limitations
	}
	l.EUPL = l.EUPL || next.EUPL
	return l
}

// column reads the first two columns of a table.
func column(name string) map[string]string {
	m := map[string]string{}
	for _, row := range table(name) {
		m[row[0]] = row[1]
	}
	return m
}

// answer reads a cell; an empty one says nothing.
func answer(cell string) Answer {
	switch a := Answer(cell); a {
	case Yes, No:
		return a
	}
	return Unknown
}
