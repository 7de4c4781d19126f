// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package folder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/folder"
	"github.com/allmende-registry/allmende/registry"
)

const hash = "0123456789abcdef0123456789abcdef01234567"

// write makes files below a folder; a name that ends in a slash is a folder.
func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		p := filepath.Join(root, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			must(t, os.MkdirAll(p, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(p), 0o755))
		must(t, os.WriteFile(p, []byte(content), 0o644))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, root string, base string) *folder.Forge {
	t.Helper()
	var opt folder.Options
	if base != "" {
		u, err := url.Parse(base)
		must(t, err)
		opt.Base = u
	}
	f, err := folder.New(root, opt)
	must(t, err)
	return f
}

// list takes the listing of one path, and the pages' cursors.
func list(ctx context.Context, f crawler.Forge, l crawler.Listing) (repos []crawler.Repo, after []string, err error) {
	done := false
	for page, e := range f.Repos(ctx, []crawler.Listing{l}) {
		if e != nil {
			return repos, after, e
		}
		repos = append(repos, page.Repos...)
		p := page.Progress[0]
		if done || p.Path != l.Path {
			return repos, after, fmt.Errorf("odd progress %+v", p)
		}
		after, done, err = append(after, p.After), p.Done, p.Err
	}
	if !done && err == nil {
		err = errors.New("not done")
	}
	return repos, after, err
}

func paths(t *testing.T, f crawler.Forge, path string) []string {
	t.Helper()
	repos, _, err := list(t.Context(), f, crawler.Listing{Path: path})
	if err != nil {
		t.Fatalf("Repos(%q): %v", path, err)
	}
	var out []string
	for _, r := range repos {
		if r.Path != path || r.Forge != crawler.Folder || r.State != crawler.Readable {
			t.Errorf("%+v", r)
		}
		out = append(out, strings.TrimPrefix(r.URL, "https://amt.example/lokal/"))
	}
	return out
}

func one(t *testing.T, f crawler.Forge, path string) crawler.Repo {
	t.Helper()
	repos, _, err := list(t.Context(), f, crawler.Listing{Path: path})
	if err != nil || len(repos) != 1 {
		t.Fatalf("Repos(%q): %d repositories, %v", path, len(repos), err)
	}
	return repos[0]
}

