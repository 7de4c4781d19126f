// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"html/template"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what a page shows of lists and lines that the standard does not
// bound. A file within reason stays far below them.
const (
	maxItems    = 100
	maxLine     = 400
	maxFindings = 100
)

// link is a text, and the address it leads to where that is safe to follow.
type link struct{ Text, Href string }

// detail is what the page of an entry shows, read in one language.
type detail struct {
	card
	S *registry.Software

	Generic                   string
	Long                      template.HTML
	Features                  []string
	MoreItems                 bool     // some list was too long to show in full
	TextLanguage              string   // name of the language of the description
	Languages                 []string // of the description, beside the one shown
	Links                     []namedLink
	Licensing                 *licensing
	Type                      string
	Version                   string
	Release                   day
	Platforms                 []string
	Interface                 []string // languages of the software's interface
	Topics                    []purpose
	Scopes                    []string
	Maintenance               string
	Contacts                  []contact
	Contractors               []contractor
	Depends                   []dependencies
	Supports                  []supported
	Adopters                  []adopter     // who confirm what they do with it
	AdopterMap                template.HTML // tiles of the states where those are that confirm it still; "" for none
	AdopterPlaces             []adopterPlace
	Claims                    []claim // UsedBy with whom that means
	Care                      []care  // how it is looked after together
	Wishes                    wishes
	Deniers                   []adopter // who say that they do not use it
	UsedBy                    []string  // who use it by the publisher's account
	FundedBy                  []link
	Owner                     string // mainCopyrightOwner
	Organiser                 link   // organisation of the file
	BasedOn                   []link
	Suite                     string
	Repository                link
	Parent                    link
	ForgeName                 string
	Keywords                  []string // topics of the repository
	PublisherPath, RegionPath string   // "" where there is no such page
	Findings                  []finding
	Grades                    grades // of all findings
	Files                     []file
	Activity                  *activity
	Logo                      string   // path of the copy; "" for none
	Screenshots               []string // paths of the copies
	Cite                      citation
	Origins, Raw              template.HTML // rows: where the facts come from, and of the files
	Contents                  template.HTML // links to the sections
	Locations                 []location
	Family                    []lineage
	Similar                   []card // entries that are like this one
	HistoryPath               string
	Corrected                 []corrected // what somebody else than the repository says
}

// supported is what the software supports: its own address where it has one, and the
// page about it.
type supported struct {
	link
	Path string
}

type namedLink struct{ Key, Href string }

// day is a date of the file: At is zero where Text could not be read as one.
type day struct {
	At   time.Time
	Text string
}

type contact struct {
	Name, Affiliation, Email, Mailto, Phone string
}

type contractor struct {
	Name          link
	Until         day
	Ended         bool
	Email, Mailto string
}

type dependencies struct {
	Key   string // open, proprietary, hardware
	Items []dependency
}

type dependency struct {
	Name, Versions string
	Optional       bool
}

type finding struct {
	publiccode.Finding
	Grade            publiccode.Severity
	Tone             string
	Text, Help, Href string
	Page             string // path of the page about findings of this kind
}

type file struct {
	registry.File
	Href string
}

