// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

const needsFeedPath = needsPath + ".atom"

var needFeedParameters = []string{"region", "category", "organisation", "software", "joint", "lang"}

// feedNeeds are the needs that everybody may see, the newest first, and what was found
// later to fit them.
func (a *api) feedNeeds(c *gin.Context) (*answer, error) {
	if err := a.writes(); err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	p := paged{parameters: parseParameters(c.Request.URL.RawQuery)}
	wanted, err := a.wantedNeeds(ctx, p.parameters)
	if err != nil {
		return nil, err
	}
	f := &feed{api: a, name: "needs", lang: cmp.Or(p.word("lang", german, english), preferred(c.Request))}
	if len(p.faults) > 0 {
		return nil, badRequest(p.faults)
	}
	f.about = wanted.words(f.lang)
	b, err := a.board(ctx, registry.Grant{})
	if err != nil {
		return nil, err
	}
	news, err := registry.ReadNeedNews(ctx, a.documents)
	if err != nil {
		return nil, err
	}
	for i := range b.Needs {
		n := &b.Needs[i]
		if !wanted.take(n) {
			continue
		}
		item := f.need(n, "need/"+needID(n.Key).EscapedPath(), n.Said, n.Title)
		item.Published = item.Updated
		item.Summary = newText(wish(n, f.lang) + " " + fitting(append(slices.Clone(n.Solutions), n.Others...), f.lang))
		f.add(item)
		for _, e := range news[n.Key].Events {
			found := n.Still(e.Matches)
			if e.Added || len(found) == 0 {
				continue
			}
			item := f.need(n, fmt.Sprintf("match/%d/%s", e.Seq, needID(n.Key).EscapedPath()), e.Time, bilingual{"Neuer Treffer: ", "New match: "}.in(f.lang)+n.Title)
			item.Summary = newText(fitting(found, f.lang))
			f.add(item)
		}
	}
	query := p.filtered(a, "", "")
	_, query, _ = strings.Cut(query, "?")
	if query != "" {
		query = "?" + query
	}
	return f.of(ctx, f.name+query, a.link(needsFeedPath+query), "/needs/")
}

// needID is the key of a need as a path: the name of the need behind its repository.
func needID(key string) registry.ID {
	repository, id, _ := strings.Cut(key, "#")
	return registry.ID(repository + "/" + id)
}

func (f *feed) need(n *registry.BoardNeed, about string, at time.Time, title string) atomEntry {
	item := atomEntry{
		ID: f.tag(about), Title: cmp.Or(newText(title), newText(n.Key)), Updated: cmp.Or(instant(at), neverChanged),
		Author: &atomPerson{Name: cmp.Or(newText(n.Organisation.Name), newText(n.Organisation.URI), newText(n.Key))},
	}
	item.link("alternate", typeHTML, f.page("/needs/"+needID(n.Key).EscapedPath()+"/"))
	item.link("alternate", typeJSON, f.link(needPath(n.Key)))
	for _, category := range n.Categories[:min(len(n.Categories), 10)] {
		if term := newText(category); term != "" {
			item.Categories = append(item.Categories, atomCategory{Term: term})
		}
	}
	return item
}

// wish says in a few words who wants it, and by when.
func wish(n *registry.BoardNeed, lang string) string {
	said := n.Organisation.Name + "."
	if by, err := time.Parse(time.DateOnly, n.By); err == nil {
		said += bilingual{" Gebraucht bis ", " Needed by "}.in(lang) + dayIn(by, lang) + "."
	}
	return said
}

// fitting says what fits a need, and why.
func fitting(matches []registry.NeedMatch, lang string) string {
	var said []string
	for _, m := range matches {
		why := slices.Clone(m.Words)
		for _, c := range m.Category {
			why = append(why, publiccode.CategoryLabel(c, lang))
		}
		name := m.Name
		if m.Need != "" {
			name = bilingual{"ähnlicher Bedarf ", "similar need "}.in(lang) + name
		}
		if len(why) > 0 {
			name += " (" + strings.Join(why, ", ") + ")"
		}
		said = append(said, name)
	}
	if len(said) == 0 {
		return ""
	}
	return bilingual{"Könnte passen: ", "May fit: "}.in(lang) + strings.Join(said, "; ") + "."
}

// words are the filters for a title.
func (w wantedNeeds) words(lang string) []string {
	words := each(w.regions, func(r string) string { return registry.RegionName(r, lang) })
	words = append(words, each(w.categories, func(c string) string { return publiccode.CategoryLabel(c, lang) })...)
	for _, word := range append(slices.Clone(w.software[:min(len(w.software), 1)]), w.organisation, w.joint) {
		if word != "" {
			words = append(words, word)
		}
	}
	return words
}
