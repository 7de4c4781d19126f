// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package publiccode

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// checkOne runs one check on a plain value and returns what it makes of it and
// the codes of its findings.
func checkOne(version minor, t string, check func(*decoder, value, string) string) (string, []string) {
	d := &decoder{report: &report{}, version: version}
	v := value{node: &yaml.Node{Kind: yaml.ScalarNode, Value: t}, at: position{1, 1}, path: "key"}
	out := check(d, v, t)
	var codes []string
	for _, f := range d.findings {
		codes = append(codes, f.Code)
	}
	return out, codes
}

func TestCodes(t *testing.T) {
	language := (*decoder).checkLanguage
	country := (*decoder).checkCountry
	media := (*decoder).checkMediaType
	email := (*decoder).checkEmail
	web := (*decoder).checkWebAddress
	repo := (*decoder).checkRepository
	path := (*decoder).checkPath
	logo := (*decoder).checkLogo
	uri := (*decoder).checkURI
	date := (*decoder).checkDate
	support := (*decoder).checkSupport
	for _, c := range []struct {
		check    func(*decoder, value, string) string
		in, out  string
		findings string
	}{
		{language, "de", "de", ""},
		{language, "DE", "DE", ""},
		{language, "sl-IT-nedis", "sl-IT-nedis", ""},
		{language, "zh-Hant", "zh-Hant", ""},
		{language, "de-1996", "de-1996", ""},
		{language, "nds", "nds", ""},
		{language, "en-US-u-ca-islamic", "en-US-u-ca-islamic", ""},
		{language, "no", "no", "PC0503"},
		{language, "ita", "it", "PC0308"},
		{language, "pt_BR", "pt-BR", "PC0308"},
		{language, "Deutsch", "de", "PC0308"},
		{language, "de-", "de-", "PC0307"},
		{language, "de, en", "de, en", "PC0307"},
		{language, "xx-unknown-tag", "xx-unknown-tag", "PC0307"},
		{language, strings.Repeat("a-", 5000), strings.Repeat("a-", 5000), "PC0307"},

		{country, "DE", "DE", ""},
		{country, "de", "DE", "PC0408"},
		{country, "XK", "XK", ""},
		{country, "UK", "GB", "PC0306"},
		{country, "EL", "GR", "PC0306"},
		{country, "DEU", "DE", "PC0306"},
		{country, "EU", "", "PC0305"},
		{country, "Italien", "IT", "PC0306"},
		{country, "ITALIA", "IT", "PC0306"},
		{country, "germany", "DE", "PC0306"},
		{country, "Deutschland", "DE", "PC0306"},
		{country, "Österreich", "AT", "PC0306"},
		{country, "Suisse", "CH", "PC0306"},
		{country, "Ελλάδα", "GR", "PC0306"},
		{country, "Bayern", "", "PC0305"},
		{country, "Congo", "", "PC0305"},
		{country, "", "", "PC0305"},
		{country, "150", "", "PC0305"},

		{media, "text/plain", "text/plain", ""},
		{media, "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", ""},
		{media, "text/html; charset=utf-8", "text/html; charset=utf-8", ""},
		{media, "image/*", "image/*", ""},
		{media, "text/", "text/", "PC0315"},
		{media, "PDF", "PDF", "PC0315"},

		{email, "a@b.example", "a@b.example", ""},
		{email, "o'brien+x@mail.example", "o'brien+x@mail.example", ""},
		{email, "a[at]b.example", "a@b.example", "PC0324"},
		{email, "a@b@c.example", "", "PC0310"},
		{email, "Ada <a@b.example>", "", "PC0310"},
		{email, "a..b@c.example", "", "PC0310"},
		{email, "a@-b.example", "", "PC0310"},
		{email, "https://b.example/contact", "", "PC0310"},

		{web, "https://b.example", "https://b.example", ""},
		{web, "HTTP://b.example/ä", "HTTP://b.example/ä", ""},
		{web, "b.example", "", "PC0311"},
		{web, "https://", "", "PC0311"},
		{web, "https:///pfad", "", "PC0311"},
		{web, "https://b.example/a b", "", "PC0311"},
		{web, "ftp://b.example/", "", "PC0311"},
		{web, "data:text/html,x", "", "PC0311"},

		{repo, "https://b.example/a.git", "https://b.example/a.git", ""},
		{repo, "git://b.example/a.git", "git://b.example/a.git", "PC0507"},
		{repo, "git@b.example:a/b.git", "git@b.example:a/b.git", "PC0312"},
		{repo, "javascript:alert(1)", "", "PC0312"},
		{repo, "a/b", "", "PC0312"},

		{path, "docs/a b.png", "docs/a b.png", ""},
		{path, "./a.png", "./a.png", ""},
		{path, "/a.png", "a.png", "PC0313"},
		{path, "/../a.png", "a.png", "PC0313"},
		{path, "a/../../b", "", "PC0313"},
		{path, `C:\logo.png`, "", "PC0313"},
		{path, `docs\logo.png`, "", "PC0313"},
		{path, "file:///etc/passwd", "", "PC0313"},
		{path, "javascript:x", "", "PC0313"},
		{path, "//b.example/x.png", "", "PC0313"},

		{logo, "logo.SVG", "logo.SVG", ""},
		{logo, "https://b.example/logo?raw=1", "https://b.example/logo?raw=1", ""},
		{logo, "https://b.example/logo.jpg?raw=1", "https://b.example/logo.jpg?raw=1", "PC0314"},

		{uri, "urn:x-amt:kiel", "urn:x-amt:kiel", ""},
		{uri, "https://b.example/", "https://b.example/", ""},
		{uri, "urn:kiel", "urn:kiel", "PC0322"},
		{uri, "https:", "https:", "PC0322"},
		{uri, "Stadt Kiel", "Stadt Kiel", "PC0322"},

		{date, "2024-02-29", "2024-02-29", ""},
		{date, "2023-02-29", "2023-02-29", "PC0309"},
		{date, "29.02.2024", "29.02.2024", "PC0309"},
		{date, "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", "PC0309"},

		{support, "alias:gdpr", "alias:gdpr", ""},
		{support, "urn:iso:std:iso:27001", "urn:iso:std:iso:27001", ""},
		{support, "alias:gdprs", "alias:gdprs", "PC0302"},
		{support, "alias:ozg", "alias:ozg", "PC0321"},
		{support, "gdpr", "gdpr", "PC0322"},
	} {
		out, findings := checkOne(newest, c.in, c.check)
		if out != c.out || strings.Join(findings, " ") != c.findings {
			t.Errorf("%.60q: read %.60q, findings %v; want %.60q, %q", c.in, out, findings, c.out, c.findings)
		}
	}
}

func TestCharacters(t *testing.T) {
	for s, want := range map[string]int{
		"":                                     0,
		"abc":                                  3,
		"äöü":                                  3,
		"a\u0308":                              1, // a and a combining diaeresis
		"\U0001F1E9\U0001F1EA":                 1, // a flag
		"\U0001F469\u200D\U0001F680x":          2, // a joined emoji and a letter
		"\U0001F44D\U0001F3FD":                 1, // an emoji with a skin tone
		"公共":                                   2,
		"\u1112\u1161\u11ab\u1100\u1173\u11af": 2, // Hangul, decomposed
		"a\u200db":                             2, // nothing to join
	} {
		if got := characters(s); got != want {
			t.Errorf("characters(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for s, want := range map[string]string{
		"learning-management": "learning-management-system",
		"Facility Management": "facility-management",
		"it-securtiy":         "it-security",
		"xyz":                 "",
		"":                    "",
		"hr2":                 "hr",
	} {
		if got := nearest(s, categories); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
	for s, want := range map[string]string{
		"web": "standalone/web", "standalone/desktp": "standalone/desktop",
		"standalone/api": "", "Library": "library", "configurationfiles": "configurationFiles",
	} {
		if got := nearest(s, softwareTypes); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
}
