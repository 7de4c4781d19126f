// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package forgetest serves small in-process stand-ins for GitHub, GitLab and
// Forgejo from txtar files, for the demo and for tests. It imports nothing of
// testing; the suite that every adapter passes is in forgetest/conformance.
package forgetest

import (
	"cmp"
	"crypto/sha1" // Git names its objects with it.
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/txtar"
)

// Repo is one repository of a stand-in. In a txtar file, everything but Files is
// the YAML in front of the first file, see sheet, and two kinds of files are none
// of the repository: .forge/sbom.json is SBOM, and .forge/releases/TAG/NAME is an
// asset of the release with that tag. NAME.base64 holds the bytes of NAME.
type Repo struct {
	Forge       string            `yaml:"forge"` // github, gitlab, forgejo, bitbucket
	Path        string            `yaml:"path"`  // owner/name; on GitLab group/subgroup/name too
	ID          int64             `yaml:"id"`    // the forge's own; 0 makes one from the path
	Description string            `yaml:"description"`
	Branch      string            `yaml:"branch"`  // default branch; "" is main
	Licence     string            `yaml:"licence"` // SPDX id that the forge detected
	Topics      []string          `yaml:"topics"`
	Language    string            `yaml:"language"`
	Stars       int               `yaml:"stars"`
	Forks       int               `yaml:"forks"`
	Parent      string            `yaml:"parent"` // path of the repository it is a fork of; "" is no fork
	Ahead       int               `yaml:"ahead"`  // how many of its newest Commits the parent does not have
	Behind      int               `yaml:"behind"` // how many of the parent's newest Commits it does not have
	Archived    bool              `yaml:"archived"`
	Blocked     bool              `yaml:"blocked"`     // taken down: listed, but refused
	FormerPaths []string          `yaml:"formerPaths"` // where it was before renames; these redirect
	User        bool              `yaml:"user"`        // the owner is a person, not an organisation
	Created     time.Time         `yaml:"created"`     // zero is a date made from the path
	Pushed      time.Time         `yaml:"pushed"`      // zero is the newest of Commits, or 100 days after Created
	Updated     time.Time         `yaml:"updated"`     // last change of anything; zero is Pushed
	Files       map[string][]byte `yaml:"-"`           // by path; none makes it empty

	// A World has these four in order of their dates, the newest first.
	Releases []Release `yaml:"releases"`
	Tags     []Tag     `yaml:"tags"`
	Commits  []Commit  `yaml:"commits"` // none is one at Pushed, where there are files
	Issues   []Issue   `yaml:"issues"`

	Languages map[string]int `yaml:"languages"` // bytes by name; nil is Language alone
	SBOM      []byte         `yaml:"-"`         // what GitHub exports, without its envelope; nil is 404
}

// Release is one of a stand-in's releases.
type Release struct {
	Tag        string            `yaml:"tag"`
	Name       string            `yaml:"name"`
	Published  time.Time         `yaml:"published"`
	Prerelease bool              `yaml:"prerelease"`
	Draft      bool              `yaml:"draft"` // shown as one, as to a member
	Assets     map[string][]byte `yaml:"-"`     // by name, served by the stand-in
}

// Tag is one of a stand-in's tags.
type Tag struct {
	Name   string    `yaml:"name"`
	Commit string    `yaml:"commit"` // full hash; "" is the head
	Date   time.Time `yaml:"date"`
}

// Commit is one commit of the default branch, of which a stand-in knows no more
// than this. The newest is the head, see Repo.Commit; Repo.CommitHash names the
// others.
type Commit struct {
	Time  time.Time `yaml:"time"`
	Name  string    `yaml:"name"`  // of the author
	Email string    `yaml:"email"` // of the author
	Title string    `yaml:"title"` // first line of its message; "" is one that says nothing
}

// Issue is one of a stand-in's issues.
type Issue struct {
	Title   string    `yaml:"title"`
	Labels  []string  `yaml:"labels"`
	Created time.Time `yaml:"created"`
	Closed  bool      `yaml:"closed"`
}

// Owner is the account, organisation or group that a repository lies in: the
// path without its last segment.
func (r Repo) Owner() string {
	owner, _ := path.Split(r.Path)
	return strings.TrimSuffix(owner, "/")
}

