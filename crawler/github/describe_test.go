// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// asking counts what was asked for by the last name of its path.
func (w *wire) asking() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make(map[string]int)
	for _, a := range w.asked {
		out[a[strings.LastIndexByte(a, '/')+1:]]++
	}
	return out
}

// listed lists the repositories of viel in order of their numbers.
func listed(t *testing.T, f crawler.Forge) []crawler.Repo {
	t.Helper()
	byName, err := list(t, f, "viel")
	if err != nil {
		t.Fatal(err)
	}
	repos := make([]crawler.Repo, len(byName))
	for i := range repos {
		repos[i] = byName[fmt.Sprintf("r%d", i)]
	}
	return repos
}

// A description brings the folders along and costs a tenth of a query.
func TestDescribeRequests(t *testing.T) {
	w := many(40)
	for _, r := range w.Repos("github") {
		r.Files = map[string][]byte{"publiccode.yml": []byte("x"), "LICENSES/EUPL-1.2.txt": []byte("text"), ".github/workflows/x.yml": nil, "src/a": nil}
		w.Put(r)
	}
	wire := &wire{token: true}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	repos := listed(t, f)
	wire.asked = nil
	out, err := f.Describe(t.Context(), repos)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range out {
		if d.Err != nil {
			t.Fatalf("%s: %v", d.Repo.URL, d.Err)
		}
		tree, err := f.Files(t.Context(), d.Repo)
		if err != nil {
			t.Fatal(err)
		}
		for folder, want := range map[string]string{
			".": ".github LICENSES publiccode.yml src", "LICENSES": "EUPL-1.2.txt", ".github": "workflows",
			".reuse": "", "docs": "", ".gitlab": "", "nichts": "",
		} {
			var names []string
			entries, err := tree.ReadDir(folder)
			for _, e := range entries {
				names = append(names, e.Name())
			}
			if got := strings.Join(names, " "); got != want || errors.Is(err, fs.ErrNotExist) != (want == "") {
				t.Errorf("ReadDir(%q): %q, %v, want %q", folder, got, err, want)
			}
		}
		if _, err := tree.Open("LICENSE"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	if got := wire.asking(); len(got) != 1 || got["graphql"] != 4 {
		t.Errorf("asked %v", got)
	}

	wire.asked = nil
	tree, err := f.Files(t.Context(), out[0].Repo)
	if err != nil {
		t.Fatal(err)
	}
	if entries, err := tree.ReadDir("src"); err != nil || len(entries) != 1 || len(wire.asked) != 1 {
		t.Errorf("ReadDir: %v, %v, asked %q", entries, err, wire.asked)
	}
}

// The listed commit is the one that the folders are of.
func TestDescribeListedCommit(t *testing.T) {
	w := many(1)
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, &wire{token: true})
	repos := listed(t, f)
	r, _, _ := w.Find("github", "viel/r0")
	before := r.Commit()
	r.Files = map[string][]byte{"neu": nil}
	w.Put(r)
	out, err := f.Describe(t.Context(), repos)
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out[0].Err)
	}
	tree, err := f.Files(t.Context(), out[0].Repo)
	if err != nil {
		t.Fatal(err)
	}
	if commit, err := tree.Commit(); err != nil || commit != before {
		t.Errorf("Commit() = %q, %v, want %q", commit, err, before)
	}
	// The stand-in has only the newest commit: nothing came along, nothing is mixed.
	if entries, err := tree.ReadDir("."); err == nil {
		t.Errorf("the folder is that of another commit: %v", entries)
	}
}

func TestDescribeWithoutToken(t *testing.T) {
	wire := &wire{}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, many(3)).URL, wire)
	repos := listed(t, f)
	wire.asked = nil
	out, err := f.Describe(t.Context(), repos)
	if err != nil || len(out) != 3 || len(wire.asked) != 0 {
		t.Fatalf("%d descriptions, %v, asked %q", len(out), err, wire.asked)
	}
	for i, d := range out {
		if d.Repo.URL != repos[i].URL || d.Activity != nil || d.Err != nil {
			t.Errorf("%+v", d)
		}
	}
}

