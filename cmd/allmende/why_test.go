// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// forgeOf serves a stand-in of a Forgejo over a world.
func forgeOf(t *testing.T, world *forgetest.World) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address = "http://" + server.Listener.Addr().String()
	server.Config.Handler = forgetest.Forgejo(world, address)
	server.Start()
	t.Cleanup(server.Close)
	return address
}

func software(address, path, name string) forgetest.Repo {
	return forgetest.Repo{Forge: crawler.Forgejo, Path: path, Files: map[string][]byte{
		"publiccode.yml": fmt.Appendf(nil, "name: %s\nurl: %s/%s\n", name, address, path),
	}}
}

func TestWhy(t *testing.T) {
	world := forgetest.New()
	address := forgeOf(t, world)
	host := strings.TrimPrefix(address, "http://")
	mono := software(address, "stadt/mono", "Mono")
	mono.Files["apps/a/publiccode.yml"] = []byte("name: A\nurl: " + address + "/stadt/mono\n")
	declined := software(address, "stadt/nein", "Nein")
	declined.Files[".allmende-ignore"] = nil
	mirror := software(address, "stadt/wahl", "Wahl")
	mirror.Path = "stadt/spiegel"
	for _, r := range []forgetest.Repo{
		software(address, "stadt/wahl", "Wahl"), software(address, "amt/rad", "Rad"), mono, declined, mirror,
		{Forge: crawler.Forgejo, Path: "stadt/leer", Files: map[string][]byte{"README.md": []byte("# leer\n")}},
	} {
		world.Put(r)
	}
	dir := t.TempDir()
	list := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(list, []byte(address+"/amt/rad\n"+address+"/amt/weg\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
forges: [{url: %q, kind: forgejo, allowPrivate: true}]
publishers:
  - id: a
    name: A
    sources:
      - {url: "%s/stadt", folders: [apps/*]}
      - %s/niemand
catalogues: [{url: %q, publisher: a}]
`, dir, address, address, address, list))

	if out, errs, code := command(t, "why", "--config", config, address+"/stadt/wahl"); code != exitUsage || !strings.Contains(errs, "allmende crawl") {
		t.Errorf("before the first crawl: code %d: %s%s", code, out, errs)
	}
	if _, err := os.Stat(dir + "/a.db"); err == nil {
		t.Error("the question made a registry")
	}
	crawlJSON(t, config, exitPartial)

	for about, tt := range map[string]struct {
		code int
		want []string
	}{
		address + "/stadt/wahl":          {0, []string{host + "/stadt/wahl", "is in the catalogue", "Source: " + address + "/stadt"}},
		address + "/stadt/Wahl.git":      {0, []string{"is in the catalogue"}},
		host + "/stadt/wahl":             {0, []string{"is in the catalogue"}},
		host + "/stadt/mono/~/apps/a":    {0, []string{"Entry: " + host + "/stadt/mono/~/apps/a", "  1:1 error"}},
		host + "/stadt/mono/~/apps/b":    {1, []string{"This folder is no entry", "Last visit"}},
		host + "/stadt/leer":             {1, []string{"no publiccode.yml", "What to do"}},
		host + "/stadt/nein":             {1, []string{".allmende-ignore"}},
		host + "/stadt/spiegel":          {1, []string{"another location", "Entry: " + host + "/stadt/wahl"}},
		host + "/stadt/nirgends":         {1, []string{"has not been visited", "was not there"}},
		host + "/amt/rad":                {0, []string{"Source: " + address + "/amt/rad"}},
		host + "/amt/weg":                {1, []string{"did not come to its end", "Source: " + address + "/amt/weg"}},
		"https://anderswo.example/a/b":   {1, []string{"No configured source"}},
		"git@anderswo.example:a/b.git":   {1, []string{"anderswo.example/a/b", "No configured source"}},
		address + "/stadt":               {0, []string{"address of a source", "had 5 repositories"}},
		address + "/niemand/":            {1, []string{"address of a source", "did not come to its end", "Source: " + address + "/niemand"}},
		"mailto:amt@stadt.example":       {2, []string{"no address of a repository"}},
		"wahl":                           {2, []string{"no address of a repository"}},
		"https://":                       {2, []string{"no address of a repository"}},
		"file:///etc/passwd":             {2, []string{"no address of a repository"}},
		"https://a.example/" + "\x1b[2J": {2, nil},
	} {
		out, errs, code := command(t, "why", "--lang", "en", "--config", config, about)
		for _, want := range tt.want {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: %q is missing in\n%s%s", about, want, out, errs)
			}
		}
		if code != tt.code || strings.Contains(out+errs, "\x1b") {
			t.Errorf("%s: code %d, want %d\n%s%s", about, code, tt.code, out, errs)
		}
	}
	out, _, _ := command(t, "why", "--json", "--config", config, address+"/stadt")
	var found registry.Standing
	if err := json.Unmarshal([]byte(out), &found); err != nil || found.Source != address+"/stadt" || found.State == nil || found.State.Repositories != 5 {
		t.Errorf("%v: %s", err, out)
	}
	if out, _, code := command(t, "why", "--lang", "de", "--config", config, address+"/niemand"); code != 1 || !strings.Contains(out, "Das ist die Adresse einer Quelle.") {
		t.Errorf("code %d: %s", code, out)
	}
	for _, args := range [][]string{{}, {"a", "b"}} {
		if _, errs, code := command(t, append([]string{"why", "--config", config}, args...)...); code != exitUsage || !strings.Contains(errs, "why --help") {
			t.Errorf("%q: code %d: %s", args, code, errs)
		}
	}
}

// The port is looked at before anything is asked of a forge.
func TestAddressInUse(t *testing.T) {
	forge := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) }))
	defer forge.Close()
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s/a.db
forges: [{url: %q, allowPrivate: true}]
publishers: [{id: a, name: A, sources: [%q]}]
`, t.TempDir(), forge.URL, forge.URL))
	_, errs, code := command(t, "serve", "--config", config, "--listen", strings.TrimPrefix(forge.URL, "http://"))
	if code != exitUsage || !strings.Contains(errs, "address already in use") || !strings.Contains(errs, "--listen") {
		t.Errorf("code %d: %s", code, errs)
	}
}
