// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package git

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// maxFileAnswer is room for the largest file as a pack, which need not become
// smaller by compression.
const maxFileAnswer = crawler.MaxFileSize + 64<<10

// Files implements crawler.Forge. The folders are fetched at once, and with
// them all files where the host cannot leave them out: a repository whose
// newest commit then is too large is registry.ErrTooLarge.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	h, err := f.headOf(ctx, r)
	if err != nil {
		return nil, err
	}
	if h.commit == "" {
		return nil, fmt.Errorf("%w: %s has no commits", registry.ErrNotFound, h.url)
	}
	t := &tree{forge: f, ctx: ctx, head: h, files: &h.files}
	t.files.mu.Lock()
	defer t.files.mu.Unlock()
	if t.files.pack != nil {
		return t, nil
	}
	partial := h.offers["filter"] && h.offers["allow-reachable-sha1-in-want"]
	if partial {
		err = t.fetch("blob:none")
	}
	if !partial || errors.Is(err, errRefused) { // the host may allow other filters only
		err = t.fetch("")
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// headOf is the head of a listed repository.
func (f *Forge) headOf(ctx context.Context, r crawler.Repo) (*head, error) {
	if h, ok := r.Native.(*head); ok {
		return h, nil
	}
	path, err := f.path(r.URL)
	if err != nil {
		return nil, err
	}
	return f.find(ctx, path)
}

// files are those of a commit. What was fetched is kept with the head, since a
// visit takes the tree more than once.
type files struct {
	mu      sync.Mutex
	pack    *pack
	root    []byte // the root folder
	partial bool   // the pack has folders alone
}

// tree is the root of a repository's default branch.
type tree struct {
	forge *Forge
	ctx   context.Context
	head  *head
	*files
}

// fetch takes the commit.
func (t *tree) fetch(filter string) error {
	p, err := t.forge.fetch(t.ctx, t.head, wanted{[]string{t.head.commit}, t.head.shallow(), filter, t.forge.maxAnswer})
	if errors.Is(err, registry.ErrTooLarge) && filter == "" {
		return fmt.Errorf("%w; the host could serve single files with uploadpack.allowFilter and uploadpack.allowReachableSHA1InWant", err)
	}
	if err != nil {
		return err
	}
	root, err := rootFolder(p, t.head.commit)
	if err != nil {
		return fmt.Errorf("%s: %w", t.head.url, err)
	}
	t.pack, t.root, t.partial = p, root, filter != ""
	return nil
}

func rootFolder(p *pack, commit string) ([]byte, error) {
	name, err := hex.DecodeString(commit)
	if err != nil {
		return nil, err
	}
	content, err := p.object(string(name), commitObject, maxObject)
	if err != nil {
		return nil, err
	}
	root, err := rootOf(content, p.format)
	if err != nil {
		return nil, err
	}
	return p.object(root, treeObject, maxObject)
}

// Open implements fs.FS. A symbolic link opens as a file that holds its target;
// folders and submodules are no files, so there is none of that name.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

// Commit implements crawler.Tree.
func (t *tree) Commit() (string, error) { return t.head.commit, nil }

func (t *tree) read(name string) ([]byte, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	hash, err := t.find(name)
	if err != nil {
		return nil, err
	}
	if t.partial {
		content, err := t.single(hash)
		if !errors.Is(err, errRefused) {
			return content, err
		}
		// No single files then, whatever the host said.
		if err := t.fetch(""); err != nil {
			// Without the cause's kind: it is not the file that may be too large.
			return nil, fmt.Errorf("the file cannot be had alone, nor the whole commit: %v", err) //nolint:errorlint // see above
		}
	}
	return t.pack.object(hash, blobObject, crawler.MaxFileSize)
}

// find goes from the root to a file.
func (t *tree) find(name string) (hash string, err error) {
	at, base := path.Split(name)
	folder, err := t.folder(path.Clean(at))
	if err != nil {
		return "", err
	}
	mode, hash, found, err := lookUp(folder, base, t.head.format)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", fs.ErrNotExist
	case mode == submoduleMode:
		return "", fmt.Errorf("%s is a submodule, not a file: %w", base, fs.ErrNotExist)
	case mode == folderMode:
		return "", fmt.Errorf("%s is a folder, not a file: %w", base, fs.ErrNotExist)
	}
	return hash, nil
}

// folder goes from the root to a folder.
func (t *tree) folder(name string) ([]byte, error) {
	folder := t.root
	if name == "." {
		return folder, nil
	}
	for first := range strings.SplitSeq(name, "/") {
		mode, hash, found, err := lookUp(folder, first, t.head.format)
		switch {
		case err != nil:
			return nil, err
		case !found:
			return nil, fs.ErrNotExist
		case mode != folderMode:
			return nil, fmt.Errorf("%s is no folder: %w", first, fs.ErrNotExist)
		}
		folder, err = t.pack.object(hash, treeObject, maxObject)
		if err != nil {
			// Without the cause's kind: it is not a file that may be too large.
			return nil, fmt.Errorf("folder %s: %v", first, err) //nolint:errorlint // see above
		}
	}
	return folder, nil
}

// ReadDir implements fs.ReadDirFS without a request. Submodules are left out.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) { return crawler.ReadDir(name, t.list) }

func (t *tree) list(name string) ([]crawler.Entry, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	folder, err := t.folder(name)
	if err != nil {
		return nil, err
	}
	var entries []crawler.Entry
	for e, err := range rows(folder, t.head.format) {
		if err != nil {
			return nil, err
		}
		if e.mode != submoduleMode {
			entries = append(entries, crawler.Entry{Name: e.name, Folder: e.mode == folderMode})
		}
	}
	return entries, nil
}

// single fetches one file.
func (t *tree) single(hash string) ([]byte, error) {
	p, err := t.forge.fetch(t.ctx, t.head, wanted{hashes: []string{hex.EncodeToString([]byte(hash))}, limit: maxFileAnswer})
	if err != nil {
		return nil, err
	}
	return p.object(hash, blobObject, crawler.MaxFileSize)
}
