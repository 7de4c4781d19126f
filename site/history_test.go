// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

// states of an entry that differ in what they are told, the newest first.
func revisions(n int, change func(s *registry.Software, rev int)) []*registry.Revision {
	var all []*registry.Revision
	for rev := range n {
		s := entry("github.com/kiel/akte", "Akte", kiel)
		change(s, rev)
		kind := registry.Updated
		if rev == 0 {
			kind = registry.Added
		}
		at := time.Date(2026, 4, 1+rev, 7, 30, 0, 0, time.UTC)
		all = append(all, &registry.Revision{Change: registry.Change{Rev: registry.Rev(rev + 1), ID: s.ID, Kind: kind, Time: at}, Software: s})
	}
	slices.Reverse(all)
	return all
}

func TestHistoryPage(t *testing.T) {
	c := sample()
	past := revisions(3, func(s *registry.Software, rev int) {
		if rev > 0 {
			s.PublicCode.SoftwareVersion, s.PublicCode.Legal.License, s.PublicCode.DevelopmentStatus = "1.3.0", "MIT", "obsolete"
			s.PublicCode.ReleaseDate, s.PublicCode.Categories = "2026-04-01", []string{"e-commerce", "it-security", "backup"}
			s.Repository.Archived, s.Repository.Stars = true, 2345
			s.Findings = append(s.Findings, publiccode.Finding{Code: "PC0102", Severity: publiccode.Error, Line: 1, Column: 1, Key: "url", Args: []string{"url"}})
			for i := range s.Files {
				s.Files[i].Commit = strings.Repeat("ef", 20)
			}
		}
		if rev > 1 {
			d := s.PublicCode.Description["fr"]
			d.ShortDescription = "Plus " + strings.Repeat("court ", 100)
			s.PublicCode.Description["fr"] = d
		}
	})
	moved := *past[0].Software
	c.past = map[registry.ID][]*registry.Revision{
		moved.ID: slices.Concat([]*registry.Revision{
			{Change: registry.Change{Rev: 6, ID: moved.ID, Kind: registry.Renamed, From: "github.com/kiel/altakte", Time: past[0].Time}, Software: &moved},
			{Change: registry.Change{Rev: 5, ID: moved.ID, Kind: registry.Restored, Time: past[0].Time}, Software: &moved},
			{Change: registry.Change{Rev: 4, ID: moved.ID, Kind: registry.Removed, Reason: registry.FileGone, Time: past[0].Time}},
		}, past),
		"github.com/kiel/weg": {
			{Change: registry.Change{Rev: 9, ID: "github.com/kiel/weg", Kind: registry.Removed, Reason: registry.Declined, Time: past[0].Time}},
			{Change: registry.Change{Rev: 8, ID: "github.com/kiel/weg", Kind: registry.Updated, Time: past[0].Time}, Software: entry("github.com/kiel/weg", "Weg", kiel)},
		},
	}
	server := serve(t, c, Options{})
	for _, tt := range []struct {
		path       string
		says, hush []string
	}{
		{"/history/github.com/kiel/akte/", []string{
			"Verlauf: Akte", "Umgezogen", "Vorher unter github.com/kiel/altakte", "Wieder aufgenommen", "Entfernt",
			"Das Repository hat keine Datei publiccode.yml mehr.", "Geändert · 3. April 2026, 07:30 Uhr · Revision 3",
			"VersionVorher: 1.2.0Danach: 1.3.0", "LizenzVorher: EUPL-1.2Danach: MIT",
			"EntwicklungsstandVorher: " + publiccode.StatusLabel("stable", "de") + "Danach: " + publiccode.StatusLabel("obsolete", "de"),
			"Veröffentlicht amVorher: 1. Februar 2026Danach: 1. April 2026", "KategorienVorher: keine AngabeDanach: " + publiccode.CategoryLabel("backup", "de"),
			"Repository archiviertVorher: keine AngabeDanach: Ja", "SterneVorher: 1.234Danach: 2.345", "BefundVorher: keine AngabeDanach: PC0102",
			"2 technische Angaben", "/files/0/commit", "Kurzbeschreibung (Französisch)Vorher: Court.Danach: Plus court", "Aufgenommen · 1. April 2026",
		}, []string{strings.Repeat("court ", 50), "nicht aufgezeichnet"}},
		{"/en/history/github.com/kiel/weg/", []string{"History: Weg", "does not list this entry any more", "do not want it listed here", "Earlier states were not recorded."}, []string{"To the entry"}},
		{"/history/127.0.0.1:9101/amt/werk%20zeug/", []string{"Aufgenommen"}, []string{"Vorher"}},
	} {
		got := fetch(t, server, "GET", tt.path)
		checkPage(t, tt.path, got.body)
		text := visibleText(t, got.body)
		for _, want := range tt.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q: %s", tt.path, want, text)
			}
		}
		for _, no := range tt.hush {
			if strings.Contains(text, no) {
				t.Errorf("%s says %q", tt.path, no)
			}
		}
	}
	for path, want := range map[string]string{
		"/history/github.com/kiel/altakte/":    "301 /history/github.com/kiel/akte/",
		"/en/history/GitHub.com/Kiel/akte":     "301 /en/history/GitHub.com/Kiel/akte/",
		"/history/github.com/kiel/gibt-nicht/": "404 ",
		"/history/":                            "404 ",
		"/history/..%2f..%2fetc/":              "404 ",
	} {
		got := fetch(t, server, "GET", path)
		if status := fmt.Sprint(got.StatusCode, " ", got.Header.Get("Location")); status != want {
			t.Errorf("%s: %s, want %s", path, status, want)
		}
	}
	if gone := fetch(t, server, "GET", "/software/github.com/kiel/weg/"); gone.StatusCode != 410 || !strings.Contains(string(gone.body), `href="/history/github.com/kiel/weg/"`) {
		t.Errorf("the page of what is gone does not lead to its history: %s", gone.Status)
	}
}

