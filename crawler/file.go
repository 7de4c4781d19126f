// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"time"
)

// OpenFile opens a file of a Tree by reading it whole: what adapters answer Open
// with. A name that is no path of a file is fs.ErrInvalid and is not asked for.
func OpenFile(name string, read func(name string) ([]byte, error)) (fs.File, error) {
	fail := func(err error) (fs.File, error) { return nil, &fs.PathError{Op: "open", Path: name, Err: err} }
	// fs.ValidPath lets NUL pass.
	if !fs.ValidPath(name) || name == "." || strings.ContainsRune(name, 0) {
		return fail(fs.ErrInvalid)
	}
	content, err := read(name)
	if err != nil {
		return fail(err)
	}
	return &file{Reader: *bytes.NewReader(content), name: path.Base(name)}, nil
}

// file is its own fs.FileInfo; its Size is that of the Reader.
type file struct {
	bytes.Reader
	name string
}

func (f *file) Stat() (fs.FileInfo, error) { return f, nil }
func (f *file) Close() error               { return nil }
func (f *file) Name() string               { return f.name }
func (f *file) Mode() fs.FileMode          { return 0o444 }
func (f *file) ModTime() time.Time         { return time.Time{} }
func (f *file) IsDir() bool                { return false }
func (f *file) Sys() any                   { return nil }
