// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import "time"

// otherDates are notations that people use instead.
var otherDates = []string{"2.1.2006", "2006/1/2", "2006.1.2", "2006-1-2", time.RFC3339, time.DateTime}

func (d *decoder) checkDate(v value, t string) string {
	if _, err := time.Parse(time.DateOnly, t); err == nil {
		return t
	}
	for _, layout := range otherDates {
		if day, err := time.Parse(layout, t); err == nil {
			meant := day.Format(time.DateOnly)
			d.report("AD0317", v, t, meant)
			return meant
		}
	}
	d.report("AD0316", v, t)
	return ""
}

// foresight is for how many years something can be said in advance.
const foresight = 3

// checkTimes holds the dates of a statement, whose order is that of the alphabet,
// against each other and the calendar.
func (d *decoder) checkTimes(s *section, st Statement) {
	since, until := s.values["since"], s.values["confirmedUntil"]
	switch {
	case st.Since != "" && st.ConfirmedUntil != "" && st.Since > st.ConfirmedUntil:
		d.report("AD0318", since, st.Since, st.ConfirmedUntil)
	case d.checkConfirmed(until, st.ConfirmedUntil):
	case d.today() != "" && st.Since > d.today():
		d.report("AD0403", since, st.Since)
	}
}

// today is the day of the check; "" where it is not known.
func (d *decoder) today() string {
	if d.options.Now.IsZero() {
		return ""
	}
	return d.options.Now.UTC().Format(time.DateOnly)
}

// tooFar is the last day that can be said in advance, where a day is later.
func (d *decoder) tooFar(day string) (last string, ok bool) {
	last = d.options.Now.UTC().AddDate(foresight, 0, 0).Format(time.DateOnly)
	return last, d.today() != "" && day > last
}

// checkConfirmed reports what is no longer confirmed, or far too long.
func (d *decoder) checkConfirmed(v value, until string) (reported bool) {
	if until == "" {
		return false
	}
	if until < d.today() {
		d.report("AD0401", v, until)
		return true
	}
	last, far := d.tooFar(until)
	if far {
		d.report("AD0402", v, until, last)
	}
	return far
}

// checkAhead reports a day that is past, where only a coming one makes sense.
func (d *decoder) checkAhead(v value, day string) {
	if day != "" && day < d.today() {
		d.report("AD0409", v, day)
	}
}

// checkOpen reports a need that stands no longer, or far too long.
func (d *decoder) checkOpen(v value, n Need) {
	switch last, far := d.tooFar(n.OpenUntil); {
	case n.OpenUntil == "":
	case n.OpenUntil < d.today():
		d.report("AD0604", v, n.OpenUntil)
	case far:
		d.report("AD0605", v, n.OpenUntil, last)
	}
}

// checkPlan reports a tender that begins when what it is for is needed already, or in
// the past.
func (d *decoder) checkPlan(v value, n Need) {
	if planned := n.Procurement.Planned; planned != "" && n.By != "" && planned > n.By {
		d.report("AD0606", v, planned, n.By)
		return
	}
	d.checkAhead(v, n.Procurement.Planned)
}
