// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/allmende-registry/allmende/registry"
)

func TestRenderProse(t *testing.T) {
	s := newSite(t, sample(), Options{BaseURL: "https://example.org/katalog", Duties: map[Duty]DutyText{Imprint: {Markdown: map[string]string{"de": "Wir"}}}})
	for _, tt := range []struct{ name, in, title, lead, want string }{
		{"the first heading is the title", "# A\n\nB\n\n## C\n\nD", "A", "B", "<h2>C</h2>\n<p>D</p>"},
		{"all others come below it", "# A\n\nB\n\n# C\n\n#### D", "A", "B", "<h2>C</h2>\n<h3>D</h3>"},
		{"a comment stands before it", "<!--\nwhose\n-->\n\n# A\n\nB", "A", "B", ""},
		{"no title", "B\n\n### C", "", "B", "<h2>C</h2>"},
		{"no lead", "# A\n\n- B", "A", "", "<ul>\n<li>B</li>\n</ul>"},
		{"a lead over lines, with marks", "# *A* `b`\n\nC **D**\nE", "A b", "C D E", ""},
		{"a path is one of the language", "# A\n\nB\n\n[C](/imprint/)", "A", "B", `<p><a href="/katalog/en/imprint/">C</a></p>`},
		{"an entry with a query", "x\n\n[C](/listed/?url=a.example%2Fb)", "", "x", `<p><a href="/katalog/en/listed/?url=a.example%2Fb">C</a></p>`},
		{"elsewhere", "x\n\n[C](https://a.example)", "", "x", `<p><a href="https://a.example" rel="nofollow noopener">C</a></p>`},
		{"mail with a subject", "x\n\n[C](mailto:a@b.example?subject=d%20e)", "", "x", `<p><a href="mailto:a@b.example?subject=d%20e">C</a></p>`},
		{"a byte order mark", "\ufeff# A\n\nB", "A", "B", ""},
	} {
		p, err := s.renderProse(tt.in, "en", "en", true)
		if err != nil || p.Title != tt.title || p.Lead != tt.lead || strings.TrimSpace(string(p.HTML)) != tt.want {
			t.Errorf("%s: %q, %q, %q, %v", tt.name, p.Title, p.Lead, p.HTML, err)
		}
	}
	if p, err := s.renderProse("# A\n\nB", "de", "de", false); err != nil || p.Lead != "" || string(p.HTML) != "<p>B</p>\n" {
		t.Errorf("without lead: %q, %q, %v", p.Lead, p.HTML, err)
	}
}

func TestRenderProseRefuses(t *testing.T) {
	s := newSite(t, sample(), Options{})
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", " \n\n", "empty"},
		{"other encoding", "# Erkl\xe4rung", "UTF-8"},
		{"a picture", "# A\n\n![b](https://a.example/b.png)", "line 3: pictures"},
		{"HTML", "# A\n\nB\n\n<div>\nC\n</div>", "line 5: HTML"},
		{"HTML in a line", "# A\n\nB <b>C</b>", "line 3: HTML"},
		{"script link", "# A\n\n[B](javascript:alert)", `line 3: the link to "javascript:alert" must begin`},
		{"relative link", "# A\n\n[B](mehr.html)", "must begin"},
		{"a part of the page", "# A\n\n[B](#c)", "must begin"},
		{"another host", "# A\n\n[B](//a.example/)", "must begin"},
		{"no page", "# A\n\n[B](/gibt-es-nicht/)", "leads to no page"},
		{"a duty without text", "# A\n\n[B](/privacy/)", "leads to no page"},
		{"no guide", "# A\n\n[B](/maintain/nichts/)", "leads to no page"},
		{"no slash at the end", "# A\n\n[B](/findings)", "leads to no page"},
		{"too long", strings.Repeat("a", maxProse+1), "bytes"},
		{"too deep", strings.Repeat("> ", maxMarkdownDepth+1) + "a", "nested"},
	} {
		_, err := s.renderProse(tt.in, "de", "de", false)
		if !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func FuzzRenderProse(f *testing.F) {
	for _, seed := range []string{"# a\n\nb", attack, "<!-- x -->\n# a", "[a](/listed/)", "[a]: /x\n[a]", "# a\n<b>\n", "> > - 1. x", "| a |\n|--|\n| [b](/about/) |"} {
		f.Add(seed)
	}
	s := newSite(f, sample(), Options{})
	f.Fuzz(func(t *testing.T, src string) {
		p, err := s.renderProse(src, "de", "de", true)
		if err != nil {
			return
		}
		doc, err := html.Parse(strings.NewReader(string(p.HTML)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" || n.Data == "img" || n.Data == "h1" || n.Data == "style" {
				t.Errorf("<%s> of %q", n.Data, src)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "id" {
					t.Errorf("%s=%q of %q", a.Key, a.Val, src)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "http") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("link to %q of %q", a.Val, src)
				}
			}
		}
	})
}
