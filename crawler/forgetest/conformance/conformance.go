// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package conformance is the suite that every adapter passes, with what their
// tests share.
package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/crawler/forgetest"
	"github.com/allmende-registry/allmende/registry"
)

// NewServer serves a stand-in, such as GitHub, until the test ends.
func NewServer(t testing.TB, standIn func(w *forgetest.World, base string) http.Handler, w *forgetest.World) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config.Handler = spoilt(w, standIn(w, "http://"+s.Listener.Addr().String()))
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// Guarded is a client such as the crawler hands in; it may reach the address, and
// sends the tokens in turns.
func Guarded(t testing.TB, address string, tokens ...string) *fetch.Client {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return fetch.New(fetch.Options{UserAgent: "test", Hosts: map[string]fetch.Host{fetch.HostPort(u): {AllowPrivate: true, Header: "Authorization", Tokens: tokens}}})
}

// tells is in what the kinds of forges differ.
type tells struct {
	blocked     bool // lists call a blocked repository so; else reading from it is refused
	prereleases bool // which releases are not final
	exports     bool // it makes an SBOM of a repository
	compares    bool // it tells how far a fork is from the original
	instance    bool // all of it can be listed
	// topics, stars and forks, archived repositories, shares of languages,
	// releases and labels of issues; else none of them
	rich bool
}

// kinds are those that the suite knows.
var kinds = map[string]tells{
	crawler.GitHub:    {blocked: true, prereleases: true, exports: true, compares: true, instance: true, rich: true},
	crawler.GitLab:    {blocked: true, compares: true, instance: true, rich: true},
	crawler.Forgejo:   {prereleases: true, compares: true, instance: true, rich: true},
	crawler.Bitbucket: {},
}

// TestForge is what every adapter passes. newForge makes the adapter under test,
// with the clock Now where it takes one, and with NewServer the stand-in for the
// forge of that kind that it reads, over a world; the adapter sees changes of the
// world.
func TestForge(t *testing.T, newForge func(t *testing.T, w *forgetest.World) crawler.Forge, kind string) {
	test(t, newForge, kind)
}

// TestUndescribed is TestForge for an adapter set up so that it can list and read
// and describes nothing.
func TestUndescribed(t *testing.T, newForge func(t *testing.T, w *forgetest.World) crawler.Forge, kind string) {
	test(t, newForge, kind, "languages", "releases", "tags", "commits", "issues", "exports", "compares", "describes", "nulls")
}

func test(t *testing.T, newForge func(t *testing.T, w *forgetest.World) crawler.Forge, kind string, but ...string) {
	tells, ok := kinds[kind]
	if !ok {
		t.Fatalf("it is not said what forges of the kind %q tell", kind)
	}
	for name, test := range map[string]func(suite, *testing.T){
		"lists":       suite.lists,
		"pages":       suite.pages,
		"not found":   suite.notFound,
		"renamed":     suite.renamed,
		"states":      suite.states,
		"metadata":    suite.metadata,
		"files":       suite.files,
		"bytes":       suite.bytes,
		"large files": suite.largeFiles,
		"hostile":     suite.hostile,
		"branches":    suite.branches,
		"version":     suite.version,
		"cancelled":   suite.cancelled,
		"stopped":     suite.stopped,
		"concurrent":  suite.concurrent,

		"several":       suite.several,
		"cursors":       suite.cursors,
		"folders":       suite.folders,
		"large folders": suite.largeFolders,
		"languages":     suite.languages,
		"releases":      suite.releases,
		"tags":          suite.tags,
		"commits":       suite.commits,
		"issues":        suite.issues,
		"exports":       suite.exports,
		"compares":      suite.compares,
		"describes":     suite.describes,
		"nulls":         suite.nullsInLists,
	} {
		if slices.Contains(but, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			test(suite{kind: kind, tells: tells, newForge: newForge}, t)
		})
	}
}

type suite struct {
	kind     string
	tells    tells
	newForge func(t *testing.T, w *forgetest.World) crawler.Forge
}

// repo is a repository of the suite with one file.
func (s suite) repo(path string) forgetest.Repo {
	return forgetest.Repo{Forge: s.kind, Path: path, Files: map[string][]byte{"publiccode.yml": []byte("name: " + path + "\n")}}
}

// list takes a whole listing of one path.
func list(ctx context.Context, f crawler.Forge, path string) (repos []crawler.Repo, err error) {
	for page, e := range f.Repos(ctx, []crawler.Listing{{Path: path}}) {
		if e != nil {
			return repos, e
		}
		repos = append(repos, page.Repos...)
		for _, p := range page.Progress {
			err = p.Err
		}
	}
	return repos, err
}

