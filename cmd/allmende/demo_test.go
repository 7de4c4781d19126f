// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler/forgetest"
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

// TestSamples holds the files in each sample against how they are meant.
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
		sample := strings.TrimSuffix(path.Base(name), ".txtar")
		for _, file := range txtar.Parse(text).Files {
			var findings []publiccode.Finding
			switch path.Base(file.Name) {
			case "publiccode.yml", "publiccode.yaml":
				invalid := false
				for _, f := range publiccode.Parse(file.Data, publiccode.Options{}).Findings {
					invalid = invalid || f.Severity == publiccode.Error
				}
				if invalid != broken[sample] {
					t.Errorf("%s, %s: errors %t, want %t", sample, file.Name, invalid, broken[sample])
				}
			case adoption.FileName:
				findings = adoption.Parse(file.Data, adoption.Options{}).Findings
			case adoption.NeedsFileName:
				findings = adoption.ParseNeeds(file.Data, adoption.Options{}).Findings
			}
			for _, f := range findings {
				if f.Severity == publiccode.Advice { // that what is restricted lies open here
					continue
				}
				t.Errorf("%s, %s: %d:%d %s %s %q", sample, file.Name, f.Line, f.Column, f.Code, f.Key, f.Args)
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

// written writes the samples to a folder and returns it.
func written(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "samples")
	if out, errs, code := command(t, "demo", "--write-samples", dir); code != 0 || !strings.Contains(out, "--samples "+dir) {
		t.Fatalf("%d, %s%s", code, out, errs)
	}
	return dir
}

// change replaces a text in a sample by another, as a commit would.
func change(t *testing.T, sample, from, to string) {
	t.Helper()
	text, err := os.ReadFile(sample)
	if err != nil || !bytes.Contains(text, []byte(from)) {
		t.Fatalf("%s: no %q to change: %v", sample, from, err)
	}
	if err := os.WriteFile(sample, bytes.Replace(text, []byte(from), []byte(to), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestSampleWorld changes a folder of samples and reads it again.
func TestSampleWorld(t *testing.T) {
	dir := written(t)
	if _, errs, code := command(t, "demo", "--write-samples", dir); code != exitUsage || !strings.Contains(errs, "file exists") {
		t.Errorf("samples over others: %d, %s", code, errs)
	}
	_, world, err := readSamples(dir)
	if err != nil {
		t.Fatal(err)
	}
	again := func(what string, want bool, problem string) {
		t.Helper()
		changed, err := world.again()
		if changed != want || (err != nil) != (problem != "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: changed %t, %v", what, changed, err)
		}
	}
	find := func(path string) (forgetest.Repo, bool) {
		r, _, ok := world.Find("gitlab", path)
		return r, ok
	}
	sample := filepath.Join(dir, "gitlab-ostsee-it-adoptions.txtar")
	before, _ := find("ostsee-it/adoptions")
	again("as it was", false, "")

	change(t, sample, "elf Seeb\u00e4dern", "neun Seeb\u00e4dern")
	again("another purpose", true, "")
	r, _ := find("ostsee-it/adoptions")
	if r.Commit() == before.Commit() || !r.Pushed.After(before.Pushed) || !bytes.Contains(r.Files["adoptions.yml"], []byte("neun")) {
		t.Errorf("pushed %s after %s:\n%s", r.Pushed, before.Pushed, r.Files["adoptions.yml"])
	}
	again("as it was then", false, "")

	change(t, sample, "forge: gitlab", "forge: gitlob")
	again("broken", false, "gitlab-ostsee-it-adoptions.txtar")
	again("broken still", false, "")
	if kept, ok := find("ostsee-it/adoptions"); !ok || kept.Commit() != r.Commit() {
		t.Error("what was there is gone with the mistake")
	}
	change(t, sample, "forge: gitlob\npath: ostsee-it/adoptions", "forge: gitlab\npath: ostsee-it/nachnutzung")
	again("in another place", true, "")
	if _, ok := find("ostsee-it/adoptions"); ok {
		t.Error("it is where it was, too")
	}
	if _, ok := find("ostsee-it/nachnutzung"); !ok {
		t.Error("it is not where it is now")
	}
	if err := os.Rename(dir, dir+"-gone"); err != nil {
		t.Fatal(err)
	}
	again("gone", false, "no such file")
	again("gone still", false, "")
}

// TestDemoCrawlsAgain declares the use of a software in a sample, as a merge request
// would, and looks for it.
func TestDemoCrawlsAgain(t *testing.T) {
	dir := written(t)
	base, lines := startDemo(t, "--samples", dir)
	const claims = "v1/adoptions?software=github.example/rheinruhr-it/ratskompass"
	if status, body := fetchURL(t, base+claims); status != http.StatusOK || strings.Contains(body, "Spree Code") {
		t.Fatalf("at first: %d, %s", status, body)
	}
	change(t, filepath.Join(dir, "github-spree-code-adoptions.txtar"), "adoptions:\n", `adoptions:
  - software: https://github.example/rheinruhr-it/ratskompass
    role: uses

`)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "duration") {
		t.Log(lines.Text())
	}
	if status, body := fetchURL(t, base+claims); status != http.StatusOK || !strings.Contains(body, "Spree Code") {
		t.Errorf("in the end: %d, %s", status, body)
	}
	for _, page := range []string{"", "en/"} {
		if status, body := fetchURL(t, base+page+"software/github.example/rheinruhr-it/ratskompass/"); status != http.StatusOK || !strings.Contains(body, "Spree Code") {
			t.Errorf("/%s: %d, without who says so", page, status)
		}
	}
}

func TestUnusableSamples(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no folder":   {nil, "config.yaml"},
		"no samples":  {map[string]string{"config.yaml": "store: sqlite:a.db\nforges: [{url: https://a.example, kind: github}]\npublishers: [{id: a, name: A, sources: [https://a.example/a]}]\n"}, "no file *.txtar"},
		"no stand-in": {map[string]string{"config.yaml": "store: sqlite:a.db\nforges: [{url: https://a.example, kind: bitbucket}]\npublishers: [{id: a, name: A, sources: [https://a.example/a]}]\n"}, "kind"},
		"no page":     {map[string]string{"config.yaml": "store: sqlite:a.db\npages: {imprint: {de: ../b.md}}\npublishers: [{id: a, name: A, sources: [https://a.example/a]}]\n"}, "pages of config.yaml: imprint.de"},
		"no YAML":     {map[string]string{"config.yaml": "{"}, "config.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "mine")
			for file, text := range c.files {
				if err := os.MkdirAll(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, errs, code := command(t, "demo", "--listen", "127.0.0.1:0", "--samples", dir)
			if code != exitUsage || !strings.Contains(errs, c.want) || !strings.Contains(errs, dir) {
				t.Errorf("%d, %s", code, errs)
			}
		})
	}
}

// sampleCrawl crawls the samples into a store of their own.
func sampleCrawl(t *testing.T) (*config, *slog.Logger) {
	t.Helper()
	cfg, world, err := readSamples("")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Store = "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	log := slog.New(slog.DiscardHandler)
	addresses, stop, err := startStandIns(t.Context(), cfg, world.World, log)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := crawl(t.Context(), cfg, addresses, newProgress(io.Discard, true)); err != nil {
		t.Fatal(err)
	}
	return cfg, log
}

// TestSamplesTogether looks for what a visitor is to see of reuse and common care.
func TestSamplesTogether(t *testing.T) {
	ctx, now := t.Context(), time.Now()
	cfg, _ := sampleCrawl(t)
	cat, err := openCatalogue(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer cat.Close()

	adopters, states := map[string]bool{}, map[string]bool{}
	careOf, seen := map[string]bool{}, map[string]int{}
	for s, err := range cat.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range s.Adoptions {
			if a.Current(now) && a.Role.Confirms() && a.Own() {
				adopters[a.Organisation.URI], states[a.Organisation.Region] = true, true
			}
			if !a.Current(now) {
				seen["expired"]++
			}
		}
		for _, c := range s.Comaintenance {
			careOf[c.Organisation.URI] = true
			for _, f := range c.Funding {
				seen[string(f.Status)]++
			}
			if !s.SaidByPublisher(c) {
				seen["word of a partner"]++
			} else if c.Repository == s.ID {
				seen["word in the repository"]++
			}
		}
		seen[string(s.Seeks(now))]++
		for _, f := range s.Forks {
			seen[string(s.Drift(f))] += len(f.Commits)
		}
	}
	if len(adopters) < 6 || len(states) < 4 || len(careOf) < 3 {
		t.Errorf("%d adopters of %d states, %d who say how they maintain together", len(adopters), len(states), len(careOf))
	}

	for c, err := range registry.Claims(ctx, cat, now) {
		switch {
		case err != nil:
			t.Fatal(err)
		case c.Confirmed:
			seen["claim confirmed"]++
		case c.Denied:
			seen["claim denied"]++
		case c.Organisation != nil:
			seen["claim of a known one"]++
		}
	}

	communities, err := registry.Communities(ctx, cat, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range communities {
		regions := map[string]bool{}
		for _, p := range c.Partners {
			regions[p.Region] = true
		}
		if len(c.Software) >= 2 && len(regions) >= 3 {
			seen["community"]++
		}
	}

	whole, err := registry.ReadBoard(ctx, cat, func(*registry.Needs) bool { return true }, now)
	if err != nil {
		t.Fatal(err)
	}
	board, err := registry.ReadBoard(ctx, cat, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	seen["restricted need"] = len(whole.Needs) - len(board.Needs)
	needing := map[string]bool{}
	for _, n := range board.Needs {
		needing[n.Organisation.Region] = true
		if n.Visibility == adoption.Restricted {
			t.Errorf("%s is for everybody to see", n.Key)
		}
		for shown, there := range map[string]bool{
			"need": true, "solution": len(n.Solutions) > 0, "alike": len(n.Others) > 0 && n.Joint == "", "procurement": n.Procurement.Planned != "",
		} {
			if there {
				seen[shown]++
			}
		}
	}
	for _, j := range board.Joint {
		if len(j.Backers) >= 2 && j.Software != "" && len(j.Shares) == 1 && j.Shares[0].Currency == "EUR" {
			seen["joint wish"]++
		}
	}
	if len(needing) < 2 {
		t.Errorf("needs of %v alone", needing)
	}
	for shown, least := range map[string]int{
		"expired": 1, string(adoption.OpenFunding): 1, string(adoption.CommittedFunding): 1, "word of a partner": 1, "word in the repository": 1,
		string(adoption.CoMaintainers): 1, string(adoption.NewMaintainer): 1, string(registry.Drifting): 5, string(registry.Diverged): 1,
		"claim confirmed": 1, "claim denied": 1, "claim of a known one": 1, "community": 1,
		"need": 4, "restricted need": 1, "solution": 1, "alike": 2, "procurement": 1, "joint wish": 1,
	} {
		if seen[shown] < least {
			t.Errorf("%s: %d, want %d: %v", shown, seen[shown], least, seen)
		}
	}
}
