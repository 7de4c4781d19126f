// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// maxName bounds doc.name in bytes, and so the cursor that it is part of.
const maxName = 120

func newDoc(s *registry.Software) doc {
	d := doc{
		id: s.ID, name: nameKey(s.PublicCode.Name),
		pushed: s.Repository.Pushed.UnixMilli(), first: s.FirstSeen.UnixMilli(), changed: s.Changed.UnixMilli(),
		stars: clamp(s.Repository.Stars), used: clamp(len(s.PublicCode.UsedBy)),
		quality: qualityOf(s), archived: s.Repository.Archived, confirmed: confirmedOf(s),
	}
	if t := released(s); !t.IsZero() {
		d.released = clamp(int(t.Unix() / 86400))
	}
	return d
}

func clamp(n int) int32 { return int32(max(0, min(n, 1<<31-1))) }

// released is when the newest version was, by the file or else by the forge.
func released(s *registry.Software) time.Time {
	if t, err := time.Parse(time.DateOnly, s.PublicCode.ReleaseDate); err == nil {
		return t
	}
	if s.Activity != nil {
		for _, r := range s.Activity.Releases {
			if !r.Prerelease {
				return r.Published
			}
		}
	}
	return time.Time{}
}

func nameKey(name string) string {
	var all []string
	size := 0
	for parts := range split(name) {
		w := strings.Join(parts, "")
		if size += len(w) + 1; size > 2*maxName {
			break
		}
		all = append(all, w)
	}
	return cut(strings.Join(all, " "), maxName)
}

