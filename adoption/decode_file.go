// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// file reads an adoptions.yml.
func (d *decoder) file(s *section) *File {
	f := &File{Version: s.text("adoptionsYmlVersion"), Organisation: d.organisation(s)}
	seen := map[Statement][]*yaml.Node{}
	for v := range s.entries("adoptions") {
		if st, ok := d.statement(v); ok && !d.repeated(seen, st, v) {
			f.Adoptions = append(f.Adoptions, st)
		}
	}
	f.Comaintenance = d.comaintenance(s)
	return f
}

// organisation reads who speaks, which all of a file hangs on.
func (d *decoder) organisation(root *section) Organisation {
	v, ok := root.values["organisation"]
	if !ok {
		d.discreet = d.doubts > 0
		return Organisation{}
	}
	s := d.section(v, organisationKeys)
	d.discreet = d.doubts > 0
	o := Organisation{
		URI: s.checked("uri", d.checkURI), Name: s.text("name"), Region: s.checked("region", d.checkRegion),
		AGS: s.checked("ags", d.checkAGS), ARS: s.checked("ars", d.checkARS),
	}
	if s.ok && !s.present["region"] {
		d.report("AD0408", v)
	}
	if at, ok := s.values["ags"]; ok {
		d.checkState(at, o.AGS, o.Region)
	}
	if at, ok := s.values["ars"]; ok {
		d.checkState(at, o.ARS, o.Region)
		if !samePlace(o.AGS, o.ARS) {
			d.report("AD0313", at, o.AGS, o.ARS)
		}
	}
	return o
}

// statement reads one entry; false where its software or role is not known.
func (d *decoder) statement(v value) (Statement, bool) {
	doubts := d.doubts
	s := d.section(v, statementKeys)
	out := Statement{
		Software: s.checked("software", d.checkSoftware), Role: Role(s.checked("role", d.in(roleWords))),
		Version: s.text("version"), Since: s.checked("since", d.checkDate),
		ConfirmedUntil: s.checked("confirmedUntil", d.checkDate),
		Purpose:        s.text("purpose"), Contact: s.checked("contact", d.checkContact),
		Visibility: d.visibility(s, doubts),
	}
	d.checkTimes(s, out)
	return out, out.Software != "" && out.Role != ""
}

// visibility reads who may see an entry; where that is not clear, only few may. Doubts
// are those that there were before it.
func (d *decoder) visibility(s *section, doubts int) Visibility {
	v := Visibility(s.checked("visibility", d.checkVisibility))
	if d.discreet || d.doubts > doubts || s.present["visibility"] && v == "" {
		v = Restricted
	}
	d.hides = d.hides || v == Restricted
	return v
}

func (d *decoder) checkVisibility(v value, t string) string {
	switch Visibility(t) {
	case Restricted:
		d.restricted = append(d.restricted, v.written)
		return t
	case Public:
		return t
	}
	d.report("AD0319", v, t)
	return string(Restricted)
}

// repeated reports a statement that an earlier one makes as well. Two versions of a
// software can be in use, and what is public may be told again, in more detail, to a
// smaller circle: neither is a repetition.
func (d *decoder) repeated(seen map[Statement][]*yaml.Node, s Statement, v value) bool {
	same := Statement{Software: canonical(s.Software), Role: s.Role, Version: s.Version, Visibility: s.Visibility}
	if same.Visibility == "" {
		same.Visibility = Public
	}
	first := seen[same]
	seen[same] = append(first, v.written)
	if len(first) == 0 {
		return false
	}
	d.report("AD0404", v, strconv.Itoa(first[0].Line))
	return true
}
