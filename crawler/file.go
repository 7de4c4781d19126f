// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package crawler

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// NewFile is an opened file of a Tree that was read whole: what adapters return
// from Open.
func NewFile(name string, content []byte) fs.File {
	return &file{Reader: *bytes.NewReader(content), name: path.Base(name)}
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
