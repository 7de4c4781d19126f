// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/publiccode"
)

// Each text is listed and there in both languages, with the same sections.
func TestGuidesAreThereInAllLanguages(t *testing.T) {
	heading := regexp.MustCompile(`(?m)^#+ `)
	for _, lang := range languages {
		n := 0
		err := fs.WalkDir(guideFiles, "guides/"+lang, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			n++
			path := strings.TrimSuffix(strings.TrimPrefix(name, "guides/"+lang), ".md") + "/"
			if !slices.Contains(guidePaths, path) {
				t.Errorf("%s is no page", name)
			}
			return nil
		})
		if err != nil || n != len(guidePaths) {
			t.Errorf("%s: %d guides, want %d: %v", lang, n, len(guidePaths), err)
		}
	}
	s := newSite(t, sample(), Options{})
	for _, path := range guidePaths {
		de, en := s.guides["de"][path], s.guides["en"][path]
		if de.Title == "" || de.Lead == "" || en.Title == "" || en.Lead == "" {
			t.Errorf("%s: no title or no lead", path)
		}
		texts := [2][]string{}
		for i, lang := range []string{"de", "en"} {
			src, err := guideFiles.ReadFile("guides/" + lang + strings.TrimSuffix(path, "/") + ".md")
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = heading.FindAllString(string(src), -1)
		}
		if !slices.Equal(texts[0], texts[1]) {
			t.Errorf("%s: %d headings in German, %d in English, or of other levels", path, len(texts[0]), len(texts[1]))
		}
	}
}

// What the guides tell people to write is right.
func TestGuidesShowFilesWithoutFindings(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	seen := 0
	for _, lang := range languages {
		for _, name := range []string{"listing", "adoptions"} {
			src, err := guideFiles.ReadFile("guides/" + lang + "/maintain/" + name + ".md")
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range block.FindAllStringSubmatch(string(src), -1) {
				seen++
				var findings []publiccode.Finding
				if name == "listing" {
					findings = publiccode.Parse([]byte(m[1]), publiccode.Options{}).Findings
				} else {
					findings = adoption.Parse([]byte(m[1]), adoption.Options{}).Findings
				}
				for _, f := range findings {
					t.Errorf("%s, %s: %s in line %d: %s", lang, name, f.Code, f.Line, f.Message("en"))
				}
			}
		}
	}
	if seen != 4 {
		t.Errorf("%d examples, want 4", seen)
	}
}

func TestAboutSaysWhoRunsIt(t *testing.T) {
	for _, tt := range []struct{ contact, want string }{
		{"mailto:wir@example.org", `<a href="mailto:wir@example.org"`},
		{"https://example.org/kontakt", `<a href="https://example.org/kontakt"`},
	} {
		server := serve(t, sample(), Options{Contact: tt.contact, DataLicence: "CC0-1.0", API: true})
		got := fetch(t, server, "GET", "/about/")
		for _, want := range []string{tt.want, "CC0-1.0", `href="` + projectURL + `"`, `href="/api/?lang=de"`} {
			if !strings.Contains(string(got.body), want) {
				t.Errorf("no %s", want)
			}
		}
		checkPage(t, "/about/", got.body)
	}
	got := fetch(t, serve(t, sample(), Options{}), "GET", "/en/about/")
	if got.StatusCode != 200 || strings.Contains(string(got.body), "Who runs it") {
		t.Errorf("without a contact: %s", got.Status)
	}
}
