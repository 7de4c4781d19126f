// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/catalog"
	"github.com/allmende-registry/allmende/licence"
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
	if sqlitePath(cfg.Store) != "data/allmende.db" {
		t.Errorf("store path %s", sqlitePath(cfg.Store))
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

// fullConfig has every key.
const fullConfig = `store: sqlite:data/allmende.db
baseURL: https://software.example
contact: mailto:crawler@software.example
interval: 12h
exclude:
  - https://GitHub.com/Organisation/Playground-*
  - git.example/**/archive/**
excludeFile: exclude.txt
forges:
  - url: https://git.example/gitlab
    kind: gitlab
    tokenEnv: [LAB_ONE, LAB_TWO]
    webhookSecretEnv: LAB_HOOK
  - url: https://bitbucket.org
    kind: bitbucket
    tokenEnv: BITBUCKET_TOKEN
  - url: file:///srv/repos
publishers:
  - id: sh
    name: Land Schleswig-Holstein
    sources:
      - https://git.example/gitlab/group
      - url: https://git.example/gitlab/monorepos
        exclude: [monorepos/old/*, /Monorepos/Test.git]
        folders: [apps/*, services/*/api]
        interval: 1h
      - file:///srv/repos/team
discover:
  - forge: https://github.com
    publisher: {id: found, name: Gefunden}
    exclude: [github.com/*/dotfiles]
catalogues:
  - url: https://api.example/v1
    kind: developers-italia
    publisher: {id: italia, name: Italien, region: IT}
    exclude: [github.com/spam/**]
  - url: ./lists/weitere.txt
    publisher: sh
    allowPrivate: true
policies: [richtlinie.yml]
retention: {history: 5y, visits: 90d}
`

func TestParseFullConfig(t *testing.T) {
	cfg, err := parseConfig([]byte(fullConfig))
	if err != nil {
		t.Fatal(err)
	}
	sources := []sourceConfig{
		{URL: "https://git.example/gitlab/group"},
		{
			URL:      "https://git.example/gitlab/monorepos",
			Exclude:  []string{"monorepos/old/*", "monorepos/test"},
			Folders:  []string{"apps/*", "services/*/api"},
			Interval: time.Hour,
		},
		{URL: "file:///srv/repos/team"},
	}
	if diff := cmp.Diff(sources, cfg.Publishers[0].Sources); diff != "" {
		t.Error(diff)
	}
	if want := []string{"github.com/organisation/playground-*", "git.example/**/archive/**"}; !slices.Equal(cfg.Exclude, want) {
		t.Errorf("exclude %q", cfg.Exclude)
	}
	if cfg.Interval != 12*time.Hour || cfg.Contact != "mailto:crawler@software.example" {
		t.Errorf("interval %s, contact %s", cfg.Interval, cfg.Contact)
	}
	if want := (retentionConfig{History: "5y", Visits: "90d"}); cfg.Retention != want {
		t.Errorf("retention %+v", cfg.Retention)
	}
	lab, bitbucket, folder := cfg.Forges[0], cfg.Forges[1], cfg.Forges[2]
	if !slices.Equal(lab.Tokens, []string{"LAB_ONE", "LAB_TWO"}) || lab.WebhookSecretEnv != "LAB_HOOK" || !slices.Equal(bitbucket.Tokens, []string{"BITBUCKET_TOKEN"}) {
		t.Errorf("forges %+v, %+v", lab, bitbucket)
	}
	if folder.Kind != crawler.Folder || folder.base.String() != "file:///srv/repos" {
		t.Errorf("folder %+v", folder)
	}
	italia, list := cfg.Catalogues[0], cfg.Catalogues[1]
	if italia.Kind != catalog.DevelopersItalia || list.Kind != "" || !list.AllowPrivate {
		t.Errorf("catalogues %+v", cfg.Catalogues)
	}
	if got := list.Publisher.publisher(); got.Name != "Land Schleswig-Holstein" {
		t.Errorf("the publisher named by its id alone is %+v", got)
	}
	var ids []string
	for _, p := range cfg.publishers() {
		ids = append(ids, p.ID)
	}
	if got := strings.Join(ids, " "); got != "sh found italia" {
		t.Errorf("publishers %s", got)
	}
}

// The operators' guide has one example with every key, and it can be used.
func TestGuideShowsEveryKey(t *testing.T) {
	guide, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("no example in the guide")
	}
	if _, err := parseConfig([]byte(example)); err != nil {
		t.Errorf("the example: %v", err)
	}
	var look func(s shape)
	look = func(s shape) {
		for key, sub := range s.keys {
			if !strings.Contains(example, key+":") {
				t.Errorf("%s is not in the example", key)
			}
			look(sub)
		}
		if s.list != nil {
			look(*s.list)
		}
	}
	look(configShape)
}

