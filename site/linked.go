// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what a page says as linked data, which nobody reads in full.
const (
	maxLinked       = 20 // values of a property
	maxLinkedItems  = 30 // entries of a list
	maxLinkedTongue = 8  // languages of a description
)

// thing is a node of linked data in the terms of https://schema.org, with the
// properties that pages of the catalogue have values for.
type thing struct {
	Type any    `json:"@type,omitempty"` // a name or several
	ID   string `json:"@id,omitempty"`

	Name             string   `json:"name,omitempty"`
	Description      any      `json:"description,omitempty"` // string, or []said
	URL              string   `json:"url,omitempty"`
	InLanguage       []string `json:"inLanguage,omitempty"`
	MainEntity       *thing   `json:"mainEntity,omitempty"`
	MainEntityOfPage string   `json:"mainEntityOfPage,omitempty"`
	IsPartOf         *thing   `json:"isPartOf,omitempty"`
	SameAs           []string `json:"sameAs,omitempty"`
	Image            string   `json:"image,omitempty"`

	// of software
	CodeRepository      string   `json:"codeRepository,omitempty"`
	ProgrammingLanguage string   `json:"programmingLanguage,omitempty"`
	License             any      `json:"license,omitempty"` // address, or *thing
	SoftwareVersion     string   `json:"softwareVersion,omitempty"`
	DateCreated         string   `json:"dateCreated,omitempty"`
	DatePublished       string   `json:"datePublished,omitempty"`
	DateModified        string   `json:"dateModified,omitempty"`
	CreativeWorkStatus  string   `json:"creativeWorkStatus,omitempty"`
	ApplicationCategory []string `json:"applicationCategory,omitempty"`
	ApplicationSuite    string   `json:"applicationSuite,omitempty"`
	OperatingSystem     []string `json:"operatingSystem,omitempty"`
	FeatureList         []string `json:"featureList,omitempty"`
	Keywords            []string `json:"keywords,omitempty"`
	IsBasedOn           []string `json:"isBasedOn,omitempty"`
	SoftwareHelp        *thing   `json:"softwareHelp,omitempty"`
	CopyrightHolder     *thing   `json:"copyrightHolder,omitempty"`
	Author              *thing   `json:"author,omitempty"`
	Publisher           *thing   `json:"publisher,omitempty"`
	Maintainer          []thing  `json:"maintainer,omitempty"`
	Funder              []thing  `json:"funder,omitempty"`

	// of lists
	NumberOfItems   *int    `json:"numberOfItems,omitempty"`
	ItemListElement []thing `json:"itemListElement,omitempty"`
	Position        int     `json:"position,omitempty"`
	Item            string  `json:"item,omitempty"`

	// of the search
	PotentialAction *thing `json:"potentialAction,omitempty"`
	Target          *thing `json:"target,omitempty"`
	URLTemplate     string `json:"urlTemplate,omitempty"`
	QueryInput      string `json:"query-input,omitempty"`
}

// said is a text and its language (JSON-LD 1.1, section 4.2.4).
type said struct {
	Value    string `json:"@value"`
	Language string `json:"@language,omitempty"`
}

// Linked is the element that says what the page is about as linked data; ""
// where there is nothing to say. The encoder escapes <, > and &, so that no text
// ends the element.
func (p *page) Linked() (template.HTML, error) {
	var graph []thing
	switch b := p.Body.(type) {
	case homeBody:
		graph = append(graph, p.linkedHome())
	case *detail:
		graph = append(graph, p.linkedSoftware(b))
	case gathering:
		if c, ok := b.(*collection); ok && c.Publisher.Name != "" {
			graph = append(graph, p.linkedPublisher(c.Publisher))
		}
		graph = append(graph, p.linkedList(b))
	}
	if len(p.Crumbs) > 1 && p.Path != "" {
		graph = append(graph, p.linkedCrumbs())
	}
	if graph == nil || p.NoIndex {
		return "", nil
	}
	body, err := json.Marshal(struct {
		Context string  `json:"@context"`
		Graph   []thing `json:"@graph"`
	}{"https://schema.org", graph})
	if err != nil {
		return "", fmt.Errorf("linked data: %w", err)
	}
	return template.HTML(`<script type="application/ld+json">` + string(body) + "</script>"), nil //nolint:gosec // escaped by the encoder
}

// gathering is what a page shows that lists entries: how many there are in all,
// the number of the first one here, and those here.
type gathering interface {
	gathered() (total, first int, cards []card)
}

func (l *listing) gathered() (total, first int, cards []card) {
	return l.Total, max(1, l.Numbers[0]), l.Cards
}

func (c *collection) gathered() (total, first int, cards []card) { return c.Total, 1, c.Cards }

// address is the address of a path in the language of the page, absolute where
// it is known.
func (p *page) address(path string) string { return p.site.origin + p.Href(path) }

func (p *page) linkedHome() thing {
	return thing{
		Type: []string{"WebSite", "DataCatalog"}, Name: p.Name(), Description: p.Description,
		URL: p.address("/"), InLanguage: []string{p.Lang},
		PotentialAction: &thing{
			Type:       "SearchAction",
			Target:     &thing{Type: "EntryPoint", URLTemplate: p.address(listPath) + "?q={search_term_string}"},
			QueryInput: "required name=search_term_string",
		},
	}
}

func (p *page) linkedCrumbs() thing {
	list := thing{Type: "BreadcrumbList"}
	for i, c := range p.Crumbs {
		path := c.Path
		if path == "" {
			path = p.Path
		}
		list.ItemListElement = append(list.ItemListElement, thing{Type: "ListItem", Position: i + 1, Name: c.Label, Item: p.address(path)})
	}
	return list
}

