// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"regexp"
	"strconv"

	"golang.org/x/text/language"
)

// needsFile reads a needs.yml.
func (d *decoder) needsFile(s *section) *NeedsFile {
	f := &NeedsFile{Version: s.text("needsYmlVersion"), Organisation: d.organisation(s)}
	lines := map[string]int{} // where an ID was first met
	for v := range s.entries("needs") {
		n, ok := d.need(v)
		if !ok {
			continue
		}
		if line, met := lines[n.ID]; met {
			d.report("AD0602", v, n.ID, strconv.Itoa(line))
			continue
		}
		lines[n.ID] = v.written.Line
		f.Needs = append(f.Needs, n)
	}
	return f
}

// need reads one entry; false where its ID or title is not known.
func (d *decoder) need(v value) (Need, bool) {
	doubts := d.doubts
	s := d.section(v, needKeys)
	n := Need{
		ID: s.checked("id", d.checkID), Title: s.text("title"), Description: s.text("description"),
		Language: s.checked("language", d.checkLanguage), Categories: s.words("categories", d.in(categoryWords)),
		Software: s.checked("software", d.checkSoftware), Joins: s.checked("joins", d.checkJoins),
		By: s.checked("by", d.checkDate), Share: s.money("share"), Contact: s.checked("contact", d.checkContact),
		OpenUntil: s.checked("openUntil", d.checkDate),
	}
	for _, o := range s.words("offers", d.in(offerWords)) {
		n.Offers = append(n.Offers, Offer(o))
	}
	if at, ok := s.values["procurement"]; ok {
		in := d.section(at, procurementKeys)
		n.Procurement = Procurement{Planned: in.checked("planned", d.checkDate), URL: in.checked("url", d.checkPage)}
		d.checkPlan(in.values["planned"], n)
	}
	d.checkAhead(s.values["by"], n.By)
	d.checkOpen(s.values["openUntil"], n)
	n.Visibility = d.visibility(s, doubts)
	return n, n.ID != "" && n.Title != ""
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)

func (d *decoder) checkID(v value, t string) string {
	if !idForm.MatchString(t) {
		d.report("AD0601", v, t)
		return ""
	}
	return t
}

// checkLanguage knows languages by their shortest codes.
func (d *decoder) checkLanguage(v value, t string) string {
	tag, err := language.Parse(t)
	base, sure := tag.Base()
	switch meant := base.String(); {
	case err != nil || sure != language.Exact:
		d.report("AD0607", v, t)
		return ""
	case meant != t:
		d.report("AD0321", v, t, meant)
		return meant
	}
	return t
}
