// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package adoption

import (
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
)

// germanRoles are words that can mean nothing but a role.
var germanRoles = map[string]Role{
	"pflegt": Maintains, "fördert": Funds, "finanziert": Funds, "betreibt": Operates,
	"nutzt": Uses, "erprobt": Evaluates, "testet": Evaluates,
	"keine": None, "nutzt nicht": None,
}

func (d *decoder) checkRole(v value, t string) string {
	words := make([]string, 0, len(Roles()))
	for _, r := range Roles() {
		words = append(words, string(r))
	}
	lower := strings.ToLower(t)
	switch meant := germanRoles[lower]; {
	case slices.Contains(words, t):
		return t
	case slices.Contains(words, lower):
		d.report("AD0315", v, t, lower)
		return lower
	case meant != "":
		d.report("AD0315", v, t, string(meant))
		return string(meant)
	}
	if meant := publiccode.Nearest(t, words); meant != "" {
		d.report("AD0315", v, t, meant)
	} else {
		d.report("AD0314", v, t, strings.Join(words, ", "))
	}
	return ""
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

// foresight is for how many years a statement can be confirmed in advance.
const foresight = 3

// checkTimes holds the dates of a statement, whose order is that of the alphabet,
// against each other and the calendar.
func (d *decoder) checkTimes(s *section, st Statement) {
	since, until := s.values["since"], s.values["confirmedUntil"]
	if st.Since != "" && st.ConfirmedUntil != "" && st.Since > st.ConfirmedUntil {
		d.report("AD0318", since, st.Since, st.ConfirmedUntil)
		return
	}
	if d.options.Now.IsZero() {
		return
	}
	now := d.options.Now.UTC()
	switch today, far := now.Format(time.DateOnly), now.AddDate(foresight, 0, 0).Format(time.DateOnly); {
	case st.Expired(now):
		d.report("AD0401", until, st.ConfirmedUntil)
	case st.ConfirmedUntil > far:
		d.report("AD0402", until, st.ConfirmedUntil, far)
	case st.Since > today:
		d.report("AD0403", since, st.Since)
	}
}
