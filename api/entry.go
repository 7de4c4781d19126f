// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// item is an entry as lists show it.
type item struct {
	ID               registry.ID    `json:"id"`
	Name             string         `json:"name"`
	ShortDescription string         `json:"shortDescription,omitempty"`
	Language         string         `json:"language,omitempty"` // of shortDescription
	Publisher        publisher      `json:"publisher"`
	Region           string         `json:"region,omitempty"`
	Licence          licenceItem    `json:"licence"`
	Status           string         `json:"status,omitempty"`
	SoftwareType     string         `json:"softwareType,omitempty"`
	Categories       []string       `json:"categories"`
	SoftwareVersion  string         `json:"softwareVersion,omitempty"`
	ReleaseDate      string         `json:"releaseDate,omitempty"`
	Repository       repositoryItem `json:"repository"`
	Incomplete       bool           `json:"incomplete"`
	ConfirmedBy      int            `json:"confirmedBy"` // see registry.Software.ConfirmedBy
	Seeks            adoption.Seeks `json:"seeks,omitempty"`
	Changed          string         `json:"changed,omitempty"`
}

// entry is an entry with all that is known of it: an item and more.
type entry struct {
	item
	Names             map[string]string     `json:"names"`
	ShortDescriptions map[string]string     `json:"shortDescriptions"`
	Licence           licenceReport         `json:"licence"`
	Policies          []judgement           `json:"policies"`
	SBOMs             []sbomItem            `json:"sboms"`
	Repository        repository            `json:"repository"`
	PublicCode        publiccode.PublicCode `json:"publiccode"`
	Findings          []finding             `json:"findings"`
	Stale             string                `json:"stale,omitempty"`
	Activity          *activity             `json:"activity,omitempty"`
	Files             []file                `json:"files"`
	Locations         []place               `json:"locations"`
	BasedOn           []registry.ID         `json:"basedOn"`
	TechnicalForks    int                   `json:"technicalForks"`
	Adoptions         []adoptionItem        `json:"adoptions"`
	Comaintenance     []comaintenance       `json:"comaintenance"`
	Forks             []fork                `json:"forks"`
	Overrides         []correction          `json:"overrides"`
	FirstSeen         string                `json:"firstSeen,omitempty"`
	Revision          registry.Rev          `json:"revision"`
	Links             entryLinks            `json:"links"`
}

type publisher struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Region string `json:"region,omitempty"`
	URI    string `json:"uri,omitempty"`
}

type repositoryItem struct {
	URL      string `json:"url"`
	Forge    string `json:"forge,omitempty"`
	Archived bool   `json:"archived"`
	Pushed   string `json:"pushed,omitempty"`
}

type repository struct {
	repositoryItem
	Description   string   `json:"description,omitempty"`
	DefaultBranch string   `json:"defaultBranch,omitempty"`
	Topics        []string `json:"topics"`
	Language      string   `json:"language,omitempty"` // programming language
	Stars         int      `json:"stars"`
	Forks         int      `json:"forks"`
	Fork          bool     `json:"fork"`
	Parent        string   `json:"parent,omitempty"`
	Created       string   `json:"created,omitempty"`
}

type finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	// The end is 0 in what was stored before there was one.
	EndLine   int               `json:"endLine,omitempty"`
	EndColumn int               `json:"endColumn,omitempty"`
	Key       string            `json:"key,omitempty"`
	Message   string            `json:"message"`
	Help      string            `json:"help"`
	Standard  string            `json:"standard"`
	Edits     []publiccode.Edit `json:"edits,omitzero"` // of a file that was sent in
}

type file struct {
	Path   string        `json:"path"`
	Role   registry.Role `json:"role,omitempty"`
	Origin string        `json:"origin,omitempty"`
	Media  string        `json:"media,omitempty"`
	Commit string        `json:"commit,omitempty"`
	SHA256 string        `json:"sha256"`
	Size   int           `json:"size"`
}

type place struct {
	ID    registry.ID `json:"id"`
	URL   string      `json:"url"`
	Forge string      `json:"forge,omitempty"`
}

type entryLinks struct {
	Self       string `json:"self"`
	HTML       string `json:"html"`
	Repository string `json:"repository"`
	PublicCode string `json:"publiccode,omitempty"`
	Dossiers   string `json:"dossiers,omitempty"`
	History    string `json:"history"`
	Similar    string `json:"similar"`
}

func newPublisher(p registry.Publisher) publisher {
	return publisher{ID: p.ID, Name: p.Name, Region: p.Region, URI: p.URI}
}

