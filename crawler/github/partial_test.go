// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
	"github.com/allmende-registry/allmende/registry"
)

// Where GitHub answers with a part of what was asked for, what is null may well be
// there: nothing is listed as empty or as gone.
func TestPartOfAnAnswer(t *testing.T) {
	w := many(120)
	w.Put(forgetest.Repo{Forge: "github", Path: "wenig/r", ID: 5000, Files: map[string][]byte{"publiccode.yml": []byte("name: r\n")}})
	for name, spoil := range map[string]func(data map[string]any, errs *[]any){
		"limits of resources, owners null": func(data map[string]any, errs *[]any) {
			for alias := range data {
				data[alias] = nil
			}
			*errs = append(*errs, map[string]any{"type": "RESOURCE_LIMITS_EXCEEDED", "path": []any{"p0", "repositories"}, "message": "Resource limits for this query exceeded."})
		},
		"limits of resources, branches null": func(data map[string]any, errs *[]any) {
			for _, node := range nodesOf(data) {
				node["defaultBranchRef"] = nil
			}
			*errs = append(*errs, map[string]any{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Resource limits for this query exceeded."})
		},
		"no nodes": func(data map[string]any, errs *[]any) {
			data["p0"].(map[string]any)["repositories"].(map[string]any)["nodes"] = nil
			*errs = append(*errs, map[string]any{"message": "Something went wrong", "path": []any{"p0", "repositories", "nodes"}})
		},
		"no page information": func(data map[string]any, errs *[]any) {
			data["p0"].(map[string]any)["repositories"].(map[string]any)["pageInfo"] = nil
			*errs = append(*errs, map[string]any{"message": "Something went wrong", "path": []any{"p0", "repositories", "pageInfo"}})
		},
		"null without a word, and an error elsewhere": func(data map[string]any, errs *[]any) {
			for alias := range data {
				data[alias] = nil
			}
			*errs = append(*errs, map[string]any{"message": "Something went wrong", "path": []any{"s7"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			wire := &wire{token: true, answer: between(t, func(answer map[string]any, query []byte) { //nolint:bodyclose // its answers are in memory
				data, ok := answer["data"].(map[string]any)
				if !ok || pageAsked(query) <= 25 {
					return
				}
				if p0, _ := data["p0"].(map[string]any); p0 == nil || p0["repositories"] == nil {
					return
				}
				errs, _ := answer["errors"].([]any)
				spoil(data, &errs)
				answer["errors"] = errs
			})}
			f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
			repos, progress, err := listFrom(t, f, crawler.Listing{Path: "viel"}, crawler.Listing{Path: "wenig"})
			if err != nil || progress["viel"].Err != nil || progress["wenig"].Err != nil || len(repos) != 121 {
				t.Errorf("%d repositories, %v, %v, %v", len(repos), progress["viel"].Err, progress["wenig"].Err, err)
			}
			for _, r := range repos {
				if r.State != crawler.Readable {
					t.Errorf("%s: State = %q", r.URL, r.State)
				}
			}
		})
	}
}

// nodesOf are the repositories in an answer.
func nodesOf(v any) (out []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		if v["nameWithOwner"] != nil && v["databaseId"] != nil {
			return []map[string]any{v}
		}
		for _, below := range v {
			out = append(out, nodesOf(below)...)
		}
	case []any:
		for _, below := range v {
			out = append(out, nodesOf(below)...)
		}
	}
	return out
}

// Commits that go on for ever, however they are asked for, end with a count that
// says that it is none.
func TestCommitsForEver(t *testing.T) {
	for name, nodes := range map[string]string{"nothing": "", "the same": `{"committedDate":"2025-06-01T00:00:00Z","author":{"email":"a@example.org"}}`} {
		n := 0
		wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
			n++
			var asked struct{ Query string }
			_ = json.Unmarshal(body, &asked)
			history := fmt.Sprintf(`{"totalCount":1000000,"pageInfo":{"hasNextPage":true,"endCursor":"c%d"},"nodes":[%s]}`, n, nodes)
			var data []string
			for i := range strings.Count(asked.Query, "repository(") {
				data = append(data, fmt.Sprintf(`"c%d":{"object":{"history":%s}}`, i, history))
			}
			months := ""
			for i := range registry.Months {
				months += fmt.Sprintf(`"m%d":{"totalCount":-5},`, i)
			}
			data = append(data, fmt.Sprintf(`"d0":{"databaseId":1,"hasIssuesEnabled":true,"open":null,"head":{%s"newest":%s}}`, months, history))
			return response(http.StatusOK, `{"data":{`+strings.Join(data, ",")+`}}`)
		}}
		out, err := newForge(t, "http://forge.invalid", wire).Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/a/b"}}})
		if err != nil || out[0].Err != nil {
			t.Fatal(err, out[0].Err)
		}
		a := out[0].Activity
		if n > 200 || !a.Commits.Partial || a.Commits.ByMonth[3].Commits != 0 || a.OpenIssues != nil {
			t.Errorf("%s: %d requests, %+v, %v", name, n, a.Commits, a.OpenIssues)
		}
	}
}

// A tag without a date of its own has that of its commit, and one with a date
// that cannot be spoils nothing.
func TestOddTags(t *testing.T) {
	commit := `{"__typename":"Commit","oid":"` + strings.Repeat("ab", 20) + `","committedDate":"2025-01-01T00:00:00Z"}`
	answer := `{"data":{"d0":{"databaseId":1,"refs":{"nodes":[
		{"name":"undated","target":{"__typename":"Tag","tagger":{"date":null},"target":` + commit + `}},
		{"name":"odd","target":{"__typename":"Tag","tagger":{"date":"9999-12-31T23:59:59-14:00"},"target":` + commit + `}},
		{"name":"no date","target":{"__typename":"Tag","tagger":{"date":"2013-04-02T00:00:00+51800"},"target":` + commit + `}}]}}}}`
	wire := &wire{token: true, answer: func(*http.Request, []byte) *http.Response { return response(http.StatusOK, answer) }}
	out, err := newForge(t, "http://forge.invalid", wire).Describe(t.Context(), []crawler.Repo{{Repository: registry.Repository{URL: "http://forge.invalid/a/b"}}})
	if err != nil || out[0].Err != nil {
		t.Fatal(err, out[0].Err)
	}
	for _, tag := range out[0].Activity.Tags {
		if !tag.Date.Equal(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is of %s", tag.Name, tag.Date)
		}
	}
	if n := len(out[0].Activity.Tags); n != 3 {
		t.Errorf("%d tags", n)
	}
}

// Repositories that fail alone do not spoil what others are described as.
func TestDescribeSomeBroken(t *testing.T) {
	w := many(10)
	wire := &wire{token: true, answer: func(r *http.Request, body []byte) *http.Response {
		for _, broken := range []string{`\"r2\"`, `\"r3\"`, `\"r4\"`, `\"r5\"`} {
			if strings.Contains(string(body), broken) && strings.Contains(string(body), "...facts") {
				return response(http.StatusBadGateway, `{"message":"timeout"}`)
			}
		}
		return nil
	}}
	f := newForge(t, conformance.NewServer(t, forgetest.GitHub, w).URL, wire)
	out, err := f.Describe(t.Context(), listed(t, f))
	if err != nil {
		t.Fatal(err)
	}
	described := 0
	for _, d := range out {
		broken := strings.ContainsAny(d.Repo.URL[len(d.Repo.URL)-1:], "2345")
		if broken && d.Err == nil {
			t.Errorf("%s: no error", d.Repo.URL)
		}
		if d.Err == nil {
			described++
		}
	}
	if described == 0 {
		t.Error("nothing is described")
	}
}