func TestLongHistory(t *testing.T) {
	c := sample()
	c.past = map[registry.ID][]*registry.Revision{"github.com/kiel/akte": revisions(maxRevisions+20, func(s *registry.Software, rev int) {
		s.Repository.Stars = rev
		s.Repository.Topics = nil
		for i := range 3 * maxChanged {
			s.Repository.Topics = append(s.Repository.Topics, fmt.Sprint(rev, "-", i))
		}
	})}
	got := fetch(t, serve(t, c, Options{}), "GET", "/history/github.com/kiel/akte/")
	text := visibleText(t, got.body)
	if n := strings.Count(string(got.body), `class="revision"`); n != maxRevisions || !strings.Contains(text, "Gezeigt werden die neuesten 50 Änderungen.") {
		t.Errorf("%d revisions are shown", n)
	}
	if !strings.Contains(text, "Geändert · 21. April 2026, 07:30 Uhr · Revision 21 Geänderte Angaben AngabeVorherDanach SterneVorher: 19Danach: 20") {
		t.Error("the oldest revision shown is not compared with the one before it")
	}
	if !strings.Contains(text, "weitere Änderungen werden hier nicht gezeigt.") {
		t.Error("what is left out is not said")
	}
	if len(got.body) > 1<<20 {
		t.Errorf("%d bytes", len(got.body))
	}
}

func TestHostileHistory(t *testing.T) {
	c := sample()
	bad := hostile()
	before := entry(bad.ID, "Vorher", kiel)
	c.past = map[registry.ID][]*registry.Revision{bad.ID: {
		{Change: registry.Change{Rev: 4, ID: bad.ID, Kind: registry.Renamed, From: attack, Reason: attack}, Software: bad},
		{Change: registry.Change{Rev: 3, ID: bad.ID, Kind: attack}, Software: before},
	}}
	page := fetch(t, serve(t, c, Options{}), "GET", "/history/"+string(bad.ID)+"/").body
	checkPage(t, "history", page)
	for _, no := range []string{"<script>alert", "<img src=https", "href=\"javascript"} {
		if strings.Contains(string(page), no) {
			t.Errorf("it holds %s", no)
		}
	}
	if len(page) > 256<<10 {
		t.Errorf("%d bytes", len(page))
	}
}

func FuzzInWords(f *testing.F) {
	for _, raw := range []string{`"2026-01-02"`, `{"name":"x"}`, `[1,[2,"3"],null]`, `1e400`, `{"code":"PC0101","args":7}`, `{`, ``} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for pointer := range facts {
			_, fact, _ := named("de", pointer)
			if got := inWords("de", json.RawMessage(raw), fact); len([]rune(got)) > maxValue+1 {
				t.Errorf("%s: %d characters", pointer, len(got))
			}
		}
	})
}

// Each name of a value is that of a value there is.
func TestFactsAreValues(t *testing.T) {
	s := entry("github.com/kiel/akte", "Akte", kiel)
	p := &s.PublicCode
	p.ApplicationSuite, p.Roadmap, s.Stale, s.Repository.Description, s.Repository.Archived = "x", "x", "x", "x", true
	p.FundedBy = []publiccode.Organisation{{Name: "x"}}
	p.DependsOn = &publiccode.DependsOn{Open: []publiccode.Dependency{{Name: "x"}}, Proprietary: []publiccode.Dependency{{Name: "x"}}, Hardware: []publiccode.Dependency{{Name: "x"}}}
	p.Description = map[string]publiccode.Description{"*": {
		LocalisedName: "x", GenericName: "x", ShortDescription: "x", LongDescription: "x", Features: []string{"x"}, Documentation: "x", APIDocumentation: "x",
	}}
	s.Licence, s.Forks = &registry.LicenceReport{Verdict: registry.LicenceVerdict("match")}, []registry.Fork{{ID: "git.example/a/b"}}
	s.Comaintenance = neighbourly().entries[0].Comaintenance
	s.Overrides = []registry.Override{{Field: registry.OverrideLicence, Value: json.RawMessage(`"x"`)}}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for pointer := range facts {
		at := doc
		for _, key := range strings.Split(pointer, "/")[1:] {
			object, _ := at.(map[string]any)
			at = object[key]
		}
		if at == nil {
			t.Errorf("no entry has %s", pointer)
		}
	}
}
