// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/site"
)

func isUsage(err error) bool {
	var exit *exitError
	return errors.As(err, &exit) && exit.code == exitUsage
}

func TestPagesOfTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, latin := write("gut.md", "# Impressum\n\nAmt"), write("latin.md", "# Erkl\xe4rung")
	missing := filepath.Join(dir, "weg.md")
	for _, tt := range []struct{ name, pages, want string }{
		{"all there is", "imprint: {de: " + good + ", en: " + good + "}", ""},
		{"named and left empty", "imprint:\n  privacy: {de: " + good + "}", ""},
		{"a file that is missing", "imprint: {de: " + missing + "}", "imprint.de: open " + missing},
		{"another encoding", "privacy: {en: " + latin + "}", "privacy.en: " + latin + " is not UTF-8"},
		{"a video without a text", "signLanguage: {video: film.mp4}", "signLanguage.video: the video needs a text"},
		{"no such page", "blog: {de: " + good + "}", "unknown key pages.blog"},
		{"no such language", "imprint: {fr: " + good + "}", "unknown key pages.imprint.fr"},
		{"a video elsewhere", "imprint: {video: film.mp4}", "unknown key pages.imprint.video"},
		{"no mapping", "imprint: " + good, "pages.imprint must be a mapping"},
	} {
		path := write("allmende.yml", "store: sqlite:"+dir+"/a.db\npages:\n  "+tt.pages+"\n")
		cfg, err := loadConfig(path)
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v", tt.name, err)
		case err != nil && !isUsage(err):
			t.Errorf("%s: not as an error of usage: %v", tt.name, err)
		case err == nil && len(cfg.duties) != 1:
			t.Errorf("%s: pages %v", tt.name, cfg.duties)
		}
	}
}

// What a text holds that a page cannot show ends the start, too.
func TestPagesThatCannotBeShown(t *testing.T) {
	_, err := newSite(nil, site.Options{Duties: map[site.Duty]site.DutyText{site.Imprint: {Markdown: map[string]string{"de": "a\n\n![b](c.png)"}}}})
	if !isUsage(err) || !strings.Contains(err.Error(), "line 3") {
		t.Error(err)
	}
}