func TestDefaultInterval(t *testing.T) {
	cfg, err := parseConfig([]byte(goodConfig))
	if err != nil || cfg.Interval != 6*time.Hour || cfg.Publishers[0].Sources[0].Interval != 0 {
		t.Errorf("%v, %+v", err, cfg)
	}
}

func TestFullConfigErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		old, new string
		want     []string
	}{
		"unknown key of a source":       {"folders:", "folder:", []string{"line 25", "publishers[0].sources[1].folder", "exclude, folders, interval, url"}},
		"key of a source twice":         {"        interval: 1h", "        url: https://a.example/b", []string{"line 26", "twice"}},
		"source without address":        {"url: https://git.example/gitlab/monorepos", "folders: [x]", []string{"publishers[0].sources[1]"}},
		"unknown key of a catalogue":    {"allowPrivate: true", "private: true", []string{"line 39", "catalogues[1].private"}},
		"contact without scheme":        {"mailto:crawler@software.example", "crawler@software.example", []string{"line 3", "contact", "mailto:"}},
		"contact that ends the comment": {"mailto:crawler@software.example", "mailto:a)(b@software.example", []string{"line 3", "contact"}},
		"contact without encryption":    {"mailto:crawler@software.example", "http://software.example", []string{"line 3"}},
		"interval without unit":         {"interval: 12h", "interval: 12", []string{"line 4"}},
		"interval too short":            {"interval: 12h", "interval: 5s", []string{"line 4", "interval", "1m"}},
		"interval of a source":          {"interval: 1h", "interval: 9999h", []string{"line 26", "sources[1].interval"}},
		"retention of nonsense":         {"history: 5y", "history: a while", []string{"line 41", "retention.history", "5y, 18m or 90d", "a while"}},
		"retention too short":           {"visits: 90d", "visits: 29d", []string{"line 41", "retention.visits", "30d"}},
		"retention of nothing known":    {"visits: 90d", "visit: 90d", []string{"line 41", "retention.visit;", "history, removed, visits"}},
		"retention is no mapping":       {"{history: 5y, visits: 90d}", "5y", []string{"line 41", "retention", "a mapping"}},
		"exclude is no list":            {"exclude: [monorepos/old/*, /Monorepos/Test.git]", "exclude: old", []string{"line 24", "must be a list"}},
		"exclude of a list":             {"exclude: [monorepos/old/*, /Monorepos/Test.git]", "exclude: [[old]]", []string{"line 24", "exclude[0]", "single value"}},
		"empty exclude":                 {"exclude: [monorepos/old/*, /Monorepos/Test.git]", "exclude: [a,,b]", []string{"line 24"}},
		"exclude with address":          {"monorepos/old/*", "https://git.example/old/*", []string{"line 24", "exclude[0]", "without the forge's address"}},
		"exclude without path":          {"git.example/**/archive/**", "git.example", []string{"line 7", "exclude[1]", "host and a path"}},
		"broken exclude":                {"git.example/**/archive/**", "git.example/[a", []string{"line 7", "no pattern"}},
		"two stars in a segment":        {"git.example/**/archive/**", "git.example/a**", []string{"line 7", "whole segment"}},
		"folders outside":               {"apps/*", "../apps", []string{"line 25", "folders[0]"}},
		"folders from the root":         {"apps/*", "/apps", []string{"line 25", "folders[0]"}},
		"folders broken":                {"apps/*", "'[a'", []string{"line 25", "no pattern"}},
		"folders with two stars":        {"apps/*", "apps/**", []string{"line 25", "each level"}},
		"token is a mapping":            {"[LAB_ONE, LAB_TWO]", "{a: b}", []string{"line 12", "forges[0].tokenEnv", "a single value or a list"}},
		"secret in the list":            {"LAB_TWO", "glpat-abc.def", []string{"line 12", "NAME"}},
		"token twice":                   {"LAB_TWO", "LAB_ONE", []string{"line 12", "twice"}},
		"webhook secret in the file":    {"LAB_HOOK", "s3cr3t!", []string{"line 13", "webhookSecretEnv", "NAME"}},
		"folder of another kind":        {"url: file:///srv/repos", "url: file:///srv/repos\n    kind: git", []string{"line 18", "file:///FOLDER"}},
		"kind folder with an address":   {"kind: gitlab", "kind: folder", []string{"line 11", "file:///FOLDER"}},
		"folder with dots":              {"file:///srv/repos/team", "file:///srv/../etc", []string{"line 27", "whole path"}},
		"the whole disk":                {"file:///srv/repos/team", "file:///", []string{"line 27", "root of the disk"}},
		"folder on a host":              {"file:///srv/repos/team", "file://host/srv", []string{"line 27", "on this machine"}},
		"search elsewhere":              {"forge: https://github.com", "forge: https://git.example/gitlab", []string{"line 29", "only GitHub"}},
		"discover without publisher":    {"    publisher: {id: found, name: Gefunden}\n", "", []string{"line 29", "discover[0].publisher is missing"}},
		"unknown publisher":             {"publisher: sh", "publisher: hh", []string{"line 38", "catalogues[1].publisher", `no publisher "hh"`}},
		"publisher defined twice":       {"{id: italia, name: Italien, region: IT}", "{id: sh, name: B}", []string{"line 35", "publisher: sh"}},
		"publisher without name":        {"{id: found, name: Gefunden}", "{id: found}", []string{"line 30", "discover[0].publisher.name"}},
		"kind of catalogue":             {"kind: developers-italia", "kind: ckan", []string{"line 34", "catalogues[0].kind", "code-json", "ckan"}},
		"API in a file":                 {"url: https://api.example/v1", "url: ./api", []string{"line 34", "catalogues[0].kind", "not from a file"}},
		"catalogue without scheme":      {"https://api.example/v1", "api.example/v1", []string{"line 33", "catalogues[0].url", "https://"}},
		"catalogue twice":               {"./lists/weitere.txt", "https://api.example/v1", []string{"line 37", "twice"}},
		"empty item":                    {"      - https://git.example/gitlab/group", "      -", []string{"publishers[0].sources[0] is empty"}},
		"catalogues is a mapping":       {"catalogues:", "catalogues: {url: a}\nx:", []string{"line 32", "catalogues must be a list"}},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(fullConfig, tt.old) {
				t.Fatalf("%q is not in the configuration", tt.old)
			}
			_, err := parseConfig([]byte(strings.Replace(fullConfig, tt.old, tt.new, 1)))
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
		})
	}
}

