// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/registry"
)

// openEntry has an issue that invites others.
func openEntry(id registry.ID, region, language string, labels ...string) *registry.Software {
	s := &registry.Software{ID: id, Publisher: registry.Publisher{ID: "p" + region, Name: "P", Region: region}}
	s.Repository.URL, s.Repository.Language, s.PublicCode.Name = "https://"+string(id), language, "Werk "+language
	s.Activity = &registry.Activity{HelpWanted: []registry.Issue{{
		Title: "Wer\x1b[2J hilft?", URL: "https://" + string(id) + "/issues/1", Labels: labels, Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}}}
	return s
}

func TestJoinCommand(t *testing.T) {
	north := openEntry("git.example/a/one", "DE-SH", "Go", "help wanted")
	north.Comaintenance = []registry.Comaintenance{{
		Comaintenance: adoption.Comaintenance{Seeks: adoption.CoMaintainers, ConfirmedUntil: "2999-12-31", Joining: adoption.Joining{URL: "https://runde.example/mit"}},
		Repository:    north.ID,
	}}
	south := openEntry("git.example/b/two", "DE-BY", "Python", "Hilfe gesucht")
	old := openEntry("git.example/c/three", "DE-BY", "Python", "Hilfe gesucht")
	old.Repository.Archived = true
	config := filled(t, func(s registry.Store) {
		for _, entry := range []*registry.Software{north, south, old} {
			if _, err := s.Put(t.Context(), entry); err != nil {
				t.Fatal(err)
			}
		}
	})
	list := func(args ...string) string {
		t.Helper()
		out, errs, code := command(t, append([]string{"join", "--config", config, "--lang", "de"}, args...)...)
		if code != 0 {
			t.Fatalf("code %d: %s", code, errs)
		}
		return out
	}
	if out := list(); strings.Count(out, "\n") != 6 || strings.Contains(out, "\x1b") || !strings.Contains(out, "https://runde.example/mit") || strings.Contains(out, "three") {
		t.Errorf("%q", out)
	}
	for _, tt := range []struct {
		args            []string
		seeking, issues int
	}{
		{nil, 1, 2},
		{[]string{"--region", "de-sh"}, 1, 1},
		{[]string{"--programming-language", "python"}, 0, 1},
		{[]string{"--label", "HELP wanted"}, 1, 1},
	} {
		var got openings
		if err := json.Unmarshal([]byte(list(append(tt.args, "--json")...)), &got); err != nil || len(got.Seeking) != tt.seeking || len(got.Issues) != tt.issues {
			t.Errorf("%v: %v %+v", tt.args, err, got)
		}
	}
	if out := list("--region", "DE-HH"); !strings.Contains(out, "Niemand") {
		t.Error(out)
	}
}

func TestForksCommand(t *testing.T) {
	ahead, behind := 3, registry.DriftBehind
	base := openEntry("git.example/a/one", "DE-SH", "Go")
	base.Forks = []registry.Fork{
		{
			ID: "git.example/b/one", URL: "https://git.example/b/one", Ahead: &ahead, Behind: &behind,
			Commits: []registry.ForkCommit{{Hash: strings.Repeat("a", 40), Title: "Neu\x1b[2J"}},
		},
		{ID: "git.example/c/one", URL: "https://git.example/c/one", Unknown: registry.OtherForge},
	}
	config := filled(t, func(s registry.Store) {
		for _, entry := range []*registry.Software{base, openEntry("git.example/d/two", "DE-SH", "Go")} {
			if _, err := s.Put(t.Context(), entry); err != nil {
				t.Fatal(err)
			}
		}
	})
	for _, tt := range []struct {
		args  []string
		lines int
		code  int
	}{
		{nil, 5, 0},
		{[]string{"--drifting"}, 3, 0},
		{[]string{"git.example/a/one"}, 5, 0},
		{[]string{"git.example/d/two"}, 1, 0},
		{[]string{"git.example/x/y"}, 0, 4},
		{[]string{"a", "b"}, 0, 2},
	} {
		out, errs, code := command(t, append([]string{"forks", "--config", config, "--lang", "de"}, tt.args...)...)
		if code != tt.code || strings.Count(out, "\n") != tt.lines || strings.Contains(out+errs, "\x1b") {
			t.Errorf("%v: code %d, %q %q", tt.args, code, out, errs)
		}
	}
	out, _, _ := command(t, "forks", "--config", config, "--json")
	var all []forkOf
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 2 || all[0].Original != base.ID || all[0].Drift != registry.Drifting || *all[0].Behind != behind {
		t.Errorf("%v: %+v", err, all)
	}
}
