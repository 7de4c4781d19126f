// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// film is the beginning of an MP4 file.
var film = append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), make([]byte, 1000)...)

func filmFile(t *testing.T, content []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestDutiesAreThereOrNot(t *testing.T) {
	opt := Options{BaseURL: "https://example.org", Duties: map[Duty]DutyText{
		Imprint:      {Markdown: map[string]string{"de": "# Impressum\n\nAmt", "en": "# Imprint\n\nOffice"}},
		SignLanguage: {Markdown: map[string]string{"de": "# Gebärden\n\nDas Video sagt es."}, Video: filmFile(t, film)},
	}}
	server := serve(t, sample(), opt)
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), opt), dir)
	files := tree(t, dir)
	for _, tt := range []struct {
		path     string
		status   int
		contains []string
	}{
		{"/imprint/", 200, []string{"<h1>Impressum</h1>", "<p>Amt</p>", `<div class="prose">`}},
		{"/en/imprint/", 200, []string{"<h1>Imprint</h1>", "<p>Office</p>"}},
		{"/sign-language/", 200, []string{"<h1>Gebärden</h1>", "<video ", `src="/assets/sign-language.`}},
		{"/en/sign-language/", 200, []string{"<h1>Sign language</h1>", `<div class="prose" lang="de">`, "This text is in German only."}},
		{"/privacy/", 404, nil},
		{"/accessibility/", 404, nil},
		{"/en/easy-language/", 404, nil},
	} {
		got := fetch(t, server, "GET", tt.path)
		if got.StatusCode != tt.status {
			t.Errorf("%s: %s", tt.path, got.Status)
		}
		checkPage(t, tt.path, got.body)
		written := files[strings.TrimPrefix(tt.path, "/")+"index.html"]
		if (written != nil) != (tt.status == 200) || strings.Contains(string(files["sitemap.xml"]), "<loc>https://example.org"+tt.path+"<") != (tt.status == 200) {
			t.Errorf("%s: written, or in the sitemap, against its status %d", tt.path, tt.status)
		}
		for _, want := range tt.contains {
			if !bytes.Contains(got.body, []byte(want)) || !bytes.Contains(written, []byte(want)) {
				t.Errorf("%s has no %s", tt.path, want)
			}
		}
		// Every page leads to what there is, and to nothing else.
		foot := string(got.body[bytes.LastIndex(got.body, []byte("<footer")):])
		for path, want := range map[string]bool{"/imprint/": true, "/sign-language/": true, "/privacy/": false, "/accessibility/": false, "/easy-language/": false} {
			if strings.Contains(foot, path+`"`) != want {
				t.Errorf("%s: foot leads to %s: %t", tt.path, path, !want)
			}
		}
	}

	s := newSite(t, sample(), opt)
	video, err := s.assets.path("sign-language.mp4")
	if err != nil {
		t.Fatal(err)
	}
	part := fetch(t, server, "GET", video, "Range", "bytes=4-7")
	if part.StatusCode != 206 || string(part.body) != "ftyp" || part.Header.Get("Content-Type") != "video/mp4" {
		t.Errorf("a part of the video: %s, %q", part.Status, part.body)
	}
	if !bytes.Equal(files[strings.TrimPrefix(video, "/")], film) {
		t.Error("the video is not written")
	}
}

func TestDutiesAreRefused(t *testing.T) {
	text := map[string]string{"de": "Text"}
	for _, tt := range []struct {
		name   string
		duties map[Duty]DutyText
		want   string
	}{
		{"no such page", map[Duty]DutyText{"blog": {Markdown: text}}, `no page "blog"`},
		{"no such language", map[Duty]DutyText{Imprint: {Markdown: map[string]string{"fr": "Texte"}}}, `no language "fr"`},
		{"no text", map[Duty]DutyText{Imprint: {}}, "page imprint: "},
		{"what cannot be shown", map[Duty]DutyText{Privacy: {Markdown: map[string]string{"en": "a\n\n[b](c)"}}}, "page privacy: text in language en: "},
		{"a video elsewhere", map[Duty]DutyText{Imprint: {Markdown: text, Video: filmFile(t, film)}}, "only the page signLanguage"},
		{"no video", map[Duty]DutyText{SignLanguage: {Markdown: text, Video: filmFile(t, []byte("<html>"))}}, "neither MP4 nor WebM"},
		{"a video that is not there", map[Duty]DutyText{SignLanguage: {Markdown: text, Video: filepath.Join(t.TempDir(), "weg.mp4")}}, "weg.mp4"},
	} {
		if _, err := New(sample(), Options{Duties: tt.duties}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