func mustList(t *testing.T, f crawler.Forge, path string) []crawler.Repo {
	t.Helper()
	repos, err := list(t.Context(), f, path)
	if err != nil {
		t.Fatalf("Repos(%q): %v", path, err)
	}
	return repos
}

// one finds the repository with a path in a listing.
func one(t *testing.T, repos []crawler.Repo, path string) crawler.Repo {
	t.Helper()
	i := slices.IndexFunc(repos, func(r crawler.Repo) bool { return strings.HasSuffix(r.URL, "/"+path) })
	if i < 0 {
		t.Fatalf("%s is not listed among %d repositories", path, len(repos))
	}
	return repos[i]
}

// wantPaths holds a listing against what must be in it, in any order.
func wantPaths(t *testing.T, repos []crawler.Repo, want ...string) {
	t.Helper()
	var got []string
	ids := make(map[string]bool)
	for _, r := range repos {
		segments := strings.Split(r.URL, "/")
		got = append(got, path.Join(segments[max(0, len(segments)-2):]...))
		if r.ForgeID == "" || ids[r.ForgeID] {
			t.Errorf("%s: id %q is missing or that of another", r.URL, r.ForgeID)
		}
		ids[r.ForgeID] = true
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("listed %d repositories, want %d\n got %q\nwant %q", len(got), len(want), abridge(got), abridge(want))
	}
}

func abridge(s []string) []string { return s[:min(12, len(s))] }

func mustTree(t *testing.T, f crawler.Forge, r crawler.Repo) crawler.Tree {
	t.Helper()
	tree, err := f.Files(t.Context(), r)
	if err != nil {
		t.Fatalf("Files(%s): %v", r.URL, err)
	}
	return tree
}

func (s suite) lists(t *testing.T) {
	person := s.repo("erika/werkzeug")
	person.User = true
	f := s.newForge(t, forgetest.New(s.repo("stadt/wahl"), s.repo("stadt/kita"), s.repo("stadt-werke/netz"), s.repo("land/wald"), person))
	for _, tt := range []struct {
		name, path string
		want       []string
	}{
		{"organisation", "stadt", []string{"stadt/wahl", "stadt/kita"}},
		{"user", "erika", []string{"erika/werkzeug"}},
		{"repository", "land/wald", []string{"land/wald"}},
		{"instance", "", []string{"stadt/wahl", "stadt/kita", "stadt-werke/netz", "land/wald", "erika/werkzeug"}},
	} {
		if tt.path == "" && !s.tells.instance {
			if repos, err := list(t.Context(), f, ""); !errors.Is(err, registry.ErrInvalid) || len(repos) > 0 {
				t.Errorf("Repos of all: %d repositories, %v, want ErrInvalid", len(repos), err)
			}
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			repos := mustList(t, f, tt.path)
			wantPaths(t, repos, tt.want...)
			for _, r := range repos {
				if r.Forge != s.kind {
					t.Errorf("%s: Forge = %q, want %q", r.URL, r.Forge, s.kind)
				}
				if r.State != crawler.Readable {
					t.Errorf("%s: State = %q", r.URL, r.State)
				}
				if _, err := registry.ParseID(r.URL); err != nil {
					t.Errorf("URL: %v", err)
				}
			}
		})
	}
}

func (s suite) pages(t *testing.T) {
	w := forgetest.New()
	var big, all []string
	for i := range 230 {
		p := fmt.Sprintf("viel/r%03d", i)
		w.Put(s.repo(p))
		big = append(big, p)
	}
	for i := range 15 {
		p := fmt.Sprintf("wenig%d/r", i)
		w.Put(s.repo(p))
		all = append(all, p)
	}
	f := s.newForge(t, w)
	wantPaths(t, mustList(t, f, "viel"), big...)
	if s.tells.instance {
		wantPaths(t, mustList(t, f, ""), append(all, big...)...)
	}
}

func (s suite) notFound(t *testing.T) {
	f := s.newForge(t, forgetest.New(s.repo("stadt/wahl")))
	for _, p := range []string{"niemand", "stadt/nichts", "niemand/nichts"} {
		repos, err := list(t.Context(), f, p)
		if !errors.Is(err, registry.ErrNotFound) || len(repos) != 0 {
			t.Errorf("Repos(%q): %d repositories and %v, want ErrNotFound", p, len(repos), err)
		}
	}
}

