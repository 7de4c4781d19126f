// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package evidence

import (
	"regexp"
	"strings"

	"github.com/allmende-registry/allmende/spdx"
)

// term is a licence as it is compared: deprecated identifiers as their
// successors, versions of one family told apart from what is said of later ones.
type term struct {
	spdx.Licence
	family string
	later  later
}

// later is what is said of later versions of a licence.
type later int

const (
	open    later = iota // nothing
	only                 // only this version
	orLater              // later ones too
)

func termOf(l spdx.Licence) term {
	if now := spdx.Successor(l.ID); now != "" {
		if e, _, err := spdx.Parse(now); err == nil && e.Operator == "" {
			e.Licence.OrLater = e.Licence.OrLater || l.OrLater
			if l.Exception != "" {
				e.Licence.Exception = l.Exception
			}
			l = e.Licence
		}
	}
	t := term{Licence: l, family: choice.ReplaceAllString(spdx.Family(l.ID), "")}
	switch {
	case l.OrLater, strings.HasSuffix(l.ID, "-or-later"):
		t.later = orLater
	case strings.HasSuffix(l.ID, "-only"):
		t.later = only
	}
	return t
}

// choice ends identifiers that tell what the author chose within one and the
// same text: OFL-1.1-RFN, GFDL-1.3-no-invariants, MPL-2.0-no-copyleft-exception.
var choice = regexp.MustCompile(`-(?:(?:no-)?(?:RFN|invariants)|no-copyleft-exception)$`)

var versioned = regexp.MustCompile(`^(.+)-(\d+)\.(\d+)$`)

// succeeds reports whether t is another version of the same licence than u, and
// whether a later one. Versions have one digit before the point and after it.
func (t term) succeeds(u term) (other, after bool) {
	a, b := versioned.FindStringSubmatch(t.family), versioned.FindStringSubmatch(u.family)
	if a == nil || b == nil || a[1] != b[1] || t.family == u.family {
		return false, false
	}
	return true, len(a[2]) == len(b[2]) && a[2]+a[3] > b[2]+b[3]
}

// content are the beginnings of licences that are for documentation, data,
// images and fonts, and usual beside that of the program.
var content = []string{
	"CC-", "CC0-", "OFL-", "GFDL-", "ODbL-", "ODC-", "PDDL-", "etalab-", "DL-DE-", "OGL-", "IODL-", "CDLA-", "Bitstream-", "Ubuntu-font-",
}

func (t term) forContent() bool { return begins(t.family, content) }

// accompanies reports whether the text of t belongs to that of u: version 3 of
// the LGPL is written as an addition to the GPL, whose text is handed on with it.
func (t term) accompanies(u term) bool { return t.family == "GPL-3.0" && u.family == "LGPL-3.0" }

func begins(s string, with []string) bool {
	for _, b := range with {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}
