// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry

// Query asks for entries. Filters of different facets must all hold; of several
// values of one facet any one does. Values match without regard to case.
type Query struct {
	Text    string             // words and field filters, see the index; "" for all
	Filters map[Facet][]string // see the facets

	AnyWord  bool    // one word of Text is enough; who has more of them ranks higher
	Language string  // of the one who asks, a BCP 47 tag: words of it count most; "" for German
	Counted  []Facet // the facets to count; nil for those of DefaultFacets
	Explain  bool    // fill Page.Reasons

	Sort  Sort   // "" is ByRelevance with Text, ByName without
	After string // Page.Next of the page before; "" for the first
	Limit int    // entries a page
}

// Sort is an order of results.
type Sort string

// The orders. Where two entries are the same in it, the name decides.
const (
	ByRelevance Sort = "relevance"
	ByName      Sort = "name"
	ByUpdated   Sort = "updated"  // last push first
	ByNew       Sort = "new"      // first seen last
	ByChanged   Sort = "changed"  // the entry that changed last first
	ByReleased  Sort = "released" // newest release first
	ByStars     Sort = "stars"    // most stars first
	ByUsed      Sort = "used"     // most in usedBy first
	ByAdopted   Sort = "adopted"  // most organisations that confirm it first, see Software.ConfirmedBy
)

// Sorts are the orders there are.
func Sorts() []Sort {
	return []Sort{ByRelevance, ByName, ByUpdated, ByNew, ByChanged, ByReleased, ByStars, ByUsed, ByAdopted}
}

// Facet is a kind of value that entries are filtered by and counted in. Its text
// is the name of the parameter, too.
type Facet string

// The facets.
const (
	FacetLicence         Facet = "licence"         // SPDX licence ids that occur in the declared expression
	FacetCategory        Facet = "category"        // publiccode.yml categories
	FacetRegion          Facet = "region"          // ISO 3166-2 codes; a country code takes in its parts
	FacetStatus          Facet = "status"          // developmentStatus
	FacetPublisher       Facet = "publisher"       // publisher IDs
	FacetVerdict         Facet = "verdict"         // LicenceVerdict
	FacetLicenceCategory Facet = "licenceCategory" // licence.Category of the declared licences
	FacetRegionKind      Facet = "regionKind"      // RegionState and the like, of the publisher
	FacetScope           Facet = "scope"           // intendedAudience.scope
	FacetSoftwareType    Facet = "softwareType"
	FacetPlatform        Facet = "platform"
	FacetLanguage        Facet = "language"    // localisation.availableLanguages; a primary tag takes in what is below it
	FacetMaintenance     Facet = "maintenance" // maintenance.type
	FacetSupports        Facet = "supports"    // standards
	FacetSBOM            Facet = "sbom"        // "yes" or "no": whether a bill of materials could be read
	FacetActivity        Facet = "activity"    // ActivityRecent and the like
	FacetForge           Facet = "forge"       // kinds of forge
	FacetBasedOn         Facet = "basedOn"     // IDs of what the entry is a variant of
)

// AllFacets are the facets there are, those of DefaultFacets first.
func AllFacets() []Facet {
	return append(DefaultFacets(),
		FacetLicenceCategory, FacetRegionKind, FacetScope, FacetSoftwareType, FacetPlatform, FacetLanguage,
		FacetMaintenance, FacetSupports, FacetSBOM, FacetActivity, FacetForge, FacetBasedOn)
}

// DefaultFacets are counted where a query does not say which.
func DefaultFacets() []Facet {
	return []Facet{FacetLicence, FacetCategory, FacetRegion, FacetStatus, FacetPublisher, FacetVerdict}
}

// The kinds of region, as far as the publisher's code and name tell.
const (
	RegionFederal   = "federal"   // DE
	RegionState     = "state"     // DE-SH
	RegionMunicipal = "municipal" // DE-SH, and the publisher is called a town, municipality or district
	RegionAbroad    = "abroad"
)

// The activities, by the time since the last push.
const (
	ActivityRecent   = "recent"   // up to 90 days
	ActivityYear     = "year"     // up to 365 days
	ActivityQuiet    = "quiet"    // longer ago
	ActivityArchived = "archived" // the repository takes no changes
)

// Page is one page of results.
type Page struct {
	Items []*Software
	Total int    // all that match, exact
	Next  string // cursor of the next page; "" at the end
	// Facets are the counts by value over all that match, the most frequent
	// first. The count of a value is the number of results there would be with
	// that value chosen instead of those already chosen of its facet.
	Facets map[Facet][]Count

	// DidYouMean is the text that may have been meant where few entries match;
	// "" where there is none that finds more.
	DidYouMean string
	// Reasons are those of the items, in the same order, where Query.Explain
	// asks for them.
	Reasons [][]RankReason
}

// RankReason is one reason for the place of an entry in the order by relevance.
type RankReason struct {
	Code  RankCode
	Word  string  // of the query
	Found string  // the word of the entry that met it, or the value
	Field string  // where it stands
	Share float64 // of the entry's rank, from -1 to 1; together 1
}

// RankCode says how something counted.
type RankCode string

// The reasons: how a word of the query met one of the entry, and what else
// raised or lowered it.
const (
	RankExact        RankCode = "exact"
	RankStem         RankCode = "stem"     // another form of the word
	RankSynonym      RankCode = "synonym"  // another word for the same
	RankPrefix       RankCode = "prefix"   // the entry's word begins with it
	RankCompound     RankCode = "compound" // the entry's word is a compound with it
	RankParts        RankCode = "parts"    // the query's word is a compound; the entry has its parts
	RankTypo         RankCode = "typo"     // with typing errors
	RankPhrase       RankCode = "phrase"   // word for word
	RankName         RankCode = "name"     // the entry is called so
	RankMaturity     RankCode = "maturity"
	RankActivity     RankCode = "activity"
	RankCompleteness RankCode = "completeness"
	RankLicence      RankCode = "licence"   // the verdict on the licence
	RankConfirmed    RankCode = "confirmed" // who confirms that it is used, see Software.ConfirmedBy; Found is how many
	RankUsed         RankCode = "used"      // what usedBy claims; Found is how many
)

// Suggestion is a way to go on with what is being typed.
type Suggestion struct {
	Text string // the whole text to search for, or the name of the entry
	ID   ID     // of the entry; "" where Text is a word to go on with
	N    int    // how many entries have the word
}

// Count is a value and how many entries have it.
type Count struct {
	Value string
	N     int
}