func (s suite) renamed(t *testing.T) {
	w := forgetest.New(s.repo("stadt/alt"), s.repo("stadt/fest"))
	f := s.newForge(t, w)
	before := one(t, mustList(t, f, "stadt"), "stadt/alt")
	if !w.Rename(s.kind, "stadt/alt", "stadt/neu") {
		t.Fatal("no repository to rename")
	}
	wantPaths(t, mustList(t, f, "stadt"), "stadt/neu", "stadt/fest")
	for _, p := range []string{"stadt/alt", "stadt/neu"} {
		repos := mustList(t, f, p)
		wantPaths(t, repos, "stadt/neu")
		after := one(t, repos, "stadt/neu")
		if after.ForgeID != before.ForgeID {
			t.Errorf("Repos(%q): id is %s, was %s", p, after.ForgeID, before.ForgeID)
		}
		if _, err := fs.ReadFile(mustTree(t, f, after), "publiccode.yml"); err != nil {
			t.Errorf("Repos(%q): %v", p, err)
		}
	}
}

func (s suite) states(t *testing.T) {
	fork, archived, blocked := s.repo("stadt/gabel"), s.repo("stadt/archiv"), s.repo("stadt/gesperrt")
	fork.Parent, archived.Archived, blocked.Blocked = "land/wald", true, true
	empty := forgetest.Repo{Forge: s.kind, Path: "stadt/leer"}
	f := s.newForge(t, forgetest.New(s.repo("land/wald"), s.repo("stadt/wahl"), fork, archived, blocked, empty))
	repos := mustList(t, f, "stadt")
	wantPaths(t, repos, "stadt/wahl", "stadt/gabel", "stadt/archiv", "stadt/gesperrt", "stadt/leer")

	t.Run("ordinary", func(t *testing.T) {
		if r := one(t, repos, "stadt/wahl"); r.Fork || r.Parent != "" || r.Archived || r.State != crawler.Readable {
			t.Errorf("%+v", r)
		}
	})
	t.Run("fork", func(t *testing.T) {
		// Not every forge names the parent in a list.
		if r := one(t, repos, "stadt/gabel"); !r.Fork || r.Parent != "" && !strings.HasSuffix(r.Parent, "/land/wald") {
			t.Errorf("listed: Fork = %t, Parent = %q", r.Fork, r.Parent)
		}
		r := one(t, mustList(t, f, "stadt/gabel"), "stadt/gabel")
		want := strings.TrimSuffix(r.URL, "stadt/gabel") + "land/wald"
		if !r.Fork || r.Parent != want {
			t.Errorf("alone: Fork = %t, Parent = %q, want %q", r.Fork, r.Parent, want)
		}
	})
	t.Run("archived", func(t *testing.T) {
		r := one(t, repos, "stadt/archiv")
		if r.Archived != s.tells.rich {
			t.Errorf("Archived = %t", r.Archived)
		}
		if _, err := fs.ReadFile(mustTree(t, f, r), "publiccode.yml"); err != nil {
			t.Error(err)
		}
	})
	t.Run("empty", func(t *testing.T) {
		for _, r := range []crawler.Repo{one(t, repos, "stadt/leer"), one(t, mustList(t, f, "stadt/leer"), "stadt/leer")} {
			if r.State != crawler.Empty {
				t.Errorf("State = %q, want %q", r.State, crawler.Empty)
			}
		}
	})
	t.Run("blocked", func(t *testing.T) {
		check := func(r crawler.Repo) {
			if s.tells.blocked {
				if r.State != crawler.Blocked {
					t.Errorf("%s: State = %q, want %q", r.URL, r.State, crawler.Blocked)
				}
				return
			}
			tree := mustTree(t, f, r)
			if _, err := tree.Open("publiccode.yml"); !errors.Is(err, registry.ErrForbidden) {
				t.Errorf("Open: %v, want ErrForbidden", err)
			}
			if _, err := tree.ReadDir("."); !errors.Is(err, registry.ErrForbidden) {
				t.Errorf("ReadDir: %v, want ErrForbidden", err)
			}
		}
		check(one(t, repos, "stadt/gesperrt"))
		switch alone, err := list(t.Context(), f, "stadt/gesperrt"); {
		case s.tells.blocked && errors.Is(err, registry.ErrForbidden):
		case err != nil:
			t.Errorf("alone: %v", err)
		default:
			check(one(t, alone, "stadt/gesperrt"))
		}
	})
}

