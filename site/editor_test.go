// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var dataAsset = regexp.MustCompile(`data-(?:module|worker)="([^"]+)"`)

func TestEditorPage(t *testing.T) {
	server := serve(t, sample(), Options{API: true})
	static := t.TempDir()
	mustBuild(t, newSite(t, sample(), Options{}), static)
	files := tree(t, static)
	for path, shows := range map[string][]string{
		"/editor/":    {"publiccode.yml prüfen", "Entwicklungsstand", "Beschreibung (English)", "Beheben, was keine Entscheidung braucht", "Webanwendung"},
		"/en/editor/": {"Check a publiccode.yml", "Development status", "Description (Deutsch)", "Fix what needs no decision", "Web application"},
	} {
		got := fetch(t, server, "GET", path)
		checkPage(t, path, got.body)
		text := visibleText(t, got.body)
		for _, want := range append(shows, "allmende validate publiccode.yml", "/v1/validate") {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if policy := got.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, policy)
		}
		assets := dataAsset.FindAllStringSubmatch(string(got.body), -1)
		if len(assets) != 2 {
			t.Errorf("%s names %v", path, assets)
		}
		written := files[strings.TrimPrefix(path, "/")+"index.html"]
		for _, m := range assets {
			if a := fetch(t, server, "GET", m[1]); a.StatusCode != 200 || len(a.body) == 0 || a.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: %s %v", m[1], a.Status, a.Header)
			}
			if files[strings.TrimPrefix(m[1], "/")] == nil || !bytes.Contains(written, []byte(m[1])) {
				t.Errorf("%s is not part of the written site", m[1])
			}
		}
		if !bytes.Contains(written, []byte("&#39;wasm-unsafe-eval&#39;; connect-src &#39;self&#39;\">")) || bytes.Contains(written, []byte("/v1/validate")) {
			t.Errorf("%s as a file: wrong policy, or an API that is not there", path)
		}
	}
	// The others may not.
	if home := fetch(t, server, "GET", "/"); strings.Contains(home.Header.Get("Content-Security-Policy"), "wasm") {
		t.Error("every page may compile WebAssembly")
	}
	if bytes.Contains(files["index.html"], []byte("wasm")) {
		t.Error("every file may compile WebAssembly, or loads it")
	}
	if entry := string(fetch(t, server, "GET", "/en/software/github.com/kiel/akte/").body); !strings.Contains(entry, `href="/en/editor/"`) {
		t.Error("no way from the findings of an entry to the editor")
	}
}

// Each control of the form has a key that is there, a label and a hint, and its
// own id; what is described by another element finds it.
func TestEditorFormIsWhole(t *testing.T) {
	for _, lang := range languages {
		for _, g := range newEditor(lang).Groups {
			if g.Title == "" || len(g.Fields) == 0 {
				t.Errorf("%s: group %+v", lang, g)
			}
			for _, f := range g.Fields {
				if f.Path == "" || f.Label == "" || f.Hint == "" || f.Control == "select" && len(f.Values) == 0 {
					t.Errorf("%s: field %+v", lang, f)
				}
				if strings.ContainsAny(f.Path, "]") != strings.Contains(f.Path, "contacts[0].") {
					t.Errorf("%s: path %s", lang, f.Path)
				}
			}
		}
	}
	body := fetch(t, serve(t, sample(), Options{}), "GET", "/editor/").body
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, refs := map[string]bool{}, map[string]string{}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				ids[a.Val] = true
			case "for", "list", "aria-describedby", "aria-controls", "aria-labelledby":
				for _, ref := range strings.Fields(a.Val) {
					refs[ref] = n.Data
				}
			}
		}
	}
	for ref, from := range refs {
		if !ids[ref] {
			t.Errorf("<%s> refers to %q, which is not there", from, ref)
		}
	}
}

// The module is WebAssembly, compressed by us and by no server.
func TestEditorModule(t *testing.T) {
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(a.files[a.names["editor.wasm.gz"]].content))
	if err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(r, head); err != nil || string(head) != "\x00asm\x01\x00\x00\x00" {
		t.Errorf("%q, %v", head, err)
	}
	if worker := string(a.files[a.names["editor-worker.js"]].content); !strings.Contains(worker, "class extends") && !strings.Contains(worker, "globalThis.Go") || !strings.Contains(worker, "allmendeAnswer") {
		t.Error("the worker has no loader or no request")
	}
}
