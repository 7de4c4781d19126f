// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/allmende-registry/allmende/publiccode"
	"github.com/allmende-registry/allmende/registry"
)

func TestMovedTo(t *testing.T) {
	const text = "pushed: 2026-11-17T12:00:00Z, 30.06.2026, 2026-02-31, v2026-1, bis 2029-03-31, 12026-11-17"
	for now, want := range map[time.Time]string{
		samplesDay:                     text,
		samplesDay.Add(23 * time.Hour): text,
		samplesDay.AddDate(0, 0, 10):   "pushed: 2026-11-27T12:00:00Z, 30.06.2026, 2026-02-31, v2026-1, bis 2029-04-10, 12026-11-17",
		samplesDay.AddDate(0, 0, -20):  "pushed: 2026-10-28T12:00:00Z, 30.06.2026, 2026-02-31, v2026-1, bis 2029-03-11, 12026-11-17",
	} {
		if got := string(movedTo(now)([]byte(text))); got != want {
			t.Errorf("%s:\n%s, want\n%s", now, got, want)
		}
	}
}

// TestSamples holds the publiccode.yml of each sample against how it is meant.
func TestSamples(t *testing.T) {
	broken := map[string]bool{
		"github-elbe-dienste-hundemarke":                    true,
		"gitlab-elbsandstein-it-verkehr-baustellenkalender": true,
		"gitlab-neckar-kommunal-rathaus-fundkiste":          true,
	}
	names, err := fs.Glob(samples, "samples/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		text, err := samples.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range txtar.Parse(text).Files {
			if base := path.Base(file.Name); base != "publiccode.yml" && base != "publiccode.yaml" {
				continue
			}
			invalid := false
			for _, f := range publiccode.Parse(file.Data, publiccode.Options{}).Findings {
				invalid = invalid || f.Severity == publiccode.Error
			}
			sample := strings.TrimSuffix(path.Base(name), ".txtar")
			if invalid != broken[sample] {
				t.Errorf("%s, %s: errors %t, want %t", sample, file.Name, invalid, broken[sample])
			}
		}
	}
}

// TestDemoShows looks for what the crawler collects in what the demo shows.
func TestDemoShows(t *testing.T) {
	base := runDemo(t)
	get := func(path string, v any) {
		t.Helper()
		if status, body := fetchURL(t, base+path); status != http.StatusOK || json.Unmarshal([]byte(body), v) != nil {
			t.Fatalf("%s: %d, %s", path, status, body)
		}
	}
	var list struct{ Items []struct{ ID string } }
	get("v1/software?perPage=100", &list)
	seen := map[string]int{}
	for _, item := range list.Items {
		var e registry.Software
		get("v1/software/"+item.ID, &e)
		for shown, there := range map[string]bool{
			"part":           strings.Contains(item.ID, "/~/"),
			"location":       len(e.Locations) > 0,
			"technical fork": e.TechnicalForks > 0,
			"variant":        len(e.BasedOn) > 0,
			"archived":       e.Repository.Archived,
			"commits":        e.Activity != nil && e.Activity.Commits != nil && e.Activity.Commits.Total > 5 && e.Activity.Commits.Authors > 1,
			"release":        e.Activity != nil && len(e.Activity.Releases) > 1,
			"help wanted":    e.Activity != nil && len(e.Activity.HelpWanted) > 0,
			"languages":      e.Activity != nil && len(e.Activity.Languages) > 1,
		} {
			if there {
				seen[shown]++
			}
		}
		roles := map[registry.Role]bool{}
		for _, f := range e.Files {
			roles[f.Role] = true
		}
		for role := range roles {
			seen[string(role)]++
		}
	}
	for _, role := range registry.Roles() {
		if seen[string(role)] == 0 {
			t.Errorf("no entry has a file of the role %s", role)
		}
	}
	for shown, least := range map[string]int{
		"part": 2, "location": 1, "technical fork": 1, "variant": 1, "archived": 1,
		"commits": 30, "release": 30, "help wanted": 30, "languages": 30, string(registry.RoleLogo): 15, string(registry.RoleSBOM): 5,
	} {
		if seen[shown] < least {
			t.Errorf("%s: %d entries, want %d: %v", shown, seen[shown], least, seen)
		}
	}
}
