// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// Now is the clock of the suite: adapters that take one are made with it.
func Now() time.Time { return time.Date(2025, time.June, 18, 10, 30, 0, 0, time.UTC) }

// day is a time at noon some days before Now.
func day(before int) time.Time { return Now().AddDate(0, 0, -before).Truncate(time.Hour) }

// describe asks for the descriptions of listed repositories and checks their
// order.
func describe(t *testing.T, f crawler.Forge, repos ...crawler.Repo) []crawler.Description {
	t.Helper()
	out, err := f.Describe(t.Context(), repos)
	if err != nil || len(out) != len(repos) {
		t.Fatalf("Describe: %d descriptions of %d repositories, %v", len(out), len(repos), err)
	}
	for i, d := range out {
		if d.Repo.URL != repos[i].URL || d.Repo.Path != repos[i].Path || d.Repo.ForgeID != repos[i].ForgeID {
			t.Fatalf("description %d is of %s, want %s", i, d.Repo.URL, repos[i].URL)
		}
	}
	return out
}

// known describes the only repository of a world and wants to know of its
// activity.
func (s suite) known(t *testing.T, r forgetest.Repo) (crawler.Description, *registry.Activity) {
	t.Helper()
	return s.knownIn(t, forgetest.New(r), r.Path)
}

func (s suite) knownIn(t *testing.T, w *forgetest.World, path string) (crawler.Description, *registry.Activity) {
	t.Helper()
	f := s.newForge(t, w)
	owner, _, _ := strings.Cut(path, "/")
	d := describe(t, f, one(t, mustList(t, f, owner), path))[0]
	if d.Err != nil || d.Activity == nil {
		t.Fatalf("Activity = %v, Err = %v", d.Activity, d.Err)
	}
	return d, d.Activity
}

func (s suite) languages(t *testing.T) {
	if !s.tells.rich {
		t.Skip("no shares")
	}
	r := s.repo("stadt/wahl")
	r.Languages = map[string]int{"HTML": 250, "Go": 700, "C++": 50}
	_, a := s.known(t, r)
	want := []registry.Language{{Name: "Go", Share: 70}, {Name: "HTML", Share: 25}, {Name: "C++", Share: 5}}
	if !slices.Equal(a.Languages, want) {
		t.Errorf("Languages = %v, want %v", a.Languages, want)
	}
	r.Languages = map[string]int{"Go": 2, "Shell": 1}
	_, a = s.known(t, r)
	if want := []registry.Language{{Name: "Go", Share: 66.7}, {Name: "Shell", Share: 33.3}}; !slices.Equal(a.Languages, want) {
		t.Errorf("Languages = %v, want %v", a.Languages, want)
	}
	if _, a := s.known(t, s.repo("stadt/ohne")); len(a.Languages) != 0 {
		t.Errorf("Languages = %v, want none", a.Languages)
	}
}

func (s suite) releases(t *testing.T) {
	if !s.tells.rich {
		t.Skip("no releases")
	}
	r := s.repo("stadt/wahl")
	r.Releases = []forgetest.Release{
		{Tag: "v3", Draft: true},
		{Tag: "app/v2.1-rc.1", Published: day(3), Prerelease: true},
		{Tag: "v2", Name: "Zwei für alle", Published: day(30), Assets: map[string][]byte{"bom.json": []byte(`{"bomFormat":"CycloneDX"}`), "wahl 2.zip": []byte("PK")}},
		{Tag: "v1", Published: day(400)},
	}
	d, a := s.known(t, r)
	var tags []string
	for i, got := range a.Releases {
		tags = append(tags, got.Tag)
		want := r.Releases[min(i+1, len(r.Releases)-1)]
		if !got.Published.Equal(want.Published) {
			t.Errorf("%s: Published = %s, want %s", got.Tag, got.Published, want.Published)
		}
		if s.tells.prereleases && got.Prerelease != want.Prerelease {
			t.Errorf("%s: Prerelease = %t", got.Tag, got.Prerelease)
		}
		if want.Name != "" && got.Name != want.Name {
			t.Errorf("%s: Name = %q, want %q", got.Tag, got.Name, want.Name)
		}
		if len(got.Assets) != len(want.Assets) {
			t.Errorf("%s: Assets = %+v, want %d", got.Tag, got.Assets, len(want.Assets))
		}
		for _, asset := range got.Assets {
			content := want.Assets[asset.Name]
			if asset.Size != 0 && asset.Size != int64(len(content)) {
				t.Errorf("%s: Size = %d, want %d", asset.Name, asset.Size, len(content))
			}
			if body, err := download(t.Context(), asset.URL); err != nil || content == nil || body != string(content) {
				t.Errorf("%s at %s: %q, %v", asset.Name, asset.URL, body, err)
			}
		}
	}
	if want := []string{"app/v2.1-rc.1", "v2", "v1"}; !slices.Equal(tags, want) {
		t.Errorf("%s: releases %q, want %q", d.Repo.URL, tags, want)
	}

	many := s.repo("stadt/viele")
	assets := make(map[string][]byte)
	for i := range registry.MaxAssets + 5 {
		assets[fmt.Sprintf("f%02d", i)] = []byte("x")
	}
	for i := range registry.MaxReleases + 10 {
		many.Releases = append(many.Releases, forgetest.Release{Tag: fmt.Sprintf("v%d", 100-i), Published: day(i + 1)})
	}
	many.Releases[0].Assets = assets
	_, a = s.known(t, many)
	if len(a.Releases) != registry.MaxReleases || a.Releases[0].Tag != "v100" || a.Releases[registry.MaxReleases-1].Tag != fmt.Sprintf("v%d", 101-registry.MaxReleases) {
		t.Errorf("%d releases, want the newest %d", len(a.Releases), registry.MaxReleases)
	} else if n := len(a.Releases[0].Assets); n != registry.MaxAssets {
		t.Errorf("%d assets, want %d", n, registry.MaxAssets)
	}
}