func tree(t *testing.T, f crawler.Forge, r crawler.Repo) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestRepos(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{
		"wahl/publiccode.yml": "name: Wahl\n", "wahl/teil/publiccode.yml": "name: Teil\n",
		"kita/publiccode.yaml": "name: Kita\n", "ohne/.git/HEAD": "ref: refs/heads/main\n", "verweis/.git": "gitdir: /etc\n",
		"a/b/c/d/publiccode.yml": "name: D\n", "a/b/c/d2/e/publiccode.yml": "name: zu tief\n",
		"leer/": "", "leer/publiccode.yml/": "", "README.md": "x", ".versteckt/publiccode.yml": "name: X\n", "a-b/.git/": "",
	})
	must(t, os.Symlink(filepath.Join(root, "wahl"), filepath.Join(root, "link")))
	must(t, os.Symlink("/", filepath.Join(root, "aussen")))
	f := open(t, root, "https://amt.example/lokal")
	for path, want := range map[string][]string{
		"":            {"a/b/c/d", "a-b", "kita", "ohne", "verweis", "wahl"},
		"wahl":        {"wahl"},
		"/wahl/":      {"wahl"},
		"wahl/teil":   {"wahl/teil"},
		"a/b":         {"a/b/c/d", "a/b/c/d2/e"},
		"a/b/c/d2/e/": {"a/b/c/d2/e"},
		"leer":        nil,
	} {
		if got := paths(t, f, path); !slices.Equal(got, want) {
			t.Errorf("Repos(%q) = %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]error{
		"niemand": registry.ErrNotFound, "README.md": registry.ErrNotFound, "link": registry.ErrNotFound, "link/teil": registry.ErrNotFound,
		"aussen": registry.ErrNotFound, "..": registry.ErrInvalid, "wahl/../kita": registry.ErrInvalid, "a\x00": registry.ErrInvalid, "a//b": registry.ErrInvalid,
	} {
		if repos, _, err := list(t.Context(), f, crawler.Listing{Path: path}); !errors.Is(err, want) || len(repos) != 0 {
			t.Errorf("Repos(%q): %d repositories, %v, want %v", path, len(repos), err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := list(ctx, f, crawler.Listing{}); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	// The folder itself may be the repository.
	if r := one(t, open(t, filepath.Join(root, "wahl"), "https://amt.example/lokal/x"), ""); r.URL != "https://amt.example/lokal/x" {
		t.Errorf("URL = %s", r.URL)
	}
	for range f.Repos(t.Context(), []crawler.Listing{{Path: "wahl"}, {Path: "kita"}}) {
		break // does not panic
	}
}

func TestPages(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{}
	var want []string
	for i := range 230 {
		name := fmt.Sprintf("g%d/r%03d", i%3, i)
		files[name+"/publiccode.yml"] = ""
		want = append(want, name)
	}
	slices.Sort(want)
	write(t, root, files)
	f := open(t, root, "https://amt.example/lokal")
	if got := paths(t, f, ""); !slices.Equal(got, want) {
		t.Fatalf("listed %d", len(got))
	}
	_, cursors, err := list(t.Context(), f, crawler.Listing{})
	if err != nil || len(cursors) != 3 {
		t.Fatalf("%d pages, %v", len(cursors), err)
	}
	must(t, os.RemoveAll(filepath.Join(root, filepath.FromSlash(cursors[0]))))
	for i, after := range cursors {
		repos, _, err := list(t.Context(), f, crawler.Listing{After: after})
		if rest := max(0, 230-100*(i+1)); err != nil || len(repos) != rest {
			t.Errorf("after %q: %d repositories, %v, want %d", after, len(repos), err, rest)
		}
	}
}

func TestAddresses(t *testing.T) {
	for config, want := range map[string]string{
		"[remote \"origin\"]\n\turl = https://forge.example/amt/wahl.git\n":                                                            "https://forge.example/amt/wahl",
		"[core]\n\turl = x\n[remote \"upstream\"]\nurl=https://a.example/b/c\n[remote \"origin\"]\nurl=git@forge.example:amt/wahl.git": "https://forge.example/amt/wahl",
		"[remote \"origin\"] url = \"https://erika:geheim@forge.example/amt/wahl\" ; mine":                                             "https://forge.example/amt/wahl",
		"[REMOTE \"origin\"]\r\n\tURL = http://127.0.0.1:3000/amt/wahl\r\n":                                                            "http://127.0.0.1:3000/amt/wahl",
		"[remote \"origin\"]\nurl = ssh://git@forge.example:2222/amt/wahl\nurl = https://b.example/b/c":                                "https://forge.example/amt/wahl",
		"[remote \"origin\"]\nurl = https://forge.example/amt/wahl # x":                                                                "https://forge.example/amt/wahl",
		"[remote \"origin\"]\nurl = /srv/git/wahl.git":                                                                                 "",
		"[remote \"origin\"]\nurl = file:///srv/wahl":                                                                                  "",
		"[remote \"Origin\"]\nurl = https://forge.example/amt/wahl":                                                                    "",
		"[remote \"origin\"]\n[branch \"main\"]\nurl = https://forge.example/amt/wahl":                                                 "",
		"[remote \"origin\"":              "",
		"[include]\npath = ../other\n":    "",
		strings.Repeat("x", 300<<10):      "",
		"[remote \"origin\"]\nurl":        "",
		"[remote \"origin\"]\nurl = \"\\": "",
	} {
		root := t.TempDir()
		write(t, root, map[string]string{"wahl/.git/config": config})
		r := one(t, open(t, root, ""), "wahl")
		if want == "" {
			want = "file://" + filepath.ToSlash(root) + "/wahl"
		}
		if r.URL != want {
			t.Errorf("%.80q: URL = %s, want %s", config, r.URL, want)
		}
		if _, err := registry.ParseID(r.URL); strings.HasPrefix(want, "file:") != (err != nil) {
			t.Errorf("%s: %v", r.URL, err)
		}
	}
	// Two working trees of one repository are one.
	root := t.TempDir()
	same := "[remote \"origin\"]\nurl = https://forge.example/amt/wahl\n"
	write(t, root, map[string]string{"eins/.git/config": same, "zwei/.git/config": same})
	if got := paths(t, open(t, root, ""), ""); len(got) != 1 {
		t.Errorf("listed %q", got)
	}
}

func TestHead(t *testing.T) {
	other := strings.Repeat("b", 40)
	for name, tt := range map[string]struct {
		git            map[string]string
		branch, commit string
	}{
		"branch":        {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": hash + "\n"}, "main", hash},
		"deep branch":   {map[string]string{"HEAD": "ref: refs/heads/a/ü\n", "refs/heads/a/ü": hash}, "a/ü", hash},
		"packed":        {map[string]string{"HEAD": "ref: refs/heads/main\n", "packed-refs": "# pack-refs with: peeled\n" + other + " refs/heads/x\n" + hash + " refs/heads/main\n^" + other + "\n"}, "main", hash},
		"both":          {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": hash, "packed-refs": other + " refs/heads/main\n"}, "main", hash},
		"detached":      {map[string]string{"HEAD": hash + "\n"}, "", hash},
		"SHA-256":       {map[string]string{"HEAD": hash + hash[:24] + "\n"}, "", hash + hash[:24]},
		"no commit yet": {map[string]string{"HEAD": "ref: refs/heads/main\n"}, "main", ""},
		"reftable":      {map[string]string{"HEAD": "ref: refs/heads/.invalid\n"}, "", ""},
		"outside":       {map[string]string{"HEAD": "ref: refs/../../geheim\n"}, "", ""},
		"absolute":      {map[string]string{"HEAD": "ref: /etc/passwd\n"}, "", ""},
		"no hash":       {map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": "0123"}, "main", ""},
		"garbage":       {map[string]string{"HEAD": "\x00\xff"}, "", ""},
		"large":         {map[string]string{"HEAD": strings.Repeat("a", 1<<20)}, "", ""},
		"nothing":       {map[string]string{"x": ""}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			write(t, root, map[string]string{"geheim": hash})
			for file, content := range tt.git {
				write(t, root, map[string]string{"wahl/.git/" + file: content})
			}
			f := open(t, root, "https://amt.example/lokal")
			r := one(t, f, "wahl")
			if r.DefaultBranch != tt.branch {
				t.Errorf("DefaultBranch = %q, want %q", r.DefaultBranch, tt.branch)
			}
			commit, err := tree(t, f, r).Commit()
			if commit != tt.commit || (err == nil) != (tt.commit != "") || err != nil && !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("Commit() = %q, %v, want %q", commit, err, tt.commit)
			}
		})
	}
}

// TestGit reads what git itself writes, before and after it packs.
func TestGit(t *testing.T) {
	root := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
			"GIT_AUTHOR_NAME=Erika", "GIT_AUTHOR_EMAIL=erika@example.org", "GIT_COMMITTER_NAME=Erika", "GIT_COMMITTER_EMAIL=erika@example.org")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	git("init", "--quiet", "--initial-branch=haupt/zweig", "wahl")
	write(t, root, map[string]string{"wahl/publiccode.yml": "name: Wahl\n"})
	git("-C", "wahl", "remote", "add", "origin", "git@forge.example:amt/wahl.git")
	git("-C", "wahl", "add", ".")
	git("-C", "wahl", "commit", "--quiet", "--message=x")
	want := git("-C", "wahl", "rev-parse", "HEAD")
	f := open(t, root, "")
	for _, packed := range []bool{false, true} {
		if packed {
			git("-C", "wahl", "gc", "--quiet")
			if _, err := os.Stat(filepath.Join(root, "wahl/.git/refs/heads/haupt/zweig")); err == nil {
				t.Fatal("git packed nothing")
			}
		}
		r := one(t, f, "")
		if commit, err := tree(t, f, r).Commit(); err != nil || commit != want || r.URL != "https://forge.example/amt/wahl" || r.DefaultBranch != "haupt/zweig" {
			t.Errorf("%+v at %q, %v, want %s", r, commit, err, want)
		}
	}
}

func TestFiles(t *testing.T) {
	root := t.TempDir()
	full := strings.Repeat("x", crawler.MaxFileSize)
	write(t, root, map[string]string{
		"wahl/publiccode.yml": "name: Wahl\n", "wahl/docs/a b#?%20.md": "odd", "wahl/full": full, "wahl/over": full + "!", "wahl/empty": "",
		"wahl/.git/config": "[x]\n\tgeheim = 1\n", "wahl/.git/HEAD": hash, "wahl/sub/.git/config": "geheim", "wahl/.hidden/x": "x",
		"geheim.txt": "geheim", "kita/publiccode.yml": "name: Kita\n",
	})
	links := map[string]string{
		"LICENSE": "docs/a b#?%20.md", "outside": "../geheim.txt", "absolute": "/etc/passwd", "gitconfig": ".git/config", "gitdir": ".git",
		"dir": "docs", "up": "..", "loop": "loop", "neighbour": "../kita",
	}
	for name, target := range links {
		must(t, os.Symlink(target, filepath.Join(root, "wahl", name)))
	}
	if runtime.GOOS != "windows" {
		must(t, exec.CommandContext(t.Context(), "mkfifo", filepath.Join(root, "wahl", "pipe")).Run())
	}
	f := open(t, root, "https://amt.example/lokal")
	tr := tree(t, f, one(t, f, "wahl"))
	for name, want := range map[string]string{"publiccode.yml": "name: Wahl\n", "docs/a b#?%20.md": "odd", "full": full, "empty": "", ".hidden/x": "x"} {
		if got, err := fs.ReadFile(tr, name); err != nil || string(got) != want {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	for name, target := range links {
		if got, err := fs.ReadFile(tr, name); err != nil || string(got) != target {
			t.Errorf("%s: %q, %v, want its target", name, got, err)
		}
	}
	for name, want := range map[string]error{
		"over": registry.ErrTooLarge, "none": fs.ErrNotExist, "docs": fs.ErrNotExist, "pipe": fs.ErrNotExist, "publiccode.yml/x": fs.ErrNotExist,
		".git/config": fs.ErrNotExist, ".GIT/config": fs.ErrNotExist, "sub/.git/config": fs.ErrNotExist, "gitdir/config": fs.ErrNotExist,
		"dir/a b#?%20.md": fs.ErrNotExist, "up/geheim.txt": fs.ErrNotExist, "neighbour/publiccode.yml": fs.ErrNotExist,
		strings.Repeat("n", 300): fs.ErrNotExist,
		"":                       fs.ErrInvalid, ".": fs.ErrInvalid, "../geheim.txt": fs.ErrInvalid, "/etc/passwd": fs.ErrInvalid, "a\x00": fs.ErrInvalid,
	} {
		if got, err := fs.ReadFile(tr, name); !errors.Is(err, want) {
			t.Errorf("Open(%.40q): %q, %v, want %v", name, got, err, want)
		}
	}
	entries, err := tr.ReadDir(".")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if e.IsDir() != slices.Contains([]string{"docs", "sub", ".hidden"}, e.Name()) {
			t.Errorf("%s: IsDir = %t", e.Name(), e.IsDir())
		}
	}
	want := []string{"publiccode.yml", "docs", "full", "over", "empty", "sub", ".hidden"}
	for name := range links {
		want = append(want, name)
	}
	slices.Sort(want)
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("ReadDir: %q, %v, want %q", names, err, want)
	}
	for name, want := range map[string]error{
		"none": fs.ErrNotExist, "publiccode.yml": fs.ErrNotExist, ".git": fs.ErrNotExist, "dir": fs.ErrNotExist, "neighbour": fs.ErrNotExist, "..": fs.ErrInvalid, "": fs.ErrInvalid,
	} {
		if got, err := tr.ReadDir(name); !errors.Is(err, want) {
			t.Errorf("ReadDir(%q): %d entries, %v, want %v", name, len(got), err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended, err := f.Files(ctx, one(t, f, "wahl"))
	must(t, err)
	cancel()
	if _, err := ended.Open("publiccode.yml"); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	if _, err := f.Files(t.Context(), crawler.Repo{}); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("Files of a stranger: %v", err)
	}
}

func TestVersion(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"wahl/publiccode.yml": "name: Wahl\n", "wahl/.git/HEAD": "ref: refs/heads/main\n", "wahl/docs/x": "1", "kita/publiccode.yml": ""})
	f := open(t, root, "https://amt.example/lokal")
	last := one(t, f, "wahl").Version
	if last == "" || one(t, f, "wahl").Version != last {
		t.Fatalf("Version = %q, then another", last)
	}
	write(t, root, map[string]string{"kita/publiccode.yml": "name: Kita\n", "wahl/.git/index": "x"})
	if v := one(t, f, "wahl").Version; v != last {
		t.Errorf("Version differs though nothing changed")
	}
	for _, change := range []map[string]string{
		{"wahl/publiccode.yml": "name: Wahlen\n"}, {"wahl/docs/x": "22"}, {"wahl/neu": ""}, {"wahl/.git/refs/heads/main": hash}, {"wahl/.git/HEAD": "ref: refs/heads/x\n"},
	} {
		write(t, root, change)
		v := one(t, f, "wahl").Version
		if v == last {
			t.Errorf("Version is the same after %q", change)
		}
		last = v
	}
	many := map[string]string{}
	for i := range 5001 {
		many[fmt.Sprintf("wahl/%05d", i)] = ""
	}
	write(t, root, many)
	if v := one(t, f, "wahl").Version; v != "" {
		t.Errorf("Version = %q of more files than are looked at", v)
	}
}

func TestDescribe(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"wahl/publiccode.yml": "", "kita/publiccode.yml": ""})
	f := open(t, root, "https://amt.example/lokal")
	repos, _, err := list(t.Context(), f, crawler.Listing{})
	must(t, err)
	got, err := f.Describe(t.Context(), repos)
	if err != nil || len(got) != 2 {
		t.Fatalf("%d descriptions, %v", len(got), err)
	}
	for i, d := range got {
		if d.Repo.URL != repos[i].URL || d.Err != nil || d.Activity != nil {
			t.Errorf("%+v", d)
		}
	}
}

func TestNew(t *testing.T) {
	root := t.TempDir()
	write(t, root, map[string]string{"file": ""})
	for _, name := range []string{"file", "none", "file/x"} {
		if _, err := folder.New(filepath.Join(root, name), folder.Options{}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("New(%s): %v", name, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte("[remote \"origin\"]\n\turl = \"https://forge.example/a/b\" # x\n"), []byte("ref: refs/heads/main"), []byte(hash+" refs/heads/main\n"))
	f.Fuzz(func(t *testing.T, config, head, packed []byte) {
		root := t.TempDir()
		write(t, root, map[string]string{"r/.git/config": string(config), "r/.git/HEAD": string(head), "r/.git/packed-refs": string(packed)})
		forge := open(t, root, "")
		r := one(t, forge, "r")
		if _, err := registry.ParseID(r.URL); err != nil && !strings.HasPrefix(r.URL, "file:///") {
			t.Fatalf("%q is neither an address nor a path: %v", r.URL, err)
		}
		if isPath := strings.HasPrefix(r.URL, "file:///"); isPath != errors.Is(r.Err, registry.ErrInvalid) {
			t.Fatalf("%s: %v", r.URL, r.Err)
		}
		commit, err := tree(t, forge, r).Commit()
		if err == nil && (len(commit) != 40 && len(commit) != 64 || !bytes.Contains(append(head, packed...), []byte(commit))) {
			t.Fatalf("commit %q", commit)
		}
	})
}