// newDetail reads an entry in one language. By today a contract, or what is
// confirmed, may have ended.
func newDetail(s *registry.Software, lang string, today time.Time) *detail {
	p := &s.PublicCode
	text, textLang := p.Text(lang)
	d := &detail{
		card:        newCard(s, lang, today),
		S:           s,
		Generic:     shorten(text.GenericName, maxLine),
		Long:        renderMarkdown(text.LongDescription),
		Type:        shorten(publiccode.TypeLabel(p.SoftwareType, lang), maxLine),
		Version:     shorten(p.SoftwareVersion, maxLine),
		Release:     readDay(p.ReleaseDate),
		Maintenance: shorten(publiccode.MaintenanceLabel(p.Maintenance.Type, lang), maxLine),
		Owner:       shorten(p.Legal.MainCopyrightOwner, maxLine),
		Suite:       shorten(p.ApplicationSuite, maxLine),
		Repository:  link{Text: string(s.ID), Href: webLink(s.Repository.URL)},
		ForgeName:   s.Repository.Forge,
	}
	if name, ok := forgeNames[s.Repository.Forge]; ok {
		d.ForgeName = name
	}
	if s.Repository.Parent != "" {
		d.Parent = newLink(s.Repository.Parent)
	}
	if textLang != "" {
		d.TextLanguage = languageName(textLang, lang)
	}
	if usablePathSegment(s.Publisher.ID) {
		d.PublisherPath = publisherPath(s.Publisher.ID)
	}
	if usablePathSegment(s.Publisher.Region) {
		d.RegionPath = regionPath(s.Publisher.Region)
	}
	d.Keywords = d.lines(s.Repository.Topics)
	d.Features = d.lines(text.Features)
	d.Platforms = d.lines(p.Platforms)
	d.UsedBy = d.lines(p.UsedBy)
	d.readAdopters(s.Adoptions, lang, today)
	d.readAdopterMap(s.Adoptions, lang, today)
	d.readCare(s.Comaintenance, lang, today)
	for l := range p.Description {
		if l != textLang {
			d.Languages = append(d.Languages, languageName(l, lang))
		}
	}
	slices.Sort(d.Languages)
	for _, l := range d.lines(p.Localisation.AvailableLanguages) {
		d.Interface = append(d.Interface, languageName(l, lang))
	}
	for _, code := range d.lines(p.Categories) {
		d.Topics = append(d.Topics, purpose{publiccode.CategoryLabel(code, lang), categoryPath(code)})
	}
	if p.IntendedAudience != nil {
		for _, code := range d.lines(p.IntendedAudience.Scope) {
			d.Scopes = append(d.Scopes, publiccode.ScopeLabel(code, lang))
		}
	}
	for _, l := range []namedLink{
		{"software.landing", p.LandingURL},
		{"software.documentation", text.Documentation},
		{"software.apidocs", text.APIDocumentation},
		{"software.roadmap", p.Roadmap},
	} {
		if l.Href = webLink(l.Href); l.Href != "" {
			d.Links = append(d.Links, l)
		}
	}
	for _, standard := range d.lines(p.Supports) {
		d.Supports = append(d.Supports, supported{link{shorten(standardLabel(standard, lang), maxLine), webLink(standard)}, standardPath(standard)})
	}
	for _, base := range d.lines(p.IsBasedOn) {
		d.BasedOn = append(d.BasedOn, newLink(base))
	}
	if p.Organisation != nil {
		d.Organiser = organisationLink(*p.Organisation)
	}
	for _, o := range first(d, p.FundedBy) {
		d.FundedBy = append(d.FundedBy, organisationLink(o))
	}
	d.readLicence(s, lang)
	d.readMaintenance(p.Maintenance, today)
	d.readDependencies(p.DependsOn)
	d.readFindings(s, lang)
	d.readActivity(s, lang, today)
	d.readOverrides(s.Overrides, lang)
	d.readLocations(s.Locations)
	for _, f := range first(d, s.Files) {
		href := webLink(f.Origin)
		if f.Origin == "" {
			href = sourceLink(s.Repository, f.Path, f.Commit, 0)
		}
		d.Files = append(d.Files, file{File: f, Href: href})
	}
	d.readPictures(s.Files)
	d.readCitation(s, lang)
	d.readOrigins(s, lang)
	d.readRaw(lang)
	return d
}

// readContents lists the sections that the page has, in their order.
func (d *detail) readContents(lang string) {
	var list fragment
	for _, section := range []struct {
		there     bool
		id, title string
	}{
		{true, "about", say(lang, "software.about")},
		{len(d.Features) > 0, "features", say(lang, "software.features")},
		{true, "licence", say(lang, "software.licence")},
		{true, "activity", say(lang, "activity.title")},
		{true, "used", say(lang, "adopters.heading")},
		{true, "maintenance", say(lang, "software.maintenance")},
		{d.Care != nil, "together", say(lang, "together.title")},
		{d.Wishes.Any(), "wishes", say(lang, "wishes.title")},
		{d.Depends != nil || d.Supports != nil || d.BasedOn != nil, "depends", say(lang, "software.depends")},
		{d.Family != nil, "family", say(lang, "family.title")},
		{d.Similar != nil, "similar", say(lang, "software.similar")},
		{true, "findings", say(lang, "findings.title")},
		{true, "origin", say(lang, "origin.title")},
		{true, "reuse", say(lang, "reuse.title")},
	} {
		if section.there {
			list.wrap(`<li><a href="#`+section.id+`">`, section.title, "</a></li>")
		}
	}
	d.Contents = list.html()
}

