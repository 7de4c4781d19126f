// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func kin(id registry.ID, name string, features []string, basedOn ...registry.ID) *registry.Software {
	return &registry.Software{
		ID: id, Publisher: registry.Publisher{ID: "amt", Name: "Amt <b>"}, BasedOn: basedOn,
		Repository: registry.Repository{URL: "https://" + string(id)},
		PublicCode: publiccode.PublicCode{Name: name, Description: map[string]publiccode.Description{"de": {ShortDescription: "Kurz.", Features: features}}},
	}
}

func TestComparison(t *testing.T) {
	c := &fake{
		entries: []*registry.Software{
			kin("git.example/a/eins", "Eins", []string{"Suche", "Nur <eins>"}),
			kin("git.example/b/zwei", "Zwei", []string{"suche", "Export"}, "git.example/a/eins"),
		},
		aliases: map[registry.ID]registry.ID{"git.example/a/alt": "git.example/a/eins"},
	}
	server := serve(t, c, Options{})
	for _, test := range []struct {
		query  string
		status int
		want   []string
	}{
		{"", 200, []string{"Was verglichen wird"}},
		{"?id=git.example/a/alt&id=https://git.example/b/zwei.git", 200, []string{"Eins", "Zwei", "Suche", "Nur <eins>", "Export", "nicht genannt", "Amt <b>", "keine Angabe"}},
		{"?id=git.example/a/eins&id=git.example/nie/da", 404, []string{"Einen der Einträge gibt es hier nicht", "Eins"}},
		{"?id=%22%3E%3Cscript%3E&id=..", 404, []string{"gibt es hier nicht"}},
		{"?id=" + strings.Repeat("git.example/a/eins&id=git.example/b/zwei&id=", 40), 200, []string{"Eins"}},
	} {
		page := fetch(t, server, "GET", "/compare/"+test.query)
		if page.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", test.query, page.StatusCode, test.status)
		}
		checkPage(t, test.query, page.body)
		text := visibleText(t, page.body)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", test.query, want, text)
			}
		}
	}
}

func TestFamilyOnThePage(t *testing.T) {
	c := &fake{entries: []*registry.Software{
		kin("git.example/a/eins", "Eins", []string{"Suche", "Archiv"}),
		kin("git.example/b/zwei", "Zwei", []string{"Suche", "Export"}, "git.example/a/eins", "git.example/fern/weg"),
	}}
	server := serve(t, c, Options{})
	for path, want := range map[string][]string{
		"/software/git.example/a/eins/":    {"Variante", "Zwei", "Nur dort genanntExport", "Nur hier genanntArchiv", "Nebeneinander ansehen"},
		"/software/git.example/b/zwei/":    {"Grundlage", "Eins", "git.example/fern/weg", "nicht im Katalog"},
		"/en/software/git.example/b/zwei/": {"base", "not in the catalogue", "See them side by side"},
	} {
		page := fetch(t, server, "GET", path)
		checkPage(t, path, page.body)
		text := strings.Join(strings.Fields(visibleText(t, page.body)), " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in %s", path, w, text)
			}
		}
	}
}

func TestComparisonIsWhole(t *testing.T) {
	commits, issues := 0, 7
	busy := kin("git.example/a/eins", "Eins", nil)
	busy.Licence = &registry.LicenceReport{Verdict: registry.LicenceMatch, Declared: &registry.LicenceEvidence{SPDX: "EUPL-1.2"}}
	busy.PublicCode.Legal.License, busy.PublicCode.UsedBy = "EUPL-1.2", []string{"Stadt Musterhausen", " "}
	busy.PublicCode.SoftwareVersion = "1.0"
	busy.Activity = &registry.Activity{
		Releases:   []registry.Release{{Tag: "v3-rc", Prerelease: true}, {Tag: "v2", Published: noon}},
		Commits:    &registry.Commits{Total: 42, Authors: 5},
		OpenIssues: &issues,
	}
	still := kin("git.example/b/zwei", "Zwei", nil)
	still.PublicCode.SoftwareVersion, still.PublicCode.ReleaseDate = "0.9", "2025-01-31"
	still.Activity = &registry.Activity{Commits: &registry.Commits{Total: commits}}
	c := &fake{entries: []*registry.Software{busy, still}}
	for i := range 4 {
		c.entries = append(c.entries, kin(registry.ID("git.example/c/"+string(rune('a'+i))), "Weitere", nil))
	}
	server := serve(t, c, Options{})
	query := "?id=git.example/a/eins&id=git.example/b/zwei"
	page := fetch(t, server, "GET", "/compare/"+query)
	checkPage(t, query, page.body)
	text := visibleText(t, page.body)
	contains(t, query, text,
		"Lizenz belegt", "Weitergeben?unter Bedingungen", "v2 vom", "0.9 vom 31. Januar 2025(laut publiccode.yml)",
		"Mitwirkende in zwölf Monaten", "Offene Issues", "nicht bekannt", "1 Angabe des HerausgebersStadt Musterhausen", "0 Angaben des Herausgebers",
	)
	if strings.Contains(text, "v3-rc vom") {
		t.Error("a pre-release counts as the newest version")
	}
	contains(t, "one", visibleText(t, fetch(t, server, "GET", "/compare/?id=git.example/a/eins").body), "fehlt noch mindestens ein Eintrag")
	five := fetch(t, server, "GET", "/compare/"+query+"&id=git.example/c/a&id=git.example/c/b&id=git.example/c/c")
	contains(t, "five", visibleText(t, five.body), "Gezeigt werden die ersten vier.")
}

func TestChoosingWhatToCompare(t *testing.T) {
	server := serve(t, sample(), Options{})
	list := fetch(t, server, "GET", "/software/")
	checkPage(t, "/software/", list.body)
	contains(t, "/software/", string(list.body), `<form id="compare" class="compare-bar" method="get" action="/compare/">`, `form="compare"`, `name="id" value="github.com/kiel/akte"`)
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{}), dir)
	if strings.Contains(string(tree(t, dir)["software/index.html"]), `form="compare"`) {
		t.Error("a written list offers to compare, which nobody answers")
	}
}
