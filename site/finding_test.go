// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/http"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
)

// Each finding has a page in both languages, linked from the list of them all.
func TestEveryFindingHasAPage(t *testing.T) {
	server := serve(t, sample(), Options{})
	for _, lang := range languages {
		index := localPath(lang, findingsPath)
		list := fetch(t, server, "GET", index)
		linked := map[string]bool{}
		for _, l := range checkPage(t, index, list.body).follow {
			linked[l] = true
		}
		for _, r := range rules() {
			path := localPath(lang, "/findings/"+r.Code+"/")
			if !linked[path] {
				t.Errorf("%s does not lead to %s", index, path)
			}
			got := fetch(t, server, "GET", path)
			if got.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", path, got.Status)
				continue
			}
			checkPage(t, path, got.body)
			text := visibleText(t, got.body)
			for _, want := range []string{r.Title(lang), r.Help(lang), r.Background(lang)} {
				if !strings.Contains(text, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("%s does not say %q", path, want)
				}
			}
			bad, good := r.Example()
			if strings.Contains(text, say(lang, "rule.bad")) != (bad != "") || !strings.Contains(text, strings.Join(strings.Fields(bad), " ")) || !strings.Contains(text, strings.Join(strings.Fields(good), " ")) {
				t.Errorf("%s does not show the example", path)
			}
			if !strings.Contains(string(got.body), `href="`+r.Standard()+`"`) {
				t.Errorf("%s does not lead to %s", path, r.Standard())
			}
		}
	}
}

func TestFindingPage(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org/katalog"})
	page := string(fetch(t, server, "GET", "/katalog/findings/PC0206/").body)
	for _, want := range []string{
		`<mark>usedBy: Stadt Beispielhausen</mark>`, `  <mark>- Stadt Beispielhausen</mark>`,
		`href="https://yml.publiccode.tools/v0/schema.core.html"`, `<a href="/katalog/findings/">Befunde</a>`, `Fehler</span>`,
		`<link rel="canonical" href="https://example.org/katalog/findings/PC0206/">`, `hreflang="en" href="https://example.org/katalog/en/findings/PC0206/"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, tt := range []struct {
		path     string
		status   int
		location string
	}{
		{"/katalog/findings", http.StatusMovedPermanently, "/katalog/findings/"},
		{"/katalog/en/findings/PC0101", http.StatusMovedPermanently, "/katalog/en/findings/PC0101/"},
		{"/katalog/findings/PC9999/", http.StatusNotFound, ""},
		{"/katalog/findings/PC0101/x/", http.StatusNotFound, ""},
		{"/katalog/findings/%3Cscript%3E/", http.StatusNotFound, ""},
	} {
		if got := fetch(t, server, "GET", tt.path); got.StatusCode != tt.status || got.Header.Get("Location") != tt.location {
			t.Errorf("%s: %s to %q", tt.path, got.Status, got.Header.Get("Location"))
		}
	}
	if sitemap := string(fetch(t, server, "GET", "/katalog/sitemap.xml").body); !strings.Contains(sitemap, "<loc>https://example.org/katalog/en/findings/PC0101/</loc>") {
		t.Error("the sitemap leaves the findings out")
	}
}

// The findings of an entry lead to their pages; a code that has none does not.
func TestFindingsOfAnEntryAreLinked(t *testing.T) {
	c := sample()
	own := entry("github.com/kiel/eigen", "Eigen", kiel)
	own.Findings = append(own.Findings, publiccode.Finding{
		Code: "KIEL01", Severity: publiccode.Advice, Line: 1, Column: 1,
		Wording: &publiccode.Wording{DE: "Eigene Regel.", EN: "A rule of our own."},
	})
	c.entries = append(c.entries, own)
	page := string(fetch(t, serve(t, c, Options{}), "GET", "/en/software/github.com/kiel/eigen/").body)
	for _, want := range []string{`<a href="/en/findings/PC0101/"><code>PC0101</code></a>`, `<td><code>KIEL01</code></td>`, "A rule of our own."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestFindingsAreWritten(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{}), dir)
	files := tree(t, dir)
	for _, path := range rulePaths() {
		for _, lang := range languages {
			name, err := filePath(localPath(lang, path))
			if err != nil || files[name] == nil {
				t.Errorf("%s is not written (%v)", name, err)
			}
		}
	}
}
