// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"sync"

	"github.com/google/go-github/v66/github"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// native is what a listing and a description know beyond crawler.Repo.
type native struct {
	commit  string                     // head of the default branch; "" where unknown
	files   map[string]*blob           // that came along, by path; nil says that there is none
	folders map[string][]crawler.Entry // that came along, by path; nil says that there is none
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
	t := &tree{forge: f, ctx: ctx, address: r.URL, owner: owner, name: name}
	if n, ok := r.Native.(*native); ok && n != nil {
		t.commit, t.files, t.folders = n.commit, n.files, n.folders
	}
	return t, nil
}

// tree is the default branch of one repository.
type tree struct {
	forge   *Forge
	ctx     context.Context // bounds the reads, see crawler.Forge.Files
	address string

	owner, name string

	files   map[string]*blob
	folders map[string][]crawler.Entry

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

// Tells implements crawler.Teller: over REST a file has to be asked for.
func (t *tree) Tells(name string) bool {
	b, came := t.files[name]
	return came && (b == nil || b.content != nil) || t.folders["."] != nil
}

func (t *tree) read(name string) ([]byte, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if b, known := t.files[name]; known {
		switch {
		case b == nil:
			return nil, fs.ErrNotExist
		case b.size > crawler.MaxFileSize:
			return nil, tooLarge(crawler.MaxFileSize)
		case b.content != nil:
			return b.content, nil
		}
	}
	if t.lacks(name) {
		return nil, fs.ErrNotExist
	}
	u := *t.forge.raw
	u.Path += "/" + t.owner + "/" + t.name + "/" + t.ref() + "/" + name // String escapes it
	content, err := t.forge.get(t.ctx, &u, "", crawler.MaxFileSize)
	switch b := t.files[name]; {
	case errors.Is(err, registry.ErrNotFound):
		return nil, fs.ErrNotExist
	case errors.Is(err, registry.ErrTooLarge) && b != nil:
		// It is the answer that is too large, not the file.
		return nil, fmt.Errorf("%s: %s has %d bytes, but the answer has more than %d", t.address, name, b.size, crawler.MaxFileSize)
	}
	return content, err
}

// lacks reports whether a folder that came along says that a name is not there.
func (t *tree) lacks(name string) bool {
	entries, known := t.folders[path.Dir(name)]
	return known && !slices.ContainsFunc(entries, func(e crawler.Entry) bool { return e.Name == path.Base(name) })
}

// ReadDir implements fs.ReadDirFS. A folder that did not come along costs a
// request.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) { return crawler.ReadDir(name, t.list) }

func (t *tree) list(name string) ([]crawler.Entry, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if entries, known := t.folders[name]; known && entries != nil {
		return entries, nil
	} else if known || name != "." && t.lacks(name) {
		return nil, fs.ErrNotExist
	}
	opt := &github.RepositoryContentGetOptions{Ref: t.ref()}
	ctx := fetch.WithValues(fetch.WithLimit(t.ctx, maxListing), crawler.MaxValues)
	file, folder, _, err := t.forge.client().Repositories.GetContents(ctx, t.owner, t.name, gitPath(name), opt)
	switch err = translate(err, fmt.Sprintf("folder %s of %s", name, t.address)); {
	case errors.Is(err, registry.ErrNotFound), err == nil && file != nil:
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, err
	}
	out := make([]crawler.Entry, 0, len(folder))
	for _, e := range folder {
		out = append(out, crawler.Entry{Name: e.GetName(), Folder: e.GetType() == "dir", Size: int64(e.GetSize())})
	}
	return out, nil
}

// gitPath is the path of a folder as Git has it.
func gitPath(name string) string {
	if name == "." {
		return ""
	}
	return name
}

// maxListing bounds the listing of a folder, of which GitHub gives the first
// thousand entries, in bytes.
const maxListing = 8 << 20

const folderFragment = `
fragment folder on GitObject { __typename ... on Tree { entries { name type } } }`

// withFolders adds the folders that came along with a description, under their
// aliases. What failed is not known.
func withFolders(former any, objects map[string]json.RawMessage, errs queryErrors, place string) *native {
	out := &native{folders: make(map[string][]crawler.Entry)}
	if n, ok := former.(*native); ok && n != nil {
		out.commit, out.files = n.commit, n.files
	}
	for i, name := range folders {
		alias := "f" + strconv.Itoa(i)
		var tree *struct {
			Typename string `json:"__typename"`
			Entries  []*struct{ Name, Type string }
		}
		if len(errs.below(place+"/"+alias)) > 0 || json.Unmarshal(objects[alias], &tree) != nil {
			continue
		}
		if tree == nil || tree.Typename != "Tree" {
			if name != "." { // the root is always there
				out.folders[name] = nil
			}
			continue
		}
		entries := make([]crawler.Entry, 0, len(tree.Entries))
		for _, e := range tree.Entries {
			if e != nil {
				entries = append(entries, crawler.Entry{Name: e.Name, Folder: e.Type == "tree"})
			}
		}
		out.folders[name] = entries
	}
	return out
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: over %d bytes", registry.ErrTooLarge, limit)
}

// get reads what is at an address to its end.
func (f *Forge) get(ctx context.Context, u *url.URL, accept string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(fetch.WithLimit(ctx, limit), http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	resp, err := f.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch sentinel := fetch.Sentinel(resp.StatusCode); {
	case sentinel != nil:
		return nil, fmt.Errorf("%w: %s answered %s", sentinel, u.Host, resp.Status)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answered %s", u.Host, resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) > limit:
		return nil, tooLarge(limit)
	}
	return body, nil
}