// GitHub cannot always count the commits of a large repository in time. It is
// described without them then, and the others with theirs.
func TestDescribeSlow(t *testing.T) {
	for name, tt := range map[string]struct {
		slow     func(query string) bool
		activity bool
		commits  bool
	}{
		"not at all": {func(string) bool { return false }, true, true},
		"commits":    {func(q string) bool { return strings.Contains(q, `\"r7\"`) && strings.Contains(q, "counts") }, true, false},
		"everything": {func(q string) bool { return strings.Contains(q, `\"r7\"`) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			fail := false
			wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
				if fail && tt.slow(string(body)) {
					return response(http.StatusOK, `{"data":null,"errors":[{"message":"Something went wrong while executing your query."}]}`)
				}
				return nil
			}}
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, many(12)).URL, wire)
			repos := listed(t, f)
			fail = true
			out, err := f.Describe(t.Context(), repos)
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range out {
				if i != 7 && (d.Err != nil || d.Activity == nil || d.Activity.Commits == nil) {
					t.Errorf("%d: %+v, %v", i, d.Activity, d.Err)
				}
			}
			if d := out[7]; (d.Activity != nil) != tt.activity || (d.Err == nil) != tt.activity || d.Activity != nil && (d.Activity.Commits != nil) != tt.commits {
				t.Errorf("%+v, %v", d.Activity, d.Err)
			}
		})
	}
}

// One field that fails for good is not known; one that may do better is asked
// for again.
func TestDescribeDamaged(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		fails  bool
		want   error
	}{
		"releases refused":  {`{"data":{"d0":{"databaseId":1,"releases":null}},"errors":[{"type":"FORBIDDEN","path":["d0","releases"],"message":"no"}]}`, false, nil},
		"releases failed":   {`{"data":{"d0":{"databaseId":1,"releases":null}},"errors":[{"path":["d0","releases"],"message":"timeout"}]}`, true, nil},
		"nulls":             {`{"data":{"d0":{"databaseId":1,"languages":{"edges":[null,{"node":null}]},"releases":{"nodes":[null,{"releaseAssets":{"nodes":[null]}}]},"refs":{"nodes":[null,{}]},"invitations":{"nodes":[null,{"labels":{"nodes":[null]}}]},"head":{"m0":null,"newest":{"nodes":[null,{}]}},"f0":{"__typename":"Tree","entries":[null]}}},"errors":[null]}`, false, nil},
		"negative":          {`{"data":{"d0":{"databaseId":1,"languages":{"totalSize":-1,"edges":[{"size":5,"node":{"name":"Go"}}]},"head":{"m11":{"totalCount":-7},"newest":{"totalCount":-7,"pageInfo":{"hasNextPage":true}}}}}}`, false, nil},
		"another one":       {`{"data":{"d0":{"databaseId":2}}}`, true, registry.ErrNotFound},
		"private now":       {`{"data":{"d0":{"databaseId":1,"isPrivate":true}}}`, true, registry.ErrNotFound},
		"gone":              {`{"data":{"d0":null},"errors":[{"type":"NOT_FOUND","path":["d0"],"message":"no"}]}`, true, registry.ErrNotFound},
		"of another type":   {`{"data":{"d0":[1,2]}}`, true, nil},
		"nothing":           {`{"data":{}}`, true, nil},
		"folder of a file":  {`{"data":{"d0":{"databaseId":1,"f0":{"__typename":"Blob"},"f1":{"__typename":"Blob"}}}}`, false, nil},
		"folder of nothing": {`{"data":{"d0":{"databaseId":1,"f0":17}}}`, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true, answer: func(r *http.Request, _ []byte) *http.Response {
				if strings.HasSuffix(r.URL.Path, "/graphql") {
					return response(http.StatusOK, tt.answer)
				}
				return response(http.StatusNotFound, `{}`)
			}}
			f := newForge(t, "http://forge.invalid", wire)
			out, err := f.Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/stadt/wahl", ForgeID: "1"}}})
			if err != nil {
				t.Fatal(err)
			}
			if d := out[0]; (d.Err != nil) != tt.fails || tt.want != nil && !errors.Is(d.Err, tt.want) || (d.Activity == nil) != tt.fails {
				t.Errorf("%+v, %v", d.Activity, d.Err)
			}
		})
	}
}

