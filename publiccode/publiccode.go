// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package publiccode implements the publiccode.yml standard: its model, a
// parser that reports every problem with its position in one pass, and the
// vocabularies. It does no I/O and knows nothing of forges or catalogues.
//
// The standard: https://yml.publiccode.tools (versions 0.1 to 0.7, and what is
// planned for 1.0).
package publiccode

import (
	"maps"
	"slices"
	"strings"
)

// Versions of the standard that a file may declare, oldest first. Patch
// releases ("0.5.0") name the same version.
var Versions = []string{"0.2", "0.3", "0.4", "0.5", "0.6", "0.7"}

const (
	// Draft is the version before the first release (2019). Parse reads it with
	// the keys and lists of that time; other programs refuse it.
	Draft = "0.1"
	// Preview is the next version, as far as its plans are published: what is
	// deprecated today is gone. Parse checks against it, so that a maintainer can
	// see what will be asked.
	Preview = "1.0"
)

// PublicCode is the content of one publiccode.yml file, as far as it could be
// decoded: a key with a value of the wrong type is left at its zero value and
// named by a finding. The JSON names are the keys of the standard.
type PublicCode struct {
	Version           string                 `json:"publiccodeYmlVersion,omitempty"`
	Name              string                 `json:"name,omitempty"`
	ApplicationSuite  string                 `json:"applicationSuite,omitempty"`
	URL               string                 `json:"url,omitempty"`
	LandingURL        string                 `json:"landingURL,omitempty"`
	IsBasedOn         []string               `json:"isBasedOn,omitempty"`
	SoftwareVersion   string                 `json:"softwareVersion,omitempty"`
	ReleaseDate       string                 `json:"releaseDate,omitempty"` // ISO 8601 date, as written
	Logo              string                 `json:"logo,omitempty"`
	MonochromeLogo    string                 `json:"monochromeLogo,omitempty"`
	Organisation      *Organisation          `json:"organisation,omitempty"`
	FundedBy          []Organisation         `json:"fundedBy,omitempty"`
	InputTypes        []string               `json:"inputTypes,omitempty"`
	OutputTypes       []string               `json:"outputTypes,omitempty"`
	Platforms         []string               `json:"platforms,omitempty"`
	Categories        []string               `json:"categories,omitempty"`
	UsedBy            []string               `json:"usedBy,omitempty"`
	Roadmap           string                 `json:"roadmap,omitempty"`
	DevelopmentStatus string                 `json:"developmentStatus,omitempty"`
	SoftwareType      string                 `json:"softwareType,omitempty"`
	IntendedAudience  *IntendedAudience      `json:"intendedAudience,omitempty"`
	Description       map[string]Description `json:"description,omitempty"` // by BCP 47 language tag
	Legal             Legal                  `json:"legal"`
	Maintenance       Maintenance            `json:"maintenance"`
	Localisation      Localisation           `json:"localisation"`
	DependsOn         *DependsOn             `json:"dependsOn,omitempty"`
	Supports          []string               `json:"supports,omitempty"`
}

// Organisation is a body with its URI: the publisher or a funder.
type Organisation struct {
	Name string `json:"name,omitempty"`
	URI  string `json:"uri,omitempty"`
}

// IntendedAudience says for whom the software is made.
type IntendedAudience struct {
	Scope                []string `json:"scope,omitempty"`
	Countries            []string `json:"countries,omitempty"`            // ISO 3166-1 alpha-2, upper case
	UnsupportedCountries []string `json:"unsupportedCountries,omitempty"` // ISO 3166-1 alpha-2, upper case
}

// Description is the text of one language.
type Description struct {
	LocalisedName    string   `json:"localisedName,omitempty"`
	GenericName      string   `json:"genericName,omitempty"`
	ShortDescription string   `json:"shortDescription,omitempty"`
	LongDescription  string   `json:"longDescription,omitempty"` // Markdown
	Documentation    string   `json:"documentation,omitempty"`
	APIDocumentation string   `json:"apiDocumentation,omitempty"`
	Features         []string `json:"features,omitempty"`
	Screenshots      []string `json:"screenshots,omitempty"`
	Videos           []string `json:"videos,omitempty"`
	Awards           []string `json:"awards,omitempty"`
}

// Legal holds the declared licence: an SPDX expression, as written.
type Legal struct {
	License            string `json:"license,omitempty"`
	MainCopyrightOwner string `json:"mainCopyrightOwner,omitempty"`
	RepoOwner          string `json:"repoOwner,omitempty"`
	AuthorsFile        string `json:"authorsFile,omitempty"`
}

// Maintenance says who keeps the software alive.
type Maintenance struct {
	Type        string       `json:"type,omitempty"` // internal, contract, community, none
	Contractors []Contractor `json:"contractors,omitempty"`
	Contacts    []Contact    `json:"contacts,omitempty"`
}

// Contractor is a company under contract for the maintenance.
type Contractor struct {
	Name    string `json:"name,omitempty"`
	Until   string `json:"until,omitempty"` // ISO 8601 date, as written
	Email   string `json:"email,omitempty"`
	Website string `json:"website,omitempty"`
}

// Contact is a person to ask.
type Contact struct {
	Name        string `json:"name,omitempty"`
	Email       string `json:"email,omitempty"`
	Phone       string `json:"phone,omitempty"`
	Affiliation string `json:"affiliation,omitempty"`
}

// Localisation lists the languages of the software.
type Localisation struct {
	LocalisationReady  bool     `json:"localisationReady"`
	AvailableLanguages []string `json:"availableLanguages,omitempty"` // BCP 47
}

// DependsOn lists what must be there to run the software.
type DependsOn struct {
	Open        []Dependency `json:"open,omitempty"`
	Proprietary []Dependency `json:"proprietary,omitempty"`
	Hardware    []Dependency `json:"hardware,omitempty"`
}

// Dependency is one thing needed, with the versions that do.
type Dependency struct {
	Name       string `json:"name,omitempty"`
	VersionMin string `json:"versionMin,omitempty"`
	VersionMax string `json:"versionMax,omitempty"`
	Version    string `json:"version,omitempty"`
	Optional   bool   `json:"optional,omitempty"`
}

// Text returns the description in the wanted language (a primary subtag such
// as "de"), else in English, else in the first language in alphabetic order,
// and the tag of the language it is in; "" where there is none.
func (p *PublicCode) Text(lang string) (Description, string) {
	for _, want := range []string{lang, "en"} {
		want, _, _ = strings.Cut(want, "-")
		if tag := p.tag(want); tag != "" {
			return p.Description[tag], tag
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(p.Description)) {
		return p.Description[tag], tag
	}
	return Description{}, ""
}

// tag returns the first tag of the description, in alphabetic order, whose
// primary subtag is lang.
func (p *PublicCode) tag(lang string) string {
	if lang == "" {
		return ""
	}
	found := ""
	for tag := range p.Description {
		primary, _, _ := strings.Cut(tag, "-")
		if strings.EqualFold(primary, lang) && (found == "" || tag < found) {
			found = tag
		}
	}
	return found
}
