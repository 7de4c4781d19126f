// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// adopter is an organisation that says itself what it does with the software.
type adopter struct {
	Organisation link
	State        string // where it is at home; "" where its name says it
	Role         string // uses, operates, in the language of the page
	Version      string
	Since, Until day
	Expired      bool
	Purpose      string
	Contact      link
	Speaker      string // the publisher that says it speaks for the organisation; "" where that speaks itself
	Token        bool   // said by the API
	File         link
}

// readAdopters reads what organisations say: what is confirmed before what was.
func (d *detail) readAdopters(all []registry.Adoption, lang string, now time.Time) {
	for _, a := range first(d, all) {
		state := registry.RegionName(a.Organisation.Region, lang)
		if strings.Contains(a.Organisation.Name, state) {
			state = ""
		}
		one := adopter{
			Organisation: link{shorten(a.Organisation.Name, maxName), webLink(a.Organisation.URI)},
			State:        shorten(state, maxName), Role: adoption.RoleLabel(string(a.Role), lang),
			Version: shorten(a.Version, maxName), Since: readDay(a.Since), Until: readDay(a.ConfirmedUntil), Expired: !a.Current(now),
			Purpose: shorten(a.Purpose, maxLine), Contact: link{shorten(a.Contact, maxLine), mailto(a.Contact)},
			Token: a.Proof() == registry.ProvenToken, File: link{adoption.FileName, webLink(a.URL)},
		}
		if one.Contact.Href == "" {
			one.Contact.Href = webLink(a.Contact)
		}
		if !a.Own() {
			one.Speaker = shorten(a.Publisher.Name, maxName)
		}
		if a.Role == adoption.None {
			d.Deniers = append(d.Deniers, one)
		} else {
			d.Adopters = append(d.Adopters, one)
		}
	}
	for _, list := range [][]adopter{d.Adopters, d.Deniers} {
		slices.SortStableFunc(list, func(a, b adopter) int {
			switch {
			case a.Expired == b.Expired:
				return 0
			case b.Expired:
				return -1
			}
			return 1
		})
	}
}