func TestAliasesInConfig(t *testing.T) {
	cfg, err := parseConfig([]byte(`store: sqlite:a.db
exclude: &all [github.com/a/b]
publishers:
  - {id: a, name: A}
catalogues:
  - {url: ./l.txt, publisher: a, exclude: *all}
`))
	if err != nil || !slices.Equal(cfg.Catalogues[0].Exclude, []string{"github.com/a/b"}) {
		t.Errorf("%v, %+v", err, cfg)
	}
	bomb := "store: sqlite:a.db\nexclude: &e [" + strings.Repeat("github.com/a/b, ", 2000) + "]\ncatalogues:\n" +
		strings.Repeat("  - {url: ./l, exclude: *e}\n", 2000)
	if _, err := parseConfig([]byte(bomb)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("the bomb: %.200v", err)
	}
}

func TestExcludeFile(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "exclude.txt")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "allmende.yml")
	write(path, "store: sqlite:a.db\nexclude: [git.example/a/*]\nexcludeFile: "+list+"\n")

	write(list, "\xef\xbb\xbf# gone\r\nhttps://GitHub.com/o/r.git # theirs\r\n\r\ngitlab.com/group/**\n")
	cfg, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"git.example/a/*", "github.com/o/r", "gitlab.com/group/**"}; !slices.Equal(cfg.Exclude, want) {
		t.Errorf("exclude %q", cfg.Exclude)
	}

	write(list, "github.com/o/r\nnothing\na/[b\n")
	if _, err = loadConfig(path); err == nil || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "line 3") || !strings.Contains(err.Error(), list) {
		t.Errorf("broken lines: %v", err)
	}
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	if _, err = loadConfig(path); err == nil || !strings.Contains(err.Error(), list) {
		t.Errorf("missing file: %v", err)
	}
}