// Name is the last segment of the path.
func (r Repo) Name() string { return path.Base(r.Path) }

// Empty reports whether the repository has no commit.
func (r Repo) Empty() bool { return len(r.Files) == 0 }

// Paths are the paths of the files in order.
func (r Repo) Paths() []string { return slices.Sorted(maps.Keys(r.Files)) }

// Commit is the full hash of the head of the default branch: 40 hexadecimal
// digits that depend on the paths and bytes of the files alone; "" where the
// repository is empty.
func (r Repo) Commit() string {
	if r.Empty() {
		return ""
	}
	h := sha1.New()
	for _, name := range r.Paths() {
		fmt.Fprintf(h, "%s\x00%s\n", name, BlobHash(r.Files[name]))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// CommitHash is the full hash of Commits[i].
func (r Repo) CommitHash(i int) string {
	if i == 0 {
		return r.Commit()
	}
	// The same however many are made after it.
	h := sha1.Sum(fmt.Appendf(nil, "%d %d %v", r.ID, len(r.Commits)-i, r.Commits[i]))
	return hex.EncodeToString(h[:])
}

// BlobHash is Git's own name for a file of these bytes.
func BlobHash(content []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(content))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// Owner is one that has repositories.
type Owner struct {
	Path string // name; on GitLab a group's full path
	ID   int64
	User bool
}

// OwnerID is the number of an owner, the same in every world.
func OwnerID(forge, owner string) int64 { return number(forge + "!" + strings.ToLower(owner)) }

// World is what the stand-ins serve. It is safe for concurrent use. The
// repositories it hands out share their file contents with it, which nobody
// may write to.
type World struct {
	mu    sync.RWMutex
	repos map[place]Repo
}

// place is where a repository lies; the path in lower case, since the forges
// do not tell cases apart.
type place struct{ forge, path string }

func at(forge, path string) place { return place{forge, strings.ToLower(path)} }

// New makes a world of some repositories.
func New(repos ...Repo) *World {
	w := &World{repos: make(map[place]Repo)}
	for _, r := range repos {
		w.Put(r)
	}
	return w
}

// maxFixture bounds a single txtar file, in bytes.
const maxFixture = 8 << 20

// Load makes a world of all files *.txtar of a file system, one repository
// each; their texts pass through edits before they are read. An unknown key, a
// repository without a known forge or with a path that cannot be, and two
// repositories in one place are errors that name the file; all of them are
// reported.
func Load(fsys fs.FS, edits ...func([]byte) []byte) (*World, error) {
	w := New()
	var problems []error
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".txtar" {
			return err
		}
		r, err := load(fsys, name, edits)
		if err == nil {
			if _, _, taken := w.Find(r.Forge, r.Path); taken {
				err = fmt.Errorf("another file has %s on %s too", r.Path, r.Forge)
			}
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			return nil
		}
		w.Put(r)
		return nil
	})
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	return w, nil
}

// load reads one txtar file.
func load(fsys fs.FS, name string, edits []func([]byte) []byte) (Repo, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return Repo{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFixture+1))
	if err != nil {
		return Repo{}, err
	}
	if len(text) > maxFixture {
		return Repo{}, fmt.Errorf("larger than %d bytes", maxFixture)
	}
	for _, edit := range edits {
		text = edit(text)
	}
	archive := txtar.Parse(text)
	r, err := readSheet(archive.Comment)
	if err != nil {
		return Repo{}, err
	}
	r.Files = make(map[string][]byte, len(archive.Files))
	for _, file := range archive.Files {
		name, encoded := strings.CutSuffix(file.Name, ".base64")
		if !fs.ValidPath(name) || name == "." {
			return Repo{}, fmt.Errorf("file %q: not a path inside a repository", file.Name)
		}
		if _, twice := r.Files[name]; twice {
			return Repo{}, fmt.Errorf("file %q: there twice", file.Name)
		}
		if encoded {
			if file.Data, err = base64.StdEncoding.DecodeString(string(file.Data)); err != nil {
				return Repo{}, fmt.Errorf("file %q: %w", file.Name, err)
			}
		}
		r.Files[name] = file.Data
	}
	for _, name := range r.Paths() {
		of, aside := strings.CutPrefix(name, ".forge/")
		if !aside {
			continue
		}
		if err := r.attach(of, r.Files[name]); err != nil {
			return Repo{}, fmt.Errorf("file %q: %w", name, err)
		}
		delete(r.Files, name)
	}
	return r, r.check()
}

