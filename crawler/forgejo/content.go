// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package forgejo

import (
	"strings"
	"sync"

	"code.gitea.io/sdk/gitea"

	"github.com/allmende-registry/allmende/crawler"
)

// content is what has become known of a listed repository. Its description and
// its trees share it, so that nothing is asked for twice.
type content struct {
	has parts

	listing sync.Mutex // held while a folder is listed
	root    *folder    // nil until it is listed
	all     *folder    // everything below the root; nil until it is listed

	mu     sync.Mutex
	commit string // "" until it is known
}

func (c *content) setCommit(hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commit = hash
}

func (c *content) head() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.commit
}

// folder is a list of paths below a folder.
type folder struct {
	entries []entry
	cut     bool // there may be more
}

type entry struct {
	path, hash string
	folder     bool
	size       int64
}

func newFolder(r *gitea.GitTreeResponse) *folder {
	f := &folder{cut: r.Truncated || r.TotalCount > len(r.Entries), entries: make([]entry, 0, len(r.Entries))}
	for _, e := range r.Entries {
		f.entries = append(f.entries, entry{e.Path, e.SHA, e.Type == "tree", max(e.Size, 0)})
	}
	return f
}

func (f *folder) find(path string) (entry, bool) {
	for _, e := range f.entries {
		if e.path == path {
			return e, true
		}
	}
	return entry{}, false
}

// below lists a folder among the paths, "" being all of it. whole is false where
// the paths are cut before its end.
func (f *folder) below(name string) (list []crawler.Entry, whole bool) {
	prefix, met, last := "", name == "", ""
	if name != "" {
		prefix = name + "/"
	}
	folders := make(map[string]bool)
	for _, e := range f.entries {
		last = e.path
		inside, ok := strings.CutPrefix(e.path, prefix)
		met = met || ok || e.path == name
		first, _, deeper := strings.Cut(inside, "/")
		isFolder := deeper || e.folder
		if !ok || folders[first] {
			continue
		}
		folders[first] = isFolder
		list = append(list, crawler.Entry{Name: first, Folder: isFolder, Size: e.size})
	}
	return list, !f.cut || met && name != "" && last != name && !strings.HasPrefix(last, prefix)
}
