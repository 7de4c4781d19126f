// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"slices"
	"strings"

	bcp47 "golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// labels name the values of a facet in German or English.
var labels = map[facet]func(value, lang string) string{
	categories:    publiccode.CategoryLabel,
	regions:       registry.RegionName,
	statuses:      publiccode.StatusLabel,
	scopes:        publiccode.ScopeLabel,
	softwareTypes: publiccode.TypeLabel,
	platforms:     publiccode.PlatformLabel,
	maintenance:   publiccode.MaintenanceLabel,
	textLanguages: languageName,
}

func languageName(tag, lang string) string {
	t, err := bcp47.Parse(tag)
	if err != nil {
		return tag
	}
	if lang == "de" {
		return display.German.Tags().Name(t)
	}
	return display.English.Tags().Name(t)
}

// said are further words for values, as bare makes them.
var said = map[facet]map[string]string{
	sboms: {
		"ja": "yes", "mit": "yes", "tru": "yes", "vorhanden": "yes",
		"nein": "no", "ohne": "no", "false": "no", "keine": "no",
	},
	verdicts: {
		"stimmig": "match", "ubereinstimmung": "match", "ok": "match", "einig": "match",
		"unklar": "ambiguous", "mehrdeutig": "ambiguous",
		"konflikt": "conflict", "widerspruch": "conflict", "widerspruchlich": "conflict",
		"fehlt": "missing", "fehlend": "missing", "ohne": "missing",
	},
	regionKinds: {
		"bund": registry.RegionFederal, "land": registry.RegionState, "lander": registry.RegionState,
		"kommune": registry.RegionMunicipal, "kommunal": registry.RegionMunicipal, "gemeinde": registry.RegionMunicipal,
		"ausland": registry.RegionAbroad,
	},
	licenceCategories: {
		"gemeinfrei": "public-domain", "freizugig": "permissive", "permissiv": "permissive",
		"copyleft": "strong-copyleft", "proprietar": "proprietary", "eingeschrankt": "restricted",
	},
	activityFacet: {
		"aktiv": registry.ActivityRecent, "active": registry.ActivityRecent, "jahr": registry.ActivityYear,
		"ruhig": registry.ActivityQuiet, "inaktiv": registry.ActivityQuiet, "inactive": registry.ActivityQuiet,
		"archiviert": registry.ActivityArchived,
	},
	statuses: {"stabil": "stable", "produktiv": "stable", "veraltet": "obsolete", "konzept": "concept"},
	scopes:   {"kommunen": "local-authorities", "kommunal": "local-authorities"},
}

// resolve turns a value as people write it into those of a facet: the value
// itself if there is one, else those that are called so, else those that begin
// with it, publishers also those that have it in their name. Where nothing is
// found it is the value as written.
func (c *catalogue) resolve(f facet, written string) []string {
	key := filterKey(cut(written, 2*maxWord))
	as := bare(key)
	if v, ok := said[f][as]; ok {
		return []string{v}
	}
	if f == regions {
		if code, err := registry.ParseRegion(key); err == nil {
			return []string{strings.ToLower(code)}
		}
	}
	if f == activityFacet {
		return []string{key}
	}
	called := labels[f]
	var exact, named, begin, with []string
	for _, l := range c.layers {
		column := &l.values[f]
		if _, ok := column.number[key]; ok {
			exact = append(exact, key)
		}
		for id, k := range column.keys {
			if k == "" {
				continue
			}
			names := []string{bare(k)}
			if called != nil {
				names = append(names, bare(called(column.spellings[id], "de")), bare(called(column.spellings[id], "en")))
			}
			if f == publishers {
				names = append(names, bare(l.publishers[k]))
			}
			for _, n := range names {
				switch {
				case n == as:
					named = append(named, k)
				case as != "" && strings.HasPrefix(n, as):
					begin = append(begin, k)
				case f == publishers && as != "" && strings.Contains(n, as):
					with = append(with, k)
				}
			}
		}
	}
	for _, found := range [][]string{exact, named, begin, with} {
		if len(found) > 0 {
			slices.Sort(found)
			return slices.Compact(found)
		}
	}
	return []string{key}
}

// bare is a value without regard to case, umlauts and what is between words.
func bare(s string) string {
	var b strings.Builder
	for parts := range split(s) {
		for _, p := range parts {
			b.WriteString(plain(p))
		}
	}
	return b.String()
}
