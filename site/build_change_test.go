// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/allmende-registry/allmende/registry"
)

// sameTree tells how two sites differ.
func sameTree(t *testing.T, got, want string) {
	t.Helper()
	a, b := tree(t, got), tree(t, want)
	for name := range b {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs from that of a full build", name)
			if strings.HasSuffix(name, ".html") {
				i := 0
				for i < len(a[name]) && i < len(b[name]) && a[name][i] == b[name][i] {
					i++
				}
				t.Logf("…%.300s\nnot\n…%.300s", a[name][max(0, i-60):], b[name][max(0, i-60):])
			}
		}
	}
	for name := range a {
		if b[name] == nil {
			t.Errorf("%s is not in a full build", name)
		}
	}
}

// A build that makes only what changed must end where one that makes all ends.
func TestBuildOfChangesIsThatOfAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := &fake{rev: 1, aliases: map[registry.ID]registry.ID{}, gone: map[registry.ID]bool{}}
	publishers := []registry.Publisher{kiel, bund, nobody}
	at := func() int { return r.IntN(len(c.entries)) }
	added := 0
	add := func() {
		added++
		s := entry(registry.ID(fmt.Sprintf("github.com/amt/werk%d", added)), fmt.Sprintf("Werk %d", r.IntN(1000)), publishers[r.IntN(3)])
		if len(c.entries) > 0 && r.IntN(2) == 0 {
			s.BasedOn = []registry.ID{c.entries[at()].ID}
		}
		c.entries = append(c.entries, s)
		c.note(registry.Added, s.ID)
	}
	for range 12 {
		add()
	}
	c.similar = []registry.ID{"github.com/amt/werk3", "github.com/amt/werk5"}
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	build := func(dir string) Report {
		return mustBuild(t, newSite(t, c, Options{BaseURL: "https://example.org/", Now: func() time.Time { return now }}), dir)
	}
	dir := t.TempDir()
	build(dir)
	for step := range 6 {
		for range 1 + r.IntN(3) {
			switch r.IntN(6) {
			case 0:
				add()
			case 1: // removed
				i := at()
				c.gone[c.entries[i].ID] = true
				c.note(registry.Removed, c.entries[i].ID)
				c.entries = slices.Delete(c.entries, i, i+1)
			case 2: // renamed
				s := *c.entries[at()]
				from := s.ID
				i := slices.IndexFunc(c.entries, func(e *registry.Software) bool { return e.ID == from })
				added++
				s.ID = registry.ID(fmt.Sprintf("github.com/neu/werk%d", added))
				c.entries[i], c.aliases[from] = &s, s.ID
				for old, to := range c.aliases {
					if to == from {
						c.aliases[old] = s.ID
					}
				}
				c.note(registry.Renamed, s.ID)
				c.log[len(c.log)-1].From = from
			case 3: // another publisher, new to the catalogue
				i := at()
				s := *c.entries[i]
				s.Publisher = registry.Publisher{ID: fmt.Sprint("neu", step), Name: fmt.Sprint("Neu ", step), Region: "DE-BY"}
				c.entries[i] = &s
				c.note(registry.Updated, s.ID)
			case 4: // a name, and with it the order of lists
				i := at()
				s := *c.entries[i]
				s.PublicCode.Name = fmt.Sprintf("Werk %d", r.IntN(1000))
				s.PublicCode.Description = maps.Clone(s.PublicCode.Description)
				for lang, d := range s.PublicCode.Description {
					d.LocalisedName = ""
					s.PublicCode.Description[lang] = d
				}
				c.entries[i] = &s
				c.note(registry.Updated, s.ID)
			case 5: // what was confirmed is not for ever
				i := at()
				s := *c.entries[i]
				s.Adoptions = slices.Clone(s.Adoptions)
				for a := range s.Adoptions {
					s.Adoptions[a].ConfirmedUntil = now.AddDate(0, 0, r.IntN(4)).Format(time.DateOnly)
				}
				c.entries[i] = &s
				c.note(registry.Updated, s.ID)
			}
		}
		if r.IntN(3) == 0 {
			now = now.AddDate(0, 0, 1+r.IntN(3))
		}
		build(dir)
		other := t.TempDir()
		build(other)
		sameTree(t, dir, other)
		if t.Failed() {
			t.Fatalf("step %d", step)
		}
	}
}

func TestBuildWithoutChangesMakesNothing(t *testing.T) {
	c := sample()
	s := newSite(t, c, Options{})
	dir := t.TempDir()
	mustBuild(t, s, dir)
	before, err := os.Stat(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	if _, err := s.Make(context.Background(), dir, Making{Progress: func(int, int) { made++ }}); err != nil || made > 0 {
		t.Errorf("%d entries made, %v", made, err)
	}
	after, err := os.Stat(filepath.Join(dir, "index.html"))
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the site was exchanged for nothing: %v", err)
	}
	c.note(registry.Updated, c.entries[0].ID)
	if _, err := s.Make(context.Background(), dir, Making{Progress: func(_, all int) { made = all }}); err != nil || made == 0 || made == len(c.entries) {
		t.Errorf("%d entries made after one of %d changed, %v", made, len(c.entries), err)
	}
}

