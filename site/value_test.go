// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"net/url"
	"path"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

func TestSourceLink(t *testing.T) {
	r := registry.Repository{URL: "https://a.example/o/r/", DefaultBranch: "neu/haupt"}
	for _, tt := range []struct{ forge, commit, want string }{
		{"github", "c0", "https://a.example/o/r/blob/c0/dir/publiccode.yml#L7"},
		{"github", "", "https://a.example/o/r/blob/neu/haupt/dir/publiccode.yml#L7"},
		{"gitlab", "c0", "https://a.example/o/r/-/blob/c0/dir/publiccode.yml#L7"},
		{"forgejo", "c0", "https://a.example/o/r/src/commit/c0/dir/publiccode.yml#L7"},
		{"forgejo", "", "https://a.example/o/r/src/branch/neu/haupt/dir/publiccode.yml#L7"},
		{"git", "c0", ""},
	} {
		r.Forge = tt.forge
		if got := sourceLink(r, "dir/publiccode.yml", tt.commit, 7); got != tt.want {
			t.Errorf("%s %q: %s", tt.forge, tt.commit, got)
		}
	}
}

func TestNewIssueLink(t *testing.T) {
	for _, tt := range []struct{ forge, url, want string }{
		{"github", "https://a.example/o/r/", "https://a.example/o/r/issues/new?title=A+%26+B&body=1%0A2+%23"},
		{"forgejo", "https://a.example/o/r", "https://a.example/o/r/issues/new?title=A+%26+B&body=1%0A2+%23"},
		{"gitlab", "https://a.example/o/g/r", "https://a.example/o/g/r/-/issues/new?issue%5Btitle%5D=A+%26+B&issue%5Bdescription%5D=1%0A2+%23"},
		{"git", "https://a.example/o/r", ""},
		{"github", "javascript:alert(1)", ""},
	} {
		if got := newIssueLink(registry.Repository{URL: tt.url, Forge: tt.forge}, "A & B", "1\n2 #"); got != tt.want {
			t.Errorf("%s %s: %s", tt.forge, tt.url, got)
		}
	}
	long := newIssueLink(registry.Repository{URL: "https://a.example/o/r", Forge: "github"}, "A", strings.Repeat("ü", 2000))
	if long != "https://a.example/o/r/issues/new?title=A" {
		t.Errorf("a text beyond what an address holds: %.80s, %d bytes", long, len(long))
	}
}

func TestDossierCommand(t *testing.T) {
	for id, want := range map[registry.ID]string{
		"github.com/a/b/~/c":    "allmende dossier github.com/a/b/~/c --config allmende.yml",
		"a.example/x y'; rm -r": `allmende dossier 'a.example/x y'\''; rm -r' --config allmende.yml`,
	} {
		if got := dossierCommand(id); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func TestWebLinkAndMailto(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1#z":       "https://a.example/x?y=1#z",
		" http://a.example ":              "http://a.example",
		"HTTPS://a.example":               "https://a.example",
		"https://user:pass@a.example":     "",
		"javascript:alert(1)":             "",
		"//a.example":                     "",
		"/local":                          "",
		"https:///x":                      "",
		"mailto:a@b.example":              "",
		"https://a.example/\"><script>":   "https://a.example/%22%3E%3Cscript%3E",
		"https://a.example\n.evil":        "",
		strings.Repeat("https://a/", 300): "",
	} {
		if got := webLink(in); got != want {
			t.Errorf("webLink(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"a@b.example":             "mailto:a@b.example",
		" a@b.example ":           "mailto:a@b.example",
		"Name <a@b.example>":      "",
		"a@b.example, c@d.e":      "",
		"a@b.example?cc=x@y.z":    "",
		"a?cc=x@b.example":        "mailto:a%3Fcc=x@b.example",
		"a@b.example\r\nBcc: x@y": "",
		"":                        "",
	} {
		if got := mailto(in); got != want {
			t.Errorf("mailto(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzSoftwarePath(f *testing.F) {
	for _, seed := range []string{"github.com/a/b", "127.0.0.1:9101/a/ü b%2f", "a/../b", "page/2", "a/.", "h/%2e%2e/x", "h/a?b#c", "h/index.html"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		p, ok := softwarePath(registry.ID(id))
		if !ok {
			return
		}
		u, err := url.Parse("https://a.example" + p)
		if err != nil || u.Path != "/software/"+id+"/" || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("%q is not read back from %q: %v, %v", id, p, u, err)
		}
		file, err := filePath(p)
		if err != nil || file != path.Clean(file) || file != "software/"+id+"/index.html" || !strings.HasPrefix(file, "software/") || strings.Contains(file, "..") && !strings.Contains(id, "..") {
			t.Fatalf("%q is written to %q: %v", id, file, err)
		}
	})
}

func FuzzReadQuery(f *testing.F) {
	f.Add("q=x&licence=MIT&licence=EUPL-1.2&region=DE&sort=new&after=20")
	f.Add("sort=relevance&status=%00&category=&category=a%20b")
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q := readQuery(v)
		again, err := url.ParseQuery(strings.TrimPrefix(address(q), "?"))
		if err != nil {
			t.Fatal(err)
		}
		if got := readQuery(again); !reflect.DeepEqual(got, q) {
			t.Errorf("%q: %+v, read back %+v", raw, q, got)
		}
	})
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"kurz", 10, "kurz"},
		{" viel \n Luft ", 10, "viel Luft"},
		{"über alles", 4, "über…"},
		{"genau", 5, "genau"},
		{strings.Repeat("ü", 10000), 3, "üüü…"},
		{strings.Repeat(" ", 10000) + "x", 3, ""},
	} {
		if got := shorten(tt.in, tt.n); got != tt.want || !utf8.ValidString(got) {
			t.Errorf("shorten(%.20q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1234567: "1.234.567", -1234: "-1.234", -123: "-123"} {
		if got := formatNumber("de", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	day := time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("", -3600))
	if de, en := formatDate("de", day), formatDate("en", day); de != "2. März 2026" || en != "2 March 2026" {
		t.Errorf("%s, %s", de, en)
	}
}

func TestLangAttribute(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "de-CH": "de", "DE": "de", "en": "en", "fr-fr": "fr-FR", "": "", attack: "", "x y": ""} {
		if got := langAttribute(tag, "de"); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
}
