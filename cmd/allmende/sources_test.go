// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// listed makes the sources of a configuration.
func listed(t *testing.T, config string) *sources {
	t.Helper()
	cfg, err := parseConfig([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	forges, err := newForges(cfg, nil, log)
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSources(cfg, forges, log)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func urls(sources []crawler.Source) (list []string) {
	for _, s := range sources {
		list = append(list, s.URL+" of "+s.Publisher.ID)
	}
	return list
}

// A catalogue is asked when it is due, by one request, and sooner where it
// failed. What it led to stays until it says something else.
func TestCatalogueIsAskedAgain(t *testing.T) {
	text, status := "https://git.example/a/b\n", http.StatusOK
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		tag := fmt.Sprintf("%q", fmt.Sprint(len(text)))
		w.Header().Set("ETag", tag)
		switch {
		case status != http.StatusOK:
			w.WriteHeader(status)
		case r.Header.Get("If-None-Match") == tag:
			w.WriteHeader(http.StatusNotModified)
		default:
			fmt.Fprint(w, text)
		}
	}))
	defer server.Close()
	s := listed(t, fmt.Sprintf(`store: sqlite:a.db
interval: 6h
publishers: [{id: a, name: A}]
catalogues: [{url: %q, publisher: a, allowPrivate: true}]
`, server.URL+"/list.txt"))
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }

	one := []string{"https://git.example/a/b of a"}
	two := append(slices.Clone(one), "https://git.example/c of a")
	for _, step := range []struct {
		name   string
		after  time.Duration
		does   func()
		want   []string
		asks   int // requests
		failed int
		next   time.Duration
	}{
		{"first, probed", 0, func() {}, one, 2, 0, 6 * time.Hour},
		{"not due", time.Hour, func() {}, one, 0, 0, 5 * time.Hour},
		{"unchanged", 5 * time.Hour, func() {}, one, 1, 0, 6 * time.Hour},
		{"changed", 6 * time.Hour, func() { text += "https://git.example/c\n" }, two, 1, 0, 6 * time.Hour},
		{"gone", 6 * time.Hour, func() { status = http.StatusGone }, two, 1, 1, time.Hour},
		{"back", time.Hour, func() { status = http.StatusOK }, two, 1, 0, 6 * time.Hour},
		{"after a week", 7 * 24 * time.Hour, func() {}, two, 1, 0, 6 * time.Hour},
		{"shorter", 6 * time.Hour, func() { text = "https://git.example/a/b\n" }, one, 1, 0, 6 * time.Hour},
	} {
		now = now.Add(step.after)
		step.does()
		asked = 0
		if got := urls(s.all(t.Context())); !slices.Equal(got, step.want) {
			t.Errorf("%s: %q", step.name, got)
		}
		if asked != step.asks {
			t.Errorf("%s: %d requests, want %d", step.name, asked, step.asks)
		}
		if len(s.failures) != step.failed || s.leads[0].next.Sub(now) != step.next {
			t.Errorf("%s: failures %v, next in %s", step.name, s.failures, s.leads[0].next.Sub(now))
		}
	}
}