func download(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return string(body), err
}

func (s suite) tags(t *testing.T) {
	r := s.repo("stadt/wahl")
	hash := strings.Repeat("0123456789", 4)
	r.Tags = []forgetest.Tag{{Name: "v1", Date: day(500), Commit: hash}, {Name: "app/v2", Date: day(5)}}
	for i := range registry.MaxTags {
		r.Tags = append(r.Tags, forgetest.Tag{Name: fmt.Sprintf("nightly-%d", i), Date: day(600 + i), Commit: hash})
	}
	w := forgetest.New(r)
	_, a := s.knownIn(t, w, r.Path)
	served, _, _ := w.Find(s.kind, r.Path)
	if len(a.Tags) != registry.MaxTags {
		t.Fatalf("%d tags, want the newest %d", len(a.Tags), registry.MaxTags)
	}
	for i, got := range a.Tags {
		if want := served.Tags[i]; got.Name != want.Name || got.Commit != want.Commit || !got.Date.Equal(want.Date) {
			t.Errorf("tag %d is %+v, want %+v", i, got, want)
		}
	}
}

func (s suite) commits(t *testing.T) {
	r := s.repo("stadt/wahl")
	at := func(when, author string) {
		date, err := time.Parse(time.RFC3339, when)
		if err != nil {
			t.Fatal(err)
		}
		r.Commits = append(r.Commits, forgetest.Commit{Time: date, Name: author, Email: author + "@example.org"})
	}
	at("2025-06-17T09:00:00Z", "ada")
	at("2025-06-01T00:00:00Z", "ADA")
	at("2025-05-31T23:59:59Z", "bo")
	at("2025-05-01T12:00:00Z", "ada")
	at("2025-01-15T12:00:00Z", "ada")
	at("2024-07-01T00:00:00Z", "cy")
	at("2024-06-30T23:59:59Z", "dora")
	at("2019-01-01T00:00:00Z", "emil")
	_, a := s.known(t, r)
	want := &registry.Commits{Total: 6, Authors: 3}
	for _, m := range []string{"2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06"} {
		month := registry.Month{Month: m}
		switch m {
		case "2024-07", "2025-01":
			month.Commits, month.Authors = 1, 1
		case "2025-05":
			month.Commits, month.Authors = 2, 2
		case "2025-06":
			month.Commits, month.Authors = 2, 1
		}
		want.ByMonth = append(want.ByMonth, month)
	}
	if !reflect.DeepEqual(a.Commits, want) {
		t.Errorf("Commits = %+v\nwant %+v", a.Commits, want)
	}

	old := s.repo("stadt/alt")
	old.Commits = []forgetest.Commit{{Time: day(2000), Name: "ada", Email: "ada@example.org"}}
	_, a = s.known(t, old)
	if c := a.Commits; c == nil || c.Total != 0 || c.Authors != 0 || c.Partial || len(c.ByMonth) != registry.Months || c.ByMonth[0] != (registry.Month{Month: "2024-07"}) {
		t.Errorf("a repository without commits in the last year: %+v", c)
	}

	// An adapter may stop before the end, but says so.
	for _, n := range []int{40, 120, 620} {
		busy := s.repo("stadt/rege")
		for i := range n {
			who := fmt.Sprintf("p%d", i%7)
			busy.Commits = append(busy.Commits, forgetest.Commit{Time: Now().Add(-time.Duration(i+1) * time.Hour), Name: who, Email: who + "@example.org"})
		}
		_, a = s.known(t, busy)
		if c := a.Commits; c == nil || c.Total < 40 || c.Total > n || c.Partial != (c.Total < n) || c.Authors != 7 {
			t.Errorf("%d commits of 7 people: %+v", n, c)
		}
	}
}

