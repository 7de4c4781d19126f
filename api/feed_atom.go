// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"encoding/xml"
	"strings"
	"unicode"
	"unicode/utf8"
)

const typeAtom = "application/atom+xml; charset=utf-8"

// atomFeed is a feed by RFC 4287.
type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     atomText    `xml:"title"`
	Updated   string      `xml:"updated"`
	Author    *atomPerson `xml:"author"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      atomText       `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Author     *atomPerson    `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    atomText       `xml:"summary,omitempty"`
}

type atomPerson struct {
	Name atomText `xml:"name"`
	URI  atomText `xml:"uri,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term atomText `xml:"term,attr"`
}

// atomText is plain text on one line, see newText.
type atomText string

// maxFeedText is how long a text in a feed may be, in characters.
const maxFeedText = 600

// newText makes text of strangers fit for a feed: without what turns its direction,
// without control characters, and not too long.
func newText(s string) atomText {
	if len(s) > 8*maxFeedText {
		s = s[:8*maxFeedText]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxFeedText {
		s = string(r[:maxFeedText-1]) + "…"
	}
	return atomText(s)
}

func newLink(rel, media, href string) atomLink {
	media, _, _ = strings.Cut(media, ";")
	return atomLink{Rel: rel, Type: media, Href: href}
}

func (f *atomFeed) link(rel, media, href string) {
	f.Links = append(f.Links, newLink(rel, media, href))
}

func (e *atomEntry) link(rel, media, href string) {
	e.Links = append(e.Links, newLink(rel, media, href))
}

func (f *atomFeed) encode() ([]byte, error) {
	body, err := xml.Marshal(f)
	return append([]byte(xml.Header), append(body, '\n')...), err
}
