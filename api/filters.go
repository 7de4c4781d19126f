// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// filter is a facet as a parameter of the list, and as a member of its facets.
type filter struct {
	facet registry.Facet
	// read takes a value as it was given, and gives it back as the catalogue
	// has it.
	read func(string) (string, bool)
	// write is a value of the catalogue as read takes it. It fails for what
	// read would not take: files hold values outside the vocabulary, and
	// licences with commas.
	write func(string) (string, bool)
	not   string // what a value is not that read does not take, see parameters.checked
}

// notARegion says what a value is that readRegion does not take.
const notARegion = "not a code of ISO 3166. Allowed are German states such as DE-SH or SH, countries such as AT, and their parts such as AT-9."

// filters are all there are, in the order of registry.AllFacets.
var filters = []filter{
	anything(registry.FacetLicence),
	oneOf(registry.FacetCategory, publiccode.Categories()),
	{registry.FacetRegion, readRegion, regionParameter, notARegion},
	oneOf(registry.FacetStatus, publiccode.Statuses()),
	anything(registry.FacetPublisher),
	oneOf(registry.FacetVerdict, verdictNames()),
	oneOf(registry.FacetLicenceCategory, licenceCategories),
	oneOf(registry.FacetRegionKind, regionKinds),
	oneOf(registry.FacetScope, publiccode.Scopes()),
	oneOf(registry.FacetSoftwareType, publiccode.SoftwareTypes()),
	anything(registry.FacetPlatform),
	{registry.FacetLanguage, readLanguage, languageParameter, "not a language tag. Allowed are those of BCP 47, such as de or de-AT."},
	oneOf(registry.FacetMaintenance, publiccode.MaintenanceTypes()),
	anything(registry.FacetSupports),
	oneOf(registry.FacetSBOM, sbomStates),
	oneOf(registry.FacetActivity, activities),
	anything(registry.FacetForge),
	anything(registry.FacetBasedOn),
}

// The vocabularies that are no standard's.
var (
	licenceCategories = each([]licence.Category{
		licence.PublicDomain, licence.Permissive, licence.WeakCopyleft, licence.StrongCopyleft, licence.NetworkCopyleft,
		licence.SourceAvailable, licence.Restricted, licence.Proprietary, licence.NoCategory,
	}, func(c licence.Category) string { return string(c) })
	regionKinds = []string{registry.RegionFederal, registry.RegionState, registry.RegionMunicipal, registry.RegionAbroad}
	sbomStates  = []string{"yes", "no"}
	activities  = []string{registry.ActivityRecent, registry.ActivityYear, registry.ActivityQuiet, registry.ActivityArchived}
)

// facetNames are the names of parameters and facets, in the order of filters.
var facetNames = each(filters, func(f filter) string { return string(f.facet) })

func oneOf(f registry.Facet, words []string) filter {
	spell := vocabulary(words)
	return filter{f, spell, spell, notAmong(words)}
}

func anything(f registry.Facet) filter {
	return filter{f, func(v string) (string, bool) { return v, true }, anyValue, ""}
}

func vocabulary(words []string) func(string) (string, bool) {
	return func(v string) (string, bool) {
		i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, v) })
		if i < 0 {
			return "", false
		}
		return words[i], true
	}
}

func anyValue(v string) (string, bool) {
	return v, v != "" && v == strings.TrimSpace(v) && !strings.Contains(v, ",") && readable(v, maxText)
}

// readLanguage reads a tag of BCP 47, with two letters for a language that has
// some.
func readLanguage(v string) (string, bool) {
	tag, err := language.Raw.Parse(v)
	return tag.String(), err == nil && tag != language.Und
}

func languageParameter(v string) (string, bool) {
	tag, ok := readLanguage(v)
	return tag, ok && strings.EqualFold(tag, v)
}

// filters reads the parameters that filter; nil where there are none.
func (p *parameters) filters() map[registry.Facet][]string {
	var all map[registry.Facet][]string
	for _, f := range filters {
		if list := p.checked(string(f.facet), f.read, f.not); len(list) > 0 {
			if all == nil {
				all = map[registry.Facet][]string{}
			}
			all[f.facet] = list
		}
	}
	return all
}

// counted reads which facets are asked for, in the order of filters; empty, not
// nil, where none are.
func (p *parameters) counted(name string) []registry.Facet {
	switch v := p.values[name]; {
	case len(v) == 0 || len(v) == 1 && v[0] == "false":
		return []registry.Facet{}
	case len(v) == 1 && v[0] == "true":
		return registry.DefaultFacets()
	}
	wanted := p.checked(name, vocabulary(facetNames), "not a facet. Give true alone for the usual ones, false for none, or some of "+strings.Join(facetNames, ", ")+".")
	all := registry.AllFacets()
	return slices.DeleteFunc(all, func(f registry.Facet) bool { return !slices.Contains(wanted, string(f)) })
}

// maxCounted is how many values of a facet an answer has.
const maxCounted = 250

type facet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// facetsOf are the facets asked for, by the names of the parameters that filter
// by them; nil where none are. Values are as those parameters take them.
func facetsOf(page registry.Page, counted []registry.Facet) map[registry.Facet][]facet {
	if len(counted) == 0 {
		return nil
	}
	all := map[registry.Facet][]facet{}
	for _, f := range filters {
		if !slices.Contains(counted, f.facet) {
			continue
		}
		list := []facet{}
		for _, n := range page.Facets[f.facet] {
			if v, ok := f.write(n.Value); ok && len(list) < maxCounted {
				list = append(list, facet{Value: v, Count: n.N})
			}
		}
		all[f.facet] = list
	}
	return all
}
