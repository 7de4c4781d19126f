// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// perPage is what the index of this project has on a page by itself.
const perPage = 20

// textOf is all that is searched for words.
func textOf(s *registry.Software) string {
	d := s.PublicCode.Description["de"]
	return strings.Join(append([]string{
		s.PublicCode.Name, d.GenericName, d.ShortDescription, d.LongDescription, s.Publisher.Name, s.PublicCode.UsedBy[0],
	}, d.Features...), "\n")
}

// valuesOf are the values of the five facets.
func valuesOf(s *registry.Software) map[registry.Facet][]string {
	regions := []string{s.Publisher.Region}
	if country, _, ok := strings.Cut(s.Publisher.Region, "-"); ok {
		regions = append(regions, country)
	}
	return map[registry.Facet][]string{
		registry.FacetLicence:   strings.Split(s.PublicCode.Legal.License, " OR "),
		registry.FacetCategory:  s.PublicCode.Categories,
		registry.FacetRegion:    regions,
		registry.FacetStatus:    {s.PublicCode.DevelopmentStatus},
		registry.FacetPublisher: {s.Publisher.ID},
	}
}

// question is a query taken apart for engines without a language of their own.
type question struct {
	phrase       string
	words        []string
	without      []string
	begun, typos bool // the last word may go on; words may be misspelled
}

// understood takes the queries of the measurement apart. ok is false for those
// that ask for compounds or other words for the same.
func understood(text string) (q question, ok bool) {
	switch text {
	case "verw", "antr", "Kinderb", "straß", "geb", "ve", "an", "ki":
		q.begun = true
	case "Verwaltnug", "Bürgrebeteiligung", "Grundstükcsvermessung", "Antarg", "Kindrebetreuung":
		q.typos = true
	case "Kita", "DMS", "Bürgerportal", "Bauantragsverfahren", "Kinderbetreuungsplatzvergabe", "Hundesteuerbescheid":
		return q, false
	}
	if phrase, is := strings.CutPrefix(text, `"`); is {
		q.phrase = strings.TrimSuffix(phrase, `"`)
		return q, true
	}
	for word := range strings.FieldsSeq(text) {
		if unwanted, is := strings.CutPrefix(word, "-"); is {
			q.without = append(q.without, unwanted)
		} else {
			q.words = append(q.words, word)
		}
	}
	return q, true
}