// attach takes what is below .forge in a txtar file.
func (r *Repo) attach(name string, content []byte) error {
	if name == "sbom.json" {
		r.SBOM = content
		return nil
	}
	folder, asset := path.Split(name)
	tag, ok := strings.CutPrefix(strings.TrimSuffix(folder, "/"), "releases/")
	i := slices.IndexFunc(r.Releases, func(release Release) bool { return release.Tag == tag })
	if !ok || i < 0 {
		return errors.New("neither sbom.json nor releases/TAG/NAME of a release that is named")
	}
	if r.Releases[i].Assets == nil {
		r.Releases[i].Assets = make(map[string][]byte)
	}
	r.Releases[i].Assets[asset] = content
	return nil
}

// check says what keeps a repository from being served.
func (r Repo) check() error {
	deep := false
	switch r.Forge {
	case "github", "forgejo", "bitbucket":
	case "gitlab":
		deep = true
	default:
		return fmt.Errorf("forge: %q is none of github, gitlab, forgejo, bitbucket", r.Forge)
	}
	if r.Ahead < 0 || r.Behind < 0 || max(r.Ahead, r.Behind) > maxPerMonth || r.Ahead+r.Behind > 0 && r.Parent == "" {
		return fmt.Errorf("%d commits ahead and %d behind cannot be: of a fork 0 to %d each", r.Ahead, r.Behind, maxPerMonth)
	}
	paths := append([]string{r.Path}, r.FormerPaths...)
	if r.Parent != "" {
		paths = append(paths, r.Parent)
	}
	for _, p := range paths {
		segments := strings.Count(p, "/") + 1
		if !fs.ValidPath(p) || segments < 2 || segments > 2 && !deep {
			return fmt.Errorf("%q is no path of a repository on %s", p, r.Forge)
		}
	}
	return nil
}

// Put adds a repository or replaces the one in its place. What is zero of ID,
// Branch, Created, Pushed and Updated is filled in: as it was where the
// repository was there before. So are Languages from Language and the other way
// round, Commits, and the commits of Tags. Replacing files is a push: it moves
// Pushed on by a minute where the caller did not, and any change moves Updated
// so.
func (w *World) Put(r Repo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put(r)
}

func (w *World) put(r Repo) {
	r.clone()
	before, known := w.repos[at(r.Forge, r.Path)]
	r.Branch = cmp.Or(r.Branch, before.Branch, "main")
	r.ID = cmp.Or(r.ID, before.ID)
	for seed := number(r.Forge + ":" + strings.ToLower(r.Path)); r.ID == 0; seed++ {
		if _, taken := w.byID(r.Forge, seed); !taken {
			r.ID = seed
		}
	}
	r.Created = firstTime(r.Created, before.Created, time.Date(2020, 1, 1+int(r.ID%1000), 9, 0, 0, 0, time.UTC))
	r.Pushed = firstTime(r.Pushed, before.Pushed, r.newest(), r.Created.AddDate(0, 0, 100))
	if known && r.Commit() != before.Commit() && !r.Pushed.After(before.Pushed) {
		r.Pushed = before.Pushed.Add(time.Minute)
	}
	r.complete()
	r.Updated = firstTime(r.Updated, before.Updated, r.Pushed)
	if known && !r.Updated.After(before.Updated) {
		r.Updated = before.Updated
		if !reflect.DeepEqual(r, before) {
			r.Updated = before.Updated.Add(time.Minute)
		}
	}
	w.repos[at(r.Forge, r.Path)] = r
}

// clone keeps the caller's later changes out, and puts in order what is dated.
func (r *Repo) clone() {
	r.Files, r.Languages = maps.Clone(r.Files), maps.Clone(r.Languages)
	r.Topics, r.FormerPaths = slices.Clone(r.Topics), slices.Clone(r.FormerPaths)
	r.Releases = newestFirst(r.Releases, func(e Release) time.Time { return e.Published })
	r.Tags = newestFirst(r.Tags, func(e Tag) time.Time { return e.Date })
	r.Commits = newestFirst(r.Commits, func(e Commit) time.Time { return e.Time })
	r.Issues = newestFirst(r.Issues, func(e Issue) time.Time { return e.Created })
}

