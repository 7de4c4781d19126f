// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"html/template"
	"slices"
	"strconv"
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
	Proof        string // how it is known that the organisation says so, in words; "" where Speaker says it
	File         link
}

// readAdopters reads what organisations say: what is confirmed before what was.
func (d *detail) readAdopters(all []registry.Adoption, lang string, now time.Time) {
	for _, a := range first(d, all) {
		one := adopter{
			Organisation: link{shorten(a.Organisation.Name, maxName), webLink(a.Organisation.URI)},
			State:        stateBeside(a.Organisation.Region, a.Organisation.Name, lang), Role: adoption.RoleLabel(string(a.Role), lang),
			Version: shorten(a.Version, maxName), Since: readDay(a.Since), Until: readDay(a.ConfirmedUntil), Expired: !a.Current(now),
			Purpose: shorten(a.Purpose, maxLine), Contact: link{shorten(a.Contact, maxLine), mailto(a.Contact)},
			File: link{adoption.FileName, webLink(a.URL)},
		}
		if one.Contact.Href == "" {
			one.Contact.Href = webLink(a.Contact)
		}
		if a.Own() {
			one.Proof = proofWords(a.Proof(), lang)
		} else {
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

// adopterPlace is a place with those there that confirm that they use the software.
type adopterPlace struct {
	Name, Path string // Path is the page of the place; "" without one
	Who        []string
}

// readAdopterMap counts where those are who confirm still that they use, operate,
// maintain or fund the software, each once. Where a publisher speaks for them, it is
// counted instead.
func (d *detail) readAdopterMap(all []registry.Adoption, lang string, now time.Time) {
	use := (&registry.Software{Publisher: d.S.Publisher, Adoptions: all}).Use().Current(now.UTC().Format(time.DateOnly))
	counts, who := map[string]int{}, map[string][]string{}
	inStates := false
	for _, user := range use.Users[:min(len(use.Users), maxUsers)] {
		place := registry.PlaceOf(user.Region)
		counts[place]++
		inStates = inStates || slices.Contains(states, place)
		if len(who[place]) < maxItems {
			who[place] = append(who[place], shorten(user.Name, maxName))
		}
	}
	if !inStates {
		return
	}
	d.AdopterMap = adopterMap(counts)
	for _, code := range registry.Places() {
		if names := who[code]; names != nil {
			slices.Sort(names)
			place := newPlace(code, lang)
			d.AdopterPlaces = append(d.AdopterPlaces, adopterPlace{place.Name, place.Path, names})
		}
	}
}

// adopterMap are the tiles of the states. They lead nowhere and are not read out:
// the table beside them says the same.
func adopterMap(counts map[string]int) template.HTML {
	var list fragment
	for _, t := range tiles(counts) {
		list.mark(`<li class="tile tile-` + t.Class + " level-" + strconv.Itoa(t.Level) + `"><span>` + t.Short)
		if t.N > 0 {
			list.mark("<b>" + strconv.Itoa(t.N) + "</b>")
		}
		list.mark("</span></li>\n")
	}
	return list.html()
}
