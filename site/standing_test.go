// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestWhyARepositoryIsNotListed(t *testing.T) {
	c := sample()
	all := c.sorted()
	listed := all[len(all)-1].ID
	const source = "https://git.example/amt"
	c.visits = map[registry.ID]*registry.Visit{"git.example/amt/wahl": {
		Repo: "git.example/amt/wahl", Source: source, Time: time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC), Outcome: registry.Unreadable,
		Detail: "no <b>name</b>", Findings: []publiccode.Finding{{Code: "PC0101", Severity: publiccode.Error, Line: 7, Column: 2, Key: "name"}},
	}}
	c.states = map[string]*registry.SourceState{source: {Source: source, Next: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)}}
	server := serve(t, c, Options{Claims: func(context.Context, registry.ID) (string, error) { return "", nil }})
	for _, test := range []struct {
		address string
		status  int
		want    []string
	}{
		{"", 200, []string{"So kommt ein Repository in den Katalog"}},
		{"https://git.example/amt/wahl.git", 200, []string{"lässt sich nicht lesen", "Prüfen Sie die Datei", "4. März 2026", source, "no <b>name</b>", "Zeile 7", "PC0101"}},
		{string(listed), 200, []string{"Das Repository steht im Katalog", string(listed)}},
		{"https://git.example/fremd/ding", 200, []string{"Keine eingetragene Quelle"}},
		{"kein Repository", 400, []string{"keine Adresse eines Repositorys"}},
		{"\"><script>alert(1)</script>", 400, []string{"keine Adresse eines Repositorys"}},
	} {
		page := fetch(t, server, "GET", "/listed/?url="+url.QueryEscape(test.address))
		if page.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", test.address, page.StatusCode, test.status)
		}
		checkPage(t, test.address, page.body)
		text := visibleText(t, page.body)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", test.address, want)
			}
		}
	}
	if page := fetch(t, server, "GET", "/en/listed/?url=git.example/amt/wahl"); !strings.Contains(string(page.body), "cannot be read or gives no name") {
		t.Error("not in English")
	}
}