func (d *detail) readMaintenance(m publiccode.Maintenance, today time.Time) {
	for _, c := range first(d, m.Contacts) {
		d.Contacts = append(d.Contacts, contact{
			Name: shorten(c.Name, maxLine), Affiliation: shorten(c.Affiliation, maxLine),
			Email: shorten(c.Email, maxLine), Mailto: mailto(c.Email), Phone: shorten(c.Phone, maxLine),
		})
	}
	for _, c := range first(d, m.Contractors) {
		until := readDay(c.Until)
		d.Contractors = append(d.Contractors, contractor{
			Name: link{shorten(c.Name, maxLine), webLink(c.Website)}, Until: until, Ended: ended(until.At, today),
			Email: shorten(c.Email, maxLine), Mailto: mailto(c.Email),
		})
	}
}

func (d *detail) readDependencies(on *publiccode.DependsOn) {
	if on == nil {
		return
	}
	for _, kind := range []struct {
		key  string
		list []publiccode.Dependency
	}{{"open", on.Open}, {"proprietary", on.Proprietary}, {"hardware", on.Hardware}} {
		var items []dependency
		for _, i := range first(d, kind.list) {
			items = append(items, dependency{Name: shorten(i.Name, maxLine), Versions: shorten(versions(i), maxLine), Optional: i.Optional})
		}
		if items != nil {
			d.Depends = append(d.Depends, dependencies{kind.key, items})
		}
	}
}

func (d *detail) readFindings(s *registry.Software, lang string) {
	path, commit := "publiccode.yml", ""
	if len(s.Files) > 0 {
		path, commit = s.Files[0].Path, s.Files[0].Commit
	}
	if s.Stale != "" {
		commit = "" // the findings belong to a newer version than the file shown
	}
	d.Grades = gradesOf(s)
	for _, f := range s.Findings {
		if len(d.Findings) == maxFindings {
			d.MoreItems = true
			break
		}
		d.Findings = append(d.Findings, newFinding(f, lang, sourceLink(s.Repository, path, commit, f.Line)))
	}
}

// gradeOf is a severity that there is a word for.
func gradeOf(s publiccode.Severity) publiccode.Severity {
	if s == publiccode.Error || s == publiccode.Warning {
		return s
	}
	return publiccode.Advice
}

func newFinding(f publiccode.Finding, lang, href string) finding {
	grade := gradeOf(f.Severity)
	f.Key = shorten(f.Key, maxLine)
	return finding{
		Finding: f,
		Grade:   grade,
		Tone:    severityTone(grade),
		Text:    shorten(f.Message(lang), maxLine),
		Help:    shorten(f.Help(lang), maxLine),
		Href:    href,
		Page:    rulePath(f.Code),
	}
}

// lines cleans and bounds a list of short texts.
func (d *detail) lines(list []string) []string {
	var out []string
	for _, s := range first(d, list) {
		if s = shorten(s, maxLine); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// first bounds a list and notes on the page where something is left out.
func first[T any](d *detail, list []T) []T {
	if len(list) > maxItems {
		d.MoreItems = true
		return list[:maxItems]
	}
	return list
}

func newLink(raw string) link { return link{shorten(raw, maxLine), webLink(raw)} }

func organisationLink(o publiccode.Organisation) link {
	l := link{shorten(o.Name, maxLine), webLink(o.URI)}
	if l.Text == "" {
		l.Text = shorten(o.URI, maxLine)
	}
	return l
}

// mailto is a link to write to an address; "" where it is none.
func mailto(address string) string {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Address != strings.TrimSpace(address) || len(address) > 254 {
		return ""
	}
	return "mailto:" + url.PathEscape(a.Address)
}

func readDay(s string) day {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t = time.Time{}
	}
	return day{t, shorten(s, maxLine)}
}

func versions(d publiccode.Dependency) string {
	switch {
	case d.Version != "":
		return d.Version
	case d.VersionMin != "" && d.VersionMax != "":
		return d.VersionMin + " – " + d.VersionMax
	case d.VersionMin != "":
		return "≥ " + d.VersionMin
	case d.VersionMax != "":
		return "≤ " + d.VersionMax
	}
	return ""
}

// languageName is the name of a language in another; the tag where it has none.
func languageName(tag, in string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Tags(language.Make(in)).Name(t); name != "" {
		return name
	}
	return tag
}
