// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

// Bounds of what is searched for because of an address that leads nowhere.
const (
	maxMissing      = 5   // entries that are offered
	maxMissingPath  = 500 // bytes of the address that are read
	maxMissingWords = 6
)

// offers are what a page leads to in place of one that is not there.
type offers struct {
	Search *listing // the form, with words of the address
	Cards  []card
	Listed string // where to ask why a repository is not listed; "" without one
}

// offerFor looks for what the address of a missing page may have meant. It never
// fails: without offers the page is as true as with them.
func (s *Site) offerFor(ctx context.Context, lang, path string, status int) offers {
	o := offers{Search: &listing{}}
	path, err := url.PathUnescape(path[:min(len(path), maxMissingPath)])
	if err != nil || !utf8.ValidString(path) {
		return o
	}
	name, rest, _ := strings.Cut(strings.Trim(path, "/"), "/")
	if status == http.StatusNotFound && (name == "software" || name == "history") {
		if id, err := registry.ReadID(rest); err == nil {
			o.Listed = standingPath + "?" + url.Values{"url": {"https://" + string(id)}}.Encode()
		}
	}
	// The last part of an address says the most; with what stands before it the
	// words are those of an owner or a forge, too.
	last := rest[strings.LastIndexByte(rest, '/')+1:]
	if rest == "" {
		last = name
	}
	words := addressWords(last)
	if words == "" {
		words = addressWords(rest)
	}
	o.Search.Text = words
	if words == "" {
		return o
	}
	result, err := s.catalogue.Search(ctx, registry.Query{Text: words, Limit: maxMissing, Language: lang, Counted: []registry.Facet{}})
	if err != nil {
		if ctx.Err() == nil {
			s.log.Warn("no offers for a missing page", "error", err)
		}
		return o
	}
	for _, entry := range result.Items {
		o.Cards = append(o.Cards, newCard(entry, lang, s.now()))
	}
	return o
}

// messageOf is what the page of an answer shows, where it is a message.
func messageOf(a answer) (message, bool) {
	if a.page == nil {
		return message{}, false
	}
	m, ok := a.page.Body.(message)
	return m, ok
}

// idleWords are parts of addresses that nobody looks for.
var idleWords = strings.Fields("404 index html htm php asp aspx www http https com org net git page")

// addressWords are the words of a part of an address, in their order. They hold
// nothing that the search takes for more than a word.
func addressWords(part string) string {
	var words []string
	for _, w := range strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if utf8.RuneCountInString(w) > 1 && !slices.Contains(idleWords, strings.ToLower(w)) && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words[:min(len(words), maxMissingWords)], " ")
}
