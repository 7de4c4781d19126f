// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/git"
	"github.com/allmende-registry/allmende/registry"
)

// host serves the repositories of a folder with git's own program.
type host struct {
	t    *testing.T
	root string
	url  *url.URL
	opt  git.Options

	mu       sync.Mutex
	requests []string
}

func newHost(t *testing.T) *host {
	t.Helper()
	execPath, err := exec.CommandContext(t.Context(), "git", "--exec-path").Output()
	if err != nil {
		t.Skip("git is not installed")
	}
	backend := filepath.Join(strings.TrimSpace(string(execPath)), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		t.Skip("git http-backend is not installed")
	}
	h := &host{t: t, root: t.TempDir()}
	program := &cgi.Handler{
		Path: backend, Env: append(gitEnv(), "GIT_PROJECT_ROOT="+h.root, "GIT_HTTP_EXPORT_ALL=1"),
		Stderr: io.Discard, Logger: log.New(io.Discard, "", 0),
	}
	h.url = serve(t, func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.requests = append(h.requests, r.Method+" "+r.URL.Path)
		h.mu.Unlock()
		switch {
		case strings.HasPrefix(r.URL.Path, "/privat"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasPrefix(r.URL.Path, "/zimmer"):
			w.WriteHeader(http.StatusUnauthorized)
		case strings.HasPrefix(r.URL.Path, "/alt/"):
			http.Redirect(w, r, "/neu/"+strings.TrimPrefix(r.URL.Path, "/alt/")+"?"+r.URL.RawQuery, http.StatusMovedPermanently)
		default:
			program.ServeHTTP(w, r)
		}
	})
	return h
}