func (s suite) issues(t *testing.T) {
	r := s.repo("stadt/wahl")
	r.Issues = []forgetest.Issue{
		{Title: "Karte lädt langsam", Labels: []string{"bug"}, Created: day(1)},
		{Title: "Übersetzen <bitte>", Labels: []string{"Help Wanted", "bug"}, Created: day(2)},
		{Title: "Erledigt", Labels: []string{"help wanted"}, Created: day(3), Closed: true},
		{Title: "Für den Anfang", Labels: []string{"good first issue"}, Created: day(4)},
		{Title: "Wer hilft?", Labels: []string{"HILFE GESUCHT"}, Created: day(900)},
		{Title: "Ohne", Created: day(901)},
	}
	d, a := s.known(t, r)
	if a.OpenIssues == nil || *a.OpenIssues != 5 {
		t.Errorf("OpenIssues = %v, want 5", a.OpenIssues)
	}
	if !s.tells.rich {
		if len(a.HelpWanted) > 0 {
			t.Errorf("HelpWanted = %+v without labels", a.HelpWanted)
		}
		return
	}
	var titles []string
	for _, i := range a.HelpWanted {
		titles = append(titles, i.Title)
		if !strings.HasPrefix(i.URL, d.Repo.URL+"/") {
			t.Errorf("%s: URL = %q is not below %s", i.Title, i.URL, d.Repo.URL)
		}
	}
	if want := []string{"Übersetzen <bitte>", "Für den Anfang", "Wer hilft?"}; !slices.Equal(titles, want) {
		t.Fatalf("HelpWanted = %q, want %q", titles, want)
	}
	if first := a.HelpWanted[0]; !first.Created.Equal(day(2)) || !slices.Equal(slices.Sorted(slices.Values(first.Labels)), []string{"Help Wanted", "bug"}) {
		t.Errorf("Created = %s, Labels = %q", first.Created, first.Labels)
	}

	_, a = s.known(t, s.repo("stadt/ohne"))
	if a.OpenIssues == nil || *a.OpenIssues != 0 || len(a.HelpWanted) != 0 {
		t.Errorf("without issues: OpenIssues = %v, HelpWanted = %v", a.OpenIssues, a.HelpWanted)
	}

	long := s.repo("stadt/lang")
	for i := range 130 {
		long.Issues = append(long.Issues, forgetest.Issue{Title: fmt.Sprintf("Nr. %d", i), Labels: []string{"bug"}, Created: day(i + 1)})
	}
	long.Issues = append(long.Issues, forgetest.Issue{Title: "Ganz alt", Labels: []string{"help wanted"}, Created: day(2000)})
	_, a = s.known(t, long)
	if a.OpenIssues == nil || *a.OpenIssues != 131 || len(a.HelpWanted) != 1 || a.HelpWanted[0].Title != "Ganz alt" {
		t.Errorf("one among 131: OpenIssues = %v, HelpWanted = %+v", a.OpenIssues, a.HelpWanted)
	}

	many := s.repo("stadt/viele")
	for i := range registry.MaxIssues + 5 {
		many.Issues = append(many.Issues, forgetest.Issue{Title: fmt.Sprintf("Nr. %d", i), Labels: []string{"help wanted"}, Created: day(i + 1)})
	}
	_, a = s.known(t, many)
	if len(a.HelpWanted) != registry.MaxIssues || a.HelpWanted[0].Title != "Nr. 0" {
		t.Errorf("%d issues, want the newest %d", len(a.HelpWanted), registry.MaxIssues)
	}
}

