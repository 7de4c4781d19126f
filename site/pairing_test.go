// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/licence"
	"github.com/allmende-registry/allmende/registry"
)

func TestPairings(t *testing.T) {
	o := newOverview(1, nil, noon)
	for i := range 3 {
		s := entry(registry.ID(fmt.Sprintf("github.com/kiel/%d", i)), "Akte", kiel)
		s.PublicCode.Legal.License = "MPL-2.0 OR EUPL-1.2"
		o.add(newGist(s))
	}
	for _, lang := range languages {
		list := newPairings("GPL-2.0-only", o, lang)
		if len(list) < len(usualLicences)-1 || list[0].ID != "EUPL-1.2" || list[0].N != 3 || list[1].ID != "MPL-2.0" {
			t.Fatalf("%s: not the licences of the catalogue first: %+v", lang, list)
		}
		for _, p := range list {
			if p.ID == "GPL-2.0-only" {
				t.Error("a licence beside itself")
			}
			reply, err := licence.Ask(licence.Question{Situation: licence.Combine, Licences: []string{"GPL-2.0-only", p.ID}})
			if err != nil || p.Mark != newMark(lang, "ask", reply.Verdict) || !slices.Equal(p.Under, reply.Under) || p.Text != reply.Reason.In(lang) {
				t.Errorf("%s: %+v, but the answer is %+v, %v", p.ID, p, reply, err)
			}
			if len(p.Ways) != 2 || p.Ways[0].Part != p.ID || p.Ways[0].Whole != "GPL-2.0-only" || p.Ways[1].Part != "GPL-2.0-only" || p.Ways[1].Whole != p.ID {
				t.Errorf("%s: not both ways round: %+v", p.ID, p.Ways)
			}
			for _, w := range p.Ways {
				if len(w.Reasons) == 0 || len(w.Sources) == 0 || w.Mark.Word == "" {
					t.Errorf("%s in %s: no reason or source: %+v", w.Part, w.Whole, w)
				}
			}
		}
	}
}

func TestLicencePageCombines(t *testing.T) {
	server := serve(t, sample(), Options{API: true})
	page := fetch(t, server, "GET", "/licences/GPL-2.0-only/")
	checkPage(t, "GPL-2.0-only", page.body)
	contains(t, "GPL-2.0-only", visibleText(t, page.body),
		"Darf ich GPL-2.0-only verbinden mit:", "Apache-2.0 nein", "MIT ja", "Das Ganze unter: GPL-2.0-only", "Gründe und Quellen", "Unter dieser Lizenz stehen 0 Einträge",
	)
	contains(t, "GPL-2.0-only", string(page.body), `<input type="hidden" name="licence" value="GPL-2.0-only">`, `<option>MIT</option>`, `href="/licences/?situation=combine&amp;licence=GPL-2.0-only#ask"`)
	answered := fetch(t, server, "GET", "/licences/?situation=combine&licence=GPL-2.0-only&licence=Apache-2.0")
	contains(t, "the question", string(answered.body), `<option value="EUPL-1.2" label="European Union Public License 1.2">`, `list="known-licences"`)
	contains(t, "the answer", visibleText(t, answered.body), "Nein: Keine der Lizenzen der Teile passt für das Ganze")
}

func TestLongLicencePagesGoOn(t *testing.T) {
	c := &fake{}
	for i := range fileSize + 5 {
		c.entries = append(c.entries, entry(registry.ID(fmt.Sprintf("github.com/kiel/akte%03d", i)), fmt.Sprintf("Akte %03d", i), kiel))
	}
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	files := tree(t, dir)
	for name, want := range map[string]struct {
		cards int
		whole bool
	}{
		"licences/EUPL-1.2/index.html": {fileSize, true}, "licences/EUPL-1.2/page/2/index.html": {5, false},
		"en/categories/e-commerce/index.html": {fileSize, true}, "en/categories/e-commerce/page/2/index.html": {5, false},
	} {
		body := files[name]
		checkPage(t, name, body)
		if n := strings.Count(string(body), `<article class="card">`); n != want.cards {
			t.Errorf("%s: %d cards, want %d", name, n, want.cards)
		}
		if whole := strings.Contains(string(body), `id="users"`); whole != want.whole {
			t.Errorf("%s says whose the entries are: %v", name, whole)
		}
	}
	if strings.Contains(string(files["licences/EUPL-1.2/index.html"]), "<form class=\"ask") {
		t.Error("a written page asks what nobody answers")
	}
	contains(t, "licences/", string(files["licences/index.html"]), `href="/licences/EUPL-1.2/#combine"`)
}