// What the configuration names itself is not the catalogue's, and each comes
// once, whoever leads to it.
func TestWhatSeveralLeadTo(t *testing.T) {
	dir := t.TempDir()
	list := func(name string, addresses ...string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(addresses, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	s := listed(t, fmt.Sprintf(`store: sqlite:a.db
publishers:
  - {id: a, name: A, sources: ["https://git.example/group"]}
  - {id: b, name: B}
catalogues:
  - {url: %q, publisher: b}
  - {url: %q, publisher: a}
`, list("one.txt", "https://git.example/group/sub/x", "https://git.example/other/y", "no address"),
		list("two.txt", "https://git.example/other/y.git", "https://git.example/other/z")))
	want := []string{"https://git.example/group of a", "https://git.example/other/y of b", "https://git.example/other/z of a"}
	if got := urls(s.all(t.Context())); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if len(s.failures) != 1 || !strings.HasSuffix(s.failures[0].Source, "one.txt line 3") {
		t.Errorf("failures %v", s.failures)
	}
}

// The parts of a repository that another node has are read here too.
func TestPartsThatANodeLeadsTo(t *testing.T) {
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"items": [
			{"id": "git.example/o/m/~/apps/a", "repository": {"url": "https://git.example/o/m"}},
			{"id": "git.example/o/x", "repository": {"url": "https://git.example/o/x"}},
			{"id": "git.example/o/m/~/apps/b", "repository": {"url": "https://git.example/o/m"}}
		], "links": {}, "total": 3}`)
	}))
	defer node.Close()
	s := listed(t, fmt.Sprintf("store: sqlite:a.db\npublishers: [{id: a, name: A}]\ncatalogues: [{url: %q, publisher: a, allowPrivate: true}]\n", node.URL))
	got := s.all(t.Context())
	if want := []string{"https://git.example/o/m of a", "https://git.example/o/x of a"}; !slices.Equal(urls(got), want) {
		t.Fatalf("%q, failures %v", urls(got), s.failures)
	}
	if want := []string{"apps/a", "apps/b"}; !slices.Equal(got[0].Folders, want) || got[1].Folders != nil {
		t.Errorf("folders %q and %q", got[0].Folders, got[1].Folders)
	}
}

func TestCatalogueThatCannotBeUsed(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for address, want := range map[string]string{
		server.URL + "/list.txt":  "give it allowPrivate: true",
		"/does/not/exist.txt":     "/does/not/exist.txt: no such file",
		"https://no-host.invalid": "no-host.invalid",
	} {
		s := listed(t, fmt.Sprintf("store: sqlite:a.db\npublishers: [{id: a, name: A}]\ncatalogues: [{url: %q, publisher: a}]\n", address))
		if got := s.all(t.Context()); len(got) > 0 || len(s.failures) != 1 || !strings.Contains(s.failures[0].Error, want) || strings.Contains(s.failures[0].Error, "name its kind") {
			t.Errorf("%s: %+v", address, s.failures)
		}
	}
}

// A folder's repositories without an origin are known below the address that
// the configuration gives.
func TestFolderOnTheWeb(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"team/one", "team/two", "old/three"} {
		folder := filepath.Join(dir, "repos", filepath.FromSlash(name))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "publiccode.yml"), []byte("name: "+name+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	database := filepath.Join(dir, "a.db")
	config := write(t, "config.yml", fmt.Sprintf(`store: sqlite:%s
forges: [{url: "file://%s/repos", web: "https://git.amt.example/r"}]
publishers:
  - id: a
    name: A
    sources: [{url: "file://%s/repos", exclude: ["old/*"]}]
`, database, dir, dir))
	if sum := crawlJSON(t, config, 0); sum.Entries != 2 {
		t.Errorf("%+v", sum)
	}
	if got, want := entries(t, database), []string{"git.amt.example/r/team/one", "git.amt.example/r/team/two"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if out, _, code := command(t, "why", "--lang", "en", "--config", config, "git.amt.example/r/old/three"); code != 1 || !strings.Contains(out, "excluded") {
		t.Errorf("code %d: %s", code, out)
	}
}

func TestWebOfAFolder(t *testing.T) {
	for forge, want := range map[string]string{
		`{url: "file:///srv/repos", web: "https://git.example/r/"}`: "",
		`{url: "file:///srv/repos", web: git.example}`:              "forges[0].web",
		`{url: "https://git.example", web: "https://git.example"}`:  "for folders alone",
	} {
		cfg, err := parseConfig([]byte("store: sqlite:a.db\nforges:\n  - " + forge + "\n"))
		if want == "" {
			if err != nil || cfg.Forges[0].web.String() != "https://git.example/r" {
				t.Errorf("%s: %v, %+v", forge, err, cfg)
			}
		} else if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s: %v", forge, err)
		}
	}
}

// A host that only serves plain git is known by its repositories, without a
// word in the configuration; the answers say what to do about the others.
func TestForgesThatAreNotConfigured(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/amt/rad/info/refs" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
	}))
	defer server.Close()
	cfg, err := parseConfig([]byte("store: sqlite:a.db\n"))
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	for address, want := range map[string]string{
		"http://git.example/amt/rad":  "",
		"http://git.example/amt/nein": "nor is there a git repository at amt/nein",
		"http://git.example/":         "name its repositories one by one",
	} {
		forges, err := newForges(cfg, map[string]string{"git.example:80": host}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		s, err := newSources(cfg, forges, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		src, err := s.source(address, registry.Publisher{ID: "a", Name: "A"}, exclusions{}, exclusions{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = src.Open(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
