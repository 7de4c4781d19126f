// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package registry_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/allmende-registry/allmende/registry"
)

func TestParseID(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"https://github.com/it-at-m/refarch", "github.com/it-at-m/refarch"},
		{"http://github.com/it-at-m/refarch/", "github.com/it-at-m/refarch"},
		{"HTTPS://GitHub.com/It-at-M/RefArch.git", "github.com/It-at-M/RefArch"},
		{"  https://github.com/o/r\n", "github.com/o/r"},
		{"https://github.com/o/r.git/", "github.com/o/r"},
		{"https://github.com/o/r.git.git", "github.com/o/r"},
		{"https://github.com/o/r?tab=readme#top", "github.com/o/r"},
		{"https://token:secret@github.com/o/r", "github.com/o/r"},
		{"https://github.com/o", "github.com/o"},
		{"https://github.com/o/r%C3%A4", "github.com/o/rä"},
		{"https://github.com/o%2Fr", "github.com/o/r"},
		{"https://github.com./o/r", "github.com/o/r"},

		{"https://www.github.com/o/r", "github.com/o/r"},
		{"https://www.gitlab.com/g/s/p", "gitlab.com/g/s/p"},
		{"https://www.codeberg.org/o/r", "codeberg.org/o/r"},
		{"https://www.example.org/o/r", "www.example.org/o/r"},

		{"http://127.0.0.1:9101/it-at-m/refarch", "127.0.0.1:9101/it-at-m/refarch"},
		{"http://[::1]:3000/o/r", "[::1]:3000/o/r"},
		{"https://forge.example:443/o/r", "forge.example/o/r"},
		{"http://forge.example:80/o/r", "forge.example/o/r"},
		{"https://forge.example:80/o/r", "forge.example/o/r"},
		{"https://forge.example:/o/r", "forge.example/o/r"},
		{"https://git_lab.internal/o/r", "git_lab.internal/o/r"},
		{"https://git.Münster.example/o/r", "git.xn--mnster-3ya.example/o/r"},

		{"git@github.com:o/r.git", "github.com/o/r"},
		{"git@gitlab.example:group/sub/project.git", "gitlab.example/group/sub/project"},
		{"git@forge.example:/o/r.git", "forge.example/o/r"},
		{"ssh://git@github.com/o/r.git", "github.com/o/r"},
		{"ssh://git@forge.example:2222/o/r.git", "forge.example/o/r"},
		{"git://github.com/o/r.git", "github.com/o/r"},
		{"git://github.com:9418/o/r.git", "github.com/o/r"},
		{"git+https://github.com/o/r.git", "github.com/o/r"},
		{"git+ssh://git@github.com/o/r.git", "github.com/o/r"},

		{"https://github.com/o/r/tree/main/backend", "github.com/o/r"},
		{"https://github.com/o/r/issues/12", "github.com/o/r"},
		{"https://github.com/o/r/wiki", "github.com/o/r"},
		{"https://github.com/o/r.git/tree/main", "github.com/o/r"},
		{"https://ghe.example/o/r/blob/main/publiccode.yml", "ghe.example/o/r"},
		{"https://ghe.example/o/tree", "ghe.example/o/tree"},
		{"https://ghe.example/o/r/tree", "ghe.example/o/r/tree"},
		{"https://gitlab.example/g/s/p/-/tree/main", "gitlab.example/g/s/p"},
		{"https://gitlab.example/g/s/p/-", "gitlab.example/g/s/p"},
		{"https://gitlab.example/g/s/t/p", "gitlab.example/g/s/t/p"},
		{"https://gitlab.com/g/s/p/tree/main", "gitlab.com/g/s/p"},
		{"https://codeberg.org/o/r/src/branch/main/docs", "codeberg.org/o/r"},
		{"https://forgejo.example/o/r/src/branch/main", "forgejo.example/o/r"},
		{"https://forgejo.example/o/r/raw/tag/v1/publiccode.yml", "forgejo.example/o/r"},
		{"https://forgejo.example/o/r/src/commit/0123", "forgejo.example/o/r"},
		{"https://bitbucket.org/w/r/src/main/docs/install.md", "bitbucket.org/w/r"},
		{"https://www.bitbucket.org/w/r/src", "bitbucket.org/w/r"},
		{"git@bitbucket.org:w/r.git", "bitbucket.org/w/r"},
		{"https://user@bitbucket.org/w/r.git", "bitbucket.org/w/r"},
		{"ssh://git@bitbucket.org/w/r.git", "bitbucket.org/w/r"},
		{"https://gitlab.example/g/s/src/p", "gitlab.example/g/s/src/p"},

		{"https://github.com/o/r/~/apps/form", "github.com/o/r/~/apps/form"},
		{"https://GitHub.com/o/r.git/~/Apps/x.git/", "github.com/o/r/~/Apps/x.git"},
		{"https://github.com/o/r/~/-/tree/src/branch", "github.com/o/r/~/-/tree/src/branch"},
		{"https://gitlab.example/g/s/p/~/a/-/b", "gitlab.example/g/s/p/~/a/-/b"},
		{"https://forgejo.example/o/r/~/src/commit/0123", "forgejo.example/o/r/~/src/commit/0123"},
		{"https://git.example/r/~/%C3%A4", "git.example/r/~/ä"},
		{"git@github.com:o/r.git/~/a", "github.com/o/r/~/a"},
		{"https://github.com/o/r/~", "github.com/o/r"},
		{"https://gitlab.example/g/s/p/~/", "gitlab.example/g/s/p"},
		{"https://github.com/o/r/tree/main/~/a", "github.com/o/r"},
		{"https://gitlab.example/g/s/p/-/tree/main/~/a", "gitlab.example/g/s/p"},
		{"https://github.com/o/r~/a", "github.com/o/r~"},
		{"https://git.sr.ht/~o/r/~/a", "git.sr.ht/~o/r/~/a"},

		{"", ""},
		{"github.com/o/r", ""},
		{"https://github.com/o/r/~/a/~/b", ""},
		{"https://github.com/o/r/~/~", ""},
		{"https://github.com/o/r/~/a//b", ""},
		{"https://github.com/o/r/~/../a", ""},
		{"https://github.com/o/~/a", ""},
		{"https://github.com/~/r", ""},
		{"https://git.example/~/a", ""},
		{"https://git.example/.git/~/a", ""},
		{"https://github.com/o/r/~/a%20b", ""},
		{"https://github.com/o/r/~/" + strings.Repeat("a", 256), ""},
		{"https://github.com/o/r/~/" + strings.Repeat("a/", 600), ""},
		{"o/r", ""},
		{"https://github.com", ""},
		{"https://github.com/", ""},
		{"https://github.com/.git", ""},
		{"https:///o/r", ""},
		{"https://:8080/o/r", ""},
		{"ftp://github.com/o/r", ""},
		{"file:///etc/passwd", ""},
		{"javascript:alert(1)", ""},
		{"git+file:///srv/r.git", ""},
		{"https://github.com/../r", ""},
		{"https://github.com/o/%2e%2e/r", ""},
		{"https://forge.example/o//r", ""},
		{"https://forge.example/o/a%20b", ""},
		{"https://forge.example/o/a%00b", ""},
		{"https://forge.example/o/a%0Ab", ""},
		{"https://forge.example/o/a%3Fb", ""},
		{"https://forge.example/o/a%23b", ""},
		{"https://forge.example/o/a%25b", ""},
		{`https://forge.example/o/a\b`, ""},
		{"https://forge.example/o/a%FFb", ""},
		{"https://forge.example/o/a\u202eb", ""},
		{"https://forge.example/o/r%zz", ""},
		{"https://for ge.example/o/r", ""},
		{"https://for%00ge.example/o/r", ""},
		{"https://forge.example:port/o/r", ""},
		{"https://-forge.example/o/r", ""},
		{"https://forge.example/" + strings.Repeat("a", 256), ""},
		{"https://forge.example/" + strings.Repeat("a/", 600), ""},
		{"https://forge.example/o/r?" + strings.Repeat("a", 5000), ""},
	} {
		got, err := registry.ParseID(test.in)
		if string(got) != test.want {
			t.Errorf("ParseID(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
		if failed := test.want == ""; failed != errors.Is(err, registry.ErrInvalid) {
			t.Errorf("ParseID(%q): %v, want ErrInvalid: %v", test.in, err, failed)
		}
	}
}

func TestIDHost(t *testing.T) {
	for id, want := range map[registry.ID]string{
		"github.com/o/r": "github.com", "127.0.0.1:9101/o/r": "127.0.0.1:9101", "[::1]:3000/o/r": "[::1]:3000", "": "",
	} {
		if got := id.Host(); got != want {
			t.Errorf("Host of %q is %q, want %q", id, got, want)
		}
	}
}

func TestIDIn(t *testing.T) {
	for _, test := range []struct {
		id     registry.ID
		folder string
		want   registry.ID
	}{
		{"github.com/o/r", "apps/form", "github.com/o/r/~/apps/form"},
		{"github.com/o/r", "Küste", "github.com/o/r/~/Küste"},
		{"github.com/o/r", "-/tree/x.git", "github.com/o/r/~/-/tree/x.git"},
		{"git.example/r", "a:b", "git.example/r/~/a:b"},
		{"github.com/o/r/~/apps/form", "other", "github.com/o/r/~/other"},
		{"github.com/o/r/~/apps/form", "", "github.com/o/r"},
		{"github.com/o/r", "", "github.com/o/r"},

		{"github.com/o/r", ".", ""},
		{"github.com/o/r", "..", ""},
		{"github.com/o/r", "a/..", ""},
		{"github.com/o/r", "/a", ""},
		{"github.com/o/r", "a/", ""},
		{"github.com/o/r", "a//b", ""},
		{"github.com/o/r", "~", ""},
		{"github.com/o/r", "~/a", ""},
		{"github.com/o/r", "a/~/b", ""},
		{"github.com/o/r", "a/~", ""},
		{"github.com/o/r", "a b", ""},
		{"github.com/o/r", "a?b", ""},
		{"github.com/o/r", "a#b", ""},
		{"github.com/o/r", "a%20b", ""},
		{"github.com/o/r", `a\b`, ""},
		{"github.com/o/r", "a\xff", ""},
		{"github.com/o/r", "a\x00", ""},
		{"github.com/o/r", strings.Repeat("a", 256), ""},
		{"github.com/o/r", strings.Repeat("a/", 600) + "a", ""},
		{"GitHub.com/o/r", "a", ""},
		{"", "a", ""},
	} {
		got, err := test.id.In(test.folder)
		if got != test.want || (test.want == "") != errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%q in %q is %q, %v; want %q", test.folder, test.id, got, err, test.want)
		}
		if err == nil && (got.Folder() != test.folder || got.Repository() != test.id.Repository() || got.Host() != test.id.Host()) {
			t.Errorf("%q is of %q and %q", got, got.Repository(), got.Folder())
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, s := range []string{
		"https://github.com/o/r", "git@github.com:o/r.git", "http://[::1]:80/a/-/b", "https://xn--mnster-3ya.example/ä/ß.git",
		"git+ssh://u:p@h:22//a/tree/b/tree/c",
		"https://github.com/o/r.git/~/-/tree/x.git/", "https://h/~/~/a", "https://h/a/~/~/~", "https://h/a~/~b/~", "https://h./a.git/.git", "https://www.www.github.com/a/b/c", "https://ﬀ.example/a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := registry.ParseID(s)
		if err != nil {
			if id != "" || !errors.Is(err, registry.ErrInvalid) {
				t.Fatalf("ParseID(%q) = %q, %v", s, id, err)
			}
			return
		}
		for _, scheme := range []string{"https://", "http://"} {
			again, err := registry.ParseID(scheme + string(id))
			if again != id {
				t.Fatalf("ParseID(%q) = %q, but of that with %s %q, %v", s, id, scheme, again, err)
			}
		}
		if in, err := id.In(id.Folder()); in != id || id.Repository().Folder() != "" {
			t.Fatalf("ParseID(%q) = %q, the folder %q of %q, put together %q, %v", s, id, id.Folder(), id.Repository(), in, err)
		}
		if id.Host() == "" || len(id) > 1024 || !utf8.ValidString(string(id)) || strings.ContainsAny(string(id), "?#%\\\x00 \n") {
			t.Fatalf("ParseID(%q) = %q", s, id)
		}
	})
}

func FuzzIDKey(f *testing.F) {
	f.Add("github.com/It-at-M/R", "GITHUB.com/it-at-m/r")
	f.Add("h/ß", "h/ẞ")
	f.Add("h/\u212a", "h/k")
	f.Add("h/ς", "h/Σ")
	f.Add("h/\xff", "h/\ufffd")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := registry.ID(a), registry.ID(b)
		if same := x.Key() == y.Key(); same != x.Same(y) {
			t.Errorf("%q and %q: keys are equal: %v, Same says %v", a, b, same, x.Same(y))
		}
		if upper := registry.ID(strings.ToUpper(a)); x.Same(upper) != (x.Key() == upper.Key()) {
			t.Errorf("%q and %q", a, upper)
		}
	})
}

