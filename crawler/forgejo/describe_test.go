// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// known lists and describes the only repository of an owner named stadt.
func known(t *testing.T, f crawler.Forge) crawler.Description {
	t.Helper()
	_, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil || len(repos) != 1 {
		t.Fatalf("%d repositories, %v", len(repos), err)
	}
	out, err := f.Describe(t.Context(), repos)
	if err != nil || len(out) != 1 {
		t.Fatalf("%d descriptions, %v", len(out), err)
	}
	return out[0]
}

// routes are what the requests went to, without queries, in order.
func routes(urls []string) []string {
	var out []string
	for _, u := range urls {
		u, _, _ = strings.Cut(u, "?")
		out = append(out, strings.TrimPrefix(u, "/api/v1/repos/stadt/wahl/"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestRequestsForDescriptions(t *testing.T) {
	ago := func(hours int) time.Time { return conformance.Now().Add(-time.Duration(hours) * time.Hour) }
	commits := func(n int, of time.Time) (out []forgetest.Commit) {
		for range n {
			out = append(out, forgetest.Commit{Time: of, Name: "Ada", Email: "ada@example.org"})
		}
		return out
	}
	quiet := repo("stadt/wahl")
	full := repo("stadt/wahl")
	full.Language = "Go"
	full.Releases = []forgetest.Release{{Tag: "v1", Published: ago(1)}}
	full.Issues = []forgetest.Issue{{Title: "x"}}
	drafts := repo("stadt/wahl")
	drafts.Releases = []forgetest.Release{{Tag: "v1", Draft: true}}
	drafts.Issues = []forgetest.Issue{{Title: "x", Closed: true}}
	busy := repo("stadt/wahl")
	busy.Commits = commits(120, ago(1))
	frantic := repo("stadt/wahl")
	frantic.Commits = commits(700, ago(1))
	aged := repo("stadt/wahl")
	aged.Commits = append(commits(30, ago(1)), commits(700, ago(20_000))...)
	asked, labelled := repo("stadt/wahl"), repo("stadt/wahl")
	for i := range 60 {
		asked.Issues = append(asked.Issues, forgetest.Issue{Title: "x", Labels: []string{"bug"}, Created: ago(i)})
	}
	labelled.Issues = append(slices.Clone(asked.Issues), forgetest.Issue{Title: "old", Labels: []string{"Help Wanted"}, Created: ago(100)},
		forgetest.Issue{Title: "older", Labels: []string{"good first issue", "Help Wanted"}, Created: ago(200)})
	for _, tt := range []struct {
		name     string
		repo     forgetest.Repo
		routes   []string
		requests int
	}{
		{"empty", forgetest.Repo{Forge: crawler.Forgejo, Path: "stadt/wahl"}, nil, 0},
		{"quiet", quiet, []string{"commits", "tags"}, 2},
		{"of everything", full, []string{"commits", "issues", "languages", "releases", "tags"}, 5},
		{"nothing for strangers", drafts, []string{"commits", "tags"}, 2},
		{"three pages of commits", busy, []string{"commits", "tags"}, 4},
		{"too many commits", frantic, []string{"commits", "tags"}, 11},
		{"most commits are old", aged, []string{"commits", "tags"}, 2},
		{"many issues, no label", asked, []string{"commits", "issues", "labels", "tags"}, 4},
		{"many issues, two labels", labelled, []string{"commits", "issues", "labels", "tags"}, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, asked := world(t, tt.repo)
			_, repos, err := conformance.List(t.Context(), f, "stadt")
			if err != nil {
				t.Fatal(err)
			}
			asked.Take()
			out, err := f.Describe(t.Context(), repos)
			if err != nil || out[0].Err != nil {
				t.Fatal(err, out[0].Err)
			}
			urls := asked.Take()
			if got := routes(urls); !slices.Equal(got, tt.routes) || len(urls) != tt.requests {
				t.Errorf("%d requests, want %d to %q: %q", len(urls), tt.requests, tt.routes, urls)
			}
			if len(tt.repo.Files) == 0 {
				return
			}
			// Both know the commit now.
			for _, r := range []crawler.Repo{repos[0], out[0].Repo} {
				tree, err := f.Files(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				if commit, err := tree.Commit(); err != nil || commit != tt.repo.Commit() {
					t.Errorf("Commit() = %q, %v", commit, err)
				}
			}
			if urls := asked.Take(); len(urls) != 0 {
				t.Errorf("asked for the commit again: %q", urls)
			}
		})
	}
}

func TestRequestsForFolders(t *testing.T) {
	r := repo("stadt/wahl")
	for _, name := range []string{"LICENSES/MIT.txt", "docs/a/b.md", "README.md"} {
		r.Files[name] = []byte("x")
	}
	f, asked := world(t, r)
	d := known(t, f)
	asked.Take()
	tree, err := f.Files(t.Context(), d.Repo)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		folder string
		n      int
	}{{".", 1}, {".", 0}, {"none", 0}, {"README.md", 0}, {"LICENSES", 1}, {"LICENSES", 0}, {"docs/a", 0}, {"docs/none", 0}} {
		_, _ = tree.ReadDir(tt.folder)
		if urls := asked.Take(); len(urls) != tt.n {
			t.Errorf("%s: %d requests, want %d: %q", tt.folder, len(urls), tt.n, urls)
		}
	}
	again, err := f.Files(t.Context(), d.Repo)
	if err != nil {
		t.Fatal(err)
	}
	if entries, err := again.ReadDir("docs/a"); err != nil || len(entries) != 1 || len(asked.Take()) != 0 {
		t.Errorf("another tree of the same repository: %v, %v", entries, err)
	}
}

// A repository that comes from no list is looked up.
func TestDescribeUnlisted(t *testing.T) {
	r := repo("stadt/wahl")
	r.Language, r.Issues = "Go", []forgetest.Issue{{Title: "x"}}
	f, asked := world(t, r)
	_, repos, err := conformance.List(t.Context(), f, "stadt")
	if err != nil {
		t.Fatal(err)
	}
	asked.Take()
	bare := crawler.Repo{Repository: registry.Repository{URL: repos[0].URL}}
	gone := crawler.Repo{Repository: registry.Repository{URL: repos[0].URL + "en"}}
	foreign := crawler.Repo{Repository: registry.Repository{URL: "https://elsewhere.example/stadt/wahl"}}
	out, err := f.Describe(t.Context(), []crawler.Repo{bare, gone, foreign})
	if err != nil {
		t.Fatal(err)
	}
	if a := out[0].Activity; out[0].Err != nil || len(a.Languages) != 1 || a.OpenIssues == nil || *a.OpenIssues != 1 || a.Commits.Total > 1 {
		t.Errorf("%+v, %v", a, out[0].Err)
	}
	if !errors.Is(out[1].Err, registry.ErrNotFound) || !errors.Is(out[2].Err, registry.ErrInvalid) {
		t.Errorf("%v and %v, want ErrNotFound and ErrInvalid", out[1].Err, out[2].Err)
	}
}

// What an instance answers for single parts.
func TestDescriptionAnswers(t *testing.T) {
	const listed = `[{"id":1,"full_name":"stadt/wahl","default_branch":"main","language":"Go","release_counter":1,"has_issues":true,"open_issues_count":1}]`
	fine := map[string]string{
		"commits": `[{"sha":"` + strings.Repeat("a", 40) + `","created":"2025-06-01T00:00:00Z","commit":{"author":{"name":"Ada","email":"ada@example.org"}}}]`,
		"tags":    `[]`, "languages": `{}`, "releases": `[]`, "issues": `[]`,
	}
	describe := func(t *testing.T, part string, status int, body string) crawler.Description {
		return known(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Total-Count", "1")
			at := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			switch {
			case at == "repos":
				conformance.Reply(http.StatusOK, "application/json", listed)(w, r)
			case at == part:
				conformance.Reply(status, "application/json", body)(w, r)
			default:
				conformance.Reply(http.StatusOK, "application/json", fine[at])(w, r)
			}
		}))
	}
	long := strings.Repeat("ä", 1000)
	for _, tt := range []struct {
		name, part string
		status     int
		body       string
		want       func(*registry.Activity) bool // nil: an error
	}{
		{"releases switched off", "releases", 404, `{"message":"x"}`, func(a *registry.Activity) bool { return a.Releases == nil }},
		{"issues switched off", "issues", 404, `{"message":"x"}`, func(a *registry.Activity) bool { return a.HelpWanted == nil }},
		{"no such repository", "commits", 404, `{"message":"x"}`, nil},
		{"no languages to be had", "languages", 404, `{"message":"x"}`, nil},
		{"tags for members", "tags", 403, `{"message":"x"}`, nil},
		{"broken", "releases", 500, `{"message":"x"}`, nil},
		{"half", "issues", 200, `[{"number":`, nil},
		{"null", "commits", 200, `null`, nil},
		{"no commits", "commits", 200, `[]`, func(a *registry.Activity) bool {
			return a.Commits.Total == 0 && len(a.Commits.ByMonth) == registry.Months
		}},
		{"commits of nobody", "commits", 200, `[{},{"sha":"x"},{"sha":"y","commit":{"author":null,"committer":{"date":"no date"}}}]`, func(a *registry.Activity) bool { return a.Commits.Total == 0 }},
		{
			"commits by name", "commits", 200, `[{"created":"2025-06-01T00:00:00Z","commit":{"author":{"name":"A"}}},{"commit":{"author":{"name":"B"},"committer":{"date":"2025-06-02T00:00:00Z"}},"sha":""}]`,
			func(a *registry.Activity) bool { return a.Commits.Total == 2 && a.Commits.Authors == 2 },
		},
		{"odd languages", "languages", 200, `{"Go":10,"":5,"C":-3,"D":0,"` + long + `":10}`, func(a *registry.Activity) bool {
			return slices.Equal(a.Languages, []registry.Language{{Name: "Go", Share: 40}})
		}},
		{"languages null", "languages", 200, `null`, func(a *registry.Activity) bool { return a.Languages == nil }},
		{"odd tags", "tags", 200, `[{"name":""},{"name":"v1"},{"name":"v2","commit":{"sha":"main","created":"2025-01-01T00:00:00Z"}}]`, func(a *registry.Activity) bool {
			return len(a.Tags) == 2 && a.Tags[0].Name == "v2" && a.Tags[0].Commit == "" && a.Tags[1].Date.IsZero()
		}},
		{"odd releases", "releases", 200, `[{"tag_name":""},{"tag_name":"a/b","name":"` + long + `","assets":[{"name":""},{"name":"x y#.json","size":-1,"browser_download_url":"https://elsewhere.example/x"}]}]`, func(a *registry.Activity) bool {
			return len(a.Releases) == 1 && len(a.Releases[0].Name) == 300 && len(a.Releases[0].Assets) == 1 && a.Releases[0].Assets[0].Size == 0 &&
				strings.HasSuffix(a.Releases[0].Assets[0].URL, "/stadt/wahl/releases/download/a/b/x%20y%23.json") && !strings.Contains(a.Releases[0].Assets[0].URL, "elsewhere")
		}},
		{"odd issues", "issues", 200, `[{"number":1,"labels":null},{"number":2,"labels":[null,{"name":"help wanted"}],"state":"closed"},{"number":3,"labels":[{"name":" Help Wanted "}],"pull_request":{}},
			{"number":4,"labels":[{"name":" Help Wanted "}],"html_url":"https://elsewhere.example/x"},{"number":4,"labels":[{"name":"help wanted"}]}]`, func(a *registry.Activity) bool {
			return len(a.HelpWanted) == 1 && a.HelpWanted[0].Title == "#4" && strings.HasSuffix(a.HelpWanted[0].URL, "/stadt/wahl/issues/4") && slices.Equal(a.HelpWanted[0].Labels, []string{"Help Wanted"})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := describe(t, tt.part, tt.status, tt.body)
			switch {
			case tt.want == nil:
				if d.Err == nil || d.Activity != nil || !strings.Contains(d.Err.Error(), "/stadt/wahl") {
					t.Errorf("%+v, %v", d.Activity, d.Err)
				}
			case d.Err != nil:
				t.Error(d.Err)
			case !tt.want(d.Activity):
				t.Errorf("%+v", *d.Activity)
			}
		})
	}
}

func TestIssuesUnknown(t *testing.T) {
	for _, part := range []string{`"has_issues":false`, `"has_issues":true,"open_issues_count":-1`, `"has_issues":true,"external_tracker":{}`} {
		d := known(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Total-Count", "1")
			body := `[]`
			if strings.HasSuffix(r.URL.Path, "/repos") {
				body = fmt.Sprintf(`[{"id":1,"full_name":"stadt/wahl",%s}]`, part)
			}
			conformance.Reply(http.StatusOK, "application/json", body)(w, r)
		}))
		if d.Err != nil || d.Activity.OpenIssues != nil {
			t.Errorf("%s: %+v, %v", part, d.Activity, d.Err)
		}
	}
}

// Answers that go on for ever are read up to a bound.
func TestCommitsForEver(t *testing.T) {
	requests := 0
	d := known(t, answering(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Total-Count", "1")
		switch {
		case strings.HasSuffix(r.URL.Path, "/repos"):
			conformance.Reply(http.StatusOK, "application/json", `[{"id":1,"full_name":"stadt/wahl"}]`)(w, r)
		case strings.HasSuffix(r.URL.Path, "/commits"):
			requests++
			w.Header().Set("X-HasMore", "true")
			conformance.Reply(http.StatusOK, "application/json", fmt.Sprintf(`[{"created":%q}]`, conformance.Now().Format(time.RFC3339)))(w, r)
		default:
			conformance.Reply(http.StatusOK, "application/json", `[]`)(w, r)
		}
	}))
	if d.Err != nil || requests != 10 || !d.Activity.Commits.Partial || d.Activity.Commits.Total != 10 {
		t.Errorf("%d requests, %+v, %v", requests, d.Activity, d.Err)
	}
}
