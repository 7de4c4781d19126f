// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

const (
	drawing   = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>`
	onePixel  = "\x89PNG\r\n\x1a\n and so on"
	readmeSVG = `<svg onload="alert(1)" xmlns="http://www.w3.org/2000/svg"/>`
)

// hashOf stands for the hash of a file.
func hashOf(digit string) string { return strings.Repeat(digit, 64) }

// illustrated is an entry with a logo, two screenshots, and files that look like
// pictures and are none.
func illustrated() (*registry.Software, map[string][]byte) {
	s := entry("github.com/kiel/bilder", "Bilder", kiel)
	s.Files = append(s.Files,
		registry.File{Path: "logo.svg", Role: registry.RoleLogo, Media: "image/svg+xml", Hash: hashOf("1")},
		registry.File{Path: "eins.png", Role: registry.RoleScreenshot, Media: "image/png", Hash: hashOf("2")},
		registry.File{Path: "zwei.png", Role: registry.RoleScreenshot, Media: "image/png", Hash: hashOf("3"), Origin: "https://bild.example/zwei.png"},
		registry.File{Path: "fern.bmp", Role: registry.RoleScreenshot, Media: "image/bmp", Hash: hashOf("4")},
		registry.File{Path: "pfad.png", Role: registry.RoleScreenshot, Media: "image/png", Hash: "../../etc/passwd"},
		registry.File{Path: "README.svg", Role: registry.RoleReadme, Hash: hashOf("5")},
	)
	return s, map[string][]byte{
		hashOf("1"): []byte(drawing), hashOf("2"): []byte(onePixel), hashOf("3"): []byte(onePixel + "2"),
		hashOf("4"): []byte("BM"), hashOf("5"): []byte(readmeSVG),
	}
}

func TestPicturesServed(t *testing.T) {
	c := sample()
	var s *registry.Software
	s, c.files = illustrated()
	c.entries = append(c.entries, s)
	server := serve(t, c, Options{BaseURL: "https://example.org/katalog"})

	page := string(fetch(t, server, "GET", "/katalog/software/github.com/kiel/bilder/").body)
	contains(t, "the page", page,
		`<img class="logo" src="/katalog/pictures/`+hashOf("1")+`.svg" alt="" width="72" height="72"`,
		`<a href="/katalog/pictures/`+hashOf("2")+`.png"><img src="/katalog/pictures/`+hashOf("2")+`.png" alt="Bildschirmfoto 1 von Bilder" width="288" height="180" loading="lazy" decoding="async"></a>`,
		`alt="Bildschirmfoto 2 von Bilder"`, "/assets/pictures.",
	)
	if strings.Contains(page, "bild.example/zwei.png\"><img") || strings.Contains(page, hashOf("4")+".") || strings.Contains(page, "/pictures/..") {
		t.Error("the page shows a picture that is not the catalogue's own copy")
	}
	if plain := string(fetch(t, server, "GET", "/katalog/software/github.com/kiel/akte/").body); strings.Contains(plain, "/assets/pictures.") {
		t.Error("a page without screenshots loads their script")
	}

	for _, tt := range []struct {
		name      string
		status    int
		mediaType string
	}{
		{hashOf("1") + ".svg", 200, "image/svg+xml"},
		{hashOf("2") + ".png", 200, "image/png"},
		{hashOf("2") + ".svg", 404, ""}, // not what it is called
		{hashOf("1") + ".png", 404, ""},
		{hashOf("5") + ".svg", 404, ""}, // kept, but never cleaned
		{hashOf("4") + ".bmp", 404, ""},
		{hashOf("9") + ".png", 404, ""},
		{hashOf("1"), 404, ""},
		{hashOf("1") + ".svg/", 404, ""},
		{"..%2f..%2fetc%2fpasswd.png", 404, ""},
		{"", 404, ""},
	} {
		got := fetch(t, server, "GET", "/katalog/pictures/"+tt.name)
		if got.StatusCode != tt.status {
			t.Errorf("%s: %s", tt.name, got.Status)
		}
		if tt.status != http.StatusOK {
			continue
		}
		h := got.Header
		if h.Get("Content-Type") != tt.mediaType || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none';") {
			t.Errorf("%s: %v", tt.name, h)
		}
	}

	c.err = errors.New("disk on fire")
	if got := fetch(t, server, "GET", "/katalog/pictures/"+hashOf("1")+".svg"); got.StatusCode != http.StatusInternalServerError || strings.Contains(string(got.body), "fire") {
		t.Errorf("a store that fails: %s %s", got.Status, got.body)
	}
}

func TestPicturesWritten(t *testing.T) {
	c := sample()
	var first, second *registry.Software
	first, c.files = illustrated()
	second, _ = illustrated()
	second.ID = "github.com/kiel/dieselben"
	delete(c.files, hashOf("3")) // a page is written without it
	c.entries = append(c.entries, first, second)
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	written := tree(t, dir)
	for name, want := range map[string]string{hashOf("1") + ".svg": drawing, hashOf("2") + ".png": onePixel} {
		if got := string(written["pictures/"+name]); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name := range written {
		if strings.HasPrefix(name, "pictures/") && name != "pictures/"+hashOf("1")+".svg" && name != "pictures/"+hashOf("2")+".png" {
			t.Errorf("%s is written", name)
		}
	}
}