func TestCheck(t *testing.T) {
	for id, good := range map[registry.ID]bool{
		"forge.example/o/r": true, "127.0.0.1:9101/o/r": true, "forge.example/O/R": true,
		"": false, "forge.example": false, "Forge.example/o/r": false, "https://forge.example/o/r": false,
		"forge.example/o/r.git": false, "forge.example:443/o/r": false, "forge.example/o/r/": false,
		"forge.example/o/r/-/tree/main": false, "forge.example/o/r/~/a": true, "forge.example/o/r/~": false, "forge.example/o/r/~/~": false, "user@forge.example/o/r": false,
	} {
		s := registry.Software{ID: id}
		s.PublicCode.Name = "Name"
		if err := s.Check(); good != (err == nil) || !good && !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("Check of %q: %v, want none: %v", id, err, good)
		}
		v := registry.Visit{Repo: id, Outcome: registry.Entry}
		if err := v.Check(); good != (err == nil) {
			t.Errorf("Check of the visit of %q: %v, want none: %v", id, err, good)
		}
	}
}

func TestReadID(t *testing.T) {
	for given, want := range map[string]registry.ID{
		"https://github.com/stadt/wahl.git":       "github.com/stadt/wahl",
		"git@github.com:stadt/wahl.git":           "github.com/stadt/wahl",
		" github.com/stadt/wahl ":                 "github.com/stadt/wahl",
		"GitHub.com/stadt/wahl":                   "github.com/stadt/wahl",
		"127.0.0.1:9101/stadt/wahl":               "127.0.0.1:9101/stadt/wahl",
		"git.example:8443/stadt/wahl/~/apps/eins": "git.example:8443/stadt/wahl/~/apps/eins",
		"wahl":                  "",
		"":                      "",
		"ftp://git.example/a/b": "",
		"\"><script>/x":         "",
	} {
		if got, err := registry.ReadID(given); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", given, got, err, want)
		}
	}
	if got := registry.ID("git.example/a b/~/ü").EscapedPath(); got != "git.example/a%20b/~/%C3%BC" {
		t.Errorf("escaped: %s", got)
	}
}