func serve(t *testing.T, h http.HandlerFunc) *url.URL {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func gitEnv() []string {
	return []string{
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "HOME=" + os.DevNull, "PATH=" + os.Getenv("PATH"),
		"GIT_AUTHOR_NAME=Erika", "GIT_AUTHOR_EMAIL=erika@example.org", "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z",
		"GIT_COMMITTER_NAME=Erika", "GIT_COMMITTER_EMAIL=erika@example.org", "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z",
	}
}

func (h *host) git(dir string, args ...string) string {
	h.t.Helper()
	cmd := exec.CommandContext(h.t.Context(), "git", args...)
	cmd.Dir, cmd.Env = dir, gitEnv()
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// repo makes a repository, its folder ending in .git, without a commit.
func (h *host) repo(path string, init ...string) *repo {
	h.t.Helper()
	r := &repo{h, filepath.Join(h.root, path)}
	h.git(h.root, append(append([]string{"init", "--quiet", "--bare", "--initial-branch=main"}, init...), r.dir)...)
	return r
}

type repo struct {
	*host
	dir string
}

// allow lets clients leave files out and fetch them alone.
func (r *repo) allow() *repo {
	r.git(r.dir, "config", "uploadpack.allowFilter", "true")
	r.git(r.dir, "config", "uploadpack.allowAnySHA1InWant", "true")
	return r
}

// commit replaces all files of a branch. A value that begins with "-> " is the
// target of a symbolic link.
func (r *repo) commit(branch string, files map[string]string) (hash string) {
	r.t.Helper()
	var in bytes.Buffer
	fmt.Fprintf(&in, "commit refs/heads/%s\ncommitter Erika <erika@example.org> 1767323045 +0000\ndata 1\nx\ndeleteall\n", branch)
	for name, content := range files {
		mode := "100644"
		if target, ok := strings.CutPrefix(content, "-> "); ok {
			mode, content = "120000", target
		}
		if strings.HasSuffix(name, "/submodule") {
			fmt.Fprintf(&in, "M 160000 %s %q\n", content, name)
			continue
		}
		fmt.Fprintf(&in, "M %s inline \"%s\"\ndata %d\n%s\n", mode, name, len(content), content)
	}
	cmd := exec.CommandContext(r.t.Context(), "git", "fast-import", "--quiet", "--force")
	cmd.Dir, cmd.Env, cmd.Stdin = r.dir, gitEnv(), &in
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git fast-import: %v\n%s", err, out)
	}
	return r.git(r.dir, "rev-parse", "refs/heads/"+branch)
}

func (h *host) forge() crawler.Forge { return open(h.t, h.url, h.opt) }

func open(t *testing.T, u *url.URL, opt git.Options) crawler.Forge {
	t.Helper()
	client := fetch.New(fetch.Options{UserAgent: "test", Hosts: map[string]fetch.Host{fetch.HostPort(u): {AllowPrivate: true}}})
	f, err := git.New(u, client.HTTP(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// requested returns the requests since the last call.
func (h *host) requested() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.requests
	h.requests = nil
	return r
}

func list(ctx context.Context, f crawler.Forge, path string) (repo crawler.Repo, err error) {
	n := 0
	for page, e := range f.Repos(ctx, []crawler.Listing{{Path: path}}) {
		n++
		switch {
		case e != nil:
			err = e
		case len(page.Progress) != 1 || !page.Progress[0].Done || page.Progress[0].Path != path || len(page.Repos) > 1:
			err = fmt.Errorf("odd page %+v", page)
		case page.Progress[0].Err != nil:
			err = page.Progress[0].Err
		case len(page.Repos) == 1:
			repo = page.Repos[0]
		}
	}
	if n != 1 {
		err = fmt.Errorf("%d pages", n)
	}
	return repo, err
}

func mustList(t *testing.T, f crawler.Forge, path string) crawler.Repo {
	t.Helper()
	r, err := list(t.Context(), f, path)
	if err != nil {
		t.Fatalf("Repos(%q): %v", path, err)
	}
	return r
}

func mustTree(t *testing.T, f crawler.Forge, r crawler.Repo) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatalf("Files(%s): %v", r.URL, err)
	}
	return tree
}

// noise cannot be compressed.
func noise(n int) string {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return string(b)
}

// eachKind runs a test against a host that serves single files and against one
// that serves whole commits.
func eachKind(t *testing.T, test func(t *testing.T, h *host, prepare func(*repo) *repo)) {
	t.Run("single files", func(t *testing.T) { test(t, newHost(t), (*repo).allow) })
	t.Run("whole commits", func(t *testing.T) { test(t, newHost(t), func(r *repo) *repo { return r }) })
	t.Run("filter without single files", func(t *testing.T) {
		test(t, newHost(t), func(r *repo) *repo {
			r.git(r.dir, "config", "uploadpack.allowFilter", "true")
			return r
		})
	})
	t.Run("filter refused", func(t *testing.T) {
		test(t, newHost(t), func(r *repo) *repo {
			r.git(r.dir, "config", "uploadpackfilter.blob:none.allow", "false")
			return r.allow()
		})
	})
	t.Run("reachable objects alone", func(t *testing.T) {
		test(t, newHost(t), func(r *repo) *repo {
			r.git(r.dir, "config", "uploadpack.allowFilter", "true")
			r.git(r.dir, "config", "uploadpack.allowReachableSHA1InWant", "true")
			return r
		})
	})
}

func TestLists(t *testing.T) {
	h := newHost(t)
	hash := h.repo("amt/wahl.git").commit("main", map[string]string{"publiccode.yml": "name: Wahl\n"})
	h.repo("nackt").commit("main", map[string]string{"publiccode.yml": "name: Nackt\n"})
	h.repo("tief/in/Bürgeramt/ä b.git").commit("main", map[string]string{"x": "y"})
	f := h.forge()
	for path, want := range map[string]string{
		"amt/wahl":              "/amt/wahl",
		"amt/wahl.git":          "/amt/wahl",
		"/amt/wahl/":            "/amt/wahl",
		"nackt":                 "/nackt",
		"tief/in/Bürgeramt/ä b": "/tief/in/B%C3%BCrgeramt/%C3%A4%20b",
	} {
		r := mustList(t, f, path)
		if r.URL != h.url.String()+want || r.Forge != "git" || r.DefaultBranch != "main" || r.State != crawler.Readable || r.Path != path {
			t.Errorf("Repos(%q): %+v", path, r)
		}
	}
	if r := mustList(t, f, "amt/wahl"); !strings.HasPrefix(r.Version, hash) {
		t.Errorf("Version = %s, want one of %s", r.Version, hash)
	}
	for path, want := range map[string]error{
		"": registry.ErrInvalid, "/": registry.ErrInvalid, "amt/../wahl": registry.ErrInvalid, "a//b": registry.ErrInvalid, "a\x00": registry.ErrInvalid,
		"amt/niemand": registry.ErrNotFound, "amt/niemand.git": registry.ErrNotFound, "amt": registry.ErrNotFound, "amt/wahl%2egit": registry.ErrNotFound,
		"amt/wahl?x": registry.ErrNotFound, "privat/x": registry.ErrForbidden, "zimmer/x": registry.ErrForbidden,
	} {
		if r, err := list(t.Context(), f, path); !errors.Is(err, want) {
			t.Errorf("Repos(%q) = %q, %v; want %v", path, r.URL, err, want)
		}
	}
	if _, err := list(t.Context(), f, ""); !strings.Contains(err.Error(), "one by one") {
		t.Errorf("Repos of the host: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := list(ctx, f, "amt/wahl"); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
}

func TestRenamed(t *testing.T) {
	h := newHost(t)
	h.repo("neu/wahl.git").commit("main", map[string]string{"publiccode.yml": "name: Wahl\n"})
	f := h.forge()
	r := mustList(t, f, "alt/wahl.git")
	if want := h.url.String() + "/neu/wahl"; r.URL != want {
		t.Errorf("URL = %s, want %s", r.URL, want)
	}
	if got, err := fs.ReadFile(mustTree(t, f, r), "publiccode.yml"); err != nil || string(got) != "name: Wahl\n" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestBelowAFolder(t *testing.T) {
	h := newHost(t)
	h.repo("git/amt/wahl.git").commit("main", map[string]string{"a": "b"})
	f := open(t, h.url.JoinPath("git/"), git.Options{})
	r := mustList(t, f, "amt/wahl")
	if want := h.url.String() + "/git/amt/wahl"; r.URL != want {
		t.Errorf("URL = %s, want %s", r.URL, want)
	}
	r.Native = nil
	if got, err := fs.ReadFile(mustTree(t, f, r), "a"); err != nil || string(got) != "b" {
		t.Errorf("read %q, %v", got, err)
	}
	for _, address := range []string{"https://anderswo.example/git/amt/wahl", h.url.String() + "/andere/wahl", "::"} {
		r.URL = address
		if _, err := f.Files(t.Context(), r); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("Files(%s): %v", address, err)
		}
	}
}

func TestDefaultBranch(t *testing.T) {
	h := newHost(t)
	f := h.forge()
	file := func(content string) map[string]string { return map[string]string{"f": content} }
	check := func(path, branch, content string) {
		t.Helper()
		r := mustList(t, f, path)
		if r.DefaultBranch != branch {
			t.Errorf("%s: DefaultBranch = %q, want %q", path, r.DefaultBranch, branch)
		}
		if got, err := fs.ReadFile(mustTree(t, f, r), "f"); err != nil || string(got) != content {
			t.Errorf("%s: read %q, %v, want %q", path, got, err, content)
		}
	}
	odd := h.repo("odd.git")
	odd.commit("main", file("main"))
	odd.commit("release/ü+1", file("odd"))
	odd.git(odd.dir, "symbolic-ref", "HEAD", "refs/heads/release/ü+1")
	check("odd", "release/ü+1", "odd")

	detached := h.repo("detached.git")
	hash := detached.commit("main", file("old"))
	detached.commit("main", file("new"))
	detached.git(detached.dir, "update-ref", "--no-deref", "HEAD", hash)
	check("detached", "", "old")

	only := h.repo("only.git")
	only.commit("trunk", file("trunk"))
	check("only", "trunk", "trunk")

	usual := h.repo("usual.git")
	usual.git(usual.dir, "symbolic-ref", "HEAD", "refs/heads/none")
	usual.commit("a", file("a"))
	usual.commit("main", file("main"))
	check("usual", "main", "main")

	unclear := h.repo("unclear.git")
	unclear.commit("a", file("a"))
	unclear.commit("b", file("b"))
	if _, err := list(t.Context(), f, "unclear"); err == nil || !strings.Contains(err.Error(), "symbolic-ref") {
		t.Errorf("a HEAD that leads nowhere: %v", err)
	}

	h.repo("leer.git")
	empty := mustList(t, f, "leer")
	if empty.State != crawler.Empty || empty.Version != "" {
		t.Errorf("an empty repository: %+v", empty)
	}
	if _, err := f.Files(t.Context(), empty); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("files of an empty repository: %v", err)
	}
}

func TestFiles(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		files := map[string]string{
			"publiccode.yml": "name: Wahl\n", "LICENSE": "text", "docs/deep/er/install.md": "deep",
			"Bürgerbüro/Öffnungszeiten für Ämter.txt": "umlauts", "a b?#%20.txt": "odd", ".hidden/x": "hidden", "日本": "x",
			"binary": "\x00\xff\r\n\x00", "empty": "",
			"link": "-> docs/deep/er/install.md", "outside": "-> /etc/passwd",
		}
		all := maps.Clone(files)
		all["lib/submodule"] = "0123456789012345678901234567890123456789"
		r := prepare(h.repo("amt/wahl.git"))
		hash := r.commit("main", all)
		f := h.forge()
		tree := mustTree(t, f, mustList(t, f, "amt/wahl"))
		for name, want := range files {
			got, err := fs.ReadFile(tree, name)
			if err != nil || string(got) != strings.TrimPrefix(want, "-> ") {
				t.Errorf("%s: %d bytes %.40q, %v", name, len(got), got, err)
			}
		}
		file, err := tree.Open("docs/deep/er/install.md")
		if err != nil {
			t.Fatal(err)
		}
		if info, err := file.Stat(); err != nil || info.Name() != "install.md" || info.Size() != 4 || !info.Mode().IsRegular() {
			t.Errorf("Stat: %v, %v", info, err)
		}
		for _, name := range []string{"publiccode.yaml", "docs/none", "none/at/all", "license", "docs", "docs/deep", "lib/submodule", "lib/submodule/x", "LICENSE/x", "link/x"} {
			if _, err := tree.Open(name); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("Open(%q): %v, want fs.ErrNotExist", name, err)
			}
		}
		for _, name := range []string{"", ".", "..", "../x", "/etc/passwd", "docs/../LICENSE", "./LICENSE", "a//b", "docs/", "a\x00b", "a\xffb"} {
			if _, err := tree.Open(name); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("Open(%q): %v, want fs.ErrInvalid", name, err)
			}
		}
		if got, err := tree.Commit(); err != nil || got != hash {
			t.Errorf("Commit() = %s, %v, want %s", got, err, hash)
		}
	})
}

