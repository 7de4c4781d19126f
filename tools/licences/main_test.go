// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sha = "0123456789abcdef0123456789abcdef01234567"

// upstream is what the sources publish in a test, by path.
func upstream() map[string]string {
	commits := `[{"sha":"` + sha + `","commit":{"committer":{"date":"2026-03-04T05:06:07Z"}}}]`
	return map[string]string{
		"/repos/spdx/license-list-data/releases/latest": `{"tag_name":"v9.1"}`,
		"/spdx/license-list-data/v9.1/json/licenses.json": `{"licenseListVersion":"9.1","releaseDate":"2026-01-02T00:00:00Z","licenses":[
			{"licenseId":"Haus-2.0","name":"Haus  Licence 2","isOsiApproved":true,"isFsfLibre":true,"isDeprecatedLicenseId":false},
			{"licenseId":"Haus-1.0","name":"Haus Licence 1","isOsiApproved":false,"isDeprecatedLicenseId":true},
			{"licenseId":"Alt-1.0","name":"Alt","isFsfLibre":false}]}`,
		"/spdx/license-list-data/v9.1/json/exceptions.json":             `{"exceptions":[{"licenseExceptionId":"Haus-exception","name":"Haus exception"}]}`,
		"/repos/aboutcode-org/scancode-licensedb/commits":               commits,
		"/repos/github/choosealicense.com/commits":                      commits,
		"/aboutcode-org/scancode-licensedb/" + sha + "/docs/index.json": scancode,
		"/github/choosealicense.com/tar.gz/" + sha:                      archive("site-1/_licenses/haus-2.0.txt", head, "site-1/_licenses/de/haus.txt", "no head", "site-1/index.html", "<p>"),
		"/@blueoak/list/latest":                                         `{"version":"15.0.0"}`,
		"/@blueoak/list/-/list-15.0.0.tgz":                              archive("package/index.json", `[{"name":"Gold","licenses":[{"id":"Haus-2.0"},{"id":"not-on-the-list"}]}]`),
		"/fileadmin/checklists/matrixseqexpl.json":                      matrix,
	}
}

const (
	head = "---\ntitle: Haus\nspdx-id: Haus-2.0\nconditions:\n  - same-license\n  - include-copyright\npermissions:\n  - distribution\nlimitations: []\n---\n\nText.\n"

	scancode = `[
		{"category":"Copyleft","spdx_license_key":"Haus-2.0","other_spdx_license_keys":["Alt-1.0"],"is_exception":false},
		{"category":"Permissive","spdx_license_key":"Alt-1.0","other_spdx_license_keys":[]},
		{"category":"Commercial","spdx_license_key":"Haus-2.0","is_deprecated":true},
		{"category":"Copyleft Limited","spdx_license_key":"Haus-1.0","is_exception":true},
		{"category":"Commercial","spdx_license_key":"LicenseRef-scancode-x","other_spdx_license_keys":null},
		null]`

	matrix = `{"timestamp":"2026-02-12T16:31:00+0000","licenses":[
		{"name":"Haus-2.0","compatibilities":[{"name":"Alt-1.0","compatibility":"No"},{"name":"Haus-2.0","compatibility":"Same"}]},
		{"name":"Alt-1.0","compatibilities":[{"name":"Haus-2.0","compatibility":"Check dependency"},{"name":"Alt-1.0","compatibility":"Same"}]}]}`
)

// archive packs files, given as path and content by turns.
func archive(files ...string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for f := range slices.Chunk(files, 2) {
		w.WriteHeader(&tar.Header{Name: f[0], Mode: 0o644, Size: int64(len(f[1]))})
		io.WriteString(w, f[1])
	}
	w.Close()
	z.Close()
	return b.String()
}

