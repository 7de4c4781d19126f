// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"sync"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// native is what a listing knows beyond crawler.Repo.
type native struct {
	commit string           // head of the default branch; "" where unknown
	files  map[string]*blob // that came along, by path; nil says that there is none
}

// blob is a file that came along.
type blob struct {
	content []byte
	size    int64 // of the whole file, in bytes
}

// Files implements crawler.Forge. Nothing is read before a file is opened.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	owner, name, err := f.names(r.URL)
	if err != nil {
		return nil, err
	}
	t := &tree{forge: f, ctx: ctx, address: r.URL, root: f.raw.Path + "/" + owner + "/" + name + "/"}
	if n, ok := r.Native.(*native); ok && n != nil {
		t.commit, t.files = n.commit, n.files
	}
	return t, nil
}

// tree is the default branch of one repository.
type tree struct {
	forge   *Forge
	ctx     context.Context // bounds the reads, see crawler.Forge.Files
	address string
	root    string // path of the raw address, above REF/PATH
	files   map[string]*blob

	mu     sync.Mutex
	commit string
}

// Commit implements crawler.Tree. It asks the forge where the listing did not
// tell.
func (t *tree) Commit() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.commit == "" {
		sha, err := t.forge.head(t.ctx, t.address)
		if err != nil {
			return "", err
		}
		t.commit = sha
	}
	return t.commit, nil
}

// ref is what files are read of: the head commit where it is known.
func (t *tree) ref() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.commit != "" {
		return t.commit
	}
	return "HEAD"
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

func (t *tree) read(name string) ([]byte, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if b, known := t.files[name]; known {
		switch {
		case b == nil:
			return nil, fs.ErrNotExist
		case b.size > crawler.MaxFileSize:
			return nil, tooLarge()
		case b.content != nil:
			return b.content, nil
		}
	}
	return t.fetch(name)
}

func tooLarge() error {
	return fmt.Errorf("%w: over %d bytes", registry.ErrTooLarge, crawler.MaxFileSize)
}

// fetch reads a file from the raw address.
func (t *tree) fetch(name string) ([]byte, error) {
	u := *t.forge.raw
	u.Path = t.root + t.ref() + "/" + name // String escapes it
	req, err := http.NewRequestWithContext(fetch.WithLimit(t.ctx, crawler.MaxFileSize), http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := t.forge.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch sentinel := ofStatus(resp.StatusCode); {
	case errors.Is(sentinel, registry.ErrNotFound):
		return nil, fs.ErrNotExist
	case sentinel != nil:
		return nil, fmt.Errorf("%w: %s answered %s", sentinel, u.Host, resp.Status)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answered %s", u.Host, resp.Status)
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, crawler.MaxFileSize+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > crawler.MaxFileSize:
		return nil, tooLarge()
	}
	return content, nil
}
