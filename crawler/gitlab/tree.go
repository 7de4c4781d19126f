// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

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
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/crawler/fetch"
	"github.com/allmende-registry/allmende/registry"
)

// head is the default branch, whatever its name and whatever tag has that
// name too.
const head = "HEAD"

// Files implements crawler.Forge. What came along is not asked for again. A
// folder is listed once, and the root before a file is opened, so that a file
// that is not there costs no request of its own. The first file that is read
// settles the commit that all others are of.
//
// Files come over the API. Their web addresses cost no budget, but answer a
// stranger with a sign-in form in place of a refusal, and stand behind what
// instances put up against bots.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	if r.ForgeID == "" || !numeric(r.ForgeID) {
		return nil, fmt.Errorf("%s: %q is no project number: %w", r.URL, r.ForgeID, registry.ErrInvalid)
	}
	known := ofRepo(r)
	if known.failed != nil {
		return nil, fmt.Errorf("%s: %w", r.URL, known.failed)
	}
	return &tree{native: known, forge: f, ctx: ctx, project: r.ForgeID, url: r.URL}, nil
}

// native is what is known of a project beside what a crawler.Repo has. All trees
// and descriptions of a listed repository share it.
type native struct {
	failed     error              // why nothing can be read of the project
	newest     time.Time          // no commit is newer; zero where that is unknown
	openIssues *int               // nil where the list does not tell
	files      map[string]*[]byte // that came along, nil for one that is not there

	mu      sync.Mutex
	commit  string            // full hash, "" until known
	folders map[string]folder // by path, "." is the root

	listing sync.Mutex // held while a folder is listed
}

// ofRepo is what is known of a repository.
func ofRepo(r crawler.Repo) *native {
	if known, ok := r.Native.(*native); ok {
		return known
	}
	return &native{}
}

// ref is the commit where that is known.
func (n *native) ref() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return cmp.Or(n.commit, head)
}

// settle makes a commit the one that all files are of, unless there is one,
// and returns that.
func (n *native) settle(commit string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.commit == "" && crawler.IsHash(commit) {
		n.commit = commit
	}
	return n.commit
}

// known is a folder that has been listed.
func (n *native) known(name string) (folder, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	found, ok := n.folders[name]
	return found, ok
}

func (n *native) keep(name string, found folder) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.folders == nil {
		n.folders = make(map[string]folder)
	}
	n.folders[name] = found
}

// folder is what lies in a folder.
type folder struct {
	entries []crawler.Entry
	cut     bool // there is more
}

// has reports whether there may be such an entry.
func (f folder) has(name string, isFolder bool) bool {
	return f.cut || slices.ContainsFunc(f.entries, func(e crawler.Entry) bool { return e.Name == name && (e.Folder || !isFolder) })
}

// tree is the root of a project's default branch.
type tree struct {
	*native
	forge   *Forge
	ctx     context.Context
	project string // number
	url     string // for messages
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) { return crawler.OpenFile(name, t.read) }

func (t *tree) read(name string) ([]byte, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	if content, came := t.files[name]; came {
		if content == nil {
			return nil, fs.ErrNotExist
		}
		return *content, nil
	}
	// Where the root cannot be listed, the file says for itself whether it is
	// there.
	if err := t.inRoot(name, false); errors.Is(err, fs.ErrNotExist) || fetch.Refused(err) || fetch.Hopeless(t.ctx, err) {
		return nil, err
	}
	content, commit, err := t.raw(name, t.ref())
	if first := t.settle(commit); err == nil && first != commit && crawler.IsHash(commit) {
		// Somebody pushed while two files were the first.
		content, _, err = t.raw(name, first)
	}
	return content, err
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	return crawler.ReadDir(name, func(name string) ([]crawler.Entry, error) {
		if err := t.ctx.Err(); err != nil {
			return nil, err
		}
		if err := t.inRoot(name, true); err != nil {
			return nil, err
		}
		found, err := t.folder(name, crawler.MaxDirEntries/pageSize)
		return found.entries, err
	})
}

// inRoot is fs.ErrNotExist where the root has nothing that the path begins with.
func (t *tree) inRoot(name string, isFolder bool) error {
	if name == "." {
		return nil
	}
	root, err := t.folder(".", 1)
	first, _, deeper := strings.Cut(name, "/")
	if err == nil && !root.has(first, isFolder || deeper) {
		err = fs.ErrNotExist
	}
	return err
}

