// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/registry"
)

const goodConfig = `store: sqlite:data/allmende.db
forges:
  - url: http://127.0.0.1:9101
    kind: github
    tokenEnv: GITHUB_TOKEN
    allowPrivate: true
publishers:
  - id: sh
    name: Land Schleswig-Holstein
    region: sh
    uri: https://www.schleswig-holstein.de/
    sources:
      - http://127.0.0.1:9101/it-at-m
      - http://127.0.0.1:9102/
      - http://127.0.0.1:9103/owner/repo.git
`

func TestParseConfig(t *testing.T) {
	cfg, err := parseConfig([]byte(goodConfig))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.storePath() != "data/allmende.db" {
		t.Errorf("store path %s", cfg.storePath())
	}
	want := registry.Publisher{ID: "sh", Name: "Land Schleswig-Holstein", Region: "DE-SH", URI: "https://www.schleswig-holstein.de/"}
	if got := cfg.publishers(); len(got) != 1 || got[0] != want {
		t.Errorf("publishers %+v", got)
	}
}

func TestConfigErrorsNameLineAndKey(t *testing.T) {
	replace := func(old, new string) string { return strings.Replace(goodConfig, old, new, 1) }
	for name, tt := range map[string]struct {
		src  string
		want []string
	}{
		"unknown key":           {replace("    tokenEnv:", "    token:"), []string{"line 5", "forges[0].token", "tokenEnv"}},
		"unknown key on top":    {goodConfig + "stores: x\n", []string{"line 16", "stores"}},
		"key twice":             {goodConfig + "store: sqlite:b.db\n", []string{"line 16", "store"}},
		"no mapping":            {"- a\n", []string{"line 1", "mapping"}},
		"empty":                 {"", []string{"empty"}},
		"two documents":         {goodConfig + "---\nstore: x\n", []string{"more than one"}},
		"not YAML":              {"store: [\n", []string{"line"}},
		"wrong type":            {replace("allowPrivate: true", "allowPrivate: perhaps"), []string{"line 6"}},
		"no store":              {replace("store: sqlite:data/allmende.db\n", ""), []string{"sqlite:PATH"}},
		"other store":           {replace("sqlite:data/allmende.db", "mysql:x"), []string{"line 1", "sqlite:PATH", "mysql:x"}},
		"kind":                  {replace("kind: github", "kind: svn"), []string{"line 4", "forges[0].kind", "gitlab", "svn"}},
		"secret in the file":    {replace("GITHUB_TOKEN", "ghp-abc.def"), []string{"line 5", "NAME"}},
		"forge twice":           {replace("publishers:", "  - url: http://127.0.0.1:9101/\npublishers:"), []string{"line 7", "twice"}},
		"forge without scheme":  {replace("url: http://127.0.0.1:9101", "url: git.example"), []string{"line 3", "git.example"}},
		"publisher without id":  {replace("id: sh", "id: ''"), []string{"line 8", "publishers[0].id"}},
		"id of odd letters":     {replace("id: sh", "id: ../x"), []string{"line 8", "publishers[0].id"}},
		"publisher twice":       {goodConfig + "  - id: sh\n    name: B\n", []string{"line 16", "twice"}},
		"no name":               {replace("name: Land Schleswig-Holstein", "name: ' '"), []string{"line 9", "name"}},
		"region":                {replace("region: sh", "region: XX-YY"), []string{"line 10", "region"}},
		"source with password":  {replace("http://127.0.0.1:9102/", "http://me:secret@127.0.0.1:9102/"), []string{"line 14", "tokenEnv"}},
		"source twice":          {replace("http://127.0.0.1:9102/", "http://127.0.0.1:9101/it-at-m/"), []string{"line 14", "twice"}},
		"source of other kind":  {replace("http://127.0.0.1:9102/", "git@host:o/r"), []string{"line 14"}},
		"every problem at once": {replace("kind: github", "kind: svn") + "  - id: B\n    name: ''\n", []string{"line 4", "line 16", "line 17"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseConfig([]byte(tt.src))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
			if strings.Contains(err.Error(), "secret") && name == "source with password" {
				t.Error("the password is shown")
			}
		})
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(goodConfig))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("publishers: {sources: [[]]}\nforges: 1\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		cfg, err := parseConfig(src)
		if err == nil && cfg.storePath() == "" {
			t.Error("accepted without a store")
		}
	})
}

func TestSourcesFindTheirForge(t *testing.T) {
	t.Setenv("LAB_TOKEN", "geheim")
	cfg, err := parseConfig([]byte(`store: sqlite:a.db
forges:
  - {url: "https://git.example/gitlab", kind: gitlab, tokenEnv: LAB_TOKEN}
publishers:
  - id: a
    name: A
    sources:
      - https://git.example/gitlab/
      - https://git.example/gitlab/group/sub/project.git
      - https://git.example/gitlabber/x
      - https://github.com/Owner
      - https://codeberg.org/o/r/
`))
	if err != nil {
		t.Fatal(err)
	}
	fs, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := fs.sources(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, s := range sources {
		paths = append(paths, s.Path)
	}
	if got, want := strings.Join(paths, " | "), " | group/sub/project | gitlabber/x | Owner | o/r"; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
}

func TestTokenThatIsNotSet(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	cfg, err := parseConfig([]byte(goodConfig))
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if _, err := newForges(cfg, nil, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "GITHUB_TOKEN") {
		t.Errorf("no warning in %q", log.String())
	}
}
