// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

func mustBuild(t *testing.T, s *Site, dir string) Report {
	t.Helper()
	r, err := s.Build(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tree are the files of a directory by name.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files[name], err = os.ReadFile(filepath.Join(dir, name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(files, stateName) // tells how the site was made, not what it is
	return files
}

func TestBuiltSiteIsWhole(t *testing.T) {
	for _, base := range []string{"", "https://example.org/katalog/"} {
		s := newSite(t, sample(), Options{BaseURL: base, Demo: true, Notice: map[string]string{"de": "Wartung", "en": "Maintenance"}})
		dir := t.TempDir()
		report := mustBuild(t, s, dir)
		files := tree(t, dir)
		pages := 0
		for name, src := range files {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			pages++
			found := checkPage(t, name, src)
			for _, l := range append(found.follow, found.load...) {
				u, err := url.Parse(l)
				if err != nil || u.IsAbs() || u.Host != "" || u.Path == "" {
					continue
				}
				path, ok := strings.CutPrefix(u.EscapedPath(), s.prefix)
				target, err := filePath(path)
				if !ok || err != nil || files[target] == nil {
					t.Errorf("base %q: %s leads to %q, which is not there", base, name, l)
				}
			}
			if len(src) > 60<<10 && !strings.Contains(name, "boese") {
				t.Errorf("%s has %d bytes", name, len(src))
			}
		}
		if pages != report.Pages || pages == 0 {
			t.Errorf("%d pages written, %d reported", pages, report.Pages)
		}
		for _, name := range []string{
			"index.html", "en/index.html", "404.html", "en/404.html", "robots.txt", "search/de.json", "search/en.json",
			"software/index.html", "software/github.com/kiel/akte/index.html", "software/127.0.0.1:9101/amt/werk zeug/index.html",
			"en/software/gitlab.opencode.de/bund/gruppe/dienst/index.html",
			"publishers/sh/index.html", "publishers/leer/index.html", "regions/DE-SH/index.html", "regions/DE-SL/index.html", "regions/DE/index.html", "regions/AT/index.html",
		} {
			if files[name] == nil {
				t.Errorf("base %q: no %s", base, name)
			}
		}
		if (files["sitemap.xml"] != nil) != (base != "") {
			t.Errorf("base %q: sitemap: %t", base, files["sitemap.xml"] != nil)
		}
		akte := string(files["en/software/github.com/kiel/akte/index.html"])
		if canonical := `<link rel="canonical" href="https://example.org/katalog/en/software/github.com/kiel/akte/">`; strings.Contains(akte, canonical) != (base != "") {
			t.Errorf("base %q: canonical address wrong", base)
		}
	}
}

func TestBuildIsIncremental(t *testing.T) {
	c := sample()
	dir := t.TempDir()
	first := mustBuild(t, newSite(t, c, Options{}), dir)
	if first.Written == 0 || first.Unchanged != 0 || first.Removed != 0 {
		t.Errorf("first build: %+v", first)
	}
	before := tree(t, dir)

	again := mustBuild(t, newSite(t, c, Options{}), dir)
	if again.Pages != first.Pages || again.Unchanged != first.Written || again.Written+again.Removed > 0 {
		t.Errorf("second build: %+v after %+v", again, first)
	}
	other := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), other)
	for name, src := range tree(t, other) {
		if !bytes.Equal(before[name], src) {
			t.Errorf("%s differs between two builds of the same catalogue", name)
		}
	}

	// The same number of bytes, but not the same ones.
	c.entries[1].PublicCode.SoftwareVersion = "9.2.0"
	c.note(registry.Updated, c.entries[1].ID)
	if r := mustBuild(t, newSite(t, c, Options{}), dir); r.Written != 3 {
		t.Errorf("a changed entry: %+v, want its two pages and its data written", r)
	}

	foreign := filepath.Join(dir, "software", "github.com", "kiel", "akte", "notiz.txt")
	if err := os.WriteFile(foreign, []byte("fremd"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.note(registry.Removed, c.entries[0].ID)
	c.entries = c.entries[1:] // github.com/kiel/akte goes, and with it the alias
	third := mustBuild(t, newSite(t, c, Options{}), dir)
	if third.Removed != 7 {
		t.Errorf("removed %d files, want 7", third.Removed)
	}
	after := tree(t, dir)
	for _, name := range []string{"software/github.com/kiel/akte/index.html", "en/software/github.com/kiel/akte/index.html", "software/github.com/kiel/altakte/index.html"} {
		if after[name] != nil {
			t.Errorf("%s is still there", name)
		}
	}
	if after["software/github.com/kiel/akte/notiz.txt"] == nil {
		t.Error("a foreign file was removed")
	}
	if _, err := os.Stat(filepath.Join(dir, "en/software/github.com/kiel")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty directory left behind: %v", err)
	}
	for name := range after {
		if strings.Contains(name, ".allmende-next") || strings.Contains(name, ".allmende-lock") {
			t.Errorf("%s left behind", name)
		}
	}
}

func TestBuildRepairs(t *testing.T) {
	s := newSite(t, sample(), Options{})
	dir := t.TempDir()
	mustBuild(t, s, dir)
	if err := os.Remove(filepath.Join(dir, "index.html")); err != nil {
		t.Fatal(err)
	}
	if r := mustBuild(t, s, dir); r.Written != 1 {
		t.Errorf("%+v, want one file written", r)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("verändert"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := s.Make(context.Background(), dir, Making{Full: true})
	if err != nil || r.Written != 1 {
		t.Errorf("a full build over a file that was changed: %+v, %v", r, err)
	}
	// Without a state all is made, and nothing is written.
	for _, damaged := range [][]byte{nil, []byte("x"), []byte("\xff\xff\xff\xff1234"), bytes.Repeat([]byte{4, 0, 0, 0, 1, 2, 3, 4}, 9)} {
		if err := os.WriteFile(filepath.Join(dir, stateName), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if r := mustBuild(t, s, dir); r.Written != 0 || r.Removed != 0 {
			t.Errorf("with a damaged state: %+v", r)
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	ctx := context.Background()
	s := newSite(t, sample(), Options{})

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("mein"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // nor is it taken for the build's own the second time
		if _, err := s.Build(ctx, dir); !errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "index.html") {
			t.Errorf("over a foreign file: %v", err)
		}
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "index.html")); string(got) != "mein" {
		t.Error("a foreign file was overwritten")
	}

	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, manifestName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Build(ctx, damaged); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("over a damaged manifest: %v", err)
	}

	outside := t.TempDir()
	linked := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(linked, "software")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Build(ctx, linked); err == nil {
		t.Error("a link out of the directory was followed")
	}
	if left := tree(t, outside); len(left) > 0 {
		t.Errorf("written outside: %v", left)
	}

	sick := errors.New("disk on fire")
	if _, err := newSite(t, &fake{err: sick}, Options{}).Build(ctx, t.TempDir()); !errors.Is(err, sick) {
		t.Errorf("catalogue fails: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Build(cancelled, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A manifest from elsewhere must not make a build remove what is not below its
// directory.
func TestBuildRemovesNothingOutside(t *testing.T) {
	dir := t.TempDir()
	victim := filepath.Join(dir, "opfer.txt")
	if err := os.WriteFile(victim, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	s := newSite(t, sample(), Options{})
	mustBuild(t, s, out)
	hash := strings.Repeat("0", 64)
	manifest := hash + "  ../opfer.txt\n" + hash + "  " + victim + "\n"
	if err := os.WriteFile(filepath.Join(out, manifestName), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _ = s.Build(context.Background(), out) // what it says does not matter here
	if _, err := os.Stat(victim); err != nil {
		t.Error(err)
	}
}

func TestBuildSkipsWhatHasNoPath(t *testing.T) {
	c := &fake{rev: 1}
	for _, id := range []registry.ID{"example.org/../../etc", "example.org/a/index.html", "page/2", "example.org/a\\b", "example.org/a\x00b", "example.org", "github.com/gut/.github"} {
		c.entries = append(c.entries, entry(id, "Name", kiel))
	}
	dir := t.TempDir()
	r := mustBuild(t, newSite(t, c, Options{}), dir)
	if r.Skipped != 6 {
		t.Errorf("skipped %d, want 6", r.Skipped)
	}
	if tree(t, dir)["software/github.com/gut/.github/index.html"] == nil {
		t.Error("an ordinary entry is missing")
	}
}

func TestLongListsAreSplit(t *testing.T) {
	c := &fake{rev: 1}
	for i := range 2*fileSize + 1 {
		c.entries = append(c.entries, entry(registry.ID(fmt.Sprintf("github.com/kiel/r%03d", i)), fmt.Sprintf("Werk %03d", i), kiel))
	}
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	files := tree(t, dir)
	for name, want := range map[string]int{
		"software/index.html": fileSize, "software/page/2/index.html": fileSize, "software/page/3/index.html": 1, "software/page/4/index.html": 0,
		"en/regions/DE-SH/page/3/index.html": 1, "publishers/sh/page/2/index.html": fileSize,
	} {
		if got := strings.Count(string(files[name]), "<article"); got != want {
			t.Errorf("%s has %d entries, want %d", name, got, want)
		}
	}
	if got := visibleText(t, files["software/page/2/index.html"]); !strings.Contains(got, fmt.Sprintf("Einträge %d bis %d von %d", fileSize+1, 2*fileSize, 2*fileSize+1)) {
		t.Errorf("page 2 says %q", got)
	}
	var index map[registry.ID]string
	if err := json.Unmarshal(files["search/de.json"], &index); err != nil || len(index) != 2*fileSize+1 {
		t.Errorf("%d cards to be searched: %v", len(index), err)
	}
}

func TestMovedPage(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{BaseURL: "https://example.org"}), dir)
	files := tree(t, dir)
	moved := string(files["en/software/github.com/kiel/altakte/index.html"])
	for _, want := range []string{
		`<meta http-equiv="refresh" content="0; url=/en/software/github.com/kiel/akte/">`,
		`<link rel="canonical" href="https://example.org/en/software/github.com/kiel/akte/">`,
	} {
		if !strings.Contains(moved, want) {
			t.Errorf("no %s in %s", want, moved)
		}
	}
	if files["software/github.com/kiel/verwaist/index.html"] != nil {
		t.Error("an alias leads to an entry that is not there")
	}
	if strings.Contains(string(files["sitemap.xml"]), "altakte") {
		t.Error("the former address is in the sitemap")
	}
}

func TestHostileEntryStaysInert(t *testing.T) {
	dir := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{}), dir)
	for name, src := range tree(t, dir) {
		if strings.HasSuffix(name, ".html") {
			checkPage(t, name, src)
			for _, bad := range []string{"<script>alert", "<img src=https", "<img src=\"https", "href=\"javascript", "user:pass@", "mailto:%3C"} {
				if bytes.Contains(src, []byte(bad)) {
					t.Errorf("%s holds %s", name, bad)
				}
			}
		}
	}
}
