// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "strconv"

// comaintenance reads how software is looked after together. All of it is public: where
// somebody asks for discretion, it is left out.
func (d *decoder) comaintenance(root *section) []Comaintenance {
	if v, ok := root.values["comaintenance"]; ok && d.discreet {
		d.Report("AD0502", v.key, v.path)
		return nil
	}
	var out []Comaintenance
	lines := map[string]int{} // where a software was first met
	for v := range root.entries("comaintenance") {
		doubts := d.doubts
		c := d.together(v)
		same := canonical(c.Software)
		switch line, met := lines[same]; {
		case d.doubts > doubts:
			d.report("AD0502", v)
		case c.Software == "":
		case met:
			d.report("AD0501", v, strconv.Itoa(line))
		default:
			lines[same] = v.written.Line
			out = append(out, c)
		}
	}
	return out
}

func (d *decoder) together(v value) Comaintenance {
	s := d.section(v, comaintenanceKeys)
	c := Comaintenance{
		Software: s.checked("software", d.checkSoftware), Seeks: Seeks(s.checked("seeks", d.in(seeksWords))),
		Steering: s.text("steering"), Decisions: s.text("decisions"), ConfirmedUntil: s.checked("confirmedUntil", d.checkDate),
	}
	if at, ok := s.values["community"]; ok {
		in := d.section(at, communityKeys)
		if name, uri := in.text("name"), in.checked("uri", d.checkPage); name != "" {
			c.Community = Community{Name: name, URI: uri}
		}
	}
	for at := range s.entries("partners") {
		in := d.section(at, partnerKeys)
		p := Partner{
			Name: in.text("name"), URI: in.checked("uri", d.checkURI), Region: in.checked("region", d.checkRegion),
			Role: Role(in.checked("role", d.in(partnerWords))),
		}
		if p.Name != "" && (p.Role != "" || !in.says("role")) {
			c.Partners = append(c.Partners, p)
		}
	}
	if at, ok := s.values["joining"]; ok {
		in := d.section(at, joiningKeys)
		c.Joining = Joining{Text: in.text("text"), URL: in.checked("url", d.checkPage), Contact: in.checked("contact", d.checkContact)}
	}
	for at := range s.entries("funding") {
		if f := d.funding(at); f.Purpose != "" && f.Status != "" {
			c.Funding = append(c.Funding, f)
		}
	}
	d.checkConfirmed(s.values["confirmedUntil"], c.ConfirmedUntil)
	return c
}

func (d *decoder) funding(v value) Funding {
	s := d.section(v, fundingKeys)
	f := Funding{
		Purpose: s.text("purpose"), Status: FundingStatus(s.checked("status", d.in(fundingWords))),
		Amount: s.money("amount"), By: s.text("by"), Until: s.checked("until", d.checkDate), URL: s.checked("url", d.checkPage),
	}
	d.checkAhead(s.values["until"], f.Until)
	return f
}
