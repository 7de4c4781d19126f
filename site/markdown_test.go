// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestRenderMarkdown(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"text", "Ein *Wort*.", "<p>Ein <em>Wort</em>.</p>\n"},
		{"headings come below the page's", "# A\n\n### B\n\n## C", "<h3>A</h3>\n<h4>B</h4>\n<h4>C</h4>\n"},
		{"the shallowest heading is the third level", "#### A\n\n##### B", "<h3>A</h3>\n<h4>B</h4>\n"},
		{"a heading of a picture alone is gone", "# ![x](https://a.example/x.png)\n\n# B", "<h3>B</h3>\n"},
		{"link", "[x](https://a.example)", `<p><a href="https://a.example" rel="nofollow noopener">x</a></p>` + "\n"},
		{"bare link", "https://a.example", `<p><a href="https://a.example" rel="nofollow noopener">https://a.example</a></p>` + "\n"},
		{"script link", "[x](javascript:alert(1))", "<p>x</p>\n"},
		{"relative link", "[x](/admin)", "<p>x</p>\n"},
		{"link without text", "vorn [](https://a.example) hinten", "<p>vorn  hinten</p>\n"},
		{"image", "vorn ![x](https://a.example/x.png) hinten", "<p>vorn  hinten</p>\n"},
		{"linked image", "vorn [![x](https://a.example/x.png)](https://a.example) hinten", "<p>vorn  hinten</p>\n"},
		{"raw HTML", "<div style=\"x\">\n<b onclick=\"y\">fett</b>\n</div>", "\n"},
		{"table", "| a |\n|---|\n| b |", "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table></div>\n"},
		{"code", "```go\nx < 1\n```", "<pre tabindex=\"0\"><code>x &lt; 1\n</code></pre>\n"},
		{"entities", "&lt;script&gt; \"x\" &amp;", "<p>&lt;script&gt; &#34;x&#34; &amp;</p>\n"},
	} {
		if got := string(renderMarkdown(tt.in)); strings.TrimSpace(got) != strings.TrimSpace(tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	if got := renderMarkdown(strings.Repeat("ä", maxMarkdown)); len(got) > maxMarkdown+100 || !strings.Contains(string(got), "…") {
		t.Errorf("a long text has %d bytes", len(got))
	}
}

func FuzzRenderMarkdown(f *testing.F) {
	for _, seed := range []string{"# a\n\n![x](y)", attack, "> > > - 1. x", "[a](javascript:x)\n<script>y</script>", "| a |\n|--|\n| ![](x) |", "<a href=\"https://a.example\" rel=\"nofollow\">x</a>"} {
		f.Add(seed)
	}
	allowed := map[string]bool{"html": true, "head": true, "body": true, "div": true}
	for _, name := range strings.Fields("p br hr h3 h4 h5 h6 ul ol li blockquote pre code em strong del table thead tbody tr th td a") {
		allowed[name] = true
	}
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := html.Parse(strings.NewReader(string(renderMarkdown(src))))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if !allowed[n.Data] {
				t.Errorf("<%s> of %q", n.Data, src)
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "href" && n.Data == "a":
					if !strings.HasPrefix(a.Val, "http:") && !strings.HasPrefix(a.Val, "https:") && !strings.HasPrefix(a.Val, "mailto:") {
						t.Errorf("link to %q of %q", a.Val, src)
					}
				case a.Key == "rel" && n.Data == "a", a.Key == "tabindex", a.Key == "class" && a.Val == "scroll":
				default:
					t.Errorf("%s=%q on <%s> of %q", a.Key, a.Val, n.Data, src)
				}
			}
		}
	})
}
