// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	p := &PublicCode{Description: map[string]Description{
		"de-AT": {ShortDescription: "österreichisch"},
		"de":    {ShortDescription: "deutsch"},
		"EN-gb": {ShortDescription: "British"},
		"fr":    {ShortDescription: "français"},
	}}
	for lang, want := range map[string]string{"de": "de", "de-CH": "de", "fr": "fr", "it": "EN-gb", "": "EN-gb"} {
		text, tag := p.Text(lang)
		if tag != want || text.ShortDescription == "" {
			t.Errorf("Text(%q) is in %q, want %q", lang, tag, want)
		}
	}
	p = &PublicCode{Description: map[string]Description{"sv": {}, "it": {}}}
	if _, tag := p.Text("de"); tag != "it" {
		t.Errorf("first language is %q", tag)
	}
	if _, tag := new(PublicCode).Text("de"); tag != "" {
		t.Errorf("language of nothing is %q", tag)
	}
}

func TestRepositoryURL(t *testing.T) {
	for _, c := range []struct {
		url, here string
		other     bool
	}{
		{"https://git.example.org/stadt/fahrradkeller.git", "https://git.example.org/stadt/fahrradkeller", false},
		{"https://GIT.example.org/Stadt/Fahrradkeller/", "https://git.example.org/stadt/fahrradkeller.git", false},
		{"http://www.git.example.org/stadt/fahrradkeller", "https://git.example.org/stadt/fahrradkeller", false},
		{"https://git.example.org/stadt/fahrradkeller/tree/main", "https://git.example.org/stadt/fahrradkeller", false},
		{"git@git.example.org:stadt/fahrradkeller.git", "https://git.example.org/stadt/fahrradkeller", false},
		{"ssh://git@git.example.org:22/stadt/fahrradkeller.git", "https://git.example.org/stadt/fahrradkeller", false},
		{"https://git.example.org/stadt/fahrradkeller-2", "https://git.example.org/stadt/fahrradkeller", true},
		{"https://git.example.org/land/fahrradkeller", "https://git.example.org/stadt/fahrradkeller", true},
		{"https://git.example.org:8443/stadt/fahrradkeller", "https://git.example.org/stadt/fahrradkeller", true},
		{"kein URL", "https://git.example.org/stadt/fahrradkeller", false},
	} {
		src := strings.Replace(base, "https://git.example.org/stadt/fahrradkeller.git", c.url, 1)
		other := false
		for _, f := range Parse([]byte(src), Options{RepositoryURL: c.here}).Findings {
			if f.Code == "PC0506" {
				other = true
				if f.Key != "url" || f.Line != 7 || f.Column != 6 || f.Severity != Warning {
					t.Errorf("%+v", f)
				}
			}
		}
		if other != c.other {
			t.Errorf("%q found in %q: reported %v, want %v", c.url, c.here, other, c.other)
		}
	}
}

func TestVocabularies(t *testing.T) {
	for name, terms := range map[string][]term{
		"status": statusTerms, "type": typeTerms, "maintenance": maintenanceTerms, "scope": scopeTerms,
		"category": categoryTerms, "platform": platformTerms, "support": supportTerms,
	} {
		seen := map[string]bool{}
		for _, x := range terms {
			if x.code == "" || x.de == "" || x.en == "" || seen[x.code] || seen["de:"+x.de] || seen["en:"+x.en] {
				t.Errorf("%s: %+v is empty or not unique", name, x)
			}
			seen[x.code], seen["de:"+x.de], seen["en:"+x.en] = true, true, true
		}
	}
	if n := len(Categories()); n != 106 {
		t.Errorf("%d categories", n)
	}
	for alias := range supportAliases {
		if SupportLabel("alias:"+alias, "de") == "alias:"+alias || !isWebAddress(SupportURI("alias:"+alias)) {
			t.Errorf("alias %s has no label or resource", alias)
		}
	}
	for got, want := range map[string]string{
		CategoryLabel("hr", "de"):                "Personalwesen",
		CategoryLabel("hr", "fr"):                "Human resources",
		CategoryLabel("unbekannt", "de"):         "unbekannt",
		StatusLabel("beta", "de-AT"):             "Beta",
		TypeLabel("addon", "de"):                 "Erweiterung",
		MaintenanceLabel("none", "en"):           "Not maintained",
		ScopeLabel("justice", "de"):              "Justiz",
		PlatformLabel("mac", "de"):               "macOS",
		SupportURI("gdpr"):                       "gdpr",
		SupportAlias(" ALIAS:gdpr "):             "alias:gdpr",
		SupportAlias("gdpr"):                     "",
		SupportURI("urn:x:y"):                    "urn:x:y",
		Finding{Code: "PC9999"}.Message("de"):    "PC9999",
		Finding{Code: "PC0101"}.Message("de-CH"): "Der Pflichtschlüssel „“ fehlt.",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