func TestLargeFiles(t *testing.T) {
	full := strings.Repeat("0123456789abcde\n", crawler.MaxFileSize/16)
	files := map[string]string{"full": full, "noise": noise(crawler.MaxFileSize)}
	over := map[string]string{"over": full + "!", "huge": noise(crawler.MaxFileSize * 5 / 4)}
	h := newHost(t)
	for _, r := range []*repo{h.repo("einzeln.git").allow(), h.repo("ganz.git")} {
		all := maps.Clone(files)
		maps.Copy(all, over)
		r.commit("main", all)
		f := h.forge()
		tree := mustTree(t, f, mustList(t, f, filepath.Base(r.dir)))
		for name, want := range files {
			if got, err := fs.ReadFile(tree, name); err != nil || string(got) != want {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
		}
		for name := range over {
			if _, err := tree.Open(name); !errors.Is(err, registry.ErrTooLarge) {
				t.Errorf("%s: %v, want ErrTooLarge", name, err)
			}
		}
	}
}

func TestSHA256(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		r := prepare(h.repo("neu.git", "--object-format=sha256"))
		hash := r.commit("main", map[string]string{"a/publiccode.yml": "name: Neu\n"})
		f := h.forge()
		tree := mustTree(t, f, mustList(t, f, "neu"))
		if got, err := fs.ReadFile(tree, "a/publiccode.yml"); err != nil || string(got) != "name: Neu\n" {
			t.Errorf("read %q, %v", got, err)
		}
		if got, err := tree.Commit(); err != nil || got != hash || len(got) != 64 {
			t.Errorf("Commit() = %s, %v, want %s", got, err, hash)
		}
	})
}

