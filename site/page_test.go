// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// links are where a page leads to and what it loads.
type links struct{ follow, load []string }

// checkPage reports what no page of the site may have: more or fewer than one
// h1, headings that leave a level out, no language, no title, ids twice,
// controls without a name, anything inline, anything loaded from elsewhere.
func checkPage(t *testing.T, name string, src []byte) links {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var found links
	ids := map[string]bool{}
	level, headings, titles := 0, 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
				t.Errorf("%s: <%s> has the attribute %s", name, n.Data, a.Key)
			}
		}
		if id, ok := at["id"]; ok {
			if ids[id] {
				t.Errorf("%s: id %q twice", name, id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "html":
			if !slices.Contains(languages, at["lang"]) {
				t.Errorf("%s: lang=%q", name, at["lang"])
			}
		case "title":
			if strings.TrimSpace(textOf(n)) != "" && n.Parent.Data == "head" {
				titles++
			}
		case "h1", "h2", "h3", "h4", "h5", "h6":
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("%s: <%s> %q after level %d", name, n.Data, textOf(n), level)
			}
			if strings.TrimSpace(textOf(n)) == "" {
				t.Errorf("%s: empty <%s>", name, n.Data)
			}
			level = now
			if now == 1 {
				headings++
			}
		case "style", "iframe", "object", "embed", "base":
			t.Errorf("%s: has <%s>", name, n.Data)
		case "script":
			if at["type"] == "application/ld+json" { // data, which is never run
				break
			}
			if at["src"] == "" || textOf(n) != "" {
				t.Errorf("%s: script inside the page: %s", name, textOf(n))
			}
		case "a":
			if _, ok := at["href"]; !ok || strings.TrimSpace(textOf(n)) == "" && !strings.Contains(strings.ReplaceAll(renderNode(n), ` alt=""`, ""), ` alt="`) {
				t.Errorf("%s: link without address or text: %v", name, n.Attr)
			}
			found.follow = append(found.follow, at["href"])
			u, err := url.Parse(at["href"])
			if err != nil {
				t.Errorf("%s: link to %q: %v", name, at["href"], err)
			} else if !slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) {
				t.Errorf("%s: link to %q", name, at["href"])
			} else if u.Host != "" && !strings.Contains(at["rel"], "nofollow") {
				t.Errorf("%s: link to %q without nofollow", name, at["href"])
			}
		case "form":
			found.follow = append(found.follow, at["action"])
		case "table":
			if n.FirstChild == nil || !strings.Contains(renderNode(n), "<th") {
				t.Errorf("%s: table without headings", name)
			}
		}
		if src, ok := at["src"]; ok {
			found.load = append(found.load, src)
		}
		if n.Data == "link" && !slices.Contains([]string{"canonical", "alternate", "search"}, at["rel"]) {
			found.load = append(found.load, at["href"])
		}
		if n.Data == "img" {
			if _, ok := at["alt"]; !ok {
				t.Errorf("%s: picture %q without alt", name, at["src"])
			}
		}
	}
	for _, l := range found.load {
		if !strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//") {
			t.Errorf("%s: loads %q", name, l)
		}
	}
	if headings != 1 || titles != 1 {
		t.Errorf("%s: %d h1, %d titles", name, headings, titles)
	}
	if !ids["content"] {
		t.Errorf("%s: nowhere to skip to", name)
	}
	return found
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func renderNode(n *html.Node) string {
	var b bytes.Buffer
	_ = html.Render(&b, n)
	return b.String()
}

// visibleText is the text of a page as a reader sees it, in one line.
func visibleText(t *testing.T, src []byte) string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data == "main" {
			return strings.Join(strings.Fields(textOf(n)), " ")
		}
	}
	t.Fatal("no main")
	return ""
}
