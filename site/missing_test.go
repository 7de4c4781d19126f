// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestMissingPagesSearch(t *testing.T) {
	server := serve(t, sample(), Options{})
	for _, tt := range []struct {
		path     string
		status   int
		field    string // what the search form holds
		contains []string
		absent   []string
	}{
		{"/akte", 404, "akte", []string{"Meinten Sie …?", `href="/software/github.com/kiel/akte/"`}, []string{"/listed/?url="}},
		{"/akte.html", 404, "akte", []string{"Meinten Sie …?"}, nil},
		{"/en/docs/akte/", 404, "akte", []string{"Did you mean …?", `href="/en/software/github.com/kiel/akte/"`}, nil},
		{"/software/gitlab.com/kiel/akte/", 404, "akte", []string{"Meinten Sie …?", `/listed/?url=https%3A%2F%2Fgitlab.com%2Fkiel%2Fakte`}, nil},
		{"/software/github.com/kiel/nirgends/", 404, "nirgends", []string{`/listed/?url=https%3A%2F%2Fgithub.com%2Fkiel%2Fnirgends`}, []string{"Meinten Sie"}},
		{"/software/github.com/kiel/weg/", 410, "weg", []string{"wurde entfernt", "/history/github.com/kiel/weg/"}, []string{"/listed/?url="}},
		{"/publishers/akte/", 404, "akte", []string{"Meinten Sie …?"}, nil},
		{"/index.php", 404, "", nil, []string{"Meinten Sie"}},
		{"/software/?after=kaputt", 400, "", nil, []string{"Meinten Sie"}},
	} {
		got := fetch(t, server, "GET", tt.path)
		if got.StatusCode != tt.status {
			t.Errorf("%s: %s, want %d", tt.path, got.Status, tt.status)
		}
		checkPage(t, tt.path, got.body)
		src := string(got.body)
		if !strings.Contains(src, `name="q" value="`+tt.field+`"`) {
			t.Errorf("%s: the form does not hold %q", tt.path, tt.field)
		}
		for _, want := range tt.contains {
			if !strings.Contains(src, want) {
				t.Errorf("%s: no %s", tt.path, want)
			}
		}
		for _, bad := range tt.absent {
			if strings.Contains(src, bad) {
				t.Errorf("%s: has %s", tt.path, bad)
			}
		}
	}
}

// Whatever is asked for is shown as text, if at all.
func TestMissingPagesReflectNothing(t *testing.T) {
	server := serve(t, sample(), Options{})
	for _, hostile := range []string{
		attack, "<svg onload=alert(1)>", `"autofocus onfocus=alert(1) x="`, "javascript:alert(1)", "{{.Site}}", "%s%d%n", "land:SH -akte \"offen",
		"\u202eakte", "a\x00b", strings.Repeat("a ", 5000), strings.Repeat("ä", 3000), "..\\..\\etc", "%ff%fe",
	} {
		for _, path := range []string{"/" + url.PathEscape(hostile), "/software/github.com/x/" + url.PathEscape(hostile) + "/", "/en/history/" + url.PathEscape(hostile) + "/a/"} {
			got := fetch(t, server, "GET", path)
			if got.StatusCode != 404 {
				t.Errorf("%q: %s", path, got.Status)
			}
			checkPage(t, path[:min(len(path), 60)], got.body)
			for _, bad := range []string{"<script>alert", "<svg onload", "onfocus=alert", `href="javascript`, "\u202e"} {
				if strings.Contains(string(got.body), bad) {
					t.Errorf("%q: the page holds %s", path, bad)
				}
			}
			if len(got.body) > 60<<10 {
				t.Errorf("%.60q: %d bytes", path, len(got.body))
			}
		}
	}
}

// A search that fails takes nothing from the page.
func TestMissingPageWithoutSearch(t *testing.T) {
	c := sample()
	c.err = errors.New("disk on fire")
	got := fetch(t, serve(t, c, Options{}), "GET", "/akte")
	if got.StatusCode != 404 || !strings.Contains(string(got.body), "Diese Seite gibt es nicht") {
		t.Errorf("%s", got.Status)
	}
}

func TestAddressWords(t *testing.T) {
	for part, want := range map[string]string{
		"akte-plus_2.html": "akte plus", "Bäder & Parks": "Bäder Parks", "a": "", "": "", "akte-akte": "akte",
		"one two three four five six seven": "one two three four five six",
		"lizenz:EUPL-1.2":                   "lizenz EUPL",
	} {
		if got := addressWords(part); got != want {
			t.Errorf("%q: %q, want %q", part, got, want)
		}
	}
}

func TestWrittenMissingPage(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{}), dir)
	files := tree(t, dir)
	for _, name := range []string{"404.html", "en/404.html"} {
		for _, want := range []string{"/assets/missing.", `role="search"`, "/maintain/missing/"} {
			if !strings.Contains(string(files[name]), want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
	}
	if strings.Contains(string(files["software/github.com/kiel/altakte/index.html"]), "/assets/missing.") {
		t.Error("the page of a moved entry has the script, too")
	}
}
