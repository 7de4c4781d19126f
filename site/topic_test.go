// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

func TestValuePaths(t *testing.T) {
	for _, tt := range []struct{ value, category, standard string }{
		{"it-security", "/categories/it-security/", "/standards/it-security/"},
		{" IT-Security ", "/categories/it-security/", "/standards/it-security/"},
		{"XÖV", "/categories/x%C3%B6v/", "/standards/x%C3%B6v/"},
		{"XO\u0308V", "/categories/x%C3%B6v/", "/standards/x%C3%B6v/"},
		{"alias:gdpr", "/categories/alias-gdpr~", "/standards/gdpr/"},
		{"https://eur-lex.europa.eu/eli/reg/2016/679/oj/", "/categories/https-", "/standards/gdpr/"},
		{"https://example.org/Norm", "/categories/https-example.org-norm~", "/standards/https-example.org-norm~"},
		{"..", "/categories/~", "/standards/~"},
		{"index.html", "/categories/index.html~", "/standards/index.html~"},
		{"a/b", "/categories/a-b~", "/standards/a-b~"},
		{"a-b", "/categories/a-b/", "/standards/a-b/"},
		{"\x00\xff", "/categories/~", "/standards/~"},
		{"", "", ""},
		{" ", "", ""},
		{strings.Repeat("lang ", 200), "", ""},
	} {
		for got, want := range map[string]string{categoryPath(tt.value): tt.category, standardPath(tt.value): tt.standard} {
			if got != want && (!strings.HasSuffix(want, "~") && !strings.HasSuffix(want, "-") || !strings.HasPrefix(got, want)) {
				t.Errorf("%q: %s, want %s", tt.value, got, want)
			}
		}
	}
	if categoryPath("a/b") == categoryPath("a b") {
		t.Error("two values share an address")
	}
}

func FuzzValuePath(f *testing.F) {
	for _, s := range []string{"it-security", "XÖV", attack, "../..", "~", "a~b", strings.Repeat("ü", 300), "\xff\x00", "https://example.org/%2f?q#x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		path := standardPath(value)
		if path == "" {
			return
		}
		name, rest, err := splitPath(path)
		if err != nil || name != "standards" || !usablePathSegment(rest) || !utf8.ValidString(rest) {
			t.Fatalf("%q: %q is no address: %q, %v", value, path, rest, err)
		}
		if file, err := filePath(path); err != nil || file != "standards/"+rest+"/index.html" {
			t.Fatalf("%q: file %q, %v", value, file, err)
		}
	})
}

// landed is a catalogue with values of all sorts.
func landed() *fake {
	one := entry("github.com/kiel/eins", "Eins", kiel)
	one.PublicCode.Categories = []string{"it-security", "e-commerce", "E-Commerce"}
	one.PublicCode.Supports = []string{"alias:gdpr", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", "https://example.org/a/b"}
	two := entry("github.com/kiel/zwei", "Zwei", kiel)
	two.PublicCode.Categories = []string{"it-security", attack}
	two.PublicCode.Supports = []string{"https://eur-lex.europa.eu/eli/reg/2016/679/oj", strings.Repeat("lang ", 200)}
	three := entry("github.com/bund/drei", "Drei", registry.Publisher{ID: "bund", Name: "Bund", Region: "DE"})
	three.PublicCode.Categories = []string{"it-security", "e-commerce"}
	three.PublicCode.Supports = nil
	return &fake{entries: []*registry.Software{one, two, three}}
}

func TestLandingPages(t *testing.T) {
	server := serve(t, landed(), Options{API: true})
	dir := t.TempDir()
	mustBuild(t, newSite(t, landed(), Options{}), dir)
	files := tree(t, dir)
	for path, want := range map[string][]string{
		"/categories/":                          {"Kategorien mit Einträgen", "IT-Sicherheit, 3", "Onlinehandel, 2", "Andere Bezeichnungen", "Kategorien noch ohne Eintrag"},
		"/categories/it-security/":              {"IT-Sicherheit", "verzeichnet 3 Einträge", "Eins", "Zwei", "Drei", "Bund, 1", "Schleswig-Holstein, 2", "Kategorien, die oft dabeistehen", "Onlinehandel, 2"},
		"/categories/e-commerce/":               {"verzeichnet 2 Einträge", "So steht es in den Dateien"},
		"/standards/":                           {"Von publiccode.yml benannt", "Datenschutz-Grundverordnung (DSGVO), 2", "Weitere", "example.org/a/b, 1"},
		"/standards/gdpr/":                      {"Datenschutz-Grundverordnung (DSGVO)", "verzeichnet 2 Einträge", "Beim Herausgeber des Standards nachlesen", "alias:gdpr"},
		"/en/standards/gdpr/":                   {"General Data Protection Regulation (GDPR)", "has 2 entries"},
		standardPath("https://example.org/a/b"): {"example.org/a/b", "gibt dafür keinen Namen vor"},
		categoryPath(attack):                    {"kennt diese Kategorie nicht"},
	} {
		plain, err := url.PathUnescape(path)
		if err != nil {
			t.Fatal(err)
		}
		served := fetch(t, server, "GET", path)
		if served.StatusCode != 200 {
			t.Errorf("%s: %s", path, served.Status)
		}
		for how, body := range map[string][]byte{"served": served.body, "written": files[strings.TrimPrefix(plain, "/")+"index.html"]} {
			checkPage(t, how+" "+path, body)
			contains(t, how+" "+path, visibleText(t, body), want...)
		}
	}
	for path, to := range map[string]string{"/categories/IT-Security/": "/categories/it-security/", "/standards/alias:GDPR/": "/standards/gdpr/", "/standards/gdpr": "/standards/gdpr/"} {
		if got := fetch(t, server, "GET", path); got.Header.Get("Location") != to {
			t.Errorf("%s: %s to %q, want %s", path, got.Status, got.Header.Get("Location"), to)
		}
	}
	for _, path := range []string{"/categories/backup/", "/standards/nie/", "/categories/it-security/page/2/"} {
		if got := fetch(t, server, "GET", path); got.StatusCode != 404 {
			t.Errorf("%s: %s", path, got.Status)
		}
	}
	for path, feed := range map[string]string{
		"/categories/it-security/": "category=it-security&amp;lang=de", "/standards/gdpr/": "lang=de&amp;supports=", "/licences/EUPL-1.2/": "lang=de&amp;licence=EUPL-1.2",
	} {
		contains(t, path, string(fetch(t, server, "GET", path).body), "/v1/feeds/new.atom?"+feed)
	}
	if page := string(fetch(t, server, "GET", categoryPath(attack)).body); strings.Contains(page, "/v1/feeds/") {
		t.Error("a feed that the API does not have")
	}
}

func TestWrittenFacetsLeadToPages(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, landed(), Options{}), dir)
	list := string(tree(t, dir)["software/index.html"])
	contains(t, "list", list,
		`<li><a href="/categories/it-security/" data-facet="category" data-value="it-security">`,
		`<li><a href="/publishers/bund/" data-facet="publisher" data-value="bund">`,
		`<li><a href="/licences/`, `<li hidden data-script><a href="/software/?status=`,
	)
}
