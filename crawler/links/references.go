// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package links

import (
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
)

// kind is what is asked of a thing that the file names; the higher ask more.
type kind int

const (
	page    kind = iota // a web page or a file: it is there
	picture             // it is an image of the format that its ending says
	logo                // it is an image that is large enough
)

// reference is one value of the file that leads to something.
type reference struct {
	key, value string
	kind       kind
	address    *url.URL // nil for a path in the repository
}

// references lists what a file leads to, in the order of the standard.
// Values that are neither a web address nor, where that is allowed, a path are
// left out: whether they are well formed is not asked here.
func references(result *publiccode.Result) []reference {
	var list []reference
	add := func(k kind, mayBePath bool, key, value string) {
		address := webAddress(value)
		if value == "" || address == nil && !mayBePath {
			return
		}
		list = append(list, reference{key, value, k, address})
	}
	addAll := func(k kind, mayBePath bool, key string, values []string) {
		for i, v := range values {
			at := fmt.Sprintf("%s[%d]", key, i)
			if !result.Has(at) { // of some lists one value is as good as a list of it
				at = key
			}
			add(k, mayBePath, at, v)
		}
	}
	p := result.PublicCode
	add(page, false, "url", p.URL)
	add(page, false, "landingURL", p.LandingURL)
	addAll(page, false, "isBasedOn", p.IsBasedOn)
	add(logo, true, "logo", p.Logo)
	add(picture, true, "monochromeLogo", p.MonochromeLogo)
	if p.Organisation != nil {
		add(page, false, "organisation.uri", p.Organisation.URI)
	}
	for i, f := range p.FundedBy {
		add(page, false, fmt.Sprintf("fundedBy[%d].uri", i), f.URI)
	}
	add(page, false, "roadmap", p.Roadmap)
	for _, tag := range slices.Sorted(maps.Keys(p.Description)) {
		d, under := p.Description[tag], "description."+tag+"."
		add(page, false, under+"documentation", d.Documentation)
		add(page, false, under+"apiDocumentation", d.APIDocumentation)
		addAll(picture, true, under+"screenshots", d.Screenshots)
		addAll(page, false, under+"videos", d.Videos)
	}
	add(page, true, "legal.authorsFile", p.Legal.AuthorsFile)
	for i, c := range p.Maintenance.Contractors {
		add(page, false, fmt.Sprintf("maintenance.contractors[%d].website", i), c.Website)
	}
	return list
}

// webAddress reads an http or https address into the form that is asked for:
// without fragment, which stays with the reader, and without a password, which
// is nobody's to send. It is nil for all else.
func webAddress(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	return u
}
