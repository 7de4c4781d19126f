// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestOpenSearch(t *testing.T) {
	const base = "https://example.org/katalog"
	for _, name := range []string{"", "Katalog <der> \"freien\" & offenen Software " + strings.Repeat("lang ", 50)} {
		server := serve(t, sample(), Options{BaseURL: base + "/", Name: name})
		for lang, prefix := range map[string]string{"de": base, "en": base + "/en"} {
			got := fetch(t, server, "GET", strings.TrimPrefix(prefix, "https://example.org")+"/opensearch.xml")
			var d openSearch
			if err := xml.Unmarshal(got.body, &d); err != nil || got.StatusCode != 200 {
				t.Fatalf("status %d, %v", got.StatusCode, err)
			}
			if d.ShortName == "" || utf8.RuneCountInString(d.ShortName) > 16 || utf8.RuneCountInString(d.LongName) > 48 || d.Language != lang {
				t.Errorf("%+v", d)
			}
			want := []openSearchURL{
				{Type: "text/html", Template: prefix + "/software/?q={searchTerms}"},
				{Type: openSearchType, Rel: "self", Template: prefix + "/opensearch.xml"},
				{Type: completionsType, Template: prefix + "/suggest/opensearch?q={searchTerms}"},
			}
			if diff := cmp.Diff(want, d.URLs); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(d.Image.Href, base+"/assets/mark.") {
				t.Errorf("image %q", d.Image.Href)
			}
		}
	}
	for _, path := range []string{"/opensearch.xml", "/suggest/opensearch?q=a"} {
		if got := fetch(t, serve(t, sample(), Options{}), "GET", path); got.StatusCode != 404 {
			t.Errorf("%s without an address of the site: status %d", path, got.StatusCode)
		}
	}
}

func TestWrittenOpenSearch(t *testing.T) {
	body, err := newSite(t, sample(), Options{BaseURL: "https://example.org"}).openSearch("de", true)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), completionsType) {
		t.Error("offers what only a server answers")
	}
}

func TestCompletions(t *testing.T) {
	server := serve(t, sample(), Options{BaseURL: "https://example.org"})
	for query, want := range map[string]string{"akt": "akt", "": "", attack: strings.Join(strings.Fields(attack), " ")} {
		got := fetch(t, server, "GET", "/suggest/opensearch?"+url.Values{"q": {query}}.Encode())
		var answer []any
		if err := json.Unmarshal(got.body, &answer); err != nil || len(answer) != 2 || answer[0] != want {
			t.Fatalf("%q: %s, %v", query, got.body, err)
		}
		if list, ok := answer[1].([]any); !ok || query == "akt" && len(list) == 0 {
			t.Errorf("%q: %s", query, got.body)
		}
	}
}
