// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"golang.org/x/net/html"
)

func TestAPICatalog(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	w := get(t, h, apiCatalogPath)
	if got := w.Header().Get("Content-Type"); got != typeLinkset {
		t.Errorf("Content-Type %q", got)
	}
	if got := ask(t, h, http.MethodHead, apiCatalogPath).Header().Get("Link"); got != `<https://katalog.example/.well-known/api-catalog>; rel="api-catalog"` {
		t.Errorf("Link %q", got)
	}
	type context struct {
		Anchor string                  `json:"anchor"`
		Item   []struct{ Href string } `json:"item"`
		Desc   []struct{ Href string } `json:"service-desc"`
		Doc    []struct{ Href string } `json:"service-doc"`
		Status []struct{ Href string } `json:"status"`
	}
	list := decode[struct{ Linkset []context }](t, w, http.StatusOK).Linkset
	apis := map[string]bool{}
	for _, c := range list {
		for _, item := range c.Item {
			apis[item.Href] = true
		}
	}
	for _, c := range list {
		if c.Item != nil {
			continue
		}
		if !apis[c.Anchor] {
			t.Errorf("%s is described and not listed", c.Anchor)
		}
		for _, links := range [][]struct{ Href string }{c.Desc, c.Doc, c.Status} {
			if len(links) == 0 {
				t.Errorf("%s lacks a link", c.Anchor)
			}
			for _, l := range links {
				path, ok := strings.CutPrefix(l.Href, "https://katalog.example")
				if w := get(t, h, path); !ok || w.Code != http.StatusOK {
					t.Errorf("%s leads to %s, status %d", c.Anchor, l.Href, w.Code)
				}
			}
		}
	}
	if !apis["https://katalog.example/v1"] || len(apis) != len(list)-1 {
		t.Errorf("the APIs are %v", apis)
	}
}

func TestSecurityText(t *testing.T) {
	if w := get(t, handlerOf(t, newShelf(), Options{}), securityPath); w.Code != http.StatusNotFound {
		t.Errorf("none configured: status %d", w.Code)
	}
	synctest.Test(t, func(t *testing.T) { // whose clock begins at 2000-01-01
		h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example", Security: Security{
			Contact: []string{"mailto:sicherheit@katalog.example", "https://katalog.example/melden"},
			Policy:  "https://katalog.example/regeln", Languages: []string{"de", "en"},
		}})
		w := get(t, h, securityPath)
		want := `Contact: mailto:sicherheit@katalog.example
Contact: https://katalog.example/melden
Expires: 2000-03-31T00:00:00Z
Policy: https://katalog.example/regeln
Preferred-Languages: de, en
Canonical: https://katalog.example/.well-known/security.txt
`
		if w.Body.String() != want || w.Header().Get("Content-Type") != typeText {
			t.Errorf("%s\n%s", w.Header().Get("Content-Type"), w.Body)
		}
	})
}

// TestReference reads the page in both languages: all operations and schemas are on
// it, every link on it leads somewhere, nothing is loaded and nothing run.
func TestReference(t *testing.T) {
	h := handlerOf(t, newShelf(), Options{BaseURL: "https://katalog.example"})
	c := theContract(t)
	for lang, title := range map[string]string{"de": "Schnittstelle (API)", "en": "Interface (API)"} {
		w := get(t, h, referencePath+"?lang="+lang)
		if other := get(t, h, "/api", "Accept-Language", lang); other.Body.String() != w.Body.String() {
			t.Errorf("%s: Accept-Language gives another page", lang)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'unsafe-inline'") {
			t.Errorf("policy %q", csp)
		}
		doc, err := html.Parse(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		ids, links, tables, captions := map[string]int{}, []string{}, 0, 0
		var text strings.Builder
		level := 0
		for n := range doc.Descendants() {
			if n.Type == html.TextNode {
				text.WriteString(n.Data)
			}
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "script", "img", "link", "iframe", "object", "form", "video", "svg":
				t.Errorf("%s: there is a %s", lang, n.Data)
			case "table":
				tables++
			case "caption":
				captions++
			case "h1", "h2", "h3", "h4":
				if next := int(n.Data[1] - '0'); next > level+1 {
					t.Errorf("%s: h%d follows h%d", lang, next, level)
				}
				level = int(n.Data[1] - '0')
			case "html":
				if attribute(n, "lang") != lang {
					t.Errorf("the page says it is in %q", attribute(n, "lang"))
				}
			}
			if id := attribute(n, "id"); id != "" {
				ids[id]++
			}
			if n.Data == "a" {
				links = append(links, attribute(n, "href"))
			}
		}
		if tables == 0 || captions < tables-countTables(c) {
			t.Errorf("%s: %d tables, %d captions", lang, tables, captions)
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: id %s is there %d times", lang, id, n)
			}
		}
		for _, l := range links {
			if fragment, ok := strings.CutPrefix(l, "#"); ok && ids[fragment] == 0 {
				t.Errorf("%s: the link %s leads nowhere", lang, l)
			}
		}
		if !strings.Contains(text.String(), title) {
			t.Errorf("%s: no %q", lang, title)
		}
		for path, at := range c.paths() {
			if !strings.Contains(text.String(), path) {
				t.Errorf("%s: no %s", lang, path)
			}
			for method, o := range c.at(at).(map[string]any) {
				if o, ok := o.(map[string]any); ok && ids[o["operationId"].(string)] == 0 {
					t.Errorf("%s: no %s %s", lang, method, path)
				}
			}
		}
		for name := range c.at("#/components/schemas").(map[string]any) {
			if ids["schema-"+name] == 0 {
				t.Errorf("%s: no schema %s", lang, name)
			}
		}
	}
	if w := get(t, h, "/api/?lang=fr"); w.Code != http.StatusBadRequest {
		t.Errorf("another language: status %d", w.Code)
	}
}

// countTables is how many tables the introduction of the document has; Markdown has
// no captions.
func countTables(c *contract) int {
	return strings.Count(c.at("#/info/description").(string), "\n| ---")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
