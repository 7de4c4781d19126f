// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest_test

import (
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/crawler/forgetest/conformance"
)

func TestForgejo(t *testing.T) {
	s := conformance.NewServer(t, forgetest.Forgejo, small(crawler.Forgejo))
	for _, e := range []exchange{
		{path: "/api/v1/version", status: 200, body: `"version":`},
		{path: "/api/v1/settings/api", status: 200, body: `"max_response_items":50`},
		{path: "/api/v1/nothing", status: 404, body: `"message":`},
		{path: "/api/v1/repos/search?sort=id", status: 200, body: `"full_name":"stadt/wahl"`},
		{path: "/api/v1/users/erika/repos", status: 200, body: "erika/werkzeug"},
		{path: "/api/v1/users/stadt/repos", status: 200, body: "stadt/wahl"},
		{path: "/api/v1/orgs/erika/repos", status: 404},
		{path: "/api/v1/orgs/stadt/repos", status: 200, body: "stadt/wahl"},
		{path: "/api/v1/users/niemand/repos", status: 404},
		{path: "/api/v1/repos/stadt/wahl", status: 200, body: `"default_branch":"feature/x"`},
		{path: "/api/v1/repos/stadt/leer", status: 200, body: `"empty":true`},
		{path: "/api/v1/repos/stadt/alt", status: 307, location: "/api/v1/repos/stadt/wahl"},
		{path: "/api/v1/repos/stadt/alt/raw/docs/a.md?ref=feature%2Fx", status: 307, location: "/api/v1/repos/stadt/wahl/raw/docs/a.md?ref=feature%2Fx"},
		{path: "/api/v1/repos/stadt/wahl/raw/docs/a.md?ref=feature%2Fx", status: 200, body: "a"},
		{path: "/api/v1/repos/stadt/wahl/raw/docs/a.md", status: 200, body: "a"},
		{path: "/api/v1/repos/stadt/wahl/raw/docs/a.md?ref=HEAD", status: 404},
		{path: "/api/v1/repos/stadt/wahl/raw/docs", status: 404},
		{path: "/api/v1/repos/stadt/gesperrt/raw/publiccode.yml", status: 403},
		{path: "/api/v1/repos/stadt/wahl/git/trees/HEAD", status: 200, body: `"path":"docs"`},
		{path: "/api/v1/repos/stadt/wahl/git/trees/none", status: 400},
		{path: "/api/v1/repos/stadt/wahl/commits?sha=feature%2Fx&limit=1", status: 200, body: `"sha":`},
		{path: "/api/v1/repos/stadt/wahl/commits?sha=none", status: 404},
		{path: "/api/v1/repos/stadt/leer/commits", status: 409},
		{path: "/api/v1/repos/stadt/wahl/git/trees/HEAD?recursive=1", status: 200, body: `"path":"docs/a.md"`},
		{path: "/api/v1/repos/stadt/wahl/git/trees/" + forgetest.BlobHash([]byte("docs")), status: 200, body: `"path":"a.md"`},
		{path: "/api/v1/repos/stadt/wahl/languages", status: 200, body: "{"},
		{path: "/api/v1/repos/stadt/wahl/tags", status: 200, body: "["},
		{path: "/api/v1/repos/stadt/wahl/releases", status: 200, body: "["},
		{path: "/api/v1/repos/stadt/wahl/labels", status: 200, body: "["},
		{path: "/api/v1/repos/stadt/wahl/issues?labels=none", status: 200, body: "["},
		{path: "/api/v1/repos/stadt/gesperrt/languages", status: 403},
		{path: "/stadt/wahl/releases/download/v1/none", status: 404},
		{path: "/stadt/wahl", status: 200, body: "Wahlhelfer &lt;verwalten&gt;"},
		{path: "/stadt/wahl.git", status: 200, body: "publiccode.yml"},
		{path: "/stadt/alt", status: 307, location: "/stadt/wahl"},
		{path: "/stadt/wahl/raw/branch/feature/x/docs/a.md", status: 200, body: "a"},
		{path: "/stadt/wahl/raw/branch/feature/x/none", status: 404},
		{path: "/stadt/wahl/raw/tag/feature/x/docs/a.md", status: 404},
		{path: "/stadt/nichts", status: 404},
		{path: "/", status: 404},
	} {
		e.check(t, s)
	}
	probe(t, s, crawler.Forgejo)
}

func TestForgejoActivity(t *testing.T) {
	s := conformance.NewServer(t, forgetest.Forgejo, forgetest.New(forgetest.Repo{
		Forge: crawler.Forgejo, Path: "stadt/wahl", Languages: map[string]int{"Go": 7}, Files: map[string][]byte{"a": []byte("a")},
		Releases: []forgetest.Release{{Tag: "app/v1", Name: "Eins", Assets: map[string][]byte{"bom.json": []byte("{}")}}, {Tag: "v2", Draft: true}},
		Tags:     []forgetest.Tag{{Name: "app/v1", Commit: "0123"}},
		Commits:  []forgetest.Commit{{Name: "Ada", Email: "ada@example.org"}, {Name: "Bo"}, {Name: "Cy"}},
		Issues: []forgetest.Issue{
			{Title: "beide", Labels: []string{"bug", "help wanted"}}, {Title: "einer", Labels: []string{"bug"}}, {Title: "fertig", Labels: []string{"bug"}, Closed: true},
		},
	}))
	const repo = "/api/v1/repos/stadt/wahl"
	for _, e := range []exchange{
		{path: repo, status: 200, body: `"release_counter":1`},
		{path: repo, status: 200, body: `"open_issues_count":2`},
		{path: repo + "/languages", status: 200, body: `{"Go":7}`},
		{path: repo + "/tags", status: 200, body: `"sha":"0123"`},
		{path: repo + "/releases", status: 200, body: `"draft":true`},
		{path: "/stadt/wahl/releases/download/app/v1/bom.json", status: 200, body: "{}"},
		{path: "/stadt/wahl/releases/download/app/bom.json", status: 404},
		{path: repo + "/commits?limit=1", status: 200, body: "ada@example.org"},
		{path: repo + "/commits?limit=1&page=3", status: 200, body: `"name":"Cy"`},
		{path: repo + "/labels", status: 200, body: "help wanted"},
		{path: repo + "/issues?state=closed", status: 200, body: "fertig"},
		{path: repo + "/issues?type=pulls", status: 200, body: "[]"},
		{path: repo + "/issues?labels=bug,help+wanted", status: 200, body: `"title":"beide"`}, // those with both
		{path: repo + "/issues?labels=bug,help+wanted", status: 200, body: `"number":3`},
		{path: repo + "/issues?labels=nothing", status: 200, body: `"title":"einer"`}, // passed over
	} {
		e.check(t, s)
	}
}
