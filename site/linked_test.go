// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// linkedOf reads the linked data of a page: its nodes by type. A page has at
// most one element of it.
func linkedOf(t *testing.T, name string, src []byte) map[string]map[string]any {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[string]map[string]any{}
	elements := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "script" || !slices.Contains(n.Attr, html.Attribute{Key: "type", Val: "application/ld+json"}) {
			continue
		}
		elements++
		var data struct {
			Context string           `json:"@context"`
			Graph   []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(textOf(n)), &data); err != nil {
			t.Errorf("%s: linked data: %v", name, err)
		}
		if data.Context != "https://schema.org" || len(data.Graph) == 0 {
			t.Errorf("%s: linked data: %+v", name, data)
		}
		for _, node := range data.Graph {
			kind, ok := node["@type"].(string)
			if several, _ := node["@type"].([]any); !ok && len(several) > 0 {
				kind, _ = several[0].(string)
			}
			nodes[kind] = node
		}
	}
	if elements > 1 {
		t.Errorf("%s: %d elements of linked data", name, elements)
	}
	return nodes
}

func TestLinked(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org/katalog/"})
	for path, want := range map[string][]string{
		"/":                               {"WebSite"},
		"/en/":                            {"WebSite"},
		"/software/":                      {"BreadcrumbList", "CollectionPage"},
		"/software/?q=akte":               nil, // not to be found by others
		"/software/github.com/kiel/akte/": {"BreadcrumbList", "SoftwareSourceCode"},
		"/history/github.com/kiel/akte/":  nil,
		"/publishers/":                    {"BreadcrumbList"},
		"/publishers/sh/":                 {"BreadcrumbList", "CollectionPage", "Organization"},
		"/publishers/leer/":               {"BreadcrumbList", "CollectionPage", "Organization"},
		"/en/regions/DE-SH/":              {"BreadcrumbList", "CollectionPage"},
		"/licences/MIT/":                  {"BreadcrumbList", "CollectionPage"},
		"/findings/":                      {"BreadcrumbList"},
		"/statistics/":                    {"BreadcrumbList"},
		"/editor/":                        {"BreadcrumbList"},
		"/nirgends/":                      nil,
	} {
		nodes := linkedOf(t, path, fetch(t, server, "GET", "/katalog"+path).body)
		var got []string
		for kind := range nodes {
			got = append(got, kind)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestLinkedSoftware(t *testing.T) {
	s := entry("github.com/kiel/akte", "Akte", kiel)
	s.PublicCode.Description["fr"] = publiccode.Description{ShortDescription: "Court. </script><!--\u2028"}
	site := newSite(t, &fake{}, Options{BaseURL: "https://example.org/katalog/"})
	page := func(lang string) []byte {
		body, err := site.render(site.softwarePage(lang, s, neighbours{}, "/software/github.com/kiel/akte/", true))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	got := linkedOf(t, "akte", page("de"))
	organisation := func(name, key, value string) map[string]any {
		return map[string]any{"@type": "Organization", "name": name, key: value}
	}
	want := map[string]any{
		"@type": []any{"SoftwareSourceCode", "SoftwareApplication"},
		"name":  "Akte",
		"description": []any{
			map[string]any{"@language": "de", "@value": "Kurz und gut."},
			map[string]any{"@language": "fr", "@value": "Court. </script><!--"},
		},
		"url":                 "https://example.org/Akte",
		"mainEntityOfPage":    "https://example.org/katalog/software/github.com/kiel/akte/",
		"inLanguage":          []any{"de", "en"},
		"sameAs":              []any{"https://gitlab.example/spiegel/Akte"},
		"codeRepository":      "https://github.com/kiel/akte",
		"programmingLanguage": "Go",
		"license":             "https://spdx.org/licenses/EUPL-1.2",
		"softwareVersion":     "1.2.0",
		"creativeWorkStatus":  publiccode.StatusLabel("stable", "de"),
		"dateCreated":         "2025-03-14",
		"datePublished":       "2026-02-01",
		"dateModified":        "2026-03-14",
		"applicationCategory": []any{publiccode.CategoryLabel("e-commerce", "de"), publiccode.CategoryLabel("it-security", "de")},
		"operatingSystem":     []any{"web"},
		"featureList":         []any{"Kann etwas"},
		"keywords":            []any{"verwaltung"},
		"isBasedOn":           []any{"https://example.org/vorlage"},
		"copyrightHolder":     map[string]any{"name": "Amt"},
		"author":              organisation("Amt", "url", "https://example.org/amt"),
		"publisher": map[string]any{
			"@type": "Organization", "name": kiel.Name, "url": "https://example.org/katalog/publishers/sh/", "sameAs": []any{kiel.URI},
		},
		"maintainer": []any{organisation("Firma", "url", "https://example.org/firma")},
		"funder":     []any{map[string]any{"@type": "Organization", "name": "Fonds"}},
	}
	if diff := cmp.Diff(want, got["SoftwareSourceCode"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	for licence, want := range map[string]any{
		"":                        nil,
		"MIT OR Apache-2.0":       map[string]any{"@type": "CreativeWork", "name": "MIT OR Apache-2.0"},
		"Hausrecht":               map[string]any{"@type": "CreativeWork", "name": "Hausrecht"},
		"../../boese\"><script/>": map[string]any{"@type": "CreativeWork", "name": "../../boese\"><script/>"},
	} {
		s.PublicCode.Legal.License = licence
		if diff := cmp.Diff(want, linkedOf(t, licence, page("en"))["SoftwareSourceCode"]["license"]); diff != "" {
			t.Errorf("%q: (-want +got):\n%s", licence, diff)
		}
	}
}

// Whatever the texts of an entry are, there is one element, its JSON can be
// read, and it is short.
func TestLinkedHostile(t *testing.T) {
	s := hostile()
	s.PublicCode.Name = "</script\u2028><!--<script>\"'&amp;\x00\xff" + s.PublicCode.Name
	server := serve(t, &fake{entries: []*registry.Software{s}}, Options{})
	for _, path := range []string{"/software/github.com/boese/absicht/", "/en/software/github.com/boese/absicht/", "/software/", "/publishers/sh/"} {
		src := fetch(t, server, "GET", path).body
		if linkedOf(t, path, src) == nil {
			t.Errorf("%s: no linked data", path)
		}
		checkPage(t, path, src)
		_, data, _ := bytes.Cut(src, []byte(`<script type="application/ld+json">`))
		data, _, _ = bytes.Cut(data, []byte("</script>"))
		if len(data) > 20_000 || len(data) == 0 {
			t.Errorf("%s: %d bytes of linked data", path, len(data))
		}
		if i := bytes.IndexAny(data, "<>&\u2028\u2029"); i >= 0 {
			t.Errorf("%s: linked data holds %q", path, data[i:min(len(data), i+20)])
		}
		if strings.Contains(string(data), `:"javascript:`) {
			t.Errorf("%s: an address that runs a script", path)
		}
	}
}

func TestLinkedList(t *testing.T) {
	p := &page{Lang: "de", Path: "/software/page/2/", site: &Site{}}
	p.Body = &listing{Total: 500, Numbers: [2]int{101, 200}, Cards: slices.Repeat([]card{{Name: "Akte", Path: "/software/a/b/"}, {Name: "ohne Seite"}}, 50)}
	element, err := p.Linked()
	if err != nil {
		t.Fatal(err)
	}
	list := linkedOf(t, "list", []byte(element))["CollectionPage"]["mainEntity"].(map[string]any)
	items := list["itemListElement"].([]any)
	if list["numberOfItems"] != 500.0 || len(items) != maxLinkedItems/2 {
		t.Errorf("%d items of %v", len(items), list["numberOfItems"])
	}
	if diff := cmp.Diff(map[string]any{"@type": "ListItem", "position": 103.0, "name": "Akte", "url": "/software/a/b/"}, items[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEntryJSON(t *testing.T) {
	want := entry("github.com/kiel/akte", "Akte", kiel)
	name, body, err := entryData(want, "/software/github.com/kiel/akte/")
	if err != nil || name != "software/github.com/kiel/akte/entry.json" {
		t.Fatal(name, err)
	}
	var got registry.Software
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != want.ID || got.PublicCode.Name != "Akte" {
		t.Errorf("%+v", got)
	}
}

func BenchmarkLinked(b *testing.B) {
	p := newSite(b, &fake{}, Options{BaseURL: "https://example.org/"}).softwarePage("de", entry("github.com/kiel/akte", "Akte", kiel), neighbours{}, "/software/github.com/kiel/akte/", true)
	p.site = newSite(b, &fake{}, Options{BaseURL: "https://example.org/"})
	for b.Loop() {
		if _, err := p.Linked(); err != nil {
			b.Fatal(err)
		}
	}
}