func newItem(s *registry.Software, lang string) item {
	text, language := s.PublicCode.Text(lang)
	if text.ShortDescription == "" {
		language = ""
	}
	return item{
		ID:               s.ID,
		Name:             s.PublicCode.Name,
		ShortDescription: text.ShortDescription,
		Language:         language,
		Publisher:        newPublisher(s.Publisher),
		Region:           s.Publisher.Region,
		Licence:          newLicenceItem(s),
		Status:           s.PublicCode.DevelopmentStatus,
		SoftwareType:     s.PublicCode.SoftwareType,
		Categories:       orEmpty(s.PublicCode.Categories),
		SoftwareVersion:  s.PublicCode.SoftwareVersion,
		ReleaseDate:      date(s.PublicCode.ReleaseDate),
		Repository:       newRepositoryItem(s.Repository),
		Incomplete:       s.Incomplete(),
		ConfirmedBy:      s.ConfirmedBy(time.Now()),
		Seeks:            s.Seeks(time.Now()),
		Changed:          instant(s.Changed),
	}
}

func newRepositoryItem(r registry.Repository) repositoryItem {
	return repositoryItem{URL: r.URL, Forge: r.Forge, Archived: r.Archived, Pushed: instant(r.Pushed)}
}

func (a *api) newEntry(s *registry.Software, lang string) entry {
	e := entry{
		item:              newItem(s, lang),
		Names:             map[string]string{},
		ShortDescriptions: map[string]string{},
		Licence:           newLicenceReport(s, lang),
		Policies:          a.judge(s.Licence, lang),
		SBOMs:             each(s.SBOMs, func(b registry.SBOM) sbomItem { return a.newSBOMItem(b, lang) }),
		Repository: repository{
			repositoryItem: newRepositoryItem(s.Repository),
			Description:    s.Repository.Description,
			DefaultBranch:  s.Repository.DefaultBranch,
			Topics:         orEmpty(s.Repository.Topics),
			Language:       s.Repository.Language,
			Stars:          s.Repository.Stars,
			Forks:          s.Repository.Forks,
			Fork:           s.Repository.Fork,
			Parent:         s.Repository.Parent,
			Created:        instant(s.Repository.Created),
		},
		PublicCode: s.PublicCode,
		Findings:   each(s.Findings, func(f publiccode.Finding) finding { return newFinding(f, lang) }),
		Stale:      s.Stale,
		Activity:   newActivity(s.Activity),
		Files: each(s.Files, func(f registry.File) file {
			return file{Path: f.Path, Role: f.Role, Origin: f.Origin, Media: f.Media, Commit: f.Commit, SHA256: f.Hash, Size: f.Size}
		}),
		Locations:      newPlaces(s.Locations),
		BasedOn:        orEmpty(s.BasedOn),
		TechnicalForks: s.TechnicalForks,
		Adoptions:      each(s.Adoptions, func(b registry.Adoption) adoptionItem { return newAdoption(b, time.Now()) }),
		Comaintenance: each(s.Comaintenance, func(b registry.Comaintenance) comaintenance {
			return newComaintenance(s, b, time.Now())
		}),
		Forks:     each(s.Forks, func(f registry.Fork) fork { return newFork(f, s.Drift(f), lang) }),
		Overrides: each(s.Overrides, newCorrection),
		FirstSeen: instant(s.FirstSeen),
		Revision:  s.Rev,
		Links:     a.newEntryLinks(s, s.ID, lang),
	}
	for tag, d := range s.PublicCode.Description {
		e.Names[tag] = s.PublicCode.Name
		if d.LocalisedName != "" {
			e.Names[tag] = d.LocalisedName
		}
		if d.ShortDescription != "" {
			e.ShortDescriptions[tag] = d.ShortDescription
		}
	}
	return e
}

// newEntryLinks are the links of an entry that has this id now.
func (a *api) newEntryLinks(s *registry.Software, id registry.ID, lang string) entryLinks {
	path := id.EscapedPath()
	links := entryLinks{
		Self:       a.link(softwarePath + path),
		HTML:       a.link("/software/" + path + "/"),
		Repository: s.Repository.URL,
		History:    a.link(historyPath + path),
		Similar:    a.link(similarPath + path),
	}
	if lang == english {
		links.HTML = a.link("/en/software/" + path + "/")
	}
	if len(s.Files) > 0 {
		links.PublicCode = a.link(publicCodePath + path)
	}
	if a.dossiers != nil {
		links.Dossiers = a.link(dossiersOf(id))
	}
	return links
}

func newPlaces(locations []registry.Location) []place {
	return each(locations, func(l registry.Location) place { return place(l) })
}

func newFinding(f publiccode.Finding, lang string) finding {
	return finding{
		Code: f.Code, Severity: string(f.Severity),
		Line: f.Line, Column: f.Column, EndLine: f.EndLine, EndColumn: f.EndColumn,
		Key: f.Key, Message: f.Message(lang), Help: f.Help(lang), Standard: f.Standard(),
	}
}

// instant is a time in UTC by RFC 3339, to the second; "" for none and for one
// that has no such form.
func instant(t time.Time) string {
	t = t.UTC()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

// date is s where it is a date by ISO 8601, else "": files hold all sorts.
func date(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// orEmpty makes JSON's [] of a list without elements.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