func TestPolicyFiles(t *testing.T) {
	for name, tt := range map[string]struct {
		policy string
		want   []string // of the error; nil for none
	}{
		"own":             {"id: stadt\nname: {de: Stadt, en: Town}\nallow: [EUPL-1.2]\n", nil},
		"id is taken":     {"id: osi\nname: {de: Stadt, en: Town}\nallow: [EUPL-1.2]\n", []string{"osi", "already"}},
		"unknown key":     {"id: stadt\nname: {de: Stadt, en: Town}\nerlaubt: [EUPL-1.2]\n", []string{"erlaubt"}},
		"no such licence": {"id: stadt\nname: {de: Stadt, en: Town}\nallow: [EUPL-9]\n", []string{"EUPL-9"}},
	} {
		t.Run(name, func(t *testing.T) {
			policy := write(t, "p.yml", tt.policy)
			file := write(t, "a.yml", fmt.Sprintf("store: sqlite:a.db\npolicies: [%q]\npublishers:\n  - {id: a, name: A, sources: [https://github.com/a]}\n", policy))
			cfg, err := loadConfig(file)
			if tt.want == nil {
				if err != nil || cfg.policies[len(cfg.policies)-1].ID != "stadt" || len(cfg.policies) != len(licence.Policies())+1 {
					t.Errorf("%+v, %v", cfg, err)
				}
				return
			}
			for _, part := range append(tt.want, policy) {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%v does not say %q", err, part)
				}
			}
		})
	}
}

