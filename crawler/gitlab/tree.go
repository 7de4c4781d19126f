// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"strings"
	"sync"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// head is the default branch, whatever its name and whatever tag has that
// name too.
const head = "HEAD"

// Files implements crawler.Forge. Nothing is asked before a file is opened:
// then the root is listed once, so that a file that is not there costs no
// request of its own. The first file that is read settles the commit that all
// others are of.
//
// Files come over the API. Their web addresses cost no budget, but answer a
// stranger with a sign-in form in place of a refusal, and stand behind what
// instances put up against bots.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	if r.ForgeID == "" || !numeric(r.ForgeID) {
		return nil, fmt.Errorf("%s: %q is no project number: %w", r.URL, r.ForgeID, registry.ErrInvalid)
	}
	return &tree{forge: f, ctx: ctx, project: r.ForgeID, url: r.URL}, nil
}

// tree is the root of a project's default branch.
type tree struct {
	forge   *Forge
	ctx     context.Context
	project string // number
	url     string // for messages

	listing  sync.Mutex // held while the root is listed
	root     map[string]bool
	complete bool // root names everything that is there

	mu     sync.Mutex
	commit string // "" until known
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
	ref := t.ref()
	content, commit, err := t.raw(name, ref)
	if first := t.settle(commit); err == nil && first != commit {
		// Somebody pushed while two files were the first.
		content, _, err = t.raw(name, first)
	}
	return content, err
}

// inRoot reports whether the root may have an entry of that name.
func (t *tree) inRoot(name string) (bool, error) {
	t.listing.Lock()
	defer t.listing.Unlock()
	if t.root == nil {
		ref := t.ref()
		entries, resp, err := t.forge.api.Repositories.ListTree(t.project, &gl.ListTreeOptions{
			ListOptions: gl.ListOptions{PerPage: pageSize},
			Ref:         &ref,
		}, gl.WithContext(t.ctx))
		if err != nil {
			return false, failure(err, t.url+": list of files")
		}
		t.root = make(map[string]bool, len(entries))
		for _, e := range entries {
			if e != nil {
				t.root[e.Path] = true
			}
		}
		t.complete = resp.NextLink == "" && resp.NextPage == 0
	}
	return t.root[name] || !t.complete, nil
}

// raw reads a file at a ref and the commit that the ref stands for.
func (t *tree) raw(name, ref string) (content []byte, commit string, err error) {
	req, err := t.forge.api.NewRequest(http.MethodGet,
		fmt.Sprintf("projects/%s/repository/files/%s/raw", t.project, gl.PathEscape(name)),
		&gl.GetRawFileOptions{Ref: &ref}, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Accept", "*/*")
	// The library drops the message of a 404, which tells a missing file from
	// a missing project.
	resp, err := t.forge.http.Do(req.Request.WithContext(fetch.WithLimit(t.ctx, crawler.MaxFileSize)))
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	content, err = io.ReadAll(io.LimitReader(resp.Body, crawler.MaxFileSize+1))
	if err != nil {
		return nil, "", err
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, "", t.missing(content)
	case resp.StatusCode != http.StatusOK:
		return nil, "", refusal(resp, t.url)
	case media == "text/html":
		return nil, "", fmt.Errorf("%s: a page of HTML in place of a file; does the instance let strangers in?", t.url)
	case len(content) > crawler.MaxFileSize:
		return nil, "", fmt.Errorf("%s: over %d bytes: %w", t.url, crawler.MaxFileSize, registry.ErrTooLarge)
	}
	return content, cmp.Or(resp.Header.Get("X-Gitlab-Commit-Id"), hashOnly(ref)), nil
}

// missing reads the body of a 404. That a file is missing GitLab says in so
// many words; else it is the project, its repository or the commit.
func (t *tree) missing(body []byte) error {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Message == "" {
		return fmt.Errorf("%s: answered 404, but not as GitLab does", t.url)
	}
	if strings.Contains(answer.Message, "File Not Found") {
		return fs.ErrNotExist
	}
	return fmt.Errorf("%s: %.100q: %w", t.url, answer.Message, registry.ErrNotFound)
}

// Commit implements crawler.Tree. It asks only where no file has been read.
func (t *tree) Commit() (string, error) {
	if ref := t.ref(); ref != head {
		return ref, nil
	}
	c, _, err := t.forge.api.Commits.GetCommit(t.project, head, &gl.GetCommitOptions{Stats: gl.Ptr(false)}, gl.WithContext(t.ctx))
	if err != nil {
		return "", failure(err, t.url+": newest commit")
	}
	if hashOnly(c.ID) == "" {
		return "", fmt.Errorf("%s: %.100q is no hash of a commit", t.url, c.ID)
	}
	return t.settle(c.ID), nil
}

// ref is the commit where that is known.
func (t *tree) ref() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.commit, head)
}

// settle makes a commit the one that all files are of, unless there is one,
// and returns that.
func (t *tree) settle(commit string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.commit == "" {
		t.commit = hashOnly(commit)
	}
	return t.commit
}

// hashOnly returns a full hash of Git, SHA-1 or SHA-256, and "" for all else.
func hashOnly(s string) string {
	if len(s) != 40 && len(s) != 64 || strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}