// start serves what is published, and returns a run over a folder that has a
// little of it.
func start(t *testing.T, files map[string]string) *refresh {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, ok := files[req.URL.Path]
		if !ok {
			http.NotFound(w, req)
			return
		}
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	folder := t.TempDir()
	for name, content := range map[string]string{
		"spdx_licences.csv":        "id,name,osi,fsf,deprecated\nHaus-1.0,Haus Licence,no,,\n",
		"spdx_exceptions.csv":      "id,name,deprecated\n",
		"scancode_categories.csv":  "id,category\n",
		"choosealicense_rules.csv": "id,permissions,conditions,limitations\n",
		"blueoak_ratings.csv":      "id,rating\n",
		"osadl_matrix.csv":         "leading\\subordinate\n",
		"sources.json":             `[{"id":"spdx","name":"A & B","version":"old"},{"id":"scancode"},{"id":"choosealicense"},{"id":"blueoak"},{"id":"osadl"},{"id":"house","version":"ours"}]`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	u := server.URL
	return &refresh{from: published{u, u, u, u, u}, client: newClient(), folder: folder, out: io.Discard}
}

func content(t *testing.T, r *refresh, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(r.folder, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRefresh(t *testing.T) {
	r := start(t, upstream())
	if err := r.run(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"spdx_licences.csv":        "id,name,osi,fsf,deprecated\nAlt-1.0,Alt,,no,\nHaus-1.0,Haus Licence 1,no,,yes\nHaus-2.0,Haus Licence 2,yes,yes,\n",
		"spdx_exceptions.csv":      "id,name,deprecated\nHaus-exception,Haus exception,\n",
		"scancode_categories.csv":  "id,category\nAlt-1.0,Permissive\nHaus-2.0,Copyleft\n",
		"choosealicense_rules.csv": "id,permissions,conditions,limitations\nHaus-2.0,distribution,include-copyright same-license,\n",
		"blueoak_ratings.csv":      "id,rating\nHaus-2.0,Gold\n",
		"osadl_matrix.csv":         "leading\\subordinate,Haus-2.0,Alt-1.0\nHaus-2.0,S,N\nAlt-1.0,D,S\n",
	} {
		if got := content(t, r, file); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", file, got, want)
		}
	}
	var sources []struct{ ID, Name, Version string }
	if err := json.Unmarshal([]byte(content(t, r, "sources.json")), &sources); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"spdx":           "9.1 (2026-01-02)",
		"scancode":       "aboutcode-org/scancode-licensedb 01234567 (2026-03-04)",
		"choosealicense": "github/choosealicense.com 01234567 (2026-03-04)",
		"blueoak":        "npm @blueoak/list 15.0.0",
		"osadl":          "2026-02-12T16:31:00+0000",
		"house":          "ours",
	}
	for _, s := range sources {
		if s.Version != want[s.ID] {
			t.Errorf("version of %s: %q, want %q", s.ID, s.Version, want[s.ID])
		}
	}
	if sources[0].Name != "A & B" {
		t.Errorf("the name is now %q", sources[0].Name)
	}
}

// One source alone is reduced to the list that is kept.
func TestOnly(t *testing.T) {
	files := upstream()
	files["/@blueoak/list/-/list-15.0.0.tgz"] = archive("package/index.json", `[{"name":"Lead","licenses":[{"id":"Haus-1.0"},{"id":"Haus-2.0"}]}]`)
	r := start(t, files)
	if err := r.run(t.Context(), "blueoak"); err != nil {
		t.Fatal(err)
	}
	if got := content(t, r, "blueoak_ratings.csv"); got != "id,rating\nHaus-1.0,Lead\n" {
		t.Errorf("%q", got)
	}
	if err := r.run(t.Context(), "blueoak,no-such"); err == nil || !strings.Contains(err.Error(), "no-such") {
		t.Errorf("an unknown source: %v", err)
	}
}

func TestRowsThatGo(t *testing.T) {
	r := start(t, upstream())
	kept := "id,rating\nAlt-1.0,Lead\n"
	if err := os.WriteFile(filepath.Join(r.folder, "blueoak_ratings.csv"), []byte(kept), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.run(t.Context(), "spdx,blueoak"); err == nil || err.Error() != "not refreshed: blueoak" {
		t.Errorf("a row that goes: %v", err)
	}
	if got := content(t, r, "blueoak_ratings.csv"); got != kept {
		t.Errorf("written all the same: %q", got)
	}
	r.drop = true
	if err := r.run(t.Context(), "spdx,blueoak"); err != nil {
		t.Error(err)
	}
	if got := content(t, r, "blueoak_ratings.csv"); got != "id,rating\nHaus-2.0,Gold\n" {
		t.Errorf("with -drop: %q", got)
	}
}

// What a source should never answer leaves the files as they were.
func TestOddAnswers(t *testing.T) {
	const (
		list  = "/spdx/license-list-data/v9.1/json/licenses.json"
		rules = "/github/choosealicense.com/tar.gz/" + sha
		osadl = "/fileadmin/checklists/matrixseqexpl.json"
	)
	for name, c := range map[string]struct{ source, path, body, says string }{
		"no JSON":             {"spdx", list, "<html>", "invalid character"},
		"empty list":          {"spdx", list, "{}", "no rows"},
		"null in the list":    {"spdx", list, `{"licenses":[null]}`, "no identifier"},
		"odd identifier":      {"spdx", list, `{"licenses":[{"licenseId":"../x"}]}`, "no identifier"},
		"twice":               {"spdx", list, `{"licenses":[{"licenseId":"A"},{"licenseId":"A"}]}`, "twice"},
		"control character":   {"spdx", list, `{"licenses":[{"licenseId":"A","name":"a\u0007"}]}`, "control"},
		"too large":           {"spdx", list, strings.Repeat(" ", maxBody+1), "over 32 MiB"},
		"release with a path": {"spdx", "/repos/spdx/license-list-data/releases/latest", `{"tag_name":"../../x"}`, "no version"},
		"no commit":           {"scancode", "/repos/aboutcode-org/scancode-licensedb/commits", "[]", "no commit"},
		"odd commit":          {"scancode", "/repos/aboutcode-org/scancode-licensedb/commits", `[{"sha":"main"}]`, "no commit"},
		"no archive":          {"choosealicense", rules, "this is no archive at all", "gzip"},
		"no head":             {"choosealicense", rules, archive("s/_licenses/a.txt", "text"), "no head"},
		"new tag":             {"choosealicense", rules, archive("s/_licenses/a.txt", "---\nspdx-id: A\nconditions: [sing]\n---\n"), `"sing" is new`},
		"large file":          {"choosealicense", rules, archive("s/_licenses/a.txt", strings.Repeat("x", maxEntry+1)), "over 1 MiB"},
		"odd version":         {"blueoak", "/@blueoak/list/latest", `{"version":"1/../../x"}`, "no version"},
		"new answer":          {"osadl", osadl, strings.Replace(matrix, `"No"`, `"Perhaps"`, 1), "Perhaps"},
		"hole":                {"osadl", osadl, strings.Replace(matrix, `{"name":"Alt-1.0","compatibility":"No"},`, "", 1), "no answer"},
		"no matrix":           {"osadl", osadl, "{}", "no timestamp"},
	} {
		t.Run(name, func(t *testing.T) {
			files := upstream()
			if _, ok := files[c.path]; !ok {
				t.Fatalf("nothing is published at %s", c.path)
			}
			files[c.path] = c.body
			r := start(t, files)
			var said strings.Builder
			r.out = &said
			before := content(t, r, "sources.json") + content(t, r, "spdx_licences.csv") + content(t, r, "osadl_matrix.csv")
			if err := r.run(t.Context(), c.source); err == nil || !strings.Contains(said.String(), c.says) {
				t.Errorf("%v, %q, want one that says %q", err, said.String(), c.says)
			}
			if before != content(t, r, "sources.json")+content(t, r, "spdx_licences.csv")+content(t, r, "osadl_matrix.csv") {
				t.Error("something was written")
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	check := newClient().CheckRedirect
	request := func(url string) *http.Request {
		return httptest.NewRequest(http.MethodGet, url, nil)
	}
	if err := check(request("http://a.example/"), []*http.Request{request("https://a.example/")}); err == nil {
		t.Error("led from https to http")
	}
	if err := check(request("https://b.example/"), []*http.Request{request("https://a.example/")}); err != nil {
		t.Error(err)
	}
	if err := check(request("https://b.example/"), slices.Repeat([]*http.Request{request("https://a.example/")}, 5)); err == nil {
		t.Error("led on for ever")
	}
}