func (s suite) metadata(t *testing.T) {
	rich := s.repo("stadt/reich")
	rich.Description = "Meldet Schlaglöcher & mehr <im ganzen Land>"
	rich.Licence = "EUPL-1.2"
	rich.Topics = []string{"verwaltung", "karte"}
	rich.Language = "Go"
	rich.Stars, rich.Forks = 41, 7
	rich.Branch = "develop"
	rich.Created = time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)
	rich.Pushed = time.Date(2024, 10, 11, 12, 13, 14, 0, time.UTC)
	plain := s.repo("stadt/karg")
	plain.Licence = "NOASSERTION"
	f := s.newForge(t, forgetest.New(rich, plain))
	check := func(t *testing.T, repos []crawler.Repo) {
		r := one(t, repos, "stadt/reich")
		if r.Description != rich.Description {
			t.Errorf("Description = %q", r.Description)
		}
		if r.DefaultBranch != "develop" {
			t.Errorf("DefaultBranch = %q", r.DefaultBranch)
		}
		// Not every forge tells these, or not everywhere.
		if r.Licence != "" && r.Licence != rich.Licence {
			t.Errorf("Licence = %q", r.Licence)
		}
		if r.Language != "" && r.Language != rich.Language {
			t.Errorf("Language = %q", r.Language)
		}
		if topics := slices.Sorted(slices.Values(r.Topics)); s.tells.rich && !slices.Equal(topics, []string{"karte", "verwaltung"}) {
			t.Errorf("Topics = %q", r.Topics)
		}
		if s.tells.rich && (r.Stars != 41 || r.Forks != 7) {
			t.Errorf("Stars = %d, Forks = %d, want 41 and 7", r.Stars, r.Forks)
		}
		if !r.Created.Equal(rich.Created) || !r.Pushed.Equal(rich.Pushed) {
			t.Errorf("Created = %s, Pushed = %s, want %s and %s", r.Created, r.Pushed, rich.Created, rich.Pushed)
		}
	}
	t.Run("listed", func(t *testing.T) { check(t, mustList(t, f, "stadt")) })
	t.Run("alone", func(t *testing.T) { check(t, mustList(t, f, "stadt/reich")) })
	t.Run("without", func(t *testing.T) {
		if r := one(t, mustList(t, f, "stadt/karg"), "stadt/karg"); r.Description != "" || r.Licence != "" || len(r.Topics) != 0 || r.Stars != 0 {
			t.Errorf("Description = %q, Licence = %q, Topics = %q, Stars = %d, want none", r.Description, r.Licence, r.Topics, r.Stars)
		}
	})
}

func (s suite) files(t *testing.T) {
	repo := s.repo("stadt/wahl")
	for _, name := range []string{
		"LICENSE", "docs/deep/er/install.md", "Bürgerbüro/Öffnungszeiten für Ämter.txt",
		"a b.txt", "a#b.txt", "a?b=c&d.txt", "100%.txt", "50%25.txt", "a+b.txt", "a;b,c.txt", ".hidden/x", "日本.txt", "a:b@c.txt",
	} {
		repo.Files[name] = []byte("I am " + name)
	}
	f := s.newForge(t, forgetest.New(repo, s.repo("stadt/kita")))
	r := one(t, mustList(t, f, "stadt"), "stadt/wahl")
	tree := mustTree(t, f, r)
	for name, want := range repo.Files {
		file, err := tree.Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		info, err := file.Stat()
		if err != nil {
			t.Error(err)
		} else if info.Name() != path.Base(name) || info.Size() != int64(len(want)) || info.IsDir() || !info.Mode().IsRegular() {
			t.Errorf("%s: Stat says %s", name, fs.FormatFileInfo(info))
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
		if got, err := fs.ReadFile(tree, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"publiccode.yaml", "docs/none", "none/at/all", "license"} {
		if _, err := tree.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v, want fs.ErrNotExist", name, err)
		}
	}
	if _, err := tree.Open("docs"); !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("opening a folder: %v", err)
	}
	if commit, err := tree.Commit(); err != nil || commit != repo.Commit() {
		t.Errorf("Commit() = %q, %v, want %q", commit, err, repo.Commit())
	}
}