// An error that holds for all of them ends the description.
func TestDescribeRefused(t *testing.T) {
	wire := &wire{token: true, answer: func(*http.Request, []byte) *http.Response {
		return response(http.StatusUnauthorized, `{"message":"Bad credentials"}`)
	}}
	repos := []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/stadt/wahl"}}, {Repository: registry.Repository{URL: "https://elsewhere.example/x/y"}}}
	if _, err := newForge(t, "http://forge.invalid", wire).Describe(t.Context(), repos); !errors.Is(err, registry.ErrForbidden) {
		t.Errorf("%v, want ErrForbidden", err)
	}
	out, err := newForge(t, "http://forge.invalid", wire).Describe(t.Context(), repos[1:])
	if err != nil || !errors.Is(out[0].Err, registry.ErrInvalid) {
		t.Errorf("%v, %v, want ErrInvalid", err, out[0].Err)
	}
}

func TestSBOM(t *testing.T) {
	huge := `{"sbom":"` + strings.Repeat("x", crawler.MaxExportSize) + `"}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string // "" is none
		fails  bool
	}{
		"byte for byte": {http.StatusOK, ` {"other":1,"sbom": { "a" : 1.10, "b":"\u00fc" } }`, `{ "a" : 1.10, "b":"\u00fc" }`, false},
		"null":          {http.StatusOK, `{"sbom":null}`, "", false},
		"none":          {http.StatusOK, `{}`, "", false},
		"not found":     {http.StatusNotFound, `{}`, "", false},
		"forbidden":     {http.StatusForbidden, `{}`, "", false},
		"too large":     {http.StatusOK, huge, "", false},
		"no envelope":   {http.StatusOK, `[]`, "", true},
		"broken":        {http.StatusOK, `{"sbom":`, "", true},
		"down":          {http.StatusInternalServerError, `{"message":"Failed to generate SBOM"}`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true, answer: func(r *http.Request, _ []byte) *http.Response {
				if strings.HasSuffix(r.URL.Path, "/repos/stadt/wahl/dependency-graph/sbom") {
					return response(tt.status, tt.body)
				}
				return response(http.StatusOK, `{"data":{"d0":{"databaseId":1}}}`)
			}}
			f := newForge(t, "http://forge.invalid", wire)
			sbom, err := f.Export(t.Context(), crawler.Repo{Repository: registry.Repository{URL: "http://forge.invalid/stadt/wahl"}})
			if (err != nil) != tt.fails || (sbom != nil) != (tt.want != "") {
				t.Fatalf("%v, %v", sbom, err)
			}
			if sbom != nil && (string(sbom.Bytes) != tt.want || sbom.URL != "http://forge.invalid/api/v3/repos/stadt/wahl/dependency-graph/sbom") {
				t.Errorf("%s from %s", sbom.Bytes, sbom.URL)
			}
		})
	}
}

// All authors of up to a thousand commits are found, however they lie in time,
// in a few queries; of more, the newest and all numbers.
func TestCommits(t *testing.T) {
	now := conformance.Now()
	spread := func(n int, step time.Duration) (out []forgetest.Commit) {
		for i := range n {
			out = append(out, forgetest.Commit{Time: now.Add(-time.Duration(i) * step), Name: fmt.Sprintf("p%d", i%13), Email: fmt.Sprintf("p%d@example.org", i%13)})
		}
		return out
	}
	burst := spread(900, time.Second)
	for i := range burst {
		burst[i].Time = burst[i].Time.AddDate(0, -3, 0)
	}
	for name, tt := range map[string]struct {
		commits []forgetest.Commit
		total   int
		partial bool
		queries int // at most
	}{
		"one page":       {spread(100, time.Hour), 100, false, 1},
		"a year":         {spread(700, 12*time.Hour), 700, false, 3},
		"a week":         {spread(600, 15*time.Minute), 600, false, 5},
		"a burst":        {burst, 900, false, 25},
		"too many":       {spread(2500, 3*time.Hour), 2500, true, 4},
		"far too many":   {spread(4000, time.Second), 4000, true, 30},
		"mostly too old": {spread(1500, 24*time.Hour), 353, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := many(1)
			r, _, _ := w.Find("github", "viel/r0")
			r.Commits = tt.commits
			w.Put(r)
			wire := &wire{token: true}
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
			repos := listed(t, f)
			wire.asked = nil
			out, err := f.Describe(t.Context(), repos)
			if err != nil || out[0].Err != nil {
				t.Fatal(err, out[0].Err)
			}
			c := out[0].Activity.Commits
			sum := 0
			for _, m := range c.ByMonth {
				sum += m.Commits
			}
			if c.Total != tt.total || sum != tt.total || c.Partial != tt.partial || c.Authors != 13 {
				t.Errorf("%d commits, %d by month, %d authors, partial %t; want %d, 13, %t", c.Total, sum, c.Authors, c.Partial, tt.total, tt.partial)
			}
			if n := wire.asking()["graphql"]; n > tt.queries {
				t.Errorf("%d queries, want at most %d", n, tt.queries)
			}
		})
	}
}

// The fields of a description that only GitHub's own data have.
func TestDescribeAnnotatedTag(t *testing.T) {
	hash := strings.Repeat("ab", 20)
	answer := fmt.Sprintf(`{"data":{"d0":{"databaseId":1,"hasIssuesEnabled":false,"refs":{"nodes":[
		{"name":"v2","target":{"__typename":"Tag","oid":"%[2]s","tagger":{"date":"2025-02-03T04:05:06+01:00"},"target":{"__typename":"Commit","oid":"%[1]s","committedDate":"2025-01-01T00:00:00Z"}}},
		{"name":"v1","target":{"__typename":"Tag","oid":"%[2]s","tagger":null,"target":{"__typename":"Commit","oid":"%[1]s","committedDate":"2025-01-01T00:00:00Z"}}},
		{"name":"tree","target":{"__typename":"Tree","oid":"%[1]s"}},
		{"name":"odd","target":{"__typename":"Commit","oid":"../../etc"}}]}}}}`, hash, strings.Repeat("cd", 20))
	wire := &wire{token: true, answer: func(r *http.Request, _ []byte) *http.Response {
		if strings.HasSuffix(r.URL.Path, "/graphql") {
			return response(http.StatusOK, answer)
		}
		return response(http.StatusNotFound, `{}`)
	}}
	out, err := newForge(t, "http://forge.invalid", wire).Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/stadt/wahl"}}})
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out[0].Err)
	}
	want := []registry.Tag{
		{Name: "v2", Commit: hash, Date: time.Date(2025, 2, 3, 3, 5, 6, 0, time.UTC)},
		{Name: "v1", Commit: hash, Date: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Name: "tree"},
		{Name: "odd"},
	}
	if got := out[0].Activity; !slices.Equal(got.Tags, want) || got.OpenIssues != nil || got.Commits != nil {
		t.Errorf("%+v", got)
	}
}

// FuzzAnswer: whatever GitHub answers, nothing panics and each repository gets
// its description.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"data":{"d0":{"databaseId":1,"head":{"newest":{"totalCount":300,"pageInfo":{"hasNextPage":true,"endCursor":"x"}},"m3":{"totalCount":300}}},"c0":{"object":{"history":{"totalCount":500,"pageInfo":{"hasNextPage":true,"endCursor":"x"},"nodes":[{}]}}}}}`))
	f.Add([]byte(`{"data":{"p0":{"repositories":{"totalCount":9,"pageInfo":{"hasNextPage":true,"endCursor":"x"},"nodes":[null,{"nameWithOwner":"a/b"}]}},"s0":{"repositories":null},"n0":[null,{}]},"errors":[null,{"path":["p0",1,null]}]}`))
	f.Add([]byte(`[{"id":1,"full_name":"a/b","owner":{"login":"a"},"node_id":"R_1"},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var n atomic.Int32
		wire := &wire{token: true, answer: func(*http.Request, []byte) *http.Response {
			if n.Add(1) > 200 {
				return response(http.StatusUnauthorized, `{}`)
			}
			rec := httptest.NewRecorder()
			_, _ = bytes.NewReader(body).WriteTo(rec)
			return rec.Result()
		}}
		forge := newForge(t, "http://forge.invalid", wire)
		repos := []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/a/b", ForgeID: "1"}}}
		for _, l := range []string{"a", "a/b", ""} {
			for page := range forge.Repos(t.Context(), []crawler.Listing{{Path: l}}) {
				repos = append(repos, page.Repos...)
			}
		}
		if out, err := forge.Describe(t.Context(), repos); err == nil && len(out) != len(repos) {
			t.Errorf("%d descriptions of %d repositories", len(out), len(repos))
		}
	})
}