// TestDeltas reads files that git stores as differences from one another.
func TestDeltas(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		r := prepare(h.repo("wahl.git"))
		files := map[string]string{}
		text := []byte(noise(100_000))
		for i := range 30 {
			text[i*3000]++
			files[fmt.Sprintf("dir%d/file", i%3)+fmt.Sprint(i)] = string(text)
			for j := range 50 {
				files[fmt.Sprintf("many%d/%02d", i, j)] = fmt.Sprint(j, i/29)
			}
		}
		r.commit("main", files)
		r.git(r.dir, "repack", "-adfq", "--depth=50", "--window=60")
		if out := r.git(r.dir, "count-objects", "-v"); !strings.Contains(out, "packs: 1") {
			t.Fatal(out)
		}
		f := h.forge()
		tree := mustTree(t, f, mustList(t, f, "wahl"))
		for i := range 30 {
			name := fmt.Sprintf("dir%d/file", i%3) + fmt.Sprint(i)
			if got, err := fs.ReadFile(tree, name); err != nil || string(got) != files[name] {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
		}
		if got, err := fs.ReadFile(tree, "many29/49"); err != nil || string(got) != "49 1" {
			t.Errorf("read %q, %v", got, err)
		}
	})
}

func TestRequests(t *testing.T) {
	h := newHost(t)
	content := map[string]string{"publiccode.yml": "name: Wahl\n", "LICENSE": "text"}
	h.repo("einzeln.git").allow().commit("main", content)
	h.repo("ganz.git").commit("main", content)
	f := h.forge()
	for path, posts := range map[string]int{"einzeln.git": 2, "ganz.git": 1} {
		h.requested()
		r := mustList(t, f, path)
		if got := h.requested(); !slices.Equal(got, []string{"GET /" + path + "/info/refs"}) {
			t.Errorf("unchanged: %q", got)
		}
		tree := mustTree(t, f, r)
		if _, err := tree.Open("none"); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if _, err := fs.ReadFile(tree, "publiccode.yml"); err != nil {
			t.Error(err)
		}
		if _, err := tree.Commit(); err != nil {
			t.Error(err)
		}
		want := slices.Repeat([]string{"POST /" + path + "/git-upload-pack"}, posts)
		if got := h.requested(); !slices.Equal(got, want) {
			t.Errorf("one file: %q, want %q", got, want)
		}
	}
}

