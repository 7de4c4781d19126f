// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/api/compat"
	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// compatible serves a catalogue of its own, as serve does.
func compatible(t *testing.T) (*catalogue, string) {
	t.Helper()
	cfg, err := parseConfig(fmt.Appendf(nil, `store: %q
publishers:
  - {id: nord, name: Nordland, region: DE-SH, sources: ["https://github.com/nordland"]}
  - {id: sued, name: Südland, sources: ["https://git.example/sued/eins"]}
`, "sqlite:"+filepath.Join(t.TempDir(), "registry.db")))
	if err != nil {
		t.Fatal(err)
	}
	cat, err := openCatalogue(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cat.Close(); err != nil {
			t.Error(err)
		}
	})
	handler, err := cat.handler(siteOptions(cfg, slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return cat, server.URL + compat.Path
}

// What our own harvester reads from the compatible API are the entries that there
// are, and the publishers with what is crawled for them.
func TestHarvestOurselves(t *testing.T) {
	cat, address := compatible(t)
	put := func(id registry.ID, forgeID string, locations ...registry.Location) {
		src := []byte("name: " + string(id) + "\nurl: https://" + string(id) + "\n")
		_, err := cat.Put(t.Context(), &registry.Software{
			ID: id, PublicCode: *publiccode.Parse(src, publiccode.Options{}).PublicCode, Locations: locations,
			Repository: registry.Repository{URL: "https://" + string(id.Repository()), Forge: "git", ForgeID: forgeID},
			Files:      []registry.File{{Path: "publiccode.yml", Role: registry.RolePublicCode, Bytes: src}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 60 { // more than a page has
		put(registry.ID(fmt.Sprintf("github.com/nordland/teil-%02d", i)), "")
	}
	put("github.com/nordland/sammlung/~/apps/Formular", "")
	put("git.example/sued/eins", "", registry.Location{ID: "git.example/spiegel/eins", URL: "https://git.example/spiegel/eins"})
	put("github.com/nordland/alt", "7")
	put("github.com/nordland/neu", "7")
	if _, err := cat.Remove(t.Context(), "github.com/nordland/teil-03", registry.RepositoryGone); err != nil {
		t.Fatal(err)
	}
	if err := cat.PutVisit(t.Context(), &registry.Visit{Repo: "git.example/sued/eins", Source: "https://git.example/sued/eins", Outcome: registry.Entry, Time: time.Now()}); err != nil {
		t.Fatal(err)
	}

	var want, got []string
	for s, err := range cat.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, "https://"+string(s.ID)+" of "+map[bool]string{true: "nord", false: "sued"}[strings.HasPrefix(string(s.ID), "github.com/")])
	}
	want = append(want, "all of https://github.com/nordland of nord")
	c, err := catalog.Open(t.Context(), address, catalog.Options{Kind: catalog.DevelopersItalia, Client: http.DefaultClient})
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range c.Entries(t.Context()) {
		if err != nil || e.Err != nil {
			t.Fatal(err, e.Err)
		}
		line := e.URL + " of " + e.Publisher.ID
		if e.Group {
			line = "all of " + line
		}
		got = append(got, line)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("harvested\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Whoever has a token with the scope may write, as far as its regions go.
func TestCompatibleWrites(t *testing.T) {
	cat, address := compatible(t)
	token := func(scope registry.Scope, regions ...string) string {
		tok, value, err := registry.NewToken(time.Now(), cliActor, "Probe", registry.Grant{Scopes: []registry.Scope{scope}, Regions: regions}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := cat.PutDocuments(t.Context(), tok.Document()); err != nil {
			t.Fatal(err)
		}
		return "Bearer " + value
	}
	north, everywhere := token(registry.ScopeDevelopersItalia, "DE-SH"), token(registry.ScopeDevelopersItalia)
	for i, tt := range []struct {
		token, repository string
		status            int
		title             string
	}{
		{"", "github.com/nordland/a", 401, "token authentication failed"},
		{"Bearer v2.local.fremd", "github.com/nordland/a", 401, "token authentication failed"},
		{token(registry.ScopeAudit), "github.com/nordland/a", 403, "token authentication failed"},
		{north, "git.example/sued/a", 403, "token authentication failed"},
		{north, "github.com/nordland/a", 200, ""},
		{everywhere, "git.example/sued/a", 200, ""},
		{everywhere, "git.example/sued/a", 409, "can't create Software"},
	} {
		body := fmt.Sprintf(`{"url":"https://%s","aliases":null,"publiccodeYml":"name: A\n","active":true}`, tt.repository)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/software", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if tt.token != "" {
			req.Header.Set("Authorization", tt.token)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != tt.status || !strings.Contains(string(answer), tt.title) {
			t.Errorf("%d: %d %s, %v", i, resp.StatusCode, answer, err)
		}
	}
	if s, err := cat.Get(t.Context(), "github.com/nordland/a"); err != nil || s.Publisher.ID != "nord" {
		t.Errorf("brought: %+v, %v", s, err)
	}
}
