// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestRuleCounts(t *testing.T) {
	s := entry("github.com/kiel/akte", "Akte", kiel)
	s.Findings = []publiccode.Finding{
		{Code: "PC0501", Severity: publiccode.Advice, Line: 9},
		{Code: "PC0416", Severity: publiccode.Warning, Line: 7, Key: "legal.license"},
		{Code: "PC0301", Severity: publiccode.Error, Line: 5},
		{Code: "PC0416", Severity: publiccode.Warning, Line: 14},
		{Code: "XX1", Severity: "odd", Line: 2},
		{Code: "PC0401", Severity: publiccode.Warning, Line: 1},
	}
	want := []ruleCount{
		{"PC0301", publiccode.Error, 1, 5, ""},
		{"PC0416", publiccode.Warning, 2, 7, "legal.license"},
		{"PC0401", publiccode.Warning, 1, 1, ""},
		{"PC0501", publiccode.Advice, 1, 9, ""},
		{"XX1", publiccode.Advice, 1, 2, ""},
	}
	if got := ruleCounts(s); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := gradesOf(s); got != (grades{1, 3, 2}) {
		t.Errorf("grades %v", got)
	}
	for i := range 10 * maxRuleCounts {
		s.Findings = append(s.Findings, publiccode.Finding{Code: fmt.Sprintf("XX%d", i+5), Line: 1})
	}
	if got := ruleCounts(s); len(got) != maxRuleCounts || got[0] != want[0] {
		t.Errorf("%d kinds are kept, want %d", len(got), maxRuleCounts)
	}
}

func TestImprovements(t *testing.T) {
	c := sample()
	c.entries[0].Findings = append(c.entries[0].Findings, publiccode.Finding{Code: "HAUS1", Severity: publiccode.Warning, Line: 8})
	server := serve(t, c, Options{})
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	files := tree(t, dir)
	for _, tt := range []struct {
		path             string
		status           int
		contains, absent []string
	}{
		{"/maintain/findings/", 200, []string{"Land Schleswig-Holstein", `/maintain/findings/sh/"`, "4 Einträge, davon ohne Befund: 1."}, []string{"Noch ohne Eintrag"}},
		{"/en/maintain/findings/", 200, []string{"4 entries, without a finding: 1."}, nil},
		{"/maintain/findings/sh/", 200, []string{`href="/software/github.com/kiel/akte/">Akte`, `href="/findings/PC0101/"`, "HAUS1", "Regel eines eigenen Profils", "Zeile 3"}, []string{`/findings/HAUS1/`}},
		{"/en/maintain/findings/ohne/", 200, []string{"No entry has a finding."}, nil},
		{"/maintain/findings/leer/", 404, nil, nil},
		{"/maintain/findings/niemand/", 404, nil, nil},
	} {
		got := fetch(t, server, "GET", tt.path)
		if got.StatusCode != tt.status {
			t.Errorf("%s: %s", tt.path, got.Status)
		}
		checkPage(t, tt.path, got.body)
		written := string(files[strings.TrimPrefix(tt.path, "/")+"index.html"])
		if (written != "") != (tt.status == 200) {
			t.Errorf("%s: written: %t", tt.path, written != "")
		}
		for _, want := range tt.contains {
			for kind, src := range map[string]string{"served": string(got.body), "written": written} {
				if !strings.Contains(src, want) {
					t.Errorf("%s, %s: no %s", tt.path, kind, want)
				}
			}
		}
		for _, bad := range tt.absent {
			if strings.Contains(string(got.body), bad) {
				t.Errorf("%s: has %s", tt.path, bad)
			}
		}
	}
	if got := fetch(t, server, "GET", "/publishers/sh/"); !strings.Contains(string(got.body), `href="/maintain/findings/sh/"`) {
		t.Error("the publisher's page does not lead to its findings")
	}
	if got := fetch(t, server, "GET", "/maintain/findings/sh/?after=kaputt"); got.StatusCode != 400 {
		t.Errorf("a cursor that is none: %s", got.Status)
	}
}

// A publisher with many entries has several pages, written and served.
func TestImprovementsAreSplit(t *testing.T) {
	c := &fake{rev: 1}
	for i := range fileSize + 1 {
		c.entries = append(c.entries, entry(registry.ID(fmt.Sprintf("github.com/kiel/r%03d", i)), fmt.Sprintf("Werk %03d", i), kiel))
	}
	dir := t.TempDir()
	mustBuild(t, newSite(t, c, Options{}), dir)
	files := tree(t, dir)
	server := serve(t, c, Options{})
	for name, src := range map[string][]byte{
		"written":       files["maintain/findings/sh/index.html"],
		"written, more": files["maintain/findings/sh/page/2/index.html"],
		"served":        fetch(t, server, "GET", "/maintain/findings/sh/").body,
		"served, more":  fetch(t, server, "GET", fmt.Sprintf("/maintain/findings/sh/?after=%d", fileSize)).body,
	} {
		want := fileSize
		if strings.HasSuffix(name, "more") {
			want = 1
		}
		if n := strings.Count(string(src), "<h3>"); n != want {
			t.Errorf("%s: %d entries, want %d", name, n, want)
		}
		if name == "served" && !strings.Contains(string(src), fmt.Sprintf("?after=%d", fileSize)) {
			t.Error("served: nothing leads on")
		}
	}
}