func TestVersion(t *testing.T) {
	h := newHost(t)
	r := h.repo("wahl.git").allow()
	r.commit("main", map[string]string{"a": "1"})
	f := h.forge()
	before := mustList(t, f, "wahl")
	old := mustTree(t, f, before)
	if again := mustList(t, f, "wahl"); again.Version != before.Version {
		t.Errorf("Version went from %s to %s", before.Version, again.Version)
	}
	r.git(r.dir, "tag", "v1", "main")
	tagged := mustList(t, f, "wahl")
	r.commit("main", map[string]string{"a": "2"})
	after := mustList(t, f, "wahl")
	if after.Version == before.Version || tagged.Version == before.Version || tagged.Version == after.Version {
		t.Errorf("Version is %s, tagged %s, changed %s", before.Version, tagged.Version, after.Version)
	}
	if got, err := fs.ReadFile(mustTree(t, f, after), "a"); err != nil || string(got) != "2" {
		t.Errorf("read %q, %v", got, err)
	}
	// A tree stays that of its commit.
	if got, err := fs.ReadFile(old, "a"); err != nil || string(got) != "1" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestTooLargeAsAWhole(t *testing.T) {
	h := newHost(t)
	h.opt.MaxAnswer = 100_000
	files := map[string]string{"publiccode.yml": "name: Wahl\n", "data": noise(200_000)}
	h.repo("ganz.git").commit("main", files)
	h.repo("einzeln.git").allow().commit("main", files)
	f := h.forge()
	if _, err := f.Files(t.Context(), mustList(t, f, "ganz")); !errors.Is(err, registry.ErrTooLarge) || !strings.Contains(err.Error(), "allowFilter") {
		t.Errorf("got %v", err)
	}
	if got, err := fs.ReadFile(mustTree(t, f, mustList(t, f, "einzeln")), "publiccode.yml"); err != nil || len(got) == 0 {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestEndedContext(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		prepare(h.repo("wahl.git")).commit("main", map[string]string{"a": "1"})
		f := h.forge()
		ctx, cancel := context.WithCancel(t.Context())
		tree, err := f.Files(ctx, mustList(t, f, "wahl"))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := tree.Open("a"); !errors.Is(err, context.Canceled) {
			t.Errorf("Open: %v", err)
		}
		if _, err := f.Files(ctx, mustList(t, f, "wahl")); !errors.Is(err, context.Canceled) {
			t.Errorf("Files: %v", err)
		}
	})
}

func TestConcurrent(t *testing.T) {
	eachKind(t, func(t *testing.T, h *host, prepare func(*repo) *repo) {
		files := map[string]string{"a": "1", "b/c": "2", "d/e/f": "3"}
		prepare(h.repo("wahl.git")).commit("main", files)
		f := h.forge()
		r := mustList(t, f, "wahl")
		shared := mustTree(t, f, r)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				own, err := f.Files(t.Context(), r)
				if err != nil {
					t.Error(err)
					return
				}
				for name, want := range files {
					for _, tree := range []crawler.Tree{shared, own} {
						if got, err := fs.ReadFile(tree, name); err != nil || string(got) != want {
							t.Errorf("%s: %q, %v", name, got, err)
						}
					}
				}
			})
		}
		wg.Wait()
	})
}