func (s suite) exports(t *testing.T) {
	with := s.repo("stadt/mit")
	with.SBOM = []byte(`{"spdxVersion":"SPDX-2.3","packages":[{"name":"a & b"},null]}`)
	f := s.newForge(t, forgetest.New(with, s.repo("stadt/ohne")))
	repos := mustList(t, f, "stadt")
	exporter, ok := f.(crawler.Exporter)
	if ok != s.tells.exports {
		t.Fatalf("it exports: %t, want %t", ok, s.tells.exports)
	}
	if !ok {
		return
	}
	sbom, err := exporter.Export(t.Context(), one(t, repos, "stadt/mit"))
	switch {
	case err != nil || sbom == nil:
		t.Errorf("SBOM is %v, %v", sbom, err)
	case !sameJSON(sbom.Bytes, with.SBOM) || !strings.HasPrefix(sbom.URL, "http"):
		t.Errorf("SBOM = %.200s from %s", sbom.Bytes, sbom.URL)
	}
	if sbom, err := exporter.Export(t.Context(), one(t, repos, "stadt/ohne")); sbom != nil || err != nil {
		t.Errorf("SBOM is %v, %v, want none", sbom, err)
	}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// alive is a repository with something of everything.
func (s suite) alive(path string) forgetest.Repo {
	r := s.repo(path)
	r.Languages = map[string]int{"Go": 1}
	r.Releases = []forgetest.Release{{Tag: "v2", Published: day(2)}, {Tag: "v1", Published: day(9)}}
	r.Tags = []forgetest.Tag{{Name: "v2", Date: day(2)}, {Name: "v1", Date: day(9)}}
	r.Commits = []forgetest.Commit{{Time: day(2), Name: "Ada", Email: "ada@example.org"}, {Time: day(9), Name: "Bo", Email: "bo@example.org"}}
	r.Issues = []forgetest.Issue{{Title: "Eins", Labels: []string{"help wanted"}, Created: day(1)}, {Title: "Zwei", Labels: []string{"help wanted"}, Created: day(2)}}
	return r
}

func (s suite) wantAlive(t *testing.T, d crawler.Description) {
	t.Helper()
	a := d.Activity
	if d.Err != nil || a == nil || len(a.Tags) != 2 || a.Commits == nil || a.Commits.Total != 2 {
		t.Errorf("%s: %+v, %v", d.Repo.URL, a, d.Err)
	} else if s.tells.rich && (len(a.Languages) != 1 || len(a.Releases) != 2 || len(a.HelpWanted) != 2) {
		t.Errorf("%s: %+v", d.Repo.URL, a)
	}
}

// describes: each repository for itself, whatever is the matter with others.
func (s suite) describes(t *testing.T) {
	blocked := s.alive("stadt/gesperrt")
	blocked.Blocked = true
	names := []string{"stadt/wahl", "stadt/weg", "stadt/leer", "stadt/gesperrt", "stadt/kita"}
	w := forgetest.New(s.alive(names[0]), s.alive(names[1]), forgetest.Repo{Forge: s.kind, Path: names[2]}, blocked, s.alive(names[4]))
	for i := range 25 {
		names = append(names, fmt.Sprintf("stadt/r%02d", i))
		w.Put(s.alive(names[len(names)-1]))
	}
	f := s.newForge(t, w)
	listed := mustList(t, f, "stadt")
	var repos []crawler.Repo
	for _, name := range names {
		repos = append(repos, one(t, listed, name))
	}
	w.Remove(s.kind, "stadt/weg")
	for i, d := range describe(t, f, repos...) {
		switch names[i] {
		case "stadt/weg":
			if !errors.Is(d.Err, registry.ErrNotFound) && !errors.Is(d.Err, registry.ErrGone) {
				t.Errorf("of a repository that went away: %+v, %v, want ErrNotFound", d.Activity, d.Err)
			}
		case "stadt/leer":
			if a := d.Activity; d.Err != nil || a != nil && (len(a.Languages)+len(a.Releases)+len(a.Tags) > 0 || a.Commits != nil && a.Commits.Total > 0) {
				t.Errorf("of an empty repository: %+v, %v", a, d.Err)
			}
		case "stadt/gesperrt":
			if a := d.Activity; d.Err != nil && !errors.Is(d.Err, registry.ErrForbidden) || a != nil && a.Commits != nil && a.Commits.Total > 0 {
				t.Errorf("of a blocked repository: %+v, %v", a, d.Err)
			}
		default:
			s.wantAlive(t, d)
		}
	}
	if out, err := f.Describe(t.Context(), nil); err != nil || len(out) != 0 {
		t.Errorf("of nothing: %v, %v", out, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Describe(ctx, repos); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

// nullsInLists: a forge that puts null where an object should be spoils nothing.
func (s suite) nullsInLists(t *testing.T) {
	w := forgetest.New()
	spoil(t, w, spoiler{json: nulls})
	var want []string
	for i := range 120 {
		r := s.alive(fmt.Sprintf("stadt/r%03d", i))
		r.Files["docs/a.md"] = []byte("a")
		w.Put(r)
		want = append(want, r.Path)
	}
	f := s.newForge(t, w)
	if s.tells.instance {
		wantPaths(t, mustList(t, f, ""), slices.Clone(want)...)
	}
	repos := mustList(t, f, "stadt")
	wantPaths(t, repos, want...)
	d := describe(t, f, repos[0], repos[119])
	for i := range d {
		s.wantAlive(t, d[i])
		tree := mustTree(t, f, d[i].Repo)
		if entries, err := tree.ReadDir("docs"); err != nil || len(entries) != 1 {
			t.Errorf("ReadDir: %v, %v", entries, err)
		}
		if _, err := tree.Open("publiccode.yml"); err != nil {
			t.Error(err)
		}
		if _, err := tree.Commit(); err != nil {
			t.Error(err)
		}
	}
}
