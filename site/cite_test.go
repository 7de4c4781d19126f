// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func TestCitation(t *testing.T) {
	s := entry("github.com/kiel/akte", "Bäume & Wege_{2}", kiel)
	s.Files = append(s.Files, registry.File{Path: "CITATION.cff", Role: registry.RoleCitation, Commit: strings.Repeat("ab", 20), Hash: hashOf("1")})
	d := newDetail(s, "de", noon)
	if want := "Amt: Bäume & Wege_{2}. Version 1.2.0, 1. Februar 2026. https://github.com/kiel/akte (gesehen am 14. März 2026)"; d.Cite.Text != want {
		t.Errorf("%s", d.Cite.Text)
	}
	want := `@software{baeumewege22026,
  author  = {{Amt}},
  title   = {{Bäume \& Wege\_\{2\}}},
  version = {1.2.0},
  date    = {2026-02-01},
  url     = {https://github.com/kiel/akte},
  urldate = {2026-03-14}
}`
	if d.Cite.BibTeX != want {
		t.Errorf("%s", d.Cite.BibTeX)
	}
	if len(d.Cite.Files) != 1 || d.Cite.Files[0].Path != "CITATION.cff" {
		t.Errorf("%v", d.Cite.Files)
	}

	bare := newDetail(&registry.Software{ID: "git.example/a/日本"}, "en", noon)
	if want := "日本: 日本. https://git.example/a/日本"; bare.Cite.Text != want {
		t.Errorf("%s", bare.Cite.Text)
	}
	if !strings.HasPrefix(bare.Cite.BibTeX, "@software{software,\n  author  = {{日本}}") || strings.Contains(bare.Cite.BibTeX, "date") {
		t.Errorf("%s", bare.Cite.BibTeX)
	}
}

// Every brace of a field is closed in it, whatever is in the file.
func FuzzCitation(f *testing.F) {
	f.Add("Akte", "1.0", "Amt")
	f.Add(`}\end{document}%`, "{", `\\}`)
	f.Fuzz(func(t *testing.T, name, version, owner string) {
		s := entry("github.com/kiel/akte", name, kiel)
		s.PublicCode.SoftwareVersion, s.PublicCode.Legal.MainCopyrightOwner = version, owner
		got := newDetail(s, "de", noon).Cite.BibTeX
		for _, escape := range []string{`\{`, `\}`} {
			got = strings.ReplaceAll(got, escape, "")
		}
		depth := 0
		for _, r := range got {
			switch r {
			case '{':
				depth++
			case '}':
				if depth--; depth < 0 {
					t.Fatalf("closed before it is opened: %s", got)
				}
			}
		}
		if depth != 0 {
			t.Fatalf("%d braces open: %s", depth, got)
		}
	})
}

func TestBadges(t *testing.T) {
	const path = "/software/github.com/kiel/akte/"
	served := serve(t, sample(), Options{API: true, BaseURL: "https://example.org/katalog"})
	page := string(fetch(t, served, "GET", "/katalog"+path).body)
	contains(t, path, page,
		`<img src="/katalog/v1/badges/github.com/kiel/akte?kind=adoptions&amp;lang=de" alt="Akte: bestätigte Nutzung"`,
		`[![Akte: im Katalog](https://example.org/katalog/v1/badges/github.com/kiel/akte?kind=listed&amp;lang=de)](https://example.org/katalog/software/github.com/kiel/akte/)`,
		`&lt;a href=&#34;https://example.org/katalog/software/github.com/kiel/akte/&#34;&gt;`,
		`href="mailto:?subject=Akte&amp;body=https:%2F%2Fexample.org%2Fkatalog%2Fsoftware%2Fgithub.com%2Fkiel%2Fakte%2F"`,
		`<code>https://example.org/katalog/software/github.com/kiel/akte/</code>`,
	)
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{API: true}), dir)
	if written := string(tree(t, dir)["software/github.com/kiel/akte/index.html"]); strings.Contains(written, "/v1/") || strings.Contains(written, "mailto:?") {
		t.Error("a written page without an address tells of badges that nobody draws, or of a link that leads nowhere")
	}
}

func TestOrigins(t *testing.T) {
	s, _ := illustrated()
	s = evaluated(s, registry.LicenceMatch)
	text := visibleText(t, fetch(t, serve(t, &fake{entries: []*registry.Software{s}}, Options{}), "GET", "/software/github.com/kiel/bilder/").body)
	contains(t, "the page", text,
		"Voraussetzungenpubliccode.yml Stand abababa15. März 2026", "Lizenz und UrteilWas die Quellen sagen15. März 2026",
		"IssuesGitHub14. März 2026", "Stücklistesbom.json und 1 weitere", "Bestätigte Nutzungadoptions.yml",
		"Logo und Bildschirmfotoslogo.svg", "von diesem Katalog berechnet",
	)
}
