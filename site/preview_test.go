// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"image/png"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/allmende-registry/allmende/registry"
	"github.com/allmende-registry/allmende/site/preview"
)

// properties are what a page says in <meta>, by property or name.
func properties(t *testing.T, src []byte) map[string]string {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for n := range doc.Descendants() {
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		switch n.Data {
		case "meta":
			found[at["property"]+at["name"]] = at["content"]
		case "link":
			found[at["rel"]+" "+at["hreflang"]+at["type"]] = at["href"]
		}
	}
	return found
}

func TestPreviews(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org/katalog/", Name: "Katalog"})
	for _, tt := range []struct {
		path   string
		status int
	}{
		{"/preview.png", 200},
		{"/en/preview.png", 200},
		{"/software/github.com/kiel/akte/preview.png", 200},
		{"/software/github.com/kiel/altakte/preview.png", 200},
		{"/software/127.0.0.1:9101/amt/werk%20zeug/preview.png", 200},
		{"/software/github.com/boese/absicht/preview.png", 200},
		{"/en/software/github.com/kiel/akte/preview.png", 404},
		{"/software/github.com/kiel/weg/preview.png", 404},
		{"/software/github.com/kiel/verwaist/preview.png", 404},
		{"/software/preview.png", 404},
		{"/software/%ff/preview.png", 404},
		{"/publishers/sh/preview.png", 404},
		{"//preview.png", 404},
	} {
		got := fetch(t, server, "GET", "/katalog"+tt.path)
		if got.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.path, got.StatusCode, tt.status)
		}
		if tt.status != 200 {
			continue
		}
		img, err := png.Decode(bytes.NewReader(got.body))
		if err != nil || img.Bounds().Dx() != preview.Width || got.Header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: %v, %v", tt.path, got.Header, err)
		}
	}
	failing := sample()
	failing.err = registry.ErrInvalid
	if got := fetch(t, serve(t, failing, Options{}), "GET", "/software/github.com/kiel/akte/preview.png"); got.StatusCode != 500 {
		t.Errorf("status %d", got.StatusCode)
	}
}

func TestHeads(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org/katalog/", Name: "Katalog", API: true})
	const base = "https://example.org/katalog"
	for path, want := range map[string]map[string]string{
		"/en/software/github.com/kiel/akte/": {
			"og:image": base + "/software/github.com/kiel/akte/preview.png", "og:image:width": "800", "og:image:height": "420",
			"og:image:alt": "Akte, Land Schleswig-Holstein, EUPL-1.2, Katalog", "twitter:card": "summary_large_image",
			"og:locale": "en_GB", "og:locale:alternate": "de_DE", "og:type": "website", "og:url": base + "/en/software/github.com/kiel/akte/",
			"canonical ":                 base + "/en/software/github.com/kiel/akte/",
			"alternate de":               base + "/software/github.com/kiel/akte/",
			"alternate en":               base + "/en/software/github.com/kiel/akte/",
			"alternate x-default":        base + "/software/github.com/kiel/akte/",
			"alternate application/json": "/katalog/v1/software/github.com/kiel/akte",
			"search application/opensearchdescription+xml": "/katalog/en/opensearch.xml",
		},
		"/publishers/sh/": {
			"og:image": base + "/preview.png", "og:image:alt": "Freie Software der öffentlichen Verwaltung, Katalog",
			"og:locale": "de_DE", "og:locale:alternate": "en_GB", "alternate application/json": "",
		},
		"/en/": {"og:image": base + "/en/preview.png", "alternate x-default": base + "/"},
	} {
		got := properties(t, fetch(t, server, "GET", "/katalog"+path).body)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got[name], value)
			}
		}
	}
	for name := range properties(t, fetch(t, serve(t, sample(), Options{}), "GET", "/software/github.com/kiel/akte/").body) {
		if strings.HasPrefix(name, "og:image") || strings.HasPrefix(name, "search ") || strings.HasPrefix(name, "canonical") {
			t.Errorf("%s without an address of the site", name)
		}
	}
}

// What is written is what is served, and each address that a page names is there.
func TestWrittenPreviews(t *testing.T) {
	const base = "https://example.org/katalog/"
	s := newSite(t, sample(), Options{BaseURL: base})
	dir := t.TempDir()
	mustBuild(t, s, dir)
	files := tree(t, dir)
	pictures := 0
	for name, body := range files {
		switch {
		case strings.HasSuffix(name, "/index.html"), name == "index.html":
			address := properties(t, body)["og:image"]
			at, err := filePath(strings.TrimPrefix(address, base))
			if err != nil || files[at] == nil {
				t.Errorf("%s names %q, which is not there", name, address)
			}
		case strings.HasSuffix(name, previewName):
			pictures++
			path := (&url.URL{Path: "/katalog/" + name}).EscapedPath()
			r := httptest.NewRecorder()
			s.Handler().ServeHTTP(r, httptest.NewRequest("GET", path, nil))
			if !bytes.Equal(r.Body.Bytes(), body) {
				t.Errorf("%s is served with status %d and other bytes", name, r.Code)
			}
		}
	}
	if pictures != len(languages)+len(sample().entries) {
		t.Errorf("%d pictures", pictures)
	}
	for _, lang := range languages {
		want, err := s.openSearch(lang, true)
		if err != nil || !bytes.Equal(files[strings.TrimPrefix(localPath(lang, openSearchPath), "/")], want) {
			t.Errorf("no description of the search in %s, %v", lang, err)
		}
	}
	bare := t.TempDir()
	mustBuild(t, newSite(t, &fake{entries: []*registry.Software{entry("github.com/kiel/akte", "Akte", kiel)}}, Options{}), bare)
	for name := range tree(t, bare) {
		if strings.HasSuffix(name, previewName) || strings.HasSuffix(name, openSearchPath) {
			t.Errorf("%s without an address of the site", name)
		}
	}
}

// A description in another language than the page says which.
func TestDescriptionLanguage(t *testing.T) {
	s := entry("github.com/kiel/akte", "Akte", kiel)
	delete(s.PublicCode.Description, "de")
	server := serve(t, &fake{entries: []*registry.Software{s}}, Options{})
	if got := string(fetch(t, server, "GET", "/software/github.com/kiel/akte/").body); !strings.Contains(got, `<meta name="description" lang="fr" content="Court.">`) {
		t.Error("the language of the description is not told")
	}
}

// A segment named like the file beside a page would be in its way.
func TestPreviewNameIsNoSegment(t *testing.T) {
	if path, ok := softwarePath("example.org/gruppe/preview.png"); ok {
		t.Errorf("page at %s", path)
	}
	name, picture, err := newSite(t, &fake{}, Options{}).preview(entry("example.org/gruppe/preview.png", "Akte", kiel))
	if name != "" || picture != nil || err != nil {
		t.Errorf("%q, %v", name, err)
	}
}
