// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Entry is what a folder of a Tree has: a file or another folder.
type Entry struct {
	Name   string
	Folder bool
	Size   int64 // of a file, in bytes; 0 where the forge does not tell
}

// ReadDir lists a folder of a Tree: what adapters answer ReadDir with. A name
// that is no path of a folder is fs.ErrInvalid and is not asked for. Entries
// that are no names are left out, and those after MaxDirEntries.
func ReadDir(name string, list func(name string) ([]Entry, error)) ([]fs.DirEntry, error) {
	fail := func(err error) ([]fs.DirEntry, error) { return nil, &fs.PathError{Op: "readdir", Path: name, Err: err} }
	if !fs.ValidPath(name) || strings.ContainsRune(name, 0) {
		return fail(fs.ErrInvalid)
	}
	entries, err := list(name)
	if err != nil {
		return fail(err)
	}
	entries = slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool {
		return !fs.ValidPath(e.Name) || e.Name == "." || strings.ContainsAny(e.Name, "/\x00")
	})
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	out := make([]fs.DirEntry, 0, min(len(entries), MaxDirEntries))
	for _, e := range entries[:min(len(entries), MaxDirEntries)] {
		out = append(out, fs.FileInfoToDirEntry(entryInfo{e}))
	}
	return out, nil
}

// entryInfo is what is known of an entry.
type entryInfo struct{ Entry }

func (i entryInfo) Name() string       { return i.Entry.Name }
func (i entryInfo) Size() int64        { return i.Entry.Size }
func (i entryInfo) ModTime() time.Time { return time.Time{} }
func (i entryInfo) IsDir() bool        { return i.Folder }
func (i entryInfo) Sys() any           { return nil }

func (i entryInfo) Mode() fs.FileMode {
	if i.Folder {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
