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
	"sync"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// head is the default branch, whatever its name and whatever tag has that
// name too.
const head = "HEAD"

// Files implements crawler.Forge. Nothing is asked before a file is opened:
// then the root is listed once, so that a file that is not there costs no
// request of its own.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	path := strings.Trim(strings.TrimPrefix(u.Path, strings.TrimSuffix(f.base.Path, "/")), "/")
	if u.Host != f.base.Host || !pathOK(path) {
		return nil, fmt.Errorf("%s: no address of a repository on %s: %w", r.URL, f.base, registry.ErrInvalid)
	}
	owner, name, _ := strings.Cut(path, "/")
	return &tree{forge: f, ctx: ctx, owner: owner, name: name, branch: r.DefaultBranch, url: r.URL}, nil
}

// tree is the root of a repository's default branch.
type tree struct {
	forge       *Forge
	ctx         context.Context
	owner, name string
	branch      string
	url         string // for messages

	listing  sync.Mutex // held while the root is listed
	root     map[string]bool
	complete bool // root names everything that is there

	mu     sync.Mutex
	commit string // "" until asked for
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

func (t *tree) read(name string) ([]byte, error) {
	first, _, _ := strings.Cut(name, "/")
	if there, err := t.inRoot(first); err != nil {
		return nil, err
	} else if !there {
		return nil, fs.ErrNotExist
	}
	return t.raw(name, cmp.Or(t.known(), t.branch))
}

// inRoot reports whether the root may have an entry of that name.
func (t *tree) inRoot(name string) (bool, error) {
	t.listing.Lock()
	defer t.listing.Unlock()
	if t.root == nil {
		api, err := t.forge.api(t.ctx)
		if err != nil {
			return false, err
		}
		// As a branch's name may hold a slash, which proxies tend to spoil.
		listed, resp, err := api.GetTrees(t.owner, t.name, gitea.ListTreeOptions{Ref: cmp.Or(t.known(), head)})
		switch {
		case err != nil && resp != nil && resp.StatusCode == http.StatusBadRequest:
			// There is no such commit for the list; files say for themselves.
			listed = &gitea.GitTreeResponse{Truncated: true}
		case err != nil:
			return false, failure(resp, err, t.url+": list of files")
		}
		t.root = make(map[string]bool, len(listed.Entries))
		for _, e := range listed.Entries {
			t.root[e.Path] = true
		}
		t.complete = !listed.Truncated && listed.TotalCount <= len(listed.Entries)
	}
	return t.root[name] || !t.complete, nil
}

// raw reads a file at a ref, "" for the default branch. A file in Git LFS is
// its pointer.
func (t *tree) raw(name, ref string) ([]byte, error) {
	api, err := t.forge.api(fetch.WithLimit(t.ctx, crawler.MaxFileSize))
	if err != nil {
		return nil, err
	}
	body, resp, err := api.GetFileReader(t.owner, t.name, ref, name)
	if body != nil {
		defer body.Close()
	}
	if err != nil {
		if resp != nil && resp.StatusCode == http.StatusNotFound && body != nil {
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
// repository that is not there; the list of the root was there, so it is the
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

// Commit implements crawler.Tree. Only this tells the commit, so a push between
// a file and the first call is not seen; the repository's Version then has
// changed by the next listing. Files opened later are of that commit.
func (t *tree) Commit() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.commit != "" {
		return t.commit, nil
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
	if len(commits) == 0 || commits[0] == nil || commits[0].CommitMeta == nil || !fullHash(commits[0].SHA) {
		return "", errors.New(t.url + ": the list of commits begins with none")
	}
	t.commit = commits[0].SHA
	return t.commit, nil
}

// known is the commit where that was asked for.
func (t *tree) known() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commit
}

// fullHash reports whether a text is a full hash of Git, SHA-1 or SHA-256.
func fullHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
