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

func TestBitbucket(t *testing.T) {
	w := small(crawler.Bitbucket)
	r, _, _ := w.Find(crawler.Bitbucket, "stadt/wahl")
	r.Issues = []forgetest.Issue{{Title: "Eins"}, {Title: "Zwei", Closed: true}}
	r.Tags = []forgetest.Tag{{Name: "v1", Date: r.Pushed}}
	w.Put(r)
	s := conformance.NewServer(t, forgetest.Bitbucket, w)
	const at = "/2.0/repositories/stadt/wahl"
	for _, e := range []exchange{
		{path: "/2.0/repositories/stadt", status: 200, body: `"full_name":"stadt/wahl"`},
		{path: "/2.0/repositories/stadt?fields=values.full_name&q=is_private%3Dfalse+AND+project.key%3D%22MAIN%22&sort=created_on", status: 200, body: `{"values":[{"full_name":"stadt/`},
		{path: "/2.0/repositories/stadt?q=project.key%3D%22OTHER%22", status: 200, body: `"values":[]`},
		{path: "/2.0/repositories/stadt?q=created_on%3E%3D2100-01-01T00:00:00Z", status: 200, body: `"values":[]`},
		{path: "/2.0/repositories/stadt?q=created_on%3E%3Dsoon", status: 400, body: `"type":"error"`},
		{path: "/2.0/repositories/stadt?q=stars%3E7", status: 400, body: `"type":"error"`},
		{path: "/2.0/repositories/niemand", status: 404, body: `"type":"error"`},
		{path: "/2.0/repositories", status: 404, body: `"type":"error"`},
		{path: at, status: 200, body: `"mainbranch":{"name":"feature/x","type":"branch"}`},
		{path: at + "?fields=mainbranch.target.hash,parent.full_name", status: 200, body: `{"mainbranch":{"target":{"hash":"` + r.Commit() + `"}},"parent":null}`},
		{path: "/2.0/repositories/stadt/leer", status: 200, body: `"mainbranch":null`},
		{path: "/2.0/repositories/stadt/alt?fields=uuid", status: 301, location: at + "?fields=uuid"},
		{path: "/2.0/repositories/stadt/nichts", status: 404, body: `"type":"error"`},
		{path: at + "/refs/branches/feature/x", status: 200, body: r.Commit()},
		{path: at + "/refs/branches/none", status: 404},
		{path: at + "/refs/tags?sort=-target.date", status: 200, body: `"name":"v1"`},
		{path: at + "/commits/" + r.Commit(), status: 200, body: `"raw":"Erika Mustermann \u003cerika@example.org\u003e"`},
		{path: at + "/commits/none", status: 404},
		{path: at + "/issues?fields=size", status: 200, body: `{"size":1}`},
		{path: "/2.0/repositories/erika/werkzeug/issues", status: 404},
		{path: at + "/src/" + r.Commit() + "/", status: 200, body: `"path":"docs","type":"commit_directory"`},
		{path: at + "/src/" + r.Commit() + "/docs", status: 200, body: `"path":"docs/a.md"`},
		{path: at + "/src/" + r.Commit() + "/docs/a.md", status: 200, body: "a"},
		{path: at + "/src/" + r.Commit() + "/none", status: 404, body: "No such file"},
		{path: at + "/src/none/docs/a.md", status: 404, body: "Commit not found"},
		{path: "/2.0/repositories/stadt/gesperrt/src/x/publiccode.yml", status: 403},
		{path: "/stadt/wahl", status: 200, body: "Wahlhelfer &lt;verwalten&gt;"},
		{path: "/stadt/wahl.git", status: 200, body: "publiccode.yml"},
		{path: "/stadt/alt", status: 301, location: "/stadt/wahl"},
		{path: "/stadt/wahl/raw/feature/x/docs/a.md", status: 200, body: "a"},
		{path: "/stadt/wahl/raw/feature/x/none", status: 404},
		{path: "/stadt/gesperrt/raw/main/publiccode.yml", status: 404},
		{path: "/", status: 404},
	} {
		e.check(t, s)
	}
}