// bytes: files arrive as they are, whatever is in them, also the one that a
// listing may bring along.
func (s suite) bytes(t *testing.T) {
	var every []byte
	for b := range 256 {
		every = append(every, byte(b))
	}
	contents := map[string][]byte{
		"utf8":   []byte("name: Bürgerbüro\n"),
		"latin1": []byte("name: B\xfcrgerb\xfcro\n"),
		"cut":    []byte("name: B\xc3"),
		"utf16":  []byte("\xff\xfen\x00:\x00 \x00x\x00"),
		"bom":    []byte("\xef\xbb\xbfname: x\n"),
		"crlf":   []byte("name: x\r\nurl: y\r\n\r\n"),
		"nul":    []byte("name: \x00x\n"),
		"binary": every,
		"empty":  {},
		"spaces": []byte(" \n\n  \t\n"),
		"half":   bytes.Repeat([]byte("# padding\n"), 60_000),
	}
	w := forgetest.New()
	for name, content := range contents {
		w.Put(forgetest.Repo{Forge: s.kind, Path: "stadt/" + name, Files: map[string][]byte{"publiccode.yml": content, "other.bin": content}})
	}
	f := s.newForge(t, w)
	repos := mustList(t, f, "stadt")
	for name, want := range contents {
		tree := mustTree(t, f, one(t, repos, "stadt/"+name))
		for _, file := range []string{"publiccode.yml", "other.bin"} {
			got, err := fs.ReadFile(tree, file)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s of %s: %d bytes %.40q, %v, want %d bytes %.40q", file, name, len(got), got, err, len(want), want)
			}
		}
	}
}

func (s suite) largeFiles(t *testing.T) {
	full := bytes.Repeat([]byte("0123456789abcde\n"), crawler.MaxFileSize/16)
	over := append(bytes.Clone(full), '!')
	fits, exceeds := s.repo("stadt/passt"), s.repo("stadt/sprengt")
	fits.Files = map[string][]byte{"publiccode.yml": full, "bom.json": full}
	exceeds.Files = map[string][]byte{"publiccode.yml": over, "bom.json": over}
	f := s.newForge(t, forgetest.New(fits, exceeds))
	repos := mustList(t, f, "stadt")
	for _, name := range []string{"publiccode.yml", "bom.json"} {
		got, err := fs.ReadFile(mustTree(t, f, one(t, repos, "stadt/passt")), name)
		if err != nil || !bytes.Equal(got, full) {
			t.Errorf("%s of MaxFileSize: %d bytes, %v", name, len(got), err)
		}
		if _, err := mustTree(t, f, one(t, repos, "stadt/sprengt")).Open(name); !errors.Is(err, registry.ErrTooLarge) {
			t.Errorf("%s of MaxFileSize and a byte: %v, want ErrTooLarge", name, err)
		}
	}
}

func (s suite) hostile(t *testing.T) {
	f := s.newForge(t, forgetest.New(s.repo("stadt/wahl"), s.repo("stadt/kita")))
	tree := mustTree(t, f, one(t, mustList(t, f, "stadt"), "stadt/wahl"))
	for _, name := range []string{"", ".", "..", "../x", "../../kita/HEAD/publiccode.yml", "/etc/passwd", "a/../publiccode.yml", "./publiccode.yml", "a//b", "a/", "a\x00b", "a\xffb"} {
		if _, err := tree.Open(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Open(%q): %v, want fs.ErrInvalid", name, err)
		}
	}
	for _, p := range []string{"..", "stadt/..", "../stadt", "stadt//wahl", "stadt/%2e%2e", "st adt", "stadt/wahl?x=y", "stadt/wahl#x", "stadt\x00"} {
		if repos, err := list(t.Context(), f, p); err == nil {
			t.Errorf("Repos(%q): %d repositories and no error", p, len(repos))
		}
	}
}

func (s suite) branches(t *testing.T) {
	branches := []string{"main", "feature/ü", "main#1", "100%", "a/b/c", "v1.0+x", "HEAD-2"}
	w := forgetest.New()
	for i, branch := range branches {
		r := s.repo(fmt.Sprintf("stadt/r%d", i))
		r.Branch = branch
		r.Files["docs/ö.txt"] = []byte(branch)
		w.Put(r)
	}
	f := s.newForge(t, w)
	repos := mustList(t, f, "stadt")
	for i, branch := range branches {
		p := fmt.Sprintf("stadt/r%d", i)
		r := one(t, repos, p)
		if r.DefaultBranch != branch {
			t.Errorf("DefaultBranch = %q, want %q", r.DefaultBranch, branch)
		}
		tree := mustTree(t, f, r)
		if got, err := fs.ReadFile(tree, "docs/ö.txt"); err != nil || string(got) != branch {
			t.Errorf("on %s: read %q, %v", branch, got, err)
		}
		want, _, _ := w.Find(s.kind, p)
		if commit, err := tree.Commit(); err != nil || commit != want.Commit() {
			t.Errorf("on %s: Commit() = %q, %v, want %q", branch, commit, err, want.Commit())
		}
	}
}

