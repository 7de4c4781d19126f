// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package draft

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// The bounds of what is looked at: a repository may be anyone's.
const (
	maxFileSize = 256 << 10 // bytes read of one file
	maxFiles    = 60        // files read
	maxEntries  = 20_000    // names looked at
	maxDepth    = 6         // folders below the root
)

// skipped are folders whose content is not the software's own.
var skipped = []string{"node_modules", "vendor", "third_party", "dist", "build", "target", "bower_components", "venv", "testdata", "test", "tests", "examples"}

// repository gives bounded access to the files.
type repository struct {
	files fs.FS
	names []string // of regular files, by path, those near the root first
	reads int
}

func openRepository(files fs.FS) *repository {
	r := &repository{files: files}
	seen := 0
	for level, folders := 0, []string{"."}; level < maxDepth && len(folders) > 0; level++ {
		var next []string
		for _, folder := range folders {
			for _, e := range entries(files, folder, maxEntries-seen) {
				seen++
				name := path.Join(folder, e.Name())
				switch {
				case !fs.ValidPath(name):
				case e.IsDir():
					if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(skipped, strings.ToLower(e.Name())) {
						next = append(next, name)
					}
				case e.Type().IsRegular(), e.Type()&fs.ModeSymlink != 0:
					r.names = append(r.names, name)
				}
			}
		}
		folders = next
	}
	return r
}

// entries reads at most limit entries of a folder, in the order of their names.
func entries(files fs.FS, folder string, limit int) []fs.DirEntry {
	if limit <= 0 {
		return nil
	}
	f, err := files.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	d, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	// What could be read before an error is as good as without one.
	list, _ := d.ReadDir(limit)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// has reports whether one of the files is there; * stands for any part of a name
// within its folder.
func (r *repository) has(patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return r.first(p) != "" })
}

// first finds the first file that a pattern names, "" where there is none.
func (r *repository) first(pattern string) string {
	if i := slices.IndexFunc(r.names, matching(pattern)); i >= 0 {
		return r.names[i]
	}
	return ""
}

// all finds all files that a pattern names.
func (r *repository) all(pattern string) []string {
	var out []string
	match := matching(pattern)
	for _, name := range r.names {
		if match(name) {
			out = append(out, name)
		}
	}
	return out
}

func matching(pattern string) func(string) bool {
	return func(name string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	}
}

// read returns the beginning of a file; nil where it is no regular file or
// cannot be read. To ask what it is before opening it keeps a pipe from blocking.
func (r *repository) read(name string) []byte {
	if r.reads >= maxFiles {
		return nil
	}
	if info, err := fs.Stat(r.files, name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	r.reads++
	f, err := r.files.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFileSize))
	if err != nil {
		return nil
	}
	return src
}

// whole returns a file that makes sense only as a whole; nil where it is larger
// than what is read of one.
func (r *repository) whole(name string) []byte {
	if src := r.read(name); len(src) < maxFileSize {
		return src
	}
	return nil
}
