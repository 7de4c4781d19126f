// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package folder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// tree is the root of a repository.
type tree struct {
	forge *Forge
	ctx   context.Context
	place *place
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) {
	return crawler.OpenFile(name, func(name string) (content []byte, err error) {
		err = t.opened(name, func(root *os.Root) error {
			content, err = read(root, name, crawler.MaxFileSize)
			return err
		})
		return content, err
	})
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	return crawler.ReadDir(name, func(name string) (out []crawler.Entry, err error) {
		at := path.Join(t.place.path, name)
		err = t.opened(name, func(*os.Root) error {
			return t.forge.opened(at, func(root *os.Root) error {
				entries, err := list(root)
				for _, e := range entries {
					folder, file := e.IsDir(), e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0
					if hidden(e.Name()) || !folder && !file {
						continue
					}
					entry := crawler.Entry{Name: e.Name(), Folder: folder}
					if info, err := e.Info(); err == nil && file {
						entry.Size = info.Size()
					}
					out = append(out, entry)
				}
				return err
			})
		})
		return out, err
	})
}

// Commit implements crawler.Tree. Where there is no git, or HEAD cannot be
// followed, the error is errors.ErrUnsupported.
func (t *tree) Commit() (commit string, err error) {
	err = t.opened(".", func(root *os.Root) error {
		if commit = readHead(root).commit; commit == "" {
			return fmt.Errorf("%w: %s is at no commit of git that can be told", errors.ErrUnsupported, path.Join(t.forge.root, t.place.path))
		}
		return nil
	})
	return commit, err
}

// opened runs a function with the repository's root for a path in it.
func (t *tree) opened(name string, do func(*os.Root) error) error {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	for s := range strings.SplitSeq(name, "/") {
		if hidden(s) {
			return fs.ErrNotExist
		}
	}
	return t.forge.opened(t.place.path, do)
}

// hidden reports whether a name is that of git's own folder, also where the file
// system does not care for case.
func hidden(name string) bool { return strings.EqualFold(name, gitFolder) }

// read reads a file; a symbolic link's content is its target. Pipes and devices
// are not opened.
func read(root *os.Root, name string, limit int64) ([]byte, error) {
	if dir := path.Dir(name); dir != "." {
		if err := plain(root, dir); err != nil {
			return nil, err
		}
	}
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG):
		return nil, fs.ErrNotExist
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := root.Readlink(name)
		return []byte(target), err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file: %w", name, fs.ErrNotExist)
	}
	// Not waiting keeps a pipe that took the file's place meanwhile from
	// holding everything up.
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file: %w", name, fs.ErrNotExist)
	}
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("%w: over %d bytes", registry.ErrTooLarge, limit)
	}
	return content, err
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// The bounds of what makes up a version: files in the root and in the folders
// there.
const (
	versionDepth   = 2
	versionEntries = 5000
)

// version differs where HEAD does, or the size or time of a file in the root or
// in a folder there. A repository with too many of them has none.
func version(root *os.Root, h head) string {
	d := sha256.New()
	fmt.Fprintf(d, "%q %q\n", h.branch, h.commit)
	count := 0
	err := fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if count++; count > versionEntries {
			return registry.ErrTooLarge
		}
		if e.IsDir() {
			if hidden(e.Name()) || strings.Count(name, "/")+1 >= versionDepth && name != "." {
				return fs.SkipDir
			}
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(d, "%q %d %d %o\n", name, info.Size(), info.ModTime().UnixNano(), info.Mode())
		return nil
	})
	if err != nil {
		return ""
	}
	return hex.EncodeToString(d.Sum(nil)[:16])
}
