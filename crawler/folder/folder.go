// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

// Package folder reads repositories that lie in a folder of this machine:
// working trees of git, and plain folders with a publiccode.yml.
//
// The files are those that lie there, also where they are not committed; the
// commit is that of HEAD, which is read from .git by hand: no program is run
// and none of its configuration is obeyed. What is in .git is no file of a
// repository, and a symbolic link is a file that holds its target, as in git:
// no link leads out of a repository or into its .git.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/allmende-registry/allmende/crawler"
	"github.com/allmende-registry/allmende/registry"
)

// Options change how a Forge works.
type Options struct {
	// Base is the web address below which repositories are known that name no
	// origin: their path below the folder is put behind it. nil leaves them
	// without one: they are listed as file:///PATH with an Err.
	Base *url.URL
}

// Forge is a folder. It is safe for concurrent use and keeps nothing open.
type Forge struct {
	root string
	base *url.URL
}

var _ crawler.Forge = (*Forge)(nil)

// New makes the Forge of the repositories in a folder.
func New(root string, opt Options) (*Forge, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	}
	info, err := os.Stat(root)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", registry.ErrInvalid, err)
	case !info.IsDir():
		return nil, fmt.Errorf("%w: %s is no folder", registry.ErrInvalid, root)
	}
	return &Forge{root: root, base: opt.Base}, nil
}

// Describe implements crawler.Forge. A folder tells nothing beyond its files.
func (f *Forge) Describe(ctx context.Context, repos []crawler.Repo) ([]crawler.Description, error) {
	out := make([]crawler.Description, len(repos))
	for i, r := range repos {
		out[i].Repo = r
	}
	return out, ctx.Err()
}

// Files implements crawler.Forge.
func (f *Forge) Files(ctx context.Context, r crawler.Repo) (crawler.Tree, error) {
	at, ok := r.Native.(*place)
	if !ok {
		return nil, fmt.Errorf("%w: %s was not listed by this folder", registry.ErrInvalid, r.URL)
	}
	return &tree{forge: f, ctx: ctx, place: at}, ctx.Err()
}

// place is where a repository lies: a path below the root, "." being that.
type place struct{ path string }

// errNoAddress is a repository that nothing tells the web address of.
var errNoAddress = fmt.Errorf("%w: the repository has no remote called origin with a web address, so that nobody knows where it is published: add one, or name the address of the whole folder as web under forges", registry.ErrInvalid)

// address is where a repository without an origin is known.
func (f *Forge) address(at string) string {
	if f.base != nil {
		if at == "." {
			return f.base.String()
		}
		var segments []string
		for s := range strings.SplitSeq(at, "/") {
			segments = append(segments, url.PathEscape(s))
		}
		return f.base.JoinPath(segments...).String()
	}
	p := path.Join("/", filepath.ToSlash(f.root), at)
	return (&url.URL{Scheme: "file", Path: p}).String()
}

// opened runs a function with a folder below the root, which it cannot leave.
// No part of the folder's path may be a symbolic link.
func (f *Forge) opened(at string, do func(*os.Root) error) error {
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return translate(err)
	}
	defer root.Close()
	if at == "." {
		return translate(do(root))
	}
	if err := plain(root, at); err != nil {
		return translate(err)
	}
	below, err := root.OpenRoot(at)
	if err != nil {
		return translate(err)
	}
	defer below.Close()
	return translate(do(below))
}

// plain is an error where a path is no folder, or a part of it is a symbolic
// link.
func plain(root *os.Root, at string) error {
	for i := range len(at) + 1 {
		if i < len(at) && at[i] != '/' {
			continue
		}
		info, err := root.Lstat(at[:i])
		switch {
		case err != nil:
			return err
		case !info.IsDir():
			return fmt.Errorf("%s is no folder: %w", at[:i], fs.ErrNotExist)
		}
	}
	return nil
}

// translate gives errors of the system the project's meaning as well.
func translate(err error) error {
	if errors.Is(err, fs.ErrPermission) && !errors.Is(err, registry.ErrForbidden) {
		return fmt.Errorf("%w: %w", registry.ErrForbidden, err)
	}
	return err
}