// watch looks at what is handed to the client.
type watch struct {
	t   *testing.T
	ctx any
}

type watchKey struct{}

func (w *watch) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Context().Value(watchKey{}) != w.ctx {
		w.t.Errorf("%s %s does not have the caller's context", req.Method, req.URL)
	}
	if req.Body != nil && req.GetBody == nil {
		w.t.Errorf("%s %s cannot be sent twice", req.Method, req.URL)
	}
	return http.DefaultTransport.RoundTrip(req)
}

func TestClientAndContext(t *testing.T) {
	h := newHost(t)
	h.repo("wahl.git").allow().commit("main", map[string]string{"a": "1"})
	w := &watch{t, new(int)}
	f, err := git.New(h.url, &http.Client{Transport: w}, git.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(t.Context(), watchKey{}, w.ctx)
	r, err := list(ctx, f, "wahl")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := f.Files(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(tree, "a"); err != nil || string(got) != "1" {
		t.Errorf("read %q, %v", got, err)
	}
}

func TestNew(t *testing.T) {
	for _, address := range []string{"ssh://git.example/x", "git.example", "https://", "file:///tmp"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := git.New(u, nil, git.Options{}); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("New(%s): %v", address, err)
		}
	}
	if _, err := git.New(nil, nil, git.Options{}); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("New(nil): %v", err)
	}
}
