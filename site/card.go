// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// maxName and maxShort bound what a card or a heading shows of texts that the
// standard does not bound, in characters.
const (
	maxName    = 160
	maxShort   = 400
	maxVersion = 40
)

// maxCardTopics is how many categories a card names.
const maxCardTopics = 3

// card is what a list shows of an entry.
type card struct {
	ID         registry.ID
	Path       string // "" where the entry can have no page
	Name       string
	Lang       string // of Short; "" where not known
	Short      string
	Publisher  registry.Publisher
	State      string // name of the publisher's region; "" where the publisher's own name says it
	Licence    string
	Licences   []licenceLink // of Licence, where it can be read
	Verdict    string        // on the licence; "" where the sources were not compared
	Mark       *mark         // of Verdict; nil without one
	Status     string        // code
	StatusName string
	Tone       string // of the status: good, mild, warn
	Categories []string
	Standards  []string // that the software follows, by the words of its file
	Pushed     time.Time
	Incomplete bool
	Archived   bool
	Fork       bool
	Findings   []ruleCount // what there is to improve in its file
	Purposes   []purpose   // the first of Categories
	Latest     release
	Confirmed  int           // organisations that confirm that they use it
	Claimed    int           // those that the publisher names
	Seeks      string        // coMaintainers, newMaintainer; "" for nothing
	Why        []reason      // for its place in a list, where they are asked for
	HTML       template.HTML // as lists show it, made before; "" where it is made in its place
}

// newCard reads the entry in one language.
func newCard(s *registry.Software, lang string, today time.Time) card {
	d, textLang := s.PublicCode.Text(lang)
	path, _ := softwarePath(s.ID)
	short := d.ShortDescription
	if short == "" {
		short, _, _ = strings.Cut(strings.TrimSpace(d.LongDescription), "\n")
	}
	state := registry.RegionName(s.Publisher.Region, lang)
	if strings.Contains(s.Publisher.Name, state) {
		state = ""
	}
	c := card{
		ID:         s.ID,
		Path:       path,
		Name:       shorten(displayName(s, d), maxName),
		Lang:       langAttribute(textLang, lang),
		Short:      shorten(short, maxShort),
		Publisher:  s.Publisher,
		State:      shorten(state, maxName),
		Licence:    shorten(s.PublicCode.Legal.License, maxName),
		Status:     s.PublicCode.DevelopmentStatus,
		StatusName: shorten(publiccode.StatusLabel(s.PublicCode.DevelopmentStatus, lang), maxName),
		Tone:       statusTone(s.PublicCode.DevelopmentStatus),
		Categories: valuesOf(s, registry.FacetCategory),
		Standards:  valuesOf(s, registry.FacetSupports),
		Latest:     latestRelease(s),
		Pushed:     s.Repository.Pushed,
		Incomplete: s.Incomplete(),
		Archived:   s.Repository.Archived,
		Fork:       s.Repository.Fork,
		Findings:   ruleCounts(s),
		Confirmed:  s.ConfirmedBy(today),
		Seeks:      seeksWord(s.Seeks(today)),
	}
	for _, code := range c.Categories[:min(len(c.Categories), maxCardTopics)] {
		c.Purposes = append(c.Purposes, purpose{shorten(publiccode.CategoryLabel(code, lang), maxName), categoryPath(code)})
	}
	for _, user := range s.PublicCode.UsedBy {
		if strings.TrimSpace(user) != "" {
			c.Claimed++
		}
	}
	c.Licences = licenceLinks(s.PublicCode.Legal.License)
	if s.Licence != nil {
		m := newMark(lang, "card", s.Licence.Verdict)
		c.Mark = &m
		c.Verdict = string(s.Licence.Verdict)
	}
	return c
}

// namedAs reports whether a list of names shows both cards alike.
func (c card) namedAs(other card) bool {
	return c.Path == other.Path && c.Name == other.Name && c.Publisher.Name == other.Publisher.Name && c.State == other.State
}

// purpose is a category with its page.
type purpose struct{ Label, Path string }

// release is the newest version of a software.
type release struct {
	Version string // "" where it is not known
	At      time.Time
	Stated  bool // in the file; else the forge lists it
}

// latestRelease is what the forge lists last beside pre-releases, which somebody
// has seen to be there; what the file says only where the forge lists none.
func latestRelease(s *registry.Software) release {
	if s.Activity != nil {
		for _, r := range s.Activity.Releases {
			if version := shorten(cmp.Or(r.Tag, r.Name), maxVersion); !r.Prerelease && version != "" {
				return release{Version: version, At: r.Published}
			}
		}
	}
	return release{shorten(s.PublicCode.SoftwareVersion, maxVersion), readDay(s.PublicCode.ReleaseDate).At, true}
}

// FromPath and StatePath are the pages of the publisher and of its region; ""
// where there is none.
func (c card) FromPath() string { return facetPath(registry.FacetPublisher, c.Publisher.ID) }

func (c card) StatePath() string { return facetPath(registry.FacetRegion, c.Publisher.Region) }

// LicencePath is the page of the only licence; "" where there is none such.
func (c card) LicencePath() string {
	if len(c.Licences) != 1 {
		return ""
	}
	return c.Licences[0].Path
}

// values are those that the entry has of a facet, among the main ones and those
// that parts of the site are about; none of another.
func (c card) values(kind registry.Facet) (list []string) {
	switch kind {
	case registry.FacetRegion:
		list = enclosing(c.Publisher.Region)
	case registry.FacetPublisher:
		if usablePathSegment(c.Publisher.ID) {
			list = []string{c.Publisher.ID}
		}
	case registry.FacetLicence:
		for _, l := range c.Licences {
			list = append(list, l.ID)
		}
	case registry.FacetVerdict:
		list = []string{c.Verdict}
	case registry.FacetStatus:
		list = []string{c.Status}
	case registry.FacetCategory:
		list = slices.Clone(c.Categories)
	case registry.FacetSupports:
		list = slices.Clone(c.Standards)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// langAttribute is the language of a text for the lang attribute: that of the
// page where it is a variant of it, "" where the tag is none.
func langAttribute(tag, page string) string {
	primary, _, _ := strings.Cut(tag, "-")
	if strings.EqualFold(primary, page) {
		return page
	}
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	return t.String()
}

// otherThan is the language of a text where it is not that of the page.
func otherThan(page, text string) string {
	if text == page {
		return ""
	}
	return text
}

// displayName is the name in the text's language, the name of the software,
// or the last part of its ID.
func displayName(s *registry.Software, d publiccode.Description) string {
	for _, name := range []string{d.LocalisedName, s.PublicCode.Name} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return string(s.ID[strings.LastIndexByte(string(s.ID), '/')+1:])
}

// statusTone is how a developmentStatus is coloured.
func statusTone(status string) string {
	switch status {
	case "stable":
		return "good"
	case "obsolete":
		return "warn"
	}
	return "mild"
}

// shorten cuts a text at n characters and makes one line of it.
func shorten(s string, n int) string {
	if len(s) > 8*n { // enough to find n characters in, whatever there is beside
		s = strings.ToValidUTF8(s[:8*n], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	count := 0
	for i := range s {
		if count == n {
			return strings.TrimSpace(s[:i]) + "…"
		}
		count++
	}
	return s
}