// linkedList is a page that lists entries.
func (p *page) linkedList(g gathering) thing {
	total, first, cards := g.gathered()
	list := &thing{Type: "ItemList", NumberOfItems: &total}
	for i, c := range cards[:min(len(cards), maxLinkedItems)] {
		if c.Path != "" {
			list.ItemListElement = append(list.ItemListElement, thing{Type: "ListItem", Position: first + i, Name: c.Name, URL: p.address(c.Path)})
		}
	}
	return thing{
		Type: "CollectionPage", Name: p.Title, Description: p.Description, URL: p.address(p.Path), InLanguage: []string{p.Lang},
		MainEntity: list,
	}
}

func (p *page) linkedPublisher(o registry.Publisher) thing {
	t := thing{Type: "Organization", Name: shorten(o.Name, maxName)}
	if usablePathSegment(o.ID) {
		t.URL = p.address(publisherPath(o.ID))
	}
	if uri := webLink(o.URI); uri != "" {
		t.SameAs = []string{uri}
	}
	return t
}

func (p *page) linkedSoftware(d *detail) thing {
	s := d.S
	c := &s.PublicCode
	t := thing{
		Type: []string{"SoftwareSourceCode", "SoftwareApplication"}, Name: d.Name, Description: linkedTexts(c),
		URL: webLink(c.LandingURL), InLanguage: bounded(c.Localisation.AvailableLanguages),
		CodeRepository: webLink(s.Repository.URL), ProgrammingLanguage: shorten(s.Repository.Language, maxLine),
		SoftwareVersion: d.Version, CreativeWorkStatus: d.StatusName,
		ApplicationSuite: d.Suite, OperatingSystem: bounded(c.Platforms), FeatureList: bounded(d.Features),
		Keywords: bounded(s.Repository.Topics), IsBasedOn: linkedAddresses(c.IsBasedOn),
	}
	if p.Path != "" {
		t.MainEntityOfPage = p.address(p.Path)
	}
	for _, topic := range d.Topics[:min(len(d.Topics), maxLinked)] {
		t.ApplicationCategory = append(t.ApplicationCategory, topic.Label)
	}
	for _, l := range s.Locations[:min(len(s.Locations), maxLinked)] {
		if to := webLink(l.URL); to != "" {
			t.SameAs = append(t.SameAs, to)
		}
	}
	if !s.Repository.Created.IsZero() {
		t.DateCreated = p.ISO(s.Repository.Created)
	}
	if !d.Release.At.IsZero() {
		t.DatePublished = p.ISO(d.Release.At)
	}
	if !s.Repository.Pushed.IsZero() {
		t.DateModified = p.ISO(s.Repository.Pushed)
	}
	switch l := d.Licences; {
	case len(l) == 1 && l[0].Path != "" && l[0].ID == d.Licence:
		t.License = "https://spdx.org/licenses/" + l[0].ID
	case d.Licence != "":
		t.License = &thing{Type: "CreativeWork", Name: d.Licence}
	}
	if d.Owner != "" { // a person or an organisation
		t.CopyrightHolder = &thing{Name: d.Owner}
	}
	if c.Organisation != nil {
		t.Author = linkedOrganisation(d.Organiser)
	}
	if s.Publisher.Name != "" {
		publisher := p.linkedPublisher(s.Publisher)
		t.Publisher = &publisher
	}
	for _, o := range d.Contractors[:min(len(d.Contractors), maxLinked)] {
		if one := linkedOrganisation(o.Name); one != nil {
			t.Maintainer = append(t.Maintainer, *one)
		}
	}
	for _, o := range d.FundedBy[:min(len(d.FundedBy), maxLinked)] {
		if one := linkedOrganisation(o); one != nil {
			t.Funder = append(t.Funder, *one)
		}
	}
	return t
}

// linkedTexts are the short descriptions in the languages that there are.
func linkedTexts(c *publiccode.PublicCode) []said {
	var list []said
	for _, tag := range slices.Sorted(maps.Keys(c.Description)) {
		text := shorten(c.Description[tag].ShortDescription, maxShort)
		if text != "" && len(list) < maxLinkedTongue {
			list = append(list, said{text, langAttribute(tag, "")})
		}
	}
	return list
}

func linkedOrganisation(l link) *thing {
	if l.Text == "" {
		return nil
	}
	return &thing{Type: "Organization", Name: l.Text, URL: l.Href}
}

// linkedAddresses are those of a list that are safe to follow.
func linkedAddresses(list []string) []string {
	var out []string
	for _, raw := range list[:min(len(list), maxLinked)] {
		if to := webLink(raw); to != "" {
			out = append(out, to)
		}
	}
	return out
}

// bounded are short texts, and no more than are said as linked data.
func bounded(list []string) []string { return boundedLines(list[:min(len(list), maxLinked)]) }

// dataName is the file beside the written page of an entry that holds the entry as
// JSON, as the registry has it.
const dataName = "entry.json"

// entryData is that file of the entry with that page.
func entryData(entry *registry.Software, path string) (name string, body []byte, err error) {
	if name, err = filePath(path + dataName); err == nil {
		body, err = json.Marshal(entry)
	}
	if err != nil {
		return "", nil, fmt.Errorf("JSON of %s: %w", entry.ID, err)
	}
	return name, append(body, '\n'), nil
}

// Data is the address of what the page shows as JSON: the answer of the API, or the
// file beside a written page; "" where there is neither.
func (p *page) Data() string {
	switch _, entry := p.Body.(*detail); {
	case !entry || p.Path == "":
		return ""
	case p.Static:
		return p.site.prefix + p.Path + dataName
	case p.API():
		return p.JSON(p.Path)
	}
	return ""
}
