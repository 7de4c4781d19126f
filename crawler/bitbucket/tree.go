// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package bitbucket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// Files implements crawler.Forge. The folders that were listed are kept with the
// repository.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	n, err := f.of(ctx, r)
	if err != nil {
		return nil, err
	}
	return &tree{f, ctx, n}, nil
}

// tree is the root of a repository's default branch.
type tree struct {
	forge *Forge
	ctx   context.Context
	*native
}

// folder is a folder as it was listed.
type folder struct {
	entries []crawler.Entry
	whole   bool // false where there are more
}

// Open implements fs.FS. The root is listed first: where a file is not there,
// which is the rule, that answers for all of them.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

// ReadDir implements fs.ReadDirFS. Submodules are left out.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	return crawler.ReadDir(name, func(name string) ([]crawler.Entry, error) {
		if err := t.ctx.Err(); err != nil {
			return nil, err
		}
		if name != "." {
			if e, known, err := t.known(name); err != nil {
				return nil, err
			} else if known && !e.Folder {
				return nil, fs.ErrNotExist
			}
		}
		d, err := t.list(name)
		if err != nil {
			return nil, err
		}
		return d.entries, nil
	})
}

// Commit implements crawler.Tree.
func (t *tree) Commit() (string, error) { return t.forge.head(t.ctx, t.native) }

func (t *tree) read(name string) ([]byte, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if path.Dir(name) == "." {
		if _, err := t.list("."); err != nil {
			return nil, err
		}
	}
	e, known, err := t.known(name)
	switch {
	case err != nil:
		return nil, err
	case known && e.Folder:
		return nil, fs.ErrNotExist
	case known && e.Size > crawler.MaxFileSize:
		return nil, fmt.Errorf("%w: %d bytes, over %d", registry.ErrTooLarge, e.Size, crawler.MaxFileSize)
	}
	a, err := t.source(name, nil, crawler.MaxFileSize)
	if err != nil {
		return nil, err
	}
	if !a.file && !known && isFolder(a.body) {
		return nil, fs.ErrNotExist
	}
	return a.body, nil
}

// isFolder reports whether an answer is the listing of a folder.
func isFolder(body []byte) bool {
	var page struct {
		Values  *[]json.RawMessage `json:"values"`
		PageLen *int               `json:"pagelen"`
	}
	return json.Unmarshal(body, &page) == nil && page.Values != nil && page.PageLen != nil
}

// known looks a path up in the folders that were listed. What is not in one that
// is whole is fs.ErrNotExist.
func (t *tree) known(name string) (e crawler.Entry, known bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for at := name; at != "."; at = path.Dir(at) {
		d := t.folders[path.Dir(at)]
		if d == nil {
			continue
		}
		i := slices.IndexFunc(d.entries, func(e crawler.Entry) bool { return e.Name == path.Base(at) })
		switch {
		case i < 0 && d.whole, i >= 0 && at != name && !d.entries[i].Folder:
			return crawler.Entry{}, false, fs.ErrNotExist
		case i >= 0 && at == name:
			return d.entries[i], true, nil
		}
	}
	return crawler.Entry{}, false, nil
}

// listed is a file or folder in the listing of a folder.
type listed struct {
	Path       string   `json:"path"`
	Type       string   `json:"type"`
	Size       int64    `json:"size"`
	Attributes []string `json:"attributes"`
}

// list asks for a folder, once.
func (t *tree) list(name string) (*folder, error) {
	t.mu.Lock()
	d := t.folders[name]
	t.mu.Unlock()
	if d != nil {
		return d, nil
	}
	d = &folder{}
	query := url.Values{"pagelen": {"100"}, "fields": {"pagelen,next,values.path,values.type,values.size,values.attributes"}}
	for query != nil && len(d.entries) < crawler.MaxDirEntries {
		a, err := t.source(strings.TrimPrefix(name+"/", "./"), query, maxAnswer)
		if err != nil {
			return nil, err
		}
		var page list[listed]
		switch {
		case a.file:
			return nil, fs.ErrNotExist
		case json.Unmarshal(a.body, &page) != nil:
			return nil, fmt.Errorf("%s/%s: the listing of folder %s cannot be read", t.forge.base, t.fullName, name)
		}
		before := len(d.entries)
		for _, l := range page.Values {
			// Submodules are files here, too, but hold no more than a hash.
			if l == nil || path.Dir(l.Path) != name || slices.Contains(l.Attributes, "subrepository") ||
				slices.ContainsFunc(d.entries, func(e crawler.Entry) bool { return e.Name == path.Base(l.Path) }) {
				continue
			}
			d.entries = append(d.entries, crawler.Entry{Name: path.Base(l.Path), Folder: l.Type == "commit_directory", Size: max(0, l.Size)})
		}
		if query, err = following(page.Next); err != nil {
			return nil, err
		}
		if query != nil && len(d.entries) == before {
			break
		}
	}
	d.whole = query == nil
	t.mu.Lock()
	defer t.mu.Unlock()
	t.folders[name] = d
	return d, nil
}

// source asks for a file or, where the path ends in a slash or is "", a folder.
func (t *tree) source(name string, query url.Values, limit int64) (answer, error) {
	commit, err := t.forge.head(t.ctx, t.native)
	if err != nil {
		return answer{}, err
	}
	a, err := t.forge.get(t.ctx, append(t.at("src", commit), strings.Split(name, "/")...), query, limit)
	if errors.Is(err, registry.ErrNotFound) {
		return answer{}, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return a, err
}
