// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

// linkedData is a data block of a page, up to the first end that a browser sees.
var linkedData = regexp.MustCompile(`(?s)<script type="application/ld\+json">.*?</script>`)

// TestHostileRepositories crawls files that are out to hurt, through every
// adapter, and shows what they became on every page: healthy neighbours stay
// entries, and no text of theirs becomes markup.
func TestHostileRepositories(t *testing.T) {
	const script = `<script>alert(1)</script>`
	files := map[string]string{
		"healthy":   "name: Gesund\n",
		"script":    "name: '" + script + "\"onload=x'\nurl: javascript:alert(1)\nlandingURL: 'javascript:alert(1)'\ndescription:\n  de:\n    shortDescription: '" + script + "'\n    longDescription: '" + script + "[x](javascript:alert(1)) ![y](http://tracker.example/p.gif)'\n    features: ['" + script + "']\n",
		"long-name": "name: " + strings.Repeat("Donaudampfschiff", 1000) + "\n",
		"anchors":   "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nname: Bombe\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
		"deep":      "name: Tief\nx: " + strings.Repeat("[", 100_000) + "\n",
		"nul":       "name: Null\x00\n",
		"latin-1":   "name: B\xfcrgerdienst\n",
		"large":     "name: Gross\n# " + strings.Repeat("x", 1<<20) + "\n",
		"binary":    "\x7fELF\x02\x01\x01\x00\x00",
		"twice":     "name: Eins\nname: Zwei\n",
		"crlf-bom":  "\ufeffname: Fenster\r\nurl: https://x.example/y\r\n",
		"documents": "name: Eins\n---\nname: Zwei\n",
		"number":    "name: 4711\n",
		"list":      "- name: Liste\n",
		"blank":     " \n",
		"symlink":   "../../../../etc/passwd.yml",
	}
	entry := map[string]bool{
		"healthy": true, "script": true, "long-name": true, "latin-1": true, "twice": true, "crlf-bom": true,
		"documents": true, "number": true, "nul": true,
	}
	kinds := map[string]func(*forgetest.World, string) http.Handler{
		crawler.GitHub: forgetest.GitHub, crawler.GitLab: forgetest.GitLab, crawler.Forgejo: forgetest.Forgejo,
	}
	var repos []forgetest.Repo
	for kind := range kinds {
		for name, src := range files {
			repos = append(repos, forgetest.Repo{Forge: kind, Path: "hostile/" + name, Description: script, Topics: []string{script}, Files: map[string][]byte{"publiccode.yml": []byte(src)}})
		}
	}
	world := forgetest.New(repos...)
	var forges, sources strings.Builder
	for kind, standIn := range kinds {
		server := conformance.NewServer(t, standIn, world)
		fmt.Fprintf(&forges, "  - {url: %q, kind: %s, allowPrivate: true, tokenEnv: ALLMENDE_TEST_TOKEN}\n", server.URL, kind)
		fmt.Fprintf(&sources, "      - %s/hostile\n", server.URL)
	}
	t.Setenv("ALLMENDE_TEST_TOKEN", "a")
	dir := t.TempDir()
	config := write(t, "config.yml", fmt.Sprintf("store: sqlite:%s\nforges:\n%spublishers:\n  - id: h\n    name: '%s'\n    sources:\n%s", filepath.Join(dir, "a.db"), forges.String(), script, sources.String()))
	sum := crawlJSON(t, config, 0)
	if sum.Repositories != len(repos) || sum.Entries != 3*len(entry) || sum.Unreadable != 3*(len(files)-len(entry)) {
		t.Errorf("%+v", sum)
	}
	ids := entries(t, filepath.Join(dir, "a.db"))
	for _, id := range ids {
		if name := id[strings.LastIndexByte(id, '/')+1:]; !entry[name] {
			t.Errorf("%s is an entry", id)
		}
	}

	out := filepath.Join(dir, "public")
	if _, errs, code := command(t, "build", "--config", config, "--out", out); code != 0 {
		t.Fatalf("build: %s", errs)
	}
	cfg, err := loadConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := openCatalogue(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cat.Close()
	handler, err := cat.handler(siteOptions(cfg, nil))
	if err != nil {
		t.Fatal(err)
	}
	static := httptest.NewServer(http.FileServer(http.Dir(out)))
	defer static.Close()
	served := httptest.NewServer(handler)
	defer served.Close()
	for _, base := range []string{static.URL, served.URL} {
		pages := []string{"/", "/en/", "/software/", "/publishers/h/", "/publishers/"}
		for _, id := range ids {
			pages = append(pages, "/software/"+id+"/")
		}
		for _, page := range pages {
			status, body := fetchURL(t, base+page)
			if status != http.StatusOK {
				t.Errorf("%s: status %d", page, status)
			}
			// A quotation mark within linked data ends no attribute.
			attributes := linkedData.ReplaceAllString(body, "")
			for evil, in := range map[string]string{script: body, `href="javascript:`: body, `"onload=x`: attributes, "tracker.example/p.gif": body} {
				if strings.Contains(in, evil) {
					t.Errorf("%s holds %s", page, evil)
				}
			}
		}
	}
}