// address matches web addresses in running text: their parts are no words of it.
var address = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s<>()\[\]]+`)

// putTexts enters what an entry is found by.
func (d *draft) putTexts(s *registry.Software) {
	add := func(f field, in language, texts ...string) {
		for _, t := range texts {
			if t == "" {
				continue
			}
			if strings.Contains(t, "://") {
				t = address.ReplaceAllLiteralString(t, " ")
			}
			d.text(f, t, in)
		}
	}
	p := &s.PublicCode
	add(nameField, anyLanguage, p.Name)
	for _, tag := range slices.Sorted(maps.Keys(p.Description)) {
		in, t := languageOf(tag), p.Description[tag]
		add(nameField, in, t.LocalisedName)
		add(genericField, in, t.GenericName)
		add(shortField, in, t.ShortDescription)
		add(featureField, in, t.Features...)
		add(longField, in, t.LongDescription)
	}
	add(genericField, anyLanguage, p.ApplicationSuite)
	add(topicField, anyLanguage, s.Repository.Topics...)
	for _, c := range p.Categories {
		add(topicField, germanText, publiccode.CategoryLabel(c, "de"))
		add(topicField, englishText, publiccode.CategoryLabel(c, "en"))
	}
	add(publisherField, anyLanguage, s.Publisher.Name)
	if p.Organisation != nil && p.Organisation.Name != s.Publisher.Name {
		add(publisherField, anyLanguage, p.Organisation.Name)
	}
	add(publisherField, anyLanguage, p.UsedBy...)
	if on := p.DependsOn; on != nil {
		for _, dep := range slices.Concat(on.Open, on.Proprietary, on.Hardware) {
			add(technicalField, anyLanguage, dep.Name)
		}
	}
	for _, standard := range p.Supports {
		add(technicalField, anyLanguage, strings.TrimPrefix(standard, "alias:"))
	}
	if p.IntendedAudience != nil {
		for _, scope := range p.IntendedAudience.Scope {
			add(technicalField, germanText, publiccode.ScopeLabel(scope, "de"))
			add(technicalField, englishText, publiccode.ScopeLabel(scope, "en"))
		}
	}
	_, path, _ := strings.Cut(string(s.ID), "/")
	owner, path, _ := strings.Cut(path, "/")
	add(publisherField, anyLanguage, owner)
	add(technicalField, anyLanguage, path, s.Repository.Description)
}

// facet numbers the facets, in the order of registry.AllFacets.
type facet int

const (
	licences facet = iota
	categories
	regions
	statuses
	publishers
	verdicts
	licenceCategories
	regionKinds
	scopes
	softwareTypes
	platforms
	textLanguages
	maintenance
	supports
	sboms
	forges
	bases
	facets

	// The activity is no column: it is told by the time of the query.
)

var facetNames = [facets]registry.Facet{
	licences: registry.FacetLicence, categories: registry.FacetCategory, regions: registry.FacetRegion,
	statuses: registry.FacetStatus, publishers: registry.FacetPublisher, verdicts: registry.FacetVerdict,
	licenceCategories: registry.FacetLicenceCategory, regionKinds: registry.FacetRegionKind,
	scopes: registry.FacetScope, softwareTypes: registry.FacetSoftwareType, platforms: registry.FacetPlatform,
	textLanguages: registry.FacetLanguage, maintenance: registry.FacetMaintenance, supports: registry.FacetSupports,
	sboms: registry.FacetSBOM, forges: registry.FacetForge, bases: registry.FacetBasedOn,
}

// valuesOf are the values of an entry by facet.
func valuesOf(s *registry.Software) [facets][]string {
	p := &s.PublicCode
	ids := licenceIDs(p.Legal.License)
	v := [facets][]string{
		licences:          ids,
		categories:        p.Categories,
		regions:           withPrimary(s.Publisher.Region),
		statuses:          {p.DevelopmentStatus},
		publishers:        {s.Publisher.ID},
		licenceCategories: licenceCategoriesOf(ids),
		regionKinds:       {regionKind(&s.Publisher)},
		softwareTypes:     {p.SoftwareType},
		platforms:         p.Platforms,
		textLanguages:     languageTags(p.Localisation.AvailableLanguages),
		maintenance:       {p.Maintenance.Type},
		supports:          p.Supports,
		sboms:             {yesOrNo(slices.ContainsFunc(s.SBOMs, func(b registry.SBOM) bool { return b.Error == "" }))},
		forges:            {s.Repository.Forge},
	}
	for _, id := range s.BasedOn {
		v[bases] = append(v[bases], string(id))
	}
	if s.Licence != nil {
		v[verdicts] = []string{string(s.Licence.Verdict)}
	}
	if p.IntendedAudience != nil {
		v[scopes] = p.IntendedAudience.Scope
	}
	return v
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// withPrimary is a code and what is before its first hyphen: DE-SH and DE.
func withPrimary(code string) []string {
	if primary, _, ok := strings.Cut(code, "-"); ok {
		return []string{code, primary}
	}
	return []string{code}
}

func languageTags(tags []string) []string {
	var all []string
	for _, t := range tags {
		all = append(all, withPrimary(t)...)
	}
	return all
}

func licenceCategoriesOf(ids []string) []string {
	var all []string
	for _, id := range ids {
		if l, ok := licence.Lookup(id); ok {
			all = append(all, string(l.Category))
		}
	}
	return all
}

// municipal are words in the names of publishers that are towns,
// municipalities or districts.
var municipal = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq(`stadt landeshauptstadt hansestadt kreisstadt universitatsstadt gemeinde samtgemeinde
		verbandsgemeinde einheitsgemeinde ortsgemeinde markt kreis landkreis stadtverwaltung kreisverwaltung
		gemeindeverwaltung landratsamt bezirksamt rathaus magistrat stadteregion regionalverband`) {
		municipal[w] = true
	}
}

// cityStates are states though they are called towns.
var cityStates = []string{"DE-BE", "DE-HB", "DE-HH"}

// regionKind tells the kinds of region apart. Codes of ISO 3166-2 end at the
// states, so what is below is told by the publisher's name.
func regionKind(p *registry.Publisher) string {
	region := strings.ToUpper(p.Region)
	switch {
	case region == "":
		return ""
	case region == "DE":
		return registry.RegionFederal
	case !strings.HasPrefix(region, "DE-"):
		return registry.RegionAbroad
	}
	if !slices.Contains(cityStates, region) {
		for parts := range split(p.Name) {
			if municipal[strings.Join(parts, "")] {
				return registry.RegionMunicipal
			}
		}
	}
	return registry.RegionState
}

// licenceIDs are the identifiers in an SPDX expression, exceptions among them.
// Whether they exist does not matter. What is no expression at all, because
// words follow each other without an operator, is one value as a whole.
func licenceIDs(expression string) []string {
	var ids []string
	operator := true // whether the word before was one
	for word := range strings.FieldsFuncSeq(expression, func(r rune) bool { return strings.ContainsRune("() \t\r\n", r) }) {
		switch strings.ToUpper(word) {
		case "AND", "OR", "WITH":
			operator = true
			continue
		}
		if !operator {
			return []string{strings.Join(strings.Fields(expression), " ")}
		}
		operator = false
		ids = append(ids, word)
	}
	return ids
}
