// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package folder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// The bounds of a listing.
const (
	maxDepth   = 4 // folders between the root and a repository, with the latter
	maxFolders = 20_000
	maxEntries = 10_000 // of one folder
	pageSize   = 100
)

// Repos implements crawler.Forge. A path is that of a folder below the root. A
// folder that has a .git, a publiccode.yml, an adoptions.yml or a needs.yml is a repository and
// not looked into for others; else those in it are looked at, at most four levels deep.
// Folders whose name begins with a dot, and symbolic links, are passed over.
func (f *Forge) Repos(ctx context.Context, listings []crawler.Listing) iter.Seq2[crawler.Page, error] {
	return func(yield func(crawler.Page, error) bool) {
		for _, l := range listings {
			w := &walk{forge: f, ctx: ctx, listing: l, seen: map[string]bool{}, yield: yield}
			err := w.start()
			switch {
			case w.stopped:
				return
			case ctx.Err() != nil:
				yield(crawler.Page{}, ctx.Err())
				return
			}
			if !w.flush(true, err) {
				return
			}
		}
	}
}

// walk looks for repositories in order of their paths.
type walk struct {
	forge   *Forge
	ctx     context.Context
	listing crawler.Listing
	yield   func(crawler.Page, error) bool
	folders int
	seen    map[string]bool // addresses
	page    []crawler.Repo
	after   string
	stopped bool
}

var errStopped = errors.New("stopped")

func (w *walk) start() error {
	at := strings.Trim(w.listing.Path, "/")
	if at == "" {
		at = "."
	}
	if !fs.ValidPath(at) || strings.ContainsRune(at, 0) {
		return fmt.Errorf("%w: %q is no path of a folder", registry.ErrInvalid, w.listing.Path)
	}
	err := w.visit(at, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: there is no folder %q in %s", registry.ErrNotFound, at, w.forge.root)
	}
	return err
}

func (w *walk) visit(at string, depth int) error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if w.folders++; w.folders > maxFolders {
		return fmt.Errorf("%w: more than %d folders in %s; name those with repositories as sources", registry.ErrTooLarge, maxFolders, w.forge.root)
	}
	var below []string
	var repo crawler.Repo
	var is bool
	err := w.forge.opened(at, func(root *os.Root) error {
		entries, err := list(root)
		if err != nil {
			return err
		}
		if is = isRepository(entries); is {
			repo, err = w.forge.repo(root, at)
			return err
		}
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				below = append(below, e.Name())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if is {
		return w.found(at, repo)
	}
	if depth == maxDepth {
		return nil
	}
	for _, name := range below {
		p := path.Join(at, name)
		if w.before(p) {
			continue
		}
		err := w.visit(p, depth+1)
		// What went away meanwhile, or may not be read, keeps nothing from the
		// others.
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, registry.ErrForbidden) {
			return err
		}
	}
	return nil
}

// before reports whether all in a folder comes before the place that the
// listing goes on from.
func (w *walk) before(at string) bool {
	after := w.listing.After
	return after != "" && compare(at, after) < 0 && !strings.HasPrefix(after, at+"/")
}

// compare orders paths as the walk does: folder by folder.
func compare(a, b string) int {
	return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
}

func (w *walk) found(at string, repo crawler.Repo) error {
	if w.listing.After == at || w.seen[repo.URL] {
		return nil
	}
	w.seen[repo.URL] = true
	repo.Path = w.listing.Path
	w.page = append(w.page, repo)
	w.after = at
	if len(w.page) == pageSize && !w.flush(false, nil) {
		return errStopped
	}
	return nil
}

// flush hands the page over. It reports whether to go on.
func (w *walk) flush(done bool, err error) bool {
	page := crawler.Page{Repos: w.page, Progress: []crawler.Progress{{
		Path: w.listing.Path, After: cmp.Or(w.after, w.listing.After), Done: done, Err: err,
	}}}
	w.page = nil
	w.stopped = !w.yield(page, nil)
	return !w.stopped
}

// list reads a folder, in order of the names.
func list(root *os.Root) ([]fs.DirEntry, error) {
	d, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(maxEntries)
	if err != nil && len(entries) == 0 && !isEOF(err) {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return entries, nil
}

func isRepository(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		switch e.Name() {
		case gitFolder:
			return true
		case "publiccode.yml", "publiccode.yaml", adoption.FileName, adoption.NeedsFileName:
			return !e.IsDir()
		}
		return false
	})
}

// repo is the repository in a folder.
func (f *Forge) repo(root *os.Root, at string) (crawler.Repo, error) {
	repo := crawler.Repo{
		Repository: registry.Repository{Forge: crawler.Folder, URL: origin(root)},
		Native:     &place{at},
	}
	if repo.URL == "" {
		if repo.URL = f.address(at); f.base == nil {
			repo.Err = errNoAddress
		}
	}
	h := readHead(root)
	repo.DefaultBranch = h.branch
	repo.Version = version(root, h)
	return repo, nil
}
