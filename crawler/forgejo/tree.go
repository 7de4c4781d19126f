// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// headRef is the default branch, whatever its name and whatever tag has that
// name too.
const headRef = "HEAD"

// Files implements crawler.Forge. Nothing is asked before a file is opened:
// then the root is listed once, so that a file that is not there costs no
// request of its own.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	owner, name, err := f.split(r)
	if err != nil {
		return nil, err
	}
	c, ok := r.Native.(*content)
	if !ok {
		c = &content{}
	}
	return &tree{forge: f, ctx: ctx, content: c, owner: owner, name: name, branch: r.DefaultBranch, url: r.URL}, nil
}

// split takes the address of a repository of the instance apart.
func (f *Forge) split(r crawler.Repo) (owner, name string, err error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	path := strings.Trim(strings.TrimPrefix(u.Path, strings.TrimSuffix(f.base.Path, "/")), "/")
	if u.Host != f.base.Host || !pathOK(path) {
		return "", "", fmt.Errorf("%s: no address of a repository on %s: %w", r.URL, f.base, registry.ErrInvalid)
	}
	owner, name, _ = strings.Cut(path, "/")
	return owner, name, nil
}

// tree is the root of a repository's default branch.
type tree struct {
	*content
	forge       *Forge
	ctx         context.Context
	owner, name string
	branch      string
	url         string // for messages
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

// ReadDir implements fs.ReadDirFS. The root is listed anyway; the first other
// folder takes one request that lists all of them, where there are not too many
// files for that.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) { return crawler.ReadDir(name, t.list) }

func (t *tree) read(name string) ([]byte, error) {
	root, err := t.listRoot()
	if err != nil {
		return t.unlisted(name, err)
	}
	first, _, _ := strings.Cut(name, "/")
	e, ok := root.find(first)
	if !ok && !root.cut {
		return nil, fs.ErrNotExist
	}
	content, err := t.raw(name, cmp.Or(t.head(), t.branch))
	if errors.Is(err, registry.ErrTooLarge) && e.path == name && 0 < e.size && e.size <= crawler.MaxFileSize {
		// It is the answer that is too large, not the file.
		return nil, fmt.Errorf("%s: %s has %d bytes, but the answer has more than %d", t.url, name, e.size, crawler.MaxFileSize)
	}
	return content, err
}

// unlisted reads a file where the root cannot be listed. That the file is not
// there is believed where the repository is.
func (t *tree) unlisted(name string, why error) ([]byte, error) {
	if fetch.Refused(why) || fetch.Hopeless(t.ctx, why) {
		return nil, why
	}
	content, err := t.raw(name, cmp.Or(t.head(), t.branch))
	if !errors.Is(err, fs.ErrNotExist) {
		return content, err
	}
	api, err := t.forge.api(t.ctx)
	if err != nil {
		return nil, err
	}
	if _, resp, err := api.GetRepo(t.owner, t.name); err != nil {
		return nil, failure(resp, err, t.url)
	}
	return nil, fs.ErrNotExist
}

func (t *tree) list(name string) ([]crawler.Entry, error) {
	root, err := t.listRoot()
	if err != nil {
		return nil, err
	}
	if root.cut && len(root.entries) == 0 {
		return nil, errors.New(t.url + ": the instance lists no files of the newest commit")
	}
	if name == "." {
		list, _ := root.below("")
		return list, nil
	}
	first, rest, deeper := strings.Cut(name, "/")
	in, ok := root.find(first)
	switch {
	case !ok && !root.cut:
		return nil, fs.ErrNotExist
	case ok && !in.folder:
		return nil, fmt.Errorf("%s is no folder: %w", first, fs.ErrInvalid)
	}
	all, err := t.listAll()
	if err != nil {
		return nil, err
	}
	if list, whole := all.below(name); whole {
		if e, ok := all.find(name); len(list) == 0 && !(ok && e.folder) {
			return nil, fs.ErrNotExist
		}
		return list, nil
	}
	// Too many files: from folder to folder then.
	for {
		if !in.folder || !crawler.IsHash(in.hash) {
			return nil, fs.ErrNotExist
		}
		f, err := t.ask(in.hash, false)
		if err != nil {
			return nil, err
		}
		if !deeper {
			list, _ := f.below("")
			return list, nil
		}
		first, rest, deeper = strings.Cut(rest, "/")
		in, _ = f.find(first)
	}
}

// listRoot lists the root, once.
func (t *tree) listRoot() (*folder, error) {
	t.listing.Lock()
	defer t.listing.Unlock()
	if t.root != nil {
		return t.root, nil
	}
	// As a branch's name may hold a slash, which proxies tend to spoil.
	var err error
	t.root, err = t.ask(cmp.Or(t.head(), headRef), false)
	return t.root, err
}

// listAll lists everything, or as much as goes into one answer, once.
func (t *tree) listAll() (*folder, error) {
	t.listing.Lock()
	defer t.listing.Unlock()
	if t.all != nil {
		return t.all, nil
	}
	var err error
	t.all, err = t.ask(cmp.Or(t.head(), headRef), true)
	return t.all, err
}

// ask lists a folder by its hash or that of a commit.
func (t *tree) ask(ref string, all bool) (*folder, error) {
	api, err := t.forge.api(t.ctx)
	if err != nil {
		return nil, err
	}
	listed, resp, err := api.GetTrees(t.owner, t.name, gitea.ListTreeOptions{Ref: ref, Recursive: all})
	switch {
	case err != nil && status(resp) == http.StatusBadRequest:
		// There is no such commit for the list; files say for themselves.
		return &folder{cut: true}, nil
	case err != nil:
		return nil, failure(resp, err, t.url+": list of files")
	}
	return newFolder(listed), nil
}

// raw reads a file at a ref, "" for the default branch. A file in Git LFS is
// its pointer.
func (t *tree) raw(name, ref string) ([]byte, error) {
	api, err := t.forge.client(fetch.WithLimit(t.ctx, crawler.MaxFileSize))
	if err != nil {
		return nil, err
	}
	body, resp, err := api.GetFileReader(t.owner, t.name, ref, name)
	if body != nil {
		defer body.Close()
	}
	if err != nil {
		if status(resp) == http.StatusNotFound && body != nil {
			return nil, t.missing(body)
		}
		return nil, failure(resp, err, t.url)
	}
	if media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); media == "text/html" {
		return nil, fmt.Errorf("%s: a page of HTML in place of a file; does the instance let strangers in?", t.url)
	}
	content, err := io.ReadAll(io.LimitReader(body, crawler.MaxFileSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", t.url, err)
	case len(content) > crawler.MaxFileSize:
		return nil, fmt.Errorf("%s: over %d bytes: %w", t.url, crawler.MaxFileSize, registry.ErrTooLarge)
	}
	return content, nil
}

// missing reads the body of a 404. Forgejo answers alike for a file and for a
// repository that is not there; where the list of the root was there, it is the
// file. A proxy that speaks in its place does not speak JSON.
func (t *tree) missing(body io.Reader) error {
	var answer struct {
		Message *string `json:"message"`
	}
	if json.NewDecoder(io.LimitReader(body, 64<<10)).Decode(&answer) != nil || answer.Message == nil {
		return fmt.Errorf("%s: answered 404, but not as Forgejo does", t.url)
	}
	return fs.ErrNotExist
}

// Commit implements crawler.Tree. Only the list of commits tells it, so a push
// between a file and the first call or the description is not seen; the
// repository's Version then has changed by the next listing. Files opened later
// are of that commit.
func (t *tree) Commit() (string, error) {
	if hash := t.head(); hash != "" {
		return hash, nil
	}
	api, err := t.forge.api(t.ctx)
	if err != nil {
		return "", err
	}
	commits, resp, err := api.ListRepoCommits(t.owner, t.name, gitea.ListCommitOptions{
		ListOptions: gitea.ListOptions{Page: 1, PageSize: 1},
		SHA:         t.branch,
	})
	if err != nil {
		return "", failure(resp, err, t.url+": newest commit")
	}
	if len(commits) == 0 || commits[0] == nil || commits[0].CommitMeta == nil || !crawler.IsHash(commits[0].SHA) {
		return "", errors.New(t.url + ": the list of commits begins with none")
	}
	t.setCommit(commits[0].SHA)
	return commits[0].SHA, nil
}
