// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package licence

import (
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// successions are the versions of licences of which "or later" leads from one to
// the next, as families. The GNU licences, the MPL and the EUPL have a clause on
// later versions; the others are those that the OSADL matrix knows.
var successions = [][]string{
	{"GPL-1.0", "GPL-2.0", "GPL-3.0"},
	{"LGPL-2.0", "LGPL-2.1", "LGPL-3.0"},
	{"EUPL-1.1", "EUPL-1.2"},
	{"MPL-1.1", "MPL-2.0"},
	{"EPL-1.0", "EPL-2.0"},
	{"CDDL-1.0", "CDDL-1.1"},
	{"AFL-2.0", "AFL-2.1", "AFL-3.0"},
	{"AGPL-3.0"},
}

const orLater, only = "-or-later", "-only"

// isFamily reports a GNU identifier that leaves open whether later versions are
// meant.
func isFamily(id string) bool { return spdx.Successor(id+"+") != "" }

// current replaces a deprecated identifier by what took its place, and a "+" by
// the ending that says the same.
func current(l spdx.Licence) spdx.Licence {
	if l.OrLater && isFamily(l.ID) {
		l.ID, l.OrLater = l.ID+orLater, false
	}
	if strings.HasSuffix(l.ID, orLater) {
		l.OrLater = false
	}
	id, exception, _ := strings.Cut(spdx.Successor(l.ID), " WITH ")
	if id == "" || exception != "" && l.Exception != "" {
		return l
	}
	l.ID = id
	if exception != "" {
		l.Exception = exception
	}
	return l
}

// readings are the licences that a current one may mean: two of a family's name.
func readings(l spdx.Licence) []spdx.Licence {
	if l.OrLater || !isFamily(l.ID) {
		return []spdx.Licence{l}
	}
	return []spdx.Licence{
		{ID: l.ID + only, Exception: l.Exception},
		{ID: l.ID + orLater, Exception: l.Exception},
	}
}

// allowsLater reports a current licence that may be replaced by a later version.
func allowsLater(l spdx.Licence) bool { return l.OrLater || strings.HasSuffix(l.ID, orLater) }

// laterVersions are the later versions that one may choose, the next first; an
// exception, an addition to one version, is lost. The second result is false
// where the versions of the licence are not known.
func laterVersions(l spdx.Licence) ([]spdx.Licence, bool) {
	if !allowsLater(l) {
		return nil, true
	}
	family := spdx.Family(l.ID)
	for _, s := range successions {
		i := slices.Index(s, family)
		if i < 0 {
			continue
		}
		var out []spdx.Licence
		for _, v := range s[i+1:] {
			if isFamily(v) {
				out = append(out, spdx.Licence{ID: v + orLater}, spdx.Licence{ID: v + only})
			} else {
				out = append(out, spdx.Licence{ID: v})
			}
		}
		return out, true
	}
	return nil, false
}

// narrower are the licences that a whole may be passed on under if it is under
// one that allows later versions: those, and its own version alone.
func narrower(whole spdx.Licence) []spdx.Licence {
	whole = current(whole)
	if !allowsLater(whole) {
		return nil
	}
	alone := whole
	alone.ID, alone.OrLater = strings.TrimSuffix(whole.ID, orLater), false
	if isFamily(alone.ID) {
		alone.ID += only
	}
	later, _ := laterVersions(whole)
	return append(later, alone)
}
