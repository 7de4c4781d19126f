// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"

	"github.com/allmende-registry/allmende/spdx"
)

// The groups that a policy may name.
const (
	groupOSI = "osi"
	groupFSF = "fsf"
)

var policyGroups = []string{groupOSI, groupFSF}

// policyCategories are those that a policy may name.
var policyCategories = []Category{
	PublicDomain, Permissive, WeakCopyleft, StrongCopyleft, NetworkCopyleft, SourceAvailable, Restricted, Proprietary,
}

// entry is one entry of a list of a policy.
type entry struct {
	group   string
	kind    Category
	licence spdx.Licence
}

// readEntry reads an entry. The second result is its official spelling; the
// error says why it is none.
func readEntry(s string) (entry, string, error) {
	if slices.Contains(policyGroups, s) {
		return entry{group: s}, s, nil
	}
	if slices.Contains(policyCategories, Category(s)) {
		return entry{kind: Category(s)}, s, nil
	}
	e, _, err := spdx.Parse(s)
	if err != nil {
		return entry{}, "", err
	}
	if e.Operator != "" {
		return entry{}, "", errSeveral
	}
	l := current(e.Licence)
	return entry{licence: l}, l.String(), nil
}

// find returns the first entry of a list that has the answer for a licence, and
// its name; "" for none.
func find(list []string, l spdx.Licence, want Answer) (entry, string) {
	for _, s := range list {
		if e, name, err := readEntry(s); err == nil && e.matches(l) == want {
			return e, name
		}
	}
	return entry{}, ""
}

// named reports an entry that names the very licence.
func (e entry) named(l spdx.Licence) bool { return e.licence.ID != "" && e.licence == current(l) }

// matches says whether a licence falls under an entry. An exception allows more
// than the licence without it, and so changes nothing, unless it is not on the
// SPDX list.
func (e entry) matches(l spdx.Licence) Answer {
	l = current(l)
	facts, known := Lookup(l.ID)
	switch {
	case e.named(l):
		return Yes
	case e.group == groupOSI && known && !unlisted(l):
		return facts.OSI
	case e.group == groupFSF && known && !unlisted(l):
		return facts.FSF
	case e.kind != "" && known && !unlisted(l) && facts.Category != NoCategory:
		return yes(facts.Category == e.kind)
	case e.licence.ID == "" || unlisted(l) || !known:
		return Unknown
	case e.licence.Exception != "":
		return No
	case isFamily(e.licence.ID):
		return yes(spdx.Family(l.ID) == e.licence.ID)
	case isFamily(l.ID) && spdx.Family(e.licence.ID) == l.ID:
		return Unknown // the name leaves open which of two it is
	}
	return yes(l.ID == e.licence.ID && (l.OrLater || !e.licence.OrLater))
}

func yes(b bool) Answer {
	if b {
		return Yes
	}
	return No
}