// folder lists a folder, at most so many pages of it. A list that was cut short
// is taken up from its beginning where more is wanted.
func (t *tree) folder(name string, pages int) (folder, error) {
	t.listing.Lock()
	defer t.listing.Unlock()
	if found, ok := t.known(name); ok && (!found.cut || len(found.entries) >= pages*pageSize) {
		return found, nil
	}
	found := folder{cut: true}
	ref := t.ref()
	query := url.Values{"ref": {ref}, "pagination": {"keyset"}, "per_page": {fmt.Sprint(pageSize)}}
	if name != "." {
		query.Set("path", name)
	}
	for range pages {
		body, header, err := t.get(fetch.WithValues(t.ctx, crawler.MaxValues), "tree", query, maxList)
		if err != nil {
			return folder{}, fmt.Errorf("list of files: %w", err)
		}
		var entries []*gl.TreeNode
		if err := json.Unmarshal(body, &entries); err != nil {
			return folder{}, fmt.Errorf("%s: list of files: %w", t.url, err)
		}
		for _, e := range entries {
			if e != nil {
				found.entries = append(found.entries, crawler.Entry{Name: path.Base(e.Path), Folder: e.Type == "tree"})
			}
		}
		next := nextPage(header)
		if next == nil {
			found.cut = false
			break
		}
		query = next
	}
	if name != "." && len(found.entries) == 0 {
		return folder{}, fs.ErrNotExist // as GitLab before 17.7 says it
	}
	t.keep(name, found)
	return found, nil
}

var nextLink = regexp.MustCompile(`<([^<>]*)>; *rel="?next"?`)

// nextPage is the query of the next page of a list, nil where there is none. By
// number or by keyset, the link tells.
func nextPage(header http.Header) url.Values {
	m := nextLink.FindStringSubmatch(header.Get("Link"))
	if m == nil {
		return nil
	}
	u, err := url.Parse(m[1])
	if err != nil {
		return nil
	}
	return u.Query()
}

// raw reads a file at a ref and the commit that the ref stands for.
func (t *tree) raw(name, ref string) (content []byte, commit string, err error) {
	content, header, err := t.get(t.ctx, "files/"+gl.PathEscape(name)+"/raw", url.Values{"ref": {ref}}, crawler.MaxFileSize)
	if err != nil {
		return nil, "", err
	}
	return content, cmp.Or(header.Get("X-Gitlab-Commit-Id"), ref), nil
}

// get asks for something of the repository, of at most so many bytes. What GitLab
// says is not in the tree is fs.ErrNotExist; else a 404 is of the
// project, its repository or the commit. The library drops what tells these
// apart.
func (t *tree) get(ctx context.Context, what string, query url.Values, limit int64) (body []byte, header http.Header, err error) {
	req, err := t.forge.api.NewRequest(http.MethodGet, "projects/"+t.project+"/repository/"+what, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	req.URL.RawQuery = query.Encode()
	req.Header.Set("Accept", "*/*")
	resp, err := t.forge.http.Do(req.Request.WithContext(fetch.WithLimit(ctx, limit)))
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, nil, err
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode == http.StatusNotFound && notInTree.MatchString(message(body)):
		return nil, nil, fs.ErrNotExist
	case resp.StatusCode == http.StatusNotFound:
		return nil, nil, fmt.Errorf("%s: %.100q: %w", t.url, message(body), registry.ErrNotFound)
	case resp.StatusCode != http.StatusOK:
		return nil, nil, refusal(resp, t.url)
	case media == "text/html":
		return nil, nil, fmt.Errorf("%s: a page of HTML in place of a file; does the instance let strangers in?", t.url)
	case int64(len(body)) > limit:
		return nil, nil, fmt.Errorf("%s: over %d bytes: %w", t.url, limit, registry.ErrTooLarge)
	}
	return body, resp.Header, nil
}

// maxList is the largest page of a list of files, in bytes.
const maxList = 4 << 20

// notInTree is what GitLab says of a file or a folder that is not there.
var notInTree = regexp.MustCompile(`File Not Found|invalid revision or path`)

// Commit implements crawler.Tree. It asks only where no file has been read.
func (t *tree) Commit() (string, error) {
	if ref := t.ref(); ref != head {
		return ref, nil
	}
	c, _, err := t.forge.api.Commits.GetCommit(t.project, head, &gl.GetCommitOptions{Stats: gl.Ptr(false)}, gl.WithContext(t.ctx))
	if err != nil {
		return "", failure(err, t.url+": newest commit")
	}
	if !crawler.IsHash(c.ID) {
		return "", fmt.Errorf("%s: %.100q is no hash of a commit", t.url, c.ID)
	}
	return t.settle(c.ID), nil
}