func newestFirst[E any](list []E, date func(E) time.Time) []E {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b E) int { return date(b).Compare(date(a)) })
	return list
}

// newest is the time of the newest commit, zero where none is given.
func (r *Repo) newest() time.Time {
	if len(r.Commits) == 0 {
		return time.Time{}
	}
	return r.Commits[0].Time
}

// complete fills in what follows from the rest.
func (r *Repo) complete() {
	if len(r.Commits) == 0 && !r.Empty() {
		r.Commits = []Commit{{Time: r.Pushed, Name: "Erika Mustermann", Email: "erika@example.org"}}
	}
	for i := range r.Tags {
		r.Tags[i].Commit = cmp.Or(r.Tags[i].Commit, r.Commit())
	}
	switch {
	case r.Language == "":
		most := 0
		for _, name := range slices.Sorted(maps.Keys(r.Languages)) {
			if r.Languages[name] > most {
				r.Language, most = name, r.Languages[name]
			}
		}
	case r.Languages == nil:
		r.Languages = map[string]int{r.Language: 1000}
	}
}

// number makes a number of a text as large as the forges' own.
func number(text string) int64 {
	h := fnv.New32a()
	_, _ = io.WriteString(h, text) // never fails
	return int64(h.Sum32()>>1) + 1
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// Remove takes a repository away; without one in that place nothing happens.
func (w *World) Remove(forge, path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.repos, at(forge, path))
}

// Rename moves a repository, which keeps its number and redirects from where
// it was. Forks name their parent by its new path. It reports whether there
// was a repository to move.
func (w *World) Rename(forge, from, to string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, ok := w.repos[at(forge, from)]
	if !ok {
		return false
	}
	delete(w.repos, at(forge, from))
	r.FormerPaths = append(slices.Clone(r.FormerPaths), r.Path)
	r.Path = to
	r.Updated = r.Updated.Add(time.Minute)
	w.put(r)
	for _, fork := range w.repos {
		if fork.Forge == forge && strings.EqualFold(fork.Parent, from) {
			fork.Parent = to
			w.put(fork)
		}
	}
	return true
}

// Repos lists the repositories of a forge in order of their path.
func (w *World) Repos(forge string) []Repo {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var out []Repo
	for _, r := range w.repos {
		if r.Forge == forge {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Repo) int { return cmp.Compare(strings.ToLower(a.Path), strings.ToLower(b.Path)) })
	return out
}

// Owners lists who has repositories on a forge, in order of path. An owner is
// a person where one of its repositories says so.
func (w *World) Owners(forge string) []Owner {
	byPath := make(map[string]Owner)
	for _, r := range w.Repos(forge) {
		key := strings.ToLower(r.Owner())
		o, ok := byPath[key]
		if !ok {
			o = Owner{Path: r.Owner(), ID: OwnerID(forge, r.Owner())}
		}
		o.User = o.User || r.User
		byPath[key] = o
	}
	out := make([]Owner, 0, len(byPath))
	for _, key := range slices.Sorted(maps.Keys(byPath)) {
		out = append(out, byPath[key])
	}
	return out
}

// Find looks a repository up by its path, a former path or, written as a
// decimal number, its ID. moved says that the path is a former one.
func (w *World) Find(forge, path string) (r Repo, moved, ok bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if r, ok := w.repos[at(forge, path)]; ok {
		return r, false, true
	}
	if id, err := strconv.ParseInt(path, 10, 64); err == nil {
		r, ok := w.byID(forge, id)
		return r, false, ok
	}
	for _, r := range w.repos {
		former := func(p string) bool { return strings.EqualFold(p, path) }
		if r.Forge == forge && slices.ContainsFunc(r.FormerPaths, former) {
			return r, true, true
		}
	}
	return Repo{}, false, false
}

func (w *World) byID(forge string, id int64) (Repo, bool) {
	for _, r := range w.repos {
		if r.Forge == forge && r.ID == id {
			return r, true
		}
	}
	return Repo{}, false
}
