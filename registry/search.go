// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

// Query asks for entries. Filters of different kinds must all hold; of several
// values of one kind any one does. Values match without regard to case.
type Query struct {
	Text       string   // words in German or English; "" for all
	Licences   []string // SPDX licence ids that occur in the declared expression
	Categories []string // publiccode.yml categories
	Regions    []string // ISO 3166-2 codes; a country code takes in its parts
	Statuses   []string // developmentStatus
	Publishers []string // publisher IDs
	Verdicts   []string // LicenceVerdict
	Sort       Sort     // "" is ByRelevance with Text, ByName without
	After      string   // Page.Next of the page before; "" for the first
	Limit      int      // entries a page
}

// Sort is an order of results.
type Sort string

// The orders.
const (
	ByRelevance Sort = "relevance"
	ByName      Sort = "name"
	ByUpdated   Sort = "updated" // last push first
	ByNew       Sort = "new"     // first seen last
)

// Page is one page of results.
type Page struct {
	Items  []*Software
	Total  int    // all that match, exact
	Next   string // cursor of the next page; "" at the end
	Facets Facets // counts over all that match
}

// Facets are counts by value, the most frequent first. The count of a value is
// the number of results there would be with that value chosen instead of those
// already chosen of its kind.
type Facets struct {
	Licences   []Count
	Categories []Count
	Regions    []Count
	Statuses   []Count
	Publishers []Count
	Verdicts   []Count
}

// Count is a value and how many entries have it.
type Count struct {
	Value string
	N     int
}