func TestBuildCarriesFilesOfOthers(t *testing.T) {
	c := sample()
	s := newSite(t, c, Options{})
	dir := t.TempDir()
	mustBuild(t, s, dir)
	for name, content := range map[string]string{"CNAME": "example.org", ".well-known/security.txt": "Contact:", "software/notiz.txt": "x"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/nirgendwo", filepath.Join(dir, "verweis")); err != nil {
		t.Fatal(err)
	}
	for range 3 { // both directories become the site in turn
		c.note(registry.Updated, c.entries[0].ID)
		mustBuild(t, s, dir)
		files := tree(t, dir)
		for _, name := range []string{"CNAME", ".well-known/security.txt", "software/notiz.txt"} {
			if files[name] == nil {
				t.Errorf("%s is gone", name)
			}
		}
		if to, err := os.Readlink(filepath.Join(dir, "verweis")); err != nil || to != "/nirgendwo" {
			t.Errorf("the link leads to %q: %v", to, err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "CNAME")); err != nil {
		t.Fatal(err)
	}
	mustBuild(t, s, dir)
	if tree(t, dir)["CNAME"] != nil {
		t.Error("a file that its owner removed is back")
	}
}

func TestBuildInPlace(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "site")
	c := sample()
	s := newSite(t, c, Options{})
	mustBuild(t, s, dir)
	// A stage inside is what is used where nothing may be written beside.
	make1 := func() Report {
		st, err := openStage(dir)
		if err != nil {
			t.Fatal(err)
		}
		st.inside, st.work = true, filepath.Join(dir, ".allmende-next")
		b := &build{site: s, stage: st, out: newOutput(st)}
		if err := b.run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := st.close(); err != nil {
			t.Fatal(err)
		}
		return b.report
	}
	c.note(registry.Removed, c.entries[0].ID)
	c.entries = c.entries[1:]
	make1()
	other := t.TempDir()
	mustBuild(t, s, other)
	sameTree(t, dir, other)
	if _, err := os.Stat(filepath.Join(dir, ".allmende-next")); !os.IsNotExist(err) {
		t.Errorf("the stage is left behind: %v", err)
	}
}

func TestOneBuildAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	lock := flock.New(filepath.Join(filepath.Dir(dir), ".site.allmende-lock"))
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer lock.Close()
	if _, err := newSite(t, sample(), Options{}).Build(context.Background(), dir); !errors.Is(err, registry.ErrConflict) {
		t.Errorf("beside another build: %v", err)
	}
}

func TestLinksAreChecked(t *testing.T) {
	page := func(body string) []byte { return []byte("<html><body>" + body + "</body></html>") }
	files := map[string]string{"index.html": "", "a/index.html": ""}
	st := &stage{work: t.TempDir()}
	if err := os.Mkdir(filepath.Join(st.work, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(st.work, "a", "index.html"), page(`<h2 id="teil">x</h2>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`<a href="/p/a/">x</a> <a href="/p/?q=1&amp;b=2">y</a>`:                          "",
		`<a href="/p/a/#teil">x</a> <a id="hier" href="#hier">y</a> <a href="/p/v1/x">`:  "",
		`<a href="//elsewhere.example/x">x</a> <a href="https://elsewhere.example/p/b">`: "",
		`<a href="/p/b/">x</a>`:                  "index.html leads to b/index.html",
		`<img src="/p/bild.png">`:                "index.html leads to bild.png",
		`<a href="/p/a/#fehlt">x</a>`:            "index.html leads to a/index.html#fehlt",
		`<a href="#weg">x</a>`:                   "index.html leads to #weg",
		`<a href="/p/a b/">x</a><a href="/p/%ff`: "index.html leads to a b/index.html",
	} {
		l := newLinks("/p", nil)
		l.add("index.html", page(body))
		err := l.check(st, files)
		if (want == "") != (err == nil) || err != nil && (!strings.Contains(err.Error(), want) || !errors.Is(err, registry.ErrInvalid)) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
		l.remove(page(body))
		if len(l.counts) > 0 {
			t.Errorf("%s: taken back, %v is left", body, l.counts)
		}
	}
}

// TestBuildIsKilled kills a build at random moments: the site is the one before
// or the one after, and the next build goes on.
func TestBuildIsKilled(t *testing.T) {
	c := sample()
	if dir := os.Getenv("ALLMENDE_TEST_BUILD"); dir != "" {
		c.note(registry.Updated, c.entries[0].ID)
		c.entries[0].PublicCode.SoftwareVersion = "99.0.0"
		fmt.Println("building")
		mustBuild(t, newSite(t, c, Options{}), dir)
		return
	}
	dir := filepath.Join(t.TempDir(), "site")
	mustBuild(t, newSite(t, c, Options{}), dir)
	before := tree(t, dir)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var after map[string][]byte
	for i := range 6 {
		cmd := exec.Command(self, "-test.run=^TestBuildIsKilled$")
		cmd.Env = append(os.Environ(), "ALLMENDE_TEST_BUILD="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(rand.IntN(400*(i+1)))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // it was killed or came to its end
		got := tree(t, dir)
		if bytes.Equal(got[manifestName], before[manifestName]) {
			if !maps.EqualFunc(got, before, bytes.Equal) {
				t.Fatal("the site before is not whole")
			}
			continue
		}
		if after == nil {
			after = got
		}
		if !maps.EqualFunc(got, after, bytes.Equal) {
			t.Fatal("the site after is not whole")
		}
	}
	c.note(registry.Updated, c.entries[0].ID)
	c.entries[0].PublicCode.SoftwareVersion = "99.0.0"
	s := newSite(t, c, Options{})
	mustBuild(t, s, dir)
	other := t.TempDir()
	mustBuild(t, s, other)
	sameTree(t, dir, other)
}
