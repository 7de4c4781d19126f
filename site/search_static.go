// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"encoding/hex"
	"fmt"
	"html/template"
	"strings"

	"github.com/allmende-registry/allmende/registry"
)

// searchDir is where a written site has the files that its script searches.
const searchDir = "search/"

// searchPath is their address, which the page of a list names.
func (s *Site) searchPath() string { return s.prefix + "/" + searchDir }

// searchFiles writes what the script of a written list searches, with the card
// of each entry as the template makes it.
func (b *build) searchFiles(ctx context.Context) error {
	cards := map[string]map[registry.ID]card{}
	for _, lang := range languages {
		cards[lang] = make(map[registry.ID]card, len(b.cards[lang]))
		for _, c := range b.cards[lang] {
			cards[lang][c.ID] = c
		}
	}
	html := func(lang string, id registry.ID) (string, error) {
		c, ok := cards[lang][id]
		if !ok {
			return "", nil // it has no page
		}
		return b.site.cardHTML(lang, c)
	}
	kept := func(name string, sum [16]byte) bool { return b.same(searchDir+name, hex.EncodeToString(sum[:])) }
	err := b.site.catalogue.Shards(ctx, languages, html, kept, func(name string, content []byte) error {
		return b.out.write(searchDir+name, content)
	})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

// cardHTML is a card as lists show it.
func (s *Site) cardHTML(lang string, c card) (string, error) {
	if c.HTML != "" {
		return string(c.HTML), nil
	}
	html, err := s.piece(lang, "card", c)
	if err != nil {
		return "", fmt.Errorf("card of %s: %w", c.ID, err)
	}
	return html, nil
}

// piece is a template of written lists by itself.
func (s *Site) piece(lang, name string, of any) (string, error) {
	var out strings.Builder
	p := &page{site: s, Kind: listPage, Lang: lang, Static: true}
	t, err := s.template(p)
	if err == nil {
		err = t.ExecuteTemplate(&out, name, p.With(of))
	}
	return out.String(), err
}

// Cards are the items of a list. They are put together here and not in the
// template, which would take most of the time of a list.
func (p *page) Cards(list []card) (template.HTML, error) {
	var out strings.Builder
	for _, c := range list {
		html, err := p.site.cardHTML(p.Lang, c)
		if err != nil {
			return "", err
		}
		out.WriteString("\n  <li>")
		out.WriteString(html)
		out.WriteString("</li>")
	}
	return template.HTML(out.String()), nil //nolint:gosec // made by a template
}
