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