func (s suite) version(t *testing.T) {
	w := forgetest.New(s.repo("stadt/wahl"), s.repo("stadt/kita"))
	f := s.newForge(t, w)
	look := func(p string) (version, commit string) {
		r := one(t, mustList(t, f, "stadt"), p)
		commit, err := mustTree(t, f, r).Commit()
		if err != nil {
			t.Fatal(err)
		}
		return r.Version, commit
	}
	version, commit := look("stadt/wahl")
	other := s.repo("stadt/kita")
	other.Files["new"] = []byte("new")
	w.Put(other)
	if v, c := look("stadt/wahl"); v != version || c != commit {
		t.Errorf("version and commit went from %q, %s to %q, %s though nothing changed", version, commit, v, c)
	}
	changed := s.repo("stadt/wahl")
	changed.Files["publiccode.yml"] = []byte("name: changed\n")
	w.Put(changed)
	v, c := look("stadt/wahl")
	if v == version && v != "" {
		t.Errorf("version is still %q though a file changed", v)
	}
	if c == commit {
		t.Errorf("commit is still %q though a file changed", c)
	}
	r := one(t, mustList(t, f, "stadt/wahl"), "stadt/wahl")
	if got, err := fs.ReadFile(mustTree(t, f, r), "publiccode.yml"); err != nil || string(got) != "name: changed\n" {
		t.Errorf("read %q, %v after the change", got, err)
	}
}

func (s suite) cancelled(t *testing.T) {
	w := forgetest.New()
	for i := range 230 {
		w.Put(s.repo(fmt.Sprintf("viel/r%03d", i)))
	}
	f := s.newForge(t, w)
	for _, p := range []string{"", "viel", "viel/r000"} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if repos, err := list(ctx, f, p); !errors.Is(err, context.Canceled) {
			t.Errorf("Repos(%q) with an ended context: %d repositories, %v", p, len(repos), err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for page, err := range f.Repos(ctx, []crawler.Listing{{Path: "viel"}}) {
		cancel()
		last = err
		n += len(page.Repos)
		for _, p := range page.Progress {
			if p.Err != nil {
				last = p.Err
			}
		}
	}
	if !errors.Is(last, context.Canceled) || n == 0 || n >= 230 {
		t.Errorf("a listing that was cancelled at its first page: %d repositories, %v", n, last)
	}

	r := one(t, mustList(t, f, "viel/r000"), "viel/r000")
	ctx, cancel = context.WithCancel(t.Context())
	tree, err := f.Files(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := tree.Open("README.md"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with an ended context: %v", err)
	}
}

func (s suite) stopped(t *testing.T) {
	w := forgetest.New()
	for i := range 130 {
		w.Put(s.repo(fmt.Sprintf("viel/r%03d", i)))
	}
	f := s.newForge(t, w)
	for _, p := range []string{"viel", "viel/r000", ""} {
		if p == "" && !s.tells.instance {
			continue
		}
		pages := f.Repos(t.Context(), []crawler.Listing{{Path: p}})
		for range 2 { // a listing can be taken again, from its start
			n := 0
			for page, err := range pages {
				if err != nil {
					t.Errorf("Repos(%q): %v", p, err)
				}
				n += len(page.Repos)
				break
			}
			if n == 0 {
				t.Errorf("Repos(%q): its first page has no repositories", p)
			}
		}
	}
}

func (s suite) concurrent(t *testing.T) {
	w := forgetest.New()
	for i := range 12 {
		r := s.repo(fmt.Sprintf("stadt/r%d", i))
		r.Files["LICENSE"] = []byte("text")
		w.Put(r)
	}
	f := s.newForge(t, w)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			repos, err := list(t.Context(), f, "stadt")
			if err != nil || len(repos) != 12 {
				t.Errorf("%d repositories, %v", len(repos), err)
			}
			for _, r := range repos {
				tree, err := f.Files(t.Context(), r)
				if err != nil {
					t.Error(err)
					continue
				}
				for _, read := range []func(){
					func() { _, err = fs.ReadFile(tree, "LICENSE") },
					func() { _, err = fs.ReadFile(tree, "publiccode.yml") },
					func() { _, err = tree.Commit() },
				} {
					if read(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}
