// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package gitlab

import (
	"fmt"
	"io/fs"
	"strings"

	gl "github.com/xanzy/go-gitlab"

	"github.com/allmende-registry/allmende/adoption"
	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// globalID is what the ids of projects begin with in GraphQL.
const globalID = "gid://gitlab/Project/"

// nodes is a list in GraphQL. Anything in it may be null.
type nodes[T any] struct {
	Nodes    []*T
	PageInfo *struct {
		EndCursor   string
		HasNextPage bool
	}
}

// more reports whether another page follows.
func (n *nodes[T]) more() bool { return n != nil && n.PageInfo != nil && n.PageInfo.HasNextPage }

// all goes through what is there.
func (n *nodes[T]) all(yield func(*T) bool) {
	if n == nil {
		return
	}
	for _, node := range n.Nodes {
		if node != nil && !yield(node) {
			return
		}
	}
}

// node is a project in GraphQL, with the fields that were asked for.
type node struct {
	ID, FullPath, Visibility             string
	Description                          string
	Archived, IsForked                   bool
	CreatedAt, UpdatedAt, LastActivityAt crawler.Date
	ForksCount, StarCount                int
	Topics                               []string
	Repository                           *repository

	IssuesEnabled   *bool
	OpenIssuesCount *int
	Languages       []*registry.Language
	Releases        *nodes[struct{ TagName string }]
	Issues          *nodes[issue]
}

type repository struct {
	RootRef string
	Tree    *treeNode
	Blobs   *nodes[blob]
}

type treeNode struct {
	LastCommit *struct {
		SHA           string
		CommittedDate crawler.Date
	}
	Blobs, Trees *nodes[struct{ Name string }]
}

type blob struct {
	Path, OID   string
	RawTextBlob *string
}

type issue struct {
	IID, Title string
	CreatedAt  crawler.Date
	Labels     *nodes[struct{ Title string }]
}

// number is the project's number as REST has it, "" where it has none.
func (n *node) number() string {
	number, ok := strings.CutPrefix(n.ID, globalID)
	if !ok || len(number) > 19 || strings.Trim(number, "0") == "" || !numeric(number) {
		return ""
	}
	return number
}

// public reports whether everyone may see the project.
func (n *node) public() bool { return n.Visibility == string(gl.PublicVisibility) }

// listable reports whether the project has a number and a path that can be.
func (n *node) listable() bool { return n.number() != "" && projectPath(n.FullPath) }

// repoOf translates a project. What was asked for decides how much is in it:
// without the code it has neither State nor Version.
func (f *Forge) repoOf(n *node, withCode bool) crawler.Repo {
	r := crawler.Repo{Repository: registry.Repository{
		URL:         f.address(n.FullPath),
		Forge:       crawler.GitLab,
		ForgeID:     n.number(),
		Description: n.Description,
		Topics:      n.Topics,
		Stars:       n.StarCount,
		Forks:       n.ForksCount,
		Fork:        n.IsForked,
		Archived:    n.Archived,
		Created:     n.CreatedAt.Time,
		Pushed:      n.LastActivityAt.Time,
	}}
	if n.Repository != nil {
		r.DefaultBranch = n.Repository.RootRef
	}
	crawler.TidyRepository(&r.Repository)
	if !withCode {
		return r
	}
	came := &native{} // nobody else has it yet
	switch code := n.Repository; {
	case code == nil:
		r.State = crawler.Blocked
	case code.RootRef == "" || code.Tree == nil:
		r.State = crawler.Empty
	default:
		came.take(code)
	}
	r.Native = came
	if r.State != crawler.Readable || came.commit != "" {
		// The date moves with all that is shown beside the files.
		r.Version = strings.TrimSpace(fmt.Sprintf("%s %s %s %d", r.State, r.DefaultBranch, came.commit, n.UpdatedAt.UnixMilli()))
	}
	return r
}

// projectPath reports whether a path can be that of a project.
func projectPath(path string) bool { return fs.ValidPath(path) && strings.Contains(path, "/") }

// take keeps what came of a repository. A file counts only with its own hash:
// GitLab recodes what is not in UTF-8, and gives no text of what is binary.
func (n *native) take(code *repository) {
	if last := code.Tree.LastCommit; last != nil && crawler.IsHash(last.SHA) {
		n.commit, n.newest = last.SHA, last.CommittedDate.Time
	}
	if root, ok := code.Tree.folder(); ok {
		n.folders = map[string]folder{".": root}
	}
	if code.Blobs == nil {
		return
	}
	n.files = map[string]*[]byte{"publiccode.yml": nil, "publiccode.yaml": nil, adoption.FileName: nil, adoption.NeedsFileName: nil}
	for b := range code.Blobs.all {
		delete(n.files, b.Path)
		if b.RawTextBlob == nil || len(*b.RawTextBlob) > crawler.MaxFileSize {
			continue
		}
		if content := []byte(*b.RawTextBlob); crawler.BlobHash(content) == b.OID {
			n.files[b.Path] = &content
		}
	}
}

// folder is what lies in the folder, where that was asked for.
func (t *treeNode) folder() (folder, bool) {
	if t == nil || t.Blobs == nil || t.Trees == nil {
		return folder{}, false
	}
	out := folder{cut: t.Blobs.more() || t.Trees.more()}
	for b := range t.Blobs.all {
		out.entries = append(out.entries, crawler.Entry{Name: b.Name})
	}
	for b := range t.Trees.all {
		out.entries = append(out.entries, crawler.Entry{Name: b.Name, Folder: true})
	}
	return out, true
}
