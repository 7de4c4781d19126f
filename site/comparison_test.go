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
