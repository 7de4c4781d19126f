// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"unicode/utf8"
)

const (
	// openSearchPath is the description of the search by which browsers add it
	// to theirs (OpenSearch 1.1). It holds absolute addresses alone, so there is
	// none without a BaseURL.
	openSearchPath = "/opensearch.xml"
	// completionsPath answers browsers with what to go on with, in the form that
	// the extension for suggestions gives.
	completionsPath = suggestPath + "/opensearch"

	openSearchType  = "application/opensearchdescription+xml"
	completionsType = "application/x-suggestions+json"
)

// openSearch is the document of a description, whose element names are from the
// specification.
type openSearch struct {
	XMLName       xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName     string          // at most 16 characters
	LongName      string          // at most 48
	Description   string          // at most 1024
	URLs          []openSearchURL `xml:"Url"`
	Image         openSearchImage
	Language      string
	InputEncoding string
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr,omitempty"`
	Template string `xml:"template,attr"`
}

type openSearchImage struct {
	Type string `xml:"type,attr"`
	Href string `xml:",chardata"`
}

// openSearch describes the search in a language; static where the site is
// written, so that nothing answers while somebody types.
func (s *Site) openSearch(lang string, static bool) ([]byte, error) {
	base := s.origin + s.prefix
	icon, err := s.assets.path("mark.svg")
	if err != nil {
		return nil, err
	}
	d := openSearch{
		ShortName: cut(s.opt.Name, 16), LongName: cut(s.opt.Name, 48), Description: say(lang, "home.title"),
		URLs: []openSearchURL{
			{Type: "text/html", Template: base + localPath(lang, listPath) + "?q={searchTerms}"},
			{Type: openSearchType, Rel: "self", Template: base + localPath(lang, openSearchPath)},
		},
		Image: openSearchImage{"image/svg+xml", base + icon}, Language: lang, InputEncoding: "UTF-8",
	}
	if !static {
		d.URLs = append(d.URLs, openSearchURL{Type: completionsType, Template: base + localPath(lang, completionsPath) + "?q={searchTerms}"})
	}
	body, err := xml.Marshal(d)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

// cut is a text in no more characters than a format allows.
func cut(s string, n int) string {
	if s = shorten(s, n); utf8.RuneCountInString(s) <= n {
		return s
	}
	return shorten(s, n-1)
}

// OpenSearch is the description of the search that a page leads to; "" for none.
func (p *page) OpenSearch() string {
	if p.site.origin == "" {
		return ""
	}
	return p.Href(openSearchPath)
}

func (s *Site) serveOpenSearch(w http.ResponseWriter, r *http.Request, lang string) {
	body, err := s.openSearch(lang, false)
	if err != nil {
		s.log.Error("search not described", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	s.write(w, r, http.StatusOK, openSearchType+"; charset=utf-8", body)
}

// serveCompletions answers what is being typed into a browser: the text itself,
// and what to search for instead.
func (s *Site) serveCompletions(w http.ResponseWriter, r *http.Request) {
	typed := shorten(r.URL.Query().Get("q"), 200)
	texts := []string{}
	if typed != "" {
		found, err := s.catalogue.Suggest(r.Context(), typed, maxSuggestions)
		if err != nil {
			if r.Context().Err() == nil {
				s.log.Error("no suggestions", "error", err)
			}
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		for _, f := range found {
			texts = append(texts, shorten(f.Text, maxName))
		}
	}
	body, err := json.Marshal([]any{typed, texts})
	if err != nil {
		s.log.Error("no suggestions", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=60")
	s.write(w, r, http.StatusOK, completionsType, body)
}
