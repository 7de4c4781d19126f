// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgetest

import (
	"bytes"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func txtarFS(files ...string) fs.FS {
	out := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		out[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return out
}

func TestLoad(t *testing.T) {
	w, err := Load(txtarFS(
		"github/wahl.txtar", `forge: github
path: stadt/wahl
description: Zählt Stimmen
licence: EUPL-1.2
topics: [wahl, verwaltung]
stars: 3
formerPaths: [stadt/alt]
pushed: 2024-05-06T07:08:09Z
-- publiccode.yml --
name: Wahl
-- docs/Übersicht.md --
# Übersicht
`,
		"netz.txtar", "forge: gitlab\npath: land/amt/netz\nbranch: develop\n",
		"README.md", "not a fixture",
	))
	if err != nil {
		t.Fatal(err)
	}
	r, moved, ok := w.Find("github", "Stadt/WAHL")
	if !ok || moved {
		t.Fatalf("Find: moved %t, ok %t", moved, ok)
	}
	if r.Description != "Zählt Stimmen" || r.Licence != "EUPL-1.2" || len(r.Topics) != 2 || r.Stars != 3 || r.Branch != "main" {
		t.Errorf("%+v", r)
	}
	if !r.Pushed.Equal(time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)) || !r.Updated.Equal(r.Pushed) || r.Created.IsZero() {
		t.Errorf("Created %s, Pushed %s, Updated %s", r.Created, r.Pushed, r.Updated)
	}
	if string(r.Files["docs/Übersicht.md"]) != "# Übersicht\n" || r.Empty() || len(r.Commit()) != 40 {
		t.Errorf("files %q, commit %q", r.Paths(), r.Commit())
	}
	if r.Owner() != "stadt" || r.Name() != "wahl" {
		t.Errorf("owner %q, name %q", r.Owner(), r.Name())
	}
	if _, moved, ok := w.Find("github", "stadt/alt"); !moved || !ok {
		t.Errorf("the former path: moved %t, ok %t", moved, ok)
	}
	netz, _, ok := w.Find("gitlab", "land/amt/netz")
	if !ok || !netz.Empty() || netz.Commit() != "" || netz.Branch != "develop" || netz.Owner() != "land/amt" {
		t.Errorf("%+v", netz)
	}
}

func TestLoadActivity(t *testing.T) {
	w, err := Load(txtarFS("wahl.txtar", `forge: github
path: stadt/wahl
languages: {Go: 300, HTML: 100}
releases:
- {tag: app/v1, name: Eins, published: 2024-03-01T00:00:00Z}
- {tag: app/v2, published: 2024-05-01T00:00:00Z, prerelease: true}
- {tag: app/v3, draft: true}
tags:
- {name: app/v1, date: 2024-03-01T00:00:00Z, commit: 0123456789012345678901234567890123456789}
- {name: app/v2, date: 2024-05-01T00:00:00Z}
commits:
- {time: 2024-03-01T00:00:00Z, name: Ada, email: ada@example.org}
- {time: 2024-05-01T00:00:00Z, name: Bo, email: bo@example.org}
issues:
- {title: Hilfe, labels: [Hilfe gesucht], created: 2024-04-01T00:00:00Z}
- {title: Erledigt, closed: true}
-- publiccode.yml --
name: Wahl
-- docs/bild.png.base64 --
iVBORw0K
Ggo=
-- .forge/sbom.json --
{"spdxVersion":"SPDX-2.3"}
-- .forge/releases/app/v1/bom.json --
{}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, _, _ := w.Find("github", "stadt/wahl")
	if got := r.Paths(); len(got) != 2 || got[0] != "docs/bild.png" || got[1] != "publiccode.yml" {
		t.Errorf("files %q", got)
	}
	if got := string(r.Files["docs/bild.png"]); got != "\x89PNG\r\n\x1a\n" {
		t.Errorf("image %q", got)
	}
	if r.Language != "Go" || r.Languages["HTML"] != 100 || string(r.SBOM) != "{\"spdxVersion\":\"SPDX-2.3\"}\n" {
		t.Errorf("Language %q, Languages %v, SBOM %q", r.Language, r.Languages, r.SBOM)
	}
	if len(r.Releases) != 3 || r.Releases[0].Tag != "app/v2" || !r.Releases[0].Prerelease ||
		r.Releases[1].Name != "Eins" || string(r.Releases[1].Assets["bom.json"]) != "{}\n" || !r.Releases[2].Draft {
		t.Errorf("releases %+v", r.Releases)
	}
	if len(r.Tags) != 2 || r.Tags[0].Name != "app/v2" || r.Tags[0].Commit != r.Commit() || r.Tags[1].Commit == r.Commit() {
		t.Errorf("tags %+v", r.Tags)
	}
	if len(r.Commits) != 2 || r.Commits[0].Name != "Bo" || !r.Pushed.Equal(r.Commits[0].Time) {
		t.Errorf("pushed %s, commits %+v", r.Pushed, r.Commits)
	}
	if len(r.Issues) != 2 || r.Issues[0].Labels[0] != "Hilfe gesucht" || !r.Issues[1].Closed {
		t.Errorf("issues %+v", r.Issues)
	}
}

func TestLoadCommitsByMonth(t *testing.T) {
	w, err := Load(txtarFS("wahl.txtar", `forge: github
path: stadt/wahl
pushed: 2024-05-06T07:08:09Z
commitsByMonth: [2, 0, 3]
authors: 2
releases:
- {tag: v1, published: 2024-04-01T00:00:00Z}
- {tag: v2, draft: true}
-- publiccode.yml --
name: Wahl
`))
	if err != nil {
		t.Fatal(err)
	}
	r, _, _ := w.Find("github", "stadt/wahl")
	authors := map[string]bool{}
	var months [3]int
	for _, c := range r.Commits {
		authors[c.Email] = true
		months[2-int(r.Pushed.Sub(c.Time)/(365*24*time.Hour/12))]++
	}
	if months != [3]int{2, 0, 3} || len(authors) != 2 || !r.Commits[0].Time.Equal(r.Pushed) {
		t.Errorf("pushed %s, commits %+v", r.Pushed, r.Commits)
	}
	if len(r.Tags) != 1 || r.Tags[0].Name != "v1" || !r.Tags[0].Date.Equal(r.Releases[0].Published) {
		t.Errorf("tags %+v", r.Tags)
	}
}

func TestLoadEdits(t *testing.T) {
	edit := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("alt"), []byte("neu")) }
	w, err := Load(txtarFS("x.txtar", "forge: github\npath: stadt/alt\n-- a --\nalt\n"), edit)
	if err != nil {
		t.Fatal(err)
	}
	if r, _, ok := w.Find("github", "stadt/neu"); !ok || string(r.Files["a"]) != "neu\n" {
		t.Errorf("%+v", r)
	}
}

func TestCommits(t *testing.T) {
	file := map[string][]byte{"a": []byte("1")}
	w := New(Repo{Forge: "github", Path: "a/one", Language: "Go", Files: file}, Repo{Forge: "github", Path: "a/none"},
		Repo{Forge: "github", Path: "a/two", Files: file, Commits: []Commit{{Name: "x"}, {Name: "x"}, {Name: "x"}}})
	one, _, _ := w.Find("github", "a/one")
	if len(one.Commits) != 1 || !one.Commits[0].Time.Equal(one.Pushed) || one.CommitHash(0) != one.Commit() {
		t.Errorf("one: %+v", one.Commits)
	}
	if one.Languages["Go"] == 0 {
		t.Errorf("languages %v", one.Languages)
	}
	if none, _, _ := w.Find("github", "a/none"); len(none.Commits) != 0 {
		t.Errorf("empty: %+v", none.Commits)
	}
	w.Rename("github", "a/two", "a/three")
	two, _, _ := w.Find("github", "a/three")
	hashes := map[string]bool{}
	for i := range two.Commits {
		hashes[two.CommitHash(i)] = true
	}
	if len(hashes) != 3 || !hashes[two.Commit()] {
		t.Errorf("hashes %v", hashes)
	}
	last := two.CommitHash(2)
	two.Commits = append([]Commit{{Name: "y"}}, two.Commits...)
	if two.CommitHash(3) != last {
		t.Error("a commit has another hash after the next one")
	}
}

func TestLoadErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string // in the message
	}{
		"unknown key":     {"forge: github\npath: a/b\nlicense: MIT\n", []string{"x.txtar", "license"}},
		"no YAML":         {"forge: [\n", []string{"x.txtar"}},
		"nothing":         {"", []string{"x.txtar"}},
		"unknown forge":   {"forge: svn\npath: a/b\n", []string{"x.txtar", "svn"}},
		"no path":         {"forge: github\n", []string{"x.txtar", "path"}},
		"deep path":       {"forge: github\npath: a/b/c\n", []string{"x.txtar", "a/b/c"}},
		"climbing path":   {"forge: gitlab\npath: a/../c\n", []string{"x.txtar", "a/../c"}},
		"climbing parent": {"forge: github\npath: a/b\nparent: ../c\n", []string{"x.txtar", "../c"}},
		"climbing file":   {"forge: github\npath: a/b\n-- ../c --\n", []string{"x.txtar", "../c"}},
		"file twice":      {"forge: github\npath: a/b\n-- c --\n-- c --\n", []string{"x.txtar", "twice"}},
		"not base64":      {"forge: github\npath: a/b\n-- c.base64 --\n?\n", []string{"x.txtar", "c.base64"}},
		"stray aside":     {"forge: github\npath: a/b\n-- .forge/other --\n", []string{"x.txtar", ".forge/other"}},
		"no such release": {"forge: github\npath: a/b\n-- .forge/releases/v1/x --\n", []string{"x.txtar", "v1/x"}},
		"path twice":      {"forge: github\npath: Taken/Here\n", []string{"x.txtar", "Taken/Here"}},
		"months and none": {"forge: github\npath: a/b\npushed: 2024-01-01T00:00:00Z\nauthors: 3\n", []string{"x.txtar", "commitsByMonth"}},
		"months, no end":  {"forge: github\npath: a/b\ncommitsByMonth: [1]\n", []string{"x.txtar", "pushed"}},
		"commits twice":   {"forge: github\npath: a/b\npushed: 2024-01-01T00:00:00Z\ncommitsByMonth: [1]\ncommits: [{name: A}]\n", []string{"x.txtar", "commits"}},
		"fewer than none": {"forge: github\npath: a/b\npushed: 2024-01-01T00:00:00Z\ncommitsByMonth: [-1]\n", []string{"x.txtar", "-1"}},
		"ahead of none":   {"forge: github\npath: a/b\nahead: 1\n", []string{"x.txtar", "ahead"}},
		"behind nothing":  {"forge: github\npath: a/b\nparent: c/d\nbehind: -1\n", []string{"x.txtar", "behind"}},
		"work, no end":    {"forge: github\npath: a/b\nparent: c/d\nunmerged: [x]\n", []string{"x.txtar", "pushed"}},
		"too large":       {"forge: github\npath: a/b\n-- c --\n" + strings.Repeat("x", maxFixture), []string{"x.txtar", "larger"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(txtarFS("taken.txtar", "forge: github\npath: taken/here\n", "x.txtar", tt.text, "y.txtar", "forge: nothing\n"))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(tt.want, "y.txtar") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not name %q", err, want)
				}
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("forge: github\npath: a/b\n-- c --\ntext\n"))
	f.Add([]byte("forge: gitlab\npath: a/b/c\ntopics: [x]\ncreated: 2024-01-01\n"))
	f.Add([]byte("forge: gitlab\npath: a/b\npushed: 2024-01-01T00:00:00Z\ncommitsByMonth: [1, 2]\nauthors: 2\n"))
	f.Add([]byte("forge: gitlab\npath: a/b\nparent: c/d\npushed: 2024-01-01T00:00:00Z\ncommitsByMonth: [1]\nunmerged: [x, y]\nbehind: 2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		w, err := Load(fstest.MapFS{"x.txtar": &fstest.MapFile{Data: text}})
		if (err == nil) != (w != nil) {
			t.Fatalf("%v and %v", w, err)
		}
	})
}

func TestLoadFork(t *testing.T) {
	w, err := Load(txtarFS("fork.txtar", `forge: github
path: amt/gabel
parent: stadt/wahl
pushed: 2024-05-06T07:08:09Z
commitsByMonth: [1]
behind: 3
unmerged: [Drittes, Zweites]
-- a --
1
`, "wahl.txtar", "forge: github\npath: stadt/wahl\n-- a --\n2\n"))
	if err != nil {
		t.Fatal(err)
	}
	fork, _, _ := w.Find("github", "amt/gabel")
	base, _, _ := w.Find("github", "stadt/wahl")
	for i, title := range []string{"Drittes", "Zweites"} {
		if c := fork.Commits[i]; c.Title != title || !c.Time.Equal(fork.Pushed.AddDate(0, 0, -i)) || c.Email == "" {
			t.Errorf("commit %d is %+v", i, c)
		}
	}
	ahead, behind, ok := w.apart(base, fork)
	if !ok || len(ahead) != 2 || len(behind) != 3 || ahead[0].Title != "Drittes" || ahead[0].hash != fork.Commit() {
		t.Errorf("apart %+v, %+v, %t", ahead, behind, ok)
	}
	// The parent has one commit; what it has more is made up, each another one.
	if behind[0].hash == behind[1].hash || behind[1].hash == behind[2].hash {
		t.Errorf("%+v", behind)
	}
	if again, other, ok := w.apart(fork, base); !ok || len(again) != 3 || len(other) != 2 {
		t.Errorf("the other way round %+v, %+v, %t", again, other, ok)
	}
	if _, _, ok := w.apart(base, Repo{Forge: "github", Path: "x/y", ID: 7, Files: base.Files}); ok {
		t.Error("strangers are compared")
	}
}

func TestBlobHash(t *testing.T) {
	// As git hash-object has them.
	for text, want := range map[string]string{
		"":              "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
		"hello world\n": "3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
	} {
		if got := BlobHash([]byte(text)); got != want {
			t.Errorf("BlobHash(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestPut(t *testing.T) {
	first := Repo{Forge: "github", Path: "stadt/wahl", Files: map[string][]byte{"a": []byte("1")}}
	w := New(first)
	get := func() Repo {
		t.Helper()
		r, _, ok := w.Find("github", "stadt/wahl")
		if !ok {
			t.Fatal("gone")
		}
		return r
	}
	before := get()
	w.Put(first)
	if again := get(); again.ID != before.ID || !again.Pushed.Equal(before.Pushed) || !again.Updated.Equal(before.Updated) || again.Commit() != before.Commit() {
		t.Errorf("putting the same changed it:\n%+v\n%+v", before, again)
	}
	starred := first
	starred.Stars = 5
	w.Put(starred)
	if r := get(); !r.Pushed.Equal(before.Pushed) || !r.Updated.After(before.Updated) || r.Commit() != before.Commit() {
		t.Errorf("a star: Pushed %s, Updated %s", r.Pushed, r.Updated)
	}
	pushed := starred
	pushed.Files = map[string][]byte{"a": []byte("2")}
	w.Put(pushed)
	after := get()
	if !after.Pushed.After(before.Pushed) || after.Commit() == before.Commit() || after.ID != before.ID {
		t.Errorf("a push: %+v", after)
	}
	pushed.Files["a"] = nil
	if !bytes.Equal(get().Files["a"], []byte("2")) {
		t.Error("the world shares the caller's map")
	}
	w.Remove("github", "STADT/wahl")
	if _, _, ok := w.Find("github", "stadt/wahl"); ok {
		t.Error("still there after Remove")
	}
	w.Remove("github", "stadt/wahl")
}

func TestRename(t *testing.T) {
	w := New(
		Repo{Forge: "gitlab", Path: "land/amt/alt"},
		Repo{Forge: "gitlab", Path: "stadt/gabel", Parent: "land/amt/alt"},
		Repo{Forge: "github", Path: "land/alt"},
	)
	before, _, _ := w.Find("gitlab", "land/amt/alt")
	if !w.Rename("gitlab", "land/amt/alt", "land/neu") || w.Rename("gitlab", "land/none", "land/x") {
		t.Error("Rename does not say whether there was a repository")
	}
	for _, path := range []string{"land/amt/alt", "land/neu"} {
		r, moved, ok := w.Find("gitlab", path)
		if !ok || r.Path != "land/neu" || r.ID != before.ID || moved != (path == "land/amt/alt") {
			t.Errorf("Find(%q): %+v, moved %t, ok %t", path, r, moved, ok)
		}
	}
	if fork, _, _ := w.Find("gitlab", "stadt/gabel"); fork.Parent != "land/neu" {
		t.Errorf("the fork's parent is %q", fork.Parent)
	}
	if r, _, ok := w.Find("github", "land/alt"); !ok || r.Path != "land/alt" {
		t.Error("another forge's repository is affected")
	}
	if n := len(w.Repos("gitlab")); n != 2 {
		t.Errorf("%d repositories, want 2", n)
	}
}

func TestIDs(t *testing.T) {
	w := New()
	ids := make(map[int64]bool)
	for _, path := range []string{"a/a", "a/b", "b/a", "c/d"} {
		w.Put(Repo{Forge: "github", Path: path})
	}
	for _, r := range w.Repos("github") {
		if r.ID <= 0 || ids[r.ID] {
			t.Errorf("%s: id %d", r.Path, r.ID)
		}
		ids[r.ID] = true
		if other, _, _ := New(Repo{Forge: "github", Path: r.Path}).Find("github", r.Path); other.ID != r.ID {
			t.Errorf("%s: id %d in one world and %d in another", r.Path, r.ID, other.ID)
		}
	}
	r := w.Repos("github")[0]
	w.Remove("github", r.Path)
	w.Put(Repo{Forge: "github", Path: "x/y", ID: r.ID})
	w.Put(Repo{Forge: "github", Path: r.Path})
	if again, _, _ := w.Find("github", r.Path); again.ID == r.ID || again.ID == 0 {
		t.Errorf("id %d is given twice", again.ID)
	}
}

func TestOwners(t *testing.T) {
	w := New(Repo{Forge: "github", Path: "b/x"}, Repo{Forge: "github", Path: "a/x"}, Repo{Forge: "github", Path: "a/y", User: true}, Repo{Forge: "gitlab", Path: "c/x"})
	owners := w.Owners("github")
	if len(owners) != 2 || owners[0] != (Owner{"a", OwnerID("github", "a"), true}) || owners[1] != (Owner{"b", OwnerID("github", "b"), false}) {
		t.Errorf("%+v", owners)
	}
}

func TestWorldIsSafe(t *testing.T) {
	w := New()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			r := Repo{Forge: "github", Path: "a/" + string(rune('a'+i)), Files: map[string][]byte{"x": {byte(i)}}}
			for range 20 {
				w.Put(r)
				w.Find("github", r.Path)
				w.Repos("github")
				w.Rename("github", r.Path, r.Path+"x")
				w.Remove("github", r.Path+"x")
			}
		})
	}
	wg.Wait()
	if n := len(w.Repos("github")); n != 0 {
		t.Errorf("%d repositories are left", n)
	}
}
