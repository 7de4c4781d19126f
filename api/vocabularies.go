// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// vocabularyOf is a closed list of words with their names.
type vocabularyOf struct {
	name   string
	titles map[string]string // by language
	facet  registry.Facet    // "" where entries are not counted by it
	codes  []string
	label  func(code, lang string) string
}

// vocabularies are those there are.
var vocabularies = []vocabularyOf{
	{"categories", titles("Kategorien", "Categories"), registry.FacetCategory, publiccode.Categories(), publiccode.CategoryLabel},
	{"development-statuses", titles("Entwicklungsstände", "Development statuses"), registry.FacetStatus, publiccode.Statuses(), publiccode.StatusLabel},
	{"software-types", titles("Softwaretypen", "Types of software"), registry.FacetSoftwareType, publiccode.SoftwareTypes(), publiccode.TypeLabel},
	{"maintenance-types", titles("Arten der Pflege", "Types of maintenance"), registry.FacetMaintenance, publiccode.MaintenanceTypes(), publiccode.MaintenanceLabel},
	{"scopes", titles("Einsatzbereiche", "Scopes"), registry.FacetScope, publiccode.Scopes(), publiccode.ScopeLabel},
	{"platforms", titles("Plattformen (weitere sind erlaubt)", "Platforms (others are allowed)"), registry.FacetPlatform, publiccode.Platforms(), publiccode.PlatformLabel},
	{"verdicts", titles("Urteile über die Lizenzangaben", "Verdicts on what is said of the licence"), registry.FacetVerdict, verdictNames(), func(code, lang string) string {
		return registry.LicenceVerdict(code).Wording(lang)
	}},
	{"licence-categories", titles("Arten von Lizenzen", "Categories of licences"), registry.FacetLicenceCategory, licenceCategories, func(code, lang string) string {
		label, _ := licence.Category(code).Words(lang)
		return label
	}},
	{"states", titles("Länder und Bund", "States and the federation"), registry.FacetRegion, stateCodes(), registry.RegionName},
	{"outcomes", titles("Was ein Besuch ergibt", "What a visit comes to"), "", outcomeNames(), func(code, lang string) string {
		return registry.Outcome(code).Meaning(lang)
	}},
	{"adoption-roles", titles("Rollen einer Verwaltung", "Roles of an administration"), "", each(adoption.Roles(), func(r adoption.Role) string { return string(r) }), adoption.RoleLabel},
}

func titles(de, en string) map[string]string { return map[string]string{german: de, english: en} }

func stateCodes() []string {
	return each(registry.Regions(), func(r registry.Region) string { return r.Code })
}

func outcomeNames() []string {
	return each(registry.Outcomes, func(o registry.Outcome) string { return string(o) })
}

type vocabularyList struct {
	Items []vocabularyItem `json:"items"`
}

type vocabularyItem struct {
	Name  string            `json:"name"`
	Title map[string]string `json:"title"`
	Terms int               `json:"terms"`
	Links selfLink          `json:"links"`
}

type selfLink struct {
	Self string `json:"self"`
}

func (a *api) newVocabularyItem(v vocabularyOf) vocabularyItem {
	return vocabularyItem{v.name, v.titles, len(v.codes), selfLink{a.link("/v1/vocabularies/" + v.name)}}
}

// listVocabularies lists the vocabularies.
func (a *api) listVocabularies(*gin.Context) (*answer, error) {
	return jsonAnswer(vocabularyList{each(vocabularies, a.newVocabularyItem)})
}

type vocabularyTerms struct {
	vocabularyItem
	Items []term `json:"items"`
}

// term is a word of a vocabulary.
type term struct {
	Code    string            `json:"code"`
	Names   map[string]string `json:"names"`
	Entries *int              `json:"entries,omitempty"`
	Links   *softwareLink     `json:"links,omitempty"`
}

var errNoVocabulary = &problem{Status: http.StatusNotFound, Detail: "There is no vocabulary of this name. /v1/vocabularies lists those there are."}

// getVocabulary lists the words of one vocabulary, and where entries are counted by
// it how many have each.
func (a *api) getVocabulary(c *gin.Context) (*answer, error) {
	i := slices.IndexFunc(vocabularies, func(v vocabularyOf) bool { return v.name == c.Param("name") })
	if i < 0 {
		return nil, errNoVocabulary
	}
	v := vocabularies[i]
	counts, err := a.counts(c, v.facet)
	if err != nil {
		return nil, err
	}
	terms := vocabularyTerms{a.newVocabularyItem(v), []term{}}
	for _, code := range v.codes {
		t := term{Code: code, Names: map[string]string{german: v.label(code, german), english: v.label(code, english)}}
		if v.facet != "" {
			n, link := counts[code], a.softwareWith(v.facet, code)
			t.Entries, t.Links = &n, &link
		}
		terms.Items = append(terms.Items, t)
	}
	return jsonAnswer(terms)
}

// counts is how many entries have each value of a facet; none for "".
func (a *api) counts(c *gin.Context, f registry.Facet) (map[string]int, error) {
	counts := map[string]int{}
	if f == "" {
		return counts, nil
	}
	all, err := a.catalogue.Search(c.Request.Context(), registry.Query{Limit: 1, Counted: []registry.Facet{f}})
	for _, n := range all.Facets[f] {
		counts[n.Value] = n.N
	}
	return counts, err
}

type standardList struct {
	Items []standard `json:"items"`
	Total int        `json:"total"`
}

// standard is something that software says it supports.
type standard struct {
	ID      string            `json:"id"`
	URI     string            `json:"uri,omitempty"`
	Names   map[string]string `json:"names"`
	Entries int               `json:"entries"`
	Links   softwareLink      `json:"links"`
}

// listStandards lists what entries say they support, the most frequent first.
func (a *api) listStandards(c *gin.Context) (*answer, error) {
	all, err := a.catalogue.Search(c.Request.Context(), registry.Query{Limit: 1, Counted: []registry.Facet{registry.FacetSupports}})
	if err != nil {
		return nil, err
	}
	list := standardList{Items: []standard{}}
	for _, n := range all.Facets[registry.FacetSupports] {
		if _, ok := anyValue(n.Value); !ok {
			continue // the list would not take it
		}
		s := standard{
			ID: n.Value, Entries: n.N, Links: a.softwareWith(registry.FacetSupports, n.Value),
			Names: map[string]string{german: publiccode.SupportLabel(n.Value, german), english: publiccode.SupportLabel(n.Value, english)},
		}
		if uri := publiccode.SupportURI(n.Value); isWeb(uri) {
			s.URI = uri
		}
		list.Items = append(list.Items, s)
	}
	list.Total = len(list.Items)
	return jsonAnswer(list)
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.String() == address
}