func TestExclusions(t *testing.T) {
	address := func(s string) *url.URL {
		u, err := sourceURL(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	patterns := func(parse func(string) (string, error), list ...string) exclusions {
		for i, p := range list {
			clean, err := parse(p)
			if err != nil {
				t.Fatal(err)
			}
			list[i] = clean
		}
		return newExclusions(list)
	}
	for _, tt := range []struct {
		all, own, forge string
		id              registry.ID
		want            string
	}{
		{"github.com/org/*", "", "https://github.com", "github.com/Org/Repo", "github.com/org/*"},
		{"github.com/org/*", "", "https://github.com", "github.com/organisation/repo", ""},
		{"git.example/group/*", "", "https://git.example", "git.example/group/sub/repo", ""},
		{"git.example/group/**", "", "https://git.example", "git.example/group/sub/repo", "git.example/group/**"},
		{"git.example:8443/a/b", "", "https://git.example:8443", "git.example:8443/A/b", "git.example:8443/a/b"},
		{"", "group/sub/*", "https://git.example", "git.example/group/sub/repo", "group/sub/*"},
		{"", "Group/Sub/Name", "https://git.example/lab", "git.example/lab/group/sub/name", "group/sub/name"},
		{"", "lab/group/*", "https://git.example/lab", "git.example/lab/group/name", ""},
		{"", "**/test-*", "https://www.github.com:443", "github.com/o/test-1", "**/test-*"},
		{"", "**/test-*", "https://git.example", "git.example/test-1", "**/test-*"},
		{"", "ÄMTER/*", "https://git.example", "git.example/ämter/x", "ämter/*"},
		{"", "a/b", "file:///srv/repos", "git.example/a/b", "a/b"},
		{"", "", "https://git.example", "git.example/a/b", ""},
	} {
		var all, own exclusions
		if tt.all != "" {
			all = patterns(idExclusion, tt.all)
		}
		if tt.own != "" {
			own = patterns(pathExclusion, tt.own)
		}
		got, excluded := excluder(all, own, address(tt.forge))(tt.id)
		if got != tt.want || excluded != (tt.want != "") {
			t.Errorf("%s with %q and %q at %s: %q, %v", tt.id, tt.all, tt.own, tt.forge, got, excluded)
		}
	}
}

// What a catalogue says of publishers cannot pass for one of the operator's.
func TestPublisherOf(t *testing.T) {
	cfg, err := parseConfig([]byte(fullConfig))
	if err != nil {
		t.Fatal(err)
	}
	for named, want := range map[string]string{"": "italia", "roma": "roma", "sh": "italia", "found": "italia", "italia": "italia"} {
		if got := cfg.publisherOf(cfg.Catalogues[0], registry.Publisher{ID: named, Name: "X"}); got.ID != want {
			t.Errorf("%q: %+v, want %s", named, got, want)
		}
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(goodConfig))
	f.Add([]byte(fullConfig))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("store: sqlite:x\npublishers: &a [*a]\n"))
	f.Add([]byte("publishers: {sources: [[]]}\nforges: 1\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		cfg, err := parseConfig(src)
		if err == nil && sqlitePath(cfg.Store) == "" {
			t.Error("accepted without a store")
		}
	})
}

func FuzzParseExclusions(f *testing.F) {
	f.Add([]byte("github.com/o/r # why\n\xef\xbb\xbfgit.example/**/a-*\n[\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		patterns, err := parseExclusions(src)
		if err != nil {
			return
		}
		for _, p := range patterns {
			if again, err := idExclusion(p); err != nil || again != p {
				t.Errorf("%q becomes %q: %v", p, again, err)
			}
		}
		newExclusions(patterns).match("github.com/o/r")
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
      - file:///srv/repos
`))
	if err != nil {
		t.Fatal(err)
	}
	fs, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := newSources(cfg, fs, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, s := range sources.named {
		paths = append(paths, s.Path)
	}
	if got, want := strings.Join(paths, " | "), " | group/sub/project | gitlabber/x | Owner | o/r | "; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
}

// An entry for a well-known forge that only adds to it takes nothing away.
func TestWellKnownForges(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "bekannt")
	t.Setenv("OWN_TOKEN", "eigen")
	for entry, token := range map[string]string{
		"{url: https://codeberg.org}":                            "bekannt",
		"{url: https://github.com, webhookSecretEnv: HOOK}":      "bekannt",
		"{url: https://github.com, tokenEnv: [OWN_TOKEN]}":       "eigen",
		"{url: https://github.com, kind: github, tokenEnv: NOT}": "",
	} {
		cfg, err := parseConfig([]byte("store: sqlite:a.db\nforges:\n  - " + entry + "\ndiscover: [{forge: https://github.com, publisher: {id: f, name: F}}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		fs, err := newForges(cfg, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if len(fs.list) != len(wellKnown) {
			t.Errorf("%s: %d forges", entry, len(fs.list))
		}
		base, _ := url.Parse("https://github.com")
		if f := fs.exact(base); f.Kind != crawler.GitHub || strings.Join(f.tokens, " ") != token {
			t.Errorf("%s: kind %q, tokens %q", entry, f.Kind, f.tokens)
		}
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
